/* signals: handlers that write one byte, and a crash handler that gives the terminal back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include "core/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#define CRASH_STACK 65536

static int ends[2] = {-1, -1};
static void (*restore_terminal)(void);
static struct sigaction before[NSIG]; /* of the crash signals: a sanitizer's own report comes after ours */

static void note(int sig)
{
    int kept = errno;
    unsigned char byte = (unsigned char)sig;

    /* A full pipe has enough to say already. */
    if (write(ends[1], &byte, 1) != 1)
        errno = kept;
    errno = kept;
}

static void crash(int sig)
{
    restore_terminal();
    sigaction(sig, &before[sig], NULL);
    raise(sig); /* comes when we return: it is blocked until then */
}

static void listen_to(int sig, void (*handler)(int), int flags, struct sigaction *old)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(sig, &action, old);
}

void signals_open(void (*restore)(void))
{
    static const int noted[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
    static char stack[CRASH_STACK];
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        die("no pipe for signals");
    restore_terminal = restore;
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++)
        listen_to(noted[i], note, SA_RESTART, NULL);
    sigaltstack(&own, NULL); /* a stack that is used up is a crash too */
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        listen_to(fatal[i], crash, SA_ONSTACK, &before[fatal[i]]);
}

int signals_fd(void)
{
    return ends[0];
}

uint64_t signals_take(void)
{
    unsigned char bytes[64];
    uint64_t bits = 0;
    ssize_t n;

    while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++)
            bits |= UINT64_C(1) << bytes[i];
    return bits;
}

void signals_stop(void)
{
    listen_to(SIGTSTP, SIG_DFL, 0, NULL);
    raise(SIGTSTP);
    listen_to(SIGTSTP, note, SA_RESTART, NULL);
}
