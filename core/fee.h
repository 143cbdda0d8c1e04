/* fee: what a procedure costs on a channel, item by item, before anything is asked for. What the server holds of a dossier
 * (Dossier.fees) is the truth afterwards.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_FEE_H
#define MOTCUA_CORE_FEE_H

#include "core/mem.h"
#include "core/types.h"

#define FEE_COUNT_MOST 9999

struct fee_line {
    const struct fee_item *item;
    int64_t count; /* dossiers, copies or pages, 0 to FEE_COUNT_MOST */
};
/* The items of the procedure that hold on the channel (those without a channel hold on all), in its order, in arena. The counts are
 * the rule: 1, but 0 for a further case of the same fee ("Lệ phí, quá hạn" behind "Lệ phí, đúng hạn"; "Phí chứng thực, từ trang 3" behind
 * "…, trang 1 và 2"), which the officer counts. */
size_t fee_lines(const struct procedure *, const char *channel, struct arena *, struct fee_line **out);

/* Amount times count; nothing where the applicant is exempt and the item names somebody who is. */
int64_t fee_line_amount(const struct fee_line *, bool exempt);
int64_t fee_lines_sum(const struct fee_line *, size_t n, bool exempt);
/* What is asked for (contract, NewDossier.fees), in arena: the lines that are counted, each with its whole amount; lines that cost
 * nothing are left out. Nothing of it is paid. */
size_t fee_lines_fees(const struct fee_line *, size_t n, bool exempt, struct arena *, struct fee **out);

#endif
