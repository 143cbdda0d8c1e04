/* outbox_menu: what can be done with one wish of the outbox, each thing with a number that is always its own, and why the rest cannot.
 * It refuses to drop a signature in doubt: that can only be asked again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_outbox.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/form_preset.h"
#include "tui/outbox_parts.h"
#include "tui/view_intake.h"

#include <string.h>

enum doing { SEND = 1, DOSSIER, MEND, DROP, COMPARE };
enum { DOINGS = COMPARE, COL_DIGIT = 2, COL_LABEL = 5, COL_REASON = 36 };

struct entry {
    enum doing doing;
    const char *label, *why_not; /* NULL: it can be done */
};
struct menu {
    struct arena arena;
    char key[UUID_TEXT];
    struct command wish;
    struct entry entries[DOINGS];
    size_t n, offered, focus; /* those that can be done come first */
};

/* ── what is offered ───────────────────────────────────────────────────────────────────────────────────────────────── */

static struct entry send_entry(const struct command *w)
{
    struct entry entry = {.doing = SEND, .label = _("Send it now")};

    if (w->may_have_arrived && w->online_only)
        entry.label = _("Ask again now, with the very same content");
    else if (w->may_have_arrived || w->state == COMMAND_RECONCILE)
        entry.label = _("Send again");
    if (w->state == COMMAND_SENDING)
        entry.why_not = _("it is being sent");
    else if (w->state == COMMAND_CONFLICT || w->state == COMMAND_REFUSED)
        entry.why_not = _("the system has answered for good");
    else if (w->state == COMMAND_DROPPED)
        entry.why_not = _("it was dropped");
    return entry;
}

static struct entry dossier_entry(const struct command *w)
{
    struct entry entry = {.doing = DOSSIER, .label = _("Open the dossier")};

    if (strcmp(w->target, w->key) == 0)
        entry.why_not = _("it has no code yet");
    return entry;
}

static bool is_intake(const struct command *w)
{
    return strcmp(w->action, "create") == 0;
}

static struct entry mend_entry(const struct command *w, struct arena *arena)
{
    struct entry entry = {.doing = MEND, .label = _("Mend: the form again, with my content")};
    struct action_request request;

    if (outbox_is_signature(w))
        entry.label = _("See it and sign again");
    if (w->state == COMMAND_HELD || w->state == COMMAND_DUE || w->state == COMMAND_SENDING)
        entry.why_not = _("it waits for its answer");
    else if (is_intake(w))
        entry.why_not = w->state == COMMAND_DROPPED ? _("it was dropped") : NULL;
    else if (!outbox_is_signature(w) && !outbox_has_form(w))
        entry.why_not = _("there is nothing to fill in");
    else if (!outbox_is_signature(w) && !outbox_request(arena, w, &request))
        entry.why_not = _("its content cannot be read");
    return entry;
}

static struct entry drop_entry(const struct command *w)
{
    struct entry entry = {.doing = DROP, .label = _("Drop it…")};

    if (w->state == COMMAND_SENDING)
        entry.why_not = _("it is being sent");
    else if (w->state == COMMAND_DROPPED)
        entry.why_not = _("it was dropped");
    else if (w->state == COMMAND_DUE && w->online_only && w->may_have_arrived)
        entry.why_not = _("its result is not known: it can only be asked again");
    return entry;
}

static void list_entries(struct menu *m)
{
    const struct command *w = &m->wish;
    struct entry all[DOINGS] = {send_entry(w),
                                dossier_entry(w),
                                mend_entry(w, &m->arena),
                                drop_entry(w),
                                {.doing = COMPARE, .label = _("Compare, and choose what to do…")}};
    size_t n = w->state == COMMAND_CONFLICT ? DOINGS : DOINGS - 1;

    m->n = 0;
    for (int greyed = 0; greyed < 2; greyed++) {
        for (size_t i = 0; i < n; i++)
            if ((all[i].why_not != NULL) == (bool)greyed)
                m->entries[m->n++] = all[i];
        if (!greyed)
            m->offered = m->n;
    }
    if (m->focus >= m->offered)
        m->focus = m->offered ? m->offered - 1 : 0;
}

static bool open_menu(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct menu *m = v->state;

    snprintf(m->key, sizeof m->key, "%s", arg->id);
    return outbox_get(app_outbox(v->app), m->key, &m->arena, &m->wish, e);
}

