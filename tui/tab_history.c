/* tab_history: what happened, newest on top: the officer's own unsent work apart from what the system knows. Events are asked for when
 * they are looked at; where they cannot be had, the dossier's own times stand in, and it is said so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/view_dossier.h"

#include <string.h>

#define WHEN  4
#define NAME  17
#define WORDS 34

/* ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

void history_clear(struct dossier_view *v)
{
    if (v->history.ask)
        app_cancel_ask(v->app, v->history.ask);
    arena_clear(&v->history.arena);
    v->history = (struct history){0};
}

void history_ask(struct view *view, bool again)
{
    struct dossier_view *v = view->state;
    struct history *h = &v->history;

    if (!v->shown.loaded || h->ask)
        return;
    if (!again && (h->version == v->shown.d.version || h->err.code != ERR_NONE))
        return;
    struct ask ask = {.kind = ASK_EVENTS, .dossier = mem_copy(v->shown.d.id)};
    h->err = (struct err){0};
    h->ask = app_ask(v->app, view, &ask);
}

/* Events that are newer than what is held belong to the version that comes with the feed: they are shown all the same. */
void history_answered(struct dossier_view *v, const struct answer *answer)
{
    struct history *h = &v->history;

    h->ask = 0;
    h->err = answer->err;
    if (answer->err.code != ERR_NONE)
        return;
    arena_clear(&h->arena);
    codec_copy(&shape_event_page, &answer->events, &h->arena, &h->events);
    h->version = v->shown.d.version;
    h->taken_at = app_now(v->app);
}

/* ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Words of the server beside the actions (contract, Event). */
static const char *event_label(const struct dossier *d, struct arena *arena, const struct event *event)
{
    static const struct {
        const char *id, *key;
    } words[] = {
        {"correct", NC_("event", "Corrected")},
        {"attach", NC_("event", "File attached")},
        {"detach", NC_("event", "File taken away")},
        {"pay", NC_("event", "Paid")},
    };
    if (strcmp(event->action, "create") == 0)
        return dossier_intake_words(d->channel, event->by != NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].id, event->action) == 0)
            return i18n_shown(words[i].key);
    return text_shown(arena, word_action(event->action).label);
}

/* "Ghi chú: …"; an assignment's note begins with whom it is for: "Phân công cho …". */
static const char *with_note(struct arena *arena, const char *label, const char *action, const char *note)
{
    if (!note || !*note)
        return label;
    return arena_format(arena, "%s%s%s", label, strcmp(action, "assign") == 0 ? " " : ": ",
                        text_shown(arena, note));
}

static const char *wish_words(const struct dossier_view *v, struct arena *arena, const struct command *c)
{
    struct action_request r;
    const char *label = text_shown(arena, word_action(c->action).label);

    if (!c->body || !codec_read(&shape_action_request, c->body, c->body_len, arena, &r, NULL, NULL))
        return label;
    if (r.assignee)
        label = arena_format(arena, _("%s to %s"), label,
                             text_shown(arena, cache_officer_name(app_cache(v->app), r.assignee)));
    return r.note && *r.note ? arena_format(arena, "%s: %s", label, text_shown(arena, r.note)) : label;
}

static const char *when_words(const struct dossier_view *v, struct arena *arena, int64_t at)
{
    int32_t offset = app_offset(v->app);
    char *day = word_day_short(arena, at, app_now(v->app), offset);

    return strlen(day) > 5 ? day : arena_format(arena, "%s %s", day, word_clock(arena, at, offset));
}

/* ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct line {
    const char *mark, *who, *words;
    int64_t at;
    const char *from, *to; /* statuses, NULL: it stayed */
};

static void write_line(const struct dossier_view *v, struct page *p, const struct line *line, bool focused)
{
    struct arena *arena = &p->arena;

    if (focused)
        page_focus(p, 0);
    page_put(p, 2, 1, STYLE_MINE, line->mark);
    page_put(p, WHEN, -1, STYLE_TEXT, when_words(v, arena, line->at));
    page_put(p, NAME, -1, STYLE_TEXT, text_cut(arena, line->who, WORDS - NAME - 1));
    page_text(p, WORDS, STYLE_TEXT, line->words);
    if (!line->to || (line->from && strcmp(line->from, line->to) == 0))
        return;
    const char *to = text_shown(arena, word_status(line->to));
    page_text(p, WORDS, STYLE_TEXT,
              line->from ? arena_format(arena, "%s → %s", text_shown(arena, word_status(line->from)), to)
                         : arena_format(arena, "→ %s", to));
}

