/* row: what a dossier's row holds beside its document: the columns that lists filter and order by, and the sealed blob with what a
 * list shows and search reads. A row whose columns are not those that were sealed with it is damage, not data.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache_internal.h"
#include "core/i18n.h"

#include <sodium.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* The blob: 8 bytes that stand for the columns, a byte whose bits say which of the times are there, those times (8 bytes each,
 * little end first), then each text: its length + 1 in 7-bit groups (0: absent), its bytes. */
static const size_t times[] = {
    offsetof(struct dossier, decide_by),    offsetof(struct dossier, due_at),
    offsetof(struct dossier, paused_since), offsetof(struct dossier, completed_at),
    offsetof(struct dossier, returned_at),
};
static const size_t texts[] = {
    offsetof(struct dossier, code),
    offsetof(struct dossier, external_code),
    offsetof(struct dossier, client_ref),
};
static const size_t applicant_texts[] = {
    offsetof(struct applicant, kind),
    offsetof(struct applicant, name),
    offsetof(struct applicant, id_number),
};

static int64_t *time_at(const struct dossier *d, size_t offset)
{
    return (int64_t *)((char *)d + offset);
}

static const char **text_at(const void *value, size_t offset)
{
    return (const char **)((char *)value + offset);
}

/* ── facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum row_clock clock_of(const struct dossier *d)
{
    if (!dossier_is_open(d))
        return CLOCK_ENDED;
    return dossier_is_paused(d) ? CLOCK_STANDS : CLOCK_RUNS;
}

/* The last day for the supplement that is waited for. */
static int32_t until_of(const struct dossier *d)
{
    const struct supplement *last = d->n_supplements > 0 ? &d->supplements[d->n_supplements - 1] : NULL;

    if (!last || status_of(d->status) != STATUS_AWAITING_SUPPLEMENT || last->received_at != INSTANT_NONE)
        return DAY_NONE;
    return last->until;
}

struct row row_of(const struct dossier *d, const struct officer *me)
{
    return (struct row){
        .version = d->version,
        .due = dossier_due(d),
        .step_since = d->step_since != INSTANT_NONE ? d->step_since : d->submitted_at,
        .submitted = d->submitted_at,
        .queue = queue_of(d),
        .clock = clock_of(d),
        .mine = queue_is_mine(d, me),
        .until = until_of(d),
    };
}

int64_t row_code_hash(const struct cache *c, const char *code)
{
    int64_t hash;
    unsigned char bytes[crypto_generichash_BYTES_MIN];

    crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)code, strlen(code), c->hash_key,
                       sizeof(c->hash_key));
    memcpy(&hash, bytes, sizeof(hash));
    return hash;
}

/* ── the blob ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void add_number(struct buf *out, uint64_t value)
{
    unsigned char bytes[8];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    buf_add(out, bytes, sizeof(bytes));
}

static void add_text(struct buf *out, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    for (size_t n = text ? len + 1 : 0;; n >>= 7) {
        buf_char(out, (char)(n < 0x80 ? n : (n & 0x7f) | 0x80));
        if (n < 0x80)
            break;
    }
    buf_add(out, text, len);
}

/* What the plain columns say, in 64 bits. The key is public: the blob that they stand in is sealed. */
static uint64_t columns_hash(const struct row *r, const struct dossier *d)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "motcua row";
    const int64_t numbers[] = {r->queue, r->clock, r->mine, r->due, r->step_since, r->submitted};
    const char *const words[] = {d->status, d->step, d->unit, d->assignee, d->procedure, d->channel};
    unsigned char hash[crypto_shorthash_BYTES];
    struct buf all = {0};
    uint64_t out;

    for (size_t i = 0; i < COUNT(numbers); i++)
        add_number(&all, (uint64_t)numbers[i]);
    for (size_t i = 0; i < COUNT(words); i++)
        add_text(&all, words[i]);
    crypto_shorthash(hash, (const unsigned char *)all.data, all.len, key);
    buf_clear(&all);
    memcpy(&out, hash, sizeof(out));
    return out;
}

