/* trace: see trace.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STRACE "/usr/bin/strace"

enum { NAMES_MAX = 200 };

const char *trace_impossible(void)
{
    struct run run;

    if (access(STRACE, X_OK) != 0)
        return "strace is not there";
    run_program(&run, ARGS(STRACE, "-o", "/dev/null", "/bin/true"), NULL, NULL, NULL);
    bool possible = run.status == 0;
    run_clear(&run);
    return possible ? NULL : "nothing may be traced here (ptrace)";
}

/* Counts by name; the number that this one is. */
static int count(struct call *names, const char *name, size_t n)
{
    size_t i = 0;

    while (i < NAMES_MAX - 1 && names[i].nth && (strncmp(names[i].name, name, n) != 0 || names[i].name[n]))
        i++;
    if (!names[i].nth)
        snprintf(names[i].name, sizeof names[i].name, "%.*s", (int)n, name);
    return ++names[i].nth;
}

static bool is_wanted(const char *names, const char *name, size_t n)
{
    for (; names && *names; names += strcspn(names, ",") + (strchr(names, ',') != NULL))
        if (strcspn(names, ",") == n && strncmp(names, name, n) == 0)
            return true;
    return !names;
}

/* A line is "PID name(arguments) = result". */
static struct call *calls_of(const char *text, const char *wanted, size_t *n)
{
    struct call names[NAMES_MAX] = {0}, *calls = NULL;
    bool ours = false;

    *n = 0;
    for (size_t len; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        const char *name = text + strspn(text, "0123456789 ");
        size_t wide = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (name[wide] != '(' || wide >= sizeof names->name)
            continue;
        int nth = count(names, name, wide);
        ours = ours || memmem(text, len, "/state/", 7);
        if (!ours || !is_wanted(wanted, name, wide))
            continue;
        calls = realloc(calls, (*n + 1) * sizeof *calls);
        if (!calls)
            abort();
        calls[*n] = (struct call){.nth = nth};
        memcpy(calls[(*n)++].name, name, wide);
    }
    return calls;
}

struct call *trace_calls(struct ground *g, const char *home, const char *names, const char *const args[],
                         size_t *n)
{
    char *file = text_new("%s/trace", home);
    struct run run;

    ground_run(g, home,
               ARGS(STRACE, "-qq", "-e", "signal=none", "-e", "trace=%file,%desc,%net", "-f", "-o", file),
               args, &run);
    char *text = file_text(file);
    if (run.status != 0 || !text)
        fail_at(HERE, "traced, but not hurt, it ended with %d: %s", run.status, run.err);
    struct call *calls = calls_of(text, names, n);
    if (*n == 0)
        fail_at(HERE, "no call of %s in its life", names ? names : "any kind");
    run_clear(&run);
    unlink(file);
    free(text);
    free(file);
    return calls;
}

void trace_hurt(struct ground *g, const char *home, const struct call *call, const char *how, bool on,
                const char *const args[], struct run *run)
{
    char *what = text_new("trace=%s", call->name),
         *hurt = text_new("inject=%s:%s:when=%d%s", call->name, how, call->nth, on ? "+" : "");

    ground_run(g, home,
               ARGS(STRACE, "-qq", "-e", "signal=none", "-e", what, "-e", hurt, "-f", "-o", "/dev/null"),
               args, run);
    free(what);
    free(hurt);
}
