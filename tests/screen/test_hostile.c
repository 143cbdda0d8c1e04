/* Dossiers that mean harm, through the whole program: names with escape sequences, turned text, floods of marks, 10 kB of it. The screen
 * stays the program's own, so does the window's title; no command prints what a terminal would obey; and Enter held down from the
 * queues to the question signs nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/forbidden.h"
#include "tests/screen/office.h"

#include <stdlib.h>
#include <string.h>

#define TEN(text) text text text text text text text text text text
#define FLOOD     "L\xc3\xaa" TEN(TEN("\\u0323\\u0302\\u0301"))
#define LONG      TEN(TEN(TEN("Nguyễn Thị ")))
#define ESCAPES   "\\u001b]0;evil\\u0007\\u001b[2J\\u001b[?1049l\\u009b31mMai"
#define TURNS     "\\u202eÁnh\\u2066\\u200b\\udb40\\udc41"
#define PERSON(name) \
    "'applicant': {'kind': 'person', 'name': '" name "', 'id_number': '000195004821', 'address': '" name "'}, "
#define BIRTH \
    "'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', 'submitted_at': '2022-12-29T07:10:00+07:00', "
#define REGISTERED \
    "'status': 'registered', 'step': 'intake', 'step_since': '2022-12-29T07:10:00+07:00', 'decide_by': '2022-12-29T15:10:00+07:00'"
#define TO_SIGN                                                                                                     \
    "'status': 'in_progress', 'step': 'approval', 'step_since': '2022-12-29T07:40:00+07:00', 'assignee': 'thang', " \
    "'received_at': '2022-12-29T07:20:00+07:00', 'due_at': '2022-12-30T17:00:00+07:00', "                           \
    "'proposal': {'outcome': 'grant', 'note': '" ESCAPES "', 'by': 'nam', 'at': '2022-12-29T07:40:00+07:00'}"
#define DOSSIER(n, name, state) \
    "{'id': 'h-" n "', 'code': '000.25.33.H06-221229-000" n "', " BIRTH PERSON(name) state "}"

static const char dossiers[] =
    "[" DOSSIER("1", ESCAPES, REGISTERED) "," DOSSIER("2", TURNS, REGISTERED) "," DOSSIER(
        "3", FLOOD,
        REGISTERED) "," DOSSIER("4", LONG, REGISTERED) "," DOSSIER("5", ESCAPES,
                                                                   TO_SIGN) "," DOSSIER("6", LONG, TO_SIGN) "]";

static int set_up(void **state)
{
    *state = office_new(dossiers);
    return 0;
}

static int tear_down(void **state)
{
    office_free((struct office **)state);
    return 0;
}

/* Valid UTF-8, and nothing but lines of what may be shown. */
static void check_shown(const char *text, struct at at)
{
    int32_t cp;

    for (size_t i = 0, len = strlen(text); i < len;) {
        utf8proc_ssize_t n = utf8proc_iterate((const unsigned char *)text + i, (utf8proc_ssize_t)(len - i), &cp);
        if (n <= 0 || (forbidden(cp) && cp != '\n'))
            fail_at(at, "byte %zu of what is shown may not be: U+%04X", i, (unsigned)cp);
        i += (size_t)n;
    }
}

static void look_at(struct screen *s, struct at at)
{
    char *text = screen_text(s);

    check_shown(text, at);
    free(text);
    assert_string_equal(screen_title(s), "motcua");
    assert_true(screen_alternate(s));
    screen_expect_row(s, 1, "TẬP HUẤN");
}

