/* tui_world: an officer at a screen, without terminal, network or server: cache and outbox filled from a scenario's own people and
 * wishes (training/scenarios), an app that takes keys and draws on a canvas, a server's clock that the test moves. Vietnamese.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_WORLD_H
#define MOTCUA_TESTS_UNIT_TUI_WORLD_H

#include "cache/cache.h"
#include "tests/unit/cache_machine.h"
#include "tui/app.h"
#include "tui/view.h"

#include <jansson.h>

struct world {
    struct machine machine;
    struct cache *cache;
    struct outbox *outbox;
    struct keymap *keymap;
    struct app *app;
    struct canvas *canvas;
    const char *officer;
    struct line_status line; /* world_line() after a change */
    json_t *scenario;        /* with what it uses */
    int64_t mono_at_clock;   /* mono when the clock stood at … */
    int64_t clock;
    char *row;
};
/* `scenario`: "mockups"; `officer`: "mai"; `clock`: "09:42" on the scenario's day. Everything that the officer may see has arrived,
 * data_at is that clock, the line is online; the app shows its first view at 80x24. */
void world_new(struct world *, const char *scenario, const char *officer, const char *clock);
void world_free(struct world *);
void world_restart(struct world *); /* the program ends and starts again; the files stay */

/* The wishes of the scenario that are named `set`, in the states that they have there. */
void world_plant(struct world *, const char *set);
/* A scenario's thing by its id: json of "dossiers", "officers" …; borrowed. */
json_t *world_thing(struct world *, const char *kind, const char *id);
/* The feed brings this dossier (of the scenario's shape; NULL: it is removed); takes it. */
void world_feed(struct world *, const char *id, json_t *dossier);
void world_feed_page(struct world *, json_t *entries); /* of the contract's shape: tests/unit/cache_feed.h; takes them */
/* What the loop does after the test has changed world->line. */
void world_line(struct world *);
void world_pass(struct world *, int64_t ms); /* time goes on, ticks are due */

/* Keys as screens.md names them, several with blanks between: "Down Down Enter". */
void world_keys(struct world *, const char *keys);
void world_type(struct world *, const char *text); /* letter by letter */
void world_paste(struct world *, const char *text);

/* What is asked, as the loop takes it; false: nothing. The caller's to ask_clear(). */
static inline bool world_ask(struct world *w, struct ask *out)
{
    return app_next_ask(w->app, out);
}

/* Ticks what is due, then draws at the size given (0: as it was). */
void world_draw(struct world *, int rows, int cols);
void world_settle(struct world *, int rows, int cols); /* the same, with what follows a moment behind the first frame */
const char *world_row(struct world *, int row); /* 0-based, without trailing blanks; until the next call */
/* The drawn rows have to be these: NULL at the end. Trailing blanks do not matter. */
void world_rows_at(struct at, struct world *, int first, const char *const *rows);
#define world_rows(w, first, ...) world_rows_at(HERE, w, first, (const char *const[]){__VA_ARGS__, NULL})
/* What is drawn is the mock-up: tests/golden.h. */
void world_matches_golden_at(struct at at, struct world *w, const char *name);
#define world_matches_golden(w, name) world_matches_golden_at(HERE, w, name)
/* The title row begins and ends so. */
void world_title_at(struct at, struct world *, const char *left, const char *right);
#define world_title(w, left, right) world_title_at(HERE, w, left, right)
bool world_sees(struct world *, const char *words); /* somewhere on the screen */
/* Drawn anew, it has these words somewhere, or nowhere. */
void world_shows_at(struct at, struct world *, const char *words, bool shows);
#define world_shows(w, words) world_shows_at(HERE, w, words, true)
#define world_hides(w, words) world_shows_at(HERE, w, words, false)

#endif
