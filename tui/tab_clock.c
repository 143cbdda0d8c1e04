/* tab_clock: why the dossier is due when it is: the days whose hours count, what the sum of them is here, and where the server's time
 * differs from it. The server's time is the one that counts; this tab refuses to hide a difference.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/row.h"
#include "tui/view_dossier.h"

#include <string.h>

#define VALUE 23

struct clock_tab {
    const struct dossier_view *v;
    const struct dossier *d;
    const struct calendar *calendar;
    struct page *p;
    struct arena *arena;
    int32_t offset;
    bool registered;
    int64_t from, due; /* what is counted: from where, and the time that the server set */
};

/* ── what is computed ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* A pause before it was received moved only the time to decide by. */
static bool counts(const struct clock_tab *x, const struct pause *pause)
{
    return x->registered || pause->from >= x->from;
}

/* Our own sum, by the same rules as the server's; INSTANT_NONE: it cannot be computed. */
static int64_t computed(const struct clock_tab *x)
{
    const struct procedure *procedure = x->v->shown.procedure;
    int64_t t = INSTANT_NONE;

    if (x->registered)
        t = calendar_decide_by(x->calendar, x->from);
    else if (procedure && x->from != INSTANT_NONE)
        t = calendar_due(x->calendar, x->from, &procedure->time_limit);
    for (size_t i = 0; i < x->d->n_pauses && t != INSTANT_NONE; i++)
        if (counts(x, &x->d->pauses[i]))
            t = calendar_resume(x->calendar, t, x->d->pauses[i].from, x->d->pauses[i].until);
    return t;
}

/* Minutes of the day that a pause covers, or an empty span. */
static struct hours_span paused_on(const struct clock_tab *x, const struct pause *pause, int32_t day)
{
    int64_t start = instant_day_start(day, x->offset), from = (pause->from - start) / 60, until;

    until = pause->until == INSTANT_NONE ? 1440 : (pause->until - start) / 60;
    if (pause->from < start)
        from = 0;
    if (until > 1440)
        until = 1440;
    return from < until ? (struct hours_span){.from = (int16_t)from, .until = (int16_t)until}
                        : (struct hours_span){.from = 0, .until = 0};
}

/* Takes a pause out of a day's spans; true if that changed something. */
static bool take_pause(struct counted_day *day, struct hours_span pause)
{
    struct counted_day rest = {.n_spans = 0};

    if (pause.from >= pause.until)
        return false;
    for (size_t i = 0; i < day->n_spans; i++) {
        struct hours_span s = day->spans[i], before = {s.from, s.until < pause.from ? s.until : pause.from},
                          after = {s.from > pause.until ? s.from : pause.until, s.until};
        struct hours_span parts[2] = {before, after};
        for (size_t j = 0; j < 2; j++) {
            if (parts[j].from >= parts[j].until || rest.n_spans == CALENDAR_SPANS)
                continue;
            rest.spans[rest.n_spans++] = parts[j];
            rest.minutes += parts[j].until - parts[j].from;
        }
    }
    bool changed = rest.minutes != day->minutes;
    memcpy(day->spans, rest.spans, sizeof day->spans);
    day->n_spans = rest.n_spans;
    day->minutes = rest.minutes;
    return changed;
}

static bool take_pauses(const struct clock_tab *x, struct counted_day *day)
{
    const struct pause now = {.from = x->d->paused_since, .until = INSTANT_NONE};
    bool changed = false;

    for (size_t i = 0; i < x->d->n_pauses; i++)
        if (counts(x, &x->d->pauses[i]))
            changed |= take_pause(day, paused_on(x, &x->d->pauses[i], day->day));
    if (now.from != INSTANT_NONE)
        changed |= take_pause(day, paused_on(x, &now, day->day));
    return changed;
}

/* ── the days ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *sum_words(struct arena *arena, int64_t minutes)
{
    long long hours = (long long)minutes / 60, rest = (long long)minutes % 60;

    if (minutes == 0)
        return "-";
    if (rest == 0)
        return arena_format(arena, _("%lld h"), hours);
    return hours > 0 ? arena_format(arena, _("%lld h %lld’"), hours, rest)
                     : arena_format(arena, _("%lld min"), rest);
}

static const char *span_words(struct arena *arena, struct hours_span s)
{
    return arena_format(arena, "%02d:%02d-%02d:%02d", s.from / 60, s.from % 60, s.until / 60, s.until % 60);
}

/* The break is named once, beside the first day that has one. */
static const char *note_words(const struct clock_tab *x, const struct counted_day *day, bool paused,
                              bool *break_said)
{
    if (day->off)
        return day->name ? text_shown(x->arena, day->name) : _("day off");
    if (instant_day(x->due, x->offset) == day->day)
        return arena_format(x->arena, _("over at %s"), word_clock(x->arena, x->due, x->offset));
    if (paused)
        return _("the clock stood still");
    if (day->name)
        return text_shown(x->arena, day->name);
    if (day->n_spans > 1 && !*break_said) {
        *break_said = true;
        struct hours_span gap = {day->spans[0].until, day->spans[1].from};
        return arena_format(x->arena, _("break %s"), span_words(x->arena, gap));
    }
    return "";
}

