/* tui_intake: mai at 10:12 with a citizen before her, a card in her scanner's way of typing, and what she wished for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_INTAKE_H
#define MOTCUA_TESTS_UNIT_TUI_INTAKE_H

#include "tests/unit/tui_world.h"

#define CARD(address) \
    "077191007731|273160925|Phạm Thị Diễm Hương|03091991|Nữ|" address ", xã Kim Long, huyện Châu Đức|11052021"
#define SOUND CARD("Tổ 7, ấp Vạn Bình")

extern struct arena counter_arena; /* what is read lies here, until the teardown */
int counter_teardown(void **state);
void counter_sit(struct world *, const char *officer);
void counter_open(struct world *, const char *code);  /* mai, with the form of this procedure */
void counter_scan(struct world *, const char *burst); /* as a scanner types it: one text, no paste */
void counter_cut_line(struct world *);

size_t counter_wishes(struct world *);
struct command counter_newest(struct world *);
struct new_dossier counter_sent(struct world *); /* what the newest, a createDossier, says */

#endif