/* ── the screen ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_screen_stays_the_programs_own(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "mai");

    office_queue(s, "Chờ tiếp nhận", "1229-0001");
    screen_expect(s, "‹1B›]0;");
    look_at(s, HERE);
    for (int i = 0; i < 4; i++) {
        screen_key(s, "Enter");
        screen_expect_row(s, 2, "1229-000");
        screen_keys(s, "Tab Tab Tab Tab");
        screen_advance(s, 0);
        look_at(s, HERE);
        screen_key(s, "q");
        screen_expect_row(s, 2, "Chờ tiếp nhận");
        screen_key(s, "Down");
    }
    screen_resize(s, 16, 60);
    screen_advance(s, 0);
    look_at(s, HERE);
    screen_resize(s, 24, 80);
    screen_advance(s, 0);
    office_leave(&s);
}

/* ── Enter ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void hold_enter(struct screen *s)
{
    for (int i = 0; i < 10; i++) {
        screen_send(s, "\r\r\r\r\r\r\r", 7);
        screen_advance(s, 1);
    }
}

static void enter_held_down_signs_nothing(void **state)
{
    struct office *o = *state;
    struct screen *s = office_sit(o, "thang");

    hold_enter(s); /* from the queues */
    office_queue(s, "Chờ ký", "1229-0005");
    hold_enter(s); /* from the list */
    office_queue(s, "Chờ ký", "1229-0005");
    screen_keys(s, "Home Enter");
    screen_expect(s, "Lịch sử");
    screen_key(s, "x");
    screen_expect(s, "Xử lý: bấm số");
    hold_enter(s); /* from the menu, whose first is to approve */
    office_queue(s, "Chờ ký", "1229-0005");
    screen_keys(s, "Home x 1");
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, "Ký bằng: ");
    screen_keys(s, "PgDn PgDn PgDn PgDn");
    screen_expect(s, "Đã xem hết");
    hold_enter(s); /* from the statement, into the question and out of it */
    screen_paste(s, "0005");
    hold_enter(s);
    look_at(s, HERE);
    screen_expect(s, "chưa gửi 0");
    office_expect(o, "h-5", "step", "approval");
    office_expect(o, "h-6", "step", "approval");
    office_expect(o, "h-5", "status", "in_progress");
    screen_free(&s);
}

/* ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct desk {
    struct server *server;
    char *home;
};

static void run(const struct desk *d, const char *locale, const char *const args[], struct run *run)
{
    const char *argv[8] = {"motcua-t", "--server", d->server->base};
    size_t n = 3;

    for (size_t i = 0; args[i]; i++)
        argv[n++] = args[i];
    run_program(run, argv, ARGV("LANG", locale, "LANGUAGE=vi"), d->home, NULL);
}

static void check_command(const struct desk *d, const char *locale, const char *const args[], const char *wanted)
{
    struct run r;

    run(d, locale, args, &r);
    if (r.status != 0)
        fail_at(HERE, "%s, %s: %d %s", args[0], locale, r.status, r.err);
    check_shown(r.out, HERE);
    check_shown(r.err, HERE);
    if (wanted && !strstr(r.out, wanted))
        fail_at(HERE, "%s, %s, does not say %s: %s", args[0], locale, wanted, r.out);
    run_clear(&r);
}

static void no_command_prints_what_a_terminal_obeys(void **state)
{
    static const char *const locales[] = {"LC_ALL=C", "LC_ALL=C.UTF-8", "LC_ALL=vi_VN.UTF-8",
                                          "LC_ALL=en_US.UTF-8"};
    struct office *o = *state;
    char *scenario = text_new("%s/office.json", o->dir);
    struct desk d = {server_start(ARGV("--scenario", scenario, "--auto-approve", "thang")), home_new()};
    struct run r;

    run(&d, "LC_ALL=C.UTF-8", ARGV("login"), &r);
    bool keeps = r.status == 0;
    run_clear(&r);
    if (keeps)
        check_command(&d, "LC_ALL=C.UTF-8", ARGV("sync", "--once"), NULL);
    for (size_t i = 0; keeps && i < sizeof locales / sizeof *locales; i++) {
        check_command(&d, locales[i], ARGV("list"), NULL);
        check_command(&d, locales[i], ARGV("list", "--json"), "\\u001B]0;evil");
        check_command(&d, locales[i], ARGV("show", "h-5"), NULL);
        check_command(&d, locales[i], ARGV("show", "h-4", "--json"), NULL);
        check_command(&d, locales[i], ARGV("queues"), NULL);
        check_command(&d, locales[i], ARGV("outbox"), NULL);
    }
    free(scenario);
    server_free(&d.server);
    home_free(&d.home);
    if (!keeps)
        skip(); /* this machine keeps no session */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_screen_stays_the_programs_own),
        TEST(enter_held_down_signs_nothing),
        TEST(no_command_prints_what_a_terminal_obeys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
