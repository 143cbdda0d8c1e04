/* json_scan: one pass over JSON's bytes that checks its grammar (RFC 8259) and UTF-8, and allocates nothing. For json_split.c.
 * What only a reader of values can mind (a member twice, half a surrogate, \u0000) passes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_JSON_SCAN_H
#define MOTCUA_CORE_JSON_SCAN_H

#include "core/json_split.h"

/* `at` moves over what was taken. The first thing that is wrong says `why`, and nothing is taken after it. */
struct scan {
    const unsigned char *at, *end;
    int depth;
    const char *why; /* msgid */
};
/* A string's bytes between its quotes. */
struct quoted {
    struct json_span span;
    bool escaped; /* it has a backslash */
};
struct scan scan_over(const char *bytes, size_t len);

/* All of these skip space before what they take, and return false with `why` set. */
unsigned char scan_peek(struct scan *); /* the next byte, not taken; 0 at the end, which begins nothing */
bool scan_end(struct scan *);           /* nothing but space is left */
bool scan_value(struct scan *);         /* any value, at most CODEC_MAX_DEPTH levels deep with what is open */
bool scan_string(struct scan *, struct quoted *out);

/* `each` takes the value that stands next: one of a member, one of an item. */
typedef bool scan_member(struct scan *, const struct quoted *key, void *context);
typedef bool scan_item(struct scan *, void *context);
bool scan_object(struct scan *, scan_member *each, void *context);
bool scan_array(struct scan *, scan_item *each, void *context);

/* What a string says, in `arena`; NULL if it holds what no text may hold: a NUL or half a surrogate. */
char *scan_text(const struct quoted *, struct arena *);

#endif
