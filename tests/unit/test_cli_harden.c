/* What a process gives away after start-up is gone, for it and for what it starts; what it needs is not. Each case in a child, since it
 * cannot be taken back. Where the kernel has less (containers, old kernels) the case is skipped, never passed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/harden.h"
#include "tests/unit/cli_office.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char *home, *own, *outside;

static int set_up(void **state)
{
    home = home_new();
    own = text_new("%s/own", home);
    outside = text_new("%s/outside", home);
    assert_int_equal(mkdir(own, 0700), 0);
    assert_int_equal(close(open(outside, O_WRONLY | O_CREAT, 0600)), 0);
    return 0;
}

static int tear_down(void **state)
{
    free(own);
    free(outside);
    home_free(&home);
    return 0;
}

enum { SKIPPED = 77 };

/* Runs `inside` in a hardened child. It says 0, or the line that was wrong. */
static void hardened(unsigned needs, int (*inside)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        const char *const below[] = {own, NULL};
        unsigned holds = harden(&(struct harden_places){.below = below, .empties = home});
        _exit((holds & needs) == needs ? inside() : SKIPPED);
    }
    int status = child_wait(pid, harness_deadline());
    if (status == SKIPPED)
        skip();
    if (status != 0)
        fail_at(HERE, "in the hardened child case %d went wrong", status);
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool refuses(int result, int why)
{
    return result == -1 && errno == why;
}

/* In the child: a process that it starts may do no more than it. */
static int shell(const char *command)
{
    const char *const argv[] = {"sh", "-c", command, NULL};
    pid_t pid;
    int status;

    if (posix_spawn(&pid, "/bin/sh", NULL, NULL, (char *const *)(uintptr_t)argv, environ) != 0)
        return -1;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int writes_into_its_own_alone(void)
{
    int dir = open(own, O_RDONLY | O_DIRECTORY), fd;

    if (!refuses(open(outside, O_WRONLY), EACCES))
        return 1;
    char *other = text_new("%s/new", home), *ours = text_new("%s/new", own);
    if (!refuses(open(other, O_WRONLY | O_CREAT, 0600), EACCES) || !refuses(unlink(outside), EACCES) ||
        !refuses(mkdir(other, 0700), EACCES) || !refuses(symlink("x", other), EACCES))
        return 2;
    if ((fd = openat(dir, "a", O_RDWR | O_CREAT, 0600)) < 0 || write(fd, "x", 1) != 1 ||
        ftruncate(fd, 0) != 0 || close(fd) != 0)
        return 3;
    if (renameat(dir, "a", dir, "b") != 0 || mkdirat(dir, "c", 0700) != 0 || unlinkat(dir, "c", AT_REMOVEDIR) != 0)
        return 4;
    if (rename(ours, other) == 0 || linkat(dir, "b", AT_FDCWD, other, 0) == 0)
        return 5;
    if (unlinkat(dir, "b", 0) != 0)
        return 6;
    if (open(outside, O_RDONLY) < 0 || open("/dev/null", O_RDWR) < 0 || open("/etc/passwd", O_RDONLY) < 0)
        return 7;
    return rmdir(own) == 0 ? 0 : 8; /* a demo's own directory, at its end */
}

static void what_is_not_its_own_is_not_written(void **state)
{
    hardened(HARDEN_FILES, writes_into_its_own_alone);
    char *text = file_text(outside);
    assert_string_equal(text, "");
    free(text);
}

static int starts_programs(void)
{
    char *try = text_new("echo x > '%s'", outside), *ours = text_new("echo x > '%s/child'", own);

    if (shell("exit 5") != 5 || shell(ours) != 0)
        return 1;
    return shell(try) != 0 ? 0 : 2;
}

static void what_it_starts_may_do_no_more(void **state)
{
    hardened(HARDEN_FILES, starts_programs);
}

/* ── calls ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int denied_calls(void)
{
    char byte;

    if (!refuses(mount("none", own, "tmpfs", 0, NULL), EPERM) || !refuses(umount2(own, 0), EPERM))
        return 1;
    if (!refuses((int)syscall(__NR_bpf, 0, NULL, 0), EPERM) ||
        !refuses((int)syscall(__NR_perf_event_open, NULL, 0, -1, -1, 0), EPERM) ||
        !refuses((int)syscall(__NR_userfaultfd, 0), EPERM) ||
        !refuses((int)syscall(__NR_kexec_load, 0, 0, NULL, 0), EPERM) ||
        !refuses((int)syscall(__NR_io_uring_setup, 1, NULL), EPERM) ||
        !refuses((int)syscall(__NR_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0), EPERM))
        return 2;
    if (!refuses(unshare(CLONE_NEWUSER), EPERM) ||
        !refuses((int)syscall(__NR_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0), EPERM))
        return 3;
    if (!refuses(ioctl(STDIN_FILENO, TIOCSTI, "x"), EPERM))
        return 4;
    if (!refuses((int)syscall(__NR_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING), EPERM) ||
        !refuses((int)syscall(__NR_keyctl, KEYCTL_GET_PERSISTENT, -1, KEY_SPEC_PROCESS_KEYRING), EPERM) ||
        !refuses((int)syscall(__NR_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), EPERM) ||
        !refuses((int)syscall(__NR_request_key, "user", "motcua:x", NULL, 0), EPERM))
        return 5;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return 6;
    return read(open("/proc/self/comm", O_RDONLY), &byte, 1) == 1 ? 0 : 7;
}

static void what_only_an_attacker_calls_is_denied(void **state)
{
    hardened(HARDEN_CALLS, denied_calls);
}

static int traces(void)
{
    return refuses((int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL), EPERM) &&
                   refuses((int)ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM)
               ? 0
               : 1;
}

static void nobody_is_traced(void **state)
{
    if (harness_san())
        skip(); /* the leak checker traces its own process */
    hardened(HARDEN_CALLS, traces);
}

