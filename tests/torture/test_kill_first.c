/* Killed before each call on files, descriptors and the line while the officer's files are made and her first page is applied: the next start goes on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/hurt.h"

int main(void)
{
    static const struct hurt kill = {NULL, "signal=KILL", false, HURT_FIRST};

    return hurt_all(&kill, 1);
}
