/* procedure_parts: a procedure in words: what the public is told, in that order. It refuses to fill in what is not disclosed: it says
 * that it is missing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/procedure_parts.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

enum { COL = 1, LABEL = 14, VALUE = COL + LABEL, ITEM = 3 };
enum { CHANNELS = 3, CHANNEL_FIRST = 9, CHANNEL_WIDTH = 18, NAMES_LEAST = 12 };

char *procedure_lacks_words(struct arena *arena, unsigned lacks)
{
    static const struct {
        enum disclosed part;
        const char *name;
    } parts[] = {
        {DISCLOSED_PAPERS, NC_("disclosed", "papers")},
        {DISCLOSED_TIME, NC_("disclosed", "time limit")},
        {DISCLOSED_FEES, NC_("disclosed", "fees")},
        {DISCLOSED_STEPS, NC_("disclosed", "steps")},
        {DISCLOSED_BASIS, NC_("disclosed", "legal basis")},
        {DISCLOSED_DATES, NC_("disclosed", "dates of validity")},
    };
    struct buf words = {0};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (lacks & parts[i].part)
            buf_format(&words, "%s%s", words.len ? ", " : "", i18n_shown(parts[i].name));
    char *out = arena_copy(arena, words.data ? words.data : "");
    buf_clear(&words);
    return out;
}

struct writing {
    struct app *app;
    const struct procedure *p;
    struct page *page;
    struct arena *arena;
};

static const char *shown(struct writing *w, const char *data)
{
    return text_shown(w->arena, data);
}

/* Two facts beside each other where there is room, else below each other. */
static void two_facts(struct writing *w, const char *label, const char *value, const char *label2,
                      const char *value2)
{
    int second = 40, width = 19;

    if (VALUE + text_width(value) + 2 > second || second + width + text_width(value2) > w->page->cols) {
        page_fact(w->page, COL, LABEL, label, value);
        page_fact(w->page, COL, LABEL, text_cut(w->arena, label2, LABEL - 1), value2);
        return;
    }
    page_put(w->page, COL, LABEL, STYLE_WEAK, label);
    page_put(w->page, VALUE, -1, STYLE_TEXT, value);
    page_put(w->page, second, width, STYLE_WEAK, label2);
    page_put(w->page, second + width, -1, STYLE_TEXT, value2);
    page_next(w->page);
}

static const char *level_words(const char *level)
{
    static const struct {
        const char *id, *key;
    } words[] = {
        {"province", NC_("level of government", "province")},
        {"district", NC_("level of government", "district")},
        {"commune", NC_("level of government", "commune")},
    };

    for (size_t i = 0; level && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].id, level) == 0)
            return i18n_shown(words[i].key);
    return level ? level : "-";
}

static const char *units_words(struct writing *w)
{
    const struct procedure *p = w->p;
    struct buf words = {0};

    if (p->units.n == 0)
        return p->level
                   ? arena_format(w->arena, _("every unit of the level %s"), shown(w, level_words(p->level)))
                   : _("every unit");
    for (size_t i = 0; i < p->units.n; i++)
        buf_format(&words, "%s%s", i ? ", " : "",
                   shown(w, cache_unit_name(app_cache(w->app), p->units.items[i])));
    char *out = arena_copy(w->arena, words.data);
    buf_clear(&words);
    return out;
}

static const char *limit_words(struct writing *w)
{
    const struct duration *limit = &w->p->time_limit;
    char *words = text_shown(w->arena, word_duration(w->arena, limit));

    if (limit->unit && strcmp(limit->unit, "same_day") == 0)
        return arena_format(w->arena, _("%s; taken in after 15:00 it is due the next working day"), words);
    return words;
}

static void write_head(struct writing *w)
{
    const struct procedure *p = w->p;

    two_facts(w, C_("procedure", "Field"), p->field ? shown(w, p->field) : "-",
              C_("procedure", "Online level"), shown(w, word_level(p->service_level)));
    two_facts(w, C_("procedure", "Level"), shown(w, level_words(p->level)), C_("procedure", "Filed at"),
              units_words(w));
    page_fact(w->page, COL, LABEL, C_("procedure", "Time limit"), limit_words(w));
    if (procedure_is_elsewhere(p))
        page_fact(w->page, COL, LABEL, C_("procedure", "Decided"),
                  _("elsewhere: another agency decides; here it is only helped along and their code is followed"));
    if (p->effective_until != DAY_NONE)
        page_fact(w->page, COL, LABEL, C_("procedure", "Ends"), word_day(w->arena, p->effective_until));
}

/* ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void count(struct writing *w, int end, int64_t n)
{
    page_put_right(w->page, end, STYLE_TEXT, n > 0 ? arena_format(w->arena, "%lld", (long long)n) : "-");
}

static void write_papers(struct writing *w)
{
    const struct procedure *p = w->p;
    int ends[3] = {w->page->cols - 23, w->page->cols - 15, w->page->cols - 8};

    page_next(w->page);
    page_put(w->page, COL, ends[0] - 6, STYLE_TITLE, C_("procedure", "Papers"));
    page_put(w->page, ends[0] - 3, -1, STYLE_TITLE, C_("column", "Orig."));
    page_put(w->page, ends[1] - 4, -1, STYLE_TITLE, C_("column", "Certif."));
    page_put(w->page, ends[2] - 3, -1, STYLE_TITLE, C_("column", "Photo"));
    page_next(w->page);
    for (size_t i = 0; i < p->n_papers; i++) {
        const struct required_paper *paper = &p->papers[i];
        char **lines, *name = text_shown(w->arena, paper->name);
        if (paper->condition)
            name = arena_format(w->arena, "%s (%s)", name, shown(w, paper->condition));
        size_t n = text_wrap(w->arena, name, ends[0] - 2 - ITEM, &lines);
        for (size_t k = 0; k < n; k++) {
            page_put(w->page, ITEM, -1, STYLE_TEXT, lines[k]);
            if (k == 0) {
                count(w, ends[0], paper->originals);
                count(w, ends[1], paper->certified_copies);
                count(w, ends[2], paper->photocopies);
            }
            page_next(w->page);
        }
    }
}

/* ── fees by channel ───────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const channels[CHANNELS] = {"counter", "online", "post"};

static const char *const channel_names[CHANNELS] = {NC_("channel in a column", "counter"),
                                                    NC_("channel in a column", "online"),
                                                    NC_("channel in a column", "post")};

/* "Lệ phí, đúng hạn" stands under "Lệ phí" as "đúng hạn"; NULL: it is no case of what the heading says. */
static const char *case_of(const char *name)
{
    const char *head = C_("procedure", "Fees");
    size_t n = strlen(head);

    return strncmp(name, head, n) == 0 && strncmp(name + n, ", ", 2) == 0 ? name + n + 2 : NULL;
}

static const struct fee_item *item_named(const struct procedure *p, const char *name, const char *channel)
{
    for (size_t i = 0; i < p->n_fees; i++)
        if (strcmp(p->fees[i].name, name) == 0 &&
            (!p->fees[i].channel || strcmp(p->fees[i].channel, channel) == 0))
            return &p->fees[i];
    return NULL;
}

/* What a row costs on a channel: its own item, or the one that makes no difference between the cases. */
static const struct fee_item *item_of(const struct procedure *p, const char *name, const char *channel)
{
    const struct fee_item *item = item_named(p, name, channel);

    return item || !case_of(name) ? item : item_named(p, C_("procedure", "Fees"), channel);
}

/* Said in another row: the same name on another channel, or what all cases have in common. */
static bool has_a_row(const struct procedure *p, size_t i)
{
    bool common = strcmp(p->fees[i].name, C_("procedure", "Fees")) == 0;

    for (size_t j = 0; j < p->n_fees; j++)
        if ((j < i && strcmp(p->fees[j].name, p->fees[i].name) == 0) || (common && case_of(p->fees[j].name)))
            return true;
    return false;
}

static const char *amount_words(struct writing *w, const struct fee_item *item)
{
    if (!item)
        return "-";
    if (!item->per || strcmp(item->per, "dossier") == 0 || item->amount == 0)
        return text_money(w->arena, item->amount);
    return arena_format(w->arena, "%s%s", text_money(w->arena, item->amount),
                        strcmp(item->per, "page") == 0   ? C_("fee", "/page")
                        : strcmp(item->per, "copy") == 0 ? C_("fee", "/copy")
                                                         : shown(w, item->per));
}

static const char *row_name(struct writing *w, const char *name)
{
    return shown(w, case_of(name) ? case_of(name) : name);
}

