/* view_print: paper before it is printed: its words, the printer, the size, how many. It refuses to print what was not looked at, and notes
 * each page that leaves in the journal first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/handout_draw.h"
#include "tui/print_lists.h"
#include "tui/print_source.h"
#include "tui/view_dossier.h"

#include <stdlib.h>
#include <string.h>

#define PLACE       "print"
#define SHEET_ROWS  3
#define PRINTER_BOX 10 /* letters */
#define COPIES_MOST 20
#define PRINTERS    64

enum part { PART_PRINTER, PART_SIZE, PART_COPIES, PART_FILE, PARTS };

struct print_view {
    struct app *app;
    struct print_source source;
    char *printers[PRINTERS];
    size_t n_printers, printer;
    bool a4, csv;
    int copies, first;
    enum part part;
    uint64_t ask_printers, ask_events, ask_job; /* 0: none is on its way */
    int64_t reveal_until;                       /* mono ms; 0: masked */
    char *message;
};

/* ── what is remembered ────────────────────────────────────────────────────────────────────────────────────────────── */

static void recall(struct print_view *v)
{
    json_t *place = app_place(v->app, PLACE);
    const char *size = json_string_value(json_object_get(place, "size"));
    json_int_t copies = json_integer_value(json_object_get(place, "copies"));

    v->a4 = v->source.handout.a4 || (size && strcmp(size, "A4") == 0);
    v->copies = copies >= 1 && copies <= COPIES_MOST ? (int)copies : 2; /* one is kept, one is handed over */
}

static void remember(struct print_view *v)
{
    app_set_place(v->app, PLACE,
                  json_pack("{s:s*, s:s, s:i}", "printer", v->n_printers ? v->printers[v->printer] : NULL,
                            "size", v->a4 ? "A4" : "A5", "copies", v->copies));
}

/* The one that was used last, else the machine's own. */
static void take_printers(struct print_view *v, const struct texts *names)
{
    const char *last = json_string_value(json_object_get(app_place(v->app, PLACE), "printer"));

    for (size_t i = 0; i < names->n && v->n_printers < PRINTERS; i++) {
        if (last && strcmp(last, names->items[i]) == 0)
            v->printer = v->n_printers;
        v->printers[v->n_printers++] = mem_copy(names->items[i]);
    }
}

/* ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void ask_events(struct view *view)
{
    struct print_view *v = view->state;
    struct ask ask = {.kind = ASK_EVENTS, .dossier = mem_copy(v->source.shown.d.id)};

    v->ask_events = app_ask(v->app, view, &ask);
}

static bool load(struct view *view, struct cache *cache, struct err *e)
{
    struct print_view *v = view->state;

    if (!print_source_load(&v->source, v->app, view->under, e))
        return false;
    if (print_source_lacks_events(&v->source) && !v->ask_events)
        ask_events(view);
    return true;
}

static bool open_print(struct view *view, const struct view_arg *arg, struct err *e)
{
    struct print_view *v = view->state;
    struct ask ask = {.kind = ASK_PRINTERS};

    while (arg->action && v->source.list < HANDOUT_LISTS &&
           strcmp(arg->action, print_list_names[v->source.list]) != 0)
        v->source.list++;
    if (!arg->id && (!arg->action || v->source.list == HANDOUT_LISTS))
        return err_set(e, ERR_USAGE, "%s", _("No dossier is chosen."));
    v->app = view->app;
    v->source.id = arg->id ? mem_copy(arg->id) : NULL;
    v->source.payment = arg->action && strcmp(arg->action, PRINT_PAYMENT) == 0;
    if (!print_source_load(&v->source, v->app, view->under, e))
        return false;
    recall(v);
    v->ask_printers = app_ask(v->app, view, &ask);
    return true;
}

static void close_print(struct view *view)
{
    struct print_view *v = view->state;

    print_source_clear(&v->source);
    for (size_t i = 0; i < v->n_printers; i++)
        free(v->printers[i]);
    free(v->message);
}

static void answered(struct view *view, const struct answer *answer)
{
    struct print_view *v = view->state;

    if (answer->id == v->ask_printers) {
        v->ask_printers = 0;
        take_printers(v, &answer->printers);
    } else if (answer->id == v->ask_events) {
        v->ask_events = 0;
        if (answer->err.code == ERR_NONE)
            print_source_take_events(&v->source, v->app, &answer->events);
        else
            app_toast_err(v->app, &answer->err);
    } else {
        v->ask_job = 0;
        if (answer->err.code != ERR_NONE)
            app_toast_err(v->app, &answer->err);
        else if (answer->kind == ASK_PRINT)
            app_toast(v->app, TOAST_NOTE, _("Sent to the printer %s, copies: %d."),
                      text_shown(&v->source.arena, v->printers[v->printer]), v->copies);
        else
            app_toast(v->app, TOAST_NOTE, _("Saved: %s"), answer->path);
    }
}

/* ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int window_rows(int canvas_rows)
{
    return canvas_rows - 4 - SHEET_ROWS;
}

/* Without a canvas it only measures. Returns the rows that there are. */
static int write_page(const struct print_view *v, struct canvas *c, int rows, int cols, int first)
{
    struct page p = page_new(c, view_body_row(), 0, rows, cols, first);

    handout_draw(&v->source.handout, v->reveal_until != 0, &p);
    return page_end(&p);
}

