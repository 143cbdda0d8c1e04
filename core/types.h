/* types: what the central API speaks of, as C structs with the contract's own member names. The one codec that reads and
 * writes them is codec.h. Everything pointed to lives in the arena that the value was decoded into.
 * Absent: NULL for text, 0 items for lists, INSTANT_NONE, DAY_NONE, and the contract's default for numbers.
 * Enum values stay text as they came (unknown ones are shown as text); *_of() below turns the known ones into numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_TYPES_H
#define MOTCUA_CORE_TYPES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* National numbers (domain.md, "States"): the value is the number. */
enum dossier_status {
    STATUS_UNKNOWN = 0,
    STATUS_REGISTERED = 1,
    STATUS_RECEIVED = 2,
    STATUS_DECLINED = 3,
    STATUS_IN_PROGRESS = 4,
    STATUS_AWAITING_SUPPLEMENT = 5,
    STATUS_AWAITING_PAYMENT = 6,
    STATUS_WITHDRAWAL_REQUESTED = 7,
    STATUS_STOPPED = 8,
    STATUS_COMPLETED = 9,
    STATUS_RETURNED = 10,
};
enum dossier_step {
    STEP_UNKNOWN,
    STEP_INTAKE,
    STEP_ASSESSMENT,
    STEP_APPROVAL,
    STEP_ISSUING,
    STEP_RETURN,
    STEP_CLOSED
};
enum role {
    ROLE_UNKNOWN,
    ROLE_COUNTER,
    ROLE_SPECIALIST,
    ROLE_SUPERVISOR,
    ROLE_CLERK,
    ROLE_TRAINER,
    ROLE_AUDITOR
};
#define ROLE_BIT(role) (1u << (role))

enum dossier_status status_of(const char *text);
enum dossier_step step_of(const char *text);
enum role role_of(const char *text);
const char *status_text(enum dossier_status); /* the contract's word; NULL for unknown */
const char *step_text(enum dossier_step);
const char *role_text(enum role);

struct texts {
    const char **items;
    size_t n;
};

struct unit {
    const char *id, *name, *level, *parent, *successor;
    int32_t active_from, active_until;
};
struct mandate {
    const char *on_behalf_of;
    int64_t from, until;
    struct texts procedures; /* empty: all */
};
struct officer {
    const char *id, *name, *title, *unit, *email, *signing_certificate;
    struct texts roles;
    struct mandate *mandates;
    size_t n_mandates;
};
unsigned officer_roles(const struct officer *); /* ROLE_BIT()s */
/* For whom the officer signs and sends back (approve, refuse_result, rework) in this procedure: NULL: for himself, since he is a
 * supervisor, or for nobody, since no mandate covers it now. `chosen`: whose mandate he would act by where it covers this (Officer.id); NULL:
 * he did not choose. */
const char *officer_acts_for(const struct officer *, const char *chosen, const char *procedure, int64_t now);
bool mandate_holds(const struct mandate *, int64_t now); /* for whatever procedures */

struct day_hours { /* spans of minutes since midnight, in order; none: closed */
    struct hours_span {
        int16_t from, until;
    } * spans;
    size_t n;
};
struct calendar_exception {
    int32_t date;
    struct day_hours hours;
    const char *name;
};
struct office_calendar {
    const char *unit, *time_zone;
    struct day_hours week[7]; /* Monday first */
    struct calendar_exception *exceptions;
    size_t n_exceptions;
};

struct duration {
    int64_t amount;
    const char *unit; /* working_hours working_days calendar_days same_day */
};
struct fee_item {
    const char *name, *per, *channel, *exempt;
    int64_t amount;
};
struct required_paper {
    const char *id, *name, *condition;
    bool required;
    int64_t originals, certified_copies, photocopies;
};
struct form_field {
    const char *id, *label, *type;
    bool required;
    struct texts choices;
    int64_t max_length; /* 0: not limited */
};
struct procedure {
    const char *id, *code, *name, *field, *level, *processing, *service_level, *disclosure_url;
    int32_t effective_from, effective_until;
    struct texts units;
    struct duration time_limit;
    struct fee_item *fees;
    size_t n_fees;
    struct required_paper *papers;
    size_t n_papers;
    struct form_field *form;
    size_t n_form;
    struct texts steps, legal_basis;
    bool active;
};

struct applicant {
    const char *kind, *name, *id_number, *sex, *address, *phone, *email;
    int32_t birth_date;
};
struct paper {
    const char *id, *name, *state, *attachment;
    int64_t originals, certified_copies, photocopies;
};
struct attachment {
    const char *id, *name, *media_type, *sha256, *paper, *role;
    int64_t size;
    bool complete;
};
struct new_attachment {
    const char *name, *media_type, *sha256, *paper, *role;
    int64_t size;
};
struct fee {
    const char *name, *method, *receipt;
    int64_t amount, paid, paid_at;
};
struct payment {
    const char *id, *purpose, *status, *payee, *vietqr;
    int64_t amount, expires_at;
};
struct signature {
    const char *statement, *cms; /* base64, as they came */
};
struct proposal {
    const char *by, *outcome, *note, *result_attachment;
    int64_t at;
};
struct decision {
    const char *by, *on_behalf_of, *outcome, *number;
    int64_t at;
    struct signature *signature;
};
struct pause {
    int64_t from, until;
    const char *status;
};
struct supplement {
    int64_t requested_at, received_at, due_before, due_after;
    const char *by, *note;
    struct texts papers;
    int32_t until;
};
struct action_offer {
    const char *action, *offline; /* queue, never */
    struct texts requires;
};
struct unavailable_action {
    const char *action, *reason;
};

