/* A cache.db that is damaged, swapped or of another schema is set aside and made anew; and what lies on the disk says nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_feed.h"
#include "tests/unit/cache_flaky.h"
#include "tests/unit/core_samples.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 120
#define PAGE 4096

static struct feed feed;

static json_t *person(int i)
{
    char id[16], number[16];

    snprintf(id, sizeof(id), "d-%d", i);
    snprintf(number, sizeof(number), "0771950%05d", i);
    json_t *d = dossier_json(id, 1, i % 3 ? "in_progress" : "registered", i % 3 ? "assessment" : "intake");
    set_applicant(d, "Nguyễn Thị Đào", number);
    json_object_set_new(json_object_get(d, "applicant"), "address", json_string("Tổ 4, khu phố Hoàng Giao"));
    json_object_set_new(json_object_get(d, "applicant"), "phone", json_string("0900000377"));
    set_text(d, "assignee", i % 5 ? NULL : ME);
    set_time(d, "due_at", T0 + (i - MANY / 2) * 3600);
    return d;
}

static int setup(void **state)
{
    json_t *entries = json_pack(
        "[ooo]", entry("calendar", "c-1", 1, calendar_json("u-1", "Asia/Ho_Chi_Minh")),
        entry("unit", "u-1", 1, json_pack("{ss ss ss}", "id", "u-1", "name", "Xã", "level", "commune")),
        entry("message", "m-1", 1, json_pack("{ss ss}", "id", "m-1", "body", "gửi bà Đào")));

    feed_new(&feed);
    for (int i = 0; i < MANY; i++)
        json_array_append_new(entries, dossier_entry(person(i)));
    full_pass(&feed, entries);
    return 0;
}

static int teardown(void **state)
{
    if (feed.cache)
        feed_close(&feed);
    machine_free(&feed.machine);
    return 0;
}

static char *file(const char *name)
{
    return mem_format("%s/%s", feed.machine.path, name);
}

static void is_set_aside(void)
{
    struct stat st;

    assert_int_equal(fstatat(feed.machine.dir, "cache.db.bad", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(fstatat(feed.machine.dir, "cache.db", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

/* Empty, and as good as new. */
static void is_new(void)
{
    assert_null(cache_cursor(feed.cache));
    assert_false(cache_ever_synced(feed.cache));
    assert_int_equal(cache_dossier_count(feed.cache), 0);
    full_pass(&feed, json_pack("[o]", dossier_entry(person(1))));
    assert_int_equal(held_version(&feed, "d-1"), 1);
}

