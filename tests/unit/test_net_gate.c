/* The network side behind a gateway that means harm: nothing is lost, nothing is done twice, nothing is believed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_gate.h"
#include "tests/unit/net_post.h"

#include <stdlib.h>
#include <string.h>

#define ACT  "POST /api/v1/dossiers/"
#define FEED "GET /api/v1/changes"

static struct server *server;
static struct gate *gate;

static int start(void **state)
{
    static const char *const args[] = {"--auto-approve", "any", "--dossiers", "200", NULL};
    server = server_start(args);
    return 0;
}

static int stop(void **state)
{
    server_free(&server);
    return 0;
}

struct at_gate {
    struct post *post;
    struct arena arena;
    struct dossier d; /* offers `receive` */
    char key[UUID_TEXT];
    char *note; /* of this test's comment */
};

static int begin(void **state)
{
    static int tests;
    struct at_gate *g = mem_alloc(sizeof(*g));
    const char *json;
    g->note = mem_format("đã gọi lần %d", ++tests);
    gate = gate_start(server->port);
    g->post = post_new(gate_url(gate), "counter", false);
    post_sign_in(HERE, g->post);
    post_find(HERE, g->post, "receive", &g->arena, &g->d, &json);
    *state = g;
    return 0;
}

static int end(void **state)
{
    struct at_gate *g = *state;
    arena_clear(&g->arena);
    post_free(&g->post);
    mem_free(&g->note);
    free(g);
    gate_stop(&gate);
    return 0;
}

static void rule(const char *begins, enum gate_does does, const char *bytes, size_t n, int times)
{
    gate_rules(gate, &(struct gate_rule){begins, does, bytes, n, times}, 1);
}

static void comment(struct at_gate *g)
{
    char *body = mem_format("{\"action\":\"comment\",\"note\":\"%s\"}", g->note);
    post_wish(g->post, &g->d, "comment", body, false, g->key);
    mem_free(&body);
}

static struct command row(struct at_gate *g)
{
    struct command c;
    struct err e = {0};
    assert_ok(outbox_get(g->post->outbox, g->key, &g->arena, &c, &e), &e);
    return c;
}

static bool is_tried(struct at_gate *g, int attempts)
{
    struct command c = row(g);
    return c.attempts >= attempts && c.state != COMMAND_SENDING;
}

/* Turns until it was tried so often and is not on its way. */
static void until_tried(struct at_gate *g, int attempts)
{
    for (int64_t deadline = harness_deadline(); !is_tried(g, attempts); post_turn(g->post))
        if (harness_now() >= deadline)
            fail_at(HERE, "it was tried %d times", row(g).attempts);
}

/* The line is tried again at once, until the wish is answered. */
static void until_done(struct at_gate *g)
{
    for (int64_t deadline = harness_deadline(); row(g).state != COMMAND_DONE; post_turn(g->post)) {
        if (harness_now() >= deadline)
            fail_at(HERE, "not done: %d, %s", row(g).state, row(g).problem);
        g->post->shift += 1000;
    }
}

/* How often the server has noted that comment. */
static size_t comments(struct at_gate *g)
{
    size_t n = 0;
    post_ask(HERE, g->post, ASK_EVENTS, g->d.id, NULL);
    assert_int_equal(g->post->answer.err.code, ERR_NONE);
    for (size_t i = 0; i < g->post->answer.events.n_items; i++)
        n += g->post->answer.events.items[i].note && strcmp(g->post->answer.events.items[i].note, g->note) == 0;
    return n;
}

/* ── lost answers ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_lost_answer_is_fetched_with_the_same_bytes(void **state)
{
    struct at_gate *g = *state;
    gate_rules(gate, (const struct gate_rule[]){{ACT, GATE_LOSE, .times = 2}, {ACT, GATE_CUT, .times = 1}}, 2);
    comment(g);
    until_tried(g, 1);
    assert_true(row(g).may_have_arrived);
    assert_int_equal(row(g).state, COMMAND_DUE);
    until_done(g);
    assert_int_equal(comments(g), 1);
    size_t n = gate_count(gate, ACT);
    assert_int_equal(n, 4);
    const struct gate_seen *first = gate_seen(gate, ACT, 0);
    assert_string_equal(first->key, g->key);
    for (size_t i = 1; i < n; i++) {
        const struct gate_seen *again = gate_seen(gate, ACT, i);
        assert_string_equal(again->line, first->line);
        assert_string_equal(again->key, first->key);
        assert_string_equal(again->if_match, first->if_match);
        assert_string_equal(again->body, first->body);
        assert_string_equal(again->token, first->token);
    }
}

/* `sync --once` after one lost answer is the officer's word, and needs no second. */
static void one_lost_answer_does_not_wait_for_itself(void **state)
{
    struct at_gate *g = *state;
    struct err why = {0};
    rule(ACT, GATE_LOSE, NULL, 0, 1);
    comment(g);
    until_tried(g, 1);
    assert_int_equal(post_sync(HERE, g->post, &why), NET_SYNC_DONE);
    assert_int_equal(row(g).state, COMMAND_DONE);
    assert_int_equal(comments(g), 1);
}

