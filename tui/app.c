/* app: the stack of views, and what the loop hands in. Drawing is app_draw.c, keys are app_key.c, wishes app_act.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"
#include "tui/app_pay.h"

#include "core/i18n.h"
#include "tui/tray_run.h"

#include <stdlib.h>
#include <string.h>

struct app *app_new(const struct app_options *options, struct keymap *keymap)
{
    struct app *app = mem_alloc(sizeof *app);

    app->options = *options;
    app->theme = options->theme;
    app->keymap = keymap;
    app->rows = 24;
    app->cols = 80;
    app->dirty = true;
    app->hold_end = INT64_MAX;
    app->line = (struct line_status){.since = INSTANT_NONE,
                                     .until = INSTANT_NONE,
                                     .next_try = INSTANT_NONE,
                                     .last_try = INSTANT_NONE,
                                     .data_at = INSTANT_NONE,
                                     .skew = INSTANT_NONE,
                                     .first_sync = -1};
    return app;
}

static void close_top(struct app *app)
{
    struct view *v = app->top;

    app->top = v->under;
    app_drop_asks_of(app, v);
    if (v->ops->close)
        v->ops->close(v);
    if (v->state) {
        mem_wipe(v->state, v->ops->state_size);
        free(v->state);
    }
    free(v);
    app->dirty = true;
}

static void close_all(struct app *app)
{
    while (app->top)
        close_top(app);
    app->top = app->covered;
    app->covered = NULL;
    app->is_covered = app->locked = false;
    while (app->top)
        close_top(app);
}

void app_free(struct app **app)
{
    struct app *a = *app;

    if (!a)
        return;
    close_all(a);
    app_clear_toast(a);
    tray_clear(&a->tray);
    app_drop_places(a);
    app_forget_payments(a);
    app_drop_mandate(a);
    mem_free(&a->signer);
    for (size_t i = 0; i < a->n_asks; i++)
        ask_clear(&a->asks[i]);
    free(a->asks);
    free(a->asked);
    free(a->cancels);
    free(a->act_keys);
    pin_free(&a->pin);
    mem_free(&a->vault_officer);
    free(a->officer);
    free(a);
    *app = NULL;
}

/* ── the stack ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool load(struct app *app, struct view *v)
{
    struct err e = {0};

    app->dirty = true;
    if (!v->ops->load || v->ops->load(v, app->cache, &e))
        return true;
    app_toast_err(app, &e);
    return false;
}

bool app_open(struct app *app, const struct view_ops *ops, const struct view_arg *arg)
{
    static const struct view_arg nothing;
    struct err e = {0};
    struct view *v = mem_alloc(sizeof *v);

    v->ops = ops;
    v->app = app;
    v->state = ops->state_size ? mem_alloc(ops->state_size) : NULL;
    v->under = app->top;
    app->top = v;
    if (ops->open && !ops->open(v, arg ? arg : &nothing, &e)) {
        close_top(app);
        if (e.code != ERR_NONE)
            app_toast_err(app, &e);
        return false;
    }
    load(app, v);
    return true;
}

void app_close(struct app *app, struct view *v)
{
    while (app->top && app->top != v)
        close_top(app);
    if (app->top)
        close_top(app);
    if (app->top)
        load(app, app->top); /* what changed meanwhile */
}

void app_replace(struct app *app, const struct view_ops *ops, const struct view_arg *arg)
{
    struct view *old = app->top;

    if (!app_open(app, ops, arg) || !old)
        return;
    struct view *fresh = app->top;
    app->top = old;
    fresh->under = old->under;
    close_top(app);
    app->top = fresh;
}

void app_home(struct app *app)
{
    while (app->top && app->top->under)
        close_top(app);
    if (app->top)
        load(app, app->top);
}

struct view *app_top(const struct app *app)
{
    return app->top;
}

/* ── the loop's side ────────────────────────────────────────────────────────────────────────────────────────────────── */

