/* hands: what the officer does at a workstation, as screen and command line would do it for him.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "cache/numbers.h"
#include "cache/wish.h"
#include "core/instant.h"
#include "core/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MONTH ((int64_t)30 * 86400)

struct saved *saved_find(struct world *w, const char *key)
{
    for (size_t i = 0; i < w->n_saved; i++)
        if (strcmp(w->saved[i].key, key) == 0)
            return &w->saved[i];
    return NULL;
}

static struct saved *add_saved(struct world *w, const struct station *st, const char *key,
                               const char *dossier, const char *action, bool online_only)
{
    if (w->n_saved == WISHES) {
        broken(w, "the simulator's own list of wishes is too short");
        return NULL;
    }
    struct saved *s = &w->saved[w->n_saved++];
    int64_t off = sync_now(st->sync) - w->now / 1000;
    *s = (struct saved){.officer = st->pc->officer,
                        .pc = st->pc->n,
                        .online_only = online_only,
                        .clock_off = off < -MONTH || off > MONTH};
    snprintf(s->key, sizeof(s->key), "%s", key);
    snprintf(s->dossier, sizeof(s->dossier), "%s", dossier);
    trace(w, "%d wishes %.8s: %s %s", st->n, key, action, dossier);
    return s;
}

/* A deed at the outbox: what the disk had refused before it. */
static uint64_t faults(const struct station *st)
{
    return st->pc->disk.faults;
}

/* Whether it could not be written down because of the disk; else that is the program's fault. */
static bool not_written(struct world *w, const struct station *st, uint64_t before, const struct err *e,
                        const char *deed)
{
    bool disk = st->pc->disk.off || faults(st) != before;
    if ((e->code == ERR_STORE || e->code == ERR_DATA) && !disk)
        broken(w, "files of a good disk: they can be written. %s: %s", deed, e->text);
    return disk;
}

/* The program did not say "saved". Where it could say so, nothing may come of it. */
static void add_unsaved(struct world *w, const struct station *st, const char *key, const char *dossier,
                        const char *action, bool online_only)
{
    struct saved *s = *key ? add_saved(w, st, key, dossier, action, online_only) : NULL;
    if (!s)
        return;
    s->unheard = !disk_is_well(&st->pc->disk);
    s->never = !s->unheard;
    trace(w, "%d could not save %.8s", st->n, key);
}

static const char *any_dossier(struct world *w)
{
    size_t n = 0;
    while (office_dossiers[n])
        n++;
    return office_dossiers[w->poisoned && percent(w, 25) ? 0 : chance(w, n)];
}

/* All that any action could need; what is too much the server ignores, what is wrong it refuses. */
static struct action_request fill(struct world *w, const char *action, int64_t now)
{
    static const char *const paper[] = {"p1"};
    bool comment = strcmp(action, "comment") == 0;
    struct action_request r = {.action = action,
                               .note = "ghi ở quầy",
                               .until = DAY_NONE,
                               .new_due_at = INSTANT_NONE,
                               .acted_at = INSTANT_NONE};
    if (comment)
        return r;
    if (strcmp(action, "assign") == 0)
        r.assignee = percent(w, 50) ? "mai" : "ha";
    if (strcmp(action, "propose") == 0)
        r.outcome = "grant";
    if (strcmp(action, "supplement") == 0 || strcmp(action, "request_supplement") == 0)
        r.papers = (struct texts){.items = (const char **)paper, .n = 1};
    if (strcmp(action, "request_supplement") == 0)
        r.until = instant_day(now, 25200) + 5;
    if (strcmp(action, "extend") == 0)
        r.new_due_at = now + (int64_t)20 * 86400;
    return r;
}

static const struct wish_offer *any_offer(struct world *w, const struct wish_offer *offers, size_t n)
{
    size_t offered = 0;
    while (offered < n && offers[offered].offered)
        offered++;
    if (offered == 0)
        return NULL;
    for (size_t i = 0; percent(w, 40) && i < offered; i++)
        if (strcmp(offers[i].action, "comment") == 0)
            return &offers[i];
    return &offers[chance(w, offered)];
}

static const struct procedure *procedure_of(struct station *st, const struct dossier *d)
{
    return cache_procedure(st->cache, d->procedure);
}

