/* training: `motcua-training` under the load of a district: 500 workstations in long polls, spread over the units as its officers are,
 * and 50 actions a second for a minute. Measured is the time from an action's answer to the last workstation that may see it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mem.h"
#include "tests/bench/bench.h"
#include "tests/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define STATIONS  500
#define RATE      50
#define LOAD_MS   60000
#define LAST_MS   10000 /* and so long what is left may take */
#define OFFICERS  128   /* at most: bits of `sees` */
#define ACTORS    16    /* connections for actions */
#define DOSSIERS  "20000"
#define POLL_WAIT 55

struct officer {
    char *id, *token, *cursor;
};
struct subject { /* a dossier that an action may be taken on */
    char *id;
    long long version;
    uint64_t sees[OFFICERS / 64];
    int officer;      /* one who may comment on it */
    double answered;  /* 0: not yet */
    size_t waits;     /* workstations that have not seen it */
    bool used, *seen; /* by workstation */
};
struct line { /* a connection */
    int fd, officer;
    bool busy;
    struct buf in;
    struct subject *acts; /* whose answer it waits for; NULL: a workstation */
};
struct load {
    struct server *server;
    struct officer officers[OFFICERS];
    size_t n_officers, n_subjects, cap_subjects, next, unseen;
    struct subject *subjects;
    size_t *bucket, n_buckets; /* by id: number + 1 */
    struct line stations[STATIONS], actors[ACTORS];
    int epoll;
    struct samples reach;
    size_t actions;
};

/* ── who there is ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void read_officers(struct load *l)
{
    json_t *json = json_load_file("training/scenarios/chau-duc-2022.json", 0, NULL), *officer;
    size_t i;

    json_array_foreach(json_object_get(json, "officers"), i, officer)
    {
        const char *id = json_string_value(json_object_get(officer, "id"));
        if (l->n_officers == OFFICERS || !id)
            fail_at(HERE, "the scenario's officers");
        l->officers[l->n_officers++] =
            (struct officer){.id = mem_copy(id), .token = server_token(l->server, id)};
    }
    json_decref(json);
}

static size_t hash(const char *id, size_t n)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)id[i]) * 1099511628211u;
    return (size_t)h;
}

static struct subject *find(struct load *l, const char *id, size_t n)
{
    for (size_t b = hash(id, n) & (l->n_buckets - 1); l->bucket[b]; b = (b + 1) & (l->n_buckets - 1)) {
        struct subject *s = &l->subjects[l->bucket[b] - 1];
        if (strncmp(s->id, id, n) == 0 && s->id[n] == '\0')
            return s;
    }
    return NULL;
}

static struct subject *add(struct load *l, const char *id)
{
    size_t n = strlen(id), b = hash(id, n) & (l->n_buckets - 1);
    struct subject *s = find(l, id, n);

    if (s)
        return s;
    if (l->n_subjects == l->cap_subjects)
        fail_at(HERE, "more dossiers than expected");
    s = &l->subjects[l->n_subjects++];
    *s = (struct subject){.id = mem_copy(id), .officer = -1};
    while (l->bucket[b])
        b = (b + 1) & (l->n_buckets - 1);
    l->bucket[b] = l->n_subjects;
    return s;
}

static bool may_comment(const json_t *dossier)
{
    json_t *action;
    size_t i;

    json_array_foreach(json_object_get(dossier, "actions"), i, action)
    {
        if (strcmp(json_string_value(json_object_get(action, "action")), "comment") == 0)
            return true;
    }
    return false;
}

/* One officer's full pass: whose bits are set is who may see. */
static void take_pass(struct load *l, size_t officer)
{
    struct officer *o = &l->officers[officer];
    bool more = true;

    while (more) {
        char *path =
            o->cursor ? text_new("/changes?limit=200&since=%s", o->cursor) : text_new("/changes?limit=200");
        struct reply r;
        json_t *entry;
        size_t i;
        server_call(l->server, "GET", path, o->token, NULL, NULL, &r);
        if (r.status != 200)
            fail_at(HERE, "%s: %ld %s", path, r.status, r.body);
        json_array_foreach(json_object_get(r.json, "changes"), i, entry)
        {
            json_t *data = json_object_get(entry, "data");
            if (strcmp(json_string_value(json_object_get(entry, "type")), "dossier") != 0 || !data)
                continue;
            struct subject *s = add(l, json_string_value(json_object_get(entry, "id")));
            s->version = json_integer_value(json_object_get(entry, "version"));
            s->sees[officer / 64] |= UINT64_C(1) << (officer % 64);
            if (may_comment(data) && (s->officer < 0 || officer % 7 == l->n_subjects % 7))
                s->officer = (int)officer;
        }
        mem_free(&o->cursor);
        o->cursor = mem_copy(reply_text(&r, "cursor"));
        more = json_is_true(json_object_get(r.json, "more"));
        reply_clear(&r);
        free(path);
    }
}

/* ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void connect_line(struct load *l, struct line *line, int officer)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)l->server->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};

    line->officer = officer;
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line->fd < 0 || connect(line->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        epoll_ctl(l->epoll, EPOLL_CTL_ADD, line->fd, &event) != 0)
        fail_at(HERE, "a connection: %s", strerror(errno));
}

static void send_text(struct line *line, char *text)
{
    size_t n = strlen(text);

    if (send(line->fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
        fail_at(HERE, "a request: %s", strerror(errno));
    line->busy = true;
    free(text);
}

static void poll_again(struct load *l, struct line *line, const char *cursor, size_t n)
{
    send_text(line, text_new("GET /api/v1/changes?limit=200&wait=%d&since=%.*s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                             "Authorization: Bearer %s\r\n\r\n",
                             POLL_WAIT, (int)n, cursor, l->officers[line->officer].token));
}

static bool station_sees(const struct load *l, const struct subject *s, size_t station)
{
    int officer = l->stations[station].officer;

    return s->sees[officer / 64] >> (officer % 64) & 1;
}

static void act(struct load *l, struct line *line, struct subject *s)
{
    static const char body[] = "{\"action\":\"comment\",\"note\":\"Đã xem hồ sơ.\"}";

    s->used = true;
    s->seen = mem_alloc(STATIONS);
    for (size_t i = 0; i < STATIONS; i++)
        s->waits += station_sees(l, s, i);
    line->acts = s;
    l->unseen++;
    send_text(line,
              text_new("POST /api/v1/dossiers/%s/actions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                       "Idempotency-Key: 00000000-0000-4000-8000-%012zx\r\nIf-Match: \"%lld\"\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       s->id, l->officers[s->officer].token, l->actions++, s->version, sizeof body - 1, body));
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void settle(struct load *l, struct subject *s, double now)
{
    if (s->answered == 0 || s->waits > 0)
        return;
    samples_add(&l->reach, now > s->answered ? now - s->answered : 0);
    l->unseen--;
}

static void take_entry(struct load *l, struct line *line, const char *id, double now)
{
    struct subject *s = find(l, id, strcspn(id, "\""));
    size_t station = (size_t)(line - l->stations);
    const char *version = strstr(id, "\"version\":");

    if (!s || !s->used || s->seen[station] || !version || strtoll(version + 10, NULL, 10) <= s->version)
        return;
    s->seen[station] = true;
    s->waits--;
    settle(l, s, now);
}

/* Entries begin with their type and id, in this order; the page ends with its cursor. */
static void take_changes(struct load *l, struct line *line, const char *body, double now)
{
    static const char entry[] = "{\"type\":\"dossier\",\"id\":\"", end[] = "],\"cursor\":\"";
    const char *last = NULL;

    for (const char *at = body; (at = strstr(at, entry)); at += sizeof entry)
        take_entry(l, line, at + sizeof entry - 1, now);
    for (const char *at = body; (at = strstr(at, end)); at++)
        last = at + sizeof end - 1;
    if (!last)
        fail_at(HERE, "a workstation got: %.200s", body);
    poll_again(l, line, last, strcspn(last, "\""));
}

static void take_answer(struct load *l, struct line *line, const char *body)
{
    double now = clock_ms();

    line->busy = false;
    if (strncmp(line->in.data, "HTTP/1.1 200", 12) != 0)
        fail_at(HERE, "answer: %.300s", line->in.data);
    if (!line->acts) {
        take_changes(l, line, body, now);
        return;
    }
    line->acts->answered = now;
    settle(l, line->acts, now);
    line->acts = NULL;
}

