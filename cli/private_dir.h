/* private_dir: a directory of this process's own, for what must not outlive it: under XDG_RUNTIME_DIR or /tmp, 0700. One whose
 * process was killed is removed by the next that makes one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_PRIVATE_DIR_H
#define MOTCUA_CLI_PRIVATE_DIR_H

#include "core/err.h"

struct private_dir {
    char *path; /* NULL: none */
    int lock;   /* held as long as it is in use */
};
bool private_dir_make(struct private_dir *, struct err *); /* ERR_STORE */
void private_dir_remove(struct private_dir *);             /* with all that is in it */

#endif
