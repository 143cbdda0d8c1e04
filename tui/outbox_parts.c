/* outbox_parts: see outbox_parts.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/outbox_parts.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/dossier_parts.h"
#include "tui/form_parts.h"

#include <string.h>

#define CLOCK_JUMPED_MS (900 * 1000) /* later than that is "now" (cache/outbox.h) */

/* ── what it holds ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read(const struct codec_shape *shape, const char *json, size_t n, struct arena *arena, void *out)
{
    json_t *keep = NULL;
    bool ok = json && codec_read(shape, json, n, arena, out, &keep, NULL);

    codec_keep(arena, keep);
    if (!ok)
        codec_absent(shape, out);
    return ok;
}

/* What this machine notes itself (no answer, bytes that were changed) has a title and nothing else. */
static bool read_note(struct arena *arena, const char *note, struct problem *out)
{
    json_t *json = note ? codec_parse(note, strlen(note), NULL) : NULL;
    const char *title = json_string_value(json_object_get(json, "title"));

    if (title)
        out->title = arena_copy(arena, title);
    json_decref(json);
    return out->title != NULL;
}

bool outbox_problem(struct arena *arena, const struct command *c, struct problem *out)
{
    return read(&shape_problem, c->problem, c->problem ? strlen(c->problem) : 0, arena, out) ||
           read_note(arena, c->problem, out);
}

bool outbox_request(struct arena *arena, const struct command *c, struct action_request *out)
{
    return read(&shape_action_request, c->body, c->body_len, arena, out) &&
           action_of(out->action) != ACTION_UNKNOWN;
}

bool outbox_seen(struct arena *arena, const struct command *c, struct dossier *out)
{
    return read(&shape_dossier, c->seen, c->seen ? strlen(c->seen) : 0, arena, out);
}

bool outbox_is_signature(const struct command *c)
{
    enum action action = action_of(c->action);

    return action == ACTION_APPROVE || action == ACTION_REFUSE_RESULT;
}

bool outbox_has_form(const struct command *c)
{
    struct form_asks asks = form_asks(c->action, 0);

    return !outbox_is_signature(c) && (asks.must | asks.may) != 0;
}

/* ── short words ───────────────────────────────────────────────────────────────────────────────────────────────────── */

char *outbox_action(struct arena *arena, const char *action, int columns)
{
    const char *label = text_shown(arena, word_action(action).label);

    if (text_width(label) > columns)
        switch (action_of(action)) {
        case ACTION_REQUEST_SUPPLEMENT:
            label = C_("action in a row", "Ask for papers");
            break;
        case ACTION_SUPPLEMENT:
            label = C_("action in a row", "Take papers in");
            break;
        case ACTION_CONFIRM_PAYMENT:
            label = C_("action in a row", "Confirm payment");
            break;
        case ACTION_REFUSE_RESULT:
            label = C_("action in a row", "Sign refusal");
            break;
        case ACTION_REQUEST_WITHDRAWAL:
            label = C_("action in a row", "Note withdrawal");
            break;
        default:
            break;
        }
    return text_cut(arena, label, columns);
}

static bool is_today(struct app *app, int64_t t)
{
    return instant_day(t, app_offset(app)) == instant_day(app_now(app), app_offset(app));
}

char *outbox_when(struct app *app, struct arena *arena, int64_t t)
{
    return is_today(app, t) ? word_clock(arena, t, app_offset(app))
                            : word_day_short(arena, t, app_now(app), app_offset(app));
}

char *outbox_moment(struct app *app, struct arena *arena, int64_t t)
{
    char *clock = word_clock(arena, t, app_offset(app));

    return is_today(app, t) ? clock
                            : arena_format(arena, C_("moment", "%s on %s"), clock,
                                           word_day_short(arena, t, app_now(app), app_offset(app)));
}

/* Server time of the next attempt that waiting alone brings; INSTANT_NONE: at once, or not by waiting. */
static int64_t next_try(struct app *app, const struct command *c)
{
    int64_t wait = c->not_before == OUTBOX_UNTIL_SIGN_IN ? 0 : c->not_before - app_mono(app);

    return wait > 0 && wait <= CLOCK_JUMPED_MS ? app_now(app) + wait / 1000 : INSTANT_NONE;
}

