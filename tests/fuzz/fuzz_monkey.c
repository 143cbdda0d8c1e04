/* A monkey at the keyboard of the whole screen, with a server, people whose names mean harm, bad weather and a signer of moods. Whatever
 * it does: no crash; every cell is one letter that may be shown, and each row is as wide as the screen; the cursor is on it; nothing is
 * signed without the four characters, typed one by one; help opens from anywhere.
 * Bytes are those of a terminal; 0xff, which none sends, and the byte after it are what happens beside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/office.h"
#include "tests/fuzz/shown.h"

#include "core/text.h"
#include "desk/cms.h"
#include "net/sync.h"
#include "training/central.h"
#include "tui/tray_run.h"
#include "tui/view.h"

#include <ctype.h>

#define EVENT  0xff
#define TYPING 40 /* ms between two keys: no burst */

struct monkey {
    struct office office;
    struct input *input;
    char typed[256]; /* letters, one by one, since the last signature or the opening of the view */
    size_t n_typed;
    const struct view *signs;   /* the view that asks for them: the sign view, or the tray */
    const struct tray_run *run; /* whose number was typed, */
    int64_t run_began;          /* when it began: another may come to lie at the same place */
};

/* ── what has to hold ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void check_row(const struct canvas *c, int row)
{
    int width = 0;

    for (int col = 0; col < c->cols; col++) {
        const struct cell *cell = &c->cells[row * c->cols + col];
        size_t n = strlen(cell->text);
        CHECK(cell->style < STYLE_COUNT);
        if (cell->width == 0) {
            CHECK(n == 0 && col > 0 && cell[-1].width == 2);
            continue;
        }
        check_shown(cell->text);
        CHECK(n > 0 && text_letter(cell->text, n) == n && text_width(cell->text) == cell->width);
        width += cell->width;
    }
    CHECK(width == c->cols);
}

/* Nobody of the office's people can be read. */
static void check_covered(const struct canvas *c)
{
    static const char *const names[] = {"Nguyễn Thị Đào", "Lê Văn A", "Tên dài", "0001950", "221228"};

    for (int row = 0; row < c->rows; row++) {
        char *text = canvas_row(c, row);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            CHECK(!strstr(text, names[i]));
        mem_free(&text);
    }
}

static void check_frame(void *monkey, const struct office *o)
{
    const struct canvas *c = o->canvas;

    (void)monkey;
    CHECK(c->rows == app_rows(o->app) && c->cols == app_cols(o->app));
    CHECK(c->cursor_row >= 0 && c->cursor_row < c->rows && c->cursor_col >= 0 && c->cursor_col < c->cols);
    for (int row = 0; row < c->rows; row++)
        check_row(c, row);
    if (app_is_covered(o->app))
        check_covered(c);
}

static bool has_typed(const struct monkey *m, const char *letters)
{
    bool used[sizeof m->typed] = {0};

    for (; *letters; letters++) {
        size_t i = 0;
        while (i < m->n_typed &&
               (used[i] || toupper((unsigned char)m->typed[i]) != toupper((unsigned char)*letters)))
            i++;
        if (i == m->n_typed)
            return false;
        used[i] = true;
    }
    return true;
}

/* Of a run: its number was typed before the first; every one is a statement that it has, as it was seen. */
static void check_run(struct monkey *m, const struct ask *ask)
{
    const struct tray_run *run = app_tray(m->office.app)->run;
    char number[16];
    size_t n = 0;
    bool has_it = false;

    CHECK(run);
    for (size_t i = 0; i < run->n; i++) {
        const struct tray_row *row = tray_find(app_tray(m->office.app), run->rows[i].id);
        n += run->rows[i].decision != TRAY_REWORK;
        has_it = has_it || (run->rows[i].state == RUN_SIGNS && row && row->sight == TRAY_SEEN &&
                            row->n_bytes == ask->n && memcmp(row->bytes, ask->bytes, ask->n) == 0);
    }
    snprintf(number, sizeof number, "%zu", n);
    CHECK(has_it);
    CHECK((run == m->run && run->began == m->run_began) || has_typed(m, number));
    m->run = run;
    m->run_began = run->began;
}

static void check_signature(void *monkey, const struct ask *ask)
{
    struct monkey *m = monkey;

    if (ask->run) {
        check_run(m, ask);
        return;
    }
    json_t *statement = json_loadb(ask->bytes, ask->n, 0, NULL);
    const char *code = json_string_value(json_object_get(statement, "code"));

    CHECK(code && strlen(code) > 4 && has_typed(m, code + strlen(code) - 4));
    json_decref(statement);
    m->n_typed = 0;
}

