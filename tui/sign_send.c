/* sign_send: see sign_send.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/sign_send.h"

#include "core/text.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

bool sign_send(struct app *app, const struct dossier_shown *shown, const struct sign_statement *statement,
               const char *action, const char *replaces, const char *cms, char key[static UUID_TEXT],
               struct err *e)
{
    char *text = base64_encode(statement->bytes, statement->n_bytes);
    struct signature signature = {.statement = text, .cms = cms};
    struct wish_target target = {.dossier = &shown->d, .seen = shown->json};
    struct action_request request;
    const char(*keys)[UUID_TEXT];

    codec_absent(&shape_action_request, &request);
    request.action = action;
    request.note = *statement->note ? statement->note : NULL;
    request.on_behalf_of = statement->said.on_behalf_of;
    request.signature = &signature;
    bool saved =
        replaces ? app_act_again(app, replaces, &target, &request, e) : app_act(app, &target, 1, &request, e);
    free(text);
    if (saved) {
        app_act_keys(app, &keys);
        memcpy(key, keys[0], UUID_TEXT);
    }
    return saved;
}
