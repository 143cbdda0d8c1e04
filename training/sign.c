/* sign: whether a signature over a decision is one (contract, SigningStatement and Signature). First what it says, word by word, then
 * the CMS: one signer, his certificate inside, issued by the scenario's own authority, good now, and the caller's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/ca.h"
#include "training/inside.h"

#include "core/statement.h"

#include <string.h>

#define AHEAD_SECONDS  300
#define BEHIND_SECONDS 86400

static const struct say not_base64 = {{"không phải base64 đúng quy cách", "not well-formed base64"}};
static const struct say not_statement = {{"không phải nội dung ký đúng mẫu", "not a statement of this form"}};
static const struct say differs = {{"khác với điều máy chủ đang có", "differs from what the server holds"}};
static const struct say bad_time = {
    {"thời điểm ký lệch quá xa giờ máy chủ", "signed too far from the server's time"}};

static const char *outcome_of(enum action action)
{
    return action == ACTION_APPROVE ? "grant" : "refuse";
}

/* "/applicant" → "/signature/statement/applicant" */
static const char *in_statement(struct call *call, const char *pointer)
{
    return arena_format(&call->arena, "/signature/statement%s", pointer);
}

static bool words_good(struct call *call, const struct record *record, enum action action,
                       const struct action_request *request, const struct buf *bytes)
{
    struct statement_basis basis = {
        .dossier = &record->d,
        .procedure = directory_procedure(call->central->directory, record->d.procedure),
        .outcome = outcome_of(action),
        .note = request->note,
        .officer = call->me->id,
        .on_behalf_of = request->on_behalf_of,
    };
    struct signing_statement statement;

    if (!statement_parse(bytes->data ? bytes->data : "", bytes->len, &call->arena, &statement, NULL))
        return problem_at(call, PROBLEM_SIGNATURE, "/signature/statement", not_statement);
    const char *where = statement_differs(&statement, &basis);
    if (where)
        return problem_at(call, PROBLEM_SIGNATURE, in_statement(call, where), differs);
    return (statement.signed_at <= call->now + AHEAD_SECONDS &&
            statement.signed_at >= call->now - BEHIND_SECONDS) ||
           problem_at(call, PROBLEM_SIGNATURE, in_statement(call, "/signed_at"), bad_time);
}

bool signature_good(struct call *call, const struct record *record, enum action action,
                    const struct action_request *request)
{
    struct buf statement = {0}, cms = {0};
    struct say why;
    bool good = false;

    if (!base64_decode(request->signature->statement, &statement))
        problem_at(call, PROBLEM_SIGNATURE, "/signature/statement", not_base64);
    else if (!base64_decode(request->signature->cms, &cms))
        problem_at(call, PROBLEM_SIGNATURE, "/signature/cms", not_base64);
    else if (!words_good(call, record, action, request, &statement))
        good = false;
    else if (!ca_verify(call->central->ca, &statement, &cms, call->me->signing_certificate, call->now, &why))
        problem_at(call, PROBLEM_SIGNATURE, "/signature/cms", why);
    else
        good = true;
    buf_clear(&statement);
    buf_clear(&cms);
    return good;
}
