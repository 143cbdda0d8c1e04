/* cmd_journal: what was done on this machine, in words; and whether all of it still stands as it was written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wish_words { /* what a key stands for */
    const char *key, *code, *action;
};
struct listing {
    struct cli *cli;
    struct arena arena; /* the wishes' words, while it is read */
    struct wish_words *wishes;
    size_t n;
    json_t *all;
    int32_t offset;
};
struct line { /* one thing that was done, as the journal says it */
    uint64_t number;
    int64_t at;
    enum journal_kind kind;
    struct journal_field f[JTAG_BROKEN + 1];
};

/* ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct {
    const char *id, *words; /* of one wish: what became of it; NULL: the line itself says it */
} kinds[] = {
    [JOURNAL_BEGIN] = {"begin", NC_("journal", "another journal begun: the one before it was damaged")},
    [JOURNAL_VOID] = {"void", NC_("journal", "not saved, and told so")},
    [JOURNAL_RESTORED] = {"restored", NC_("journal", "outbox brought up to the journal")},
    [JOURNAL_ACT] = {"act", NC_("journal", "saved")},
    [JOURNAL_UNDO] = {"undo", NC_("journal", "undone")},
    [JOURNAL_DROP] = {"drop", NULL},
    [JOURNAL_RETRY] = {"retry", NC_("journal", "to be sent at once")},
    [JOURNAL_REPLACE] = {"replace", NC_("journal", "done anew")},
    [JOURNAL_SENDING] = {"sending", NC_("journal", "being sent")},
    [JOURNAL_DONE] = {"done", NULL},
    [JOURNAL_ENDED] = {"ended", NULL},
    [JOURNAL_GONE] = {"gone", NC_("journal", "not sent, and given up")},
    [JOURNAL_RECONCILE] = {"reconcile", NULL},
    [JOURNAL_SIGN_IN] = {"sign-in", NC_("journal", "signed in")},
    [JOURNAL_SIGN_OUT] = {"sign-out", NC_("journal", "signed out")},
    [JOURNAL_LOCK] = {"lock", NC_("journal", "screen locked")},
    [JOURNAL_UNLOCK] = {"unlock", NC_("journal", "screen unlocked")},
    [JOURNAL_REVEAL] = {"reveal", NC_("journal", "numbers shown whole")},
    [JOURNAL_STATEMENT] = {"statement", NC_("journal", "what is to be signed shown")},
    [JOURNAL_PRINT] = {"print", NC_("journal", "printed")},
    [JOURNAL_EXPORT] = {"export", NC_("journal", "saved as a file")},
};

static const char *kind_id(enum journal_kind kind)
{
    size_t n = sizeof kinds / sizeof *kinds;

    return (size_t)kind < n && kinds[kind].id ? kinds[kind].id : "other";
}

static const char *words_of(const struct line *line)
{
    size_t n = sizeof kinds / sizeof *kinds;
    const char *state = line->f[JTAG_STATE].text, *words = NULL;
    struct command ended = {.state = state ? (enum command_state)strtol(state, NULL, 10) : COMMAND_DUE};

    if (line->f[JTAG_GONE].text)
        words = kinds[JOURNAL_GONE].words;
    else if (state && (line->kind != JOURNAL_UNDO || ended.state != COMMAND_DROPPED))
        return command_state_words(&ended);
    else if ((size_t)line->kind < n)
        words = kinds[line->kind].words;
    return words ? i18n_shown(words) : kind_id(line->kind);
}

/* ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void learn(struct listing *l, const struct line *line)
{
    if (!line->f[JTAG_METHOD].text)
        return;
    l->wishes = mem_grow(l->wishes, l->n + 1, sizeof *l->wishes);
    l->wishes[l->n++] = (struct wish_words){
        .key = arena_copy(&l->arena, line->f[JTAG_KEY].text),
        .code = line->f[JTAG_CODE].text ? arena_copy(&l->arena, line->f[JTAG_CODE].text) : NULL,
        .action = line->f[JTAG_ACTION].text ? arena_copy(&l->arena, line->f[JTAG_ACTION].text) : NULL,
    };
}

static struct wish_words find(const struct listing *l, const struct line *line)
{
    const char *key = line->f[JTAG_KEY].text;

    for (size_t i = key ? l->n : 0; i-- > 0;)
        if (strcmp(l->wishes[i].key, key) == 0)
            return l->wishes[i];
    return (struct wish_words){.key = key, .code = line->f[JTAG_CODE].text};
}

static void put_json(struct listing *l, const struct line *line, const struct wish_words *w)
{
    char at[INSTANT_TEXT];
    const char *state = line->f[JTAG_STATE].text;

    instant_format(line->at, l->offset, at);
    json_t *o = json_pack("{s:I, s:s, s:s, s:s*, s:s*, s:s*}", "number", (json_int_t)line->number, "at", at,
                          "what", kind_id(line->kind), "key", w->key, "code", w->code, "action", w->action);
    if (o && state)
        json_object_set_new(o, "state",
                            json_string(command_state_name((enum command_state)strtol(state, NULL, 10))));
    json_array_append_new(l->all, o);
}

static void put_line(struct listing *l, const struct line *line)
{
    struct wish_words w = find(l, line);
    struct arena arena = {0};
    struct buf out = {0};

    if (l->cli->json) {
        put_json(l, line, &w);
        return;
    }
    char *number = mem_format("%llu", (unsigned long long)line->number);
    print_cell(&out, number, 7, true);
    buf_text(&out, "  ");
    print_cell(&out, word_when(&arena, line->at, l->offset), 18, false);
    print_cell(&out, w.code ? text_code(&arena, w.code, 26) : "", 27, false);
    print_cell(&out, w.action ? text_shown(&arena, word_action(w.action).label) : "", 30, false);
    buf_char(&out, ' ');
    buf_text(&out, words_of(line));
    puts(out.data);
    mem_free(&number);
    buf_clear(&out);
    arena_clear(&arena);
}

static void take(struct listing *l, const struct line *line)
{
    const char *left = line->f[JTAG_LEFT].text;

    learn(l, line);
    if (line->kind == JOURNAL_BEGIN || (line->kind == JOURNAL_SENDING && left && strcmp(left, "0") == 0))
        return; /* what goes on from the file before; what came back unsent */
    put_line(l, line);
}

static void list_entry(void *context, const struct journal_entry *entry, const struct journal_place *at)
{
    struct listing *l = context;
    struct journal_field f;

    (void)at;
    if (!entry || entry->kind == JOURNAL_KEPT)
        return; /* what is damaged is told at the end */
    struct line empty = {.number = entry->number, .at = entry->at, .kind = entry->kind}, line = empty;
    for (size_t pos = 0; entry->kind != JOURNAL_VOID && journal_field(entry, &pos, &f);) {
        if (f.tag == JTAG_KEY && line.f[JTAG_KEY].text) {
            take(l, &line);
            line = empty;
        }
        if (f.tag >= JTAG_KEY && f.tag <= JTAG_BROKEN)
            line.f[f.tag] = f;
    }
    if (entry->kind == JOURNAL_BEGIN && line.f[JTAG_BROKEN].text)
        put_line(l, &empty);
    take(l, &line);
}

/* ── the command ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool judge(const struct journal_report *r, struct err *e)
{
    if (r->bad)
        return err_set(e, ERR_DATA,
                       _("Entry %llu of the journal is not as it was written. Keep the files as they are and tell the IT "
                         "department."),
                       (unsigned long long)r->bad);
    return !r->broken ||
           err_set(e, ERR_DATA,
                   _("Entry %llu of the journal was damaged or gone when motcua was started, and another journal was begun; "
                     "since then it is whole. Tell the IT department."),
                   (unsigned long long)r->broken);
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
    struct listing l = {.cli = cli, .all = json_array()};
    struct journal_report report;
    struct seat *s = NULL;
    bool verify = cli->options.value[OPTION_VERIFY] != NULL;

    zone_offset("Asia/Ho_Chi_Minh", &l.offset);
    bool ok = command_officer(cli, false, &s, e) &&
              outbox_journal(s->outbox, verify ? NULL : list_entry, &l, &report, e);
    if (ok && !verify && cli->json)
        print_object(json_incref(l.all));
    ok = ok && judge(&report, e);
    if (ok && verify)
        print_report(cli, &report);
    json_decref(l.all);
    free(l.wishes);
    arena_clear(&l.arena);
    seat_free(&s);
    return ok;
}
