/* client: see client.h. One helper, one job at a time; a job that is late, or whose helper dies, is answered with a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/client.h"

#include "core/codec.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "desk/secret.h"

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
    enum { DESCRIBES, SIGNS, CHECKS } kind;
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
    struct secret pin;  /* leaves behind `out` */
    size_t pin_n, pin_sent;
    struct job job;
};
struct desk_signer {
    struct signer signer; /* first: it is what callers hold */
    struct desk *desk;
    const char *kind; /* "software", "token" */
    char *place;      /* its directory of keys, or the path of its driver, NULL: any */
};

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
           copy_text(answer, "issuer", c->issuer, sizeof c->issuer) &&
           copy_text(answer, "serial", c->serial, sizeof c->serial) &&
           copy_text(answer, "sha256", c->sha256, sizeof c->sha256);
}

static bool read_device(const json_t *answer, struct signer_device *device)
{
    const json_t *asks = json_object_get(answer, "asks_pin"), *last = json_object_get(answer, "last_try"),
                 *forwarded = json_object_get(answer, "forwarded");

    device->asks_pin = json_is_true(asks);
    device->last_try = json_is_true(last);
    device->forwarded = json_is_true(forwarded);
    return json_is_boolean(asks) && json_is_boolean(last) && json_is_boolean(forwarded) &&
           copy_text(answer, "device", device->label, sizeof device->label);
}

static bool read_proof(const json_t *answer, struct signer_proof *proof)
{
    const json_t *at = json_object_get(answer, "signed_at"), *trusted = json_object_get(answer, "trusted");

    proof->signed_at = json_integer_value(at);
    proof->trusted = json_is_true(trusted);
    return json_is_integer(at) && json_is_boolean(trusted) && read_certificate(answer, &proof->certificate);
}

static bool take_answer(struct desk *d, const json_t *answer)
{
    struct signer_result result = {0};
    struct signer_proof proof = {0};
    const char *error = json_string_value(json_object_get(answer, "error"));

    if (!d->job.number || json_integer_value(json_object_get(answer, "job")) != d->job.number)
        return true; /* to a job that was called off */
    if (error) {
        bool pin_wrong = json_is_true(json_object_get(answer, "pin_wrong"));
        err_set(&result.err, pin_wrong ? ERR_AUTH : ERR_SIGNER, "%s", error);
    } else if (d->job.kind == CHECKS) {
        if (!read_proof(answer, &proof))
            return false;
        result.proof = &proof;
    } else if (d->job.kind == SIGNS) {
        result.cms = json_string_value(json_object_get(answer, "cms"));
        if (!result.cms)
            return false;
    } else if (!read_certificate(answer, &result.certificate) || !read_device(answer, &result.device)) {
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
    return d->out.len || d->pin_n ? d->env->mono(d->env) + 20 : d->job.until;
}

void desk_tick(struct desk *d)
{
    send_on(d);
    if (d->job.number && d->env->mono(d->env) >= d->job.until)
        give_up(
            d,
            _("The signing device does not answer in time. Nothing was signed. Check the device or the SSH line, then press F9."));
}

/* ── a job ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a job is about. */
struct work {
    int kind;
    json_t *line; /* what only it has; taken */
    const void *statement, *pin;
    size_t n, pin_n;
};

static void put_line(struct desk *d, const struct work *work)
{
    static const char *const names[] = {[DESCRIBES] = "describe", [SIGNS] = "sign", [CHECKS] = "check"};
    char *encoded = work->statement ? base64_encode(work->statement, work->n) : NULL;
    json_t *job = json_pack("{s:I, s:s, s:s*, s:I}", "job", (json_int_t)d->job.number, "do",
                            names[work->kind], "statement", encoded, "pin", (json_int_t)work->pin_n);
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

static void begin(struct desk *d, const struct work *work, int deadline, done_fn *done, void *context)
{
    struct err e = {0};

    if (d->job.number)
        err_set(&e, ERR_SIGNER, "%s", _("The signing device is at work. Wait for its answer."));
    else if (work->pin_n > d->pin.size)
        err_set(&e, ERR_AUTH, "%s", _("The PIN is wrong. Nothing was signed. Enter it again."));
    if (e.code != ERR_NONE) {
        json_decref(work->line);
        done(context, &(struct signer_result){.err = e});
        return;
    }
    d->job = (struct job){.number = ++d->last_number,
                          .until = d->env->mono(d->env) + deadline,
                          .kind = work->kind,
                          .done = done,
                          .context = context};
    if (d->out.len || d->pin_n) /* one that was called off and has not even left */
        end_helper(d);
    if (d->fd < 0 && !start(d, &e)) {
        json_decref(work->line);
        finish_err(d, &e);
        return;
    }
    put_line(d, work);
    json_decref(work->line);
    send_on(d);
}

/* ── signers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static json_t *line_for(const struct desk_signer *s, const struct signer_who *who)
{
    bool software = strcmp(s->kind, "software") == 0;

    return json_pack("{s:s, s:s*, s:s*, s:s*}", "signer", s->kind, software ? "keys" : "module", s->place,
                     "officer", who->officer, "certificate", who->certificate);
}

static void describe(struct signer *signer, const struct signer_who *who, int deadline, done_fn *done,
                     void *context)
{
    struct desk_signer *s = (struct desk_signer *)signer;

    begin(s->desk, &(struct work){.kind = DESCRIBES, .line = line_for(s, who)}, deadline, done, context);
}

static void sign(struct signer *signer, const struct signer_who *who, const void *statement, size_t n,
                 const void *pin, size_t pin_n, int deadline, done_fn *done, void *context)
{
    struct desk_signer *s = (struct desk_signer *)signer;
    struct work work = {
        .kind = SIGNS, .line = line_for(s, who), .statement = statement, .n = n, .pin = pin, .pin_n = pin_n};

    begin(s->desk, &work, deadline, done, context);
}

void desk_check(struct desk *d, const void *statement, size_t n, const char *cms, const char *ca,
                int deadline, done_fn *done, void *context)
{
    struct work work = {
        .kind = CHECKS, .line = json_pack("{s:s, s:s*}", "cms", cms, "ca", ca), .statement = statement, .n = n};

    begin(d, &work, deadline, done, context);
}

static void call_off(struct signer *signer)
{
    ((struct desk_signer *)signer)->desk->job = (struct job){0};
}

static void free_signer(struct signer *signer)
{
    struct desk_signer *s = (struct desk_signer *)signer;

    call_off(signer);
    mem_free(&s->place);
    free(s);
}

static struct signer *new_signer(struct desk *desk, const char *kind, const char *place)
{
    struct desk_signer *s = mem_alloc(sizeof *s);

    *s = (struct desk_signer){
        .signer = {.describe = describe, .sign = sign, .cancel = call_off, .free = free_signer},
        .desk = desk,
        .kind = kind,
        .place = place ? mem_copy(place) : NULL,
    };
    return &s->signer;
}

struct signer *desk_training_signer(struct desk *desk, const char *keys_dir)
{
    return new_signer(desk, "software", keys_dir);
}

struct signer *desk_token_signer(struct desk *desk, const char *module)
{
    return new_signer(desk, "token", module);
}
