/* A journal that somebody else wrote to: what it still gives is, entry by entry, what was written, in its order, up to the first that is
 * not; what follows is said to be bad or torn, and a torn end can be cut off and written behind.
 * Bytes: offset (2), length (1), so many bytes to stand there instead, again and again; a length of 255 cuts the file there, 254 takes
 * 40 bytes out there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "cache/journal.h"
#include "tests/fuzz/shelf.h"

#include <string.h>

#define ENTRIES 12

static struct shelf_file seed = {.name = "journal"};

static void fill(struct buf *fields, unsigned i)
{
    char *key = mem_format("key-%u", i);

    journal_put_text(fields, JTAG_KEY, key);
    journal_put_text(fields, JTAG_NAME, "Nguyễn Thị Đào");
    journal_put_number(fields, JTAG_ACTED_AT, T0 + i);
    journal_put(fields, JTAG_BODY, "\0x\n", i % 4);
    mem_free(&key);
}

static struct journal_entry entry_of(unsigned i, struct buf *fields)
{
    fill(fields, i);
    return (struct journal_entry){.kind = i == 0       ? JOURNAL_BEGIN
                                          : i % 2 == 0 ? JOURNAL_KEPT
                                                       : JOURNAL_ACT,
                                  .at = T0 + i,
                                  .base = i,
                                  .fields = fields->data,
                                  .n = fields->len};
}

static void make_seed(const struct machine *m)
{
    struct journal *j = journal_new(m->dir, m->path, m->key);
    struct journal_place tail = {0};
    struct err e = {0};
    bool absent;

    assert_ok(journal_lock(j, &absent, &e), &e);
    CHECK(absent);
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct buf fields = {0};
        struct journal_entry entry = entry_of(i, &fields);
        if (i == 0)
            assert_ok(journal_begin(j, &tail, &entry, false, &e), &e);
        else
            assert_ok(journal_append(j, &tail, &entry, false, &e), &e);
        buf_clear(&fields);
    }
    journal_unlock(j);
    journal_free(&j);
    shelf_keep(m, &seed);
    CHECK(seed.bytes);
}

static void spoil(struct shelf_file *f, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 3 <= size && f->n > 0;) {
        size_t at = ((size_t)data[i] << 8 | data[i + 1]) % f->n, n = data[i + 2];
        i += 3;
        if (n == 255) {
            f->n = at;
        } else if (n == 254) {
            size_t gone = f->n - at < 40 ? f->n - at : 40;
            memmove(f->bytes + at, f->bytes + at + gone, f->n - at - gone);
            f->n -= gone;
        } else {
            for (; n > 0 && i < size && at < f->n; n--)
                f->bytes[at++] = (char)data[i++];
        }
    }
}

struct reader {
    unsigned whole; /* entries that are as they were written */
    bool bad;
};

static void check_fields(const struct journal_entry *entry)
{
    struct journal_field field;
    size_t at = 0;
    int n = 0;

    while (journal_field(entry, &at, &field)) {
        CHECK(field.text >= entry->fields && field.text + field.n < entry->fields + entry->n);
        CHECK(field.text[field.n] == '\0');
        n++;
    }
    CHECK(n >= 3);
}

static void each(void *context, const struct journal_entry *entry, const struct journal_place *behind)
{
    struct reader *r = context;
    struct buf fields = {0};

    (void)behind;
    if (!entry) {
        r->bad = true;
        return;
    }
    if (r->bad)
        return; /* behind what is bad nothing is promised but that it can be read */
    CHECK(r->whole < ENTRIES);
    struct journal_entry written = entry_of(r->whole, &fields);
    CHECK(entry->kind == written.kind && entry->at == written.at && entry->base == written.base);
    if (r->whole > 0) /* to the first the journal adds a field of its own */
        CHECK(entry->n == written.n && memcmp(entry->fields, written.fields, written.n) == 0);
    check_fields(entry);
    buf_clear(&fields);
    r->whole++;
}

/* Behind the whole entries it goes on. */
static void check_goes_on(struct journal *j, struct journal_place at, unsigned whole)
{
    struct buf fields = {0};
    struct journal_entry entry = entry_of(whole, &fields);
    struct reader r = {0};
    struct err e = {0};

    assert_ok(journal_cut(j, &at, &e), &e);
    assert_ok(journal_append(j, &at, &entry, false, &e), &e);
    struct journal_place start = {0};
    CHECK(journal_read(j, &start, each, &r, &e) == JOURNAL_WHOLE && r.whole == whole + 1);
    buf_clear(&fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct machine *m = shelf_machine();
    struct journal_place at = {0};
    struct reader r = {0};
    struct err e = {0};
    bool absent;

    if (!seed.bytes)
        make_seed(m);
    struct shelf_file file = seed;
    file.bytes = mem_copy_n(seed.bytes, seed.n);
    spoil(&file, data, size);
    shelf_put(m, &file);
    shelf_seed(4);
    struct journal *j = journal_new(m->dir, m->path, m->key);
    assert_ok(journal_lock(j, &absent, &e), &e);
    CHECK(!absent);
    enum journal_state state = journal_read(j, &at, each, &r, &e);
    CHECK(state != JOURNAL_FAILED || (e.code == ERR_STORE && e.text[0]));
    CHECK(state != JOURNAL_WHOLE || !r.bad);
    if (state == JOURNAL_TORN && !r.bad && r.whole > 0 && r.whole < ENTRIES)
        check_goes_on(j, at, r.whole);
    journal_unlock(j);
    journal_free(&j);
    mem_free(&file.bytes);
    return 0;
}
