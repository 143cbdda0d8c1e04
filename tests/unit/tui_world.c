/* tui_world: see tui_world.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"

#include "core/codec.h"
#include "core/instant.h"
#include "core/text.h"
#include "tests/golden.h"
#include "tests/unit/cache_feed.h"
#include "tests/unit/tui_scenario.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 200

/* ── the scenario ──────────────────────────────────────────────────────────────────────────────────────────────────── */

json_t *world_thing(struct world *w, const char *kind, const char *id)
{
    return scenario_thing(w->scenario, kind, id);
}

static void add_things(json_t *entries, struct world *w, const char *kind, const char *type)
{
    json_t *thing;
    size_t i;

    json_array_foreach(json_object_get(w->scenario, kind), i, thing)
    {
        json_t *data = json_deep_copy(thing);
        json_int_t version = json_integer_value(json_object_get(data, "version"));
        const char *id = scenario_text(thing, "id");
        json_object_del(data, "version");
        if (strcmp(type, "calendar") == 0)
            json_object_del(data, "id");
        json_array_append_new(entries, entry(type, id, version ? version : 1, data));
    }
}

/* Holidays stand in every calendar of the file. */
static void spread_holidays(struct world *w)
{
    json_t *calendar, *holidays = json_object_get(w->scenario, "holidays");
    size_t i;

    json_array_foreach(json_object_get(w->scenario, "calendars"), i, calendar)
    {
        json_t *exceptions = json_object_get(calendar, "exceptions");
        if (!exceptions)
            json_object_set_new(calendar, "exceptions", exceptions = json_array());
        json_array_extend(exceptions, holidays);
    }
}

static void apply(struct world *w, json_t *entries, bool more)
{
    struct cache_page_end end;
    struct err e = {0};
    size_t len;
    char *bytes = page_bytes(entries, "here", more, &len);

    assert_ok(cache_page_begin(w->cache, bytes, len, &e), &e);
    enum cache_page how;
    do /* a checkpoint is a turn of its own */
        how = cache_page_step(w->cache, &w->machine.env.env, 60000, &end, &e);
    while (how == CACHE_PAGE_MORE);
    if (how != CACHE_PAGE_DONE || end.passed_over)
        fail_at(HERE, "a page is not applied whole (%zu passed over): %s", end.passed_over, e.text);
}

static void say_odd(void *context, const char *type, const char *id, const char *why)
{
    print_error("passed over: %s %s: %s\n", type, id, why);
}

static void fill_cache(struct world *w, const char *officer)
{
    json_t *entries = json_array(), *d;
    const char *unit = scenario_text(world_thing(w, "officers", officer), "unit");
    struct err e = {0};
    size_t i;

    assert_ok(cache_begin_pass(w->cache, &e), &e);
    cache_on_odd(w->cache, say_odd, NULL);
    spread_holidays(w);
    add_things(entries, w, "units", "unit");
    add_things(entries, w, "officers", "officer");
    add_things(entries, w, "calendars", "calendar");
    add_things(entries, w, "procedures", "procedure");
    apply(w, entries, true);
    entries = json_array();
    json_array_foreach(json_object_get(w->scenario, "dossiers"), i, d)
    {
        if (!scenario_sees(w->scenario, d, unit))
            continue;
        if (json_array_size(entries) == PAGE) {
            apply(w, entries, true);
            entries = json_array();
        }
        json_array_append_new(entries, dossier_entry(scenario_dossier(w->scenario, json_deep_copy(d))));
    }
    apply(w, entries, false);
    assert_ok(cache_set_data_at(w->cache, w->clock, &e), &e);
}

void world_feed(struct world *w, const char *id, json_t *dossier)
{
    json_t *item =
        dossier ? dossier_entry(scenario_dossier(w->scenario, dossier)) : entry("dossier", id, 1000, NULL);

    world_feed_page(w, json_pack("[o]", item));
}

void world_feed_page(struct world *w, json_t *entries)
{
    apply(w, entries, false);
    app_changed(w->app, cache_take_changes(w->cache));
}

