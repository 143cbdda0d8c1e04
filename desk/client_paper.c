/* client_paper: what the helper is asked about paper: which printers there are, to print, to save.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "desk/client_internal.h"

static void tell(const struct desk_job *job, const struct desk_paper_result *result)
{
    job->paper_done(job->context, result);
}

static void failed(const struct desk_job *job, const struct err *why)
{
    tell(job, &(struct desk_paper_result){.err = *why});
}

static bool is_sound(const struct desk_job *job, const json_t *answer)
{
    const json_t *printers = json_object_get(answer, "printers"), *name, *path = json_object_get(answer, "path");
    size_t i;

    json_array_foreach(printers, i, name) if (!json_is_string(name)) return false;
    return (!printers || json_is_array(printers)) && (!path || json_is_string(path));
}

static void answered(const struct desk_job *job, const json_t *answer)
{
    tell(job, &(struct desk_paper_result){.printers = json_object_get(answer, "printers"),
                                          .path = json_string_value(json_object_get(answer, "path"))});
}

static const char *const sentences[DESK_TROUBLES] = {
    [DESK_NOT_STARTED] = N_("The helper motcua-desk cannot be started. Nothing was printed."),
    [DESK_NOT_INSTALLED] = N_("The helper motcua-desk is not installed beside motcua. Nothing was printed."),
    [DESK_ODD] = N_(
        "The helper motcua-desk does not answer as it should. Look whether it was printed. Reinstall motcua."),
    [DESK_ENDED] =
        N_("The helper motcua-desk ended by itself. Look whether it was printed before you try again."),
    [DESK_LATE] = N_("The printer does not answer in time. Look whether it was printed before you try again."),
    [DESK_BUSY] = N_("Another page is being printed. Wait until it is done."),
};
static const struct desk_kind papers = {ERR_REFUSED, sentences, is_sound, answered, failed};

void desk_paper(struct desk *d, json_t *line, int deadline,
                void (*done)(void *, const struct desk_paper_result *), void *context)
{
    desk_begin(d, &(struct desk_work){.what = "paper", .line = line}, deadline,
               &(struct desk_job){.kind = &papers, .paper_done = done, .context = context});
}
