/* cmd_keymap: check-keymap: what is wrong with a file of key bindings, line by line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/place.h"
#include "core/i18n.h"
#include "tui/keymap.h"

#include <stdio.h>

#define MAX_BYTES 262144

struct complaints {
    bool quiet;   /* --json: one problem for all */
    json_t *list; /* [{"message"}] */
};

static void complain(void *context, const char *sentence)
{
    struct complaints *c = context;

    json_array_append_new(c->list, json_pack("{s:s}", "message", sentence));
    if (!c->quiet)
        fprintf(stderr, "%s\n", sentence);
}

/* The lines have been told already, so the error has no sentence of its own. */
static bool fail(struct cli *cli, const struct complaints *c, struct err *e)
{
    const char *first = json_string_value(json_object_get(json_array_get(c->list, 0), "message"));
    json_t *problem =
        json_pack("{s:s, s:s, s:O}", "type", "urn:motcua:problem:keymap", "title", first, "errors", c->list);

    cli->problem = json_dumps(problem, JSON_COMPACT);
    json_decref(problem);
    return err_set(e, ERR_CONFIG, "%s", "");
}

bool cmd_check_keymap(struct cli *cli, struct err *e)
{
    const char *path = cli->options.operand[0];
    struct complaints c = {.quiet = cli->json, .list = json_array()};
    struct keymap *map = keymap_new();
    struct buf bytes = {0};
    bool ok = place_read(path, MAX_BYTES, &bytes, NULL, e);

    if (ok && !keymap_read(map, path, bytes.data ? bytes.data : "", bytes.len, complain, &c))
        ok = fail(cli, &c, e);
    json_decref(c.list);
    buf_clear(&bytes);
    keymap_free(&map);
    return ok;
}
