/* sign: see sign.h. Asks stand in line; one is at the signer at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign.h"

#include "cli/place.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/text.h"
#include "desk/client.h"

#include <stdlib.h>
#include <string.h>

#define DEADLINE_MS 30000 /* screens.md, signer-late */

struct waiting {
    struct waiting *next;
    struct ask ask;
    char *officer, *certificate;
    struct pin *pin;       /* NULL: none */
    bool training, remote; /* the server says so of itself */
};
struct answered {
    struct answered *next;
    struct answer answer;
};
struct signing {
    struct desk *desk;
    const struct config *config;
    struct signer *training, *token; /* training: NULL where no keys are configured */
    struct waiting *line;            /* the first is at `busy`, where that is not NULL */
    struct signer *busy;
    struct answered *answers;
};

struct signing *signing_new(const struct config *config, struct env *env)
{
    struct signing *s = mem_alloc(sizeof *s);
    char *program = place_program("motcua-desk");

    s->config = config;
    s->desk = desk_new(program, env);
    s->token = desk_token_signer(s->desk, config->pkcs11_module);
    if (config->training_keys)
        s->training = desk_training_signer(s->desk, config->training_keys);
    mem_free(&program);
    return s;
}

static void free_waiting(struct waiting *w)
{
    ask_clear(&w->ask);
    mem_free(&w->officer);
    mem_free(&w->certificate);
    pin_free(&w->pin);
    free(w);
}

static void drop_first(struct signing *s)
{
    struct waiting *first = s->line;

    s->line = first->next;
    s->busy = NULL;
    free_waiting(first);
}

bool signing_answer(struct signing *s, struct answer *out)
{
    struct answered *first = s->answers;

    if (!first)
        return false;
    s->answers = first->next;
    *out = first->answer;
    free(first);
    return true;
}

void signing_free(struct signing **signing)
{
    struct signing *s = *signing;
    struct answer answer;

    if (!s)
        return;
    s->token->free(s->token);
    if (s->training)
        s->training->free(s->training);
    while (s->line)
        drop_first(s);
    while (signing_answer(s, &answer))
        answer_clear(&answer);
    desk_free(&s->desk);
    free(s);
    *signing = NULL;
}

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void tell_signer(struct answer *a, const struct signer_result *result)
{
    const struct signer_certificate *c = &result->certificate;
    const char *holder = text_shown(&a->arena, c->name), *device = text_shown(&a->arena, result->device.label);

    a->signer_phone = result->device.phone;
    if (a->signer_phone) {
        a->signer_device = _("your phone");
        a->signer_name = _("your phone, by a code that both show");
        return;
    }
    a->signer_device = !*device                   ? _("training software")
                       : result->device.forwarded ? arena_format(&a->arena, _("device %s over SSH"), device)
                                                  : arena_format(&a->arena, _("device %s"), device);
    a->signer_name = arena_format(&a->arena, "%s, %s", a->signer_device, holder);
    a->signer_certificate = arena_format(&a->arena, _("Certificate %s, issued by %s."),
                                         text_shown(&a->arena, c->serial), text_shown(&a->arena, c->issuer));
    a->signer_from = c->from;
    a->signer_until = c->until;
    a->signer_asks_pin = result->device.asks_pin;
    a->signer_last_try = result->device.last_try;
}

static void put_answer(struct signing *s, const struct signer_result *result)
{
    struct answered *a = mem_alloc(sizeof *a), **at = &s->answers;
    const struct ask *ask = &s->line->ask;

    a->answer = (struct answer){.id = ask->id, .kind = ask->kind, .final = true, .err = result->err};
    if (result->err.code == ERR_NONE && ask->kind == ASK_SIGN) {
        a->answer.cms = arena_copy(&a->answer.arena, result->cms);
        a->answer.signer_each_time = result->device.each_time;
    }
    if (result->err.code == ERR_NONE && ask->kind == ASK_SIGNER)
        tell_signer(&a->answer, result);
    while (*at)
        at = &(*at)->next;
    *at = a;
    drop_first(s);
}

