/* herd: the scenarios, time, and what is printed. `herd` alone is a test with a small herd (TAP); `herd STATIONS CAPACITY SEED
 * [SCENARIO]` prints the load of each scenario second by second and fails where it is too high.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/herd/herd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHARE 0.7 /* of the capacity may be used after recovery */

enum { LINES = 30, WIDTH = 60, SETTLED = 15 * MINUTE };

static const struct scenario {
    const char *name;
    enum { OUTAGE, LOST_CURSORS, MORNING } kind;
    int64_t outage;  /* ms */
    int64_t watched; /* from the server's return on, ms */
    bool small;      /* the test walks it too */
} scenarios[] = {
    {"20 seconds without a server", OUTAGE, 20 * SECOND, 20 * MINUTE, true},
    {"10 minutes without a server", OUTAGE, 10 * MINUTE, 30 * MINUTE, true},
    {"8 hours without a server", OUTAGE, 8 * HOUR, 60 * MINUTE, false},
    {"7:30, all come to work", MORNING, 0, 40 * MINUTE, true},
    {"the server has lost all cursors", LOST_CURSORS, 0, 30 * MINUTE, true},
};

/* ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

int64_t herd_wall(const struct herd *h)
{
    return 1672273800 + h->now / SECOND; /* 2022-12-29, 07:30 at +07:00 */
}

int64_t herd_chance(struct herd *h, int64_t below)
{
    uint64_t z = h->seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)below);
}

void herd_at(struct herd *h, int64_t at, enum event_kind kind, int station, struct flight *flight)
{
    if (h->n_heap == h->cap_heap) {
        h->cap_heap = h->cap_heap ? 2 * h->cap_heap : 1024;
        h->heap = mem_grow(h->heap, h->cap_heap, sizeof(*h->heap));
    }
    size_t i = h->n_heap++;
    for (; i > 0 && h->heap[(i - 1) / 2].at > at; i = (i - 1) / 2)
        h->heap[i] = h->heap[(i - 1) / 2];
    h->heap[i] = (struct happening){at, kind, station, flight};
}

static struct happening next_event(struct herd *h)
{
    struct happening first = h->heap[0], last = h->heap[--h->n_heap];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < h->n_heap) {
        if (child + 1 < h->n_heap && h->heap[child + 1].at < h->heap[child].at)
            child++;
        if (h->heap[child].at >= last.at)
            break;
        h->heap[i] = h->heap[child];
        i = child;
    }
    h->heap[i] = last;
    return first;
}

/* Until the officer's next deed. */
static int64_t pause_of_officer(struct herd *h)
{
    return herd_chance(h, 2 * ACT_EVERY);
}

static void happen(struct herd *h, const struct happening *e)
{
    struct station *st = &h->stations[e->station];
    switch (e->kind) {
    case EVENT_START:
        station_start(st);
        break;
    case EVENT_TICK:
        if (st->wake == e->at)
            station_tick(st);
        break;
    case EVENT_ACT:
        station_act(st);
        herd_at(h, h->now + pause_of_officer(h), EVENT_ACT, e->station, NULL);
        break;
    case EVENT_ARRIVES:
        station_arrives(e->flight);
        break;
    case EVENT_REPLY:
        if (server_is_down(h) && !e->flight->of_issuer && e->flight->reply.end == RESPONSE_ANSWER) {
            response_clear(&e->flight->reply);
            e->flight->reply = (struct response){.end = RESPONSE_CUT, .left = true};
        }
        station_replied(e->flight);
        break;
    case EVENT_POLL_ENDS:
        if (st->held && st->held_until == e->at)
            server_ends_poll(h, st);
        break;
    case EVENT_DOWN:
        if (h->server.loses_cursors)
            server_loses_cursors(h);
        else
            server_goes(h);
    }
}

static void run(struct herd *h, int64_t until)
{
    while (h->n_heap > 0 && h->heap[0].at <= until) {
        struct happening e = next_event(h);
        h->now = e.at > h->now ? e.at : h->now;
        happen(h, &e);
    }
}

/* ── a scenario ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The sum of two: most come in the middle of the quarter of an hour around 7:30. */
static int64_t comes_at(struct herd *h)
{
    return herd_chance(h, 450 * SECOND) + herd_chance(h, 450 * SECOND);
}

static void begin(struct herd *h, const struct scenario *s)
{
    bool works = s->kind != MORNING; /* all have been at work for a while */
    for (int i = 0; i < h->n; i++) {
        struct station *st = &h->stations[i];
        int64_t at = works ? herd_chance(h, 5 * MINUTE) : comes_at(h);
        station_init(st, h, i);
        if (works)
            station_keyring(st, herd_wall(h) + herd_chance(h, HOUR / SECOND));
        else
            st->unread = (unsigned)herd_chance(h, 2 * PAGE); /* of the night */
        if (!works && i % 50 == 0) {                         /* a new machine */
            st->cache = (struct cache){0};
            st->unread = ALL_DOSSIERS;
        }
        herd_at(h, at, EVENT_START, i, NULL);
        herd_at(h, at + pause_of_officer(h), EVENT_ACT, i, NULL);
    }
    if (works)
        herd_at(h, h->server.down, EVENT_DOWN, 0, NULL);
}

