/* The network side against a real training server: sign in, read, wish, ask, be cut off, come back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/backoff.h"
#include "tests/unit/net_post.h"

#include <stdlib.h>
#include <string.h>

static struct server *server;

static int start(void **state)
{
    static const char *const args[] = {"--auto-approve", "any", "--dossiers", "300", NULL};
    server = server_start(args);
    return 0;
}

static int stop(void **state)
{
    server_free(&server);
    return 0;
}

/* ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void every_role_signs_in_and_reads(void **state)
{
    static const char *const roles[] = {"counter", "specialist", "supervisor", "clerk", "auditor"};
    for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
        struct post *p = post_new(server->base, roles[i], false);
        post_sign_in(HERE, p);
        assert_string_equal(p->answer.officer.id, net_officer(p->net));
        assert_true(officer_roles(&p->answer.officer) & ROLE_BIT(role_of(roles[i])));
        assert_true(cache_dossier_count(p->cache) > 0);
        assert_non_null(cache_officer(p->cache, p->officer));
        assert_int_equal(post_line(p).state, LINE_ONLINE);
        assert_true(post_line(p).training);
        post_free(&p);
    }
}

static void who_is_nobody_is_refused(void **state)
{
    struct post *p = post_new(server->base, "nobody-here", false);
    post_ask(HERE, p, ASK_SIGN_IN, NULL, NULL);
    assert_int_equal(p->answer.err.code, ERR_AUTH);
    assert_null(net_officer(p->net));
    post_free(&p);
}

static void a_session_outlives_the_program_and_ends_with_sign_out(void **state)
{
    struct post *p = post_new(server->base, "counter", false);
    struct err why = {0};
    struct reply reply;
    post_sign_in(HERE, p);
    post_restart(p);
    assert_non_null(net_officer(p->net));
    assert_int_equal(post_sync(HERE, p, &why), NET_SYNC_DONE);
    /* What lies in the keyring is good at the server before, and not after. */
    char *token = NULL;
    for (int i = 0; i < 8; i++)
        if (strncmp(p->machine.env.secrets[i].name, "token:", 6) == 0)
            token = mem_copy_n((char *)p->machine.env.secrets[i].bytes,
                               strcspn((char *)p->machine.env.secrets[i].bytes, "\n"));
    assert_non_null(token);
    server_call(server, "GET", "/me", token, NULL, NULL, &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    post_ask(HERE, p, ASK_SIGN_OUT, NULL, NULL);
    assert_int_equal(p->answer.err.code, ERR_NONE);
    assert_null(net_officer(p->net));
    server_call(server, "GET", "/me", token, NULL, NULL, &reply);
    assert_int_equal(reply.status, 401);
    reply_clear(&reply);
    assert_int_equal(post_sync(HERE, p, &why), NET_SYNC_FAILED);
    assert_int_equal(why.code, ERR_AUTH);
    mem_free(&token);
    post_free(&p);
}

static void a_session_that_was_renewed_goes_on(void **state)
{
    struct post *p = post_new(server->base, "counter", false);
    struct err why = {0};
    post_sign_in(HERE, p);
    uint64_t before = p->machine.env.seed;
    server_advance(server, 7200); /* its access token has ended, and our clock does not know */
    assert_int_equal(post_sync(HERE, p, &why), NET_SYNC_DONE);
    assert_int_equal(post_line(p).state, LINE_ONLINE);
    server_advance(server, 7200);
    p->shift += 7200 * 1000; /* now it does */
    assert_int_equal(post_sync(HERE, p, &why), NET_SYNC_DONE);
    assert_int_not_equal(p->machine.env.seed, before);
    post_free(&p);
}

