/* codec_shape: how a table says what a struct is on the wire. For codec*.c alone; everybody else names a shape of codec.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_CODEC_SHAPE_H
#define MOTCUA_CORE_CODEC_SHAPE_H

#include "core/codec.h"

/* What stands in the JSON, and the C type of the member that holds it. */
enum codec_kind {
    CODEC_TEXT,    /* string: const char * */
    CODEC_ID,      /* string that is an Id: const char * */
    CODEC_TEXTS,   /* array of strings: struct texts */
    CODEC_INTEGER, /* 0 to 2^53 - 1, the contract has no others: int64_t */
    CODEC_BOOL,    /* bool */
    CODEC_INSTANT, /* date-time: int64_t */
    CODEC_DAY,     /* date: int32_t */
    CODEC_INLINE,  /* object: the struct itself */
    CODEC_POINTER, /* object: struct * */
    CODEC_LIST,    /* array of objects: struct *, and a size_t at `count` */
    CODEC_JSON,    /* object whose members we do not know: json_t * */
    CODEC_HOURS,   /* DayHours: struct day_hours */
    CODEC_WEEK,    /* seven DayHours: struct day_hours[7] */
};

struct codec_member {
    const char *name;
    const struct codec_shape *shape; /* INLINE, POINTER, LIST */
    const char *absent_text;         /* TEXT: the contract's default */
    int64_t absent;                  /* INTEGER: the contract's default */
    uint16_t at, count;              /* offsets in the struct */
    uint8_t kind;                    /* enum codec_kind */
    bool required;
};
struct codec_shape {
    const struct codec_member *members; /* in the contract's order */
    size_t n_members, size;
};

/* The biggest integer of the contract: 53 bits. */
#define CODEC_MOST INT64_C(9007199254740991)

#endif
