/* loop: network, facts, frame, wait, keys, in this order, in one thread. It decides nothing about a dossier.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/loop.h"
#include "cli/attach.h"

#include "cache/draft.h"
#include "cli/env.h"
#include "cli/signals.h"
#include "cli/tidy.h"
#include "cli/vault.h"
#include "core/i18n.h"

#include <limits.h>
#include <string.h>

#define APPLY_MS      4    /* of a page of the feed, a turn */
#define FILL_MS       4    /* of the block that search reads */
#define TIDY_MS       4    /* of what is over and goes */
#define CHECKPOINT_MS 2000 /* after so long without news the cache is idle */
#define QUIET_MS      2000 /* after so long without a key nobody notices a longer turn */

struct loop {
    struct seat *seat;
    struct app *app;
    struct term *term;
    struct input *input;
    struct canvas *canvas;
    struct signing *signing;
    struct papers *papers;
    const char *notice;    /* about keys and the like, for whoever sits down; NULL: none */
    bool filling;          /* the block that search reads is not full */
    int64_t checkpoint_at; /* mono; INT64_MAX: nothing new since the last */
    bool tidying;          /* in the middle of it */
    int64_t key_at;        /* mono of the last key */
    int64_t input_at;      /* when keys may be complete without more bytes */
    bool left, hung_up;
    bool pin_required, signing_out, covered;
    int lock_after; /* minutes; 0: as the role has it */
};

static int64_t mono(const struct loop *l)
{
    return seat_mono(l->seat);
}

/* ── who sits here ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* How the data key stands, for the lock view and whoever leads to it. */
static void tell_vault(struct loop *l)
{
    struct seat *s = l->seat;
    struct tries tries;

    if (!s->officer && !s->locked)
        vault_find(s);
    vault_tries(s, &tries);
    app_set_vault(l->app, &(struct app_vault){
                              .pin = s->officer ? s->pin : s->locked != NULL,
                              .offered = s->officer && !s->pin,
                              .required = l->pin_required,
                              .office = s->has_office,
                              .waiting = s->locked && net_officer(s->net),
                              .officer = s->locked,
                              .wrong = tries.wrong,
                              .lock_after_ms = l->lock_after ? (int64_t)l->lock_after * 60000 : -1,
                          });
}

static void attach(struct loop *l)
{
    const struct seat *s = l->seat;
    const char *notice = seat_notice(s) ? seat_notice(s) : l->notice;

    tell_vault(l);
    app_attach(l->app, s->cache, s->outbox, s->officer); /* which begins with an empty message line */
    l->filling = s->cache != NULL;
    if (notice)
        app_toast(l->app, TOAST_ERROR, "%s", notice);
    if (s->officer && !s->pin && l->pin_required)
        app_offer_pin(l->app, false);
}

/* Opens the files of who signed in. What keeps them shut is how the sign-in ended, so that it is not tried again by itself. */
static void signed_in(struct loop *l, struct answer *a)
{
    if (l->seat->officer && strcmp(l->seat->officer, a->officer.id) == 0)
        return; /* the same again, after the session was over */
    bool change = l->seat->officer != NULL;
    if (change)
        app_attach(l->app, NULL, NULL, NULL); /* before what it reads goes, and with it the view that asked */
    if (seat_attach(l->seat, a->officer.id, &a->err) || l->seat->locked) {
        a->err = (struct err){0}; /* the lock view asks for the PIN */
        attach(l);
        if (l->seat->outbox)
            outbox_note(l->seat->outbox, JOURNAL_SIGN_IN, NULL, NULL, NULL);
        if (l->seat->officer && !l->seat->pin && !app_training(l->app) && !app_is_covered(l->app))
            app_offer_pin(l->app, false);
    } else {
        tell_vault(l);
        if (change)
            app_toast_err(l->app, &a->err);
    }
}

/* The session is gone here whatever the server says (`why`: it could not be told). */
static void signed_out(struct loop *l, const struct err *why)
{
    struct err e = *why;

    l->signing_out = false;
    app_set_vault(l->app, &(struct app_vault){0});
    app_attach(l->app, NULL, NULL, NULL); /* before what it reads goes */
    seat_signed_out(l->seat, &e);
    tell_vault(l);
    if (e.code != ERR_NONE)
        app_toast_err(l->app, &e);
    l->filling = false;
}

