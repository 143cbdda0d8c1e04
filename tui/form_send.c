/* form_send: from a form to wishes. It refuses to let anything leave that lacks what it needs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/form_send.h"
#include "tui/act_rows.h"
#include "tui/sign_note.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

/* ── whose right ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Of what a form asks, only sending back is a supervisor's that a deputy may do for him (contract, `act`). */
const char *form_on_behalf_of(const struct form_view *v)
{
    return action_of(v->action) == ACTION_REWORK ? app_acts_for(v->app, v->shown.d.procedure) : NULL;
}

/* ── what it will change ───────────────────────────────────────────────────────────────────────────────────────────── */

struct effects {
    struct arena *arena;
    struct buf words;
};

static void say(struct effects *x, const char *words)
{
    buf_format(&x->words, "%s%s", x->words.len ? ", " : "", words);
}

static void compare(struct effects *x, struct app *app, const struct dossier *before, const struct dossier *after)
{
    if (strcmp(before->status, after->status) != 0)
        say(x, arena_format(x->arena, _("the status becomes “%s”"), word_status(after->status)));
    else if (strcmp(before->step, after->step) != 0)
        say(x, arena_format(x->arena, _("it goes to the step %s"), word_step(after->step)));
    if (before->paused_since == INSTANT_NONE && after->paused_since != INSTANT_NONE)
        say(x, _("the due time stands still"));
    else if (before->paused_since != INSTANT_NONE && after->paused_since == INSTANT_NONE && dossier_is_open(after))
        say(x, _("the due time goes on"));
    if (after->extensions != before->extensions && after->due_at != INSTANT_NONE)
        say(x, arena_format(x->arena, _("it is due %s"), word_when(x->arena, after->due_at, app_offset(app))));
    if (after->assignee && (!before->assignee || strcmp(before->assignee, after->assignee) != 0))
        say(x, arena_format(x->arena, _("%s has it"),
                            text_shown(x->arena, cache_officer_name(app_cache(app), after->assignee))));
}

char *form_effects(struct form_view *v, struct arena *arena)
{
    struct effects x = {.arena = arena};
    struct action_request request;
    struct dossier after = v->shown.after;
    enum action action = action_of(v->action);
    int32_t offset = app_offset(v->app);
    size_t wrong;

    if (action == ACTION_UNKNOWN ||
        workflow_state_allows(&after, action, instant_day(app_now(v->app), offset)) != WHY_ALLOWED)
        return arena_copy(arena, _("what the system makes of it"));
    form_request(&v->form, offset, arena, &request, &wrong, NULL); /* as far as it is filled in */
    workflow_apply(&after, action, &request, app_officer_id(v->app), app_now(v->app), v->shown.calendar,
                   v->shown.procedure, arena);
    compare(&x, v->app, &v->shown.after, &after);
    if (x.words.len == 0)
        say(&x, action == ACTION_COMMENT ? _("a line in its history, nothing else")
                                         : _("as it is filled in above"));
    char *words = arena_copy(arena, x.words.data);
    buf_clear(&x.words);
    return words;
}

/* ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void go_to_need(struct form_view *v, unsigned needs)
{
    for (size_t i = 0; i < v->form.n_parts; i++)
        if (v->form.parts[i].need & needs) {
            v->form.at = i;
            return;
        }
}

static bool is_complete(struct form_view *v)
{
    struct arena arena = {0};
    unsigned missing = form_missing(&v->form);

    if (missing) {
        app_toast(v->app, TOAST_ERROR, _("Still missing: %s. Fill it in and press F9."),
                  form_names(&arena, &v->form, missing));
        go_to_need(v, missing);
    }
    arena_clear(&arena);
    return missing == 0;
}

/* What is typed can be read, and fits what stands: said before anything is asked. */
static bool read_request(struct form_view *v, struct arena *arena, struct action_request *request)
{
    struct err e = {0};
    unsigned wrong = 0;
    size_t part;

    if (!form_request(&v->form, app_offset(v->app), arena, request, &part, &e)) {
        v->form.at = part;
    } else if (v->n == 1 &&
               !workflow_fits(&v->shown.after, action_of(v->action), request, app_now(v->app), &wrong)) {
        go_to_need(v, wrong);
        err_set(&e, ERR_INPUT, _("This does not fit dossier %s: %s. Correct it and press F9."),
                text_code(arena, v->shown.d.code, 10), form_names(arena, &v->form, wrong));
    } else {
        request->on_behalf_of = form_on_behalf_of(v);
        return true;
    }
    app_toast_err(v->app, &e);
    return false;
}

