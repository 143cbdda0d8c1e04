/* files_sealed: one sealed file: the stream's header, then its messages of 64 KiB, the last of them marked as the last. What was cut
 * off, swapped or changed does not open.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/files_internal.h"

#include "cache/state.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHUNK = 64 * 1024,
    HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    MORE = crypto_secretstream_xchacha20poly1305_ABYTES,
};

struct file_reader {
    int fd;
    unsigned char secret[FILES_SECRET];
    crypto_secretstream_xchacha20poly1305_state state;
    int64_t at; /* where `plain` begins in the file */
    size_t n;   /* of it */
    bool last;  /* nothing comes behind it */
    unsigned char plain[CHUNK], sealed[CHUNK + MORE];
};

/* ── the directory ─────────────────────────────────────────────────────────────────────────────────────────────────── */

int files_directory(struct outbox *o, struct err *e)
{
    int fd = -1;

    if (mkdirat(o->dir, FILES_DIR, 0700) == 0)
        fsync(o->dir);
    else if (errno != EEXIST)
        goto failed;
    fd = openat(o->dir, FILES_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        return fd;
failed:
    state_fail(e, errno, FILES_DIR);
    return -1;
}

void sealed_remove(struct outbox *o, const char *key)
{
    int dir = files_directory(o, NULL);

    if (dir < 0)
        return;
    unlinkat(dir, key, 0);
    fsync(dir);
    close(dir);
}

/* ── written ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool write_all(int fd, const unsigned char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

static bool write_sealed(int fd, const unsigned char *secret, const unsigned char *bytes, size_t n)
{
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char out[CHUNK + MORE];
    bool ok = crypto_secretstream_xchacha20poly1305_init_push(&state, out, secret) == 0 &&
              write_all(fd, out, HEADER);

    for (size_t at = 0; ok && at < n; at += CHUNK) {
        size_t part = n - at < CHUNK ? n - at : CHUNK;
        unsigned char tag = at + part == n ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
        crypto_secretstream_xchacha20poly1305_push(&state, out, NULL, bytes + at, part, NULL, 0, tag);
        ok = write_all(fd, out, part + MORE);
    }
    sodium_memzero(&state, sizeof state);
    return ok;
}

bool sealed_write(struct outbox *o, const char *key, const unsigned char secret[static FILES_SECRET],
                  const void *bytes, size_t n, struct err *e)
{
    int dir = files_directory(o, e), fd = -1;

    if (dir < 0)
        return false;
    fd = openat(dir, key, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_sealed(fd, secret, bytes, n) && fsync(fd) == 0 && fsync(dir) == 0;
    if (!ok)
        state_fail(e, errno, FILES_DIR);
    if (fd >= 0)
        close(fd);
    if (!ok && fd >= 0)
        unlinkat(dir, key, 0);
    close(dir);
    return ok;
}

/* ── read ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool damaged(struct err *e)
{
    return err_set(e, ERR_STORE, "%s",
                   _("The scan that waits on this machine is damaged and cannot be sent. Scan it again."));
}

static bool read_all(int fd, unsigned char *out, size_t most, size_t *n)
{
    for (*n = 0; *n < most;) {
        ssize_t got = read(fd, out + *n, most - *n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            return true;
        *n += (size_t)got;
    }
    return true;
}

static bool rewind_to_start(struct file_reader *r, struct err *e)
{
    unsigned char header[HEADER];
    size_t n;

    r->at = 0;
    r->n = 0;
    r->last = false;
    if (lseek(r->fd, 0, SEEK_SET) != 0 || !read_all(r->fd, header, HEADER, &n) || n != HEADER ||
        crypto_secretstream_xchacha20poly1305_init_pull(&r->state, header, r->secret) != 0)
        return damaged(e);
    return true;
}

static bool next_chunk(struct file_reader *r, struct err *e)
{
    unsigned long long plain = 0;
    unsigned char tag = 0;
    size_t n;

    if (r->last || !read_all(r->fd, r->sealed, sizeof r->sealed, &n) || n < MORE ||
        crypto_secretstream_xchacha20poly1305_pull(&r->state, r->plain, &plain, &tag, r->sealed, n, NULL, 0) != 0)
        return damaged(e);
    r->at += (int64_t)r->n;
    r->n = (size_t)plain;
    r->last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return true;
}

bool sealed_open(struct outbox *o, const char *key, const unsigned char secret[static FILES_SECRET],
                 struct file_reader **out, struct err *e)
{
    int dir = files_directory(o, e);

    if (dir < 0)
        return false;
    struct file_reader *r = sodium_malloc(sizeof *r);
    if (!r)
        die("out of memory");
    r->fd = openat(dir, key, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    memcpy(r->secret, secret, FILES_SECRET);
    bool ok = r->fd >= 0 ? rewind_to_start(r, e) : damaged(e);
    close(dir);
    if (ok)
        *out = r;
    else
        file_close(&r);
    return ok;
}

bool file_read_at(struct file_reader *r, int64_t offset, size_t n, struct buf *out, struct err *e)
{
    if (offset < r->at && !rewind_to_start(r, e))
        return false;
    while (n > 0) {
        int64_t skip = offset - r->at;
        if (skip >= (int64_t)r->n) {
            if (!next_chunk(r, e))
                return false;
            continue;
        }
        size_t part = r->n - (size_t)skip < n ? r->n - (size_t)skip : n;
        buf_add(out, r->plain + skip, part);
        offset += (int64_t)part;
        n -= part;
    }
    return true;
}

void file_close(struct file_reader **at)
{
    struct file_reader *r = *at;

    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    sodium_free(r); /* wipes it */
    *at = NULL;
}
