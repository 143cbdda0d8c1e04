/* capability: what the terminal's description says, as bytes. It refuses padding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/capability.h"

#include "tui/term.h"

#include <curses.h>
#include <string.h>
#define term term_of_curses /* <term.h> has a struct of our name */
#include <term.h>
#undef term

/* A capability's text without its padding ($<5>), which no terminal of today needs. */
void capability_add(struct buf *out, const char *name)
{
    const char *text = tigetstr((char *)name);

    if (!text || text == (char *)-1)
        return;
    for (; *text; text++) {
        if (text[0] == '$' && text[1] == '<')
            text += strcspn(text, ">");
        else
            buf_char(out, *text);
        if (!*text)
            return;
    }
}

void term_map_keys(struct term *t, struct input *in)
{
    static const struct {
        const char *capability;
        enum key_name name;
        bool ctrl, alt;
    } keys[] = {
        {"kcuu1", KEY_NAME_UP, false, false},       {"kcud1", KEY_NAME_DOWN, false, false},
        {"kcub1", KEY_NAME_LEFT, false, false},     {"kcuf1", KEY_NAME_RIGHT, false, false},
        {"khome", KEY_NAME_HOME, false, false},     {"kend", KEY_NAME_END, false, false},
        {"kpp", KEY_NAME_PGUP, false, false},       {"knp", KEY_NAME_PGDN, false, false},
        {"kich1", KEY_NAME_INSERT, false, false},   {"kdch1", KEY_NAME_DELETE, false, false},
        {"kcbt", KEY_NAME_SHIFT_TAB, false, false}, {"kent", KEY_NAME_ENTER, false, false},
        {"kLFT3", KEY_NAME_LEFT, false, true},      {"kRIT3", KEY_NAME_RIGHT, false, true},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct buf sequence = {0};
        capability_add(&sequence, keys[i].capability);
        if (sequence.len)
            input_map(in, sequence.data, keys[i].name, keys[i].ctrl, keys[i].alt);
        buf_clear(&sequence);
    }
    for (int i = 1; i <= 12; i++) {
        struct buf sequence = {0};
        char *capability = mem_format("kf%d", i);
        capability_add(&sequence, capability);
        if (sequence.len)
            input_map(in, sequence.data, (enum key_name)(KEY_NAME_F1 + i - 1), false, false);
        mem_free(&capability);
        buf_clear(&sequence);
    }
}
