/* json_split: a page of the feed → where its entries lie; an entry → its envelope. The entries' data stay bytes.
 * It refuses a page that is broken anywhere; what is only odd inside an entry holds back no neighbour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json_split.h"

#include "core/codec_shape.h"
#include "core/i18n.h"
#include "core/json_scan.h"
#include "core/types.h"

#include <string.h>

#define MOST_CURSOR     200  /* characters (contract, ChangePage) */
#define MOST_POLL_AFTER 3600 /* seconds */

/* Members that we know, by their place in a table of names. `seen` has a bit for each. */
struct members {
    const char *const *names;
    int n;
    unsigned seen;
    struct arena *arena;
};

enum { OTHER = -1, TWICE = -2 };

/* A member's place in the table, OTHER if it is none of ours, TWICE (and `why`) if it stood there before. */
static int member_of(struct members *m, struct scan *s, const struct quoted *key)
{
    struct json_span name = key->span;
    if (key->escaped) {
        name.at = scan_text(key, m->arena);
        name.len = name.at ? strlen(name.at) : 0;
    }
    for (int i = 0; i < m->n; i++) {
        if (strlen(m->names[i]) != name.len || memcmp(m->names[i], name.at, name.len) != 0)
            continue;
        if (m->seen & 1u << i) {
            s->why = N_("a member stands there twice");
            return TWICE;
        }
        m->seen |= 1u << i;
        return i;
    }
    return OTHER;
}

static bool wrong(struct scan *s, const char *why)
{
    s->why = why;
    return false;
}

static bool take_text(struct scan *s, struct arena *arena, const char **out)
{
    struct quoted text;
    if (scan_peek(s) != '"')
        return wrong(s, N_("has to be text"));
    if (!scan_string(s, &text))
        return false;
    *out = scan_text(&text, arena);
    return *out || wrong(s, N_("has to be text"));
}

/* 0 to 2^53 - 1, without fraction or exponent. */
static bool take_integer(struct scan *s, int64_t *out)
{
    scan_peek(s);
    const unsigned char *p = s->at;
    if (!scan_value(s))
        return false;
    int64_t value = 0;
    for (; p < s->at; p++) {
        if (*p < '0' || *p > '9' || value > CODEC_MOST / 10)
            return wrong(s, N_("has to be a whole number"));
        value = value * 10 + (*p - '0');
    }
    *out = value;
    return value <= CODEC_MOST || wrong(s, N_("has to be a whole number"));
}

static bool take_bool(struct scan *s, bool *out)
{
    *out = scan_peek(s) == 't';
    if (!*out && scan_peek(s) != 'f')
        return wrong(s, N_("has to be true or false"));
    return scan_value(s);
}

/* What stopped the scan, or the first of our members that has to be there and is not. True if neither. */
static bool finish(const struct scan *s, const char *begin, bool ok, const struct members *m,
                   unsigned required, struct err *e)
{
    if (!ok)
        return err_set(e, ERR_DATA, _("byte %zu: %s"), (size_t)((const char *)s->at - begin), _(s->why));
    for (int i = 0; i < m->n; i++)
        if (required & ~m->seen & 1u << i)
            return err_set(e, ERR_DATA, "/%s: %s", m->names[i], _("is missing"));
    return true;
}

/* --- a page --------------------------------------------------------------------------------------------------------- */

enum { PAGE_CHANGES, PAGE_CURSOR, PAGE_MORE, PAGE_POLL_AFTER, PAGE_MEMBERS };
static const char *const page_names[] = {"changes", "cursor", "more", "poll_after"};
#define PAGE_REQUIRED (1u << PAGE_CHANGES | 1u << PAGE_CURSOR | 1u << PAGE_MORE)

struct page {
    struct members members;
    struct change_page *out;
    size_t cap; /* of out->entries */
};

static bool page_entry(struct scan *s, void *context)
{
    struct page *page = context;
    struct change_page *out = page->out;
    scan_peek(s);
    const char *begin = (const char *)s->at;
    if (!scan_value(s))
        return false;
    if (out->n_entries == page->cap) {
        page->cap = page->cap ? page->cap * 2 : 256;
        out->entries =
            arena_grow(page->members.arena, out->entries, out->n_entries, page->cap, sizeof(*out->entries));
    }
    out->entries[out->n_entries++] =
        (struct json_span){.at = begin, .len = (size_t)((const char *)s->at - begin)};
    return true;
}