/* ── what it does ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void note_typed(struct monkey *m, const struct key *key)
{
    const struct view *top = app_top(m->office.app);

    bool asks = top && (top->ops == &view_sign || top->ops == &view_tray);

    if (!asks || top != m->signs) {
        m->n_typed = 0;
        m->signs = asks ? top : NULL;
    }
    if (m->signs && !key->text && key->name == KEY_NAME_CHAR && !key->ctrl && !key->alt &&
        m->n_typed < sizeof m->typed)
        m->typed[m->n_typed++] = key->letter[0];
}

static void drain(struct monkey *m)
{
    struct office *o = &m->office;
    struct key key;
    int wait;

    while (!app_wants_quit(o->app) &&
           input_next(m->input, app_typing(o->app), o->machine->env.mono, &key, &wait)) {
        note_typed(m, &key);
        app_key(o->app, &key);
    }
}

static void send(struct monkey *m, const void *bytes, size_t n)
{
    input_feed(m->input, bytes, n, m->office.machine->env.mono);
    drain(m);
    office_pass(&m->office, TYPING);
    drain(m);
    office_turn(&m->office);
}

static void happen(struct monkey *m, unsigned what)
{
    static const int64_t pauses[] = {
        1,     30,    60,    250,    1000,   3000,    9990,     10000,
        20000, 30000, 60000, 300000, 900000, 3600000, 86400000, 40 * INT64_C(86400000)};
    static const int sizes[][2] = {{24, 80}, {16, 60},  {15, 59},  {1, 1},   {2, 200},  {50, 132},
                                   {25, 61}, {200, 40}, {24, 61},  {30, 79}, {16, 500}, {40, 100},
                                   {17, 60}, {24, 59},  {60, 220}, {3, 3}};
    static const char *const dossiers[] = {"11", "12", "13", "14", "21", "22", "23", "24"};
    struct office *o = &m->office;
    unsigned how = what >> 3;

    switch (what & 7) {
    case 0:
    case 1:
        office_pass(o, pauses[how % 16]);
        drain(m);
        break;
    case 2:
        canvas_resize(o->canvas, sizes[how % 16][0], sizes[how % 16][1]);
        app_resize(o->app, sizes[how % 16][0], sizes[how % 16][1]);
        break;
    case 3:
        o->weather = (enum weather)(how % WEATHER_COUNT);
        break;
    case 4:
        office_beside(o, dossiers[how % 8]);
        break;
    case 5:
        o->signer = (enum signer_mood)(how % SIGNER_MOODS);
        break;
    case 6:
        office_restart(o);
        break;
    default:
        send(m, "\033[200~\033[2J1\r\nmot hai ba bon nam\033[201~", 38);
    }
    office_turn(o);
}

/* As much as a terminal sends at once: a letter, or a sequence whole. */
static size_t piece(const uint8_t *bytes, size_t left)
{
    size_t n = 1;

    if (bytes[0] != '\033')
        return bytes[0] < 0x80 ? 1 : text_letter((const char *)bytes, left);
    if (left > 1 && bytes[1] != EVENT)
        n = 2;
    if (n == 2 && (bytes[1] == '[' || bytes[1] == 'O'))
        while (n < left && bytes[n] != EVENT) {
            n++;
            if (bytes[n - 1] >= 0x40 && bytes[n - 1] < 0x7f)
                break;
        }
    return n;
}

static void check_help(struct monkey *m)
{
    struct office *o = &m->office;

    canvas_resize(o->canvas, 24, 80);
    app_resize(o->app, 24, 80);
    office_pass(o, 3000); /* whatever was begun with a paste or an escape is over */
    drain(m);
    office_turn(o);
    if (app_wants_quit(o->app) || app_is_covered(o->app) || app_top(o->app)->ops == &view_help)
        return;
    send(m, "\033OP", 3);
    CHECK(app_top(o->app)->ops == &view_help);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct monkey m = {.input = NULL};

    if (size < 1)
        return 0;
    m.office.context = &m;
    m.office.drawn = check_frame;
    m.office.asked_to_sign = check_signature;
    m.input = input_new();
    office_open(&m.office, (bytes[0] & 1) == 0);
    for (size_t i = 1; i < size && i < 400 && !app_wants_quit(m.office.app);) {
        size_t n = 2;
        if (bytes[i] == EVENT) {
            happen(&m, i + 1 < size ? bytes[i + 1] : 0);
        } else {
            n = piece(bytes + i, size - i);
            send(&m, bytes + i, n);
        }
        i += n;
    }
    CHECK(office_wishes(&m.office, "approve") + office_wishes(&m.office, "refuse_result") <= m.office.signed_well);
    if (!app_wants_quit(m.office.app))
        check_help(&m);
    office_close(&m.office);
    input_free(&m.input);
    return 0;
}
