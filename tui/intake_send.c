/* intake_send: from what was filled in to a createDossier, and what becomes of it. What is typed is a draft until the wish is on the disk;
 * never is more said than is known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_intake.h"

#include "cache/numbers.h"
#include "cache/wish.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/line_words.h"
#include "tui/outbox_parts.h"
#include "tui/page.h"

#include <stdlib.h>
#include <string.h>

/* ── the draft ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

void intake_draft_save(struct view *view)
{
    struct intake_view *v = view->state;
    json_t *kept = intake_kept(&v->form);
    char *body = json_dumps(kept, JSON_COMPACT);
    bool other = strcmp(intake_text(&v->form, "whose"), "other") == 0;
    struct err e = {0};

    v->draft.procedure = v->form.procedure.id;
    v->draft.name = intake_text(&v->form, other ? "owner.name" : "name");
    v->draft.body = body ? body : "{}";
    v->unsaved = !draft_save(app_outbox(view->app), &v->draft, app_now(view->app), &e);
    if (v->unsaved)
        app_toast_err(view->app, &e);
    v->draft.name = v->draft.body = NULL;
    json_decref(kept);
    if (body)
        mem_wipe(body, strlen(body));
    free(body);
}

/* ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void go_to(struct intake_view *v, const struct intake_part *p)
{
    v->form.tab = p->tab;
    v->form.at[p->tab] = (size_t)(p - v->form.parts);
}

static bool is_sure(struct view *view)
{
    struct intake_view *v = view->state;

    for (size_t i = 0; i < v->form.n_parts; i++) {
        if (!intake_is_seen(&v->form, &v->form.parts[i]) || !intake_is_unsure(&v->form.parts[i]))
            continue;
        go_to(v, &v->form.parts[i]);
        app_toast(
            view->app, TOAST_ERROR, "%s",
            _("What the card said is in doubt here (?). Choose a reading or keep it, or type it again, then F9."));
        return false;
    }
    return true;
}

/* Filled in, and readable; the focus goes to what is not. */
static bool is_ready(struct view *view)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    struct intake_part *part;
    struct new_dossier n;
    struct err e = {0};
    const char *missing = intake_missing(&v->form, &arena, &part);
    bool ready = false;

    if (!is_sure(view)) {
        /* said */
    } else if (*missing) {
        go_to(v, part);
        app_toast(view->app, TOAST_ERROR, _("Still missing: %s. Fill it in and press F9."), missing);
    } else if (!intake_request(&v->form, NULL, &arena, &n, &part, &e)) {
        if (part)
            go_to(v, part);
        app_toast_err(view->app, &e);
    } else {
        ready = true;
    }
    arena_clear(&arena);
    return ready;
}

static bool choose_ref(struct view *view)
{
    struct intake_view *v = view->state;
    struct err e = {0};

    if (v->ref)
        return true;
    if (wish_client_ref(app_outbox(view->app), app_options(view->app)->workstation, app_officer_id(view->app),
                        app_now(view->app), app_offset(view->app), &v->sent_arena, &v->ref, &e))
        return true;
    app_toast_err(view->app, &e);
    return false;
}

/* The receipt is official where the day's reserve has a code left; what the citizen files online has no receipt. NULL: none. */
static const char *reserved_code(struct view *view)
{
    struct intake_view *v = view->state;
    const char *code;

    if (strcmp(intake_text(&v->form, "channel"), "online") == 0 ||
        !numbers_next(app_outbox(view->app), v->form.unit, app_now(view->app), &v->sent_arena, &code, NULL))
        return NULL;
    return code;
}

