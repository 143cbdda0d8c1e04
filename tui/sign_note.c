/* sign_note: see sign_note.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/sign_note.h"

#include "core/codec.h"

#include <stdlib.h>
#include <string.h>

static char *place_of(const char *dossier, const char *action)
{
    return mem_format("sign:%s:%s", dossier, action);
}

void sign_note_keep(struct app *app, const char *dossier, const char *action, const char *note)
{
    json_t *text = json_string(note);
    char *json = *note ? json_dumps(text, JSON_COMPACT | JSON_ENCODE_ANY) : NULL,
         *place = place_of(dossier, action);

    outbox_keep(app_outbox(app), place, json, true, NULL); /* where that fails it is on the screen still */
    json_decref(text);
    if (json)
        mem_wipe(json, strlen(json));
    free(json);
    free(place);
}

static char *note_kept(struct app *app, const char *dossier, const char *action)
{
    char *place = place_of(dossier, action), *json = outbox_kept(app_outbox(app), place);
    json_t *text = json ? json_loads(json, JSON_DECODE_ANY, NULL) : NULL;
    char *note = json_is_string(text) ? mem_copy(json_string_value(text)) : NULL;

    json_decref(text);
    if (json)
        mem_wipe(json, strlen(json));
    free(json);
    free(place);
    return note;
}

char *sign_note_first(struct app *app, const struct dossier *d, const char *action,
                      const struct form_preset *preset, bool *kept)
{
    char *note = preset ? NULL : note_kept(app, d->id, action);
    bool refuses = action_of(action) == ACTION_REFUSE_RESULT && d->proposal && d->proposal->note &&
                   strcmp(d->proposal->outcome, "refuse") == 0;

    *kept = note != NULL;
    if (note)
        return note;
    if (preset)
        return mem_copy(preset->request.note ? preset->request.note : "");
    return mem_copy(refuses ? d->proposal->note : "");
}
