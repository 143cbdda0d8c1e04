/* wish: what may be wished of a dossier now, and the rows that a wish becomes. It refuses to offer what the server does not, and to
 * let anything leave that lacks what it needs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/wish.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ── what it will be ───────────────────────────────────────────────────────────────────────────────────────────────── */

static int32_t day_at(struct cache *cache, const struct dossier *d, int64_t now)
{
    const struct calendar *calendar = cache_calendar(cache, d->unit);
    return instant_day(now, calendar->usable ? calendar->offset : WISH_OFFSET);
}

/* One that its state does not allow has arrived already (the feed was faster than the answer), or will be a conflict. */
static void apply_row(struct cache *cache, const struct command *row, int64_t now, struct arena *arena,
                      struct dossier *d)
{
    struct action_request request;
    enum action action = action_of(row->action);
    if (action == ACTION_UNKNOWN || !row->body ||
        workflow_state_allows(d, action, day_at(cache, d, now)) != WHY_ALLOWED)
        return;
    if (codec_read(&shape_action_request, row->body, row->body_len, arena, &request, NULL, NULL))
        workflow_apply(d, action, &request, row->actor, now, cache_calendar(cache, d->unit),
                       cache_procedure(cache, d->procedure), arena);
}

struct waiting {
    struct command *rows;
    size_t n;
};

static bool predict(struct cache *cache, struct outbox *outbox, const struct dossier *d, int64_t now,
                    struct arena *arena, struct dossier *out, struct waiting *waiting, struct err *e)
{
    if (!outbox_waiting_on(outbox, d->id, arena, &waiting->rows, &waiting->n, e))
        return false;
    *out = *d;
    for (size_t i = 0; i < waiting->n; i++)
        apply_row(cache, &waiting->rows[i], now, arena, out);
    return true;
}

bool wish_predict(struct cache *cache, struct outbox *outbox, const struct dossier *d, int64_t now,
                  struct arena *arena, struct dossier *out, struct err *e)
{
    struct waiting waiting;
    return predict(cache, outbox, d, now, arena, out, &waiting, e);
}

/* ── what is offered ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Why not, after what waits to be sent. */
static const char *reason_of(enum workflow_why why)
{
    switch (why) {
    case WHY_NOT_ASSIGNEE:
        return _("by then somebody else is working on it");
    case WHY_ROLE:
        return _("your role does not do this");
    case WHY_FEE_UNPAID:
        return _("a fee is unpaid");
    case WHY_NO_FEE:
        return _("no fee is unpaid");
    case WHY_UNTIL_NOT_OVER:
        return _("the last day for the papers is not over");
    case WHY_EXTENDED:
        return _("it was extended once already");
    case WHY_ELSEWHERE:
        return _("it is decided elsewhere");
    case WHY_PAYMENT_PENDING:
        return _("a payment is under way");
    case WHY_OWN_PROPOSAL:
        return _("who proposes and who signs must be two people");
    case WHY_STATUS:
    case WHY_STEP:
    case WHY_ALLOWED:
        break;
    }
    return _("not possible after what waits to be sent");
}

/* The server offered it to this officer: his roles are good enough. Only whether he still works on it can have changed. */
static enum workflow_why allows_after(struct cache *cache, const struct dossier *predicted,
                                      enum action action, const char *actor, int64_t now)
{
    const struct officer *me = cache_officer(cache, actor);
    struct workflow_who who = {.officer = actor, .roles = me ? officer_roles(me) : ~0u, .mandated = true};
    return workflow_allows(predicted, action, &who, day_at(cache, predicted, now));
}

static struct wish_offer read_offer(const struct action_offer *from, struct arena *arena)
{
    struct wish_offer offer = {.action = from->action, .offered = true};
    /* A word for `offline` that we do not know promises nothing. */
    offer.online_only = !from->offline || strcmp(from->offline, "queue") != 0;
    for (size_t i = 0; i < from->requires.n; i++) {
        unsigned need = need_of(from->requires.items[i]);
        offer.needs |= need;
        if (need != 0)
            continue;
        offer.offered = false;
        offer.reason = arena_format(
            arena, _("the server asks for something that this motcua does not know (%s): update it"),
            from->requires.items[i]);
    }
    return offer;
}

