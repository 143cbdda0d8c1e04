/* print: results, sentences and problems on stdout and stderr. Nothing that came from outside reaches a terminal as it came.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Invisible or able to drive a terminal: DEL and C1, zero-width and directions, line and paragraph separators, tags. */
static bool is_unsafe(uint32_t c)
{
    return (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

/* One character of JSON that has passed the codec, so it is UTF-8. */
static size_t decode(const char *at, size_t len, uint32_t *c)
{
    unsigned char lead = (unsigned char)*at;
    size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    *c = n == 1 ? lead : lead & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n && i < len; i++)
        *c = *c << 6 | ((unsigned char)at[i] & 0x3F);
    return n < len ? n : len;
}

static void put_escaped(uint32_t c)
{
    if (c < 0x10000)
        printf("\\u%04x", c);
    else
        printf("\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
}

void print_json(const char *json, size_t len)
{
    size_t from = 0;
    uint32_t c;

    for (size_t i = 0, n; i < len; i += n) {
        n = decode(json + i, len - i, &c);
        if (!is_unsafe(c) && c != '\n' && c != '\r') /* line breaks can only stand between members */
            continue;
        fwrite(json + from, 1, i - from, stdout);
        from = i + n;
        if (c != '\n' && c != '\r')
            put_escaped(c);
    }
    fwrite(json + from, 1, len - from, stdout);
}

void print_object(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_ENCODE_ANY);

    json_decref(object);
    if (!text)
        die("JSON that cannot be written");
    print_json(text, strlen(text));
    fputc('\n', stdout);
    free(text);
}

void print_line(const struct cli *cli, const char *format, ...)
{
    va_list args;

    if (cli->json)
        return;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    fputc('\n', stdout);
}

void print_cell(struct buf *out, const char *shown, int columns, bool right)
{
    struct arena arena = {0};
    const char *cut = text_cut(&arena, shown, columns);
    int blanks = columns - text_width(cut);

    if (right)
        buf_format(out, "%*s%s", blanks, "", cut);
    else
        buf_format(out, "%s%*s", cut, blanks, "");
    arena_clear(&arena);
}

/* ── problems ────────────────────────────────────────────────────────────────────────────────────────────────────── */

int exit_code(enum err_code code)
{
    switch (code) {
    case ERR_NONE:
        return 0;
    case ERR_USAGE:
    case ERR_INPUT:
        return 2;
    case ERR_OFFLINE:
        return 3;
    case ERR_AUTH:
        return 4;
    case ERR_CONFLICT:
        return 5;
    case ERR_REFUSED:
    case ERR_NOT_FOUND:
    case ERR_STORE:
    case ERR_DATA:
    case ERR_CONFIG:
    case ERR_SERVER:
    case ERR_SIGNER:
        break;
    }
    return 1;
}

static const char *const names[] = {
    [ERR_USAGE] = "usage",         [ERR_INPUT] = "input",       [ERR_REFUSED] = "refused",
    [ERR_NOT_FOUND] = "not-found", [ERR_STORE] = "store",       [ERR_DATA] = "data",
    [ERR_CONFIG] = "config",       [ERR_SERVER] = "server",     [ERR_OFFLINE] = "offline",
    [ERR_AUTH] = "sign-in",        [ERR_CONFLICT] = "conflict", [ERR_SIGNER] = "signer",
};

/* The server's own document where there is one, else ours. */
static json_t *problem_of(const struct cli *cli, const struct err *e, const char *sentence)
{
    json_t *problem = cli->problem ? codec_parse(cli->problem, strlen(cli->problem), NULL) : NULL;

    if (json_is_string(json_object_get(problem, "title")))
        return problem;
    json_decref(problem);
    char *type = mem_format("urn:motcua:problem:%s", names[e->code]);
    problem = json_pack("{s:s, s:s}", "type", type, "title", sentence);
    mem_free(&type);
    return problem;
}

int print_problem(const struct cli *cli, const struct err *e)
{
    struct buf sentence = {0};

    text_display(e->text, strlen(e->text), TEXT_PLAIN, &sentence);
    if (cli->json) {
        json_t *problem = problem_of(cli, e, sentence.data ? sentence.data : "");
        char *text = json_dumps(problem, JSON_COMPACT | JSON_ENSURE_ASCII);
        fprintf(stderr, "%s\n", text ? text : "{}");
        free(text);
        json_decref(problem);
    } else if (sentence.len > 0) {
        fprintf(stderr, "motcua: %s\n", sentence.data);
    }
    buf_clear(&sentence);
    return exit_code(e->code);
}
