/* Two instances of one officer on one machine: one sends and reads, the other asks, and each works for the other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_wire.h"

#include <string.h>

#define FEED  "GET /api/v1/changes"
#define ABOUT "GET /api/v1/about"

static void answer_about_of(struct wire *w)
{
    wire_json(w, wire_on(w, ABOUT), 200,
              json_pack("{s:s, s:s, s:s, s:s, s:s, s:[]}", "name", "x", "api_version", "1.0", "issuer",
                        "https://id.mc-demo.local", "client_id", "motcua", "time",
                        "2022-12-29T09:42:00+07:00", "features"));
}

static void who_lacks_the_lease_only_asks(void **state)
{
    struct wire w, second;
    char key[UUID_TEXT];
    wire_new(&w, true);
    wire_sign_in(&w);
    wire_beside(&second, &w);
    answer_about_of(&second);
    assert_int_equal(wire_line(&second).state, LINE_OTHER);
    assert_int_not_equal(wire_line(&second).holder, 0);
    wire_wish(&second, "d-1", false, key);
    assert_int_equal(second.n_on, 0);
    wire_ask(&second, ASK_DOSSIER, "d-2");
    wire_json(&second, wire_on(&second, "GET /api/v1/dossiers/d-2"), 200, wire_dossier("d-2", 4));
    assert_string_equal(second.answer.dossier.id, "d-2");
    wire_ask(&second, ASK_DOSSIER, "d-2");
    wire_lost(&second, wire_on(&second, "GET /api/v1/dossiers/d-2"), RESPONSE_CERTIFICATE);
    assert_int_not_equal(second.answer.err.code, ERR_NONE);
    assert_int_equal(wire_line(&second).state,
                     LINE_OTHER); /* one answer to one question: the holder's line may be good */
    wire_step(&w);                /* the holder sends it */
    wire_on(&w, "POST /api/v1/dossiers/d-1/actions");
    wire_free(&second);
    wire_free(&w);
}

static void a_holder_syncs_for_others(void **state)
{
    struct wire w, second;
    struct err why = {0};
    wire_new(&w, true);
    wire_sign_in(&w);
    wire_beside(&second, &w);
    answer_about_of(&second);
    wire_ask(&second, ASK_SYNC, NULL);
    assert_int_equal(sync_state(second.sync, &why), NET_SYNC_RUNNING);
    assert_int_not_equal(second.answer.kind, ASK_SYNC);
    wire_step(&w);
    assert_int_equal(wire_on(&w, FEED)->wait, 0); /* the long poll made room */
    wire_page(&w, json_array(), "c2", false, -1);
    wire_step(&second);
    assert_int_equal(sync_state(second.sync, &why), NET_SYNC_DONE);
    assert_int_equal(second.answer.kind, ASK_SYNC);
    assert_int_equal(second.answer.err.code, ERR_NONE);
    wire_free(&second);
    wire_free(&w);
}

static void a_holder_that_is_stopped_is_named(void **state)
{
    struct wire w, second;
    struct err why = {0};
    wire_new(&w, true);
    wire_sign_in(&w);
    wire_beside(&second, &w);
    answer_about_of(&second);
    char *pid = mem_format("%d", wire_line(&second).holder);
    wire_ask(&second, ASK_SYNC, NULL);
    for (int64_t end = w.machine->env.mono + 21000; w.machine->env.mono < end; w.machine->env.mono += 500)
        wire_step(&second);
    assert_int_equal(sync_state(second.sync, &why), NET_SYNC_FAILED);
    assert_int_equal(why.code, ERR_OFFLINE);
    assert_non_null(strstr(why.text, pid));
    assert_int_equal(second.answer.kind, ASK_SYNC);
    assert_string_equal(second.answer.err.text, why.text);
    mem_free(&pid);
    wire_free(&second);
    wire_free(&w);
}

/* Ctrl-Z while a page is on its way; the other goes on meanwhile, and what has gone there does not come back with that page. */
static void a_page_that_comes_after_a_stop_is_not_the_next(void **state)
{
    struct wire w, second;
    struct arena arena = {0};
    struct dossier d;
    wire_new(&w, true);
    wire_sign_in(&w);
    sync_suspend(w.sync);
    wire_beside(&second, &w);
    answer_about_of(&second);
    wire_page(&second, json_pack("[o]", dossier_entry(wire_dossier("d-1", 1))), "c2", false, -1);
    wire_page(&second, json_pack("[o]", entry("dossier", "d-1", 2, NULL)), "c3", false, -1);
    wire_page(&w, json_pack("[o]", dossier_entry(wire_dossier("d-1", 1))), "c2", false, -1);
    assert_false(cache_dossier(second.cache, "d-1", &arena, &d, NULL, NULL));
    assert_string_equal(cache_cursor(w.cache), "c3");
    assert_int_equal(wire_line(&w).why.code, ERR_NONE); /* nothing went wrong */
    wire_free(&second);
    wire_advance(&w, 2001);
    assert_non_null(strstr(wire_on(&w, FEED)->url, "since=c3"));
    arena_clear(&arena);
    wire_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_lacks_the_lease_only_asks),
        cmocka_unit_test(a_holder_syncs_for_others),
        cmocka_unit_test(a_holder_that_is_stopped_is_named),
        cmocka_unit_test(a_page_that_comes_after_a_stop_is_not_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
