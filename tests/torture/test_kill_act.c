/* Killed before each call on files, descriptors and the line while it saves a wish and sends it: what was called saved takes effect
 * once, what was not at most once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/hurt.h"

int main(void)
{
    static const struct hurt kill = {NULL, "signal=KILL", false, HURT_ACT};

    return hurt_all(&kill, 1);
}
