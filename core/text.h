/* text: the one gate between data and cells, the folding that search compares by, and widths. Pure, locale-free.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_TEXT_H
#define MOTCUA_CORE_TEXT_H

#include "core/mem.h"

#include <stdint.h>

/* Data → what may be shown: NFC; each byte that is not UTF-8 and each C0, C1, bidi control, zero-width, tag,
 * variation selector, private-use, unassigned or otherwise invisible character becomes one visible mark,
 * "‹XX›" with its code in hex (it can be read out on the phone), and so does a combining mark that has no
 * letter to stand on or takes columns; at most two combining marks stay on a letter; every kind of space, tab
 * included, is one ASCII space, and a line break (LF, CR, CR LF, U+2028, U+2029) is a space too, or with
 * `TEXT_LINES` one "\n". What it gives back, it leaves alone when it sees it again. Returns true if a visible
 * mark was made or a combining mark dropped: the field is flagged once. Appends to `out`. Nothing else writes
 * data to a screen, log, CSV, file name or title. */
enum text_flags { TEXT_PLAIN = 0, TEXT_LINES = 1 };
bool text_display(const char *data, size_t len, enum text_flags, struct buf *out);
char *text_shown(struct arena *, const char *data); /* the same into an arena, without lines; NULL counts as "" */

/* Columns that displayed text takes (utf8proc's width; combining marks 0). Widths of letters add up. */
int text_width(const char *shown);
int text_width_n(const char *shown, size_t len);
/* Cut at the end to `columns`, with `…` if anything was cut. Never splits a letter from its marks.
 * 0 columns: "". */
char *text_cut(struct arena *, const char *shown, int columns);
/* Cut in the middle by words (screens.md rule 2): the last two words, which name the thing, `…`, and before
 * it as many first words as fit, at least one: "Đăng…khai sinh", "Đăng ký…mẹ, con", never "Xác…tin hộ tịch".
 * Where two last words leave no room for a first one, the last word alone ("Đăng ký…sinh"); where even that
 * does not fit, text_cut. */
char *text_cut_middle(struct arena *, const char *shown, int columns);
/* The whole code where it fits, else `…` and its last 9 characters, or as many of them as fit (screens.md
 * rule 2). Takes data, and gives back what may be shown. */
char *text_code(struct arena *, const char *code, int columns);
/* "***" and the last 4 characters; shorter than 5: "***" (screens.md rule 9). NULL or empty → "". Takes data,
 * as text_code. */
char *text_masked(struct arena *, const char *number);
/* Wraps at spaces to lines of at most `columns` (2 or more; a word that is longer is broken between letters);
 * "\n" begins a line. Sets `*lines`, returns their number (at least 1). */
size_t text_wrap(struct arena *, const char *shown, int columns, char ***lines);
/* 10000 → "10.000 đ". */
char *text_money(struct arena *, int64_t dong);

/* NFC of UTF-8 bytes; false (and nothing appended) if they are not UTF-8. For what is typed and kept. */
bool text_nfc(const char *data, size_t len, struct buf *out);

/* Next letter (base and its marks) in UTF-8: returns its bytes (0 at the end; a byte that is not UTF-8 counts
 * as a letter). For the input fields' cursor and the canvas. */
size_t text_letter(const char *text, size_t len);

/* Folding for search: lower case, no tones or marks, đ → d (and ð, which old converters wrote for it),
 * everything else letter for letter (behaviour.md, "Search"); a byte that is not UTF-8 is U+FFFD. Composed
 * and decomposed text fold alike. A table of our letters, utf8proc for the rest. Appends to `out`. */
void text_fold(const char *text, size_t len, struct buf *out);
char *text_folded(struct arena *, const char *text); /* the same of a whole text */
/* Whether every word of `query` occurs in `text`, in any order. Both folded. An empty query occurs everywhere. */
bool text_has_words(const char *text, const char *query);
/* Lower case but tones kept, NFC, for ranking exact hits first. */
void text_lower(const char *text, size_t len, struct buf *out);
char *text_upper(struct arena *, const char *shown); /* for headings on paper */
/* Folded first letters of each word: "Nguyễn Thị Đào" → "ntd". */
void text_initials(const char *name, struct buf *out);
/* Sort key of a Vietnamese name: given name first, then family, then middle names, each by the letters of the
 * alphabet (a ă â b c d đ e ê … y, with f j w z at their Latin places) and then by tone (ngang huyền hỏi ngã
 * sắc nặng), whatever the case. memcmp() order, the shorter first; it has no NUL, so strcmp()
 * gives the same. */
void text_name_key(const char *name, struct buf *out);

#endif