void row_seal(struct cache *c, const struct row *r, const struct dossier *d, struct buf *out)
{
    struct buf *plain = &c->plain;
    unsigned there = 0;

    plain->len = 0;
    add_number(plain, columns_hash(r, d));
    for (size_t i = 0; i < COUNT(times); i++)
        there |= (*time_at(d, times[i]) != INSTANT_NONE) << i;
    buf_char(plain, (char)there);
    for (size_t i = 0; i < COUNT(times); i++)
        if (there & 1u << i)
            add_number(plain, (uint64_t)*time_at(d, times[i]));
    for (size_t i = 0; i < COUNT(texts); i++)
        add_text(plain, *text_at(d, texts[i]));
    for (size_t i = 0; i < COUNT(applicant_texts); i++)
        add_text(plain, *text_at(d->applicant, applicant_texts[i]));
    seal_close(c->key, "dossier", d->id, d->version, plain->data, plain->len, out);
}

struct scan {
    const unsigned char *at, *end;
    bool short_of; /* it ended too early */
};

static uint64_t take_number(struct scan *s)
{
    uint64_t value = 0;

    if (s->end - s->at < 8) {
        s->short_of = true;
        return 0;
    }
    for (int i = 0; i < 8; i++)
        value |= (uint64_t)s->at[i] << (8 * i);
    s->at += 8;
    return value;
}

static const char *take_text(struct scan *s, struct arena *arena)
{
    size_t n = 0;
    int shift = 0;

    for (; s->at < s->end && shift < 35; shift += 7) {
        unsigned char byte = *s->at++;
        n |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    if (n == 0)
        return NULL;
    if (n - 1 > (size_t)(s->end - s->at)) {
        s->short_of = true;
        return NULL;
    }
    const char *text = arena_copy_n(arena, (const char *)s->at, n - 1);
    s->at += n - 1;
    return text;
}

/* Fills what the blob holds; false: it is not as row_seal() makes it, or `r` and the columns in `d` are not those sealed. */
static bool row_decode(const struct buf *plain, const struct row *r, struct arena *arena, struct dossier *d)
{
    struct scan s = {.at = (const unsigned char *)plain->data,
                     .end = (const unsigned char *)plain->data + plain->len};
    bool same = take_number(&s) == columns_hash(r, d);
    unsigned there = s.at < s.end ? *s.at++ : 0;

    for (size_t i = 0; i < COUNT(times); i++)
        *time_at(d, times[i]) = there & 1u << i ? (int64_t)take_number(&s) : INSTANT_NONE;
    for (size_t i = 0; i < COUNT(texts); i++)
        *text_at(d, texts[i]) = take_text(&s, arena);
    for (size_t i = 0; i < COUNT(applicant_texts); i++)
        *text_at(d->applicant, applicant_texts[i]) = take_text(&s, arena);
    return same && !s.short_of && s.at == s.end && d->code && d->applicant->name;
}

/* ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *column_copy(sqlite3_stmt *st, int at, struct arena *arena)
{
    const char *text = sql_column(st, at);

    return text ? arena_copy(arena, text) : NULL;
}

bool row_read(struct cache *c, sqlite3_stmt *st, struct arena *arena, struct dossier_row *out, struct row *facts)
{
    struct dossier *d = &out->d;
    struct row r = {
        .n = sqlite3_column_int64(st, 0),
        .version = sqlite3_column_int64(st, 2),
        .queue = (enum queue_id)sqlite3_column_int(st, 3),
        .clock = (enum row_clock)sqlite3_column_int(st, 4),
        .mine = sqlite3_column_int(st, 5),
        .due = sqlite3_column_int64(st, 6),
        .step_since = sqlite3_column_int64(st, 7),
        .submitted = sqlite3_column_int64(st, 8),
        .until = DAY_NONE,
    };
    codec_absent(&shape_dossier, d);
    d->applicant = arena_alloc(arena, sizeof(*d->applicant));
    codec_absent(&shape_applicant, d->applicant);
    d->id = column_copy(st, 1, arena);
    d->version = r.version;
    d->status = column_copy(st, 9, arena);
    d->step = column_copy(st, 10, arena);
    d->unit = column_copy(st, 11, arena);
    d->assignee = column_copy(st, 12, arena);
    d->procedure = column_copy(st, 13, arena);
    d->channel = column_copy(st, 14, arena);
    d->step_since = r.step_since;
    d->submitted_at = r.submitted;
    out->due = r.due;
    if (facts)
        *facts = r;
    if (!d->id || !d->status || !d->step || !d->unit || !d->procedure || !d->channel)
        return false;
    c->plain.len = 0;
    return seal_open(c->key, "dossier", d->id, d->version, sqlite3_column_blob(st, 15),
                     (size_t)sqlite3_column_bytes(st, 15), &c->plain) &&
           row_decode(&c->plain, &r, arena, d);
}

bool rows_load(struct cache *c, const int64_t *n, size_t count, struct arena *arena, struct list_page *out,
               struct err *e)
{
    *out = (struct list_page){.rows = arena_alloc(arena, (count ? count : 1) * sizeof(*out->rows)), .n = count};
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *st = sql_get(&c->reader, ST_ROW);
        sql_number(st, 1, n[i]);
        int rc = sql_step(st);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            return sql_fail(c, &c->reader, st, e);
        /* An index that leads nowhere is damage too. */
        bool ok = rc == SQLITE_ROW && row_read(c, st, arena, &out->rows[i], NULL);
        sqlite3_reset(st);
        if (!ok)
            return cache_corrupt(c, e);
    }
    return true;
}

