/* Where an officer's files lie, who may not lie in wait there, and who holds the lease.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "cache/state.h"
#include "core/mem.h"
#include "tests/unit/cache_machine.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVER  "mc-demo.local-8443-0a1b2c3d"
#define OFFICER "of-mai"

static char *home, *base;

static int set_up(void **state)
{
    home = home_new();
    base = mem_format("%s/state/motcua", home);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(&base);
    home_free(&home);
    return 0;
}

static void opens_at(const char *where, const char *expected)
{
    struct err e = {0};
    char *path = NULL;
    int dir = -1;
    assert_ok(state_open(where, SERVER, OFFICER, &dir, &path, &e), &e);
    assert_string_equal(path, expected);
    struct stat by_name, by_dir;
    assert_int_equal(stat(path, &by_name), 0);
    assert_int_equal(fstat(dir, &by_dir), 0);
    assert_int_equal(by_name.st_ino, by_dir.st_ino);
    assert_int_equal(by_dir.st_mode & 07777, 0700);
    assert_true(fcntl(dir, F_GETFD) & FD_CLOEXEC);
    close(dir);
    mem_free(&path);
}

/* Refused with the sentence `state-dir`, naming `named`. */
static void refused_for(const char *named)
{
    struct err e = {0};
    char *path = NULL;
    int dir = -1;
    assert_false(state_open(base, SERVER, OFFICER, &dir, &path, &e));
    assert_int_equal(e.code, ERR_STORE);
    assert_int_equal(dir, -1);
    assert_null(path);
    char *sentence = mem_format(
        "The directory %s does not belong to this account, so it is not used. Tell the IT department.", named);
    assert_string_equal(e.text, sentence);
    mem_free(&sentence);
}

/* ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_base_is_xdg_or_below_home(void **state)
{
    static const struct {
        const char *xdg, *home, *expected;
    } cases[] = {
        {"/var/s", "/home/mai", "/var/s/motcua"},
        {NULL, "/home/mai", "/home/mai/.local/state/motcua"},
        {"", "/home/mai", "/home/mai/.local/state/motcua"},
        {"relative", "/home/mai", "/home/mai/.local/state/motcua"},
        {"/var/s", NULL, "/var/s/motcua"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err e = {0};
        char *got = state_base(cases[i].xdg, cases[i].home, &e);
        assert_non_null(got);
        assert_string_equal(got, cases[i].expected);
        mem_free(&got);
    }
}

static void without_a_home_there_is_no_base(void **state)
{
    struct err e = {0};
    assert_err(state_base("relative", NULL, &e), &e, ERR_CONFIG);
    assert_err(state_base(NULL, "", &e), &e, ERR_CONFIG);
    assert_err(state_base(NULL, "home", &e), &e, ERR_CONFIG);
}

static void a_server_is_host_port_and_hash(void **state)
{
    /* The digits are those of sha256sum. */
    static const struct {
        const char *url, *expected;
    } cases[] = {
        {"https://motcua.example.vn", "motcua.example.vn-443-42dd3b5e"},
        {"https://motcua.example.vn/", "motcua.example.vn-443-42dd3b5e"},
        {"https://motcua.example.vn:8443", "motcua.example.vn-8443-c56e567f"},
        {"http://127.0.0.1:8080", "127.0.0.1-8080-d30a576c"},
        {"http://localhost", "localhost-80-8605b8ba"},
        {"https://MC.Example.VN/tinh/a", "mc.example.vn-443-0"},
        {"https://[::1]:99", "_--1_-99-0"},
        {"https://me@../x", "_.-443-0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *got = state_server_name(cases[i].url);
        const char *hash = strrchr(cases[i].expected, '-') + 1;
        size_t whole = strlen(hash) == 8 ? strlen(got) : strlen(got) - 8;
        assert_int_equal(strncmp(got, cases[i].expected, whole), 0);
        assert_int_equal(strspn(strrchr(got, '-') + 1, "0123456789abcdef"), 8);
        mem_free(&got);
    }
}

static void two_servers_on_one_host_are_two(void **state)
{
    char *a = state_server_name("https://one.vn/a"), *b = state_server_name("https://one.vn/b");
    assert_string_not_equal(a, b);
    mem_free(&a);
    mem_free(&b);
}

