/* bare_screen: the smallest program that shows what `motcua` shows: the queues with their counts, or a list by due time, from the same
 * files with the same queries, unsealing and cells, and the same libraries linked and initialised. It refuses to be one: no network, no
 * outbox, no views, nothing that changes under it.
 *
 *     bare_screen DIR OFFICER NOW queues|list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"
#include "core/queue.h"
#include "core/text.h"
#include "core/words.h"
#include "tests/bench/bare.h"

#include <curl/curl.h>
#include <curses.h>
#include <keyutils.h>
#include <libintl.h>
#include <locale.h>
#include <qrencode.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE  34
#define KEPT  1024
#define QUEUE QUEUE_IN_PROGRESS

enum { TITLE = 1, HEADER, BODY, LEGEND = 37, FOOTER = 39 };
enum { RED = 1, YELLOW, CYAN };

struct named {
    const char *id, *name;
};
struct bare {
    struct bare_files files;
    int64_t now;
    struct arena names; /* reference data */
    struct named *procedures, *officers;
    size_t n_procedures, n_officers;
    struct office_calendar hours;
    struct calendar calendar;
    struct row {
        struct dossier d;
        struct applicant applicant;
        int64_t due;
    } rows[KEPT];
    struct arena arena;
    size_t n, first, focus;
    int64_t position, total;
    sqlite3_stmt *page;
};

/* ── reference data ──────────────────────────────────────────────────────────────────────────────────────────────── */

static sqlite3_stmt *query(struct bare *b, const char *sql)
{
    return bare_query(&b->files, sql);
}

static size_t load_names(struct bare *b, const char *type, const struct codec_shape *shape, size_t size,
                         size_t id, size_t name, struct named **out)
{
    sqlite3_stmt *st = query(b, "SELECT id, version, data FROM thing WHERE type = ?1 ORDER BY id");
    struct named *all = arena_alloc(&b->names, 1024 * sizeof *all);
    char *value = mem_alloc(size);
    size_t n = 0;

    sqlite3_bind_text(st, 1, type, -1, SQLITE_STATIC);
    for (; sqlite3_step(st) == SQLITE_ROW && n < 1024; n++) {
        struct buf plain = {0};
        bare_open(&b->files, type, (const char *)sqlite3_column_text(st, 0), sqlite3_column_int64(st, 1), st,
                  2, &plain);
        if (!codec_read(shape, plain.data, plain.len, &b->names, value, NULL, NULL))
            die("bare: a %s", type);
        all[n].id = *(const char **)(void *)(value + id);
        all[n].name = *(const char **)(void *)(value + name);
        buf_clear(&plain);
    }
    sqlite3_finalize(st);
    free(value);
    *out = all;
    return n;
}

static void load_calendar(struct bare *b)
{
    sqlite3_stmt *st = query(b, "SELECT id, version, data FROM thing WHERE type = 'calendar' LIMIT 1");
    struct buf plain = {0};

    if (sqlite3_step(st) != SQLITE_ROW)
        die("bare: no calendar");
    bare_open(&b->files, "calendar", (const char *)sqlite3_column_text(st, 0), sqlite3_column_int64(st, 1),
              st, 2, &plain);
    if (!codec_read(&shape_office_calendar, plain.data, plain.len, &b->names, &b->hours, NULL, NULL))
        die("bare: the calendar");
    b->calendar = calendar_of(&b->hours);
    buf_clear(&plain);
    sqlite3_finalize(st);
}

static int by_id(const void *id, const void *named)
{
    return strcmp(id, ((const struct named *)named)->id);
}

static const char *name_of(const struct named *all, size_t n, const char *id)
{
    const struct named *found = id ? bsearch(id, all, n, sizeof *all, by_id) : NULL;

    return found ? found->name : id;
}

