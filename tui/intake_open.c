/* intake_open: what an intake begins with: nothing, a card, a draft, or a request that came to no good end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_intake.h"

#include "core/i18n.h"

#include <stdio.h>
#include <string.h>

static void say_scanned(struct intake_view *v, size_t given, size_t unsure)
{
    mem_free(&v->scanned);
    v->scanned =
        unsure ? mem_format(_("The card that was just read: %zu fields, %zu to be looked at."), given, unsure)
               : mem_format(_("The card that was just read: %zu fields, all certain."), given);
}

bool intake_card(struct view *view, const char *burst)
{
    struct intake_view *v = view->state;
    size_t given, unsure;

    if (v->stage != INTAKE_FILLING || !intake_scan(&v->form, burst, &given, &unsure))
        return false;
    say_scanned(v, given, unsure);
    intake_look_up(view);
    intake_draft_save(view);
    return true;
}

/* A draft's own procedure counts, not the one that it is opened with. */
static bool take_up(struct view *view, const char *key, struct err *e)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    struct draft d;
    bool ok = draft_get(app_outbox(view->app), key, &arena, &d, e);
    json_t *kept = ok ? codec_parse(d.body, strlen(d.body), e) : NULL;
    const char *procedure = json_string_value(json_object_get(kept, "procedure"));

    ok = kept && intake_build(&v->form, view->app, procedure ? procedure : "", e);
    if (ok) {
        intake_restore(&v->form, kept);
        v->draft = d;
        v->draft.procedure = v->draft.name = v->draft.body = v->draft.target = NULL;
        intake_look_up(view);
    }
    json_decref(kept);
    arena_clear(&arena);
    return ok;
}

/* The number of our own stays: the citizen may have it on paper. */
static bool mend(struct view *view, const char *key, struct err *e)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    struct command c;
    struct new_dossier n;
    json_t *keep = NULL;
    bool ok = outbox_get(app_outbox(view->app), key, &arena, &c, e) &&
              codec_read(&shape_new_dossier, c.body ? c.body : "", c.body_len, &arena, &n, &keep, e) &&
              intake_build(&v->form, view->app, n.procedure, e);

    codec_keep(&arena, keep);
    if (ok) {
        intake_preset(&v->form, &n);
        snprintf(v->mends, sizeof v->mends, "%s", key);
        v->ref = n.client_ref ? arena_copy(&v->sent_arena, n.client_ref) : NULL;
        intake_look_up(view);
    }
    arena_clear(&arena);
    return ok;
}

bool intake_opened(struct view *view, const struct view_arg *arg, struct err *e)
{
    struct intake_view *v = view->state;
    const struct intake_open *more = arg->more;

    v->due = INSTANT_NONE;
    if (more && more->draft)
        return take_up(view, more->draft, e);
    if (more && more->mends)
        return mend(view, more->mends, e);
    if (!arg->id)
        return err_set(e, ERR_USAGE, "%s", _("No procedure is chosen."));
    if (!intake_build(&v->form, view->app, arg->id, e))
        return false;
    if (more && more->burst)
        intake_card(view, more->burst);
    return true;
}
