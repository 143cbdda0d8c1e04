/* The mock-ups of screens.md on the real program: what mai sees on 29/12/2022. docs/scenarios.md says how each is reached.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/stage.h"

#include <stdlib.h>
#include <string.h>

static int tear_down(void **state)
{
    struct stage *p = *state;

    stage_free(&p);
    return 0;
}

static int mai_at_0941(void **state)
{
    *state = stage_new("mockups", "mai", "09:41:25");
    return 0;
}

static int mai_at_0942(void **state)
{
    *state = stage_new("mockups", "mai", "09:42");
    return 0;
}

static int mai_at_1011(void **state)
{
    *state = stage_new("mockups", "mai", "10:11");
    return 0;
}

static int mai_at_1530(void **state)
{
    *state = stage_new("mockups", "mai", "15:30");
    return 0;
}

static int mai_at_0912(void **state)
{
    *state = stage_new("mockups", "mai", "09:12");
    return 0;
}

static int quan_at_0942(void **state)
{
    *state = stage_new("mockups-unit", "quan", "09:42");
    return 0;
}

static int quan_at_0957(void **state)
{
    *state = stage_new("mockups", "quan", "09:57:20");
    return 0;
}

#define AT_0941(test) cmocka_unit_test_setup_teardown(test, mai_at_0941, tear_down)
#define AT_0942(test) cmocka_unit_test_setup_teardown(test, mai_at_0942, tear_down)

/* Queue 2 by submission with the focus on d-41 (5/26). */
static void open_mine(struct screen *s)
{
    screen_expect(s, " 2  Việc của tôi");
    screen_keys(s, "2");
    screen_expect_row(s, 2, "/26");
    screen_keys(s, "s 2");
    screen_expect_row(s, 2, "xếp theo ngày nộp");
    screen_keys(s, "Home Down Down Down Down");
    screen_expect_row(s, 2, "5/26");
}

/* d-41, d-38 and d-19 are marked, d-41 has the focus. */
static void mark_three(struct screen *s)
{
    screen_keys(s, "Space Space Down Down Down Space Up Up Up Up Up Up");
    screen_expect_row(s, 2, "5/26 · chọn 3");
}

static void queues(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    stage_plant(p, "seven");
    screen_matches_golden(p->screen, "queues");
}

static void procedures(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    screen_keys(p->screen, "End Enter");
    screen_expect_row(p->screen, 2, "1/102");
    screen_type(p->screen, "khai sinh");
    screen_matches_golden(p->screen, "procedures");
}

static void dossiers(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    open_mine(p->screen);
    mark_three(p->screen);
    stage_plant(p, "seven");
    screen_matches_golden(p->screen, "dossiers");
}

static void dossiers_60x16(void **state)
{
    struct stage *p = *state;

    stage_open(p, 16, 60);
    open_mine(p->screen);
    mark_three(p->screen);
    stage_plant(p, "seven");
    screen_matches_golden(p->screen, "dossiers-60x16");
}

static void dossiers_132x40(void **state)
{
    struct stage *p = *state;

    stage_open(p, 40, 132);
    open_mine(p->screen);
    mark_three(p->screen);
    screen_keys(p->screen, "c");
    stage_plant(p, "seven");
    screen_matches_golden(p->screen, "dossiers-132x40");
}

static void dossiers_find(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    open_mine(p->screen);
    screen_keys(p->screen, "/ Tab");
    screen_expect_row(p->screen, 2, "[mọi hồ sơ trên máy]");
    screen_type(p->screen, "nguyen thi dao");
    stage_plant(p, "seven");
    screen_matches_golden(p->screen, "dossiers-find");
}

static void outbox(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    stage_plant(p, "seven");
    screen_keys(p->screen, "h");
    screen_matches_golden(p->screen, "outbox");
}

static void conflict(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    stage_plant(p, "seven");
    screen_keys(p->screen, "h Down Down Down Down Enter");
    screen_matches_golden(p->screen, "conflict");
}

