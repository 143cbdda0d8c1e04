/* row: one dossier on one line, as every list has it: marks, code, applicant, procedure, status, who has it, channel, time left.
 * Columns shrink and go in a fixed order (screens.md, rule 3); marks, applicant, status and time never go.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_ROW_H
#define MOTCUA_TUI_ROW_H

#include "core/calendar.h"
#include "tui/app.h"

enum row_column {
    ROW_CODE,
    ROW_APPLICANT,
    ROW_PROCEDURE,
    ROW_STATUS,
    ROW_ASSIGNEE,
    ROW_CHANNEL,
    ROW_TIME, /* its mark, a blank, the words */
    ROW_COLUMNS,
};
struct row_layout {
    int at[ROW_COLUMNS], width[ROW_COLUMNS]; /* width 0: gone */
};
struct row_layout row_layout(int cols);
void row_header(const struct row_layout *, struct canvas *, int row);

/* The time left of a dossier now, by the calendar of its unit. */
struct time_left row_time(struct app *, const struct dossier *);
enum style row_time_style(enum time_kind);

/* Draws it on `row`; a focused one takes the hardware cursor. Data is made fit to be shown here. */
void row_draw(const struct row_layout *, struct app *, struct canvas *, int row, const struct dossier *,
              bool focused, bool chosen);

#endif
