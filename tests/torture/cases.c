/* cases: see cases.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/cases.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 12 }; /* harness_deadline()s that a case of several programs may take */

static int run, failed;

int cases_every(int otherwise)
{
    const char *text = getenv("MOTCUA_TORTURE_EVERY");
    int every = text ? atoi(text) : otherwise;

    return every > 0 ? every : 1;
}

void case_run_named(void (*body)(void *), void *context, char *name)
{
    int64_t patience = (harness_deadline() - harness_now()) * PATIENCE;

    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        body(context);
        _exit(0);
    }
    int status = pid < 0 ? -1 : child_wait(pid, harness_now() + patience);
    if (pid > 0 && status < 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    failed += status != 0;
    printf("%sok %d - %s\n", status ? "not " : "", ++run, name);
    if (status)
        printf("# %s: %s %d\n", name,
               status < 0                      ? "no end"
               : status > 128 && status != 255 ? "signal"
                                               : "status",
               status > 128 && status != 255 ? status - 128 : status);
    free(name);
}

void cases_skip(const char *why)
{
    printf("ok %d # SKIP %s\n", ++run, why);
}

int cases_end(void)
{
    printf("1..%d\n", run);
    return failed > 0;
}
