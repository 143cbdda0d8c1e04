/* sign: see sign.h. Asks stand in line; one is at the signer at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_inside.h"

#include "cli/place.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/text.h"
#include "desk/client.h"

#include <stdlib.h>
#include <string.h>

struct signing *signing_new(const struct config *config, struct env *env)
{
    struct signing *s = mem_alloc(sizeof *s);
    char *program = place_program("motcua-desk");

    s->config = config;
    s->desk = desk_new(program, env);
    s->token = desk_token_signer(s->desk, config->pkcs11_module);
    if (config->training_keys)
        s->training = desk_training_signer(s->desk, config->training_keys);
    if (config->sign_agent)
        s->agent = desk_agent_signer(s->desk, config->sign_agent);
    mem_free(&program);
    return s;
}

static void free_waiting(struct waiting *w)
{
    ask_clear(&w->ask);
    answer_clear(&w->found);
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
    if (s->agent)
        s->agent->free(s->agent);
    while (s->line)
        drop_first(s);
    while (signing_answer(s, &answer))
        answer_clear(&answer);
    desk_free(&s->desk);
    free(s);
    *signing = NULL;
}

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

const char *signing_device_name(struct arena *arena, const struct signer_device *device)
{
    const char *label = text_shown(arena, device->label);

    return device->phone       ? _("your phone")
           : device->at_home   ? arena_format(arena, _("your own machine, device %s"), label)
           : !*label           ? _("training software")
           : device->forwarded ? arena_format(arena, _("device %s over SSH"), label)
                               : arena_format(arena, _("device %s"), label);
}

const char *signing_name(struct arena *arena, const struct signer_certificate *c,
                         const struct signer_device *device)
{
    return device->phone
               ? _("your phone, by a code that both show")
               : arena_format(arena, "%s, %s", signing_device_name(arena, device), text_shown(arena, c->name));
}

const char *signing_certificate(struct arena *arena, const struct signer_certificate *c)
{
    return arena_format(arena, _("Certificate %s, issued by %s."), text_shown(arena, c->serial),
                        text_shown(arena, c->issuer));
}

static void tell_signer(struct answer *a, const struct signer_result *result)
{
    const struct signer_certificate *c = &result->certificate;

    a->signer_phone = result->device.phone;
    a->signer_at_home = result->device.at_home;
    a->signer_device = signing_device_name(&a->arena, &result->device);
    a->signer_name = signing_name(&a->arena, c, &result->device);
    if (a->signer_phone)
        return;
    a->signer_certificate = signing_certificate(&a->arena, c);
    a->signer_from = c->from;
    a->signer_until = c->until;
    a->signer_asks_pin = result->device.asks_pin;
    a->signer_last_try = result->device.last_try;
}

void signing_put(struct signing *s, struct answer *answer)
{
    struct answered *a = mem_alloc(sizeof *a), **at = &s->answers;
    const struct ask *ask = &s->line->ask;

    a->answer = *answer;
    a->answer.id = ask->id;
    a->answer.kind = ask->kind;
    a->answer.final = true;
    while (*at)
        at = &(*at)->next;
    *at = a;
    drop_first(s);
}

static void put_result(struct signing *s, const struct signer_result *result)
{
    struct answer a = {.err = result->err};

    if (result->err.code == ERR_NONE && s->line->ask.kind == ASK_SIGN) {
        a.cms = arena_copy(&a.arena, result->cms);
        a.signer_each_time = result->device.each_time;
    }
    if (result->err.code == ERR_NONE && s->line->ask.kind == ASK_SIGNER)
        tell_signer(&a, result);
    signing_put(s, &a);
}

static void done(void *context, const struct signer_result *result)
{
    struct signing *s = context;

    put_result(s, result);
    signing_next(s);
}

static void refuse(struct signing *s, const char *sentence)
{
    struct signer_result result = {0};

    err_set(&result.err, ERR_SIGNER, "%s", sentence);
    put_result(s, &result);
}

/* ── which one ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The officer's word of this session goes before the configuration's; a phone unasked is all that is left to one who has no certificate of
 * his own. */
enum signing_way signing_way(const struct signing *s, const struct waiting *w)
{
    const char *chosen = w->ask.text;
    bool software = w->training && s->training;

    if (chosen)
        return strcmp(chosen, "phone") == 0      ? WAY_PHONE
               : strcmp(chosen, "agent") == 0    ? WAY_AGENT
               : strcmp(chosen, "training") == 0 ? WAY_TRAINING
                                                 : WAY_TOKEN;
    if (s->config->agent)
        return WAY_AGENT;
    if (s->config->phone || (w->remote && !w->certificate && !s->config->token && !software))
        return WAY_PHONE;
    return software && !s->config->token ? WAY_TRAINING : WAY_TOKEN;
}

const char *signing_device(const struct waiting *w)
{
    static const char token[] = "token ";
    size_t n = sizeof token - 1;

    return w->ask.text && strncmp(w->ask.text, token, n) == 0 ? w->ask.text + n : NULL;
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
    put_result(s, &phone);
}

static void begin(struct signing *s, struct signer *signer)
{
    const struct waiting *w = s->line;
    struct signer_who who = {
        .officer = w->officer, .certificate = w->certificate, .device = signing_device(w), .run = w->ask.run};
    size_t n = 0;
    const void *pin = w->pin ? pin_bytes(w->pin, &n) : NULL;

    s->busy = signer; /* `done` goes on, now or later */
    if (w->ask.kind == ASK_SIGN)
        signer->sign(signer, &who, w->ask.bytes, w->ask.n, pin, n,
                     signer == s->agent ? AGENT_PERSON_MS : SIGNER_DEADLINE_MS, done, s);
    else
        signer->describe(signer, &who, SIGNER_DEADLINE_MS, done, s);
}

static void end_run(struct signing *s)
{
    struct signer_result nothing = {0};

    s->token->end(s->token);
    put_result(s, &nothing);
}

static void begin_signer(struct signing *s)
{
    const struct waiting *w = s->line;
    enum signing_way way = signing_way(s, w);

    if (way == WAY_PHONE && w->ask.kind == ASK_SIGN)
        refuse(s, _("Another signer was chosen meanwhile. Nothing was signed. Open this again."));
    else if (way == WAY_PHONE)
        answer_phone(s, w);
    else if (way == WAY_TRAINING && w->training && s->training)
        begin(s, s->training);
    else if (way == WAY_TRAINING)
        refuse(s, _("Training's software signs on a training server alone. Nothing was signed."));
    else if (way == WAY_AGENT && !s->agent)
        refuse(s, _("The configuration names no socket of your own machine (sign_agent). Nothing was signed."));
    else if (w->certificate)
        begin(s, way == WAY_AGENT ? s->agent : s->token);
    else
        refuse(s,
               _("The system has no signing certificate for you. Nothing was signed. Ask the office that keeps the accounts."));
}

void signing_next(struct signing *s)
{
    while (s->line && !s->busy) {
        if (s->line->ask.kind == ASK_SIGN_END)
            end_run(s);
        else if (s->line->ask.kind == ASK_SIGNERS)
            signing_look(s);
        else
            begin_signer(s);
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
    signing_next(s);
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
            signing_next(s);
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