static struct herd *herd_new(const struct scenario *s, int stations, int capacity, uint64_t seed)
{
    struct herd *h = mem_alloc(sizeof(*h));
    h->n = stations;
    h->seed = seed;
    h->stations = mem_grow(NULL, (size_t)stations, sizeof(*h->stations));
    h->server.capacity = capacity;
    h->server.loses_cursors = s->kind == LOST_CURSORS;
    h->server.down = s->kind == MORNING ? 0 : SETTLED;
    h->server.up = h->server.down + s->outage;
    h->server.seconds = (size_t)((h->server.up + s->watched) / SECOND);
    h->server.load = mem_grow(NULL, h->server.seconds, sizeof(unsigned));
    h->server.issuer = mem_grow(NULL, h->server.seconds, sizeof(unsigned));
    memset(h->server.load, 0, h->server.seconds * sizeof(unsigned));
    memset(h->server.issuer, 0, h->server.seconds * sizeof(unsigned));
    return h;
}

static void herd_free(struct herd **h)
{
    for (int i = 0; i < (*h)->n; i++)
        station_free(&(*h)->stations[i]);
    free((*h)->stations);
    free((*h)->heap);
    free((*h)->server.load);
    free((*h)->server.issuer);
    free(*h);
    *h = NULL;
}

/* The highest mean over `over` seconds from `from` on; a second has the chance of a second in it. */
static double peak(const unsigned *load, size_t from, size_t to, size_t over, size_t *where)
{
    double highest = 0, sum = 0;
    for (size_t i = from; i < to; i++) {
        sum += (double)load[i] - (i >= from + over ? load[i - over] : 0);
        if (sum / (double)over > highest) {
            highest = sum / (double)over;
            *where = i;
        }
    }
    return highest;
}

/* ── what is printed ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void bar(double mean, double most, int capacity)
{
    int limit = (int)(SHARE * WIDTH);
    for (int i = 1; i <= WIDTH; i++) {
        double at = (double)i * capacity / WIDTH;
        putchar(at <= mean ? '#' : at <= most ? '+' : i == limit ? '|' : ' ');
    }
}

/* A line for each 30th of the time: how many requests a second, on the average (#) and at most (+). */
static void print_curve(const struct herd *h, size_t from)
{
    size_t all = h->server.seconds - from, each = all / LINES;
    for (size_t i = from; i + each <= h->server.seconds; i += each) {
        double sum = 0, most = 0;
        for (size_t j = i; j < i + each; j++) {
            sum += h->server.load[j];
            most = h->server.load[j] > most ? h->server.load[j] : most;
        }
        printf("  %3zu:%02zu  ", (i - from) / 60, (i - from) % 60);
        bar(sum / (double)each, most, h->server.capacity);
        printf(" %5.0f %5.0f\n", sum / (double)each, most);
    }
}

/* How long after the server's return; "-": not within the time that was watched. */
static void print_since(const struct herd *h, const char *what, int64_t at)
{
    int64_t s = (at - h->server.up) / SECOND;
    if (at == 0)
        printf("%s: -\n", what);
    else
        printf("%s: %" PRId64 ":%02" PRId64 "\n", what, s / 60, s % 60);
}

static void print(const struct herd *h, const struct scenario *s, size_t from, double most, size_t where)
{
    size_t there = 0;
    printf("\n%s: %d workstations, %d requests a second at most; | is %.0f%%\n", s->name, h->n,
           h->server.capacity, SHARE * 100);
    print_curve(h, from);
    printf("  peak: %.0f a second at %zu:%02zu, of %.0f allowed\n", most, (where - from) / 60,
           (where - from) % 60, SHARE * h->server.capacity);
    printf("  the issuer's, another machine: %.0f\n", peak(h->server.issuer, from, h->server.seconds, 1, &there));
    print_since(h, "  99 of 100 had read the feed after", h->server.all_back);
    if (s->kind == OUTAGE)
        print_since(h, "  the last wish of meanwhile was done after", h->server.all_sent);
    fflush(stdout);
}

/* The peak over so many seconds. */
static double walk(const struct scenario *s, int stations, int capacity, uint64_t seed, size_t over, bool prints)
{
    struct herd *h = herd_new(s, stations, capacity, seed);
    size_t from = (size_t)(h->server.up / SECOND), where = from;
    begin(h, s);
    run(h, h->server.up + s->watched);
    double most = peak(h->server.load, from, h->server.seconds, over, &where);
    if (prints)
        print(h, s, from, most, where);
    herd_free(&h);
    return most;
}

/* ── main ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A smaller herd against a smaller server has fewer dice: its peak is one of 20 seconds. */
static int test(void)
{
    enum { SMALL = 2500, SMALL_CAPACITY = 100, OVER = 20 };
    int n = 0, bad = 0;
    for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
        if (!scenarios[i].small)
            continue;
        double most = walk(&scenarios[i], SMALL, SMALL_CAPACITY, 1, OVER, false);
        bool ok = most <= SHARE * SMALL_CAPACITY && most > 0;
        bad += !ok;
        printf("%sok %d - %s: %.0f of %d a second\n", ok ? "" : "not ", ++n, scenarios[i].name, most,
               SMALL_CAPACITY);
    }
    printf("1..%d\n", n);
    return bad > 0;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return test();
    int stations = atoi(argv[1]), capacity = atoi(argv[2]), which = argc > 4 ? atoi(argv[4]) : 0, bad = 0;
    uint64_t seed = strtoull(argv[3], NULL, 10);
    if (stations < OFFICE || capacity < 1)
        return 2;
    for (int i = 0; i < (int)(sizeof(scenarios) / sizeof(*scenarios)); i++)
        if (which == 0 || which == i + 1)
            bad += walk(&scenarios[i], stations, capacity, seed, 1, true) > SHARE * capacity;
    printf("\n%s\n", bad > 0 ? "too much" : "never over its share");
    return bad > 0;
}
