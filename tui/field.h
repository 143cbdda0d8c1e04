/* field: text that is being typed, with a cursor that moves by letters. One line or several. It refuses to draw data raw.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_FIELD_H
#define MOTCUA_TUI_FIELD_H

#include "core/mem.h"
#include "core/typing.h"
#include "tui/canvas.h"
#include "tui/command.h"

struct field {
    struct buf text; /* NFC */
    size_t at;       /* byte offset of the cursor, at a letter's start */
    size_t max;      /* letters at most; 0: 1,000 */
    bool lines;      /* Enter makes a new line */
    enum typing_mood mood;
    int shown_from; /* first column (one line) or row (several) that is seen; kept by draw */
};
void field_clear(struct field *);
void field_set(struct field *, const char *text);
const char *field_text(const struct field *); /* "" if empty */
bool field_insert(struct field *,
                  const char *utf8); /* whole text at the cursor, cut at max; line breaks become spaces unless lines */
bool field_type(struct field *, const struct typing *,
                const char *utf8); /* the same by the officer's method, where it is one key that he pressed */
bool field_command(struct field *,
                   enum command_id); /* erase, erase_next, erase_word, erase_line, prev_tab/next_tab (left, right), up, down, first, last, newline */
/* Draws into `rows` x `columns` at (row, col), cursor put on its letter if `focused`. */
void field_draw(struct field *, struct canvas *, int row, int col, int rows, int columns, bool focused,
                enum style);

/* A list that scrolls: which row has the focus and which is the first shown, by index into what a view holds. */
struct scroll {
    size_t focus, first;
};
void scroll_fit(struct scroll *, size_t n, size_t shown); /* after n, shown or focus changed */
bool scroll_command(struct scroll *, enum command_id, size_t n,
                    size_t shown); /* up down page_up page_down first last; true if it moved or was one */

#endif
