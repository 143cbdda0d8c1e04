/* key: what came from the keyboard, as one thing at a time: a key press, or a whole text (paste, scanner burst).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_KEY_H
#define MOTCUA_TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Named as in screens.md: "F2", "Ctrl-P", "Alt-s", "Up", "Space", "Shift-Tab", "x". */
enum key_name {
    KEY_NAME_NONE,
    KEY_NAME_CHAR, /* `letter` holds it */
    KEY_NAME_ENTER,
    KEY_NAME_ESC,
    KEY_NAME_TAB,
    KEY_NAME_SHIFT_TAB,
    KEY_NAME_SPACE,
    KEY_NAME_BACKSPACE,
    KEY_NAME_DELETE,
    KEY_NAME_INSERT,
    KEY_NAME_HOME,
    KEY_NAME_END,
    KEY_NAME_PGUP,
    KEY_NAME_PGDN,
    KEY_NAME_UP,
    KEY_NAME_DOWN,
    KEY_NAME_LEFT,
    KEY_NAME_RIGHT,
    KEY_NAME_F1,
    KEY_NAME_F12 = KEY_NAME_F1 + 11,
};
struct key {
    enum key_name name;
    bool ctrl, alt;
    char letter[14]; /* UTF-8, NFC, one letter; Ctrl-P has "P"; a Space that was typed " " */
    char *text;      /* not NULL: a whole text; name is NONE. The receiver's to free */
    bool pasted;     /* bracketed paste; false: a burst */
};
void key_clear(struct key *);
/* "Ctrl-P" ↔ key. key_parse knows no aliases. */
bool key_parse(const char *name, struct key *out);
void key_format(const struct key *, char out[static 24]);
bool key_equal(const struct key *, const struct key *);

/* Bytes and time → keys. Pure: no terminal, no clock. Esc waits 25 ms; outside fields printable letters wait for a gap of 30 ms: 8 or
 * more without one are one text, whose last CR, LF or Tab belongs to it. Unknown sequences (answers of the terminal) yield nothing. */
struct input;
struct input *input_new(void);
void input_free(struct input **);
void input_map(struct input *, const char *sequence, enum key_name name, bool ctrl,
               bool alt); /* terminfo's own, beside the built-in ones */
void input_feed(struct input *, const void *bytes, size_t n, int64_t now_ms);
/* `typing`: a field has the focus, letters come at once. false: nothing complete yet; *wait_ms gets when to ask again (-1: not before
 * more bytes). */
bool input_next(struct input *, bool typing, int64_t now_ms, struct key *out, int *wait_ms);

#endif
