/* Files that wait: sealed on the disk before they are called saved, read from anywhere, found damaged, gone when they are complete.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/files.h"
#include "cache/wipe.h"
#include "tests/unit/cache_room.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N    200000
#define MOST (20 * 1024 * 1024)

static unsigned char bytes[N];
static const char words[] = "%PDF-1.7 Nguyễn Thị Đào 077195004821";

static struct attach scan(const char *dossier)
{
    for (size_t i = 0; i < N; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 251);
    memcpy(bytes, words, sizeof words - 1);
    return (struct attach){.dossier = dossier,
                           .code = "000.25.33.H06-221228-0041",
                           .applicant = "Nguyễn Thị Đào",
                           .name = "to-khai.pdf",
                           .paper = "p1",
                           .bytes = bytes,
                           .n = N,
                           .most = MOST,
                           .acted_at = T0};
}

static void attach(const char *dossier, char key[static UUID_TEXT])
{
    struct attach a = scan(dossier);

    assert_ok(file_attach(o, &a, key, &e), &e);
}

static struct waiting_file only(void)
{
    struct waiting_file *files;
    size_t n;

    assert_ok(files_waiting(o, NULL, &arena, &files, &n, &e), &e);
    assert_int_equal(n, 1);
    return files[0];
}

static size_t count_of(const char *dossier)
{
    struct waiting_file *files;
    size_t n;

    assert_ok(files_waiting(o, dossier, &arena, &files, &n, &e), &e);
    return n;
}

static char *path_of(const char *key)
{
    return arena_format(&arena, "files/%s", key);
}

static bool lies_here(const char *key)
{
    return faccessat(m.dir, path_of(key), F_OK, 0) == 0;
}

static void announced(const char *key, const char *id)
{
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_ok(outbox_done(o, key, "4", id, T0, &e), &e);
}

static void is_read_as_it_was(const char *key)
{
    static const struct {
        int64_t at;
        size_t n;
    } parts[] = {{0, N}, {65536, 65536}, {65535, 2}, {N - 1, 1}, {100, 70000}};
    struct file_reader *r = NULL;

    assert_ok(file_open(o, key, &r, &e), &e);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct buf out = {0};
        assert_ok(file_read_at(r, parts[i].at, parts[i].n, &out, &e), &e);
        assert_int_equal(out.len, parts[i].n);
        assert_memory_equal(out.data, bytes + parts[i].at, out.len);
        buf_clear(&out);
    }
    file_close(&r);
}

static void it_waits_sealed_and_is_read_from_anywhere(void **state)
{
    char key[UUID_TEXT], on_disk[4096];
    struct stat st;

    attach("d-1", key);
    assert_int_equal(fstatat(m.dir, path_of(key), &st, 0), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(fstatat(m.dir, "files", &st, 0), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    int fd = openat(m.dir, path_of(key), O_RDONLY);
    assert_int_equal(read(fd, on_disk, sizeof on_disk), sizeof on_disk);
    close(fd);
    assert_null(memmem(on_disk, sizeof on_disk, "Nguy", 4));
    assert_null(memmem(on_disk, sizeof on_disk, "%PDF", 4));
    is_read_as_it_was(key);
    outbox_close(&o);
    o = machine_outbox(&m);
    is_read_as_it_was(key);
}

static void the_wish_says_what_it_is(void **state)
{
    char key[UUID_TEXT];
    struct command c;

    attach("d-1", key);
    struct waiting_file f = only();
    assert_string_equal(f.key, key);
    assert_string_equal(f.dossier, "d-1");
    assert_string_equal(f.applicant, "Nguyễn Thị Đào");
    assert_string_equal(f.about.media_type, "application/pdf");
    assert_int_equal(f.about.size, N);
    assert_int_equal(f.state, FILE_WAITS);
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    assert_string_equal(c.path, "/dossiers/d-1/attachments");
    assert_int_equal(c.state, COMMAND_DUE);
    assert_non_null(strstr(c.body, "\"paper\":\"p1\""));
    assert_non_null(strstr(c.body, f.about.sha256));
}

static void only_pictures_and_pdfs_by_what_they_are(void **state)
{
    struct attach a = scan("d-1");
    char key[UUID_TEXT];

    bytes[0] = 'M';
    assert_err(file_attach(o, &a, key, &e), &e, ERR_INPUT);
    memcpy(bytes, "\xff\xd8\xff\xe0", 4);
    assert_ok(file_attach(o, &a, key, &e), &e);
    assert_string_equal(only().about.media_type, "image/jpeg");
    a.most = N - 1;
    assert_err(file_attach(o, &a, key, &e), &e, ERR_INPUT);
    a.n = 0;
    assert_err(file_attach(o, &a, key, &e), &e, ERR_INPUT);
    assert_int_equal(count_of(NULL), 1);
}

static void announced_it_goes_and_complete_it_is_gone(void **state)
{
    char key[UUID_TEXT];

    attach("d-1", key);
    assert_null(only().attachment);
    announced(key, "tep-1");
    assert_string_equal(only().attachment, "tep-1");
    assert_ok(file_sent(o, key, 65536, &e), &e);
    assert_int_equal(only().state, FILE_SENDING);
    assert_int_equal(only().sent, 65536);
    assert_ok(file_complete(o, key, 5, &e), &e);
    assert_int_equal(count_of(NULL), 0);
    assert_false(lies_here(key));
}

static void before_the_dossier_has_an_id_it_waits_for_it(void **state)
{
    char create[1][UUID_TEXT], key[UUID_TEXT];
    struct command c;
    struct wish w = {
        .method = "POST", .path = "/dossiers", .action = "create", .body = "{}", .body_len = 2, .acted_at = T0};

    assert_ok(outbox_enqueue(o, &w, 1, create, &e), &e);
    attach(create[0], key);
    assert_int_equal(only().state, FILE_LOCAL);
    assert_int_equal(count_of(create[0]), 1);
    assert_ok(outbox_sending(o, create[0], &e), &e);
    assert_ok(outbox_done(o, create[0], "\"1\"", "/api/v1/dossiers/hs-7", T0, &e), &e);
    assert_int_equal(only().state, FILE_WAITS);
    assert_string_equal(only().dossier, "hs-7");
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    assert_string_equal(c.path, "/dossiers/hs-7/attachments");
    assert_string_equal(c.target, "hs-7");
}

static void what_was_done_on_the_version_before_goes_out_with_the_next(void **state)
{
    char key[UUID_TEXT], on_it[UUID_TEXT], older[UUID_TEXT], elsewhere[UUID_TEXT];
    struct command c;
    struct wish w = wish_on("d-1");

    attach("d-1", key);
    announced(key, "tep-1"); /* that made version 4 */
    w.if_match = "4";
    enqueue(o, &w, on_it);
    w.if_match = "3";
    enqueue(o, &w, older);
    w.target = "d-2";
    w.if_match = "4";
    enqueue(o, &w, elsewhere);
    assert_ok(file_complete(o, key, 5, &e), &e);
    assert_ok(outbox_get(o, on_it, &arena, &c, &e), &e);
    assert_string_equal(c.if_match, "5");
    assert_ok(outbox_get(o, older, &arena, &c, &e), &e);
    assert_string_equal(c.if_match, "3");
    assert_ok(outbox_get(o, elsewhere, &arena, &c, &e), &e);
    assert_string_equal(c.if_match, "4");
}