bool wish_offers(struct cache *cache, struct outbox *outbox, const struct dossier *d, int64_t now,
                 struct arena *arena, struct wish_offer **out, size_t *n, struct err *e)
{
    struct dossier predicted;
    struct waiting waiting;
    if (!predict(cache, outbox, d, now, arena, &predicted, &waiting, e))
        return false;
    size_t all = d->n_actions + d->n_unavailable, last = all, first = 0;
    struct wish_offer *offers = arena_alloc(arena, (all ? all : 1) * sizeof(*offers));
    /* From the end, so that what is refused stands behind what is offered and both stay in their order. */
    for (size_t i = d->n_unavailable; i-- > 0;)
        offers[--last] =
            (struct wish_offer){.action = d->unavailable[i].action, .reason = d->unavailable[i].reason};
    struct wish_offer *refused = arena_alloc(arena, (d->n_actions ? d->n_actions : 1) * sizeof(*refused));
    size_t n_refused = 0;
    for (size_t i = 0; i < d->n_actions; i++) {
        struct wish_offer offer = read_offer(&d->actions[i], arena);
        if (offer.offered && waiting.n > 0) {
            enum workflow_why why =
                allows_after(cache, &predicted, action_of(offer.action), waiting.rows[0].actor, now);
            offer.offered = !offer.online_only && why == WHY_ALLOWED;
            if (!offer.offered)
                offer.reason =
                    why != WHY_ALLOWED ? reason_of(why) : _("what you did to it before has to be sent first");
        }
        if (offer.offered)
            offers[first++] = offer;
        else
            refused[n_refused++] = offer;
    }
    for (size_t i = n_refused; i-- > 0;)
        offers[--last] = refused[i];
    *out = offers;
    *n = all;
    return true;
}

/* ── acting ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The names of what is missing or wrong, for a sentence. */
static char *names_of(enum action action, const char *id, unsigned needs, struct arena *arena)
{
    struct buf names = {0};
    for (unsigned need = 1; need <= needs && need != 0; need <<= 1) {
        if (!(needs & need))
            continue;
        const char *note = need == NEED_NOTE ? word_action(id).note : NULL;
        if (names.len > 0)
            buf_text(&names, ", ");
        buf_text(&names, note ? note : word_need((enum need)need));
    }
    char *text = arena_copy(arena, names.data ? names.data : "");
    buf_clear(&names);
    return text;
}

/* What the request holds at all; whether it makes sense is the workflow's business. */
static unsigned held_by(const struct action_request *r)
{
    const struct {
        bool there;
        enum need need;
    } parts[] = {
        {r->note, NEED_NOTE},
        {r->assignee, NEED_ASSIGNEE},
        {r->papers.n > 0, NEED_PAPERS},
        {r->amount > 0, NEED_AMOUNT},
        {r->outcome, NEED_OUTCOME},
        {r->result_attachment, NEED_RESULT},
        {r->new_due_at != INSTANT_NONE, NEED_NEW_DUE_AT},
        {r->number, NEED_NUMBER},
        {r->signature, NEED_SIGNATURE},
        {r->returned_to, NEED_RETURNED_TO},
        {r->method, NEED_METHOD},
        {r->until != DAY_NONE, NEED_UNTIL},
    };
    unsigned held = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        held |= parts[i].there ? parts[i].need : 0u;
    return held;
}

static const struct wish_offer *find_offer(const struct wish_offer *offers, size_t n, const char *action)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(offers[i].action, action) == 0)
            return &offers[i];
    return NULL;
}

static const char *code_of(const struct dossier *d)
{
    return d->code ? d->code : d->external_code ? d->external_code : d->id;
}

/* Whether this may be wished of the dossier as it will stand, and has all that it needs. */
static bool check(struct cache *cache, struct outbox *outbox, const struct dossier *d,
                  const struct action_request *request, int64_t now, struct arena *arena, bool *online_only,
                  struct err *e)
{
    struct wish_offer *offers;
    size_t n;
    enum action action = action_of(request->action);
    const char *label = word_action(request->action).label;
    if (!wish_offers(cache, outbox, d, now, arena, &offers, &n, e))
        return false;
    const struct wish_offer *offer = find_offer(offers, n, request->action);
    if (!offer || !offer->offered)
        return err_set(e, ERR_REFUSED, _("%s cannot be done on dossier %s: %s."), label, code_of(d),
                       offer && offer->reason ? offer->reason : _("the server does not offer it"));
    unsigned missing = 0, wrong = 0;
    workflow_complete(action, request, &missing);
    missing |= offer->needs & ~held_by(request);
    if (missing != 0)
        return err_set(e, ERR_INPUT, _("Still missing: %s. Fill it in and press F9."),
                       names_of(action, request->action, missing, arena));
    struct dossier predicted;
    if (!wish_predict(cache, outbox, d, now, arena, &predicted, e))
        return false;
    if (!workflow_fits(&predicted, action, request, now, &wrong))
        return err_set(e, ERR_INPUT, _("This does not fit dossier %s: %s. Correct it and press F9."),
                       code_of(d), names_of(action, request->action, wrong, arena));
    *online_only = offer->online_only;
    return true;
}

