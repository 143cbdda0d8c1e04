/* The command line in a bad world: servers that are none, certificates, directories that are not ours, a full disk. Each time one
 * sentence, a documented exit code, and nothing lost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/impostor.h"
#include "tests/unit/cli_office.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* ── servers that are none ───────────────────────────────────────────────────────────────────────────────────────── */

static void what_is_no_central_ends_with_1_or_3_and_a_sentence(void **state)
{
    static const struct {
        int http;
        const char *type, *body;
        int status; /* 0: 1 or 3 */
        const char *words;
    } cases[] = {
        {200, "text/html", "<!doctype html><title>Portal</title><p>Đăng nhập Wi-Fi", 0,
         "không phải máy chủ một cửa"},
        {200, "application/json", "{\"name\":", 0, NULL},
        {200, "application/json", "[]", 0, NULL},
        {200, "application/json", IMPOSTOR_ABOUT("2.0", "%s"), 1, "2.0"},
        {200, "application/json", IMPOSTOR_ABOUT("1.0", "http://127.0.0.1:1"), 0, NULL},
        {200, "application/json", IMPOSTOR_ABOUT("1.0", "https://elsewhere.example"), 0, NULL},
        {404, "text/html", "<p>nothing", 0, NULL},
        {500, "text/html", "<p>down", 0, NULL},
        {302, "text/html", "", 0, NULL},
        {200, "application/json", "\xff\xfe\x00", 0, NULL},
    };
    char *home = home_new();
    struct run run = {0};
    bool lasts = true;

    (void)state;
    for (size_t i = 0; lasts && i < sizeof cases / sizeof *cases; i++) {
        struct impostor im = {.status = cases[i].http, .type = cases[i].type, .body = cases[i].body};
        impostor_start(&im);
        run_program(&run, ARGS("motcua", "login", "--server", im.base), NULL, home, NULL);
        lasts = !(run.status == 1 && strstr(run.err, "kho khóa"));
        bool good = cases[i].status ? run.status == cases[i].status : run.status == 1 || run.status == 3;
        if (lasts &&
            (!good || lines(run.err) != 1 || *run.out || (cases[i].words && !strstr(run.err, cases[i].words))))
            fail_at(HERE, "case %zu: %d\n%s%s", i, run.status, run.out, run.err);
        run_clear(&run);
        impostor_stop(&im);
    }
    home_free(&home);
    if (!lasts)
        skip();
}

static void nobody_there_ends_with_3(void **state)
{
    char *home = home_new();
    struct run run = {0};

    (void)state;
    run_program(&run, ARGS("motcua", "login", "--server", "http://127.0.0.1:9", "--json"), NULL, home, NULL);
    if (run.status == 1 && strstr(run.err, "urn:motcua:problem:store")) {
        run_clear(&run);
        home_free(&home);
        skip();
    }
    assert_int_equal(run.status, 3);
    expect_in(run.err, "\"title\"");
    assert_string_equal(run.out, "");
    run_clear(&run);
    home_free(&home);
}