static void write_exemptions(struct writing *w)
{
    const struct procedure *p = w->p;

    for (size_t i = 0; i < p->n_fees; i++) {
        bool said = !p->fees[i].exempt || p->fees[i].amount == 0;
        for (size_t j = 0; j < i && !said; j++)
            said = p->fees[j].exempt && p->fees[j].amount > 0 &&
                   strcmp(p->fees[j].exempt, p->fees[i].exempt) == 0;
        if (!said)
            page_text(w->page, ITEM, STYLE_TEXT,
                      arena_format(w->arena, _("Exempt: %s"), shown(w, p->fees[i].exempt)));
    }
}

/* The amounts end in columns of their own, as far to the left as the names let them. */
static void write_fees(struct writing *w)
{
    const struct procedure *p = w->p;
    int names = NAMES_LEAST, most = w->page->cols - CHANNELS * CHANNEL_WIDTH, ends[CHANNELS];

    for (size_t i = 0; i < p->n_fees; i++)
        if (!has_a_row(p, i) && text_width(row_name(w, p->fees[i].name)) + 1 > names)
            names = text_width(row_name(w, p->fees[i].name)) + 1;
    names = names > most - ITEM && most - ITEM > NAMES_LEAST ? most - ITEM : names;
    page_next(w->page);
    page_put(w->page, COL, -1, STYLE_TITLE, C_("procedure", "Fees"));
    for (int k = 0; k < CHANNELS; k++) {
        ends[k] = ITEM + names + CHANNEL_FIRST + k * CHANNEL_WIDTH;
        page_put_right(w->page, ends[k] + 1, STYLE_TITLE, i18n_shown(channel_names[k]));
    }
    page_next(w->page);
    for (size_t i = 0; i < p->n_fees; i++) {
        if (has_a_row(p, i))
            continue;
        page_put(w->page, ITEM, names, STYLE_TEXT, text_cut(w->arena, row_name(w, p->fees[i].name), names));
        for (size_t k = 0; k < CHANNELS; k++)
            page_put_right(w->page, ends[k], STYLE_TEXT,
                           amount_words(w, item_of(p, p->fees[i].name, channels[k])));
        page_next(w->page);
    }
    write_exemptions(w);
}

/* ── steps, basis, address ─────────────────────────────────────────────────────────────────────────────────────────── */

static const char *joined(struct writing *w, const struct texts *list, bool numbered, const char *between)
{
    struct buf words = {0};

    for (size_t i = 0; i < list->n; i++) {
        buf_text(&words, i ? between : "");
        if (numbered)
            buf_format(&words, "%zu ", i + 1);
        buf_text(&words, shown(w, list->items[i]));
    }
    char *out = arena_copy(w->arena, words.data ? words.data : "");
    buf_clear(&words);
    return out;
}

/* As a person types it: no scheme. */
const char *procedure_address(struct arena *arena, const struct procedure *p)
{
    const char *host = strstr(p->disclosure_url, "://");

    return text_shown(arena, host ? host + 3 : p->disclosure_url);
}

static void write_rest(struct writing *w)
{
    const struct procedure *p = w->p;
    unsigned lacks = procedure_lacks(p);

    page_next(w->page);
    if (p->steps.n)
        page_fact(w->page, COL, LABEL + 1, C_("procedure", "Steps"), joined(w, &p->steps, true, "   "));
    if (p->legal_basis.n)
        page_fact(w->page, COL, LABEL + 1, C_("procedure", "Basis"), joined(w, &p->legal_basis, false, "; "));
    if (p->disclosure_url)
        page_fact(w->page, COL, LABEL + 1, C_("procedure", "Address"), procedure_address(w->arena, p));
    if (!lacks)
        return;
    page_next(w->page);
    page_text(
        w->page, COL, STYLE_ERROR,
        arena_format(w->arena,
                     _("! Missing of what has to be disclosed: %s. Tell the office that controls procedures."),
                     procedure_lacks_words(w->arena, lacks)));
}

int procedure_write(struct app *app, const struct procedure *p, struct page *page)
{
    struct writing w = {.app = app, .p = p, .page = page, .arena = &page->arena};

    write_head(&w);
    if (p->n_papers)
        write_papers(&w);
    if (p->n_fees)
        write_fees(&w);
    write_rest(&w);
    return page_end(page);
}