/* What is signed are the words that this station derives from what it holds. False: there is no key at hand. */
static bool sign(struct station *st, const struct dossier *d, int64_t now, struct arena *arena,
                 struct signature *signature, struct action_request *r)
{
    bool grants = strcmp(r->action, "approve") == 0;
    struct statement_basis basis = {.dossier = d,
                                    .procedure = procedure_of(st, d),
                                    .outcome = grants ? "grant" : "refuse",
                                    .note = r->note,
                                    .officer = st->pc->officer,
                                    .signed_at = now};
    size_t n;
    if (!basis.procedure) /* the disk fails: the screen opens no statement either */
        return false;
    char *statement = statement_build(&basis, 25200, &n);
    char *cms = office_sign(st->pc->officer, statement, n);
    if (cms) {
        char *words = base64_encode(statement, n);
        signature->statement = arena_copy(arena, words);
        signature->cms = arena_copy(arena, cms);
        r->signature = signature;
        mem_free(&words);
    }
    mem_free(&statement);
    mem_free(&cms);
    return r->signature != NULL;
}

static void act_on(struct world *w, struct station *st, const char *id, struct arena *arena)
{
    struct dossier d;
    struct err e = {0};
    struct wish_target target = {.dossier = &d};
    struct signature signature = {0};
    struct wish_offer *offers;
    size_t n;
    char keys[1][UUID_TEXT] = {""};
    int64_t now = sync_now(st->sync);
    uint64_t before = faults(st);
    cache_opened(st->cache, id);
    if (cache_dossier(st->cache, id, arena, &d, &target.seen, &e) &&
        wish_offers(st->cache, st->outbox, &d, now, arena, &offers, &n, &e)) {
        const struct wish_offer *offer = any_offer(w, offers, n);
        struct action_request r = fill(w, offer ? offer->action : "comment", now);
        if (!offer || (offer->needs & NEED_SIGNATURE && !sign(st, &d, now, arena, &signature, &r)))
            return;
        if (wish_act(st->cache, st->outbox, &target, 1, &r, percent(w, 70), now, keys, &e))
            add_saved(w, st, keys[0], id, offer->action, offer->online_only);
        else
            add_unsaved(w, st, keys[0], id, offer->action, offer->online_only);
    }
    not_written(w, st, before, &e, "acting");
}

/* No code is handed out on two receipts, whatever became of PC, files and screens between the two. */
static void hand_out(struct world *w, struct saved *s, const char *code)
{
    if (!s || !code)
        return;
    snprintf(s->code, sizeof(s->code), "%s", code);
    for (const struct saved *other = w->saved; other < s; other++)
        if (!other->never && !other->unheard && !s->never && !s->unheard && strcmp(other->code, code) == 0)
            broken(w, "a code is on one receipt: %s was handed out with key %s and with key %s", code,
                   other->key, s->key);
}

/* A citizen at the counter, mostly with a code in reserve, as if the line were cut. */
static void take_in(struct world *w, struct station *st)
{
    struct arena arena = {0};
    struct applicant who;
    struct new_dossier n;
    struct err e = {0};
    char keys[1][UUID_TEXT] = {""};
    int64_t now = sync_now(st->sync);
    uint64_t before = faults(st);
    codec_absent(&shape_applicant, &who);
    codec_absent(&shape_new_dossier, &n);
    who.kind = "person";
    who.name = "Lê Văn Tám";
    n.procedure = "tt1";
    n.channel = "counter";
    n.unit = "A";
    n.applicant = &who;
    n.received_at = now;
    n.client_ref = arena_format(&arena, "SIM-%zu", w->n_saved); /* the number of the wish in our own list */
    if (percent(w, 75) && !numbers_next(st->outbox, n.unit, now, &arena, &n.code, &e))
        e = e.code == ERR_NOT_FOUND ? (struct err){0} : e;
    if (wish_create(st->outbox, &n, NULL, now, keys[0], &e)) {
        hand_out(w, add_saved(w, st, keys[0], "", n.code ? n.code : "create", false), n.code);
    } else {
        if (e.code == ERR_CONFLICT)
            broken(w, "a code is on one receipt: %s was offered, and could not be given",
                   n.code ? n.code : "none");
        size_t first = w->n_saved;
        add_unsaved(w, st, keys[0], "", "create", false);
        if (w->n_saved > first)
            hand_out(w, &w->saved[first], n.code);
    }
    not_written(w, st, before, &e, "taking in");
    arena_clear(&arena);
}

static void act(struct world *w, struct station *st)
{
    struct arena arena = {0};
    act_on(w, st, any_dossier(w), &arena);
    arena_clear(&arena);
}

