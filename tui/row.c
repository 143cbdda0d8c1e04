/* row: see row.h. It refuses to change what a row says of the dossier because the officer wishes something: that is what the sync
 * mark is for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/row.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

enum { /* screens.md, rule 3 */
       MARKS = 4,
       TIME = 19,
       TIME_WORDS = 3, /* behind the mark and a blank */
       CODE_WHOLE = 25,
       CODE_TAIL = 10,
       STATUS = 10,
       ASSIGNEE = 14,
       CHANNEL = 10,
       APPLICANT_LEAST = 18,
       PROCEDURE_LEAST = 12,
};

/* Applicant and procedure share what is left: 18 and 15 at 80 columns, 22 each at 132; the procedure shrinks first, then goes. */
static void share(int room, int *applicant, int *procedure)
{
    int both = room - 1; /* a blank between them */

    *procedure = 0;
    if (both < APPLICANT_LEAST + PROCEDURE_LEAST)
        *applicant = room;
    else if (both <= 33)
        *applicant = APPLICANT_LEAST;
    else if (both <= 44)
        *applicant = 18 + (both - 33) * 4 / 11;
    else
        *applicant = 22 + (both - 44) / 3;
    if (*applicant < room)
        *procedure = both - *applicant;
}

struct row_layout row_layout(int cols)
{
    struct row_layout l = {.width = {
                               [ROW_CODE] = cols >= 120 ? CODE_WHOLE : CODE_TAIL,
                               [ROW_STATUS] = STATUS,
                               [ROW_ASSIGNEE] = cols >= 100 ? ASSIGNEE : 0,
                               [ROW_CHANNEL] = cols >= 132 ? CHANNEL : 0,
                               [ROW_TIME] = TIME,
                           }};
    int room = cols - MARKS, at = MARKS;

    for (int i = 0; i < ROW_COLUMNS; i++)
        room -= l.width[i] ? l.width[i] + (i != ROW_TIME) : 0;
    share(room - 1, &l.width[ROW_APPLICANT], &l.width[ROW_PROCEDURE]);
    for (int i = 0; i < ROW_COLUMNS; i++) {
        l.at[i] = at;
        at += l.width[i] ? l.width[i] + 1 : 0;
    }
    return l;
}

void row_header(const struct row_layout *l, struct canvas *c, int row)
{
    const char *const words[ROW_COLUMNS] = {
        [ROW_CODE] = C_("column", "Code"),           [ROW_APPLICANT] = C_("column", "Applicant"),
        [ROW_PROCEDURE] = C_("column", "Procedure"), [ROW_STATUS] = C_("column", "Status"),
        [ROW_ASSIGNEE] = C_("column", "With"),       [ROW_CHANNEL] = C_("column", "Channel"),
        [ROW_TIME] = C_("column", "Time left"),
    };
    for (int i = 0; i < ROW_COLUMNS; i++)
        canvas_put(c, row, l->at[i] + (i == ROW_TIME ? TIME_WORDS : 0), l->width[i], STYLE_WEAK, words[i]);
}

struct time_left row_time(struct app *app, const struct dossier *d)
{
    return calendar_left(cache_calendar(app_cache(app), d->unit), d, app_now(app));
}

enum style row_time_style(enum time_kind kind)
{
    switch (kind) {
    case TIME_OVERDUE:
        return STYLE_OVERDUE;
    case TIME_TODAY:
        return STYLE_TODAY;
    case TIME_PAUSED:
        return STYLE_PAUSED;
    default:
        return STYLE_TEXT;
    }
}

static char *column_text(struct arena *arena, struct app *app, const struct dossier *d,
                         enum row_column column, int width)
{
    struct cache *cache = app_cache(app);

    switch (column) {
    case ROW_CODE:
        return text_code(arena, d->code, width);
    case ROW_APPLICANT:
        return text_cut(arena, text_shown(arena, d->applicant->name), width);
    case ROW_PROCEDURE:
        return text_cut_middle(arena, text_shown(arena, cache_procedure_name(cache, d->procedure)), width);
    case ROW_STATUS:
        return text_cut(arena, text_shown(arena, word_status_short(d->status)), width);
    case ROW_ASSIGNEE:
        return text_cut(arena, text_shown(arena, cache_officer_name(cache, d->assignee)), width);
    default: /* ROW_CHANNEL */
        return text_cut(arena, text_shown(arena, word_channel(d->channel)), width);
    }
}

void row_draw(const struct row_layout *l, struct app *app, struct canvas *c, int row, const struct dossier *d,
              bool focused, bool chosen)
{
    struct arena arena = {0};
    struct time_left left = row_time(app, d);
    enum style time = row_time_style(left.kind);

    if (chosen)
        canvas_put(c, row, 1, 1, STYLE_CHOSEN, "*");
    canvas_put(c, row, 2, 1, STYLE_MINE, sync_mark_text(outbox_mark(app_outbox(app), d->id)));
    for (int i = 0; i < ROW_TIME; i++)
        if (l->width[i])
            canvas_put(c, row, l->at[i], l->width[i], STYLE_TEXT,
                       column_text(&arena, app, d, (enum row_column)i, l->width[i]));
    canvas_put(c, row, l->at[ROW_TIME], TIME_WORDS - 1, time, word_time_mark(left));
    canvas_put(c, row, l->at[ROW_TIME] + TIME_WORDS, TIME - TIME_WORDS, time, word_time_left(&arena, left));
    if (focused) {
        canvas_put(c, row, 0, 1, STYLE_FOCUS, ">");
        canvas_style(c, row, 0, MARKS + l->width[ROW_CODE], STYLE_FOCUS);
        canvas_cursor(c, row, 0);
    }
    arena_clear(&arena);
}
