/* harness: children and their homes. A child asks the kernel to be killed with its parent, so that nothing is left running.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { DEADLINE_MS = 30000, PASSED_FD = 3, ENV_MAX = 256 };

/* The test program begins with one, so that nobody is signed in in the person's session. */
__attribute__((constructor)) void harness_keyring(void)
{
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}

void fail_at(struct at at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    /* Line by line: in TAP each is a comment of its own. */
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        print_error("# %s\n", line);
    }
    free(text);
    _fail(at.file, at.line);
    abort(); /* _fail() has jumped away; only the compiler does not know */
}

int64_t harness_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int harness_port(void)
{
    enum { FIRST = 20000, PORTS = 12000 };
    static int tried;

    for (int i = 0; i < PORTS; i++) {
        int port = FIRST + (getpid() * 37 + tried++) % PORTS,
            fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_in at = {.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        bool is_free = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
        close(fd);
        if (is_free)
            return port;
    }
    fail_at(HERE, "no port is free");
}

bool harness_san(void)
{
    const char *san = getenv("MOTCUA_SAN");

    return san && strcmp(san, "1") == 0;
}

int64_t harness_deadline(void)
{
    return harness_now() + DEADLINE_MS * (harness_san() ? 5 : 1);
}

int child_wait(pid_t pid, int64_t deadline)
{
    int status = 0;
    int fd = pidfd_open(pid, 0);

    if (fd >= 0) {
        for (int64_t left; (left = deadline - harness_now()) > 0;)
            if (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, (int)left) != -1 || errno != EINTR)
                break;
        close(fd);
    }
    if (waitpid(pid, &status, WNOHANG) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

char *text_new(const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    return text;
}

char *home_new(void)
{
    const char *tmp = getenv("TMPDIR");
    char *home = text_new("%s/home.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    static const char *const below[] = {"config", "state", "cache", "data", "run", "tmp"};

    if (!mkdtemp(home))
        fail_at(HERE, "no directory in %s: %s", home, strerror(errno));
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        char *path = text_new("%s/%s", home, below[i]);
        if (mkdir(path, 0700) != 0)
            fail_at(HERE, "%s: %s", path, strerror(errno));
        free(path);
    }
    return home;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)ftw;
    if (kind == FTW_DNR && chmod(path, 0700) != 0)
        return 0;
    remove(path);
    return 0;
}

void home_free(char **home)
{
    if (!*home)
        return;
    nftw(*home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*home);
    *home = NULL;
}

char *build_path(const char *name)
{
    const char *build = getenv("MOTCUA_BUILD");

    return text_new("%s/%s", build && *build ? build : "build", name);
}

static char *fd_bytes(int fd, size_t *len)
{
    size_t n = 0, cap = 65536;
    char *text = malloc(cap);
    ssize_t got;

    while (text && (got = read(fd, text + n, cap - n - 1)) > 0) {
        n += (size_t)got;
        if (cap - n < 32768)
            text = realloc(text, cap *= 2);
    }
    if (!text)
        abort();
    text[n] = '\0';
    *len = n;
    return text;
}

static char *fd_text(int fd)
{
    size_t len;

    return fd_bytes(fd, &len);
}

char *file_bytes(const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return NULL;
    char *text = fd_bytes(fd, len);
    close(fd);
    return text;
}

char *file_text(const char *path)
{
    size_t len;

    return file_bytes(path, &len);
}

/* ── the environment of a child ──────────────────────────────────────────────────────────────────────────────────── */

static void env_set(char **env, const char *change)
{
    size_t name = strcspn(change, "="), i = 0;

    while (env[i] && !(strncmp(env[i], change, name) == 0 && env[i][name] == '='))
        i++;
    if (change[name] == '=') {
        if (i >= ENV_MAX)
            abort();
        if (!env[i])
            env[i + 1] = NULL;
        free(env[i]);
        env[i] = text_new("%s", change);
    } else if (env[i]) {
        free(env[i]);
        do
            env[i] = env[i + 1];
        while (env[i++]);
    }
}

static char **env_make(const struct child *child)
{
    static const char *const homes[][2] = {
        {"HOME", ""},
        {"XDG_CONFIG_HOME", "/config"},
        {"XDG_STATE_HOME", "/state"},
        {"XDG_CACHE_HOME", "/cache"},
        {"XDG_DATA_HOME", "/data"},
        {"XDG_RUNTIME_DIR", "/run"},
        {"TMPDIR", "/tmp"},
    };
    char **env = calloc(ENV_MAX + 2, sizeof *env);

    if (!env)
        abort();
    for (char **have = environ; *have; have++)
        env_set(env, *have);
    for (size_t i = 0; child->home && i < sizeof homes / sizeof *homes; i++) {
        char *change = text_new("%s=%s%s", homes[i][0], child->home, homes[i][1]);
        env_set(env, change);
        free(change);
    }
    if (child->pass)
        env_set(env, "MOTCUA_TEST_FD=3");
    for (size_t i = 0; child->env && child->env[i]; i++)
        env_set(env, child->env[i]);
    return env;
}

/* ── children ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* In the child, between fork() and exec(): only what is safe there. */
_Noreturn static void become(const struct child *child, const char *path, char **env, pid_t parent)
{
    int fds[4] = {child->in, child->out, child->err, child->pass};
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int sig = 1; sig < 32; sig++)
        signal(sig, SIG_DFL);
    if (child->terminal && (setsid() < 0 || ioctl(child->in, TIOCSCTTY, 0) < 0))
        _exit(127);
    for (int i = 0; i < 3; i++)
        if (fds[i] == 0 && i < 2)
            fds[i] = open("/dev/null", O_RDWR);
        else if (fds[i] == 0)
            fds[i] = 2;
    /* First out of the way of 0 … 3, then to their places. */
    for (int i = 0; i < 4; i++)
        if (i < PASSED_FD || child->pass)
            fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 10);
    for (int i = 0; i < 4; i++)
        if (i < PASSED_FD || child->pass)
            dup2(fds[i], i);
    close_range(child->pass ? PASSED_FD + 1 : PASSED_FD, ~0U, CLOSE_RANGE_CLOEXEC);
    execve(path, (char *const *)(uintptr_t)child->argv, env);
    dprintf(2, "%s: %s\n", path, strerror(errno));
    _exit(127);
}

