/* generate: invented dossiers, as many as wanted, all from one seed (docs/scenarios.md, "Generate"). Each lives its life through the
 * rules of core/workflow, so that it is one that the contract's actions could have made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_GENERATE_H
#define MOTCUA_TRAINING_GENERATE_H

#include "training/directory.h"
#include "training/scenario.h"

#include "core/workflow.h"

/* ── chance: splitmix64; the same seed, the same numbers ─────────────────────────────────────────────────────────── */
struct chance {
    uint64_t state;
};
uint64_t chance_next(struct chance *);
int64_t chance_below(struct chance *, int64_t n); /* 0 where n < 1 */
int64_t chance_between(struct chance *, int64_t least, int64_t most);
bool chance_percent(struct chance *, double percent);

/* Things with weights. */
struct wheel {
    int64_t *sums; /* running */
    size_t n;
};
void wheel_add(struct wheel *, struct arena *, int64_t weight); /* one by one; storage grows in the arena */
size_t wheel_spin(const struct wheel *, struct chance *);       /* an index; 0 where there is nothing */
const char *chance_text(struct chance *, const json_t *list);   /* one of a list of texts; NULL: none there */

/* ── people (generate_people.c) ──────────────────────────────────────────────────────────────────────────────────── */
struct people;
struct people *people_new(const json_t *generate, struct arena *); /* lives in the arena */
struct applicant *people_person(const struct people *, struct chance *, const char *unit, struct arena *);
struct applicant *people_organisation(const struct people *, struct chance *, const char *unit, struct arena *);
/* What an applicant would fill into the procedure's form; NULL: it has none. The arena keeps it. */
json_t *people_form(const struct people *, struct chance *, const struct procedure *, int64_t day,
                    struct arena *);

/* ── what is to be (generate_plan.c) ─────────────────────────────────────────────────────────────────────────────── */
enum fate {
    FATE_REGISTERED,
    FATE_RECEIVED,
    FATE_ASSESSMENT,
    FATE_APPROVAL,
    FATE_ISSUING,
    FATE_SUPPLEMENT,
    FATE_PAYMENT,
    FATE_WITHDRAWAL,
    FATE_COMPLETED,
    FATE_RETURNED,
    FATE_DECLINED,
    FATE_STOPPED,
};
struct plan {
    struct chance chance; /* to go on with */
    enum fate fate;
    int end;                /* early (-1), on time (0) or late (1) */
    size_t unit, procedure; /* of `units`, `procedures` of the scenario's `generate` */
    const char *channel;
    bool assisted;
    int64_t submitted_at, receive_at; /* the latter INSTANT_NONE: in its own time, or at once */
};
struct planner {
    const json_t *generate;
    const struct directory *directory;
    struct wheel units, months, procedures, open_states, closed_states;
    const struct unit **unit;           /* by index of `units` */
    const struct procedure **procedure; /* by index of `procedures` */
    const int32_t *month_start;         /* by index of `months`; one more at the end */
    int32_t from, until;                /* days */
    int64_t now, n, n_open;
    uint64_t seed;
};
/* ERR_CONFIG: names what is not there. Lives in the arena. */
bool planner_new(const json_t *generate, const struct directory *, uint64_t seed, int64_t n, int64_t now,
                 struct arena *, struct planner *out, struct err *);
/* The plan of dossier `i`; the same whenever it is asked for. */
void planner_plan(const struct planner *, int64_t i, struct plan *out);

/* ── one life (generate_life.c) ──────────────────────────────────────────────────────────────────────────────────── */
#define LIFE_EVENTS 24
#define LIFE_YEARS  8
struct cast { /* who may do what at the units of a dossier; officers' ids */
    const char **of[ROLE_AUDITOR + 1];
    size_t n[ROLE_AUDITOR + 1];
};
struct life {
    struct chance chance;
    struct arena *arena;
    const json_t *generate;
    const struct directory *directory;
    const struct procedure *procedure;
    const struct cast *cast;
    struct calendar calendar;
    struct dossier d;
    struct event events[LIFE_EVENTS];
    size_t n;
    int64_t now;        /* nothing happens after this */
    int64_t receive_at; /* when an online one is to be received; INSTANT_NONE: in its own time */
    int64_t *numbers;   /* the last number of a result, by year from `first_year` on */
    int first_year;
    int64_t at;   /* of the last event */
    int64_t owes; /* the version that the decision was made on; INT64_MIN: none was */
};
/* From the creation, which has been entered, to where it stands; `end` is early (-1), on time (0) or late (1). */
void life_live(struct life *, enum fate, int end);
/* EMVCo text of a transfer (VietQR), for `generate.payment`; in arena. */
char *vietqr_text(struct arena *, const char *bank, const char *account, int64_t amount, const char *purpose);
/* "LEPHI {unit} {date} {serial}" with the unit's id and the parts of the dossier's code. */
char *vietqr_purpose(struct arena *, const char *form, const char *unit, const char *code);
void life_create(struct life *, const char *by); /* the event that begins it, at submitted_at */

#endif