/* ── the schema ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void with_sql(const char *sql)
{
    sqlite3 *db = NULL;
    char *path = file("cache.db");

    feed_close(&feed);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    mem_free(&path);
}

static void a_foreign_schema_is_set_aside(void **state)
{
    static const char *const changes[] = {
        "CREATE TRIGGER t AFTER INSERT ON dossier BEGIN DELETE FROM doc; END",
        "CREATE TEMP TRIGGER t AFTER INSERT ON dossier BEGIN SELECT 1; END; CREATE VIEW v AS SELECT * FROM dossier",
        "CREATE TABLE extra(x)",
        "CREATE INDEX extra ON dossier(status)",
        "DROP INDEX dossier_mine",
        "DROP INDEX dossier_mine; CREATE INDEX dossier_mine ON dossier(due, id, unit)",
        "ALTER TABLE dossier ADD COLUMN extra INTEGER",
        "DROP TABLE tally; CREATE VIEW tally AS SELECT 1 AS queue, 'u' AS unit, 1 AS day, 1 AS n",
        "PRAGMA user_version = 2",
        "DELETE FROM state",
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof *changes; i++) {
        with_sql(changes[i]);
        feed_open(&feed);
        if (!feed.rebuilt)
            fail_at(HERE, "not noticed: %s", changes[i]);
        is_set_aside();
        is_new();
    }
}

static void what_is_ours_is_not_set_aside(void **state)
{
    with_sql("VACUUM; ANALYZE; DROP TABLE sqlite_stat1");
    feed_open(&feed);
    assert_false(feed.rebuilt);
    assert_int_equal(cache_dossier_count(feed.cache), MANY);
}

/* ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void another_key_or_officer_counts_as_damage(void **state)
{
    struct seal_key *own = feed.machine.key, *other = NULL;
    struct err e = {0};

    feed_close(&feed);
    assert_int_equal(renameat(feed.machine.dir, "key", feed.machine.dir, "key.own"), 0);
    assert_ok(seal_key_load(feed.machine.dir, &other, &e), &e);
    feed.machine.key = other;
    feed_open(&feed);
    assert_true(feed.rebuilt);
    is_set_aside();
    is_new();
    feed_close(&feed);
    seal_key_free(&other);
    feed.machine.key = own;
    feed_open(&feed);
    assert_true(feed.rebuilt);
    feed_close(&feed);

    bool rebuilt = false;
    assert_ok(cache_open(feed.machine.dir, feed.machine.path, own, "of-other", &feed.cache, &rebuilt, &e), &e);
    assert_true(rebuilt);
}

static void a_link_in_its_place_is_not_followed(void **state)
{
    struct err e = {0};
    bool rebuilt;

    feed_close(&feed);
    assert_int_equal(renameat(feed.machine.dir, "cache.db", feed.machine.dir, "elsewhere.db"), 0);
    assert_int_equal(symlinkat("elsewhere.db", feed.machine.dir, "cache.db"), 0);
    assert_err(cache_open(feed.machine.dir, feed.machine.path, feed.machine.key, ME, &feed.cache, &rebuilt, &e),
               &e, ERR_STORE);
    assert_null(feed.cache);
}

static void wiping_leaves_nothing(void **state)
{
    struct err e = {0};
    struct stat st;

    with_sql("CREATE TABLE extra(x)");
    feed_open(&feed);
    assert_int_equal(fstatat(feed.machine.dir, "cache.db.bad", &st, 0), 0);
    feed_close(&feed);
    assert_ok(cache_wipe(feed.machine.dir, &e), &e);
    assert_int_equal(fstatat(feed.machine.dir, "cache.db", &st, 0), -1);
    assert_int_equal(fstatat(feed.machine.dir, "cache.db.bad", &st, 0), -1);
    assert_ok(cache_wipe(feed.machine.dir, &e), &e);
    feed_open(&feed);
    assert_false(feed.rebuilt);
    is_new();
}

/* ── bytes ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_the_person(const struct dossier *d)
{
    char number[16];

    snprintf(number, sizeof(number), "0771950%05d", atoi(d->id + 2));
    return strcmp(d->applicant->name, "Nguyễn Thị Đào") == 0 && strcmp(d->applicant->id_number, number) == 0 &&
           strcmp(d->unit, "u-1") == 0 && d->submitted_at == T0;
}

/* Reads all that there is. Whatever comes is true, or it is an error; true: there was none. */
static bool read_all(struct cache *c)
{
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    int64_t total;
    bool fell_back, ok = true;

    for (int queue = QUEUE_NONE; queue <= QUEUE_ALL; queue++) {
        struct queue_count count;
        struct list_query q = {
            .queue = (enum queue_id)queue, .sort = queue % 2 ? SORT_SUBMITTED : SORT_DUE, .now = T0};
        if (queue == QUEUE_ROLE_COUNT)
            continue;
        ok = cache_queue_count(c, q.queue, NULL, T0, &count, &e) && ok;
        if (!cache_list(c, &q, NULL, false, 2 * MANY, &arena, &page, &fell_back, &e))
            ok = false;
        else
            for (size_t i = 0; i < page.n; i++)
                assert_true(is_the_person(&page.rows[i].d));
        arena_reset(&arena);
    }
    for (int i = 0; i < MANY; i++) {
        char id[16];
        struct dossier d;
        snprintf(id, sizeof(id), i % 2 ? "d-%d" : "M-d-%d", i);
        if (cache_dossier(c, id, &arena, &d, NULL, &e))
            assert_true(is_the_person(&d));
        else
            ok = false;
        arena_reset(&arena);
    }
    cache_calendar(c, "u-1");
    cache_search_fill(c, &feed.machine.env.env, 1000);
    if (cache_search(c, "dao", NULL, 2 * MANY, &arena, &page, &total, &e))
        for (size_t i = 0; i < page.n; i++)
            assert_true(is_the_person(&page.rows[i].d));
    else
        ok = false;
    arena_clear(&arena);
    return ok;
}

