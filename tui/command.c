/* command: the table that command.def makes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/command.h"

#include "core/i18n.h"

#include <string.h>

static const struct command_info commands[CMD_COUNT] = {
#define COMMAND(id, config_name, label_text, help_text, flag_bits) \
    [CMD_##id] = {.name = config_name, .label = label_text, .help = help_text, .flags = flag_bits},
#include "tui/command.def"
#undef COMMAND
};

const struct command_info *command_info(enum command_id id)
{
    return &commands[id];
}

enum command_id command_of(const char *name)
{
    for (int id = CMD_NONE + 1; id < CMD_COUNT; id++)
        if (strcmp(commands[id].name, name) == 0)
            return (enum command_id)id;
    return CMD_NONE;
}

/* Levenshtein's distance, up to 31 letters: names are ASCII and short. */
static size_t distance(const char *a, const char *b)
{
    size_t row[32], m = strlen(b);

    if (m >= 31 || strlen(a) >= 31)
        return 31;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[m];
}

const char *command_nearest(const char *name)
{
    const char *nearest = commands[CMD_HELP].name;
    size_t least = 32;

    for (int id = CMD_NONE + 1; id < CMD_COUNT; id++) {
        size_t d = distance(name, commands[id].name);
        if (d < least) {
            least = d;
            nearest = commands[id].name;
        }
    }
    return nearest;
}
