/* typing: Vietnamese letters from plain keys, by Telex or VNI, for machines that have no input method (the Linux console, many SSH
 * sessions). It works on the word before the cursor, whoever wrote it, and keeps no other state than a mood. It refuses no spelling:
 * what is no Vietnamese syllable can be typed too, and a key that is repeated is a letter again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_TYPING_H
#define MOTCUA_CORE_TYPING_H

#include "core/mem.h"

enum typing_method { TYPING_OFF, TYPING_TELEX, TYPING_VNI };
#define TYPING_METHODS 3
/* "off", "telex", "vni": as it is remembered. NULL or an unknown name is off. */
const char *typing_method_name(enum typing_method);
enum typing_method typing_method_parse(const char *name);

struct typing {
    enum typing_method method;
    bool new_tones; /* hoà, thuý; else hòa, thúy, as official papers have it */
};

/* A field's own; TYPING_FRESH again when its cursor moves or something is erased. */
enum typing_mood {
    TYPING_FRESH,
    TYPING_LONE_W,  /* the letter before the cursor is an ư that a w alone made */
    TYPING_LITERAL, /* a key took its work back: the rest of the word is taken as it is typed */
};

/* What the typed character `key` makes of `text`, the `n` bytes before the cursor (NFC). true: the bytes from `*from` on become `out` (NFC,
 * `key` and its work included; appended). false: the key is to be inserted as it is. */
bool typing_key(const struct typing *, const char *text, size_t n, char key, enum typing_mood *, size_t *from,
                struct buf *out);

#endif