static char *unknown_words(struct app *app, struct arena *arena, const struct command *c)
{
    int64_t again = next_try(app, c);

    if (c->state == COMMAND_RECONCILE)
        return arena_copy(arena, _("over 40 days, to be compared"));
    if (again == INSTANT_NONE)
        return arena_copy(arena, _("result not known"));
    return arena_format(arena, _("result not known, next try at %s"), outbox_moment(app, arena, again));
}

static char *conflict_words(struct app *app, struct arena *arena, const struct command *c)
{
    struct problem problem;

    if (outbox_problem(arena, c, &problem) && problem.changed_at != INSTANT_NONE)
        return arena_format(arena, _("conflict: the dossier changed at %s"),
                            outbox_moment(app, arena, problem.changed_at));
    return arena_copy(arena, c->problem ? C_("wish", "conflict") : _("conflict: the one before was not taken"));
}

static char *refused_words(struct arena *arena, const struct command *c)
{
    struct problem problem;

    if (outbox_problem(arena, c, &problem))
        return arena_format(arena, _("the system refused: %s"),
                            word_inside(arena, text_shown(arena, problem.title)));
    return arena_copy(arena, _("the system refused"));
}

static char *whole_state(struct app *app, struct arena *arena, const struct command *c)
{
    switch (command_mark(c)) {
    case MARK_HELD:
        return arena_copy(arena, _("saved on this machine, can be undone"));
    case MARK_DUE:
        return arena_copy(arena, _("saved on this machine, not sent"));
    case MARK_SENDING:
        return arena_copy(arena, _("being sent…"));
    case MARK_UNKNOWN:
        return unknown_words(app, arena, c);
    case MARK_CONFLICT:
        return conflict_words(app, arena, c);
    case MARK_REFUSED:
        return refused_words(arena, c);
    case MARK_NONE:
        break;
    }
    if (c->state == COMMAND_DONE)
        return arena_format(arena, _("sent, the system took it at %s"), outbox_moment(app, arena, c->ended_at));
    return arena_format(arena, _("dropped at %s"), outbox_moment(app, arena, c->ended_at));
}

static const char *brief_state(const struct command *c)
{
    switch (command_mark(c)) {
    case MARK_HELD:
        return C_("wish", "can be undone");
    case MARK_DUE:
        return C_("wish", "not sent");
    case MARK_UNKNOWN:
        return c->state == COMMAND_RECONCILE ? _("over 40 days, to be compared") : _("result not known");
    case MARK_CONFLICT:
        return C_("wish", "conflict");
    case MARK_REFUSED:
        return _("the system refused");
    default:
        return NULL;
    }
}

char *outbox_state(struct app *app, struct arena *arena, const struct command *c, int columns)
{
    char *whole = whole_state(app, arena, c);
    const char *brief = brief_state(c);

    return text_cut(arena, text_width(whole) > columns && brief ? brief : whole, columns);
}

/* ── sentences ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void add_part(struct buf *text, const char *between, const char *part)
{
    size_t n = strlen(part);

    while (n > 0 && part[n - 1] == '.')
        n--;
    buf_format(text, "%s%.*s", text->len && n ? between : "", (int)n, part);
}

char *outbox_reason(struct arena *arena, const struct command *c)
{
    struct problem problem;
    struct buf text = {0};

    if (!outbox_problem(arena, c, &problem))
        return NULL;
    add_part(&text, "", text_shown(arena, problem.title));
    if (problem.detail)
        add_part(&text, ". ", text_shown(arena, problem.detail));
    for (size_t i = 0; i < problem.n_errors; i++)
        if (!problem.detail || strcmp(problem.detail, problem.errors[i].message) != 0) /* said already */
            add_part(&text, "; ", text_shown(arena, problem.errors[i].message));
    char *out = arena_copy(arena, text.data ? text.data : "");
    buf_wipe(&text);
    return out;
}

