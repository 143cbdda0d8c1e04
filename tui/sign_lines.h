/* sign_lines: the lines that are seen before something is signed: the statement's own words, parsed from the very bytes, wrapped so
 * that nothing is clipped, and below them what is good to know but not signed. It refuses to know a dossier other than through
 * those bytes, but for the lines below.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_SIGN_LINES_H
#define MOTCUA_TUI_SIGN_LINES_H

#include "tui/dossier_parts.h"

struct sign_line {
    const char *label; /* "": it goes on from the line above */
    const char *text;
    bool is_signed; /* `│` before it: part of the statement */
};
/* All lines for a screen of `cols` columns, in `arena`. `shown` is the dossier for the lines below. */
size_t sign_lines(struct app *, const struct signing_statement *, const struct dossier_shown *, int cols,
                  struct arena *, struct sign_line **out);
void sign_line_draw(const struct sign_line *, struct canvas *, int row);

#endif