static void lost_at_the_server_it_is_announced_again_with_another_key(void **state)
{
    char key[UUID_TEXT];

    attach("d-1", key);
    announced(key, "tep-1");
    assert_ok(file_again(o, key, T0, &e), &e);
    struct waiting_file f = only();
    assert_string_not_equal(f.key, key);
    assert_null(f.attachment);
    assert_int_equal(f.again, 1);
    assert_false(lies_here(key));
    is_read_as_it_was(f.key);
}

static void a_damaged_one_is_not_sent(void **state)
{
    char key[UUID_TEXT], byte;
    struct file_reader *r = NULL;
    struct buf out = {0};

    attach("d-1", key);
    int fd = openat(m.dir, path_of(key), O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, 100000), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, 100000), 1);
    assert_ok(file_open(o, key, &r, &e), &e);
    assert_ok(file_read_at(r, 0, 1000, &out, &e), &e); /* its own message is whole */
    assert_err(file_read_at(r, 90000, 20000, &out, &e), &e, ERR_STORE);
    file_close(&r);
    assert_int_equal(ftruncate(fd, 90000), 0);
    close(fd);
    assert_ok(file_open(o, key, &r, &e), &e);
    buf_clear(&out);
    assert_err(file_read_at(r, 0, N, &out, &e), &e, ERR_STORE);
    file_close(&r);
    buf_clear(&out);
}

static void given_up_before_it_left_its_wish_goes_too(void **state)
{
    char key[UUID_TEXT];

    attach("d-1", key);
    assert_ok(file_give_up(o, key, T0, &e), &e);
    assert_int_equal(state_of(o, key), COMMAND_DROPPED);
    assert_false(lies_here(key));
    assert_int_equal(count_of(NULL), 0);
}

