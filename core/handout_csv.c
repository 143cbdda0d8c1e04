/* handout_csv: the table of a handout as RFC 4180 has it, for spreadsheets: CRLF, a quote doubled, and UTF-8 with its mark, without which
 * they take it for another encoding. It refuses to hand over a formula: a cell that a spreadsheet would compute begins with an apostrophe.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handout.h"

#include <string.h>

static void put_cell(struct buf *out, const char *text)
{
    const char *first = text + strspn(text, " "); /* behind blanks they compute as well */
    bool formula = *first && strchr("=+-@", *first) && first[1];
    bool quoted = formula || strpbrk(text, ",\"\r\n;") != NULL;

    if (quoted)
        buf_char(out, '"');
    if (formula)
        buf_char(out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            buf_char(out, '"');
        buf_char(out, *c);
    }
    if (quoted)
        buf_char(out, '"');
}

bool handout_csv(const struct handout *h, struct buf *out)
{
    const struct handout_block *table = NULL;

    for (size_t i = 0; i < h->n_blocks && !table; i++)
        if (h->blocks[i].kind == HANDOUT_TABLE)
            table = &h->blocks[i];
    if (!table || table->n_columns == 0)
        return false;
    buf_text(out, "\xef\xbb\xbf");
    for (size_t i = 0; i < (table->n_rows + 1) * table->n_columns; i++) {
        size_t column = i % table->n_columns;
        put_cell(out, i < table->n_columns ? table->columns[column].title : table->cells[i - table->n_columns]);
        buf_text(out, column + 1 < table->n_columns ? "," : "\r\n");
    }
    return true;
}