/* A wish that is gone (taken back, or away) leaves nothing to be done. */
static bool load_menu(struct view *v, struct cache *cache, struct err *e)
{
    struct menu *m = v->state;

    arena_reset(&m->arena);
    m->n = m->offered = 0;
    struct err why = {0};
    if (outbox_get(app_outbox(v->app), m->key, &m->arena, &m->wish, &why)) {
        list_entries(m);
        return true;
    }
    m->wish = (struct command){0};
    return why.code == ERR_NOT_FOUND || err_set(e, why.code, "%s", why.text);
}

/* ── doing it ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void drop_answered(struct view *v, int choice, void *context)
{
    struct outbox_view *o = v->state;
    struct err e = {0};

    if (choice != 2)
        return;
    if (!outbox_drop(app_outbox(v->app), o->asked, app_now(v->app), &e)) {
        app_toast_err(v->app, &e);
        return;
    }
    app_toast(v->app, TOAST_NOTE, "%s", _("Dropped. It can be read for 30 days."));
    app_changed(v->app, CACHE_OUTBOX);
}

static void ask_drop(struct view *sheet)
{
    const struct menu *m = sheet->state;
    struct outbox_view *o = sheet->under->state;
    enum command_state state = m->wish.state;
    bool unknown = m->wish.may_have_arrived || state == COMMAND_RECONCILE;
    bool answered = state == COMMAND_CONFLICT || state == COMMAND_REFUSED;
    const char *choices[] = {_("No"), unknown ? C_("answer", "Drop") : _("Drop (can be read for 30 days)"), NULL};

    memcpy(o->asked, m->key, sizeof o->asked);
    app_question(
        sheet->app, sheet->under,
        &(struct question){
            .text = unknown ? _("Drop this? The system may have taken it; dropping it here takes nothing back.")
                    : answered ? _("Drop this? The system has not taken it.")
                               : _("Drop this? It has not reached the system."),
            .choices = choices,
            .answered = drop_answered});
}

/* What is over 40 days old has a key that the server may have forgotten: it goes as a new wish, on what stands now. */
static bool send_anew(struct app *app, const struct command *w, struct arena *arena, struct err *e)
{
    struct action_request request;
    struct dossier now;
    struct wish_target target = {.dossier = &now};

    if (!outbox_request(arena, w, &request))
        return err_set(e, ERR_DATA, _("Its content cannot be read any more. Open the dossier and do it anew."));
    return cache_dossier(app_cache(app), w->target, arena, &now, &target.seen, e) &&
           app_act_again(app, w->key, &target, &request, e);
}

static void mend(struct app *app, const struct command *w, struct arena *arena)
{
    if (is_intake(w)) {
        app_open(app, &view_intake, &(struct view_arg){.more = &(struct intake_open){.mends = w->key}});
        return;
    }
    struct form_preset preset = {.replaces = w->state == COMMAND_DROPPED ? NULL : w->key};
    struct view_arg arg = {.id = w->target, .action = w->action};

    if (!outbox_is_signature(w) && outbox_request(arena, w, &preset.request))
        arg.more = &preset;
    app_open(app, outbox_is_signature(w) ? &view_sign : &view_form, &arg);
}

static void send_now(struct app *app, const struct command *w, struct arena *arena)
{
    struct err e = {0};

    if (w->state == COMMAND_RECONCILE &&
        is_intake(w)) { /* whether it was taken in is seen by looking: as in the sentence */
        mend(app, w, arena);
        return;
    }
    if (w->state == COMMAND_RECONCILE) {
        if (!send_anew(app, w, arena, &e))
            app_toast_err(app, &e);
        return;
    }
    if (!outbox_retry(app_outbox(app), w->key, &e)) {
        app_toast_err(app, &e);
        return;
    }
    app_sync(app);
    app_toast(app, TOAST_NOTE, "%s", _("It is tried at once."));
    app_changed(app, CACHE_OUTBOX);
}

/* The sheet closes first: what is done may open another view. */
static void perform(struct view *sheet, enum doing doing)
{
    struct app *app = sheet->app;
    struct arena arena = {0};
    struct command w;
    struct err e = {0};

    if (doing == DROP) {
        ask_drop(sheet);
        return;
    }
    bool there = outbox_get(app_outbox(app), ((struct menu *)sheet->state)->key, &arena, &w, &e);
    app_close(app, sheet);
    if (!there)
        app_toast_err(app, &e);
    else if (doing == SEND)
        send_now(app, &w, &arena);
    else if (doing == DOSSIER)
        app_open(app, &view_dossier, &(struct view_arg){.id = w.target});
    else if (doing == MEND)
        mend(app, &w, &arena);
    else
        app_open(app, &view_conflict, &(struct view_arg){.id = w.key});
    arena_clear(&arena);
}

