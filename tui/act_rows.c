/* act_rows: who may do what, gathered from the offers of one dossier or of many.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/act_rows.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/form_parts.h"
#include "tui/view_dossier.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS 10

/* ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool act_line_is_down(struct app *app)
{
    enum line_state line = app_line(app)->state;

    return line == LINE_OFFLINE || line == LINE_MAINTENANCE || line == LINE_SIGN_IN || line == LINE_STOPPED;
}

static struct act_row *row_of(struct act_rows *a, const char *action)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->items[i].action, action) == 0)
            return &a->items[i];
    if (a->n == a->cap) {
        a->cap = a->cap ? a->cap * 2 : 32;
        a->items = arena_grow(&a->arena, a->items, a->n, a->cap, sizeof *a->items);
    }
    struct act_row *row = &a->items[a->n++];
    *row = (struct act_row){.action = arena_copy(&a->arena, action), .digit = -1};
    row->label = text_shown(&a->arena, word_action(row->action).label);
    return row;
}

static void add_offer(struct act_rows *a, struct app *app, const struct wish_offer *offer)
{
    struct act_row *row = row_of(a, offer->action);
    const char *why = offer->offered ? NULL : offer->reason;

    if (offer->offered && offer->online_only && act_line_is_down(app))
        why = _("this needs the line, which is down");
    if (why && !row->reason)
        row->reason = text_shown(&a->arena, why);
    if (!offer->offered || why)
        return;
    row->can++;
    row->needs |= offer->needs;
    row->online_only = row->online_only || offer->online_only;
}

/* One that the cache does not hold is the server's: the view beneath shows it. */
bool act_read_dossier(struct app *app, const struct view *from, const char *id, struct dossier_shown *out,
                      struct err *e)
{
    struct err why = {0};

    if (dossier_shown_load(out, app, id, &why))
        return true;
    const struct dossier_shown *beneath = dossier_view_shown(from, id);
    if (why.code == ERR_NOT_FOUND && beneath)
        return dossier_shown_take(out, app, &beneath->d, e);
    *e = why;
    return false;
}

static bool add_dossier(struct act_rows *a, struct app *app, const struct view *from, const char *id,
                        struct err *e)
{
    struct dossier_shown shown = {0};
    struct arena arena = {0};
    struct wish_offer *offers;
    size_t n;
    bool ok = act_read_dossier(app, from, id, &shown, e) &&
              wish_offers(app_cache(app), app_outbox(app), &shown.d, app_now(app), &arena, &offers, &n, e);

    for (size_t i = 0; ok && i < n; i++)
        add_offer(a, app, &offers[i]);
    dossier_shown_clear(&shown);
    arena_clear(&arena);
    return ok;
}

/* What is another thing for each dossier is done one by one. */
static void refuse_for_many(struct act_rows *a)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].can > 0 && !form_fits_many(a->items[i].action, a->items[i].needs)) {
            a->items[i].can = 0;
            a->items[i].reason = _("this is done dossier by dossier");
        }
}

/* ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* As screens.md lists the actions; what we do not know comes last. */
static int table_place(const struct act_row *row)
{
    enum action action = action_of(row->action);

    return action == ACTION_UNKNOWN ? ACTION_COUNT : (int)action;
}

static int by_table(const void *a, const void *b)
{
    return table_place(a) - table_place(b);
}

/* 1 … 9, then 0. */
static int digit_place(int digit)
{
    return digit == 0 ? DIGITS : digit;
}

static int by_digit(const void *a, const void *b)
{
    return digit_place(((const struct act_row *)a)->digit) - digit_place(((const struct act_row *)b)->digit);
}

/* Its own number; where two that are offered share one, the later in the table takes the first that is free. */
static void give_digits(struct act_row *rows, size_t n)
{
    bool taken[DIGITS] = {false};

    qsort(rows, n, sizeof *rows, by_table);
    for (size_t i = 0; i < n; i++) {
        int own = word_action(rows[i].action).digit;
        if (own < 0 || taken[own])
            continue;
        rows[i].digit = own;
        taken[own] = true;
    }
    for (size_t i = 0; i < n; i++)
        for (int place = 1; rows[i].digit < 0 && place <= DIGITS; place++)
            if (!taken[place % DIGITS]) {
                rows[i].digit = place % DIGITS;
                taken[place % DIGITS] = true;
            }
    qsort(rows, n, sizeof *rows, by_digit);
}

/* What can be done stands before what cannot, which stays as the server has it. Returns how many can. */
static size_t part_rows(struct act_rows *a)
{
    struct act_row *parted = arena_alloc(&a->arena, (a->n ? a->n : 1) * sizeof *parted);
    size_t n = 0, can;

    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].can > 0)
            parted[n++] = a->items[i];
    can = n;
    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].can == 0)
            parted[n++] = a->items[i];
    a->items = parted;
    return can;
}

bool act_rows_read(struct act_rows *a, struct app *app, const struct view *from, const char *const *ids,
                   size_t n, struct err *e)
{
    act_rows_clear(a);
    for (size_t i = 0; i < n; i++) {
        struct err why = {0};
        if (!add_dossier(a, app, from, ids[i], &why) && n == 1) {
            *e = why;
            return false;
        }
    }
    if (n > 1)
        refuse_for_many(a);
    size_t can = part_rows(a); /* first: it moves them */
    give_digits(a->items, can);
    return true;
}

void act_rows_clear(struct act_rows *a)
{
    arena_clear(&a->arena);
    *a = (struct act_rows){0};
}

const struct act_row *act_rows_find(const struct act_rows *a, const char *action)
{
    for (size_t i = 0; action && i < a->n; i++)
        if (strcmp(a->items[i].action, action) == 0 && a->items[i].can > 0)
            return &a->items[i];
    return NULL;
}

bool act_row_has_form(const struct act_row *row)
{
    return (row->needs & NEED_SIGNATURE) || form_asks(row->action, row->needs).must != 0;
}