struct day_columns {
    int day, spans, sum, note; /* note 0: on a row of its own */
};
static struct day_columns day_columns(int cols)
{
    return cols >= 80 ? (struct day_columns){3, 19, 48, 58} : (struct day_columns){1, 16, 43, 0};
}

static void write_day(struct clock_tab *x, struct counted_day day, bool *break_said)
{
    struct day_columns at = day_columns(x->p->cols);
    struct civil c = day_civil(day.day);
    bool paused = take_pauses(x, &day);
    const char *note = note_words(x, &day, paused, break_said);

    page_put(x->p, at.day, -1, STYLE_TEXT,
             arena_format(x->arena, "%s %s", word_weekday(c.weekday), word_day(x->arena, day.day)));
    page_put(x->p, at.sum, -1, STYLE_TEXT, sum_words(x->arena, day.minutes));
    if (at.note > 0)
        page_put(x->p, at.note, -1, STYLE_TEXT, note);
    if (day.n_spans == 0)
        page_put(x->p, at.spans, -1, STYLE_TEXT, "-");
    for (size_t i = 0; i < day.n_spans; i++) {
        if (i > 0 && i % 2 == 0)
            page_next(x->p);
        page_put(x->p, at.spans + (int)(i % 2) * 13, -1, STYLE_TEXT, span_words(x->arena, day.spans[i]));
    }
    page_next(x->p);
    if (at.note == 0 && *note) {
        page_put(x->p, at.spans, -1, STYLE_TEXT, note);
        page_next(x->p);
    }
}

static void write_days(struct clock_tab *x)
{
    struct day_columns at = day_columns(x->p->cols);
    struct counted_day *days;
    size_t n = calendar_explain(x->calendar, x->from, x->due, x->arena, &days);
    bool break_said = false;

    if (n == 0)
        return;
    page_put(x->p, at.day, -1, STYLE_TITLE, C_("column", "Day"));
    page_put(x->p, at.spans, -1, STYLE_TITLE, _("Working hours that count"));
    page_put(x->p, at.sum, -1, STYLE_TITLE, C_("hours", "Sum"));
    if (at.note > 0)
        page_put(x->p, at.note, -1, STYLE_TITLE, C_("column", "Note"));
    page_next(x->p);
    for (size_t i = 0; i < n; i++)
        write_day(x, days[i], &break_said);
    page_next(x->p);
}

/* ── the sentences ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void fact(struct clock_tab *x, const char *label, const char *value)
{
    page_fact(x->p, 1, VALUE - 1, label, value);
}

static void write_head(struct clock_tab *x)
{
    struct time_left left = x->v->shown.left;
    const struct procedure *procedure = x->v->shown.procedure;

    page_put(x->p, 1, -1, STYLE_WEAK, _("Due by the system:"));
    page_put(x->p, VALUE, -1, STYLE_TEXT, x->due == INSTANT_NONE ? "-" : word_when(x->arena, x->due, x->offset));
    int col = x->p->cols >= 80 ? 49 : 41;
    page_put(x->p, col, 2, row_time_style(left.kind), word_time_mark(left));
    page_put(x->p, col + 3, -1, row_time_style(left.kind), word_time_left(x->arena, left));
    page_next(x->p);
    if (x->registered)
        page_text(x->p, 1, STYLE_TEXT,
                  arena_format(x->arena, _("Rule: 8 working hours to decide, counted from %s (when it was filed)"),
                               word_when(x->arena, x->from, x->offset)));
    else if (procedure && x->from != INSTANT_NONE)
        page_text(x->p, 1, STYLE_TEXT,
                  arena_format(x->arena, _("Rule: %s, counted from %s (when it was received)"),
                               word_duration(x->arena, &procedure->time_limit),
                               word_when(x->arena, x->from, x->offset)));
    if (x->d->extended_from != INSTANT_NONE)
        page_text(x->p, 1, STYLE_TEXT,
                  arena_format(x->arena, _("Put off with an apology: it was due %s before."),
                               word_when(x->arena, x->d->extended_from, x->offset)));
    page_next(x->p);
}

/* What our sum is beside the server's; after an apology beside what the server had before. */
static void write_sum(struct clock_tab *x)
{
    int64_t ours = computed(x), theirs = x->d->extended_from != INSTANT_NONE ? x->d->extended_from : x->due;

    if (ours == INSTANT_NONE || theirs == INSTANT_NONE) {
        fact(x, _("Computed here:"), _("cannot be computed"));
        return;
    }
    int64_t apart = ours < theirs ? calendar_between(x->calendar, ours, theirs)
                                  : calendar_between(x->calendar, theirs, ours);
    const char *when = word_when(x->arena, ours, x->offset);
    if (apart < 60)
        fact(x, _("Computed here:"), arena_format(x->arena, _("%s   agrees with the system"), when));
    else
        fact(x, _("Computed here:"),
             arena_format(x->arena, _("%s   the system differs by %s; the system's time counts"), when,
                          sum_words(x->arena, apart / 60)));
}

