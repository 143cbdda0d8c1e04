/* replay: a central server that has nothing to think about: the answers that `fill` kept, served from memory, so that what is measured
 * is the client. Whoever has all of them waits for ever. It refuses to check a token, and to be more than a bench needs.
 *
 *     replay PORT PAGES NOW plain|expired [CERT KEY]
 *
 * NOW is its clock (seconds since 1970); expired: the first that comes with a cursor is told to begin anew (410).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/instant.h"
#include "core/json_split.h"
#include "tests/bench/pages.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct answer {
    char *name; /* path, or PAGES_CHANGES */
    char *bytes, *cursor;
    size_t len;
};
struct replay {
    struct answer *answers;
    size_t n, first, last; /* of the changes */
    int64_t now, began;
    bool expired, secure;
    int port;
};

static int64_t mono(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/* ── what there is ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* The answer says where it thinks that the server is. */
static void put_base(const struct replay *r, struct answer *a)
{
    struct buf out = {0};
    char *base = mem_format("%s://127.0.0.1:%d", r->secure ? "https" : "http", r->port);
    const char *at = a->bytes, *next;

    while ((next = strstr(at, PAGES_BASE))) {
        buf_add(&out, at, (size_t)(next - at));
        buf_text(&out, base);
        at = next + strlen(PAGES_BASE);
    }
    buf_text(&out, at);
    mem_free(&a->bytes);
    a->len = out.len;
    a->bytes = buf_take(&out);
    mem_free(&base);
}

static void read_cursor(struct answer *a)
{
    struct arena arena = {0};
    struct change_page page;

    if (!json_split_page(a->bytes, a->len, &arena, &page, NULL))
        die("replay: a page is broken");
    a->cursor = mem_copy(page.cursor);
    arena_clear(&arena);
}

static bool load(struct replay *r, const char *path)
{
    FILE *file = fopen(path, "re");
    char name[128];
    size_t len;

    if (!file)
        return false;
    while (fscanf(file, "%127s %zu", name, &len) == 2 && fgetc(file) == '\n') {
        struct answer a = {.name = mem_copy(name), .bytes = mem_alloc(len + 1), .len = len};
        if (fread(a.bytes, 1, len, file) != len)
            die("replay: the file of pages is cut short");
        if (strcmp(name, PAGES_CHANGES) == 0) {
            read_cursor(&a);
            r->last = r->n;
            r->first = r->first ? r->first : r->n;
        } else {
            put_base(r, &a);
        }
        r->answers = mem_grow(r->answers, r->n + 1, sizeof *r->answers);
        r->answers[r->n++] = a;
    }
    fclose(file);
    return r->first > 0;
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum MHD_Result send_bytes(struct replay *r, struct MHD_Connection *connection, unsigned status,
                                  char *bytes, size_t len, enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(len, bytes, mode);
    char date[INSTANT_HTTP];

    instant_format_http(r->now + mono() - r->began, date);
    MHD_add_response_header(response, "Date", date);
    MHD_add_response_header(response, "Content-Type",
                            status == 200 ? "application/json" : "application/problem+json");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_kept(struct replay *r, struct MHD_Connection *connection, const struct answer *a)
{
    return send_bytes(r, connection, 200, a->bytes, a->len, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_problem(struct replay *r, struct MHD_Connection *connection, unsigned status,
                                    const char *type)
{
    char *text =
        mem_format("{\"type\":\"urn:onestop:problem:%s\",\"title\":\"%s\",\"status\":%u}", type, type, status);

    return send_bytes(r, connection, status, text, strlen(text), MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result send_changes(struct replay *r, struct MHD_Connection *connection)
{
    const char *since = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "since");
    size_t i = r->first;

    if (!since)
        return send_kept(r, connection, &r->answers[i]);
    if (r->expired) {
        r->expired = false;
        return send_problem(r, connection, 410, "cursor-expired");
    }
    while (i <= r->last && strcmp(r->answers[i].cursor, since) != 0)
        i++;
    if (i < r->last)
        return send_kept(r, connection, &r->answers[i + 1]);
    if (i > r->last)
        return send_problem(r, connection, 410, "cursor-expired");
    if (MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "wait")) {
        MHD_suspend_connection(connection);
        return MHD_YES;
    }
    char *text = mem_format("{\"changes\":[],\"cursor\":\"%s\",\"more\":false}", since);
    return send_bytes(r, connection, 200, text, strlen(text), MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *n,
                                  void **state)
{
    struct replay *r = context;

    *n = 0;
    if (strcmp(url, "/api/v1/changes") == 0)
        return send_changes(r, connection);
    for (size_t i = 0; i < r->first; i++)
        if (strcmp(r->answers[i].name, url) == 0)
            return send_kept(r, connection, &r->answers[i]);
    return send_problem(r, connection, 404, "not-found");
}

/* ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *text_of(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = mem_alloc(65536);

    if (!file || fread(text, 1, 65535, file) == 0)
        die("replay: %s cannot be read", path);
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    struct replay r = {.began = mono()};

    if (argc != 5 && argc != 7)
        return 2;
    r.port = (int)strtol(argv[1], NULL, 10);
    r.now = strtoll(argv[3], NULL, 10);
    r.expired = strcmp(argv[4], "expired") == 0;
    r.secure = argc == 7;
    if (!load(&r, argv[2]))
        die("replay: no pages in %s", argv[2]);
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)r.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char *cert = r.secure ? text_of(argv[5]) : NULL, *key = r.secure ? text_of(argv[6]) : NULL;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_SUPPRESS_DATE_NO_CLOCK | (r.secure ? MHD_USE_TLS : 0u);
    struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, &r, MHD_OPTION_SOCK_ADDR,
                                                 &at, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
                                                 r.secure ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, cert,
                                                 MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_END);
    if (!daemon)
        die("replay: port %d cannot be had", r.port);
    puts("ready");
    fflush(stdout);
    for (;;)
        pause(); /* until it is killed */
}
