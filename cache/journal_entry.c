/* journal_entry: entries as bytes: fields, the chain, records, the file's header. It refuses what was not chained where it stands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/journal_internal.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

enum { FORMAT = 1, PLAIN_HEADER = JOURNAL_HASH + 1 + 8 + 8, FIELD_HEADER = 5 };

/* ── numbers and fields ────────────────────────────────────────────────────────────────────────────────────────────── */

static void put_number(struct buf *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_char(out, (char)(value >> (8 * i)));
}

static uint64_t number_at(const char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)(unsigned char)at[i] << (8 * i);
    return value;
}

void journal_put(struct buf *fields, enum journal_tag tag, const void *bytes, size_t n)
{
    if (!bytes)
        return;
    buf_char(fields, (char)tag);
    put_number(fields, n, 4);
    buf_add(fields, bytes, n);
    buf_char(fields, '\0');
}

void journal_put_text(struct buf *fields, enum journal_tag tag, const char *text)
{
    journal_put(fields, tag, text, text ? strlen(text) : 0);
}

void journal_put_number(struct buf *fields, enum journal_tag tag, int64_t value)
{
    char *text = mem_format("%" PRId64, value);
    journal_put_text(fields, tag, text);
    mem_free(&text);
}

bool journal_field(const struct journal_entry *entry, size_t *at, struct journal_field *out)
{
    if (entry->n - *at < FIELD_HEADER + 1)
        return false;
    const char *field = entry->fields + *at;
    size_t n = (size_t)number_at(field + 1, 4), left = entry->n - *at - FIELD_HEADER;
    if (n >= left || field[FIELD_HEADER + n] != '\0')
        return false;
    *out = (struct journal_field){.tag = (enum journal_tag)field[0], .text = field + FIELD_HEADER, .n = n};
    *at += FIELD_HEADER + n + 1;
    return true;
}

/* ── entries ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the chain is over: everything of the entry behind its hash. */
static void chain(const unsigned char before[static JOURNAL_HASH], uint64_t number, const char *plain,
                  size_t n, unsigned char out[static JOURNAL_HASH])
{
    struct buf where = {0};
    crypto_generichash_state state;
    put_number(&where, number, 8);
    crypto_generichash_init(&state, NULL, 0, JOURNAL_HASH);
    crypto_generichash_update(&state, before, JOURNAL_HASH);
    crypto_generichash_update(&state, (const unsigned char *)where.data, where.len);
    crypto_generichash_update(&state, (const unsigned char *)plain, n);
    crypto_generichash_final(&state, out, JOURNAL_HASH);
    buf_clear(&where);
}

static uint32_t turned(uint32_t length, uint64_t number)
{
    return ~length ^ (uint32_t)number;
}

void journal_put_record(struct buf *out, const struct seal_key *key, uint64_t number, const char *plain, size_t n)
{
    struct buf sealed = {0};
    seal_close(key, "journal", "", (int64_t)number, plain, n, &sealed);
    put_number(out, sealed.len, 4);
    put_number(out, turned((uint32_t)sealed.len, number), 4);
    buf_add(out, sealed.data, sealed.len);
    buf_clear(&sealed);
}

/* The entry behind `before`; fills its number and hash. */
void journal_put_entry(struct buf *out, const struct seal_key *key, const struct journal_place *before,
                       struct journal_entry *entry)
{
    struct buf plain = {0};
    entry->number = before->number + 1;
    buf_add(&plain, before->hash, JOURNAL_HASH); /* its own hash stands here in the end */
    buf_char(&plain, (char)entry->kind);
    put_number(&plain, (uint64_t)entry->at, 8);
    put_number(&plain, entry->base, 8);
    buf_add(&plain, entry->fields ? entry->fields : "", entry->n);
    chain(before->hash, entry->number, plain.data + JOURNAL_HASH, plain.len - JOURNAL_HASH, entry->hash);
    memcpy(plain.data, entry->hash, JOURNAL_HASH);
    journal_put_record(out, key, entry->number, plain.data, plain.len);
    buf_wipe(&plain);
}

/* BEGIN says itself which hash it goes on from: what was before it may be gone. */
static bool hash_before(const struct journal_entry *entry, const struct journal_place *before,
                        unsigned char out[static JOURNAL_HASH])
{
    struct journal_field f;
    memcpy(out, before->hash, JOURNAL_HASH);
    if (entry->number != before->first)
        return true;
    for (size_t at = 0; journal_field(entry, &at, &f);)
        if (f.tag == JTAG_HASH && f.n == JOURNAL_HASH) {
            memcpy(out, f.text, JOURNAL_HASH);
            return entry->kind == JOURNAL_BEGIN;
        }
    return false;
}

bool journal_parse_entry(const struct buf *plain, const struct journal_place *before, bool blind,
                         struct journal_entry *out)
{
    unsigned char from[JOURNAL_HASH], hash[JOURNAL_HASH];
    if (plain->len < PLAIN_HEADER)
        return false;
    const char *at = plain->data + JOURNAL_HASH;
    *out = (struct journal_entry){
        .number = before->number + 1,
        .kind = (enum journal_kind)(unsigned char)at[0],
        .at = (int64_t)number_at(at + 1, 8),
        .base = number_at(at + 9, 8),
        .fields = plain->data + PLAIN_HEADER,
        .n = plain->len - PLAIN_HEADER,
    };
    memcpy(out->hash, plain->data, JOURNAL_HASH);
    if (!hash_before(out, before, from))
        return false;
    if (blind && out->number != before->first)
        return true;
    chain(from, out->number, at, plain->len - JOURNAL_HASH, hash);
    return memcmp(hash, out->hash, JOURNAL_HASH) == 0;
}

/* ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void journal_put_header(struct buf *out, uint64_t first)
{
    buf_text(out, JOURNAL_MAGIC);
    buf_char(out, FORMAT);
    put_number(out, first, 8);
    buf_char(out, '\n');
}

/* The number of its first entry; 0: this is no header. */
uint64_t journal_parse_header(const char *bytes, size_t n)
{
    if (n < JOURNAL_HEADER || memcmp(bytes, JOURNAL_MAGIC, sizeof(JOURNAL_MAGIC) - 1) != 0 ||
        bytes[sizeof(JOURNAL_MAGIC) - 1] != FORMAT || bytes[JOURNAL_HEADER - 1] != '\n')
        return 0;
    return number_at(bytes + sizeof(JOURNAL_MAGIC), 8);
}

static bool all_zero(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* The record of entry `number` at the start of so many bytes: its sealed part. */
enum journal_state journal_parse_record(const char *bytes, size_t left, uint64_t number, size_t *sealed)
{
    /* A file may be longer than what was written into it, after a power cut. */
    if (left < JOURNAL_RECORD_HEADER || all_zero(bytes, left))
        return JOURNAL_TORN;
    uint32_t length = (uint32_t)number_at(bytes, 4);
    if ((uint32_t)number_at(bytes + 4, 4) != turned(length, number))
        return JOURNAL_BAD;
    *sealed = length;
    return length > left - JOURNAL_RECORD_HEADER ? JOURNAL_TORN : JOURNAL_WHOLE;
}
