/* sshd: a real sshd on loopback, as this account, with keys of its own, for sockets that are forwarded from a home to an office; and the
 * ssh that takes one along. Both end with the test.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SCREEN_SSHD_H
#define MOTCUA_TESTS_SCREEN_SSHD_H

#include <sys/types.h>

struct sshd {
    char *dir, *config; /* config: for `ssh -F`, in which the host is called "office" */
    pid_t pid;
};
/* In `dir`, which the test removes. NULL and a reason: it cannot run here, and the test is to be skipped. */
struct sshd *sshd_start(const char *dir, const char **why);
void sshd_stop(struct sshd **);
/* `ssh -N -R office:home office`; there once the socket is at `office`. The pid is to be killed. */
pid_t sshd_forward(const struct sshd *, const char *office, const char *home);

#endif
