/* motcua-desk: the helper that carries the heavy libraries. It reads one job a line from its standard input and answers each with one
 * line: {"job", "do": "describe" | "sign", "signer": "software" | "token" | "agent", "keys" | "module" | "socket", "officer", "certificate", "device", "run", "statement", "pin"} or
 * {"job", "do": "look", "module"} or {"job", "do": "check", "statement", "cms", "ca"}, or {"job", "do": "paper", …} (desk/paper.h) → {"job", …} or {"job", "error"}. "pin" is how many bytes of one follow the line, raw. It ends with its input.
 * It refuses to keep anything between two jobs, but the device that a job with "run" has opened: until a job without it, {"do": "end"}, what
 * fails, or RUN_IDLE_MS without a job.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "core/i18n.h"
#include "core/signer_json.h"
#include "desk/agent.h"
#include "desk/check.h"
#include "desk/paper.h"
#include "desk/secret.h"
#include "desk/software.h"
#include "desk/token.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES (512 * 1024)
#define RUN_IDLE_MS    30000

static bool text_of(const json_t *job, const char *member, const char **out, struct err *e)
{
    *out = json_string_value(json_object_get(job, member));
    return *out || err_set(e, ERR_DATA, "%s", _("The job is not understood. Nothing was signed."));
}

static bool not_understood(struct err *e)
{
    return err_set(e, ERR_DATA, "%s", _("The job is not understood. Nothing was signed."));
}

/* What is signed; the caller's to clear. */
static bool statement_of(const json_t *job, struct buf *bytes, struct err *e)
{
    const char *statement;

    return text_of(job, "statement", &statement, e) && (base64_decode(statement, bytes) || not_understood(e));
}

/* Jobs: they fill what describe answers, or give the CMS. */
struct task {
    const json_t *job;
    struct token_run **run;
    char *pin; /* NULL: none came with it */
    size_t pin_n;
    struct signer_certificate certificate;
    struct signer_device device;
    char *cms;
};

static bool with_software(struct task *t, bool signs, struct err *e)
{
    const char *keys, *officer;
    struct buf bytes = {0};
    X509 *certificate = NULL;
    EVP_PKEY *key = NULL;

    if (!text_of(t->job, "keys", &keys, e) || !text_of(t->job, "officer", &officer, e) ||
        !software_open(keys, officer, &certificate, &key, e))
        return false;
    bool ok = signs ? statement_of(t->job, &bytes, e) : cms_describe(certificate, &t->certificate, e);
    if (ok && signs)
        t->cms = cms_sign(certificate, cms_key_signs, key, bytes.data, bytes.len, e);
    buf_clear(&bytes);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ok && (!signs || t->cms);
}

static bool with_token(struct task *t, bool signs, struct err *e)
{
    struct token_wanted wanted = {.module = json_string_value(json_object_get(t->job, "module")),
                                  .serial = json_string_value(json_object_get(t->job, "device"))};
    bool run = signs && json_is_true(json_object_get(t->job, "run"));
    unsigned char *pin = (unsigned char *)t->pin;
    struct buf bytes = {0};

    if (!run)
        token_run_end(t->run);
    if (!text_of(t->job, "certificate", &wanted.sha256, e))
        return false;
    bool ok = signs ? statement_of(t->job, &bytes, e) : token_describe(&wanted, &t->certificate, &t->device, e);
    if (ok && run)
        t->cms = token_run_sign(t->run, &wanted, pin, t->pin_n, bytes.data, bytes.len, e);
    else if (ok && signs)
        t->cms = token_sign(&wanted, pin, t->pin_n, bytes.data, bytes.len, e);
    buf_clear(&bytes);
    return ok && (!signs || t->cms);
}