/* One note on several at once: all or none. */
static void act_on_several(struct world *w, struct station *st)
{
    enum { MOST = 4 };
    struct arena arena = {0};
    struct dossier d[MOST];
    struct wish_target targets[MOST];
    char keys[MOST][UUID_TEXT] = {"", "", "", ""};
    size_t n = 0;
    struct err e = {0};
    int64_t now = sync_now(st->sync);
    uint64_t before = faults(st);
    struct action_request r = fill(w, "comment", now);
    for (size_t i = chance(w, 4); office_dossiers[i] && n < MOST; i++) {
        targets[n].dossier = &d[n];
        if (cache_dossier(st->cache, office_dossiers[i], &arena, &d[n], &targets[n].seen, NULL))
            n++;
    }
    if (n > 0 && wish_act(st->cache, st->outbox, targets, n, &r, percent(w, 80), now, keys, &e))
        for (size_t i = 0; i < n; i++)
            add_saved(w, st, keys[i], d[i].id, "comment", false);
    else
        for (size_t i = 0; i < n; i++)
            add_unsaved(w, st, keys[i], d[i].id, "comment", false);
    not_written(w, st, before, &e, "acting on several");
    arena_clear(&arena);
}

/* ── taking back ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static enum command_state state_now(struct station *st, const char *key, bool *there, bool *may_have_arrived)
{
    struct arena arena = {0};
    struct command row = {0};
    *there = outbox_get(st->outbox, key, &arena, &row, NULL);
    *may_have_arrived = *there && row.may_have_arrived;
    enum command_state state = *there ? row.state : COMMAND_DROPPED;
    arena_clear(&arena);
    return state;
}

/* What has not left and stands as over may not leave any more. */
static void forbid_what_ended(struct world *w, struct station *st)
{
    for (size_t i = 0; i < w->n_saved; i++) {
        struct saved *s = &w->saved[i];
        bool there, arrived;
        if (s->pc != st->pc->n || s->in_sight || s->never)
            continue;
        enum command_state state = state_now(st, s->key, &there, &arrived);
        if (there && !arrived && (state == COMMAND_DROPPED || state == COMMAND_CONFLICT))
            s->never = true;
    }
}

static void undo(struct world *w, struct station *st)
{
    struct arena arena = {0};
    struct command undone;
    struct err e = {0};
    uint64_t before = faults(st);
    if (outbox_undo(st->outbox, &arena, &undone, &e)) {
        trace(w, "%d undoes %.8s", st->n, undone.key);
        forbid_what_ended(w, st);
    } else {
        not_written(w, st, before, &e, "undo");
    }
    arena_clear(&arena);
}

static bool any_row(struct world *w, struct station *st, unsigned which, struct arena *arena, struct command *out)
{
    struct command *rows;
    size_t n;
    if (!outbox_list(st->outbox, which, arena, &rows, &n, NULL) || n == 0)
        return false;
    *out = rows[chance(w, n)];
    return true;
}

static void drop(struct world *w, struct station *st)
{
    struct arena arena = {0};
    struct command row;
    if (any_row(w, st, 0, &arena, &row)) {
        bool ok = outbox_drop(st->outbox, row.key, sync_now(st->sync), NULL);
        struct saved *s = saved_find(w, row.key);
        trace(w, "%d drops %.8s: %d", st->n, row.key, ok);
        if (ok && s)
            s->dropped = true;
        if (ok && row.online_only && row.may_have_arrived)
            broken(w, "key %s may have arrived and cannot wait, yet it could be dropped", row.key);
        forbid_what_ended(w, st);
    }
    arena_clear(&arena);
}

static void retry(struct world *w, struct station *st)
{
    struct arena arena = {0};
    struct command row;
    if (any_row(w, st, 1 << COMMAND_DUE, &arena, &row)) {
        trace(w, "%d retries %.8s", st->n, row.key);
        outbox_retry(st->outbox, row.key, NULL);
    }
    arena_clear(&arena);
}

