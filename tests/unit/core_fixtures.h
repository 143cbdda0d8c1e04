/* core_fixtures: one value of every shape that crosses the wire, with every member there and none at its default, as compact
 * JSON in the contract's order with times at +07:00: what codec_write() has to give back, byte for byte.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CORE_FIXTURES_H
#define MOTCUA_TESTS_UNIT_CORE_FIXTURES_H

#include "core/codec.h"

#define FIXTURE_OFFSET (7 * 3600)

struct fixture {
    const char *name;
    const struct codec_shape *shape;
    size_t size;          /* of the struct */
    const char *required; /* names of the contract, with a space between them */
    const char *json;
};
extern const struct fixture fixtures[]; /* every shape of codec.h */
extern const size_t n_fixtures;
/* A fixture as JSON; json_decref() it. Fails the test if it is none. */
json_t *fixture_json(const char *text);
bool fixture_requires(const struct fixture *, const char *name);

extern const char *const fixture_dossier;       /* every member, as in `fixtures` */
extern const char *const fixture_dossier_small; /* what is required, and no more */

#endif
