/* cmd_login: login and logout. The code is shown and waited for; nothing is typed here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>

static void show_code(const struct cli *cli, const struct answer *a)
{
    struct arena arena = {0};
    char until[INSTANT_TEXT];
    int32_t offset = 0;
    const struct device_authorization *d = &a->device;

    zone_offset("Asia/Ho_Chi_Minh", &offset);
    instant_format(a->device_until, offset, until);
    if (cli->json)
        print_object(json_pack("{s:s, s:s, s:s*, s:s}", "user_code", d->user_code, "verification_uri",
                               d->verification_uri, "verification_uri_complete", d->verification_uri_complete,
                               "expires_at", until));
    else
        printf(_("Open %s and type the code %s. It is good until %s.\n"),
               text_shown(&arena, d->verification_uri), text_shown(&arena, d->user_code),
               word_clock(&arena, a->device_until, offset));
    fflush(stdout); /* it is waited for now */
    arena_clear(&arena);
}

/* Files that wait for a PIN get no note: login asks for none. */
static void note_sign_in(struct seat *s, const char *officer)
{
    if (seat_attach(s, officer, NULL))
        outbox_note(s->outbox, JOURNAL_SIGN_IN, NULL, NULL, NULL);
    seat_detach(s);
}

/* Turns until the ask is answered for good. */
static bool follow(struct cli *cli, struct seat *s, struct err *e)
{
    struct answer a;
    bool ended = false, ok = false;

    while (!ended) {
        seat_turn(s, INT64_MAX, -1);
        while (!ended && net_answer(s->net, &a)) {
            ended = a.final;
            ok = a.err.code == ERR_NONE;
            if (ended && !ok)
                *e = a.err;
            else if (ended && a.kind == ASK_SIGN_IN) {
                note_sign_in(s, a.officer.id);
                print_line(cli, _("Signed in: %s."), text_shown(&a.arena, a.officer.name));
            } else if (a.device.user_code)
                show_code(cli, &a);
            answer_clear(&a);
        }
    }
    return ok;
}

bool cmd_login(struct cli *cli, struct err *e)
{
    struct ask ask = {.id = 1, .kind = ASK_SIGN_IN};
    struct seat *s = NULL;
    bool ok = command_seat(cli, false, &s, e);

    if (ok && !cli->env->secret_lasts(cli->env))
        ok = err_set(e, ERR_STORE, "%s",
                     _("This system keeps no session (no kernel keyring), so signing in here would be lost at once. "
                       "Sign in on the screen: motcua."));
    if (ok) {
        net_ask(s->net, &ask);
        ok = follow(cli, s, e);
    }
    seat_free(&s);
    return ok;
}

bool command_sign_out(struct cli *cli, struct seat *s, struct err *e)
{
    struct ask ask = {.id = 1, .kind = ASK_SIGN_OUT};
    bool opened = seat_attach(s, NULL, NULL) || s->locked;

    net_ask(s->net, &ask);
    bool ok = follow(cli, s, e);
    if (opened)
        return seat_signed_out(s, ok ? e : NULL) && ok;
    return err_set(e, ERR_STORE, "%s",
                   _("Signed out, but what is kept here for viewing could not be opened, so it is not removed. "
                     "Tell the IT department."));
}

bool cmd_logout(struct cli *cli, struct err *e)
{
    struct seat *s = NULL;
    bool ok = command_seat(cli, false, &s, e) && (!net_officer(s->net) || command_sign_out(cli, s, e));

    if (ok)
        print_line(cli, "%s", _("Signed out. Unsent work stays on this machine."));
    seat_free(&s);
    return ok;
}
