/* wish: from "this action on that dossier" to rows of the outbox, and what may still be wished while one waits. Shared by the
 * screen and the command line, so that both mean the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_WISH_H
#define MOTCUA_CACHE_WISH_H

#include "cache/cache.h"
#include "cache/outbox.h"
#include "core/workflow.h"

#define WISH_OFFSET \
    (7 * 3600) /* times in requests are written for the office's eyes, seconds east; the server compares instants */

/* One line of the action menu. */
struct wish_offer {
    const char *action; /* as it came */
    bool offered;       /* false: greyed, `reason` says why */
    bool online_only;
    unsigned needs;     /* NEED_*; of unknown words: refused with a reason */
    const char *reason; /* NULL where offered; translated or the server's */
};
/* What the officer may wish of a dossier now: the server's offer, and beside a waiting wish only what the workflow allows after
 * it (what an approve needs, when online-only while a row waits: greyed). Offered first, in the server's order; then the rest. In arena. */
bool wish_offers(struct cache *, struct outbox *, const struct dossier *, int64_t now, struct arena *,
                 struct wish_offer **out, size_t *n, struct err *);

struct wish_target {
    const struct dossier *dossier;
    const char *seen; /* its JSON as shown */
};
/* Checks each against its offer and its needs (ERR_REFUSED, ERR_INPUT name what is missing), then enqueues all in one transaction.
 * `hold`: ordinary screen actions; online-only ones are never held. `acted_at` in the request is filled with `now`. */
bool wish_act(struct cache *, struct outbox *, const struct wish_target *, size_t n,
              const struct action_request *, bool hold, int64_t now, char (*keys)[UUID_TEXT], struct err *);
/* The same for one, in the place of the row `key` that came to no good end (outbox_replace): keeping what was wished on the version
 * that stands now, or mending it. */
bool wish_act_again(struct cache *, struct outbox *, const char *key, const struct wish_target *,
                    const struct action_request *, bool hold, int64_t now, char new_key[static UUID_TEXT],
                    struct err *);
/* Taking in: a createDossier, not held, since the citizen waits for the code; on the disk when it returns true. ERR_INPUT: it lacks what
 * the contract requires; ERR_CONFLICT: the draft (its key, NULL: none) was sent or discarded at another screen, or the code is not
 * in reserve (numbers.h) or given already. Its target is `key` itself until the server has given it an id; the row's `code` is n->code,
 * else n->client_ref. */
bool wish_create(struct outbox *, const struct new_dossier *, const char *draft, int64_t now,
                 char key[static UUID_TEXT], struct err *);
/* The same in the place of the createDossier `old` that came to no good end (outbox_replace). */
bool wish_create_again(struct outbox *, const char *old, const struct new_dossier *, const char *draft,
                       int64_t now, char key[static UUID_TEXT], struct err *);
/* Asks for a fee without cash (requestPayment), and calls it off (cancelPayment): online only. What the server made of it comes with the
 * feed, as Dossier.payments. ERR_REFUSED: something on the dossier waits to be sent. */
#define WISH_ASK_PAYMENT "ask_payment"
#define WISH_END_PAYMENT "end_payment"
bool wish_pay(struct outbox *, const struct dossier *, int64_t amount, int64_t now,
              char key[static UUID_TEXT], struct err *);
bool wish_pay_off(struct outbox *, const struct dossier *, const char *payment, int64_t now,
                  char key[static UUID_TEXT], struct err *);
/* A number of our own for client_ref, "QUAY02-MAI-291222-003": machine, officer (two may sit at one machine in a day), day, and how
 * many it is of that day. Not given before on this machine to anything that was saved. In arena. */
bool wish_client_ref(struct outbox *, const char *workstation, const char *officer, int64_t now,
                     int32_t offset, struct arena *, const char **out, struct err *);
/* The dossier as it will stand after the officer's waiting rows (a prediction; for menus and "Hạn trả … ước tính"). */
bool wish_predict(struct cache *, struct outbox *, const struct dossier *, int64_t now, struct arena *,
                  struct dossier *out, struct err *);

#endif
