/* dossier_parts: a dossier read for the screen, and the words about it that screens share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/dossier_parts.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

/* ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

void dossier_shown_clear(struct dossier_shown *s)
{
    arena_clear(&s->arena);
    *s = (struct dossier_shown){0};
}

/* The officer's wishes on it that are not over. The marks are in memory, so that most dossiers cost no query. */
static bool read_wishes(struct dossier_shown *s, struct app *app, struct err *e)
{
    struct command *all;
    size_t n;

    if (outbox_mark(app_outbox(app), s->d.id) == MARK_NONE)
        return true;
    if (!outbox_list(app_outbox(app), 0, &s->arena, &all, &n, e))
        return false;
    s->wishes = arena_alloc(&s->arena, (n ? n : 1) * sizeof *s->wishes);
    while (n-- > 0) /* it lists the newest first */
        if (strcmp(all[n].target, s->d.id) == 0)
            s->wishes[s->n_wishes++] = all[n];
    return true;
}

static bool complete(struct dossier_shown *s, struct app *app, struct err *e)
{
    struct cache *cache = app_cache(app);

    s->procedure = cache_procedure(cache, s->d.procedure);
    s->calendar = cache_calendar(cache, s->d.unit);
    s->left = calendar_left(s->calendar, &s->d, app_now(app));
    s->loaded = read_wishes(s, app, e) &&
                files_waiting(app_outbox(app), s->d.id, &s->arena, &s->files, &s->n_files, e) &&
                wish_predict(cache, app_outbox(app), &s->d, app_now(app), &s->arena, &s->after, e);
    if (!s->loaded)
        dossier_shown_clear(s);
    return s->loaded;
}

bool dossier_shown_load(struct dossier_shown *s, struct app *app, const char *id_or_code, struct err *e)
{
    dossier_shown_clear(s);
    if (!cache_dossier(app_cache(app), id_or_code, &s->arena, &s->d, &s->json, e)) {
        dossier_shown_clear(s);
        return false;
    }
    cache_opened(app_cache(app), s->d.id);
    return complete(s, app, e);
}

bool dossier_shown_take(struct dossier_shown *s, struct app *app, const struct dossier *d, struct err *e)
{
    struct dossier_shown fresh = {0};
    size_t len;

    codec_copy(&shape_dossier, d, &fresh.arena, &fresh.d); /* `d` may be the one that is shown */
    char *json = codec_write(&shape_dossier, &fresh.d, app_offset(app), &len);
    fresh.json = arena_copy_n(&fresh.arena, json, len);
    mem_wipe(json, len);
    mem_free(&json);
    dossier_shown_clear(s);
    *s = fresh;
    return complete(s, app, e);
}

