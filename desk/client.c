/* client: see client.h. One helper, one job at a time; a job that is late, or whose helper dies, is answered with a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/client.h"

#include "core/codec.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MAX (512 * 1024)

extern char **environ;

typedef void done_fn(void *, const struct signer_result *);

struct job {
    int64_t number, until; /* 0: none runs; until is mono ms */
    bool signs;
    done_fn *done;
    void *context;
};
struct desk {
    char *program;
    struct env *env;
    pid_t pid; /* 0: no helper runs */
    int fd;
    int64_t last_number;
    struct buf in, out; /* what came of a line; what has not left yet */
    struct job job;
};
struct training_signer {
    struct signer signer; /* first: it is what callers hold */
    struct desk *desk;
    char *keys;
};

struct desk *desk_new(const char *program, struct env *env)
{
    struct desk *d = mem_alloc(sizeof *d);

    d->program = mem_copy(program);
    d->env = env;
    d->fd = -1;
    return d;
}

static void end_helper(struct desk *d)
{
    if (d->fd >= 0)
        close(d->fd);
    if (d->pid > 0) {
        kill(d->pid, SIGKILL); /* it holds nothing that could be lost */
        while (waitpid(d->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    d->fd = -1;
    d->pid = 0;
    buf_wipe(&d->in);
    buf_wipe(&d->out);
}

void desk_free(struct desk **desk)
{
    struct desk *d = *desk;

    if (!d)
        return;
    end_helper(d);
    free(d->program);
    free(d);
    *desk = NULL;
}

/* Standard input and output of the helper are its end of the pair; nothing else of ours is inherited (everything is O_CLOEXEC). */
static bool start(struct desk *d, struct err *e)
{
    int pair[2];
    char *argv[] = {d->program, NULL};
    posix_spawn_file_actions_t actions;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return err_set(e, ERR_SIGNER, "%s", _("The helper motcua-desk cannot be started. Nothing was signed."));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int failed = strchr(d->program, '/') ? posix_spawn(&d->pid, d->program, &actions, NULL, argv, environ)
                                         : posix_spawnp(&d->pid, d->program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pair[1]);
    if (failed) {
        close(pair[0]);
        d->pid = 0;
        return err_set(e, ERR_SIGNER, "%s",
                       _("The helper motcua-desk is not installed beside motcua. Nothing was signed."));
    }
    d->fd = pair[0];
    fcntl(d->fd, F_SETFL, O_NONBLOCK);
    return true;
}

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void finish(struct desk *d, const struct signer_result *result)
{
    struct job job = d->job;

    d->job = (struct job){0}; /* first: `done` may begin the next */
    if (job.done)
        job.done(job.context, result);
}

static void finish_err(struct desk *d, const struct err *why)
{
    finish(d, &(struct signer_result){.err = *why});
}

/* The helper is of no use any more. */
static void give_up(struct desk *d, const char *sentence)
{
    struct err e = {0};

    end_helper(d);
    err_set(&e, ERR_SIGNER, "%s", sentence);
    if (d->job.number)
        finish_err(d, &e);
}

static bool copy_text(const json_t *answer, const char *member, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(answer, member));

    if (!text || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool read_certificate(const json_t *answer, struct signer_certificate *c)
{
    const json_t *from = json_object_get(answer, "from"), *until = json_object_get(answer, "until");

    c->from = json_integer_value(from);
    c->until = json_integer_value(until);
    return json_is_integer(from) && json_is_integer(until) &&
           copy_text(answer, "name", c->name, sizeof c->name) &&
           copy_text(answer, "sha256", c->sha256, sizeof c->sha256);
}

static bool take_answer(struct desk *d, const json_t *answer)
{
    struct signer_result result = {0};
    const char *error = json_string_value(json_object_get(answer, "error"));

    if (!d->job.number || json_integer_value(json_object_get(answer, "job")) != d->job.number)
        return true; /* to a job that was called off */
    if (error) {
        err_set(&result.err, ERR_SIGNER, "%s", error);
    } else if (d->job.signs) {
        result.cms = json_string_value(json_object_get(answer, "cms"));
        if (!result.cms)
            return false;
    } else if (!read_certificate(answer, &result.certificate)) {
        return false;
    }
    finish(d, &result);
    return true;
}

/* false: not a line that the helper of this version would send. */
static bool take_lines(struct desk *d)
{
    for (;;) {
        char *end = d->in.len ? memchr(d->in.data, '\n', d->in.len) : NULL;
        if (!end)
            return d->in.len <= ANSWER_MAX;
        size_t n = (size_t)(end - d->in.data);
        json_t *answer = codec_parse(d->in.data, n, NULL);
        memmove(d->in.data, end + 1, d->in.len - n);
        d->in.len -= n + 1;
        bool good = json_is_object(answer) && take_answer(d, answer);
        json_decref(answer);
        if (!good)
            return false;
    }
}

/* ── the loop's calls ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* A statement is far smaller than a socket's buffer; if it ever is not, the rest leaves from desk_tick(). */
static void send_on(struct desk *d)
{
    while (d->out.len > 0 && d->fd >= 0) {
        ssize_t n = send(d->fd, d->out.data, d->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        memmove(d->out.data, d->out.data + n, d->out.len - (size_t)n + 1);
        d->out.len -= (size_t)n;
    }
}

int desk_fd(const struct desk *d)
{
    return d->fd;
}

void desk_read(struct desk *d)
{
    char piece[8192];
    ssize_t n;

    while (d->fd >= 0 && (n = read(d->fd, piece, sizeof piece)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0)
            break;
        buf_add(&d->in, piece, (size_t)n);
        if (!take_lines(d)) {
            give_up(
                d,
                _("The helper motcua-desk does not answer as it should. Nothing was signed. Reinstall motcua."));
            return;
        }
    }
    if (d->fd >= 0)
        give_up(d, _("The helper motcua-desk ended by itself. Nothing was signed. Press F9 to try again."));
}

int64_t desk_wake(const struct desk *d)
{
    if (!d->job.number)
        return INT64_MAX;
    return d->out.len ? d->env->mono(d->env) + 20 : d->job.until;
}

void desk_tick(struct desk *d)
{
    send_on(d);
    if (d->job.number && d->env->mono(d->env) >= d->job.until)
        give_up(
            d,
            _("The signing device does not answer in time. Nothing was signed. Check the device or the SSH line, then press F9."));
}

/* ── the signer ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void begin(struct training_signer *s, const char *officer, const void *statement, size_t n, bool signs,
                  int deadline, done_fn *done, void *context)
{
    struct desk *d = s->desk;
    struct err e = {0};

    if (d->job.number) {
        err_set(&e, ERR_SIGNER, "%s", _("The signing device is at work. Wait for its answer."));
        done(context, &(struct signer_result){.err = e});
        return;
    }
    d->job = (struct job){.number = ++d->last_number,
                          .until = d->env->mono(d->env) + deadline,
                          .signs = signs,
                          .done = done,
                          .context = context};
    if (d->fd < 0 && !start(d, &e)) {
        finish_err(d, &e);
        return;
    }
    char *encoded = signs ? base64_encode(statement, n) : NULL;
    json_t *job =
        json_pack("{s:I, s:s, s:s, s:s, s:s*}", "job", (json_int_t)d->job.number, "do",
                  signs ? "sign" : "describe", "keys", s->keys, "officer", officer, "statement", encoded);
    char *line = job ? json_dumps(job, JSON_COMPACT) : NULL;
    if (!line)
        die("out of memory");
    buf_format(&d->out, "%s\n", line);
    free(line);
    free(encoded);
    json_decref(job);
    send_on(d);
}

static void training_describe(struct signer *signer, const char *officer, int deadline, done_fn *done,
                              void *context)
{
    begin((struct training_signer *)signer, officer, NULL, 0, false, deadline, done, context);
}

static void training_sign(struct signer *signer, const char *officer, const void *statement, size_t n,
                          int deadline, done_fn *done, void *context)
{
    begin((struct training_signer *)signer, officer, statement, n, true, deadline, done, context);
}

static void training_cancel(struct signer *signer)
{
    ((struct training_signer *)signer)->desk->job = (struct job){0};
}

static void training_free(struct signer *signer)
{
    struct training_signer *s = (struct training_signer *)signer;

    training_cancel(signer);
    free(s->keys);
    free(s);
}

struct signer *desk_training_signer(struct desk *desk, const char *keys_dir)
{
    struct training_signer *s = mem_alloc(sizeof *s);

    s->signer = (struct signer){
        .describe = training_describe, .sign = training_sign, .cancel = training_cancel, .free = training_free};
    s->desk = desk;
    s->keys = mem_copy(keys_dir);
    return &s->signer;
}
