/* client: see client.h. One helper, one job at a time, of whatever kind; a job that is late, or whose helper dies, is answered with a
 * sentence of its kind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/client_internal.h"

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

struct desk *desk_new(const char *program, struct env *env)
{
    struct desk *d = mem_alloc(sizeof *d);

    d->program = mem_copy(program);
    d->env = env;
    d->fd = -1;
    secret_init(&d->pin, PIN_BYTES_MOST);
    return d;
}

static void forget_pin(struct desk *d)
{
    secret_wipe(&d->pin, 0, d->pin_n);
    d->pin_n = d->pin_sent = 0;
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
    forget_pin(d);
}

void desk_free(struct desk **desk)
{
    struct desk *d = *desk;

    if (!d)
        return;
    end_helper(d);
    secret_clear(&d->pin);
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
        return err_set(e, d->job.kind->code, "%s", _(d->job.kind->sentences[DESK_NOT_STARTED]));
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
        return err_set(e, d->job.kind->code, "%s", _(d->job.kind->sentences[DESK_NOT_INSTALLED]));
    }
    d->fd = pair[0];
    fcntl(d->fd, F_SETFL, O_NONBLOCK);
    return true;
}

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct desk_job take_job(struct desk *d)
{
    struct desk_job job = d->job;

    d->job = (struct desk_job){0}; /* first: who is told may begin the next */
    return job;
}

static void fail(struct desk *d, const struct err *why)
{
    struct desk_job job = take_job(d);

    job.kind->failed(&job, why);
}

/* The helper is of no use any more. */
static void give_up(struct desk *d, enum desk_trouble trouble)
{
    struct err e = {0};

    end_helper(d);
    if (!d->job.number)
        return;
    err_set(&e, d->job.kind->code, "%s", _(d->job.kind->sentences[trouble]));
    fail(d, &e);
}

/* false: nonsense. */
static bool take_answer(struct desk *d, const json_t *answer)
{
    struct err e = {0};
    const char *error = json_string_value(json_object_get(answer, "error"));

    if (!d->job.number || json_integer_value(json_object_get(answer, "job")) != d->job.number)
        return true; /* to a job that was called off */
    if (error) {
        bool pin_wrong = json_is_true(json_object_get(answer, "pin_wrong")),
             gone = json_is_true(json_object_get(answer, "gone"));
        err_set(&e, pin_wrong ? ERR_AUTH : gone ? ERR_NOT_FOUND : d->job.kind->code, "%s", error);
        fail(d, &e);
        return true;
    }
    if (!d->job.kind->sound(&d->job, answer))
        return false;
    struct desk_job job = take_job(d);
    job.kind->answered(&job, answer);
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

/* How much of it has left; 0: no more now. */
static size_t send_some(struct desk *d, const char *bytes, size_t n)
{
    ssize_t sent = -1;

    while (n > 0 && d->fd >= 0 && (sent = send(d->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT)) < 0 && errno == EINTR)
        ;
    return n > 0 && sent > 0 ? (size_t)sent : 0;
}

/* A statement is far smaller than a socket's buffer; if it ever is not, the rest leaves from desk_tick(). */
static void send_on(struct desk *d)
{
    size_t n;

    while ((n = send_some(d, d->out.data, d->out.len)) > 0) {
        memmove(d->out.data, d->out.data + n, d->out.len - n + 1);
        d->out.len -= n;
    }
    while (d->out.len == 0 && (n = send_some(d, d->pin.bytes + d->pin_sent, d->pin_n - d->pin_sent)) > 0)
        d->pin_sent += n;
    if (d->pin_n > 0 && d->pin_sent == d->pin_n)
        forget_pin(d);
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
            give_up(d, DESK_ODD);
            return;
        }
    }
    if (d->fd >= 0)
        give_up(d, DESK_ENDED);
}

int64_t desk_wake(const struct desk *d)
{
    if (!d->job.number)
        return INT64_MAX;
    return d->out.len || d->pin_n ? d->env->mono(d->env) + 20 : d->job.until;
}

void desk_tick(struct desk *d)
{
    send_on(d);
    if (d->job.number && d->env->mono(d->env) >= d->job.until)
        give_up(d, DESK_LATE);
}

/* ── a job ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void put_line(struct desk *d, const struct desk_work *work)
{
    char *encoded = work->statement ? base64_encode(work->statement, work->n) : NULL;
    json_t *job = json_pack("{s:I, s:s, s:s*, s:I}", "job", (json_int_t)d->job.number, "do", work->what,
                            "statement", encoded, "pin", (json_int_t)work->pin_n);
    char *line = job && json_object_update(job, work->line) == 0 ? json_dumps(job, JSON_COMPACT) : NULL;

    if (!line)
        die("out of memory");
    buf_format(&d->out, "%s\n", line);
    if (work->pin_n)
        memcpy(d->pin.bytes, work->pin, work->pin_n);
    d->pin_n = work->pin_n;
    free(line);
    free(encoded);
    json_decref(job);
}

void desk_begin(struct desk *d, const struct desk_work *work, int deadline, const struct desk_job *job)
{
    struct err e = {0};

    if (d->job.number)
        err_set(&e, job->kind->code, "%s", _(job->kind->sentences[DESK_BUSY]));
    else if (work->pin_n > d->pin.size)
        err_set(&e, ERR_AUTH, "%s", _("The PIN is wrong. Nothing was signed. Enter it again."));
    if (e.code != ERR_NONE) {
        json_decref(work->line);
        job->kind->failed(job, &e);
        return;
    }
    d->job = *job;
    d->job.number = ++d->last_number;
    d->job.until = d->env->mono(d->env) + deadline;
    if (d->out.len || d->pin_n) /* one that was called off and has not even left */
        end_helper(d);
    if (d->fd < 0 && !start(d, &e)) {
        json_decref(work->line);
        fail(d, &e);
        return;
    }
    put_line(d, work);
    json_decref(work->line);
    send_on(d);
}

void desk_call_off(struct desk *d)
{
    d->job = (struct desk_job){0};
}

void desk_stop(struct desk *d)
{
    desk_call_off(d);
    end_helper(d);
}

void desk_note(struct desk *d, const char *line)
{
    if (d->fd < 0 || d->out.len || d->pin_n)
        return;
    buf_text(&d->out, line);
    send_on(d);
}
