/* pages: the file in which `fill` leaves the server's answers for `replay`: each "NAME LENGTH\n" and the bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_BENCH_PAGES_H
#define MOTCUA_TESTS_BENCH_PAGES_H

#include <stdbool.h>
#include <stdio.h>

#define PAGES_CHANGES "changes"
#define PAGES_BASE    "http://127.0.0.1:1" /* stands in the answers for where the server will be */

static inline bool pages_write(FILE *file, const char *name, const char *bytes, size_t n)
{
    return fprintf(file, "%s %zu\n", name, n) > 0 && fwrite(bytes, 1, n, file) == n;
}

#endif