void app_attach(struct app *app, struct cache *cache, struct outbox *outbox, const char *officer)
{
    close_all(app);
    app_drop_places(app);
    app_forget_payments(app);
    app_drop_mandate(app);
    mem_free(&app->signer);
    app_clear_toast(app);
    free(app->officer);
    app->officer = officer ? mem_copy(officer) : NULL;
    app->cache = cache;
    app->outbox = outbox;
    app_note_hold(app);
    app_take_choices(app);
    app_take_typing(app);
    tray_open(app, &app->tray);
    app->last_key = app_mono(app);
    if (!cache && app->vault.waiting)
        app_lock(app);
    else
        app_open(app, cache ? &view_queues : &view_signin, NULL);
}

void app_set_line(struct app *app, const struct line_status *line)
{
    unsigned changes = 0;
    bool other = line->state != app->line.state;
    /* A good line has something to say too: that there is no room on the disk for what comes. */
    bool said = other || line->why.code != app->line.why.code;

    if (other || line->since != app->line.since || line->training != app->line.training ||
        line->first_sync != app->line.first_sync || line->data_at != app->line.data_at ||
        line->payments != app->line.payments)
        changes |= CACHE_LINE;
    app->line = *line;
    if (other)
        tray_run_changed(app);
    if (line->server_now / 60 != app->minute) {
        app->minute = line->server_now / 60;
        changes |= CACHE_CLOCK;
    }
    if (said && !app->is_covered)
        app_say_line(app);
    if (changes)
        app_changed(app, changes);
}

void app_changed(struct app *app, unsigned changes)
{
    if (!changes)
        return;
    app->dirty = true;
    if (changes & CACHE_OUTBOX) {
        app_note_hold(app);
        tray_run_changed(app);
    }
    for (struct view *v = app->top; v; v = v->under)
        if (v->ops->depends & changes)
            load(app, v);
    if (changes & CACHE_DOSSIERS)
        app_look_at_payments(app);
}

static struct view *who_asked(struct app *app, const struct answer *answer, bool *known)
{
    *known = false;
    for (size_t i = 0; i < app->n_asked; i++) {
        if (app->asked[i].id != answer->id)
            continue;
        struct view *v = app->asked[i].view;
        *known = app->asked[i].live;
        if (answer->final)
            app->asked[i] = app->asked[--app->n_asked];
        return v;
    }
    return NULL;
}

void app_answer(struct app *app, const struct answer *answer)
{
    bool known;
    struct view *v = who_asked(app, answer, &known);

    if (!known)
        return; /* its view is gone */
    if (v && v->ops->answered)
        v->ops->answered(v, answer);
    else if (answer->kind == ASK_SYNC)
        app_synced(app, answer);
    else if (answer->kind == ASK_SIGN || answer->kind == ASK_REMOTE_SIGN)
        tray_run_answered(app, answer);
    else if (answer->err.code != ERR_NONE)
        app_toast_err(app, &answer->err);
    app->dirty = true;
}

void app_resize(struct app *app, int rows, int cols)
{
    app->rows = rows;
    app->cols = cols;
    for (struct view *v = app->top; v; v = v->under)
        load(app, v); /* more rows are more list */
    app->dirty = true;
}

int64_t app_wake(const struct app *app)
{
    int64_t now = app->line.server_now, wake = INT64_MAX;

    if (now > 0)
        wake = app_mono(app) + (60 - now % 60) * 1000;
    for (const struct view *v = app->top; v; v = v->under) {
        int64_t at = v->ops->wake ? v->ops->wake(v) : INT64_MAX;
        if (at < wake)
            wake = at;
    }
    int64_t idle = app_idle_at(app);
    if (idle < wake)
        wake = idle;
    return app->hold_end < wake ? app->hold_end : wake;
}

void app_tick(struct app *app)
{
    int64_t now = app_mono(app);

    for (struct view *v = app->top, *top = v, *under; v && app->top == top; v = under) {
        under = v->under; /* `v` may go in its tick, and views under it: then the top is another */
        if (v->ops->wake && v->ops->tick && v->ops->wake(v) <= now) {
            v->ops->tick(v);
            app->dirty = true;
        }
    }
    if (app_idle_at(app) <= now)
        app_lock(app);
    if (app->hold_end <= now) /* marks and keys change, even where nothing is sent */
        app_changed(app, CACHE_OUTBOX);
}

bool app_wants_quit(const struct app *app)
{
    return app->quit;
}