static void a_very_long_host_is_still_a_file_name(void **state)
{
    char url[600] = "https://";
    memset(url + 8, 'x', 580);
    char *name = state_server_name(url);
    assert_true(strlen(name) <= 255);
    mem_free(&name);
}

/* ── the directory ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void it_is_made_and_ours_alone_whatever_the_umask(void **state)
{
    mode_t old = umask(0);
    char *expected = mem_format("%s/" SERVER "/" OFFICER, base);
    opens_at(base, expected);
    opens_at(base, expected);
    umask(old);
    mem_free(&expected);
}

static void parents_that_are_not_there_are_made(void **state)
{
    char *deep = mem_format("%s/new/.local/state/motcua", home);
    char *expected = mem_format("%s/" SERVER "/" OFFICER, deep);
    opens_at(deep, expected);
    mem_free(&deep);
    mem_free(&expected);
}

static void a_home_that_is_a_link_is_followed_once(void **state)
{
    char *real = mem_format("%s/state", home), *alias = mem_format("%s/alias", home);
    assert_int_equal(symlink(real, alias), 0);
    char *through = mem_format("%s/motcua", alias);
    char *expected = mem_format("%s/motcua/" SERVER "/" OFFICER, real);
    opens_at(through, expected);
    mem_free(&real);
    mem_free(&alias);
    mem_free(&through);
    mem_free(&expected);
}

static void a_link_below_the_base_is_refused(void **state)
{
    char *target = mem_format("%s/target", home);
    char *server = mem_format("%s/" SERVER, base), *officer = mem_format("%s/" OFFICER, server);
    const char *links[] = {base, server, officer};
    assert_int_equal(mkdir(target, 0700), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(symlink(target, links[i]), 0);
        refused_for(links[i]);
        assert_int_equal(unlink(links[i]), 0);
        assert_int_equal(mkdir(links[i], 0700), 0);
    }
    assert_int_equal(rmdir(target), 0); /* nothing was made in it */
    mem_free(&target);
    mem_free(&server);
    mem_free(&officer);
}

static void a_file_in_the_way_is_refused(void **state)
{
    close(open(base, O_CREAT | O_CLOEXEC, 0600));
    refused_for(base);
}

static void access_for_others_is_taken_away(void **state)
{
    assert_int_equal(mkdir(base, 0700), 0);
    assert_int_equal(chmod(base, 0777), 0);
    char *expected = mem_format("%s/" SERVER "/" OFFICER, base);
    opens_at(base, expected);
    struct stat st;
    assert_int_equal(stat(base, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    mem_free(&expected);
}

static void another_owner_is_refused(void **state)
{
    if (geteuid() != 0)
        skip();
    char *server = mem_format("%s/" SERVER, base);
    assert_int_equal(mkdir(base, 0700), 0);
    assert_int_equal(mkdir(server, 0700), 0);
    assert_int_equal(chown(server, 12345, (gid_t)-1), 0);
    refused_for(server);
    assert_int_equal(chown(base, 12345, (gid_t)-1), 0);
    refused_for(base);
    mem_free(&server);
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
    static const char *const officers[] = {"", ".", "..", "../x", "a/b", "-x", ".hidden"};
    static const char *const servers[] = {"", "..", "a/b", ".x"};
    struct err e = {0};
    char *path = NULL;
    int dir = -1;
    for (size_t i = 0; i < sizeof(officers) / sizeof(officers[0]); i++)
        assert_err(state_open(base, SERVER, officers[i], &dir, &path, &e), &e, ERR_DATA);
    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++)
        assert_err(state_open(base, servers[i], OFFICER, &dir, &path, &e), &e, ERR_DATA);
    assert_err(state_open("motcua", SERVER, OFFICER, &dir, &path, &e), &e, ERR_USAGE);
    assert_int_equal(access(base, F_OK), -1);
}

static void what_cannot_be_made_says_why(void **state)
{
    struct err e = {0};
    char *path = NULL;
    int dir = -1;
    assert_err(state_open("/proc/nowhere/motcua", SERVER, OFFICER, &dir, &path, &e), &e, ERR_STORE);
    assert_err(state_open("/dev/null/motcua", SERVER, OFFICER, &dir, &path, &e), &e, ERR_STORE);
}

static void a_poke_is_heard(void **state)
{
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(inotify_add_watch(watch, home, IN_ATTRIB) >= 0);
    int dir = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct pollfd fd = {.fd = watch, .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 0), 0);
    state_poke(dir);
    assert_int_equal(poll(&fd, 1, 0), 1);
    close(dir);
    close(watch);
}

