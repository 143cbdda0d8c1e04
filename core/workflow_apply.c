/* workflow: what an action makes of a dossier. It refuses to judge: whether it may be taken was asked before.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/workflow.h"

#include <string.h>

/* One action on its way. */
struct deed {
    struct dossier *d;
    const struct action_request *request;
    const char *by;
    int64_t now;
    const struct calendar *calendar;
    const struct procedure *procedure;
    struct arena *arena;
};

/* ── what is new ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *copied(struct deed *x, const char *text)
{
    return text ? arena_copy(x->arena, text) : NULL;
}

static struct texts copied_texts(struct deed *x, struct texts texts)
{
    struct texts copy = {.n = texts.n};

    if (texts.n > 0)
        copy.items = arena_alloc(x->arena, texts.n * sizeof *copy.items);
    for (size_t i = 0; i < texts.n; i++)
        copy.items[i] = arena_copy(x->arena, texts.items[i]);
    return copy;
}

/* The same items where they may be written to, with room for `more`. */
static void *copied_items(struct deed *x, const void *items, size_t n, size_t more, size_t size)
{
    void *copy = arena_alloc(x->arena, (n + more) * size);

    if (n > 0)
        memcpy(copy, items, n * size);
    return copy;
}
#define OWN(x, list, n, more) ((list) = copied_items((x), (list), (n), (more), sizeof *(list)))

/* ── where it stands, and the clock ──────────────────────────────────────────────────────────────────────────────── */

static bool clock_stands(enum dossier_status status)
{
    return status == STATUS_AWAITING_SUPPLEMENT || status == STATUS_AWAITING_PAYMENT ||
           status == STATUS_WITHDRAWAL_REQUESTED;
}

static void end_pause(struct deed *x, const char *status)
{
    struct dossier *d = x->d;

    if (d->paused_since == INSTANT_NONE)
        return;
    OWN(x, d->pauses, d->n_pauses, 1);
    d->pauses[d->n_pauses++] = (struct pause){.from = d->paused_since, .until = x->now, .status = status};
    d->due_at = calendar_resume(x->calendar, d->due_at, d->paused_since, x->now);
    d->paused_since = INSTANT_NONE;
}

/* 8 working hours after it was submitted, and what the clock stood since: the officer who waited for a paper is not late. */
static int64_t decide_by(struct deed *x)
{
    int64_t t = calendar_decide_by(x->calendar, x->d->submitted_at);

    for (size_t i = 0; i < x->d->n_pauses; i++)
        t = calendar_resume(x->calendar, t, x->d->pauses[i].from, x->d->pauses[i].until);
    return t;
}

static void move(struct deed *x, enum dossier_status status, const char *step)
{
    struct dossier *d = x->d;
    enum dossier_status before = status_of(d->status);

    if (before != status || strcmp(d->step, step) != 0)
        d->step_since = x->now;
    if (clock_stands(before) && !clock_stands(status))
        end_pause(x, d->status);
    else if (clock_stands(status) && d->paused_since == INSTANT_NONE)
        d->paused_since = x->now;
    d->status = status_text(status);
    d->step = step;
    d->decide_by = status == STATUS_REGISTERED ? decide_by(x) : INSTANT_NONE;
}

static void move_to(struct deed *x, enum dossier_status status, enum dossier_step step)
{
    move(x, status, step_text(step));
}

/* To the status that it came from: the step was kept, and who was received stays so. */
static void move_back(struct deed *x)
{
    const struct dossier *d = x->d;

    switch (step_of(d->step)) {
    case STEP_INTAKE:
        move(x, d->received_at == INSTANT_NONE ? STATUS_REGISTERED : STATUS_RECEIVED, d->step);
        break;
    case STEP_RETURN:
        move(x, STATUS_COMPLETED, d->step);
        break;
    default:
        move(x, STATUS_IN_PROGRESS, d->step);
    }
}

static void receive(struct deed *x)
{
    x->d->received_at = x->now;
    x->d->due_at = x->procedure ? calendar_due(x->calendar, x->now, &x->procedure->time_limit) : INSTANT_NONE;
    move_to(x, STATUS_RECEIVED, STEP_INTAKE);
}

static void extend(struct deed *x)
{
    x->d->extended_from = x->d->due_at;
    x->d->due_at = x->request->new_due_at;
    x->d->extensions++;
}

