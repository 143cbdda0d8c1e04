/* vault: the data key of a seat: from the file, the keyring or a PIN; set under a PIN; forgotten for a while and opened again.
 * It refuses to ask for a PIN: the lock view and `unlock` do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CLI_VAULT_H
#define MOTCUA_CLI_VAULT_H

#include "cli/config.h"
#include "cli/seat.h"

/* What `recovery` of the configuration names; `*has` is false where it names nothing. ERR_CONFIG. */
bool vault_office(const struct config *, struct office_key *, bool *has, struct err *);

/* The key of the seat's officer, whose directory is open. ERR_AUTH and s->locked: a PIN is needed. */
bool vault_open(struct seat *, struct err *);
/* Nobody is signed in: whose PIN could open something here, into s->locked. The one who worked here last. */
void vault_find(struct seat *);

/* With the PIN of the officer whose files are open, or wait (s->locked): then they are opened. ERR_AUTH: wrong, or not yet. */
bool vault_unlock(struct seat *, const struct pin *, struct err *);
/* The first PIN of the officer at hand: everything is sealed again, and what arrived is fetched again. ERR_REFUSED: another window is
 * open. */
bool vault_set_pin(struct seat *, const struct pin *, struct err *);
void vault_use(struct seat *); /* the officer is there: the keyring keeps the key for longer */
/* The key's time is over: it is forgotten, and nothing is sent or read until vault_unlock(). */
void vault_sleep(struct seat *);
void vault_tries(struct seat *, struct tries *); /* of whose PIN would be asked for */
void vault_forget(struct seat *);                /* signed out: the keyring forgets it */

/* For `unlock`: keeps a key in the keyring for the commands of this officer. */
void vault_keep(struct seat *, const char *officer, const struct seal_key *);

#endif
