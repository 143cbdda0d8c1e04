/* http: requests in, answers out. A long poll is a suspended connection on a list; when something has changed, those whom it concerns
 * are woken, at most every 200 ms, so that many changes make one answer. It refuses to know what a request means.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/http.h"
#include "training/clock.h"

#include <jansson.h>
#include <microhttpd.h>

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define GATHER_MS     200
#define BODY_GIVEN_UP (8 * 1024 * 1024) /* whoever sends more than this is hung up on */
#define CONTROL       "/control"
#define IDLE_SECONDS  120

/* One request on its connection. */
struct exchange {
    struct MHD_Connection *connection;
    char *uri;       /* as it came */
    struct buf body; /* at most CENTRAL_MAX_BODY of it */
    size_t len;
    bool begun, held;
    struct central_hold hold;
    struct exchange *next; /* among those held */
};
struct http {
    struct MHD_Daemon *daemon;
    struct central *central;
    struct clock clock;
    struct exchange *held;
    int64_t changes; /* those that held requests were last asked about */
    int64_t woken;   /* when */
    bool control, stopping;
};

/* ── those who wait ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void hold(struct http *http, struct exchange *x, const struct central_hold *until)
{
    x->hold = *until;
    x->held = true;
    x->next = http->held;
    http->held = x;
    MHD_suspend_connection(x->connection);
}

/* Takes the one at `*at` off the list; its request is then handled again. */
static void wake(struct exchange **at)
{
    struct exchange *x = *at;

    *at = x->next;
    x->next = NULL;
    MHD_resume_connection(x->connection);
}

/* Milliseconds until somebody has to be woken; -1: nobody waits. 0: somebody was, and MHD_run() has to be told: it takes resumed
 * connections up, but MHD_get_timeout() does not count them. */
static int64_t wake_due(struct http *http)
{
    int64_t now = clock_now_ms(&http->clock), mono = clock_mono(), due = INT64_MAX;
    bool changed = central_changes(http->central) != http->changes;

    if (changed && mono - http->woken < GATHER_MS)
        due = http->woken + GATHER_MS - mono;
    for (struct exchange **at = &http->held; *at;) {
        const struct central_hold *h = &(*at)->hold;
        int64_t left = h->until * 1000 - now;
        bool look = changed && mono - http->woken >= GATHER_MS;
        if (left <= 0 || (look && central_ready(http->central, h, now / 1000))) {
            wake(at);
            due = 0;
            continue;
        }
        due = left < due ? left : due;
        at = &(*at)->next;
    }
    if (changed && mono - http->woken >= GATHER_MS) {
        http->changes = central_changes(http->central);
        http->woken = mono;
    }
    return due == INT64_MAX ? -1 : due;
}

/* ── /control ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool from_loopback(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info ? info->client_addr : NULL;

    if (peer && peer->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)peer)->sin_addr.s_addr) >> 24 == 127;
    if (!peer || peer->sa_family != AF_INET6)
        return false;
    const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

static const char *header(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* JSON alone: a web page elsewhere cannot send that here without asking first. */
static int control(struct http *http, struct exchange *x, struct central_answer *answer)
{
    const char *type = header(x, "Content-Type");
    json_t *body = json_loadb(x->body.data ? x->body.data : "", x->body.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *seconds = json_object_get(body, "advance"), *keep = json_object_get(body, "keep_uploads");
    json_int_t n = json_integer_value(seconds);
    char now[INSTANT_TEXT];
    int status = 400;

    if (!from_loopback(x->connection)) {
        status = 404;
    } else if (type && strncmp(type, "application/json", 16) == 0 &&
               (json_is_integer(seconds) || json_is_integer(keep)) && n >= 0 &&
               n <= INT32_MAX - http->clock.advance) {
        http->clock.advance += n;
        if (json_is_integer(keep))
            central_lose_uploads(http->central, json_integer_value(keep), clock_now_ms(&http->clock) / 1000);
        instant_format(clock_now_ms(&http->clock) / 1000, 0, now);
        buf_format(&answer->body, "{\"time\":\"%s\"}", now);
        status = 200;
    }
    json_decref(body);
    return status;
}

/* ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum MHD_Result send_answer(struct exchange *x, struct central_answer *answer)
{
    size_t len = answer->body.len;
    char *body = len ? buf_take(&answer->body) : NULL;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, body, body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);

    if (!response)
        die("out of memory");
    for (size_t i = 0; i < answer->n_headers; i++)
        MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    enum MHD_Result result = MHD_queue_response(x->connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    central_answer_clear(answer);
    return result;
}

static enum MHD_Result handle(struct http *http, struct exchange *x, const char *method)
{
    char *query = strchr(x->uri, '?'),
         *path = mem_copy_n(x->uri, query ? (size_t)(query - x->uri) : strlen(x->uri));
    struct central_answer answer = {0};
    struct central_request request = {
        .method = method,
        .path = path,
        .query = query ? query + 1 : NULL,
        .authorization = header(x, "Authorization"),
        .idempotency_key = header(x, "Idempotency-Key"),
        .if_match = header(x, "If-Match"),
        .accept_language = header(x, "Accept-Language"),
        .content_type = header(x, "Content-Type"),
        .range = header(x, "Range"),
        .user_agent = header(x, "User-Agent"),
        .upload_offset = header(x, "Upload-Offset"),
        .body = x->body.data ? x->body.data : "",
        .len = x->len,
        .hold = x->held ? &x->hold : NULL,
    };
    enum MHD_Result result = MHD_YES;

    if (http->control && strcmp(path, CONTROL) == 0 && strcmp(method, "POST") == 0)
        answer.status = control(http, x, &answer);
    else
        central_answer(http->central, &request, clock_now_ms(&http->clock) / 1000, &answer);
    if (answer.held)
        hold(http, x, &answer.hold);
    else
        result = send_answer(x, &answer);
    mem_free(&path);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *n,
                                  void **state)
{
    struct http *http = context;
    struct exchange *x = *state;

    x->connection = connection;
    if (!x->begun) { /* the headers alone */
        x->begun = true;
        return MHD_YES;
    }
    if (*n > 0) {
        size_t room = x->body.len < CENTRAL_MAX_BODY ? CENTRAL_MAX_BODY - x->body.len : 0;
        buf_add(&x->body, data, *n < room ? *n : room);
        x->len += *n;
        *n = 0;
        return x->len <= BODY_GIVEN_UP ? MHD_YES : MHD_NO;
    }
    return http->stopping ? MHD_NO : handle(http, x, method);
}