bool app_take_redraw(struct app *app)
{
    bool redraw = app->redraw;

    app->redraw = false;
    return redraw;
}

bool app_take_theme(struct app *app, enum theme_id *theme)
{
    bool changed = app->theme_changed;

    app->theme_changed = false;
    *theme = app->theme;
    return changed;
}

/* ── asks ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

uint64_t app_ask(struct app *app, struct view *view, struct ask *ask)
{
    bool for_signer = ask->kind == ASK_SIGN || ask->kind == ASK_SIGNER || ask->kind == ASK_SIGNERS;

    if (for_signer && app->signer)
        ask->text = mem_copy(app->signer);
    ask->id = ++app->last_ask;
    app->asks = mem_grow(app->asks, app->n_asks + 1, sizeof *app->asks);
    app->asks[app->n_asks++] = *ask;
    app->asked = mem_grow(app->asked, app->n_asked + 1, sizeof *app->asked);
    app->asked[app->n_asked++] = (struct asked){.id = ask->id, .view = view, .live = true};
    *ask = (struct ask){.id = ask->id};
    return ask->id;
}

void app_cancel_ask(struct app *app, uint64_t id)
{
    for (size_t i = 0; i < app->n_asked; i++)
        if (app->asked[i].id == id) {
            app->asked[i] = app->asked[--app->n_asked];
            app->cancels = mem_grow(app->cancels, app->n_cancels + 1, sizeof *app->cancels);
            app->cancels[app->n_cancels++] = id;
            return;
        }
}

void app_drop_asks_of(struct app *app, const struct view *view)
{
    for (size_t i = app->n_asked; i-- > 0;)
        if (app->asked[i].view == view)
            app_cancel_ask(app, app->asked[i].id);
}

bool app_next_ask(struct app *app, struct ask *out)
{
    if (app->n_asks == 0)
        return false;
    *out = app->asks[0];
    app->n_asks--;
    memmove(app->asks, app->asks + 1, app->n_asks * sizeof *app->asks);
    return true;
}

bool app_next_cancel(struct app *app, uint64_t *ask)
{
    if (app->n_cancels == 0)
        return false;
    *ask = app->cancels[--app->n_cancels];
    return true;
}

/* ── what views read ────────────────────────────────────────────────────────────────────────────────────────────────── */

struct cache *app_cache(struct app *app)
{
    return app->cache;
}

struct outbox *app_outbox(struct app *app)
{
    return app->outbox;
}

struct env *app_env(struct app *app)
{
    return app->options.env;
}

const struct app_options *app_options(const struct app *app)
{
    return &app->options;
}

const struct keymap *app_keymap(const struct app *app)
{
    return app->keymap;
}

const char *app_officer_id(struct app *app)
{
    return app->officer ? app->officer : "";
}

const struct officer *app_officer(struct app *app)
{
    return app->cache && app->officer ? cache_officer(app->cache, app->officer) : NULL;
}

unsigned app_roles(struct app *app)
{
    const struct officer *me = app_officer(app);

    return me ? officer_roles(me) : 0;
}

const struct line_status *app_line(const struct app *app)
{
    return &app->line;
}

int64_t app_now(const struct app *app)
{
    return app->line.server_now;
}

int64_t app_mono(const struct app *app)
{
    return app->options.env->mono(app->options.env);
}

int32_t app_offset(const struct app *app)
{
    const struct officer *me = app->cache && app->officer ? cache_officer(app->cache, app->officer) : NULL;
    const struct calendar *calendar = me ? cache_calendar(app->cache, me->unit) : NULL;
    int32_t offset = 0;

    if (calendar && calendar->usable)
        return calendar->offset;
    zone_offset("Asia/Ho_Chi_Minh", &offset);
    return offset;
}

bool app_training(const struct app *app)
{
    return app->line.training;
}

int app_rows(const struct app *app)
{
    return app->rows;
}

int app_cols(const struct app *app)
{
    return app->cols;
}

void app_refresh(struct app *app)
{
    app->dirty = true;
}

bool app_text_is_pasted(const struct app *app)
{
    return app->pasted;
}

void app_quit(struct app *app)
{
    app->quit = true;
}
