/* env: chance made into numbers and names, from whatever `random` the world hands in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/env.h"

int64_t env_random_below(struct env *env, int64_t below)
{
    if (below <= 0)
        return 0;
    /* What lies above the last whole multiple would make small numbers likelier: draw again. */
    uint64_t range = (uint64_t)below, limit = UINT64_MAX - UINT64_MAX % range, draw;
    do {
        env->random(env, &draw, sizeof(draw));
    } while (draw >= limit);
    return (int64_t)(draw % range);
}

void env_uuid(struct env *env, char out[static UUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[16];
    env->random(env, bytes, sizeof(bytes));
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40); /* version 4 */
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80); /* the variant of RFC 9562 */
    char *at = out;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 0x0F];
    }
    *at = '\0';
}
