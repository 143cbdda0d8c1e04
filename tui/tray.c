/* tray: see tray.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/tray.h"

#include "core/i18n.h"
#include "tui/tray_run.h"

#include <stdlib.h>
#include <string.h>

#define PLACE "tray"

bool tray_is_his(struct app *app)
{
    const struct officer *me = app_officer(app);
    int64_t now = app_now(app);

    for (size_t i = 0; me && i < me->n_mandates; i++)
        if (mandate_holds(&me->mandates[i], now))
            return true;
    return (app_roles(app) & ROLE_BIT(ROLE_SUPERVISOR)) != 0;
}

/* ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void forget_decision(struct tray_row *row)
{
    if (row->note)
        mem_wipe(row->note, strlen(row->note));
    if (row->bytes)
        mem_wipe(row->bytes, row->n_bytes);
    mem_free(&row->note);
    mem_free(&row->bytes);
    mem_free(&row->behalf);
    row->n_bytes = 0;
    row->decision = TRAY_OPEN;
}

void tray_row_clear(struct tray_row *row)
{
    forget_decision(row);
    free(row->id);
    *row = (struct tray_row){0};
}

static void close_gap(struct tray *tray, size_t i)
{
    tray->n--;
    tray->focus -= tray->focus > i || (tray->focus > 0 && tray->focus == tray->n);
    memmove(tray->rows + i, tray->rows + i + 1, (tray->n - i) * sizeof *tray->rows);
}

static void drop(struct tray *tray, size_t i)
{
    tray_row_clear(&tray->rows[i]);
    close_gap(tray, i);
}

static void append(struct tray *tray, const struct tray_row *row)
{
    tray->rows = mem_grow(tray->rows, tray->n + 1, sizeof *tray->rows);
    tray->rows[tray->n++] = *row;
}

static void put(struct tray *tray, const char *id)
{
    if (tray->n < TRAY_MOST && !tray_find(tray, id))
        append(tray, &(struct tray_row){.id = mem_copy(id)});
}

static void keep(struct app *app)
{
    const struct tray *tray = app_tray(app);
    json_t *ids = json_array();

    for (size_t i = 0; i < tray->n; i++)
        json_array_append_new(ids, json_string(tray->rows[i].id));
    app_set_place(app, PLACE, ids);
}

void tray_clear(struct tray *tray)
{
    tray_run_free(&tray->run);
    for (size_t i = 0; i < tray->n; i++)
        tray_row_clear(&tray->rows[i]);
    free(tray->rows);
    *tray = (struct tray){0};
}

void tray_open(struct app *app, struct tray *tray)
{
    const json_t *ids = app_outbox(app) ? app_place(app, PLACE) : NULL;

    tray_clear(tray);
    for (size_t i = 0; i < json_array_size(ids); i++)
        if (json_is_string(json_array_get(ids, i)))
            put(tray, json_string_value(json_array_get(ids, i)));
}

struct tray_row *tray_find(struct tray *tray, const char *id)
{
    for (size_t i = 0; i < tray->n; i++)
        if (strcmp(tray->rows[i].id, id) == 0)
            return &tray->rows[i];
    return NULL;
}

bool tray_add(struct app *app, const char *id)
{
    struct tray *tray = app_tray(app);
    struct arena arena = {0};
    struct dossier d;
    bool waits = cache_dossier(app_cache(app), id, &arena, &d, NULL, NULL) && queue_of(&d) == QUEUE_TO_SIGN;

    arena_clear(&arena);
    if (!waits)
        return false;
    put(tray, id);
    keep(app);
    return tray_find(tray, id) != NULL;
}

void tray_remove(struct app *app, const char *id)
{
    struct tray *tray = app_tray(app);
    struct tray_row *row = tray_find(tray, id);

    if (!row)
        return;
    drop(tray, (size_t)(row - tray->rows));
    keep(app);
}

bool tray_take(struct app *app, const char *id, struct tray_row *out)
{
    struct tray *tray = app_tray(app);
    struct tray_row *row = tray_find(tray, id);

    if (!row)
        return false;
    *out = *row;
    close_gap(tray, (size_t)(row - tray->rows));
    keep(app);
    return true;
}

void tray_give_back(struct app *app, struct tray_row *row)
{
    struct tray *tray = app_tray(app);

    if (tray_find(tray, row->id))
        tray_row_clear(row);
    else
        append(tray, row);
    *row = (struct tray_row){0};
    keep(app);
}

/* ── what stands now ─────────────────────────────────────────────────────────────────────────────────────────────── */

