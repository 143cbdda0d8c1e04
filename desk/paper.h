/* paper: what is handed out leaves: to a printer of this machine's, or into a file. Which printers there are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_PAPER_H
#define MOTCUA_DESK_PAPER_H

#include "desk/sheet.h"

#define PAPER_COPIES_MOST 20

/* The names of lpstat's printers, the default one first, as a new array; it is empty where there is no printing system. */
json_t *paper_printers(void);
/* Through lp, which reads it from us. ERR_REFUSED: what lp says. Nothing of it is on the disk. */
bool paper_print(const char *printer, int copies, const char *title, enum sheet_size, const struct buf *pdf,
                 struct err *);
/* Into a new file (0600) in the directory, under this name or with a number in it; never over another. `*path`: the caller's to free.
 * ERR_STORE. */
bool paper_save(const char *directory, const char *name, const struct buf *bytes, char **path, struct err *);

/* A job of the helper's: {"way": "printers"} → {"printers": [names]}; {"way": "print", "handout", "printer", "copies", "size": "A5" | "A4"} → {}; {"way":
 * "save", "handout", "size", "as": "pdf" | "csv", "directory", "name"} → {"path"}. */
bool paper_job(const json_t *job, json_t *answer, struct err *);

#endif
