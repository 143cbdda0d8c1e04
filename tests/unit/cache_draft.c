/* cache_draft: see cache_draft.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cache_draft.h"

#include "tests/unit/cache_journal.h"
#include "tests/unit/cache_room.h"

struct draft draft_typed(const char *body)
{
    return (struct draft){.procedure = "tt-1", .name = "Nguyễn Thị Đào", .body = body};
}

void draft_type(struct draft *d, const char *body)
{
    d->body = body;
    assert_ok(draft_save(o, d, T0, &e), &e);
}

void draft_is(const char *key, const char *body)
{
    struct draft d;
    assert_ok(draft_get(o, key, &arena, &d, &e), &e);
    assert_string_equal(d.body, body);
}

struct wish draft_wish(const struct draft *d)
{
    struct wish w = journal_due_on(NULL);
    w.action = "create";
    w.if_match = NULL;
    w.path = "/dossiers";
    w.draft = d->key;
    return w;
}
