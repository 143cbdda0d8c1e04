/* err: how a function says that it could not, and how the program ends when it must not go on.
 * It refuses to print: whoever shows an error decides where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_ERR_H
#define MOTCUA_CORE_ERR_H

#include <stdbool.h>

/* What kind of thing went wrong. The command line turns it into its exit code (cli/print.c). */
enum err_code {
    ERR_NONE = 0,
    ERR_USAGE,     /* the caller asked for what makes no sense: exit 2 */
    ERR_INPUT,     /* a value that a person typed is missing or wrong: exit 2 */
    ERR_REFUSED,   /* the server said no for good, or does not offer it: exit 1 */
    ERR_NOT_FOUND, /* not kept here, or not the officer's to see: exit 1 */
    ERR_STORE,     /* a file could not be read or written (disk full, EIO, owner): exit 1 */
    ERR_DATA,      /* bytes from outside that are not what they should be: exit 1 */
    ERR_CONFIG,    /* a configuration file or keymap: exit 1 */
    ERR_SERVER,    /* it answers, but is not a central that we can work with: exit 1 */
    ERR_OFFLINE,   /* no usable answer, and the thing cannot wait: exit 3 */
    ERR_AUTH,      /* sign-in or unlock needed: exit 4 */
    ERR_CONFLICT,  /* somebody was first: exit 5 */
    ERR_SIGNER,    /* the signing device or its holder: exit 1 */
};

/* One sentence in the officer's language: what happened, what is safe, what to do. */
struct err {
    enum err_code code;
    char text[512]; /* UTF-8; cut at a character's end if too long */
};

/* Fills `e` (NULL is allowed: the caller does not care) and returns false, so that `return err_set(…)` reads well. */
bool err_set(struct err *e, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* Ends the program: runs the hook, writes one line to stderr, exits 70. For broken invariants and out of memory alone. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* `restore` gives the terminal back; it has to be safe at any moment. The one global of core. */
void die_restore_with(void (*restore)(void));

#endif