/* ── papers ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void request_supplement(struct deed *x)
{
    struct dossier *d = x->d;
    int32_t until = x->request->until;

    if (until == DAY_NONE)
        until = instant_day(x->now, x->calendar->offset) + WORKFLOW_UNTIL_DAYS;
    OWN(x, d->supplements, d->n_supplements, 1);
    d->supplements[d->n_supplements++] = (struct supplement){
        .requested_at = x->now,
        .by = copied(x, x->by),
        .note = copied(x, x->request->note),
        .papers = copied_texts(x, x->request->papers),
        .until = until,
        .received_at = INSTANT_NONE,
        .due_before = d->due_at,
        .due_after = INSTANT_NONE,
    };
    move(x, STATUS_AWAITING_SUPPLEMENT, d->step);
}

/* One that the procedure asks for and nobody has listed yet is listed now; an id that nobody knows is passed over. */
static void list_paper(struct deed *x, const char *id)
{
    const struct procedure *p = x->procedure;

    for (size_t i = 0; p && i < p->n_papers; i++)
        if (strcmp(p->papers[i].id, id) == 0)
            x->d->papers[x->d->n_papers++] = (struct paper){
                .id = copied(x, id),
                .name = copied(x, p->papers[i].name),
                .state = "handed_in",
                .originals = p->papers[i].originals,
                .certified_copies = p->papers[i].certified_copies,
                .photocopies = p->papers[i].photocopies,
            };
}

static void hand_in(struct deed *x, struct texts ids)
{
    struct dossier *d = x->d;

    OWN(x, d->papers, d->n_papers, ids.n);
    for (size_t i = 0; i < ids.n; i++) {
        size_t j = 0;
        while (j < d->n_papers && strcmp(d->papers[j].id, ids.items[i]) != 0)
            j++;
        if (j < d->n_papers)
            d->papers[j].state = "handed_in";
        else
            list_paper(x, ids.items[i]);
    }
}

static void supplement(struct deed *x)
{
    struct dossier *d = x->d;

    hand_in(x, x->request->papers);
    move_back(x);
    if (d->n_supplements == 0)
        return;
    OWN(x, d->supplements, d->n_supplements, 0);
    struct supplement *last = &d->supplements[d->n_supplements - 1];
    last->received_at = x->now;
    last->due_after = d->due_at;
}

/* ── fees ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void cancel_payments(struct deed *x)
{
    struct dossier *d = x->d;

    OWN(x, d->payments, d->n_payments, 0);
    for (size_t i = 0; i < d->n_payments; i++)
        if (strcmp(d->payments[i].status, "pending") == 0)
            d->payments[i].status = "cancelled";
}

static void request_payment(struct deed *x)
{
    struct dossier *d = x->d;
    const struct procedure *p = x->procedure;
    const char *name = x->request->note;

    if (!name)
        name = p && p->n_fees > 0 ? p->fees[0].name
                                  : "Lệ phí"; /* part of the record, not of a screen: not translated */
    OWN(x, d->fees, d->n_fees, 1);
    d->fees[d->n_fees++] =
        (struct fee){.name = copied(x, name), .amount = x->request->amount, .paid_at = INSTANT_NONE};
    move(x, STATUS_AWAITING_PAYMENT, d->step);
}

static void confirm_payment(struct deed *x)
{
    struct dossier *d = x->d;
    const char *method = copied(x, x->request->method ? x->request->method : "cash");

    OWN(x, d->fees, d->n_fees, 0);
    for (size_t i = 0; i < d->n_fees; i++) {
        struct fee *fee = &d->fees[i];
        if (fee->paid >= fee->amount)
            continue;
        fee->paid = fee->amount;
        fee->paid_at = x->now;
        fee->method = method;
        fee->receipt = copied(x, x->request->number);
    }
    cancel_payments(x);
    if (status_of(d->status) == STATUS_AWAITING_PAYMENT)
        move_back(x);
}