/* The PIN is typed at home: none is for it here. */
static bool with_agent(struct task *t, bool signs, struct err *e)
{
    const char *socket, *certificate;
    struct buf bytes = {0};

    if (!text_of(t->job, "socket", &socket, e) || !text_of(t->job, "certificate", &certificate, e))
        return false;
    bool ok = signs ? statement_of(t->job, &bytes, e)
                    : agent_describe(socket, certificate, &t->certificate, &t->device, e);
    if (ok && signs)
        t->cms = agent_sign(socket, certificate, bytes.data, bytes.len, e);
    buf_clear(&bytes);
    return ok && (!signs || t->cms);
}

static bool look_around(const json_t *job, json_t *answer, struct err *e)
{
    struct signer_found found[SIGNER_FOUND_MOST];
    size_t n = token_look_around(json_string_value(json_object_get(job, "module")), found, SIGNER_FOUND_MOST, e);
    json_t *all = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *one = json_object();
        signer_put_certificate(one, &found[i].certificate);
        signer_put_device(one, &found[i].device);
        json_array_append_new(all, one);
    }
    json_object_set_new(answer, "found", all);
    return e->code == ERR_NONE;
}

static bool check(const json_t *job, json_t *answer, struct err *e)
{
    const char *text, *ca = json_string_value(json_object_get(job, "ca"));
    struct buf bytes = {0}, cms = {0};
    struct signer_proof proof;
    bool ok =
        statement_of(job, &bytes, e) && text_of(job, "cms", &text, e) &&
        (base64_decode(text, &cms) ||
         err_set(e, ERR_SIGNER, "%s", _("This is no signature of one signer with his certificate inside."))) &&
        check_cms(bytes.data, bytes.len, cms.data, cms.len, ca, &proof, e);

    if (ok) {
        signer_put_certificate(answer, &proof.certificate);
        json_object_set_new(answer, "signed_at", json_integer(proof.signed_at));
        json_object_set_new(answer, "trusted", json_boolean(proof.trusted));
        json_object_set_new(answer, "stamped_at", json_integer(proof.stamp.at));
        json_object_set_new(answer, "stamped_by", json_string(proof.stamp.authority));
        json_object_set_new(answer, "stamp_trusted", json_boolean(proof.stamp.trusted));
    }
    buf_clear(&bytes);
    buf_clear(&cms);
    return ok;
}

static bool run(struct task *t, json_t *answer, struct err *e)
{
    const char *what, *signer;

    if (!text_of(t->job, "do", &what, e))
        return false;
    if (strcmp(what, "check") == 0)
        return check(t->job, answer, e);
    if (strcmp(what, "look") == 0)
        return look_around(t->job, answer, e);
    if (strcmp(what, "end") == 0) {
        token_run_end(t->run);
        return true;
    }
    if (strcmp(what, "paper") == 0)
        return paper_job(t->job, answer, e);
    if (!text_of(t->job, "signer", &signer, e))
        return false;
    bool signs = strcmp(what, "sign") == 0, token = strcmp(signer, "token") == 0,
         agent = strcmp(signer, "agent") == 0;
    if ((!signs && strcmp(what, "describe") != 0) || (!token && !agent && strcmp(signer, "software") != 0))
        return not_understood(e);
    if (!(token ? with_token(t, signs, e) : agent ? with_agent(t, signs, e) : with_software(t, signs, e)))
        return false;
    if (signs) {
        json_object_set_new(answer, "cms", json_string(t->cms));
        json_object_set_new(answer, "each_time", json_boolean(token_run_each_time(*t->run)));
    } else {
        signer_put_certificate(answer, &t->certificate);
        signer_put_device(answer, &t->device);
    }
    return true;
}

