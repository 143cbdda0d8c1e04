/* view_conflict: a wish that somebody was faster than: who and when, thing by thing what the officer saw, what he did, what stands now,
 * and four ways to go on. It refuses to choose for him: leaving changes nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/conflict_parts.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/dossier_parts.h"
#include "tui/form_preset.h"
#include "tui/outbox_parts.h"
#include "tui/page.h"

#include <string.h>

enum choice { KEEP = 1, TAKE, MEND, LATER };
enum { CHOICES = LATER, CELL_LINES = 3 };

struct card {
    char key[UUID_TEXT];
    struct conflict conflict;
    size_t focus; /* a row, or behind them a choice */
    bool fresh;   /* the focus is still to be put */
};

/* ── loading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Where the officer has to look: what he made otherwise than it stands, else what changed. */
static size_t first_clash(const struct conflict *k)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->rows[i].clash)
            return i;
    for (size_t i = 0; i < k->n; i++)
        if (k->rows[i].changed)
            return i;
    return 0;
}

static void show(struct card *card, const char *key)
{
    snprintf(card->key, sizeof card->key, "%s", key);
    card->fresh = true;
}

static bool open_conflict(struct view *v, const struct view_arg *arg, struct err *e)
{
    struct card *card = v->state;

    show(card, arg->id);
    return conflict_load(&card->conflict, v->app, card->key, e);
}

static bool load_conflict(struct view *v, struct cache *cache, struct err *e)
{
    struct card *card = v->state;

    if (!conflict_load(&card->conflict, v->app, card->key, e))
        return false;
    if (card->fresh)
        card->focus = first_clash(&card->conflict);
    card->fresh = false;
    if (card->focus >= card->conflict.n + CHOICES)
        card->focus = card->conflict.n + CHOICES - 1;
    return true;
}

/* ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *why_not(const struct conflict *k, enum choice choice)
{
    if (choice == LATER)
        return NULL;
    if (!k->stands)
        return _("this work is not stuck any more");
    return choice == KEEP ? k->why_not_keep : choice == MEND ? k->why_not_mend : NULL;
}

/* "phân công Lê Hoàng Nam" */
static char *my_work(struct app *app, struct arena *arena, const struct conflict *k)
{
    char *what = word_inside(arena, text_shown(arena, word_action(k->wish.action).label));
    char *object = k->has_request ? outbox_object(app, arena, &k->request) : NULL;

    return object ? arena_format(arena, "%s %s", what, object) : what;
}

static char *choice_words(const struct view *v, struct arena *arena, enum choice choice)
{
    const struct conflict *k = &((const struct card *)v->state)->conflict;
    const char *reason = why_not(k, choice);

    switch (choice) {
    case KEEP:
        return reason ? arena_format(arena, _("Keep mine: %s"), reason)
                      : arena_format(arena, _("Keep mine: %s on version %lld"), my_work(v->app, arena, k),
                                     (long long)k->now.version);
    case TAKE:
        return reason ? arena_format(arena, _("Take theirs: %s"), reason)
                      : arena_copy(arena, _("Take theirs: drop mine (can be read for 30 days)"));
    case MEND:
        if (reason)
            return arena_format(arena, _("Mend: %s"), reason);
        return arena_copy(arena, outbox_is_signature(&k->wish) ? _("Mend: see what stands now, and sign it")
                                                               : _("Mend: the form again, with my content"));
    case LATER:
        break;
    }
    return arena_copy(arena, _("Later (unless chosen otherwise)"));
}

