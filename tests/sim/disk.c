/* disk: files, what a sync keeps, and what goes wrong; their locks are in disk_lock.c. A sector that was not synced is, after a
 * power cut, the old one, the new one, or the new one up to some byte. A sync that failed leaves what it was for as if it were on the
 * disk (as Linux does): only what is written anew is kept by the next.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/disk_inside.h"

#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512 };

struct disk_user *disk_user_now; /* SQLite hands a VFS no context */
static uint64_t salt;

void disk_seed(uint64_t seed)
{
    salt = seed;
    sqlite3_randomness(0, NULL);
}

void disk_enter(struct disk_user *who)
{
    disk_user_now = who;
}

uint64_t disk_draw(uint64_t *state, uint64_t below)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

/* ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────────────────── */

bool disk_is_well(const struct disk *d)
{
    return !d->off && d->off_in == DISK_NEVER && d->fails_in == DISK_NEVER && d->room == DISK_NEVER;
}

void disk_mend(struct disk *d)
{
    d->off = d->fails_on = false;
    d->off_in = d->fails_in = d->room = DISK_NEVER;
}

enum disk_chance disk_happens(struct disk *d, bool changes)
{
    if (changes && d->off_in >= 0 && d->off_in-- == 0) {
        d->off = true;
        return DISK_GOES_OFF;
    }
    if (d->fails_in > 0)
        d->fails_in--;
    else if (d->fails_in == 0) {
        d->fails_in = d->fails_on ? 0 : DISK_NEVER;
        d->faults++;
        return DISK_FAILS;
    }
    return DISK_GOOD;
}

static int refuse(int why, int code)
{
    errno = why;
    return code;
}

static bool is_gone(const struct handle *h)
{
    return h->user->dead || h->node->disk->off;
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

void bytes_size(struct bytes *b, size_t n)
{
    if (n > b->cap) {
        b->cap = n > 2 * b->cap ? n : 2 * b->cap;
        b->data = mem_grow(b->data, b->cap, 1);
    }
    if (n > b->len)
        memset(b->data + b->len, 0, n - b->len);
    b->len = n;
}

static void node_free(struct disk_node *n)
{
    free(n->now.data);
    free(n->kept.data);
    node_forget_map(n);
    close(n->fd);
    free(n);
}

/* Nobody has it open and its name is gone. */
static void prune(struct disk *d)
{
    for (struct disk_node **at = &d->nodes; *at;) {
        struct disk_node *n = *at;
        struct stat st;
        if (n->users > 0 || (fstat(n->fd, &st) == 0 && st.st_nlink > 0)) {
            at = &n->next;
            continue;
        }
        *at = n->next;
        node_free(n);
    }
}

struct disk_node *node_find(struct disk *d, const struct stat *st)
{
    for (struct disk_node *n = d->nodes; n; n = n->next)
        if (n->inode == st->st_ino)
            return n;
    return NULL;
}

struct disk_node *node_new(struct disk *d, int fd, const struct stat *st)
{
    struct disk_node *n = mem_alloc(sizeof(*n));
    *n = (struct disk_node){.disk = d, .fd = fd, .inode = st->st_ino, .next = d->nodes};
    return d->nodes = n;
}

static struct disk_node *node_of(struct disk *d, const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? node_find(d, &st) : NULL;
}

static struct disk_node *node_open(struct disk *d, const char *path, bool create)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct disk_node *n = node_find(d, &st);
    if (n) {
        close(fd);
        return n;
    }
    return node_new(d, fd, &st);
}

void node_soil(struct disk_node *n, size_t from, size_t to)
{
    if (n->soiled_to == n->soiled_from) {
        n->soiled_from = from;
        n->soiled_to = to;
    }
    n->soiled_from = from < n->soiled_from ? from : n->soiled_from;
    n->soiled_to = to > n->soiled_to ? to : n->soiled_to;
}

