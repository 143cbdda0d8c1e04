/* html: what the pages for a person's phone have in common: plain HTML without a script, which says that it is training. It refuses to know
 * what they are about.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_HTML_H
#define MOTCUA_TRAINING_HTML_H

#include "training/inside.h"

const char *html_text(struct call *, const char *text); /* text → HTML, in the call's arena */
void html_officers(struct call *,
                   struct buf *out); /* to choose from, as field `can_bo` of a form: in training anybody may be anybody */
/* The answer: a page of this title around `inside`, which is taken. */
void html_answer(struct call *, int status, struct say title, struct buf *inside);

#endif
