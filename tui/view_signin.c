/* view_signin: sign-in by phone: the code, the address, and a picture of both where it fits. It waits without freezing, says what went
 * wrong, and refuses to ask for a name or a password. As the first view it ends with app_attach(); over another (a session that is
 * over) it closes itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/qr.h"
#include "tui/view.h"

#include <string.h>

enum { COL_TEXT = 40, WIDTH_TEXT = 36, GAP = 3, COL_ALONE = 4 };
enum { PAUSE_FIRST_MS = 5000, PAUSE_MOST_MS = 300000 };

struct signin {
    struct arena arena;
    uint64_t ask;               /* 0: none is on its way */
    const char *code, *address; /* NULL: not here yet; address as it is shown */
    const char *picture;        /* what the QR holds */
    int64_t begun, until;       /* server time */
    struct err err;             /* how the last one ended */
    int64_t again_at;           /* it is asked again by itself, mono ms; 0: only at the officer's word */
    int failures;               /* for want of a line, in a row */
};

/* ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void begin(struct view *v)
{
    struct signin *s = v->state;
    struct ask ask = {.kind = ASK_SIGN_IN};

    if (s->ask)
        app_cancel_ask(v->app, s->ask);
    arena_reset(&s->arena);
    *s = (struct signin){.arena = s->arena, .failures = s->failures};
    s->ask = app_ask(v->app, v, &ask);
}

/* Without a line it is tried again as the line is, and less and less often where it is another that does not answer. */
static int64_t pause_ms(int failures)
{
    int64_t pause = PAUSE_FIRST_MS;

    for (int i = 1; i < failures && pause < PAUSE_MOST_MS; i++)
        pause *= 2;
    return pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS;
}

static int64_t signin_wake(const struct view *v)
{
    const struct signin *s = v->state;

    return s->again_at ? s->again_at : INT64_MAX;
}

static void signin_tick(struct view *v)
{
    struct signin *s = v->state;
    const struct line_status *line = app_line(v->app);
    int64_t mono = app_mono(v->app), left = line->next_try - app_now(v->app);
    bool down = line->state == LINE_OFFLINE || line->state == LINE_MAINTENANCE;
    struct err err = s->err;

    if (s->again_at == 0 || mono < s->again_at)
        return;
    if (down && left > 0 && left * 1000 <= PAUSE_MOST_MS) {
        s->again_at = mono + left * 1000;
        return;
    }
    begin(v);
    s->err = err; /* it stands until something else is known */
}

static bool open_signin(struct view *v, const struct view_arg *arg, struct err *e)
{
    begin(v);
    return true;
}

/* As a person types it: no scheme, no slash at the end. */
static char *typed_address(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://");
    char *shown = text_shown(arena, host ? host + 3 : url);
    size_t n = strlen(shown);

    if (n > 0 && shown[n - 1] == '/')
        shown[n - 1] = '\0';
    return shown;
}

static void take_code(struct view *v, const struct answer *answer)
{
    struct signin *s = v->state;
    const struct device_authorization *d = &answer->device;
    const char *whole = d->verification_uri_complete ? d->verification_uri_complete : d->verification_uri;

    s->code = text_shown(&s->arena, d->user_code);
    s->address = typed_address(&s->arena, d->verification_uri);
    s->picture = arena_copy(&s->arena, whole);
    s->begun = app_now(v->app);
    s->until = answer->device_until;
}

/* A code that has ended is not shown any more: nobody shall type it. */
static void end(struct view *v, const struct err *why)
{
    struct signin *s = v->state;
    bool tries = why->code == ERR_OFFLINE;

    s->ask = 0;
    s->code = NULL;
    s->err = *why;
    s->failures = tries ? s->failures + 1 : 0;
    s->again_at = tries ? app_mono(v->app) + pause_ms(s->failures) : 0;
}

