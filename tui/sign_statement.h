/* sign_statement: one statement from its first byte to the last line that was seen: built once, laid out from those very bytes, scrolled,
 * and what of it has stood on the screen. It refuses to call seen what was jumped over. The view decides what follows from that.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_SIGN_STATEMENT_H
#define MOTCUA_TUI_SIGN_STATEMENT_H

#include "tui/keymap.h"
#include "tui/sign_lines.h"

/* Zero-initialise; sign_statement_clear() at the end, and wherever nothing may be signed any more. */
struct sign_statement {
    char *bytes; /* shown and signed; NULL: there is none */
    size_t n_bytes;
    char *note;         /* that it was built with; "" for none */
    struct arena arena; /* what was parsed, and the lines */
    struct signing_statement said;
    struct sign_line *lines;
    size_t n_lines, first; /* first: the uppermost line that is shown */
    bool *seen;
    int cols;   /* that the lines are laid out for */
    bool noted; /* in the journal: the number stands whole in it */
};
/* Another statement: of the dossier as it is shown, by this officer, now. Nothing of it has been seen. false: there is none then. */
bool sign_statement_build(struct sign_statement *, struct app *, const struct dossier_shown *,
                          const char *outcome, const char *note, struct err *);
/* The lines again, for the columns and the minute that it is. At another width what was seen in part is to be seen again; what was seen
 * whole was seen. */
bool sign_statement_lay_out(struct sign_statement *, struct app *, const struct dossier_shown *, struct err *);
void sign_statement_clear(struct sign_statement *);
/* Whether it is still by that right that the officer would sign. */
bool sign_statement_right_stands(const struct sign_statement *, struct app *, const struct dossier_shown *);

/* `rows` are those that the screen has for it. false: not a command that scrolls. */
bool sign_statement_scroll(struct sign_statement *, enum command_id, size_t rows);
/* Draws it from `row` on; what is drawn is seen, if `read`. */
void sign_statement_draw(struct sign_statement *, struct canvas *, int row, size_t rows, bool read);
size_t sign_statement_seen(const struct sign_statement *); /* lines */
bool sign_statement_seen_whole(const struct sign_statement *);

#endif
