/* sign_draw: the picture of the sign view: the statement, and under it what is typed, asked or waited for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_sign.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#define SHEET_ROWS 5 /* rule and four lines under the statement */

size_t sign_rows(const struct sign *s)
{
    int rows = app_rows(s->app) - 4 - SHEET_ROWS;

    return rows > 1 ? (size_t)rows : 1;
}

static void draw_sheet(struct sign *s, struct canvas *c, int row)
{
    struct arena arena = {0};

    view_rule(c, row, arena_format(&arena, _("Sign with: %s"), s->signer.words));
    if (s->stage == STAGE_READ)
        canvas_put(c, row + 3, 2, c->cols - 3, STYLE_WEAK, s->signer.certificate);
    if (s->stage == STAGE_CONFIRM)
        sign_signer_draw_confirm(&s->signer, &s->tail, sign_grants(s), c, row + 2);
    else if (s->stage == STAGE_SIGNING && s->signer.phone)
        sign_signer_draw_waits(s->message, c, row + 2);
    else if (s->stage == STAGE_PIN)
        sign_signer_draw_pin(s->app, c, row + 2);
    else if (s->stage == STAGE_READ && !sign_statement_seen_whole(&s->statement))
        canvas_put(c, row + 2, 2, -1, STYLE_TEXT, _("Every line has to be seen first: PgDn."));
    else if (s->stage == STAGE_READ)
        canvas_put(c, row + 2, 2, -1, STYLE_TEXT, _("All of it was seen. Enter: to sign. Tab: another opinion."));
    arena_clear(&arena);
}

/* On whose behalf stands here at every step, wherever the statement is scrolled to. */
static const char *title(const struct sign *s, struct arena *arena)
{
    const char *giver = s->statement.said.on_behalf_of,
               *outcome = word_outcome(sign_grants(s) ? "grant" : "refuse");

    return giver ? arena_format(arena, _("See and sign · %s · on behalf of %s"), outcome,
                                text_shown(arena, cache_officer_name(app_cache(s->app), giver)))
                 : arena_format(arena, _("See and sign · %s"), outcome);
}

void sign_draw(const struct view *v, struct canvas *c)
{
    struct sign *s = v->state;
    struct arena arena = {0};
    int top = view_body_row();

    sign_statement_draw(&s->statement, c, top, sign_rows(s), s->stage != STAGE_NOTE);
    view_title(c, title(s, &arena),
               arena_format(&arena, _("seen %zu/%zu lines · version %lld"), sign_statement_seen(&s->statement),
                            s->statement.n_lines, (long long)s->statement.said.version));
    canvas_cursor(c, top, 0);
    draw_sheet(s, c, view_last_row(c) - SHEET_ROWS + 1);
    arena_clear(&arena);
}

bool sign_message_first(const struct view *v)
{
    const struct sign *s = v->state;

    return s->stage == STAGE_SENT && s->message[0];
}

const char *sign_message(const struct view *v)
{
    const struct sign *s = v->state;

    if (s->message[0]) /* a toast may cover this line, and the code is needed */
        return s->stage == STAGE_SIGNING && s->signer.phone ? "" : s->message;
    return s->stage >= STAGE_READ && s->stage <= STAGE_PIN ? _("To sign is to decide; it cannot be undone.") : "";
}
