/* files: see files.h. The file is on the disk before its row and its wish are committed, and goes after they are gone: what a kill
 * leaves is a file that no row knows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/files_internal.h"

#include "cache/store.h"
#include "core/codec.h"
#include "core/i18n.h"
#include "core/media.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORPHAN_SECONDS 3600
#define NAME_MOST      255 /* contract, NewAttachment.name */

/* ── in ────────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool describe(const struct attach *a, struct new_attachment *out, char sha256[static 65], struct err *e)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    const char *type = media_type_of(a->bytes, a->n);

    if (!type)
        return err_set(e, ERR_INPUT, "%s",
                       _("This file is no PDF, JPEG or PNG, whatever its name says. Choose another one."));
    if ((int64_t)a->n > a->most)
        return err_set(
            e, ERR_INPUT,
            _("This file is larger than the %lld MB that the server takes. Scan it in grey or at 200 dpi."),
            (long long)(a->most >> 20));
    crypto_hash_sha256(digest, a->bytes, a->n);
    sodium_bin2hex(sha256, 65, digest, sizeof digest);
    *out = (struct new_attachment){.name = a->name,
                                   .media_type = type,
                                   .sha256 = sha256,
                                   .paper = a->paper,
                                   .role = a->role,
                                   .size = (int64_t)a->n};
    return true;
}

/* The wish, its file and the row about it, whole or not at all. */
static bool announce(struct outbox *o, const struct attach *a, const char *body, size_t len,
                     struct wish_file *file, char key[static UUID_TEXT], struct err *e)
{
    char *path = mem_format("/dossiers/%s/attachments", a->dossier), keys[1][UUID_TEXT];
    struct wish w = {
        .target = a->dossier,
        .method = "POST",
        .path = path,
        .action = "attach",
        .code = a->code,
        .name = a->applicant,
        .body = body,
        .body_len = len,
        .acted_at = a->acted_at,
        .file = file,
    };
    bool ok = outbox_enqueue(o, &w, 1, keys, e);

    if (ok)
        memcpy(key, keys[0], UUID_TEXT);
    mem_free(&path);
    return ok;
}

bool file_attach(struct outbox *o, const struct attach *a, char key[static UUID_TEXT], struct err *e)
{
    struct new_attachment about;
    struct wish_file file = {0};
    char sha256[65];
    size_t len;

    if (seal_key_asleep(o->key))
        return err_set(e, ERR_AUTH, "%s", _("The saved data is locked. Type the PIN first."));
    if (!describe(a, &about, sha256, e))
        return false;
    char *body = codec_write(&shape_new_attachment, &about, 0, &len);
    env_uuid(o->env, file.key);
    randombytes_buf(file.secret, sizeof file.secret);
    bool ok = sealed_write(o, file.key, file.secret, a->bytes, a->n, e);
    if (ok && !announce(o, a, body, len, &file, key, e)) {
        sealed_remove(o, file.key);
        ok = false;
    }
    sodium_memzero(&file, sizeof file);
    mem_free(&body);
    return ok;
}

