/* workflow: who may move a dossier from where, and what they have to bring along. One row per row of the contract's table.
 * It refuses what it does not know: a status or a step that came later allows nothing that names another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/workflow.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Where a dossier stands, as the table's third column says it: the status, while in_progress the step. */
enum place {
    REGISTERED = 1 << 0,
    RECEIVED = 1 << 1,
    ASSESSMENT = 1 << 2,
    APPROVAL = 1 << 3,
    ISSUING = 1 << 4,
    OTHER_STEP = 1 << 5, /* in_progress, at a step that came later */
    AWAITING_SUPPLEMENT = 1 << 6,
    AWAITING_PAYMENT = 1 << 7,
    WITHDRAWAL = 1 << 8,
    OTHER_STATUS = 1 << 9,
    COMPLETED = 1 << 10,
    CLOSED = 1 << 11,

    IN_PROGRESS = ASSESSMENT | APPROVAL | ISSUING | OTHER_STEP,
    STAYING = REGISTERED | RECEIVED | IN_PROGRESS | AWAITING_SUPPLEMENT | AWAITING_PAYMENT | OTHER_STATUS,
    OPEN = STAYING | WITHDRAWAL,
    ANYWHERE = OPEN | COMPLETED | CLOSED,
};

#define COUNTER    ROLE_BIT(ROLE_COUNTER)
#define SPECIALIST ROLE_BIT(ROLE_SPECIALIST)
#define SUPERVISOR ROLE_BIT(ROLE_SUPERVISOR)
#define CLERK      ROLE_BIT(ROLE_CLERK)
#define TRAINER    ROLE_BIT(ROLE_TRAINER)
#define EVERYBODY  (COUNTER | SPECIALIST | SUPERVISOR | CLERK | TRAINER) /* but the auditor */

#define HOLDER true /* the assignee too, or alone */
#define ONLINE true /* offline: never */

/* id, roles, HOLDER, needs, may have, ONLINE */
static const struct action_rule rules[ACTION_COUNT] = {
    [ACTION_RECEIVE] = {"receive", COUNTER, false, 0, NEED_NOTE, false},
    [ACTION_DECLINE] = {"decline", COUNTER, false, NEED_NOTE, 0, false},
    [ACTION_ASSIGN] = {"assign", COUNTER | SUPERVISOR, false, NEED_ASSIGNEE, NEED_NOTE, false},
    [ACTION_CLAIM] = {"claim", SPECIALIST, false, 0, NEED_NOTE, false},
    [ACTION_RELEASE] = {"release", 0, HOLDER, 0, NEED_NOTE, false},
    [ACTION_REQUEST_SUPPLEMENT] = {"request_supplement", COUNTER, HOLDER, NEED_NOTE, NEED_PAPERS | NEED_UNTIL,
                                   false},
    [ACTION_SUPPLEMENT] = {"supplement", COUNTER, false, 0, NEED_PAPERS | NEED_NOTE, false},
    [ACTION_REQUEST_PAYMENT] = {"request_payment", COUNTER, false, NEED_AMOUNT, NEED_NOTE, ONLINE},
    [ACTION_CONFIRM_PAYMENT] = {"confirm_payment", COUNTER, false, NEED_AMOUNT, NEED_METHOD | NEED_NUMBER, ONLINE},
    [ACTION_PROPOSE] = {"propose", 0, HOLDER, NEED_OUTCOME, NEED_NOTE | NEED_RESULT, false},
    [ACTION_APPROVE] = {"approve", SUPERVISOR, false, NEED_SIGNATURE, NEED_NOTE, ONLINE},
    [ACTION_REFUSE_RESULT] = {"refuse_result", SUPERVISOR, false, NEED_NOTE | NEED_SIGNATURE, 0, ONLINE},
    [ACTION_REWORK] = {"rework", SUPERVISOR, false, NEED_NOTE, 0, false},
    [ACTION_EXTEND] = {"extend", SUPERVISOR, false, NEED_NOTE | NEED_NEW_DUE_AT, 0, false},
    [ACTION_REQUEST_WITHDRAWAL] = {"request_withdrawal", COUNTER, false, 0, NEED_NOTE, false},
    [ACTION_WITHDRAW] = {"withdraw", COUNTER, false, 0, NEED_NOTE, false},
    [ACTION_STOP] = {"stop", SUPERVISOR, false, NEED_NOTE, 0, false},
    [ACTION_ISSUE] = {"issue", CLERK, false, NEED_NUMBER, NEED_NOTE | NEED_RESULT, ONLINE},
    [ACTION_RETURN_RESULT] = {"return_result", COUNTER, false, NEED_RETURNED_TO, NEED_NOTE, false},
    [ACTION_COMMENT] = {"comment", EVERYBODY, false, NEED_NOTE, 0, false},
};
static const unsigned places[ACTION_COUNT] = {
    [ACTION_RECEIVE] = REGISTERED,
    [ACTION_DECLINE] = REGISTERED | AWAITING_SUPPLEMENT,
    [ACTION_ASSIGN] = RECEIVED | ASSESSMENT,
    [ACTION_CLAIM] = RECEIVED,
    [ACTION_RELEASE] = ASSESSMENT,
    [ACTION_REQUEST_SUPPLEMENT] = REGISTERED | RECEIVED | ASSESSMENT,
    [ACTION_SUPPLEMENT] = AWAITING_SUPPLEMENT,
    [ACTION_REQUEST_PAYMENT] = RECEIVED | ASSESSMENT,
    [ACTION_CONFIRM_PAYMENT] = STAYING | COMPLETED,
    [ACTION_PROPOSE] = ASSESSMENT,
    [ACTION_APPROVE] = APPROVAL,
    [ACTION_REFUSE_RESULT] = APPROVAL,
    [ACTION_REWORK] = APPROVAL,
    [ACTION_EXTEND] = IN_PROGRESS,
    [ACTION_REQUEST_WITHDRAWAL] = STAYING,
    [ACTION_WITHDRAW] = WITHDRAWAL,
    [ACTION_STOP] = OPEN,
    [ACTION_ISSUE] = ISSUING,
    [ACTION_RETURN_RESULT] = COMPLETED,
    [ACTION_COMMENT] = ANYWHERE,
};

