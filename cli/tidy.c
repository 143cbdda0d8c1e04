/* tidy: see tidy.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/tidy.h"

#include "cache/files.h"
#include "cache/officers.h"
#include "core/instant.h"

#define EVERY_MS (10 * 60 * 1000)
#define DAY      86400

static bool has_wish(void *outbox, const char *dossier)
{
    return outbox_mark(outbox, dossier) != MARK_NONE;
}

/* Once for who sat down, then daily. A training server's time is a story's: it judges what is its own alone. */
static void look_at_officers(struct seat *s, const struct line_status *line)
{
    if (s->seen_at != INSTANT_NONE && line->server_now - s->seen_at < DAY)
        return;
    s->seen_at = line->server_now;
    officers_set_seen(s->dir, line->server_now, NULL);
    officers_forget_absent(s->base, line->training ? s->server : NULL, line->server_now);
}

bool tidy(struct seat *s, int ms)
{
    struct line_status line;
    bool more = false;

    net_line(s->net, &line);
    if (s->cache && line.skew != INSTANT_NONE) {
        look_at_officers(s, &line);
        more =
            lease_held(s->lease) &&
            cache_retain(s->cache, s->env, ms,
                         &(struct retain_ask){.now = line.server_now, .keep = has_wish, .context = s->outbox});
    }
    if (!more && s->outbox && lease_held(s->lease))
        files_tidy(s->outbox, s->env->wall(s->env));
    if (!more)
        s->tidy_at = seat_mono(s) + EVERY_MS;
    return more;
}
