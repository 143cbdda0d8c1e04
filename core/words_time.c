/* words: time in words, and dates as they are written here (screens.md, rule 6).
 * It refuses to round up: what is said to be left is left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/words.h"

#include "core/i18n.h"
#include "core/instant.h"

#include <string.h>

#define FULL_DAYS   3   /* up to here with hours */
#define MINUTES_TO  120 /* under this in minutes, but for the exact hour */
#define HALF_A_YEAR (183 * INT64_C(86400))

typedef long long number; /* what printf has a name for on every machine */

static char *left_in_words(struct arena *arena, struct time_left left)
{
    int64_t hours = left.minutes / 60;

    if (left.days > FULL_DAYS || (left.days > 0 && hours == 0))
        return arena_format(arena, _("%lld d left"), (number)left.days);
    if (left.days > 0)
        return arena_format(arena, _("%lld d %lld h left"), (number)left.days, (number)hours);
    if (left.minutes >= MINUTES_TO || left.minutes == 60)
        return arena_format(arena, _("%lld h left"), (number)hours);
    if (left.minutes > 0)
        return arena_format(arena, _("%lld min left"), (number)left.minutes);
    return arena_copy(arena, C_("time", "under 1 min left"));
}

static char *overdue_in_words(struct arena *arena, struct time_left left)
{
    if (left.days > 0)
        return arena_format(arena, _("overdue %lld d"), (number)left.days);
    if (left.minutes >= MINUTES_TO || left.minutes == 60)
        return arena_format(arena, _("overdue %lld h"), (number)(left.minutes / 60));
    if (left.minutes > 0)
        return arena_format(arena, _("overdue %lld min"), (number)left.minutes);
    return arena_copy(arena, C_("time", "overdue"));
}

char *word_time_left(struct arena *arena, struct time_left left)
{
    switch (left.kind) {
    case TIME_LEFT:
    case TIME_TODAY:
        return left_in_words(arena, left);
    case TIME_OVERDUE:
        return overdue_in_words(arena, left);
    case TIME_PAUSED:
        return arena_copy(arena, C_("time", "paused"));
    case TIME_UNKNOWN:
        return arena_copy(arena, C_("time", "not computed"));
    case TIME_EARLY:
        return arena_copy(arena, C_("time", "done early"));
    case TIME_ON_TIME:
        return arena_copy(arena, C_("time", "done on time"));
    case TIME_LATE:
        return arena_copy(arena, C_("time", "done late"));
    case TIME_NONE:
        break;
    }
    return arena_copy(arena, "-");
}

char *word_time_brief(struct arena *arena, struct time_left left)
{
    const char *mark = left.kind == TIME_TODAY ? "! " : "";

    if (left.kind == TIME_OVERDUE)
        return arena_copy(arena, C_("time, brief", "!! over"));
    if (left.kind == TIME_PAUSED)
        return arena_copy(arena, C_("time, brief", "|| halt"));
    if (left.kind == TIME_UNKNOWN)
        return arena_copy(arena, "??");
    if (left.kind != TIME_LEFT && left.kind != TIME_TODAY)
        return arena_copy(arena, "-");
    if (left.days > 0)
        return arena_format(arena, C_("time, brief", "%s%lld d"), mark, (number)left.days);
    if (left.minutes >= MINUTES_TO || left.minutes == 60)
        return arena_format(arena, C_("time, brief", "%s%lld h"), mark, (number)(left.minutes / 60));
    return arena_format(arena, C_("time, brief", "%s%lld min"), mark, (number)left.minutes);
}

const char *word_time_mark(struct time_left left)
{
    switch (left.kind) {
    case TIME_OVERDUE:
        return "!!";
    case TIME_TODAY:
        return " !";
    case TIME_PAUSED:
        return "||";
    case TIME_UNKNOWN:
        return "??";
    default:
        return "  ";
    }
}

char *word_duration(struct arena *arena, const struct duration *limit)
{
    const char *unit = limit->unit ? limit->unit : "";
    number n = limit->amount;

    if (strcmp(unit, "same_day") == 0)
        return arena_copy(arena, C_("time limit", "the same day"));
    if (strcmp(unit, "working_hours") == 0)
        return n == 1 ? arena_copy(arena, C_("time limit", "1 working hour"))
                      : arena_format(arena, _("%lld working hours"), n);
    if (strcmp(unit, "working_days") == 0)
        return n == 1 ? arena_copy(arena, C_("time limit", "1 working day"))
                      : arena_format(arena, _("%lld working days"), n);
    if (strcmp(unit, "calendar_days") == 0)
        return n == 1 ? arena_copy(arena, C_("time limit", "1 day")) : arena_format(arena, _("%lld days"), n);
    return arena_format(arena, "%lld %s", n, unit);
}

/* ── dates ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_moment(int64_t t)
{
    return t != INSTANT_NONE && t != INSTANT_NEVER;
}

char *word_when(struct arena *arena, int64_t t, int32_t offset)
{
    if (!is_moment(t))
        return arena_copy(arena, "");
    struct civil c = instant_civil(t, offset);
    return arena_format(arena, "%02d/%02d/%04d %02d:%02d", c.day, c.month, c.year, c.hour, c.minute);
}

char *word_day(struct arena *arena, int32_t day)
{
    if (day == DAY_NONE)
        return arena_copy(arena, "");
    struct civil c = day_civil(day);
    return arena_format(arena, "%02d/%02d/%04d", c.day, c.month, c.year);
}

char *word_clock(struct arena *arena, int64_t t, int32_t offset)
{
    if (!is_moment(t))
        return arena_copy(arena, "");
    struct civil c = instant_civil(t, offset);
    return arena_format(arena, "%02d:%02d", c.hour, c.minute);
}

char *word_day_short(struct arena *arena, int64_t t, int64_t now, int32_t offset)
{
    if (!is_moment(t))
        return arena_copy(arena, "");
    struct civil c = instant_civil(t, offset);
    if (c.year != instant_civil(now, offset).year && !(t > now && t - now < HALF_A_YEAR))
        return word_day(arena, instant_day(t, offset));
    return arena_format(arena, "%02d/%02d", c.day, c.month);
}