/* Cut off from the real one, reading goes on and a wish waits; the real one gets it once. */
static void behind_an_impostor_nothing_is_lost(void **state)
{
    static const struct {
        int status;
        const char *type, *body, *words;
    } cases[] = {
        {200, "text/html", "<!doctype html><title>Portal</title>", "không phải máy chủ một cửa"},
        {200, "application/json", "{\"id\":", NULL},
        {200, "application/json", IMPOSTOR_ABOUT("2.0", "%s"), "2.0"},
        {503, "text/plain", "", NULL},
    };
    char *files = home_new(), *database = text_new("%s/central.db", files);
    struct office o;

    (void)state;
    office_open(&o, ARGS("--dossiers", "500", "--db", database));
    bool lasts = office_sign_in(&o, "mai");
    for (size_t i = 0; lasts && i < sizeof cases / sizeof *cases; i++) {
        struct impostor im = {
            .port = o.server->port, .status = cases[i].status, .type = cases[i].type, .body = cases[i].body};
        office_expect(&o, 0, "sync", "--once");
        char *id = office_dossier(&o, "to_receive");
        server_stop(o.server);
        impostor_start(&im);
        office_expect(&o, 0, "act", id, "receive");
        expect_in(o.run.out, "hưa"); /* not sent, or not known: never "sent" */
        assert_null(strstr(o.run.out, "đã ghi nhận lúc"));
        int status = office_run(&o, "sync", "--once");
        if ((status != 1 && status != 3) || lines(o.run.err) != 1 ||
            (cases[i].words && !strstr(o.run.err, cases[i].words)))
            fail_at(HERE, "case %zu: sync ended with %d\n%s", i, status, o.run.err);
        office_expect(&o, 0, "show", id);
        expect_in(o.run.out, "Mới đăng ký");
        impostor_stop(&im);
        server_restart(o.server);
        office_expect(&o, 0, "sync", "--once");
        office_expect(&o, 0, "outbox", "--json");
        assert_string_equal(o.run.out, "[]\n");
        json_t *dossier = office_at_server(&o, "mai", id);
        assert_string_equal(json_string_value(json_object_get(dossier, "status")), "received");
        json_decref(dossier);
        free(id);
    }
    office_close(&o);
    free(database);
    home_free(&files);
    if (!lasts)
        skip();
}

/* ── certificates ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_certificate_that_nobody_vouches_for_is_refused(void **state)
{
    char *home = home_new(), *key = text_new("%s/key.pem", home), *cert = text_new("%s/cert.pem", home);
    struct run run = {0};

    (void)state;
    run_program(&run,
                ARGS("/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-subj",
                     "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"),
                NULL, home, NULL);
    assert_int_equal(run.status, 0);
    run_clear(&run);
    struct office o;
    office_open(&o, ARGS("--dossiers", "10", "--tls-cert", cert, "--tls-key", key, "--auto-approve", "mai"));
    char *url = text_new("https://localhost:%d", o.server->port), *config = text_new("%s/config/motcua", home);
    run_program(&run, ARGS("motcua", "login", "--server", url), NULL, home, NULL);
    bool lasts = !strstr(run.err, "kho khóa");
    if (lasts) {
        assert_int_equal(run.status, 1);
        expect_in(run.err, "localhost");
        assert_int_equal(lines(run.err), 1);
        run_clear(&run);
        /* The same one, vouched for by the configuration. */
        mkdir(config, 0700);
        char *path = text_new("%s/config", config);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "ca = %s\nserver = %s\n", cert, url);
        fclose(file);
        free(path);
        run_program(&run, ARGS("motcua", "login"), NULL, home, NULL);
        if (run.status != 0)
            fail_at(HERE, "%d %s", run.status, run.err);
    }
    run_clear(&run);
    office_close(&o);
    free(url);
    free(config);
    free(key);
    free(cert);
    home_free(&home);
    if (!lasts)
        skip();
}

/* ── the disk ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_state_directory_of_somebody_else_is_not_used(void **state)
{
    struct office o;

    (void)state;
    if (geteuid() != 0)
        skip();
    office_open(&o, ARGS("--dossiers", "10"));
    if (!office_sign_in(&o, "mai")) {
        office_close(&o);
        skip();
    }
    office_expect(&o, 0, "sync", "--once");
    char *base = text_new("%s/state/motcua", o.home);
    assert_int_equal(chown(base, 12345, 12345), 0);
    office_expect(&o, 1, "list");
    expect_in(o.run.err, "không thuộc tài khoản này");
    assert_int_equal(lines(o.run.err), 1);
    assert_int_equal(chown(base, 0, 0), 0);
    office_expect(&o, 0, "list");
    /* The session ends even so. */
    assert_int_equal(chown(base, 12345, 12345), 0);
    office_expect(&o, 1, "logout");
    expect_in(o.run.err, "Đã đăng xuất, nhưng");
    assert_int_equal(chown(base, 0, 0), 0);
    office_expect(&o, 4, "list");
    free(base);
    office_close(&o);
}