/* ── wishes ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

const char *dossier_wish_state(const struct command *c)
{
    switch (command_mark(c)) {
    case MARK_HELD:
        return _("saved on this machine, can still be undone");
    case MARK_DUE:
        return _("saved on this machine, not sent");
    case MARK_SENDING:
        return _("being sent…");
    case MARK_UNKNOWN:
        return c->state == COMMAND_RECONCILE ? _("over 40 days, to be compared") : _("result not known");
    case MARK_CONFLICT:
        return C_("wish", "conflict");
    case MARK_REFUSED:
        return _("the system refused");
    case MARK_NONE:
        break;
    }
    return "";
}

static const char *wish_sentence(const struct command *c)
{
    switch (command_mark(c)) {
    case MARK_SENDING:
        return _("It is being sent.");
    case MARK_UNKNOWN:
        return c->state == COMMAND_RECONCILE
                   ? _("For over 40 days nobody knows whether it arrived: see the outbox (h).")
                   : _("Result not known; the same is sent again. Do not do it elsewhere.");
    case MARK_CONFLICT:
        return _("Conflict: open the outbox (h) to choose what to do.");
    case MARK_REFUSED:
        return _("The system refused: open the outbox (h).");
    default:
        return _("Saved on this machine, goes when the line is there.");
    }
}

char *dossier_wish_message(struct app *app, struct arena *arena, const struct command *c, int columns)
{
    char *what = word_inside(arena, word_action(c->action).label);
    const char *code = text_shown(arena, c->code);
    const char *key = keymap_keys(app_keymap(app), "dossier", FOCUS_ROW, CMD_UNDO, true, arena);

    if (c->state != COMMAND_HELD)
        return arena_format(arena, _("%s My work, at %s: %s. %s"), sync_mark_text(command_mark(c)),
                            word_clock(arena, c->acted_at, app_offset(app)), what, wish_sentence(c));
    char *forms[] = {
        arena_format(arena, _("Saved on this machine: %s dossier %s. Press %s to undo within 10 seconds."),
                     what, code, key),
        arena_format(arena, _("Saved on this machine: %s %s. Press %s to undo within 10 seconds."), what,
                     text_code(arena, code, 10), key),
        arena_format(arena, _("Saved on this machine: %s %s. %s: undo."), what, text_code(arena, code, 5), key),
    };
    size_t fits = 0;
    while (fits + 1 < sizeof forms / sizeof *forms && text_width(forms[fits]) > columns)
        fits++;
    return forms[fits];
}

/* ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *dossier_status_words(struct arena *arena, const struct dossier *d, bool brief)
{
    enum dossier_status status = status_of(d->status);
    const char *name = text_shown(arena, word_status(d->status)), *step = text_shown(arena, word_step(d->step));

    if (status != STATUS_UNKNOWN)
        name = arena_format(arena, "%d %s", (int)status, name);
    if (!*step)
        return arena_copy(arena, name);
    return brief ? arena_format(arena, _("%s · step %s"), name, step)
                 : arena_format(arena, _("%s · step: %s"), name, step);
}

char *dossier_person_words(struct arena *arena, const struct applicant *a)
{
    struct buf words = {0};

    buf_text(&words, text_shown(arena, a->name));
    if (a->kind && strcmp(a->kind, "organisation") == 0)
        buf_format(&words, ", %s", C_("dossier", "organisation"));
    if (a->sex)
        buf_format(&words, ", %s", text_shown(arena, word_sex(a->sex)));
    if (a->birth_date != DAY_NONE)
        buf_format(&words, _(", born %s"), word_day(arena, a->birth_date));
    char *out = arena_copy(arena, words.data);
    buf_wipe(&words);
    return out;
}

char *dossier_number(struct arena *arena, const char *number, bool whole)
{
    return whole ? text_shown(arena, number) : text_masked(arena, number);
}

char *dossier_paper_words(struct arena *arena, const struct dossier *d)
{
    size_t missing = 0, n = d->n_papers;

    for (size_t i = 0; i < n; i++)
        missing += strcmp(d->papers[i].state, "missing") == 0;
    if (n == 0)
        return arena_copy(arena, _("no paper is listed"));
    if (missing == 0)
        return arena_format(arena, _("%zu papers: %zu there"), n, n);
    return arena_format(arena, _("%zu papers: %zu there, %zu missing"), n, n - missing, missing);
}

/* What the procedure's book has for this channel, where it is nothing: the item that says so. */
static const struct fee_item *free_of_charge(const struct procedure *p, const char *channel)
{
    const struct fee_item *found = NULL;

    for (size_t i = 0; p && i < p->n_fees; i++) {
        const struct fee_item *fee = &p->fees[i];
        if (fee->channel && strcmp(fee->channel, channel) != 0)
            continue;
        if (fee->amount > 0)
            return NULL;
        found = found ? found : fee;
    }
    return found;
}

static char *no_fee_words(struct arena *arena, const struct dossier *d, const struct procedure *p)
{
    const struct fee_item *none = free_of_charge(p, d->channel);

    if (!none)
        return arena_copy(arena, _("nothing asked for yet"));
    if (none->exempt)
        return arena_format(arena, "%s (%s)", text_money(arena, 0), text_shown(arena, none->exempt));
    return text_money(arena, 0);
}

char *dossier_fee_words(struct arena *arena, const struct dossier *d, const struct procedure *p)
{
    int64_t all = 0, unpaid = dossier_unpaid(d);

    if (d->n_fees == 0)
        return no_fee_words(arena, d, p);
    for (size_t i = 0; i < d->n_fees; i++)
        all += d->fees[i].amount;
    char *whole = text_money(arena, all), *rest = text_money(arena, unpaid);
    if (all == 0)
        return whole;
    if (unpaid == 0)
        return arena_format(arena, _("%s, all paid"), whole);
    if (unpaid == all)
        return arena_format(arena, _("%s, not paid yet"), whole);
    return arena_format(arena, _("%s, paid %s, %s to pay"), whole, text_money(arena, all - unpaid), rest);
}

const char *dossier_level_short(const char *service_level)
{
    static const struct {
        const char *id, *key;
    } words[] = {
        {"full", NC_("service level in a row", "full")},
        {"partial", NC_("service level in a row", "partial")},
        {"information", NC_("service level in a row", "information only")},
    };
    for (size_t i = 0; service_level && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].id, service_level) == 0)
            return i18n_shown(words[i].key);
    return service_level ? service_level : "";
}
