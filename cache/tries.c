/* tries: how often a PIN was wrong, in the file `tries` (32 bytes, written in place, so that a full disk changes nothing), and how long
 * the next one has to wait. It refuses to trust a clock: what it counts is mono, which begins anew with the machine; since that start
 * at least `mono` has gone by, so a restart shortens no wait.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/key_internal.h"

#include "cache/state.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME   "tries"
#define RECORD      32
#define MOST_DOUBLE 11 /* 17 hours */

static void read_record(int fd, int *wrong, int64_t *at)
{
    char record[RECORD + 1] = "";
    long long mono = 0;
    *wrong = 0;
    if (pread(fd, record, RECORD, 0) != RECORD || sscanf(record, "%10d %20lld", wrong, &mono) != 2 ||
        *wrong < 0 || mono < 0) {
        *wrong = 0;
        mono = 0;
    }
    *at = mono;
}

static bool write_record(int fd, int wrong, int64_t at)
{
    char record[RECORD + 1];
    snprintf(record, sizeof(record), "%-10d %-20lld\n", wrong, (long long)at);
    errno = ENOSPC;
    return pwrite(fd, record, RECORD, 0) == RECORD && fsync(fd) == 0;
}

static int64_t wait_of(int wrong, int64_t at, int64_t now)
{
    if (wrong < TRIES_FREE)
        return 0;
    int doubled = wrong - TRIES_FREE < MOST_DOUBLE ? wrong - TRIES_FREE : MOST_DOUBLE;
    int64_t wait = ((int64_t)TRIES_WAIT * 1000) << doubled, gone = now >= at ? now - at : now;
    return gone >= wait ? 0 : wait - gone;
}

void key_tries(int dir, struct env *env, struct tries *tries)
{
    int64_t at;
    *tries = (struct tries){0};
    int fd = openat(dir, FILE_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    read_record(fd, &tries->wrong, &at);
    tries->wait_ms = wait_of(tries->wrong, at, env->mono(env));
    close(fd);
}

/* Counts it before it is known whether it is right: a kill in between gives nothing away. One at a time. */
bool tries_begin(int dir, struct env *env, int *fd, struct err *e)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int wrong;
    int64_t at, now = env->mono(env);
    *fd = openat(dir, FILE_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    if (*fd < 0)
        return state_fail(e, errno, FILE_NAME);
    while (fcntl(*fd, F_OFD_SETLKW, &whole) != 0 && errno == EINTR)
        continue;
    read_record(*fd, &wrong, &at);
    int64_t wait = wait_of(wrong, at, now);
    if (wait == 0 && write_record(*fd, wrong + 1, now))
        return true;
    if (wait == 0)
        state_fail(e, errno, FILE_NAME);
    else
        err_set(e, ERR_AUTH, _("The PIN was wrong %d times. Wait %lld seconds, then type it again."), wrong,
                (long long)(wait + 999) / 1000);
    close(*fd);
    return false;
}

void tries_end(int fd, bool counts)
{
    if (!counts)
        write_record(fd, 0, 0);
    close(fd);
}