/* ── decisions ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void propose(struct deed *x)
{
    struct proposal *proposal = arena_alloc(x->arena, sizeof *proposal);

    *proposal = (struct proposal){
        .by = copied(x, x->by),
        .at = x->now,
        .outcome = copied(x, x->request->outcome),
        .note = copied(x, x->request->note),
        .result_attachment = copied(x, x->request->result_attachment),
    };
    x->d->proposal = proposal;
    move_to(x, STATUS_IN_PROGRESS, STEP_APPROVAL);
}

static void decide(struct deed *x, const char *outcome)
{
    struct decision *decision = arena_alloc(x->arena, sizeof *decision);

    *decision = (struct decision){
        .by = copied(x, x->by),
        .on_behalf_of = copied(x, x->request->on_behalf_of),
        .at = x->now,
        .outcome = outcome,
    };
    if (x->request->signature) {
        decision->signature = arena_alloc(x->arena, sizeof *decision->signature);
        decision->signature->statement = copied(x, x->request->signature->statement);
        decision->signature->cms = copied(x, x->request->signature->cms);
    }
    x->d->decision = decision;
    move_to(x, STATUS_IN_PROGRESS, STEP_ISSUING);
}

static void issue(struct deed *x)
{
    if (x->d->decision) {
        OWN(x, x->d->decision, 1, 0);
        x->d->decision->number = copied(x, x->request->number);
    }
    x->d->completed_at = x->now;
    move_to(x, STATUS_COMPLETED, STEP_RETURN);
}

/* ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void hold(struct deed *x, const char *officer)
{
    x->d->assignee = copied(x, officer);
    move_to(x, STATUS_IN_PROGRESS, STEP_ASSESSMENT);
}

static void assign(struct deed *x)
{
    hold(x, x->request->assignee);
}

static void claim(struct deed *x)
{
    hold(x, x->by);
}

static void release(struct deed *x)
{
    x->d->assignee = NULL;
    move_to(x, STATUS_RECEIVED, STEP_INTAKE);
}

static void approve(struct deed *x)
{
    decide(x, "grant");
}

static void refuse_result(struct deed *x)
{
    decide(x, "refuse");
}

static void rework(struct deed *x)
{
    x->d->proposal = NULL;
    move_to(x, STATUS_IN_PROGRESS, STEP_ASSESSMENT);
}

static void decline(struct deed *x)
{
    move_to(x, STATUS_DECLINED, STEP_CLOSED);
}

static void request_withdrawal(struct deed *x)
{
    cancel_payments(x);
    move(x, STATUS_WITHDRAWAL_REQUESTED, x->d->step);
}

static void withdraw(struct deed *x)
{
    move_to(x, STATUS_STOPPED, STEP_CLOSED);
}

static void stop(struct deed *x)
{
    cancel_payments(x);
    move_to(x, STATUS_STOPPED, STEP_CLOSED);
}

static void return_result(struct deed *x)
{
    x->d->returned_at = x->now;
    x->d->returned_to = copied(x, x->request->returned_to);
    move_to(x, STATUS_RETURNED, STEP_CLOSED);
}

static void (*const deeds[ACTION_COUNT])(struct deed *) = {
    [ACTION_RECEIVE] = receive,
    [ACTION_DECLINE] = decline,
    [ACTION_ASSIGN] = assign,
    [ACTION_CLAIM] = claim,
    [ACTION_RELEASE] = release,
    [ACTION_REQUEST_SUPPLEMENT] = request_supplement,
    [ACTION_SUPPLEMENT] = supplement,
    [ACTION_REQUEST_PAYMENT] = request_payment,
    [ACTION_CONFIRM_PAYMENT] = confirm_payment,
    [ACTION_PROPOSE] = propose,
    [ACTION_APPROVE] = approve,
    [ACTION_REFUSE_RESULT] = refuse_result,
    [ACTION_REWORK] = rework,
    [ACTION_EXTEND] = extend,
    [ACTION_REQUEST_WITHDRAWAL] = request_withdrawal,
    [ACTION_WITHDRAW] = withdraw,
    [ACTION_STOP] = stop,
    [ACTION_ISSUE] = issue,
    [ACTION_RETURN_RESULT] = return_result,
    [ACTION_COMMENT] = NULL, /* nothing but the new version */
};

void workflow_apply(struct dossier *d, enum action action, const struct action_request *request,
                    const char *by, int64_t now, const struct calendar *calendar,
                    const struct procedure *procedure, struct arena *arena)
{
    struct deed x = {
        .d = d, .request = request, .by = by, .now = now, .calendar = calendar, .procedure = procedure, .arena = arena};

    if (action > ACTION_UNKNOWN && action < ACTION_COUNT && deeds[action])
        deeds[action](&x);
    d->version++;
}
