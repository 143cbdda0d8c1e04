/* Anything at all from a keyboard, in any pieces and at any pace: keys are keys, texts are UTF-8, and what was pasted is never a command.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/text.h"
#include "tui/key.h"

#include <string.h>

#define PAUSE 0xff /* never sent by a terminal that speaks UTF-8: the next byte is milliseconds */

static void check_utf8(const char *text)
{
    struct buf nfc = {0};

    CHECK(text_nfc(text, strlen(text), &nfc));
    CHECK(nfc.len == strlen(text) && memcmp(nfc.data ? nfc.data : "", text, nfc.len) == 0);
    buf_clear(&nfc);
}

static void check_key(struct key *key)
{
    if (key->text) {
        CHECK(key->name == KEY_NAME_NONE);
        check_utf8(key->text);
    } else {
        char name[24];
        struct key same;
        CHECK(key->name > KEY_NAME_NONE && key->name <= KEY_NAME_F12 && !key->pasted);
        if (key->name == KEY_NAME_CHAR || key->name == KEY_NAME_SPACE)
            check_utf8(key->letter);
        CHECK(key->name != KEY_NAME_CHAR || (unsigned char)key->letter[0] > ' ');
        key_format(key, name);
        if (key->name != KEY_NAME_CHAR || !(key->letter[0] & 0x80)) {
            CHECK(key_parse(name, &same));
            CHECK(same.name == key->name && same.ctrl == key->ctrl && same.alt == key->alt);
        }
    }
    key_clear(key);
}

/* Everything that is there now; asks again only when it may. */
static void drain(struct input *in, bool typing, int64_t now, size_t *keys)
{
    struct key key;
    int wait;

    while (input_next(in, typing, now, &key, &wait)) {
        check_key(&key);
        ++*keys;
    }
    CHECK(wait >= -1 && wait <= 2000);
    CHECK(wait != 0); /* the loop would spin */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct input *in = input_new();
    int64_t now = 1000;
    size_t keys = 0;
    bool typing = size > 0 && (bytes[0] & 1);

    input_map(in, "\033[25~", KEY_NAME_F1, false, false);
    for (size_t i = 0; i < size;) {
        size_t n = 0;
        if (bytes[i] == PAUSE) {
            now += i + 1 < size ? bytes[i + 1] : 0;
            i += 2;
            drain(in, typing, now, &keys);
            continue;
        }
        while (i + n < size && bytes[i + n] != PAUSE)
            n++;
        input_feed(in, bytes + i, n, now);
        drain(in, typing, now, &keys);
        typing = (bytes[i] & 2) != 0; /* what has the focus changes as people go on */
        i += n;
    }
    now += 10000;
    drain(in, typing, now, &keys);
    CHECK(keys <= size);
    input_feed(in, "x", 1, now); /* and it is still a keyboard */
    keys = 0;
    drain(in, typing, now + 10000, &keys);
    CHECK(keys == 1);
    input_free(&in);
    return 0;
}
