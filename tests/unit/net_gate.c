/* net_gate: see net_gate.h. One process accepts, one more for each connection; what they share lies in one mapping.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_gate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RULES = 16, SEEN = 256, ROOM = 4 << 20, MESSAGE = 3 << 20 };

struct shared_rule {
    char begins[128];
    enum gate_does does;
    size_t at, n; /* in `room` */
    bool always;
    atomic_int left;
};
struct shared {
    atomic_int n_rules;
    struct shared_rule rules[RULES];
    atomic_size_t n_seen;
    struct gate_seen seen[SEEN];
    size_t used;
    char room[ROOM];
};
struct gate {
    struct shared *shared;
    pid_t pid;
    int upstream;
    char *url;
};

/* ── bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool put(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = send(fd, bytes, n, MSG_NOSIGNAL);
        if (done <= 0)
            return false;
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

static const char *field(const char *head, const char *name)
{
    for (const char *line = strchr(head, '\n'); line; line = strchr(line, '\n')) {
        line++;
        if (strncasecmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            return line + strlen(name) + 1 + strspn(line + strlen(name) + 1, " ");
    }
    return NULL;
}

static void copy_field(const char *head, const char *name, char *out, size_t size)
{
    const char *value = field(head, name);
    snprintf(out, size, "%.*s", value ? (int)strcspn(value, "\r\n") : 0, value ? value : "");
}

/* One message with its head and Content-Length body (no chunks: our server makes none, our client neither). 0: the end. */
static size_t take(int fd, char *out)
{
    size_t n = 0, whole = 0;
    while (n < MESSAGE - 1 && (whole == 0 || n < whole)) {
        ssize_t got = recv(fd, out + n, MESSAGE - 1 - n, 0);
        if (got <= 0)
            return 0;
        n += (size_t)got;
        out[n] = '\0';
        char *end = strstr(out, "\r\n\r\n");
        if (end && whole == 0) {
            const char *length = field(out, "Content-Length");
            whole = (size_t)(end - out) + 4 + (length ? strtoul(length, NULL, 10) : 0);
        }
    }
    return n;
}

static int dial(int port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* ── one connection ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void note(struct shared *s, const char *message)
{
    size_t i = atomic_fetch_add(&s->n_seen, 1);
    if (i >= SEEN)
        return;
    struct gate_seen *seen = &s->seen[i];
    const char *body = strstr(message, "\r\n\r\n");
    snprintf(seen->line, sizeof(seen->line), "%.*s", (int)strcspn(message, "\r"), message);
    snprintf(seen->head, sizeof(seen->head), "%.*s", (int)(body - message), message);
    snprintf(seen->body, sizeof(seen->body), "%s", body + 4);
    copy_field(message, "Idempotency-Key", seen->key, sizeof(seen->key));
    copy_field(message, "If-Match", seen->if_match, sizeof(seen->if_match));
    copy_field(message, "Authorization", seen->token, sizeof(seen->token));
}

static const struct shared_rule *rule_for(struct shared *s, const char *message)
{
    int n = atomic_load(&s->n_rules);
    for (int i = 0; i < n; i++) {
        struct shared_rule *r = &s->rules[i];
        if (strncmp(message, r->begins, strlen(r->begins)) != 0)
            continue;
        if (r->always || atomic_fetch_sub(&r->left, 1) > 0)
            return r;
    }
    return NULL;
}

/* Waits until the other side is gone, at most `ms`. */
static bool still_there(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};
    return poll(&p, 1, ms) == 0;
}

static bool pass_on(const struct gate *g, int fd, const char *message, size_t n, enum gate_does does, char *answer)
{
    int up = g->upstream ? dial(g->upstream) : -1;
    bool ok = up >= 0 && put(up, message, n);
    size_t got = 0;
    /* A long poll is given up with its client. */
    while (ok && got == 0) {
        struct pollfd p[2] = {{.fd = up, .events = POLLIN}, {.fd = fd, .events = POLLRDHUP}};
        if (poll(p, 2, -1) < 0 || (p[1].revents & (POLLRDHUP | POLLHUP)))
            ok = false;
        else if (p[0].revents)
            ok = (got = take(up, answer)) > 0;
    }
    if (up >= 0)
        close(up);
    if (does == GATE_CUT && ok)
        put(fd, answer, got - 1);
    return ok && does == GATE_PASS && put(fd, answer, got);
}

