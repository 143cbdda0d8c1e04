/* i18n: gettext with a context, for English words that have two Vietnamese ones.
 * It refuses to choose a language or a catalogue: each program's main() does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"

#include <string.h>

/* A text that has no translation comes back as the very pointer that was asked for. The empty text is no key: a catalogue
 * has its own header there. */
const char *i18n_in_context(const char *key, const char *text)
{
    const char *shown = gettext(key);
    return shown == key ? text : shown;
}

const char *i18n_shown(const char *key)
{
    if (key[0] == '\0')
        return key;
    const char *after = strchr(key, '\004');
    return i18n_in_context(key, after ? after + 1 : key);
}
