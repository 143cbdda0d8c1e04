/* secret: bytes that are not to be found anywhere afterwards: locked memory, left out of core files, wiped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_SECRET_H
#define MOTCUA_DESK_SECRET_H

#include <stddef.h>

#define PIN_BYTES_MOST 255

struct secret {
    char *bytes; /* `size` of them */
    size_t size;
};
/* Zeroed. Where the limit for locked memory is used up they may be swapped out, and are still wiped. */
void secret_init(struct secret *, size_t size);
void secret_wipe(struct secret *, size_t from, size_t n);
void secret_clear(struct secret *); /* wipes all of it */

#endif