static void signin_answered(struct view *v, const struct answer *answer)
{
    struct signin *s = v->state;

    if (!answer->final) {
        s->err = (struct err){0};
        if (answer->device.user_code)
            take_code(v, answer);
        return;
    }
    end(v, &answer->err);
    if (answer->err.code == ERR_NONE && v->under) {
        struct app *app = v->app;
        app_close(app, v);
        app_toast(app, TOAST_NOTE, "%s", _("Signed in. What waited is being sent."));
    }
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void put(struct canvas *c, int row, int col, const char *text)
{
    struct arena arena = {0};

    if (row <= view_last_row(c))
        canvas_put(c, row, col, -1, STYLE_TEXT, text_cut(&arena, text, c->cols - col - 1));
    arena_clear(&arena);
}

/* The steps; blank lines between them where there is room. */
static void draw_steps(const struct view *v, struct canvas *c, int row, int col, bool picture)
{
    const struct signin *s = v->state;
    struct app *app = v->app;
    struct arena arena = {0};
    int gap = view_body_rows(c) >= 18 ? 1 : 0;
    const char *machine = text_shown(&arena, app_options(app)->workstation);

    put(c, row, col, _("Sign in with a phone"));
    row += 1 + gap;
    put(c, row++, col,
        picture ? _("1. Scan the picture beside, or open this page:") : _("1. Open this page on the phone:"));
    put(c, row++, col + 3, s->address);
    row += gap;
    put(c, row++, col, _("2. Type the code"));
    row += gap;
    canvas_put(c, row, col + 6, -1, STYLE_TITLE, s->code);
    canvas_cursor(c, row, col + 6);
    row += 1 + gap;
    put(c, row++, col, _("3. Compare the machine's name, then press Accept:"));
    put(c, row++, col + 3,
        arena_format(&arena, _("%s, at %s"), machine, word_clock(&arena, s->begun, app_offset(app))));
    row += gap;
    put(c, row++, col,
        arena_format(&arena, _("The code is good until %s."), word_clock(&arena, s->until, app_offset(app))));
    put(c, row, col, _("Waiting for the phone to confirm…"));
    arena_clear(&arena);
}

static void draw_code(const struct view *v, struct canvas *c)
{
    const struct signin *s = v->state;
    int room = c->cols - GAP - WIDTH_TEXT - 1;
    struct qr *qr = qr_new(s->picture, app_options(v->app)->half_blocks, view_body_rows(c), room);
    int col = COL_ALONE;

    if (qr) {
        qr_draw(qr, c, view_body_row(), 0);
        col = qr_cols(qr) + GAP > COL_TEXT ? qr_cols(qr) + GAP : COL_TEXT;
    }
    draw_steps(v, c, view_body_rows(c) >= 14 ? view_body_row() + 2 : view_body_row(), col, qr != NULL);
    qr_free(&qr);
}

static void draw_signin(const struct view *v, struct canvas *c)
{
    const struct signin *s = v->state;
    int row = view_body_row() + 2;

    view_title(c, _("Sign in"), NULL);
    canvas_cursor(c, row, COL_ALONE);
    if (s->code)
        draw_code(v, c);
    else
        put(c, row, COL_ALONE,
            s->ask                    ? _("Asking the server for a code…")
            : s->err.code == ERR_NONE ? _("Signed in. Opening the dossiers…")
                                      : _("Not signed in. What was saved on this machine is kept."));
}

/* What went wrong stands until a new code is asked for. */
static const char *message_signin(const struct view *v)
{
    const struct signin *s = v->state;

    if (s->err.code != ERR_NONE)
        return s->err.text;
    if (app_line(v->app)->state == LINE_STOPPED)
        return app_line(v->app)->why.text;
    return !app_outbox(v->app) && app_vault(v->app)->officer
               ? _("No line? Press F12, then type the PIN to go on with the dossiers saved here.")
               : NULL;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum handled command_signin(struct view *v, enum command_id id, struct app *app)
{
    if (id != CMD_SYNC)
        return NOT_HANDLED;
    begin(v);
    return HANDLED;
}

static void close_signin(struct view *v)
{
    arena_clear(&((struct signin *)v->state)->arena);
}

static const enum command_id commands_signin[] = {CMD_SYNC, CMD_LOCK, CMD_NONE};

const struct view_ops view_signin = {
    .name = "signin",
    .title = NC_("view", "Sign-in"),
    .state_size = sizeof(struct signin),
    .depends = CACHE_CLOCK | CACHE_LINE,
    .commands = commands_signin,
    .open = open_signin,
    .answered = signin_answered,
    .draw = draw_signin,
    .message = message_signin,
    .command = command_signin,
    .wake = signin_wake,
    .tick = signin_tick,
    .close = close_signin,
};
