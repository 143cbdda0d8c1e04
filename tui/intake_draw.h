/* intake_draw: the tabs of an intake as they stand on the screen. It refuses to show a number whole where nobody types it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_INTAKE_DRAW_H
#define MOTCUA_TUI_INTAKE_DRAW_H

#include "tui/intake_parts.h"
#include "tui/page.h"

struct intake_words {     /* what the view knows beside the parts */
    const char *scanned;  /* what the last scan gave, or what to do; "" */
    const char *before;   /* that this person was here before; "" */
    const char *find_key; /* the key that chooses a value for the field */
};
/* Writes the tab that is open; does not end the page. */
void intake_write(struct intake *, const struct intake_words *, struct page *);

/* Parts of it for the files that share the work (intake_draw*.c). */
void intake_write_choice(struct intake *, struct page *, struct intake_part *, int col);
int intake_write_field(struct intake *, struct page *, struct intake_part *, int col,
                       int columns); /* returns the column behind it */
void intake_write_mark(struct intake *, struct page *, const struct intake_part *); /* `>` and `?` of the row */
void intake_write_papers(struct intake *, struct page *);
void intake_write_fees(struct intake *, struct page *);
void intake_write_review(struct intake *, struct page *);
size_t intake_papers_there(struct intake *, size_t *all);

#endif
