/* form_draw: ticks, choices and fields of a form.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/form_draw.h"

#include "core/i18n.h"
#include "core/text.h"

#include <string.h>

#define MARK        1
#define TICK        3
#define NAME        9
#define PEOPLE      8 /* of them at most, around the focus */
#define LINE_COLS   40
#define PERSON_COLS 20

static int beside_col(const struct page *p)
{
    return p->cols - 11;
}

/* ── ticks and choices ─────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_choice(struct page *p, const struct form_part *part, size_t i, bool focused)
{
    const struct form_choice *c = &part->choices[i];
    bool few = part->kind == PART_CHOICE, many = part->kind == PART_PERSON;
    const char *box = part->kind == PART_TICKS ? (c->ticked ? "[x]" : "[ ]") : (c->ticked ? "(x)" : "( )");
    int beside = many ? NAME + 26 : beside_col(p);

    if (focused)
        page_focus(p, MARK);
    page_put(p, TICK, -1, STYLE_TEXT, box);
    if (few)
        page_put(p, TICK + 4, -1, STYLE_KEY, arena_format(&p->arena, "%zu", i + 1));
    page_put(p, NAME, -1, STYLE_TEXT, text_cut(&p->arena, c->label, (*c->beside ? beside : p->cols) - NAME - 1));
    page_put(p, beside, -1, STYLE_TEXT, text_cut(&p->arena, c->beside, p->cols - beside));
    page_next(p);
}

/* What is not listed: as many blanks to fill as there is room. */
static void write_other(struct page *p, struct form_part *part, bool focused)
{
    const char *label = _("Other papers: ");
    int col = NAME + text_width(label), columns = beside_col(p) - 2 - col, row = page_block(p, 1);
    const char *typed = field_text(&part->text);

    if (focused)
        page_focus(p, MARK);
    page_put(p, TICK, -1, STYLE_TEXT, *typed ? "[x]" : "[ ]");
    page_put(p, NAME, -1, STYLE_TEXT, label);
    if (row >= 0 && columns > 0) {
        field_draw(&part->text, p->canvas, row, p->left + col, 1, columns, focused, STYLE_FIELD);
        int used = text_width(text_shown(&p->arena, typed));
        if (used < columns)
            canvas_fill(p->canvas, row, p->left + col + used, columns - used, STYLE_FIELD, "_");
    }
    page_next(p);
}

static void write_ticks(struct page *p, struct form_part *part, bool focused)
{
    page_put(p, 1, -1, STYLE_TITLE, part->label);
    page_next(p);
    for (size_t i = 0; i < part->n; i++)
        write_choice(p, part, i, focused && part->focus == i);
    if (part->other)
        write_other(p, part, focused && part->focus == part->n);
}

static void write_choices(struct page *p, const struct form_part *part, bool focused)
{
    page_put(p, 1, -1, STYLE_TITLE,
             part->n ? arena_format(&p->arena, _("%s (press its number)"), part->label)
                     : arena_format(&p->arena, "%s: %s", part->label, part->hint));
    page_next(p);
    for (size_t i = 0; i < part->n; i++)
        write_choice(p, part, i, focused && part->focus == i);
}

/* ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_field(struct page *p, struct form_part *part, int rows, int columns, bool focused)
{
    int row = page_block(p, rows), col = p->left + FORM_FIELD_COL;

    page_put(p, 1, FORM_FIELD_COL - 1, STYLE_TITLE, part->label);
    if (focused) {
        p->focus_row = p->row;
        p->focus_end = p->row + rows - 1;
    }
    if (row >= 0) {
        for (int i = 0; i < rows; i++) {
            canvas_put(p->canvas, row + i, col, 1, STYLE_TEXT, "[");
            canvas_put(p->canvas, row + i, col + 1 + columns, 1, STYLE_TEXT, "]");
        }
        field_draw(&part->text, p->canvas, row, col + 1, rows, columns, focused, STYLE_FIELD);
    }
}

/* Beside the field where there is room, else below it. */
static void write_hint(struct page *p, int columns, const char *hint)
{
    int col = FORM_FIELD_COL + columns + 3;
    bool beside = col + text_width(hint) <= p->cols;

    if (beside)
        page_put(p, col, -1, STYLE_WEAK, hint);
    page_next(p);
    if (!beside)
        page_text(p, FORM_FIELD_COL + 1, STYLE_WEAK, hint);
}

static void write_line(struct page *p, struct form_part *part, bool focused)
{
    int room = p->cols - FORM_FIELD_COL - 2,
        columns = part->text.max < LINE_COLS ? (int)part->text.max : LINE_COLS;

    if (columns > room)
        columns = room;
    write_field(p, part, 1, columns, focused);
    write_hint(p, columns, part->hint);
}

static void write_note(struct page *p, struct form_part *part, bool focused, const char *key)
{
    write_field(p, part, FORM_NOTE_ROWS, p->cols - FORM_FIELD_COL - 2, focused);
    page_next(p);
    if (*key)
        page_put(p, 2, FORM_FIELD_COL - 2, STYLE_WEAK, arena_format(&p->arena, _("(%s: templates)"), key));
    p->row += FORM_NOTE_ROWS - 1;
}

/* The rows of those that are seen, some of them around the focus. */
static void write_people(struct page *p, struct form_part *part, bool focused)
{
    size_t before = 0, seen = 0, first = 0;

    write_field(p, part, 1, PERSON_COLS, focused);
    write_hint(p, PERSON_COLS, part->hint);
    for (size_t i = 0; i < part->n; i++) {
        before += i < part->focus && form_is_seen(part, i);
        seen += form_is_seen(part, i);
    }
    first = before >= PEOPLE ? before - PEOPLE + 1 : 0;
    for (size_t i = 0, at = 0; i < part->n; i++) {
        if (!form_is_seen(part, i))
            continue;
        if (at >= first && at < first + PEOPLE)
            write_choice(p, part, i, focused && part->focus == i);
        at++;
    }
    if (seen == 0)
        page_text(p, NAME, STYLE_TEXT, part->n ? _("Nobody of this name.") : _("There is no specialist here."));
    else if (seen > PEOPLE)
        page_text(p, NAME, STYLE_WEAK, arena_format(&p->arena, _("%zu in all"), seen));
}

void form_write(struct form *f, struct page *p, const char *template_key)
{
    for (size_t i = 0; i < f->n_parts; i++) {
        struct form_part *part = &f->parts[i];
        bool focused = i == f->at;
        if (i > 0)
            page_next(p);
        switch (part->kind) {
        case PART_TICKS:
            write_ticks(p, part, focused);
            break;
        case PART_CHOICE:
            write_choices(p, part, focused);
            break;
        case PART_PERSON:
            write_people(p, part, focused);
            break;
        case PART_LINE:
            write_line(p, part, focused);
            break;
        case PART_NOTE:
            write_note(p, part, focused, template_key);
            break;
        }
    }
}
