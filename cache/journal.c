/* journal: the bytes of the file `journal`: records, their chain, the lock, and a new file in the old one's place.
 * It refuses to write behind bytes that it has not read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/journal_internal.h"

#include "cache/state.h"
#include "cache/store.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILE_NAME  "journal"
#define OLDER_NAME "journal.1"
#define NEW_NAME   "journal.new"
enum {
    FILE_MOST = 256 * 1024 * 1024, /* nobody wrote that: not read into memory */
    LOCK_MS = 2000,
};

struct journal {
    int dir, fd; /* fd -1: not open */
    const char *path;
    const struct seal_key *key;
    bool locked;
};

static bool fail(const struct journal *j, int why, struct err *e)
{
    char *file = mem_format("%s/" FILE_NAME, j->path);
    state_fail(e, why, file);
    mem_free(&file);
    return false;
}

/* ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_rest(const struct journal *j, int fd, uint64_t from, struct buf *out, struct err *e)
{
    char piece[16384];
    struct stat st;
    ssize_t n;
    if (fstat(fd, &st) != 0)
        return fail(j, errno, e);
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_size > FILE_MOST)
        return fail(j, EACCES, e);
    while ((n = pread(fd, piece, sizeof(piece), (off_t)(from + out->len))) > 0)
        buf_add(out, piece, (size_t)n);
    return n == 0 || fail(j, errno, e);
}

/* Moves `at` over a record of which the sealed bytes are given. false: it is not as it was written. `blind`: the hash before it is not
 * known. */
static bool take_entry(const struct journal *j, struct journal_place *at, const char *sealed, size_t n,
                       bool blind, struct buf *plain, struct journal_entry *entry)
{
    plain->len = 0;
    bool ok = seal_open(j->key, "journal", "", (int64_t)at->number + 1, sealed, n, plain) &&
              journal_parse_entry(plain, at, blind, entry);
    if (ok)
        memcpy(at->hash, entry->hash, JOURNAL_HASH);
    return ok;
}

/* What stands behind an entry that does not open is read all the same: it may be somebody's work. */
static enum journal_state read_entries(const struct journal *j, const struct buf *bytes, size_t pos,
                                       struct journal_place *at, journal_each *each, void *context)
{
    enum journal_state state = JOURNAL_WHOLE;
    struct buf plain = {0};
    bool bad = false, blind = false;
    while (pos < bytes->len) {
        struct journal_entry entry;
        size_t n = 0, left = bytes->len - pos;
        state = journal_parse_record(bytes->data + pos, left, at->number + 1, &n);
        if (state != JOURNAL_WHOLE)
            break;
        blind = !take_entry(j, at, bytes->data + pos + JOURNAL_RECORD_HEADER, n, blind, &plain, &entry);
        if (blind && n + JOURNAL_RECORD_HEADER == left) {
            state = JOURNAL_TORN; /* the last of all may be half on the disk */
            break;
        }
        bad = bad || blind;
        pos += JOURNAL_RECORD_HEADER + n;
        at->number++;
        at->end += JOURNAL_RECORD_HEADER + n;
        if (each)
            each(context, blind ? NULL : &entry, at);
    }
    buf_wipe(&plain);
    /* The first entry was on the disk before its file had this name. */
    return bad || (state == JOURNAL_TORN && at->number + 1 == at->first) ? JOURNAL_BAD : state;
}

static enum journal_state read_file(const struct journal *j, int fd, struct journal_place *at,
                                    journal_each *each, void *context, struct err *e)
{
    enum journal_state state = JOURNAL_FAILED;
    struct buf bytes = {0};
    size_t pos = 0;
    if (!read_rest(j, fd, at->end, &bytes, e))
        goto done;
    if (at->end == 0) {
        uint64_t first = journal_parse_header(bytes.data, bytes.len);
        state = JOURNAL_BAD;
        if (first == 0)
            goto done;
        *at = (struct journal_place){.first = first, .number = first - 1, .end = JOURNAL_HEADER};
        pos = JOURNAL_HEADER;
    }
    state = read_entries(j, &bytes, pos, at, each, context);
done:
    buf_clear(&bytes);
    return state;
}

/* Whether the place is one of the file in hand, and not behind its end. */
static enum journal_state is_of_this_file(const struct journal *j, const struct journal_place *at, struct err *e)
{
    char bytes[JOURNAL_HEADER];
    struct stat st;
    ssize_t n = pread(j->fd, bytes, JOURNAL_HEADER, 0);
    if (n < 0 || fstat(j->fd, &st) != 0) {
        fail(j, errno, e);
        return JOURNAL_FAILED;
    }
    bool same = journal_parse_header(bytes, (size_t)n) == at->first && (uint64_t)st.st_size >= at->end;
    return same ? JOURNAL_WHOLE : JOURNAL_BAD;
}