static void begin_next(struct signing *s);

static void done(void *context, const struct signer_result *result)
{
    struct signing *s = context;

    put_answer(s, result);
    begin_next(s);
}

static void refuse(struct signing *s, const char *sentence)
{
    struct signer_result result = {0};

    err_set(&result.err, ERR_SIGNER, "%s", sentence);
    put_answer(s, &result);
}

/* The officer's wish, or all that is left to one who has no certificate of his own. */
static bool phone_signs(const struct signing *s, const struct waiting *w)
{
    bool software = w->training && s->training;

    return s->config->phone || (w->remote && !w->certificate && !s->config->token && !software);
}

/* ASK_SIGNER alone: who signs with a phone asks net/. */
static void answer_phone(struct signing *s, const struct waiting *w)
{
    if (!w->remote) {
        refuse(s,
               _("This system offers no signing by phone, or has not been reached yet. Press Esc and try again in a while."));
        return;
    }
    struct signer_result phone = {.device.phone = true};
    put_answer(s, &phone);
}

static void begin(struct signing *s, struct signer *signer, const struct waiting *w)
{
    struct signer_who who = {.officer = w->officer, .certificate = w->certificate, .run = w->ask.run};
    size_t n = 0;
    const void *pin = w->pin ? pin_bytes(w->pin, &n) : NULL;

    s->busy = signer;
    if (w->ask.kind == ASK_SIGN)
        signer->sign(signer, &who, w->ask.bytes, w->ask.n, pin, n, DEADLINE_MS, done, s);
    else
        signer->describe(signer, &who, DEADLINE_MS, done, s);
}

static void end_run(struct signing *s)
{
    struct signer_result nothing = {0};

    s->token->end(s->token);
    put_answer(s, &nothing);
}

static void begin_next(struct signing *s)
{
    while (s->line && !s->busy) {
        const struct waiting *w = s->line;
        if (w->ask.kind == ASK_SIGN_END) {
            end_run(s);
            continue;
        }
        if (w->ask.kind == ASK_SIGNER && phone_signs(s, w)) {
            answer_phone(s, w);
            continue;
        }
        if (w->training && s->training && !s->config->token) {
            begin(s, s->training, w);
            return; /* `done` goes on, now or later */
        }
        if (w->certificate) {
            begin(s, s->token, w);
            return;
        }
        refuse(s,
               _("The system has no signing certificate for you. Nothing was signed. Ask the office that keeps the accounts."));
    }
}

void signing_ask(struct signing *s, struct ask *ask, const struct signer_who *who, const struct pin *pin,
                 const struct line_status *line)
{
    struct waiting *w = mem_alloc(sizeof *w), **at = &s->line;

    w->ask = *ask;
    *ask = (struct ask){.id = w->ask.id, .kind = w->ask.kind};
    w->officer = mem_copy(who->officer);
    w->certificate = who->certificate ? mem_copy(who->certificate) : NULL;
    if (pin && pin_letters(pin) > 0) {
        w->pin = pin_new();
        pin_copy(w->pin, pin);
    }
    w->training = line->training;
    w->remote = line->remote_signing;
    while (*at)
        at = &(*at)->next;
    *at = w;
    begin_next(s);
}

void signing_cancel(struct signing *s, uint64_t ask)
{
    for (struct waiting **at = &s->line; *at; at = &(*at)->next) {
        struct waiting *w = *at;
        if (w->ask.id != ask)
            continue;
        if (w == s->line) {
            if (s->busy)
                s->busy->cancel(s->busy);
            drop_first(s);
            begin_next(s);
            return;
        }
        *at = w->next;
        free_waiting(w);
        return;
    }
}

/* ── the loop's wait ────────────────────────────────────────────────────────────────────────────────────────────────── */

int signing_fd(const struct signing *s)
{
    return desk_fd(s->desk);
}

void signing_step(struct signing *s, bool readable)
{
    if (readable)
        desk_read(s->desk);
    desk_tick(s->desk);
}

int64_t signing_wake(const struct signing *s)
{
    return desk_wake(s->desk);
}
