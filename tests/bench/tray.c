/* tray: what a sign-off costs, on the real program and the real server with a round trip of 200 ms between them: bytes to the terminal for
 * one dossier by itself and for one more in the tray, and the time until fifty are signed and taken.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"
#include "tests/bench/slow_line.h"
#include "tests/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PLACE      "chau-duc-2022"
#define ONE        1
#define FEW        10
#define MORE       30
#define MANY       50
#define ONE_WAY_MS 100

struct signing {
    char *home, *keys;
    struct server *server;
    struct slow_line *line;
    struct screen *s;
};

/* ── where it is signed ──────────────────────────────────────────────────────────────────────────────────────────── */

/* No two in a row have a line in common but the frame: what the terminal gets is not flattered. */
static void write_dossier(FILE *file, int i)
{
    static const char *const names[] = {"Nguyễn Thị Ngọc Đào", "Lâm Chí Vỹ",         "Trần Quốc Việt",
                                        "Phùng Thị Mỹ Lệ",     "Bùi Thị Diễm Quỳnh", "Mạc Văn Tình",
                                        "Vũ Đình Thái"},
                             *const procedures[] = {"1.001193", "1.000894", "1.000656", "1.004837"};

    fprintf(
        file,
        "%s{\"id\": \"b-%d\", \"code\": \"000.25.33.H06-221229-%04d\", \"procedure\": \"%s\", \"unit\": \"H06.33.26\", "
        "\"channel\": \"online\", \"submitted_at\": \"2022-12-29T07:00:%02d+07:00\", "
        "\"received_at\": \"2022-12-29T07:20:00+07:00\", \"due_at\": \"2022-12-30T%02d:%02d:00+07:00\", "
        "\"status\": \"in_progress\", \"step\": \"approval\", \"step_since\": \"2022-12-29T07:40:00+07:00\", "
        "\"assignee\": \"nam\", \"proposal\": {\"outcome\": \"grant\", \"by\": \"nam\", "
        "\"at\": \"2022-12-29T07:%02d:00+07:00\", \"note\": \"đề nghị đồng ý\"}, "
        "\"applicant\": {\"kind\": \"person\", \"name\": \"%s\", \"id_number\": \"000195%06d\"}, \"files\": [",
        i ? ", " : "", i, i, procedures[i % 4], i % 60, 14 + i / 60, i % 60, 40 + i % 20, names[i % 7],
        (i * 7919) % 1000000);
    for (int k = 0; k <= i % 2; k++)
        fprintf(file, "%s{\"id\": \"a-%d\", \"name\": \"%s so %d.pdf\", \"role\": \"result\", \"pages\": 1}",
                k ? ", " : "", i * 2 + k, k ? "To trinh" : "Du thao ket qua", i);
    fputs("]}", file);
}

static FILE *begin_file(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        fail_at(HERE, "%s cannot be written", path);
    return file;
}

static char *write_scenario(const char *dir)
{
    char *place = file_text("training/scenarios/" PLACE ".json"),
         *beside = text_new("%s/" PLACE ".json", dir), *path = text_new("%s/tray.json", dir);
    FILE *copy = begin_file(beside), *file = begin_file(path);

    assert_non_null(place);
    fputs(place, copy);
    fclose(copy);
    fputs("{\"name\": \"tray\", \"title\": \"Khay ký\", \"clock\": \"2022-12-29T08:00:00+07:00\", \"use\": \"" PLACE
          "\", \"closed_kept_days\": 30, \"dossiers\": [",
          file);
    for (int i = 0; i < ONE + FEW + MORE + MANY; i++)
        write_dossier(file, i);
    fputs("]}", file);
    fclose(file);
    free(place);
    free(beside);
    return path;
}

static void configure(const struct signing *w)
{
    char *config = text_new("%s/config", w->home), *dir = text_new("%s/motcua", config),
         *path = text_new("%s/config", dir);

    mkdir(config, 0700);
    mkdir(dir, 0700);
    FILE *file = begin_file(path);
    fprintf(file, "server = http://127.0.0.1:%d\ntraining_keys = %s\n", slow_line_port(w->line), w->server->keys);
    fclose(file);
    free(config);
    free(dir);
    free(path);
}