static char *due_sentence(struct app *app, struct arena *arena, const struct command *c, bool behind)
{
    enum line_state line = app_line(app)->state;
    int64_t again = next_try(app, c);

    if (c->not_before == OUTBOX_UNTIL_SIGN_IN || line == LINE_SIGN_IN)
        return arena_copy(arena, _("It goes after the next sign-in."));
    if (line == LINE_MAINTENANCE)
        return arena_copy(arena, _("It goes by itself when the server is back from maintenance."));
    if (line == LINE_OFFLINE || line == LINE_STARTING || line == LINE_STOPPED)
        return arena_copy(arena, _("It goes by itself when the line is there."));
    if (behind)
        return arena_copy(arena, _("It goes after what I did to this dossier before."));
    if (again != INSTANT_NONE)
        return arena_format(arena, _("The next try is at %s."), outbox_moment(app, arena, again));
    return arena_copy(arena, _("It goes as soon as its turn comes."));
}

static char *unknown_sentence(struct arena *arena, const struct command *c)
{
    if (c->state == COMMAND_RECONCILE)
        return arena_copy(arena, _("This is over 40 days old and its result is not known. Open the dossier to see whether "
                                   "the server has recorded it, then choose Send again or Drop."));
    if (outbox_is_signature(c))
        return arena_copy(arena, _("Signed, not known whether the system took it. The very same signature is sent again; do "
                                   "not sign it elsewhere."));
    char *note = outbox_reason(arena, c);
    if (note)
        return arena_format(arena, "%s.", note);
    return arena_copy(arena, _("The outcome is not known: it was sent, but no answer came. Exactly this is sent again; do not do "
                               "it elsewhere."));
}

static char *conflict_sentence(struct app *app, struct arena *arena, const struct command *c)
{
    struct problem problem;

    if (!outbox_problem(arena, c, &problem))
        return arena_copy(arena, _("What I did to this dossier before was not taken, so this was not sent. Press Enter to "
                                   "choose what to do."));
    if (problem.changed_at == INSTANT_NONE)
        return arena_format(
            arena, _("Conflict: %s. The system has not taken my work. Press Enter to choose what to do."),
            outbox_reason(arena, c));
    const char *who = problem.changed_by
                          ? text_shown(arena, cache_officer_name(app_cache(app), problem.changed_by))
                          : _("the system or the applicant");
    return arena_format(arena,
                        _("Conflict: %s changed the dossier at %s. The system has not taken my work. Press Enter to "
                          "choose what to do."),
                        who, outbox_moment(app, arena, problem.changed_at));
}

char *outbox_refusal(struct arena *arena, const struct command *c)
{
    char *reason = outbox_reason(arena, c);
    char *text = reason ? arena_format(arena, _("The system refused: %s."), reason)
                        : arena_copy(arena, _("The system refused, without a reason."));

    return c->request_id
               ? arena_format(arena, _("%s Help desk number %s."), text, text_shown(arena, c->request_id))
               : text;
}

static char *ended_sentence(struct app *app, struct arena *arena, const struct command *c)
{
    if (c->state == COMMAND_DONE)
        return arena_format(arena, _("The system took it at %s."), outbox_moment(app, arena, c->ended_at));
    return arena_format(arena, _("Dropped at %s; can be read for 30 days."),
                        outbox_moment(app, arena, c->ended_at));
}

static char *state_sentence(struct app *app, struct arena *arena, const struct command *c, bool behind)
{
    switch (command_mark(c)) {
    case MARK_HELD:
        return arena_copy(arena, _("It goes when the 10 seconds for undoing are over."));
    case MARK_DUE:
        return due_sentence(app, arena, c, behind);
    case MARK_SENDING:
        return arena_copy(arena, _("It is on its way, no answer yet."));
    case MARK_UNKNOWN:
        return unknown_sentence(arena, c);
    case MARK_CONFLICT:
        return conflict_sentence(app, arena, c);
    case MARK_REFUSED:
        return arena_format(arena, _("%s Press %s to mend or drop it."), outbox_refusal(arena, c),
                            keymap_keys(app_keymap(app), "outbox", FOCUS_ROW, CMD_ACT, true, arena));
    case MARK_NONE:
        break;
    }
    return ended_sentence(app, arena, c);
}

