/* view_palette: commands by name, without tones, and dossiers by code, as a sheet over the view at hand. What is chosen is done there,
 * as if its key had been pressed; it refuses to do what that view refuses, and says why.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_COL 2
#define KEYS_COL  29
#define TEXT_COL  39
#define DOSSIERS  3 /* found by code at most */

struct entry {
    enum command_id id;  /* CMD_NONE: a dossier */
    const char *dossier; /* its id */
    const char *label, *keys, *text;
    bool blocked;
};
struct palette {
    struct arena arena;
    struct field query;
    struct entry *entries; /* what can be done first, then what cannot */
    size_t n;
    struct scroll scroll;
};

static int rule_row(int rows)
{
    return view_body_row() + (rows - 5) / 2;
}

static int rows_shown(int rows)
{
    return rows - 4 - rule_row(rows);
}

/* ── what the query finds ───────────────────────────────────────────────────────────────────────────────────────────── */

/* How well a command answers to the query; the lists of two kinds are not mixed. */
enum hit { HIT_START, HIT_WORD, HIT_SOMEWHERE, HIT_NONE };

static enum hit hit_of(struct arena *arena, enum command_id id, const char *query)
{
    const struct command_info *info = command_info(id);
    const char *label = text_folded(arena, i18n_shown(info->label));
    size_t n = strlen(query);

    if (strncmp(label, query, n) == 0)
        return HIT_START;
    for (const char *word = strchr(label, ' '); word; word = strchr(word + 1, ' '))
        if (strncmp(word + 1, query, n) == 0)
            return HIT_WORD;
    if (strncmp(info->name, query, n) == 0)
        return HIT_WORD;
    return text_has_words(arena_format(arena, "%s %s", label, text_folded(arena, _(info->help))), query)
               ? HIT_SOMEWHERE
               : HIT_NONE;
}

static bool is_offered(const struct view *of, enum command_id id)
{
    unsigned flags = command_info(id)->flags;

    if (!(flags & IN_PALETTE) || (flags & EVERYWHERE))
        return (flags & IN_PALETTE) != 0;
    for (const enum command_id *c = of->ops->commands; c && *c != CMD_NONE; c++)
        if (*c == id)
            return true;
    return false;
}

static void add(struct palette *p, const struct entry *entry)
{
    p->entries = mem_grow(p->entries, p->n + 1, sizeof *p->entries);
    p->entries[p->n++] = *entry;
}

static void add_command(struct palette *p, struct app *app, const struct view *of, enum command_id id,
                        const char *why)
{
    const char *keys[2];
    size_t n = app_keys(app, of, id, &p->arena, keys);

    add(p, &(struct entry){.id = id,
                           .label = i18n_shown(command_info(id)->label),
                           .keys = n == 0   ? ""
                                   : n == 1 ? keys[0]
                                            : arena_format(&p->arena, "%s %s", keys[0], keys[1]),
                           .text = why ? why : word_inside(&p->arena, _(command_info(id)->help)),
                           .blocked = why != NULL});
}

static void add_dossiers(struct palette *p, struct app *app, const struct list_page *page)
{
    for (size_t i = 0; i < page->n; i++) {
        const struct dossier *d = &page->rows[i].d;
        const char *procedure = text_shown(&p->arena, cache_procedure_name(app_cache(app), d->procedure));
        add(p, &(struct entry){.dossier = arena_copy(&p->arena, d->id),
                               .label = arena_format(&p->arena, _("Dossier %s"),
                                                     text_code(&p->arena, d->code ? d->code : d->id, 10)),
                               .keys = "",
                               .text = arena_format(&p->arena, "%s · %s",
                                                    text_shown(&p->arena, d->applicant->name), procedure)});
    }
}

/* By what a code has: digits. The bare word "hồ sơ" stands for the newest one of the officer's own. */
static void find_dossiers(struct palette *p, struct app *app, const char *query)
{
    const char *word = text_folded(&p->arena, _("dossier"));
    size_t n = strlen(word);
    struct list_page page = {0};
    bool fell_back;
    int64_t total;

    if (!app_cache(app) || !*query)
        return;
    if (strncmp(query, word, n) == 0)
        query += n + strspn(query + n, " ");
    if (strpbrk(query, "0123456789")) {
        if (cache_search(app_cache(app), query, NULL, DOSSIERS, &p->arena, &page, &total, NULL))
            add_dossiers(p, app, &page);
    } else if (strncmp(word, query, strlen(query)) == 0) {
        struct list_query mine = {.queue = QUEUE_MINE, .sort = SORT_SUBMITTED, .now = app_now(app)};
        if (cache_list(app_cache(app), &mine, NULL, false, 1, &p->arena, &page, &fell_back, NULL))
            add_dossiers(p, app, &page);
    }
}

