/* app_lock: views covered, so that nothing of a dossier is on the screen and nothing can be done, until the officer is back. What is
 * covered is a stack of its own: no key, answer, tick or change reaches it, and none of it can come on top by itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"
#include "tui/tray_run.h"

#include "cache/draft.h"
#include "core/i18n.h"

#include <string.h>

enum { IDLE_MS = 5 * 60 * 1000, IDLE_COUNTER_MS = 2 * 60 * 1000 };

void app_set_vault(struct app *app, const struct app_vault *vault)
{
    char *officer = vault->officer ? mem_copy(vault->officer) : NULL;

    app->vault = *vault;
    mem_free(&app->vault_officer);
    app->vault.officer = app->vault_officer = officer;
    app->dirty = true;
}

const struct app_vault *app_vault(const struct app *app)
{
    return &app->vault;
}

struct pin *app_pin(struct app *app)
{
    if (!app->pin)
        app->pin = pin_new();
    return app->pin;
}

/* ── covering ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void app_cover(struct app *app, const struct view_ops *ops, const struct view_arg *arg)
{
    if (!app->is_covered) {
        app->covered = app->top;
        app->top = NULL;
        app->is_covered = true;
        app->wipe = true;
        app_clear_toast(app);
        app_open(app, ops, arg);
    } else {
        app_home(app);
        app_replace(app, ops, arg);
    }
    pin_clear(app_pin(app));
}

void app_uncover(struct app *app)
{
    if (!app->is_covered)
        return;
    while (app->top)
        app_close(app, app->top);
    app->top = app->covered;
    app->covered = NULL;
    app->is_covered = false;
    if (app->locked && app->outbox)
        outbox_note(app->outbox, JOURNAL_UNLOCK, NULL, NULL, NULL);
    app->locked = false;
    if (!app->top)
        app_open(app, app->cache ? &view_queues : &view_signin, NULL);
    app->last_key = app_mono(app);
    app_clear_toast(app);
    pin_clear(app_pin(app));
    tray_run_changed(app);
    app_resize(app, app->rows, app->cols); /* everything changed meanwhile, perhaps */
    app_note_hold(app);
}

bool app_is_covered(const struct app *app)
{
    return app->is_covered;
}

bool app_take_wipe(struct app *app)
{
    bool wipe = app->wipe;

    app->wipe = false;
    return wipe;
}

/* ── locking ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Whose PIN it takes is known: his files are open, or were found locked. */
static bool can_lock(const struct app *app)
{
    return app->outbox || app->vault.officer;
}

void app_lock(struct app *app)
{
    if (app->locked || !can_lock(app))
        return;
    app->locked = true;
    app->locked_at = app_now(app);
    app->locked_mono = app_mono(app);
    if (app->outbox) { /* locked it is, whatever the disk says */
        draft_sync(app->outbox, NULL);
        outbox_note(app->outbox, JOURNAL_LOCK, NULL, NULL, NULL);
    }
    app_cover(app, &view_lock, NULL);
}

/* Whoever leaves for the first time is asked whether a PIN shall stand behind the door. */
void app_lock_key(struct app *app)
{
    if (app->outbox && !app->vault.pin && app->vault.offered && !app->pin_offered)
        app_offer_pin(app, true);
    else
        app_lock(app);
}

void app_offer_pin(struct app *app, bool leaving)
{
    app->pin_offered = true;
    app_cover(app, &view_pin, &(struct view_arg){.action = leaving ? "leaving" : NULL});
}

int64_t app_locked_mono(const struct app *app)
{
    return app->locked ? app->locked_mono : INT64_MAX;
}

int64_t app_locked_at(const struct app *app)
{
    return app->locked_at;
}

/* When nobody has touched a key for too long, mono ms. */
int64_t app_idle_at(const struct app *app)
{
    struct app *a = (struct app *)app;
    int64_t after = app->vault.lock_after_ms;

    if (app->is_covered || !app->outbox || after == 0)
        return INT64_MAX;
    if (after < 0)
        after = app_roles(a) & ROLE_BIT(ROLE_COUNTER) ? IDLE_COUNTER_MS : IDLE_MS;
    return app->last_key + after;
}

/* What works while views are covered: nothing that shows or does anything. */
bool app_works_covered(enum command_id id)
{
    return id == CMD_HELP || id == CMD_BACK || id == CMD_REDRAW || id == CMD_LOCK || id == CMD_SUBMIT ||
           id == CMD_OPEN || id == CMD_UP || id == CMD_DOWN || id == CMD_PAGE_UP || id == CMD_PAGE_DOWN ||
           id == CMD_FIRST || id == CMD_LAST || id == CMD_PREV_TAB || id == CMD_NEXT_TAB ||
           (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_0) || (id >= CMD_ERASE && id <= CMD_ERASE_LINE);
}
