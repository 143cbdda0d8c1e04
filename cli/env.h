/* env: the real world behind core/env.h. The tests' program links tests/env.c in place of env.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_ENV_H
#define MOTCUA_CLI_ENV_H

#include "core/env.h"

/* lasting: secrets outlive the program where the kernel's keyring lets them; else they are this process's alone (demo). */
struct env *env_new(bool lasting);
void env_free(struct env **);
/* Descriptor that becomes readable when the world moved by itself (tests only), else -1; env_moved() takes note of it. */
int env_fd(struct env *);
void env_moved(struct env *);

/* keyring.c: where secrets live outside the process (design: "Secrets"): the session's keyring if it is ours and not revoked, else the
 * user's (12 hours), else this process's memory alone. */
struct keyring;
struct keyring *keyring_new(bool lasting); /* false: memory alone from the start */
void keyring_free(struct keyring **);
bool keyring_lasts(const struct keyring *); /* false: memory alone */
bool keyring_get(struct keyring *, const char *name, void *bytes, size_t cap, size_t *n);
bool keyring_put(struct keyring *, const char *name, const void *bytes, size_t n, int ttl_seconds);
void keyring_drop(struct keyring *, const char *name);

#endif
