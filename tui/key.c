/* key: names of keys, both ways.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/key.h"

#include "core/mem.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [KEY_NAME_ENTER] = "Enter",   [KEY_NAME_ESC] = "Esc",
    [KEY_NAME_TAB] = "Tab",       [KEY_NAME_SHIFT_TAB] = "Shift-Tab",
    [KEY_NAME_SPACE] = "Space",   [KEY_NAME_BACKSPACE] = "Backspace",
    [KEY_NAME_DELETE] = "Delete", [KEY_NAME_INSERT] = "Insert",
    [KEY_NAME_HOME] = "Home",     [KEY_NAME_END] = "End",
    [KEY_NAME_PGUP] = "PgUp",     [KEY_NAME_PGDN] = "PgDn",
    [KEY_NAME_UP] = "Up",         [KEY_NAME_DOWN] = "Down",
    [KEY_NAME_LEFT] = "Left",     [KEY_NAME_RIGHT] = "Right",
};
#define N_NAMES (int)(sizeof names / sizeof *names)

void key_clear(struct key *key)
{
    if (key->text)
        mem_wipe(key->text, strlen(key->text));
    mem_free(&key->text);
    *key = (struct key){0};
}

static bool parse_named(const char *name, struct key *out)
{
    char end;
    int number;

    for (int i = KEY_NAME_ENTER; i < N_NAMES; i++)
        if (strcmp(names[i], name) == 0) {
            out->name = (enum key_name)i;
            return true;
        }
    if (sscanf(name, "F%d%c", &number, &end) == 1 && number >= 1 && number <= 12 && name[1] != '0') {
        out->name = (enum key_name)(KEY_NAME_F1 + number - 1);
        return true;
    }
    return false;
}

bool key_parse(const char *name, struct key *out)
{
    *out = (struct key){0};
    for (;;) {
        if (!out->ctrl && strncmp(name, "Ctrl-", 5) == 0 && name[5]) {
            out->ctrl = true;
            name += 5;
        } else if (!out->alt && strncmp(name, "Alt-", 4) == 0 && name[4]) {
            out->alt = true;
            name += 4;
        } else {
            break;
        }
    }
    if (parse_named(name, out))
        return true;
    size_t n = text_letter(name, strlen(name));
    if (n == 0 || name[n] || n >= sizeof out->letter || (unsigned char)name[0] <= ' ' || name[0] == 0x7f)
        return false;
    out->name = KEY_NAME_CHAR;
    memcpy(out->letter, name, n);
    if (out->ctrl && n == 1 && name[0] >= 'a' && name[0] <= 'z')
        out->letter[0] = (char)(name[0] - 'a' + 'A');
    return true;
}

void key_format(const struct key *key, char out[static 24])
{
    const char *prefix = key->ctrl ? key->alt ? "Ctrl-Alt-" : "Ctrl-" : key->alt ? "Alt-" : "";

    if (key->name == KEY_NAME_CHAR)
        snprintf(out, 24, "%s%s", prefix, key->letter);
    else if (key->name >= KEY_NAME_F1 && key->name <= KEY_NAME_F12)
        snprintf(out, 24, "%sF%d", prefix, (int)(key->name - KEY_NAME_F1) + 1);
    else if (key->name > KEY_NAME_CHAR && (int)key->name < N_NAMES)
        snprintf(out, 24, "%s%s", prefix, names[key->name]);
    else
        out[0] = '\0';
}

bool key_equal(const struct key *a, const struct key *b)
{
    /* A typed Space brings its letter for fields; a bound one has a name alone. */
    return a->name == b->name && a->ctrl == b->ctrl && a->alt == b->alt &&
           (a->name != KEY_NAME_CHAR || strcmp(a->letter, b->letter) == 0);
}
