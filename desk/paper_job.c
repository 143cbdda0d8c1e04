/* paper_job: a job about paper, as the line has it. It refuses half of one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "desk/paper.h"

#include <string.h>

static bool not_understood(struct err *e)
{
    return err_set(e, ERR_DATA, "%s", _("The job is not understood. Nothing was printed."));
}

static const char *text_of(const json_t *job, const char *member)
{
    return json_string_value(json_object_get(job, member));
}

static enum sheet_size size_of(const json_t *job)
{
    const char *size = text_of(job, "size");

    return size && strcmp(size, "A4") == 0 ? SHEET_A4 : SHEET_A5;
}

static bool print(const json_t *job, const struct handout *h, struct err *e)
{
    const char *printer = text_of(job, "printer");
    json_int_t copies = json_integer_value(json_object_get(job, "copies"));
    struct buf pdf = {0};

    if (!printer || copies < 1 || copies > PAPER_COPIES_MOST)
        return not_understood(e);
    bool ok = sheet_make(h, size_of(job), &pdf, e) &&
              paper_print(printer, (int)copies, h->name, size_of(job), &pdf, e);
    buf_wipe(&pdf);
    return ok;
}

static bool save(const json_t *job, const struct handout *h, json_t *answer, struct err *e)
{
    const char *directory = text_of(job, "directory"), *name = text_of(job, "name"), *as = text_of(job, "as");
    struct buf bytes = {0};
    char *path = NULL;

    if (!directory || !name || !as || strchr(name, '/'))
        return not_understood(e);
    bool made = strcmp(as, "csv") == 0 ? handout_csv(h, &bytes) || not_understood(e)
                                       : sheet_make(h, size_of(job), &bytes, e);
    bool ok = made && paper_save(directory, name, &bytes, &path, e);
    if (ok)
        json_object_set_new(answer, "path", json_string(path));
    buf_wipe(&bytes);
    mem_free(&path);
    return ok;
}

bool paper_job(const json_t *job, json_t *answer, struct err *e)
{
    const char *way = text_of(job, "way");
    struct arena arena = {0};
    struct handout h;
    bool ok;

    if (way && strcmp(way, "printers") == 0)
        return json_object_set_new(answer, "printers", paper_printers()) == 0;
    if (!way || (strcmp(way, "print") != 0 && strcmp(way, "save") != 0))
        return not_understood(e);
    ok = (handout_read(json_object_get(job, "handout"), &arena, &h, NULL) || not_understood(e)) &&
         (strcmp(way, "print") == 0 ? print(job, &h, e) : save(job, &h, answer, e));
    arena_clear(&arena);
    return ok;
}
