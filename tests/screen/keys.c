/* keys: the names that screens.md gives keys, and the bytes that xterm sends for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/pty.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *bytes;
    char with_alt[8]; /* "" : Alt is an Esc before the bytes */
} named[] = {
    {"Enter", "\r", ""},
    {"Esc", "\033", ""},
    {"Tab", "\t", ""},
    {"Shift-Tab", "\033[Z", ""},
    {"Space", " ", ""},
    {"Backspace", "\177", ""},
    {"Delete", "\033[3~", ""},
    {"Insert", "\033[2~", ""},
    {"Up", "\033OA", "\033[1;3A"},
    {"Down", "\033OB", "\033[1;3B"},
    {"Right", "\033OC", "\033[1;3C"},
    {"Left", "\033OD", "\033[1;3D"},
    {"Home", "\033OH", "\033[1;3H"},
    {"End", "\033OF", "\033[1;3F"},
    {"PgUp", "\033[5~", "\033[5;3~"},
    {"PgDn", "\033[6~", "\033[6;3~"},
    {"F1", "\033OP", ""},
    {"F2", "\033OQ", ""},
    {"F3", "\033OR", ""},
    {"F4", "\033OS", ""},
    {"F5", "\033[15~", ""},
    {"F6", "\033[17~", ""},
    {"F7", "\033[18~", ""},
    {"F8", "\033[19~", ""},
    {"F9", "\033[20~", ""},
    {"F10", "\033[21~", ""},
    {"F11", "\033[23~", ""},
    {"F12", "\033[24~", ""},
};

/* One letter: one character of UTF-8. */
static bool letter(const char *name)
{
    size_t n = strlen(name);

    if (n == 0 || n > 4)
        return false;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)name[i] & 0xc0) != 0x80)
            return false;
    return n == 1 || ((unsigned char)name[0] & 0xc0) == 0xc0;
}

bool key_bytes(const char *name, char out[static 16])
{
    bool alt = strncmp(name, "Alt-", 4) == 0 && name[4];

    if (alt)
        name += 4;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcmp(name, named[i].name) == 0) {
            if (alt && *named[i].with_alt)
                snprintf(out, 16, "%s", named[i].with_alt);
            else
                snprintf(out, 16, "%s%s", alt ? "\033" : "", named[i].bytes);
            return true;
        }
    if (strncmp(name, "Ctrl-", 5) == 0 && name[5] && !name[6]) {
        snprintf(out, 16, "%s%c", alt ? "\033" : "", name[5] & 0x1f);
        return true;
    }
    if (!letter(name))
        return false;
    snprintf(out, 16, "%s%s", alt ? "\033" : "", name);
    return true;
}
