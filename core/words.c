/* words: ids of the contract → the field's own words. English here, Vietnamese in po/vi.po.
 * It refuses to hide what it does not know: such an id is shown as it came.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/words.h"

#include "core/i18n.h"
#include "core/queue.h"
#include "core/text.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct word {
    const char *id, *key; /* key: NC_() */
};

static const char *find(const struct word *words, size_t n, const char *id)
{
    for (size_t i = 0; id && i < n; i++)
        if (strcmp(words[i].id, id) == 0)
            return i18n_shown(words[i].key);
    return id ? id : "";
}
#define FIND(words, id) find(words, COUNT(words), id)

const char *word_status(const char *status)
{
    static const struct word words[] = {
        {"registered", NC_("status", "Newly registered")},
        {"received", NC_("status", "Received")},
        {"declined", NC_("status", "Not received")},
        {"in_progress", NC_("status", "Being processed")},
        {"awaiting_supplement", NC_("status", "Waiting for papers")},
        {"awaiting_payment", NC_("status", "Waiting for payment")},
        {"withdrawal_requested", NC_("status", "Withdrawal asked for")},
        {"stopped", NC_("status", "Stopped")},
        {"completed", NC_("status", "Completed")},
        {"returned", NC_("status", "Result returned")},
    };
    return FIND(words, status);
}

const char *word_status_short(const char *status)
{
    static const struct word words[] = {
        {"registered", NC_("status in a row", "New")},
        {"received", NC_("status in a row", "Received")},
        {"declined", NC_("status in a row", "Declined")},
        {"in_progress", NC_("status in a row", "In work")},
        {"awaiting_supplement", NC_("status in a row", "Papers")},
        {"awaiting_payment", NC_("status in a row", "Payment")},
        {"withdrawal_requested", NC_("status in a row", "Withdrawal")},
        {"stopped", NC_("status in a row", "Stopped")},
        {"completed", NC_("status in a row", "Done")},
        {"returned", NC_("status in a row", "Returned")},
    };
    return FIND(words, status);
}

const char *word_step(const char *step)
{
    static const struct word words[] = {
        {"intake", NC_("step", "intake")},     {"assessment", NC_("step", "assessment")},
        {"approval", NC_("step", "approval")}, {"issuing", NC_("step", "issuing")},
        {"return", NC_("step", "return")},     {"closed", NC_("step", "closed")},
    };
    return FIND(words, step);
}

const char *word_role(const char *role)
{
    static const struct word words[] = {
        {"counter", NC_("role", "intake and return")}, {"specialist", NC_("role", "specialist")},
        {"supervisor", NC_("role", "supervisor")},     {"clerk", NC_("role", "records clerk")},
        {"trainer", NC_("role", "trainer")},           {"auditor", NC_("role", "auditor")},
    };
    return FIND(words, role);
}

const char *word_channel(const char *channel)
{
    static const struct word words[] = {
        {"counter", NC_("channel", "at the counter")},
        {"online", NC_("channel", "online")},
        {"post", NC_("channel", "by post")},
    };
    return FIND(words, channel);
}

const char *word_level(const char *service_level)
{
    static const struct word words[] = {
        {"full", NC_("service level", "full (level 4)")},
        {"partial", NC_("service level", "partial (level 3)")},
        {"information", NC_("service level", "information only")},
    };
    return FIND(words, service_level);
}

const char *word_paper_state(const char *state)
{
    static const struct word words[] = {
        {"handed_in", NC_("paper", "handed in")},
        {"looked_up", NC_("paper", "looked up")},
        {"reused", NC_("paper", "reused")},
        {"missing", NC_("paper", "missing")},
    };
    return FIND(words, state);
}

const char *word_method(const char *method)
{
    static const struct word words[] = {
        {"cash", NC_("paid by", "cash")},
        {"transfer", NC_("paid by", "transfer")},
        {"card", NC_("paid by", "card")},
        {"online", NC_("paid by", "online")},
    };
    return FIND(words, method);
}

const char *word_payment(const char *status)
{
    static const struct word words[] = {
        {"pending", NC_("payment", "pending")},
        {"paid", NC_("payment", "paid")},
        {"expired", NC_("payment", "expired")},
        {"cancelled", NC_("payment", "cancelled")},
    };
    return FIND(words, status);
}

const char *word_outcome(const char *outcome)
{
    static const struct word words[] = {
        {"grant", NC_("outcome", "grant")},
        {"refuse", NC_("outcome", "refuse")},
    };
    return FIND(words, outcome);
}

const char *word_sex(const char *sex)
{
    static const struct word words[] = {{"male", NC_("sex", "male")}, {"female", NC_("sex", "female")}};

    return FIND(words, sex);
}

const char *word_weekday(int weekday)
{
    static const char *const keys[] = {
        NC_("weekday", "Mo"), NC_("weekday", "Tu"), NC_("weekday", "We"), NC_("weekday", "Th"),
        NC_("weekday", "Fr"), NC_("weekday", "Sa"), NC_("weekday", "Su"),
    };
    return weekday >= 0 && weekday < 7 ? i18n_shown(keys[weekday]) : "";
}

/* ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define REASON  NC_("note", "reason")
#define CONTENT NC_("note", "content")
#define OPINION NC_("note", "opinion")
#define FEE     NC_("note", "name of the fee")
#define NOTE    NC_("note", "note")

static const struct {
    const char *label, *note; /* NC_() */
    int digit;                /* keeps it always: the officers' fingers know it */
    bool asks_first;
} actions[ACTION_COUNT] = {
    [ACTION_RECEIVE] = {NC_("action", "Receive"), NOTE, 1, false},
    [ACTION_DECLINE] = {NC_("action", "Decline"), REASON, 2, false},
    [ACTION_ASSIGN] = {NC_("action", "Assign"), NOTE, 5, false},
    [ACTION_CLAIM] = {NC_("action", "Take it on"), NOTE, 6, false},
    [ACTION_RELEASE] = {NC_("action", "Let go of it"), NOTE, 6, false},
    [ACTION_REQUEST_SUPPLEMENT] = {NC_("action", "Ask for papers"), REASON, 3, false},
    [ACTION_SUPPLEMENT] = {NC_("action", "Take papers in"), NOTE, 1, false},
    [ACTION_REQUEST_PAYMENT] = {NC_("action", "Ask for payment"), FEE, 4, false},
    [ACTION_CONFIRM_PAYMENT] = {NC_("action", "Confirm payment"), NULL, 1, true},
    [ACTION_PROPOSE] = {NC_("action", "Propose"), OPINION, 1, false},
    [ACTION_APPROVE] = {NC_("action", "Approve"), OPINION, 1, false},
    [ACTION_REFUSE_RESULT] = {NC_("action", "Refuse the result"), REASON, 0, false},
    [ACTION_REWORK] = {NC_("action", "Send back"), REASON, 2, false},
    [ACTION_EXTEND] = {NC_("action", "Apologise and put off"), REASON, 7, false},
    [ACTION_REQUEST_WITHDRAWAL] = {NC_("action", "Note that withdrawal is asked for"), CONTENT, 8, false},
    [ACTION_WITHDRAW] = {NC_("action", "Let it be withdrawn"), NOTE, 1, false},
    [ACTION_STOP] = {NC_("action", "Stop"), REASON, 8, true},
    [ACTION_ISSUE] = {NC_("action", "Issue"), NOTE, 1, true},
    [ACTION_RETURN_RESULT] = {NC_("action", "Return the result"), NOTE, 1, false},
    [ACTION_COMMENT] = {NC_("action", "Comment"), CONTENT, 9, false},
};

/* What is no action of a dossier's menu and stands in the outbox all the same (contract, Event.action). */
static const char *other_wish(const char *action)
{
    static const struct word words[] = {
        {"create", NC_("action", "Take in")},
        {"correct", NC_("action", "Correct")},
        {"ask_payment", NC_("action", "Ask for a transfer by QR")},
        {"end_payment", NC_("action", "Call the transfer by QR off")},
        {"attach", NC_("action", "Attach a file")},
        {"detach", NC_("action", "Take a file away")},
    };
    return FIND(words, action);
}

struct action_words word_action(const char *action)
{
    enum action known = action_of(action);

    if (known == ACTION_UNKNOWN)
        return (struct action_words){.label = other_wish(action ? action : ""), .digit = -1};
    return (struct action_words){
        .label = i18n_shown(actions[known].label),
        .note = actions[known].note ? i18n_shown(actions[known].note) : NULL,
        .digit = actions[known].digit,
        .asks_first = actions[known].asks_first,
    };
}

const char *word_action_short(const char *action)
{
    switch (action_of(action)) {
    case ACTION_REQUEST_SUPPLEMENT:
        return C_("action in a row", "Ask for papers");
    case ACTION_REFUSE_RESULT:
        return C_("action in a row", "Refuse the result");
    case ACTION_EXTEND:
        return C_("action in a row", "Put off");
    case ACTION_REQUEST_WITHDRAWAL:
        return C_("action in a row", "Withdrawal noted");
    default:
        return word_action(action).label;
    }
}

const char *word_need(enum need need)
{
    static const struct word words[] = {
        {"note", NC_("need", "reason")},
        {"assignee", NC_("need", "who works on it")},
        {"papers", NC_("need", "papers")},
        {"amount", NC_("need", "amount")},
        {"outcome", NC_("need", "grant or refuse")},
        {"result", NC_("need", "result")},
        {"new_due_at", NC_("need", "new due time")},
        {"number", NC_("need", "number")},
        {"signature", NC_("need", "signature")},
        {"returned_to", NC_("need", "who takes it")},
        {"method", NC_("need", "how it was paid")},
        {"until", NC_("need", "last day")},
    };
    return FIND(words, need_text(need));
}

/* ── queues ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

const char *word_queue(const char *queue)
{
    static const struct word words[] = {
        {"to_receive", NC_("queue", "To receive")},
        {"in_progress", NC_("queue", "Being processed")},
        {"mine", NC_("queue", "Mine")},
        {"supplement", NC_("queue", "Waiting for papers")},
        {"unpaid", NC_("queue", "Waiting for payment")},
        {"to_sign", NC_("queue", "To sign")},
        {"to_issue", NC_("queue", "To issue")},
        {"to_return", NC_("queue", "To return")},
        {"today", NC_("queue", "Due today")},
        {"overdue", NC_("queue", "Overdue")},
        {"stuck", NC_("queue", "Standing still for 2 working days")},
        {"watch", NC_("queue", "Sent back")},
    };
    return FIND(words, queue);
}

const char *word_queue_in_full(const char *queue)
{
    switch (queue_parse(queue)) {
    case QUEUE_TO_RECEIVE:
        return C_("list of queues", "To receive (online)");
    case QUEUE_WATCH:
        return C_("list of queues", "Sent back by me, watching");
    default:
        return word_queue(queue);
    }
}

const char *word_given_name(const char *name)
{
    const char *given = name;

    for (const char *at = name; (at = strchr(at, ' ')) != NULL; at++)
        if (at[1] != ' ' && at[1] != '\0')
            given = at + 1;
    return given;
}

char *word_inside(struct arena *arena, const char *label)
{
    struct buf low = {0};
    size_t first = text_letter(label, strlen(label));

    text_lower(label, first, &low);
    char *out = arena_format(arena, "%s%s", low.data ? low.data : "", label + first);
    buf_clear(&low);
    return out;
}