static void a_kill_after_the_first_byte(void **state)
{
    struct at_gate *g = *state;
    struct err why = {0};
    rule(ACT, GATE_HANG, NULL, 0, 1);
    comment(g);
    for (int64_t deadline = harness_deadline(); row(g).state != COMMAND_SENDING; post_turn(g->post))
        if (harness_now() >= deadline)
            fail_at(HERE, "it does not go");
    post_restart(g->post); /* same keyring, same files */
    assert_int_equal(post_sync(HERE, g->post, &why), NET_SYNC_DONE);
    assert_int_equal(row(g).state, COMMAND_DONE);
    assert_string_equal(gate_seen(gate, ACT, 0)->key, gate_seen(gate, ACT, 1)->key);
    assert_int_equal(comments(g), 1);
}

/* ── garbled answers ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* "{"padding":"000…"}" of 2 MiB, compressed to 2 kB; made with gzip -9. */
static char *bomb(size_t *len)
{
    struct buf out = {0};
    static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3};
    /* One deflate block with fixed codes: a literal "0", then copies of 258 bytes from 1 back, 8100 of them. */
    struct {
        unsigned long bits;
        int n;
    } w = {0, 0};
    buf_add(&out, head, sizeof(head));
#define BITS(value, count)                         \
    do {                                           \
        w.bits |= (unsigned long)(value) << w.n;   \
        for (w.n += (count); w.n >= 8; w.n -= 8) { \
            buf_char(&out, (char)(w.bits & 0xff)); \
            w.bits >>= 8;                          \
        }                                          \
    } while (0)
    BITS(1, 1);    /* the last block */
    BITS(1, 2);    /* fixed codes */
    BITS(0x06, 8); /* literal '0' is 0x60, sent from its first bit on */
    for (int i = 0; i < 8100; i++) {
        BITS(0xa3, 8); /* length 258: code 285, 11000101 from its first bit on */
        BITS(0, 5);    /* 1 back */
    }
    BITS(0, 7); /* end of block */
    BITS(0, 7);
#undef BITS
    buf_add(&out, "\0\0\0\0\0\0\0\0", 8); /* the sum is not looked at before 2 MiB have come */
    char *head_text = text_new(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
        out.len);
    struct buf whole = {0};
    buf_text(&whole, head_text);
    buf_add(&whole, out.data, out.len);
    *len = whole.len;
    free(head_text);
    buf_clear(&out);
    return buf_take(&whole);
}

static char *large(void)
{
    char *body = text_new("{\"padding\":\"%0*d\"}", 2 * 1024 * 1024, 0);
    char *answer = gate_answer(200, "application/json", "", body);
    free(body);
    return answer;
}

/* The wish is asked for once more (the i-th time), and stays unknown. */
static void is_not_believed(struct at_gate *g, size_t i)
{
    int64_t deadline = harness_deadline();
    assert_true(outbox_retry(g->post->outbox, g->key, NULL));
    while (gate_count(gate, ACT) <= i || row(g).state == COMMAND_SENDING) {
        g->post->shift += 1000; /* a gate that closes opens the breaker: its wait passes */
        post_turn(g->post);
        if (harness_now() >= deadline)
            fail_at(HERE, "answer %zu: not asked", i);
    }
    if (row(g).state != COMMAND_DUE || !row(g).may_have_arrived)
        fail_at(HERE, "answer %zu was believed: %d", i, row(g).state);
}

