/* central: puts the server together from a scenario, or takes it up where its database was left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/ca.h"
#include "training/inside.h"
#include "training/loader.h"
#include "training/oauth.h"
#include "training/scenario.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#define DOSSIERS 2000

static void system_random(void *context, void *bytes, size_t n)
{
    if (RAND_bytes(bytes, (int)n) != 1)
        die("no random bytes");
}

int64_t central_start(const struct central *central)
{
    return central->start;
}

int64_t central_changes(const struct central *central)
{
    return central->changes;
}

const struct officer *central_somebody(const struct central *central, const char *who)
{
    const struct officer *officer = directory_officer(central->directory, who, NULL);

    return officer ? officer
                   : directory_officer(central->directory, scenario_demo(central->scenario, who), NULL);
}

/* Where the clock begins: as told; where the database was left; the scenario's own day. */
static int64_t find_start(struct central *central, const struct central_options *options, bool fresh)
{
    int64_t own = scenario_clock(central->scenario),
            left = fresh ? own : store_number(central->store, "clock", own);

    return options->start != INSTANT_NONE ? options->start : left > own ? left : own;
}

/* Cursors are good for one database: its key goes with it. */
static void find_cursor_key(struct central *central)
{
    struct store *store = central->store;
    sqlite3_stmt *s = store_query(store, META_GET, "t", "cursor_key");

    if (store_row(store, s) && sqlite3_column_bytes(s, 0) == sizeof central->cursor_key) {
        memcpy(central->cursor_key, sqlite3_column_blob(s, 0), sizeof central->cursor_key);
        store_done(s);
        return;
    }
    store_done(s);
    central->random(central->context, central->cursor_key, sizeof central->cursor_key);
    store_run(store, META_PUT, "tb", "cursor_key", central->cursor_key, sizeof central->cursor_key);
}

static bool fill(struct central *central, const struct central_options *options, bool fresh, struct err *e)
{
    store_begin(central->store);
    if (!(fresh ? load_reference(central, e) : load_certificates(central, e)))
        return false;
    find_cursor_key(central);
    if (!directory_load(central->store, &central->directory, e))
        return false;
    if (fresh && !load_dossiers(central, options->seed, options->dossiers < 0 ? DOSSIERS : options->dossiers, e))
        return false;
    central->changes = store_number(central->store, "seq", 0);
    if (store_failed(central->store, e))
        return false;
    if (!store_commit(central->store)) {
        store_failed(central->store, e);
        return false;
    }
    return store_index(central->store, e);
}

static bool build(struct central *central, const struct central_options *options, struct err *e)
{
    bool fresh;

    if (!scenario_open(options->scenario, &central->scenario, e) ||
        !store_new(options->db, &central->store, &fresh, e))
        return false;
    central->start = find_start(central, options, fresh);
    central->closed_kept_days = scenario_closed_kept_days(central->scenario);
    central->today_swept = INT64_MIN;
    if (!ca_new(central->start, &central->ca, e) || !fill(central, options, fresh, e))
        return false;
    central->concerned = mem_grow(NULL, central->directory->n_officers + 1, sizeof *central->concerned);
    for (size_t i = 0; i < central->directory->n_officers; i++)
        central->concerned[i] = central->changes;
    if (options->auto_approve && strcmp(options->auto_approve, "any") != 0 &&
        !central_somebody(central, options->auto_approve))
        return err_set(e, ERR_CONFIG, "the scenario has no officer %s", options->auto_approve);
    return !options->keys || ca_write(central->ca, options->keys, e);
}

bool central_new(const struct central_options *options, struct central **out, struct err *e)
{
    struct central *central = mem_alloc(sizeof *central);

    central->random = options->random ? options->random : system_random;
    central->context = options->context;
    central->base = mem_copy(options->base);
    central->auto_approve = options->auto_approve ? mem_copy(options->auto_approve) : NULL;
    if (!build(central, options, e)) {
        central_free(&central);
        return false;
    }
    *out = central;
    return true;
}

void central_free(struct central **at)
{
    struct central *central = *at;

    if (!central)
        return;
    directory_free(&central->directory);
    store_free(&central->store);
    ca_free(&central->ca);
    scenario_free(&central->scenario);
    mem_free(&central->base);
    mem_free(&central->auto_approve);
    free(central->concerned);
    free(central);
    *at = NULL;
}
