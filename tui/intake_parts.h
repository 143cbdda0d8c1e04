/* intake_parts: what is taken down when a dossier is taken in, part by part: who files it, the procedure's own form, papers, fees. Each
 * part has a name in the draft. Nothing here draws or sends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_INTAKE_PARTS_H
#define MOTCUA_TUI_INTAKE_PARTS_H

#include "core/card.h"
#include "core/fee.h"
#include "tui/app.h"
#include "tui/field.h"

enum intake_tab { INTAKE_PERSON, INTAKE_FORM, INTAKE_PAPERS, INTAKE_FEES, INTAKE_REVIEW, INTAKE_TABS };

enum intake_kind {
    INTAKE_LINE,   /* one line of text */
    INTAKE_NOTE,   /* several */
    INTAKE_CHOICE, /* one of a few */
    INTAKE_PAPER,  /* a paper's state and its three counts */
    INTAKE_FEE,    /* how many of an item */
};
/* How what was typed in a line is read. */
enum intake_value {
    INTAKE_WORDS,
    INTAKE_ID, /* a person's identity number */
    INTAKE_DAY,
    INTAKE_PHONE,
    INTAKE_INTEGER,
    INTAKE_MONEY,
};
struct intake_choice {
    const char *id, *label; /* as the contract has it; as it is shown */
};
#define INTAKE_COUNTS 3 /* originals, certified copies, photocopies */
struct intake_part {
    enum intake_tab tab;
    enum intake_kind kind;
    enum intake_value value;
    const char *key;   /* in the draft: "name", "owner.name", "form.ten_tre", "paper.p1" … */
    const char *label; /* as it is shown */
    bool must, secret; /* secret: shown as *** and the last 4 where it has not the focus */
    bool yes_no;       /* a choice whose value is a boolean */
    bool owner;        /* of whose it is, where somebody files for another */
    struct field text;
    const struct intake_choice *choices;
    size_t n, chosen;              /* chosen == n: none; of a paper: its state */
    int64_t counts[INTAKE_COUNTS]; /* of a paper */
    size_t column;                 /* of a paper: what a digit means: its state, then the counts */
    struct card_field *card;       /* of the last scan; NULL: none has it */
    const struct fee_item *fee;    /* of a fee */
};
struct intake {
    struct arena arena;
    struct app *app;
    struct procedure procedure;      /* a copy: the cache's may change while one types */
    const char *unit;                /* that takes it in */
    struct intake_part *parts;       /* tab by tab, as they stand on the screen */
    size_t n_parts, at[INTAKE_TABS]; /* the part that has the focus in each tab; n_parts: the tab has none */
    enum intake_tab tab;
    char *card[2]; /* the last scan of who files, of whose it is, as it came; NULL */
};
/* false: the procedure is not known here, or cannot be filed at the officer's unit now (ERR_REFUSED says why). */
bool intake_build(struct intake *, struct app *, const char *procedure, struct err *);
void intake_clear(struct intake *);

struct intake_part *intake_part(struct intake *, const char *key); /* NULL: there is none */
const char *intake_text(struct intake *, const char *key); /* what is typed, or the id of what is chosen; "": nothing */
struct intake_part *intake_focus(struct intake *); /* NULL: the tab has none */
/* The part has a place now: the owner's only where there is one, a receipt only where something was paid. */
bool intake_is_seen(struct intake *, const struct intake_part *);
/* The next (`by` 1) or previous (-1) part of the tab that is seen; false: there is none. */
bool intake_step(struct intake *, int by);
void intake_choose(struct intake_part *, const char *id);
/* The items that hold on the chosen channel, with the counts that stand there. In arena; the items are the intake's. */
size_t intake_fee_lines(struct intake *, struct arena *, struct fee_line **out);

/* What is typed, chosen and counted, to be kept as a draft and to be had again; what does not fit the procedure as it is now is passed
 * over. json_decref() it. */
json_t *intake_kept(struct intake *);
void intake_restore(struct intake *, const json_t *);
/* The content of a request, as if it had been filled in. */
void intake_preset(struct intake *, const struct new_dossier *);

/* ── the card ──────────────────────────────────────────────────────────────────────────────────────────────────────── */
/* A scanner's text: fills who files it, or whose it is where the focus is there. false: it is no card. */
bool intake_scan(struct intake *, const char *burst, size_t *given, size_t *unsure);
/* The same without moving the focus: a draft's. */
bool intake_read_card(struct intake *, bool owner, const char *burst);
/* The officer chose a reading of what is in doubt in the part; there may be more in doubt behind it. */
void intake_take_reading(struct intake *, struct intake_part *, size_t reading);
struct texts intake_known(struct intake *, struct arena *); /* texts like those on cards; borrowed from the cache */
bool intake_is_unsure(const struct intake_part *); /* what the card said is still in it, and in doubt */
size_t intake_unsure(struct intake *);             /* how many are */

/* ── what it comes to ──────────────────────────────────────────────────────────────────────────────────────────────── */
/* Required parts that are empty: their labels, "" where there are none; *first gets the first. In arena. */
char *intake_missing(struct intake *, struct arena *, struct intake_part **first);
/* What stands beside a part: that an identity number fits, or what is odd about what is typed (*odd), which is not refused: there are true
 * papers that contradict the rule. "": nothing is to be said. In arena. */
const char *intake_note(struct intake *, const struct intake_part *, struct arena *, bool *odd);
/* The request, in arena. false: something typed cannot be read (ERR_INPUT says what and how), `*wrong` is its part. `ref`: client_ref. */
bool intake_request(struct intake *, const char *ref, struct arena *, struct new_dossier *,
                    struct intake_part **wrong, struct err *);
int64_t intake_received_at(const struct intake *); /* the minute that it is taken in, were it now */
int64_t intake_due_at(const struct intake *); /* by this machine's calendar; INSTANT_NONE: cannot compute */

#endif
