/* actions: POST /dossiers/{dossier}/actions. The table is core/workflow's; here is the order in which wrongs are answered, what only
 * the server knows (who is a specialist there, mandates, the signature), and the event.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/payment.h"

#include <string.h>

#define STEP_UP_SECONDS (7 * 86400) /* a signature needs a sign-in that is not older */

static const struct say needed = {{"thiếu hoặc không hợp lệ", "missing or not valid"}};
static const struct say too_soon = {{"hạn mới phải sau bây giờ và sau hạn đang có",
                                     "the new due time is not after now and the one that holds"}};
static const struct say no_specialist = {
    {"không phải công chức chuyên môn của đơn vị này", "not a specialist there"}};
static const struct say no_paper = {{"không có giấy tờ này", "there is no such paper"}};
static const struct say past = {{"phải từ hôm nay trở đi", "has to be today or later"}};
static const struct say no_mandate = {
    {"không có ủy quyền còn hiệu lực cho thủ tục này", "no mandate of theirs holds for this procedure now"}};
static const struct say say_mandate = {{"ký thay thì phải ghi thay mặt ai", "say on whose behalf you decide"}};

static const struct text_limit limits[] = {
    {"note", 4000}, {"number", 64}, {"returned_to", 200}, {"statement", 90000}, {"cms", 90000}};

/* Members of the body by need, for the pointer in a problem. */
static const char *const need_pointers[][2] = {
    {"note", "/note"},
    {"assignee", "/assignee"},
    {"papers", "/papers"},
    {"amount", "/amount"},
    {"outcome", "/outcome"},
    {"result", "/result_attachment"},
    {"new_due_at", "/new_due_at"},
    {"number", "/number"},
    {"signature", "/signature"},
    {"returned_to", "/returned_to"},
    {"method", "/method"},
    {"until", "/until"},
};