static int on_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 offset)
{
    struct handle *h = handle_of(file);
    const struct bytes *now = &h->node->now;
    size_t at = (size_t)offset, n = (size_t)amount;
    if (is_gone(h) || disk_happens(h->node->disk, false) != DISK_GOOD)
        return refuse(EIO, SQLITE_IOERR_READ);
    size_t there = at >= now->len ? 0 : now->len - at < n ? now->len - at : n;
    if (there > 0)
        memcpy(out, now->data + at, there);
    memset((char *)out + there, 0, n - there);
    return there < n ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static void write_down(struct disk_node *n, const void *data, size_t size, size_t at)
{
    if (size == 0)
        return;
    if (n->now.len < at + size)
        bytes_size(&n->now, at + size);
    memcpy(n->now.data + at, data, size);
    node_soil(n, at, at + size);
}

static int on_write(sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
    struct handle *h = handle_of(file);
    struct disk_node *n = h->node;
    struct disk *d = n->disk;
    size_t at = (size_t)offset, size = (size_t)amount;
    if (is_gone(h))
        return refuse(EIO, SQLITE_IOERR_WRITE);
    enum disk_chance how = disk_happens(d, true);
    size_t grows = at + size > n->now.len ? at + size - n->now.len : 0;
    if (how == DISK_GOOD && d->room >= 0 && (int64_t)grows > d->room) {
        size -= grows - (size_t)d->room < size ? grows - (size_t)d->room : size;
        d->room = 0;
        d->faults++;
        write_down(n, data, size, at);
        return refuse(ENOSPC, SQLITE_FULL);
    }
    write_down(n, data, how == DISK_GOOD ? size : (size_t)disk_draw(&d->chance, size + 1), at);
    if (d->room >= 0)
        d->room -= (int64_t)grows;
    return how == DISK_GOOD ? SQLITE_OK : refuse(EIO, SQLITE_IOERR_WRITE);
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct handle *h = handle_of(file);
    struct disk_node *n = h->node;
    if (is_gone(h) || disk_happens(n->disk, true) != DISK_GOOD)
        return refuse(EIO, SQLITE_IOERR_TRUNCATE);
    if ((size_t)size < n->now.len) {
        if (n->disk->room >= 0)
            n->disk->room += (int64_t)(n->now.len - (size_t)size);
        bytes_size(&n->now, (size_t)size);
        node_soil(n, (size_t)size, (size_t)size);
    }
    n->cut = true;
    return SQLITE_OK;
}

void node_keep(struct disk_node *n)
{
    size_t to = n->soiled_to < n->now.len ? n->soiled_to : n->now.len;
    bytes_size(&n->kept, n->now.len);
    if (n->soiled_from < to)
        memcpy(n->kept.data + n->soiled_from, n->now.data + n->soiled_from, to - n->soiled_from);
}

static int on_sync(sqlite3_file *file, int flags)
{
    struct handle *h = handle_of(file);
    struct disk_node *n = h->node;
    if (is_gone(h))
        return refuse(EIO, SQLITE_IOERR_FSYNC);
    enum disk_chance how = disk_happens(n->disk, true);
    if (how == DISK_GOES_OFF || n->disk->lies)
        return how == DISK_GOES_OFF ? refuse(EIO, SQLITE_IOERR_FSYNC) : SQLITE_OK;
    if (how == DISK_GOOD)
        node_keep(n);
    n->soiled_from = n->soiled_to = 0;
    n->cut = false;
    return how == DISK_GOOD ? SQLITE_OK : refuse(EIO, SQLITE_IOERR_FSYNC);
}

static int on_size(sqlite3_file *file, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)handle_of(file)->node->now.len;
    return SQLITE_OK;
}

static int on_close(sqlite3_file *file)
{
    struct handle *h = handle_of(file);
    handle_let_go(h);
    h->node->users--;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *file, int op, void *argument)
{
    return SQLITE_NOTFOUND;
}

static int on_sector_size(sqlite3_file *file)
{
    return 4096; /* as SQLite's own for unix says */
}

static int on_characteristics(sqlite3_file *file)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* likewise */
}