static void write_pauses(struct clock_tab *x)
{
    const char *label = _("Stood still:");

    for (size_t i = 0; i < x->d->n_pauses; i++, label = "") {
        const struct pause *pause = &x->d->pauses[i];
        fact(x, label,
             arena_format(x->arena, _("%s to %s, %s"), word_when(x->arena, pause->from, x->offset),
                          word_when(x->arena, pause->until, x->offset),
                          word_inside(x->arena, text_shown(x->arena, word_status(pause->status)))));
    }
    if (x->d->paused_since != INSTANT_NONE)
        fact(x, label,
             arena_format(x->arena, _("since %s, %s"), word_when(x->arena, x->d->paused_since, x->offset),
                          word_inside(x->arena, text_shown(x->arena, word_status(x->d->status)))));
    else if (x->d->n_pauses == 0)
        fact(x, label, _("never yet"));
}

static void write_office(struct clock_tab *x)
{
    struct cache *cache = app_cache(x->v->app);
    const struct unit *unit = cache_unit(cache, x->d->unit);
    const char *name = text_shown(x->arena, cache_unit_name(cache, x->d->unit)),
               *zone = x->calendar->hours->time_zone;
    bool committee = unit && unit->level && strcmp(unit->level, "department") != 0;

    if (committee)
        name = arena_format(x->arena, _("people's committee of %s"), word_inside(x->arena, name));
    fact(x, _("Working hours of:"),
         arena_format(
             x->arena, _("%s, version %lld, %s"), name, (long long)cache_calendar_version(cache, x->d->unit),
             zone && strncmp(zone, "Asia/", 5) == 0 ? _("Vietnamese time") : text_shown(x->arena, zone)));
}

static void write_verdict(struct clock_tab *x)
{
    int64_t ended = x->d->completed_at;

    if (x->registered || x->due == INSTANT_NONE)
        return;
    page_next(x->p);
    if (ended != INSTANT_NONE) {
        page_text(x->p, 1, STYLE_TEXT,
                  arena_format(x->arena, _("Done %s: %s."), word_when(x->arena, ended, x->offset),
                               word_time_left(x->arena, x->v->shown.left)));
    } else if (dossier_is_open(x->d)) {
        const char *day = word_day_short(x->arena, x->due, app_now(x->v->app), x->offset);
        page_text(x->p, 1, STYLE_TEXT,
                  arena_format(x->arena, _("Done before %s: early. Done on %s: on time."), day, day));
    }
}

static void write(const struct dossier_view *v, struct page *p)
{
    const struct dossier *d = &v->shown.d;
    bool registered = status_of(d->status) == STATUS_REGISTERED;
    struct clock_tab x = {.v = v,
                          .d = d,
                          .calendar = v->shown.calendar,
                          .p = p,
                          .arena = &p->arena,
                          .offset = v->shown.calendar->usable ? v->shown.calendar->offset : app_offset(v->app),
                          .registered = registered,
                          .from = registered ? d->submitted_at : d->received_at,
                          .due = registered ? d->decide_by : d->due_at};

    write_head(&x);
    if (!x.calendar->usable) {
        page_text(
            p, 1, STYLE_TEXT,
            arena_format(
                x.arena,
                _("There are no working hours of %s here, so what is left cannot be computed. Due by the system: %s."),
                text_shown(x.arena, cache_unit_name(app_cache(v->app), d->unit)),
                x.due == INSTANT_NONE ? "-" : word_when(x.arena, x.due, x.offset)));
        return;
    }
    if (x.from != INSTANT_NONE && x.due != INSTANT_NONE)
        write_days(&x);
    write_sum(&x);
    write_pauses(&x);
    write_office(&x);
    write_verdict(&x);
}

static const enum command_id footer[] = {CMD_PRINT, CMD_NEXT_ITEM, CMD_PREV_ITEM, CMD_NONE};

const struct dossier_tab tab_clock = {.label = NC_("tab", "Due time"), .write = write, .footer = footer};
