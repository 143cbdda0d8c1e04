/* sign_look: all signers that an officer could choose here, looked at one after the other: the devices, training's software, the phone. It
 * refuses to choose.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_inside.h"

#include "core/i18n.h"
#include "core/instant.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void add(struct waiting *w, const struct signer_choice *choice)
{
    struct answer *a = &w->found;

    a->signers = arena_grow(&a->arena, a->signers, a->n_signers, a->n_signers + 1, sizeof *a->signers);
    a->signers[a->n_signers++] = *choice;
}

/* The next is looked at, in the same call where nobody has to be asked. */
static void go_on(struct signing *s)
{
    s->busy = NULL;
    s->line->look++;
    signing_next(s);
}

/* ── devices ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void add_device(const struct signing *s, struct waiting *w, const struct signer_found *f)
{
    struct arena *arena = &w->found.arena;
    const char *chosen = signing_device(w), *number = signing_certificate(arena, &f->certificate);
    bool his = w->certificate && strcasecmp(w->certificate, f->certificate.sha256) == 0;

    add(w,
        &(struct signer_choice){
            .id = *f->device.serial ? arena_format(arena, "token %s", f->device.serial) : "token",
            .name = signing_name(arena, &f->certificate, &f->device),
            .certificate =
                his ? number : arena_format(arena, "%s %s", number, _("The system knows another one as yours.")),
            .until = f->certificate.until,
            .current = signing_way(s, w) == WAY_TOKEN && his && (!chosen || strcmp(chosen, f->device.serial) == 0),
        });
}

static void looked(void *context, const struct signer_result *result)
{
    struct signing *s = context;
    struct waiting *w = s->line;

    for (size_t i = 0; i < result->n_found; i++)
        add_device(s, w, &result->found[i]);
    if (result->n_found == 0)
        add(w, &(struct signer_choice){
                   .id = "token",
                   .name = arena_copy(&w->found.arena, result->err.code != ERR_NONE
                                                           ? result->err.text
                                                           : _("The signing device has no certificate on it.")),
                   .certificate = "",
                   .until = INSTANT_NONE,
                   .current = signing_way(s, w) == WAY_TOKEN});
    go_on(s);
}

/* ── the one behind a struct signer: the officer's own machine, training's software ────────────────────────────────── */

/* Why there is none at home is worth a line, since somebody has configured it. */
static void described(void *context, const struct signer_result *result)
{
    struct signing *s = context;
    struct waiting *w = s->line;
    struct arena *arena = &w->found.arena;
    bool home = w->look == WAY_AGENT, known = result->err.code == ERR_NONE;

    if (known || home)
        add(w, &(struct signer_choice){
                   .id = home ? "agent" : "training",
                   .name = known ? signing_name(arena, &result->certificate, &result->device)
                                 : arena_copy(arena, result->err.text),
                   .certificate = known ? signing_certificate(arena, &result->certificate) : "",
                   .until = known ? result->certificate.until : INSTANT_NONE,
                   .current = signing_way(s, w) == w->look,
               });
    go_on(s);
}

static void describe(struct signing *s, struct signer *signer)
{
    const struct waiting *w = s->line;
    struct signer_who who = {.officer = w->officer, .certificate = w->certificate};

    s->busy = signer;
    signer->describe(signer, &who, SIGNER_DEADLINE_MS, described, s);
}

/* ── all of them ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void end(struct signing *s, struct waiting *w)
{
    struct answer found = w->found;

    w->found = (struct answer){0};
    signing_put(s, &found);
}

void signing_look(struct signing *s)
{
    struct waiting *w = s->line;
    static const struct signer_device phone = {.phone = true};

    if (w->look == WAY_TOKEN) {
        s->busy = s->token;
        desk_look_around(s->desk, s->config->pkcs11_module, SIGNER_DEADLINE_MS, looked, s);
    } else if (w->look == WAY_TRAINING && w->training && s->training) {
        describe(s, s->training);
    } else if (w->look == WAY_AGENT && s->agent && w->certificate) {
        describe(s, s->agent);
    } else if (w->look == WAYS) {
        end(s, w);
    } else {
        if (w->look == WAY_PHONE && w->remote)
            add(w, &(struct signer_choice){.id = "phone",
                                           .name = signing_name(&w->found.arena, NULL, &phone),
                                           .certificate = "",
                                           .until = INSTANT_NONE,
                                           .current = signing_way(s, w) == WAY_PHONE});
        w->look++;
    }
}
