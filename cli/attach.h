/* attach: answers ASK_ATTACH: a file of the officer's becomes one that waits to be sent (cache/files.h). It refuses what is no plain file, and
 * leaves the file where it lies.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_ATTACH_H
#define MOTCUA_CLI_ATTACH_H

#include "cli/seat.h"

/* ERR_INPUT: no such file, or none that the server takes. ERR_REFUSED: the server takes no files. ERR_STORE: nothing was saved. */
bool attach_file(struct seat *, const struct ask *, struct err *);

#endif
