/* handout_draw: blocks as rows, where the mock-up `print` has them at 80 columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/handout_draw.h"

#include "core/text.h"

enum {
    LEFT = 2,
    LEFT_WIDTH = 37, /* of the unit's heading */
    RIGHT = 40,      /* the state's heading stands in the middle of … */
    RIGHT_WIDTH = 34,
    TITLE_WIDTH = 63, /* a title in the middle of these */
    DATE_WIDTH = 94,
    SECOND = 51, /* the right of two facts */
    FIRST_WIDTH = 47,
    TABLE = 3,
    GAP = 2,   /* between two columns */
    HALF = 38, /* for who signs */
};

/* Text on as many rows as it takes, in the middle of `width` where `centred`. Returns how many. */
static int put_wrapped(struct page *p, int col, int width, bool centred, enum style style, const char *text)
{
    int room = p->cols - col < width ? p->cols - col : width, top = p->row;
    char **lines;
    size_t n = text_wrap(&p->arena, text, room > 2 ? room : 2, &lines);

    for (size_t i = 0; i < n; i++, p->row++) {
        int shift = centred ? (width - text_width(lines[i]) + 1) / 2 : 0;
        page_put(p, col + (shift > 0 ? shift : 0), -1, style, lines[i]);
    }
    int rows = p->row - top;
    p->row = top;
    return rows;
}

static int more(int a, int b)
{
    return a > b ? a : b;
}

static bool is_narrow(const struct page *p)
{
    return p->cols < RIGHT + RIGHT_WIDTH;
}

static void put_pair(struct page *p, const struct handout_block *b)
{
    int rows =
        put_wrapped(p, LEFT, is_narrow(p) ? p->cols - LEFT : LEFT_WIDTH, false, STYLE_TEXT, b->fact[0].value);

    if (is_narrow(p)) {
        p->row += rows;
        rows = put_wrapped(p, LEFT, p->cols - LEFT, false, STYLE_TEXT, b->fact[1].value);
    } else {
        rows = more(rows, put_wrapped(p, RIGHT, RIGHT_WIDTH, true, STYLE_TEXT, b->fact[1].value));
    }
    p->row += rows;
}

static void put_middle(struct page *p, int width, enum style style, const char *text)
{
    int col = (width - text_width(text)) / 2;

    if (col < LEFT || col + text_width(text) > p->cols)
        page_text(p, LEFT, style, text);
    else {
        page_put(p, col, -1, style, text);
        page_next(p);
    }
}

static const char *words_of(struct page *p, const struct handout_fact *f, bool whole)
{
    const char *value = f->personal && !whole ? text_masked(&p->arena, f->value) : f->value;

    return f->label ? arena_format(&p->arena, "%s: %s", f->label, value) : value;
}

static void put_facts(struct page *p, const struct handout_block *b, bool whole)
{
    bool beside = b->fact[0].value && b->fact[1].value && !is_narrow(p);
    int rows = 0;

    if (b->fact[0].value)
        rows = put_wrapped(p, LEFT, beside ? FIRST_WIDTH : p->cols - LEFT, false, STYLE_TEXT,
                           words_of(p, &b->fact[0], whole));
    if (!beside) {
        p->row += rows;
        rows = 0;
    }
    if (b->fact[1].value)
        rows = more(rows, put_wrapped(p, beside ? SECOND : LEFT, p->cols, false, STYLE_TEXT,
                                      words_of(p, &b->fact[1], whole)));
    p->row += rows;
}

static void put_cells(struct page *p, const struct handout_block *b, const char **cells, bool whole)
{
    int col = TABLE, rows = 1;

    for (size_t i = 0; i < b->n_columns; i++) {
        const struct handout_column *column = &b->columns[i];
        if (i > 0 && col + column->width > p->cols)
            break; /* paper has room for the others */
        const char *text = !cells                       ? column->title
                           : column->personal && !whole ? text_masked(&p->arena, cells[i])
                                                        : cells[i];
        enum style style = cells ? STYLE_TEXT : STYLE_TITLE;
        if (column->right)
            page_put_right(p, col + column->width, style, text_cut(&p->arena, text, column->width));
        else
            rows = more(rows, put_wrapped(p, col, column->width, false, style, text));
        col += column->width + GAP;
    }
    p->row += rows;
}

static void put_table(struct page *p, const struct handout_block *b, bool whole)
{
    put_cells(p, b, NULL, whole);
    for (size_t i = 0; i < b->n_rows; i++)
        put_cells(p, b, b->cells + i * b->n_columns, whole);
}

static void put_signatures(struct page *p, const struct handout_block *b)
{
    page_next(p);
    for (int names = 0; names < 2; names++) {
        int rows = 1;
        for (size_t i = 0; i < 2; i++) {
            const char *text = names ? b->fact[i].value : b->fact[i].label;
            if (text)
                rows = more(rows, put_wrapped(p, LEFT + (int)i * HALF, HALF, true, STYLE_TEXT, text));
        }
        p->row += rows;
    }
}

void handout_draw(const struct handout *h, bool whole, struct page *p)
{
    for (size_t i = 0; i < h->n_blocks; i++) {
        const struct handout_block *b = &h->blocks[i];
        switch (b->kind) {
        case HANDOUT_PAIR:
            put_pair(p, b);
            break;
        case HANDOUT_DATE:
            put_middle(p, DATE_WIDTH, STYLE_TEXT, b->fact[0].value);
            break;
        case HANDOUT_TITLE:
            put_middle(p, TITLE_WIDTH, STYLE_TITLE, b->fact[0].value);
            break;
        case HANDOUT_VOID:
            put_middle(p, TITLE_WIDTH, STYLE_BANNER, b->fact[0].value);
            break;
        case HANDOUT_TEXT:
            page_text(p, LEFT, STYLE_TEXT, b->fact[0].value);
            break;
        case HANDOUT_CODE:
        case HANDOUT_FACTS:
            put_facts(p, b, whole);
            break;
        case HANDOUT_TABLE:
            put_table(p, b, whole);
            break;
        case HANDOUT_SIGNATURES:
            put_signatures(p, b);
            break;
        case HANDOUT_QR:
        case HANDOUT_BLOCK_KINDS:
            break;
        }
    }
}
