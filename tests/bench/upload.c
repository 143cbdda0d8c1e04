/* upload: what cuts cost a scan on its way: test_net_upload sends 20 MB over a line that is cut ten times, to the real server, and says how
 * many times its bytes left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include <stdlib.h>
#include <string.h>

#define FIGURE "upload-cuts "

void bench_upload(void)
{
    struct run run;
    char *program = build_path("tests/unit/test_net_upload");

    run_program(&run, ARGV(program), NULL, NULL, NULL);
    const char *figure = run.status == 0 ? strstr(run.out, FIGURE) : NULL;
    if (!figure)
        fail_at(HERE, "test_net_upload: %d\n%s", run.status, run.out);
    row_at_most("upload-cuts", strtod(figure + strlen(FIGURE), NULL), 1.1,
                "bytes that left over bytes of the file, 20 MB, cut ten times");
    run_clear(&run);
    free(program);
}