/* ── wishes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void wishes_in_a_row_on_one_dossier(void **state)
{
    struct post *p = post_new(server->base, "counter", false);
    struct arena arena = {0};
    struct dossier d, after;
    char first[UUID_TEXT], second[UUID_TEXT];
    struct err e = {0};
    post_sign_in(HERE, p);
    post_find(HERE, p, "receive", &arena, &d, NULL);
    post_wish(p, &d, "receive", "{\"action\":\"receive\"}", false, first);
    post_wish(p, &d, "comment", "{\"action\":\"comment\",\"note\":\"đã kiểm tra\"}", false, second);
    assert_int_equal(post_outcome(HERE, p, second), COMMAND_DONE);
    assert_int_equal(state_of(p->outbox, first), COMMAND_DONE);
    assert_ok(cache_dossier(p->cache, d.id, &arena, &after, NULL, &e), &e);
    assert_string_equal(after.status, "received");
    assert_int_equal(after.version, d.version + 2);
    assert_int_equal(p->n_events, 2);
    assert_string_equal(p->events[0].key, first);
    arena_clear(&arena);
    post_free(&p);
}

static void somebody_was_first(void **state)
{
    struct post *p = post_new(server->base, "counter", false), *q = post_new(server->base, "counter", false);
    struct arena arena = {0};
    struct dossier d, now;
    struct command row;
    char mine[UUID_TEXT], theirs[UUID_TEXT];
    struct err e = {0};
    post_sign_in(HERE, p);
    post_sign_in(HERE, q);
    post_find(HERE, p, "receive", &arena, &d, NULL);
    post_wish(q, &d, "decline", "{\"action\":\"decline\",\"note\":\"thiếu giấy tờ\"}", false, theirs);
    assert_int_equal(post_outcome(HERE, q, theirs), COMMAND_DONE);
    post_wish(p, &d, "receive", "{\"action\":\"receive\"}", false, mine);
    assert_int_equal(post_outcome(HERE, p, mine), COMMAND_CONFLICT);
    assert_ok(outbox_get(p->outbox, mine, &arena, &row, &e), &e);
    struct problem problem;
    assert_ok(codec_read(&shape_problem, row.problem, strlen(row.problem), &arena, &problem, NULL, &e), &e);
    assert_string_equal(problem.changed_by, q->officer);
    assert_ok(cache_dossier(p->cache, d.id, &arena, &now, NULL, &e), &e);
    assert_string_equal(now.status, "declined"); /* what stands now came with the conflict */
    arena_clear(&arena);
    post_free(&p);
    post_free(&q);
}

static void what_is_wrong_is_refused(void **state)
{
    struct post *p = post_new(server->base, "counter", false);
    struct arena arena = {0};
    struct dossier d;
    char key[UUID_TEXT];
    post_sign_in(HERE, p);
    post_find(HERE, p, "decline", &arena, &d, NULL);
    post_wish(p, &d, "decline", "{\"action\":\"decline\"}", false, key); /* no reason given */
    assert_int_equal(post_outcome(HERE, p, key), COMMAND_REFUSED);
    assert_int_equal(p->events[0].state, COMMAND_REFUSED);
    assert_int_equal(p->events[0].why.code, ERR_INPUT);
    arena_clear(&arena);
    post_free(&p);
}

/* ── asks ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void asks_are_answered(void **state)
{
    struct post *p = post_new(server->base, "supervisor", false);
    struct arena arena = {0};
    struct dossier d;
    post_sign_in(HERE, p);
    post_find(HERE, p, "comment", &arena, &d, NULL);
    post_ask(HERE, p, ASK_DOSSIER, d.id, NULL);
    assert_string_equal(p->answer.dossier.code, d.code);
    post_ask(HERE, p, ASK_EVENTS, d.id, NULL);
    assert_true(p->answer.events.n_items > 0);
    for (size_t i = 0; i < p->answer.events.n_items; i++)
        assert_int_equal(p->answer.events.items[i].seq, i + 1);
    post_ask(HERE, p, ASK_SEARCH, NULL, d.code);
    assert_int_equal(p->answer.err.code, ERR_NONE);
    assert_int_equal(p->answer.page.n_items, 1);
    assert_string_equal(p->answer.page.items[0].id, d.id);
    post_ask(HERE, p, ASK_SEARCH, NULL, "a");
    assert_int_equal(p->answer.err.code, ERR_INPUT);
    post_ask(HERE, p, ASK_SEARCH, NULL, "\xff\xfe");
    assert_int_equal(p->answer.err.code, ERR_NOT_FOUND);
    post_ask(HERE, p, ASK_DOSSIER, "no-such-one", NULL);
    assert_int_equal(p->answer.err.code, ERR_NOT_FOUND);
    post_ask(HERE, p, ASK_DOSSIER, "../../about", NULL);
    assert_int_equal(p->answer.err.code, ERR_NOT_FOUND);
    arena_clear(&arena);
    post_free(&p);
}

/* ── the feed ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t wanted_version;
static char wanted_id[65];

static bool has_come(struct post *p)
{
    struct arena arena = {0};
    struct dossier d;
    bool came = cache_dossier(p->cache, wanted_id, &arena, &d, NULL, NULL) && d.version >= wanted_version;
    arena_clear(&arena);
    return came;
}

static void what_another_did_comes_by_itself(void **state)
{
    struct post *p = post_new(server->base, "counter", true), *q = post_new(server->base, "counter", false);
    struct arena arena = {0};
    struct dossier d;
    char key[UUID_TEXT];
    post_sign_in(HERE, p);
    post_sign_in(HERE, q);
    post_find(HERE, q, "receive", &arena, &d, NULL);
    snprintf(wanted_id, sizeof(wanted_id), "%s", d.id);
    wanted_version = d.version;
    post_until(HERE, p, has_come);
    post_turns_for(p, 300); /* it waits at the server now */
    post_wish(q, &d, "receive", "{\"action\":\"receive\"}", false, key);
    assert_int_equal(post_outcome(HERE, q, key), COMMAND_DONE);
    wanted_version = d.version + 1;
    int64_t began = harness_now();
    post_until(HERE, p, has_come);
    assert_true(harness_now() - began < 2000 || harness_san());
    arena_clear(&arena);
    post_free(&p);
    post_free(&q);
}

