/* cache_room: see cache_room.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_room.h"

struct machine m;
struct outbox *o;
struct arena arena;
struct err e;

int room_enter(void **state)
{
    machine_new(&m);
    o = machine_outbox(&m);
    e = (struct err){0};
    return 0;
}

int room_leave(void **state)
{
    outbox_close(&o);
    arena_clear(&arena);
    machine_free(&m);
    return 0;
}