/* ── wishes ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t time_member(const json_t *thing, const char *name, int64_t absent)
{
    int64_t t = absent;

    instant_parse(scenario_text(thing, name), &t);
    return t;
}

static void bring_to_state(struct world *w, const json_t *wish, const char *key)
{
    const char *state = scenario_text(wish, "state");
    bool may = json_is_true(json_object_get(wish, "may_have_arrived")), taken;
    char *problem = json_dumps(json_object_get(wish, "problem"), JSON_COMPACT);
    int64_t mono = w->machine.env.mono;
    struct err e = {0};

    if (strcmp(state, "HELD") != 0 && (may || strcmp(state, "DUE") != 0))
        assert_ok(outbox_sending(w->outbox, key, &e), &e);
    if (may) {
        int64_t at = time_member(wish, "not_before", w->clock);
        assert_ok(outbox_no_answer(w->outbox, key, true, mono + (at - w->clock) * 1000, NULL, &taken, &e), &e);
    }
    if (strcmp(state, "CONFLICT") == 0)
        assert_ok(outbox_failed(w->outbox, key, COMMAND_CONFLICT, problem, NULL, w->clock, &e), &e);
    if (strcmp(state, "REFUSED") == 0)
        assert_ok(outbox_failed(w->outbox, key, COMMAND_REFUSED, problem, NULL, w->clock, &e), &e);
    free(problem);
}

/* One more. */
static size_t plant(struct world *w, const json_t *wish)
{
    const char *target = scenario_text(wish, "target");
    const json_t *d = world_thing(w, "dossiers", target);
    char *body = json_dumps(json_object_get(wish, "body"), JSON_COMPACT);
    json_t *whole = d ? scenario_dossier(w->scenario, json_deep_copy(d)) : json_object();
    char *seen = json_dumps(whole, JSON_COMPACT), *path = text_new("/dossiers/%s/actions", target);
    char keys[1][UUID_TEXT];
    struct err e = {0};

    json_decref(whole);
    const struct wish row = {
        .target = target,
        .if_match = scenario_text(wish, "if_match"),
        .method = "POST",
        .path = path,
        .action = scenario_text(wish, "action"),
        .code = scenario_text(d, "code"),
        .name = scenario_text(json_object_get(d, "applicant"), "name"),
        .body = body,
        .body_len = strlen(body),
        .seen = seen,
        .hold = strcmp(scenario_text(wish, "state"), "HELD") == 0,
        .acted_at = time_member(wish, "acted_at", w->clock),
    };
    assert_ok(outbox_enqueue(w->outbox, &row, 1, keys, &e), &e);
    bring_to_state(w, wish, keys[0]);
    free(path);
    free(body);
    free(seen);
    return 1;
}

void world_plant(struct world *w, const char *set)
{
    json_t *wishes = json_object_get(w->scenario, "wishes");
    struct err e = {0};
    size_t n = 0;

    for (int old = 1; old >= 0; old--) { /* taking the lease would end what is being sent: what is too old comes first */
        for (size_t i = json_array_size(wishes); i-- > 0;) { /* the newest stands first, and is wished last */
            const json_t *wish = json_array_get(wishes, i);
            bool too_old = strcmp(scenario_text(wish, "state"), "RECONCILE") == 0;
            if (strcmp(scenario_text(wish, "set"), set) == 0 && too_old == (bool)old)
                n += plant(w, wish);
        }
        if (old)
            assert_ok(outbox_recover(w->outbox, w->clock, &e), &e);
    }
    if (n == 0)
        fail_at(HERE, "no wishes “%s”", set);
    outbox_take_changes(w->outbox);
    app_changed(w->app, CACHE_OUTBOX);
}

/* ── the world ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void speak_vietnamese(void)
{
    char *dir = build_path("locale");

    setenv("LANGUAGE", "vi", 1);
    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    bindtextdomain("motcua", dir);
    bind_textdomain_codeset("motcua", "UTF-8");
    textdomain("motcua");
    free(dir);
}

static int64_t clock_of(const json_t *scenario, const char *clock)
{
    char *text = text_new("%.11s%s:00+07:00", scenario_text(scenario, "clock"), clock);
    int64_t t;

    if (!instant_parse(text, &t))
        fail_at(HERE, "no time: %s", text);
    free(text);
    return t;
}

/* Whoever sat here last is still signed in. */
static void sit_down(struct world *w)
{
    struct machine *m = &w->machine;
    bool rebuilt, aside;
    struct err e = {0};

    assert_ok(cache_open(m->dir, m->path, m->key, w->officer, &w->cache, &rebuilt, &e), &e);
    assert_ok(outbox_open(m->dir, m->path, m->key, w->officer, &m->env.env, &w->outbox, &aside, &e), &e);
    assert_false(rebuilt || aside);
    const struct app_options options = {.env = &m->env.env,
                                        .keymap_dir = "keymaps",
                                        .server = "https://mc-demo.local:8443/",
                                        .workstation = "quay-02",
                                        .half_blocks = true};
    w->keymap = keymap_new();
    w->app = app_new(&options, w->keymap);
}

static void stand_up(struct world *w)
{
    app_free(&w->app);
    keymap_free(&w->keymap);
    outbox_close(&w->outbox);
    cache_close(&w->cache);
}

static void fill_search(struct world *w)
{
    while (!cache_search_fill(w->cache, &w->machine.env.env, 1000))
        ;
}

void world_restart(struct world *w)
{
    int rows = app_rows(w->app), cols = app_cols(w->app);

    stand_up(w);
    sit_down(w);
    fill_search(w);
    app_resize(w->app, rows, cols);
    world_line(w);
    app_attach(w->app, w->cache, w->outbox, w->officer);
}