static const char *who_words(const struct dossier_view *v, struct arena *arena, const char *by)
{
    return text_shown(arena, cache_officer_name(app_cache(v->app), by));
}

/* No officer: the applicant, or the system (contract, Event). */
static const char *nobody_words(const struct event *event)
{
    return strcmp(event->action, "create") == 0 ? _("the applicant") : _("(not said)");
}

static void write_wishes(const struct dossier_view *v, struct page *p)
{
    size_t n = v->shown.n_wishes;

    if (n == 0)
        return;
    page_put(p, 1, -1, STYLE_TITLE, C_("history", "Not sent"));
    page_next(p);
    for (size_t i = 0; i < n; i++) { /* newest first */
        const struct command *c = &v->shown.wishes[n - 1 - i];
        write_line(v, p,
                   &(struct line){.mark = sync_mark_text(command_mark(c)),
                                  .who = who_words(v, &p->arena, c->actor),
                                  .words = wish_words(v, &p->arena, c),
                                  .at = c->acted_at},
                   v->focus[TAB_HISTORY] == i);
    }
}

static void write_events(const struct dossier_view *v, struct page *p)
{
    const struct event_page *events = &v->history.events;

    page_put(p, 1, -1, STYLE_TITLE,
             arena_format(&p->arena, _("Taken by the system (as of %s)"),
                          word_clock(&p->arena, v->history.taken_at, app_offset(v->app))));
    page_next(p);
    for (size_t i = 0; i < events->n_items; i++) {
        const struct event *event = &events->items[events->n_items - 1 - i];
        const char *label = event_label(&v->shown.d, &p->arena, event);
        if (event->on_behalf_of) /* here, since beside his name it would be cut */
            label =
                arena_format(&p->arena, _("%s, for %s"), label, who_words(v, &p->arena, event->on_behalf_of));
        write_line(v, p,
                   &(struct line){.mark = "",
                                  .who = event->by ? who_words(v, &p->arena, event->by) : nobody_words(event),
                                  .words = with_note(&p->arena, label, event->action, event->note),
                                  .at = event->at,
                                  .from = event->from,
                                  .to = event->to},
                   v->focus[TAB_HISTORY] == v->shown.n_wishes + i);
    }
    page_next(p);
    page_text(p, 1, STYLE_TEXT, arena_format(&p->arena, _("The end. %zu events."), events->n_items));
}

static void write_moments(const struct dossier_view *v, struct page *p)
{
    struct dossier_moment *moments;
    size_t n = dossier_moments(&p->arena, &v->shown.d, &moments);

    page_put(p, 1, -1, STYLE_TITLE, _("What the dossier says of itself"));
    page_next(p);
    for (size_t i = 0; i < n; i++)
        write_line(v, p,
                   &(struct line){.mark = "",
                                  .who = who_words(v, &p->arena, moments[i].by),
                                  .words = moments[i].words,
                                  .at = moments[i].at,
                                  .to = moments[i].status},
                   v->focus[TAB_HISTORY] == v->shown.n_wishes + i);
    page_next(p);
    if (v->history.ask)
        page_text(p, 1, STYLE_TEXT, _("Asking the server for all of it…"));
    else if (v->history.err.code != ERR_NONE)
        page_text(p, 1, STYLE_TEXT,
                  arena_format(&p->arena, _("The whole history is on the server: %s"), v->history.err.text));
}

static void write(const struct dossier_view *v, struct page *p)
{
    write_wishes(v, p);
    if (v->history.version)
        write_events(v, p);
    else
        write_moments(v, p);
}

static size_t items(const struct dossier_view *v)
{
    struct arena arena = {0};
    struct dossier_moment *moments;
    size_t n = v->history.version ? v->history.events.n_items : dossier_moments(&arena, &v->shown.d, &moments);

    arena_clear(&arena);
    return v->shown.n_wishes + n;
}

static const enum command_id footer[] = {CMD_SYNC, CMD_NEXT_ITEM, CMD_PREV_ITEM, CMD_ACT, CMD_NONE};

const struct dossier_tab tab_history = {
    .label = NC_("tab", "History"), .write = write, .items = items, .footer = footer};
