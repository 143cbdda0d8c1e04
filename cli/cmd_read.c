/* cmd_read: queues, list, show: what is kept on this machine, without a word to the server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE    200
#define FILL_MS 50

static const struct officer *me(struct seat *s)
{
    return cache_officer(s->cache, s->officer);
}

/* ── queues ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void print_queue(const struct cli *cli, json_t *all, const char *id, const struct queue_count *count)
{
    struct buf line = {0};
    const char *name = word_queue(id);

    if (cli->json) {
        json_array_append_new(
            all, json_pack("{s:s, s:s, s:I}", "id", id, "name", name, "count", (json_int_t)count->total));
        return;
    }
    print_cell(&line, id, 14, false);
    print_cell(&line, name, 32, false);
    buf_format(&line, "%8" PRId64, count->total);
    puts(line.data);
    buf_clear(&line);
}

bool cmd_queues(struct cli *cli, struct err *e)
{
    enum queue_id queues[10];
    struct seat *s = NULL;
    json_t *all = NULL;
    bool ok = command_officer(cli, false, &s, e) && watch_refresh(s->cache, s->outbox, e);

    if (ok) {
        size_t n = queue_list(me(s) ? officer_roles(me(s)) : 0, queues);
        all = json_array();
        for (size_t i = 0; ok && i < n; i++) {
            struct queue_count count;
            ok = cache_queue_count(s->cache, queues[i], NULL, net_now(s->net), &count, e);
            if (ok)
                print_queue(cli, all, queue_text(queues[i]), &count);
        }
    }
    if (ok && cli->json)
        print_object(json_incref(all));
    json_decref(all);
    seat_free(&s);
    return ok;
}

/* ── list ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct listing {
    struct cli *cli;
    struct seat *seat;
    struct list_query query;
    int64_t limit, printed;
    struct arena row;
};

static bool print_dossier(struct listing *l, const char *id, struct err *e)
{
    struct dossier d;
    const char *json;

    if (!cache_dossier(l->seat->cache, id, &l->row, &d, &json, e))
        return false;
    fputs(l->printed ? ",\n" : "", stdout);
    print_json(json, strlen(json));
    return true;
}

static void print_row(struct listing *l, const struct dossier *d)
{
    struct cache *cache = l->seat->cache;
    struct time_left left = calendar_left(cache_calendar(cache, d->unit), d, l->query.now);
    const char *code = d->code ? d->code : d->external_code ? d->external_code : d->id;
    struct buf line = {0};

    print_cell(&line, text_code(&l->row, code, 26), 27, false);
    print_cell(&line, text_shown(&l->row, d->applicant->name), 24, false);
    buf_char(&line, ' ');
    print_cell(&line,
               text_cut_middle(&l->row, text_shown(&l->row, cache_procedure_name(cache, d->procedure)), 24),
               24, false);
    buf_char(&line, ' ');
    print_cell(&line, text_shown(&l->row, word_status_short(d->status)), 11, false);
    buf_format(&line, "%s %s", word_time_mark(left), word_time_left(&l->row, left));
    puts(line.data);
    buf_clear(&line);
}

static bool print_page(struct listing *l, const struct list_page *page, struct err *e)
{
    for (size_t i = 0; i < page->n && l->printed < l->limit; i++, l->printed++) {
        if (!l->cli->json)
            print_row(l, &page->rows[i].d);
        else if (!print_dossier(l, page->rows[i].d.id, e))
            return false;
        arena_reset(&l->row);
    }
    return true;
}

/* Page after page, by key: a list of any length costs the memory of one page. */
static bool print_list(struct listing *l, struct err *e)
{
    struct list_page page = {0};
    struct arena now = {0}, before = {0};
    const char *key = NULL;
    bool fell_back, ok;

    do {
        struct arena spare = before;
        before = now; /* the key lives there */
        now = spare;
        arena_reset(&now);
        size_t most = l->limit - l->printed < PAGE ? (size_t)(l->limit - l->printed) : PAGE;
        ok = cache_list(l->seat->cache, &l->query, key, false, most, &now, &page, &fell_back, e) &&
             print_page(l, &page, e);
        key = page.n ? page.rows[page.n - 1].d.id : NULL;
    } while (ok && page.n == PAGE && l->printed < l->limit);
    arena_clear(&now);
    arena_clear(&before);
    return ok;
}

