/* The frames between an office and the machine at home: whatever comes, in whatever pieces, is a frame that lies within it, a part of one, or
 * nonsense for good; and a frame that is put is the frame that is taken.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/agent.h"

#include <string.h>

static void check_again(const struct agent_frame *f, const char *bytes, size_t used)
{
    struct agent_frame again;
    struct buf put = {0};
    size_t n;

    agent_put(&put, f->kind, f->body, f->n);
    CHECK(put.len == used && memcmp(put.data, bytes, used) == 0);
    CHECK(agent_take(put.data, put.len, &again, &n) == AGENT_WHOLE && n == used);
    CHECK(again.kind == f->kind && again.n == f->n && memcmp(again.body, f->body, f->n) == 0);
    for (size_t i = 1; i < used && i < 16; i++)
        CHECK(agent_take(bytes, i, &again, &n) == AGENT_PART);
    buf_clear(&put);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size ? size : 1); /* so that one byte too far is seen */
    struct agent_frame f;
    size_t at = 0, used;

    memcpy(bytes, data, size);
    while (at < size) {
        enum agent_taken taken = agent_take(bytes + at, size - at, &f, &used);
        if (taken == AGENT_PART) /* what is nonsense is nonsense by its first bytes: more of it would not mend it */
            CHECK(size - at < 8 + AGENT_BODY_MOST);
        if (taken != AGENT_WHOLE)
            break;
        CHECK(f.n <= AGENT_BODY_MOST && used == 8 + f.n && used <= size - at && f.body == bytes + at + 8);
        check_again(&f, bytes + at, used);
        at += used;
    }
    free(bytes);
    return 0;
}
