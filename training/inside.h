/* inside: what the files of training/ share and nobody else sees: the server's state, a request on its way to its answer, and
 * which file owns which part.
 *   router.c       who may ask what: the path, the token, the body; in the contract's order
 *   problems.c     answers and problem documents, in two languages
 *   idempotency.c  keys: the same wish again gets the same answer; one transaction with the effect
 *   oauth.c tokens.c device_page.c  sign-in
 *   phone.c phone_page.c            signatures that the officer confirms on a phone
 *   attachment.c upload.c           files: announced, their bytes, taken away, read
 *   numbers.c                       codes that a workstation keeps in reserve
 *   payment.c bank_page.c           fees without cash, and the bank that they are paid at
 *   feed.c cursor.c                 what a workstation keeps, page by page
 *   records.c dossiers.c intake.c correct.c search.c actions.c offers.c sign.c  dossiers
 *   directory.c    units, officers, procedures, calendars: who sees and may what
 *   store.c        SQLite
 *   ca.c scenario.c loader.c generate*.c  what there is at the start
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_INSIDE_H
#define MOTCUA_TRAINING_INSIDE_H

#include "core/codec.h"
#include "core/types.h"
#include "core/workflow.h"
#include "training/central.h"
#include "training/directory.h"
#include "training/store.h"

#define CENTRAL_ZONE_OFFSET (7 * 3600) /* times are written as they are read on the wall in Vietnam */
#define OBJECT_MAX \
    (252 * 1024) /* contract, Limits: no object grows over 256 KiB; what the caller may do comes on top */
#define REQUEST_MAX (256 * 1024)  /* of JSON */
#define PAGE_MAX    (1024 * 1024) /* of a decoded answer */

enum language { LANGUAGE_VI, LANGUAGE_EN };
/* One thing to say to a person, in each language that the server speaks. */
struct say {
    const char *text[2]; /* by enum language */
};

struct ca;
struct scenario;
struct central {
    struct store *store;
    struct directory *directory;
    struct ca *ca;
    char *base, *auto_approve;
    struct scenario *scenario;
    int64_t closed_kept_days;   /* the feed keeps what has ended for so long */
    int64_t start, today_swept; /* the day on which what is no longer kept was last looked for */
    int64_t payments_swept;     /* the minute in which payments that ran out were */
    int64_t changes;            /* the highest change that is committed */
    int64_t *concerned;         /* by officer: the last change that he may see */
    int64_t requests;           /* so far, for Request-Id */
    unsigned char cursor_key[32];
    void (*random)(void *context, void *bytes, size_t n);
    void *context;
};

struct call {
    struct central *central;
    const struct central_request *request;
    struct central_answer *answer;
    struct arena arena; /* lives until the answer is made */
    int64_t now;
    enum language language;
    size_t officer; /* of the directory, once the token was found good */
    const struct officer *me;
    int64_t signed_in_at; /* when he last confirmed who he is */
    const struct route *route;
    const char *dossier; /* what stands for `*` in the route's path: {dossier}, {request}; or NULL */
    const char *part;    /* for the second `*`: {payment}; or NULL */
    json_t *body;        /* parsed, NFC; NULL where there is none */
    struct touched {     /* what this call has changed so far; told to those who wait once it is committed */
        int64_t seq;
        struct places places;
    } touched;
};

/* ── problems.c ──────────────────────────────────────────────────────────────────────────────────────────────────── */
enum problem_kind {
    PROBLEM_MALFORMED, /* 400 validation-failed */
    PROBLEM_UNAUTHORIZED,
    PROBLEM_STEP_UP,
    PROBLEM_FORBIDDEN,
    PROBLEM_FOUR_EYES,
    PROBLEM_NOT_FOUND,
    PROBLEM_NOT_ALLOWED,
    PROBLEM_FEE_UNPAID,
    PROBLEM_CURSOR,
    PROBLEM_STALE,
    PROBLEM_TOO_LARGE,
    PROBLEM_INVALID /* 422 validation-failed */,
    PROBLEM_SIGNATURE,
    PROBLEM_NUMBER,
    PROBLEM_OFFSET,
    PROBLEM_DIGEST,
    PROBLEM_KEY_REUSED,
    PROBLEM_PRECONDITION,
    PROBLEM_INTERNAL,
    PROBLEM_COUNT,
};
/* All return false, so that a check reads `return problem_…(call, …)`. `field`: JSON pointer, NULL: none. */
bool problem_answer(struct call *, enum problem_kind);
bool problem_at(struct call *, enum problem_kind, const char *field, struct say message);
/* With a message in the caller's own words (an err of core/), language neutral. */
bool problem_detail(struct call *, enum problem_kind, const char *field, const char *message);
/* 409 and 412: with what stands now and who was first. */
struct record;
bool problem_stale(struct call *, enum problem_kind, const struct record *, struct say why);