/* ── cells ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void put(int row, int col, const char *text)
{
    mvaddstr(row, col, text);
}

static void put_frame(const char *title, const char *right)
{
    put(0, 1, "TẬP HUẤN  Huyện Châu Đức · Phạm Minh Quân · lãnh đạo ký duyệt");
    mvchgat(0, 0, -1, A_REVERSE, 0, NULL);
    put(TITLE, 1, title);
    move(TITLE, 60);
    clrtoeol();
    put(TITLE, COLS - 1 - (int)strlen(right), right);
    put(FOOTER, 1,
        "Enter Mở  Space Chọn  x Xử lý  / Tìm  l Lọc  s Xếp  v Đơn vị  c Xem kèm  h Hộp gửi  ? Giúp  q Quay lại");
}

/* ── queues ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t one_number(sqlite3_stmt *st, int column)
{
    return sqlite3_column_int64(st, column);
}

static void show_queues(struct bare *b)
{
    static const enum queue_id queues[] = {QUEUE_TO_SIGN,    QUEUE_IN_PROGRESS, QUEUE_TO_ISSUE,
                                           QUEUE_SUPPLEMENT, QUEUE_UNPAID,      QUEUE_TO_RETURN,
                                           QUEUE_TO_RECEIVE};
    int64_t day = (b->now + 25200) / 86400, start = day * 86400 - 25200, over[16] = {0}, today[16] = {0};
    sqlite3_stmt *sum = query(b, "SELECT sum(n), sum(n) FILTER (WHERE day < ?2), min(day) FILTER (WHERE day <= 2147483644) "
                                 "FROM tally WHERE queue = ?1"),
                 *at_day = query(b, "SELECT queue, due < ?1 FROM dossier INDEXED BY dossier_runs WHERE clock = 1 AND "
                                    "due >= ?2 AND due < ?2 + 86400"),
                 *nearest = query(b, "SELECT due FROM dossier INDEXED BY dossier_due WHERE queue = ?1 AND due >= ?2 "
                                     "AND clock = 1 ORDER BY due LIMIT 1");

    sqlite3_bind_int64(at_day, 1, b->now);
    sqlite3_bind_int64(at_day, 2, start);
    while (sqlite3_step(at_day) == SQLITE_ROW)
        (sqlite3_column_int(at_day, 1) ? over : today)[sqlite3_column_int(at_day, 0) & 15]++;
    put_frame("Hàng việc", "");
    put(HEADER, 3, "Số Hàng việc                      Hồ sơ   Hôm nay  Quá hạn   Gần hạn nhất");
    for (int i = 0; i < (int)(sizeof queues / sizeof *queues); i++) {
        int q = queues[i], row = BODY + i;
        sqlite3_bind_int(sum, 1, q);
        sqlite3_bind_int64(sum, 2, day);
        sqlite3_step(sum);
        sqlite3_bind_int(nearest, 1, q);
        sqlite3_bind_int64(nearest, 2, one_number(sum, 2) * 86400 - 25200);
        bool any = sqlite3_step(nearest) == SQLITE_ROW;
        struct time_left left = calendar_left_until(&b->calendar, any ? one_number(nearest, 0) : b->now, b->now);
        mvprintw(row, 0, "%c  %d  %s", i == 0 ? '>' : ' ', i + 1, word_queue_in_full(queue_text(queues[i])));
        mvprintw(row, 37, "%6lld%10lld%9lld   %s", (long long)one_number(sum, 0), (long long)today[q],
                 (long long)one_number(sum, 1) + over[q], word_time_left(&b->arena, left));
        sqlite3_reset(sum);
        sqlite3_reset(nearest);
    }
    move(BODY, 0);
    refresh();
    while (read(STDIN_FILENO, &(char){0}, 1) < 0)
        continue;
}

/* ── a list ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void read_row(struct bare *b, struct row *r)
{
    static const size_t times[] = {offsetof(struct dossier, decide_by), offsetof(struct dossier, due_at),
                                   offsetof(struct dossier, paused_since),
                                   offsetof(struct dossier, completed_at),
                                   offsetof(struct dossier, returned_at)};
    struct buf plain = {0};
    sqlite3_stmt *st = b->page;

    codec_absent(&shape_dossier, &r->d);
    r->d.id = arena_copy(&b->arena, (const char *)sqlite3_column_text(st, 0));
    r->due = one_number(st, 2);
    r->d.status = arena_copy(&b->arena, (const char *)sqlite3_column_text(st, 3));
    r->d.step = arena_copy(&b->arena, (const char *)sqlite3_column_text(st, 4));
    r->d.procedure = arena_copy(&b->arena, (const char *)sqlite3_column_text(st, 5));
    const char *assignee = (const char *)sqlite3_column_text(st, 6);
    r->d.assignee = assignee ? arena_copy(&b->arena, assignee) : NULL;
    bare_open(&b->files, "dossier", r->d.id, one_number(st, 1), st, 7, &plain);
    const unsigned char *at = (const unsigned char *)plain.data + 8;
    unsigned there = *at++;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (there & 1u << i) {
            memcpy((char *)&r->d + times[i], at, 8);
            at += 8;
        }
    const char *texts[6];
    for (size_t i = 0; i < 6; i++)
        texts[i] = bare_text(&at, &b->arena);
    r->d.code = texts[0];
    r->applicant.name = texts[4];
    buf_clear(&plain);
}

/* The rows behind the last one that is there. */
static void fetch(struct bare *b, size_t limit)
{
    const struct row *last = b->n ? &b->rows[b->n - 1] : NULL;

    if (b->n + limit > KEPT) { /* begins anew with what is seen */
        memmove(b->rows, b->rows + b->first, (b->n - b->first) * sizeof *b->rows);
        b->n -= b->first;
        b->focus -= b->first;
        b->first = 0;
        last = &b->rows[b->n - 1];
    }
    sqlite3_bind_int64(b->page, 1, last ? last->due : INT64_MIN);
    sqlite3_bind_text(b->page, 2, last ? last->d.id : "", -1, SQLITE_STATIC);
    sqlite3_bind_int64(b->page, 3, (int64_t)limit);
    while (sqlite3_step(b->page) == SQLITE_ROW)
        read_row(b, &b->rows[b->n++]);
    sqlite3_reset(b->page);
}

