/* codec_shapes: the tables of the codec, one per struct of types.h. The one place that knows the contract's member names,
 * which of them are required and what the others are when they are absent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec_shape.h"

#include <stddef.h>

/* The offset of a member, and a compile error where its C type is not the one that its kind writes. */
#define AT(s, m, type)       \
    (offsetof(struct s, m) + \
     0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((struct s *)0)->m), type) ? 1 : -1]))

#define REQUIRED .required = true

#define MEMBER(s, m, k, type, ...)                                       \
    {                                                                    \
        .name = #m, .kind = CODEC_##k, .at = AT(s, m, type), __VA_ARGS__ \
    }
#define TEXT(s, m, ...)        MEMBER(s, m, TEXT, const char *, __VA_ARGS__)
#define ID(s, m)               MEMBER(s, m, ID, const char *, REQUIRED)
#define TEXTS(s, m, ...)       MEMBER(s, m, TEXTS, struct texts, __VA_ARGS__)
#define INTEGER(s, m, ...)     MEMBER(s, m, INTEGER, int64_t, __VA_ARGS__)
#define BOOL(s, m, ...)        MEMBER(s, m, BOOL, bool, __VA_ARGS__)
#define INSTANT(s, m, ...)     MEMBER(s, m, INSTANT, int64_t, __VA_ARGS__)
#define DAY(s, m, ...)         MEMBER(s, m, DAY, int32_t, __VA_ARGS__)
#define JSON(s, m)             MEMBER(s, m, JSON, json_t *)
#define HOURS(s, m)            MEMBER(s, m, HOURS, struct day_hours, REQUIRED)
#define WEEK(s, m)             MEMBER(s, m, WEEK, struct day_hours[7], REQUIRED)
#define INLINE(s, m, of)       MEMBER(s, m, INLINE, struct of, .shape = &shape_##of, REQUIRED)
#define POINTER(s, m, of, ...) MEMBER(s, m, POINTER, struct of *, .shape = &shape_##of, __VA_ARGS__)
#define LIST(s, m, of, ...) \
    MEMBER(s, m, LIST, struct of *, .count = AT(s, n_##m, size_t), .shape = &shape_##of, __VA_ARGS__)

/* shape_X of struct X, whose rows are X_members. */
#define SHAPE(s)                                                                           \
    {                                                                                      \
        .members = s##_members, .n_members = sizeof(s##_members) / sizeof(s##_members[0]), \
        .size = sizeof(struct s)                                                           \
    }

/* --- reference data ------------------------------------------------------------------------------------------------- */

static const struct codec_member unit_members[] = {
    ID(unit, id),           TEXT(unit, name, REQUIRED), TEXT(unit, level, REQUIRED), TEXT(unit, parent),
    DAY(unit, active_from), DAY(unit, active_until),    TEXT(unit, successor),
};
const struct codec_shape shape_unit = SHAPE(unit);

static const struct codec_member mandate_members[] = {
    TEXT(mandate, on_behalf_of, REQUIRED),
    INSTANT(mandate, from, REQUIRED),
    INSTANT(mandate, until, REQUIRED),
    TEXTS(mandate, procedures),
};
static const struct codec_shape shape_mandate = SHAPE(mandate);

static const struct codec_member officer_members[] = {
    ID(officer, id),
    TEXT(officer, name, REQUIRED),
    TEXT(officer, title),
    TEXT(officer, unit, REQUIRED),
    TEXT(officer, email),
    TEXTS(officer, roles, REQUIRED),
    TEXT(officer, signing_certificate),
    LIST(officer, mandates, mandate),
};
const struct codec_shape shape_officer = SHAPE(officer);

static const struct codec_member calendar_exception_members[] = {
    DAY(calendar_exception, date, REQUIRED),
    HOURS(calendar_exception, hours),
    TEXT(calendar_exception, name),
};
static const struct codec_shape shape_calendar_exception = SHAPE(calendar_exception);

static const struct codec_member office_calendar_members[] = {
    TEXT(office_calendar, unit, REQUIRED),
    TEXT(office_calendar, time_zone, REQUIRED),
    WEEK(office_calendar, week),
    LIST(office_calendar, exceptions, calendar_exception, REQUIRED),
};
const struct codec_shape shape_office_calendar = SHAPE(office_calendar);

static const struct codec_member duration_members[] = {
    INTEGER(duration, amount, REQUIRED),
    TEXT(duration, unit, REQUIRED),
};
static const struct codec_shape shape_duration = SHAPE(duration);

static const struct codec_member fee_item_members[] = {
    TEXT(fee_item, name, REQUIRED),
    INTEGER(fee_item, amount, REQUIRED),
    TEXT(fee_item, per),
    TEXT(fee_item, channel),
    TEXT(fee_item, exempt),
};
static const struct codec_shape shape_fee_item = SHAPE(fee_item);

static const struct codec_member required_paper_members[] = {
    TEXT(required_paper, id, REQUIRED),        TEXT(required_paper, name, REQUIRED),
    BOOL(required_paper, required, REQUIRED),  INTEGER(required_paper, originals),
    INTEGER(required_paper, certified_copies), INTEGER(required_paper, photocopies),
    TEXT(required_paper, condition),
};
static const struct codec_shape shape_required_paper = SHAPE(required_paper);

static const struct codec_member form_field_members[] = {
    TEXT(form_field, id, REQUIRED), TEXT(form_field, label, REQUIRED), TEXT(form_field, type, REQUIRED),
    BOOL(form_field, required),     TEXTS(form_field, choices),        INTEGER(form_field, max_length),
};
static const struct codec_shape shape_form_field = SHAPE(form_field);

static const struct codec_member procedure_members[] = {
    ID(procedure, id),
    TEXT(procedure, code, REQUIRED),
    TEXT(procedure, name, REQUIRED),
    TEXT(procedure, field, REQUIRED),
    TEXT(procedure, level),
    TEXT(procedure, processing, .absent_text = "here"),
    DAY(procedure, effective_from),
    DAY(procedure, effective_until),
    TEXT(procedure, service_level, REQUIRED),
    TEXTS(procedure, units),
    INLINE(procedure, time_limit, duration),
    LIST(procedure, fees, fee_item),
    LIST(procedure, papers, required_paper, REQUIRED),
    LIST(procedure, form, form_field),
    TEXTS(procedure, steps),
    TEXTS(procedure, legal_basis),
    TEXT(procedure, disclosure_url),
    BOOL(procedure, active, REQUIRED),
};
const struct codec_shape shape_procedure = SHAPE(procedure);

/* --- dossiers ------------------------------------------------------------------------------------------------------- */

static const struct codec_member applicant_members[] = {
    TEXT(applicant, kind, REQUIRED),
    TEXT(applicant, name, REQUIRED),
    TEXT(applicant, id_number),
    DAY(applicant, birth_date),
    TEXT(applicant, sex),
    TEXT(applicant, address),
    TEXT(applicant, phone),
    TEXT(applicant, email),
};
const struct codec_shape shape_applicant = SHAPE(applicant);

static const struct codec_member paper_members[] = {
    TEXT(paper, id, REQUIRED), TEXT(paper, name, REQUIRED),      TEXT(paper, state, REQUIRED),
    INTEGER(paper, originals), INTEGER(paper, certified_copies), INTEGER(paper, photocopies),
    TEXT(paper, attachment),
};
const struct codec_shape shape_paper = SHAPE(paper);

static const struct codec_member attachment_members[] = {
    ID(attachment, id),
    TEXT(attachment, name, REQUIRED),
    TEXT(attachment, media_type, REQUIRED),
    INTEGER(attachment, size, REQUIRED),
    TEXT(attachment, sha256, REQUIRED),
    TEXT(attachment, paper),
    TEXT(attachment, role),
    BOOL(attachment, complete, REQUIRED),
};
const struct codec_shape shape_attachment = SHAPE(attachment);

static const struct codec_member new_attachment_members[] = {
    TEXT(new_attachment, name, REQUIRED),
    TEXT(new_attachment, media_type, REQUIRED),
    INTEGER(new_attachment, size, REQUIRED),
    TEXT(new_attachment, sha256, REQUIRED),
    TEXT(new_attachment, paper),
    TEXT(new_attachment, role),
};
const struct codec_shape shape_new_attachment = SHAPE(new_attachment);

static const struct codec_member fee_members[] = {
    TEXT(fee, name, REQUIRED),
    INTEGER(fee, amount, REQUIRED),
    INTEGER(fee, paid, REQUIRED),
    INSTANT(fee, paid_at),
    TEXT(fee, method),
    TEXT(fee, receipt),
};
const struct codec_shape shape_fee = SHAPE(fee);

static const struct codec_member payment_members[] = {
    ID(payment, id),
    INTEGER(payment, amount, REQUIRED),
    TEXT(payment, purpose),
    TEXT(payment, status, REQUIRED),
    TEXT(payment, payee),
    TEXT(payment, vietqr, REQUIRED),
    INSTANT(payment, expires_at),
};
const struct codec_shape shape_payment = SHAPE(payment);

static const struct codec_member signature_members[] = {
    TEXT(signature, statement, REQUIRED),
    TEXT(signature, cms, REQUIRED),
};
static const struct codec_shape shape_signature = SHAPE(signature);

static const struct codec_member proposal_members[] = {
    TEXT(proposal, by, REQUIRED), INSTANT(proposal, at, REQUIRED),   TEXT(proposal, outcome, REQUIRED),
    TEXT(proposal, note),         TEXT(proposal, result_attachment),
};
static const struct codec_shape shape_proposal = SHAPE(proposal);

static const struct codec_member decision_members[] = {
    TEXT(decision, by, REQUIRED),
    TEXT(decision, on_behalf_of),
    INSTANT(decision, at, REQUIRED),
    TEXT(decision, outcome, REQUIRED),
    POINTER(decision, signature, signature, REQUIRED),
    TEXT(decision, number),
};
static const struct codec_shape shape_decision = SHAPE(decision);

static const struct codec_member pause_members[] = {
    INSTANT(pause, from, REQUIRED),
    INSTANT(pause, until, REQUIRED),
    TEXT(pause, status, REQUIRED),
};
static const struct codec_shape shape_pause = SHAPE(pause);

static const struct codec_member supplement_members[] = {
    INSTANT(supplement, requested_at, REQUIRED),
    TEXT(supplement, by, REQUIRED),
    TEXT(supplement, note, REQUIRED),
    TEXTS(supplement, papers),
    DAY(supplement, until),
    INSTANT(supplement, received_at),
    INSTANT(supplement, due_before),
    INSTANT(supplement, due_after),
};
static const struct codec_shape shape_supplement = SHAPE(supplement);

static const struct codec_member action_offer_members[] = {
    TEXT(action_offer, action, REQUIRED),
    TEXT(action_offer, offline, REQUIRED),
    TEXTS(action_offer, requires),
};
static const struct codec_shape shape_action_offer = SHAPE(action_offer);

static const struct codec_member unavailable_action_members[] = {
    TEXT(unavailable_action, action, REQUIRED),
    TEXT(unavailable_action, reason, REQUIRED),
};
static const struct codec_shape shape_unavailable_action = SHAPE(unavailable_action);

static const struct codec_member dossier_members[] = {
    ID(dossier, id),
    INTEGER(dossier, version, REQUIRED),
    TEXT(dossier, code, REQUIRED),
    TEXT(dossier, external_code),
    TEXT(dossier, client_ref),
    TEXT(dossier, procedure, REQUIRED),
    POINTER(dossier, applicant, applicant, REQUIRED),
    POINTER(dossier, submitted_by, applicant),
    TEXT(dossier, channel, REQUIRED),
    TEXT(dossier, assisted_by),
    TEXT(dossier, unit, REQUIRED),
    TEXT(dossier, handled_by_unit),
    TEXT(dossier, supported_by_unit),
    TEXT(dossier, assignee),
    TEXT(dossier, status, REQUIRED),
    TEXT(dossier, step, REQUIRED),
    INSTANT(dossier, step_since),
    INSTANT(dossier, submitted_at, REQUIRED),
    INSTANT(dossier, decide_by),
    INSTANT(dossier, received_at),
    INSTANT(dossier, due_at),
    INSTANT(dossier, extended_from),
    INSTANT(dossier, paused_since),
    LIST(dossier, pauses, pause),
    INSTANT(dossier, completed_at),
    INSTANT(dossier, returned_at),
    TEXT(dossier, returned_to),
    INTEGER(dossier, sets, .absent = 1),
    INTEGER(dossier, extensions),
    LIST(dossier, supplements, supplement),
    JSON(dossier, form),
    LIST(dossier, papers, paper),
    LIST(dossier, attachments, attachment),
    LIST(dossier, fees, fee),
    LIST(dossier, payments, payment),
    POINTER(dossier, proposal, proposal),
    POINTER(dossier, decision, decision),
    LIST(dossier, actions, action_offer, REQUIRED),
    LIST(dossier, unavailable, unavailable_action),
};
const struct codec_shape shape_dossier = SHAPE(dossier);

static const struct codec_member dossier_page_members[] = {
    LIST(dossier_page, items, dossier, REQUIRED),
    TEXT(dossier_page, cursor),
    BOOL(dossier_page, more, REQUIRED),
};
const struct codec_shape shape_dossier_page = SHAPE(dossier_page);

static const struct codec_member event_members[] = {
    INTEGER(event, seq, REQUIRED),
    INSTANT(event, at, REQUIRED),
    INSTANT(event, acted_at),
    TEXT(event, on_behalf_of),
    TEXT(event, by),
    TEXT(event, action, REQUIRED),
    TEXT(event, from),
    TEXT(event, to),
    TEXT(event, note),
};
const struct codec_shape shape_event = SHAPE(event);

static const struct codec_member event_page_members[] = {
    LIST(event_page, items, event, REQUIRED),
    TEXT(event_page, cursor),
    BOOL(event_page, more, REQUIRED),
};
const struct codec_shape shape_event_page = SHAPE(event_page);

/* --- requests ------------------------------------------------------------------------------------------------------- */

static const struct codec_member action_request_members[] = {
    TEXT(action_request, action, REQUIRED),
    TEXT(action_request, note),
    TEXT(action_request, assignee),
    TEXTS(action_request, papers),
    DAY(action_request, until),
    INTEGER(action_request, amount),
    TEXT(action_request, method, .absent_text = "cash"),
    TEXT(action_request, outcome),
    TEXT(action_request, result_attachment),
    INSTANT(action_request, new_due_at),
    TEXT(action_request, number),
    TEXT(action_request, returned_to),
    POINTER(action_request, signature, signature),
    INSTANT(action_request, acted_at),
    TEXT(action_request, on_behalf_of),
};
const struct codec_shape shape_action_request = SHAPE(action_request);

static const struct codec_member new_dossier_members[] = {
    TEXT(new_dossier, procedure, REQUIRED),
    POINTER(new_dossier, applicant, applicant, REQUIRED),
    POINTER(new_dossier, submitted_by, applicant),
    TEXT(new_dossier, channel, REQUIRED),
    TEXT(new_dossier, unit, REQUIRED),
    JSON(new_dossier, form),
    INTEGER(new_dossier, sets, .absent = 1),
    LIST(new_dossier, papers, paper),
    LIST(new_dossier, fees, fee),
    INSTANT(new_dossier, received_at),
    TEXT(new_dossier, code),
    TEXT(new_dossier, client_ref),
    TEXT(new_dossier, external_code),
};
const struct codec_shape shape_new_dossier = SHAPE(new_dossier);

static const struct codec_member dossier_search_members[] = {
    TEXT(dossier_search, q),
    TEXT(dossier_search, status),
    TEXT(dossier_search, unit),
    TEXT(dossier_search, cursor),
    INTEGER(dossier_search, limit, .absent = 50),
};
const struct codec_shape shape_dossier_search = SHAPE(dossier_search);

static const struct codec_member statement_document_members[] = {
    TEXT(statement_document, id, REQUIRED),
    TEXT(statement_document, name, REQUIRED),
    TEXT(statement_document, sha256, REQUIRED),
};
static const struct codec_shape shape_statement_document = SHAPE(statement_document);

static const struct codec_member signing_statement_members[] = {
    TEXT(signing_statement, statement, REQUIRED),
    TEXT(signing_statement, dossier, REQUIRED),
    TEXT(signing_statement, code, REQUIRED),
    INTEGER(signing_statement, version, REQUIRED),
    TEXT(signing_statement, procedure, REQUIRED),
    TEXT(signing_statement, applicant, REQUIRED),
    TEXT(signing_statement, outcome, REQUIRED),
    TEXT(signing_statement, note, REQUIRED),
    LIST(signing_statement, documents, statement_document, REQUIRED),
    TEXT(signing_statement, officer, REQUIRED),
    TEXT(signing_statement, on_behalf_of),
    TEXT(signing_statement, unit, REQUIRED),
    INSTANT(signing_statement, signed_at, REQUIRED),
};
const struct codec_shape shape_signing_statement = SHAPE(signing_statement);

/* --- the service and the sign-in ------------------------------------------------------------------------------------ */

static const struct codec_member about_members[] = {
    TEXT(about, name, REQUIRED),      TEXT(about, api_version, REQUIRED),
    TEXT(about, issuer, REQUIRED),    TEXT(about, client_id, REQUIRED),
    INSTANT(about, time, REQUIRED),   BOOL(about, training),
    TEXTS(about, features, REQUIRED), INTEGER(about, max_upload_bytes, .absent = 20971520),
};
const struct codec_shape shape_about = SHAPE(about);

static const struct codec_member number_request_members[] = {
    TEXT(number_request, unit, REQUIRED),
    INTEGER(number_request, count, REQUIRED),
};
const struct codec_shape shape_number_request = SHAPE(number_request);

static const struct codec_member number_block_members[] = {
    TEXTS(number_block, codes, REQUIRED),
    INSTANT(number_block, expires_at, REQUIRED),
};
const struct codec_shape shape_number_block = SHAPE(number_block);

static const struct codec_member signature_request_members[] = {
    TEXT(signature_request, id, REQUIRED),  TEXT(signature_request, status, REQUIRED),
    INSTANT(signature_request, expires_at), TEXT(signature_request, confirmation_code),
    TEXT(signature_request, cms),
};
const struct codec_shape shape_signature_request = SHAPE(signature_request);

static const struct codec_member problem_error_members[] = {
    TEXT(problem_error, field, REQUIRED),
    TEXT(problem_error, message, REQUIRED),
};
static const struct codec_shape shape_problem_error = SHAPE(problem_error);

static const struct codec_member problem_members[] = {
    TEXT(problem, type, REQUIRED),        TEXT(problem, title, REQUIRED),
    INTEGER(problem, status, REQUIRED),   TEXT(problem, detail),
    LIST(problem, errors, problem_error), TEXT(problem, changed_by),
    INSTANT(problem, changed_at),         JSON(problem, current),
};
const struct codec_shape shape_problem = SHAPE(problem);

/* RFC 8414; `revocation_endpoint` may be absent there, and then sign-out ends the session on this side alone. */
static const struct codec_member oidc_metadata_members[] = {
    TEXT(oidc_metadata, issuer, REQUIRED),
    TEXT(oidc_metadata, token_endpoint, REQUIRED),
    TEXT(oidc_metadata, device_authorization_endpoint, REQUIRED),
    TEXT(oidc_metadata, revocation_endpoint),
};
const struct codec_shape shape_oidc_metadata = SHAPE(oidc_metadata);

/* RFC 8628, 3.2. */
static const struct codec_member device_authorization_members[] = {
    TEXT(device_authorization, device_code, REQUIRED),
    TEXT(device_authorization, user_code, REQUIRED),
    TEXT(device_authorization, verification_uri, REQUIRED),
    TEXT(device_authorization, verification_uri_complete),
    INTEGER(device_authorization, expires_in, REQUIRED),
    INTEGER(device_authorization, interval, .absent = 5),
};
const struct codec_shape shape_device_authorization = SHAPE(device_authorization);

/* RFC 6749, 5.1 and 5.2: tokens, or an error. */
static const struct codec_member token_answer_members[] = {
    TEXT(token_answer, access_token),  TEXT(token_answer, token_type), INTEGER(token_answer, expires_in),
    TEXT(token_answer, refresh_token), TEXT(token_answer, error),      TEXT(token_answer, error_description),
};
const struct codec_shape shape_token_answer = SHAPE(token_answer);
