/* store: what net/ asks of cache/, in memory and small: a cursor, and a list of wishes. It refuses to hold a dossier.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/files.h"
#include "cache/numbers.h"
#include "core/instant.h"
#include "tests/herd/herd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── the cache ───────────────────────────────────────────────────────────────────────────────────────────────────── */

const char *cache_cursor(const struct cache *c)
{
    return c->cursor[0] && !c->in_pass ? c->cursor : c->in_pass && c->cursor[0] ? c->cursor : NULL;
}

bool cache_begin_pass(struct cache *c, struct err *e)
{
    c->in_pass = true;
    c->cursor[0] = '\0';
    return true;
}

bool cache_in_pass(const struct cache *c)
{
    return c->in_pass;
}

bool cache_ever_synced(const struct cache *c)
{
    return c->ever;
}

bool cache_page_begin(struct cache *c, char *bytes, size_t len, struct err *e)
{
    int more = 0;
    unsigned cursor = 0, changes = 0;
    bool ok = sscanf(bytes, "{\"changes\":[%u],\"cursor\":\"c%u\",\"more\":%d}", &changes, &cursor, &more) == 3;
    c->applying = ok;
    c->more = more;
    c->changes = changes;
    snprintf(c->page_cursor, sizeof(c->page_cursor), "c%u", cursor);
    free(bytes);
    return ok;
}

enum cache_page cache_page_step(struct cache *c, struct env *env, int ms, struct cache_page_end *end,
                                struct err *e)
{
    if (!c->applying)
        return CACHE_PAGE_NONE;
    memcpy(c->cursor, c->page_cursor, sizeof(c->cursor));
    c->applying = false;
    c->in_pass = c->in_pass && c->more;
    c->ever = c->ever || !c->in_pass;
    *end = (struct cache_page_end){.more = c->more, .poll_after = -1, .applied = c->changes};
    return CACHE_PAGE_DONE;
}

const char *cache_page_cursor(const struct cache *c, bool *more)
{
    *more = c->more;
    return c->applying ? c->page_cursor : NULL;
}

bool cache_replace_dossier(struct cache *c, const char *bytes, size_t len, struct err *e)
{
    return true;
}

int64_t cache_dossier_count(struct cache *c)
{
    return 0;
}

int64_t cache_data_at(struct cache *c)
{
    return c->data_at;
}

bool cache_set_data_at(struct cache *c, int64_t at, struct err *e)
{
    c->data_at = at;
    return true;
}

/* ── the outbox ──────────────────────────────────────────────────────────────────────────────────────────────────── */

void store_wish(struct outbox *o)
{
    if (o->n == o->cap) {
        o->cap = o->cap ? 2 * o->cap : 4;
        o->rows = mem_grow(o->rows, o->cap, sizeof(*o->rows));
    }
    struct herd *h = station_of(o->env)->herd;
    bool old = h->now >= h->server.down && h->now < h->server.up;
    o->rows[o->n++] = (struct row){.n = o->given++, .old = old};
    h->server.waiting += old;
}

void store_clear(struct outbox *o)
{
    free(o->rows);
    *o = (struct outbox){0};
}

static void key_of(const struct outbox *o, const struct row *row, char out[static UUID_TEXT])
{
    snprintf(out, UUID_TEXT, "%08x-0000-4000-8000-%012x", (unsigned)o->station, row->n);
}

static struct row *row_of(struct outbox *o, const char *key)
{
    char own[UUID_TEXT];
    for (size_t i = 0; i < o->n; i++) {
        key_of(o, &o->rows[i], own);
        if (strcmp(own, key) == 0)
            return &o->rows[i];
    }
    return NULL;
}

void outbox_counts(const struct outbox *o, int64_t *unsent, int64_t *stuck)
{
    *unsent = (int64_t)o->n;
    *stuck = 0;
}

bool outbox_list(struct outbox *o, unsigned which, struct arena *arena, struct command **out, size_t *n,
                 struct err *e)
{
    *out = NULL; /* net/ looks for what is online only; there is none */
    *n = 0;
    return true;
}

bool outbox_recover(struct outbox *o, int64_t now, struct err *e)
{
    for (size_t i = 0; i < o->n; i++)
        o->rows[i].sending = false;
    return true;
}

