/* What stands around a body: status and header fields of whoever answers. Waits stay within the contract's bounds, the clock within
 * what the Date says, a wish is done only where the answer says just that, and every sentence may be shown.
 * First byte: the wish; second: how it ended; then a line for the status, one for each field ("Name: value"), a blank one, the body.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/shown.h"

#include "core/instant.h"
#include "net/backoff.h"
#include "net/clock.h"
#include "net/judge.h"
#include "net/say.h"
#include "net/url.h"
#include "tests/unit/fake_env.h"

#include <strings.h>

static const struct {
    const char *method, *path;
} wishes[] = {
    {"POST", "/dossiers/d-1/actions"},  {"POST", "/dossiers"},          {"PATCH", "/dossiers/d-1"},
    {"POST", "/dossiers/d-1/payments"}, {"DELETE", "/attachments/a-1"}, {"POST", "/dossiers/d-1/attachments"},
    {"POST", "/number-blocks"},         {"DELETE", "/signatures/s-1"},  {"POST", "/nowhere"},
};

static const char **field_of(struct response *r, const char *line, size_t length)
{
    const char **to, *name;

    for (size_t i = 0; (to = response_header(r, i, &name)); i++)
        if (strlen(name) == length && strncasecmp(line, name, length) == 0)
            return to;
    return NULL;
}

static void read_reply(struct response *r, const char *at, size_t left)
{
    bool first = true;

    while (left > 0) {
        const char *end = memchr(at, '\n', left);
        size_t n = end ? (size_t)(end - at) : left, taken = n + (end != NULL);
        char *line = arena_copy_n(&r->arena, at, n), *colon = strstr(line, ": ");
        at += taken;
        left -= taken;
        if (first)
            r->status = 100 + (int)(strtoul(line, NULL, 10) % 500);
        else if (n == 0)
            break;
        else if (colon && field_of(r, line, (size_t)(colon - line)))
            *field_of(r, line, (size_t)(colon - line)) = colon + 2;
        first = false;
    }
    r->len = left;
    r->body = mem_copy_n(at, left);
}

static void check_waits(const struct response *r)
{
    struct fake_env env = fake_env(7);
    int64_t wait = backoff_retry_after(&env.env, r->retry_after);

    CHECK(wait == -1 || (wait >= 1000 && wait <= 900 * 1250));
    CHECK(r->retry_after || wait == -1);
}

static void check_clock(const struct response *r)
{
    struct server_clock clock = {0};
    int64_t t;

    clock_learn(&clock, r->date, 1000, 1400);
    CHECK(clock.known == (instant_parse_http(r->date, &t) && t >= 0));
    if (!clock.known)
        return;
    CHECK(clock_at(&clock, 1400) >= t * 1000 && clock_at(&clock, 1400) < (t + 2) * 1000);
    clock_learn(&clock, "Thu, 29 Dec 2022 02:42:00 GMT", 900000, 900200); /* the next one is right again */
    CHECK(clock.least <= clock.most);
}

static void check_address(const char *url, struct arena *arena)
{
    struct err e = {0};
    char *base = url_base(url, &e);

    CHECK((base != NULL) == (e.code == ERR_NONE));
    if (base)
        CHECK(url_usable(url, true) && url_same_origin(base, url) && url_host(arena, url)[0]);
    else
        check_shown(e.text);
    check_shown(url_host(arena, url ? url : ""));
    mem_free(&base);
}

static bool is_number(const char *text)
{
    return *text && strlen(text) <= 19 && text[strspn(text, "0123456789")] == '\0';
}

static void check_wish(const struct command *c, const struct response *r, struct arena *arena)
{
    struct judged judged;
    struct judgement j;

    judge_reply(r, arena, &judged);
    judge_wish(c, r, arena, &j);
    if (j.verdict == VERDICT_DONE) {
        CHECK(r->end == RESPONSE_ANSWER && r->status / 100 == 2 && strcmp(c->path, "/nowhere") != 0);
        CHECK(!j.version || is_number(j.version));
        CHECK(!j.dossier || (j.version && judge_is_json(r)));
        return;
    }
    CHECK(j.why.code != ERR_NONE && j.why.text[0]);
    check_shown(j.why.text);
    /* What is for good is the central's own word, in its own form. */
    if (j.verdict == VERDICT_CONFLICT || j.verdict == VERDICT_REFUSED)
        CHECK(j.problem.title && j.problem.status == r->status && r->status / 100 == 4);
}

static void check_sentences(const struct response *r)
{
    struct err e[4] = {0};

    say_garbled(&e[0], r);
    say_unreadable(&e[1], r);
    say_server_fault(&e[2], r);
    if (r->end != RESPONSE_ANSWER)
        say_no_line(&e[3], r, "https://mc.example");
    for (size_t i = 0; i < sizeof e / sizeof *e; i++)
        check_shown(e[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct response r = {.sent = 1000, .received = 1400};
    struct command c = {.key = "00000000-0000-4000-8000-000000000000", .target = "d-1"};
    struct arena arena = {0};

    if (size < 2)
        return 0;
    c.method = wishes[bytes[0] % (sizeof wishes / sizeof *wishes)].method;
    c.path = wishes[bytes[0] % (sizeof wishes / sizeof *wishes)].path;
    r.end = bytes[1] & 8 ? (enum response_end)(1 + (bytes[1] & 7) % RESPONSE_TOO_LARGE) : RESPONSE_ANSWER;
    r.left = r.end == RESPONSE_ANSWER || bytes[1] & 16;
    read_reply(&r, (const char *)bytes + 2, size - 2);
    if (r.end == RESPONSE_CERTIFICATE)
        r.why = "it has expired";
    if (r.end != RESPONSE_ANSWER)
        r.status = 0;
    check_waits(&r);
    check_clock(&r);
    check_address(r.location, &arena);
    check_wish(&c, &r, &arena);
    check_sentences(&r);
    arena_clear(&arena);
    response_clear(&r);
    return 0;
}