void intake_save_wish(struct view *view)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    struct new_dossier n;
    struct intake_part *wrong;
    struct err e = {0};
    const char *draft = *v->draft.key ? v->draft.key : NULL;

    bool made = intake_request(&v->form, v->reserved ? NULL : v->ref, &arena, &n, &wrong, &e);
    n.code = made && v->reserved ? v->reserved : n.code;
    if (made && (*v->mends ? wish_create_again(app_outbox(view->app), v->mends, &n, draft, app_now(view->app),
                                               v->key, &e)
                           : wish_create(app_outbox(view->app), &n, draft, app_now(view->app), v->key, &e))) {
        v->stage = INTAKE_SAVED;
        v->due = intake_due_at(&v->form);
        app_changed(view->app, CACHE_OUTBOX);
    } else {
        app_toast_err(view->app, &e);
    }
    arena_clear(&arena);
}

void intake_send(struct view *view)
{
    struct intake_view *v = view->state;

    bool cut = line_is_cut(view->app);

    if (!is_ready(view))
        return;
    v->reserved = cut ? reserved_code(view) : NULL; /* looked for anew: another screen may have given it meanwhile */
    if (!v->reserved && !choose_ref(view))
        return;
    if (cut && !v->reserved) {
        v->stage = INTAKE_PROVISIONAL;
        v->choice = 0;
    } else {
        intake_save_wish(view);
    }
}

/* ── what became of it ─────────────────────────────────────────────────────────────────────────────────────────────── */

bool intake_load_sent(struct view *view, struct err *e)
{
    struct intake_view *v = view->state;
    struct arena arena = {0};
    struct command c;
    struct dossier d;
    struct problem problem;

    if (!outbox_get(app_outbox(view->app), v->key, &arena, &c, e)) {
        arena_clear(&arena);
        return e->code == ERR_NOT_FOUND; /* of a day that is over: what was known stands */
    }
    v->state = c.state;
    v->may_have_arrived = c.may_have_arrived;
    if (c.state == COMMAND_DONE && strcmp(c.target, c.key) != 0 &&
        cache_dossier(app_cache(view->app), c.target, &arena, &d, NULL, NULL)) {
        v->id = v->id ? v->id : arena_copy(&v->sent_arena, d.id);
        v->code = v->code ? v->code : arena_copy(&v->sent_arena, d.code);
        v->due = d.due_at;
    }
    if (!v->reason && (c.state == COMMAND_REFUSED || c.state == COMMAND_CONFLICT) &&
        outbox_problem(&arena, &c, &problem) && problem.title)
        v->reason = text_shown(&v->sent_arena, problem.title);
    arena_clear(&arena);
    return true;
}

/* ── the pictures ──────────────────────────────────────────────────────────────────────────────────────────────────── */

enum { LABEL = 3, FIELD = 19 };

static void fact(struct page *p, const char *label, const char *value)
{
    page_fact(p, LABEL, FIELD - LABEL, label, value);
}

static void answer(struct page *p, int number, const char *text, bool focused)
{
    if (focused)
        page_focus(p, 1);
    page_put(p, 3, 1, STYLE_KEY, arena_format(&p->arena, "%d", number));
    page_text(p, 6, STYLE_TEXT, text);
}

/* Why it has no code: none of the reserve is left, or there never was one. */
static void write_reserve(const struct view *view, struct page *p)
{
    const struct intake_view *v = view->state;
    struct arena *arena = &p->arena;
    struct numbers_state r = {0};

    if (!numbers_state(app_outbox(view->app), v->form.unit, app_now(view->app), arena, &r, NULL) || !r.last) {
        page_text(p, 1, STYLE_TEXT,
                  _("There is no line, so there is no code yet. What is handed out is a PROVISIONAL RECEIPT"));
        return;
    }
    page_text(p, 1, STYLE_TEXT, _("Codes in reserve of the day for this machine"));
    page_text(p, LABEL, STYLE_TEXT,
              arena_format(arena, _("given %lld/%lld (up to %s). None is left since %s."), (long long)r.given,
                           (long long)r.given + r.left, text_shown(arena, r.last),
                           word_clock(arena, r.last_at, app_offset(view->app))));
    page_text(p, LABEL, STYLE_TEXT, _("Only with a line can more be had."));
    page_next(p);
    page_text(p, 1, STYLE_TEXT, _("So this is a PROVISIONAL RECEIPT"));
}

