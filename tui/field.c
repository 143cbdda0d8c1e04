/* field: typed text and its cursor; scrolling lists.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/field.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define FIELD_MAX 1000 /* letters; contract: text without a stated length */

void field_clear(struct field *f)
{
    buf_wipe(&f->text);
    f->at = 0;
    f->shown_from = 0;
    f->mood = TYPING_FRESH;
}

const char *field_text(const struct field *f)
{
    return f->text.data ? f->text.data : "";
}

static size_t letters(const char *text, size_t n)
{
    size_t count = 0;

    for (size_t step; n > 0 && (step = text_letter(text, n)) > 0; text += step, n -= step)
        count++;
    return count;
}

static size_t before(const struct field *f, size_t at)
{
    size_t from = 0;

    for (size_t step; from < at; from += step) {
        step = text_letter(f->text.data + from, f->text.len - from);
        if (step == 0 || from + step >= at)
            break;
    }
    return from;
}

static size_t after(const struct field *f, size_t at)
{
    return at < f->text.len ? at + text_letter(f->text.data + at, f->text.len - at) : at;
}

static void cut(struct field *f, size_t from, size_t until)
{
    if (from >= until)
        return;
    memmove(f->text.data + from, f->text.data + until, f->text.len - until + 1);
    f->text.len -= until - from;
    f->at = from;
}

void field_set(struct field *f, const char *text)
{
    field_clear(f);
    field_insert(f, text);
}

/* What no person types: every control character (C0, DEL, C1) is a space; "\n" stays where it makes a line. */
static void plain(char *text, bool lines)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        if (c[0] == '\r' && c[1] == '\n' && lines)
            *c = ' ';
        else if ((*c < ' ' || *c == 0x7f) && !(lines && (*c == '\n' || *c == '\r')))
            *c = ' ';
        else if (*c == '\r')
            *c = '\n';
        else if (c[0] == 0xc2 && c[1] < 0xa0)
            c[0] = c[1] = ' ';
    }
}

bool field_insert(struct field *f, const char *utf8)
{
    struct buf typed = {0}, whole = {0};
    size_t max = f->max ? f->max : FIELD_MAX;

    if (!text_nfc(utf8, strlen(utf8), &typed) || typed.len == 0) {
        buf_clear(&typed);
        return false;
    }
    plain(typed.data, f->lines);
    size_t room = max - letters(field_text(f), f->text.len), taken = 0;
    for (size_t step; room > 0 && taken < typed.len; taken += step, room--)
        if ((step = text_letter(typed.data + taken, typed.len - taken)) == 0)
            break;
    buf_add(&whole, field_text(f), f->at);
    buf_add(&whole, typed.data, taken);
    size_t at = whole.len;
    buf_add(&whole, field_text(f) + f->at, f->text.len - f->at);
    buf_wipe(&f->text);
    f->at = at;
    /* A mark that arrives after its letter (NFD input) joins it. */
    if (!text_nfc(whole.data, whole.len, &f->text)) {
        f->text = whole;
        whole = (struct buf){0};
    } else if (f->text.len < whole.len) {
        f->at -= whole.len - f->text.len;
    }
    buf_wipe(&typed);
    buf_wipe(&whole);
    return taken > 0;
}

bool field_type(struct field *f, const struct typing *t, const char *utf8)
{
    struct buf word = {0};
    size_t from;
    bool one_key = (unsigned char)utf8[0] < 0x80 && utf8[0] != '\0' && utf8[1] == '\0';

    if (!one_key || !typing_key(t, field_text(f), f->at, utf8[0], &f->mood, &from, &word))
        return field_insert(f, utf8);
    cut(f, from, f->at);
    bool taken = field_insert(f, word.data);
    buf_wipe(&word);
    return taken;
}

