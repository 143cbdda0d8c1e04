/* screen: motcua without a command. Puts terminal, keys, app and loop together, and takes them apart again; then sends what is due
 * for at most two seconds, and says what is left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/loop.h"
#include "cli/place.h"
#include "cli/signals.h"
#include "core/i18n.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEYMAP_BYTES 262144
#define SEND_ON_MS   2000

bool screen_possible(struct err *e)
{
    return (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) ||
           err_set(e, ERR_USAGE, "%s", _("motcua needs a terminal window. In scripts: see motcua --help."));
}

/* ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The first sentence is shown; check-keymap tells them all. */
static void complain(void *context, const char *sentence)
{
    char **first = context;

    if (!*first)
        *first = mem_copy(sentence);
}

/* The configured keymap, and the officer's own bindings on top. What is wrong with them stops nothing. */
static struct keymap *load_keys(const struct config *config, const char *dir, char **complaint)
{
    struct keymap *map = keymap_new();
    char *own = place_config("keymap");
    struct buf bytes = {0};
    struct err e = {0};
    bool absent = true;

    if (config->keymap && !keymap_use(map, config->keymap, dir, &e))
        complain(complaint, e.text);
    if (own && place_read(own, KEYMAP_BYTES, &bytes, &absent, &e))
        keymap_read(map, own, bytes.data ? bytes.data : "", bytes.len, complain, complaint);
    else if (!absent)
        complain(complaint, e.text);
    buf_clear(&bytes);
    mem_free(&own);
    return map;
}

/* ── leaving ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void say_what_is_left(const struct outbox *outbox)
{
    int64_t unsent, stuck;

    outbox_counts(outbox, &unsent, &stuck);
    if (unsent > 0)
        printf(_("%lld not sent yet: kept on this machine, and sent when motcua runs and the line is there.\n"),
               (long long)unsent);
    if (stuck > 0)
        printf(_("%lld stuck: open the outbox (h) next time.\n"), (long long)stuck);
}

/* The officer has gone, so nothing can be undone any more: what he did is sent, as far as two seconds go. */
static void send_on(struct seat *s)
{
    int64_t until = seat_mono(s) + SEND_ON_MS;
    struct err e = {0};

    if (!s->outbox || seal_key_asleep(s->key))
        return;
    if (!outbox_end_holds(s->outbox, &e))
        fprintf(stderr, "motcua: %s\n", e.text);
    while (!net_drain(s->net) && seat_mono(s) < until && !signals_take())
        seat_turn(s, until, signals_fd());
    seat_changes(s);
    say_what_is_left(s->outbox);
}

/* ── the screen ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum loop_end run(struct cli *cli, struct seat *s, struct term *term)
{
    char *keymaps = place_keymaps(), *workstation = place_workstation();
    char *complaint = NULL;
    struct keymap *keymap = load_keys(&cli->config, keymaps, &complaint);
    struct app_options options = {
        .env = cli->env,
        .keymap_dir = keymaps,
        .server = cli->config.server,
        .workstation = workstation,
        .half_blocks = term_half_blocks(term),
        .ascii_symbols = cli->config.ascii_symbols,
        .theme = cli->config.theme,
    };
    struct app *app = app_new(&options, keymap);
    struct input *input = input_new();
    struct signing *signing = signing_new(&cli->config, cli->env);
    struct papers *papers = papers_new(&cli->config, cli->env);

    term_map_keys(term, input);
    enum loop_end end = loop_run(&(struct loop_parts){.seat = s,
                                                      .app = app,
                                                      .term = term,
                                                      .input = input,
                                                      .signing = signing,
                                                      .papers = papers,
                                                      .pin_required = cli->config.pin_required,
                                                      .lock_after = cli->config.lock_after,
                                                      .notice = complaint});
    signing_free(&signing);
    papers_free(&papers);
    app_free(&app);
    input_free(&input);
    keymap_free(&keymap);
    mem_free(&complaint);
    mem_free(&workstation);
    mem_free(&keymaps);
    return end;
}

bool screen_run(struct cli *cli, struct seat *s, struct err *e)
{
    struct term *term;

    if (!term_open(STDIN_FILENO, cli->config.theme, cli->config.ascii_symbols, &term, e)) {
        e->code = ERR_USAGE; /* as without any terminal */
        return false;
    }
    signals_open(term_restore_now);
    die_restore_with(term_restore_now);
    enum loop_end end = run(cli, s, term);
    term_close(&term);
    if (end == LOOP_LEFT)
        send_on(s);
    return true;
}

bool cmd_screen(struct cli *cli, struct err *e)
{
    struct seat *s = NULL;
    cli->exports = true;
    bool ok = screen_possible(e) && command_seat(cli, true, &s, e) &&
              (seat_attach(s, NULL, e) || s->locked); /* the screen asks for the PIN */

    ok = ok && screen_run(cli, s, e);

    seat_free(&s);
    return ok;
}
