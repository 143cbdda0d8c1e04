/* motcua-desk: the helper that carries the heavy libraries. It reads one job a line from its standard input and answers each with one
 * line: {"job", "do": "describe" | "sign", "keys", "officer", "statement"} → {"job", …} or {"job", "error"}. It ends with its input.
 * It refuses to keep anything between two jobs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "core/i18n.h"
#include "desk/software.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES (512 * 1024)

static bool text_of(const json_t *job, const char *member, const char **out, struct err *e)
{
    *out = json_string_value(json_object_get(job, member));
    return *out || err_set(e, ERR_DATA, "%s", _("The job is not understood. Nothing was signed."));
}

static bool describe(X509 *certificate, json_t *answer, struct err *e)
{
    struct signer_certificate c;

    if (!cms_describe(certificate, &c, e))
        return false;
    json_object_set_new(answer, "name", json_string(c.name));
    json_object_set_new(answer, "sha256", json_string(c.sha256));
    json_object_set_new(answer, "from", json_integer(c.from));
    json_object_set_new(answer, "until", json_integer(c.until));
    return true;
}

static bool sign(const json_t *job, X509 *certificate, EVP_PKEY *key, json_t *answer, struct err *e)
{
    const char *statement;
    struct buf bytes = {0};
    char *cms = NULL;

    if (text_of(job, "statement", &statement, e) &&
        (base64_decode(statement, &bytes) ||
         err_set(e, ERR_DATA, "%s", _("The job is not understood. Nothing was signed."))))
        cms = cms_sign(certificate, key, bytes.data, bytes.len, e);
    if (cms)
        json_object_set_new(answer, "cms", json_string(cms));
    buf_clear(&bytes);
    free(cms);
    return cms != NULL;
}

static bool run(const json_t *job, json_t *answer, struct err *e)
{
    const char *what, *keys, *officer;
    X509 *certificate = NULL;
    EVP_PKEY *key = NULL;
    bool ok = false;

    if (!text_of(job, "do", &what, e) || !text_of(job, "keys", &keys, e) ||
        !text_of(job, "officer", &officer, e) || !software_open(keys, officer, &certificate, &key, e))
        return false;
    if (strcmp(what, "sign") == 0)
        ok = sign(job, certificate, key, answer, e);
    else if (strcmp(what, "describe") == 0)
        ok = describe(certificate, answer, e);
    else
        err_set(e, ERR_DATA, "%s", _("The job is not understood. Nothing was signed."));
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ok;
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

static bool answer_line(const char *line, size_t n)
{
    struct err e = {0};
    json_t *job = codec_parse(line, n, &e), *answer = json_object();
    char *text;

    json_object_set_new(answer, "job", json_integer(json_integer_value(json_object_get(job, "job"))));
    if (!job || !run(job, answer, &e))
        json_object_set_new(answer, "error", json_string(e.text));
    text = json_dumps(answer, JSON_COMPACT);
    if (!text)
        die("out of memory");
    char *whole = mem_format("%s\n", text);
    bool sent = send_line(whole, strlen(whole));
    free(whole);
    free(text);
    json_decref(answer);
    json_decref(job);
    return sent;
}

/* Answers every whole line in `in`, and keeps the rest. */
static bool take_lines(struct buf *in)
{
    size_t from = 0;

    for (;;) {
        const char *end = memchr(in->data + from, '\n', in->len - from);
        if (!end)
            break;
        size_t n = (size_t)(end - in->data) - from;
        if (!answer_line(in->data + from, n))
            return false;
        from += n + 1;
    }
    memmove(in->data, in->data + from, in->len - from + 1);
    in->len -= from;
    return in->len <= LINE_MAX_BYTES;
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
    char piece[4096];
    struct buf in = {0};
    ssize_t n;

    setrlimit(RLIMIT_CORE, &none);
    if (argc > 1) {
        fprintf(stderr, "motcua-desk is started by motcua and takes no arguments.\n");
        return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    speak();
    while ((n = read(STDIN_FILENO, piece, sizeof piece)) != 0) {
        if (n < 0 && errno != EINTR)
            break;
        if (n > 0)
            buf_add(&in, piece, (size_t)n);
        if (in.len && !take_lines(&in))
            break;
    }
    buf_wipe(&in);
    return 0;
}
