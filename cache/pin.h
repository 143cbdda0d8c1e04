/* pin: what opens an officer's saved data, typed by a person, in locked memory and nowhere else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_PIN_H
#define MOTCUA_CACHE_PIN_H

#include <stdbool.h>
#include <stddef.h>

#define PIN_LEAST 6  /* letters: fewer are no PIN */
#define PIN_MOST  18 /* letters: as many as the lock view shows */

struct pin;
struct pin *pin_new(void);
void pin_free(struct pin **); /* wipes it */
/* At its end, whole or not at all. false: no room, or it holds what no key types (a control character). */
bool pin_add(struct pin *, const char *utf8);
void pin_erase(struct pin *); /* its last letter */
void pin_clear(struct pin *);
size_t pin_letters(const struct pin *);
const void *pin_bytes(const struct pin *, size_t *n); /* borrowed, for who keeps them no worse */
bool pin_same(const struct pin *, const struct pin *);
void pin_copy(struct pin *to, const struct pin *from);

#endif
