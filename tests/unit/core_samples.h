/* core_samples: texts that a seed makes, for properties that must hold of any text.
 * It refuses to be random: the same seed gives the same text on every machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CORE_SAMPLES_H
#define MOTCUA_TESTS_UNIT_CORE_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

uint32_t sample_number(uint64_t *seed);
/* Up to `cap` bytes of names, letters of many scripts, marks, spaces, controls and bytes that are no UTF-8. */
size_t sample_text(uint64_t *seed, char *out, size_t cap);
/* A Vietnamese full name of three to five words, NUL-terminated, at most 63 bytes. */
void sample_name(uint64_t *seed, char out[static 64]);

#endif
