/* card_inside: what the parts of the card reader share. Nothing outside core/card*.c includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_CARD_INSIDE_H
#define MOTCUA_CORE_CARD_INSIDE_H

#include "core/card.h"

#include <stdint.h>

/* The next code point of UTF-8 and its bytes; 0 at the end. A byte that is no UTF-8: U+FFFD, 1. */
size_t card_point(const char *text, size_t n, int32_t *cp);
bool card_is_digit(int32_t cp);
bool card_is_letter(int32_t cp);     /* of any script */
bool card_is_vietnamese(int32_t cp); /* a letter of ours that is not ASCII */

/* `n` bytes of a field with all damage undone that has one reading (docs/domain.md: bytes as 4 digits, mojibake, HTML entities, percent
 * escapes, decomposed letters), however often it was done; spaces single, none at the ends. NFC, in the arena. What is left of any
 * other damage stays as it is. */
char *card_mend(const char *raw, size_t n, struct arena *);
/* Percent escapes and entities of ASCII alone, for a burst that hides its own bars. */
char *card_mend_ascii(const char *raw, size_t n, struct arena *);

/* Fills unsure, from, len and readings from `text` (`raw` stays), for a name or an address. */
void card_doubt(struct card_field *, enum card_part, const struct texts *known, struct arena *);

#endif
