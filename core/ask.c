/* ask: how an ask and its answer end. Both may hold what was personal, so both are wiped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ask.h"

#include <stdlib.h>
#include <string.h>

static void wipe_text(char **text)
{
    if (*text)
        mem_wipe(*text, strlen(*text));
    mem_free(text);
}

void ask_clear(struct ask *ask)
{
    wipe_text(&ask->text);
    wipe_text(&ask->dossier);
    wipe_text(&ask->cursor);
    if (ask->bytes)
        mem_wipe(ask->bytes, ask->n);
    free(ask->bytes);
    *ask = (struct ask){0};
}

void answer_clear(struct answer *answer)
{
    arena_clear(&answer->arena);
    mem_wipe(answer, sizeof(*answer));
}