/* In a mount namespace of our own, so that nothing stays mounted however this ends. */
static bool mount_disk(const char *disk, const char *options)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", disk, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

/* Writes until nothing goes in any more. */
static void fill(const char *path)
{
    static const char block[4096];
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    assert_true(fd >= 0);
    for (size_t size = sizeof block; size > 0; size /= 2)
        while (write(fd, block, size) == (ssize_t)size)
            continue;
    close(fd);
}

static void on_a_full_disk(struct office *o, const char *filler)
{
    office_expect(o, 0, "sync", "--once");
    char *id = office_dossier(o, "to_receive");
    fill(filler);
    /* What was not committed is not said to be. */
    office_expect(o, 1, "act", id, "receive", "--json");
    char *title = office_problem(o);
    expect_in(title, "đầy");
    free(title);
    assert_string_equal(o->run.out, "");
    const char *const reads[][2] = {{"queues"}, {"list"}, {"show", id}, {"outbox"}};
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        office_run(o, reads[i][0], reads[i][1]);
        if (!(o->run.status == 0 || (o->run.status == 1 && lines(o->run.err) == 1)))
            fail_at(HERE, "%s: %d\n%s", reads[i][0], o->run.status, o->run.err);
    }
    unlink(filler);
    office_expect(o, 0, "outbox", "--json");
    assert_string_equal(o->run.out, "[]\n");
    office_expect(o, 0, "act", id, "receive");
    free(id);
}

static void a_full_disk_is_said_and_loses_nothing(void **state)
{
    struct office o;

    (void)state;
    office_open(&o, ARGS("--dossiers", "100"));
    char *disk = text_new("%s/state", o.home), *filler = text_new("%s/filler", disk);
    bool possible = mount_disk(disk, "size=3m,mode=0700") && office_sign_in(&o, "mai");
    if (possible)
        on_a_full_disk(&o, filler);
    umount2(disk, MNT_DETACH);
    free(disk);
    free(filler);
    office_close(&o);
    if (!possible)
        skip();
}

/* From a few pages up to where the first page of the feed finds no room. */
static void a_disk_that_is_too_small_is_said_and_all_is_fetched_later(void **state)
{
    static const char *const sizes[] = {"size=20k,mode=0700", "size=200k,mode=0700"};
    bool possible = true;

    (void)state;
    for (size_t i = 0; possible && i < sizeof sizes / sizeof *sizes; i++) {
        struct office o;
        office_open(&o, ARGS("--dossiers", "1000"));
        char *disk = text_new("%s/state", o.home);
        possible = mount_disk(disk, sizes[i]) && office_sign_in(&o, "mai");
        if (possible) {
            office_expect(&o, 1, "sync", "--once");
            expect_in(o.run.err, "Ổ đĩa đầy");
            assert_int_equal(lines(o.run.err), 1);
            assert_int_equal(mount("none", disk, NULL, MS_REMOUNT, "size=64m"), 0);
            office_expect(&o, 0, "sync", "--once");
            office_expect(&o, 0, "list", "--limit", "1");
            assert_int_equal(lines(o.run.out), 1);
        }
        umount2(disk, MNT_DETACH);
        free(disk);
        office_close(&o);
    }
    if (!possible)
        skip();
}

