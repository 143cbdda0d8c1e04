/* view_intake: taking a dossier in: who files it, the procedure's form, papers, fees, all of it once more. A scanner's card fills it in
 * wherever the focus is; every keystroke is kept. It refuses to send what lacks something or is in doubt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_intake.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/intake_draw.h"
#include "tui/view_pick.h"

#include <stdlib.h>
#include <string.h>

#define TABS_ROW 2
#define BODY_ROW 3

static void close_intake(struct view *view)
{
    struct intake_view *v = view->state;

    intake_clear(&v->form);
    arena_clear(&v->known_arena);
    arena_clear(&v->sent_arena);
    mem_free(&v->known_number);
    free(v->scanned);
    free(v->message);
}

static bool load(struct view *view, struct cache *cache, struct err *e)
{
    struct intake_view *v = view->state;

    return v->stage != INTAKE_SAVED || intake_load_sent(view, e);
}

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const tab_labels[INTAKE_TABS] = {NC_("intake tab", "Applicant"),
                                                    NC_("intake tab", "Content"), NC_("intake tab", "Papers"),
                                                    NC_("intake tab", "Fees"), NC_("intake tab", "Review")};

static void draw_tabs(struct intake_view *v, struct canvas *c)
{
    struct arena arena = {0};
    int col = 1;

    for (int i = 0; i < INTAKE_TABS; i++) {
        bool here = i == (int)v->form.tab;
        const char *label = i18n_shown(tab_labels[i]);
        if (i == INTAKE_PAPERS) {
            size_t all, there = intake_papers_there(&v->form, &all);
            label = arena_format(&arena, "%s %zu/%zu", label, there, all);
        }
        col += canvas_format(c, TABS_ROW, col, -1, here ? STYLE_CHOSEN : STYLE_TEXT, here ? "[%s]" : " %s ",
                             label) +
               2;
    }
    if (v->form.tab != INTAKE_REVIEW)
        canvas_put(c, TABS_ROW, col + 3, -1, STYLE_WEAK, _("PgDn: next part"));
    arena_clear(&arena);
}

static const char *title_of(struct intake_view *v, struct arena *arena)
{
    const char *procedure = arena_format(arena, "%s %s", text_shown(arena, v->form.procedure.code),
                                         text_shown(arena, v->form.procedure.name));

    if (v->stage == INTAKE_PROVISIONAL)
        return arena_format(arena, _("New dossier · taken in without a line · %s"), procedure);
    return arena_format(arena, _("New dossier · %s · %s"), procedure,
                        word_channel(intake_text(&v->form, "channel")));
}

static const char *kept_words(const struct view *view, struct arena *arena)
{
    const struct intake_view *v = view->state;
    int32_t offset = app_offset(view->app);

    if (v->unsaved)
        return _("draft NOT kept");
    if (v->stage == INTAKE_SAVED || !*v->draft.key)
        return "";
    return arena_format(arena, _("draft kept %s:%02d"), word_clock(arena, v->draft.changed_at, offset),
                        instant_civil(v->draft.changed_at, offset).second);
}

static void draw_form(const struct view *view, struct canvas *c)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    const char *key = keymap_keys(app_keymap(view->app), "intake", FOCUS_TEXT, CMD_FIND, true, &arena);
    struct intake_words words = {
        .scanned = v->scanned ? v->scanned : _("Scan a card, or type; a card is read wherever the focus is."),
        .before = intake_known_words(view, &arena, key),
        .find_key = key};
    int rows = view_body_rows(c) - 1;

    draw_tabs(v, c);
    struct page measured = page_new(NULL, 0, 0, rows, c->cols - 1, 0);
    intake_write(&v->form, &words, &measured);
    int focus = measured.focus_row, end = measured.focus_end, total = page_end(&measured);
    bool start = v->form.at[v->form.tab] == 0 || focus < rows - 2 || focus < 0;
    v->first = page_scrolled(v->first, rows, total, start ? 0 : focus, start ? 0 : end);
    struct page p = page_new(c, BODY_ROW, 0, rows, c->cols - 1, v->first);
    if (focus < 0)
        canvas_cursor(c, BODY_ROW, 1);
    intake_write(&v->form, &words, &p);
    page_end(&p);
    arena_clear(&arena);
}

static void draw(const struct view *view, struct canvas *c)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};

    view_title(c, title_of(v, &arena), kept_words(view, &arena));
    if (v->stage == INTAKE_FILLING)
        draw_form(view, c);
    else
        intake_draw_stage(view, c);
    arena_clear(&arena);
}

static const char *message(const struct view *view)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    struct intake_part *first;
    size_t unsure = intake_unsure(&v->form);

    mem_free(&v->message);
    if (v->stage != INTAKE_FILLING) {
        v->message = mem_copy(intake_stage_message(view, &arena));
    } else if (unsure) {
        const char *key = keymap_keys(app_keymap(view->app), "intake", FOCUS_TEXT, CMD_FIND, true, &arena);
        v->message = mem_format(
            _("%zu places could not be read for certain (?). %s to choose a reading, or type it again."),
            unsure, key);
    } else {
        const char *missing = intake_missing(&v->form, &arena, &first);
        v->message = *missing ? mem_format(_("Still missing: %s. Fill it in and press F9."), missing)
                              : mem_copy(_("Enough to send."));
    }
    arena_clear(&arena);
    return v->message;
}

/* ── what a field offers ───────────────────────────────────────────────────────────────────────────────────────────── */

