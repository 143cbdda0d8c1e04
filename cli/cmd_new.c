/* cmd_new: a dossier taken in, as the screen would do it. What is missing, or cannot be filed there, leaves nothing behind; what is saved goes
 * by itself, and until there is a code it is known by a number of our own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/wish.h"
#include "cli/command.h"
#include "cli/place.h"
#include "core/codec.h"
#include "core/entry.h"
#include "core/i18n.h"
#include "core/procedure.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

#define ANSWER_MS   3000
#define CODE_MS     10000        /* the system has it: the citizen waits for its code */
#define LONGEST_AGO (30 * 86400) /* contract, createDossier: received_at */

struct taking {
    struct cli *cli;
    struct seat *seat;
    struct arena arena;
    const struct procedure *procedure;
    struct new_dossier n;
    struct applicant applicant;
    int64_t received_at;

    char key[UUID_TEXT];
    struct command row;
    struct dossier made;  /* as the server has it */
    struct answer answer; /* owns `made`, where it was asked for */
    bool is_made;
};

/* ── what was typed ────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_phone(struct taking *t, struct err *e)
{
    const char *typed = t->cli->options.value[OPTION_PHONE];
    char phone[ENTRY_PHONE];

    if (!typed)
        return true;
    if (!entry_phone(typed, phone))
        return command_bad_value(OPTION_PHONE, _("a phone number in Vietnam, as 0912345678."), e);
    t->applicant.phone = arena_copy(&t->arena, phone);
    return true;
}

static bool read_time(struct taking *t, struct err *e)
{
    const char *typed = t->cli->options.value[OPTION_RECEIVED_AT];
    int64_t now = net_now(t->seat->net);

    t->received_at = now;
    if (!typed)
        return true;
    if (!instant_parse(typed, &t->received_at))
        return command_bad_value(OPTION_RECEIVED_AT, _("a time with its zone, as 2022-12-29T16:30:00+07:00."), e);
    return (t->received_at <= now && t->received_at >= now - LONGEST_AGO) ||
           command_bad_value(OPTION_RECEIVED_AT, _("it lies ahead, or more than 30 days back."), e);
}

static bool read_channel(struct taking *t, struct err *e)
{
    static const char *const channels[] = {"counter", "online", "post"};
    const char *typed = t->cli->options.value[OPTION_CHANNEL];

    t->n.channel = channels[0];
    for (size_t i = 0; typed && i < sizeof channels / sizeof *channels; i++)
        if (strcmp(typed, channels[i]) == 0) {
            t->n.channel = channels[i];
            return true;
        }
    return !typed || command_bad_value(OPTION_CHANNEL, _("counter, online or post."), e);
}

static bool is_complete(const struct taking *t, struct err *e)
{
    const char *const *value = t->cli->options.value;

    return (value[OPTION_PROCEDURE] && value[OPTION_NAME]) ||
           err_set(e, ERR_USAGE, _("A dossier needs at least %s and %s. Nothing was saved or sent."),
                   option_name(OPTION_PROCEDURE), option_name(OPTION_NAME));
}

static bool read_request(struct taking *t, struct err *e)
{
    const struct officer *me = cache_officer(t->seat->cache, t->seat->officer);

    codec_absent(&shape_new_dossier, &t->n);
    codec_absent(&shape_applicant, &t->applicant);
    t->applicant.kind = "person";
    t->n.applicant = &t->applicant;
    t->n.unit = me ? me->unit : NULL;
    return command_text(t->cli, OPTION_NAME, &t->arena, &t->applicant.name, e) &&
           command_text(t->cli, OPTION_ID_NUMBER, &t->arena, &t->applicant.id_number, e) &&
           command_text(t->cli, OPTION_ADDRESS, &t->arena, &t->applicant.address, e) &&
           command_text(t->cli, OPTION_UNIT, &t->arena, &t->n.unit, e) && read_phone(t, e) &&
           read_channel(t, e) && read_time(t, e);
}

/* ── whether it can be done ────────────────────────────────────────────────────────────────────────────────────────── */

/* By its id, or by the code of one that is in force: an older version may have the same code. */
static bool find_procedure(struct taking *t, struct err *e)
{
    const char *wanted = t->cli->options.value[OPTION_PROCEDURE];
    const struct procedure *const *all;
    size_t n = cache_procedures(t->seat->cache, &all);
    int32_t day = instant_day(t->received_at, WISH_OFFSET);

    for (size_t i = 0; i < n; i++) {
        bool named = strcmp(all[i]->id, wanted) == 0 || strcmp(all[i]->code, wanted) == 0;
        if (named && (!t->procedure || procedure_is_filed(all[i], t->n.unit, day)))
            t->procedure = all[i];
    }
    const char *shown = text_cut(&t->arena, text_shown(&t->arena, wanted), 60);
    if (!t->procedure)
        return err_set(e, ERR_NOT_FOUND,
                       _("There is no procedure “%s” on this machine. See motcua procedures."), shown);
    t->n.procedure = t->procedure->id;
    return procedure_is_filed(t->procedure, t->n.unit, day) ||
           err_set(e, ERR_REFUSED,
                   _("The procedure “%s” cannot be filed there on that day. Nothing was saved or sent."), shown);
}

