/* slow_line: see slow_line.h. A thread for each connection.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/slow_line.h"

#include "tests/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE       16384
#define CONNECTIONS 64

struct piece {
    struct piece *next;
    int64_t due; /* harness_now() */
    size_t n;
    char bytes[PIECE];
};
struct way { /* one direction */
    int from, to;
    bool ended; /* no more comes in */
    struct piece *first;
};
struct carried { /* a connection */
    int delay;
    int client, server;
};
struct slow_line {
    int listener, port, upstream, delay;
    pthread_t accepting, threads[CONNECTIONS];
    struct carried carried[CONNECTIONS];
    size_t n;
};

static int connect_to(int port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* ── one direction ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void take_in(struct way *w, int delay)
{
    struct piece *p = calloc(1, sizeof *p), **end = &w->first;
    ssize_t n = p ? recv(w->from, p->bytes, PIECE, 0) : 0;

    if (n <= 0) {
        free(p);
        w->ended = true;
        return;
    }
    p->n = (size_t)n;
    p->due = harness_now() + delay;
    while (*end)
        end = &(*end)->next;
    *end = p;
}

/* false: nobody takes it any more. */
static bool hand_on(struct way *w)
{
    while (w->first && w->first->due <= harness_now()) {
        struct piece *p = w->first;
        for (size_t at = 0; at < p->n;) {
            ssize_t sent = send(w->to, p->bytes + at, p->n - at, MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            at += (size_t)sent;
        }
        w->first = p->next;
        free(p);
    }
    return w->first || !w->ended;
}

static int wait_ms(const struct way *w)
{
    int64_t left = w->first ? w->first->due - harness_now() : 1000;

    return left < 0 ? 0 : (int)left;
}

static void drop(struct way *w)
{
    while (w->first) {
        struct piece *p = w->first;
        w->first = p->next;
        free(p);
    }
}

/* ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void *carry(void *context)
{
    struct carried *c = context;
    struct way up = {.from = c->client, .to = c->server}, down = {.from = c->server, .to = c->client};
    bool goes_on = true;

    while (goes_on) {
        struct pollfd fds[] = {{.fd = up.ended ? -1 : up.from, .events = POLLIN},
                               {.fd = down.ended ? -1 : down.from, .events = POLLIN}};
        int a = wait_ms(&up), b = wait_ms(&down);
        poll(fds, 2, a < b ? a : b);
        if (fds[0].revents)
            take_in(&up, c->delay);
        if (fds[1].revents)
            take_in(&down, c->delay);
        goes_on = hand_on(&up) && hand_on(&down);
    }
    drop(&up);
    drop(&down);
    shutdown(c->client, SHUT_RDWR);
    shutdown(c->server, SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *context)
{
    struct slow_line *l = context;
    int fd, on = 1;

    while (l->n < CONNECTIONS && (fd = accept(l->listener, NULL, NULL)) >= 0) {
        struct carried *c = &l->carried[l->n];
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        *c = (struct carried){.delay = l->delay, .client = fd, .server = connect_to(l->upstream)};
        if (c->server < 0 || pthread_create(&l->threads[l->n], NULL, carry, c) != 0)
            break;
        l->n++;
    }
    return NULL;
}

struct slow_line *slow_line_start(int upstream, int delay_ms)
{
    struct slow_line *l = calloc(1, sizeof *l);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;

    assert_non_null(l);
    l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->listener < 0 || bind(l->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(l->listener, 16) != 0 || getsockname(l->listener, (struct sockaddr *)&at, &len) != 0)
        fail_at(HERE, "no slow line: %s", strerror(errno));
    l->port = ntohs(at.sin_port);
    l->upstream = upstream;
    l->delay = delay_ms;
    if (pthread_create(&l->accepting, NULL, accept_all, l) != 0)
        fail_at(HERE, "no thread for a slow line");
    return l;
}

void slow_line_stop(struct slow_line **at)
{
    struct slow_line *l = *at;

    if (!l)
        return;
    shutdown(l->listener, SHUT_RDWR);
    pthread_join(l->accepting, NULL);
    close(l->listener);
    for (size_t i = 0; i < l->n; i++) {
        shutdown(l->carried[i].client, SHUT_RDWR);
        shutdown(l->carried[i].server, SHUT_RDWR);
        pthread_join(l->threads[i], NULL);
        close(l->carried[i].client);
        close(l->carried[i].server);
    }
    free(l);
    *at = NULL;
}

int slow_line_port(const struct slow_line *l)
{
    return l->port;
}