static void open_received(struct stage *p, const char *keys)
{
    stage_open(p, 0, 0);
    open_mine(p->screen);
    screen_keys(p->screen, keys);
    stage_plant(p, "receive");
}

static void dossier(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    open_mine(p->screen);
    screen_keys(p->screen, "Enter");
    screen_expect(p->screen, "lấy lúc 09:41");
    stage_advance(p, 35);
    stage_plant(p, "receive");
    screen_matches_golden(p->screen, "dossier");
}

static void dossier_papers(void **state)
{
    struct stage *p = *state;

    open_received(p, "Enter 2");
    screen_matches_golden(p->screen, "dossier-papers");
}

static void palette(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    open_mine(p->screen);
    mark_three(p->screen);
    screen_keys(p->screen, ":");
    screen_type(p->screen, "ho");
    stage_plant(p, "receive");
    screen_matches_golden(p->screen, "palette");
}

static void help(void **state)
{
    struct stage *p = *state;

    open_received(p, "");
    screen_advance(p->screen, 3);
    screen_keys(p->screen, "F1");
    screen_matches_golden(p->screen, "help");
}

static void dossier_fees(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    screen_keys(p->screen, "5");
    screen_expect_row(p->screen, 2, "1/3");
    screen_keys(p->screen, "Down Enter 3");
    stage_plant(p, "three");
    screen_matches_golden(p->screen, "dossier-fees");
}

static void dossier_history(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    open_mine(p->screen);
    screen_keys(p->screen, "Down Down Down Down Down Enter 4");
    screen_expect(p->screen, "lấy lúc 09:41");
    stage_advance(p, 35);
    stage_plant(p, "comment");
    screen_matches_golden(p->screen, "dossier-history");
}

static void open_d35(struct stage *p)
{
    stage_open(p, 0, 0);
    screen_keys(p->screen, "1");
    screen_expect_row(p->screen, 2, "1/12");
    screen_keys(p->screen, "Down Enter x");
}

static void act(void **state)
{
    struct stage *p = *state;

    open_d35(p);
    screen_matches_golden(p->screen, "act");
}

static void form(void **state)
{
    struct stage *p = *state;

    open_d35(p);
    screen_keys(p->screen, "3");
    screen_expect_row(p->screen, 2, "bản");
    screen_keys(p->screen, "Tab");
    screen_type(p->screen, "Giấy xác nhận tình trạng hôn nhân đã quá 6 tháng kể từ ngày cấp;");
    screen_keys(p->screen, "Enter");
    screen_type(p->screen, "đề nghị xin cấp lại tại nơi thường trú.");
    screen_keys(p->screen, "Shift-Tab");
    screen_matches_golden(p->screen, "form");
}

static void dossier_clock(void **state)
{
    struct stage *p = *state;

    p->env = ARGV("MOTCUA_TEST_WALL=1672302840"); /* 15:34 */
    stage_open(p, 0, 0);
    screen_expect(p->screen, " 2  Việc của tôi");
    screen_keys(p->screen, "2");
    screen_expect_row(p->screen, 2, "/26");
    screen_keys(p->screen, "s 2 Home Enter 5");
    screen_matches_golden(p->screen, "dossier-clock");
}

/* A try that is due begins and ends in the turns of the loop that two keys take, however slow the machine is. */
static void let_it_try(struct stage *p)
{
    screen_keys(p->screen, "Up");
    screen_expect_row(p->screen, 2, "2/12");
    screen_keys(p->screen, "Down");
    screen_expect_row(p->screen, 2, "3/12");
}