struct dossier {
    const char *id, *code, *external_code, *client_ref, *procedure, *channel, *assisted_by;
    const char *unit, *handled_by_unit, *supported_by_unit, *assignee, *status, *step, *returned_to;
    int64_t version;
    struct applicant *applicant;    /* never NULL once decoded */
    struct applicant *submitted_by; /* NULL: the applicant filed it */
    int64_t step_since, submitted_at, decide_by, received_at, due_at, extended_from, paused_since;
    int64_t completed_at, returned_at;
    int64_t sets, extensions;
    struct pause *pauses;
    size_t n_pauses;
    struct supplement *supplements;
    size_t n_supplements;
    json_t *form; /* borrowed from the document it was decoded from, or NULL; see codec_decode() */
    struct paper *papers;
    size_t n_papers;
    struct attachment *attachments;
    size_t n_attachments;
    struct fee *fees;
    size_t n_fees;
    struct payment *payments;
    size_t n_payments;
    struct proposal *proposal; /* NULL: none */
    struct decision *decision; /* NULL: none */
    struct action_offer *actions;
    size_t n_actions;
    struct unavailable_action *unavailable;
    size_t n_unavailable;
};
/* `decide_by` while registered, else `due_at`; INSTANT_NEVER where there is none. What "due" means in every list. */
int64_t dossier_due(const struct dossier *);
bool dossier_is_open(const struct dossier *); /* not declined, stopped, completed or returned (contract, `act`) */
bool dossier_is_paused(const struct dossier *);
const struct payment *dossier_pending(const struct dossier *); /* the payment that waits; NULL: none does */

struct event {
    int64_t seq, at, acted_at;
    const char *by, *on_behalf_of, *action, *from, *to, *note;
};
struct event_page {
    struct event *items;
    size_t n_items;
    const char *cursor;
    bool more;
};
struct dossier_page {
    struct dossier *items;
    size_t n_items;
    const char *cursor;
    bool more;
};

struct about {
    const char *name, *api_version, *issuer, *client_id;
    int64_t time, max_upload_bytes;
    bool training;
    struct texts features;
};
struct number_request { /* of reserveNumbers */
    const char *unit;
    int64_t count;
};
struct number_block {
    struct texts codes;
    int64_t expires_at;
};
struct signature_request {
    const char *id, *status, *confirmation_code, *cms;
    int64_t expires_at;
};
struct problem_error {
    const char *field, *message;
};
struct problem {
    const char *type, *title, *detail, *changed_by;
    int64_t status, changed_at;
    struct problem_error *errors;
    size_t n_errors;
    json_t *current; /* borrowed, or NULL */
};
/* The NAME of urn:onestop:problem:NAME, or "" where it is none of ours. */
const char *problem_name(const struct problem *);

/* The body of act (contract, Action). */
struct action_request {
    const char *action, *note, *assignee, *method, *outcome, *result_attachment, *number, *returned_to,
        *on_behalf_of;
    struct texts papers;
    int32_t until;
    int64_t amount; /* 0: absent */
    int64_t new_due_at, acted_at;
    struct signature *signature;
};
struct new_dossier {
    const char *procedure, *channel, *unit, *code, *client_ref, *external_code;
    struct applicant *applicant, *submitted_by;
    int64_t sets, received_at;
    json_t *form;
    struct paper *papers;
    size_t n_papers;
    struct fee *fees;
    size_t n_fees;
};
struct dossier_search {
    const char *q, *status, *unit, *cursor;
    int64_t limit;
};

/* Just these members (contract, SigningStatement). */
struct statement_document {
    const char *id, *name, *sha256;
};
struct signing_statement {
    const char *statement, *dossier, *code, *procedure, *applicant, *outcome, *note, *officer, *on_behalf_of,
        *unit;
    int64_t version, signed_at;
    struct statement_document *documents;
    size_t n_documents;
};

/* Sign-in (RFC 8414, RFC 8628, RFC 6749). */
struct oidc_metadata {
    const char *issuer, *token_endpoint, *device_authorization_endpoint, *revocation_endpoint;
};
struct device_authorization {
    const char *device_code, *user_code, *verification_uri, *verification_uri_complete;
    int64_t expires_in, interval; /* seconds; interval is 5 if absent */
};
struct token_answer {
    const char *access_token, *refresh_token, *token_type, *error, *error_description;
    int64_t expires_in;
};

/* A ready-to-read entry of the feed. `data` is the bytes as they came (cache keeps them), NULL when removed. */
struct change {
    const char *type, *id;
    int64_t version;
    bool removed;
    const char *data;
    size_t data_len;
};

#endif