static void show_row(struct bare *b, int at, const struct row *r, bool focused)
{
    struct arena *a = &b->arena;
    struct time_left left = calendar_left(&b->calendar, &r->d, b->now);
    int colour = left.kind == TIME_OVERDUE  ? RED
                 : left.kind == TIME_TODAY  ? YELLOW
                 : left.kind == TIME_PAUSED ? CYAN
                                            : 0;

    move(at, 0);
    clrtoeol();
    put(at, 0, focused ? ">" : " ");
    put(at, 4, text_code(a, r->d.code, 25));
    put(at, 30, text_cut(a, text_shown(a, r->applicant.name), 21));
    put(at, 52, text_cut_middle(a, text_shown(a, name_of(b->procedures, b->n_procedures, r->d.procedure)), 22));
    put(at, 75, text_cut(a, text_shown(a, word_status_short(r->d.status)), 10));
    put(at, 86, text_cut(a, text_shown(a, name_of(b->officers, b->n_officers, r->d.assignee)), 14));
    attron(COLOR_PAIR(colour));
    put(at, 101, word_time_mark(left));
    put(at, 104, word_time_left(a, left));
    attroff(COLOR_PAIR(colour));
    if (focused)
        mvchgat(at, 0, 29, A_REVERSE, 0, NULL);
}

static void show_list(struct bare *b)
{
    char right[64];

    snprintf(right, sizeof right, "%lld/%lld", (long long)b->position, (long long)b->total);
    put_frame("Đang xử lý · xếp theo hạn", right);
    put(HEADER, 4, "Mã hồ sơ                  Người nộp             Thủ tục                Trạng thái Đang giữ");
    put(LEGEND, 1, "~ hoàn tác được   ↑ chưa gửi   » đang gửi   ? chưa rõ   ≠ xung đột   × từ chối");
    for (size_t i = 0; i < PAGE && b->first + i < b->n; i++)
        show_row(b, BODY + (int)i, &b->rows[b->first + i], b->first + i == b->focus);
    move(BODY + (int)(b->focus - b->first), 0);
    refresh();
}

static void go_down(struct bare *b, size_t step)
{
    if (b->first + PAGE + step > b->n)
        fetch(b, step);
    if (b->focus + step >= b->n)
        return;
    b->focus += step;
    b->position += (int64_t)step;
    if (step > 1)
        b->first += step;
    else if (b->focus >= b->first + PAGE)
        b->first++;
}

static void go_home(struct bare *b)
{
    arena_reset(&b->arena);
    b->n = b->first = b->focus = 0;
    b->position = 1;
    fetch(b, PAGE);
}

static void run_list(struct bare *b)
{
    char key[16];
    ssize_t n;
    sqlite3_stmt *count = query(b, "SELECT count(*) FROM dossier WHERE queue = ?1");

    b->page = query(b, "SELECT id, version, due, status, step, procedure, assignee, row FROM dossier INDEXED BY dossier_due "
                       "WHERE queue = ?4 AND (due, id) > (?1, ?2) ORDER BY due, id LIMIT ?3");
    sqlite3_bind_int(b->page, 4, QUEUE);
    sqlite3_bind_int(count, 1, QUEUE);
    sqlite3_step(count);
    b->total = one_number(count, 0);
    go_home(b);
    show_list(b);
    while ((n = read(STDIN_FILENO, key, sizeof key - 1)) > 0 && key[0] != 'q') {
        key[n] = '\0';
        if (strcmp(key, "\033OB") == 0)
            go_down(b, 1);
        else if (strcmp(key, "\033[6~") == 0)
            go_down(b, PAGE);
        else
            go_home(b);
        show_list(b);
    }
}

/* ── the program ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void start_libraries(void)
{
    char *build = bare_locale();

    setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain("motcua", build);
    bind_textdomain_codeset("motcua", "UTF-8");
    textdomain("motcua");
    setenv("LANGUAGE", "vi", 0);
    mem_free(&build);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (!curl_multi_init() || !QRcode_APIVersionString() ||
        keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0) == 0)
        die("bare: a library does not start");
}

int main(int argc, char **argv)
{
    static struct bare b;

    if (argc != 5)
        return 2;
    start_libraries();
    bare_files_open(&b.files, argv[1], argv[2]);
    b.now = strtoll(argv[3], NULL, 10);
    load_calendar(&b);
    initscr();
    start_color();
    use_default_colors();
    init_pair(RED, COLOR_RED, -1);
    init_pair(YELLOW, COLOR_YELLOW, -1);
    init_pair(CYAN, COLOR_CYAN, -1);
    cbreak();
    noecho();
    nonl();
    idlok(stdscr, TRUE);
    if (strcmp(argv[4], "queues") == 0) {
        show_queues(&b);
    } else {
        b.n_procedures =
            load_names(&b, "procedure", &shape_procedure, sizeof(struct procedure),
                       offsetof(struct procedure, id), offsetof(struct procedure, name), &b.procedures);
        b.n_officers = load_names(&b, "officer", &shape_officer, sizeof(struct officer),
                                  offsetof(struct officer, id), offsetof(struct officer, name), &b.officers);
        run_list(&b);
    }
    endwin();
    return 0;
}