/* ── cut off ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_offline(struct post *p)
{
    return post_line(p).state == LINE_OFFLINE;
}

/* Turn by turn half a second passes: what the breaker has drawn. */
static bool time_flies(struct post *p)
{
    p->shift += 500;
    return true;
}

static bool must_sign_in(struct post *p)
{
    return time_flies(p) && post_line(p).state == LINE_SIGN_IN;
}

static void a_server_that_goes_and_comes_back(void **state)
{
    char *home = home_new(), *db = mem_format("%s/central.db", home);
    const char *const args[] = {"--auto-approve", "any", "--dossiers", "100", "--db", db, NULL};
    struct server *own = server_start(args);
    struct post *p = post_new(own->base, "counter", true);
    struct arena arena = {0};
    struct dossier d, after;
    char key[UUID_TEXT], online[UUID_TEXT];
    struct err e = {0};
    post_sign_in(HERE, p);
    post_find(HERE, p, "receive", &arena, &d, NULL);
    server_kill(own);
    post_until(HERE, p, is_offline);
    post_wish(p, &d, "receive", "{\"action\":\"receive\"}", false, key);
    post_turns_for(p, 200);
    assert_int_equal(state_of(p->outbox, key), COMMAND_DUE);
    post_restart(p); /* our side, too */
    post_wish(p, &d, "confirm_payment", "{\"action\":\"confirm_payment\",\"amount\":1}", true, online);
    while (p->n_events == 0)
        post_turn(p);
    assert_true(p->events[0].taken_away);
    assert_string_equal(p->events[0].key, online);
    server_restart(own);
    p->shift += BACKOFF_SECOND_MS; /* the breaker's wait */
    assert_int_equal(post_outcome(HERE, p, key), COMMAND_DONE);
    post_ask(HERE, p, ASK_DOSSIER, d.id, NULL);
    assert_int_equal(p->answer.dossier.version, d.version + 1);
    assert_ok(cache_dossier(p->cache, d.id, &arena, &after, NULL, &e), &e);
    assert_string_equal(after.status, "received");
    arena_clear(&arena);
    post_free(&p);
    server_free(&own);
    mem_free(&db);
    home_free(&home);
}

/* Started anew from nothing it knows neither the token nor the cursor: a sign-in, and a full pass. */
static void a_server_that_has_forgotten_everything(void **state)
{
    static const char *const args[] = {"--auto-approve", "any", "--dossiers", "100", NULL};
    struct server *own = server_start(args);
    struct post *p = post_new(own->base, "counter", true);
    struct err why = {0};
    post_sign_in(HERE, p);
    int64_t held = cache_dossier_count(p->cache);
    server_restart(own);
    post_until(HERE, p, must_sign_in);
    post_ask(HERE, p, ASK_SIGN_IN, NULL, NULL);
    assert_int_equal(p->answer.err.code, ERR_NONE);
    assert_int_equal(post_sync(HERE, p, &why), NET_SYNC_DONE);
    assert_int_equal(cache_dossier_count(p->cache), held);
    assert_false(cache_in_pass(p->cache));
    post_free(&p);
    server_free(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_signs_in_and_reads),
        cmocka_unit_test(who_is_nobody_is_refused),
        cmocka_unit_test(a_session_outlives_the_program_and_ends_with_sign_out),
        cmocka_unit_test(a_session_that_was_renewed_goes_on),
        cmocka_unit_test(wishes_in_a_row_on_one_dossier),
        cmocka_unit_test(somebody_was_first),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(asks_are_answered),
        cmocka_unit_test(what_another_did_comes_by_itself),
        cmocka_unit_test(a_server_that_goes_and_comes_back),
        cmocka_unit_test(a_server_that_has_forgotten_everything),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