static int first_row(const struct print_view *v, int rows, int cols)
{
    return page_scrolled(v->first, rows, write_page(v, NULL, rows, cols, 0), v->first, v->first);
}

/* "[words]" at `col`; the cursor on it where it has the focus. */
static void put_box(const struct print_view *v, struct canvas *c, int row, int col, enum part part, int width,
                    const char *words)
{
    bool here = v->part == part;
    int end = col + 1 + (width > text_width(words) ? width : text_width(words));

    canvas_put(c, row, col, 1, here ? STYLE_FOCUS : STYLE_TEXT, "[");
    canvas_fill(c, row, col + 1, end - col - 1, STYLE_FIELD, " ");
    canvas_put(c, row, col + 1, end - col - 1, STYLE_FIELD, words);
    canvas_put(c, row, end, 1, here ? STYLE_FOCUS : STYLE_TEXT, "]");
    if (here)
        canvas_cursor(c, row, col + 1);
}

static const char *printer_words(const struct print_view *v, struct arena *arena)
{
    if (v->n_printers > 0)
        return text_cut(arena, text_shown(arena, v->printers[v->printer]), PRINTER_BOX);
    return v->ask_printers ? "…" : C_("printer", "none");
}

static const char *key_of(const struct print_view *v, enum command_id id, struct arena *arena)
{
    return keymap_keys(app_keymap(v->app), view_print.name, FOCUS_ROW | FOCUS_NUMBER, id, true, arena);
}

static void draw_sheet(const struct print_view *v, struct canvas *c, int row, struct arena *arena)
{
    view_rule(c, row++, C_("sheet", "Print"));
    canvas_put(c, row, 2, -1, STYLE_TEXT, C_("paper", "Printer"));
    put_box(v, c, row, 9, PART_PRINTER, PRINTER_BOX + 2, printer_words(v, arena));
    canvas_put(c, row, 25, -1, STYLE_TEXT, C_("paper", "Size"));
    put_box(v, c, row, 29, PART_SIZE, 2, v->a4 ? "A4" : "A5");
    canvas_put(c, row, 35, -1, STYLE_TEXT, C_("paper", "Copies"));
    put_box(v, c, row, 42, PART_COPIES, 1, arena_format(arena, "%d", v->copies));
    canvas_format(c, row++, 51, -1, STYLE_TEXT, _("%s: print   %s: save PDF"), key_of(v, CMD_PRINT, arena),
                  key_of(v, CMD_EXPORT, arena));
    int col = 2;
    if (!v->source.id) {
        canvas_put(c, row, col, -1, STYLE_TEXT, C_("paper", "File"));
        put_box(v, c, row, 9, PART_FILE, 3, v->csv ? "CSV" : "PDF");
        col = 16;
    }
    canvas_put(c, row, col, -1, STYLE_TEXT,
               _("Paper has the numbers whole; the screen shows their last 4 digits."));
}

