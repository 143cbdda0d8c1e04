/* cmd_act: one action on one dossier, as the screen would do it, without the ten seconds. What the server does not offer, what lacks
 * something, and what cannot wait while the line is cut leaves nothing behind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/wish.h"
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MS        3000
#define ONLINE_ANSWER_MS 30000

struct acting {
    struct cli *cli;
    struct seat *seat;
    struct arena arena;
    struct dossier dossier;
    const char *json; /* as it is kept, and so as the officer saw it */
    struct wish_offer offer;
    struct action_request request;
};

/* ── what was typed ──────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_text(struct acting *a, enum option_id option, const char **to, struct err *e)
{
    return command_text(a->cli, option, &a->arena, to, e);
}

static void read_papers(struct acting *a)
{
    const char *value = a->cli->options.value[OPTION_PAPERS];
    struct texts *papers = &a->request.papers;

    for (size_t n; value && *value; value += n + (value[n] == ',')) {
        n = strcspn(value, ",");
        if (n == 0)
            continue;
        papers->items = arena_grow(&a->arena, papers->items, papers->n, papers->n + 1, sizeof *papers->items);
        papers->items[papers->n++] = arena_copy_n(&a->arena, value, n);
    }
}

static bool read_numbers(struct acting *a, struct err *e)
{
    const char *const *value = a->cli->options.value;
    char *end = NULL;

    if (value[OPTION_AMOUNT]) {
        errno = 0;
        a->request.amount = strtoll(value[OPTION_AMOUNT], &end, 10);
        if (errno || *end || end == value[OPTION_AMOUNT] || a->request.amount < 1)
            return command_bad_value(OPTION_AMOUNT, _("a whole number of đồng, without dots."), e);
    }
    if (value[OPTION_UNTIL] && !day_parse(value[OPTION_UNTIL], &a->request.until))
        return command_bad_value(OPTION_UNTIL, _("a day that exists, as 2022-12-29."), e);
    if (value[OPTION_NEW_DUE_AT] && !instant_parse(value[OPTION_NEW_DUE_AT], &a->request.new_due_at))
        return command_bad_value(OPTION_NEW_DUE_AT, _("a time with its zone, as 2022-12-29T16:30:00+07:00."), e);
    return true;
}

static bool read_request(struct acting *a, struct err *e)
{
    struct action_request *r = &a->request;

    codec_absent(&shape_action_request, r);
    r->action = a->cli->options.operand[1];
    read_papers(a);
    return read_text(a, OPTION_NOTE, &r->note, e) && read_text(a, OPTION_OUTCOME, &r->outcome, e) &&
           read_text(a, OPTION_ASSIGNEE, &r->assignee, e) && read_text(a, OPTION_METHOD, &r->method, e) &&
           read_text(a, OPTION_NUMBER, &r->number, e) && read_text(a, OPTION_RETURNED_TO, &r->returned_to, e) &&
           read_text(a, OPTION_RESULT, &r->result_attachment, e) &&
           read_text(a, OPTION_ON_BEHALF_OF, &r->on_behalf_of, e) && read_numbers(a, e);
}

/* ── whether it can be done ──────────────────────────────────────────────────────────────────────────────────────── */

static const char *shown_code(struct acting *a)
{
    const struct dossier *d = &a->dossier;

    return text_shown(&a->arena, d->code ? d->code : d->external_code ? d->external_code : d->id);
}