static const char *pointer_of(unsigned need)
{
    for (size_t i = 0; i < sizeof need_pointers / sizeof *need_pointers; i++)
        if (need & need_of(need_pointers[i][0]))
            return need_pointers[i][1];
    return NULL;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool signs(enum action action)
{
    return action == ACTION_APPROVE || action == ACTION_REFUSE_RESULT;
}

/* ── may it be taken ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* 403 and 409. */
static bool allowed(struct call *call, const struct record *record, enum action action)
{
    const struct dossier *d = &record->d;

    if (!(officer_roles(call->me) & ~ROLE_BIT(ROLE_AUDITOR)))
        return problem_answer(call, PROBLEM_FORBIDDEN);
    if (signs(action) && d->proposal && same(d->proposal->by, call->me->id))
        return problem_answer(call, PROBLEM_FOUR_EYES);
    struct workflow_who who = who_asks(call, d, &record->places, action);
    enum workflow_why why = workflow_allows(d, action, &who, unit_today(call, d->unit));
    if (why == WHY_ALLOWED)
        return true;
    if (why == WHY_FEE_UNPAID && who.roles & workflow_rule(action)->roles)
        return problem_stale(call, PROBLEM_FEE_UNPAID, record, why_not(action, why, d));
    return problem_stale(call, PROBLEM_NOT_ALLOWED, record,
                         action == ACTION_UNKNOWN ? (struct say){{NULL, NULL}} : why_not(action, why, d));
}

/* ── does it make sense: 422 ─────────────────────────────────────────────────────────────────────────────────────── */

static bool assignee_good(struct call *call, const struct record *record, const char *id)
{
    const struct directory *directory = call->central->directory;
    const struct officer *officer = directory_officer(directory, id, NULL);

    return (officer && directory_roles(directory, officer, &record->places) & ROLE_BIT(ROLE_SPECIALIST)) ||
           problem_at(call, PROBLEM_INVALID, "/assignee", no_specialist);
}

static bool paper_known(struct call *call, const struct dossier *d, const char *id)
{
    const struct procedure *procedure = directory_procedure(call->central->directory, d->procedure);

    for (size_t i = 0; i < d->n_papers; i++)
        if (strcmp(d->papers[i].id, id) == 0)
            return true;
    for (size_t i = 0; procedure && i < procedure->n_papers; i++)
        if (strcmp(procedure->papers[i].id, id) == 0)
            return true;
    return false;
}

static bool papers_good(struct call *call, const struct dossier *d, const struct texts *papers)
{
    for (size_t i = 0; i < papers->n; i++)
        if (!paper_known(call, d, papers->items[i]))
            return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/papers/%zu", i), no_paper);
    return true;
}

/* On whose behalf: nobody's for most. A signature has to say itself by whose mandate it decides, and that has to hold; for `rework`
 * the server knows. */
static bool mandate_good(struct call *call, const struct record *record, enum action action,
                         struct action_request *request)
{
    const struct directory *directory = call->central->directory;
    enum problem_kind kind = signs(action) ? PROBLEM_SIGNATURE : PROBLEM_INVALID;
    bool himself = directory_roles(directory, call->me, &record->places) & ROLE_BIT(ROLE_SUPERVISOR);

    if (!signs(action) && action != ACTION_REWORK) {
        request->on_behalf_of = NULL; /* an action that does not name it ignores it */
        return true;
    }
    if (!request->on_behalf_of && himself)
        return true;
    if (!request->on_behalf_of && signs(action))
        return problem_at(call, kind, "/on_behalf_of", say_mandate);
    const struct mandate *mandate = directory_mandate(directory, call->me, request->on_behalf_of,
                                                      record->d.procedure, &record->places, call->now);
    if (!mandate)
        return problem_at(call, kind, "/on_behalf_of", no_mandate);
    request->on_behalf_of = mandate->on_behalf_of;
    return true;
}

static bool makes_sense(struct call *call, const struct record *record, enum action action,
                        struct action_request *request)
{
    const struct dossier *d = &record->d;
    const struct action_rule *rule = workflow_rule(action);
    unsigned asks = rule->needs | rule->may, wrong;

    if (!workflow_complete(action, request, &wrong) || !workflow_fits(d, action, request, call->now, &wrong))
        return problem_at(call, PROBLEM_INVALID, pointer_of(wrong),
                          wrong == NEED_NEW_DUE_AT && request->new_due_at != INSTANT_NONE ? too_soon : needed);
    if (asks & NEED_ASSIGNEE && !assignee_good(call, record, request->assignee))
        return false;
    if (asks & NEED_PAPERS && !papers_good(call, d, &request->papers))
        return false;
    if (asks & NEED_UNTIL && request->until != DAY_NONE && request->until < unit_today(call, d->unit))
        return problem_at(call, PROBLEM_INVALID, "/until", past);
    if (!mandate_good(call, record, action, request))
        return false;
    return !signs(action) || signature_good(call, record, action, request);
}

/* The body without what the action does not name: that is ignored, whatever it is. */
static json_t *named(struct call *call, enum action action)
{
    static const char *const always[] = {"action", "acted_at", "on_behalf_of"};
    const struct action_rule *rule = workflow_rule(action);
    json_t *out = json_object();

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        json_object_set(out, always[i], json_object_get(call->body, always[i]));
    for (size_t i = 0; i < sizeof need_pointers / sizeof *need_pointers; i++)
        if ((rule->needs | rule->may) & need_of(need_pointers[i][0]))
            json_object_set(out, need_pointers[i][1] + 1, json_object_get(call->body, need_pointers[i][1] + 1));
    codec_keep(&call->arena, out);
    return out;
}

/* ── the deed ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool take(struct call *call, struct record *record, enum action action, const struct action_request *request)
{
    const struct directory *directory = call->central->directory;
    struct calendar calendar = directory_calendar(directory, record->d.unit);
    const struct officer *to =
        action == ACTION_ASSIGN ? directory_officer(directory, request->assignee, NULL) : NULL;
    struct event event = {
        .at = call->now,
        .acted_at = request->acted_at,
        .by = call->me->id,
        .on_behalf_of = request->on_behalf_of,
        .action = request->action,
        .from = record->d.status,
    };
    const struct action_rule *rule = workflow_rule(action);

    if ((rule->needs | rule->may) & NEED_NOTE && !text_blank(request->note))
        event.note = request->note;

    if (to) /* contract: events have no assignee; the history says it in words */
        event.note = arena_format(&call->arena, "cho %s%s%s", to->name, event.note ? ": " : "",
                                  event.note ? event.note : "");
    workflow_apply(&record->d, action, request, call->me->id, call->now, &calendar,
                   directory_procedure(directory, record->d.procedure), &call->arena);
    payment_settle(call, &record->d);
    event.to = record->d.status;
    if (!record_put(call, record, &event))
        return false;
    record_answer(call, 200, record);
    return true;
}

bool dossier_act(struct call *call)
{
    const char *name = json_string_value(json_object_get(call->body, "action"));
    enum action action = action_of(name);
    struct action_request request;
    struct record record;

    if (signs(action) && call->now - call->signed_in_at > STEP_UP_SECONDS)
        return problem_answer(call, PROBLEM_STEP_UP);
    if (!record_find(call, call->dossier, &record))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    if (!record_matches(call, &record))
        return false;
    if (call->body && name && !allowed(call, &record, action))
        return false;
    if (call->request->len > REQUEST_MAX)
        return problem_answer(call, PROBLEM_TOO_LARGE);
    if (name)
        call->body = named(call, action);
    if (!body_decode(call, &shape_action_request, &request) ||
        !body_lengths(call, limits, sizeof limits / sizeof *limits) ||
        !makes_sense(call, &record, action, &request))
        return false;
    return take(call, &record, action, &request);
}
