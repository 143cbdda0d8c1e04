/* scenario: reads the file and hands out its members. It refuses members that docs/scenarios.md does not name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/scenario.h"
#include "training/store.h"

#include "core/instant.h"
#include "core/types.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_OFFSET (7 * 3600) /* codes bear the day in Vietnam */

struct scenario {
    json_t *file, *used;
    int64_t clock;
};

static const char *const members[] = {"name",      "title",      "clock",    "use",      "closed_kept_days",
                                      "units",     "officers",   "demo",     "holidays", "codes",
                                      "calendars", "procedures", "dossiers", "generate", "wishes"};
static const char *const lent[] = {"units",     "officers",   "demo", "holidays",
                                   "calendars", "procedures", "codes"};

static bool among(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}
#define AMONG(names, name) among(names, sizeof names / sizeof *names, name)

static json_t *read_file(const char *path, struct err *e)
{
    json_error_t error;
    FILE *file = fopen(path, "re");

    if (!file) {
        err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
        return NULL;
    }
    json_t *json = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (!json)
        err_set(e, ERR_CONFIG, "%s:%d:%d: %s", path, error.line, error.column, error.text);
    else if (!json_is_object(json))
        err_set(e, ERR_CONFIG, "%s: not an object", path);
    return json;
}

static bool check(struct scenario *s, const char *path, struct err *e)
{
    const char *name, *clock = json_string_value(json_object_get(s->file, "clock"));
    json_t *value;

    json_object_foreach(s->file, name, value) if (!AMONG(members, name)) return err_set(
        e, ERR_CONFIG, "%s: no scenario has a member \"%s\"", path, name);
    if (!clock || !instant_parse(clock, &s->clock))
        return err_set(e, ERR_CONFIG, "%s: \"clock\" has to be a time", path);
    if (!json_is_integer(json_object_get(s->file, "closed_kept_days")))
        return err_set(e, ERR_CONFIG, "%s: \"closed_kept_days\" has to be a number", path);
    for (size_t i = 0; i < sizeof lent / sizeof *lent; i++)
        if (!scenario_member(s, lent[i]))
            return err_set(e, ERR_CONFIG, "%s: \"%s\" is missing", path, lent[i]);
    return true;
}

/* `use` names a file of the same directory. */
static bool read_used(struct scenario *s, const char *path, struct err *e)
{
    const char *use = json_string_value(json_object_get(s->file, "use")), *slash = strrchr(path, '/');
    char place[PATH_MAX];

    if (!use)
        return true;
    int n = snprintf(place, sizeof place, "%.*s%s.json", slash ? (int)(slash - path) + 1 : 0, path, use);
    if (n < 0 || (size_t)n >= sizeof place || strchr(use, '/'))
        return err_set(e, ERR_CONFIG, "%s: \"use\" has to name a scenario beside it", path);
    return (s->used = read_file(place, e)) && json_is_object(s->used);
}

bool scenario_open(const char *path, struct scenario **out, struct err *e)
{
    struct scenario *s = mem_alloc(sizeof *s);

    s->file = read_file(path, e);
    if (!json_is_object(s->file) || !read_used(s, path, e) || !check(s, path, e)) {
        scenario_free(&s);
        return false;
    }
    *out = s;
    return true;
}

void scenario_free(struct scenario **at)
{
    if (!*at)
        return;
    json_decref((*at)->file);
    json_decref((*at)->used);
    free(*at);
    *at = NULL;
}

const json_t *scenario_member(const struct scenario *s, const char *name)
{
    const json_t *own = json_object_get(s->file, name);

    return own || !AMONG(lent, name) ? own : json_object_get(s->used, name);
}

int64_t scenario_clock(const struct scenario *s)
{
    return s->clock;
}

int64_t scenario_closed_kept_days(const struct scenario *s)
{
    return json_integer_value(scenario_member(s, "closed_kept_days"));
}

const char *scenario_demo(const struct scenario *s, const char *role)
{
    return json_string_value(json_object_get(scenario_member(s, "demo"), role));
}

/* ── codes ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *scenario_code_prefix(const struct scenario *s, struct arena *arena, const char *unit, int32_t day,
                           int *digits)
{
    const json_t *how = json_object_get(scenario_member(s, "codes"), unit);
    const char *prefix = json_string_value(json_object_get(how, "prefix"));
    const char *date = json_string_value(json_object_get(how, "date"));
    struct civil c = day_civil(day);

    *digits = (int)json_integer_value(json_object_get(how, "digits"));
    if (!prefix || !date)
        return NULL;
    bool short_year = strcmp(date, "yyMMdd") == 0;
    return arena_format(arena, "%s-%0*d%02d%02d-", prefix, short_year ? 2 : 4,
                        short_year ? c.year % 100 : c.year, c.month, c.day);
}

char *scenario_code(const struct scenario *s, struct store *store, struct arena *arena, const char *unit,
                    int64_t received_at)
{
    int32_t day = instant_day(received_at, ZONE_OFFSET);
    int digits;
    char *prefix = scenario_code_prefix(s, arena, unit, day, &digits);

    if (!prefix) { /* no code was thought of for this unit: it gets one that says which it is, and the day, as the serial is of a day */
        struct civil c = day_civil(day);
        prefix = arena_format(arena, "%s-%02d%02d%02d-", unit, c.year % 100, c.month, c.day);
    }
    sqlite3_stmt *q = store_query(store, SERIAL_NEXT, "ti", unit, (int64_t)day);
    int64_t serial = store_row(store, q) ? store_int(q, 0) : 0;
    store_done(q);
    return arena_format(arena, "%s%0*lld", prefix, digits, (long long)serial);
}

void scenario_code_used(const struct scenario *s, struct store *store, struct arena *arena, const char *unit,
                        int64_t received_at, const char *code)
{
    int32_t day = instant_day(received_at, ZONE_OFFSET);
    int digits;
    const char *prefix = scenario_code_prefix(s, arena, unit, day, &digits);

    if (prefix && strncmp(code, prefix, strlen(prefix)) == 0)
        store_run(store, SERIAL_SET, "tii", unit, (int64_t)day,
                  (int64_t)strtoll(code + strlen(prefix), NULL, 10));
}
