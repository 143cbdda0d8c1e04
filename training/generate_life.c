/* generate_life: one dossier from its creation to where it is to stand, step by step through core/workflow, in office hours. It
 * refuses a step that the rules do not allow: then the program is wrong, and ends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/generate.h"

#include "core/codec.h"

#include <string.h>

#define MINUTE     60
#define QR_SECONDS 86400

/* ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static double percent(const struct life *l, const char *object, const char *member)
{
    return json_number_value(json_object_get(json_object_get(l->generate, object), member));
}

static const json_t *notes(const struct life *l, const char *action)
{
    return json_object_get(json_object_get(l->generate, "notes"), action);
}

static struct action_request *request(struct life *l, enum action action)
{
    struct action_request *r = arena_alloc(l->arena, sizeof *r);
    const struct action_rule *rule = workflow_rule(action);

    codec_absent(&shape_action_request, r);
    r->action = rule->id;
    if (rule->needs & NEED_NOTE || (rule->may & NEED_NOTE && chance_percent(&l->chance, 25)))
        r->note = chance_text(&l->chance, notes(l, rule->id));
    if (rule->needs & NEED_NOTE && !r->note)
        r->note = "-"; /* the scenario has no words for this */
    return r;
}

static const char *somebody(struct life *l, enum role role)
{
    return l->cast->n[role] ? l->cast->of[role][chance_below(&l->chance, (int64_t)l->cast->n[role])] : NULL;
}

/* A supervisor who did not propose it himself. */
static const char *signer(struct life *l)
{
    const char *proposer = l->d.proposal ? l->d.proposal->by : "", *by = somebody(l, ROLE_SUPERVISOR);

    for (size_t i = 0; by && i < l->cast->n[ROLE_SUPERVISOR] && strcmp(by, proposer) == 0; i++)
        by = l->cast->of[ROLE_SUPERVISOR][i];
    return by;
}

static struct event *enter(struct life *l, const char *action, const char *by, const char *from, const char *note)
{
    if (l->n == LIFE_EVENTS)
        die("a life of more than %d events", LIFE_EVENTS);
    struct event *e = &l->events[l->n++];
    *e = (struct event){.seq = (int64_t)l->n,
                        .at = l->at,
                        .acted_at = INSTANT_NONE,
                        .by = by,
                        .action = action,
                        .from = from,
                        .to = l->d.status,
                        .note = note};
    return e;
}

/* Not before what went before, nor after now. */
static void go_to(struct life *l, int64_t at)
{
    l->at = at > l->now ? l->now : at > l->at ? at : l->at;
}

static void act(struct life *l, enum action action, const struct action_request *r, const char *by, int64_t at)
{
    const char *from = l->d.status, *note = r->note;

    go_to(l, at);
    if (workflow_state_allows(&l->d, action, instant_day(l->at, l->calendar.offset)) != WHY_ALLOWED)
        die("a generated dossier cannot go on: %s from %s, %s", r->action, l->d.status, l->d.step);
    workflow_apply(&l->d, action, r, by, l->at, &l->calendar, l->procedure, l->arena);
    if (action == ACTION_ASSIGN) {
        const struct officer *to = directory_officer(l->directory, r->assignee, NULL);
        note = arena_format(l->arena, "cho %s%s%s", to ? to->name : r->assignee, note ? ": " : "",
                            note ? note : "");
    }
    enter(l, r->action, by, from, note);
}

static void simply(struct life *l, enum action action, enum role role, int64_t at)
{
    act(l, action, request(l, action), somebody(l, role), at);
}

/* So many percent of the working time from here to `until`, from here on. */
static int64_t on_the_way(struct life *l, int64_t until, int64_t least, int64_t most)
{
    int64_t work = calendar_between(&l->calendar, l->at, until);
    int64_t at = calendar_add_time(&l->calendar, l->at, work * chance_between(&l->chance, least, most) / 100);

    return at == INSTANT_NONE || at > until ? until : at;
}

static int64_t after_minutes(struct life *l, int64_t least, int64_t most)
{
    int64_t at = calendar_add_time(&l->calendar, l->at, chance_between(&l->chance, least, most) * MINUTE);

    return at == INSTANT_NONE ? l->at : at;
}

void life_create(struct life *l, const char *by)
{
    l->at = l->d.submitted_at;
    l->d.version = 1;
    enter(l, "create", by, NULL, NULL);
}

