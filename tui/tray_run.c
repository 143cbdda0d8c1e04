/* tray_run: see tray_run.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/tray_run.h"

#include "core/i18n.h"
#include "core/statement.h"
#include "core/words.h"
#include "tui/act_rows.h"
#include "tui/pin_field.h"
#include "tui/sign_note.h"
#include "tui/sign_send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ON_THE_WAY \
    4 /* unanswered at once: as many as net/ sends at a time. More would be signed for nothing if the line goes */

static struct tray_run *run_of(struct app *app)
{
    return app_tray(app)->run;
}

bool tray_run_goes(struct app *app)
{
    const struct tray_run *run = run_of(app);

    return run && run->stage != RUN_OVER;
}

bool tray_run_tells(struct app *app, const char *key)
{
    const struct tray_run *run = run_of(app);

    for (size_t i = 0; run && i < run->n; i++)
        if (run->rows[i].state == RUN_SENT && strcmp(run->rows[i].key, key) == 0)
            return true;
    return false;
}

static bool is_done(const struct run_row *row)
{
    return row->state == RUN_FAILED || row->state == RUN_LEFT || (row->state == RUN_SENT && row->answered);
}

size_t tray_run_done(const struct tray_run *run)
{
    size_t n = 0;

    for (size_t i = 0; i < run->n; i++)
        n += is_done(&run->rows[i]);
    return n;
}

int tray_run_seconds(const struct tray_run *run, int64_t mono)
{
    int64_t done = (int64_t)tray_run_done(run), left = (int64_t)run->n - done;

    return run->stage != RUN_GOES || done == 0 ? 0 : (int)(((mono - run->began) * left / done + 999) / 1000);
}

static size_t count(const struct tray_run *run, enum run_state state)
{
    size_t n = 0;

    for (size_t i = 0; i < run->n; i++)
        n += run->rows[i].state == state;
    return n;
}

void tray_run_free(struct tray_run **at)
{
    struct tray_run *run = *at;

    if (!run)
        return;
    for (size_t i = 0; i < run->n; i++) {
        struct run_row *row = &run->rows[i];
        tray_row_clear(&row->kept);
        free(row->id);
        free(row->code);
        mem_wipe(row->name, strlen(row->name)); /* somebody's */
        free(row->name);
        free(row->why);
    }
    free(run->rows);
    free(run);
    *at = NULL;
}

/* ── one row ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void fail(struct run_row *row, const char *why)
{
    row->state = RUN_FAILED;
    free(row->why);
    row->why = mem_copy(why);
}

/* What one row is done with. */
struct doing {
    struct arena arena;
    struct dossier_shown shown;
    struct sign_statement statement; /* the tray's bytes and note, parsed into the arena; none for REWORK */
};

static void doing_clear(struct doing *w)
{
    dossier_shown_clear(&w->shown);
    arena_clear(&w->arena);
}

/* The statement that was seen still says what would be signed now: the dossier, and by which right. */
static bool still_holds(struct app *app, const struct tray_row *seen, struct doing *w, struct err *e)
{
    struct statement_basis basis = {
        .dossier = &w->shown.d,
        .procedure = w->shown.procedure,
        .outcome = seen->decision == TRAY_GRANT ? "grant" : "refuse",
        .note = seen->note,
        .officer = app_officer_id(app),
        .on_behalf_of = app_acts_for(app, w->shown.d.procedure),
    };

    w->statement = (struct sign_statement){.bytes = seen->bytes, .n_bytes = seen->n_bytes, .note = seen->note};
    if (!statement_parse(seen->bytes, seen->n_bytes, &w->arena, &w->statement.said, e))
        return false;
    if (!sign_statement_right_stands(&w->statement, app, &w->shown))
        return err_set(e, ERR_REFUSED, "%s", _("by whose right you sign is not what it was when it was seen"));
    return w->shown.procedure && !statement_differs(&w->statement.said, &basis);
}

