/* view_form: what an action needs, filled in. Nothing leaves that lacks something; what is typed is kept as it is typed and is there
 * again when one comes back. It refuses to sign: that is view_sign's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_form.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/act_rows.h"
#include "tui/form_draw.h"
#include "tui/form_preset.h"
#include "tui/form_send.h"
#include "tui/view_pick.h"

#include <stdlib.h>
#include <string.h>

/* ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *form_kept_name(const struct form_view *v)
{
    return mem_format("form:%s:%s", v->n > 1 ? "batch" : v->ids[0], v->action);
}

static void keep(struct form_view *v)
{
    json_t *kept = form_kept(&v->form);
    char *text = json_dumps(kept, JSON_COMPACT), *name = form_kept_name(v);

    outbox_keep(app_outbox(v->app), name, text, true, NULL); /* where that fails it is on the screen still */
    json_decref(kept);
    if (text)
        mem_wipe(text, strlen(text));
    free(text);
    free(name);
}

static bool restore(struct form_view *v)
{
    char *name = form_kept_name(v), *text = outbox_kept(app_outbox(v->app), name);
    json_t *kept = text ? codec_parse(text, strlen(text), NULL) : NULL;

    form_restore(&v->form, kept);
    bool had = kept != NULL;
    json_decref(kept);
    if (text)
        mem_wipe(text, strlen(text));
    free(text);
    free(name);
    return had;
}

/* What the server and the workflow let one do with it now. */
static bool find_offer(struct form_view *v, struct err *e)
{
    struct arena arena = {0};
    struct wish_offer *offers;
    size_t n;
    const char *why = _("the server does not offer it");
    bool found = false;

    if (!wish_offers(app_cache(v->app), app_outbox(v->app), &v->shown.d, app_now(v->app), &arena, &offers, &n, e)) {
        arena_clear(&arena);
        return false;
    }
    for (size_t i = 0; i < n && !found; i++) {
        if (strcmp(offers[i].action, v->action) != 0)
            continue;
        found = offers[i].offered;
        why = offers[i].reason ? text_shown(&arena, offers[i].reason) : why;
        v->needs = offers[i].needs;
        v->online_only = offers[i].online_only;
    }
    if (!found)
        err_set(e, ERR_REFUSED, _("%s cannot be done on dossier %s: %s."),
                text_shown(&arena, word_action(v->action).label), text_shown(&arena, v->shown.d.code), why);
    arena_clear(&arena);
    return found;
}

static void copy_ids(struct form_view *v, const struct view_arg *arg)
{
    const char *one[] = {arg->id, NULL};
    const char *const *ids = arg->ids ? arg->ids : one;
    size_t n = 0;

    while (ids[n])
        n++;
    v->ids = arena_alloc(&v->arena, (n + 1) * sizeof *v->ids);
    for (v->n = 0; v->n < n; v->n++)
        v->ids[v->n] = arena_copy(&v->arena, ids[v->n]);
}

static bool open_form(struct view *view, const struct view_arg *arg, struct err *e)
{
    struct form_view *v = view->state;
    const struct form_preset *preset = arg->more;

    v->app = view->app;
    if (!arg->action)
        return err_set(e, ERR_USAGE, "%s", _("No action is chosen."));
    v->action = arena_copy(&v->arena, arg->action);
    copy_ids(v, arg);
    if (v->n == 0)
        return err_set(e, ERR_USAGE, "%s", _("No dossier is chosen."));
    if (!act_read_dossier(v->app, view->under, v->ids[0], &v->shown, e) || !find_offer(v, e))
        return false;
    form_build(&v->form, v->app, v->action, v->needs, &v->shown.after);
    v->built = true;
    if (preset) {
        v->replaces = preset->replaces ? arena_copy(&v->arena, preset->replaces) : NULL;
        form_preset(&v->form, &preset->request, app_offset(v->app));
    } else if (restore(v)) {
        app_toast(v->app, TOAST_NOTE, "%s", _("What was being filled in before is here again."));
    }
    return true;
}

static void close_form(struct view *view)
{
    struct form_view *v = view->state;

    if (v->built)
        form_clear(&v->form);
    dossier_shown_clear(&v->shown);
    arena_clear(&v->arena);
    free(v->message);
}

