/* sign_statement: see sign_statement.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/sign_statement.h"

#include "core/statement.h"

#include <stdlib.h>
#include <string.h>

bool sign_statement_build(struct sign_statement *st, struct app *app, const struct dossier_shown *shown,
                          const char *outcome, const char *note, struct err *e)
{
    const struct statement_basis basis = {
        .dossier = &shown->d,
        .procedure = shown->procedure,
        .outcome = outcome,
        .note = note,
        .officer = app_officer_id(app),
        .on_behalf_of = app_acts_for(app, shown->d.procedure),
        .signed_at = app_now(app),
    };

    bool noted = st->noted || outbox_note(app_outbox(app), JOURNAL_STATEMENT, shown->d.id, shown->d.code, e);

    sign_statement_clear(st);
    if (!noted)
        return false;
    st->noted = true;
    st->note = mem_copy(note);
    st->bytes = statement_build(&basis, app_offset(app), &st->n_bytes);
    return sign_statement_lay_out(st, app, shown, e);
}

static void keep_seen(struct sign_statement *st, size_t before, bool whole, bool same_lines)
{
    st->seen = mem_grow(st->seen, st->n_lines ? st->n_lines : 1, sizeof *st->seen);
    for (size_t i = same_lines ? before : 0; i < st->n_lines; i++)
        st->seen[i] = whole;
    if (!same_lines)
        st->first = 0;
}

bool sign_statement_lay_out(struct sign_statement *st, struct app *app, const struct dossier_shown *shown,
                            struct err *e)
{
    bool whole = sign_statement_seen_whole(st), same = st->cols == app_cols(app);
    size_t before = st->n_lines;

    arena_reset(&st->arena);
    if (!st->bytes || !statement_parse(st->bytes, st->n_bytes, &st->arena, &st->said, e)) {
        sign_statement_clear(st);
        return false;
    }
    st->cols = app_cols(app);
    st->n_lines = sign_lines(app, &st->said, shown, st->cols, &st->arena, &st->lines);
    keep_seen(st, before, whole, same);
    return true;
}

void sign_statement_clear(struct sign_statement *st)
{
    if (st->bytes)
        mem_wipe(st->bytes, st->n_bytes);
    free(st->bytes);
    free(st->note);
    free(st->seen);
    arena_clear(&st->arena);
    *st = (struct sign_statement){0};
}

bool sign_statement_right_stands(const struct sign_statement *st, struct app *app,
                                 const struct dossier_shown *shown)
{
    const char *said = st->said.on_behalf_of, *now = app_acts_for(app, shown->d.procedure);

    return said && now ? strcmp(said, now) == 0 : said == now;
}

/* ── what has been seen ─────────────────────────────────────────────────────────────────────────────────────────────── */

size_t sign_statement_seen(const struct sign_statement *st)
{
    size_t n = 0;

    for (size_t i = 0; i < st->n_lines; i++)
        n += st->seen[i];
    return n;
}

bool sign_statement_seen_whole(const struct sign_statement *st)
{
    return st->n_lines > 0 && sign_statement_seen(st) == st->n_lines;
}

static size_t last_first(const struct sign_statement *st, size_t rows)
{
    return st->n_lines > rows ? st->n_lines - rows : 0;
}

bool sign_statement_scroll(struct sign_statement *st, enum command_id id, size_t rows)
{
    size_t last = last_first(st, rows);

    switch (id) {
    case CMD_UP:
        st->first -= st->first > 0;
        break;
    case CMD_DOWN:
        st->first += 1;
        break;
    case CMD_PAGE_UP:
        st->first -= st->first > rows ? rows : st->first;
        break;
    case CMD_PAGE_DOWN:
        st->first += rows;
        break;
    case CMD_FIRST:
        st->first = 0;
        break;
    case CMD_LAST:
        st->first = last;
        break;
    default:
        return false;
    }
    if (st->first > last)
        st->first = last;
    return true;
}

void sign_statement_draw(struct sign_statement *st, struct canvas *c, int row, size_t rows, bool read)
{
    if (st->first > last_first(st, rows))
        st->first = last_first(st, rows);
    for (size_t i = 0; i < rows && st->first + i < st->n_lines; i++) {
        sign_line_draw(&st->lines[st->first + i], c, row + (int)i);
        if (read)
            st->seen[st->first + i] = true;
    }
}