static void open_signing(struct signing *w)
{
    *w = (struct signing){.home = home_new(), .keys = home_new()};
    char *scenario = write_scenario(w->home);
    w->server = server_start(ARGV("--scenario", scenario, "--keys", w->keys, "--auto-approve", "thang"));
    w->line = slow_line_start(w->server->port, ONE_WAY_MS);
    configure(w);
    w->s = screen_start(&(struct screen_opts){.argv = ARGV("motcua"), .home = w->home});
    screen_expect(w->s, "Chờ ký");
    screen_expect(w->s, "trực tuyến ·");
    screen_expect(w->s, "dữ liệu lúc ");
    screen_keys(w->s, "1");
    screen_expect_row(w->s, 2, "1/91");
    free(scenario);
}

static void close_signing(struct signing *w)
{
    screen_free(&w->s);
    slow_line_stop(&w->line);
    server_free(&w->server);
    home_free(&w->home);
    home_free(&w->keys);
}

/* ── a run ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void mark(struct screen *s, int n)
{
    for (int i = 1; i <= n; i++) {
        char *marked = text_new("chọn %d", i);
        screen_key(s, "Space");
        screen_expect_row(s, 2, marked);
        free(marked);
    }
}

static void decide(struct screen *s, int n)
{
    for (int i = 1; i <= n; i++) {
        char *title = text_new("Khay ký %d/%d", i, n);
        screen_expect_row(s, 2, title);
        if (!screen_has(s, "1 Đồng ý"))
            screen_key(s, "PgDn");
        screen_expect(s, "1 Đồng ý");
        screen_key(s, "1");
        free(title);
    }
}

/* From the focused row of the list to the last answer, and back to the list: bytes to the terminal. `*ms`: from the typed number on. */
static size_t sign(struct screen *s, int n, double *ms)
{
    char *number = text_new("%d", n), *title = text_new("Khay ký · %d hồ sơ", n),
         *ready = text_new("sẽ ký %d", n), *done = text_new("xong %d/%d", n, n);

    screen_bytes_reset(s);
    screen_key(s, "Home");
    mark(s, n);
    screen_key(s, "k");
    screen_expect_row(s, 2, title);
    screen_key(s, "Enter");
    decide(s, n);
    screen_expect_row(s, 2, ready);
    screen_key(s, "F9");
    screen_expect(s, "Gõ số hồ sơ sẽ ký");
    screen_type(s, number);
    screen_expect_row(s, -5, number);
    double began = clock_ms();
    screen_key(s, "Enter");
    screen_expect_row(s, 2, done);
    *ms = clock_ms() - began;
    screen_key(s, "q");
    screen_expect(s, "Thời gian còn");
    read_rest(s, 500);
    free(number);
    free(title);
    free(ready);
    free(done);
    return screen_bytes(s);
}

/* One dossier by itself, from the focused row of the list through dossier and statement to the server's word, and back to the list: bytes
 * to the terminal. */
static size_t sign_one(struct screen *s)
{
    screen_bytes_reset(s);
    screen_key(s, "Enter");
    screen_expect(s, "1229-0000");
    screen_expect(s, "Lịch sử");
    screen_key(s, "x");
    screen_expect(s, "Xử lý: bấm số");
    screen_key(s, "1");
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, "Ký bằng: phần mềm tập huấn");
    if (!screen_has(s, "Đã xem hết"))
        screen_key(s, "PgDn");
    screen_expect(s, "Đã xem hết");
    screen_key(s, "Enter");
    screen_keys(s, "0 0 0 0");
    screen_expect(s, "0000");
    screen_key(s, "Enter");
    screen_expect_row(s, -2, "hệ thống đã ghi nhận");
    screen_expect(s, "Thời gian còn");
    read_rest(s, 500);
    return screen_bytes(s);
}

void bench_tray(void)
{
    struct signing w;
    double few_ms, more_ms, many_ms;

    open_signing(&w);
    row_at_most("signoff-bytes", (double)sign_one(w.s), 12288,
                "for one dossier at 80×24, from the list to “signed” and back");
    size_t few = sign(w.s, FEW, &few_ms), more = sign(w.s, MORE, &more_ms);
    row_at_most("tray-bytes", ((double)more - (double)few) / (MORE - FEW), 3072,
                "for a dossier more at 80×24: %zu bytes for %d, %zu for %d", few, FEW, more, MORE);
    sign(w.s, MANY, &many_ms);
    row_at_most("tray-50-seconds", many_ms / 1000, 60,
                "from the typed number to the last answer, a round trip of %d ms; %d took %.1f s",
                2 * ONE_WAY_MS, FEW, few_ms / 1000);
    close_signing(&w);
}
