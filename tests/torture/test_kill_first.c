/* Killed before each call on files, descriptors and the line while the officer's files are made and her first page is applied: the next
 * start goes on.
 * The schemas have had one version so far: making them is all that there is of migrating.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/hurt.h"

int main(void)
{
    static const struct hurt kill = {NULL, "signal=KILL", false, HURT_FIRST};

    return hurt_all(&kill, 1);
}
