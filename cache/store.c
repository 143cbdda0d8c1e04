/* store: SQLite as both databases use it.
 * It refuses to follow links, and to open a file that is not this account's alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/store.h"

#include "cache/state.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file is there, regular, ours and 0600. One that is there is not opened: closing it would drop the locks that this
 * process holds on it through SQLite. */
static bool ready_file(int dir, const char *name, const char *file, struct err *e)
{
    int fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd);
        return true;
    }
    struct stat st;
    if (errno != EEXIST || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return state_fail(e, errno, file);
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
        return err_set(
            e, ERR_STORE,
            _("The file %s does not belong to this account alone, so it is not used. Tell the IT department."),
            file);
    if ((st.st_mode & 077) != 0 && fchmodat(dir, name, 0600, 0) != 0)
        return state_fail(e, errno, file);
    return true;
}

static void harden(sqlite3 *db)
{
    static const struct {
        int option, on;
    } options[] = {
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
    };
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (sqlite3_db_config(db, options[i].option, options[i].on, NULL) != SQLITE_OK)
            die("SQLite does not know option %d", options[i].option);
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, STORE_BUSY_MS);
    sqlite3_exec(db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
}

bool store_open(int dir, const char *path, const char *name, sqlite3 **out, struct err *e)
{
    char *file = mem_format("%s/%s", path, name);
    *out = NULL;
    bool ok = ready_file(dir, name, file, e);
    if (ok) {
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
        ok = sqlite3_open_v2(file, out, flags, NULL) == SQLITE_OK || store_fail(*out, file, e);
    }
    if (ok) {
        harden(*out);
    } else {
        sqlite3_close(*out);
        *out = NULL;
    }
    mem_free(&file);
    return ok;
}

/* SQLite keeps the errno of some failures, but not of a COMMIT: there it is still in `errno`, if nothing was called since. */
static int system_error(sqlite3 *db)
{
    int last = errno;
    int kept = sqlite3_system_errno(db);
    return kept ? kept : last;
}

bool store_is_full(sqlite3 *db)
{
    int why = system_error(db);
    int code = sqlite3_extended_errcode(db);
    bool io = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    return code == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE ||
           (io && (why == ENOSPC || why == EDQUOT || why == EFBIG));
}

bool store_is_damaged(sqlite3 *db)
{
    int code = sqlite3_errcode(db) & 0xff;
    /* ERROR: a table or column that we made is not there. */
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR || code == SQLITE_FORMAT;
}

int store_had_memory(int code)
{
    if ((code & 0xff) == SQLITE_NOMEM)
        die("out of memory");
    return code;
}

bool store_fail(sqlite3 *db, const char *path, struct err *e)
{
    int why = system_error(db);
    int code = store_had_memory(sqlite3_errcode(db)) & 0xff;
    errno = why;
    if (store_is_full(db))
        return state_fail(e, ENOSPC, path);
    if (code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_AUTH)
        return state_fail(e, EACCES, path);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return err_set(e, ERR_STORE,
                       _("Another motcua is writing to %s for too long. Nothing was changed. Try again."), path);
    if (store_is_damaged(db))
        return err_set(e, ERR_STORE,
                       _("The file %s is damaged (%s). Nothing was changed. Tell the IT department."), path,
                       sqlite3_errmsg(db));
    return state_fail(e, why ? why : EIO, path);
}

bool store_set_aside(int dir, const char *path, const char *name, char *as, struct err *e)
{
    char from[64], to[STORE_ASIDE];
    for (int n = 1; n < 1000; n++) {
        if (n == 1)
            snprintf(to, sizeof(to), "%s.bad", name);
        else
            snprintf(to, sizeof(to), "%s.bad-%d", name, n);
        if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            continue;
        if (renameat(dir, name, dir, to) != 0)
            return state_fail(e, errno, path);
        /* What was committed but not checkpointed goes with it, so that it can still be read there. */
        char wal[80];
        snprintf(from, sizeof(from), "%s-wal", name);
        snprintf(wal, sizeof(wal), "%s-wal", to);
        if (renameat(dir, from, dir, wal) != 0 && errno != ENOENT)
            return state_fail(e, errno, path);
        snprintf(from, sizeof(from), "%s-shm", name);
        unlinkat(dir, from, 0);
        fsync(dir);
        if (as)
            memcpy(as, to, sizeof(to));
        return true;
    }
    return state_fail(e, EEXIST, path);
}