/* The dossier may change while one types: what is typed stays, and the change is said before anything is sent on it. */
static bool load(struct view *view, struct cache *cache, struct err *e)
{
    struct form_view *v = view->state;
    struct dossier_shown fresh = {0};
    int64_t before = v->shown.d.version;
    size_t at = v->form.at;

    if (!dossier_shown_load(&fresh, v->app, v->ids[0], NULL))
        return true; /* gone, or the server's: what is on the screen is what there is */
    dossier_shown_clear(&v->shown);
    v->shown = fresh;
    if (fresh.d.version == before)
        return true;
    v->changed = true;
    json_t *typed = form_kept(&v->form);
    form_clear(&v->form);
    form_build(&v->form, v->app, v->action, v->needs, &v->shown.after);
    form_restore(&v->form, typed);
    v->form.at = at < v->form.n_parts ? at : 0;
    json_decref(typed);
    return true;
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_warnings(struct form_view *v, struct page *p)
{
    const struct dossier *d = &v->shown.after;
    const struct supplement *last = d->n_supplements > 0 ? &d->supplements[d->n_supplements - 1] : NULL;
    struct arena *arena = &p->arena;

    if (v->changed)
        page_text(p, 1, STYLE_ERROR,
                  arena_format(arena,
                               _("Note: the dossier changed while this was filled in; this is version %lld now."),
                               (long long)v->shown.d.version));
    if (last && v->n == 1 && action_of(v->action) == ACTION_REQUEST_SUPPLEMENT)
        page_text(p, 1, STYLE_TEXT,
                  arena_format(arena,
                               _("Note: this is request number %zu. From the second on the dossier counts as late in the index. "
                                 "Number %zu (%s) asked for: %s"),
                               d->n_supplements + 1, d->n_supplements,
                               word_when(arena, last->requested_at, app_offset(v->app)),
                               text_shown(arena, last->note)));
    page_next(p);
}

static void write_effects(struct form_view *v, struct page *p)
{
    if (action_of(v->action) == ACTION_REQUEST_SUPPLEMENT && !(v->needs & NEED_UNTIL))
        page_fact(p, 1, FORM_FIELD_COL - 1, C_("field", "Until"),
                  _("the system sets the day when it takes this"));
    page_next(p);
    const char *behalf = form_on_behalf_of(v);
    if (behalf)
        page_fact(p, 1, 14, _("On behalf of"),
                  text_shown(&p->arena, cache_officer_name(app_cache(v->app), behalf)));
    if (v->n == 1) {
        page_fact(p, 1, 14, _("When sent:"), form_effects(v, &p->arena));
        p->row += 2; /* what is printed of it is named there */
    }
    page_text(p, 1, STYLE_TEXT,
              v->online_only ? _("Without a line: this cannot be done, nothing is kept for later.")
                             : _("Without a line: this is saved on this machine and goes by itself later."));
    page_next(p);
    page_text(p, 1, STYLE_TEXT, _("What is being filled in is kept if you go back."));
}

static int write_form(struct form_view *v, struct page *p)
{
    const char *key =
        keymap_keys(app_keymap(v->app), "form", FOCUS_NOTE | FOCUS_TEXT, CMD_FIND, true, &p->arena);

    write_warnings(v, p);
    form_write(&v->form, p, key);
    write_effects(v, p);
    return page_end(p);
}

static void draw(const struct view *view, struct canvas *c)
{
    struct form_view *v = view->state;
    struct arena arena = {0};
    const struct dossier *d = &v->shown.d;
    const char *label = text_shown(&arena, word_action(v->action).label);
    int rows = view_body_rows(c);

    if (v->n > 1)
        view_title(c, arena_format(&arena, _("%s · %zu dossiers"), label, v->n), NULL);
    else
        view_title(c,
                   arena_format(&arena, "%s · %s · %s", label,
                                text_code(&arena, d->code, c->cols >= 100 ? 25 : 10),
                                text_shown(&arena, d->applicant->name)),
                   arena_format(&arena, _("version %lld"), (long long)d->version));
    struct page measured = page_new(NULL, 0, 0, rows, c->cols, 0);
    int total = write_form(v, &measured);
    const struct form_part *part = v->form.n_parts ? &v->form.parts[0] : NULL;
    bool at_start = v->form.at == 0 && part && (part->focus == 0 || measured.focus_row < rows);
    v->first = page_scrolled(v->first, rows, total, at_start ? 0 : measured.focus_row, measured.focus_end);
    struct page p = page_new(c, view_body_row(), 0, rows, c->cols, v->first);
    write_form(v, &p);
    arena_clear(&arena);
}

static const char *message(const struct view *view)
{
    struct form_view *v = view->state;
    struct arena arena = {0};
    unsigned missing = form_missing(&v->form);

    mem_free(&v->message);
    v->message = missing ? mem_format(_("Still missing: %s. Fill it in and press F9."),
                                      form_names(&arena, &v->form, missing))
                         : mem_copy(_("Enough to send."));
    arena_clear(&arena);
    return v->message;
}

/* ── templates ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The part whose templates the key gives: the focused one, else the note. */
static size_t template_part(const struct form_view *v, struct arena *arena, const char *const **items)
{
    for (size_t i = 0; i <= v->form.n_parts; i++) {
        size_t part = i == 0 ? v->form.at : i - 1;
        const struct form_part *p = &v->form.parts[part];
        if (i > 0 && p->kind != PART_NOTE)
            continue;
        *items = form_templates(arena, &v->form, p, v->app, &v->shown.d, v->shown.procedure);
        if ((*items)[0])
            return part;
    }
    return v->form.n_parts;
}

static void picked(struct view *view, size_t item)
{
    struct form_view *v = view->state;
    struct arena arena = {0};
    const char *const *items;
    size_t at = template_part(v, &arena, &items);

    if (at < v->form.n_parts) {
        struct form_part *p = &v->form.parts[at];
        bool append = p->kind == PART_NOTE && *field_text(&p->text);
        field_set(&p->text,
                  append ? arena_format(&arena, "%s\n%s", field_text(&p->text), items[item]) : items[item]);
        v->form.at = at;
        keep(v);
    }
    arena_clear(&arena);
}

static void open_templates(struct view *view)
{
    struct form_view *v = view->state;
    struct arena arena = {0};
    const char *const *items;

    if (template_part(v, &arena, &items) < v->form.n_parts)
        view_pick_open(
            view, &(struct pick){.title = _("Templates: press a number"), .items = items, .picked = picked});
    else
        app_toast(v->app, TOAST_NOTE, "%s", _("There are no templates for this field."));
    arena_clear(&arena);
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool on_other(const struct form_part *p)
{
    return p->kind == PART_TICKS && p->focus == p->n;
}

static void go_to_part(struct form_view *v, int by)
{
    size_t n = v->form.n_parts;

    if (n > 0)
        v->form.at = (v->form.at + n + (size_t)(by + (int)n)) % n;
}

/* Up and down among choices; false: there is no further one that is seen. */
static bool step(struct form_part *p, int by)
{
    size_t end = p->n + p->other;

    for (size_t i = p->focus + (size_t)by; i < end; i += (size_t)by) /* below 0 it is larger than any */
        if (i == p->n || form_is_seen(p, i)) {
            p->focus = i;
            return true;
        }
    return false;
}

static void first_seen(struct form_part *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (form_is_seen(p, i)) {
            p->focus = i;
            return;
        }
}

static void tick_focused(struct form_view *v, struct form_part *p)
{
    if (p->focus < p->n && form_is_seen(p, p->focus)) {
        form_tick(p, p->focus);
        keep(v);
    }
}

static bool choice_command(struct form_view *v, struct form_part *p, enum command_id id)
{
    switch (id) {
    case CMD_UP:
    case CMD_DOWN:
        if (!step(p, id == CMD_DOWN ? 1 : -1) && v->form.n_parts > 1)
            go_to_part(v, id == CMD_DOWN ? 1 : -1);
        return true;
    case CMD_MARK:
        tick_focused(v, p);
        return true;
    case CMD_OPEN: /* of several a box is switched with Space alone, so that Enter never takes a tick away */
        if (p->kind != PART_TICKS)
            tick_focused(v, p);
        go_to_part(v, 1);
        return true;
    default:
        if (p->kind != PART_PERSON || !field_command(&p->text, id))
            return false;
        first_seen(p);
        return true;
    }
}

static bool field_part_command(struct form_view *v, struct form_part *p, enum command_id id)
{
    if (id == CMD_SUBMIT) {
        go_to_part(v, 1);
        return true;
    }
    if (on_other(p) && (id == CMD_UP || id == CMD_DOWN))
        return choice_command(v, p, id);
    if (field_command(&p->text, id)) {
        keep(v);
        return true;
    }
    if (id != CMD_UP && id != CMD_DOWN)
        return false;
    go_to_part(v, id == CMD_DOWN ? 1 : -1);
    return true;
}

static enum handled command(struct view *view, enum command_id id, struct app *app)
{
    struct form_view *v = view->state;
    struct form_part *p = &v->form.parts[v->form.at];
    bool choices = p->kind != PART_LINE && p->kind != PART_NOTE && !on_other(p);

    switch (id) {
    case CMD_ACCEPT:
        form_send(view);
        return HANDLED;
    case CMD_FIND:
        open_templates(view);
        return HANDLED;
    case CMD_NEXT_PART:
    case CMD_PAGE_DOWN:
        go_to_part(v, 1);
        return HANDLED;
    case CMD_PREV_PART:
    case CMD_PAGE_UP:
        go_to_part(v, -1);
        return HANDLED;
    default:
        return (choices ? choice_command(v, p, id) : field_part_command(v, p, id)) ? HANDLED : NOT_HANDLED;
    }
}

static void text(struct view *view, const char *utf8)
{
    struct form_view *v = view->state;
    struct form_part *p = &v->form.parts[v->form.at];
    bool pasted = app_text_is_pasted(v->app);

    if (p->kind == PART_CHOICE) {
        size_t digit = !pasted && utf8[0] >= '1' && utf8[0] <= '9' && !utf8[1] ? (size_t)(utf8[0] - '0') : 0;
        if (digit == 0 || digit > p->n) {
            app_toast(v->app, TOAST_NOTE, "%s", _("Here one of the numbers on the screen is pressed."));
            return;
        }
        p->focus = digit - 1;
        form_tick(p, p->focus);
    } else if (p->kind == PART_TICKS && !on_other(p)) {
        app_toast(v->app, TOAST_NOTE, "%s", _("Here boxes are ticked with Space. Tab goes to the next field."));
        return;
    } else if (app_type(v->app, &p->text, utf8) && p->kind == PART_PERSON) {
        first_seen(p);
    }
    keep(v);
}

static unsigned focus(const struct view *view)
{
    const struct form_view *v = view->state;
    const struct form_part *p = &v->form.parts[v->form.at];

    if (p->kind == PART_NOTE)
        return FOCUS_NOTE | FOCUS_TEXT;
    return p->kind == PART_LINE || on_other(p) ? FOCUS_PROMPT | FOCUS_TEXT : FOCUS_ROW | FOCUS_TEXT;
}

static const enum command_id commands[] = {
    CMD_MARK,   CMD_NEXT_PART, CMD_FIND,     CMD_ACCEPT,     CMD_PREV_PART,  CMD_PAGE_UP,    CMD_PAGE_DOWN,
    CMD_UP,     CMD_DOWN,      CMD_PREV_TAB, CMD_NEXT_TAB,   CMD_FIRST,      CMD_LAST,       CMD_OPEN,
    CMD_SUBMIT, CMD_NEWLINE,   CMD_ERASE,    CMD_ERASE_NEXT, CMD_ERASE_WORD, CMD_ERASE_LINE, CMD_NONE};
static const enum command_id footer_commands[] = {CMD_MARK,         CMD_NEXT_PART, CMD_FIND,
                                                  CMD_INPUT_METHOD, CMD_ACCEPT,    CMD_NONE};

static const enum command_id *footer(const struct view *view)
{
    return footer_commands;
}

const struct view_ops view_form = {
    .name = "form",
    .title = NC_("view", "Form"),
    .state_size = sizeof(struct form_view),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE | CACHE_OUTBOX,
    .commands = commands,
    .footer = footer,
    .open = open_form,
    .load = load,
    .draw = draw,
    .message = message,
    .command = command,
    .focus = focus,
    .text = text,
    .close = close_form,
};
