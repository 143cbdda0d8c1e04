/* procedure_parts: a procedure in words, for its page and for what shows a part of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_PROCEDURE_PARTS_H
#define MOTCUA_TUI_PROCEDURE_PARTS_H

#include "core/procedure.h"
#include "tui/app.h"
#include "tui/page.h"

/* "lệ phí, căn cứ": the names of what procedure_lacks(). In arena. */
char *procedure_lacks_words(struct arena *, unsigned lacks);
/* Its public address as a person types it; it has to have one. In arena. */
const char *procedure_address(struct arena *, const struct procedure *);
/* The whole page; ends it (page_end) and returns how many rows there are. */
int procedure_write(struct app *, const struct procedure *, struct page *);

#endif
