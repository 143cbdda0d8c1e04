/* theme: one table, a row a style, a column a theme. `marker` is default without reverse on the focus: the `>` alone says it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/theme.h"

#include <string.h>

enum { OWN = -1, BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, DARK_YELLOW = THEME_DARK_YELLOW };

/* clang-format off */
#define PLAIN         {OWN, OWN, false, false, false}
#define REVERSE       {OWN, OWN, true, false, false}
#define UNDERLINE     {OWN, OWN, false, true, false}
#define BLOCK         {OWN, OWN, true, true, true} /* stands out in a row that is reversed */
#define INK(colour)   {colour, OWN, false, false, false}
#define PAPER(fg, bg) {fg, bg, false, false, false}
#define ALARM         {RED, OWN, true, false, false}

static const struct look looks[STYLE_COUNT][THEME_COUNT] = {
    /*                  default                light                  mono                   marker */
    [STYLE_TEXT]    = {PLAIN,                 PLAIN,                 PLAIN,                 PLAIN},
    [STYLE_STATUS]  = {REVERSE,               REVERSE,               REVERSE,               REVERSE},
    [STYLE_BANNER]  = {PAPER(BLACK, YELLOW),  PAPER(BLACK, YELLOW),  BLOCK,                 PAPER(BLACK, YELLOW)},
    [STYLE_TITLE]   = {PLAIN,                 PLAIN,                 PLAIN,                 PLAIN},
    [STYLE_FOCUS]   = {REVERSE,               REVERSE,               REVERSE,               PLAIN},
    [STYLE_CHOSEN]  = {INK(GREEN),            INK(BLUE),             UNDERLINE,             INK(GREEN)},
    [STYLE_KEY]     = {UNDERLINE,             UNDERLINE,             UNDERLINE,             UNDERLINE},
    [STYLE_OVERDUE] = {INK(RED),              INK(RED),              UNDERLINE,             INK(RED)},
    [STYLE_TODAY]   = {INK(YELLOW),           INK(DARK_YELLOW),      UNDERLINE,             INK(YELLOW)},
    [STYLE_PAUSED]  = {INK(CYAN),             INK(BLUE),             PLAIN,                 INK(CYAN)},
    [STYLE_ERROR]   = {ALARM,                 ALARM,                 REVERSE,               ALARM},
    [STYLE_FIELD]   = {UNDERLINE,             UNDERLINE,             UNDERLINE,             UNDERLINE},
    [STYLE_DAMAGED] = {INK(RED),              INK(RED),              REVERSE,               INK(RED)},
    [STYLE_MINE]    = {INK(GREEN),            INK(BLUE),             UNDERLINE,             INK(GREEN)},
    [STYLE_THEIRS]  = {INK(CYAN),             INK(MAGENTA),          PLAIN,                 INK(CYAN)},
    [STYLE_WEAK]    = {PLAIN,                 PLAIN,                 PLAIN,                 PLAIN},
    [STYLE_QR]      = {PAPER(BLACK, WHITE),   PAPER(BLACK, WHITE),   PAPER(BLACK, WHITE),   PAPER(BLACK, WHITE)},
    [STYLE_QR_DARK] = {PAPER(WHITE, BLACK),   PAPER(WHITE, BLACK),   PAPER(WHITE, BLACK),   PAPER(WHITE, BLACK)},
};
/* clang-format on */

static const char *const names[THEME_COUNT] = {"default", "light", "mono", "marker"};

struct look theme_look(enum theme_id theme, enum style style)
{
    return looks[style][theme];
}

bool theme_parse(const char *name, enum theme_id *out)
{
    for (int i = 0; i < THEME_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (enum theme_id)i;
            return true;
        }
    return false;
}

const char *theme_name(enum theme_id theme)
{
    return names[theme];
}