/* ── the lease ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int open_home(void)
{
    int dir = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(dir >= 0);
    return dir;
}

static void one_of_two_has_the_lease(void **state)
{
    int dir = open_home();
    struct lease *a = lease_new(dir), *b = lease_new(dir);
    assert_false(lease_held(a));
    assert_int_equal(lease_holder(a), 0);
    assert_true(lease_take(a));
    assert_true(lease_take(a));
    assert_true(lease_held(a));
    assert_false(lease_take(b));
    assert_false(lease_held(b));
    assert_int_equal(lease_holder(b), getpid());
    lease_give_back(a);
    assert_false(lease_held(a));
    assert_int_equal(lease_holder(b), 0);
    assert_true(lease_take(b));
    assert_false(lease_take(a));
    lease_free(&b);
    assert_null(b);
    assert_true(lease_take(a));
    lease_free(&a);
    close(dir);
}

/* A child that takes the lease, says so, and stays. */
static pid_t start_holder(int dir, int *says)
{
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char c = lease_take(lease_new(dir)) ? 'y' : 'n';
        if (write(fds[1], &c, 1) == 1)
            pause();
        _exit(0);
    }
    close(fds[1]);
    *says = fds[0];
    return pid;
}

static void the_kernel_frees_it_when_its_holder_is_killed(void **state)
{
    int dir = open_home(), says;
    pid_t child = start_holder(dir, &says);
    char c = 0;
    assert_int_equal(read(says, &c, 1), 1);
    assert_int_equal(c, 'y');
    struct lease *mine = lease_new(dir);
    assert_false(lease_take(mine));
    assert_int_equal(lease_holder(mine), child);

    kill(child, SIGSTOP); /* one that is stopped by force keeps it */
    assert_false(lease_take(mine));
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(lease_holder(mine), 0);
    assert_true(lease_take(mine));
    assert_int_equal(lease_holder(mine), getpid());
    lease_free(&mine);
    close(says);
    close(dir);
}

static void a_lock_file_that_is_a_link_gives_no_lease(void **state)
{
    int dir = open_home();
    assert_int_equal(symlinkat("elsewhere", dir, "lock"), 0);
    struct lease *lease = lease_new(dir);
    assert_false(lease_take(lease));
    assert_int_equal(faccessat(dir, "elsewhere", F_OK, 0), -1);
    lease_free(&lease);
    close(dir);
}

static void a_lock_file_of_nonsense_names_nobody(void **state)
{
    int dir = open_home();
    struct lease *a = lease_new(dir), *b = lease_new(dir);
    assert_true(lease_take(a));
    static const char *const texts[] = {"", "mai", "-4", "99999999999999", "\n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        int fd = openat(dir, "lock", O_WRONLY | O_TRUNC | O_CLOEXEC);
        assert_int_equal(write(fd, texts[i], strlen(texts[i])), strlen(texts[i]));
        close(fd);
        assert_int_equal(lease_holder(b), 0);
    }
    assert_true(lease_held(a));
    lease_free(&a);
    lease_free(&b);
    close(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_base_is_xdg_or_below_home),
        TEST(without_a_home_there_is_no_base),
        TEST(a_server_is_host_port_and_hash),
        TEST(two_servers_on_one_host_are_two),
        TEST(a_very_long_host_is_still_a_file_name),
        TEST(it_is_made_and_ours_alone_whatever_the_umask),
        TEST(parents_that_are_not_there_are_made),
        TEST(a_home_that_is_a_link_is_followed_once),
        TEST(a_link_below_the_base_is_refused),
        TEST(a_file_in_the_way_is_refused),
        TEST(access_for_others_is_taken_away),
        TEST(another_owner_is_refused),
        TEST(names_that_lead_elsewhere_are_refused),
        TEST(what_cannot_be_made_says_why),
        TEST(a_poke_is_heard),
        TEST(one_of_two_has_the_lease),
        TEST(the_kernel_frees_it_when_its_holder_is_killed),
        TEST(a_lock_file_that_is_a_link_gives_no_lease),
        TEST(a_lock_file_of_nonsense_names_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
