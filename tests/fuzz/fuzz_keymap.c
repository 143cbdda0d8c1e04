/* Keymap files of anybody: read without harm, complained about in sentences that drive no terminal, and every binding that is told is one
 * that works.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "tui/keymap.h"

#include <string.h>

static const struct {
    const char *view;
    unsigned focus;
} places[] = {{"dossiers", FOCUS_ROW | FOCUS_NUMBER},
              {"form", FOCUS_TEXT},
              {"form", FOCUS_NOTE},
              {"dossiers", FOCUS_PROMPT},
              {"queues", FOCUS_NONE},
              {"palette", FOCUS_PROMPT | FOCUS_ROW}};

static void complain(void *context, const char *sentence)
{
    size_t *lines = context;

    CHECK(strncmp(sentence, "file:", 5) == 0);
    for (const unsigned char *b = (const unsigned char *)sentence; *b; b++)
        CHECK(*b >= 0x20 && *b != 0x7f && !(b[0] == 0xc2 && b[1] < 0xa0));
    ++*lines;
}

/* The keys that help would show run what it says. */
static void check_keys(const struct keymap *map, const char *view, unsigned focus, enum command_id id)
{
    struct arena arena = {0};
    const char *keys = keymap_keys(map, view, focus, id, false, &arena);
    const char *best = keymap_keys(map, view, focus, id, true, &arena);

    CHECK((*keys == '\0') == (*best == '\0'));
    while (*keys) {
        const char *end = strstr(keys + 1, "  "); /* a key may be a blank letter's neighbour, never empty */
        size_t n = end ? (size_t)(end - keys) : strlen(keys);
        struct key key;
        CHECK(key_parse(arena_copy_n(&arena, keys, n), &key));
        CHECK(keymap_command(map, view, focus, &key) == id);
        keys += n + (end ? 2 : 0);
    }
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct keymap *map = keymap_new();
    size_t complaints = 0;
    bool good = keymap_read(map, "file", (const char *)bytes, size, complain, &complaints);

    CHECK(good == (complaints == 0));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (enum command_id id = CMD_NONE + 1; id < CMD_COUNT; id++)
            check_keys(map, places[i].view, places[i].focus, id);
    for (char letter = '!'; letter < 0x7f; letter++) { /* whatever the file says: letters in fields are letters */
        struct key key = {.name = KEY_NAME_CHAR, .letter = {letter}};
        CHECK(keymap_command(map, "form", FOCUS_TEXT, &key) == CMD_NONE);
    }
    keymap_free(&map);
    return 0;
}