/* What views that are covered have asked for is answered when they are there again. */
static void take_answers(struct loop *l)
{
    struct answer a;

    if (app_is_covered(l->app) && !l->signing_out)
        return;
    while (net_answer(l->seat->net, &a)) {
        if (a.kind == ASK_SIGN_IN && a.final && a.err.code == ERR_NONE)
            signed_in(l, &a);
        app_answer(l->app, &a);
        if (a.kind == ASK_SIGN_OUT && a.final)
            signed_out(l, &a.err);
        answer_clear(&a);
    }
    while (signing_answer(l->signing, &a) || papers_answer(l->papers, &a)) {
        app_answer(l->app, &a);
        answer_clear(&a);
    }
}

/* ── network and facts ───────────────────────────────────────────────────────────────────────────────────────────── */

static void take_events(struct loop *l)
{
    struct net_event ev;

    while (net_event(l->seat->net, &ev))
        app_net_event(l->app, ev.key, ev.state, ev.taken_away, ev.step_up, &ev.why);
}

/* ── locked ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void answer_pin(struct loop *l, const struct ask *ask)
{
    struct answer a = {.id = ask->id, .kind = ask->kind, .final = true};
    bool there = l->seat->officer != NULL, unlock = ask->kind == ASK_UNLOCK;
    bool ok = unlock ? vault_unlock(l->seat, app_pin(l->app), &a.err)
                     : vault_set_pin(l->seat, app_pin(l->app), &a.err);

    tell_vault(l);
    app_answer(l->app, &a);
    if (!ok || !unlock)
        return;
    if (there) {
        app_uncover(l->app);
    } else {
        attach(l);
        outbox_note(l->seat->outbox, JOURNAL_UNLOCK, NULL, NULL, NULL);
    }
}

static void answer_attach(struct loop *l, struct ask *ask)
{
    struct answer a = {.id = ask->id, .kind = ask->kind, .final = true};

    if (l->seat->officer)
        attach_file(l->seat, ask, &a.err);
    else
        err_set(&a.err, ERR_AUTH, "%s", _("Nobody is signed in at this server. Sign in first."));
    ask_clear(ask);
    app_answer(l->app, &a);
}

/* Once it is locked, nothing of a dossier stays on the terminal or in the memory that search reads; and after the key's time nothing is
 * sent any more. */
static void keep_locked(struct loop *l)
{
    int64_t since = app_locked_mono(l->app);

    if (l->covered && !app_is_covered(l->app))
        l->filling = l->seat->cache != NULL;
    l->covered = app_is_covered(l->app);
    if (app_take_wipe(l->app)) {
        term_wipe(l->term);
        if (l->seat->cache)
            cache_search_wipe(l->seat->cache);
        l->filling = false;
        if (l->seat->pin)
            vault_keep(l->seat, l->seat->officer, l->seat->key); /* its time begins now */
        tell_vault(l);
    }
    if (since != INT64_MAX && l->seat->pin && mono(l) - since >= (int64_t)KEY_KEPT_SECONDS * 1000)
        vault_sleep(l->seat);
}

/* A PIN that was typed for it is its own alone; another may be typed meanwhile. */
static void ask_signer(struct loop *l, struct ask *ask)
{
    struct signer_who who = {.officer = l->seat->officer, .certificate = seat_certificate(l->seat)};
    struct pin *pin = ask->pin ? app_pin(l->app) : NULL;

    signing_ask(l->signing, ask, &who, pin, app_line(l->app));
    if (pin)
        pin_clear(pin);
}

static bool is_for_signer(const struct ask *ask)
{
    return ask->kind == ASK_SIGN || ask->kind == ASK_SIGNER || ask->kind == ASK_SIGNERS ||
           ask->kind == ASK_SIGN_END;
}

static void pass_asks(struct loop *l)
{
    struct ask ask;
    uint64_t id;

    while (app_next_cancel(l->app, &id)) {
        net_cancel(l->seat->net, id);
        signing_cancel(l->signing, id);
        papers_cancel(l->papers, id);
    }
    while (app_next_ask(l->app, &ask)) {
        if (ask.kind == ASK_UNLOCK || ask.kind == ASK_SET_PIN) {
            answer_pin(l, &ask);
            continue;
        }
        l->signing_out = l->signing_out || ask.kind == ASK_SIGN_OUT;
        if (is_for_signer(&ask) && l->seat->officer)
            ask_signer(l, &ask);
        else if (ask.kind == ASK_PRINTERS || ask.kind == ASK_PRINT || ask.kind == ASK_SAVE)
            papers_ask(l->papers, &ask);
        else if (ask.kind == ASK_ATTACH)
            answer_attach(l, &ask);
        else
            net_ask(l->seat->net, &ask);
    }
}

