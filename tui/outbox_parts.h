/* outbox_parts: the words about wishes that the outbox and the conflict card share: what was wished, how it stands, what ended it, what
 * comes next. They never say more than is known (screens.md, rule 7). All of it in `arena`, ready to be shown.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_OUTBOX_PARTS_H
#define MOTCUA_TUI_OUTBOX_PARTS_H

#include "tui/view.h"

/* The problem that the server answered with. false: none, or not one (`out` is absent then). */
bool outbox_problem(struct arena *, const struct command *, struct problem *out);
/* What was sent, or will be; false: not an action, or gone with its answer. */
bool outbox_request(struct arena *, const struct command *, struct action_request *out);
/* The dossier that the officer saw, and what he could not see of it; false: not kept. */
bool outbox_seen(struct arena *, const struct command *, struct dossier *out);

/* approve, refuse_result: what was signed holds for the version that the officer saw, and is never sent on another. */
bool outbox_is_signature(const struct command *);
/* There is a form for it, so that its content can be mended. */
bool outbox_has_form(const struct command *);

/* "Yêu cầu bổ sung giấy tờ", or "Yêu cầu bổ sung" where that does not fit. */
char *outbox_action(struct arena *, const char *action, int columns);
/* In a row: "09:42" today, else "18/11". In a sentence: "09:42", "09:42 ngày 28/12". */
char *outbox_when(struct app *, struct arena *, int64_t t);
char *outbox_moment(struct app *, struct arena *, int64_t t);
/* "chưa rõ kết quả, thử lại lúc 09:44", or as much of it as `columns` take. */
char *outbox_state(struct app *, struct arena *, const struct command *, int columns);
/* Why the server did not take it, in its own words: title, detail, and what is wrong where. NULL: it did not say. */
char *outbox_reason(struct arena *, const struct command *);
/* The same as a sentence, with the number for the help desk. */
char *outbox_refusal(struct arena *, const struct command *);
/* One or two sentences: how it stands and what comes next. `behind`: one before it on the same dossier is not done. */
char *outbox_sentence(struct app *, struct arena *, const struct command *, bool behind);
/* "lý do: …; giấy tờ: …": what the wish says, word for word. NULL: nothing beside the action itself. */
char *outbox_content(struct app *, struct arena *, const struct command *);
/* What the action is done with, as it stands behind its name: "Lê Hoàng Nam", "10.000 đ". NULL: nothing. */
char *outbox_object(struct app *, struct arena *, const struct action_request *);

#endif