enum journal_state journal_read(struct journal *j, struct journal_place *at, journal_each *each,
                                void *context, struct err *e)
{
    enum journal_state state = at->end > 0 ? is_of_this_file(j, at, e) : JOURNAL_WHOLE;
    if (state != JOURNAL_WHOLE)
        return state;
    return read_file(j, j->fd, at, each, context, e);
}

enum journal_state journal_read_older(struct journal *j, struct journal_place *at, bool *absent,
                                      journal_each *each, void *context, struct err *e)
{
    struct stat old, now;
    int fd = openat(j->dir, OLDER_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    *at = (struct journal_place){0};
    *absent = fd < 0 && errno == ENOENT;
    if (fd < 0) {
        if (!*absent)
            fail(j, errno, e);
        return JOURNAL_FAILED;
    }
    /* A crash between its two names leaves both on one file. */
    *absent = j->fd >= 0 && fstat(fd, &old) == 0 && fstat(j->fd, &now) == 0 && old.st_ino == now.st_ino;
    enum journal_state state = *absent ? JOURNAL_FAILED : read_file(j, fd, at, each, context, e);
    close(fd);
    return state;
}

/* ── the lock ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct journal *journal_new(int dir, const char *path, const struct seal_key *key)
{
    struct journal *j = mem_alloc(sizeof(*j));
    *j = (struct journal){.dir = dir, .fd = -1, .path = path, .key = key};
    return j;
}

static void close_fd(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd); /* which gives the lock back */
    j->fd = -1;
    j->locked = false;
}

void journal_free(struct journal **j)
{
    if (!*j)
        return;
    close_fd(*j);
    free(*j);
    *j = NULL;
}

/* The open file is the one that stands in the directory now. */
static bool is_current(const struct journal *j)
{
    struct stat open, named;
    return j->fd >= 0 && fstat(j->fd, &open) == 0 &&
           fstatat(j->dir, FILE_NAME, &named, AT_SYMLINK_NOFOLLOW) == 0 && open.st_ino == named.st_ino &&
           open.st_dev == named.st_dev;
}