static bool is_offered(struct app *app, struct doing *w, const char *action, struct err *e)
{
    struct wish_offer *offers;
    size_t n;

    if (!wish_offers(app_cache(app), app_outbox(app), &w->shown.d, app_now(app), &w->arena, &offers, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(offers[i].action, action) == 0 && (offers[i].offered || offers[i].reason))
            return offers[i].offered || err_set(e, ERR_REFUSED, "%s", offers[i].reason);
    return err_set(e, ERR_REFUSED, "%s", _("the server does not offer it"));
}

/* Reads what the row is done with. false: it cannot be done, and the row says why. */
static bool prepare(struct app *app, struct run_row *row, struct doing *w)
{
    const struct tray_row *seen = tray_find(app_tray(app), row->id);
    struct err e = {0};
    bool here = seen && dossier_shown_load(&w->shown, app, row->id, &e);
    bool same = here && seen->decision == row->decision && seen->version == w->shown.d.version &&
                (row->decision == TRAY_REWORK || still_holds(app, seen, w, &e));

    if (same && is_offered(app, w, tray_action(row->decision), &e))
        return true;
    fail(row, e.code != ERR_NONE ? e.text : _("the dossier changed after it was seen"));
    return false;
}

static bool send(struct app *app, struct run_row *row, struct doing *w, const struct action_request *request,
                 struct err *e)
{
    struct wish_target target = {.dossier = &w->shown.d, .seen = w->shown.json};
    char key[1][UUID_TEXT];

    if (!wish_act(app_cache(app), app_outbox(app), &target, 1, request, false, app_now(app), key, e)) {
        fail(row, e->text);
        return false;
    }
    memcpy(row->key, key[0], UUID_TEXT);
    row->state = RUN_SENT;
    tray_take(app, row->id, &row->kept);
    return true;
}

static void send_back(struct app *app, struct run_row *row, struct doing *w)
{
    struct action_request request;
    struct err e = {0};

    codec_absent(&shape_action_request, &request);
    request.action = tray_action(TRAY_REWORK);
    request.note = tray_find(app_tray(app), row->id)->note;
    request.on_behalf_of = app_acts_for(app, w->shown.d.procedure);
    send(app, row, w, &request, &e);
}

static void send_signed(struct app *app, struct run_row *row, const char *cms, struct err *e)
{
    struct doing w = {0};
    struct action_request request;

    if (prepare(app, row, &w)) {
        sign_request(&w.statement, tray_action(row->decision), cms, &w.arena, &request);
        send(app, row, &w, &request, e);
    }
    doing_clear(&w);
}

static void ask_to_sign(struct app *app, struct run_row *row, const struct doing *w)
{
    struct tray_run *run = run_of(app);
    struct ask ask = {.kind = run->phone ? ASK_REMOTE_SIGN : ASK_SIGN,
                      .bytes = mem_copy_n(w->statement.bytes, w->statement.n_bytes),
                      .n = w->statement.n_bytes,
                      .pin = run->has_pin,
                      .run = !run->phone};

    row->state = RUN_SIGNS;
    run->has_pin = false;
    snprintf(run->message, sizeof run->message, "%s", run->phone ? _("Asking the phone…") : "");
    run->ask = app_ask(app, NULL, &ask);
}

/* ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool wants_pin(const struct tray_run *run)
{
    return run->asks_pin && !run->has_pin && (!run->is_open || run->each_time);
}

static void ask_for_pin(struct app *app)
{
    run_of(app)->stage = RUN_PIN;
    pin_clear(app_pin(app));
}

static struct run_row *next_row(struct tray_run *run)
{
    for (size_t i = 0; i < run->n; i++)
        if (run->rows[i].state == RUN_WAITS)
            return &run->rows[i];
    return NULL;
}

static void say_over(struct app *app, const struct tray_run *run)
{
    struct arena arena = {0};
    size_t sent = count(run, RUN_SENT);

    app_toast(app, TOAST_NOTE, _("The run from the tray is over: %zu sent, %zu not. %s: to see it."), sent,
              run->n - sent, keymap_keys(app_keymap(app), "batch", FOCUS_ROW, CMD_TRAY, true, &arena));
    arena_clear(&arena);
}

/* `why`: what ended it early, NULL: nothing did. */
static void say_gone(struct tray_run *run)
{
    snprintf(
        run->message, sizeof run->message,
        _("The signing device was pulled out half way: %zu dossiers signed, %zu not. Plug it in, then press F9 to sign on."),
        count(run, RUN_SENT), count(run, RUN_LEFT) + count(run, RUN_FAILED));
}

static void finish(struct app *app, const char *why)
{
    struct tray_run *run = run_of(app);
    struct ask end = {.kind = ASK_SIGN_END};

    if (run->stage == RUN_OVER)
        return;
    for (size_t i = 0; i < run->n; i++)
        if (run->rows[i].state == RUN_WAITS || run->rows[i].state == RUN_SIGNS)
            run->rows[i].state = RUN_LEFT;
    run->stage = RUN_OVER;
    run->ask = 0;
    run->message[0] = '\0';
    if (run->asks_pin)
        app_ask(app, NULL, &end);
    if (why)
        snprintf(run->message, sizeof run->message, _("%s Sent: %zu, not signed: %zu, which stay in the tray."),
                 why, count(run, RUN_SENT), count(run, RUN_LEFT) + count(run, RUN_FAILED));
    if (app_top(app)->ops != &view_batch && !app_is_covered(app))
        say_over(app, run);
    app_refresh(app);
}

/* How the wishes stand. Returns how many may be answered at any moment: one that is not known is asked again in its own time. */
static size_t follow(struct app *app)
{
    struct tray_run *run = run_of(app);
    struct arena arena = {0};
    size_t on_the_way = 0;

    for (size_t i = 0; i < run->n; i++) {
        struct run_row *row = &run->rows[i];
        struct command wish;
        struct err e = {0};
        if (row->state != RUN_SENT || row->answered)
            continue;
        if (outbox_get(app_outbox(app), row->key, &arena, &wish, &e)) {
            row->answered = wish.state >= COMMAND_DONE;
            on_the_way += !row->answered && !(wish.state == COMMAND_DUE && wish.may_have_arrived);
            if (row->answered)
                tray_row_clear(&row->kept);
            if (wish.state == COMMAND_DONE && row->decision == TRAY_REWORK)
                sign_note_keep(app, row->id, wish.action, "");
        } else if (e.code == ERR_NOT_FOUND) {
            fail(row, _("not sent: it needs the line"));
            tray_give_back(app, &row->kept);
        }
        arena_reset(&arena);
    }
    arena_clear(&arena);
    return on_the_way;
}

static void do_row(struct app *app, struct run_row *row)
{
    struct doing w = {0};

    if (prepare(app, row, &w)) {
        if (row->decision == TRAY_REWORK)
            send_back(app, row, &w);
        else if (wants_pin(run_of(app)))
            ask_for_pin(app);
        else
            ask_to_sign(app, row, &w);
    }
    doing_clear(&w);
}

/* `changed`: something that is shown did already. */
static void step(struct app *app, bool changed)
{
    struct tray_run *run = run_of(app);

    if (run->stepping)
        return;
    run->stepping = true;
    size_t on_the_way = follow(app);
    while (run->stage == RUN_GOES && run->ask == 0) {
        struct run_row *row = next_row(run);
        if (row && !run->stops && !act_line_is_down(app) && on_the_way >= ON_THE_WAY)
            break;
        if (!row || run->stops)
            finish(app, row ? _("Stopped.") : NULL);
        else if (act_line_is_down(app))
            finish(app, _("The line is gone."));
        else
            do_row(app, row);
        on_the_way += row && row->state == RUN_SENT;
        changed = true;
    }
    if (changed)
        app_changed(app, CACHE_OUTBOX);
    run->stepping = false;
}

void tray_run_changed(struct app *app)
{
    if (run_of(app) && !app_is_covered(app)) /* the key may be asleep */
        step(app, false);
}

/* ── the signer's answer ─────────────────────────────────────────────────────────────────────────────────────────── */

/* What is about this dossier alone stops no other. */
static void not_signed(struct app *app, struct run_row *row, const struct err *why)
{
    struct tray_run *run = run_of(app);

    if (run->phone && why->code == ERR_REFUSED) {
        fail(row, why->text);
        return;
    }
    row->state = RUN_WAITS;
    run->is_open = false;
    if (!run->phone && run->asks_pin && why->code == ERR_AUTH && !run->stops) {
        ask_for_pin(app);
        app_toast_err(app, why);
        return;
    }
    finish(app, why->text);
    if (why->code == ERR_NOT_FOUND)
        say_gone(run);
}

static struct run_row *at_signer(struct tray_run *run)
{
    for (size_t i = 0; i < run->n; i++)
        if (run->rows[i].state == RUN_SIGNS)
            return &run->rows[i];
    return NULL;
}

/* The phone is waited for, with its code; or why that is not known. */
static void say_waits(struct app *app, struct tray_run *run, const struct answer *a)
{
    struct arena arena = {0};

    if (a->err.code != ERR_NONE)
        snprintf(run->message, sizeof run->message, "%s", a->err.text);
    else
        snprintf(run->message, sizeof run->message,
                 _("Waiting for the phone to confirm, code %s, until %s. Compare the code before you confirm."),
                 *a->phone_code ? a->phone_code : "?",
                 a->phone_until == INSTANT_NONE ? "?" : word_clock(&arena, a->phone_until, app_offset(app)));
    arena_clear(&arena);
    app_changed(app, CACHE_OUTBOX);
}

void tray_run_answered(struct app *app, const struct answer *a)
{
    struct tray_run *run = run_of(app);
    struct run_row *row = run && run->ask == a->id ? at_signer(run) : NULL;
    struct err e = {0};

    if (!row)
        return;
    if (!a->final) {
        say_waits(app, run, a);
        return;
    }
    run->ask = 0;
    run->message[0] = '\0';
    if (a->err.code != ERR_NONE) {
        not_signed(app, row, &a->err);
    } else {
        run->is_open = true;
        run->each_time = a->signer_each_time;
        send_signed(app, row, a->cms, &e);
        if (e.code == ERR_STORE)
            finish(app, e.text);
    }
    step(app, true);
}

/* ── the officer ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct run_row run_row(struct app *app, const struct tray_row *from)
{
    struct arena arena = {0};
    struct dossier d = {0};
    bool here = cache_dossier(app_cache(app), from->id, &arena, &d, NULL, NULL);
    struct run_row row = {
        .id = mem_copy(from->id),
        .code = mem_copy(here && d.code ? d.code : from->id),
        .name = mem_copy(here && d.applicant ? d.applicant->name : ""),
        .decision = from->decision,
    };

    arena_clear(&arena);
    return row;
}

void tray_run_begin(struct app *app, const struct sign_signer *signer)
{
    struct tray *tray = app_tray(app);
    struct tray_run *run = mem_alloc(sizeof *run);

    tray_run_free(&tray->run);
    tray->run = run;
    *run = (struct tray_run){.phone = signer->phone, .at_home = signer->at_home};
    run->rows = mem_grow(NULL, tray->n ? tray->n : 1, sizeof *run->rows);
    for (size_t i = 0; i < tray->n; i++)
        if (tray->rows[i].decision != TRAY_OPEN)
            run->rows[run->n++] = run_row(app, &tray->rows[i]);
    run->asks_pin = signer->asks_pin && tray_to_sign(tray) > 0;
    run->began = app_mono(app);
    run->stage = RUN_GOES;
    if (run->asks_pin)
        ask_for_pin(app);
    else
        step(app, true);
}

void tray_run_pin(struct app *app)
{
    struct tray_run *run = run_of(app);

    if (!run || run->stage != RUN_PIN)
        return;
    if (pin_letters(app_pin(app)) == 0) {
        tray_run_stop(app);
        return;
    }
    run->has_pin = true;
    run->stage = RUN_GOES;
    step(app, true);
}

void tray_run_stop(struct app *app)
{
    struct tray_run *run = run_of(app);

    if (!run || run->stage == RUN_OVER)
        return;
    run->stops = true;
    if (run->stage == RUN_PIN) {
        pin_clear(app_pin(app));
        finish(app, _("Nothing more was signed."));
    } else if ((run->phone || run->at_home) && run->ask) {
        app_cancel_ask(app, run->ask); /* and there, too */
        finish(app, sign_signer_let_go(run->phone));
    }
    step(app, true);
}
