/* form_parts: what the form of an action asks, part by part, and the request that comes of it. Nothing here draws or sends.
 * It refuses to ask for more than the action is asked for (screens.md section 5, "the form asks") or the server requires.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_FORM_PARTS_H
#define MOTCUA_TUI_FORM_PARTS_H

#include "core/workflow.h"
#include "tui/app.h"
#include "tui/field.h"

/* What is asked for: NEED_*s that must be there, and those that may. `needs`: the server's, from the offer. A signature is never
 * asked for by a form. */
struct form_asks {
    unsigned must, may;
};
struct form_asks form_asks(const char *action, unsigned needs);
/* "giấy tờ, lý do": what must be there, for the menu. "" where nothing is asked. */
char *form_asks_words(struct arena *, const char *action, unsigned needs);
/* Several dossiers can take it at once: nothing that it asks for differs from one to the next. */
bool form_fits_many(const char *action, unsigned needs);

enum part_kind {
    PART_CHOICE, /* one of a few, chosen by their number */
    PART_PERSON, /* one of many, found by typing */
    PART_TICKS,  /* any of some, and a line for what is not among them */
    PART_LINE,
    PART_NOTE,
};
struct form_choice {
    const char *id, *label, *beside; /* as they are shown; id as the contract has it */
    bool ticked;                     /* of CHOICE and PERSON at most one */
};
struct form_part {
    enum need need;
    enum part_kind kind;
    bool must, other;         /* other: below the ticks is a line for what is not among them */
    const char *label, *hint; /* hint: "" for none */
    struct form_choice *choices;
    size_t n;
    size_t focus; /* among the choices; n: the line below the ticks */
    struct field text; /* what is typed: the line, the note, the paper that is not listed, what a person is found by */
};
#define FORM_PARTS 11
struct form {
    struct arena arena; /* of labels and choices */
    const char *action;
    struct form_part parts[FORM_PARTS];
    size_t n_parts, at; /* the part that has the focus */
};
/* Parts of the action for a dossier (as it will stand after what waits), with what is known filled in; several: `d` is the first,
 * and only what form_fits_many() is asked. `needs`: of the offer. form_clear() at the end. */
void form_build(struct form *, struct app *, const char *action, unsigned needs, const struct dossier *d);
void form_clear(struct form *);

/* What is typed and ticked, to be kept and to be had again; what does not fit the form as it is now is passed over. */
json_t *form_kept(const struct form *);
void form_restore(struct form *, const json_t *);
/* The content of a request, as if it had been filled in; times `offset` seconds east. */
void form_preset(struct form *, const struct action_request *, int32_t offset);

/* Parts that must be there and are not. */
unsigned form_missing(const struct form *);
/* The names of such parts, for a sentence. */
char *form_names(struct arena *, const struct form *, unsigned needs);
/* The request, in `arena`. false: something typed is not what it should be (ERR_INPUT says what and how), `*wrong` is its part. */
bool form_request(const struct form *, int32_t offset, struct arena *, struct action_request *, size_t *wrong,
                  struct err *);

/* A sum as a person writes it: "10.000 đ", "10 000" and "10000" are the same. false: none above 0. */
bool form_read_amount(const char *text, int64_t *dong);

/* One choice of a CHOICE or PERSON is ticked, one of TICKS switched. */
void form_tick(struct form_part *, size_t choice);
/* PERSON: what is typed leaves only some to be seen. */
bool form_is_seen(const struct form_part *, size_t choice);

/* Templates for the part, as whole values; NULL-terminated, in arena; none: an empty list. */
const char *const *form_templates(struct arena *, const struct form *, const struct form_part *, struct app *,
                                  const struct dossier *, const struct procedure *);

#endif
