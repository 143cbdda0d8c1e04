/* handout: paper that is handed out, as data: what stands where on a form of the circulars, in the order of the page. The same blocks are
 * the preview on the screen (tui/handout_draw.h) and the page that motcua-desk makes (desk/sheet.h). Pure: who asks hands in the dossier
 * and the time. In Vietnamese whatever the screen speaks: a citizen gets it, and the words are the circulars'.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_HANDOUT_H
#define MOTCUA_CORE_HANDOUT_H

#include "core/err.h"
#include "core/mem.h"
#include "core/types.h"

enum handout_kind {
    HANDOUT_RECEIPT,    /* 01 in both circulars */
    HANDOUT_SUPPLEMENT, /* 02 */
    HANDOUT_REFUSAL,    /* 03 */
    HANDOUT_APOLOGY,    /* 04 */
    HANDOUT_STOP,       /* 05 of Circular 03/2025 alone */
    HANDOUT_CONTROL,    /* 05; 06 since */
    HANDOUT_KINDS,
};

struct handout_fact {
    const char *label; /* NULL: none */
    const char *value; /* NULL: there is no fact here */
    bool personal; /* an identity or phone number: the screen shows its end, paper all of it (screens.md rule 9) */
};
struct handout_column {
    const char *title;
    int width;  /* columns at 80; its share of the paper */
    bool right; /* numbers */
    bool personal;
};
enum handout_block_kind {
    HANDOUT_PAIR, /* two values beside each other: the unit and the state */
    HANDOUT_DATE, /* place and date */
    HANDOUT_CODE, /* a fact; on paper with its barcode and its QR */
    HANDOUT_TITLE,
    HANDOUT_VOID,  /* that it is worth nothing (training) */
    HANDOUT_FACTS, /* one or two facts with their labels */
    HANDOUT_TEXT,  /* a paragraph */
    HANDOUT_QR,    /* a picture of the value, alone; the screen does not show it */
    HANDOUT_TABLE,
    HANDOUT_SIGNATURES, /* one or two who sign: the label, room, the value is the name */
    HANDOUT_BLOCK_KINDS,
};
struct handout_block {
    enum handout_block_kind kind;
    struct handout_fact fact[2]; /* all but TABLE */
    const struct handout_column *columns;
    size_t n_columns, n_rows;
    const char **cells; /* n_rows times n_columns; never NULL */
};
#define HANDOUT_COLUMNS 12
struct handout {        /* all texts are ready to be shown: they have passed text_display() */
    const char *name;   /* "Giấy tiếp nhận và hẹn trả" */
    const char *form;   /* "mẫu 01, TT 01/2018"; NULL: no circular's */
    const char *file;   /* "giay-tiep-nhan": ASCII, begins the name of a file */
    const char *about;  /* what it is about, for a file's name: the code; "" */
    bool landscape, a4; /* a4: too much for A5 */
    struct handout_block *blocks;
    size_t n_blocks;
};

struct handout_ask { /* all borrowed for the call */
    const struct dossier *dossier;
    const struct procedure *procedure; /* NULL: not known here */
    const struct unit *unit;           /* that hands it out */
    const struct officer *officer;     /* who does; NULL: not known */
    const struct event *events;        /* of the dossier, oldest first; NULL: not asked for */
    size_t n_events;
    const char *(*name_of)(void *context, const char *officer_id);
    void *context;
    int64_t now; /* server time; its day says which circular holds */
    int32_t offset;
    bool training;
};

/* Whether a dossier as it stands has this form to be handed out on that day. */
bool handout_fits(enum handout_kind, const struct dossier *, int32_t day);
/* The form that its state asks for; HANDOUT_KINDS: it has none yet. */
enum handout_kind handout_apt(const struct dossier *, int32_t day);
/* Whether it says what only the dossier's events know (a reason, who did what). */
bool handout_needs_events(enum handout_kind);
/* Everything in `arena`. */
void handout_make(const struct handout_ask *, enum handout_kind, struct arena *, struct handout *out);
/* Lists of a day or a month; A4, landscape, the first table is what a spreadsheet gets. */
enum handout_list { HANDOUT_REGISTER, HANDOUT_HANDOVER, HANDOUT_TAKINGS, HANDOUT_LISTS };
struct handout_list_ask {
    const struct handout_ask *head;        /* unit, officer, names, time; its dossier is not looked at */
    const struct dossier *const *dossiers; /* of that unit, whole, in the order that they are to stand in */
    size_t n;
    bool cut; /* there are more, older ones: the list says so */
    int64_t from,
        until; /* takings: fees that were paid in [from, until); the others: what the list says of itself */
    const char *(*procedure_name)(void *context, const char *procedure); /* the head's context */
};
void handout_make_list(const struct handout_list_ask *, enum handout_list, struct arena *, struct handout *out);
char *handout_register_form(struct arena *, int32_t day); /* "mẫu 06, TT 01/2018" */

/* The QR of a payment that waits. */
void handout_make_payment(const struct handout_ask *, const struct payment *, struct arena *,
                          struct handout *out);

/* "giay-tiep-nhan-000.25.33.H06-221229-0014.pdf": letters, digits, `.`, `_` and `-` alone, nothing of the applicant. */
char *handout_file(struct arena *, const struct handout *, const char *extension);

/* Its first table, every number whole. false: it has none. Appends. */
bool handout_csv(const struct handout *, struct buf *out);

/* As motcua-desk gets it, and reads it: {"name", "landscape", "blocks": [{"kind", "facts": [{"label", "value"}], "columns":
 * [{"title", "width", "right"}], "rows": [[text]]}]}. ERR_DATA: it is no such thing. */
json_t *handout_write(const struct handout *); /* json_decref() it */
bool handout_read(const json_t *, struct arena *, struct handout *out, struct err *e);

/* For those who make others (core/handout_lists.c): a page that grows. */
struct handout_page {
    struct arena *arena;
    struct handout *out;
    size_t cap;
};
struct handout_block *handout_add(struct handout_page *, enum handout_block_kind);
void handout_facts(struct handout_page *, struct handout_fact left, struct handout_fact right);
/* Heading, place and date, title, and that it is void where nothing is real. `code`: NULL: none. */
void handout_head(struct handout_page *, const struct handout_ask *, const char *code, const char *title);
/* A table of so many rows, whose cells the caller fills: all are "" so far. */
struct handout_block *handout_table(struct handout_page *, const struct handout_column *, size_t n_columns,
                                    size_t n_rows);
#define HANDOUT_PEN "………………"                                     /* a place that is left to the pen */
char *handout_money(struct arena *, int64_t dong);               /* "10.000 đồng" */
char *handout_moment(struct arena *, int64_t t, int32_t offset); /* "10 giờ 20 phút, ngày 29/12/2022" */

#endif
