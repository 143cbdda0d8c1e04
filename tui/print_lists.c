/* print_lists: see print_lists.h. It looks at what was filed lately, newest first, and no further than a list may be long: it says so where
 * it stopped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/print_lists.h"

#include "core/i18n.h"
#include "core/instant.h"

#include <string.h>

#define PAGE      200
#define LOOKED    5000 /* rows at most */
#define ROWS_MOST 1000
#define BACK \
    (60 * INT64_C(86400)) /* filed so long before, it may still be taken in, or paid, in the time that is listed */

const char *const print_list_names[HANDOUT_LISTS + 1] = {
    [HANDOUT_REGISTER] = "register", [HANDOUT_HANDOVER] = "handover", [HANDOUT_TAKINGS] = "takings"};

struct collecting {
    struct app *app;
    enum handout_list list;
    const char *unit;
    struct arena *arena;
    int64_t from, until;
    const struct dossier **found; /* newest first */
    size_t n;
    bool cut;
};

static const char *procedure_name(void *app, const char *procedure)
{
    return cache_procedure_name(app_cache(app), procedure);
}

static bool within(const struct collecting *x, int64_t t)
{
    return t != INSTANT_NONE && t >= x->from && t < x->until;
}

static bool belongs(const struct collecting *x, const struct dossier *d)
{
    if (strcmp(d->unit, x->unit) != 0)
        return false;
    if (x->list != HANDOUT_TAKINGS)
        return within(x, d->received_at);
    for (size_t i = 0; i < d->n_fees; i++)
        if (d->fees[i].paid > 0 && within(x, d->fees[i].paid_at))
            return true;
    return false;
}

/* false: no more is wanted. */
static bool take(struct collecting *x, const struct dossier_row *row)
{
    struct dossier *d = arena_alloc(x->arena, sizeof *d);

    if (row->d.submitted_at < x->from - BACK)
        return false;
    if (strcmp(row->d.unit, x->unit) != 0 ||
        !cache_dossier(app_cache(x->app), row->d.id, x->arena, d, NULL, NULL) || !belongs(x, d))
        return true;
    if (x->n == ROWS_MOST) {
        x->cut = true;
        return false;
    }
    x->found[x->n++] = d;
    return true;
}

static bool collect(struct collecting *x, struct err *e)
{
    struct list_query query = {.queue = QUEUE_ALL, .sort = SORT_SUBMITTED, .now = app_now(x->app)};
    const char *key = NULL;
    bool fell_back;

    x->found = arena_alloc(x->arena, ROWS_MOST * sizeof(const struct dossier *)); // NOLINT(bugprone-sizeof-expression)
    for (size_t looked = 0; looked < LOOKED;) {
        struct list_page page;
        if (!cache_list(app_cache(x->app), &query, key, false, PAGE, x->arena, &page, &fell_back, e))
            return false;
        for (size_t i = 0; i < page.n; i++)
            if (!take(x, &page.rows[i]))
                return true;
        if (page.n < PAGE)
            return true;
        looked += page.n;
        key = page.rows[page.n - 1].d.id;
    }
    x->cut = true;
    return true;
}

/* The register is the month's, the others are today's. */
static void set_time(struct collecting *x, const struct handout_ask *head)
{
    int32_t today = instant_day(head->now, head->offset);
    struct civil c = day_civil(today);
    int32_t first = x->list == HANDOUT_REGISTER ? day_of(c.year, c.month, 1) : today;

    x->from = instant_day_start(first, head->offset);
    x->until = instant_day_start(today + 1, head->offset);
}

bool print_list_make(struct app *app, const struct handout_ask *head, enum handout_list list,
                     struct arena *arena, struct handout *out, struct err *e)
{
    struct collecting x = {.app = app, .list = list, .arena = arena};

    if (!head->unit)
        return err_set(e, ERR_NOT_FOUND, "%s", _("Your unit is not known on this machine."));
    x.unit = head->unit->id;
    set_time(&x, head);
    if (!collect(&x, e))
        return false;
    for (size_t i = 0; i < x.n / 2; i++) { /* a book begins with the oldest */
        const struct dossier *d = x.found[i];
        x.found[i] = x.found[x.n - 1 - i];
        x.found[x.n - 1 - i] = d;
    }
    handout_make_list(&(struct handout_list_ask){.head = head,
                                                 .dossiers = x.found,
                                                 .n = x.n,
                                                 .from = x.from,
                                                 .until = x.until,
                                                 .cut = x.cut,
                                                 .procedure_name = procedure_name},
                      list, arena, out);
    return true;
}