/* What happened, as far as it is known. */
static char *story(struct app *app, struct arena *arena, const struct conflict *k)
{
    char *what = word_inside(arena, text_shown(arena, word_action(k->wish.action).label));
    char *mine = k->wish.if_match ? arena_format(arena, _("My work (%s) is based on version %s."), what,
                                                 text_shown(arena, k->wish.if_match))
                                  : arena_format(arena, _("My work: %s."), what);
    const struct problem *p = &k->problem;

    if (!p->title)
        return arena_format(
            arena, _("%s What I did to this dossier before was not taken, so this was not sent."), mine);
    if (p->changed_at == INSTANT_NONE)
        return arena_format(arena, _("%s The system answered: %s."), mine, outbox_reason(arena, &k->wish));
    char *when = outbox_moment(app, arena, p->changed_at);
    if (!p->changed_by)
        return arena_format(arena, _("%s At %s the dossier changed (the system or the applicant)."), mine, when);
    return arena_format(arena, _("%s At %s %s changed the dossier."), mine, when,
                        text_shown(arena, cache_officer_name(app_cache(app), p->changed_by)));
}

static char *offered_words(struct arena *arena, const struct conflict *k)
{
    struct buf list = {0};

    for (size_t i = 0; i < k->n_offers && k->offers[i].offered; i++) {
        bool again = action_of(k->offers[i].action) == ACTION_ASSIGN && k->now.assignee;
        const char *word = again ? C_("action", "assign again")
                                 : word_inside(arena, outbox_action(arena, k->offers[i].action, 19));
        buf_format(&list, "%s%s", i ? ", " : "", word);
    }
    char *out = list.len ? arena_format(arena, _("The system now offers: %s."), list.data)
                         : arena_copy(arena, _("The system offers nothing on it now."));
    buf_clear(&list);
    return out;
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct columns {
    int at[3], width[3]; /* seen, mine, now */
    bool brief;
};

static struct columns columns_of(int cols)
{
    int label = cols >= 80 ? 19 : 15, width = (cols - label + 2) / 3;
    struct columns k = {.brief = cols < 80};

    for (int i = 0; i < 3; i++) {
        k.at[i] = label + i * width;
        k.width[i] = (i < 2 ? label + (i + 1) * width : cols) - k.at[i] - 1;
    }
    return k;
}

static char *version_words(struct arena *arena, const char *words, const char *version)
{
    return version ? arena_format(arena, _("%s (version %s)"), words, version) : arena_copy(arena, words);
}

static void write_header(struct page *p, const struct columns *k, const struct conflict *f)
{
    const char *now = f->has_now ? arena_format(&p->arena, "%lld", (long long)f->now.version) : NULL;
    const char *words[3] = {
        version_words(&p->arena, k->brief ? C_("conflict", "Seen") : _("What I saw"), f->wish.if_match),
        _("My work"),
        version_words(&p->arena, k->brief ? C_("conflict", "Now") : _("What stands now"), now),
    };

    page_put(p, 3, -1, STYLE_WEAK, C_("conflict", "Item"));
    for (int i = 0; i < 3; i++)
        page_put(p, k->at[i], k->width[i], STYLE_WEAK, text_cut(&p->arena, words[i], k->width[i]));
    page_next(p);
}

/* Its cells side by side, on as many rows as the longest takes. */
static void write_row(struct page *p, const struct columns *k, const struct conflict_row *row, bool focused)
{
    const char *texts[3] = {row->seen, row->mine, row->now};
    const enum style styles[3] = {STYLE_TEXT, STYLE_MINE, row->changed ? STYLE_THEIRS : STYLE_TEXT};
    size_t most = 1;

    if (focused)
        page_focus(p, 0);
    page_put(p, 1, 1, focused ? STYLE_FOCUS : STYLE_TEXT, row->changed ? "≠" : " ");
    page_put(p, 3, k->at[0] - 4, STYLE_TEXT, text_cut(&p->arena, row->label, k->at[0] - 4));
    int top = p->row;
    for (int i = 0; i < 3; i++) {
        char **lines;
        size_t n = text_wrap(&p->arena, texts[i], k->width[i], &lines);
        if (n > CELL_LINES) { /* the rest is in the dossier, or in the form */
            n = CELL_LINES;
            lines[n - 1] =
                text_cut(&p->arena, arena_format(&p->arena, "%s %s", lines[n - 1], lines[n]), k->width[i]);
        }
        for (size_t line = 0; line < n; line++) {
            p->row = top + (int)line;
            page_put(p, k->at[i], k->width[i], styles[i], lines[line]);
        }
        most = n > most ? n : most;
    }
    p->row = top + (int)most;
}

static void write_card(const struct view *v, struct page *p)
{
    const struct card *card = v->state;
    const struct conflict *k = &card->conflict;
    struct columns columns = columns_of(p->cols);

    page_text(p, 1, STYLE_TEXT, story(v->app, &p->arena, k));
    page_text(p, 1, STYLE_TEXT,
              k->stands ? _("The system has not taken my work.") : _("This work is not stuck any more."));
    page_next(p);
    write_header(p, &columns, k);
    for (size_t i = 0; i < k->n; i++)
        write_row(p, &columns, &k->rows[i], card->focus == i);
    page_next(p);
    page_text(p, 1, STYLE_TEXT,
              k->has_now ? offered_words(&p->arena, k) : _("The dossier is not on this machine any more."));
}

static void draw_choice(const struct view *v, struct canvas *c, int row, enum choice choice)
{
    const struct card *card = v->state;
    struct arena arena = {0};
    bool greyed = why_not(&card->conflict, choice), focused = card->focus == card->conflict.n + choice - 1;
    enum style style = focused ? STYLE_FOCUS : greyed ? STYLE_WEAK : STYLE_TEXT;

    if (focused) {
        canvas_put(c, row, 0, 1, style, ">");
        canvas_cursor(c, row, 0);
    }
    if (greyed)
        canvas_put(c, row, 3, 1, style, "-");
    else
        canvas_format(c, row, 3, 1, style, "%d", (int)choice);
    canvas_put(c, row, 6, -1, greyed ? STYLE_WEAK : STYLE_TEXT,
               text_cut(&arena, choice_words(v, &arena, choice), c->cols - 7));
    arena_clear(&arena);
}

/* The choices stand behind the card, or where that is long, at the bottom with the card scrolling above them. */
static void draw_conflict(const struct view *v, struct canvas *c)
{
    const struct card *card = v->state;
    const struct conflict *k = &card->conflict;
    struct arena arena = {0};
    struct page measured = page_new(NULL, 0, 0, 0, c->cols, 0);

    char *title = arena_format(&arena, _("Conflict · dossier %s"),
                               text_code(&arena, k->wish.code, c->cols >= 120 ? 25 : 10));
    if (k->wish.name)
        title = arena_format(&arena, "%s · %s", title, text_shown(&arena, k->wish.name));
    view_title(c, title, arena_format(&arena, _("done at %s"), outbox_when(v->app, &arena, k->wish.acted_at)));
    write_card(v, &measured);
    int total = page_end(&measured), rows = view_body_rows(c) - CHOICES - 1;
    int row = view_body_row() + (total < rows ? total : rows) + 1;
    if (total > rows)
        rows++; /* no blank line before the choices */
    int focus = measured.focus_row < 0 ? 0 : measured.focus_row;
    struct page p = page_new(c, view_body_row(), 0, rows, c->cols, page_scrolled(0, rows, total, focus, focus));
    write_card(v, &p);
    page_end(&p);
    for (int choice = KEEP; choice <= LATER; choice++)
        draw_choice(v, c, row++, (enum choice)choice);
    arena_clear(&arena);
}

static const char *message_conflict(const struct view *v)
{
    return _("Nothing was sent yet.");
}

/* ── choosing ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void keep_mine(struct view *v, const struct conflict *k)
{
    struct wish_target target = {.dossier = &k->now, .seen = k->now_json};
    struct err e = {0};

    if (app_act_again(v->app, k->wish.key, &target, &k->request, &e))
        app_close(v->app, v);
    else
        app_toast_err(v->app, &e);
}

static void take_theirs(struct view *v, const struct conflict *k)
{
    struct app *app = v->app;
    struct err e = {0};

    if (!outbox_drop(app_outbox(app), k->wish.key, app_now(app), &e)) {
        app_toast_err(app, &e);
        return;
    }
    app_close(app, v);
    app_toast(app, TOAST_NOTE, "%s", _("Dropped. It can be read for 30 days."));
    app_changed(app, CACHE_OUTBOX);
}

static void mend(struct view *v, const struct conflict *k)
{
    const struct form_preset preset = {.request = k->request, .replaces = k->wish.key};
    struct view_arg arg = {.id = k->wish.target, .action = k->wish.action};

    if (!outbox_is_signature(&k->wish))
        arg.more = &preset;
    app_replace(v->app, outbox_is_signature(&k->wish) ? &view_sign : &view_form, &arg);
}

static void choose(struct view *v, enum choice choice)
{
    const struct conflict *k = &((struct card *)v->state)->conflict;
    const char *reason = why_not(k, choice);

    if (reason)
        app_toast(v->app, TOAST_NOTE, "%s", reason);
    else if (choice == KEEP)
        keep_mine(v, k);
    else if (choice == TAKE)
        take_theirs(v, k);
    else if (choice == MEND)
        mend(v, k);
    else
        app_close(v->app, v);
}

/* The next conflict of the outbox, round and round. */
static void go(struct view *v, bool back)
{
    struct card *card = v->state;
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    size_t n, at = 0;

    if (!outbox_list(app_outbox(v->app), 1u << COMMAND_CONFLICT, &arena, &rows, &n, &e)) {
        app_toast_err(v->app, &e);
        n = 0;
    }
    while (at < n && strcmp(rows[at].key, card->key) != 0)
        at++;
    if (n == 0 || (n == 1 && at == 0)) {
        app_toast(v->app, TOAST_NOTE, "%s", _("There is no other conflict."));
    } else {
        show(card, rows[at == n ? 0 : back ? (at + n - 1) % n : (at + 1) % n].key);
        if (!load_conflict(v, app_cache(v->app), &e))
            app_toast_err(v->app, &e);
    }
    arena_clear(&arena);
}

static enum handled command_conflict(struct view *v, enum command_id id, struct app *app)
{
    struct card *card = v->state;
    size_t n = card->conflict.n;
    struct scroll scroll = {.focus = card->focus};

    if (scroll_command(&scroll, id, n + CHOICES, n)) {
        card->focus = scroll.focus;
        return HANDLED;
    }
    if (id >= CMD_CHOOSE_1 && id < CMD_CHOOSE_1 + CHOICES) {
        choose(v, (enum choice)(id - CMD_CHOOSE_1 + KEEP));
        return HANDLED;
    }
    switch (id) {
    case CMD_OPEN:
        if (card->focus >= n)
            choose(v, (enum choice)(card->focus - n + KEEP));
        else
            app_open(app, &view_dossier, &(struct view_arg){.id = card->conflict.wish.target});
        return HANDLED;
    case CMD_NEXT_ITEM:
    case CMD_PREV_ITEM:
        go(v, id == CMD_PREV_ITEM);
        return HANDLED;
    default:
        return NOT_HANDLED;
    }
}

static unsigned focus_conflict(const struct view *v)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static void close_conflict(struct view *v)
{
    conflict_clear(&((struct card *)v->state)->conflict);
}

static const enum command_id commands_conflict[] = {CMD_OPEN, CMD_NEXT_ITEM, CMD_PREV_ITEM, CMD_UP,
                                                    CMD_DOWN, CMD_PAGE_UP,   CMD_PAGE_DOWN, CMD_FIRST,
                                                    CMD_LAST, CMD_NONE};

static const enum command_id *footer_conflict(const struct view *v)
{
    static const enum command_id footer[] = {CMD_OPEN, CMD_NEXT_ITEM, CMD_NONE};

    return footer;
}

const struct view_ops view_conflict = {
    .name = "conflict",
    .title = NC_("view", "Conflict"),
    .state_size = sizeof(struct card),
    .depends = CACHE_OUTBOX | CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_CLOCK,
    .commands = commands_conflict,
    .footer = footer_conflict,
    .open = open_conflict,
    .load = load_conflict,
    .draw = draw_conflict,
    .message = message_conflict,
    .command = command_conflict,
    .focus = focus_conflict,
    .close = close_conflict,
};
