/* agent: see agent.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent.h"

#include <stdbool.h>
#include <string.h>

#define HEAD 8

static const char magic[4] = {'M', 'C', 'A', '1'};

void agent_put(struct buf *out, enum agent_kind kind, const void *body, size_t n)
{
    const unsigned char head[] = {(unsigned char)kind, (unsigned char)(n >> 16), (unsigned char)(n >> 8),
                                  (unsigned char)n};

    buf_add(out, magic, sizeof magic);
    buf_add(out, head, sizeof head);
    buf_add(out, body, n);
}

static bool is_kind(unsigned char byte)
{
    static const unsigned char kinds[] = {AGENT_DESCRIBE, AGENT_SIGN,   AGENT_WAITS,
                                          AGENT_TOLD,     AGENT_SIGNED, AGENT_REFUSED};

    return memchr(kinds, byte, sizeof kinds) != NULL;
}

/* Judged by the bytes that are there: nobody waits for the rest of nonsense. */
enum agent_taken agent_take(const char *bytes, size_t n, struct agent_frame *out, size_t *used)
{
    const unsigned char *at = (const unsigned char *)bytes;

    if (memcmp(at, magic, n < sizeof magic ? n : sizeof magic) != 0)
        return AGENT_NONSENSE;
    if (n > sizeof magic && !is_kind(at[sizeof magic]))
        return AGENT_NONSENSE;
    if (n < HEAD)
        return AGENT_PART;
    size_t body = (size_t)at[5] << 16 | (size_t)at[6] << 8 | at[7];
    if (body > AGENT_BODY_MOST)
        return AGENT_NONSENSE;
    if (n - HEAD < body)
        return AGENT_PART;
    *out = (struct agent_frame){.kind = (enum agent_kind)at[4], .body = bytes + HEAD, .n = body};
    *used = HEAD + body;
    return AGENT_WHOLE;
}
