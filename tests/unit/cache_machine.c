/* cache_machine: see cache_machine.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_machine.h"

#include "cache/state.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void machine_new(struct machine *m)
{
    struct err e = {0};
    *m = (struct machine){.home = home_new(), .env = fake_env(20221229)};
    char *base = mem_format("%s/state/motcua", m->home);
    assert_ok(state_open(base, "mc-demo.local-8443-0a1b2c3d", "of-mai", &m->dir, &m->path, &e), &e);
    assert_ok(seal_key_load(m->dir, &m->key, &e), &e);
    mem_free(&base);
}

void machine_free(struct machine *m)
{
    seal_key_free(&m->key);
    close(m->dir);
    mem_free(&m->path);
    home_free(&m->home);
}

struct outbox *machine_outbox(struct machine *m)
{
    struct outbox *o = NULL;
    bool set_aside = true;
    struct err e = {0};
    assert_ok(outbox_open(m->dir, m->path, m->key, "of-mai", &m->env.env, &o, &set_aside, &e), &e);
    assert_false(set_aside);
    return o;
}

struct wish wish_on(const char *target)
{
    return (struct wish){
        .target = target,
        .if_match = "3",
        .method = "POST",
        .path = "/dossiers/d-1/actions",
        .action = "comment",
        .code = "000.25.33.H06-221228-0041",
        .name = "Nguyễn Thị Đào",
        .body = "{\"action\":\"comment\",\"note\":\"gấp\"}",
        .body_len = strlen("{\"action\":\"comment\",\"note\":\"gấp\"}"),
        .seen = "{\"id\":\"d-1\",\"version\":3}",
        .hold = true,
        .acted_at = T0,
    };
}

void enqueue(struct outbox *o, const struct wish *wish, char key[static UUID_TEXT])
{
    struct err e = {0};
    char keys[1][UUID_TEXT];
    assert_ok(outbox_enqueue(o, wish, 1, keys, &e), &e);
    memcpy(key, keys[0], UUID_TEXT);
}

enum command_state state_of(struct outbox *o, const char *key)
{
    struct err e = {0};
    struct arena arena = {0};
    struct command c;
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    arena_clear(&arena);
    return c.state;
}