/* pcscd, CUPS, the desk: sockets of every kind, threads, pipes, programs. */
static int needed_calls(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int ends[2], listening = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);

    strncpy(name.sun_path + 1, own, sizeof name.sun_path - 2);
    if (bind(listening, (struct sockaddr *)&name, sizeof name) != 0 || listen(listening, 1) != 0 ||
        connect(client, (struct sockaddr *)&name, sizeof name) != 0)
        return 1;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || socket(AF_INET, SOCK_STREAM, 0) < 0)
        return 2;
    pid_t pid = fork();
    if (pid == 0)
        _exit(9);
    int status;
    if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 9)
        return 3;
    long ring = syscall(__NR_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1);
    if (ring > 0 && syscall(__NR_keyctl, KEYCTL_DESCRIBE, ring, NULL, 0) <= 0)
        return 4;
    return 0;
}

static void what_is_needed_goes_on(void **state)
{
    hardened(0, needed_calls);
}

static void memory_is_nobodys(void **state)
{
    pid_t pid = fork();

    if (pid == 0) {
        struct rlimit core = {1, 1};
        harden_memory();
        getrlimit(RLIMIT_CORE, &core);
        bool dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0;
        _exit(core.rlim_cur != 0 || core.rlim_max != 0 ? 1
              : umask(0) != 077                        ? 2
              : dumpable && !harness_san()             ? 3
                                                       : 0);
    }
    assert_int_equal(child_wait(pid, harness_deadline()), 0);
}

/* ── the program ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Whether the process's status comes to say all of it. */
static bool comes_to_say(pid_t pid, const char *const what[2])
{
    char *path = text_new("/proc/%d/status", (int)pid);
    bool says = false;

    for (int64_t until = harness_deadline(); !says && harness_now() < until;) {
        char *text = file_text(path);
        says = text && strstr(text, what[0]) && strstr(text, what[1]);
        free(text);
    }
    free(path);
    return says;
}

static void the_program_is_hardened(void **state)
{
    struct office o;
    static const char *const few[] = {"--dossiers", "10", NULL};

    office_open(&o, few);
    const char *const argv[] = {"motcua", "login", "--server", o.server->base, NULL};
    pid_t pid = child_start(&(struct child){.argv = argv, .home = o.home});
    bool is_hardened = comes_to_say(pid, (const char *const[]){"Seccomp:\t2", "NoNewPrivs:\t1"});

    kill(pid, SIGKILL);
    child_wait(pid, harness_deadline());
    office_close(&o);
    assert_true(is_hardened);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_its_own_is_not_written),
        TEST(what_it_starts_may_do_no_more),
        TEST(what_only_an_attacker_calls_is_denied),
        TEST(nobody_is_traced),
        TEST(what_is_needed_goes_on),
        TEST(memory_is_nobodys),
        TEST(the_program_is_hardened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