/* ── power ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Each sector of `now` that may differ comes to the disk or not, or in part. */
static void settle(struct disk_node *n)
{
    uint64_t *chance = &n->disk->chance;
    size_t from = n->soiled_from - n->soiled_from % SECTOR, to = n->soiled_to;
    bool grown = n->now.len > n->kept.len, shrunk = n->cut && n->now.len < n->kept.len;
    if (shrunk && disk_draw(chance, 2))
        bytes_size(&n->kept, n->now.len);
    if (grown)
        bytes_size(&n->kept, disk_draw(chance, 2)
                                 ? n->now.len
                                 : n->kept.len + disk_draw(chance, n->now.len - n->kept.len + 1));
    to = to < n->now.len ? to : n->now.len;
    to = to < n->kept.len ? to : n->kept.len;
    uint64_t habit = disk_draw(chance, 4); /* all, none, or each by itself */
    for (size_t at = from; at < to; at += SECTOR) {
        size_t size = to - at < SECTOR ? to - at : SECTOR;
        uint64_t lot = habit > 1 ? disk_draw(chance, 3) : habit;
        size = lot == 0 ? size : lot == 1 ? 0 : (size_t)disk_draw(chance, size + 1);
        memcpy(n->kept.data + at, n->now.data + at, size);
    }
}

void disk_power_cut(struct disk *d)
{
    prune(d);
    for (struct disk_node *n = d->nodes; n; n = n->next) {
        bool open = n->soiled_to > n->soiled_from || n->cut;
        if (n->plain && !open)
            continue;
        if (n->plain)
            plain_load(n);
        if (open)
            settle(n);
        if (n->plain)
            plain_put_back(n);
        bytes_size(&n->now, n->kept.len);
        if (n->kept.len > 0)
            memcpy(n->now.data, n->kept.data, n->kept.len);
        n->soiled_from = n->soiled_to = 0;
        n->cut = false;
    }
    d->off = false;
    d->off_in = DISK_NEVER;
}

void disk_free(struct disk *d)
{
    while (d->nodes) {
        struct disk_node *n = d->nodes;
        d->nodes = n->next;
        node_free(n);
    }
}

/* ── the VFS ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = lock_is_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = map_region,
    .xShmLock = map_lock,
    .xShmBarrier = map_barrier,
    .xShmUnmap = map_leave,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    struct handle *h = handle_of(file);
    file->pMethods = NULL;
    if (!disk_user_now || disk_user_now->dead || disk_user_now->disk->off ||
        disk_happens(disk_user_now->disk, false) != DISK_GOOD)
        return refuse(EIO, SQLITE_CANTOPEN);
    prune(disk_user_now->disk);
    struct disk_node *n = node_open(disk_user_now->disk, name, flags & SQLITE_OPEN_CREATE);
    if (!n)
        return SQLITE_CANTOPEN;
    *h = (struct handle){.base = {&methods}, .node = n, .user = disk_user_now};
    n->users++;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    if (!disk_user_now || disk_user_now->dead || disk_user_now->disk->off ||
        disk_happens(disk_user_now->disk, true) != DISK_GOOD)
        return refuse(EIO, SQLITE_IOERR_DELETE);
    struct disk_node *n = node_of(disk_user_now->disk, name);
    if (n && disk_user_now->disk->room >= 0)
        disk_user_now->disk->room += (int64_t)n->now.len;
    if (unlink(name) != 0)
        return errno == ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    prune(disk_user_now->disk);
    return SQLITE_OK;
}

/* As SQLite's own: an empty file is none. */
static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    const struct disk_node *n = disk_user_now ? node_of(disk_user_now->disk, name) : NULL;
    *out = n && (flags != SQLITE_ACCESS_EXISTS || n->now.len > 0);
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    return snprintf(out, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
    for (int i = 0; i < n; i++)
        out[i] = (char)disk_draw(&salt, 256);
    return n;
}

/* Whoever holds a lock here goes on only when all others have returned: waiting is in vain, and costs nothing. */
static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, double *out)
{
    *out = 2459943.5;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int n, char *out)
{
    return errno;
}

void disk_register(void)
{
    static sqlite3_vfs ours = {
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = 1024,
        .zName = "sim",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_random,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_last_error,
    };
    sqlite3_vfs_register(&ours, 1);
}