static void note_news(struct loop *l, unsigned changes)
{
    if (changes & CACHE_REBUILT)
        app_toast(l->app, TOAST_ERROR, "%s",
                  _("The data kept on this machine for viewing is damaged; it is fetched again from the server. "
                    "Unsent work is safe."));
    if (changes & CACHE_DOSSIERS) {
        l->filling = !app_is_covered(l->app); /* what another instance applied is not in our block */
        l->checkpoint_at = mono(l) + CHECKPOINT_MS;
    }
}

/* Nobody types and nothing comes in: what is over goes. true: there is more. */
static bool tidy_when_quiet(struct loop *l)
{
    struct seat *s = l->seat;

    if (!s->cache || mono(l) < s->tidy_at)
        return false;
    /* What it does is news itself, and has the block filled anew: that ends it not. */
    bool busy = seal_key_asleep(s->key) || mono(l) - l->key_at < QUIET_MS ||
                (!l->tidying && (l->filling || l->checkpoint_at != INT64_MAX));
    l->tidying = !busy && tidy(s, TIDY_MS);
    if (busy)
        s->tidy_at = mono(l) + QUIET_MS;
    return l->tidying;
}

/* What was committed without a wait for the disk, once there is time. */
static void reach_disk(struct loop *l)
{
    struct seat *s = l->seat;

    if (s->cache && l->checkpoint_at <= mono(l)) {
        cache_checkpoint(s->cache);
        l->checkpoint_at = INT64_MAX;
    }
    if (s->outbox && draft_wake(s->outbox) <= mono(l))
        draft_sync(s->outbox, NULL); /* it is tried again; a full disk is told by the next key that is not saved */
}

/* true: there is more to do at once. */
static bool work(struct loop *l)
{
    struct seat *s = l->seat;
    struct line_status line;
    unsigned changes;
    bool again = net_step(s->net, APPLY_MS);

    if (l->filling)
        l->filling = !cache_search_fill(s->cache, s->env, FILL_MS);
    changes = seat_changes(s);
    note_news(l, changes);
    net_line(s->net, &line);
    app_set_line(l->app, &line);
    app_changed(l->app, changes);
    take_answers(l);
    take_events(l);
    if (app_wake(l->app) <= mono(l))
        app_tick(l->app);
    pass_asks(l);
    keep_locked(l);
    reach_disk(l);
    bool tidying = !again && tidy_when_quiet(l);
    return again || l->filling || tidying;
}

/* ── the terminal ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void show(struct loop *l)
{
    enum theme_id theme;

    if (!term_flush(l->term))
        return; /* the last frame has not left: the next one will hold what this one would */
    if (app_take_theme(l->app, &theme))
        term_set_theme(l->term, theme);
    bool redraw = app_take_redraw(l->app);
    if (redraw)
        term_redraw(l->term);
    if (app_draw(l->app, l->canvas) || redraw)
        term_show(l->term, l->canvas);
    term_flush(l->term);
}

static void resize(struct loop *l)
{
    int rows, cols;

    if (!term_resized(l->term, &rows,
                      &cols)) { /* smaller and back before we looked: what stood outside is gone all the same */
        term_redraw(l->term);
        app_refresh(l->app);
        return;
    }
    canvas_resize(l->canvas, rows, cols);
    app_resize(l->app, rows, cols);
}

static uint64_t suspend(struct loop *l)
{
    if (l->seat->pin) { /* neither the shell gets anything of ours, nor who comes back without the PIN */
        app_lock(l->app);
        keep_locked(l);
        show(l);
    }
    net_suspend(l->seat->net); /* nobody may wait for us while we stand still */
    term_suspend(l->term);
    signals_stop();
    return UINT64_C(1) << SIGCONT;
}