static void on_a_disk_for_reading_alone(struct office *o, const char *disk)
{
    office_expect(o, 0, "sync", "--once");
    char *id = office_dossier(o, "to_receive");
    assert_int_equal(mount("none", disk, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
    office_expect(o, 1, "act", id, "receive", "--json");
    char *title = office_problem(o);
    expect_in(title, "Báo bộ phận công nghệ thông tin.");
    free(title);
    const char *const others[][2] = {{"queues"}, {"list"}, {"show", id}, {"outbox"}, {"sync", "--once"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        office_run(o, others[i][0], others[i][1]);
        if (!(o->run.status == 0 || (o->run.status == 1 && lines(o->run.err) == 1)))
            fail_at(HERE, "%s: %d\n%s", others[i][0], o->run.status, o->run.err);
    }
    assert_int_equal(mount("none", disk, NULL, MS_REMOUNT, "size=3m"), 0);
    office_expect(o, 0, "outbox", "--json");
    assert_string_equal(o->run.out, "[]\n");
    office_expect(o, 0, "act", id, "receive");
    free(id);
}

static void a_disk_that_may_not_be_written_is_said(void **state)
{
    struct office o;

    (void)state;
    office_open(&o, ARGS("--dossiers", "100"));
    char *disk = text_new("%s/state", o.home);
    bool possible = mount_disk(disk, "size=3m,mode=0700") && office_sign_in(&o, "mai");
    if (possible)
        on_a_disk_for_reading_alone(&o, disk);
    umount2(disk, MNT_DETACH);
    free(disk);
    office_close(&o);
    if (!possible)
        skip();
}

static void a_result_that_cannot_be_written_is_an_error(void **state)
{
    char *home = home_new();
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    const char *const argv[] = {"motcua", "--help", NULL};

    (void)state;
    assert_true(full >= 0);
    pid_t pid = child_start(&(struct child){.argv = argv, .home = home, .out = full, .err = full});
    assert_int_equal(child_wait(pid, harness_deadline()), 1);
    close(full);
    home_free(&home);
}

static void a_damaged_cache_is_rebuilt_and_a_damaged_outbox_set_aside(void **state)
{
    static const char junk[] =
        "this is no database, and it is longer than a header of one would be, so that it is read as such.";
    struct office o;

    (void)state;
    office_open(&o, ARGS("--dossiers", "50"));
    if (!office_sign_in(&o, "mai")) {
        office_close(&o);
        skip();
    }
    office_expect(&o, 0, "sync", "--once");
    static const char *const names[] = {"cache.db", "outbox.db"};
    for (size_t i = 0; i < 2; i++) {
        char *find = text_new("f=$(find %s/state -name %s) && printf '%s%s%s' > $f && rm -f $f-wal $f-shm",
                              o.home, names[i], junk, junk, junk);
        run_clear(&o.run);
        run_program(&o.run, ARGS("/bin/sh", "-c", find), NULL, NULL, NULL);
        assert_int_equal(o.run.status, 0);
        free(find);
        office_expect(&o, 0, "sync", "--once");
        office_expect(&o, 0, "list", "--limit", "1", "--json");
        json_t *list = office_json(&o);
        assert_int_equal(json_array_size(list), 1);
        json_decref(list);
    }
    run_clear(&o.run);
    char *find = text_new("find %s/state -name outbox.db.bad", o.home);
    run_program(&o.run, ARGS("/bin/sh", "-c", find), NULL, NULL, NULL);
    expect_in(o.run.out, "outbox.db.bad");
    free(find);
    office_close(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_central_ends_with_1_or_3_and_a_sentence),
        cmocka_unit_test(nobody_there_ends_with_3),
        cmocka_unit_test(behind_an_impostor_nothing_is_lost),
        cmocka_unit_test(a_certificate_that_nobody_vouches_for_is_refused),
        cmocka_unit_test(a_state_directory_of_somebody_else_is_not_used),
        cmocka_unit_test(a_full_disk_is_said_and_loses_nothing),
        cmocka_unit_test(a_disk_that_is_too_small_is_said_and_all_is_fetched_later),
        cmocka_unit_test(a_disk_that_may_not_be_written_is_said),
        cmocka_unit_test(a_result_that_cannot_be_written_is_an_error),
        cmocka_unit_test(a_damaged_cache_is_rebuilt_and_a_damaged_outbox_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
