/* calendar: working time. When a dossier is due, what is left of it, and why (domain.md, "The clock").
 * It knows no clock: every instant is handed in. It refuses to guess: an empty calendar or an unknown zone cannot compute.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_CALENDAR_H
#define MOTCUA_CORE_CALENDAR_H

#include "core/instant.h"
#include "core/mem.h"
#include "core/types.h"

/* A unit's office hours made ready to compute with. Borrows `hours`; no memory of its own. */
struct calendar {
    const struct office_calendar *hours;
    int32_t offset; /* of its zone, seconds east */
    bool usable;    /* false: no hours at all, or a zone that we do not know */
};
struct calendar calendar_of(const struct office_calendar *hours); /* NULL: not usable */

/* The spans of one day, exceptions considered; `*name` is the exception's name or NULL. */
const struct day_hours *calendar_day(const struct calendar *, int32_t day, const char **name);

/* The first instant ≥ t that is working time. INSTANT_NONE: not within 400 days (or not usable); so for all below. */
int64_t calendar_next(const struct calendar *, int64_t t);
/* Working seconds in [from, until). 0 if until ≤ from. */
int64_t calendar_between(const struct calendar *, int64_t from, int64_t until);
/* After so many working seconds, counted from the next working moment; over lunch and into the next morning. A sum that ends
 * with a span ends there (17:00), not at the next morning's start. */
int64_t calendar_add_time(const struct calendar *, int64_t from, int64_t seconds);
/* After so many days of the calendar, at the same time of day, however long a day is; a time of day that the end day has not
 * (lunch, a shorter day) moves to that day's next working moment, or to its last. */
int64_t calendar_add_days(const struct calendar *, int64_t from, int64_t days);
int64_t calendar_back_days(const struct calendar *, int64_t from, int64_t days);

/* Due time of something received at `received`: all four units of Duration; same_day: the end of that day's hours, received
 * at or after 15:00 the end of the next working day's; calendar_days that end on a day off move to the end of hours of the
 * next working day. */
int64_t calendar_due(const struct calendar *, int64_t received, const struct duration *limit);
/* 8 working hours after it was submitted online (domain.md, state 1). */
int64_t calendar_decide_by(const struct calendar *, int64_t submitted);
/* A due time moves by the working time that the clock stood (contract, `pauses`). */
int64_t calendar_resume(const struct calendar *, int64_t due, int64_t paused_from, int64_t paused_until);

/* What is left, as screens.md rule 6 words it: days stepped back from the due time, then hours that the calendar has. */
enum time_kind {
    TIME_LEFT,     /* not due yet, not today */
    TIME_TODAY,    /* due later today */
    TIME_OVERDUE,
    TIME_PAUSED,
    TIME_UNKNOWN,  /* cannot compute, or no due time */
    TIME_EARLY, TIME_ON_TIME, TIME_LATE, /* ended: dates of end and due compared */
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

/* Why: one line per day from `from` to `due`, for the "Hạn" tab. Days in arena. */
struct counted_day {
    int32_t day;
    struct hours_span spans[6]; /* what counts of it, minutes since midnight; gaps between them are breaks */
    size_t n_spans;
    int64_t minutes;            /* their sum */
    const char *name;           /* of the exception, or NULL */
    bool off;                   /* no hours that day */
};
size_t calendar_explain(const struct calendar *, int64_t from, int64_t due, struct arena *, struct counted_day **out);

#endif