static bool print_found(struct listing *l, const char *text, struct err *e)
{
    struct arena arena = {0};
    struct list_page page;
    struct buf query = {0};
    int64_t total = cache_dossier_count(l->seat->cache);
    size_t most = (size_t)(l->limit < total ? l->limit : total);
    bool ok;

    while (!cache_search_fill(l->seat->cache, l->cli->env, FILL_MS))
        continue;
    ok = text_nfc(text, strlen(text), &query) ||
         err_set(e, ERR_USAGE, _("%s: this is no text."), option_name(OPTION_SEARCH));
    ok = ok &&
         cache_search(l->seat->cache, query.data ? query.data : "", &l->query, most, &arena, &page, &total, e) &&
         print_page(l, &page, e);
    buf_clear(&query);
    arena_clear(&arena);
    return ok;
}

static bool read_options(struct listing *l, struct err *e)
{
    const char *queue = l->cli->options.value[OPTION_QUEUE], *limit = l->cli->options.value[OPTION_LIMIT];
    char *end = NULL;

    l->query.queue = queue ? queue_parse(queue) : QUEUE_ALL;
    if (l->query.queue == QUEUE_NONE)
        return err_set(e, ERR_USAGE, "%s", _("There is no such queue. See motcua queues."));
    errno = 0;
    l->limit = limit ? strtoll(limit, &end, 10) : INT64_MAX;
    if (limit && (errno || *end || end == limit || l->limit < 1))
        return err_set(e, ERR_USAGE, _("%s: a number from 1."), option_name(OPTION_LIMIT));
    return true;
}

bool cmd_list(struct cli *cli, struct err *e)
{
    struct listing l = {.cli = cli};
    const char *text = cli->options.value[OPTION_SEARCH];
    bool ok = read_options(&l, e) && command_officer(cli, false, &l.seat, e) &&
              watch_refresh(l.seat->cache, l.seat->outbox, e);

    if (ok) {
        l.query.now = net_now(l.seat->net);
        fputs(cli->json ? "[" : "", stdout);
        ok = text && *text ? print_found(&l, text, e) : print_list(&l, e);
        if (ok && cli->json)
            puts("]");
        else if (ok && l.printed == 0)
            puts(_("Nothing."));
    }
    arena_clear(&l.row);
    seat_free(&l.seat);
    return ok;
}

/* ── show ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct showing {
    struct seat *seat;
    const struct dossier *d;
    struct arena *arena;
    int32_t offset;
};

/* A line "label  value"; nothing where there is no value. */
static void field(struct showing *s, const char *label, const char *value)
{
    struct buf line = {0};

    if (!value || !*value)
        return;
    print_cell(&line, label, 22, false);
    buf_text(&line, text_shown(s->arena, value));
    puts(line.data);
    buf_clear(&line);
}

static void field_time(struct showing *s, const char *label, int64_t t)
{
    field(s, label, word_when(s->arena, t, s->offset));
}

static void show_applicant(struct showing *s)
{
    const struct applicant *a = s->d->applicant;

    field(s, C_("show", "Applicant"), a->name);
    field(s, C_("show", "Born"), word_day(s->arena, a->birth_date));
    field(s, C_("show", "Sex"), a->sex ? word_sex(a->sex) : NULL);
    field(s, C_("show", "Identity number"), text_masked(s->arena, a->id_number));
    field(s, C_("show", "Phone"), text_masked(s->arena, a->phone));
    field(s, C_("show", "Address"), a->address);
}

