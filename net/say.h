/* say: the sentences of net/, each what happened, what is safe and what to do (screens.md, section 5). What came from a server
 * stands in them only after text_shown(). All return false, so that `return say_…()` reads well; a NULL err is allowed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_NET_SAY_H
#define MOTCUA_NET_SAY_H

#include "core/types.h"
#include "net/exchange.h"

#include "core/err.h"

bool say_offline(struct err *, int64_t since); /* the line: cut off since */
bool say_slow(struct err *, int64_t answer_ms);
bool say_gently(struct err *);                             /* wishes go one by one, after an outage */
bool say_maintenance(struct err *, int64_t until);         /* INSTANT_NONE: not known */
bool say_session_over(struct err *);                       /* ERR_AUTH */
bool say_signed_out(struct err *);                         /* ERR_AUTH: nobody has signed in */
bool say_step_up(struct err *);                            /* ERR_AUTH */
bool say_code_denied(struct err *);                        /* ERR_AUTH */
bool say_code_expired(struct err *);                       /* ERR_AUTH */
bool say_sign_in_refused(struct err *, const char *error); /* ERR_SERVER: an OAuth error that no officer can mend */
bool say_not_told(struct err *); /* ERR_OFFLINE: signed out here, the server does not know */
bool say_not_central(struct err *, const char *url); /* ERR_SERVER */
bool say_other_api(struct err *, const char *version, bool newer);
bool say_other_issuer(struct err *, const char *issuer);
bool say_unknown(struct err *); /* a wish: it left, and no answer came; ERR_OFFLINE */
bool say_garbled(struct err *, const struct response *); /* a wish: it is sent again; ERR_OFFLINE */
bool say_unreadable(struct err *, const struct response *); /* a question: nothing was changed by it; ERR_OFFLINE */
bool say_server_fault(struct err *, const struct response *);
bool say_rate_limited(struct err *);
bool say_damaged(struct err *);                /* ERR_STORE: a row of the outbox that must not be sent */
bool say_online_only(struct err *);            /* ERR_OFFLINE */
bool say_holder_silent(struct err *, int pid); /* ERR_OFFLINE */
/* No answer: which of them by reply->end; ERR_OFFLINE, a certificate ERR_SERVER. */
bool say_no_line(struct err *, const struct response *, const char *url);
/* The server's own words: ERR_REFUSED, ERR_NOT_FOUND, ERR_CONFLICT or ERR_INPUT by its status. */
bool say_problem(struct err *, const struct problem *);

#endif
