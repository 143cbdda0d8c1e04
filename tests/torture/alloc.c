/* alloc: see alloc.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/alloc.h"

#include <curl/curl.h>
#include <errno.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool armed;
static long count, fails_at;
static FILE *told; /* opened at the start: later the program may write in few places */

static bool fails(void)
{
    if (!armed || ++count != fails_at)
        return false;
    errno = ENOMEM;
    return true;
}

void alloc_arm(long nth)
{
    count = 0;
    fails_at = nth;
    armed = true;
}

long alloc_disarm(void)
{
    armed = false;
    return count;
}

/* ── ours ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define WRAP(type, name, parameters, arguments)          \
    type __real_##name parameters;                       \
    type __wrap_##name parameters;                       \
    type __wrap_##name parameters                        \
    {                                                    \
        return fails() ? NULL : __real_##name arguments; \
    }

WRAP(void *, malloc, (size_t n), (n))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *old, size_t n), (old, n))
WRAP(void *, reallocarray, (void *old, size_t n, size_t size), (old, n, size))
WRAP(char *, strdup, (const char *text), (text))
WRAP(char *, realpath, (const char *path, char *resolved), (path, resolved))
WRAP(void *, sodium_malloc, (size_t n), (n))

int __real_vasprintf(char **out, const char *format, va_list args);
int __wrap_vasprintf(char **out, const char *format, va_list args);
int __wrap_vasprintf(char **out, const char *format, va_list args)
{
    return fails() ? -1 : __real_vasprintf(out, format, args);
}

/* ── the libraries' ──────────────────────────────────────────────────────────────────────────────────────────────── */

static struct sqlite3_mem_methods sqlites;

static void *sqlite_malloc(int n)
{
    return fails() ? NULL : sqlites.xMalloc(n);
}

static void *sqlite_realloc(void *old, int n)
{
    return fails() ? NULL : sqlites.xRealloc(old, n);
}

/* Before main(), since each takes them only before its first use. These calls of malloc and the like are wrapped like ours. */
__attribute__((constructor)) static void hook(void)
{
    struct sqlite3_mem_methods ours;
    const char *nth = getenv("MOTCUA_TEST_ALLOCATION"), *path = getenv("MOTCUA_TEST_COUNT");

    told = path ? fopen(path, "we") : NULL;

    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlites);
    ours = sqlites;
    ours.xMalloc = sqlite_malloc;
    ours.xRealloc = sqlite_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, free, realloc, strdup, calloc);
    if (nth)
        alloc_arm(atol(nth));
}

__attribute__((destructor)) static void tell(void)
{
    if (told) {
        fprintf(told, "%ld\n", alloc_disarm());
        fclose(told);
    }
}
