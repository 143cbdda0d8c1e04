/* sign_send: see sign_send.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/sign_send.h"

#include "core/text.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

void sign_request(const struct sign_statement *statement, const char *action, const char *cms,
                  struct arena *arena, struct action_request *out)
{
    char *text = base64_encode(statement->bytes, statement->n_bytes);
    struct signature *signature = arena_alloc(arena, sizeof *signature);

    codec_absent(&shape_action_request, out);
    *signature = (struct signature){.statement = arena_copy(arena, text), .cms = arena_copy(arena, cms)};
    out->action = action;
    out->note = *statement->note ? statement->note : NULL;
    out->on_behalf_of = statement->said.on_behalf_of;
    out->signature = signature;
    free(text);
}

bool sign_send(struct app *app, const struct dossier_shown *shown, const struct sign_statement *statement,
               const char *action, const char *replaces, const char *cms, char key[static UUID_TEXT],
               struct err *e)
{
    struct arena arena = {0};
    struct wish_target target = {.dossier = &shown->d, .seen = shown->json};
    struct action_request request;
    const char(*keys)[UUID_TEXT];

    sign_request(statement, action, cms, &arena, &request);
    bool saved =
        replaces ? app_act_again(app, replaces, &target, &request, e) : app_act(app, &target, 1, &request, e);
    if (saved) {
        app_act_keys(app, &keys);
        memcpy(key, keys[0], UUID_TEXT);
    }
    arena_clear(&arena);
    return saved;
}
