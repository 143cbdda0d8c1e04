/* tui_intake: see tui_intake.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_intake.h"

#include "core/codec.h"

#include <string.h>

struct arena counter_arena;

int counter_teardown(void **state)
{
    arena_clear(&counter_arena);
    return 0;
}

void counter_scan(struct world *w, const char *burst)
{
    struct key key = {.text = mem_copy(burst)};

    app_key(w->app, &key);
}

void counter_sit(struct world *w, const char *officer)
{
    world_new(w, "mockups", officer, "10:12");
    world_pass(w, 12000);
}

void counter_open(struct world *w, const char *code)
{
    counter_sit(w, "mai");
    world_keys(w, "n");
    world_type(w, code);
    world_keys(w, "Enter");
    world_shows(w, "Hồ sơ mới · ");
}

struct command counter_newest(struct world *w)
{
    struct command *rows;
    struct err e = {0};
    size_t n;

    assert_ok(outbox_list(w->outbox, 0, &counter_arena, &rows, &n, &e), &e);
    if (n == 0)
        fail_at(HERE, "nothing is in the outbox");
    return rows[0];
}

size_t counter_wishes(struct world *w)
{
    struct command *rows;
    struct err e = {0};
    size_t n;

    assert_ok(outbox_list(w->outbox, 0, &counter_arena, &rows, &n, &e), &e);
    return n;
}

struct new_dossier counter_sent(struct world *w)
{
    struct command c = counter_newest(w);
    struct new_dossier n;
    json_t *keep = NULL;
    struct err e = {0};

    assert_string_equal(c.action, "create");
    assert_ok(codec_read(&shape_new_dossier, c.body, c.body_len, &counter_arena, &n, &keep, &e), &e);
    codec_keep(&counter_arena, keep);
    return n;
}

void counter_cut_line(struct world *w)
{
    w->line.state = LINE_OFFLINE;
    w->line.since = w->clock;
    world_line(w);
}
