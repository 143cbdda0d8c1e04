/* workflow: the contract's table of actions (`act`), once, for both sides: the training server judges by it, the workstation
 * predicts with it what its own waiting wish will make of a dossier. It refuses to know who somebody is: roles and
 * relations are handed in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_WORKFLOW_H
#define MOTCUA_CORE_WORKFLOW_H

#include "core/calendar.h"
#include "core/types.h"

enum action {
    ACTION_UNKNOWN,
    ACTION_RECEIVE,
    ACTION_DECLINE,
    ACTION_ASSIGN,
    ACTION_CLAIM,
    ACTION_RELEASE,
    ACTION_REQUEST_SUPPLEMENT,
    ACTION_SUPPLEMENT,
    ACTION_REQUEST_PAYMENT,
    ACTION_CONFIRM_PAYMENT,
    ACTION_PROPOSE,
    ACTION_APPROVE,
    ACTION_REFUSE_RESULT,
    ACTION_REWORK,
    ACTION_EXTEND,
    ACTION_REQUEST_WITHDRAWAL,
    ACTION_WITHDRAW,
    ACTION_STOP,
    ACTION_ISSUE,
    ACTION_RETURN_RESULT,
    ACTION_COMMENT,
    ACTION_COUNT,
};
enum action action_of(const char *text);

/* What an action needs or may have (contract: ActionOffer.requires). */
enum need {
    NEED_NOTE = 1 << 0,
    NEED_ASSIGNEE = 1 << 1,
    NEED_PAPERS = 1 << 2,
    NEED_AMOUNT = 1 << 3,
    NEED_OUTCOME = 1 << 4,
    NEED_RESULT = 1 << 5,
    NEED_NEW_DUE_AT = 1 << 6,
    NEED_NUMBER = 1 << 7,
    NEED_SIGNATURE = 1 << 8,
    NEED_RETURNED_TO = 1 << 9,
    NEED_METHOD = 1 << 10,
    NEED_UNTIL = 1 << 11,
};
unsigned need_of(const char *text); /* 0: unknown */
const char *need_text(enum need);

struct action_rule {
    const char *id; /* contract's word */
    unsigned roles; /* ROLE_BIT()s who may take it */
    bool assignee;  /* the assignee too (or alone, where roles is 0) */
    unsigned needs, may;
    bool online_only; /* offline: never */
};
const struct action_rule *workflow_rule(enum action); /* NULL for ACTION_UNKNOWN */

/* Who asks, in relation to one dossier. */
struct workflow_who {
    const char *officer;
    unsigned roles; /* in the dossier's units, or above them where the server counts that */
    bool mandated;  /* holds a mandate of a supervisor for this procedure now */
    bool elsewhere; /* the procedure is decided elsewhere: only `comment` */
};
/* Why an action is not to be had; the server words it for the officer (training/reasons.c), the client from its own table. */
enum workflow_why {
    WHY_ALLOWED,
    WHY_ROLE,
    WHY_NOT_ASSIGNEE,
    WHY_STATUS,
    WHY_STEP,
    WHY_FEE_UNPAID,
    WHY_NO_FEE,
    WHY_UNTIL_NOT_OVER,
    WHY_EXTENDED,
    WHY_ELSEWHERE,
    WHY_PAYMENT_PENDING,
    WHY_OWN_PROPOSAL,
};
/* State alone: whether the rules allow `action` on what stands, whoever asks. `today` is the day in the unit's zone. */
enum workflow_why workflow_state_allows(const struct dossier *, enum action, int32_t today);
/* State and person. Where both stand against it the state is named, since that is what a colleague waits for too; but of what the
 * assignee alone may do (roles is 0) the person: WHY_NOT_ASSIGNEE to a specialist, WHY_ROLE to others. WHY_OWN_PROPOSAL only for
 * approve and refuse_result (the server answers it 403 four-eyes). */
enum workflow_why workflow_allows(const struct dossier *, enum action, const struct workflow_who *,
                                  int32_t today);

/* Whether a request carries all that the action needs, and what it may have in words that make sense (not blank, not too long,
 * a known outcome and method); on false `*missing` is the NEED_*s that lack or do not. What an action does not name is ignored.
 * An action that we do not know needs nothing that we know of. */
bool workflow_complete(enum action, const struct action_request *, unsigned *missing);
/* Whether it fits what stands: `amount` is all that is unpaid, `new_due_at` after now and due_at, `result_attachment` a complete
 * attachment with role result. On false `*wrong` is the NEED_*s that do not. Who may be an assignee only the server knows. */
bool workflow_fits(const struct dossier *, enum action, const struct action_request *, int64_t now,
                   unsigned *wrong);

/* What the dossier is after the action, in place: status, step, times, assignee, papers, fees, supplements, pauses, proposal;
 * version + 1; `actions` and `unavailable` stay as they were. What is new is in `arena`, nothing that the dossier points to is
 * written to, so that a copy of the struct alone is enough to keep what was. `now` is the server's time, `by` the caller.
 * Signature, decision and payments' cancelling included (that the fee of a cancelled payment goes again is the server's: only it
 * knows which it added). The caller has asked workflow_allows(), workflow_complete() and workflow_fits(). A calendar that is not
 * usable (or, for `receive`, no procedure) leaves due times absent. request_supplement without `until` gets WORKFLOW_UNTIL_DAYS;
 * a pause is over too when the dossier is stopped or declined in it. Used by the training server for good, by the workstation
 * for a prediction. */
#define WORKFLOW_UNTIL_DAYS 30 /* days of the year from today on */
void workflow_apply(struct dossier *, enum action, const struct action_request *, const char *by, int64_t now,
                    const struct calendar *, const struct procedure *, struct arena *);

int64_t dossier_unpaid(const struct dossier *); /* đồng over all fees */

#endif