static size_t line_start(const struct field *f, size_t at)
{
    while (at > 0 && f->text.data[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const struct field *f, size_t at)
{
    while (at < f->text.len && f->text.data[at] != '\n')
        at++;
    return at;
}

static size_t word_start(const struct field *f, size_t at)
{
    while (at > 0 && f->text.data[at - 1] == ' ')
        at--;
    while (at > 0 && f->text.data[at - 1] != ' ' && f->text.data[at - 1] != '\n')
        at--;
    return at;
}

/* Up or down a line, to the same letter of it where it has one. */
static bool move_line(struct field *f, bool up)
{
    size_t start = line_start(f, f->at), target;

    if (up ? start == 0 : line_end(f, f->at) == f->text.len)
        return false;
    size_t column = letters(f->text.data + start, f->at - start);
    target = up ? line_start(f, start - 1) : line_end(f, f->at) + 1;
    size_t end = line_end(f, target);
    while (column-- > 0 && target < end)
        target = after(f, target);
    f->at = target;
    return true;
}

bool field_command(struct field *f, enum command_id id)
{
    f->mood = TYPING_FRESH;
    switch (id) {
    case CMD_ERASE:
        cut(f, before(f, f->at), f->at);
        return true;
    case CMD_ERASE_NEXT:
        cut(f, f->at, after(f, f->at));
        return true;
    case CMD_ERASE_WORD:
        cut(f, word_start(f, f->at), f->at);
        return true;
    case CMD_ERASE_LINE:
        cut(f, line_start(f, f->at), f->at);
        return true;
    case CMD_PREV_TAB:
        f->at = before(f, f->at);
        return true;
    case CMD_NEXT_TAB:
        f->at = after(f, f->at);
        return true;
    case CMD_FIRST:
        f->at = line_start(f, f->at);
        return true;
    case CMD_LAST:
        f->at = line_end(f, f->at);
        return true;
    case CMD_UP:
    case CMD_DOWN:
        return f->lines && move_line(f, id == CMD_UP);
    case CMD_NEWLINE:
        return f->lines && field_insert(f, "\n");
    default:
        return false;
    }
}

/* One line: scrolls so that the cursor is seen. */
static void draw_line(struct field *f, struct canvas *c, int row, int col, int columns, bool focused,
                      enum style style)
{
    struct arena arena = {0};
    char *left = text_shown(&arena, arena_copy_n(&arena, field_text(f), f->at));
    char *all = text_shown(&arena, field_text(f));
    int at = text_width(left);

    if (at <= f->shown_from)
        f->shown_from = at > columns / 2 ? at - columns / 2 : 0; /* with what stands before it */
    if (at - f->shown_from >= columns)
        f->shown_from = at - columns + 1;
    int skipped = 0;
    for (size_t n; *all && skipped < f->shown_from; all += n) {
        n = text_letter(all, strlen(all));
        skipped += text_width_n(all, n);
    }
    canvas_put(c, row, col, columns, style, all);
    if (focused)
        canvas_cursor(c, row, col + at - skipped);
    arena_clear(&arena);
}

/* Several lines, wrapped by letters so that every typed space is seen. */
static void draw_lines(struct field *f, struct canvas *c, int row, int col, int rows, int columns,
                       bool focused, enum style style)
{
    const char *text = field_text(f);
    int line = 0, column = 0, cursor_line = 0, cursor_column = 0;

    for (int pass = 0; pass < 2; pass++) { /* first where the cursor is, then the drawing */
        line = column = 0;
        for (size_t at = 0, n;; at += n) {
            if (at == f->at) {
                cursor_line = line;
                cursor_column = column;
            }
            if (at >= f->text.len)
                break;
            n = text_letter(text + at, f->text.len - at);
            if (text[at] == '\n') {
                line++;
                column = 0;
                continue;
            }
            struct buf shown = {0};
            text_display(text + at, n, TEXT_PLAIN, &shown);
            int width = text_width(shown.data ? shown.data : "");
            if (column + width > columns) {
                line++;
                column = 0;
            }
            if (pass == 1 && line >= f->shown_from && line < f->shown_from + rows)
                canvas_put(c, row + line - f->shown_from, col + column, columns - column, style, shown.data);
            column += width;
            buf_clear(&shown);
        }
        if (cursor_line < f->shown_from)
            f->shown_from = cursor_line;
        if (cursor_line >= f->shown_from + rows)
            f->shown_from = cursor_line - rows + 1;
    }
    if (focused)
        canvas_cursor(c, row + cursor_line - f->shown_from,
                      col + (cursor_column < columns ? cursor_column : columns - 1));
}

void field_draw(struct field *f, struct canvas *c, int row, int col, int rows, int columns, bool focused,
                enum style style)
{
    for (int r = 0; r < rows; r++)
        canvas_fill(c, row + r, col, columns, style, " ");
    if (rows <= 1 && !f->lines)
        draw_line(f, c, row, col, columns, focused, style);
    else
        draw_lines(f, c, row, col, rows, columns, focused, style);
}

void scroll_fit(struct scroll *s, size_t n, size_t shown)
{
    if (shown == 0)
        shown = 1;
    if (s->focus >= n)
        s->focus = n ? n - 1 : 0;
    if (s->focus < s->first)
        s->first = s->focus;
    if (s->focus >= s->first + shown)
        s->first = s->focus - shown + 1;
    if (s->first + shown > n)
        s->first = n > shown ? n - shown : 0;
}

bool scroll_command(struct scroll *s, enum command_id id, size_t n, size_t shown)
{
    switch (id) {
    case CMD_UP:
        s->focus -= s->focus > 0;
        break;
    case CMD_DOWN:
        s->focus += s->focus + 1 < n;
        break;
    case CMD_PAGE_UP:
        s->focus = s->focus > shown ? s->focus - shown : 0;
        break;
    case CMD_PAGE_DOWN:
        s->focus += shown;
        break;
    case CMD_FIRST:
        s->focus = 0;
        break;
    case CMD_LAST:
        s->focus = n ? n - 1 : 0;
        break;
    default:
        return false;
    }
    scroll_fit(s, n, shown);
    return true;
}