static void read_line(struct load *l, struct line *line)
{
    char bytes[65536];
    ssize_t n = recv(line->fd, bytes, sizeof bytes, 0);

    if (n <= 0)
        fail_at(HERE, "the server hung up: %s", strerror(errno));
    buf_add(&line->in, bytes, (size_t)n);
    char *end = strstr(line->in.data, "\r\n\r\n"), *length = strcasestr(line->in.data, "\r\nContent-Length:");
    if (!end || !length)
        return;
    size_t head = (size_t)(end + 4 - line->in.data), body = (size_t)strtoul(length + 17, NULL, 10);
    if (line->in.len < head + body)
        return;
    take_answer(l, line, line->in.data + head);
    line->in.len = 0;
}

/* ── the minute ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The dossiers that somebody may comment on, in an order that goes through all officers. */
static struct subject *next_subject(struct load *l)
{
    size_t stride = 7919;

    for (size_t tries = 0; tries < l->n_subjects; tries++) {
        l->next = (l->next + stride) % l->n_subjects;
        if (!l->subjects[l->next].used && l->subjects[l->next].officer >= 0)
            return &l->subjects[l->next];
    }
    fail_at(HERE, "too few dossiers for that many actions");
}

static void act_when_due(struct load *l, double began, double now)
{
    for (size_t i = 0;
         i < ACTORS && now - began < LOAD_MS && (double)l->actions < (now - began) * RATE / 1000; i++)
        if (!l->actors[i].busy)
            act(l, &l->actors[i], next_subject(l));
}

static void run_minute(struct load *l)
{
    double began = clock_ms(), now;
    struct epoll_event events[64];

    while ((now = clock_ms()) - began < LOAD_MS || (l->unseen && now - began < LOAD_MS + LAST_MS)) {
        act_when_due(l, began, now);
        int n = epoll_wait(l->epoll, events, 64, 5);
        for (int i = 0; i < n; i++)
            read_line(l, events[i].data.ptr);
    }
}

static void load_end(struct load *l)
{
    for (size_t i = 0; i < STATIONS + ACTORS; i++) {
        struct line *line = i < STATIONS ? &l->stations[i] : &l->actors[i - STATIONS];
        close(line->fd);
        buf_clear(&line->in);
    }
    for (size_t i = 0; i < l->n_subjects; i++) {
        mem_free(&l->subjects[i].id);
        free(l->subjects[i].seen);
    }
    for (size_t i = 0; i < l->n_officers; i++) {
        mem_free(&l->officers[i].id);
        free(l->officers[i].token);
        mem_free(&l->officers[i].cursor);
    }
    close(l->epoll);
    free(l->subjects);
    free(l->bucket);
    samples_clear(&l->reach);
    server_free(&l->server);
}

void bench_training(void)
{
    struct load l = {.cap_subjects = 65536, .n_buckets = 262144, .epoll = epoll_create1(EPOLL_CLOEXEC)};

    l.subjects = mem_alloc(l.cap_subjects * sizeof *l.subjects);
    l.bucket = mem_alloc(l.n_buckets * sizeof *l.bucket);
    l.server = server_start(ARGV("--auto-approve", "any", "--dossiers", DOSSIERS));
    double loaded = (double)process_memory(l.server->pid, "VmRSS:") / 1024;
    read_officers(&l);
    if (l.n_officers == 0)
        fail_at(HERE, "the scenario has no officers");
    for (size_t i = 0; i < l.n_officers; i++)
        take_pass(&l, i);
    for (size_t i = 0; i < STATIONS; i++) {
        int officer = (int)(i % l.n_officers);
        connect_line(&l, &l.stations[i], officer);
        poll_again(&l, &l.stations[i], l.officers[officer].cursor, strlen(l.officers[officer].cursor));
    }
    for (size_t i = 0; i < ACTORS; i++)
        connect_line(&l, &l.actors[i], 0);
    run_minute(&l);
    double high = (double)process_memory(l.server->pid, "VmHWM:") / 1024;
    row_at_least("training-actions", (double)l.actions, 0.98 * RATE * LOAD_MS / 1000,
                 "taken in a minute, of 3,000");
    row_at_most("training-unseen", (double)l.unseen, 0, "actions that did not reach everybody in time");
    row_at_most("training-reach", samples_quantile(&l.reach, 0.99), 1000, "ms, p99 of %zu; median %.0f",
                l.reach.n, samples_quantile(&l.reach, 0.5));
    row_at_most("training-memory", high - loaded, 64, "MB above the %.0f MB after loading", loaded);
    load_end(&l);
}
