/* print_statement: a decision's statement in words, every member, from the bytes and from nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

static void line(FILE *to, struct arena *arena, const char *label, const char *data)
{
    struct buf out = {0};

    print_cell(&out, label, 14, false);
    buf_text(&out, text_shown(arena, data));
    fprintf(to, "  %s\n", out.data);
    buf_clear(&out);
}

void print_statement(FILE *to, const struct signing_statement *s, int32_t offset, struct arena *arena)
{
    char at[INSTANT_TEXT];

    instant_format(s->signed_at, offset, at);
    line(to, arena, C_("statement", "Kind"), s->statement);
    line(to, arena, C_("statement", "Dossier"),
         arena_format(arena, _("%s · code %s · version %lld"), s->dossier, s->code, (long long)s->version));
    line(to, arena, C_("statement", "Procedure"), s->procedure);
    line(to, arena, C_("statement", "Applicant"), s->applicant);
    line(to, arena, C_("statement", "Decision"),
         arena_format(arena, "%s (%s)", word_outcome(s->outcome), s->outcome));
    line(to, arena, C_("statement", "Opinion"), s->note && *s->note ? s->note : C_("statement", "(none)"));
    if (s->n_documents == 0)
        line(to, arena, C_("statement", "Documents"), C_("statement", "(none)"));
    for (size_t i = 0; i < s->n_documents; i++)
        line(to, arena, arena_format(arena, C_("statement", "Document %zu"), i + 1),
             arena_format(arena, "%s %s %s", s->documents[i].id, s->documents[i].name, s->documents[i].sha256));
    line(to, arena, C_("statement", "Signer"), s->officer);
    line(to, arena, C_("statement", "on behalf of"), s->on_behalf_of ? s->on_behalf_of : C_("statement", "(no)"));
    line(to, arena, C_("statement", "Unit"), s->unit);
    line(to, arena, C_("statement", "Signed at"), at);
}
