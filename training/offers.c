/* offers: what the caller may do to a dossier, and why not the rest, in his language. The rules are core/workflow's; here is who the
 * caller is to this dossier, which refusals are worth a line, and the words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/procedure.h"
#include "training/inside.h"

#include <string.h>

/* The way of every dossier: what lies ahead is named with its reason, so that an officer who asks sees what it waits for. */
static const enum action main_line[] = {ACTION_ASSIGN, ACTION_PROPOSE, ACTION_APPROVE, ACTION_ISSUE,
                                        ACTION_RETURN_RESULT};
#define MAIN_LINE (sizeof main_line / sizeof *main_line)

int32_t unit_today(struct call *call, const char *unit)
{
    struct calendar calendar = directory_calendar(call->central->directory, unit);

    return instant_day(call->now, calendar.usable ? calendar.offset : CENTRAL_ZONE_OFFSET);
}

struct workflow_who who_asks(struct call *call, const struct dossier *d, const struct places *places,
                             enum action action)
{
    const struct directory *directory = call->central->directory;
    const struct procedure *procedure = directory_procedure(directory, d->procedure);

    return (struct workflow_who){
        .officer = call->me->id,
        /* Whoever sees a dossier may leave a note on it; every other role has to count there. */
        .roles =
            action == ACTION_COMMENT ? officer_roles(call->me) : directory_roles(directory, call->me, places),
        .mandated = directory_mandate(directory, call->me, NULL, d->procedure, places, call->now) != NULL,
        .elsewhere = procedure && procedure_is_elsewhere(procedure),
    };
}

/* ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct say why_role(enum action action)
{
    const struct action_rule *rule = workflow_rule(action);

    if (rule->roles & ROLE_BIT(ROLE_COUNTER))
        return (struct say){{"việc của cán bộ tiếp nhận", "for a counter officer"}};
    if (rule->roles & ROLE_BIT(ROLE_SUPERVISOR))
        return (struct say){{"việc của lãnh đạo ký duyệt", "for a supervisor"}};
    if (rule->roles & ROLE_BIT(ROLE_CLERK))
        return (struct say){{"việc của văn thư", "for a clerk"}};
    return (struct say){{"việc của công chức chuyên môn", "for a specialist"}};
}

static struct say why_waits(enum dossier_status status)
{
    switch (status) {
    case STATUS_AWAITING_SUPPLEMENT:
        return (struct say){{"đang chờ bổ sung giấy tờ", "papers are still to be supplemented"}};
    case STATUS_AWAITING_PAYMENT:
        return (struct say){{"đang chờ nộp phí", "a payment is awaited"}};
    case STATUS_WITHDRAWAL_REQUESTED:
        return (struct say){{"công dân đang xin rút hồ sơ", "the applicant wants to withdraw it"}};
    case STATUS_DECLINED:
    case STATUS_STOPPED:
    case STATUS_RETURNED:
        return (struct say){{"hồ sơ đã đóng", "the dossier is closed"}};
    default:
        return (struct say){{NULL, NULL}};
    }
}

static struct say why_state(enum action action, const struct dossier *d)
{
    enum dossier_status status = status_of(d->status);
    struct say waits = why_waits(status);

    if (action == ACTION_RETURN_RESULT && dossier_is_open(d))
        return (struct say){{"hồ sơ chưa xử lý xong", "the dossier is not completed yet"}};
    if (waits.text[0])
        return waits;
    if (status == STATUS_REGISTERED && (action == ACTION_ASSIGN || action == ACTION_CLAIM))
        return (struct say){{"hồ sơ chưa được tiếp nhận", "the dossier is not received yet"}};
    bool decided = d->decision != NULL;
    if (action == ACTION_APPROVE || action == ACTION_REFUSE_RESULT || action == ACTION_REWORK)
        return decided ? (struct say){{"đã có quyết định", "it is decided"}}
                       : (struct say){{"chưa có ai trình ký", "nobody has proposed a decision yet"}};
    if (action == ACTION_ISSUE && !decided)
        return (struct say){{"chưa có quyết định", "it is not decided yet"}};
    if (action == ACTION_PROPOSE && !d->assignee)
        return (struct say){{"hồ sơ chưa được phân công", "nobody is assigned yet"}};
    return (struct say){{"hồ sơ đang ở bước khác", "the dossier is at another step"}};
}

struct say why_not(enum action action, enum workflow_why why, const struct dossier *d)
{
    switch (why) {
    case WHY_ROLE:
        return why_role(action);
    case WHY_NOT_ASSIGNEE:
        return d->assignee ? (struct say){{"hồ sơ do người khác xử lý", "somebody else is assigned"}}
                           : (struct say){{"hồ sơ chưa được phân công", "nobody is assigned yet"}};
    case WHY_FEE_UNPAID:
        return (struct say){{"còn phí chưa nộp", "a fee is not paid yet"}};
    case WHY_NO_FEE:
        return (struct say){{"không có phí nào chưa nộp", "no fee is unpaid"}};
    case WHY_UNTIL_NOT_OVER:
        return (struct say){{"chưa hết hạn bổ sung", "the time to supplement is not over"}};
    case WHY_EXTENDED:
        return (struct say){{"đã hẹn lại một lần", "it was extended once"}};
    case WHY_ELSEWHERE:
        return (struct say){{"nơi khác giải quyết thủ tục này", "another agency decides this procedure"}};
    case WHY_PAYMENT_PENDING:
        return (struct say){{"đang có yêu cầu nộp phí chờ", "a payment is pending"}};
    case WHY_OWN_PROPOSAL:
        return (struct say){{"người trình không được ký", "who proposed it may not sign it"}};
    default:
        return why_state(action, d);
    }
}

/* ── lists ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* How far on the main line a dossier has come: the next of its actions is main_line[stage]. */
static size_t stage(const struct dossier *d)
{
    if (!dossier_is_open(d) && status_of(d->status) != STATUS_COMPLETED)
        return MAIN_LINE;
    switch (step_of(d->step)) {
    case STEP_INTAKE:
        return 0;
    case STEP_ASSESSMENT:
        return 1;
    case STEP_APPROVAL:
        return 2;
    case STEP_ISSUING:
        return 3;
    case STEP_RETURN:
        return 4;
    default:
        return MAIN_LINE;
    }
}