/* All of them as they are known now: what the officer saw of the first, what the list showed of the others. */
static bool read_targets(struct form_view *v, struct dossier_shown *shown, struct wish_target *targets,
                         struct err *e)
{
    targets[0] = (struct wish_target){.dossier = &v->shown.d, .seen = v->shown.json};
    for (size_t i = 1; i < v->n; i++) {
        if (!dossier_shown_load(&shown[i], v->app, v->ids[i], e))
            return false;
        targets[i] = (struct wish_target){.dossier = &shown[i].d, .seen = shown[i].json};
    }
    return true;
}

static bool save_wish(struct form_view *v, const struct action_request *request, struct err *e)
{
    struct dossier_shown *shown = mem_grow(NULL, v->n, sizeof *shown);
    struct wish_target *targets = mem_grow(NULL, v->n, sizeof *targets);

    memset(shown, 0, v->n * sizeof *shown);
    bool saved = read_targets(v, shown, targets, e) &&
                 (v->replaces ? app_act_again(v->app, v->replaces, &targets[0], request, e)
                              : app_act(v->app, targets, v->n, request, e));
    for (size_t i = 1; i < v->n; i++)
        dossier_shown_clear(&shown[i]);
    free(shown);
    free(targets);
    return saved;
}

static void forget_kept(struct form_view *v)
{
    char *name = form_kept_name(v);

    outbox_keep(app_outbox(v->app), name, NULL, true, NULL);
    mem_free(&name);
}

void form_forget(struct app *app, const struct command *c)
{
    char *name = mem_format("form:%s:%s", c->target, c->action);

    if (c->online_only) {
        outbox_keep(app_outbox(app), name, NULL, true, NULL);
        sign_note_keep(app, c->target, c->action, "");
    }
    mem_free(&name);
}

/* Done with the dossier: back to where it was chosen. Of several, to what becomes of each. `view` is gone after it. */
static void leave(struct view *view)
{
    struct form_view *v = view->state;
    struct app *app = v->app;
    struct view *under = view->under;
    char *pays = action_of(v->action) == ACTION_REQUEST_PAYMENT && v->n == 1 ? mem_copy(v->shown.d.id) : NULL;

    if (v->n > 1)
        form_show_batch(app, v->action);
    else if (pays)
        app_replace(app, &view_payment, &(struct view_arg){.id = pays});
    else
        app_close(app, under && under->ops == &view_dossier && under->under ? under : view);
    mem_free(&pays);
}

static void send(struct view *view)
{
    struct form_view *v = view->state;
    struct arena arena = {0};
    struct action_request request;
    struct err e = {0};
    bool saved = read_request(v, &arena, &request) && save_wish(v, &request, &e);

    arena_clear(&arena);
    if (e.code != ERR_NONE)
        app_toast_err(v->app, &e);
    if (!saved)
        return;
    if (!v->online_only || v->n > 1)
        forget_kept(v);
    leave(view);
}

static void answered(struct view *view, int choice, void *context)
{
    if (choice == 2)
        send(view);
}

static void ask_first(struct view *view)
{
    struct form_view *v = view->state;
    struct arena arena = {0};
    const char *label = text_shown(&arena, word_action(v->action).label);
    const char *choices[] = {_("No"), label, NULL};

    app_question(
        v->app, view,
        &(struct question){
            .text = arena_format(&arena,
                                 v->online_only ? _("%s, dossier %s? It is sent at once and cannot be undone.")
                                                : _("%s, dossier %s?"),
                                 label, text_shown(&arena, v->shown.d.code)),
            .choices = choices,
            .answered = answered});
    arena_clear(&arena);
}

void form_send(struct view *view)
{
    struct form_view *v = view->state;
    struct arena arena = {0};
    struct action_request request;

    if (!is_complete(v))
        return;
    if (v->online_only && act_line_is_down(v->app)) { /* the form stays, so that nothing has to be typed again */
        app_toast(v->app, TOAST_NOTE, "%s",
                  _("This needs the line. Nothing was saved or sent; do it again when the line is back."));
        return;
    }
    if (!word_action(v->action).asks_first || v->n > 1) {
        send(view);
        return;
    }
    if (read_request(v, &arena, &request))
        ask_first(view);
    arena_clear(&arena);
}

void form_show_batch(struct app *app, const char *action)
{
    const char(*keys)[UUID_TEXT];
    size_t n = app_act_keys(app, &keys);
    const char **ids = mem_grow(NULL, n + 1, sizeof *ids);
    char *own = mem_copy(action); /* the view that has it goes */

    for (size_t i = 0; i < n; i++)
        ids[i] = keys[i];
    ids[n] = NULL;
    app_replace(app, &view_batch, &(struct view_arg){.ids = ids, .action = own});
    free(ids);
    free(own);
}