/* ── parts of a life ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void receive(struct life *l)
{
    int64_t at = l->receive_at;

    if (status_of(l->d.status) != STATUS_REGISTERED)
        return;
    if (at == INSTANT_NONE)
        at = on_the_way(l, l->d.decide_by == INSTANT_NONE ? l->now : l->d.decide_by, 5, 90);
    simply(l, ACTION_RECEIVE, ROLE_COUNTER, at);
}

static void take_up(struct life *l)
{
    if (chance_percent(&l->chance, 30)) {
        act(l, ACTION_CLAIM, request(l, ACTION_CLAIM), somebody(l, ROLE_SPECIALIST), after_minutes(l, 5, 90));
        return;
    }
    struct action_request *r = request(l, ACTION_ASSIGN);
    r->assignee = somebody(l, ROLE_SPECIALIST);
    act(l, ACTION_ASSIGN, r, somebody(l, ROLE_COUNTER), after_minutes(l, 3, 60));
}

static void request_supplement(struct life *l, int64_t at)
{
    struct action_request *r = request(l, ACTION_REQUEST_SUPPLEMENT);
    const char *by = l->d.assignee ? l->d.assignee : somebody(l, ROLE_COUNTER);

    if (l->d.n_papers > 0) {
        r->papers.items = arena_alloc(l->arena, sizeof *r->papers.items);
        r->papers.items[0] = l->d.papers[chance_below(&l->chance, (int64_t)l->d.n_papers)].id;
        r->papers.n = 1;
    }
    r->until = instant_day(at, l->calendar.offset) + (int32_t)chance_between(&l->chance, 7, 20);
    act(l, ACTION_REQUEST_SUPPLEMENT, r, by, at);
}

/* Asked for and brought, within some days. */
static void supplement_once(struct life *l)
{
    request_supplement(l, after_minutes(l, 20, 300));
    struct action_request *r = request(l, ACTION_SUPPLEMENT);
    r->papers = l->d.supplements[l->d.n_supplements - 1].papers;
    act(l, ACTION_SUPPLEMENT, r, somebody(l, ROLE_COUNTER), after_minutes(l, 120, 4 * 8 * 60));
}

static int64_t fee_by_the_book(const struct life *l, const char **name)
{
    const struct procedure *p = l->procedure;

    for (size_t i = 0; i < p->n_fees; i++) {
        const struct fee_item *f = &p->fees[i];
        if (f->amount > 0 && (!f->channel || strcmp(f->channel, l->d.channel) == 0) &&
            !strstr(f->name, "quá hạn")) {
            *name = f->name;
            return f->amount;
        }
    }
    return 0;
}

static void request_payment(struct life *l, int64_t at)
{
    struct action_request *r = request(l, ACTION_REQUEST_PAYMENT);

    r->amount = fee_by_the_book(l, &r->note);
    if (r->amount == 0)
        r->amount = 1000 * chance_between(&l->chance, 2, 30);
    act(l, ACTION_REQUEST_PAYMENT, r, somebody(l, ROLE_COUNTER), at);
}

/* Asked for without cash: a QR that waits for a day. The status stays, the version grows. */
static void ask_by_qr(struct life *l, int64_t at)
{
    const json_t *how = json_object_get(l->generate, "payment");
    const char *bank = json_string_value(json_object_get(how, "bank")),
               *form = json_string_value(json_object_get(how, "purpose"));
    const char *account = json_string_value(json_object_get(how, "account"));
    struct payment *payment = arena_alloc(l->arena, sizeof *payment);

    if (!bank || !form || !account)
        return;
    go_to(l, at);
    *payment = (struct payment){
        .id = arena_format(l->arena, "%s-qr", l->d.id),
        .amount = dossier_unpaid(&l->d),
        .purpose = vietqr_purpose(l->arena, form, l->d.unit, l->d.code),
        .status = l->at + QR_SECONDS > l->now ? "pending" : "expired",
        .payee = json_string_value(json_object_get(how, "payee")),
        .expires_at = l->at + QR_SECONDS,
    };
    payment->vietqr = vietqr_text(l->arena, bank, account, payment->amount, payment->purpose);
    l->d.payments = payment;
    l->d.n_payments = 1;
    l->d.version++;
    enter(l, "ask_payment", somebody(l, ROLE_COUNTER), l->d.status, NULL);
}

static void confirm_payment(struct life *l, int64_t at)
{
    struct action_request *r = request(l, ACTION_CONFIRM_PAYMENT);

    r->amount = dossier_unpaid(&l->d);
    r->method = chance_percent(&l->chance, 60) ? "transfer" : "cash";
    act(l, ACTION_CONFIRM_PAYMENT, r, somebody(l, ROLE_COUNTER), at);
}

