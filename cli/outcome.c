/* outcome: what became of a wish, said so that a script and a person cannot take "queued" for "done".
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

const char *command_state_name(enum command_state state)
{
    static const char *const names[] = {
        [COMMAND_HELD] = "HELD",           [COMMAND_DUE] = "DUE",           [COMMAND_SENDING] = "SENDING",
        [COMMAND_DONE] = "DONE",           [COMMAND_CONFLICT] = "CONFLICT", [COMMAND_REFUSED] = "REFUSED",
        [COMMAND_RECONCILE] = "RECONCILE", [COMMAND_DROPPED] = "DROPPED",
    };
    return names[state];
}

/* When it may go at the earliest, as an instant; null: now, or after something that has no time. */
static json_t *not_before(struct seat *s, const struct command *c)
{
    int64_t wait = c->not_before - seat_mono(s);
    char text[INSTANT_TEXT];

    if (c->state != COMMAND_DUE || c->not_before == OUTBOX_UNTIL_SIGN_IN || wait <= 0)
        return json_null();
    instant_format(net_now(s->net) + wait / 1000, 7 * 3600, text);
    return json_string(text);
}

static json_t *document(const char *text, size_t n)
{
    json_t *json = text ? codec_parse(text, n, NULL) : NULL;

    return json ? json : text ? json_stringn(text, n) : json_null();
}

json_t *command_json(struct seat *s, const struct command *c)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:b, s:s, s:s, s:o, s:o}", "key", c->key, "actor",
                     c->actor, "target", c->target, "action", c->action, "state",
                     command_state_name(c->state), "attempts", c->attempts, "not_before", not_before(s, c),
                     "may_have_arrived", c->may_have_arrived, "method", c->method, "path", c->path, "body",
                     document(c->body, c->body_len), "problem",
                     document(c->problem, c->problem ? strlen(c->problem) : 0));
}

/* ── in words ────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct telling {
    struct seat *seat;
    const struct command *c;
    struct arena arena;
    const char *what, *code;
    struct problem problem; /* title NULL: none */
};

static void begin(struct telling *t)
{
    const struct command *c = t->c;

    t->what = text_shown(&t->arena, word_action(c->action).label);
    t->code = text_shown(&t->arena, c->code ? c->code : c->target);
    if (c->problem &&
        !codec_read(&shape_problem, c->problem, strlen(c->problem), &t->arena, &t->problem, NULL, NULL))
        t->problem = (struct problem){0};
}

static bool conflict(struct telling *t, struct err *e)
{
    const struct problem *p = &t->problem;
    int32_t offset = 0;

    if (!p->title || !p->changed_by || p->changed_at == INSTANT_NONE)
        return err_set(e, ERR_CONFLICT, _("Conflict: %s dossier %s was not done, since it has changed. %s"),
                       t->what, t->code, p->title ? text_shown(&t->arena, p->title) : "");
    zone_offset("Asia/Ho_Chi_Minh", &offset);
    return err_set(e, ERR_CONFLICT,
                   _("Conflict: %s changed dossier %s at %s. The system has not taken “%s”. See motcua outbox."),
                   text_shown(&t->arena, cache_officer_name(t->seat->cache, p->changed_by)), t->code,
                   word_when(&t->arena, p->changed_at, offset), t->what);
}

static bool refused(struct telling *t, struct err *e)
{
    const struct problem *p = &t->problem;
    const char *why = p->detail ? p->detail : p->title ? p->title : "";

    return err_set(e, ERR_REFUSED, _("The system refuses “%s” on dossier %s: %s. See motcua outbox."),
                   t->what, t->code, text_shown(&t->arena, why));
}

static void say(struct telling *t)
{
    const struct command *c = t->c;
    int32_t offset = 0;

    zone_offset("Asia/Ho_Chi_Minh", &offset);
    if (c->state == COMMAND_DONE)
        printf(_("Sent, the system took it at %s: %s %s.\n"),
               word_clock(&t->arena, c->ended_at == INSTANT_NONE ? net_now(t->seat->net) : c->ended_at, offset),
               t->what, t->code);
    else if (c->state == COMMAND_SENDING || c->may_have_arrived)
        printf(_("Queued, result unknown: %s %s was sent, but no answer came. The same is sent again by itself; "
                 "do not do it again elsewhere.\n"),
               t->what, t->code);
    else
        printf(_("Queued on this machine: %s %s. Not sent; goes by itself when the line is there.\n"),
               t->what, t->code);
}

bool command_outcome(struct cli *cli, struct seat *s, const struct command *c, struct err *e)
{
    struct telling t = {.seat = s, .c = c};
    bool ok = true;

    begin(&t);
    switch (c->state) {
    case COMMAND_CONFLICT:
        ok = conflict(&t, e);
        break;
    case COMMAND_REFUSED:
        ok = refused(&t, e);
        break;
    case COMMAND_RECONCILE:
        ok = err_set(e, ERR_REFUSED,
                     _("%s %s is older than 40 days and its result is unknown. Look at the dossier on the screen, then "
                       "send it again or drop it."),
                     t.what, t.code);
        break;
    case COMMAND_DROPPED:
        ok = err_set(e, ERR_NOT_FOUND, _("%s %s was dropped."), t.what, t.code);
        break;
    case COMMAND_HELD:
    case COMMAND_DUE:
    case COMMAND_SENDING:
    case COMMAND_DONE:
        if (cli->json)
            print_object(command_json(s, c));
        else
            say(&t);
        break;
    }
    if (!ok && c->problem) {
        mem_free(&cli->problem);
        cli->problem = mem_copy(c->problem);
    }
    arena_clear(&t.arena);
    return ok;
}