static void picked(struct view *view, size_t item)
{
    struct intake_view *v = view->state;
    struct intake_part *p = intake_focus(&v->form);

    if (!p || !intake_is_unsure(p))
        return;
    if (item < p->card->n_readings)
        intake_take_reading(&v->form, p, item);
    else
        p->card = NULL; /* it is as the card says */
    intake_look_up(view);
    intake_draft_save(view);
}

static void offer(struct view *view)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    struct intake_part *p = intake_focus(&v->form);

    if (p && intake_is_unsure(p)) {
        size_t n = p->card->n_readings;
        const char **items = arena_alloc(&arena, (n + 2) * sizeof *items);
        for (size_t i = 0; i < n; i++)
            items[i] = text_shown(&arena, p->card->readings[i]);
        if (*p->card->text)
            items[n] = arena_format(&arena, _("It is as it stands: %s"), text_shown(&arena, p->card->text));
        view_pick_open(
            view, &(struct pick){.title = _("How it is read: press a number"), .items = items, .picked = picked});
    } else if (intake_take_known(view)) {
        intake_draft_save(view);
    } else {
        app_toast(view->app, TOAST_NOTE, "%s", _("There is nothing to choose for this field."));
    }
    arena_clear(&arena);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void changed(struct view *view)
{
    intake_look_up(view);
    intake_draft_save(view);
}

static void show_tab(struct view *view, int by)
{
    struct intake_view *v = view->state;
    int tab = (int)v->form.tab + by;

    if (tab < 0 || tab >= INTAKE_TABS)
        return;
    v->form.tab = (enum intake_tab)tab;
    v->first = 0;
    struct intake_part *p = intake_focus(&v->form);
    if (p && !intake_is_seen(&v->form, p) && !intake_step(&v->form, 1))
        intake_step(&v->form, -1);
}

/* Past the last field of a part is the next part. */
static void step(struct view *view, int by)
{
    struct intake_view *v = view->state;

    if (!intake_step(&v->form, by) && by > 0)
        show_tab(view, 1);
}

static bool choice_command(struct view *view, struct intake_part *p, enum command_id id)
{
    size_t n = p->n;

    switch (id) {
    case CMD_PREV_TAB:
        p->chosen = p->chosen >= n ? n - 1 : p->chosen > 0 ? p->chosen - 1 : 0;
        break;
    case CMD_NEXT_TAB:
        p->chosen = p->chosen >= n ? 0 : p->chosen + 1 < n ? p->chosen + 1 : p->chosen;
        break;
    case CMD_MARK:
        p->chosen = p->chosen + 1 < n ? p->chosen + 1 : 0;
        break;
    default:
        return false;
    }
    changed(view);
    return true;
}

