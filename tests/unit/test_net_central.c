/* The network side against a real training server: sign in, read, wish, ask, be cut off, come back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_post.h"

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

static void signs_in_reads_and_sends(void **state)
{
    struct post *p = post_new(server->base, "counter", false);
    struct arena arena = {0};
    struct dossier d;
    const char *json;
    char key[UUID_TEXT];
    struct err e = {0};

    post_sign_in(HERE, p);
    assert_true(cache_dossier_count(p->cache) > 0);
    post_find(HERE, p, "receive", &arena, &d, &json);
    post_wish(p, &d, "receive", "{\"action\":\"receive\"}", false, key);
    assert_int_equal(post_outcome(HERE, p, key), COMMAND_DONE);
    struct dossier after;
    assert_ok(cache_dossier(p->cache, d.id, &arena, &after, NULL, &e), &e);
    assert_string_equal(after.status, "received");
    assert_true(after.version > d.version);
    arena_clear(&arena);
    post_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_in_reads_and_sends),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
