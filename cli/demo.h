/* demo: `motcua demo`: a training server of its own, in a private directory that goes with it, and the screen on it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_DEMO_H
#define MOTCUA_CLI_DEMO_H

/* Under this name the executable becomes the training server, as a process that ends with its parent: posix_spawn() alone cannot
 * ask for that. argv: the name, the parent's pid, the program, its arguments. Returns an exit status where it could not. */
#define DEMO_SERVER "motcua-demo-server"
int demo_server(char *const argv[]);

#endif
