/* cache_flaky: see cache_flaky.h. A file is the real VFS's, with three of its methods replaced.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_flaky.h"

#include <errno.h>
#include <sqlite3.h>

struct flaky flaky;
static sqlite3_vfs *real_vfs, ours;
static sqlite3_io_methods real, patched[2]; /* a database has locks, what goes with it has none */
static sqlite3_file *wal;                   /* opened last */

static int on_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    if (flaky.reads >= 0 && flaky.reads-- == 0) {
        errno = EIO;
        return SQLITE_IOERR_READ;
    }
    return real.xRead(file, out, n, at);
}

static int on_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    if (file == wal && at < flaky.first)
        flaky.first = at;
    return real.xWrite(file, bytes, n, at);
}

static int on_sync(sqlite3_file *file, int flags)
{
    if (file == wal && flaky.wal_sync) {
        flaky.wal_sync = false;
        errno = EIO;
        return SQLITE_IOERR_FSYNC;
    }
    return real.xSync(file, flags);
}

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    int code = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
    if (code != SQLITE_OK)
        return code;
    sqlite3_io_methods *m = &patched[flags & SQLITE_OPEN_MAIN_DB ? 1 : 0];
    *m = real = *file->pMethods;
    m->xRead = on_read;
    m->xWrite = on_write;
    m->xSync = on_sync;
    file->pMethods = m;
    if (flags & SQLITE_OPEN_WAL)
        wal = file;
    return code;
}

void flaky_on(void)
{
    flaky = (struct flaky){.reads = -1, .first = INT64_MAX};
    real_vfs = sqlite3_vfs_find("unix");
    ours = *real_vfs;
    ours.zName = "flaky";
    ours.xOpen = on_open;
    sqlite3_vfs_register(&ours, 1);
}

void flaky_off(void)
{
    sqlite3_vfs_unregister(&ours);
    sqlite3_vfs_register(real_vfs, 1);
}