static void write_provisional(const struct view *view, struct page *p)
{
    const struct intake_view *v = view->state;
    int64_t due = intake_due_at(&v->form);
    struct arena *arena = &p->arena;

    write_reserve(view, p);
    page_next(p);
    fact(p, C_("intake", "Our number"), arena_format(arena, _("%s (no dossier code)"), v->ref));
    fact(p, C_("intake", "Will be due"),
         due == INSTANT_NONE ? _("cannot be computed here; the system says it")
                             : arena_format(arena, _("about %s (computed here, not official)"),
                                            word_when(arena, due, app_offset(view->app))));
    fact(p, C_("intake", "Line back"), _("it goes by itself; the system gives the code and the due time"));
    fact(p, C_("intake", "The citizen"), _("keeps the number and asks for the code at the counter with it"));
    page_next(p);
    answer(p, 1, _("No, leave it as a draft (what Enter does)"), v->choice == 0);
    answer(p, 2, _("Save it on this machine under this number"), v->choice == 1);
}

static const char *state_words(const struct intake_view *v)
{
    if (v->id)
        return _("sent, the system has taken it");
    if (v->state == COMMAND_DONE)
        return _("sent, the system has taken it; its code comes with the next data");
    if (v->state == COMMAND_REFUSED || v->state == COMMAND_CONFLICT)
        return _("the system refused it");
    if (v->state == COMMAND_SENDING)
        return _("saved on this machine, being sent…");
    if (v->may_have_arrived)
        return _("saved on this machine; sent, but no answer came: the same is sent again, never twice");
    return _("saved on this machine, not sent yet; goes by itself");
}

static void write_saved(const struct view *view, struct page *p)
{
    const struct intake_view *v = view->state;
    struct arena *arena = &p->arena;
    bool other = strcmp(intake_text((struct intake *)&v->form, "whose"), "other") == 0;

    const char *code = v->code ? v->code : v->reserved;

    fact(p, C_("intake", "Dossier code"), code ? text_shown(arena, code) : _("comes from the system"));
    if (!v->reserved)
        fact(p, C_("intake", "Our number"), v->ref);
    fact(p, C_("intake", "It is"), state_words(v));
    if (v->reason)
        fact(p, C_("intake", "Reason"), v->reason);
    page_next(p);
    fact(p, C_("intake", "Applicant"),
         text_shown(arena, intake_text((struct intake *)&v->form, other ? "owner.name" : "name")));
    fact(p, v->code ? C_("intake", "Due") : C_("intake", "Will be due"),
         v->due == INSTANT_NONE ? _("the system says it") : word_when(arena, v->due, app_offset(view->app)));
    page_next(p);
    if (v->id)
        page_text(p, 1, STYLE_TEXT, _("Enter opens the dossier."));
    else if (v->state == COMMAND_REFUSED || v->state == COMMAND_CONFLICT)
        page_text(p, 1, STYLE_ERROR,
                  _("Nothing is lost: it stands in the outbox (h), with what was filled in. Tell the citizen."));
    else if (v->reserved)
        page_text(
            p, 1, STYLE_TEXT,
            _("The code is from the day's reserve, so the receipt is official. It goes by itself when the line is back."));
    else
        page_text(p, 1, STYLE_TEXT,
                  _("The code is shown here as soon as it comes; one can leave, the outbox (h) has it."));
}

void intake_draw_stage(const struct view *view, struct canvas *c)
{
    const struct intake_view *v = view->state;
    struct page p = page_new(c, view_body_row() + 1, 0, view_body_rows(c) - 1, c->cols - 1, 0);

    canvas_cursor(c, view_body_row() + 1, LABEL);
    if (v->stage == INTAKE_PROVISIONAL)
        write_provisional(view, &p);
    else
        write_saved(view, &p);
    page_end(&p);
}

const char *intake_stage_message(const struct view *view, struct arena *arena)
{
    const struct intake_view *v = view->state;

    return v->stage == INTAKE_PROVISIONAL ? _("Nothing is saved but the draft.") : "";
}
