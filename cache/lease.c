/* lease: who of an officer's instances sends and reads the feed (byte 0 of the file `lock`), and who has the files open at all (byte 1).
 * OFD locks: the kernel frees them with their holder, no clock is trusted. The file's text is the lease holder's pid, for a person to
 * read; it decides nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/state.h"

#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct lease {
    int dir, fd;
    bool held;
};

enum { BYTE_LEASE, BYTE_PRESENT };

static struct flock byte_lock(int byte, int type)
{
    return (struct flock){.l_type = (short)type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
}

static int open_lock(int dir)
{
    return openat(dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
}

struct lease *lease_new(int dir)
{
    struct lease *lease = mem_alloc(sizeof(*lease));
    *lease = (struct lease){.dir = dir, .fd = -1};
    return lease;
}

static bool open_file(struct lease *lease)
{
    if (lease->fd < 0)
        lease->fd = open_lock(lease->dir);
    return lease->fd >= 0;
}

bool lease_take(struct lease *lease)
{
    if (lease->held)
        return true;
    struct flock lock = byte_lock(BYTE_LEASE, F_WRLCK);
    if (!open_file(lease) || fcntl(lease->fd, F_OFD_SETLK, &lock) != 0)
        return false;
    lease->held = true;
    /* On a full disk the pid is not there to be named; the lease is ours all the same. */
    char pid[16];
    int n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
    if (ftruncate(lease->fd, 0) != 0 || pwrite(lease->fd, pid, (size_t)n, 0) != n)
        return true;
    return true;
}

void lease_give_back(struct lease *lease)
{
    if (!lease->held)
        return;
    lease->held = false;
    struct flock lock = byte_lock(BYTE_LEASE, F_UNLCK);
    if (ftruncate(lease->fd, 0) != 0 || fcntl(lease->fd, F_OFD_SETLK, &lock) != 0) {
        /* Closing frees it for certain. */
        close(lease->fd);
        lease->fd = -1;
    }
}

bool lease_held(const struct lease *lease)
{
    return lease->held;
}

int lease_holder(struct lease *lease)
{
    if (lease->held)
        return (int)getpid();
    struct flock lock = byte_lock(BYTE_LEASE, F_WRLCK);
    if (!open_file(lease) || fcntl(lease->fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
        return 0;
    char pid[16] = "";
    ssize_t n = pread(lease->fd, pid, sizeof(pid) - 1, 0);
    long long value = n > 0 ? strtoll(pid, NULL, 10) : 0; /* a long has 32 bits on i386 */
    return value > 0 && value <= INT_MAX ? (int)value : 0;
}

void lease_free(struct lease **lease)
{
    if (!*lease)
        return;
    lease_give_back(*lease);
    if ((*lease)->fd >= 0)
        close((*lease)->fd);
    free(*lease);
    *lease = NULL;
}

/* ── who is here ───────────────────────────────────────────────────────────────────────────────────────────────────── */

bool presence_take(int dir, int *presence, struct err *e)
{
    struct flock lock = byte_lock(BYTE_PRESENT, F_RDLCK);
    *presence = open_lock(dir);
    if (*presence < 0)
        return state_fail(e, errno, "lock");
    while (fcntl(*presence, F_OFD_SETLKW, &lock) != 0)
        if (errno != EINTR)
            return state_fail(e, errno, "lock");
    return true;
}

bool presence_alone(int presence, bool alone)
{
    struct flock lock = byte_lock(BYTE_PRESENT, alone ? F_WRLCK : F_RDLCK);
    return fcntl(presence, F_OFD_SETLK, &lock) == 0;
}