static enum handled command_menu(struct view *v, enum command_id id, struct app *app)
{
    struct menu *m = v->state;

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_9)
        for (size_t i = 0; i < m->n; i++)
            if (m->entries[i].doing == (enum doing)(id - CMD_CHOOSE_1 + 1)) {
                if (m->entries[i].why_not)
                    app_toast(app, TOAST_NOTE, "%s: %s", m->entries[i].label, m->entries[i].why_not);
                else
                    perform(v, m->entries[i].doing);
                return HANDLED;
            }
    if (id == CMD_UP || id == CMD_DOWN) {
        m->focus += id == CMD_DOWN ? m->focus + 1 < m->offered : -(size_t)(m->focus > 0);
        return HANDLED;
    }
    if (id == CMD_OPEN && m->offered) {
        perform(v, m->entries[m->focus].doing);
        return HANDLED;
    }
    return NOT_HANDLED;
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A reason that does not fit behind its label stands below it. */
static bool is_split(const struct entry *entry, int cols)
{
    return entry->why_not && COL_LABEL + text_width(entry->label) + 2 + text_width(entry->why_not) > cols - 1;
}

/* The row below. */
static int draw_entry(const struct entry *entry, struct canvas *c, int row, bool focused)
{
    if (!entry->why_not) {
        canvas_format(c, row, 0, -1, focused ? STYLE_FOCUS : STYLE_TEXT, "%s %d", focused ? ">" : " ",
                      (int)entry->doing);
        canvas_put(c, row, COL_LABEL, -1, STYLE_TEXT, entry->label);
        if (focused)
            canvas_cursor(c, row, 0);
        return row + 1;
    }
    canvas_put(c, row, COL_DIGIT, 1, STYLE_WEAK, "-");
    int used = COL_LABEL + canvas_put(c, row, COL_LABEL, -1, STYLE_WEAK, entry->label);
    if (is_split(entry, c->cols))
        canvas_put(c, ++row, COL_LABEL + 2, -1, STYLE_WEAK, entry->why_not);
    else
        canvas_put(c, row, used < COL_REASON ? COL_REASON : used + 2, -1, STYLE_WEAK, entry->why_not);
    return row + 1;
}

static void draw_menu(const struct view *v, struct canvas *c)
{
    const struct menu *m = v->state;
    struct arena arena = {0};
    char **lines = NULL;
    const char *reason = m->wish.state == COMMAND_REFUSED ? outbox_refusal(&arena, &m->wish) : NULL;
    size_t n = reason ? text_wrap(&arena, reason, c->cols - 4, &lines) : 0;
    int rows = 2 + (int)m->n + (m->offered < m->n); /* the rule, and a blank one at the end */

    for (size_t i = 0; i < m->n; i++)
        rows += is_split(&m->entries[i], c->cols);
    while (n > 0 && rows + (int)n + 1 > view_body_rows(c)) /* what can be done is never pushed out */
        n--;
    int row = view_last_row(c) + 1 - rows - (int)n - (n > 0);

    view_rule(c, row++, _("Process: press a number"));
    for (size_t i = 0; i < n; i++)
        canvas_put(c, row++, 2, c->cols - 3, STYLE_TEXT, lines[i]);
    row += n > 0;
    for (size_t i = 0; i < m->n; i++) {
        if (i == m->offered)
            canvas_put(c, row++, 2, -1, STYLE_WEAK, _("Not possible now"));
        row = draw_entry(&m->entries[i], c, row, i == m->focus);
    }
    if (!m->n)
        canvas_put(c, row, 2, -1, STYLE_TEXT, _("This work is not in the outbox any more."));
    arena_clear(&arena);
}

static const char *message_menu(const struct view *v)
{
    return _("Nothing has changed yet. Press a number to do it, Esc to close.");
}

static unsigned focus_menu(const struct view *v)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static void close_menu(struct view *v)
{
    arena_clear(&((struct menu *)v->state)->arena);
}

static const enum command_id commands_menu[] = {CMD_OPEN, CMD_UP, CMD_DOWN, CMD_BACK, CMD_NONE};

const struct view_ops view_outbox_menu = {
    .name = "outbox_menu",
    .title = NC_("view", "What can be done with it"),
    .state_size = sizeof(struct menu),
    .depends = CACHE_OUTBOX,
    .sheet = true,
    .commands = commands_menu,
    .open = open_menu,
    .load = load_menu,
    .draw = draw_menu,
    .message = message_menu,
    .command = command_menu,
    .focus = focus_menu,
    .close = close_menu,
};