/* The first that is heard of a request: its URI whole, before libmicrohttpd takes it apart. */
static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *x = mem_alloc(sizeof *x);

    x->uri = mem_copy(uri);
    return x;
}

static void on_end(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *state;

    if (!x)
        return;
    buf_wipe(&x->body);
    mem_free(&x->uri);
    free(x);
    *state = NULL;
}

static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

/* ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static int bound(int family, const void *address, socklen_t len)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1, zero = 0;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (bind(fd, address, len) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

bool http_listen(bool open, int *port, int *fd, struct err *e)
{
    struct sockaddr_in6 any = {
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)*port), .sin6_addr = in6addr_any};
    struct sockaddr_in v4 = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)*port),
        .sin_addr.s_addr = htonl(open ? INADDR_ANY : INADDR_LOOPBACK),
    };
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } got = {0};
    socklen_t len = sizeof got;

    *fd = open ? bound(AF_INET6, &any, sizeof any) : -1;
    if (*fd < 0)
        *fd = bound(AF_INET, &v4, sizeof v4);
    if (*fd < 0 || getsockname(*fd, &got.any, &len) != 0)
        return err_set(e, ERR_STORE, "port %d: %s", *port, strerror(errno));
    *port = ntohs(got.any.sa_family == AF_INET6 ? got.v6.sin6_port : got.v4.sin_port);
    return true;
}

/* As many connections as there may be descriptors. */
static unsigned connection_limit(void)
{
    struct rlimit limit = {.rlim_cur = 1024};

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    return (unsigned)limit.rlim_cur - 64;
}

bool http_new(const struct http_options *options, struct http **out, struct err *e)
{
    struct http *http = mem_alloc(sizeof *http);
    bool tls = options->tls_cert != NULL;
    unsigned flags =
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK | (tls ? MHD_USE_TLS : 0u);

    http->central = options->central;
    http->control = options->control;
    http->clock = clock_begin(central_start(options->central));
    http->changes = central_changes(options->central);
    http->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET, options->listening,
                         MHD_OPTION_URI_LOG_CALLBACK, on_uri, http, MHD_OPTION_NOTIFY_COMPLETED, on_end, http,
                         MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_CONNECTION_LIMIT,
                         connection_limit(), MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                         tls ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, options->tls_cert,
                         MHD_OPTION_HTTPS_MEM_KEY, options->tls_key, MHD_OPTION_END);
    if (!http->daemon) {
        free(http);
        close(options->listening);
        return err_set(e, ERR_CONFIG, "the server could not be started%s",
                       tls ? ": is the certificate or its key wrong?" : "");
    }
    *out = http;
    return true;
}

void http_run(struct http *http, int stop)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd fds[2] = {{.fd = info->epoll_fd, .events = POLLIN}, {.fd = stop, .events = POLLIN}};

    for (;;) {
        MHD_UNSIGNED_LONG_LONG idle;
        int64_t due = wake_due(http);
        int timeout = due < 0 || due > INT_MAX ? -1 : (int)due;
        if (MHD_get_timeout(http->daemon, &idle) == MHD_YES && (timeout < 0 || idle < (unsigned)timeout))
            timeout = idle > INT_MAX ? INT_MAX : (int)idle;
        if (poll(fds, 2, timeout) > 0 && fds[1].revents)
            return;
        MHD_run(http->daemon);
    }
}

void http_free(struct http **at)
{
    struct http *http = *at;

    if (!http)
        return;
    http->stopping = true;
    while (http->held)
        wake(&http->held);
    MHD_run(http->daemon);
    MHD_stop_daemon(http->daemon);
    free(http);
    *at = NULL;
}
