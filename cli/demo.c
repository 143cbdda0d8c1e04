/* demo: starts the server, signs in as the role, opens the screen, ends the server, removes every trace. It refuses to touch the
 * officer's own state, keyring and server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/demo.h"

#include "cli/command.h"
#include "cli/place.h"
#include "cli/private_dir.h"
#include "core/i18n.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_MS   25000 /* until the server's first line */
#define SIGN_IN_MS 20000
#define STOP_MS    3000

struct demo {
    struct private_dir dir; /* state, keys, the server's own words */
    pid_t pid;              /* 0: no server */
    int out;                /* its stdout */
    char *base, *keys;
};

int demo_server(char *const argv[])
{
    char parent[16];

    if (!argv[1] || !argv[2])
        return 2;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    snprintf(parent, sizeof parent, "%d", (int)getppid());
    if (strcmp(parent, argv[1]) != 0)
        return 1; /* it has gone already */
    execvp(argv[2], argv + 2);
    if (errno == ENOENT)
        fprintf(stderr, "%s\n", _("there is no motcua-training beside motcua or in PATH; install it."));
    else
        fprintf(stderr, "%s (%s)\n", argv[2], strerrorname_np(errno));
    return 127;
}

/* ── its server ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The last thing that the server said before it gave up. */
static char *last_words(const struct demo *demo, struct arena *arena)
{
    char *path = mem_format("%s/server.log", demo->dir.path);
    struct buf bytes = {0};
    const char *line = "";

    if (place_read(path, 65536, &bytes, NULL, NULL) && bytes.len > 0) {
        while (bytes.len > 0 && bytes.data[bytes.len - 1] == '\n')
            bytes.data[--bytes.len] = '\0';
        const char *before = strrchr(bytes.data, '\n');
        line = before ? before + 1 : bytes.data;
    }
    char *shown = text_shown(arena, line);
    buf_clear(&bytes);
    mem_free(&path);
    return shown;
}

static bool not_started(const struct demo *demo, struct err *e)
{
    struct arena arena = {0};

    err_set(e, ERR_SERVER, _("The training server did not start: %s"), last_words(demo, &arena));
    arena_clear(&arena);
    return false;
}

