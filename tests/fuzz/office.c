/* office: see office.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/office_inside.h"

#include "desk/software.h"
#include "tests/fuzz/fuzz.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#define OFFICER "quan"

static void set_clocks(struct office *o)
{
    o->machine->env.mono = o->now - o->boot;
    o->machine->env.wall = o->now / 1000;
}

/* ── the program ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* As a loop that never refuses: what the PIN opens is not this office's business. */
static void tell_vault(struct office *o)
{
    app_set_vault(o->app, &(struct app_vault){.pin = o->pin != NULL,
                                              .offered = o->officer && !o->pin,
                                              .wrong = o->wrong_pins,
                                              .lock_after_ms = -1});
}

static void answer_pin(struct office *o, const struct ask *ask)
{
    struct answer a = {.id = ask->id, .kind = ask->kind, .final = true};
    bool unlock = ask->kind == ASK_UNLOCK;

    if (!unlock) {
        pin_free(&o->pin);
        o->pin = pin_new();
        pin_copy(o->pin, app_pin(o->app));
    } else if (!o->pin || !pin_same(o->pin, app_pin(o->app))) {
        err_set(&a.err, ERR_AUTH, "%s", "The PIN is not right.");
        o->wrong_pins++;
    }
    tell_vault(o);
    app_answer(o->app, &a);
    if (unlock && a.err.code == ERR_NONE) {
        o->wrong_pins = 0;
        app_uncover(o->app);
    }
    answer_clear(&a);
}

static void open_files(struct office *o)
{
    struct machine *m = o->machine;
    bool rebuilt, aside;
    struct err e = {0};
    struct sync_orders orders = {0};

    if (!o->outbox) {
        assert_ok(cache_open(m->dir, m->path, m->key, o->officer, &o->cache, &rebuilt, &e), &e);
        assert_ok(outbox_open(m->dir, m->path, m->key, o->officer, &m->env.env, &o->outbox, &aside, &e), &e);
        CHECK(!rebuilt && !aside);
        o->lease = lease_new(m->dir);
    }
    sync_attach(o->sync, o->cache, o->outbox, o->lease, &orders);
    office_orders(o, &orders);
    tell_vault(o);
    app_attach(o->app, o->cache, o->outbox, o->officer);
}

static void close_files(struct office *o)
{
    if (!o->outbox)
        return;
    lease_free(&o->lease);
    outbox_close(&o->outbox);
    cache_close(&o->cache);
}

static void signed_in(struct office *o)
{
    if (o->officer)
        return; /* the same again: nobody else signs in here */
    o->officer = mem_copy(sync_officer(o->sync));
    open_files(o);
}

static void signed_out(struct office *o)
{
    struct sync_orders orders = {0};
    struct err e = {0};

    app_attach(o->app, NULL, NULL, NULL);
    pin_free(&o->pin);
    sync_attach(o->sync, NULL, NULL, NULL, &orders);
    office_orders(o, &orders);
    close_files(o);
    mem_free(&o->officer);
    assert_ok(cache_wipe(o->machine->dir, &e), &e);
}

static void start_program(struct office *o)
{
    const struct app_options options = {.env = &o->machine->env.env,
                                        .keymap_dir = "keymaps",
                                        .server = OFFICE_BASE,
                                        .workstation = "quay-\x1b[2J\xe2\x80\xae"
                                                       "02",
                                        .half_blocks = true};

    o->sync = sync_new(&(struct sync_options){.base = OFFICE_BASE, .login_hint = OFFICER, .follow = true},
                       &o->machine->env.env);
    o->keymap = keymap_new();
    o->app = app_new(&options, o->keymap);
    struct line_status line;
    sync_line(o->sync, &line);
    app_set_line(o->app, &line);
    app_resize(o->app, o->canvas->rows, o->canvas->cols);
    if (sync_officer(o->sync))
        signed_in(o);
    else
        app_attach(o->app, NULL, NULL, NULL);
}

static void end_program(struct office *o)
{
    for (size_t i = 0; i < OFFICE_FLIGHTS; i++)
        request_free(&o->flights[i].request);
    app_free(&o->app);
    keymap_free(&o->keymap);
    sync_free(&o->sync);
    close_files(o);
    mem_free(&o->officer);
}

void office_restart(struct office *o)
{
    end_program(o);
    start_program(o);
    office_turn(o);
}

