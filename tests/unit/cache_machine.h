/* cache_machine: an officer's directory and key on a machine of a test's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CACHE_MACHINE_H
#define MOTCUA_TESTS_UNIT_CACHE_MACHINE_H

#include "cache/outbox.h"
#include "cache/seal.h"
#include "tests/harness.h"
#include "tests/unit/fake_env.h"

#define T0 ((int64_t)1672281720) /* 2022-12-29 09:42 in Châu Đức: when the officers of the tests act */

struct machine {
    char *home;
    int dir;
    char *path;
    struct seal_key *key;
    struct fake_env env;
};
void machine_new(struct machine *);
void machine_free(struct machine *);

/* Fails the test with the error's sentence. */
#define assert_ok(call, e)                             \
    do {                                               \
        if (!(call))                                   \
            fail_at(HERE, "%s: %s", #call, (e)->text); \
    } while (0)
/* The call has to fail with this code and a sentence; clears the error for the next one. */
#define assert_err(call, e, expected)                                                                    \
    do {                                                                                                 \
        assert_false(call);                                                                              \
        if ((e)->code != (expected))                                                                     \
            fail_at(HERE, "%s: code %d, not %d: %s", #call, (int)(e)->code, (int)(expected), (e)->text); \
        assert_true((e)->text[0] != '\0');                                                               \
        *(e) = (struct err){0};                                                                          \
    } while (0)

/* The outbox of the machine's officer; one that was set aside fails the test. */
struct outbox *machine_outbox(struct machine *);
/* A wish for `comment` on a dossier seen at version 3, held, made at T0. */
struct wish wish_on(const char *target);
/* Enqueues one and leaves its key. */
void enqueue(struct outbox *, const struct wish *, char key[static UUID_TEXT]);
enum command_state state_of(struct outbox *, const char *key);

#endif