/* Keeps what was wished on the version that stands now. */
static void act_again(struct world *w, struct station *st)
{
    struct arena arena = {0};
    struct command row;
    struct dossier d;
    struct wish_target target = {.dossier = &d};
    struct signature signature = {0};
    char key[UUID_TEXT] = "";
    struct err e = {0};
    int64_t now = sync_now(st->sync);
    uint64_t before = faults(st);
    if (any_row(w, st, 1 << COMMAND_CONFLICT | 1 << COMMAND_REFUSED, &arena, &row) &&
        cache_dossier(st->cache, row.target, &arena, &d, &target.seen, NULL)) {
        struct action_request r = fill(w, row.action, now);
        bool signs = strcmp(row.action, "approve") == 0 || strcmp(row.action, "refuse_result") == 0;
        if (signs && !sign(st, &d, now, &arena, &signature, &r))
            goto done;
        if (wish_act_again(st->cache, st->outbox, row.key, &target, &r, true, now, key, &e)) {
            saved_find(w, row.key)->dropped = true;
            add_saved(w, st, key, row.target, row.action, row.online_only);
        } else {
            add_unsaved(w, st, key, row.target, row.action, row.online_only);
        }
        not_written(w, st, before, &e, "doing it anew");
    }
done:
    arena_clear(&arena);
}

/* ── the program and the PC ──────────────────────────────────────────────────────────────────────────────────────── */

static void look(struct world *w, struct station *st)
{
    struct ask ask = {
        .id = 2000000 + chance(w, 1000000), .kind = ASK_DOSSIER, .dossier = mem_copy(any_dossier(w))};
    station_event(w, st, &(struct sync_event){.kind = SYNC_ASK, .ask = &ask});
}

static void leave(struct world *w, struct station *st)
{
    trace(w, "%d leaves", st->n);
    if (st->outbox)
        outbox_end_holds(st->outbox, NULL);
    st->leaves = w->now + 2000;
}

static void suspend(struct world *w, struct station *st)
{
    trace(w, "%d is stopped", st->n);
    sync_suspend(st->sync);
    st->until = w->now + 1000 + (int64_t)chance(w, 1800000);
}

/* By force: it keeps the lease. */
static void freeze(struct world *w, struct station *st)
{
    trace(w, "%d is stopped by force", st->n);
    st->until = w->now + 1000 + (int64_t)chance(w, 900000);
}

static void close_lid(struct world *w, struct station *st)
{
    pc_sleep(w, st->pc);
}

static void jump(struct world *w, struct station *st)
{
    static const int64_t offsets[] = {-86400, 86400, 3600, -300, 0, -946684800, 473385600};
    st->pc->wall_off = offsets[chance(w, 7)];
    pc_set_clock(w, st->pc);
    trace(w, "pc %d clock is off by %lld", st->pc->n, (long long)st->pc->wall_off);
}

/* A colleague signs in on this PC, while these files are still open. */
static void other_signs_in(struct world *w, struct station *st)
{
    st->sits = strcmp(st->pc->officer, "mai") == 0 ? "ha" : "mai";
    station_sign_in(w, st);
}

static void kill_it(struct world *w, struct station *st)
{
    station_stop(w, st, true);
    st->until = w->now + 100 + (int64_t)chance(w, 60000);
}

static void switch_off(struct world *w, struct station *st)
{
    pc_power_cut(w, st->pc);
}

static bool signs_in(struct world *w, struct station *st)
{
    struct line_status line;
    const char *who = sync_officer(st->sync);
    sync_line(st->sync, &line);
    bool wrong = !who || strcmp(who, st->pc->officer) != 0 || !st->outbox;
    if (st->signing_in || (!wrong && line.state != LINE_SIGN_IN))
        return false;
    st->sits = st->pc->officer;
    station_sign_in(w, st);
    return true;
}

void hands_move(struct world *w, struct station *st)
{
    static const struct {
        unsigned below;
        void (*deed)(struct world *, struct station *);
        bool with_files;
    } deeds[] = {{36, act, true},
                 {45, take_in, true},
                 {50, act_on_several, true},
                 {58, undo, true},
                 {64, drop, true},
                 {70, retry, true},
                 {77, act_again, true},
                 {81, look, false},
                 {86, kill_it, false},
                 {88, switch_off, false},
                 {91, leave, false},
                 {93, suspend, false},
                 {94, freeze, false},
                 {96, close_lid, false},
                 {98, jump, false},
                 {100, other_signs_in, false}};
    st->hands_at = w->now + 200 + (int64_t)chance(w, percent(w, 40) ? 6000 : 90000);
    if (!st->sync || st->until > w->now || st->leaves > 0)
        return;
    station_enter(w, st);
    check_unclear(w, st);
    if (signs_in(w, st) || !w->chaos)
        return;
    unsigned draw = (unsigned)chance(w, 100);
    size_t i = 0;
    while (draw >= deeds[i].below)
        i++;
    if (deeds[i].with_files && !st->outbox)
        return;
    deeds[i].deed(w, st);
    station_settle(w, st);
    st->turn = true;
}
