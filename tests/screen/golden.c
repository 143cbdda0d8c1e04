/* golden: waits until the screen is the picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/pty.h"

#include <stdlib.h>
#include <string.h>

void screen_golden_at(struct screen *s, const char *name, struct at at)
{
    char *wanted = golden_wanted(name, at), *seen = screen_text(s);
    /* Half the time: where it differs, what can be undone for 10 s is still there to be seen. */
    int64_t deadline = harness_now() + (harness_deadline() - harness_now()) / 2, left;

    while (strcmp(seen, wanted) != 0 && (left = deadline - harness_now()) > 0) {
        screen_read(s, (int)left);
        free(seen);
        seen = screen_text(s);
    }
    golden_keep(name, seen);
    if (strcmp(seen, wanted) != 0)
        golden_differ(name, wanted, seen, at);
    free(wanted);
    free(seen);
}
