/* cache_draft: what a test of drafts types, in the room of cache_room.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_CACHE_DRAFT_H
#define MOTCUA_TESTS_UNIT_CACHE_DRAFT_H

#include "cache/draft.h"

/* Of Nguyễn Thị Đào, for the procedure tt-1; not saved yet. */
struct draft draft_typed(const char *body);
void draft_type(struct draft *, const char *body); /* saves it so */
void draft_is(const char *key, const char *body);
struct wish draft_wish(const struct draft *); /* a createDossier that it becomes */

#endif