/* ── the signer ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void sign(struct office *o, const struct ask *ask, struct answer *a)
{
    char *keys = office_keys(o), *cms = NULL;
    X509 *certificate = NULL;
    EVP_PKEY *key = NULL;
    struct signer_certificate c;

    if (software_open(keys, o->officer, &certificate, &key, &a->err) && ask->kind == ASK_SIGNER &&
        cms_describe(certificate, &c, &a->err)) {
        a->signer_device = a->signer_name = arena_copy(&a->arena, c.name);
        a->signer_until = c.until;
    } else if (a->err.code == ERR_NONE) {
        cms = cms_sign(certificate, cms_key_signs, key, ask->bytes, ask->n, &a->err);
        a->cms = cms ? arena_copy(&a->arena, o->signer == SIGNER_SPOILS ? "Q01T" : cms) : NULL;
        o->signed_well += cms != NULL;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    mem_free(&cms);
    mem_free(&keys);
}

static void answer_signer(struct office *o, struct ask *ask)
{
    struct answer a = {.id = ask->id, .kind = ask->kind, .final = true};

    if (ask->kind == ASK_SIGN && o->asked_to_sign)
        o->asked_to_sign(o->context, ask);
    if (o->signer != SIGNER_SILENT) {
        if (o->signer == SIGNER_FAILS || !o->officer)
            err_set(&a.err, ERR_SIGNER, "%s", "\x1b[2JNo token\xe2\x80\xae. Nothing was signed.");
        else
            sign(o, ask, &a);
        app_answer(o->app, &a);
    }
    answer_clear(&a);
    ask_clear(ask);
}

/* ── the loop ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool pass_asks(struct office *o)
{
    struct ask ask;
    uint64_t id;
    bool any = false;

    while (app_next_cancel(o->app, &id))
        office_step(o, &(struct sync_event){.kind = SYNC_CANCEL, .cancel = id});
    while (app_next_ask(o->app, &ask)) {
        any = true;
        if (ask.kind == ASK_UNLOCK || ask.kind == ASK_SET_PIN)
            answer_pin(o, &ask);
        else if (ask.kind == ASK_SIGN || ask.kind == ASK_SIGN_END || ask.kind == ASK_SIGNER)
            answer_signer(o, &ask);
        else
            office_step(o, &(struct sync_event){.kind = SYNC_ASK, .ask = &ask});
    }
    return any;
}

static bool take_news(struct office *o)
{
    struct answer a;
    struct net_event ev;
    bool any = false;

    while (!app_is_covered(o->app) && sync_answer(o->sync, &a)) {
        any = true;
        if (a.kind == ASK_SIGN_IN && a.final && a.err.code == ERR_NONE)
            signed_in(o);
        app_answer(o->app, &a);
        if (a.kind == ASK_SIGN_OUT && a.final)
            signed_out(o);
        answer_clear(&a);
    }
    while (sync_take_event(o->sync, &ev)) {
        any = true;
        app_net_event(o->app, ev.key, ev.state, ev.taken_away, ev.step_up, &ev.why);
    }
    return any;
}

static void tell_app(struct office *o)
{
    struct line_status line;
    unsigned changes = 0;

    if (o->cache) {
        for (int i = 0; i < 100 && !cache_search_fill(o->cache, &o->machine->env.env, 4); i++)
            ;
        if (app_take_wipe(o->app))
            cache_search_wipe(o->cache);
        changes = cache_take_changes(o->cache);
        if (outbox_take_changes(o->outbox))
            changes |= CACHE_OUTBOX;
    }
    sync_line(o->sync, &line);
    app_set_line(o->app, &line);
    app_changed(o->app, changes);
}

void office_turn(struct office *o)
{
    bool again = true;

    for (int i = 0; again && i < 30; i++) {
        set_clocks(o);
        while (sync_apply(o->sync, 100))
            ;
        office_step(o, &(struct sync_event){.kind = SYNC_TICK});
        again = office_wire(o);
        tell_app(o);
        again |= take_news(o);
        if (app_wake(o->app) <= o->machine->env.mono)
            app_tick(o->app);
        again |= pass_asks(o);
    }
    if (app_draw(o->app, o->canvas) && o->drawn)
        o->drawn(o->context, o);
}

void office_pass(struct office *o, int64_t ms)
{
    int64_t until = o->now + ms;

    for (int i = 0; i < 40 && o->now < until && !app_wants_quit(o->app); i++) {
        int64_t wake = app_wake(o->app) < sync_wake(o->sync) ? app_wake(o->app) : sync_wake(o->sync);
        int64_t at = wake < INT64_MAX / 2 ? o->boot + wake : until;
        o->now = at <= o->now ? o->now + 1 : at < until ? at : until;
        office_turn(o);
    }
    o->now = until > o->now ? until : o->now;
    office_turn(o);
}

/* ── beginning and end ───────────────────────────────────────────────────────────────────────────────────────────────── */

void office_open(struct office *o, bool in)
{
    static const char *const files[] = {"cache.db",      "cache.db-wal",  "cache.db-shm", "outbox.db",
                                        "outbox.db-wal", "outbox.db-shm", "journal"};
    struct machine *m = shelf_machine();

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        shelf_remove(m, files[i]);
    m->env = fake_env(5);
    shelf_seed(3);
    o->machine = m;
    office_open_central(o);
    o->boot = o->now - 3600000;
    set_clocks(o);
    o->canvas = canvas_new(24, 80);
    start_program(o);
    if (in) {
        struct ask ask = {.id = UINT64_C(1) << 60, .kind = ASK_SIGN_IN};
        office_step(o, &(struct sync_event){.kind = SYNC_ASK, .ask = &ask});
        for (int i = 0; i < 20 && !(o->cache && cache_ever_synced(o->cache)); i++)
            office_pass(o, 1000);
        CHECK(o->cache && cache_dossier_count(o->cache) > 0);
    }
    office_turn(o);
}

void office_close(struct office *o)
{
    end_program(o);
    canvas_free(&o->canvas);
    central_free(&o->central);
    pin_free(&o->pin);
}

int office_wishes(struct office *o, const char *action)
{
    struct arena arena = {0};
    struct command *rows;
    struct err e = {0};
    size_t n;
    int found = 0;

    if (!o->outbox)
        return 0;
    assert_ok(outbox_list(o->outbox, 0xff, &arena, &rows, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        found += rows[i].action && strcmp(rows[i].action, action) == 0;
    arena_clear(&arena);
    return found;
}
