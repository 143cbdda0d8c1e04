/* json_split: where each entry of a page of the feed begins and ends, without parsing the page whole.
 * It checks that the page is well-formed JSON from its first byte to its last, so that a broken page is known before any of
 * it is applied; the entries themselves are left to the codec, one at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_JSON_SPLIT_H
#define MOTCUA_CORE_JSON_SPLIT_H

#include "core/err.h"
#include "core/mem.h"

#include <stddef.h>
#include <stdint.h>

struct json_span {
    const char *at;
    size_t len;
};
struct change_page {
    struct json_span *entries; /* each one JSON value inside the page's bytes */
    size_t n_entries;
    char *cursor; /* decoded text, in the arena */
    bool more;
    int64_t poll_after; /* seconds, 0-3600; -1: absent */
};
/* `bytes` has to outlive `out`. ERR_DATA: not JSON, over 1 MiB or 32 levels, one of the members above twice, of another type, or
 * (but for poll_after) missing; the text begins with the byte where it is wrong, or the member that is missing. */
bool json_split_page(const char *bytes, size_t len, struct arena *, struct change_page *out, struct err *e);

/* An entry → its type, id, version, removed, and the bytes of its `data` (an object; whether it is the type's own is the codec's
 * to say). ERR_DATA: odd; the caller passes it over. `out` then holds what was read before it, for the log, or NULL. */
struct change;
bool json_split_change(struct json_span entry, struct arena *, struct change *out, struct err *e);

#endif
