/* signer: when a certificate may be signed with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/signer.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "core/words.h"

bool signer_is_valid(int64_t from, int64_t until, int64_t now, int32_t offset, struct arena *arena, struct err *e)
{
    if (now < from)
        return err_set(e, ERR_SIGNER,
                       _("The certificate is not valid before %s. Nothing was signed. Ask who issued it."),
                       word_day(arena, instant_day(from, offset)));
    if (now >= until)
        return err_set(e, ERR_SIGNER, _("The certificate expired on %s. Nothing was signed. Ask who issued it."),
                       word_day(arena, instant_day(until, offset)));
    return true;
}

int signer_days_left(int64_t until, int64_t now)
{
    int64_t left = (until - now) / 86400;

    return left < SIGNER_WARN_DAYS ? (int)left : SIGNER_WARN_DAYS;
}