static char *read_file(const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    char *bytes = mem_alloc((size_t)st.st_size + 1);
    assert_int_equal(read(fd, bytes, (size_t)st.st_size), st.st_size);
    close(fd);
    *len = (size_t)st.st_size;
    return bytes;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

/* Opens what lies there and reads it. Where something was wrong the cache is new afterwards, at once or at the next turn. */
static bool survives(void)
{
    feed_open(&feed);
    bool rebuilt = feed.rebuilt;
    if (!rebuilt && !read_all(feed.cache)) {
        rebuilt = cache_take_changes(feed.cache) & CACHE_REBUILT;
        if (rebuilt)
            is_set_aside();
    }
    if (rebuilt) {
        full_pass(&feed, json_pack("[o]", dossier_entry(person(1))));
        assert_int_equal(held_version(&feed, "d-1"), 1);
    }
    feed_close(&feed);
    return !rebuilt;
}

static void a_flipped_byte_is_noticed_or_harms_nothing(void **state)
{
    uint64_t seed = 11;
    size_t len, noticed = 0, pages;
    char *path = file("cache.db");

    feed_close(&feed); /* all is in the file, none in the WAL */
    char *bytes = read_file(path, &len);
    pages = len / PAGE;
    assert_true(pages > 20);
    for (size_t page = 0; page < pages; page++)
        for (int way = 0; way < 3; way++) { /* its head, somewhere, a run of it */
            size_t at = page * PAGE + (way == 0 ? sample_number(&seed) % 8 : sample_number(&seed) % (PAGE - 64));
            size_t n = way == 2 ? 64 : 1;
            char kept[64];
            memcpy(kept, bytes + at, n);
            for (size_t i = 0; i < n; i++)
                bytes[at + i] ^= (char)(1 + sample_number(&seed) % 255);
            write_file(path, bytes, len);
            noticed += !survives();
            memcpy(bytes + at, kept, n);
        }
    assert_true(noticed > pages); /* of three; many bytes of a page are free, or say only where a free one lies */
    free(bytes);
    mem_free(&path);
}

static void a_file_that_is_cut_is_set_aside(void **state)
{
    size_t len;
    char *path = file("cache.db");

    feed_close(&feed);
    char *bytes = read_file(path, &len);
    const size_t lengths[] = {1, 99, 512, PAGE - 1, PAGE, 5 * PAGE, len / 2, len / 2 + 77, len - PAGE};
    for (size_t i = 0; i < sizeof(lengths) / sizeof *lengths; i++) {
        write_file(path, bytes, lengths[i]);
        if (survives())
            fail_at(HERE, "%zu of %zu bytes are not noticed", lengths[i], len);
    }
    memset(bytes, 'x', len);
    write_file(path, bytes, len);
    assert_false(survives());
    free(bytes);
    mem_free(&path);
}

/* What is damaged while it is open is made anew at the next turn, and also at the next start. */
static void damage_of_an_open_file_is_found_on_reading(void **state)
{
    struct arena arena = {0};
    struct dossier d;
    struct err e = {0};
    sqlite3 *db = NULL;
    char *path = file("cache.db");

    for (int turn = 0; turn < 2; turn++) {
        full_pass(&feed, json_pack("[o]", dossier_entry(person(1))));
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, "UPDATE doc SET doc = zeroblob(200)", NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        assert_err(cache_dossier(feed.cache, "d-1", &arena, &d, NULL, &e), &e, ERR_STORE);
        if (turn == 0) {
            assert_true(cache_take_changes(feed.cache) & CACHE_REBUILT);
            assert_false(cache_take_changes(feed.cache) & CACHE_REBUILT);
        } else {
            feed_close(&feed);
            feed_open(&feed);
        }
        is_set_aside();
        is_new();
    }
    arena_clear(&arena);
    mem_free(&path);
}

/* A row's columns are bound to what was sealed with them, and a blob to its place. */
static void what_was_moved_or_rewritten_does_not_open(void **state)
{
    static const char *const changes[] = {
        "UPDATE dossier SET status = 'returned' WHERE id = 'd-4'",
        "UPDATE dossier SET unit = 'u-2' WHERE id = 'd-4'",
        "UPDATE dossier SET due = due + 1 WHERE id = 'd-4'",
        "UPDATE dossier SET version = 2 WHERE id = 'd-4'",
        "UPDATE dossier SET row = (SELECT row FROM dossier WHERE id = 'd-5') WHERE id = 'd-4'",
        "DELETE FROM dossier WHERE id = 'd-4'; UPDATE dossier SET id = 'd-4' WHERE id = 'd-5'",
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof *changes; i++) {
        json_t *entries = json_array();
        for (int j = 0; j < MANY; j++)
            json_array_append_new(entries, dossier_entry(person(j)));
        full_pass(&feed, entries);
        with_sql(changes[i]);
        feed_open(&feed);
        assert_false(feed.rebuilt);
        assert_false(read_all(feed.cache));
        assert_true(cache_take_changes(feed.cache) & CACHE_REBUILT);
    }
}

/* ── secrets ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void nothing_personal_lies_in_the_files(void **state)
{
    static const char *const secrets[] = {"Nguy",       "Đào",   "nguyen", "0771950", "950000", "Hoàng Giao",
                                          "0900000377", "M-d-1", "gửi bà", "commune", "07:30",  "person"};
    DIR *dir = opendir(feed.machine.path);
    size_t files = 0;

    cache_search_fill(feed.cache, &feed.machine.env.env, 1000);
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        if (strncmp(d->d_name, "cache.db", 8) != 0)
            continue;
        char *path = file(d->d_name);
        size_t len;
        char *bytes = read_file(path, &len);
        struct stat st;
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        for (size_t i = 0; i < sizeof(secrets) / sizeof *secrets; i++)
            if (memmem(bytes, len, secrets[i], strlen(secrets[i])))
                fail_at(HERE, "%s says %s", d->d_name, secrets[i]);
        files++;
        free(bytes);
        mem_free(&path);
    }
    closedir(dir);
    assert_int_equal(files, 3); /* and its WAL, and what goes with that */
}