static bool serve(const struct gate *g, int fd, const char *message, size_t n, char *answer)
{
    struct shared *s = g->shared;
    note(s, message);
    const struct shared_rule *r = rule_for(s, message);
    const char *bytes = r ? s->room + r->at : NULL;
    switch (r ? r->does : g->upstream ? GATE_PASS : GATE_DROP) {
    case GATE_PASS:
    case GATE_LOSE:
    case GATE_CUT:
        return pass_on(g, fd, message, n, r ? r->does : GATE_PASS, answer);
    case GATE_SAY:
        put(fd, bytes, r->n);
        return false;
    case GATE_DRIP:
        for (size_t i = 0; i < r->n && put(fd, bytes + i, 1); i++)
            if (i >= r->n / 2 && !still_there(fd, 1000))
                break;
        return false;
    case GATE_HANG:
        while (still_there(fd, 1000))
            ;
        return false;
    case GATE_DROP:
        return false;
    }
    return false;
}

static _Noreturn void connection(const struct gate *g, int fd)
{
    char *message = malloc(MESSAGE), *answer = malloc(MESSAGE);
    size_t n;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (message && answer && (n = take(fd, message)) > 0 && serve(g, fd, message, n, answer))
        ;
    _exit(0);
}

static _Noreturn void accept_all(const struct gate *g, int listener)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (fork() == 0) {
            close(listener);
            connection(g, fd);
        }
        close(fd);
    }
}

/* ── the test's side ─────────────────────────────────────────────────────────────────────────────────────────────── */

struct gate *gate_start(int upstream)
{
    struct gate *g = calloc(1, sizeof(*g));
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!g || bind(listener, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &size) != 0)
        fail_at(HERE, "no gate: %s", strerror(errno));
    g->shared = mmap(NULL, sizeof(*g->shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (g->shared == MAP_FAILED)
        fail_at(HERE, "no gate: %s", strerror(errno));
    g->upstream = upstream;
    g->url = text_new("http://127.0.0.1:%d", ntohs(at.sin_port));
    g->pid = fork();
    if (g->pid == 0)
        accept_all(g, listener);
    close(listener);
    return g;
}

void gate_stop(struct gate **at)
{
    struct gate *g = *at;
    if (!g)
        return;
    kill(g->pid, SIGKILL);
    waitpid(g->pid, NULL, 0);
    munmap(g->shared, sizeof(*g->shared));
    free(g->url);
    free(g);
    *at = NULL;
}

const char *gate_url(const struct gate *g)
{
    return g->url;
}

void gate_rules(struct gate *g, const struct gate_rule *rules, size_t n)
{
    struct shared *s = g->shared;
    atomic_store(&s->n_rules, 0);
    s->used = 0;
    for (size_t i = 0; i < n; i++) {
        struct shared_rule *r = &s->rules[i];
        size_t len = rules[i].n ? rules[i].n : rules[i].bytes ? strlen(rules[i].bytes) : 0;
        if (n > RULES || len > ROOM - s->used)
            fail_at(HERE, "no room for so many rules");
        snprintf(r->begins, sizeof(r->begins), "%s", rules[i].begins);
        r->does = rules[i].does;
        r->at = s->used;
        r->n = len;
        r->always = rules[i].times == 0;
        atomic_store(&r->left, rules[i].times);
        if (len > 0)
            memcpy(s->room + s->used, rules[i].bytes, len);
        s->used += len;
    }
    atomic_store(&s->n_rules, (int)n);
}

const struct gate_seen *gate_seen(const struct gate *g, const char *begins, size_t n)
{
    size_t seen = atomic_load(&g->shared->n_seen);
    for (size_t i = 0; i < seen && i < SEEN; i++)
        if (strncmp(g->shared->seen[i].line, begins, strlen(begins)) == 0 && n-- == 0)
            return &g->shared->seen[i];
    return NULL;
}

size_t gate_count(const struct gate *g, const char *begins)
{
    size_t n = 0;
    while (gate_seen(g, begins, n))
        n++;
    return n;
}

char *gate_answer(int status, const char *type, const char *more_headers, const char *body)
{
    return text_new("HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n%s", status, type,
                    strlen(body), more_headers, body);
}