pid_t child_start(const struct child *child)
{
    char *path = strchr(child->argv[0], '/') ? text_new("%s", child->argv[0]) : build_path(child->argv[0]);
    char **env = env_make(child);
    pid_t parent = getpid();
    pid_t pid;

    if (access(path, X_OK) != 0)
        fail_at(HERE, "%s: %s", path, strerror(errno));
    fflush(NULL);
    pid = fork();
    if (pid == 0)
        become(child, path, env, parent);
    if (pid < 0)
        fail_at(HERE, "fork: %s", strerror(errno));
    for (char **e = env; *e; e++)
        free(*e);
    free(env);
    free(path);
    return pid;
}

void run_program(struct run *run, const char *const argv[], const char *const env[], const char *home,
                 const char *input)
{
    struct child child = {.argv = argv, .env = env, .home = home};
    size_t n = input ? strlen(input) : 0;

    child.in = memfd_create("in", MFD_CLOEXEC);
    child.out = memfd_create("out", MFD_CLOEXEC);
    child.err = memfd_create("err", MFD_CLOEXEC);
    if (child.in < 0 || child.out < 0 || child.err < 0 || write(child.in, input ? input : "", n) != (ssize_t)n)
        fail_at(HERE, "memfd: %s", strerror(errno));
    lseek(child.in, 0, SEEK_SET);
    pid_t pid = child_start(&child);
    run->status = child_wait(pid, harness_deadline());
    bool late = run->status < 0;
    if (late) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    lseek(child.out, 0, SEEK_SET);
    lseek(child.err, 0, SEEK_SET);
    run->out = fd_text(child.out);
    run->err = fd_text(child.err);
    close(child.in);
    close(child.out);
    close(child.err);
    if (late)
        fail_at(HERE, "%s %s did not end\n%s\n%s", argv[0], argv[1] ? argv[1] : "", run->out, run->err);
}

void run_clear(struct run *run)
{
    free(run->out);
    free(run->err);
    *run = (struct run){0};
}