static void fill(const struct outbox *o, const struct row *row, struct arena *arena, struct command *out)
{
    *out = (struct command){
        .seq = row->n, .method = "POST", .action = "note", .if_match = "3", .attempts = row->attempts};
    key_of(o, row, out->key);
    out->actor = arena_format(arena, "of-%d", o->station);
    out->target = arena_format(arena, "hs-%d-%u", o->station, row->n);
    out->path = arena_format(arena, "/dossiers/%s/actions", out->target);
    out->body = "{\"action\":\"note\"}";
    out->body_len = strlen(out->body);
    out->state = COMMAND_DUE;
    out->not_before = row->not_before;
}

bool outbox_next(struct outbox *o, bool eager, struct arena *arena, struct command *out, int64_t *wake,
                 struct err *e)
{
    int64_t mono = o->env->mono(o->env);
    *wake = INT64_MAX;
    for (size_t i = 0; i < o->n; i++) {
        const struct row *row = &o->rows[i];
        if (row->sending)
            continue;
        if (row->not_before <= mono) {
            fill(o, row, arena, out);
            return true;
        }
        *wake = row->not_before < *wake ? row->not_before : *wake;
    }
    return false;
}

bool outbox_sending(struct outbox *o, const char *key, struct err *e)
{
    row_of(o, key)->sending = true;
    return true;
}

bool outbox_no_answer(struct outbox *o, const char *key, bool may_have_arrived, int64_t not_before,
                      const char *note, bool *taken_away, struct err *e)
{
    struct row *row = row_of(o, key);
    *taken_away = false;
    row->sending = false;
    row->attempts++;
    row->not_before = not_before;
    return true;
}

bool outbox_done(struct outbox *o, const char *key, const char *etag, const char *location, int64_t now,
                 struct err *e)
{
    struct herd *h = station_of(o->env)->herd;
    struct row *row = row_of(o, key);
    h->server.waiting -= row->old;
    if (row->old && h->server.waiting == 0)
        h->server.all_sent = h->now;
    memmove(row, row + 1, (size_t)(o->rows + --o->n - row) * sizeof(*row));
    return true;
}

bool outbox_failed(struct outbox *o, const char *key, enum command_state state, const char *problem,
                   const char *request_id, int64_t now, struct err *e)
{
    die("the herd's server refuses nothing");
}

bool outbox_retry(struct outbox *o, const char *key, struct err *e)
{
    return true;
}

bool outbox_keep(struct outbox *o, const char *name, const char *value, bool sealed, struct err *e)
{
    return true;
}

char *outbox_kept(struct outbox *o, const char *name)
{
    return NULL;
}

/* Nobody scans here. */
bool files_waiting(struct outbox *o, const char *dossier, struct arena *arena, struct waiting_file **out,
                   size_t *n, struct err *e)
{
    *n = 0;
    return true;
}

bool file_open(struct outbox *o, const char *key, struct file_reader **out, struct err *e)
{
    die("the herd has no files");
}

bool file_read_at(struct file_reader *r, int64_t offset, size_t n, struct buf *out, struct err *e)
{
    die("the herd has no files");
}

void file_close(struct file_reader **r)
{
}

bool file_sent(struct outbox *o, const char *key, int64_t sent, struct err *e)
{
    die("the herd has no files");
}

bool file_complete(struct outbox *o, const char *key, int64_t version, struct err *e)
{
    die("the herd has no files");
}

bool file_again(struct outbox *o, const char *key, int64_t now, struct err *e)
{
    die("the herd has no files");
}

bool file_stop(struct outbox *o, const char *key, const char *trouble, struct err *e)
{
    die("the herd has no files");
}

/* Nobody takes in, so that no unit is known whose codes would have to be in reserve. */
const struct officer *cache_officer(struct cache *c, const char *id)
{
    return NULL;
}

bool numbers_state(struct outbox *o, const char *unit, int64_t now, struct arena *arena,
                   struct numbers_state *out, struct err *e)
{
    die("the herd has no codes");
}

bool numbers_keep(struct outbox *o, const char *unit, const struct number_block *block, int64_t now,
                  struct err *e)
{
    die("the herd has no codes");
}

/* No workstation has two instances here. */
int64_t outbox_want_sync(struct outbox *o, struct err *e)
{
    return 0;
}

int64_t outbox_wanted(struct outbox *o)
{
    return 0;
}

bool outbox_set_synced(struct outbox *o, int64_t request, bool ok, struct err *e)
{
    return true;
}

bool outbox_synced(struct outbox *o, int64_t request, bool *ok)
{
    return false;
}
