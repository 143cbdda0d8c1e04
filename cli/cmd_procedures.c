/* cmd_procedures: the catalogue that is kept on this machine, for scripts and for whoever looks for a code. It judges nothing: what lacks a
 * part that has to be disclosed is marked, as on the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "core/codec.h"
#include "core/i18n.h"
#include "core/procedure.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

#define OFFSET (7 * 3600)

static void print_row(const struct procedure *p)
{
    struct arena arena = {0};
    struct buf line = {0};
    const char *level = procedure_is_elsewhere(p) ? C_("procedure", "elsewhere") : word_level(p->service_level);

    buf_text(&line, procedure_lacks(p) ? "! " : "  ");
    print_cell(&line, text_cut(&arena, text_shown(&arena, p->code), 12), 13, false);
    print_cell(&line, text_cut_middle(&arena, text_shown(&arena, p->name), 50), 51, false);
    print_cell(&line, text_cut(&arena, text_shown(&arena, p->field ? p->field : ""), 20), 21, false);
    print_cell(&line, text_cut(&arena, text_shown(&arena, level), 24), 25, false);
    buf_text(&line, text_shown(&arena, word_duration(&arena, &p->time_limit)));
    puts(line.data);
    buf_clear(&line);
    arena_clear(&arena);
}

static void give(const struct cli *cli, json_t *all, const struct procedure *p)
{
    if (cli->json)
        json_array_append_new(all, codec_encode(&shape_procedure, p, OFFSET));
    else
        print_row(p);
}

static bool is_used(const struct procedure_use *uses, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(uses[i].procedure, id) == 0)
            return true;
    return false;
}

bool cmd_procedures(struct cli *cli, struct err *e)
{
    struct arena arena = {0};
    struct seat *s = NULL;
    struct procedure_use *uses;
    const struct procedure *const *all, *p;
    json_t *given = json_array();
    size_t n, n_uses;
    bool ok = command_officer(cli, false, &s, e);
    const struct officer *me = ok ? cache_officer(s->cache, s->officer) : NULL;

    ok = ok && cache_procedure_uses(s->cache, me ? me->unit : "", &arena, &uses, &n_uses, e);
    if (ok) {
        n = cache_procedures(s->cache, &all);
        for (size_t i = 0; i < n_uses; i++)
            if ((p = cache_procedure(s->cache, uses[i].procedure)))
                give(cli, given, p);
        for (size_t i = 0; i < n; i++)
            if (!is_used(uses, n_uses, all[i]->id))
                give(cli, given, all[i]);
    }
    if (ok && cli->json)
        print_object(json_incref(given));
    json_decref(given);
    arena_clear(&arena);
    seat_free(&s);
    return ok;
}