/* Of a file that is there, or of one that is being made. */
static void opens_in_spite_of_read_errors(void)
{
    struct err e = {0};
    bool rebuilt = false;

    for (int reads = 0; !feed.cache; reads++) {
        flaky.reads = reads;
        if (!cache_open(feed.machine.dir, feed.machine.path, feed.machine.key, ME, &feed.cache, &rebuilt, &e))
            assert_int_equal(e.code, ERR_STORE);
        assert_false(rebuilt);
        assert_true(feed.cache || reads < 100);
        e = (struct err){0};
    }
    flaky.reads = -1;
}

static void a_read_error_says_nothing_of_the_file(void **state)
{
    feed_close(&feed);
    flaky_on();
    opens_in_spite_of_read_errors();
    assert_int_equal(cache_dossier_count(feed.cache), MANY);
    feed_close(&feed);
    assert_true(cache_wipe(feed.machine.dir, NULL));
    opens_in_spite_of_read_errors();
    is_new();
    feed_close(&feed);
    flaky_off();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_foreign_schema_is_set_aside),
        TEST(a_read_error_says_nothing_of_the_file),
        TEST(what_is_ours_is_not_set_aside),
        TEST(another_key_or_officer_counts_as_damage),
        TEST(a_link_in_its_place_is_not_followed),
        TEST(wiping_leaves_nothing),
        TEST(a_flipped_byte_is_noticed_or_harms_nothing),
        TEST(a_file_that_is_cut_is_set_aside),
        TEST(damage_of_an_open_file_is_found_on_reading),
        TEST(what_was_moved_or_rewritten_does_not_open),
        TEST(nothing_personal_lies_in_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
