/* watch: see watch.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/watch.h"

#include "tui/list_place.h"

#include <stdlib.h>
#include <string.h>

#define PLACE   "place:watch"
#define AT_MOST 500 /* the oldest go first; by then they are long over */

/* The targets of what he sent back, in these states, that are not in `ids` yet. */
static bool add_targets(json_t *ids, struct outbox *outbox, unsigned states, struct err *e)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n = 0;
    bool ok = outbox_list(outbox, states, &arena, &rows, &n, e);

    while (ok && n-- > 0) /* newest first: kept in the order of acting */
        if (rows[n].action && strcmp(rows[n].action, "rework") == 0 && !place_holds(ids, rows[n].target))
            json_array_append_new(ids, json_string(rows[n].target));
    while (json_array_size(ids) > AT_MOST)
        json_array_remove(ids, 0);
    arena_clear(&arena);
    return ok;
}

static void tell(struct cache *cache, const json_t *ids)
{
    const char **texts = mem_grow(NULL, json_array_size(ids) + 1, sizeof *texts);
    size_t n = 0;

    for (size_t i = 0; i < json_array_size(ids); i++)
        if (json_is_string(json_array_get(ids, i)))
            texts[n++] = json_string_value(json_array_get(ids, i));
    cache_watch(cache, texts, n);
    free((void *)texts);
}

static json_t *read_kept(struct outbox *outbox)
{
    char *text = outbox_kept(outbox, PLACE);
    json_t *ids = text ? codec_parse(text, strlen(text), NULL) : NULL;

    mem_free(&text);
    if (json_is_array(ids))
        return ids;
    json_decref(ids);
    return json_array();
}

static void keep(struct outbox *outbox, const json_t *ids)
{
    char *text = json_dumps(ids, JSON_COMPACT);

    outbox_keep(outbox, PLACE, text, false, NULL); /* it is made again from the outbox as long as that has the rows */
    free(text);
}

bool watch_refresh(struct cache *cache, struct outbox *outbox, struct err *e)
{
    json_t *kept = read_kept(outbox), *ids = json_copy(kept);
    bool ok = add_targets(ids, outbox, 1u << COMMAND_DONE, e);

    if (ok && !json_equal(ids, kept))
        keep(outbox, ids);
    /* What waits may still be undone: watched, not kept. */
    ok = ok && add_targets(ids, outbox, 1u << COMMAND_HELD | 1u << COMMAND_DUE | 1u << COMMAND_SENDING, e);
    if (ok)
        tell(cache, ids);
    json_decref(kept);
    json_decref(ids);
    return ok;
}
