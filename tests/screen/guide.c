/* guide: see guide.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/guide.h"

#include "tests/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_DIGITS 24   /* no fewer hex digits in a row are a certificate's number */
#define SETTLE_MS     5000 /* counts and lists come a moment behind what the test waited for */

/* What is another in every run. */
static void hide_chance(char *text)
{
    for (char *at = text; (at = strstr(at, " +07:00")); at++)
        memcpy(at - 2, "00", 2);
    while (*text) {
        size_t n = strspn(text, "0123456789ABCDEF");
        if (n >= NUMBER_DIGITS)
            memset(text, '0', n);
        text += n ? n : 1;
    }
}

/* The fence under the mark; the caller frees. */
static char *shown_in(const char *document, const char *name, struct at at)
{
    char *text = file_text(document), *mark = text_new("<!-- screen: %s -->\n```\n", name);
    char *from = text ? strstr(text, mark) : NULL, *until = from ? strstr(from + strlen(mark), "```\n") : NULL;

    if (!until)
        fail_at(at, "%s has no fence behind “<!-- screen: %s -->”", document, name);
    from += strlen(mark);
    char *fence = text_new("%.*s", (int)(until - from), from);
    free(mark);
    free(text);
    return fence;
}

void guide_shows_at(struct at at, struct screen *s, const char *document, const char *name)
{
    char *shown = shown_in(document, name, at), *seen = NULL;
    bool same = false;

    for (int64_t until = harness_now() + SETTLE_MS; !same && harness_now() < until; screen_read(s, 100)) {
        free(seen);
        seen = screen_text(s);
        hide_chance(seen);
        same = strcmp(shown, seen) == 0;
    }
    golden_keep(name, seen);
    if (!same) {
        screen_dump(s);
        fail_at(at, "%s shows another screen as %s: `make screens` makes it anew", document, name);
    }
    free(shown);
    free(seen);
}
