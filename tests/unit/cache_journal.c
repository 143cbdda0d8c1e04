/* cache_journal: see cache_journal.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_journal.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct buf journal_bytes(struct machine *m, const char *name)
{
    struct buf out = {0};
    char piece[65536];
    ssize_t n;
    int fd = openat(m->dir, name, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    while ((n = read(fd, piece, sizeof(piece))) > 0)
        buf_add(&out, piece, (size_t)n);
    close(fd);
    return out;
}

void journal_put_file(struct machine *m, const char *name, const struct buf *bytes)
{
    int fd = openat(m->dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes->data ? bytes->data : "", bytes->len), bytes->len);
    close(fd);
}

bool journal_is_there(struct machine *m, const char *name)
{
    return faccessat(m->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void journal_lose_outbox(struct machine *m, struct outbox **o)
{
    outbox_close(o);
    unlinkat(m->dir, "outbox.db", 0);
    unlinkat(m->dir, "outbox.db-wal", 0);
    unlinkat(m->dir, "outbox.db-shm", 0);
}

struct buf journal_copy_outbox(struct machine *m, struct outbox **o)
{
    outbox_close(o);
    struct buf copy = journal_bytes(m, "outbox.db");
    *o = machine_outbox(m);
    return copy;
}

void journal_put_back(struct machine *m, struct outbox **o, struct buf *copy)
{
    journal_lose_outbox(m, o);
    journal_put_file(m, "outbox.db", copy);
    buf_clear(copy);
    *o = machine_outbox(m);
}

size_t journal_starts(const struct buf *bytes, size_t starts[], size_t most)
{
    size_t n = 0, at = strlen("motcua-journal") + 10;
    while (at < bytes->len && n + 1 < most) {
        const unsigned char *p = (const unsigned char *)bytes->data + at;
        assert_true(at + 8 <= bytes->len);
        starts[n++] = at;
        at += 8 + (p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24);
    }
    starts[n] = at;
    assert_int_equal(at, bytes->len);
    return n;
}

void journal_cut_last(struct machine *m)
{
    size_t starts[256] = {0};
    struct buf bytes = journal_bytes(m, "journal");
    size_t n = journal_starts(&bytes, starts, 256);
    assert_true(n > 0);
    bytes.len = starts[n - 1];
    journal_put_file(m, "journal", &bytes);
    buf_clear(&bytes);
}

struct journal_report journal_told(struct outbox *o)
{
    struct journal_report r;
    struct err e = {0};
    assert_ok(outbox_journal(o, NULL, NULL, &r, &e), &e);
    return r;
}

struct wish journal_due_on(const char *target)
{
    struct wish w = wish_on(target);
    w.hold = false;
    return w;
}

void journal_act_on(struct outbox *o, const char *target, char key[static UUID_TEXT])
{
    struct wish w = journal_due_on(target);
    enqueue(o, &w, key);
}