static void offline(void **state)
{
    struct stage *p = *state;

    p->env = ARGV("MOTCUA_TEST_DRAW=150000"); /* the waits between tries grow to 150 s */
    stage_open(p, 0, 0);
    screen_expect(p->screen, " 1  Chờ tiếp nhận");
    screen_keys(p->screen, "1");
    screen_expect_row(p->screen, 2, "1/12");
    screen_keys(p->screen, "Down Down");
    screen_expect_row(p->screen, 2, "3/12");
    stage_plant(p, "three");
    server_kill(p->server);
    screen_expect_row(p->screen, 1, "mất mạng từ 09:12");
    for (int minute = 12; minute < 37; minute++) {
        stage_advance(p, 60);
        let_it_try(p);
    }
    stage_advance(p, 4 * 60 + 30);
    screen_expect(p->screen, "lần thử gần nhất 09:41");
    stage_advance(p, 35);
    screen_keys(p->screen, "Up Down"); /* what was said when the line went has been read */
    screen_matches_golden(p->screen, "offline");
}

static void queues_unit(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    stage_plant(p, "watch");
    screen_keys(p->screen, "v");
    screen_expect(p->screen, "Tất cả 16 đơn vị");
    screen_keys(p->screen, "Down Space Down Space Down Space Up Up");
    screen_matches_golden(p->screen, "queues-unit");
}

/* Signs with this opinion at 09:57:40: the statement is of the second in which Enter is pressed. */
static void state_opinion(struct stage *p)
{
    int second = 0;

    screen_key(p->screen, "Tab");
    screen_expect_row(p->screen, -2, "_");
    screen_type(p->screen, "Đồng ý theo đề nghị của Phòng Tài chính - Kế hoạch.");
    while (second != 40) {
        char row[400], *at;
        screen_key(p->screen, "Enter");
        screen_expect_row(p->screen, -2, "Ký là ra quyết định");
        screen_row(p->screen, 15, row, sizeof row);
        at = strstr(row, " 09:57:");
        if (!at)
            fail_at(HERE, "no second of 09:57 in “%s”", row);
        second = atoi(at + strlen(" 09:57:"));
        if (second != 40) {
            screen_key(p->screen, "Tab");
            screen_expect_row(p->screen, -2, "_");
            screen_advance(p->screen, second < 38 ? 38 - second : 0.3);
        }
    }
}

static void sign(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    screen_expect(p->screen, " 1  Chờ ký");
    screen_keys(p->screen, "1");
    screen_expect_row(p->screen, 2, "1/");
    screen_keys(p->screen, "/");
    screen_expect_row(p->screen, 2, "Tìm:");
    screen_type(p->screen, "221227-0019");
    screen_expect_row(p->screen, 2, "1/1");
    screen_keys(p->screen, "Enter x 1");
    screen_expect_row(p->screen, 2, "Xem và ký");
    screen_expect(p->screen, "Ký bằng: phần mềm tập huấn"); /* before time jumps: it is waited for 30 s */
    state_opinion(p);
    screen_advance(p->screen, 21);
    screen_keys(p->screen, "PgDn Enter");
    screen_expect(p->screen, "Gõ 4 ký tự cuối");
    screen_type(p->screen, "0019");
    screen_matches_golden(p->screen, "sign");
}

static void small(void **state)
{
    struct stage *p = *state;

    stage_open(p, 0, 0);
    stage_plant(p, "three");
    screen_resize(p->screen, 12, 50);
    screen_matches_golden(p->screen, "small");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_0942(queues),
        AT_0942(dossiers),
        AT_0942(dossiers_60x16),
        AT_0942(dossiers_132x40),
        AT_0942(dossiers_find),
        AT_0942(outbox),
        AT_0942(conflict),
        AT_0941(dossier),
        AT_0942(dossier_papers),
        AT_0942(palette),
        AT_0942(help),
        AT_0942(dossier_fees),
        AT_0941(dossier_history),
        AT_0942(act),
        AT_0942(form),
        AT_0942(small),
        cmocka_unit_test_setup_teardown(procedures, mai_at_1011, tear_down),
        cmocka_unit_test_setup_teardown(dossier_clock, mai_at_1530, tear_down),
        cmocka_unit_test_setup_teardown(offline, mai_at_0912, tear_down),
        cmocka_unit_test_setup_teardown(queues_unit, quan_at_0942, tear_down),
        cmocka_unit_test_setup_teardown(sign, quan_at_0957, tear_down),

    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
