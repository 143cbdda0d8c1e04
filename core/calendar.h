/* calendar: working time. When a dossier is due, what is left of it, and why (domain.md, "The clock").
 * It knows no clock: every instant is handed in. It refuses to guess: an empty calendar or an unknown zone cannot compute.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_CALENDAR_H
#define MOTCUA_CORE_CALENDAR_H

#include "core/instant.h"
#include "core/mem.h"
#include "core/types.h"

/* A unit's office hours made ready to compute with. Borrows `hours`; no memory of its own. Cheap enough to make per unit. */
struct calendar {
    const struct office_calendar *hours;
    int32_t offset; /* of its zone, seconds east; 0 where the zone is not known */
    bool usable;    /* false: no hours at all, a zone that we do not know, or spans that no day can have */
    bool sorted; /* its exceptions stand by date, each date once: found by halving, else from the first on */
};
#define CALENDAR_SPANS      6    /* the most that a day may have */
#define CALENDAR_REACH_DAYS 3653 /* ten years: so far it looks, so that a foolish amount costs little */
struct calendar calendar_of(const struct office_calendar *hours); /* NULL: not usable */

/* It is usable, and `t` an instant of the years 1 to 9999: INSTANT_NONE, INSTANT_NEVER and nonsense are not. */
bool calendar_computes(const struct calendar *, int64_t t);

/* The spans of one day, exceptions considered; `*name` (may be NULL) is the exception's name or NULL. */
const struct day_hours *calendar_day(const struct calendar *, int32_t day, const char **name);
/* The working day and the second of it that t counts as, looking back: of a day off the end of the working day before. */
int32_t calendar_place(const struct calendar *, int64_t t, int64_t *second);
/* The nearest working day after (`way` 1) or before (-1) `day`; DAY_NONE: none within 400 days. */
int32_t calendar_step(const struct calendar *, int32_t day, int way);
/* That second of a working day, or, where the day has not that time (lunch, a shorter day), its next working moment, or else
 * its last. */
int64_t calendar_at(const struct calendar *, int32_t day, int64_t second);

/* The first instant ≥ t that is working time. INSTANT_NONE: not within 400 days, or not usable. All below answer INSTANT_NONE
 * too where they would have to look further than CALENDAR_REACH_DAYS. */
int64_t calendar_next(const struct calendar *, int64_t t);
/* Working seconds in [from, until). 0 if until ≤ from. */
int64_t calendar_between(const struct calendar *, int64_t from, int64_t until);
/* After so many working seconds, counted from the next working moment; over lunch and into the next morning. A sum that ends
 * with a span ends there (17:00), not at the next morning's start. */
int64_t calendar_add_time(const struct calendar *, int64_t from, int64_t seconds);
/* After so many days of the calendar, counted from the next working moment, at the same time of day, however long a day is; as
 * calendar_at() where the end day has not that time. */
int64_t calendar_add_days(const struct calendar *, int64_t from, int64_t days);
/* So many days before; a day off counts as the last working moment before it. */
int64_t calendar_back_days(const struct calendar *, int64_t from, int64_t days);

/* Due time of something received at `received`: all four units of Duration, counted from the next working moment; same_day: the
 * end of that day's hours, received at or after 15:00 the end of the next working day's; calendar_days that end on a day off
 * move to the end of hours of the next working day. */
int64_t calendar_due(const struct calendar *, int64_t received, const struct duration *limit);
/* 8 working hours after it was submitted online (domain.md, state 1). */
int64_t calendar_decide_by(const struct calendar *, int64_t submitted);
/* A due time moves by the working time that the clock stood (contract, `pauses`); by none it stays. */
int64_t calendar_resume(const struct calendar *, int64_t due, int64_t paused_from, int64_t paused_until);

/* What is left, as screens.md rule 6 words it: days stepped back from the due time, then hours that the calendar has. Overdue:
 * the same stepped forward. */
enum time_kind {
    TIME_LEFT,    /* not due yet, not today */
    TIME_TODAY,   /* due later today */
    TIME_OVERDUE, /* due before now */
    TIME_PAUSED,
    TIME_UNKNOWN, /* cannot compute, or no due time */
    TIME_EARLY,
    TIME_ON_TIME,
    TIME_LATE, /* ended: dates of end (declined, stopped: of that) and due compared */
    TIME_NONE, /* ended without ever having had a due time (declined at once): nothing to compare */
};
struct time_left {
    enum time_kind kind;
    int64_t days;    /* whole working days, rounded down */
    int64_t minutes; /* the working time beyond them, rounded down */
};
struct time_left calendar_left(const struct calendar *, const struct dossier *, int64_t now);
struct time_left calendar_left_until(const struct calendar *, int64_t due, int64_t now); /* of a bare due time */

/* Whether it has stood still for 2 working days (queue "stuck"): step_since, 2 days on, is not after now. */
bool calendar_stuck(const struct calendar *, int64_t step_since, int64_t now);

/* Why: one line per day from `from` to `due`, for the "Hạn" tab. Days in arena; 0 where it cannot be computed. */
struct counted_day {
    int32_t day;
    struct hours_span spans[CALENDAR_SPANS]; /* what counts of it, minutes since midnight; gaps between them are breaks */
    size_t n_spans;
    int64_t minutes;  /* their sum */
    const char *name; /* of the exception, or NULL */
    bool off;         /* no hours that day */
};
size_t calendar_explain(const struct calendar *, int64_t from, int64_t due, struct arena *,
                        struct counted_day **out);

#endif
