/* cmd_outbox: what is not sent yet, in the order of sending; one of it sent now, or forgotten.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/deeds.h"
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

#define ANSWER_MS 30000

static void print_row(const struct command *c)
{
    struct arena arena = {0};
    struct buf line = {0};

    print_cell(&line, c->key, 38, false);
    print_cell(&line, text_code(&arena, c->code ? c->code : c->target, 26), 27, false);
    print_cell(&line, text_shown(&arena, word_action(c->action).label), 30, false);
    buf_char(&line, ' ');
    buf_text(&line, command_state_words(c));
    puts(line.data);
    buf_clear(&line);
    arena_clear(&arena);
}

static bool print_all(struct cli *cli, struct seat *s, struct err *e)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;
    bool ok = outbox_list(s->outbox, 0, &arena, &rows, &n, e);
    json_t *all = json_array();

    for (size_t i = n; ok && i-- > 0;) { /* it gives the newest first; they are sent in the order of acting */
        if (cli->json)
            json_array_append_new(all, command_json(s, &rows[i]));
        else
            print_row(&rows[i]);
    }
    if (ok && cli->json)
        print_object(json_incref(all));
    else if (ok && n == 0)
        puts(_("The outbox is empty: the system has taken everything."));
    json_decref(all);
    arena_clear(&arena);
    return ok;
}

/* The officer's word: the line is tried at once, whatever it was like before. */
static bool retry(struct cli *cli, struct seat *s, const char *key, struct err *e)
{
    struct arena arena = {0};
    struct command row;
    bool ok = outbox_retry(s->outbox, key, e);

    if (ok) {
        net_sync_now(s->net);
        ok = command_wait(s, key, ANSWER_MS, true, &arena, &row, e) && command_outcome(cli, s, &row, e);
    }
    arena_clear(&arena);
    return ok;
}

/* What a newer motcua wrote can be read all the same, so that it can be taken elsewhere. */
static bool officer_to_read(struct cli *cli, struct seat **s, struct err *e)
{
    struct err why = {0};

    if (command_officer(cli, false, s, &why))
        return true;
    if (why.code != ERR_STORE || !*s || !seat_attach_to_read(*s)) {
        *e = why;
        return false;
    }
    if (!cli->json)
        fprintf(stderr, "motcua: %s\n", why.text);
    return true;
}

bool cmd_outbox(struct cli *cli, struct err *e)
{
    const char *what = cli->options.operand[0], *key = cli->options.operand[1];
    bool is_retry = what && strcmp(what, "retry") == 0, is_drop = what && strcmp(what, "drop") == 0;
    struct seat *s = NULL;

    if (what && (!(is_retry || is_drop) || !key))
        return err_set(e, ERR_USAGE, "%s",
                       _("motcua outbox, motcua outbox retry KEY, or motcua outbox drop KEY."));
    bool ok = what ? command_officer(cli, false, &s, e) : officer_to_read(cli, &s, e);
    if (ok && is_retry)
        ok = retry(cli, s, key, e);
    else if (ok && is_drop)
        ok = outbox_drop(s->outbox, key, net_now(s->net), e);
    else if (ok)
        ok = print_all(cli, s, e);
    if (ok && is_drop)
        print_line(cli, "%s", _("Dropped. It can be read for 30 days."));
    seat_free(&s);
    return ok;
}
