/* wipe: files are unlinked, places deleted with their pages written over; then the directory is read again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/wipe.h"

#include "cache/outbox_internal.h"
#include "cache/state.h"
#include "cache/store.h"
#include "core/i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTBOX_FILE "outbox.db"

/* What a name means; the longest beginning that fits. */
static const struct kind {
    const char *begin;
    bool goes;
    enum wipe_why why;
} kinds[] = {
    {"cache.db", true, WIPE_LEFT}, /* its WAL, and what was set aside */
    {"log", true, WIPE_LEFT},          {"seen", true, WIPE_LEFT},    {"outbox.db.bad", false, WIPE_ASIDE},
    {OUTBOX_FILE, false, WIPE_WISHES}, {"key", false, WIPE_KEY},     {"files", false, WIPE_WISHES},
    {"journal", false, WIPE_JOURNAL},  {"tries", false, WIPE_TRIES}, {"lock", false, WIPE_LOCK},
};

static struct kind kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof *kinds; i++)
        if (strncmp(name, kinds[i].begin, strlen(kinds[i].begin)) == 0)
            return kinds[i];
    return (struct kind){.why = WIPE_FOREIGN};
}

/* ── the directory ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Names in `arena`, in their order; -1: it cannot be read. */
static int names_in(int dir, struct arena *arena, const char ***out)
{
    struct dirent **entries = NULL;
    int n = scandirat(dir, ".", &entries, is_entry, alphasort);

    *out = arena_alloc(arena, (size_t)(n > 0 ? n : 1) * sizeof(**out));
    for (int i = 0; i < n; i++) {
        (*out)[i] = arena_copy(arena, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return n;
}

static bool remove_files(int dir, const char *path, struct arena *arena, struct wiped *out, struct err *e)
{
    const char **names;
    int n = names_in(dir, arena, &names);

    if (n < 0)
        return state_fail(e, errno, path);
    out->removed = arena_alloc(arena, (size_t)(n + 1) * sizeof(*out->removed));
    for (int i = 0; i < n; i++)
        if (kind_of(names[i]).goes && unlinkat(dir, names[i], 0) == 0)
            out->removed[out->n_removed++] = names[i];
    fsync(dir);
    return true;
}

/* What is there now, whatever was done before. */
static bool look_again(int dir, const char *path, struct arena *arena, struct wiped *out, struct err *e)
{
    const char **names;
    int n = names_in(dir, arena, &names);
    bool clean = true;

    if (n < 0)
        return state_fail(e, errno, path);
    out->left = arena_alloc(arena, (size_t)(n + 1) * sizeof(*out->left));
    for (int i = 0; i < n; i++) {
        struct stat st = {0};
        struct wipe_file *file = &out->left[out->n_left++];
        fstatat(dir, names[i], &st, AT_SYMLINK_NOFOLLOW);
        *file = (struct wipe_file){.name = names[i], .bytes = st.st_size, .why = kind_of(names[i]).why};
        clean = clean && file->why != WIPE_LEFT;
    }
    out->clean = clean && out->places_gone;
    return true;
}

/* ── outbox.db ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t count(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t n = -1;

    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

/* One that is damaged or of a newer schema is left as it is: nothing of it can be told from a wish. */
static void empty_places(sqlite3 *db, struct wiped *out)
{
    int left, done;

    out->unsent = count(db, "SELECT count(*) FROM command WHERE " SQL_OPEN);
    out->ended = count(db, "SELECT count(*) FROM command WHERE NOT (" SQL_OPEN ")");
    /* One from before there were drafts has no table of them. */
    bool drafts = count(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'draft'") != 0;
    if (sqlite3_exec(db, "PRAGMA secure_delete = ON; DELETE FROM place", NULL, NULL, NULL) != SQLITE_OK ||
        (drafts && sqlite3_exec(db, "DELETE FROM draft", NULL, NULL, NULL) != SQLITE_OK))
        return;
    bool emptied = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &left, &done) == SQLITE_OK;
    out->places_gone = emptied && count(db, "SELECT count(*) FROM place") == 0 &&
                       (!drafts || count(db, "SELECT count(*) FROM draft") == 0);
}

static bool wipe_outbox(int dir, const char *path, struct wiped *out, struct err *e)
{
    sqlite3 *db = NULL;

    out->unsent = out->ended = 0;
    if (faccessat(dir, OUTBOX_FILE, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        out->places_gone = errno == ENOENT;
        return true;
    }
    if (!store_open(dir, path, OUTBOX_FILE, &db, e))
        return false;
    empty_places(db, out);
    sqlite3_close(db);
    return true;
}

/* A descriptor that holds everybody else off; -1. */
static int be_alone(int dir, struct err *e)
{
    int presence = -1;

    if (!presence_take(dir, &presence, e))
        return -1;
    if (presence_alone(presence, true))
        return presence;
    close(presence);
    err_set(e, ERR_REFUSED, "%s",
            _("Another motcua of this officer is running: close it first. Nothing was removed."));
    return -1;
}

bool wipe_possible(int dir, struct err *e)
{
    int presence = be_alone(dir, e);

    if (presence >= 0)
        close(presence);
    return presence >= 0;
}

bool wipe_officer(int dir, const char *path, struct arena *arena, struct wiped *out, struct err *e)
{
    int presence = be_alone(dir, e);

    *out = (struct wiped){0};
    if (presence < 0)
        return false;
    bool ok = wipe_outbox(dir, path, out, e) && remove_files(dir, path, arena, out, e) &&
              look_again(dir, path, arena, out, e);
    close(presence);
    return ok;
}