/* Typed on the command line it may be any bytes; in JSON it has to be text. */
static bool is_text(const struct action_request *r, struct err *e)
{
    const char *const parts[] = {r->note,   r->assignee,    r->method,      r->outcome, r->result_attachment,
                                 r->number, r->returned_to, r->on_behalf_of};
    struct buf nfc = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof(parts) / sizeof(parts[0]); i++)
        ok = !parts[i] || text_nfc(parts[i], strlen(parts[i]), &nfc);
    for (size_t i = 0; ok && i < r->papers.n; i++)
        ok = text_nfc(r->papers.items[i], strlen(r->papers.items[i]), &nfc);
    buf_wipe(&nfc);
    return ok ||
           err_set(e, ERR_INPUT, _("What was typed is not UTF-8 text. Set LANG=C.UTF-8 and type it again."));
}

/* The same request for each; only the version and the path differ. */
static struct wish make_wish(const struct wish_target *target, const struct action_request *request,
                             const char *body, size_t body_len, bool hold, bool online_only, struct arena *arena)
{
    const struct dossier *d = target->dossier;
    return (struct wish){
        .target = d->id,
        .if_match = arena_format(arena, "%" PRId64, d->version),
        .method = "POST",
        .path = arena_format(arena, "/dossiers/%s/actions", d->id),
        .action = request->action,
        .code = code_of(d),
        .name = d->applicant ? d->applicant->name : NULL,
        .body = body,
        .body_len = body_len,
        .seen = target->seen,
        .hold = hold && !online_only,
        .online_only = online_only,
        .acted_at = request->acted_at,
    };
}

/* Checked, and in the arena with all that they point to but the dossiers. */
static bool make_wishes(struct cache *cache, struct outbox *outbox, const struct wish_target *targets,
                        size_t n, const struct action_request *request, bool hold, int64_t now,
                        struct arena *arena, struct wish **out, struct err *e)
{
    if (!is_text(request, e))
        return false;
    struct action_request dated = *request;
    dated.acted_at = now;
    size_t len;
    char *written = codec_write(&shape_action_request, &dated, WISH_OFFSET, &len);
    const char *body = arena_copy_n(arena, written, len);
    mem_wipe(written, len);
    mem_free(&written);
    struct wish *wishes = arena_alloc(arena, (n ? n : 1) * sizeof(*wishes));
    for (size_t i = 0; i < n; i++) {
        bool online_only = false;
        if (!check(cache, outbox, targets[i].dossier, request, now, arena, &online_only, e))
            return false;
        wishes[i] = make_wish(&targets[i], &dated, body, len, hold, online_only, arena);
    }
    *out = wishes;
    return true;
}

bool wish_act(struct cache *cache, struct outbox *outbox, const struct wish_target *targets, size_t n,
              const struct action_request *request, bool hold, int64_t now, char (*keys)[UUID_TEXT],
              struct err *e)
{
    struct arena arena = {0};
    struct wish *wishes;
    bool ok = make_wishes(cache, outbox, targets, n, request, hold, now, &arena, &wishes, e) &&
              outbox_enqueue(outbox, wishes, n, keys, e);
    arena_clear(&arena);
    return ok;
}

bool wish_act_again(struct cache *cache, struct outbox *outbox, const char *key,
                    const struct wish_target *target, const struct action_request *request, bool hold,
                    int64_t now, char new_key[static UUID_TEXT], struct err *e)
{
    struct arena arena = {0};
    struct wish *wish;
    bool ok = make_wishes(cache, outbox, target, 1, request, hold, now, &arena, &wish, e) &&
              outbox_replace(outbox, key, wish, now, new_key, e);
    arena_clear(&arena);
    return ok;
}
