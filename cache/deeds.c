/* deeds: the journal's entries as lines that a person reads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/deeds.h"

#include "core/i18n.h"

#include <stdlib.h>
#include <string.h>

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

const char *command_state_words(const struct command *c)
{
    switch (c->state) {
    case COMMAND_HELD:
        return C_("outbox", "can be undone");
    case COMMAND_DUE:
        return c->may_have_arrived ? C_("outbox", "result unknown") : C_("outbox", "not sent");
    case COMMAND_SENDING:
        return C_("outbox", "being sent");
    case COMMAND_DONE:
        return C_("outbox", "done");
    case COMMAND_CONFLICT:
        return C_("outbox", "conflict");
    case COMMAND_REFUSED:
        return C_("outbox", "refused by the system");
    case COMMAND_RECONCILE:
        return C_("outbox", "over 40 days, to be reconciled");
    case COMMAND_DROPPED:
        return C_("outbox", "dropped");
    }
    return "";
}

const char *deed_id(const struct deed *d)
{
    size_t n = sizeof kinds / sizeof *kinds;

    return (size_t)d->kind < n && kinds[d->kind].id ? kinds[d->kind].id : "other";
}

const char *deed_words(const struct deed *d)
{
    const char *words = NULL;

    if (d->gone)
        words = kinds[JOURNAL_GONE].words;
    else if (d->has_state && (d->kind != JOURNAL_UNDO || d->state != COMMAND_DROPPED))
        return command_state_words(&(struct command){.state = d->state});
    else if ((size_t)d->kind < sizeof kinds / sizeof *kinds)
        words = kinds[d->kind].words;
    return words ? i18n_shown(words) : deed_id(d);
}

bool journal_judge(const struct journal_report *r, struct err *e)
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

/* ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct reading {
    struct arena *arena;
    struct deed *deeds;
    size_t n, room;
    struct wish_words { /* what a key stands for */
        const char *key, *target, *code, *action;
    } * wishes;
    size_t n_wishes;
};
struct line { /* what an entry says of one wish, or of what is none */
    const struct journal_entry *entry;
    struct journal_field f[JTAG_BROKEN + 1];
};

static const char *keep(const struct reading *r, const struct line *line, enum journal_tag tag)
{
    return line->f[tag].text ? arena_copy(r->arena, line->f[tag].text) : NULL;
}

static void learn(struct reading *r, const struct line *line)
{
    if (!line->f[JTAG_METHOD].text)
        return;
    r->wishes = mem_grow(r->wishes, r->n_wishes + 1, sizeof *r->wishes);
    r->wishes[r->n_wishes++] = (struct wish_words){
        .key = keep(r, line, JTAG_KEY),
        .target = keep(r, line, JTAG_TARGET),
        .code = keep(r, line, JTAG_CODE),
        .action = keep(r, line, JTAG_ACTION),
    };
}

static struct wish_words find(const struct reading *r, const struct line *line)
{
    const char *key = line->f[JTAG_KEY].text;

    for (size_t i = key ? r->n_wishes : 0; i-- > 0;) /* most are about one of the last */
        if (strcmp(r->wishes[i].key, key) == 0)
            return r->wishes[i];
    return (struct wish_words){
        .key = keep(r, line, JTAG_KEY), .target = keep(r, line, JTAG_TARGET), .code = keep(r, line, JTAG_CODE)};
}

static void put(struct reading *r, const struct line *line)
{
    struct wish_words w = find(r, line);
    const char *state = line->f[JTAG_STATE].text;

    if (r->n == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        r->deeds = arena_grow(r->arena, r->deeds, r->n, r->room, sizeof *r->deeds);
    }
    r->deeds[r->n++] = (struct deed){
        .number = line->entry->number,
        .at = line->entry->at,
        .kind = line->entry->kind,
        .key = w.key,
        .target = w.target,
        .code = w.code,
        .action = w.action,
        .has_state = state != NULL,
        .state = state ? (enum command_state)strtol(state, NULL, 10) : COMMAND_DUE,
        .gone = line->f[JTAG_GONE].text != NULL,
    };
}

static void take(struct reading *r, const struct line *line)
{
    const char *left = line->f[JTAG_LEFT].text;
    enum journal_kind kind = line->entry->kind;

    learn(r, line);
    if (kind == JOURNAL_BEGIN || (kind == JOURNAL_SENDING && left && strcmp(left, "0") == 0))
        return; /* what goes on from the file before; what came back unsent */
    put(r, line);
}

static void take_entry(void *reading, const struct journal_entry *entry, const struct journal_place *at)
{
    struct reading *r = reading;
    struct journal_field f;

    if (!entry || entry->kind == JOURNAL_KEPT)
        return; /* what is damaged is told at the end */
    struct line empty = {.entry = entry}, line = empty;
    for (size_t pos = 0; entry->kind != JOURNAL_VOID && journal_field(entry, &pos, &f);) {
        if (f.tag == JTAG_KEY && line.f[JTAG_KEY].text) {
            take(r, &line);
            line = empty;
        }
        if (f.tag >= JTAG_KEY && f.tag <= JTAG_BROKEN)
            line.f[f.tag] = f;
    }
    if (entry->kind == JOURNAL_BEGIN && line.f[JTAG_BROKEN].text)
        put(r, &empty);
    take(r, &line);
}

bool deeds_read(struct outbox *o, struct arena *arena, struct deed **out, size_t *n,
                struct journal_report *report, struct err *e)
{
    struct reading r = {.arena = arena};
    bool ok = outbox_journal(o, take_entry, &r, report, e);

    free(r.wishes);
    *out = ok ? r.deeds : NULL;
    *n = ok ? r.n : 0;
    return ok;
}