void world_new(struct world *w, const char *scenario, const char *officer, const char *clock)
{
    *w = (struct world){.scenario = scenario_read(scenario), .officer = officer};
    speak_vietnamese();
    machine_new(&w->machine);
    w->clock = clock_of(w->scenario, clock);
    w->mono_at_clock = w->machine.env.mono;
    w->machine.env.wall = w->clock;
    sit_down(w);
    fill_cache(w, officer);
    fill_search(w);
    cache_take_changes(w->cache);
    w->line = (struct line_status){.state = LINE_ONLINE,
                                   .since = w->clock,
                                   .until = INSTANT_NONE,
                                   .next_try = INSTANT_NONE,
                                   .last_try = INSTANT_NONE,
                                   .data_at = w->clock,
                                   .skew = 0,
                                   .training = true,
                                   .first_sync = -1};
    world_line(w);
    app_attach(w->app, w->cache, w->outbox, officer);
    w->canvas = canvas_new(24, 80);
}

void world_free(struct world *w)
{
    stand_up(w);
    canvas_free(&w->canvas);
    machine_free(&w->machine);
    json_decref(w->scenario);
    mem_free(&w->row);
}

void world_line(struct world *w)
{
    w->line.server_now = w->clock + (w->machine.env.mono - w->mono_at_clock) / 1000;
    app_set_line(w->app, &w->line);
}

static void tick(struct world *w)
{
    for (int i = 0; i < 20 && app_wake(w->app) <= w->machine.env.mono; i++)
        app_tick(w->app);
}

void world_pass(struct world *w, int64_t ms)
{
    w->machine.env.mono += ms;
    world_line(w);
    if (outbox_take_changes(w->outbox))
        app_changed(w->app, CACHE_OUTBOX);
    tick(w);
}

void world_keys(struct world *w, const char *keys)
{
    char name[24];

    for (size_t n; *keys; keys += n) {
        keys += strspn(keys, " ");
        n = strcspn(keys, " ");
        if (n == 0)
            break;
        struct key key = {0};
        snprintf(name, sizeof name, "%.*s", (int)n, keys);
        if (!key_parse(name, &key))
            fail_at(HERE, "no key: %s", name);
        app_key(w->app, &key);
    }
}

void world_type(struct world *w, const char *text)
{
    for (size_t n, left = strlen(text); left > 0; text += n, left -= n) {
        struct key key = {.name = *text == ' ' ? KEY_NAME_SPACE : KEY_NAME_CHAR};
        n = text_letter(text, left);
        snprintf(key.letter, sizeof key.letter, "%.*s", (int)n, text);
        app_key(w->app, &key);
    }
}

void world_paste(struct world *w, const char *text)
{
    struct key key = {.text = mem_copy(text), .pasted = true};

    app_key(w->app, &key);
}

/* ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────── */

void world_draw(struct world *w, int rows, int cols)
{
    if (rows && (rows != app_rows(w->app) || cols != app_cols(w->app)))
        app_resize(w->app, rows, cols);
    tick(w);
    app_refresh(w->app);
    app_draw(w->app, w->canvas);
}

void world_settle(struct world *w, int rows, int cols)
{
    world_draw(w, rows, cols);
    world_pass(w, 50);
    world_draw(w, rows, cols);
}

const char *world_row(struct world *w, int row)
{
    mem_free(&w->row);
    w->row = canvas_row(w->canvas, row);
    return w->row;
}

void world_rows_at(struct at at, struct world *w, int first, const char *const *rows)
{
    bool same = true;

    for (int i = 0; rows[i]; i++) {
        size_t n = strlen(rows[i]);
        while (n && rows[i][n - 1] == ' ')
            n--;
        const char *seen = world_row(w, first + i);
        if (strlen(seen) == n && strncmp(seen, rows[i], n) == 0)
            continue;
        same = false;
        print_error("row %2d wanted |%.*s|\n       seen   |%s|\n", first + i, (int)n, rows[i], seen);
    }
    if (!same)
        fail_at(at, "the screen is another");
}

void world_matches_golden_at(struct at at, struct world *w, const char *name)
{
    char *wanted = golden_wanted(name, at);
    struct buf seen = {0};

    for (int row = 0; row < w->canvas->rows; row++) {
        buf_text(&seen, world_row(w, row));
        buf_text(&seen, "\n");
    }
    golden_keep(name, seen.data);
    if (strcmp(seen.data, wanted) != 0)
        golden_differ(name, wanted, seen.data, at);
    buf_clear(&seen);
    free(wanted);
}

void world_title_at(struct at at, struct world *w, const char *left, const char *right)
{
    const char *title = world_row(w, 1);
    size_t n = strlen(title), r = strlen(right);

    if (strncmp(title + 1, left, strlen(left)) != 0 || n < r || strcmp(title + n - r, right) != 0)
        fail_at(at, "the title is |%s|, not |%s … %s|", title, left, right);
}

bool world_sees(struct world *w, const char *words)
{
    for (int row = 0; row < w->canvas->rows; row++)
        if (strstr(world_row(w, row), words))
            return true;
    return false;
}

void world_shows_at(struct at at, struct world *w, const char *words, bool shows)
{
    world_draw(w, 0, 0);
    if (world_sees(w, words) == shows)
        return;
    for (int row = 0; row < w->canvas->rows; row++)
        print_error("|%s|\n", world_row(w, row));
    fail_at(at, "“%s” is %son the screen", words, shows ? "not " : "");
}