/* A fee that was not taken at the counter is asked for before the work begins. */
static void pay(struct life *l)
{
    const char *name;

    if (l->d.n_fees > 0 || fee_by_the_book(l, &name) == 0)
        return;
    request_payment(l, after_minutes(l, 5, 60));
    confirm_payment(l, after_minutes(l, 30, 8 * 60));
}

static void extend(struct life *l)
{
    struct action_request *r = request(l, ACTION_EXTEND);

    if (l->d.due_at == INSTANT_NONE)
        return;
    r->new_due_at = calendar_add_days(&l->calendar, l->d.due_at, chance_between(&l->chance, 1, 4));
    int64_t at = on_the_way(l, l->d.due_at, 50, 95);
    if (r->new_due_at == INSTANT_NONE || r->new_due_at <= at)
        return;
    act(l, ACTION_EXTEND, r, somebody(l, ROLE_SUPERVISOR), at);
}

static void propose(struct life *l, bool refuse, int64_t at)
{
    struct action_request *r = request(l, ACTION_PROPOSE);

    r->outcome = refuse ? "refuse" : "grant";
    r->note = chance_text(&l->chance, json_object_get(notes(l, "propose"), r->outcome));
    act(l, ACTION_PROPOSE, r, l->d.assignee, at);
}

static void decide(struct life *l, bool refuse, int64_t at)
{
    static struct signature to_be_made = {.statement = "", .cms = ""}; /* when somebody looks: records.c */
    enum action action = refuse ? ACTION_REFUSE_RESULT : ACTION_APPROVE;
    struct action_request *r = request(l, action);

    r->signature = &to_be_made;
    l->owes = l->d.version;
    act(l, action, r, signer(l), at);
}

static char *result_number(struct life *l)
{
    const char *form = json_string_value(json_object_get(l->generate, "result_number"));
    int year = instant_civil(l->at, l->calendar.offset).year, slot = year - l->first_year;
    int64_t n = slot >= 0 && slot < LIFE_YEARS ? ++l->numbers[slot] : 1;
    struct buf out = {0};

    for (const char *c = form ? form : "{n}"; *c;) {
        if (strncmp(c, "{n}", 3) == 0) {
            buf_format(&out, "%lld", (long long)n);
            c += 3;
        } else if (strncmp(c, "{year}", 6) == 0) {
            buf_format(&out, "%d", year);
            c += 6;
        } else {
            buf_char(&out, *c++);
        }
    }
    char *number = arena_copy(l->arena, out.data);
    buf_clear(&out);
    return number;
}

static void issue(struct life *l, int64_t at)
{
    struct action_request *r = request(l, ACTION_ISSUE);

    go_to(l, at);
    r->number = result_number(l);
    act(l, ACTION_ISSUE, r, somebody(l, ROLE_CLERK), at);
}

/* Some working moment of a day. */
static int64_t within_day(struct life *l, int32_t day)
{
    int64_t start = calendar_next(&l->calendar, instant_day_start(day, l->calendar.offset));
    int64_t work = calendar_between(&l->calendar, start, instant_day_start(day + 1, l->calendar.offset));

    return calendar_add_time(&l->calendar, start, chance_below(&l->chance, work));
}

/* When it is to be finished: dates of end and due are compared (domain.md, "The clock"). */
static int64_t finish(struct life *l, int end)
{
    int32_t due = instant_day(l->d.due_at, l->calendar.offset), today = instant_day(l->at, l->calendar.offset);
    int64_t at;

    if (l->d.due_at == INSTANT_NONE)
        return after_minutes(l, 60, 480);
    if (end > 0) {
        at = calendar_add_days(&l->calendar, l->d.due_at,
                               chance_between(&l->chance, 1, (int64_t)percent(l, "open", "late_days")));
    } else if (end < 0 && today < due) {
        int64_t last = calendar_back_days(&l->calendar, l->d.due_at, 1);
        at = last > l->at ? on_the_way(l, last, 25, 100) : after_minutes(l, 10, 60);
    } else {
        at = within_day(l, due);
    }
    if (at > l->now)
        return on_the_way(l, l->now, 50, 98);
    return at == INSTANT_NONE || at < l->at ? after_minutes(l, 2, 20) : at;
}

static void decided(struct life *l, int64_t until, bool refuse)
{
    propose(l, refuse, on_the_way(l, until, 35, 70));
    if (chance_percent(&l->chance, percent(l, "closed", "reworked"))) {
        simply(l, ACTION_REWORK, ROLE_SUPERVISOR, on_the_way(l, until, 20, 50));
        propose(l, refuse, on_the_way(l, until, 20, 60));
    }
    decide(l, refuse, on_the_way(l, until, 30, 90));
}