/* Each says 200 or a refusal, none is of the central: the wish stays, unknown, and is done once when the true one answers. */
static void nothing_garbled_is_believed(void **state)
{
    struct at_gate *g = *state;
    size_t bomb_len;
    char *other = text_new(
        "{\"id\":\"hs-0\",\"version\":9,\"code\":\"x\",\"procedure\":\"p\",\"applicant\":{\"kind\":\"person\",\"name\":\"x\"},"
        "\"channel\":\"counter\",\"unit\":\"u\",\"status\":\"received\",\"step\":\"intake\",\"submitted_at\":"
        "\"2022-12-29T09:42:00+07:00\",\"actions\":[]}");
    char *twice = text_new("{\"id\":\"%s\",%s", g->d.id, other + 1);
    char *deep = text_new("{\"form\":%0*d", 64, 0);
    memset(strchr(deep, '0'), '[', 64);
    struct {
        char *bytes;
        size_t n;
    } answers[] = {
        {gate_answer(200, "text/html; charset=utf-8", "", "<!doctype html><title>Wi-Fi</title>"), 0},
        {gate_answer(200, "application/json", "", "{\"id\":\"x\",\"version\":"), 0},
        {gate_answer(200, "text/plain", "", other), 0},
        {gate_answer(200, "application/json", "ETag: \"9\"\r\n", other), 0},
        {gate_answer(200, "application/json", "", twice), 0},
        {gate_answer(200, "application/json", "", deep), 0},
        {gate_answer(200, "application/json", "", ""), 0},
        {gate_answer(302, "text/html", "Location: http://127.0.0.1:9/login\r\n", ""), 0},
        {gate_answer(307, "application/json", "Location: /elsewhere\r\n", "{}"), 0},
        {gate_answer(403, "text/html", "", "<html>blocked</html>"), 0},
        {gate_answer(404, "application/json", "", "{}"), 0},
        {gate_answer(407, "text/html", "Proxy-Authenticate: Basic\r\n", ""), 0},
        {gate_answer(500, "text/html", "", "<html>nginx</html>"), 0},
        {text_new("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"id\":"), 0},
        {text_new("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\nnogzip"),
         0},
        {text_new("SSH-2.0-OpenSSH_9.2\r\n"), 0},
        {text_new("\r\n\r\n"), 0},
        {large(), 0},
        {bomb(&bomb_len), 0},
    };
    size_t n = sizeof(answers) / sizeof(*answers);
    answers[n - 1].n = bomb_len;
    comment(g);
    for (size_t i = 0; i < n; i++) {
        rule(ACT, GATE_SAY, answers[i].bytes, answers[i].n, 1);
        is_not_believed(g, i);
        free(answers[i].bytes);
    }
    gate_rules(gate, NULL, 0);
    assert_int_equal(g->post->n_events, 0);
    assert_true(outbox_retry(g->post->outbox, g->key, NULL));
    until_done(g);
    assert_int_equal(comments(g), 1);
    free(other);
    free(twice);
    free(deep);
}

/* Nothing of what came by redirects or pages was asked for or kept. */
static void a_redirect_is_not_followed(void **state)
{
    struct at_gate *g = *state;
    char *to = gate_answer(302, "text/html", "Location: /elsewhere\r\nSet-Cookie: a=b\r\n", "");
    rule("GET /api/v1/dossiers/", GATE_SAY, to, 0, 1);
    post_ask(HERE, g->post, ASK_DOSSIER, g->d.id, NULL);
    assert_int_equal(g->post->answer.err.code, ERR_OFFLINE);
    assert_int_equal(gate_count(gate, "GET /elsewhere"), 0);
    post_ask(HERE, g->post, ASK_DOSSIER, g->d.id, NULL);
    assert_int_equal(g->post->answer.err.code, ERR_NONE);
    assert_null(strstr(gate_seen(gate, "GET /api/v1/dossiers/", 1)->head, "Cookie"));
    free(to);
}

static void maintenance_is_waited_for(void **state)
{
    struct at_gate *g = *state;
    struct err why = {0};
    char *closed =
        gate_answer(503, "application/problem+json", "Retry-After: 120\r\n",
                    "{\"type\":\"urn:onestop:problem:maintenance\",\"title\":\"Bảo trì\",\"status\":503}");
    rule("", GATE_SAY, closed, 0, 0);
    assert_int_equal(post_sync(HERE, g->post, &why), NET_SYNC_FAILED);
    assert_int_equal(why.code, ERR_OFFLINE);
    assert_int_equal(post_line(g->post).state, LINE_MAINTENANCE);
    comment(g);
    size_t before = gate_count(gate, "");
    g->post->shift += 119000;
    post_turns_for(g->post, 200);
    assert_int_equal(gate_count(gate, ""), before);
    gate_rules(gate, NULL, 0);
    g->post->shift += 32000;
    assert_int_equal(post_outcome(HERE, g->post, g->key), COMMAND_DONE);
    free(closed);
}