static void draw(const struct view *view, struct canvas *c)
{
    const struct print_view *v = view->state;
    const struct handout *h = &v->source.handout;
    struct arena arena = {0};
    int rows = window_rows(c->rows), total = write_page(v, NULL, rows, c->cols, 0),
        first = first_row(v, rows, c->cols);

    view_title(c,
               h->form ? arena_format(&arena, _("Preview · %s (%s)"), h->name, h->form)
                       : arena_format(&arena, _("Preview · %s"), h->name),
               arena_format(&arena, _("page %d/%d"), (first + rows - 1) / rows + 1, (total + rows - 1) / rows));
    write_page(v, c, rows, c->cols, first);
    draw_sheet(v, c, view_body_row() + rows, &arena);
    arena_clear(&arena);
}

static const char *message(const struct view *view)
{
    struct print_view *v = view->state;
    const struct dossier *d = &v->source.shown.d;
    struct arena arena = {0};
    int32_t offset = app_offset(v->app);
    bool today = v->source.id && !v->source.payment &&
                 instant_day(d->received_at, offset) == instant_day(app_now(v->app), offset);

    mem_free(&v->message);
    if (v->ask_job)
        v->message = mem_copy(_("On its way…"));
    else if (print_source_lacks_events(&v->source) && v->ask_events)
        v->message = mem_copy(_("Not printed. Asking the server what was done and why…"));
    else if (print_source_lacks_events(&v->source))
        v->message = mem_copy(
            _("Not printed. What was done and why is not known here; its place is left empty on the form."));
    else if (today && strcmp(d->channel, "counter") == 0)
        v->message = mem_format(_("Not printed. The dossier was sent; the system gave the code at %s."),
                                word_clock(&arena, d->received_at, offset));
    else
        v->message = mem_copy(_("Not printed."));
    arena_clear(&arena);
    return v->message;
}

/* ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A form is saved as PDF alone. */
static void move(struct print_view *v, int by)
{
    int n = v->source.id ? PARTS - 1 : PARTS;

    v->part = (enum part)(((int)v->part + by + n) % n);
}

static void change(struct print_view *v, int by)
{
    if (v->part == PART_FILE)
        v->csv = !v->csv;
    else if (v->part == PART_SIZE)
        v->a4 = !v->a4;
    else if (v->part == PART_COPIES)
        v->copies = v->copies + by < 1 ? COPIES_MOST : v->copies + by > COPIES_MOST ? 1 : v->copies + by;
    else if (v->n_printers > 0)
        v->printer = (v->printer + (by > 0 ? 1 : v->n_printers - 1)) % v->n_printers;
}

/* Takes the job. */
static void send_job(struct view *view, enum ask_kind kind, json_t *job)
{
    struct print_view *v = view->state;
    struct ask ask = {.kind = kind};

    json_object_set_new(job, "handout", handout_write(&v->source.handout));
    json_object_set_new(job, "size", json_string(v->a4 ? "A4" : "A5"));
    ask.bytes = json_dumps(job, JSON_COMPACT);
    json_decref(job);
    if (!ask.bytes)
        die("out of memory");
    ask.n = strlen(ask.bytes);
    v->ask_job = app_ask(v->app, view, &ask);
    remember(v);
}

static bool note(struct print_view *v, enum journal_kind kind)
{
    return v->source.id ? app_note(v->app, kind, v->source.shown.d.id, v->source.shown.d.code)
                        : app_note(v->app, kind, NULL, v->source.handout.file);
}

static void print(struct view *view)
{
    struct print_view *v = view->state;

    if (note(v, JOURNAL_PRINT))
        send_job(view, ASK_PRINT,
                 json_pack("{s:s, s:i}", "printer", v->printers[v->printer], "copies", v->copies));
}

static void save(struct view *view)
{
    struct print_view *v = view->state;
    struct arena arena = {0};
    const char *as = v->csv ? "csv" : "pdf";

    if (note(v, JOURNAL_EXPORT))
        send_job(view, ASK_SAVE,
                 json_pack("{s:s, s:s}", "as", as, "name", handout_file(&arena, &v->source.handout, as)));
    arena_clear(&arena);
}

static void step(struct view *view, int by)
{
    struct print_view *v = view->state;

    print_source_step(&v->source, v->app, by);
    v->first = 0;
    v->a4 = v->a4 || v->source.handout.a4;
    if (print_source_lacks_events(&v->source) && !v->ask_events)
        ask_events(view);
}

static void reveal(struct print_view *v)
{
    if (v->reveal_until)
        v->reveal_until = 0;
    else if (note(v, JOURNAL_REVEAL))
        v->reveal_until = app_mono(v->app) + REVEAL_MS;
}

