/* paper: see paper.h. Asks stand in line; one is at the helper at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/paper.h"

#include "cli/place.h"
#include "core/i18n.h"
#include "core/text.h"
#include "desk/client.h"

#include <stdlib.h>
#include <string.h>

#define DEADLINE_MS 30000

struct waiting {
    struct waiting *next;
    struct ask ask;
    bool begun, cancelled;
};
struct answered {
    struct answered *next;
    struct answer answer;
};
struct papers {
    struct desk *desk;
    char *exports;        /* NULL: there is no home */
    struct waiting *line; /* the first is at the helper, where it has begun */
    struct answered *answers;
};

struct papers *papers_new(const struct config *config, struct env *env)
{
    struct papers *p = mem_alloc(sizeof *p);
    char *program = place_program("motcua-desk");

    p->desk = desk_new(program, env);
    p->exports = place_exports(config->exports);
    mem_free(&program);
    return p;
}

static void drop_first(struct papers *p)
{
    struct waiting *first = p->line;

    p->line = first->next;
    ask_clear(&first->ask);
    free(first);
}

bool papers_answer(struct papers *p, struct answer *out)
{
    struct answered *first = p->answers;

    if (!first)
        return false;
    p->answers = first->next;
    *out = first->answer;
    free(first);
    return true;
}

void papers_free(struct papers **papers)
{
    struct papers *p = *papers;
    struct answer answer;

    if (!p)
        return;
    while (p->line)
        drop_first(p);
    while (papers_answer(p, &answer))
        answer_clear(&answer);
    desk_free(&p->desk);
    mem_free(&p->exports);
    free(p);
    *papers = NULL;
}

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* As a person says it: "~/motcua/…". */
static const char *from_home(struct arena *arena, const char *path)
{
    const char *home = getenv("HOME");
    size_t n = home ? strlen(home) : 0;

    return n > 1 && strncmp(path, home, n) == 0 && path[n] == '/' ? arena_format(arena, "~%s", path + n) : path;
}

static void tell(struct answer *a, const struct desk_paper_result *result)
{
    size_t n = json_array_size(result->printers);

    a->err = result->err;
    if (result->path)
        a->path = from_home(&a->arena, text_shown(&a->arena, result->path));
    a->printers.items = arena_alloc(&a->arena, (n + 1) * sizeof *a->printers.items);
    for (a->printers.n = 0; a->printers.n < n; a->printers.n++)
        a->printers.items[a->printers.n] =
            arena_copy(&a->arena, json_string_value(json_array_get(result->printers, a->printers.n)));
}

static void put_answer(struct papers *p, const struct desk_paper_result *result)
{
    struct answered **at = &p->answers, *a;
    const struct ask *ask = &p->line->ask;

    if (!p->line->cancelled) {
        a = mem_alloc(sizeof *a);
        a->answer = (struct answer){.id = ask->id, .kind = ask->kind, .final = true};
        tell(&a->answer, result);
        while (*at)
            at = &(*at)->next;
        *at = a;
    }
    drop_first(p);
}

static void begin_next(struct papers *p);

static void done(void *context, const struct desk_paper_result *result)
{
    struct papers *p = context;

    put_answer(p, result);
    begin_next(p);
}

/* The job's line; NULL: it cannot be done. */
static json_t *line_of(const struct papers *p, const struct ask *ask)
{
    json_t *line = ask->kind == ASK_PRINTERS ? json_object() : json_loadb(ask->bytes, ask->n, 0, NULL);

    json_object_set_new(line, "way",
                        json_string(ask->kind == ASK_PRINTERS ? "printers"
                                    : ask->kind == ASK_PRINT  ? "print"
                                                              : "save"));
    if (ask->kind == ASK_SAVE && p->exports)
        json_object_set_new(line, "directory", json_string(p->exports));
    return line;
}

static void begin_next(struct papers *p)
{
    if (!p->line || p->line->begun)
        return;
    p->line->begun = true;
    desk_paper(p->desk, line_of(p, &p->line->ask), DEADLINE_MS, done, p); /* `done` goes on, now or later */
}

void papers_ask(struct papers *p, struct ask *ask)
{
    struct waiting *w = mem_alloc(sizeof *w), **at = &p->line;

    w->ask = *ask;
    *ask = (struct ask){.id = ask->id, .kind = ask->kind};
    while (*at)
        at = &(*at)->next;
    *at = w;
    begin_next(p);
}

void papers_cancel(struct papers *p, uint64_t ask)
{
    for (struct waiting *w = p->line; w; w = w->next)
        w->cancelled = w->cancelled || w->ask.id == ask;
}

/* ── the loop's wait ────────────────────────────────────────────────────────────────────────────────────────────────── */

int papers_fd(const struct papers *p)
{
    return desk_fd(p->desk);
}

void papers_step(struct papers *p, bool readable)
{
    if (readable)
        desk_read(p->desk);
    desk_tick(p->desk);
}

int64_t papers_wake(const struct papers *p)
{
    return desk_wake(p->desk);
}
