/* training_place: a small scenario of its own and a central server in this process, asked without a socket. Its clock stands
 * still unless the test moves it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TRAINING_PLACE_H
#define MOTCUA_TESTS_UNIT_TRAINING_PLACE_H

#include "tests/harness.h"

#include "training/central.h"

#include <jansson.h>

#define START 1672281720 /* 2022-12-29T09:42:00+07:00, a Thursday */

struct place {
    char *dir; /* scenario.json, keys/, and what the test puts there */
    struct central *central;
    int64_t now;
    struct central_answer answer; /* the last one */
    json_t *json;                 /* its body, if it is JSON */
    uint64_t chance;
    unsigned keys;
    struct {
        char officer[32], token[64];
    } tokens[24];
    size_t n_tokens;
};
/* `change` is merged (RFC 7396) into the scenario; NULL: as it is. */
struct place *place_new(const char *change);
struct place *place_with(const char *change, const struct central_options *); /* base, scenario and keys are filled in */
/* Ends the server and starts one again from the same files, with these options. */
void place_again(struct place *, const struct central_options *);
void place_free(struct place **);

struct place_ask {
    const char *method; /* GET; POST where there is a body or form */
    const char *path;   /* below /api/v1; or whole, beginning with "//" */
    const char *query;
    const char *as; /* officer's id: signs in if need be; NULL: nobody */
    const char *authorization;
    const char *key; /* of a POST, PATCH or DELETE; NULL: a fresh one; "": none */
    const char *match, *language, *body;
    const char *offset, *range; /* Upload-Offset, Range */
    size_t len;                 /* of a body that has NULs; 0: it is text */
    bool form;                  /* the body is a form */
    const struct central_hold *hold;
};
/* The status. The answer stays until the next. */
int place_ask(struct place *, struct place_ask);
#define PLACE_GET(place, who, ...) place_ask(place, (struct place_ask){.path = __VA_ARGS__, .as = who})
#define PLACE_POST(place, who, where, ...) \
    place_ask(place, (struct place_ask){.path = where, .as = who, .body = __VA_ARGS__})

const char *place_header(const struct place *, const char *name);
/* The text (an integer too) at "a.b.0.c" of the last answer, "" where there is none. Valid until the next call. */
const char *place_said(const struct place *, const char *where);
json_t *place_json_said(const struct place *, const char *where);
/* NAME of the last answer's problem, and the first field that it names. */
const char *place_problem(const struct place *);
const char *place_field(const struct place *);

/* Takes an action on the version that stands; `more` is members behind `action`: "\"note\":\"x\"", or NULL. */
int place_act(struct place *, const char *who, const char *dossier, const char *action, const char *more);
/* The same with a real signature: `note` may be NULL; `alter` changes the statement before it is signed. */
int place_sign(struct place *, const char *who, const char *dossier, const char *action, const char *note,
               void (*alter)(json_t *statement));
/* The statement of a decision as the contract writes it, from what the server shows. */
json_t *place_statement(struct place *, const char *who, const char *dossier, const char *outcome,
                        const char *note);
/* Detached CMS, base64; `signer` names the files of key and certificate. The caller frees. */
char *place_cms(const struct place *, const char *signer, const char *statement, int flags);
#define CMS_SHA1         1
#define CMS_NO_TIME      2 /* no signed attributes at all */
#define CMS_WITHOUT_CERT 4
#define CMS_TWO_SIGNERS  8
#define CMS_NOT_DETACHED 16
/* Whether `cms` is a signature over these bytes with a certificate of the scenario's authority (its file in keys/). */
bool place_cms_good(const struct place *, const char *statement, size_t len, const char *cms);
/* JSON with ' for ". */
json_t *place_json(const char *);
char *place_base64(const char *bytes);

#endif