static bool may_take_in(struct taking *t, struct err *e)
{
    const struct officer *me = cache_officer(t->seat->cache, t->seat->officer);

    if (!me || !t->n.unit)
        return err_set(e, ERR_NOT_FOUND, "%s",
                       _("Nothing is known here of your unit yet. Run motcua sync --once."));
    return (officer_roles(me) & ROLE_BIT(ROLE_COUNTER)) != 0 ||
           err_set(e, ERR_REFUSED, "%s",
                   _("Dossiers are taken in by counter officers. Nothing was saved or sent."));
}

/* ── doing it ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool save(struct taking *t, struct err *e)
{
    struct seat *s = t->seat;
    char *workstation = place_workstation();
    int64_t now = net_now(s->net);
    bool ok =
        wish_client_ref(s->outbox, workstation, s->officer, now, WISH_OFFSET, &t->arena, &t->n.client_ref, e);

    t->n.received_at = t->received_at; /* it may go much later */
    ok = ok && wish_create(s->outbox, &t->n, NULL, now, t->key, e);
    mem_free(&workstation);
    return ok;
}

/* The code stands in the dossier, which the feed brings or the server tells. */
static void find_made(struct taking *t)
{
    struct seat *s = t->seat;
    int64_t until = seat_mono(s) + CODE_MS;
    struct ask ask = {.id = 1, .kind = ASK_DOSSIER, .dossier = mem_copy(t->row.target)};

    t->is_made = cache_dossier(s->cache, t->row.target, &t->arena, &t->made, NULL, NULL);
    if (t->is_made) {
        ask_clear(&ask);
        return;
    }
    net_ask(s->net, &ask);
    while (seat_mono(s) < until) {
        seat_turn(s, until, -1);
        if (!net_answer(s->net, &t->answer))
            continue;
        t->is_made = t->answer.err.code == ERR_NONE;
        t->made = t->answer.dossier;
        return;
    }
}

static int64_t due_at(struct taking *t)
{
    const struct calendar *calendar = cache_calendar(t->seat->cache, t->n.unit);

    return t->is_made ? t->made.due_at : calendar_due(calendar, t->received_at, &t->procedure->time_limit);
}

static void print_result(struct taking *t)
{
    int64_t due = due_at(t);
    char text[INSTANT_TEXT] = "";
    json_t *object = command_json(t->seat, &t->row);

    if (due != INSTANT_NONE)
        instant_format(due, WISH_OFFSET, text);
    json_object_set_new(object, "due_at", *text ? json_string(text) : json_null());
    json_object_set_new(object, "code", t->is_made ? json_string(t->made.code) : json_null());
    json_object_set_new(object, "client_ref", json_string(t->n.client_ref));
    print_object(object);
}

static void say_result(struct taking *t)
{
    int64_t due = due_at(t);

    if (!t->is_made)
        printf(_("There is no code yet. Until then its number is %s.\n"), t->n.client_ref);
    if (due == INSTANT_NONE)
        puts(_("When it is due cannot be computed here; the system says it."));
    else
        printf(t->is_made ? _("Due: %s.\n") : _("Will be due about %s (computed here, not official).\n"),
               word_when(&t->arena, due, WISH_OFFSET));
}

static bool tell(struct taking *t, struct err *e)
{
    bool alive = t->row.state == COMMAND_DUE || t->row.state == COMMAND_SENDING || t->row.state == COMMAND_DONE;

    if (t->row.state == COMMAND_DONE)
        find_made(t);
    if (t->is_made)
        t->row.code = t->made.code;
    if (alive && t->cli->json) {
        print_result(t);
        return true;
    }
    if (!command_outcome(t->cli, t->seat, &t->row, e))
        return false;
    say_result(t);
    return true;
}

bool cmd_new(struct cli *cli, struct err *e)
{
    struct taking t = {.cli = cli};
    bool ok = is_complete(&t, e) && command_officer(cli, false, &t.seat, e) && read_request(&t, e) &&
              may_take_in(&t, e) && find_procedure(&t, e) && save(&t, e) &&
              command_wait(t.seat, t.key, ANSWER_MS, false, &t.arena, &t.row, e) && tell(&t, e);

    answer_clear(&t.answer);
    arena_clear(&t.arena);
    seat_free(&t.seat);
    return ok;
}
