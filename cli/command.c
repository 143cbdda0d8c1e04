/* command: what several commands do alike: sit down at a server, be the current officer, wait for a wish's answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include "cli/harden.h"
#include "cli/place.h"
#include "cli/vault.h"
#include "core/i18n.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory, or what of the way to it is there: on a disk that cannot be written now it is made later. */
static char *nearest(const char *path)
{
    char *at = mem_copy(path), *slash;

    while (access(at, F_OK) != 0 && (slash = strrchr(at, '/')) && slash > at)
        *slash = '\0';
    return at;
}

void command_harden(const char *own, const char *exports, const char *empties)
{
    char *place = nearest(own);
    const char *below[4] = {place};
    size_t n = 1;

    if (isatty(STDIN_FILENO))
        below[n++] = "/proc/self/fd/0";
    if (exports) {
        mkdir(exports, 0700); /* who cannot have it is told when he saves something */
        below[n++] = exports;
    }
    harden(&(struct harden_places){.below = below, .empties = empties});
    mem_free(&place);
}

bool command_seat(struct cli *cli, bool follow, struct seat **out, struct err *e)
{
    if (!config_load(&cli->config, e))
        return false;
    if (cli->options.value[OPTION_SERVER])
        cli->config.server = cli->options.value[OPTION_SERVER];
    if (!cli->config.server)
        return err_set(e, ERR_CONFIG,
                       _("No server is named. Write `server = https://…` into %s, or use --server."),
                       CONFIG_SYSTEM);
    struct office_key office;
    bool has;
    if (!vault_office(&cli->config, &office, &has, e))
        return false;
    struct seat_options options = {.server = cli->config.server,
                                   .trust = cli->config.trust,
                                   .office = has ? &office : NULL,
                                   .follow = follow};
    cli->env = env_new(true);
    if (!seat_new(&options, cli->env, out, e))
        return false;
    state_make((*out)->base, NULL); /* who needs it and cannot have it is told by seat_attach() */
    char *exports = cli->exports ? place_exports(cli->config.exports) : NULL;
    command_harden((*out)->base, exports, NULL);
    mem_free(&exports);
    return true;
}

bool command_officer(struct cli *cli, bool follow, struct seat **out, struct err *e)
{
    if (!command_seat(cli, follow, out, e))
        return false;
    if (!net_officer((*out)->net))
        return err_set(e, ERR_AUTH, "%s", _("Nobody is signed in. Run motcua login, or sign in on the screen."));
    if (!seat_attach(*out, NULL, e))
        return false;
    if (seat_notice(*out) && !cli->json) /* with --json, stderr is for a problem that ends the command */
        fprintf(stderr, "motcua: %s\n", seat_notice(*out));
    return true;
}

bool command_bad_value(enum option_id option, const char *what, struct err *e)
{
    return err_set(e, ERR_USAGE, "%s: %s", option_name(option), what);
}

bool command_text(const struct cli *cli, enum option_id option, struct arena *arena, const char **to,
                  struct err *e)
{
    const char *value = cli->options.value[option];
    struct buf nfc = {0};

    if (!value)
        return true;
    if (!text_nfc(value, strlen(value), &nfc))
        return command_bad_value(option, _("this is no UTF-8 text."), e);
    *to = arena_copy(arena, nfc.data ? nfc.data : "");
    buf_clear(&nfc);
    return true;
}

static bool is_final(const struct command *c)
{
    return c->state == COMMAND_DONE || c->state == COMMAND_CONFLICT || c->state == COMMAND_REFUSED ||
           c->state == COMMAND_DROPPED || c->state == COMMAND_RECONCILE;
}

/* Whether the network has taken our row away, and why. */
static bool taken_away(struct seat *s, const char *key, struct err *e)
{
    struct net_event ev;
    bool gone = false;

    while (net_event(s->net, &ev))
        if (ev.taken_away && strcmp(ev.key, key) == 0) {
            *e = ev.why;
            gone = true;
        }
    return gone;
}

/* Nothing more is to come of a sync that was asked for; where none was, until the time is over. */
static bool is_over(struct seat *s, bool syncing)
{
    struct err why;

    return syncing && net_sync_state(s->net, &why) != NET_SYNC_RUNNING;
}

bool command_wait(struct seat *s, const char *key, int64_t ms, bool syncing, struct arena *arena,
                  struct command *out, struct err *e)
{
    int64_t until = seat_mono(s) + ms;
    bool over = false;

    s->busy = true; /* the network has not seen it yet */
    for (unsigned changes = CACHE_OUTBOX;;) {
        if (taken_away(s, key, e))
            return false;
        if (changes & CACHE_OUTBOX) {
            struct err gone = {0};
            if (!outbox_get(s->outbox, key, arena, out, &gone)) {
                if (gone.code != ERR_NOT_FOUND) {
                    *e = gone;
                    return false;
                }
                /* Only what is online only goes without a trace, and the lease holder was told why. */
                return err_set(
                    e, ERR_OFFLINE, "%s",
                    _("This needs the line. Nothing was saved or sent; do it again when the line is back."));
            }
        }
        if (is_final(out) || over || seat_mono(s) >= until)
            return true;
        over = is_over(s, syncing);
        changes = over ? CACHE_OUTBOX : seat_turn(s, until, -1);
    }
}