/* Its stdout goes into the pipe, its stderr into a file, nothing comes in; signals are as a shell would leave them. */
static bool spawn(struct demo *demo, char *const argv[], int out, struct err *e)
{
    char *log = mem_format("%s/server.log", demo->dir.path);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t all, none;

    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_addopen(&files, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int why = posix_spawn(&demo->pid, "/proc/self/exe", &files, &how, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    mem_free(&log);
    if (why == 0)
        return true;
    demo->pid = 0;
    return err_set(e, ERR_SERVER, _("The training server did not start: %s"), strerrorname_np(why));
}

static bool start_server(struct demo *demo, const char *scenario, struct err *e)
{
    char *program = place_program("motcua-training"), *me = mem_format("%d", (int)getpid());
    char *keys = mem_format("%s/keys", demo->dir.path);
    const char *const argv[] = {DEMO_SERVER,  me,       program, "serve",          "--port",
                                "0",          "--keys", keys,    "--auto-approve", "any",
                                "--scenario", scenario, NULL};
    int ends[2];
    bool ok = pipe2(ends, O_CLOEXEC) == 0;

    if (ok) {
        ok = spawn(demo, (char *const *)(uintptr_t)argv, ends[1], e);
        close(ends[1]);
        demo->out = ends[0];
    } else {
        err_set(e, ERR_SERVER, _("The training server did not start: %s"), strerrorname_np(errno));
    }
    mem_free(&program);
    mem_free(&me);
    mem_free(&keys);
    return ok;
}

/* Reads until the line's end, `until` (mono) or the server's. */
static bool first_line(const struct demo *demo, struct env *env, struct buf *line)
{
    int64_t until = env->mono(env) + READY_MS, left;
    char c;

    while ((left = until - env->mono(env)) > 0 && line->len < 65536) {
        struct pollfd ready = {.fd = demo->out, .events = POLLIN};
        if (poll(&ready, 1, (int)left) < 0 && errno != EINTR)
            return false;
        if (!ready.revents)
            continue;
        ssize_t n = read(demo->out, &c, 1);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        if (n == 1 && c == '\n')
            return true;
        if (n == 1)
            buf_char(line, c);
    }
    return false;
}

static bool wait_ready(struct demo *demo, struct env *env, struct err *e)
{
    struct buf line = {0};
    bool ok = first_line(demo, env, &line);
    json_t *said = ok ? codec_parse(line.data, line.len, NULL) : NULL;
    const char *base = json_string_value(json_object_get(said, "base"));
    const char *keys = json_string_value(json_object_get(said, "keys"));

    if (base) {
        demo->base = mem_copy(base);
        demo->keys = keys ? mem_copy(keys) : NULL;
    }
    json_decref(said);
    buf_clear(&line);
    return base || not_started(demo, e);
}

static void stop_server(struct demo *demo)
{
    static const struct timespec piece = {.tv_nsec = 10 * 1000 * 1000};

    if (demo->pid <= 0)
        return;
    kill(demo->pid, SIGTERM);
    for (int waited = 0; waitpid(demo->pid, NULL, WNOHANG) == 0; waited += 10) {
        if (waited >= STOP_MS)
            kill(demo->pid, SIGKILL);
        nanosleep(&piece, NULL);
    }
}

static void end_demo(struct demo *demo)
{
    stop_server(demo);
    if (demo->out >= 0)
        close(demo->out);
    private_dir_remove(&demo->dir);
    mem_free(&demo->base);
    mem_free(&demo->keys);
}

/* ── its officer ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The server approves by itself; no code has to be shown. */
static bool sign_in(struct seat *s, struct err *e)
{
    struct ask ask = {.id = 1, .kind = ASK_SIGN_IN};
    int64_t until = seat_mono(s) + SIGN_IN_MS;
    struct answer a;
    bool ended = false, ok = false;

    net_ask(s->net, &ask);
    while (!ended && seat_mono(s) < until) {
        seat_turn(s, until, -1);
        while (!ended && net_answer(s->net, &a)) {
            ended = a.final;
            if (ended && a.err.code == ERR_NONE)
                ok = seat_attach(s, a.officer.id, e);
            else if (ended)
                *e = a.err;
            answer_clear(&a);
        }
    }
    if (!ended)
        err_set(e, ERR_SERVER, "%s", _("The training server did not sign anybody in."));
    return ok;
}

static const char *role_or_counter(const struct cli *cli)
{
    const char *role = cli->options.value[OPTION_ROLE];

    return role ? role : "counter";
}

/* Its server has been started: that writes where it likes. */
static void harden_demo(const struct cli *cli, const struct demo *demo)
{
    char *exports = place_exports(cli->config.exports),
         *parent = mem_copy_n(demo->dir.path, (size_t)(strrchr(demo->dir.path, '/') - demo->dir.path));

    command_harden(demo->dir.path, exports, parent);
    mem_free(&parent);
    mem_free(&exports);
}

static bool open_screen(struct cli *cli, const struct demo *demo, struct err *e)
{
    char *state = mem_format("%s/state", demo->dir.path);
    struct seat_options options = {
        .server = demo->base, .login_hint = role_or_counter(cli), .state = state, .follow = true};
    struct seat *s = NULL;
    bool ok;

    cli->config.server = demo->base;
    cli->config.training_keys = demo->keys;
    cli->config.pin_required = false; /* nothing of it is left afterwards */
    harden_demo(cli, demo);
    ok = seat_new(&options, cli->env, &s, e) && sign_in(s, e);
    if (!ok && e->code == ERR_AUTH) /* the server knows nobody by this hint */
        err_set(e, ERR_USAGE, _("Nobody in this scenario is “%s”: give %s a role, or an officer's id."),
                options.login_hint, option_name(OPTION_ROLE));
    ok = ok && screen_run(cli, s, e);
    seat_free(&s);
    mem_free(&state);
    return ok;
}

bool cmd_demo(struct cli *cli, struct err *e)
{
    const char *scenario = cli->options.value[OPTION_SCENARIO];
    struct demo demo = {.out = -1};
    bool ok;

    if (cli->options.value[OPTION_SERVER])
        return err_set(e, ERR_USAGE, "%s", _("The demo has a server of its own: leave --server away."));
    if (!id_valid(role_or_counter(cli)))
        return err_set(e, ERR_USAGE, _("%s: the name of a role, or of an officer of the scenario."),
                       option_name(OPTION_ROLE));
    if (!screen_possible(e) || !config_load(&cli->config, e))
        return false;
    cli->env = env_new(false); /* one process holds the session: nothing of it in the keyring */
    ok = private_dir_make(&demo.dir, e) && start_server(&demo, scenario ? scenario : "chau-duc-2022", e) &&
         wait_ready(&demo, cli->env, e) && open_screen(cli, &demo, e);
    end_demo(&demo);
    return ok;
}
