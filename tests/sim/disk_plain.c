/* disk_plain: the same fate for files that are not SQLite's (`journal`): the link turns write(), fdatasync(), fsync(), ftruncate(),
 * renameat(), linkat() and unlinkat() of the code under test into these. Names change at once and for good. It refuses to touch
 * descriptors that a process was started with, and what is no file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/disk_inside.h"

#include "core/err.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

ssize_t __real_write(int fd, const void *bytes, size_t n);
int __real_fdatasync(int fd);
int __real_fsync(int fd);
int __real_ftruncate64(int fd, off_t size);
int __real_renameat(int from, const char *name, int to, const char *other);
int __real_linkat(int from, const char *name, int to, const char *other, int flags);
int __real_unlinkat(int dir, const char *name, int flags);

ssize_t __wrap_write(int fd, const void *bytes, size_t n);
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);
int __wrap_ftruncate64(int fd, off_t size);
int __wrap_renameat(int from, const char *name, int to, const char *other);
int __wrap_linkat(int from, const char *name, int to, const char *other, int flags);
int __wrap_unlinkat(int dir, const char *name, int flags);

/* ── the bytes ───────────────────────────────────────────────────────────────────────────────────────────────────── */

void plain_load(struct disk_node *n)
{
    struct stat st;
    bytes_size(&n->now, fstat(n->fd, &st) == 0 ? (size_t)st.st_size : 0);
    if (n->now.len > 0 && pread(n->fd, n->now.data, n->now.len, 0) != (ssize_t)n->now.len)
        die("a file of the simulator's own cannot be read");
}

void plain_put_back(struct disk_node *n)
{
    const struct bytes *kept = &n->kept;
    if (__real_ftruncate64(n->fd, 0) != 0 || pwrite(n->fd, kept->data, kept->len, 0) != (ssize_t)kept->len)
        die("a file of the simulator's own cannot be written");
}

/* NULL: no file that is looked after. One that is written to for the first time is looked after from then on. */
static struct disk_node *node_of(int fd, bool writes)
{
    struct stat st;
    if (fd <= STDERR_FILENO || !disk_user_now || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return NULL;
    struct disk_node *n = node_find(disk_user_now->disk, &st);
    if (n || !writes)
        return n;
    char *path = mem_format("/proc/self/fd/%d", fd);
    int own = open(path, O_RDWR | O_CLOEXEC); /* not a copy: a lock would live on in it */
    mem_free(&path);
    if (own < 0)
        return NULL;
    n = node_new(disk_user_now->disk, own, &st);
    n->plain = true;
    return n;
}

static bool is_dark(void)
{
    return disk_user_now && (disk_user_now->dead || disk_user_now->disk->off);
}

/* Of a change that does not happen: -1 and errno; 0: it does. */
static int change_fails(void)
{
    if (is_dark() || (disk_user_now && disk_happens(disk_user_now->disk, true) != DISK_GOOD)) {
        errno = EIO;
        return -1;
    }
    return 0;
}

/* ── what is wrapped ─────────────────────────────────────────────────────────────────────────────────────────────── */

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    struct disk_node *n = node_of(fd, true);
    struct stat st;
    if (!n)
        return __real_write(fd, bytes, size);
    struct disk *d = n->disk;
    if (is_dark() || fstat(fd, &st) != 0) {
        errno = EIO;
        return -1;
    }
    enum disk_chance how = disk_happens(d, true);
    size_t fits = d->room >= 0 && (int64_t)size > d->room ? (size_t)d->room : size;
    size_t goes = how == DISK_GOOD ? fits : (size_t)disk_draw(&d->chance, fits + 1);
    ssize_t gone = goes > 0 ? __real_write(fd, bytes, goes) : 0;
    if (gone > 0) { /* the file is open to append */
        node_soil(n, (size_t)st.st_size, (size_t)(st.st_size + gone));
        d->room -= d->room >= 0 ? gone : 0;
    }
    if (how != DISK_GOOD || (gone == 0 && size > 0)) {
        d->faults += how == DISK_GOOD;
        errno = how == DISK_GOOD ? ENOSPC : EIO;
        return -1;
    }
    return gone;
}

static int sync_it(int fd, int (*really)(int))
{
    struct disk_node *n = node_of(fd, false);
    if (!n)
        return is_dark() ? change_fails() : really(fd);
    enum disk_chance how = is_dark() ? DISK_GOES_OFF : disk_happens(n->disk, true);
    if (how != DISK_GOES_OFF && !n->disk->lies) {
        plain_load(n);
        if (how == DISK_GOOD)
            node_keep(n);
        n->soiled_from = n->soiled_to = 0;
        n->cut = false;
    }
    errno = EIO;
    return how == DISK_GOOD ? 0 : -1;
}

int __wrap_fdatasync(int fd)
{
    return sync_it(fd, __real_fdatasync);
}

int __wrap_fsync(int fd)
{
    return sync_it(fd, __real_fsync);
}

int __wrap_ftruncate64(int fd, off_t size)
{
    struct disk_node *n = node_of(fd, false);
    if (n && change_fails())
        return -1;
    if (is_dark() || __real_ftruncate64(fd, size) != 0)
        return -1;
    if (n) {
        node_soil(n, (size_t)size, (size_t)size);
        n->cut = true;
    }
    return 0;
}

int __wrap_renameat(int from, const char *name, int to, const char *other)
{
    return change_fails() ? -1 : __real_renameat(from, name, to, other);
}

int __wrap_linkat(int from, const char *name, int to, const char *other, int flags)
{
    return change_fails() ? -1 : __real_linkat(from, name, to, other, flags);
}

int __wrap_unlinkat(int dir, const char *name, int flags)
{
    return change_fails() ? -1 : __real_unlinkat(dir, name, flags);
}
