/* err: fills a struct err, and ends the program when it must not go on.
 * die() is the one place of core that touches the world: one write(2) and _exit(2), since nothing else can be relied on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIE_STATUS 70

/* Set once at start-up by the program that has a terminal to give back. */
static void (*die_restore)(void);

/* vsnprintf() cuts between bytes. A text that was cut may end within a character: take its lead and what follows away. */
static void cut_at_character(char *text, size_t len)
{
    size_t lead = len;
    while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0)
        return;
    unsigned char c = (unsigned char)text[lead - 1];
    size_t whole = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (lead - 1 + whole > len)
        text[lead - 1] = '\0';
}

bool err_set(struct err *e, enum err_code code, const char *format, ...)
{
    if (!e)
        return false;
    /* Not straight into e->text: the arguments may stand in it. */
    char text[sizeof(e->text)];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0)
        text[0] = '\0';
    else if ((size_t)n >= sizeof(text))
        cut_at_character(text, sizeof(text) - 1);
    memcpy(e->text, text, strlen(text) + 1);
    e->code = code;
    return false;
}

void die(const char *format, ...)
{
    void (*restore)(void) = die_restore;
    die_restore = NULL; /* a hook that dies itself must not run again */
    if (restore)
        restore();

    char line[512];
    int head = snprintf(line, sizeof(line), "%s: ", program_invocation_short_name);
    size_t used = head < 0 ? 0 : (size_t)head < sizeof(line) ? (size_t)head : sizeof(line) - 1;
    va_list args;
    va_start(args, format);
    vsnprintf(line + used, sizeof(line) - used, format, args);
    va_end(args);
    used = strlen(line);
    if (used == sizeof(line) - 1)
        used--;
    line[used++] = '\n';
    if (write(STDERR_FILENO, line, used) < 0) {
        /* Nobody is left to tell. */
    }
    _exit(DIE_STATUS);
}

void die_restore_with(void (*restore)(void))
{
    die_restore = restore;
}