void answer_header(struct central_answer *, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* JSON that is ready as text; takes what `json` holds. */
void answer_json(struct call *, int status, struct buf *json);
void answer_value(struct call *, int status, json_t *json); /* takes the reference */
void answer_empty(struct call *, int status);
const char *say_text(const struct call *, struct say);
/* With each `{}` replaced by the next of `values`; in the call's arena. */
char *say_with(struct call *, struct say, const char *const values[]);
enum language language_of(const char *accept_language);

/* ── idempotency.c ───────────────────────────────────────────────────────────────────────────────────────────────── */
/* Runs `handle` at most once for this key, in one transaction with the answer's memory; or repeats the answer. */
void idempotent(struct call *, bool (*handle)(struct call *));

/* ── oauth.c, tokens.c, device_page.c ────────────────────────────────────────────────────────────────────────────── */
void oauth_metadata(struct call *);
void oauth_device(struct call *);
void oauth_token(struct call *);
void oauth_revoke(struct call *);
void device_page(struct call *);
/* Whose access token this is; marks its pair as used. False: not a good one. */
bool token_check(struct central *, const char *token, int64_t now, char **officer, struct arena *,
                 int64_t *signed_in_at);
/* x-www-form-urlencoded text → the value of `name`, decoded, in arena; NULL: not there or not UTF-8. */
char *form_value(struct arena *, const char *form, size_t len, const char *name);

/* ── cursor.c ────────────────────────────────────────────────────────────────────────────────────────────────────── */
#define CURSOR_FIELDS 3
struct cursor {
    char kind; /* 'p' a full pass, 's' since, 'q' search, 'e' events */
    int64_t field[CURSOR_FIELDS];
};
char *cursor_write(struct call *, struct cursor); /* in the call's arena; only this officer can use it */
bool cursor_read(struct call *, const char *text, struct cursor *out);

/* ── feed.c ──────────────────────────────────────────────────────────────────────────────────────────────────────── */
bool feed_changes(struct call *);
/* What ended long enough ago is no longer kept, from its day on. Before a request is looked at. */
void feed_sweep(struct central *, int64_t now);
/* After the commit of what changed: those who may see it have something to come for. */
void feed_tell(struct central *, const struct touched *, int64_t now);

/* ── records.c ───────────────────────────────────────────────────────────────────────────────────────────────────── */
struct record {
    int64_t num, seq, version;
    bool kept;
    struct places places;
    const char *changed_by; /* NULL: the system, or the applicant */
    int64_t changed_at;
    const char *doc; /* JSON without actions */
    size_t doc_len;
    struct dossier d;
};
/* By id; false: there is none, or the caller may not see it. All of it lives in the call's arena. */
bool record_find(struct call *, const char *id, struct record *);
/* From the row that a query of things stands on. */
void record_of_row(struct call *, sqlite3_stmt *, struct record *);
struct places record_places(sqlite3_stmt *);
/* The dossier as the caller sees it: the document with his actions. */
void record_view(struct call *, const struct record *, struct buf *out);
/* Stores what `d` has become (its version is already the new one) and the event that says so. 413 where it is too large. */
bool record_put(struct call *, struct record *, const struct event *);
/* The parts of it that generated dossiers share: what search compares with, until when the feed keeps it, the stored document. */
char *record_found(struct arena *, const struct dossier *);
struct thing record_thing(struct arena *, const struct dossier *,
                          const struct places *); /* without doc, seq and who changed it */
int64_t record_keep_until(const struct central *, const struct dossier *);
char *record_doc(struct arena *, struct dossier *, size_t *len);
void event_put(struct store *, int64_t num, const struct event *);
/* 200 or 201 with the dossier and its ETag. */
void record_answer(struct call *, int status, const struct record *);
/* If-Match, 428 and 412. */
bool record_matches(struct call *, const struct record *);

/* ── dossiers.c … ────────────────────────────────────────────────────────────────────────────────────────────────── */
bool dossier_get(struct call *);
bool dossier_events(struct call *);
bool dossier_create(struct call *);
bool dossier_correct(struct call *);
bool dossier_search(struct call *);
bool dossier_act(struct call *);

/* ── offers.c ────────────────────────────────────────────────────────────────────────────────────────────────────── */
struct workflow_who who_asks(struct call *, const struct dossier *, const struct places *, enum action);
/* `"actions":[…],"unavailable":[…]` as the caller gets them. */
void offers_write(struct call *, const struct record *, struct buf *out);
struct say why_not(enum action, enum workflow_why, const struct dossier *);
int32_t unit_today(struct call *, const char *unit); /* the day there */

/* ── sign.c ──────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* Judges a signature over a decision on `record`: statement and CMS. False: 422 signature-invalid was answered. */
bool signature_good(struct call *, const struct record *, enum action, const struct action_request *);

/* ── phone.c, phone_page.c ───────────────────────────────────────────────────────────────────────────────────────────── */
bool signature_request(struct call *);
bool signature_state(struct call *);
bool signature_cancel(struct call *);
void phone_page(struct call *);

/* ── check.c: what the contract says of every text and list that comes in ────────────────────────────────────────── */
/* NFC everywhere. False: text that is none. */
bool json_normalize(json_t *);
/* Lengths: `limits` are by member name, all else 1,000. The pointer of the first that is too long, in arena, or NULL. */
struct text_limit {
    const char *member;
    size_t most;
};
const char *json_too_long(struct arena *, const json_t *, const struct text_limit *limits, size_t n);
/* The same for the body; and the body as a struct. False: 422 with the pointer was answered. */
bool body_lengths(struct call *, const struct text_limit *limits, size_t n);
bool body_decode(struct call *, const struct codec_shape *, void *out);
bool text_blank(const char *); /* NULL, empty, or nothing but space */

#endif
