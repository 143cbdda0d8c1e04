/* What is sealed opens at its own place only, and the data key is made once and guarded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_machine.h"

#include "cache/state.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct machine m;

static int set_up(void **state)
{
    machine_new(&m);
    return 0;
}

static int tear_down(void **state)
{
    machine_free(&m);
    return 0;
}

#define NAME "Nguyễn Thị Đào"

static struct buf sealed_name(void)
{
    struct buf sealed = {0};
    seal_close(m.key, "dossier", "d-1", 7, NAME, strlen(NAME), &sealed);
    return sealed;
}

static bool opens(const struct seal_key *key, const char *table, const char *id, int64_t version,
                  const struct buf *sealed)
{
    struct buf plain = {0};
    bool ok = seal_open(key, table, id, version, sealed->data, sealed->len, &plain);
    if (ok) {
        assert_int_equal(plain.len, strlen(NAME));
        assert_string_equal(plain.data, NAME);
    } else {
        assert_int_equal(plain.len, 0);
    }
    buf_clear(&plain);
    return ok;
}

static void what_is_sealed_opens_again(void **state)
{
    struct buf sealed = sealed_name();
    assert_int_equal(sealed.len, 24 + strlen(NAME) + 16);
    assert_true(opens(m.key, "dossier", "d-1", 7, &sealed));
    buf_clear(&sealed);
}

static void it_shows_nothing_and_never_the_same_twice(void **state)
{
    struct buf a = sealed_name(), b = sealed_name();
    assert_null(memmem(a.data, a.len, "Nguy", 4));
    assert_int_equal(a.len, b.len);
    assert_memory_not_equal(a.data, b.data, a.len);
    buf_clear(&a);
    buf_clear(&b);
}

static void it_opens_nowhere_else(void **state)
{
    struct buf sealed = sealed_name();
    assert_false(opens(m.key, "doc", "d-1", 7, &sealed));
    assert_false(opens(m.key, "dossier", "d-2", 7, &sealed));
    assert_false(opens(m.key, "dossier", "d-1", 6, &sealed));
    assert_false(opens(m.key, "dossier", "d-1", 7 + (1LL << 32), &sealed));
    /* The same letters, cut elsewhere. */
    assert_false(opens(m.key, "dossierd", "-1", 7, &sealed));
    buf_clear(&sealed);
}

static void any_changed_byte_is_noticed(void **state)
{
    struct buf sealed = sealed_name();
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.data[i] ^= 0x10;
        assert_false(opens(m.key, "dossier", "d-1", 7, &sealed));
        sealed.data[i] ^= 0x10;
    }
    assert_true(opens(m.key, "dossier", "d-1", 7, &sealed));
    buf_clear(&sealed);
}

static void what_is_too_short_does_not_open(void **state)
{
    struct buf sealed = sealed_name(), plain = {0};
    for (size_t n = 0; n < sealed.len; n++)
        assert_false(seal_open(m.key, "dossier", "d-1", 7, sealed.data, n, &plain));
    assert_false(seal_open(m.key, "dossier", "d-1", 7, NULL, 0, &plain));
    buf_clear(&plain);
    buf_clear(&sealed);
}

static void both_append(void **state)
{
    struct buf out = {0}, back = {0};
    buf_text(&out, "abc");
    buf_text(&back, "before ");
    seal_close(m.key, "t", "i", 0, NAME, strlen(NAME), &out);
    assert_memory_equal(out.data, "abc", 3);
    assert_true(seal_open(m.key, "t", "i", 0, out.data + 3, out.len - 3, &back));
    assert_string_equal(back.data, "before " NAME);
    buf_clear(&out);
    buf_clear(&back);
}

static void nothing_can_be_sealed_too(void **state)
{
    struct buf sealed = {0}, plain = {0};
    seal_close(m.key, "t", "i", 0, "", 0, &sealed);
    assert_true(seal_open(m.key, "t", "i", 0, sealed.data, sealed.len, &plain));
    assert_int_equal(plain.len, 0);
    buf_clear(&sealed);
    buf_clear(&plain);
}

/* ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_key_is_the_same_next_time(void **state)
{
    struct err e = {0};
    struct seal_key *again = NULL;
    struct buf sealed = sealed_name();
    assert_ok(seal_key_load(m.dir, &again, &e), &e);
    assert_true(opens(again, "dossier", "d-1", 7, &sealed));
    seal_key_free(&again);
    assert_null(again);
    buf_clear(&sealed);
}

static void the_file_is_the_officers_alone_and_leaves_nothing_beside_it(void **state)
{
    struct stat st;
    assert_int_equal(fstatat(m.dir, "key", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_nlink, 1);
    assert_int_equal(st.st_size, 10 + 2 + 3 + 32);
}

static void another_key_opens_nothing(void **state)
{
    struct err e = {0};
    struct seal_key *other = NULL;
    struct buf sealed = sealed_name();
    assert_int_equal(unlinkat(m.dir, "key", 0), 0);
    assert_ok(seal_key_load(m.dir, &other, &e), &e);
    assert_false(opens(other, "dossier", "d-1", 7, &sealed));
    seal_key_free(&other);
    buf_clear(&sealed);
}

static void write_key(const void *bytes, size_t n)
{
    int fd = openat(m.dir, "key", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static void refused(enum err_code code)
{
    struct err e = {0};
    struct seal_key *key = NULL;
    assert_err(seal_key_load(m.dir, &key, &e), &e, code);
    assert_null(key);
}

static void a_damaged_key_is_refused_and_left(void **state)
{
    char whole[64];
    int fd = openat(m.dir, "key", O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, whole, sizeof(whole));
    close(fd);
    assert_int_equal(n, 47);
    for (ssize_t cut = 0; cut < n; cut++) {
        write_key(whole, (size_t)cut);
        refused(ERR_STORE);
        struct stat st;
        assert_int_equal(fstatat(m.dir, "key", &st, 0), 0);
        assert_int_equal(st.st_size, cut);
    }
    write_key("no key of ours, but as long as one is, 47 bytes", 47);
    refused(ERR_STORE);
    write_key(whole, 47);
    struct err e = {0};
    struct seal_key *key = NULL;
    assert_ok(seal_key_load(m.dir, &key, &e), &e);
    seal_key_free(&key);
}

static void a_key_under_a_pin_asks_for_a_newer_motcua(void **state)
{
    write_key("motcua-key\1\1\1\4\0abcd", 19);
    refused(ERR_AUTH);
    /* Other kinds of slots that we do not know are passed over on the way to ours. */
    char file[10 + 2 + 3 + 2 + 3 + 32] = "motcua-key\1\2\x63\2\0zz\0\x20\0";
    memset(file + 20, 7, 32);
    write_key(file, sizeof(file));
    struct err e = {0};
    struct seal_key *key = NULL;
    assert_ok(seal_key_load(m.dir, &key, &e), &e);
    seal_key_free(&key);
}

static void a_key_of_another_format_asks_for_a_newer_motcua(void **state)
{
    write_key("motcua-key\2\1\0\4\0abcd", 19);
    refused(ERR_AUTH);
}

static void a_key_that_others_can_read_is_refused(void **state)
{
    assert_int_equal(fchmodat(m.dir, "key", 0640, 0), 0);
    refused(ERR_STORE);
    assert_int_equal(fchmodat(m.dir, "key", 0604, 0), 0);
    refused(ERR_STORE);
}

static void a_key_of_somebody_else_is_refused(void **state)
{
    if (geteuid() != 0)
        skip();
    assert_int_equal(fchownat(m.dir, "key", 12345, -1, 0), 0);
    refused(ERR_STORE);
}

static void a_link_or_pipe_in_its_place_is_refused(void **state)
{
    assert_int_equal(renameat(m.dir, "key", m.dir, "elsewhere"), 0);
    assert_int_equal(symlinkat("elsewhere", m.dir, "key"), 0);
    refused(ERR_STORE);
    assert_int_equal(unlinkat(m.dir, "key", 0), 0);
    assert_int_equal(mkfifoat(m.dir, "key", 0600), 0);
    refused(ERR_STORE);
}

/* Many processes start on an empty directory at once, and seal: all have to have the same key. */
static void those_who_start_at_once_agree(void **state)
{
    enum { N = 12 };
    int go[2], results[2];
    assert_int_equal(unlinkat(m.dir, "key", 0), 0);
    assert_int_equal(pipe2(go, O_CLOEXEC), 0);
    assert_int_equal(pipe2(results, O_CLOEXEC), 0);
    for (int i = 0; i < N; i++) {
        if (fork() != 0)
            continue;
        char byte;
        struct seal_key *key = NULL;
        struct buf sealed = {0};
        close(go[1]);
        bool ok = read(go[0], &byte, 1) == 0 && seal_key_load(m.dir, &key, NULL);
        if (ok)
            seal_close(key, "dossier", "d-1", 7, NAME, strlen(NAME), &sealed);
        _exit(ok && write(results[1], sealed.data, sealed.len) == (ssize_t)sealed.len ? 0 : 1);
    }
    close(go[1]); /* all begin */
    for (int i = 0; i < N; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    struct err e = {0};
    struct seal_key *key = NULL;
    assert_ok(seal_key_load(m.dir, &key, &e), &e);
    char one[24 + sizeof(NAME) - 1 + 16];
    for (int i = 0; i < N; i++) {
        assert_int_equal(read(results[0], one, sizeof(one)), sizeof(one));
        assert_true(opens(key, "dossier", "d-1", 7, &(struct buf){.data = one, .len = sizeof(one)}));
    }
    seal_key_free(&key);
    close(go[0]);
    close(results[0]);
    close(results[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_sealed_opens_again),
        TEST(it_shows_nothing_and_never_the_same_twice),
        TEST(it_opens_nowhere_else),
        TEST(any_changed_byte_is_noticed),
        TEST(what_is_too_short_does_not_open),
        TEST(both_append),
        TEST(nothing_can_be_sealed_too),
        TEST(the_key_is_the_same_next_time),
        TEST(the_file_is_the_officers_alone_and_leaves_nothing_beside_it),
        TEST(another_key_opens_nothing),
        TEST(a_damaged_key_is_refused_and_left),
        TEST(a_key_under_a_pin_asks_for_a_newer_motcua),
        TEST(a_key_of_another_format_asks_for_a_newer_motcua),
        TEST(a_key_that_others_can_read_is_refused),
        TEST(a_key_of_somebody_else_is_refused),
        TEST(a_link_or_pipe_in_its_place_is_refused),
        TEST(those_who_start_at_once_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
