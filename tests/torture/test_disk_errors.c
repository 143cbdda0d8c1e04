/* A disk that fails while a wish is saved and sent, while a page is applied, and while the files are made: each flush with EIO, each call
 * that needs room with ENOSPC, once or from then on. Nothing is called saved that is not, and it is said in a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/hurt.h"

#define FLUSH "fdatasync,fsync"
#define ROOM  "write,pwrite64,ftruncate,openat,linkat,mkdirat"

int main(void)
{
    static const struct hurt hurts[] = {
        {FLUSH, "error=EIO", false, HURT_ACT},     {FLUSH, "error=EIO", true, HURT_ACT},
        {FLUSH, "error=EIO", false, HURT_SYNC},    {FLUSH, "error=EIO", true, HURT_SYNC},
        {FLUSH, "error=EIO", false, HURT_FIRST},   {FLUSH, "error=EIO", true, HURT_FIRST},
        {ROOM, "error=ENOSPC", false, HURT_ACT},   {ROOM, "error=ENOSPC", true, HURT_ACT},
        {ROOM, "error=ENOSPC", false, HURT_SYNC},  {ROOM, "error=ENOSPC", true, HURT_SYNC},
        {ROOM, "error=ENOSPC", false, HURT_FIRST}, {ROOM, "error=ENOSPC", true, HURT_FIRST},
    };

    return hurt_all(hurts, sizeof hurts / sizeof *hurts);
}
