/* watch: the dossiers that the officer sent back and still follows (QUEUE_WATCH). No member of a dossier says so: it is known from his
 * own actions, and kept among his places so that it outlives their rows in the outbox.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_WATCH_H
#define MOTCUA_TUI_WATCH_H

#include "cache/cache.h"
#include "cache/outbox.h"

/* Reads the outbox and tells the cache which they are. */
bool watch_refresh(struct cache *, struct outbox *, struct err *);

#endif
