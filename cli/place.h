/* place: where things lie: beside the executable in the source tree, else where they were installed; and the officer's own
 * directories. It refuses a relative XDG directory, as their specification says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_PLACE_H
#define MOTCUA_CLI_PLACE_H

#include "core/err.h"
#include "core/mem.h"

/* All texts are the caller's to free. */
char *place_self(void);                /* this executable's path */
char *place_program(const char *name); /* a program beside this executable, else its bare name (for PATH) */
char *place_locale(void);              /* the directory of the message catalogues */
char *place_keymaps(void);             /* the directory of the shipped keymaps */
char *place_config(const char *name);  /* $XDG_CONFIG_HOME/motcua/name; NULL: no home */
/* Where the officer's files are saved: this, or where it is NULL the directory motcua in his home; NULL: no home. */
char *place_exports(const char *configured);
char *place_workstation(void); /* this machine's name */

/* A whole file of at most `most` bytes. ERR_CONFIG: cannot be read, or larger. Where `absent` is not NULL, one that is not there
 * is said by it alone: false, and `e` as it was. */
bool place_read(const char *path, size_t most, struct buf *out, bool *absent, struct err *e);

#endif
