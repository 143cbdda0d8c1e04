/* handout_json: a handout on its way to motcua-desk and there. Paper has every number whole, so what is personal is not said.
 * It refuses what is not whole: the helper draws nothing that it has to guess.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handout.h"

#include "core/text.h"

#include <string.h>

static const char *const kinds[HANDOUT_BLOCK_KINDS] = {
    [HANDOUT_PAIR] = "pair",   [HANDOUT_DATE] = "date",
    [HANDOUT_CODE] = "code",   [HANDOUT_TITLE] = "title",
    [HANDOUT_VOID] = "void",   [HANDOUT_FACTS] = "facts",
    [HANDOUT_TEXT] = "text",   [HANDOUT_QR] = "qr",
    [HANDOUT_TABLE] = "table", [HANDOUT_SIGNATURES] = "signatures",
};

/* ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static json_t *whole(json_t *made)
{
    if (!made)
        die("a handout has text that is not UTF-8");
    return made;
}

static json_t *write_facts(const struct handout_block *b)
{
    json_t *facts = json_array();

    for (size_t i = 0; i < 2; i++)
        json_array_append_new(
            facts, whole(json_pack("{s:s*, s:s*}", "label", b->fact[i].label, "value", b->fact[i].value)));
    return facts;
}

static json_t *write_columns(const struct handout_block *b)
{
    json_t *columns = json_array();

    for (size_t i = 0; i < b->n_columns; i++)
        json_array_append_new(columns, whole(json_pack("{s:s, s:i, s:b}", "title", b->columns[i].title, "width",
                                                       b->columns[i].width, "right", b->columns[i].right)));
    return columns;
}

static json_t *write_rows(const struct handout_block *b)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < b->n_rows; i++) {
        json_t *row = json_array();
        for (size_t j = 0; j < b->n_columns; j++)
            json_array_append_new(row, whole(json_string(b->cells[i * b->n_columns + j])));
        json_array_append_new(rows, row);
    }
    return rows;
}

json_t *handout_write(const struct handout *h)
{
    json_t *blocks = json_array();

    for (size_t i = 0; i < h->n_blocks; i++) {
        const struct handout_block *b = &h->blocks[i];
        json_t *block = json_pack("{s:s}", "kind", kinds[b->kind]);
        if (b->kind == HANDOUT_TABLE) {
            json_object_set_new(block, "columns", write_columns(b));
            json_object_set_new(block, "rows", write_rows(b));
        } else {
            json_object_set_new(block, "facts", write_facts(b));
        }
        json_array_append_new(blocks, block);
    }
    return whole(json_pack("{s:s, s:b, s:o}", "name", h->name, "landscape", h->landscape, "blocks", blocks));
}

/* ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Absent: NULL. What the other side sends has passed text_display() there; it does so here again, since it costs nothing. */
static const char *text_of(const json_t *json, const char *member, struct arena *arena)
{
    const char *text = json_string_value(json_object_get(json, member));

    return text ? text_shown(arena, text) : NULL;
}

static bool read_columns(const json_t *json, struct arena *arena, struct handout_block *b)
{
    size_t n = json_array_size(json);
    struct handout_column *columns = arena_alloc(arena, (n + 1) * sizeof *columns);

    for (size_t i = 0; i < n; i++) {
        const json_t *column = json_array_get(json, i);
        json_int_t width = json_integer_value(json_object_get(column, "width"));
        columns[i] = (struct handout_column){.title = text_of(column, "title", arena),
                                             .width = (int)width,
                                             .right = json_is_true(json_object_get(column, "right"))};
        if (!columns[i].title || width < 1 || width > 200)
            return false;
    }
    b->columns = columns;
    b->n_columns = n;
    return n > 0 && n <= HANDOUT_COLUMNS;
}

static bool read_rows(const json_t *json, struct arena *arena, struct handout_block *b)
{
    b->n_rows = json_array_size(json);
    b->cells = arena_alloc(arena, (b->n_rows * b->n_columns + 1) * sizeof *b->cells);
    for (size_t i = 0; i < b->n_rows; i++) {
        const json_t *row = json_array_get(json, i);
        if (json_array_size(row) != b->n_columns)
            return false;
        for (size_t j = 0; j < b->n_columns; j++) {
            const char *cell = json_string_value(json_array_get(row, j));
            if (!cell)
                return false;
            b->cells[i * b->n_columns + j] = text_shown(arena, cell);
        }
    }
    return json_is_array(json);
}

static bool read_block(const json_t *json, struct arena *arena, struct handout_block *b)
{
    const char *kind = json_string_value(json_object_get(json, "kind"));
    const json_t *facts = json_object_get(json, "facts");
    size_t i = 0;

    while (kind && i < HANDOUT_BLOCK_KINDS && strcmp(kinds[i], kind) != 0)
        i++;
    if (!kind || i == HANDOUT_BLOCK_KINDS)
        return false;
    b->kind = (enum handout_block_kind)i;
    if (b->kind == HANDOUT_TABLE)
        return read_columns(json_object_get(json, "columns"), arena, b) &&
               read_rows(json_object_get(json, "rows"), arena, b);
    for (i = 0; i < 2; i++) {
        const json_t *fact = json_array_get(facts, i);
        b->fact[i] = (struct handout_fact){.label = text_of(fact, "label", arena),
                                           .value = text_of(fact, "value", arena)};
    }
    return b->fact[0].value || b->fact[1].value;
}

bool handout_read(const json_t *json, struct arena *arena, struct handout *out, struct err *e)
{
    const json_t *blocks = json_object_get(json, "blocks");
    size_t n = json_array_size(blocks);
    bool ok = n > 0;

    *out = (struct handout){.name = text_of(json, "name", arena),
                            .landscape = json_is_true(json_object_get(json, "landscape")),
                            .blocks = arena_alloc(arena, (n + 1) * sizeof *out->blocks),
                            .n_blocks = n};
    for (size_t i = 0; ok && i < n; i++)
        ok = read_block(json_array_get(blocks, i), arena, &out->blocks[i]);
    return (ok && out->name) || err_set(e, ERR_DATA, "this is no handout");
}