static bool take_cursor(struct scan *s, struct page *page)
{
    const char *cursor;
    if (!take_text(s, page->members.arena, &cursor))
        return false;
    size_t characters = 0;
    for (const char *p = cursor; *p; p++)
        characters += ((unsigned char)*p & 0xC0) != 0x80;
    if (characters == 0 || characters > MOST_CURSOR)
        return wrong(s, N_("a cursor has 1 to 200 characters"));
    page->out->cursor = (char *)cursor;
    return true;
}

static bool page_member(struct scan *s, const struct quoted *key, void *context)
{
    struct page *page = context;
    switch (member_of(&page->members, s, key)) {
    case PAGE_CHANGES:
        if (scan_peek(s) != '[')
            return wrong(s, N_("has to be a list"));
        return scan_array(s, page_entry, page);
    case PAGE_CURSOR:
        return take_cursor(s, page);
    case PAGE_MORE:
        return take_bool(s, &page->out->more);
    case PAGE_POLL_AFTER:
        if (!take_integer(s, &page->out->poll_after))
            return false;
        if (page->out->poll_after > MOST_POLL_AFTER)
            page->out->poll_after = MOST_POLL_AFTER;
        return true;
    case TWICE:
        return false;
    default:
        return scan_value(s);
    }
}

bool json_split_page(const char *bytes, size_t len, struct arena *arena, struct change_page *out, struct err *e)
{
    if (len > CODEC_MAX_BYTES)
        return err_set(e, ERR_DATA, _("more than %d bytes"), CODEC_MAX_BYTES);
    *out = (struct change_page){.poll_after = -1};
    struct page page = {
        .members = {.names = page_names, .n = PAGE_MEMBERS, .arena = arena},
        .out = out,
    };
    struct scan s = scan_over(bytes, len);
    bool ok = scan_object(&s, page_member, &page) && scan_end(&s);
    return finish(&s, bytes, ok, &page.members, PAGE_REQUIRED, e);
}

/* --- an entry ------------------------------------------------------------------------------------------------------- */

enum { CHANGE_TYPE, CHANGE_ID, CHANGE_VERSION, CHANGE_REMOVED, CHANGE_DATA, CHANGE_MEMBERS };
static const char *const change_names[] = {"type", "id", "version", "removed", "data"};
#define CHANGE_REQUIRED (1u << CHANGE_TYPE | 1u << CHANGE_ID | 1u << CHANGE_VERSION)

struct entry {
    struct members members;
    struct change *out;
};

static bool take_id(struct scan *s, struct entry *entry)
{
    if (!take_text(s, entry->members.arena, &entry->out->id))
        return false;
    return id_valid(entry->out->id) || wrong(s, N_("is not an id"));
}

static bool take_version(struct scan *s, struct entry *entry)
{
    if (!take_integer(s, &entry->out->version))
        return false;
    return entry->out->version > 0 || wrong(s, N_("a version is 1 or more"));
}

static bool take_data(struct scan *s, struct entry *entry)
{
    if (scan_peek(s) != '{')
        return wrong(s, N_("has to be an object"));
    entry->out->data = (const char *)s->at;
    if (!scan_value(s))
        return false;
    entry->out->data_len = (size_t)((const char *)s->at - entry->out->data);
    return true;
}

static bool entry_member(struct scan *s, const struct quoted *key, void *context)
{
    struct entry *entry = context;
    switch (member_of(&entry->members, s, key)) {
    case CHANGE_TYPE:
        return take_text(s, entry->members.arena, &entry->out->type);
    case CHANGE_ID:
        return take_id(s, entry);
    case CHANGE_VERSION:
        return take_version(s, entry);
    case CHANGE_REMOVED:
        return take_bool(s, &entry->out->removed);
    case CHANGE_DATA:
        return take_data(s, entry);
    case TWICE:
        return false;
    default:
        return scan_value(s);
    }
}

bool json_split_change(struct json_span span, struct arena *arena, struct change *out, struct err *e)
{
    *out = (struct change){0};
    struct entry entry = {
        .members = {.names = change_names, .n = CHANGE_MEMBERS, .arena = arena},
        .out = out,
    };
    struct scan s = scan_over(span.at, span.len);
    bool ok = scan_object(&s, entry_member, &entry) && scan_end(&s);
    /* What is to go goes, whatever else the entry says: it may no longer be this officer's to see. */
    if (out->removed) {
        out->data = NULL;
        out->data_len = 0;
    }
    unsigned required = CHANGE_REQUIRED | (out->removed ? 0 : 1u << CHANGE_DATA);
    return finish(&s, span.at, ok, &entry.members, required, e);
}
