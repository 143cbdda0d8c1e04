/* files_internal: the sealed file itself, for cache/files*.c and cache/outbox_act.c alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_FILES_INTERNAL_H
#define MOTCUA_CACHE_FILES_INTERNAL_H

#include "cache/files.h"
#include "cache/outbox_internal.h"

#include <sodium.h>

#define FILES_DIR    "files"
#define FILES_SECRET crypto_secretstream_xchacha20poly1305_KEYBYTES

/* The descriptor of files/, made 0700 if it is not there; -1. */
int files_directory(struct outbox *, struct err *);
/* Writes it sealed, and syncs it and its name. */
bool sealed_write(struct outbox *, const char *key, const unsigned char secret[static FILES_SECRET],
                  const void *bytes, size_t n, struct err *);
bool sealed_open(struct outbox *, const char *key, const unsigned char secret[static FILES_SECRET],
                 struct file_reader **out, struct err *);
void sealed_remove(struct outbox *, const char *key);

#endif
