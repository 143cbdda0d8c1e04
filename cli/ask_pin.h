/* ask_pin: a PIN from the terminal: no echo, in locked memory. It refuses to read one from anything else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_ASK_PIN_H
#define MOTCUA_CLI_ASK_PIN_H

#include "cache/pin.h"
#include "core/err.h"

/* ERR_USAGE: no terminal; ERR_AUTH with an empty sentence: the officer gave up (Ctrl-C, Ctrl-D, a signal). */
bool ask_pin(const char *prompt, struct pin *, struct err *);
/* The same, for as long as `goes_on` says yes, which is asked every second: what it is for may be called off. */
struct ask_while {
    bool (*goes_on)(void *context);
    void *context;
};
bool ask_pin_while(const char *prompt, struct pin *, const struct ask_while *, struct err *);
/* A line of what is typed on the controlling terminal, in the same way; what lay there before the question is no part of it. ERR_AUTH as above. */
bool ask_line_while(const char *prompt, char *line, size_t size, const struct ask_while *, struct err *);
/* From now on signals are noted (signals.h) as while a PIN is asked for. */
void ask_listen(void);
/* A new one, typed twice until both are the same. */
bool ask_new_pin(struct pin *, struct err *);

#endif
