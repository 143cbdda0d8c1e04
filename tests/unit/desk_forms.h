/* desk_forms: a dossier of an office's, each form of it, and the page that comes out read by other people's programs (poppler, zbar).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_DESK_FORMS_H
#define MOTCUA_TESTS_UNIT_DESK_FORMS_H

#include "core/codec.h"
#include "core/handout.h"
#include "desk/sheet.h"
#include "tests/harness.h"

struct forms {
    struct arena arena;
    char *dir;
    json_t *json; /* of the dossier; a test changes it before forms_make() */
    struct handout_ask ask;
    struct handout handout;
    char *pdf;  /* its path */
    char *text; /* of the page, blanks and line breaks one blank each */
    int pages;
};
int forms_open(void **state);
int forms_close(void **state);

/* A member of the dossier becomes this JSON (' for "). */
void forms_set(struct forms *, const char *member, const char *json);
void forms_event(struct forms *, const char *action, const char *by, const char *note);
/* The form as it comes out of the printer, having gone the way to the helper. */
void forms_make(struct forms *, enum handout_kind, enum sheet_size);
void forms_print(struct forms *, enum sheet_size); /* of what stands in `handout` */
/* The words stand on the page, in this order. */
void forms_say_at(struct forms *, const char *words, struct at);
#define forms_say(f, words) forms_say_at(f, words, HERE)
/* What zbar reads on the page as a picture, one a line, "CODE-128:…". The caller frees. */
char *forms_codes(struct forms *);

#endif