static bool load_palette(struct view *v, struct cache *cache, struct err *e)
{
    struct palette *p = v->state;
    struct app *app = v->app;
    enum hit best = HIT_NONE;

    arena_reset(&p->arena);
    p->n = 0;
    const char *query = text_folded(&p->arena, field_text(&p->query));
    query += strspn(query, " ");
    for (enum command_id id = CMD_NONE + 1; id < CMD_COUNT; id++) {
        enum hit hit = is_offered(v->under, id) && !app_blocked(app, v->under, id)
                           ? hit_of(&p->arena, id, query)
                           : HIT_NONE;
        best = hit < best ? hit : best;
    }
    for (enum command_id id = CMD_NONE + 1; id < CMD_COUNT && best < HIT_NONE; id++)
        if (is_offered(v->under, id) && !app_blocked(app, v->under, id) && hit_of(&p->arena, id, query) == best)
            add_command(p, app, v->under, id, NULL);
    find_dossiers(p, app, query);
    for (enum command_id id = CMD_NONE + 1; id < CMD_COUNT; id++) { /* whoever looks for it wants to know why */
        const char *why = is_offered(v->under, id) ? app_blocked(app, v->under, id) : NULL;
        if (why && *why && hit_of(&p->arena, id, query) < HIT_NONE)
            add_command(p, app, v->under, id, why);
    }
    scroll_fit(&p->scroll, p->n, (size_t)rows_shown(app_rows(app)));
    return true;
}

/* ── the picture ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A sentence is cut between words here: what is left out is not missed. */
static const char *cut_words(struct arena *arena, const char *text, int columns)
{
    char **lines;

    text_wrap(arena, text, columns, &lines);
    return lines[0];
}

/* Ten numbers are one command to an officer. */
static int how_many(void)
{
    return CMD_COUNT - 1 - (CMD_CHOOSE_0 - CMD_CHOOSE_1);
}

static void draw_palette(const struct view *v, struct canvas *c)
{
    const struct palette *p = v->state;
    struct arena arena = {0};
    int row = rule_row(c->rows), room = rows_shown(c->rows);

    view_rule(c, row++, i18n_shown(command_info(CMD_PALETTE)->label));
    for (size_t i = p->scroll.first; i < p->n && i < p->scroll.first + (size_t)room; i++, row++) {
        const struct entry *entry = &p->entries[i];
        bool focus = i == p->scroll.focus;
        canvas_put(c, row, 0, LABEL_COL, focus ? STYLE_FOCUS : STYLE_TEXT,
                   focus            ? "> "
                   : entry->blocked ? "- "
                                    : "  ");
        canvas_put(c, row, LABEL_COL, KEYS_COL - LABEL_COL - 1, STYLE_TEXT, entry->label);
        canvas_put(c, row, KEYS_COL, TEXT_COL - KEYS_COL - 1, STYLE_KEY, entry->keys);
        canvas_put(c, row, TEXT_COL, -1, STYLE_TEXT, cut_words(&arena, entry->text, c->cols - TEXT_COL));
    }
    canvas_format(c, view_last_row(c), 1, -1, STYLE_TEXT,
                  field_text(&p->query)[0] ? _("%zu of %d commands. Type more to narrow it down.")
                                           : _("%zu of %d commands. Type to narrow it down."),
                  p->n, how_many());
    arena_clear(&arena);
}

/* ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void take(struct view *v, struct app *app)
{
    const struct palette *p = v->state;

    if (p->n == 0) {
        app_toast(app, TOAST_NOTE, "%s", _("No command has this name. Erase some letters."));
        return;
    }
    struct entry entry = p->entries[p->scroll.focus];
    if (entry.blocked) {
        app_toast(app, TOAST_NOTE, "%s: %s.", entry.label, entry.text);
    } else if (entry.dossier) {
        char *id = mem_copy(entry.dossier);
        app_close(app, v);
        app_open(app, &view_dossier, &(struct view_arg){.id = id});
        mem_free(&id);
    } else {
        app_close(app, v);
        app_command(app, entry.id);
    }
}

static enum handled palette_command(struct view *v, enum command_id id, struct app *app)
{
    struct palette *p = v->state;

    if (id == CMD_SUBMIT) {
        take(v, app);
        return HANDLED;
    }
    if (id == CMD_FIRST || id == CMD_LAST)
        return NOT_HANDLED;
    return scroll_command(&p->scroll, id, p->n, (size_t)rows_shown(app_rows(app))) ? HANDLED : NOT_HANDLED;
}

static void palette_text(struct view *v, const char *text)
{
    struct palette *p = v->state;

    p->scroll = (struct scroll){0};
    load_palette(v, app_cache(v->app), NULL);
}

static unsigned palette_focus(const struct view *v)
{
    return FOCUS_PROMPT;
}

static struct field *palette_prompt(struct view *v)
{
    return &((struct palette *)v->state)->query;
}

static const char *palette_label(const struct view *v)
{
    return i18n_shown(command_info(CMD_PALETTE)->label);
}

static void close_palette(struct view *v)
{
    struct palette *p = v->state;

    field_clear(&p->query);
    arena_clear(&p->arena);
    free(p->entries);
}

static const enum command_id palette_commands[] = {CMD_SUBMIT,  CMD_UP,        CMD_DOWN,
                                                   CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_NONE};

const struct view_ops view_palette = {
    .name = "palette",
    .title = NC_("view", "Command palette"),
    .state_size = sizeof(struct palette),
    .depends = CACHE_OUTBOX | CACHE_DOSSIERS | CACHE_REFERENCE,
    .sheet = true,
    .commands = palette_commands,
    .load = load_palette,
    .draw = draw_palette,
    .command = palette_command,
    .focus = palette_focus,
    .prompt = palette_prompt,
    .prompt_label = palette_label,
    .text = palette_text,
    .close = close_palette,
};