static void take_signals(struct loop *l)
{
    uint64_t bits = signals_take();

    if (signals_have(bits, SIGTSTP))
        bits |= suspend(l) | signals_take();
    if (signals_have(bits, SIGCONT)) {
        term_resume(l->term);
        app_refresh(l->app);
    }
    if (signals_have(bits, SIGCONT) || signals_have(bits, SIGWINCH))
        resize(l);
    if (signals_have(bits, SIGHUP))
        l->hung_up = true;
    if (signals_have(bits, SIGTERM) || signals_have(bits, SIGINT))
        l->left = true;
}

static void take_keys(struct loop *l)
{
    struct key key = {0};
    int wait = -1;

    while (!app_wants_quit(l->app) && input_next(l->input, app_typing(l->app), mono(l), &key, &wait)) {
        l->key_at = mono(l);
        app_key(l->app, &key);
        if (!app_is_covered(l->app))
            vault_use(l->seat);
    }
    l->input_at = wait < 0 ? INT64_MAX : mono(l) + wait;
}

/* ── the one wait ────────────────────────────────────────────────────────────────────────────────────────────────── */

static int timeout(const struct loop *l)
{
    int64_t until = app_wake(l->app), left;

    if (l->input_at < until)
        until = l->input_at;
    if (l->checkpoint_at < until)
        until = l->checkpoint_at;
    if (l->seat->cache && l->seat->tidy_at < until)
        until = l->seat->tidy_at;
    if (signing_wake(l->signing) < until)
        until = signing_wake(l->signing);
    if (papers_wake(l->papers) < until)
        until = papers_wake(l->papers);
    if (l->seat->outbox && draft_wake(l->seat->outbox) < until)
        until = draft_wake(l->seat->outbox);
    left = until == INT64_MAX ? INT_MAX : until - mono(l);
    return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

static void wait_and_hear(struct loop *l, bool again)
{
    enum { TTY, SIGNALS, WORLD, OUTBOX, SIGNER, PAPERS, N };
    struct seat *s = l->seat;
    struct pollfd fds[N] = {
        [TTY] = {.fd = term_fd(l->term), .events = POLLIN},
        [SIGNALS] = {.fd = signals_fd(), .events = POLLIN},
        [WORLD] = {.fd = env_fd(s->env), .events = POLLIN},
        [OUTBOX] = {.fd = s->outbox ? outbox_watch(s->outbox) : -1, .events = POLLIN},
        [SIGNER] = {.fd = signing_fd(l->signing), .events = POLLIN},
        [PAPERS] = {.fd = papers_fd(l->papers), .events = POLLIN},
    };

    if (term_pending(l->term))
        fds[TTY].events |= POLLOUT;
    net_wait(s->net, fds, N, again ? 0 : timeout(l));
    if (fds[WORLD].revents)
        env_moved(s->env);
    signing_step(l->signing, fds[SIGNER].revents != 0);
    papers_step(l->papers, fds[PAPERS].revents != 0);
    if (fds[SIGNALS].revents)
        take_signals(l);
    if (fds[TTY].revents & ~POLLOUT && !term_read(l->term, l->input, mono(l)))
        l->hung_up = true;
}

enum loop_end loop_run(const struct loop_parts *parts)
{
    struct loop l = {
        .seat = parts->seat,
        .app = parts->app,
        .term = parts->term,
        .input = parts->input,
        .signing = parts->signing,
        .papers = parts->papers,
        .notice = parts->notice,
        .pin_required = parts->pin_required,
        .lock_after = parts->lock_after,
        .checkpoint_at = INT64_MAX,
        .input_at = INT64_MAX,
    };
    struct line_status line;
    int rows = 24, cols = 80;

    term_resized(l.term, &rows, &cols);
    l.canvas = canvas_new(rows, cols);
    net_line(l.seat->net, &line);
    app_set_line(l.app, &line);
    attach(&l);
    app_resize(l.app, rows, cols);
    show(&l); /* the first frame is drawn before the first request */
    while (!l.left && !l.hung_up && !app_wants_quit(l.app)) {
        bool again = work(&l);
        show(&l);
        wait_and_hear(&l, again);
        take_keys(&l);
        if (again)
            show(&l); /* what a key did is seen before the next piece of the feed is taken in */
    }
    canvas_free(&l.canvas);
    return l.hung_up ? LOOP_HUNG_UP : LOOP_LEFT;
}