bool ob_upload_put(struct outbox *o, const struct wish *w, struct err *e)
{
    const char *key = w->file->key;
    sqlite3_stmt *st = ob_statement(o, "INSERT INTO upload(key, target, again, code, name, about, secret)"
                                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    ob_bind_text(st, 1, key);
    ob_bind_text(st, 2, w->target);
    sqlite3_bind_int(st, 3, w->file->again);
    ob_bind_sealed(o, st, 4, "upload.code", key, w->code, w->code ? strlen(w->code) : 0);
    ob_bind_sealed(o, st, 5, "upload.name", key, w->name, w->name ? strlen(w->name) : 0);
    ob_bind_sealed(o, st, 6, "upload.about", key, w->body, w->body_len);
    ob_bind_sealed(o, st, 7, "upload.secret", key, w->file->secret, sizeof w->file->secret);
    return ob_run(o, st, e);
}

/* ── how they stand ────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *opened(struct outbox *o, sqlite3_stmt *st, int i, const char *column, const char *key,
                    struct arena *arena)
{
    struct buf plain = {0};
    char *text = NULL;

    if (sqlite3_column_type(st, i) != SQLITE_NULL &&
        seal_open(o->key, column, key, 0, sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i), &plain))
        text = arena_copy_n(arena, plain.data ? plain.data : "", plain.len);
    buf_wipe(&plain);
    return text;
}

static char *copied(sqlite3_stmt *st, int i, struct arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(st, i);

    return text ? arena_copy(arena, text) : NULL;
}

/* Column 9: the wish's state, NULL once it is forgotten; 10: the target is the key of a wish. */
static enum file_state state_of(sqlite3_stmt *st, const struct waiting_file *f)
{
    enum command_state wish = (enum command_state)sqlite3_column_int(st, 9);
    bool known = sqlite3_column_type(st, 9) != SQLITE_NULL;

    if (f->trouble || (!f->attachment && (!known || wish == COMMAND_CONFLICT || wish == COMMAND_REFUSED ||
                                          wish == COMMAND_RECONCILE || wish == COMMAND_DROPPED)))
        return FILE_STOPPED;
    if (sqlite3_column_int(st, 10))
        return FILE_LOCAL;
    return f->sent > 0 ? FILE_SENDING : FILE_WAITS;
}

static bool read_row(struct outbox *o, sqlite3_stmt *st, struct arena *arena, struct waiting_file *f)
{
    *f = (struct waiting_file){.sent = sqlite3_column_int64(st, 3), .again = sqlite3_column_int(st, 4)};
    ob_copy_key(st, 0, f->key);
    f->dossier = copied(st, 1, arena);
    f->attachment = copied(st, 2, arena);
    f->code = opened(o, st, 5, "upload.code", f->key, arena);
    f->applicant = opened(o, st, 6, "upload.name", f->key, arena);
    f->trouble = opened(o, st, 7, "upload.trouble", f->key, arena);
    const char *about = opened(o, st, 8, "upload.about", f->key, arena);
    f->state = state_of(st, f);
    return about && codec_read(&shape_new_attachment, about, strlen(about), arena, &f->about, NULL, NULL);
}

bool files_waiting(struct outbox *o, const char *dossier, struct arena *arena, struct waiting_file **out,
                   size_t *n, struct err *e)
{
    size_t cap = 0;
    int code;

    *out = NULL;
    *n = 0;
    sqlite3_stmt *st = ob_statement(
        o, "SELECT u.key, u.target, attachment, sent, again, u.code, u.name, trouble, about, c.state,"
           " EXISTS (SELECT 1 FROM command m WHERE m.key = u.target) FROM upload u LEFT JOIN command c ON c.key = u.key"
           " WHERE ?1 IS NULL OR u.target = ?1 ORDER BY u.seq");
    ob_bind_text(st, 1, dossier);
    while ((code = store_had_memory(sqlite3_step(st))) == SQLITE_ROW) {
        if (*n == cap) {
            cap = cap ? 2 * cap : 8;
            *out = arena_grow(arena, *out, *n, cap, sizeof **out);
        }
        *n += read_row(o, st, arena, &(*out)[*n]);
    }
    bool ok = code == SQLITE_DONE || ob_fail(o, e);
    sqlite3_reset(st);
    return ok;
}

static bool find(struct outbox *o, const char *key, struct arena *arena, struct waiting_file *out, struct err *e)
{
    struct waiting_file *all;
    size_t n;

    if (!files_waiting(o, NULL, arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i].key, key) == 0) {
            *out = all[i];
            return true;
        }
    }
    return err_set(e, ERR_NOT_FOUND, "%s", _("This scan does not wait here any more."));
}

/* ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool file_open(struct outbox *o, const char *key, struct file_reader **out, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT secret FROM upload WHERE key = ?");
    struct buf secret = {0};

    ob_bind_text(st, 1, key);
    bool ok = store_had_memory(sqlite3_step(st)) == SQLITE_ROW &&
              seal_open(o->key, "upload.secret", key, 0, sqlite3_column_blob(st, 0),
                        (size_t)sqlite3_column_bytes(st, 0), &secret) &&
              secret.len == FILES_SECRET;
    sqlite3_reset(st);
    ok = ok ? sealed_open(o, key, (const unsigned char *)secret.data, out, e)
            : err_set(e, ERR_NOT_FOUND, "%s", _("This scan does not wait here any more."));
    buf_wipe(&secret);
    return ok;
}

/* What changes no wish, and what views show: they hear of it, other instances need not. */
static bool change_one(struct outbox *o, enum ob_durability how, sqlite3_stmt *st, struct err *e)
{
    if (!ob_begin(o, how, e))
        return false;
    bool ok = ob_end_quietly(o, ob_run(o, st, e), e);
    o->changed = o->changed || ok;
    return ok;
}

bool file_sent(struct outbox *o, const char *key, int64_t sent, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "UPDATE upload SET sent = ?2 WHERE key = ?1");

    ob_bind_text(st, 1, key);
    sqlite3_bind_int64(st, 2, sent);
    return change_one(o, OB_RELAXED, st, e);
}

bool file_stop(struct outbox *o, const char *key, const char *trouble, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "UPDATE upload SET trouble = ?2 WHERE key = ?1");

    ob_bind_text(st, 1, key);
    ob_bind_sealed(o, st, 2, "upload.trouble", key, trouble, strlen(trouble));
    return change_one(o, OB_SYNCED, st, e);
}

static bool remove_row(struct outbox *o, const char *key, struct err *e)
{
    sqlite3_stmt *st = ob_statement(o, "DELETE FROM upload WHERE key = ?");

    ob_bind_text(st, 1, key);
    return ob_run(o, st, e);
}

