/* text_fit: displayed text made to fit: cut, shortened, hidden, wrapped.
 * It refuses to split a letter from its marks and to give back more columns than it was given.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define ELLIPSIS  "…"
#define CODE_TAIL 9 /* the national code's last part differs, the rest is the office (screens.md rule 2) */
#define OPEN_TAIL 4 /* of a hidden number (screens.md rule 9) */

char *text_cut(struct arena *arena, const char *shown, int columns)
{
    size_t len = strlen(shown), used = 0;
    int width = 0;

    if (text_width_n(shown, len) <= columns)
        return arena_copy_n(arena, shown, len);
    if (columns < 1)
        return arena_copy(arena, "");
    for (;;) {
        size_t n = text_letter(shown + used, len - used);
        int w = text_width_n(shown + used, n);
        if (width + w > columns - 1)
            break;
        width += w;
        used += n;
    }
    return arena_format(arena, "%.*s" ELLIPSIS, (int)used, shown);
}

/* Where the last `words` words begin; NULL if there are not more words than that. */
static const char *last_words(const char *text, size_t len, int words)
{
    for (size_t i = len; i-- > 1;)
        if (text[i - 1] == ' ' && text[i] != ' ' && --words == 0)
            return text + i;
    return NULL;
}

/* Bytes of as many whole words as `columns` take; `text` ends with a space. */
static size_t first_words(const char *text, size_t len, int columns)
{
    size_t fit = 0;
    int width = 0;

    for (size_t i = 0, n; i < len && width <= columns; i += n) {
        if (text[i] == ' ' && text[i - 1] != ' ')
            fit = i;
        n = text_letter(text + i, len - i);
        width += text_width_n(text + i, n);
    }
    return fit;
}

char *text_cut_middle(struct arena *arena, const char *shown, int columns)
{
    const char *text = shown + strspn(shown, " ");
    size_t len = strlen(text);

    if (text_width(shown) <= columns)
        return arena_copy(arena, shown);
    while (len && text[len - 1] == ' ')
        len--;
    for (int words = 2; words > 0; words--) {
        const char *tail = last_words(text, len, words);
        if (!tail)
            continue;
        size_t tail_len = len - (size_t)(tail - text);
        size_t head = first_words(text, (size_t)(tail - text), columns - 1 - text_width_n(tail, tail_len));
        if (head)
            return arena_format(arena, "%.*s" ELLIPSIS "%.*s", (int)head, text, (int)tail_len, tail);
    }
    return text_cut(arena, shown, columns);
}

/* The longest end of `text` of at most `letters` letters and `columns` columns. */
static const char *tail_of(const char *text, size_t letters, int columns)
{
    size_t len = strlen(text), count = 0;
    int width = text_width_n(text, len);

    for (size_t i = 0; i < len; i += text_letter(text + i, len - i))
        count++;
    while (count > letters || width > columns) {
        size_t n = text_letter(text, len);
        width -= text_width_n(text, n);
        text += n;
        len -= n;
        count--;
    }
    return text;
}

char *text_code(struct arena *arena, const char *code, int columns)
{
    char *shown = text_shown(arena, code);

    if (text_width(shown) <= columns)
        return shown;
    if (columns < 1)
        return arena_copy(arena, "");
    return arena_format(arena, ELLIPSIS "%s", tail_of(shown, CODE_TAIL, columns - 1));
}

char *text_masked(struct arena *arena, const char *number)
{
    char *shown = text_shown(arena, number);
    const char *tail = tail_of(shown, OPEN_TAIL, INT_MAX);

    if (!*shown)
        return shown;
    return arena_format(arena, "***%s", tail == shown ? "" : tail);
}

/* --- wrapping -------------------------------------------------------------------------------------------------- */

struct lines {
    struct arena *arena;
    char **at;
    size_t n, cap;
};

static void add_line(struct lines *lines, const char *text, size_t len)
{
    while (len && text[len - 1] == ' ')
        len--;
    if (lines->n == lines->cap) {
        lines->cap = lines->cap ? lines->cap * 2 : 8;
        lines->at = mem_grow(lines->at, lines->cap, sizeof *lines->at);
    }
    lines->at[lines->n++] = arena_copy_n(lines->arena, text, len);
}

/* How much of `text` goes on one line: all, or up to a space, or up to a letter. 0: only the indent stands in the way. */
static size_t line_length(const char *text, size_t len, int columns)
{
    size_t indent = strspn(text, " "), space = 0, n;
    int width = 0;

    for (size_t i = 0; i < len; i += n) {
        n = text_letter(text + i, len - i);
        width += text_width_n(text + i, n);
        if (text[i] == ' ') {
            if (i > indent)
                space = i;
        } else if (width > columns) {
            return space ? space : indent ? 0 : i;
        }
    }
    return len;
}

static void wrap_paragraph(struct lines *lines, const char *text, size_t len, int columns)
{
    do {
        size_t n = line_length(text, len, columns);
        if (n)
            add_line(lines, text, n);
        else if (!len)
            add_line(lines, "", 0);
        text += n;
        len -= n;
        size_t spaces = len ? strspn(text, " ") : 0;
        text += spaces;
        len -= spaces;
    } while (len);
}

size_t text_wrap(struct arena *arena, const char *shown, int columns, char ***out)
{
    struct lines lines = {.arena = arena};

    if (columns < 2)
        columns = 2; /* the widest letter has two */
    for (;;) {
        size_t len = strcspn(shown, "\n");
        wrap_paragraph(&lines, shown, len, columns);
        if (!shown[len])
            break;
        shown += len + 1;
    }
    *out = arena_alloc(arena, lines.n * sizeof **out);
    memcpy(*out, lines.at, lines.n * sizeof **out);
    free(lines.at);
    return lines.n;
}

/* --- money ----------------------------------------------------------------------------------------------------- */

char *text_money(struct arena *arena, int64_t dong)
{
    uint64_t rest = dong < 0 ? -(uint64_t)dong : (uint64_t)dong;
    char digits[32];
    size_t at = sizeof digits - 1;

    digits[at] = '\0';
    for (int n = 0; n == 0 || rest; n++, rest /= 10) {
        if (n && n % 3 == 0)
            digits[--at] = '.';
        digits[--at] = (char)('0' + rest % 10);
    }
    return arena_format(arena, "%s%s đ", dong < 0 ? "-" : "", digits + at);
}