static bool worth_saying(enum action action, enum workflow_why why, const struct dossier *d,
                         const struct workflow_who *who)
{
    for (size_t i = stage(d); i < MAIN_LINE; i++)
        if (main_line[i] == action)
            return true;
    bool his = (who->roles & workflow_rule(action)->roles) != 0 || who->mandated;
    return his && (why == WHY_UNTIL_NOT_OVER || why == WHY_EXTENDED || why == WHY_OWN_PROPOSAL);
}

static void offer(enum action action, struct buf *out)
{
    const struct action_rule *rule = workflow_rule(action);
    const char *before = ",\"requires\":[\"";

    buf_format(out, "{\"action\":\"%s\",\"offline\":\"%s\"", rule->id, rule->online_only ? "never" : "queue");
    for (unsigned need = 1; need <= rule->needs; need <<= 1) {
        if (!(rule->needs & need))
            continue;
        buf_text(out, before);
        buf_text(out, need_text((enum need)need));
        before = "\",\"";
    }
    buf_text(out, rule->needs ? "\"]}" : "}");
}

void offers_write(struct call *call, const struct record *record, struct buf *out)
{
    const struct dossier *d = &record->d;
    struct workflow_who who = who_asks(call, d, &record->places, ACTION_UNKNOWN);
    unsigned all = officer_roles(call->me), counted = who.roles;
    int32_t today = unit_today(call, d->unit);
    struct buf rest = {0};

    buf_text(out, "\"actions\":[");
    for (enum action action = ACTION_UNKNOWN + 1; action < ACTION_COUNT; action++) {
        who.roles = action == ACTION_COMMENT ? all : counted;
        enum workflow_why why = workflow_allows(d, action, &who, today);
        if (why == WHY_ALLOWED) {
            buf_text(out, out->data[out->len - 1] == '[' ? "" : ",");
            offer(action, out);
        } else if (worth_saying(action, why, d, &who)) {
            buf_format(&rest, "%s{\"action\":\"%s\",\"reason\":\"%s\"}", rest.len ? "," : ",\"unavailable\":[",
                       workflow_rule(action)->id, say_text(call, why_not(action, why, d)));
        }
    }
    buf_char(out, ']');
    if (rest.len) {
        buf_add(out, rest.data, rest.len);
        buf_char(out, ']');
    }
    buf_clear(&rest);
}
