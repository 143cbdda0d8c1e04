/* outbox_verify: the journal read from end to end, against itself and against what outbox.db knows of it. It refuses to mend anything.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/outbox_internal.h"

#include "core/i18n.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct journal_report *report;
    journal_each *each;
    void *context;
    struct journal_place mark, before; /* before: where the older file ends */
    bool has_mark, has_before;
};

static void bad_at(struct journal_report *r, uint64_t number)
{
    r->bad = r->bad ? r->bad : number;
}

static void note_break(struct journal_report *r, const struct journal_entry *entry)
{
    struct journal_field f;
    for (size_t at = 0; journal_field(entry, &at, &f);)
        if (f.tag == JTAG_BROKEN)
            r->broken = (uint64_t)strtoull(f.text, NULL, 10);
}

/* The first entry of the newer file goes on behind the last one of the older. */
static bool goes_on(const struct journal_entry *entry, const struct journal_place *before)
{
    struct journal_field f;
    for (size_t at = 0; journal_field(entry, &at, &f);)
        if (f.tag == JTAG_HASH)
            return entry->number == before->number + 1 && memcmp(f.text, before->hash, JOURNAL_HASH) == 0;
    return false;
}

static void read_one(void *context, const struct journal_entry *entry, const struct journal_place *at)
{
    struct reading *r = context;
    r->report->entries++;
    if (!entry)
        bad_at(r->report, at->number);
    else if (entry->kind == JOURNAL_BEGIN)
        note_break(r->report, entry);
    if (entry && r->has_before) {
        if (!goes_on(entry, &r->before) && !r->report->broken)
            bad_at(r->report, entry->number);
        r->has_before = false;
    }
    if (r->has_mark && at->number == r->mark.number && memcmp(at->hash, r->mark.hash, JOURNAL_HASH) != 0)
        bad_at(r->report, at->number);
    if (r->each)
        r->each(r->context, entry, at);
}

static bool read_older(struct outbox *o, struct reading *r, struct err *e)
{
    bool absent;
    enum journal_state state = journal_read_older(o->journal, &r->before, &absent, read_one, r, e);
    if (absent)
        return true;
    if (state == JOURNAL_FAILED)
        return false;
    if (state != JOURNAL_WHOLE)
        bad_at(r->report, r->before.number + 1);
    r->has_before = true;
    return true;
}

bool outbox_journal(struct outbox *o, journal_each *each, void *context, struct journal_report *out,
                    struct err *e)
{
    struct reading r = {.report = out, .each = each, .context = context};
    struct journal_place at = {0};
    bool absent;
    *out = (struct journal_report){0};
    if (seal_key_asleep(o->key))
        return err_set(e, ERR_AUTH, "%s", _("The saved data is locked. Type the PIN first."));
    if (!journal_lock(o->journal, &absent, e))
        return false;
    bool ok = ob_mark_read(o, &r.mark, e);
    r.has_mark = r.mark.end > 0;
    ok = ok && read_older(o, &r, e);
    if (ok && !absent) {
        enum journal_state state = journal_read(o->journal, &at, read_one, &r, e);
        ok = state != JOURNAL_FAILED;
        if (state == JOURNAL_BAD)
            bad_at(out, at.number + 1);
    }
    if (r.has_mark && at.number < r.mark.number) /* cut, or another one: outbox.db knows of more */
        bad_at(out, at.number + 1);
    journal_unlock(o->journal);
    memcpy(out->hash, at.hash, JOURNAL_HASH);
    out->last = at.number;
    return ok;
}