static void show_times(struct showing *s)
{
    const struct dossier *d = s->d;
    struct time_left left = calendar_left(cache_calendar(s->seat->cache, d->unit), d, net_now(s->seat->net));

    field_time(s, C_("show", "Submitted"), d->submitted_at);
    field_time(s, C_("show", "Received"), d->received_at);
    field_time(s, C_("show", "To be decided by"),
               d->status && status_of(d->status) == STATUS_REGISTERED ? d->decide_by : INSTANT_NONE);
    field_time(s, C_("show", "Due"), d->due_at);
    field(s, C_("show", "Time left"),
          arena_format(s->arena, "%s %s", word_time_mark(left), word_time_left(s->arena, left)));
    field_time(s, C_("show", "Completed"), d->completed_at);
    field_time(s, C_("show", "Returned"), d->returned_at);
    field(s, C_("show", "Returned to"), d->returned_to);
}

static void show_parts(struct showing *s)
{
    const struct dossier *d = s->d;

    for (size_t i = 0; i < d->n_papers; i++)
        field(s, i ? "" : C_("show", "Papers"),
              arena_format(s->arena, "%s: %s", d->papers[i].name ? d->papers[i].name : d->papers[i].id,
                           word_paper_state(d->papers[i].state)));
    for (size_t i = 0; i < d->n_fees; i++)
        field(s, i ? "" : C_("show", "Fees"),
              arena_format(s->arena, "%s: %s / %s", d->fees[i].name, text_money(s->arena, d->fees[i].paid),
                           text_money(s->arena, d->fees[i].amount)));
    for (size_t i = 0; i < d->n_actions; i++)
        field(s, i ? "" : C_("show", "Can be done"),
              arena_format(s->arena, "%s (%s)", word_action(d->actions[i].action).label, d->actions[i].action));
    for (size_t i = 0; i < d->n_unavailable; i++)
        field(s, i ? "" : C_("show", "Cannot be done"),
              arena_format(s->arena, "%s: %s", word_action(d->unavailable[i].action).label,
                           d->unavailable[i].reason));
}

static void show_dossier(struct seat *seat, const struct dossier *d, struct arena *arena)
{
    const struct calendar *calendar = cache_calendar(seat->cache, d->unit);
    struct showing s = {.seat = seat, .d = d, .arena = arena, .offset = calendar->offset};

    if (!calendar->usable)
        zone_offset("Asia/Ho_Chi_Minh", &s.offset);
    field(&s, C_("show", "Code"), d->code);
    field(&s, C_("show", "Code elsewhere"), d->external_code);
    field(&s, C_("show", "Id"), d->id);
    field(&s, C_("show", "Version"), arena_format(arena, "%" PRId64, d->version));
    field(&s, C_("show", "Procedure"), cache_procedure_name(seat->cache, d->procedure));
    field(&s, C_("show", "Status"), word_status(d->status));
    field(&s, C_("show", "Step"), d->step ? word_step(d->step) : NULL);
    field(&s, C_("show", "Channel"), d->channel ? word_channel(d->channel) : NULL);
    field(&s, C_("show", "Unit"), cache_unit_name(seat->cache, d->unit));
    field(&s, C_("show", "Decided by unit"), cache_unit_name(seat->cache, d->handled_by_unit));
    field(&s, C_("show", "Works on it"), cache_officer_name(seat->cache, d->assignee));
    show_applicant(&s);
    show_times(&s);
    show_parts(&s);
}

bool cmd_show(struct cli *cli, struct err *e)
{
    struct arena arena = {0};
    struct dossier d;
    struct seat *s = NULL;
    const char *json;
    bool ok = command_officer(cli, false, &s, e) &&
              cache_dossier(s->cache, cli->options.operand[0], &arena, &d, &json, e);

    if (ok)
        cache_opened(s->cache, d.id);
    if (ok && cli->json) {
        print_json(json, strlen(json));
        puts("");
    } else if (ok) {
        show_dossier(s, &d, &arena);
    }
    arena_clear(&arena);
    seat_free(&s);
    return ok;
}
