/* sign: see sign.h. Asks stand in line; one is at the signer at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign.h"

#include "cli/place.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/text.h"
#include "desk/client.h"

#include <stdlib.h>
#include <string.h>

#define DEADLINE_MS 30000 /* screens.md, signer-late */

struct waiting {
    struct waiting *next;
    struct ask ask;
    char *officer;
    bool training;
};
struct answered {
    struct answered *next;
    struct answer answer;
};
struct signing {
    struct desk *desk;
    struct signer *training; /* NULL: no keys are configured */
    struct waiting *line;    /* the first is at the signer if `busy` */
    bool busy;
    struct answered *answers;
};

struct signing *signing_new(const char *training_keys, struct env *env)
{
    struct signing *s = mem_alloc(sizeof *s);
    char *program = place_program("motcua-desk");

    s->desk = desk_new(program, env);
    if (training_keys)
        s->training = desk_training_signer(s->desk, training_keys);
    mem_free(&program);
    return s;
}

static void drop_first(struct signing *s)
{
    struct waiting *first = s->line;

    s->line = first->next;
    s->busy = false;
    ask_clear(&first->ask);
    free(first->officer);
    free(first);
}

bool signing_answer(struct signing *s, struct answer *out)
{
    struct answered *first = s->answers;

    if (!first)
        return false;
    s->answers = first->next;
    *out = first->answer;
    free(first);
    return true;
}

void signing_free(struct signing **signing)
{
    struct signing *s = *signing;
    struct answer answer;

    if (!s)
        return;
    if (s->training)
        s->training->free(s->training);
    while (s->line)
        drop_first(s);
    while (signing_answer(s, &answer))
        answer_clear(&answer);
    desk_free(&s->desk);
    free(s);
    *signing = NULL;
}

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void put_answer(struct signing *s, const struct signer_result *result)
{
    struct answered *a = mem_alloc(sizeof *a), **at = &s->answers;
    const struct ask *ask = &s->line->ask;

    a->answer = (struct answer){.id = ask->id, .kind = ask->kind, .final = true, .err = result->err};
    if (result->err.code == ERR_NONE && ask->kind == ASK_SIGN)
        a->answer.cms = arena_copy(&a->answer.arena, result->cms);
    if (result->err.code == ERR_NONE && ask->kind == ASK_SIGNER) {
        a->answer.signer_name = arena_format(&a->answer.arena, _("training software, %s"),
                                             text_shown(&a->answer.arena, result->certificate.name));
        a->answer.signer_until = result->certificate.until;
    }
    while (*at)
        at = &(*at)->next;
    *at = a;
    drop_first(s);
}

static void begin_next(struct signing *s);

static void done(void *context, const struct signer_result *result)
{
    struct signing *s = context;

    put_answer(s, result);
    begin_next(s);
}

static void refuse(struct signing *s, const char *sentence)
{
    struct signer_result result = {0};

    err_set(&result.err, ERR_SIGNER, "%s", sentence);
    put_answer(s, &result);
}

static void begin_next(struct signing *s)
{
    while (s->line && !s->busy) {
        const struct waiting *w = s->line;
        if (!w->training) {
            refuse(s,
                   _("This version signs with training keys only, and this server is no training server. Nothing was signed."));
        } else if (!s->training) {
            refuse(s, _("No training keys are configured (training_keys = DIRECTORY). Nothing was signed."));
        } else {
            struct signer_who who = {.officer = w->officer};
            s->busy = true;
            if (w->ask.kind == ASK_SIGN)
                s->training->sign(s->training, &who, w->ask.bytes, w->ask.n, NULL, 0, DEADLINE_MS, done, s);
            else
                s->training->describe(s->training, &who, DEADLINE_MS, done, s);
            return; /* `done` goes on, now or later */
        }
    }
}

void signing_ask(struct signing *s, struct ask *ask, const char *officer, bool training)
{
    struct waiting *w = mem_alloc(sizeof *w), **at = &s->line;

    w->ask = *ask;
    *ask = (struct ask){.id = ask->id, .kind = ask->kind};
    w->officer = mem_copy(officer);
    w->training = training;
    while (*at)
        at = &(*at)->next;
    *at = w;
    begin_next(s);
}

void signing_cancel(struct signing *s, uint64_t ask)
{
    for (struct waiting **at = &s->line; *at; at = &(*at)->next) {
        struct waiting *w = *at;
        if (w->ask.id != ask)
            continue;
        if (w == s->line) {
            if (s->busy)
                s->training->cancel(s->training);
            drop_first(s);
            begin_next(s);
            return;
        }
        *at = w->next;
        ask_clear(&w->ask);
        free(w->officer);
        free(w);
        return;
    }
}

/* ── the loop's wait ────────────────────────────────────────────────────────────────────────────────────────────────── */

int signing_fd(const struct signing *s)
{
    return desk_fd(s->desk);
}

void signing_step(struct signing *s, bool readable)
{
    if (readable)
        desk_read(s->desk);
    desk_tick(s->desk);
}

int64_t signing_wake(const struct signing *s)
{
    return desk_wake(s->desk);
}