/* ── too slow ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_says_nothing_is_given_up_after_a_minute(void **state)
{
    struct at_gate *g = *state;
    rule(ACT, GATE_HANG, NULL, 0, 1);
    comment(g);
    while (gate_count(gate, ACT) == 0)
        post_turn(g->post);
    g->post->shift += 58000;
    post_turns_for(g->post, 300);
    assert_int_equal(row(g).state, COMMAND_SENDING);
    assert_int_equal(post_line(g->post).state, LINE_SLOW);
    g->post->shift += 3000;
    post_turns_for(g->post, 100);
    assert_int_equal(row(g).state, COMMAND_DUE);
    assert_true(row(g).may_have_arrived);
    assert_int_equal(post_line(g->post).state, LINE_OFFLINE);
}

static void what_drips_is_given_up_after_half_a_minute(void **state)
{
    struct at_gate *g = *state;
    char *page = gate_answer(200, "application/json", "",
                             "{\"id\":\"x\",                                                            ");
    rule(ACT, GATE_DRIP, page, 0, 1);
    comment(g);
    while (gate_count(gate, ACT) == 0)
        post_turn(g->post);
    for (int i = 0; i < 28; i++) {
        g->post->shift += 1000;
        post_turns_for(g->post, 20);
    }
    assert_int_equal(row(g).state, COMMAND_SENDING);
    for (int i = 0; i < 6; i++) {
        g->post->shift += 1000;
        post_turns_for(g->post, 20);
    }
    assert_int_equal(row(g).state, COMMAND_DUE);
    free(page);
}

/* ── a server of another kind ────────────────────────────────────────────────────────────────────────────────────── */

static void a_web_page_is_no_server(void **state)
{
    struct gate *web = gate_start(0);
    char *page = gate_answer(200, "text/html", "", "<!doctype html><title>Trang chủ</title>");
    gate_rules(web, &(struct gate_rule){"", GATE_SAY, page, 0, 0}, 1);
    struct post *p = post_new(gate_url(web), "counter", true);
    post_ask(HERE, p, ASK_SIGN_IN, NULL, NULL);
    assert_int_equal(p->answer.err.code, ERR_SERVER);
    assert_non_null(strstr(p->answer.err.text, gate_url(web)));
    assert_int_equal(post_line(p).state, LINE_STOPPED);
    post_free(&p);
    free(page);
    gate_stop(&web);
}

static void nobody_is_there(void **state)
{
    struct gate *gone = gate_start(0);
    char *url = mem_copy(gate_url(gone));
    gate_stop(&gone);
    struct post *p = post_new(url, "counter", true);
    post_ask(HERE, p, ASK_SIGN_IN, NULL, NULL);
    assert_int_equal(p->answer.err.code, ERR_OFFLINE);
    assert_int_equal(post_line(p).state, LINE_OFFLINE);
    post_free(&p);
    mem_free(&url);
}

static void asks_for_what_it_needs_and_no_more(void **state)
{
    const char *head = gate_seen(gate, FEED, 0)->head;
    assert_non_null(strstr(head, "User-Agent: motcua/"));
    assert_non_null(strstr(head, "(quay-02)"));
    assert_non_null(strstr(head, "Accept-Language: vi"));
    assert_non_null(strstr(head, "Accept-Encoding: gzip\r\n"));
    assert_non_null(strstr(head, "Authorization: Bearer "));
    assert_null(strstr(head, "Cookie"));
    assert_null(strstr(gate_seen(gate, "GET /api/v1/about", 0)->head, "Authorization"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_lost_answer_is_fetched_with_the_same_bytes),
        TEST(one_lost_answer_does_not_wait_for_itself),
        TEST(a_kill_after_the_first_byte),
        TEST(nothing_garbled_is_believed),
        TEST(a_redirect_is_not_followed),
        TEST(maintenance_is_waited_for),
        TEST(what_says_nothing_is_given_up_after_a_minute),
        TEST(what_drips_is_given_up_after_half_a_minute),
        cmocka_unit_test(a_web_page_is_no_server),
        cmocka_unit_test(nobody_is_there),
        TEST(asks_for_what_it_needs_and_no_more),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