static bool paper_command(struct view *view, struct intake_part *p, enum command_id id)
{
    size_t digit = id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_9 ? (size_t)(id - CMD_CHOOSE_1) + 1 : 0;

    if (id == CMD_PREV_TAB || id == CMD_NEXT_TAB) {
        if (id == CMD_PREV_TAB ? p->column > 0 : p->column < INTAKE_COUNTS)
            p->column += id == CMD_NEXT_TAB ? 1 : (size_t)-1;
        return true;
    }
    if (id == CMD_MARK)
        p->chosen = p->chosen == p->n - 1 ? 0 : p->n - 1;
    else if (!(digit || id == CMD_CHOOSE_0) || (p->column == 0 && (digit == 0 || digit > p->n)))
        return false;
    else if (p->column == 0)
        p->chosen = digit - 1;
    else
        p->counts[p->column - 1] = (int64_t)digit;
    changed(view);
    return true;
}

static bool line_command(struct view *view, struct intake_part *p, enum command_id id)
{
    bool edits = (id >= CMD_ERASE && id <= CMD_ERASE_LINE) || id == CMD_NEWLINE;

    if (!field_command(&p->text, id))
        return false;
    if (edits)
        changed(view);
    return true;
}

static bool part_command(struct view *view, enum command_id id)
{
    struct intake_view *v = view->state;
    struct intake_part *p = intake_focus(&v->form);

    if (!p)
        return false;
    if (p->kind == INTAKE_CHOICE)
        return choice_command(view, p, id);
    return p->kind == INTAKE_PAPER ? paper_command(view, p, id) : line_command(view, p, id);
}

static enum handled stage_command(struct view *view, enum command_id id, struct app *app)
{
    struct intake_view *v = view->state;

    if (v->stage == INTAKE_SAVED) {
        if ((id != CMD_OPEN && id != CMD_PRINT) || !v->id)
            return NOT_HANDLED;
        app_open(app, id == CMD_PRINT ? &view_print : &view_dossier, &(struct view_arg){.id = v->id});
        return HANDLED;
    }
    switch (id) {
    case CMD_UP:
    case CMD_DOWN:
        v->choice = id == CMD_DOWN;
        return HANDLED;
    case CMD_CHOOSE_1:
    case CMD_CHOOSE_2:
        v->choice = id == CMD_CHOOSE_2;
        break;
    case CMD_OPEN:
        break;
    case CMD_BACK:
        v->choice = 0;
        break;
    default:
        return NOT_HANDLED;
    }
    v->stage = INTAKE_FILLING;
    if (v->choice == 1)
        intake_save_wish(view);
    return HANDLED;
}

static enum handled command(struct view *view, enum command_id id, struct app *app)
{
    struct intake_view *v = view->state;

    if (v->stage != INTAKE_FILLING)
        return stage_command(view, id, app);
    switch (id) {
    case CMD_ACCEPT:
        intake_send(view);
        return HANDLED;
    case CMD_FIND:
        offer(view);
        return HANDLED;
    case CMD_PAGE_DOWN:
    case CMD_PAGE_UP:
        show_tab(view, id == CMD_PAGE_DOWN ? 1 : -1);
        return HANDLED;
    case CMD_NEXT_PART:
    case CMD_SUBMIT:
    case CMD_OPEN:
        step(view, 1);
        return HANDLED;
    case CMD_PREV_PART:
        step(view, -1);
        return HANDLED;
    default:
        if (part_command(view, id))
            return HANDLED;
        if (id != CMD_UP && id != CMD_DOWN)
            return NOT_HANDLED;
        intake_step(&v->form, id == CMD_DOWN ? 1 : -1);
        return HANDLED;
    }
}

static void text(struct view *view, const char *utf8)
{
    struct intake_view *v = view->state;
    struct intake_part *p = intake_focus(&v->form);

    if (v->stage != INTAKE_FILLING || !p)
        return;
    if (p->kind == INTAKE_CHOICE) {
        size_t digit = utf8[0] >= '1' && utf8[0] <= '9' && !utf8[1] ? (size_t)(utf8[0] - '0') : 0;
        if (digit == 0 || digit > p->n) {
            app_toast(view->app, TOAST_NOTE, "%s",
                      _("Here ← → or Space choose, or the number of what is chosen."));
            return;
        }
        p->chosen = digit - 1;
    } else {
        app_type(view->app, &p->text, utf8);
    }
    changed(view);
}

