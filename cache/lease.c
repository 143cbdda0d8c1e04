/* lease: who of an officer's instances sends and reads the feed. An OFD lock: the kernel frees it with its holder, no clock is
 * trusted. The file's text is the holder's pid, for a person to read; it decides nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/state.h"

#include "core/mem.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct lease {
    int dir, fd;
    bool held;
};

struct lease *lease_new(int dir)
{
    struct lease *lease = mem_alloc(sizeof(*lease));
    *lease = (struct lease){.dir = dir, .fd = -1};
    return lease;
}

static bool open_file(struct lease *lease)
{
    if (lease->fd < 0)
        lease->fd = openat(lease->dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    return lease->fd >= 0;
}

bool lease_take(struct lease *lease)
{
    if (lease->held)
        return true;
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (!open_file(lease) || fcntl(lease->fd, F_OFD_SETLK, &whole) != 0)
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
    struct flock whole = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    if (ftruncate(lease->fd, 0) != 0 || fcntl(lease->fd, F_OFD_SETLK, &whole) != 0) {
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
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (!open_file(lease) || fcntl(lease->fd, F_OFD_GETLK, &whole) != 0 || whole.l_type == F_UNLCK)
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