static bool open_fd(struct journal *j, bool *absent, struct err *e)
{
    struct stat st;
    if (is_current(j))
        return true;
    close_fd(j);
    j->fd = openat(j->dir, FILE_NAME, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    *absent = j->fd < 0 && errno == ENOENT;
    if (*absent)
        return true;
    if (j->fd < 0)
        return fail(j, errno == ELOOP ? EACCES : errno, e);
    if (fstat(j->fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
        ((st.st_mode & 077) != 0 && fchmod(j->fd, 0600) != 0))
        return fail(j, EACCES, e);
    return true;
}

bool journal_lock(struct journal *j, bool *absent, struct err *e)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const struct timespec pause = {.tv_nsec = 2000000};
    *absent = false;
    for (int waited = 0; waited < LOCK_MS; waited += 2) {
        if (!open_fd(j, absent, e))
            return false;
        if (*absent)
            return true;
        if (fcntl(j->fd, F_OFD_SETLK, &whole) == 0) {
            j->locked = true;
            if (is_current(j)) /* while we waited, another file may have come in its place */
                return true;
        } else if (errno == EAGAIN || errno == EACCES) {
            nanosleep(&pause, NULL);
        } else {
            return fail(j, errno, e);
        }
    }
    return err_set(e, ERR_STORE,
                   _("Another motcua is writing to %s for too long. Nothing was changed. Try again."), j->path);
}

void journal_unlock(struct journal *j)
{
    struct flock whole = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    if (j->locked && fcntl(j->fd, F_OFD_SETLK, &whole) != 0)
        close_fd(j);
    j->locked = false;
}

/* ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool write_all(int fd, const struct buf *bytes)
{
    for (size_t at = 0; at < bytes->len;) {
        ssize_t n = write(fd, bytes->data + at, bytes->len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static void move(struct journal_place *tail, const struct journal_entry *entry, uint64_t end)
{
    tail->number = entry->number;
    tail->end = end;
    memcpy(tail->hash, entry->hash, JOURNAL_HASH);
}

bool journal_append(struct journal *j, struct journal_place *tail, struct journal_entry *entry, bool synced,
                    struct err *e)
{
    struct buf bytes = {0};
    struct stat st;
    if (!j->locked || fstat(j->fd, &st) != 0 || (uint64_t)st.st_size != tail->end)
        return fail(j, EBUSY, e);
    journal_put_entry(&bytes, j->key, tail, entry);
    bool ok = write_all(j->fd, &bytes) && (!synced || fdatasync(j->fd) == 0);
    if (ok) {
        move(tail, entry, tail->end + bytes.len);
    } else {
        int why = errno;
        journal_cut(j, tail, NULL);
        fail(j, why, e);
    }
    buf_clear(&bytes);
    return ok;
}

bool journal_cut(struct journal *j, const struct journal_place *tail, struct err *e)
{
    if (ftruncate(j->fd, (off_t)tail->end) != 0 || fdatasync(j->fd) != 0)
        return fail(j, errno, e);
    return true;
}

/* Whole and synced under a name of its own. The descriptor, which has the lock already; -1: errno. */
static int write_aside(int dir, const char *name, const struct buf *bytes)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    unlinkat(dir, name, 0);
    int fd = openat(dir, name, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    if (write_all(fd, bytes) && fsync(fd) == 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0)
        return fd;
    int why = errno;
    close(fd);
    unlinkat(dir, name, 0);
    errno = why;
    return -1;
}

/* The file in hand gets its second name; nothing that was set aside is written over. */
static bool keep_older(struct journal *j, bool broken, struct err *e)
{
    if (faccessat(j->dir, FILE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    if (broken)
        return store_set_aside(j->dir, j->path, FILE_NAME, NULL, e);
    unlinkat(j->dir, OLDER_NAME, 0);
    return linkat(j->dir, FILE_NAME, j->dir, OLDER_NAME, 0) == 0 || fail(j, errno, e);
}

bool journal_begin(struct journal *j, struct journal_place *tail, struct journal_entry *first, bool broken,
                   struct err *e)
{
    struct buf bytes = {0}, fields = {0};
    journal_put(&fields, JTAG_HASH, tail->hash, JOURNAL_HASH);
    buf_add(&fields, first->fields ? first->fields : "", first->n);
    first->fields = fields.data;
    first->n = fields.len;
    journal_put_header(&bytes, tail->number + 1);
    journal_put_entry(&bytes, j->key, tail, first);
    int fd = write_aside(j->dir, NEW_NAME, &bytes);
    bool ok = fd >= 0 || fail(j, errno, e);
    ok = ok && keep_older(j, broken, e) &&
         (renameat(j->dir, NEW_NAME, j->dir, FILE_NAME) == 0 || fail(j, errno, e));
    if (ok) {
        fsync(j->dir);
        close_fd(j);
        j->fd = fd;
        j->locked = true;
        tail->first = first->number;
        move(tail, first, bytes.len);
    } else if (fd >= 0) {
        close(fd);
        unlinkat(j->dir, NEW_NAME, 0);
    }
    first->fields = NULL;
    first->n = 0;
    buf_wipe(&fields);
    buf_clear(&bytes);
    return ok;
}

/* ── another key ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Record by record; bytes that the old key does not open stay as they are. */
static void reseal_bytes(const struct buf *from, const struct seal_key *old, const struct seal_key *fresh,
                         struct buf *to)
{
    uint64_t number = journal_parse_header(from->data, from->len);
    struct buf plain = {0};
    size_t pos = JOURNAL_HEADER, n = 0;
    buf_add(to, from->data, JOURNAL_HEADER);
    for (; journal_parse_record(from->data + pos, from->len - pos, number, &n) == JOURNAL_WHOLE; number++) {
        plain.len = 0;
        if (!seal_open(old, "journal", "", (int64_t)number, from->data + pos + JOURNAL_RECORD_HEADER, n, &plain))
            break;
        journal_put_record(to, fresh, number, plain.data, plain.len);
        pos += JOURNAL_RECORD_HEADER + n;
    }
    buf_add(to, from->data + pos, from->len - pos);
    buf_wipe(&plain);
}

static bool reseal_file(struct journal *j, int fd, const char *name, const struct seal_key *fresh, struct err *e)
{
    struct buf from = {0}, to = {0}, plain = {0};
    size_t n = 0;
    bool ok = read_rest(j, fd, 0, &from, e);
    uint64_t first = ok ? journal_parse_header(from.data, from.len) : 0;
    /* What has no entry, and what opens with the fresh key, stays. */
    bool needed = first != 0 &&
                  journal_parse_record(from.data + JOURNAL_HEADER, from.len - JOURNAL_HEADER, first, &n) ==
                      JOURNAL_WHOLE &&
                  !seal_open(fresh, "journal", "", (int64_t)first,
                             from.data + JOURNAL_HEADER + JOURNAL_RECORD_HEADER, n, &plain);
    if (ok && needed) {
        reseal_bytes(&from, j->key, fresh, &to);
        int aside = write_aside(j->dir, NEW_NAME, &to);
        ok = (aside >= 0 && renameat(j->dir, NEW_NAME, j->dir, name) == 0) || fail(j, errno, e);
        if (aside >= 0)
            close(aside);
    }
    buf_wipe(&plain);
    buf_clear(&from);
    buf_clear(&to);
    return ok;
}

bool journal_reseal(int dir, const struct seal_key *old, const struct seal_key *fresh, struct err *e)
{
    struct journal *j = journal_new(dir, "", old);
    bool absent, ok = journal_lock(j, &absent, e);
    int older = openat(dir, OLDER_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (older >= 0) {
        ok = ok && reseal_file(j, older, OLDER_NAME, fresh, e);
        close(older);
    }
    ok = ok && (absent || reseal_file(j, j->fd, FILE_NAME, fresh, e));
    fsync(dir);
    journal_free(&j);
    return ok;
}