/* ── one whole dossier ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* Looks at the rows that a statement finds for one whose code is `code` (NULL: the first). `*found` says whether there is one. */
static bool find_row(struct cache *c, sqlite3_stmt *st, const char *code, struct arena *arena,
                     struct row *out, const char **id, bool *found, struct err *e)
{
    int rc = SQLITE_ROW;

    *found = false;
    while (!*found && (rc = sql_step(st)) == SQLITE_ROW) {
        struct dossier_row row;
        if (!row_read(c, st, arena, &row, out)) {
            sqlite3_reset(st);
            return cache_corrupt(c, e);
        }
        *found = !code || strcmp(row.d.code, code) == 0;
        *id = row.d.id;
    }
    if (!*found && rc != SQLITE_DONE)
        return sql_fail(c, &c->reader, st, e);
    sqlite3_reset(st);
    return true;
}

static bool read_doc(struct cache *c, const struct row *r, const char *id, struct arena *arena,
                     struct dossier *out, const char **json, struct err *e)
{
    sqlite3_stmt *st = sql_get(&c->reader, ST_DOC);

    sql_number(st, 1, r->n);
    int rc = sql_step(st);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sql_fail(c, &c->reader, st, e);
    json_t *keep = NULL;
    c->plain.len = 0;
    bool ok = rc == SQLITE_ROW &&
              seal_open(c->key, "doc", id, r->version, sqlite3_column_blob(st, 0),
                        (size_t)sqlite3_column_bytes(st, 0), &c->plain) &&
              codec_read(&shape_dossier, c->plain.data, c->plain.len, arena, out, &keep, NULL);
    sqlite3_reset(st);
    codec_keep(arena, keep); /* for `form` */
    if (!ok)
        return cache_corrupt(c, e);
    if (json)
        *json = arena_copy_n(arena, c->plain.data, c->plain.len);
    return true;
}

bool cache_dossier(struct cache *c, const char *id_or_code, struct arena *arena, struct dossier *out,
                   const char **json, struct err *e)
{
    struct row r = {0};
    const char *id = NULL;
    bool found = false;

    if (!read_begin(c, e))
        return false;
    sqlite3_stmt *st = sql_get(&c->reader, ST_BY_ID);
    sql_text(st, 1, id_or_code);
    bool ok = find_row(c, st, NULL, arena, &r, &id, &found, e);
    if (ok && !found) {
        st = sql_get(&c->reader, ST_BY_CODE);
        sql_number(st, 1, row_code_hash(c, id_or_code));
        ok = find_row(c, st, id_or_code, arena, &r, &id, &found, e);
    }
    if (ok && !found)
        ok = err_set(e, ERR_NOT_FOUND, _("Dossier %s is not kept on this machine."), id_or_code);
    ok = ok && read_doc(c, &r, id, arena, out, json, e);
    read_end(c);
    return ok;
}
