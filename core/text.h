/* text: the one gate between data and cells, the folding that search compares by, and widths. Pure, locale-free.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_TEXT_H
#define MOTCUA_CORE_TEXT_H

#include "core/mem.h"

#include <stdint.h>

/* Data → what may be shown: NFC; bytes that are not UTF-8, C0, C1, DEL, bidi controls, zero-width, tag, private-use and
 * unassigned characters each become one visible mark, "‹XX›" with the code in hex (it can be read out on the phone); at
 * most two combining marks stay on a letter; every kind of space is one ASCII space, and a line break is a space too unless `TEXT_LINES`.
 * Returns true if anything was replaced. Appends to `out`. Nothing else writes data to a screen, log, CSV, file name or title. */
enum text_flags { TEXT_PLAIN = 0, TEXT_LINES = 1 };
bool text_display(const char *data, size_t len, enum text_flags, struct buf *out);
char *text_shown(struct arena *, const char *data); /* the same into an arena; NULL counts as "" */

/* Columns that displayed text takes (utf8proc's width; combining marks 0). */
int text_width(const char *shown);
int text_width_n(const char *shown, size_t len);
/* Cut at the end to `columns`, with `…` if anything was cut. Never splits a letter from its marks. */
char *text_cut(struct arena *, const char *shown, int columns);
/* Cut in the middle by words: "Đăng…khai sinh" (screens.md rule 2); the first word, `…`, then as many last words as fit;
 * falls back to text_cut where even that does not fit. */
char *text_cut_middle(struct arena *, const char *shown, int columns);
/* `…` and the last 9 characters, or the whole code where it fits (screens.md rule 2). */
char *text_code(struct arena *, const char *code, int columns);
/* "***" and the last 4 characters; shorter than 5: "***" (screens.md rule 9). NULL → "". */
char *text_masked(struct arena *, const char *number);
/* Wraps at spaces to lines of at most `columns`; sets `*lines`, returns their number (at least 1). */
size_t text_wrap(struct arena *, const char *shown, int columns, char ***lines);
/* 10000 → "10.000 đ". */
char *text_money(struct arena *, int64_t dong);

/* NFC of UTF-8 bytes; false (and nothing appended) if they are not UTF-8. For what is typed and kept. */
bool text_nfc(const char *data, size_t len, struct buf *out);

/* Next letter (base and its marks) in UTF-8: returns its bytes (0 at the end). For the input fields' cursor. */
size_t text_letter(const char *text, size_t len);

/* Folding for search: lower case, no tones or marks, đ → d, everything else letter for letter (behaviour.md, "Search").
 * A table of our letters, utf8proc for the rest. Appends to `out`. */
void text_fold(const char *text, size_t len, struct buf *out);
/* Lower case but tones kept, for ranking exact hits first. */
void text_lower(const char *text, size_t len, struct buf *out);
/* Folded first letters of each word: "Nguyễn Thị Đào" → "ntd". */
void text_initials(const char *name, struct buf *out);
/* Sort key of a Vietnamese name: given name first, in the order of the Vietnamese alphabet and tones; memcmp() order. */
void text_name_key(const char *name, struct buf *out);

#endif
