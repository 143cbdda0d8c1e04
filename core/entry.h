/* entry: what officers type from papers by hand, read and checked: identity numbers, days, phones. It refuses what cannot be meant, and
 * only warns of what is odd: there are true papers that contradict the rule.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_ENTRY_H
#define MOTCUA_CORE_ENTRY_H

#include "core/mem.h"

#include <stdbool.h>
#include <stdint.h>

/* What the 12 digits of an identity number say of whose it is (Circular 59/2021/TT-BCA, article 4): three of the place where the birth was
 * registered, one of century and sex (0 and 1: 1900 to 1999, male and female; 2 and 3: 2000 to 2099; …), two of the year of birth, six
 * at random. */
struct id_number {
    int year;        /* of birth */
    const char *sex; /* "male", "female" */
};
/* false: not 12 digits. */
bool id_number_read(const char *text, struct id_number *out);

/* How a number stands to the rest. A number of 9 digits (the old card) and an empty one have no logic to break. */
enum id_odd {
    ID_NOT_DIGITS = 1, /* something in it is no digit; nothing else is looked at */
    ID_LENGTH = 2,     /* neither 12 nor 9 digits */
    ID_YEAR = 4,       /* another year of birth */
    ID_SEX = 8,        /* the other sex */
};
/* Bits of enum id_odd, 0 where nothing is odd. `birth`: DAY_NONE if not known; `sex`: as in the contract, NULL if not known. */
unsigned id_number_check(const char *text, int32_t birth, const char *sex);

/* "3/9/1991", "03-09-1991", "03.09.1991" or "03091991": a day that there is, from 1900 on. false: none. */
bool entry_day(const char *text, int32_t *out);
/* The other way, "03/09/1991"; "" for DAY_NONE. */
#define ENTRY_DAY 11
void entry_day_format(int32_t day, char out[static ENTRY_DAY]);

/* A number that can be dialled in Vietnam: 10 or 11 digits that begin with 0, or +84 or 0084 in its place; spaces, dots, hyphens and brackets
 * between are dropped: "+84 912.345.678" is "0912345678". false: it is none. */
#define ENTRY_PHONE 12
bool entry_phone(const char *text, char out[static ENTRY_PHONE]);

#endif
