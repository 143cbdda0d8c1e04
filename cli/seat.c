/* seat: opens and closes what belongs to an officer at a server, in the right order, and turns the network's wheel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/seat.h"

#include "cli/env.h"
#include "cli/log.h"
#include "cli/place.h"
#include "cli/vault.h"
#include "core/i18n.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLY_MS      4
#define FIRST_TIDY_MS 60000 /* whoever sits down is let begin */

bool seat_new(const struct seat_options *options, struct env *env, struct seat **out, struct err *e)
{
    struct seat *s = mem_alloc(sizeof *s);
    char *workstation = place_workstation();
    struct net_options net = {
        .server = options->server,
        .trust = options->trust,
        .workstation = workstation,
        .login_hint = options->login_hint,
        .language = C_("language of the server's titles", "en"),
        .follow = options->follow,
    };
    bool ok;

    *s = (struct seat){.env = env, .dir = -1, .presence = -1, .busy = true, .has_office = options->office != NULL};
    if (options->office)
        s->office = *options->office;
    s->base =
        options->state ? mem_copy(options->state) : state_base(getenv("XDG_STATE_HOME"), getenv("HOME"), e);
    ok = s->base && net_new(&net, env, &s->net, e);
    if (ok)
        s->server = state_server_name(options->server);
    else
        seat_free(&s);
    mem_free(&workstation);
    *out = s;
    return ok;
}

void seat_free(struct seat **s)
{
    if (!*s)
        return;
    seat_detach(*s);
    net_free(&(*s)->net);
    seal_key_free(&(*s)->opened);
    mem_free(&(*s)->locked);
    mem_free(&(*s)->base);
    mem_free(&(*s)->server);
    free(*s);
    *s = NULL;
}

/* ── the officer's files ─────────────────────────────────────────────────────────────────────────────────────────── */

static void log_odd(void *context, const char *type, const char *id, const char *why)
{
    struct seat *s = context;

    log_line(s->log, s->env->wall(s->env), type, id, why);
}

static bool open_files(struct seat *s, struct err *e)
{
    if (!state_open(s->base, s->server, s->officer, &s->dir, &s->path, e))
        return false;
    s->log = log_new(s->dir);
    if (!presence_take(s->dir, &s->presence, e) || !vault_open(s, e) ||
        !outbox_open(s->dir, s->path, s->key, s->officer, s->env, &s->outbox, &s->set_aside, e) ||
        !cache_open(s->dir, s->path, s->key, s->officer, &s->cache, &s->rebuilt, e))
        return false;
    cache_on_odd(s->cache, log_odd, s);
    s->lease = lease_new(s->dir);
    return true;
}

static void close_files(struct seat *s)
{
    lease_free(&s->lease);
    cache_close(&s->cache);
    outbox_close(&s->outbox);
    seal_key_free(&s->key);
    log_free(&s->log);
    if (s->presence >= 0)
        close(s->presence);
    s->presence = -1;
    s->pin = false;
    if (s->dir >= 0)
        close(s->dir);
    s->dir = -1;
    mem_free(&s->path);
    mem_free(&s->officer);
    s->rebuilt = s->set_aside = false;
}

bool seat_attach(struct seat *s, const char *officer, struct err *e)
{
    const char *who = officer ? officer : net_officer(s->net);
    char *name = who ? mem_copy(who) : NULL; /* net's own may go with the files */

    seat_detach(s);
    mem_free(&s->locked);
    if (!name)
        return true;
    s->officer = name;
    s->tidy_at = seat_mono(s) + FIRST_TIDY_MS;
    s->seen_at = INSTANT_NONE;
    if (!open_files(s, e)) {
        close_files(s);
        return false;
    }
    net_attach(s->net, s->cache, s->outbox, s->lease);
    return true;
}

bool seat_attach_to_read(struct seat *s)
{
    const char *who = net_officer(s->net);

    if (!who || s->officer)
        return false;
    s->officer = mem_copy(who);
    if (state_open(s->base, s->server, s->officer, &s->dir, &s->path, NULL)) {
        s->log = log_new(s->dir);
        if (presence_take(s->dir, &s->presence, NULL) && vault_open(s, NULL) &&
            outbox_open_to_read(s->dir, s->path, s->key, s->officer, s->env, &s->outbox, NULL))
            return true;
    }
    close_files(s);
    return false;
}

const char *seat_notice(const struct seat *s)
{
    bool restored = s->outbox && outbox_restored(s->outbox),
         broken = s->outbox && outbox_journal_broken(s->outbox);

    if (broken && s->set_aside)
        return _("The outbox and its journal were damaged and are kept aside as outbox.db.bad and journal.bad. Check your "
                 "last actions against the system, and tell the IT department.");
    if (broken)
        return _("The journal of this machine was damaged or missing, so another one was begun. Unsent work is safe. Tell the IT "
                 "department.");
    if (s->set_aside && restored)
        return _("The outbox was damaged and is kept aside as outbox.db.bad. Unsent work was brought back from the journal and "
                 "is sent again; the system takes nothing twice. Tell the IT department.");
    if (s->set_aside)
        return _("The outbox was damaged and is kept aside as outbox.db.bad. Tell the IT department.");
    if (restored)
        return _("The outbox was missing or an old copy. Unsent work was brought back from the journal and is sent again; the "
                 "system takes nothing twice. Tell the IT department.");
    if (s->rebuilt)
        return _("The data kept on this machine for viewing is damaged; it is fetched again from the server. "
                 "Unsent work is safe.");
    return NULL;
}

void seat_detach(struct seat *s)
{
    if (!s->officer)
        return;
    net_attach(s->net, NULL, NULL, NULL);
    close_files(s);
}

bool seat_signed_out(struct seat *s, struct err *e)
{
    int dir = s->dir >= 0 ? dup(s->dir) : -1;
    char *path = NULL;
    bool ok;

    if (s->locked && !state_open(s->base, s->server, s->locked, &dir, &path, e))
        return false;
    if (s->outbox)
        outbox_note(s->outbox, JOURNAL_SIGN_OUT, NULL, NULL, NULL); /* who cannot be noted leaves all the same */
    vault_forget(s);
    seat_detach(s);
    mem_free(&s->locked);
    mem_free(&path);
    ok = dir < 0 || cache_wipe(dir, e);
    if (dir >= 0)
        close(dir);
    return ok;
}

/* ── turning ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

unsigned seat_changes(struct seat *s)
{
    if (!s->officer || seal_key_asleep(s->key))
        return 0;
    return cache_take_changes(s->cache) | (outbox_take_changes(s->outbox) ? CACHE_OUTBOX : 0u);
}

int64_t seat_mono(const struct seat *s)
{
    return s->env->mono(s->env);
}

unsigned seat_turn(struct seat *s, int64_t until, int also)
{
    struct pollfd fds[] = {
        {.fd = env_fd(s->env), .events = POLLIN},
        {.fd = s->outbox ? outbox_watch(s->outbox) : -1, .events = POLLIN},
        {.fd = also, .events = POLLIN},
    };
    int64_t left = until - seat_mono(s);

    if (!s->busy && left > 0)
        net_wait(s->net, fds, sizeof fds / sizeof *fds, left < 60000 ? (int)left : 60000);
    if (fds[0].revents)
        env_moved(s->env);
    s->busy = net_step(s->net, APPLY_MS);
    return seat_changes(s);
}

const char *seat_certificate(struct seat *s)
{
    const struct officer *me = s->cache && s->officer ? cache_officer(s->cache, s->officer) : NULL;

    return me ? me->signing_certificate : NULL;
}
