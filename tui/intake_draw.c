/* intake_draw: who files it, and the procedure's own form: labels, fields, choices, and what the card left in doubt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/intake_draw.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

enum { LABEL = 3, FIELD = 19, SECOND = 39, LABELS_MOST = 30, NOTE_ROWS = 3 };

/* ── one part ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool has_focus(struct intake *s, const struct intake_part *p)
{
    return intake_focus(s) == p;
}

void intake_write_mark(struct intake *s, struct page *p, const struct intake_part *part)
{
    if (has_focus(s, part))
        page_focus(p, 0);
    if (intake_is_unsure(part))
        page_put(p, 1, 1, STYLE_DAMAGED, "?");
}

int intake_write_field(struct intake *s, struct page *p, struct intake_part *part, int col, int columns)
{
    bool focused = has_focus(s, part);
    int room = p->cols - col - 2, row = page_block(p, 1);
    const char *typed = field_text(&part->text);

    columns = columns < room ? columns : room;
    if (columns < 1)
        return col;
    page_put(p, col, 1, STYLE_TEXT, "[");
    if (row >= 0 && focused)
        field_draw(&part->text, p->canvas, row, p->left + col + 1, 1, columns + 1, true, STYLE_FIELD);
    else if (row >= 0) /* from its start, however far to the right one has typed */
        canvas_put(p->canvas, row, p->left + col + 1, columns, STYLE_FIELD,
                   part->secret ? text_masked(&p->arena, typed)
                                : text_cut(&p->arena, text_shown(&p->arena, typed), columns));
    page_put(p, col + 1 + columns, 1, STYLE_TEXT, "]"); /* where the cursor stands behind what fills the field */
    if (row >= 0 && !*typed)
        canvas_fill(p->canvas, row, p->left + col + 1, columns, STYLE_FIELD, "_");
    if (row >= 0 && focused && !*typed)
        canvas_cursor(p->canvas, row, p->left + col + 1);
    return col + columns + 2;
}

/* "(x) Nữ  ( ) Nam", over as many rows as they take. */
void intake_write_choice(struct intake *s, struct page *p, struct intake_part *part, int col)
{
    int at = col;

    for (size_t i = 0; i < part->n; i++) {
        const char *label = part->choices[i].label;
        int width = 4 + text_width(label);
        if (at > col && at + width > p->cols) {
            page_next(p);
            at = col;
        }
        page_put(p, at, 3, STYLE_TEXT, part->chosen == i ? "(x)" : "( )");
        page_put(p, at + 4, -1, STYLE_TEXT, label);
        if (has_focus(s, part) && (part->chosen == i || (part->chosen == part->n && i == 0)) &&
            page_block(p, 1) >= 0)
            canvas_cursor(p->canvas, page_block(p, 1), p->left + at + 1);
        at += width + 2;
    }
}

static void write_note(struct intake *s, struct page *p, const struct intake_part *part, int col)
{
    bool odd;
    const char *note = intake_note(s, part, &p->arena, &odd);

    if (*note && col + 2 + text_width(note) <= p->cols)
        page_put(p, col + 2, -1, odd ? STYLE_ERROR : STYLE_WEAK, note);
    else if (*note) {
        page_next(p);
        page_put(p, FIELD, -1, odd ? STYLE_ERROR : STYLE_WEAK, note);
    }
}

/* What the card said, and how it may be read. */
static void write_doubt(struct intake *s, struct page *p, const struct intake_part *part, const char *key)
{
    const struct card_field *f = part->card;
    struct buf readings = {0};

    if (!intake_is_unsure(part))
        return;
    const char *read = f->len ? arena_copy_n(&p->arena, f->text + f->from, f->len) : f->raw;
    page_text(p, FIELD, STYLE_TEXT,
              arena_format(&p->arena,
                           f->n_readings
                               ? _("Read from the card: “%s”. It may be:")
                               : _("Read from the card: “%s”. Compare it with the card and type it again."),
                           text_shown(&p->arena, read)));
    if (f->n_readings == 0)
        return;
    for (size_t i = 0; i < f->n_readings; i++)
        buf_format(&readings, "%s · ", text_shown(&p->arena, f->readings[i]));
    page_text(p, FIELD, STYLE_TEXT,
              arena_format(&p->arena, _("%stype it again      (%s to choose)"), readings.data, key));
    buf_clear(&readings);
}

/* ── who files it ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct row {
    const char *left, *right; /* keys without the owner's prefix; NULL: none */
    int columns, columns_right;
} rows[] = {
    {"name", NULL, 45, 0},        {"id_number", NULL, 13, 0}, {"old_number", NULL, 13, 0},
    {"birth_date", "sex", 10, 0}, {"address", NULL, 56, 0},   {"issued", NULL, 10, 0},
    {"phone", "email", 10, 24},
};

static void write_half(struct intake *s, struct page *p, struct intake_part *part, int label, int field,
                       int columns)
{
    page_put(p, label, field - label - 1, STYLE_WEAK, part->label);
    if (part->kind == INTAKE_CHOICE)
        intake_write_choice(s, p, part, field);
    else
        write_note(s, p, part, intake_write_field(s, p, part, field, columns));
}

