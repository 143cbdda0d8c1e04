/* cmd_wipe: before a PC is handed on: signs out, removes all that can be fetched or done again, then looks what is there and says it,
 * file by file. Of the officer who is signed in; where nobody is, of everybody who worked here at this server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/officers.h"
#include "cache/wipe.h"
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

struct wiping {
    struct cli *cli;
    const char *officer; /* NULL: everybody's */
    json_t *all;
    bool clean;
    struct err *e;
};

static const char *why_text(enum wipe_why why)
{
    switch (why) {
    case WIPE_WISHES:
        return _("wishes and their ends, sealed: only their officer can open and send them");
    case WIPE_KEY:
        return _("opens the outbox and the journal");
    case WIPE_JOURNAL:
        return _("what was done here, sealed");
    case WIPE_TRIES:
        return _("how often a wrong PIN was typed");
    case WIPE_LOCK:
        return _("says which program works here; holds nothing of a dossier");
    case WIPE_ASIDE:
        return _("a damaged outbox, kept aside: tell the IT department");
    case WIPE_FOREIGN:
        return _("not of motcua: left alone");
    default:
        return _("could NOT be removed: tell the IT department");
    }
}

static const char *const why_names[] = {
    [WIPE_LEFT] = "failed", [WIPE_WISHES] = "wishes", [WIPE_KEY] = "key",     [WIPE_JOURNAL] = "journal",
    [WIPE_TRIES] = "tries", [WIPE_LOCK] = "lock",     [WIPE_ASIDE] = "aside", [WIPE_FOREIGN] = "foreign",
};

static void tell(const struct officer_place *place, const struct wiped *w, struct arena *arena)
{
    printf(_("%s: %zu files removed.\n"), text_shown(arena, place->path), w->n_removed);
    if (!w->places_gone)
        printf("  %s\n", _("Places and drafts in the outbox could NOT be removed."));
    if (w->unsent < 0)
        printf("  %s\n", _("The outbox cannot be read, so it stays as it is."));
    else if (w->unsent > 0)
        printf(_("  %lld not sent or stuck: kept. Sign in again to send them.\n"), (long long)w->unsent);
    for (size_t i = 0; i < w->n_left; i++)
        printf(_("  left: %s (%lld bytes): %s\n"), text_shown(arena, w->left[i].name),
               (long long)w->left[i].bytes, why_text(w->left[i].why));
}

static json_t *as_json(const struct officer_place *place, const struct wiped *w)
{
    json_t *removed = json_array(), *left = json_array();

    for (size_t i = 0; i < w->n_removed; i++)
        json_array_append_new(removed, json_string(w->removed[i]));
    for (size_t i = 0; i < w->n_left; i++)
        json_array_append_new(left, json_pack("{s:s, s:I, s:s}", "file", w->left[i].name, "bytes",
                                              (json_int_t)w->left[i].bytes, "why", why_names[w->left[i].why]));
    return json_pack("{s:s, s:b, s:b, s:I, s:I, s:o, s:o}", "officer", place->officer, "clean", w->clean,
                     "places_gone", w->places_gone, "unsent", (json_int_t)w->unsent, "ended",
                     (json_int_t)w->ended, "removed", removed, "left", left);
}

static bool is_meant(const struct wiping *w, const struct officer_place *place)
{
    return !w->officer || strcmp(w->officer, place->officer) == 0;
}

static bool check_one(void *context, const struct officer_place *place)
{
    struct wiping *w = context;

    return !is_meant(w, place) || wipe_possible(place->dir, w->e);
}

static bool wipe_one(void *context, const struct officer_place *place)
{
    struct wiping *w = context;
    struct arena arena = {0};
    struct wiped done;

    if (!is_meant(w, place))
        return true;
    bool ok = wipe_officer(place->dir, place->path, &arena, &done, w->e);
    if (ok && w->cli->json)
        json_array_append_new(w->all, as_json(place, &done));
    else if (ok)
        tell(place, &done, &arena);
    w->clean = w->clean && ok && done.clean;
    arena_clear(&arena);
    return ok;
}

static bool wipe(struct wiping *w, struct seat *s, struct err *e)
{
    struct err session = {0};
    bool signed_out = true;

    if (!officers_each(s->base, s->server, check_one, w))
        return false;
    if (w->officer)
        signed_out = command_sign_out(w->cli, s, &session);
    w->all = json_array();
    bool ok = officers_each(s->base, s->server, wipe_one, w);
    if (ok && w->cli->json)
        print_object(json_incref(w->all));
    json_decref(w->all);
    if (!ok)
        return false;
    if (!w->clean)
        return err_set(e, ERR_STORE, "%s",
                       _("Not all of it could be removed: see what is left. Tell the IT department."));
    if (!signed_out)
        *e = session;
    else
        print_line(w->cli, "%s", _("Nothing of a dossier is left here but what is named above."));
    return signed_out;
}

bool cmd_wipe(struct cli *cli, struct err *e)
{
    struct wiping w = {.cli = cli, .clean = true, .e = e};
    struct seat *s = NULL;
    bool ok = command_seat(cli, false, &s, e);
    char *officer = ok && net_officer(s->net) ? mem_copy(net_officer(s->net)) : NULL;

    w.officer = officer;
    ok = ok && wipe(&w, s, e);
    mem_free(&officer);
    seat_free(&s);
    return ok;
}
