/* shown: what may stand on a screen, in a log or in a sentence, for every fuzz target that makes one. It refuses to ask the gate.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_FUZZ_SHOWN_H
#define MOTCUA_TESTS_FUZZ_SHOWN_H

#include "tests/forbidden.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* Valid UTF-8, nothing forbidden, at most two marks on a letter and none without one. */
static inline void check_shown_n(const char *text, size_t len, bool lines)
{
    int marks = 0;
    bool base = false;
    int32_t cp;

    for (size_t i = 0; i < len;) {
        utf8proc_ssize_t n = utf8proc_iterate((const unsigned char *)text + i, (utf8proc_ssize_t)(len - i), &cp);
        CHECK(n > 0);
        CHECK(!forbidden(cp) || (lines && cp == '\n'));
        bool mark = cp >= 0x300 && utf8proc_charwidth(cp) == 0;
        marks = mark ? marks + 1 : 0;
        CHECK(!mark || (base && marks <= 2));
        base = mark ? base : cp != ' ' && cp != '\n';
        i += (size_t)n;
    }
}

static inline void check_shown(const char *text)
{
    check_shown_n(text, strlen(text), false);
}

#endif
