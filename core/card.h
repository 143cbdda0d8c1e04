/* card: what a scanner types from the QR of a citizen card or of a health-insurance card, taken apart into fields, each with how certain
 * it is. It repairs what can be read in one way only, marks what cannot, and refuses to guess: likely readings stand beside the text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_CARD_H
#define MOTCUA_CORE_CARD_H

#include "core/mem.h"
#include "core/types.h"

#define CARD_MOST     4096 /* bytes: a longer text is no card */
#define CARD_READINGS 5

enum card_kind { CARD_NONE, CARD_CITIZEN, CARD_HEALTH };
enum card_part {
    CARD_NUMBER,     /* identity number, 12 digits; never of a health card */
    CARD_OLD_NUMBER, /* 9 digits, or "" */
    CARD_NAME,
    CARD_BIRTH,
    CARD_SEX,
    CARD_ADDRESS,
    CARD_ISSUED,
    CARD_INSURANCE, /* of a health card alone: the number of the card */
    CARD_PARTS
};
struct card_field {
    bool given;      /* this kind of card has it; false: all else is empty */
    const char *raw; /* as the scanner typed it */
    const char *text; /* what goes into the form, NFC: days as dd/mm/yyyy, sex as "male" or "female"; "": nothing can be taken */
    bool unsure; /* to be looked at */
    /* What of `text` is in doubt, in bytes, with the words around it; of length 0 where it is all of it, and `raw` tells more. */
    size_t from, len;
    const char *readings[CARD_READINGS]; /* what may stand there, likeliest first: in the place of those bytes, or of all */
    size_t n_readings;
};
struct card {
    enum card_kind kind;
    struct card_field fields[CARD_PARTS];
    size_t n_given, n_unsure;
};
/* `burst` is one text of the scanner (tui/input.h), with or without its CR, LF or Tab. Citizen card (docs/domain.md, "At the counter"):
 * number|old number|name|birth ddMMyyyy|Nam or Nữ|address|issued ddMMyyyy, and more behind on newer ones, which is passed over; one that
 * was cut off has fields that are given, empty and unsure. Health card: number|name in hex|birth dd/MM/yyyy|1 or 2|address in hex|…
 * `known` are texts like those on cards (addresses, names of units): where likely readings come from; NULL: none are known.
 * false: no card, `*out` says CARD_NONE. Everything pointed to is in the arena. */
bool card_read(const char *burst, size_t n, const struct texts *known, struct arena *, struct card *out);

/* The officer chose a reading: it is put in, and what is in doubt behind it comes next. `part`: which field it is. */
void card_choose(struct card_field *, enum card_part part, size_t reading, const struct texts *known,
                 struct arena *);

#endif
