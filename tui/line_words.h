/* line_words: what is said of the line to the server on the screens of queues and lists: one sentence for the message row, and the
 * block that explains what goes on while cut off (mock-up offline).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_LINE_WORDS_H
#define MOTCUA_TUI_LINE_WORDS_H

#include "tui/app.h"

bool line_is_cut(const struct app *); /* no usable answers: cut off or under maintenance */
/* The most pressing sentence, as long as `columns` allow; NULL where all is well. In arena. */
const char *line_message(struct app *, struct arena *, int columns);
/* Draws the block from `row` on, in `cols` columns. */
void line_explain(struct app *, struct canvas *, int row, int cols);
/* 12400 → "12.400". */
char *line_number(struct arena *, int64_t);

#endif