/* Never tried, so their bytes are still free; where anything else changed the dossier, they stand on another version, and conflict. */
static bool step_versions(struct outbox *o, const char *key, int64_t version, struct err *e)
{
    char to[24], from[24];

    if (version <= 0)
        return true;
    snprintf(to, sizeof to, "%lld", (long long)version);
    snprintf(from, sizeof from, "%lld", (long long)version - 1);
    sqlite3_stmt *st = ob_statement(
        o, "UPDATE command SET if_match = ?2 WHERE target = (SELECT target FROM upload WHERE key = ?1) AND if_match = ?3"
           " AND attempts = 0 AND state IN (" SQL_HELD "," SQL_DUE ")");
    ob_bind_text(st, 1, key);
    ob_bind_text(st, 2, to);
    ob_bind_text(st, 3, from);
    return ob_run(o, st, e);
}

bool file_complete(struct outbox *o, const char *key, int64_t version, struct err *e)
{
    if (!ob_begin(o, OB_SYNCED, e))
        return false;
    bool ok = ob_end(o, step_versions(o, key, version, e) && remove_row(o, key, e), e);
    if (ok)
        sealed_remove(o, key);
    return ok;
}

/* The bytes get the new name first; the old row goes last. Between them a kill leaves a row that is announced once more. */
bool file_again(struct outbox *o, const char *key, int64_t now, struct err *e)
{
    struct arena arena = {0};
    struct waiting_file f = {0};
    struct wish_file file = {0};
    struct file_reader *r = NULL;
    struct buf bytes = {0};
    char fresh[UUID_TEXT], *body = NULL;
    size_t len;
    bool ok = find(o, key, &arena, &f, e) && file_open(o, key, &r, e) &&
              file_read_at(r, 0, (size_t)f.about.size, &bytes, e);

    if (ok) {
        env_uuid(o->env, file.key);
        randombytes_buf(file.secret, sizeof file.secret);
        file.again = f.again + 1;
        body = codec_write(&shape_new_attachment, &f.about, 0, &len);
        struct attach a = {.dossier = f.dossier, .code = f.code, .applicant = f.applicant, .acted_at = now};
        ok = sealed_write(o, file.key, file.secret, bytes.data, bytes.len, e);
        if (ok && !announce(o, &a, body, len, &file, fresh, e)) {
            sealed_remove(o, file.key);
            ok = false;
        }
    }
    ok = ok && file_complete(o, key, 0, e);
    sodium_memzero(&file, sizeof file);
    file_close(&r);
    buf_wipe(&bytes);
    mem_free(&body);
    arena_clear(&arena);
    return ok;
}

/* ── away ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool take_away(struct outbox *o, const struct waiting_file *f, int64_t now, struct err *e)
{
    char *path = mem_format("/attachments/%s", f->attachment), keys[1][UUID_TEXT];
    struct wish w = {.target = f->dossier,
                     .method = "DELETE",
                     .path = path,
                     .action = "detach",
                     .code = f->code,
                     .name = f->applicant,
                     .acted_at = now};
    bool ok = outbox_enqueue(o, &w, 1, keys, e);

    mem_free(&path);
    return ok;
}

bool file_give_up(struct outbox *o, const char *key, int64_t now, struct err *e)
{
    struct arena arena = {0};
    struct waiting_file f = {0};
    struct command wish;
    bool ok = find(o, key, &arena, &f, e);

    if (ok && f.attachment)
        ok = take_away(o, &f, now, e);
    else if (ok && outbox_get(o, key, &arena, &wish, NULL) && wish.state != COMMAND_DROPPED)
        ok = wish.may_have_arrived
                 ? err_set(e, ERR_CONFLICT, "%s",
                           _("It is not known yet whether the server has this scan. Wait for its "
                             "answer, then take it away."))
                 : outbox_drop(o, key, now, e);
    ok = ok && file_complete(o, key, 0, e);
    arena_clear(&arena);
    return ok;
}

/* ── what a kill left ──────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_known(struct outbox *o, const char *key)
{
    sqlite3_stmt *st = ob_statement(o, "SELECT count(*) FROM upload WHERE key = ?");

    ob_bind_text(st, 1, key);
    return ob_number(st, 1) != 0; /* an error says nothing: it stays */
}

static void remove_unknown(struct outbox *o, int64_t wall)
{
    int fd = openat(o->dir, FILES_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        struct stat st;
        if (entry->d_name[0] != '.' && fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode) && st.st_mtime < wall - ORPHAN_SECONDS && !is_known(o, entry->d_name))
            unlinkat(fd, entry->d_name, 0);
    }
    if (dir)
        closedir(dir);
    else if (fd >= 0)
        close(fd);
}

void files_tidy(struct outbox *o, int64_t wall)
{
    struct arena arena = {0};
    struct waiting_file *all;
    struct command wish;
    size_t n;

    if (seal_key_asleep(o->key))
        return;
    if (files_waiting(o, NULL, &arena, &all, &n, NULL))
        for (size_t i = 0; i < n; i++)
            if (!all[i].attachment && outbox_get(o, all[i].key, &arena, &wish, NULL) &&
                wish.state == COMMAND_DROPPED)
                file_complete(o, all[i].key, 0, NULL);
    remove_unknown(o, wall);
    arena_clear(&arena);
}