/* The other end may be gone: then there is nobody to tell, and nothing left to do. */
static bool send_line(const char *text, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(STDIN_FILENO, text, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        text += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool answer_job(const json_t *job, struct token_run **token_run, char *pin, size_t pin_n, struct err *why)
{
    struct task task = {.job = job, .run = token_run, .pin = pin_n ? pin : NULL, .pin_n = pin_n};
    struct err e = *why;
    json_t *answer = json_object();
    char *text;

    json_object_set_new(answer, "job", json_integer(json_integer_value(json_object_get(job, "job"))));
    if (!job || !run(&task, answer, &e)) {
        json_object_set_new(answer, "error", json_string(e.text));
        json_object_set_new(answer, "pin_wrong", json_boolean(e.code == ERR_AUTH));
        json_object_set_new(answer, "gone", json_boolean(e.code == ERR_NOT_FOUND));
    }
    text = json_dumps(answer, JSON_COMPACT);
    if (!text)
        die("out of memory");
    char *whole = mem_format("%s\n", text);
    bool sent = send_line(whole, strlen(whole));
    free(whole);
    free(text);
    free(task.cms);
    json_decref(answer);
    return sent;
}

/* What has come and was not answered yet: the first `n` bytes, of which the rest is wiped. */
struct input {
    struct secret bytes;
    size_t n;
    struct token_run *run; /* between two of its jobs */
};

enum taken { TAKEN_NOTHING, TAKEN_JOB, TAKEN_END };

/* A whole line and the PIN behind it, if it is all there. */
static enum taken take_job(struct input *in)
{
    const char *end = memchr(in->bytes.bytes, '\n', in->n);
    struct err e = {0};

    if (!end)
        return in->n == in->bytes.size ? TAKEN_END : TAKEN_NOTHING;
    size_t line = (size_t)(end - in->bytes.bytes);
    json_t *job = codec_parse(in->bytes.bytes, line, &e);
    json_int_t pin = json_integer_value(json_object_get(job, "pin"));
    enum taken taken = TAKEN_NOTHING;
    if (pin < 0 || pin > PIN_BYTES_MOST)
        taken = TAKEN_END;
    else if (in->n >= line + 1 + (size_t)pin) {
        size_t used = line + 1 + (size_t)pin;
        taken = answer_job(job, &in->run, in->bytes.bytes + line + 1, (size_t)pin, &e) ? TAKEN_JOB : TAKEN_END;
        memmove(in->bytes.bytes, in->bytes.bytes + used, in->n - used);
        secret_wipe(&in->bytes, in->n - used, used);
        in->n -= used;
    }
    json_decref(job);
    return taken;
}

/* Nothing may stay logged in because nobody comes back. */
static void end_idle_run(struct input *in)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};

    if (in->run && poll(&ready, 1, RUN_IDLE_MS) == 0)
        token_run_end(&in->run);
}

static void serve(struct input *in)
{
    enum taken taken = TAKEN_NOTHING;

    while (taken != TAKEN_END) {
        end_idle_run(in);
        ssize_t n = read(STDIN_FILENO, in->bytes.bytes + in->n, in->bytes.size - in->n);
        if (n == 0 || (n < 0 && errno != EINTR))
            return;
        if (n > 0)
            in->n += (size_t)n;
        do
            taken = take_job(in);
        while (taken == TAKEN_JOB);
    }
}

/* The officer's language, as motcua has it: the catalogue beside the program, else the installed one. */
static void speak(void)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - sizeof "/locale");
    char *end = n > 0 ? memrchr(exe, '/', (size_t)n) : NULL;

    if (end)
        memcpy(end, "/locale", sizeof "/locale");
    setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_MESSAGES, "C.UTF-8");
    bindtextdomain("motcua", end && access(exe, R_OK) == 0 ? exe : LOCALEDIR);
    bind_textdomain_codeset("motcua", "UTF-8");
    textdomain("motcua");
}

int main(int argc, char **argv)
{
    static const struct rlimit none;
    struct input in = {0};

    setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__            /* whose leak checker looks into its own process */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* exec would let others of this account look at a PIN in our memory again */
#endif
    if (argc > 1) {
        fprintf(stderr, "motcua-desk is started by motcua and takes no arguments.\n");
        return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    speak();
    secret_init(&in.bytes, LINE_MAX_BYTES);
    serve(&in);
    token_run_end(&in.run);
    secret_clear(&in.bytes);
    return 0;
}