char *outbox_sentence(struct app *app, struct arena *arena, const struct command *c, bool behind)
{
    char *text = state_sentence(app, arena, c, behind);
    enum sync_mark mark = command_mark(c);

    if (mark != MARK_NONE && mark != MARK_CONFLICT && mark != MARK_REFUSED)
        text = arena_format(arena, _("%s Tried so far: %d times."), text, c->attempts);
    char *note = mark == MARK_DUE ? outbox_reason(arena, c) : NULL;
    if (note) /* why the last try brought nothing */
        text = arena_format(arena, "%s %s.", text, note);
    return text;
}

/* ── content ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The papers by their names, where what the officer saw is kept. */
static char *paper_names(struct arena *arena, const struct command *c, const struct texts *ids)
{
    struct dossier seen;
    struct buf text = {0};

    outbox_seen(arena, c, &seen);
    for (size_t i = 0; i < ids->n; i++) {
        const char *name = ids->items[i];
        for (size_t k = 0; k < seen.n_papers; k++)
            if (strcmp(seen.papers[k].id, ids->items[i]) == 0)
                name = seen.papers[k].name;
        buf_format(&text, "%s%s", i ? ", " : "", text_shown(arena, name));
    }
    char *out = arena_copy(arena, text.data ? text.data : "");
    buf_wipe(&text);
    return out;
}

/* What the action does not ask for stands at its default, and says nothing. */
struct content {
    struct buf text;
    unsigned asked;
};

static void add(struct content *content, enum need need, const char *label, const char *value)
{
    if (content->asked & need && *value)
        buf_format(&content->text, "%s%s: %s", content->text.len ? "; " : "", label, value);
}

char *outbox_content(struct app *app, struct arena *arena, const struct command *c)
{
    struct action_request r;
    struct content content = {0};

    if (!outbox_request(arena, c, &r))
        return NULL;
    const struct action_rule *rule = workflow_rule(action_of(r.action));
    const char *note = word_action(r.action).note;
    content.asked = rule->needs | rule->may;
    add(&content, NEED_ASSIGNEE, word_need(NEED_ASSIGNEE),
        text_shown(arena, cache_officer_name(app_cache(app), r.assignee)));
    add(&content, NEED_PAPERS, word_need(NEED_PAPERS), paper_names(arena, c, &r.papers));
    add(&content, NEED_AMOUNT, word_need(NEED_AMOUNT), r.amount ? text_money(arena, r.amount) : "");
    add(&content, NEED_METHOD, word_need(NEED_METHOD), text_shown(arena, word_method(r.method)));
    add(&content, NEED_OUTCOME, C_("wish", "outcome"), text_shown(arena, word_outcome(r.outcome)));
    add(&content, NEED_NEW_DUE_AT, word_need(NEED_NEW_DUE_AT), word_when(arena, r.new_due_at, app_offset(app)));
    add(&content, NEED_UNTIL, word_need(NEED_UNTIL), word_day(arena, r.until));
    add(&content, NEED_NUMBER, word_need(NEED_NUMBER), text_shown(arena, r.number));
    add(&content, NEED_RETURNED_TO, word_need(NEED_RETURNED_TO), text_shown(arena, r.returned_to));
    add(&content, NEED_NOTE, note ? note : word_need(NEED_NOTE), text_shown(arena, r.note));
    char *out = content.text.len ? arena_copy(arena, content.text.data) : NULL;
    buf_wipe(&content.text);
    return out;
}

char *outbox_object(struct app *app, struct arena *arena, const struct action_request *r)
{
    if (r->assignee)
        return text_shown(arena, cache_officer_name(app_cache(app), r->assignee));
    if (r->amount)
        return text_money(arena, r->amount);
    if (r->new_due_at != INSTANT_NONE)
        return word_when(arena, r->new_due_at, app_offset(app));
    if (r->outcome)
        return text_shown(arena, word_outcome(r->outcome));
    return r->number || r->returned_to ? text_shown(arena, r->number ? r->number : r->returned_to) : NULL;
}
