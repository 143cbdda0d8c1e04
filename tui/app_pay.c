/* app_pay: see app_pay.h. What was asked for on another machine is watched as soon as it was looked at here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_pay.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/app_internal.h"

#include <stdlib.h>
#include <string.h>

void app_watch_payment(struct app *app, const char *dossier, const char *payment)
{
    for (size_t i = 0; i < app->n_watched; i++)
        if (strcmp(app->watched[i].payment, payment) == 0)
            return;
    app->watched = mem_grow(app->watched, app->n_watched + 1, sizeof *app->watched);
    app->watched[app->n_watched++] =
        (struct watched_payment){.dossier = mem_copy(dossier), .payment = mem_copy(payment)};
}

static void forget(struct app *app, size_t i)
{
    mem_free(&app->watched[i].dossier);
    mem_free(&app->watched[i].payment);
    app->watched[i] = app->watched[--app->n_watched];
}

void app_forget_payments(struct app *app)
{
    while (app->n_watched > 0)
        forget(app, app->n_watched - 1);
    free(app->watched);
    app->watched = NULL;
}

/* true: it is over, and was told. Called off is what the officer did himself. */
static bool tell(struct app *app, const struct watched_payment *w, struct arena *arena)
{
    struct dossier d;

    if (!cache_dossier(app->cache, w->dossier, arena, &d, NULL, NULL))
        return false;
    for (size_t i = 0; i < d.n_payments; i++) {
        const struct payment *p = &d.payments[i];
        if (strcmp(p->id, w->payment) != 0)
            continue;
        if (strcmp(p->status, "pending") == 0)
            return false;
        if (!app->is_covered && strcmp(p->status, "cancelled") != 0)
            app_toast(app, strcmp(p->status, "paid") == 0 ? TOAST_NOTE : TOAST_ERROR,
                      _("%s, %s: dossier %s."), text_money(arena, p->amount),
                      text_shown(arena, word_payment(p->status)), text_code(arena, d.code, 10));
        return true;
    }
    return false;
}

void app_look_at_payments(struct app *app)
{
    struct arena arena = {0};

    for (size_t i = app->n_watched; app->cache && i-- > 0;)
        if (tell(app, &app->watched[i], &arena))
            forget(app, i);
    arena_clear(&arena);
}