static bool find_offer(struct acting *a, struct err *e)
{
    const char *action = a->request.action;
    struct wish_offer *offers;
    size_t n;

    if (!wish_offers(a->seat->cache, a->seat->outbox, &a->dossier, net_now(a->seat->net), &a->arena, &offers,
                     &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(offers[i].action, action) == 0)
            a->offer = offers[i];
    if (a->offer.offered)
        return true;
    return err_set(e, ERR_REFUSED, _("“%s” cannot be done on dossier %s: %s."),
                   text_cut(&a->arena, text_shown(&a->arena, word_action(action).label), 60), shown_code(a),
                   a->offer.reason ? text_shown(&a->arena, a->offer.reason) : _("the server does not offer it"));
}

static bool no_line(struct err *e)
{
    return err_set(e, ERR_OFFLINE, "%s",
                   _("This needs the line. Nothing was saved or sent; do it again when the line is back."));
}

/* What cannot wait is not begun without a line: the dossier is asked for, which only a server that knows us answers. */
static bool line_is_there(struct acting *a, struct err *e)
{
    struct ask ask = {.id = 1, .kind = ASK_DOSSIER, .dossier = mem_copy(a->dossier.id)};
    int64_t until = seat_mono(a->seat) + ONLINE_ANSWER_MS;
    struct answer answer;

    net_ask(a->seat->net, &ask);
    while (seat_mono(a->seat) < until) {
        seat_turn(a->seat, until, -1);
        if (!net_answer(a->seat->net, &answer))
            continue;
        *e = answer.err;
        answer_clear(&answer);
        return e->code == ERR_NONE;
    }
    return no_line(e);
}

static const struct {
    enum need need;
    enum option_id option;
} needed[] = {
    {NEED_NOTE, OPTION_NOTE},
    {NEED_ASSIGNEE, OPTION_ASSIGNEE},
    {NEED_PAPERS, OPTION_PAPERS},
    {NEED_AMOUNT, OPTION_AMOUNT},
    {NEED_OUTCOME, OPTION_OUTCOME},
    {NEED_RESULT, OPTION_RESULT},
    {NEED_NEW_DUE_AT, OPTION_NEW_DUE_AT},
    {NEED_NUMBER, OPTION_NUMBER},
    {NEED_RETURNED_TO, OPTION_RETURNED_TO},
    {NEED_METHOD, OPTION_METHOD},
    {NEED_UNTIL, OPTION_UNTIL},
};

/* "--note, --outcome" */
static const char *options_of(struct acting *a, unsigned needs)
{
    struct buf names = {0};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (needs & needed[i].need)
            buf_format(&names, "%s%s", names.len ? ", " : "", option_name(needed[i].option));
    const char *text = arena_copy(&a->arena, names.data ? names.data : "");
    buf_clear(&names);
    return text;
}

static unsigned given(const struct acting *a)
{
    unsigned needs = 0;

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        needs |= a->cli->options.value[needed[i].option] ? needed[i].need : 0u;
    return needs;
}

/* The same rules as wish_act(), said in options; the signature is made after them. */
static bool is_complete(struct acting *a, struct err *e)
{
    enum action action = action_of(a->request.action);
    struct dossier predicted;
    unsigned missing = 0, wrong = 0;

    workflow_complete(action, &a->request, &missing);
    missing = (missing | (a->offer.needs & ~given(a))) & ~NEED_SIGNATURE;
    if (missing)
        return err_set(e, ERR_INPUT,
                       _("“%s” also needs, in words that make sense: %s. Nothing was saved or sent."),
                       word_action(a->request.action).label, options_of(a, missing));
    if (!wish_predict(a->seat->cache, a->seat->outbox, &a->dossier, net_now(a->seat->net), &a->arena,
                      &predicted, e))
        return false;
    return workflow_fits(&predicted, action, &a->request, net_now(a->seat->net), &wrong) ||
           err_set(e, ERR_INPUT, _("This does not fit dossier %s as it stands: %s. Nothing was saved or sent."),
                   shown_code(a), options_of(a, wrong));
}

/* ── doing it ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Signing and sending back are a supervisor's, or his deputy's in his name. Nobody's, where somebody was asked for, is not done. */
static bool set_mandate(struct acting *a, struct err *e)
{
    const struct officer *me = cache_officer(a->seat->cache, a->seat->officer);
    const char *wanted = a->request.on_behalf_of;
    bool deputy = (a->offer.needs & NEED_SIGNATURE) || action_of(a->request.action) == ACTION_REWORK;

    a->request.on_behalf_of =
        me && deputy ? officer_acts_for(me, wanted, a->dossier.procedure, net_now(a->seat->net)) : NULL;
    return !deputy || !wanted || (a->request.on_behalf_of && strcmp(a->request.on_behalf_of, wanted) == 0) ||
           err_set(e, ERR_REFUSED, "%s",
                   _("No mandate of theirs covers this procedure now. Nothing was signed, saved or sent."));
}

static bool act(struct acting *a, struct err *e)
{
    struct seat *s = a->seat;
    struct wish_target target = {.dossier = &a->dossier, .seen = a->json};
    char key[1][UUID_TEXT];
    struct command row;

    if (!wish_act(s->cache, s->outbox, &target, 1, &a->request, false, net_now(s->net), key, e) ||
        !command_wait(s, key[0], a->offer.online_only ? ONLINE_ANSWER_MS : ANSWER_MS, false, &a->arena, &row, e))
        return false;
    /* What cannot wait and has not left by now does not leave later either. */
    if (a->offer.online_only && row.state == COMMAND_DUE && !row.may_have_arrived &&
        outbox_drop(s->outbox, key[0], net_now(s->net), NULL))
        return no_line(e);
    return command_outcome(a->cli, s, &row, e);
}

bool cmd_act(struct cli *cli, struct err *e)
{
    struct acting a = {.cli = cli};
    bool ok = read_request(&a, e) && command_officer(cli, false, &a.seat, e) &&
              cache_dossier(a.seat->cache, cli->options.operand[0], &a.arena, &a.dossier, &a.json, e) &&
              find_offer(&a, e) && (!a.offer.online_only || line_is_there(&a, e)) && is_complete(&a, e) &&
              set_mandate(&a, e);

    if (ok && (a.offer.needs & NEED_SIGNATURE))
        ok = command_sign(cli, a.seat, &a.dossier, &a.request, &a.arena, e);
    ok = ok && act(&a, e);
    arena_clear(&a.arena);
    seat_free(&a.seat);
    return ok;
}
