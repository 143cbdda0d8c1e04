/* key_file: the bytes of the file `key`: "motcua-key", a byte for the format (1), a byte for how many slots there are; each slot: a
 * byte for its kind, two for the length of what it holds (little end first), and that. It refuses to lose slots of kinds that it does
 * not know.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/key_internal.h"

#include "cache/state.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_MAGIC "motcua-key"
enum {
    KEY_FORMAT = 1,
    KEY_HEADER = sizeof(KEY_MAGIC) - 1 + 2,
    SLOT_HEADER = 3,
    KEY_FILE_MAX = 4096,
};

struct key_file {
    size_t n;
    unsigned char bytes[KEY_FILE_MAX];
};

struct key_file *key_file_new(void)
{
    struct key_file *f = seal_locked(sizeof(*f));
    memcpy(f->bytes, KEY_MAGIC, sizeof(KEY_MAGIC) - 1);
    f->bytes[KEY_HEADER - 2] = KEY_FORMAT;
    f->n = KEY_HEADER;
    return f;
}

void key_file_free(struct key_file **f)
{
    sodium_free(*f);
    *f = NULL;
}

bool key_damaged(struct err *e)
{
    return err_set(e, ERR_STORE,
                   _("The file “key” beside the saved data is damaged, so nothing can be opened. Nothing was changed. "
                     "Tell the IT department."));
}

/* ── slots ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t slot_size(const struct key_file *f, size_t at)
{
    return SLOT_HEADER + (f->bytes[at + 1] | (size_t)f->bytes[at + 2] << 8);
}

/* Where the slot begins; 0: there is none. */
static size_t slot_at(const struct key_file *f, enum slot kind)
{
    size_t at = KEY_HEADER;
    for (size_t i = 0; i < f->bytes[KEY_HEADER - 1]; i++, at += slot_size(f, at))
        if (f->bytes[at] == kind)
            return at;
    return 0;
}

bool key_file_has(const struct key_file *f, enum slot kind)
{
    return slot_at(f, kind) != 0;
}

bool key_file_get(const struct key_file *f, enum slot kind, void *bytes, size_t n)
{
    size_t at = slot_at(f, kind);
    if (at == 0 || slot_size(f, at) != SLOT_HEADER + n)
        return false;
    memcpy(bytes, f->bytes + at + SLOT_HEADER, n);
    return true;
}

void key_file_drop(struct key_file *f, enum slot kind)
{
    size_t at = slot_at(f, kind);
    if (at == 0)
        return;
    size_t size = slot_size(f, at);
    memmove(f->bytes + at, f->bytes + at + size, f->n - at - size);
    f->n -= size;
    sodium_memzero(f->bytes + f->n, size);
    f->bytes[KEY_HEADER - 1]--;
}

void key_file_put(struct key_file *f, enum slot kind, const void *bytes, size_t n)
{
    key_file_drop(f, kind);
    if (f->n + SLOT_HEADER + n > KEY_FILE_MAX)
        die("the key file has no room");
    f->bytes[f->n] = (unsigned char)kind;
    f->bytes[f->n + 1] = (unsigned char)n;
    f->bytes[f->n + 2] = (unsigned char)(n >> 8);
    memcpy(f->bytes + f->n + SLOT_HEADER, bytes, n);
    f->n += SLOT_HEADER + n;
    f->bytes[KEY_HEADER - 1]++;
}

/* ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool check(struct key_file *f, struct err *e)
{
    if (f->n < KEY_HEADER || memcmp(f->bytes, KEY_MAGIC, sizeof(KEY_MAGIC) - 1) != 0)
        return key_damaged(e);
    if (f->bytes[KEY_HEADER - 2] != KEY_FORMAT)
        return err_set(
            e, ERR_AUTH,
            _("The key to the saved data was written by a newer motcua. Nothing was changed. Update motcua."));
    size_t at = KEY_HEADER;
    for (size_t i = 0; i < f->bytes[KEY_HEADER - 1]; i++) {
        if (f->n - at < SLOT_HEADER || f->n - at < slot_size(f, at))
            return key_damaged(e);
        at += slot_size(f, at);
    }
    f->n = at; /* what stands behind the last slot is nothing of ours */
    return at > KEY_HEADER || key_damaged(e);
}

static bool is_ours(int fd, struct stat *st, struct err *e)
{
    if (fstat(fd, st) != 0)
        return state_fail(e, errno, KEY_FILE);
    return (S_ISREG(st->st_mode) && st->st_uid == geteuid() && (st->st_mode & 077) == 0) ||
           err_set(e, ERR_STORE,
                   _("The file “key” beside the saved data does not belong to this account alone, so it is not used. "
                     "Tell the IT department."));
}

bool key_file_read(int dir, const char *name, struct key_file **out, struct err *e)
{
    *out = NULL;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return errno == ENOENT || state_fail(e, errno, name);
    struct stat st;
    struct key_file *f = key_file_new();
    bool ok = is_ours(fd, &st, e);
    if (ok) {
        ssize_t n = st.st_size < KEY_FILE_MAX ? pread(fd, f->bytes, KEY_FILE_MAX, 0) : 0;
        f->n = n > 0 ? (size_t)n : 0;
        ok = n < 0 ? state_fail(e, errno, name) : check(f, e);
    }
    close(fd);
    if (ok)
        *out = f;
    else
        key_file_free(&f);
    return ok;
}

/* ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* To a file of a name of its own, whole and synced. */
static bool write_aside(int dir, char name[static 16], const struct key_file *f)
{
    unsigned char chance[5];
    randombytes_buf(chance, sizeof(chance));
    memcpy(name, "key.", 5);
    sodium_bin2hex(name + 4, 12, chance, sizeof(chance));
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    errno = ENOSPC; /* what a write that ends short means */
    bool ok = write(fd, f->bytes, f->n) == (ssize_t)f->n && fsync(fd) == 0;
    int why = errno;
    close(fd);
    errno = why;
    return ok;
}

bool key_file_write(int dir, const char *name, const struct key_file *f, struct err *e)
{
    char aside[16];
    if (write_aside(dir, aside, f) && renameat(dir, aside, dir, name) == 0 && fsync(dir) == 0)
        return true;
    int why = errno;
    unlinkat(dir, aside, 0);
    return state_fail(e, why, name);
}

bool key_file_make(int dir, const char *name, const struct key_file *f, bool *made, struct err *e)
{
    char aside[16];
    *made = write_aside(dir, aside, f) && linkat(dir, aside, dir, name, 0) == 0;
    int why = errno;
    unlinkat(dir, aside, 0);
    if (!*made && why != EEXIST)
        return state_fail(e, why, name);
    return fsync(dir) == 0 || state_fail(e, errno, name);
}
