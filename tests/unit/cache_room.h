/* cache_room: what a test of the outbox starts from: a machine, its officer's outbox, an arena and an error, fresh for each case.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CACHE_ROOM_H
#define MOTCUA_TESTS_UNIT_CACHE_ROOM_H

#include "tests/unit/cache_machine.h"

extern struct machine m;
extern struct outbox *o;
extern struct arena arena;
extern struct err e;

int room_enter(void **state);
int room_leave(void **state);

#endif