static void write_row(struct intake *s, const struct intake_words *words, struct page *p,
                      const struct row *row, bool owner)
{
    const char *prefix = owner ? "owner." : "";
    struct intake_part *left = intake_part(s, arena_format(&p->arena, "%s%s", prefix, row->left));
    struct intake_part *right =
        row->right ? intake_part(s, arena_format(&p->arena, "%s%s", prefix, row->right)) : NULL;
    int second = SECOND;

    if (!intake_is_seen(s, left))
        return;
    intake_write_mark(s, p, left);
    if (right && has_focus(s, right))
        intake_write_mark(s, p, right);
    else if (right && intake_is_unsure(right))
        page_put(p, SECOND - 2, 1, STYLE_DAMAGED, "?");
    write_half(s, p, left, LABEL, FIELD, row->columns);
    if (right && p->cols < SECOND + 24) { /* narrow: below each other */
        page_next(p);
        second = LABEL;
    }
    if (right)
        write_half(s, p, right, second, second == LABEL ? FIELD : second + text_width(right->label) + 2,
                   row->columns_right);
    page_next(p);
    write_doubt(s, p, left, words->find_key);
    if (right)
        write_doubt(s, p, right, words->find_key);
}

static void write_choice_row(struct intake *s, struct page *p, const char *key)
{
    struct intake_part *part = intake_part(s, key);

    intake_write_mark(s, p, part);
    write_half(s, p, part, LABEL, FIELD, 0);
    page_next(p);
}

static void write_due(struct intake *s, struct page *p)
{
    int64_t due = intake_due_at(s);
    const char *limit = text_shown(&p->arena, word_duration(&p->arena, &s->procedure.time_limit));

    page_put(p, LABEL, FIELD - LABEL - 1, STYLE_WEAK, C_("intake", "Will be due"));
    page_text(p, FIELD, STYLE_TEXT,
              due == INSTANT_NONE
                  ? arena_format(&p->arena, _("cannot be computed here (%s); the system says it"), limit)
                  : arena_format(&p->arena, "%s (%s)", word_when(&p->arena, due, app_offset(s->app)), limit));
}

static void write_people(struct intake *s, const struct intake_words *words, struct page *p)
{
    page_text(p, 1, STYLE_TEXT, words->scanned);
    page_next(p);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        write_row(s, words, p, &rows[i], false);
    page_next(p);
    write_choice_row(s, p, "whose");
    if (*words->before)
        page_text(p, LABEL, STYLE_TEXT, words->before);
    if (strcmp(intake_text(s, "whose"), "other") == 0) {
        page_next(p);
        page_put(p, 1, -1, STYLE_TITLE, C_("intake", "Whose it is"));
        page_next(p);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            write_row(s, words, p, &rows[i], true);
    }
    write_choice_row(s, p, "kind");
    page_next(p);
    write_due(s, p);
}

/* ── the procedure's own form ──────────────────────────────────────────────────────────────────────────────────────── */

static int label_width(struct intake *s)
{
    int width = 8;

    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].tab == INTAKE_FORM && text_width(s->parts[i].label) > width)
            width = text_width(s->parts[i].label);
    return width < LABELS_MOST ? width : LABELS_MOST;
}

static int columns_of(const struct intake_part *part, int room)
{
    int columns = part->value == INTAKE_DAY ? 10 : part->value == INTAKE_WORDS ? 45 : 20;

    if (part->value == INTAKE_WORDS && part->text.max && part->text.max < 45)
        columns = (int)part->text.max;
    return columns < room ? columns : room;
}

static void write_form_part(struct intake *s, struct page *p, struct intake_part *part, int field)
{
    char **lines;
    size_t n = text_wrap(&p->arena, part->label, field - LABEL - 2, &lines);

    for (size_t i = 0; i + 1 < n; i++) { /* the field stands beside the last row of its label */
        page_put(p, LABEL, -1, STYLE_WEAK, lines[i]);
        page_next(p);
    }
    intake_write_mark(s, p, part);
    page_put(p, LABEL, -1, STYLE_WEAK, lines[n - 1]);
    if (part->must)
        page_put(p, field - 1, 1, STYLE_WEAK, "*");
    if (part->kind == INTAKE_CHOICE) {
        intake_write_choice(s, p, part, field);
    } else if (part->kind == INTAKE_NOTE) {
        int row = page_block(p, NOTE_ROWS), columns = p->cols - field - 2;
        if (row >= 0)
            field_draw(&part->text, p->canvas, row, p->left + field + 1, NOTE_ROWS, columns,
                       has_focus(s, part), STYLE_FIELD);
        for (int i = 0; i < NOTE_ROWS; i++) {
            page_put(p, field, 1, STYLE_TEXT, "│");
            if (i + 1 < NOTE_ROWS)
                page_next(p);
        }
        if (has_focus(s, part))
            p->focus_end = p->row;
    } else {
        write_note(s, p, part, intake_write_field(s, p, part, field, columns_of(part, p->cols - field - 2)));
    }
    page_next(p);
}

static void write_form(struct intake *s, struct page *p)
{
    int field = LABEL + label_width(s) + 3;
    bool any = false;

    for (size_t i = 0; i < s->n_parts; i++) {
        if (s->parts[i].tab != INTAKE_FORM)
            continue;
        write_form_part(s, p, &s->parts[i], field);
        any = true;
    }
    page_next(p);
    page_text(p, 1, STYLE_WEAK,
              any ? _("* has to be filled in.") : _("This procedure asks for nothing beside the papers."));
}

void intake_write(struct intake *s, const struct intake_words *words, struct page *p)
{
    switch (s->tab) {
    case INTAKE_PERSON:
        write_people(s, words, p);
        break;
    case INTAKE_FORM:
        write_form(s, p);
        break;
    case INTAKE_PAPERS:
        intake_write_papers(s, p);
        break;
    case INTAKE_FEES:
        intake_write_fees(s, p);
        break;
    default:
        intake_write_review(s, p);
    }
}
