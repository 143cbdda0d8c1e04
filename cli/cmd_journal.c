/* cmd_journal: what was done on this machine, in words; and whether all of it still stands as it was written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/deeds.h"
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>

static json_t *deed_json(const struct deed *d, int32_t offset)
{
    char at[INSTANT_TEXT];

    instant_format(d->at, offset, at);
    json_t *o = json_pack("{s:I, s:s, s:s, s:s*, s:s*, s:s*}", "number", (json_int_t)d->number, "at", at,
                          "what", deed_id(d), "key", d->key, "code", d->code, "action", d->action);
    if (o && d->has_state)
        json_object_set_new(o, "state", json_string(command_state_name(d->state)));
    return o;
}

static void print_deed(const struct deed *d, int32_t offset)
{
    struct arena arena = {0};
    struct buf out = {0};

    print_cell(&out, arena_format(&arena, "%llu", (unsigned long long)d->number), 7, true);
    buf_text(&out, "  ");
    print_cell(&out, word_when(&arena, d->at, offset), 18, false);
    print_cell(&out, d->code ? text_code(&arena, d->code, 26) : "", 27, false);
    print_cell(&out, d->action ? text_shown(&arena, word_action(d->action).label) : "", 30, false);
    buf_char(&out, ' ');
    buf_text(&out, deed_words(d));
    puts(out.data);
    buf_clear(&out);
    arena_clear(&arena);
}

static void print_deeds(struct cli *cli, const struct deed *deeds, size_t n)
{
    int32_t offset;
    json_t *all = cli->json ? json_array() : NULL;

    zone_offset("Asia/Ho_Chi_Minh", &offset);
    for (size_t i = 0; i < n; i++)
        if (all)
            json_array_append_new(all, deed_json(&deeds[i], offset));
        else
            print_deed(&deeds[i], offset);
    if (all)
        print_object(all);
}

static void print_report(struct cli *cli, const struct journal_report *r)
{
    struct buf hash = {0};

    for (size_t i = 0; i < JOURNAL_HASH; i++)
        buf_format(&hash, "%02x", r->hash[i]);
    if (cli->json)
        print_object(json_pack("{s:I, s:I, s:s}", "entries", (json_int_t)r->entries, "last",
                               (json_int_t)r->last, "hash", hash.data));
    else
        printf(_("The journal is whole: %llu entries, the last one number %llu, hash %s.\n"),
               (unsigned long long)r->entries, (unsigned long long)r->last, hash.data);
    buf_clear(&hash);
}

bool cmd_journal(struct cli *cli, struct err *e)
{
    struct arena arena = {0};
    struct journal_report report;
    struct deed *deeds = NULL;
    struct seat *s = NULL;
    size_t n = 0;
    bool verify = cli->options.value[OPTION_VERIFY] != NULL;

    bool ok = command_officer(cli, false, &s, e) &&
              (verify ? outbox_journal(s->outbox, NULL, NULL, &report, e)
                      : deeds_read(s->outbox, &arena, &deeds, &n, &report, e));
    if (ok && !verify)
        print_deeds(cli, deeds, n);
    ok = ok && journal_judge(&report, e);
    if (ok && verify)
        print_report(cli, &report);
    arena_clear(&arena);
    seat_free(&s);
    return ok;
}