static const struct {
    const char *text;
    enum need need;
} needs[] = {
    {"note", NEED_NOTE},
    {"assignee", NEED_ASSIGNEE},
    {"papers", NEED_PAPERS},
    {"amount", NEED_AMOUNT},
    {"outcome", NEED_OUTCOME},
    {"result", NEED_RESULT},
    {"new_due_at", NEED_NEW_DUE_AT},
    {"number", NEED_NUMBER},
    {"signature", NEED_SIGNATURE},
    {"returned_to", NEED_RETURNED_TO},
    {"method", NEED_METHOD},
    {"until", NEED_UNTIL},
};

enum action action_of(const char *text)
{
    for (size_t i = 1; text && i < COUNT(rules); i++)
        if (strcmp(rules[i].id, text) == 0)
            return (enum action)i;
    return ACTION_UNKNOWN;
}

unsigned need_of(const char *text)
{
    for (size_t i = 0; text && i < COUNT(needs); i++)
        if (strcmp(needs[i].text, text) == 0)
            return needs[i].need;
    return 0;
}

const char *need_text(enum need need)
{
    for (size_t i = 0; i < COUNT(needs); i++)
        if (needs[i].need == need)
            return needs[i].text;
    return NULL;
}

const struct action_rule *workflow_rule(enum action action)
{
    return action > ACTION_UNKNOWN && action < ACTION_COUNT ? &rules[action] : NULL;
}

static unsigned place_of(const struct dossier *d)
{
    switch (status_of(d->status)) {
    case STATUS_REGISTERED:
        return REGISTERED;
    case STATUS_RECEIVED:
        return RECEIVED;
    case STATUS_IN_PROGRESS:
        switch (step_of(d->step)) {
        case STEP_ASSESSMENT:
            return ASSESSMENT;
        case STEP_APPROVAL:
            return APPROVAL;
        case STEP_ISSUING:
            return ISSUING;
        default:
            return OTHER_STEP;
        }
    case STATUS_AWAITING_SUPPLEMENT:
        return AWAITING_SUPPLEMENT;
    case STATUS_AWAITING_PAYMENT:
        return AWAITING_PAYMENT;
    case STATUS_WITHDRAWAL_REQUESTED:
        return WITHDRAWAL;
    case STATUS_COMPLETED:
        return COMPLETED;
    case STATUS_DECLINED:
    case STATUS_STOPPED:
    case STATUS_RETURNED:
        return CLOSED;
    default:
        return OTHER_STATUS;
    }
}

int64_t dossier_unpaid(const struct dossier *d)
{
    int64_t unpaid = 0;

    for (size_t i = 0; i < d->n_fees; i++)
        if (d->fees[i].paid < d->fees[i].amount)
            unpaid += d->fees[i].amount - d->fees[i].paid;
    return unpaid;
}

/* The last day of the last request for a supplement lies behind. */
static bool supplement_is_over(const struct dossier *d, int32_t today)
{
    int32_t until = d->n_supplements > 0 ? d->supplements[d->n_supplements - 1].until : DAY_NONE;

    return until != DAY_NONE && until < today;
}

enum workflow_why workflow_state_allows(const struct dossier *d, enum action action, int32_t today)
{
    if (!workflow_rule(action))
        return WHY_STATUS;
    unsigned place = place_of(d), from = places[action];
    if (!(place & from))
        return place & IN_PROGRESS && from & IN_PROGRESS ? WHY_STEP : WHY_STATUS;
    if (action == ACTION_DECLINE && place == AWAITING_SUPPLEMENT && !supplement_is_over(d, today))
        return WHY_UNTIL_NOT_OVER;
    if (action == ACTION_CONFIRM_PAYMENT && dossier_unpaid(d) == 0)
        return WHY_NO_FEE;
    if (action == ACTION_EXTEND && d->extensions > 0)
        return WHY_EXTENDED;
    if (action == ACTION_RETURN_RESULT && dossier_unpaid(d) > 0)
        return WHY_FEE_UNPAID;
    return WHY_ALLOWED;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool signs(enum action action)
{
    return action == ACTION_APPROVE || action == ACTION_REFUSE_RESULT;
}

static enum workflow_why person_allows(const struct dossier *d, enum action action, const struct workflow_who *who)
{
    const struct action_rule *rule = &rules[action];
    bool stands_in = who->mandated && (signs(action) || action == ACTION_REWORK);