/* ── fates ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void live_open(struct life *l, enum fate fate)
{
    bool refuse = chance_percent(&l->chance, percent(l, "closed", "refused"));

    if (fate == FATE_RECEIVED)
        return;
    if (fate == FATE_PAYMENT) {
        request_payment(l, on_the_way(l, l->now, 10, 80));
        if (chance_percent(&l->chance, 60))
            ask_by_qr(l, after_minutes(l, 1, 10));
        return;
    }
    if (fate == FATE_SUPPLEMENT && chance_percent(&l->chance, 40)) {
        request_supplement(l, on_the_way(l, l->now, 10, 80));
        return;
    }
    take_up(l);
    if (fate == FATE_SUPPLEMENT)
        request_supplement(l, on_the_way(l, l->now, 10, 80));
    else if (fate == FATE_WITHDRAWAL)
        simply(l, ACTION_REQUEST_WITHDRAWAL, ROLE_COUNTER, on_the_way(l, l->now, 30, 95));
    else if (fate == FATE_APPROVAL)
        propose(l, refuse, on_the_way(l, l->now, 40, 95));
    else if (fate == FATE_ISSUING)
        decided(l, l->now, refuse);
}

static void give_back(struct life *l, int64_t latest)
{
    struct action_request *r = request(l, ACTION_RETURN_RESULT);
    const char *name = (l->d.submitted_by ? l->d.submitted_by : l->d.applicant)->name;
    int64_t at = after_minutes(l, 15, 2 * 8 * 60);

    if (dossier_unpaid(&l->d) > 0)
        confirm_payment(l, at);
    r->returned_to = chance_percent(&l->chance, percent(l, "closed", "by_post")) ? "Bưu chính công ích" : name;
    act(l, ACTION_RETURN_RESULT, r, somebody(l, ROLE_COUNTER), at < latest ? at : latest);
}

static void live_to_the_end(struct life *l, enum fate fate, int end)
{
    bool refuse = chance_percent(&l->chance, percent(l, "closed", "refused"));

    take_up(l);
    pay(l);
    if (chance_percent(&l->chance, percent(l, "closed", "supplemented")))
        supplement_once(l);
    if (l->d.n_supplements &&
        chance_percent(&l->chance, 100 * percent(l, "closed", "twice") / percent(l, "closed", "supplemented")))
        supplement_once(l);
    if (chance_percent(&l->chance, percent(l, "closed", "extended")))
        extend(l);
    int64_t at = finish(l, end);
    decided(l, at, refuse);
    issue(l, at);
    if (fate == FATE_RETURNED)
        give_back(l, l->now);
}

static void live_declined(struct life *l)
{
    if (status_of(l->d.status) == STATUS_REGISTERED) {
        simply(l, ACTION_DECLINE, ROLE_COUNTER,
               on_the_way(l, l->d.decide_by == INSTANT_NONE ? l->now : l->d.decide_by, 20, 95));
        return;
    }
    request_supplement(l, after_minutes(l, 20, 300));
    int32_t until = l->d.supplements[0].until;
    int64_t after = calendar_next(&l->calendar, instant_day_start(until + 1, l->calendar.offset));
    if (after == INSTANT_NONE || after > l->now) /* too late to be over: it was stopped instead */
        simply(l, ACTION_STOP, ROLE_SUPERVISOR, after_minutes(l, 8 * 60, 16 * 60));
    else
        simply(l, ACTION_DECLINE, ROLE_COUNTER, after + chance_between(&l->chance, 5, 60) * MINUTE);
}

static void live_stopped(struct life *l)
{
    receive(l);
    take_up(l);
    if (chance_percent(&l->chance, 50)) {
        simply(l, ACTION_STOP, ROLE_SUPERVISOR, after_minutes(l, 120, 16 * 60));
        return;
    }
    simply(l, ACTION_REQUEST_WITHDRAWAL, ROLE_COUNTER, after_minutes(l, 60, 8 * 60));
    simply(l, ACTION_WITHDRAW, ROLE_COUNTER, after_minutes(l, 5, 120));
}

void life_live(struct life *l, enum fate fate, int end)
{
    l->owes = INSTANT_NONE;
    switch (fate) {
    case FATE_REGISTERED:
        return;
    case FATE_DECLINED:
        live_declined(l);
        return;
    case FATE_STOPPED:
        live_stopped(l);
        return;
    case FATE_COMPLETED:
    case FATE_RETURNED:
        receive(l);
        live_to_the_end(l, fate, end);
        return;
    default:
        receive(l);
        live_open(l, fate);
    }
}
