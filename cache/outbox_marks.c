/* outbox_marks: what the screen asks for a hundred times a frame, in memory: each target's mark, the two counts, which targets
 * are in trouble. outbox.db is the truth; this is read from it after every change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include <stdlib.h>
#include <string.h>

struct ob_mark {
    char *target;
    enum sync_mark worst; /* of its rows that are not held */
    int64_t held_until;   /* mono; 0: none is held */
};

static size_t hash(const char *text)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* Its place, or the free one where it would stand. */
static struct ob_mark *find(struct ob_mark *marks, size_t cap, const char *target)
{
    size_t i = hash(target) & (cap - 1);
    while (marks[i].target && strcmp(marks[i].target, target) != 0)
        i = (i + 1) & (cap - 1);
    return &marks[i];
}

static struct ob_mark *find_or_add(struct outbox *o, const char *target)
{
    if (o->marks_n * 2 >= o->marks_cap) {
        size_t cap = o->marks_cap ? o->marks_cap * 2 : 64;
        struct ob_mark *marks = mem_alloc(cap * sizeof(*marks));
        for (size_t i = 0; i < o->marks_cap; i++)
            if (o->marks[i].target)
                *find(marks, cap, o->marks[i].target) = o->marks[i];
        free(o->marks);
        o->marks = marks;
        o->marks_cap = cap;
    }
    struct ob_mark *mark = find(o->marks, o->marks_cap, target);
    if (!mark->target) {
        mark->target = mem_copy(target);
        o->marks_n++;
    }
    return mark;
}

void ob_marks_clear(struct outbox *o)
{
    for (size_t i = 0; i < o->marks_cap; i++)
        mem_free(&o->marks[i].target);
    free(o->marks);
    free(o->troubled);
    o->marks = NULL;
    o->troubled = NULL;
    o->marks_cap = o->marks_n = o->troubled_n = 0;
    o->unsent = o->stuck = 0;
    o->held_first = o->held_last = 0;
}

/* The list is NULL-terminated and names a target once: the first of its rows in trouble adds it. */
static void add_trouble(struct outbox *o, const char *target)
{
    o->troubled = mem_grow(o->troubled, o->troubled_n + 2, sizeof(*o->troubled));
    o->troubled[o->troubled_n++] = target;
    o->troubled[o->troubled_n] = NULL;
}

void ob_mark_add(struct outbox *o, const char *target, enum command_state state, bool may_have_arrived,
                 int64_t held_at)
{
    struct ob_mark *mark = find_or_add(o, target);
    if (state == COMMAND_HELD && ob_hold_is_over(o->env->mono(o->env), held_at))
        state = COMMAND_DUE;
    bool stuck = state == COMMAND_CONFLICT || state == COMMAND_REFUSED || state == COMMAND_RECONCILE;
    *(stuck ? &o->stuck : &o->unsent) += 1;
    if (state == COMMAND_HELD) {
        int64_t until = held_at + OUTBOX_HOLD_MS;
        mark->held_until = until > mark->held_until ? until : mark->held_until;
        o->held_last = until > o->held_last ? until : o->held_last;
        o->held_first = o->held_first == 0 || until < o->held_first ? until : o->held_first;
        return;
    }
    enum sync_mark its = command_mark(&(struct command){.state = state, .may_have_arrived = may_have_arrived});
    if (its >= MARK_UNKNOWN && mark->worst < MARK_UNKNOWN)
        add_trouble(o, mark->target);
    if (its > mark->worst)
        mark->worst = its;
}

bool ob_marks_load(struct outbox *o)
{
    ob_marks_clear(o);
    sqlite3_stmt *st = ob_statement(
        o, "SELECT target, state, may_have_arrived, held_at FROM command WHERE " SQL_OPEN " ORDER BY seq DESC");
    int code;
    while ((code = sqlite3_step(st)) == SQLITE_ROW)
        ob_mark_add(o, (const char *)sqlite3_column_text(st, 0), (enum command_state)sqlite3_column_int(st, 1),
                    sqlite3_column_int(st, 2) != 0, sqlite3_column_int64(st, 3));
    o->marks_stale = code != SQLITE_DONE;
    sqlite3_reset(st); /* an error stays the connection's last one */
    return code == SQLITE_DONE;
}

enum sync_mark outbox_mark(const struct outbox *o, const char *target)
{
    if (o->marks_n == 0)
        return MARK_NONE;
    const struct ob_mark *mark = find(o->marks, o->marks_cap, target);
    if (!mark->target)
        return MARK_NONE;
    enum sync_mark held = MARK_NONE;
    if (mark->held_until != 0)
        held = o->env->mono(o->env) < mark->held_until ? MARK_HELD : MARK_DUE;
    return mark->worst > held ? mark->worst : held;
}

const char *sync_mark_text(enum sync_mark mark)
{
    static const char *const texts[] = {
        [MARK_NONE] = " ",    [MARK_HELD] = "~",     [MARK_DUE] = "↑",     [MARK_SENDING] = "»",
        [MARK_UNKNOWN] = "?", [MARK_CONFLICT] = "≠", [MARK_REFUSED] = "×",
    };
    return texts[mark];
}

void outbox_counts(const struct outbox *o, int64_t *unsent, int64_t *stuck)
{
    *unsent = o->unsent;
    *stuck = o->stuck;
}

const char *const *outbox_troubled(const struct outbox *o)
{
    static const char *const nobody[] = {NULL};
    return o->troubled_n ? o->troubled : nobody;
}

bool outbox_can_undo(struct outbox *o)
{
    return o->held_last != 0 && o->env->mono(o->env) < o->held_last;
}