    if (!(who->roles & rule->roles) && !stands_in && !(rule->assignee && same(d->assignee, who->officer)))
        return rule->assignee && who->roles & SPECIALIST ? WHY_NOT_ASSIGNEE : WHY_ROLE;
    if (signs(action) && d->proposal && same(d->proposal->by, who->officer))
        return WHY_OWN_PROPOSAL;
    return WHY_ALLOWED;
}

enum workflow_why workflow_allows(const struct dossier *d, enum action action, const struct workflow_who *who,
                                  int32_t today)
{
    enum workflow_why state = workflow_state_allows(d, action, today);

    if (!workflow_rule(action))
        return state;
    if (who->elsewhere && action != ACTION_COMMENT)
        return WHY_ELSEWHERE;
    enum workflow_why person = person_allows(d, action, who);
    /* What only its holder may ever do is another's affair, whatever its state. */
    bool person_first = rules[action].roles == 0 && person != WHY_ALLOWED;
    return person_first || state == WHY_ALLOWED ? person : state;
}

/* Some text that is not blank, of at most so many characters. */
static bool is_said(const char *text, size_t most)
{
    size_t characters = 0;

    if (!text || text[strspn(text, " \t\r\n")] == '\0')
        return false;
    for (; *text; text++)
        characters += ((unsigned char)*text & 0xc0) != 0x80;
    return characters <= most;
}

static bool is_one_of(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same(text, words[i]))
            return true;
    return false;
}

/* The longest texts, in characters (contract, Action). */
enum { NOTE_MOST = 4000, NUMBER_MOST = 64, RETURNED_TO_MOST = 200, ID_MOST = 64 };

/* What the request carries in a way that makes sense. */
static unsigned carried(const struct action_request *r)
{
    static const char *const outcomes[] = {"grant", "refuse"}, *const methods[] = {"cash", "transfer", "card",
                                                                                   "online"};
    unsigned has = 0;

    has |= is_said(r->note, NOTE_MOST) ? NEED_NOTE : 0;
    has |= is_said(r->assignee, ID_MOST) ? NEED_ASSIGNEE : 0;
    has |= r->papers.n > 0 ? NEED_PAPERS : 0;
    has |= r->amount > 0 ? NEED_AMOUNT : 0;
    has |= is_one_of(r->outcome, outcomes, COUNT(outcomes)) ? NEED_OUTCOME : 0;
    has |= is_said(r->result_attachment, ID_MOST) ? NEED_RESULT : 0;
    has |= r->new_due_at != INSTANT_NONE ? NEED_NEW_DUE_AT : 0;
    has |= is_said(r->number, NUMBER_MOST) ? NEED_NUMBER : 0;
    has |= r->signature && r->signature->statement && r->signature->cms ? NEED_SIGNATURE : 0;
    has |= is_said(r->returned_to, RETURNED_TO_MOST) ? NEED_RETURNED_TO : 0;
    has |= is_one_of(r->method, methods, COUNT(methods)) ? NEED_METHOD : 0;
    has |= r->until != DAY_NONE ? NEED_UNTIL : 0;
    return has;
}

/* Those that are there at all, sense or not. */
static unsigned present(const struct action_request *r)
{
    return (r->note ? NEED_NOTE : 0u) | (r->result_attachment ? NEED_RESULT : 0u) |
           (r->number ? NEED_NUMBER : 0u) | (r->method ? NEED_METHOD : 0u);
}

bool workflow_complete(enum action action, const struct action_request *request, unsigned *missing)
{
    const struct action_rule *rule = workflow_rule(action);
    unsigned has = carried(request);

    *missing = rule ? (rule->needs & ~has) | (rule->may & present(request) & ~has) : 0;
    return *missing == 0;
}

static bool is_result(const struct dossier *d, const char *id)
{
    for (size_t i = 0; i < d->n_attachments; i++)
        if (same(d->attachments[i].id, id))
            return d->attachments[i].complete && same(d->attachments[i].role, "result");
    return false;
}

bool workflow_fits(const struct dossier *d, enum action action, const struct action_request *request,
                   int64_t now, unsigned *wrong)
{
    const struct action_rule *rule = workflow_rule(action);
    unsigned asks = rule ? rule->needs | rule->may : 0;

    *wrong = 0;
    if (action == ACTION_CONFIRM_PAYMENT && request->amount != dossier_unpaid(d))
        *wrong |= NEED_AMOUNT;
    if (action == ACTION_EXTEND && (request->new_due_at <= now || request->new_due_at <= d->due_at))
        *wrong |= NEED_NEW_DUE_AT;
    if (asks & NEED_RESULT && request->result_attachment && !is_result(d, request->result_attachment))
        *wrong |= NEED_RESULT;
    return *wrong == 0;
}