static bool scroll(struct print_view *v, enum command_id id)
{
    int rows = window_rows(app_rows(v->app)), cols = app_cols(v->app),
        total = write_page(v, NULL, rows, cols, 0);
    struct scroll by = {.focus = (size_t)first_row(v, rows, cols)};

    if (!scroll_command(&by, id, (size_t)total, (size_t)rows))
        return false;
    v->first = page_scrolled((int)by.focus, rows, total, (int)by.focus, (int)by.focus);
    return true;
}

static enum handled command(struct view *view, enum command_id id, struct app *app)
{
    struct print_view *v = view->state;

    if (id >= CMD_CHOOSE_1 && id <= CMD_CHOOSE_9) {
        v->copies = (int)(id - CMD_CHOOSE_1) + 1;
        return HANDLED;
    }
    switch (id) {
    case CMD_PRINT:
        print(view);
        return HANDLED;
    case CMD_EXPORT:
        save(view);
        return HANDLED;
    case CMD_NEXT_PART:
    case CMD_PREV_PART:
        move(v, id == CMD_NEXT_PART ? 1 : -1);
        return HANDLED;
    case CMD_NEXT_TAB:
    case CMD_PREV_TAB:
    case CMD_MARK:
        change(v, id == CMD_PREV_TAB ? -1 : 1);
        return HANDLED;
    case CMD_NEXT_ITEM:
    case CMD_PREV_ITEM:
        step(view, id == CMD_NEXT_ITEM ? 1 : -1);
        return HANDLED;
    case CMD_REVEAL:
        reveal(v);
        return HANDLED;
    default:
        return scroll(v, id) ? HANDLED : NOT_HANDLED;
    }
}

static const char *blocked(const struct view *view, enum command_id id)
{
    const struct print_view *v = view->state;
    bool waits = print_source_lacks_events(&v->source) && v->ask_events;

    switch (id) {
    case CMD_PRINT:
        if (v->n_printers == 0)
            return v->ask_printers ? _("printers are still being looked for")
                                   : _("no printer is known on this machine");
        return v->ask_job ? _("a page is on its way") : waits ? _("the form is not whole yet") : NULL;
    case CMD_EXPORT:
        return v->ask_job ? _("a page is on its way") : waits ? _("the form is not whole yet") : NULL;
    case CMD_NEXT_ITEM:
    case CMD_PREV_ITEM:
        return v->source.n_forms > 1 ? NULL : v->source.id ? _("the dossier has this one paper alone") : "";
    default:
        return NULL;
    }
}

static unsigned focus(const struct view *view)
{
    return FOCUS_ROW | FOCUS_NUMBER;
}

static int64_t wake(const struct view *view)
{
    const struct print_view *v = view->state;

    return v->reveal_until ? v->reveal_until : INT64_MAX;
}

static void tick(struct view *view)
{
    ((struct print_view *)view->state)->reveal_until = 0;
}

static const enum command_id commands[] = {
    CMD_PRINT,    CMD_EXPORT,    CMD_NEXT_PART, CMD_REVEAL,   CMD_NEXT_ITEM, CMD_PREV_ITEM, CMD_PREV_PART,
    CMD_PREV_TAB, CMD_NEXT_TAB,  CMD_MARK,      CMD_CHOOSE_1, CMD_CHOOSE_2,  CMD_CHOOSE_3,  CMD_CHOOSE_4,
    CMD_CHOOSE_5, CMD_CHOOSE_6,  CMD_CHOOSE_7,  CMD_CHOOSE_8, CMD_CHOOSE_9,  CMD_UP,        CMD_DOWN,
    CMD_PAGE_UP,  CMD_PAGE_DOWN, CMD_FIRST,     CMD_LAST,     CMD_NONE};

const struct view_ops view_print = {
    .name = "print",
    .title = NC_("view", "Print preview"),
    .state_size = sizeof(struct print_view),
    .depends = CACHE_DOSSIERS | CACHE_REFERENCE,
    .commands = commands,
    .open = open_print,
    .load = load,
    .answered = answered,
    .draw = draw,
    .message = message,
    .command = command,
    .blocked = blocked,
    .focus = focus,
    .wake = wake,
    .tick = tick,
    .close = close_print,
};