static bool right_stands(struct app *app, const struct tray_row *row, const struct dossier *d)
{
    const char *now = app_acts_for(app, d->procedure);

    return row->decision == TRAY_OPEN ||
           (row->behalf && now ? strcmp(row->behalf, now) == 0 : row->behalf == now);
}

static void compare(struct app *app, struct tray_row *row, const struct dossier *d)
{
    if (row->sight != TRAY_SEEN || (row->version == d->version && right_stands(app, row, d)))
        return;
    row->sight = TRAY_CHANGED;
    forget_decision(row);
}

bool tray_refresh(struct app *app, struct err *e)
{
    struct tray *tray = app_tray(app);
    struct arena arena = {0};
    struct dossier d;
    size_t before = tray->n;
    struct err why = {0};

    for (size_t i = tray->n; i-- > 0 && why.code == ERR_NONE;) {
        bool here = cache_dossier(app_cache(app), tray->rows[i].id, &arena, &d, NULL, &why);
        if (here && queue_of(&d) == QUEUE_TO_SIGN) {
            compare(app, &tray->rows[i], &d);
        } else if (here || why.code == ERR_NOT_FOUND) {
            drop(tray, i);
            why = (struct err){0};
        }
        arena_reset(&arena);
    }
    arena_clear(&arena);
    if (tray->n != before) {
        keep(app);
        app_toast(app, TOAST_NOTE, _("Out of the tray, since they wait for a signature no longer: %zu."),
                  before - tray->n);
    }
    if (why.code != ERR_NONE)
        *e = why;
    return why.code == ERR_NONE;
}

/* ── deciding ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void tray_see(struct tray_row *row, int64_t version)
{
    if (row->sight == TRAY_SEEN && row->version == version)
        return;
    forget_decision(row);
    row->sight = TRAY_SEEN;
    row->version = version;
}

void tray_decide(struct tray_row *row, enum tray_decision decision, const char *note,
                 const struct sign_statement *statement)
{
    forget_decision(row);
    row->decision = decision;
    row->note = mem_copy(note);
    row->behalf = statement->said.on_behalf_of ? mem_copy(statement->said.on_behalf_of) : NULL;
    if (decision == TRAY_REWORK)
        return;
    row->bytes = mem_copy_n(statement->bytes, statement->n_bytes);
    row->n_bytes = statement->n_bytes;
}

const char *tray_action(enum tray_decision decision)
{
    static const char *const actions[] = {
        [TRAY_GRANT] = "approve", [TRAY_REFUSE] = "refuse_result", [TRAY_REWORK] = "rework"};

    return actions[decision];
}

const char *tray_decision_word(enum tray_decision decision)
{
    static const char *const words[] = {[TRAY_OPEN] = "-",
                                        [TRAY_GRANT] = NC_("decision", "Grant"),
                                        [TRAY_REFUSE] = NC_("decision", "Refuse"),
                                        [TRAY_REWORK] = NC_("decision", "Send back")};

    return decision == TRAY_OPEN ? words[decision] : i18n_shown(words[decision]);
}

size_t tray_count(const struct tray *tray, enum tray_decision decision)
{
    size_t n = 0;

    for (size_t i = 0; i < tray->n; i++)
        n += tray->rows[i].decision == decision;
    return n;
}

size_t tray_to_sign(const struct tray *tray)
{
    return tray_count(tray, TRAY_GRANT) + tray_count(tray, TRAY_REFUSE);
}
