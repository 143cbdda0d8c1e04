/* Killed before each call on files, descriptors and the line while a saved wish is sent and a page of the feed is applied: the wish takes effect
 * once, and what is kept is what the server has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/hurt.h"

int main(void)
{
    static const struct hurt kill = {NULL, "signal=KILL", false, HURT_SYNC};

    return hurt_all(&kill, 1);
}