static void given_up_after_it_was_announced_it_is_taken_away_there(void **state)
{
    char key[UUID_TEXT];
    struct command *rows;
    size_t n;

    attach("d-1", key);
    announced(key, "tep-1");
    assert_ok(file_give_up(o, key, T0, &e), &e);
    assert_ok(outbox_list(o, 0, &arena, &rows, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].method, "DELETE");
    assert_string_equal(rows[0].path, "/attachments/tep-1");
}

static void while_nobody_knows_whether_it_was_announced_it_stays(void **state)
{
    char key[UUID_TEXT];
    bool taken;

    attach("d-1", key);
    assert_ok(outbox_sending(o, key, &e), &e);
    assert_ok(outbox_no_answer(o, key, true, 0, NULL, &taken, &e), &e);
    assert_err(file_give_up(o, key, T0, &e), &e, ERR_CONFLICT);
    assert_true(lies_here(key));
}

static void what_no_row_knows_goes_after_an_hour(void **state)
{
    char key[UUID_TEXT];

    attach("d-1", key);
    int fd = openat(m.dir, "files/left-by-a-kill", O_CREAT | O_WRONLY, 0600);
    close(fd);
    struct stat st;
    fstatat(m.dir, "files/left-by-a-kill", &st, 0);
    files_tidy(o, st.st_mtime + 3600);
    assert_true(lies_here("left-by-a-kill"));
    files_tidy(o, st.st_mtime + 3601);
    assert_false(lies_here("left-by-a-kill"));
    assert_true(lies_here(key));
}

static void where_nothing_can_be_written_neither_file_nor_wish_is_kept(void **state)
{
    struct attach a = scan("d-1");
    char key[UUID_TEXT];

    assert_int_equal(mkdirat(m.dir, "files", 0500), 0);
    if (geteuid() == 0) /* root may write everywhere: a file stands in the directory's place */
        assert_int_equal(unlinkat(m.dir, "files", AT_REMOVEDIR), 0);
    int fd = geteuid() == 0 ? openat(m.dir, "files", O_CREAT | O_WRONLY, 0600) : -1;
    if (fd >= 0)
        close(fd);
    assert_err(file_attach(o, &a, key, &e), &e, ERR_STORE);
    assert_int_equal(count_of(NULL), 0);
}

static void a_new_key_opens_what_waited(void **state)
{
    char key[UUID_TEXT];
    struct machine other;

    attach("d-1", key);
    machine_new(&other); /* for its key */
    assert_ok(outbox_reseal(o, other.key, &e), &e);
    outbox_close(&o);
    struct seal_key *old = m.key;
    m.key = other.key;
    unlinkat(m.dir, "journal", 0); /* key_set_pin seals it again; here there is none */
    o = machine_outbox(&m);
    is_read_as_it_was(key);
    outbox_close(&o);
    m.key = old;
    machine_free(&other);
    unlinkat(m.dir, "outbox.db", 0);
    unlinkat(m.dir, "journal", 0);
    o = machine_outbox(&m);
}

static void wipe_leaves_what_was_not_sent(void **state)
{
    char key[UUID_TEXT];
    struct wiped w;

    attach("d-1", key);
    outbox_close(&o);
    assert_ok(wipe_officer(m.dir, m.path, &arena, &w, &e), &e);
    assert_true(lies_here(key));
    assert_true(w.clean);
    o = machine_outbox(&m);
    is_read_as_it_was(key);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, room_enter, room_leave)
    const struct CMUnitTest tests[] = {
        CASE(it_waits_sealed_and_is_read_from_anywhere),
        CASE(the_wish_says_what_it_is),
        CASE(only_pictures_and_pdfs_by_what_they_are),
        CASE(announced_it_goes_and_complete_it_is_gone),
        CASE(before_the_dossier_has_an_id_it_waits_for_it),
        CASE(what_was_done_on_the_version_before_goes_out_with_the_next),
        CASE(lost_at_the_server_it_is_announced_again_with_another_key),
        CASE(a_damaged_one_is_not_sent),
        CASE(given_up_before_it_left_its_wish_goes_too),
        CASE(given_up_after_it_was_announced_it_is_taken_away_there),
        CASE(while_nobody_knows_whether_it_was_announced_it_stays),
        CASE(what_no_row_knows_goes_after_an_hour),
        CASE(where_nothing_can_be_written_neither_file_nor_wish_is_kept),
        CASE(a_new_key_opens_what_waited),
        CASE(wipe_leaves_what_was_not_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