static unsigned focus(const struct view *view)
{
    struct intake_view *v = view->state;
    const struct intake_part *p = v->stage == INTAKE_FILLING ? intake_focus(&v->form) : NULL;

    if (!p || p->kind == INTAKE_PAPER)
        return FOCUS_ROW | FOCUS_NUMBER;
    if (p->kind == INTAKE_NOTE)
        return FOCUS_NOTE | FOCUS_TEXT;
    return p->kind == INTAKE_CHOICE ? FOCUS_ROW | FOCUS_TEXT : FOCUS_PROMPT | FOCUS_TEXT;
}

static const char *blocked(const struct view *view, enum command_id id)
{
    const struct intake_view *v = view->state;
    bool filling = v->stage == INTAKE_FILLING;

    if ((id == CMD_OPEN || id == CMD_PRINT) && v->stage == INTAKE_SAVED && !v->id)
        return _("its code has not come yet");
    if (id == CMD_PRINT && v->stage != INTAKE_SAVED)
        return "";
    if (filling || id == CMD_OPEN || id == CMD_UP || id == CMD_DOWN || (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_0))
        return NULL;
    return id == CMD_ACCEPT || id == CMD_FIND || id == CMD_NEXT_PART || id == CMD_MARK || id == CMD_INPUT_METHOD
               ? ""
               : NULL;
}

static const enum command_id commands[] = {
    CMD_NEXT_PART, CMD_INPUT_METHOD, CMD_FIND,       CMD_ACCEPT,     CMD_OPEN,     CMD_PRINT,    CMD_MARK,
    CMD_PREV_PART, CMD_PAGE_UP,      CMD_PAGE_DOWN,  CMD_UP,         CMD_DOWN,     CMD_PREV_TAB, CMD_NEXT_TAB,
    CMD_FIRST,     CMD_LAST,         CMD_SUBMIT,     CMD_NEWLINE,    CMD_CHOOSE_1, CMD_CHOOSE_2, CMD_CHOOSE_3,
    CMD_CHOOSE_4,  CMD_CHOOSE_5,     CMD_CHOOSE_6,   CMD_CHOOSE_7,   CMD_CHOOSE_8, CMD_CHOOSE_9, CMD_CHOOSE_0,
    CMD_ERASE,     CMD_ERASE_NEXT,   CMD_ERASE_WORD, CMD_ERASE_LINE, CMD_NONE};
static const enum command_id footer_fields[] = {CMD_NEXT_PART, CMD_INPUT_METHOD, CMD_FIND, CMD_ACCEPT, CMD_NONE};
static const enum command_id footer_rows[] = {CMD_MARK, CMD_NEXT_PART, CMD_ACCEPT, CMD_NONE};
static const enum command_id footer_asked[] = {CMD_OPEN, CMD_NONE};
static const enum command_id footer_done[] = {CMD_OPEN, CMD_PRINT, CMD_NEW, CMD_OUTBOX, CMD_NONE};

static const enum command_id *footer(const struct view *view)
{
    struct intake_view *v = view->state;
    const struct intake_part *p = intake_focus(&v->form);

    if (v->stage != INTAKE_FILLING)
        return v->stage == INTAKE_SAVED ? footer_done : footer_asked;
    return !p || p->kind == INTAKE_PAPER || p->kind == INTAKE_CHOICE ? footer_rows : footer_fields;
}

const struct view_ops view_intake = {
    .name = "intake",
    .title = NC_("view", "New dossier"),
    .state_size = sizeof(struct intake_view),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX | CACHE_LINE | CACHE_CLOCK,
    .commands = commands,
    .footer = footer,
    .open = intake_opened,
    .load = load,
    .draw = draw,
    .message = message,
    .command = command,
    .blocked = blocked,
    .focus = focus,
    .card = intake_card,
    .text = text,
    .close = close_intake,
};
