/* cmd_sync: sends and receives without a screen: once, or until it is stopped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/signals.h"
#include "cli/tidy.h"
#include "core/i18n.h"

#include <stdio.h>

#define TIDY_MS 20 /* nobody waits for a frame */

static void nothing(void)
{
}

/* It ends by itself, at the latest 85 s after the server's last answer (net.h); a first pass may take longer than that in all. */
static bool once(struct cli *cli, struct seat *s, struct err *e)
{
    int64_t unsent, stuck;
    enum net_sync state;

    net_sync_now(s->net);
    while ((state = net_sync_state(s->net, e)) == NET_SYNC_RUNNING)
        seat_turn(s, INT64_MAX, -1);
    if (state == NET_SYNC_FAILED)
        return false;
    while (tidy(s, TIDY_MS))
        ;
    outbox_counts(s->outbox, &unsent, &stuck);
    if (cli->json)
        print_object(json_pack("{s:I, s:I, s:I}", "dossiers", (json_int_t)cache_dossier_count(s->cache),
                               "unsent", (json_int_t)unsent, "stuck", (json_int_t)stuck));
    else
        printf(_("Up to date: %lld dossiers kept. Not sent: %lld, stuck: %lld.\n"),
               (long long)cache_dossier_count(s->cache), (long long)unsent, (long long)stuck);
    return true;
}

/* What a service or a second terminal runs. It ends by itself only where it can do nothing any more. */
static bool for_ever(struct seat *s, struct err *e)
{
    uint64_t stop = UINT64_C(1) << SIGTERM | UINT64_C(1) << SIGINT | UINT64_C(1) << SIGHUP;
    struct line_status line = {0};

    signals_open(nothing);
    while (!(signals_take() & stop)) {
        seat_turn(s, s->tidy_at, signals_fd());
        if (!s->busy && seat_mono(s) >= s->tidy_at)
            s->busy = tidy(s, TIDY_MS);
        net_line(s->net, &line);
        if (line.state == LINE_SIGN_IN || line.state == LINE_STOPPED)
            break;
    }
    if (line.state == LINE_SIGN_IN)
        return err_set(
            e, ERR_AUTH, "%s",
            _("The session is over. What was not sent is still on this machine; sign in again to send it."));
    if (line.state == LINE_STOPPED)
        *e = line.why;
    return line.state != LINE_STOPPED;
}

bool cmd_sync(struct cli *cli, struct err *e)
{
    bool only_once = cli->options.value[OPTION_ONCE] != NULL;
    struct seat *s = NULL;
    bool ok = command_officer(cli, !only_once, &s, e);

    if (ok && only_once)
        ok = once(cli, s, e);
    else if (ok)
        ok = for_ever(s, e);
    seat_free(&s);
    return ok;
}
