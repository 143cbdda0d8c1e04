/* The row of a dossier: columns at every width as rule 3 of screens.md has them, and what stands in them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tui_world.h"
#include "tui/row.h"

#include <string.h>

/* Rule 3, word by word. 0: gone. */
static void widths_are_those_of_the_rule(void **state)
{
    static const struct {
        int cols, code, applicant, procedure, status, assignee, channel;
    } wanted[] = {
        {132, 25, 22, 22, 10, 14, 10}, {100, 10, 19, 19, 10, 14, 0}, {99, 10, 24, 28, 10, 0, 0},
        {80, 10, 18, 15, 10, 0, 0},    {79, 10, 18, 14, 10, 0, 0},   {77, 10, 18, 12, 10, 0, 0},
        {76, 10, 30, 0, 10, 0, 0},     {60, 10, 14, 0, 10, 0, 0},    {70, 10, 24, 0, 10, 0, 0},
        {120, 25, 21, 22, 10, 14, 0},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct row_layout l = row_layout(wanted[i].cols);
        const int seen[] = {l.width[ROW_CODE],   l.width[ROW_APPLICANT], l.width[ROW_PROCEDURE],
                            l.width[ROW_STATUS], l.width[ROW_ASSIGNEE],  l.width[ROW_CHANNEL]};
        const int want[] = {wanted[i].code,   wanted[i].applicant, wanted[i].procedure,
                            wanted[i].status, wanted[i].assignee,  wanted[i].channel};
        for (size_t k = 0; k < 6; k++)
            if (seen[k] != want[k])
                fail_at(HERE, "at %d columns column %zu is %d wide, not %d", wanted[i].cols, k, seen[k], want[k]);
    }
}

/* At any width all of it is used: marks 4, a blank between columns, the time 19 at the right edge. */
static void columns_fill_the_row(void **state)
{
    for (int cols = 60; cols <= 300; cols++) {
        struct row_layout l = row_layout(cols);
        int at = 4;
        for (int i = 0; i < ROW_COLUMNS; i++) {
            if (l.width[i] == 0)
                continue;
            assert_int_equal(l.at[i], at);
            at += l.width[i] + 1;
        }
        assert_int_equal(at - 1, cols);
        assert_int_equal(l.width[ROW_TIME], 19);
        assert_true(l.width[ROW_APPLICANT] >= 14 && l.width[ROW_STATUS] == 10);
    }
}

static struct dossier sample(struct applicant *a)
{
    *a = (struct applicant){.kind = "person", .name = "Nguyễn Thị Đào"};
    return (struct dossier){.id = "d-x",
                            .code = "000.25.33.H06-221228-0041",
                            .procedure = "1.001193",
                            .channel = "online",
                            .unit = "H06.33.26",
                            .status = "registered",
                            .step = "intake",
                            .applicant = a,
                            .decide_by = 1672301400, /* 29/12/2022 15:10 */
                            .due_at = INSTANT_NONE,
                            .paused_since = INSTANT_NONE,
                            .completed_at = INSTANT_NONE,
                            .returned_at = INSTANT_NONE};
}

static const char *drawn(struct world *w, const struct dossier *d, int cols, bool focused, bool chosen)
{
    struct row_layout l = row_layout(cols);

    canvas_resize(w->canvas, 24, cols);
    row_draw(&l, w->app, w->canvas, 3, d, focused, chosen);
    return world_row(w, 3);
}

static void words_of_a_row(void **state)
{
    struct world w;
    struct applicant a;
    struct dossier d = sample(&a);

    world_new(&w, "mockups", "mai", "09:42");
    assert_string_equal(drawn(&w, &d, 80, true, true),
                        ">*  …1228-0041 Nguyễn Thị Đào     Đăng…khai sinh  Mới ĐK      ! còn 3 giờ");
    assert_int_equal(w.canvas->cursor_row, 3);
    assert_int_equal(w.canvas->cursor_col, 0);
    /* a status of a later contract, a short code, data that would drive a terminal */
    d.status = "archived";
    d.due_at = d.decide_by;
    d.code = "X-1";
    a.name = "A\x1b[31mB";
    assert_string_equal(drawn(&w, &d, 80, false, false),
                        "    X-1        A‹1B›[31mB         Đăng…khai sinh  archived    ! còn 3 giờ");
    d.unit = "nowhere"; /* no calendar is known */
    assert_non_null(strstr(drawn(&w, &d, 80, false, false), "?? chưa tính được"));
    world_free(&w);
}

/* 107 bytes a move: reverse covers marks and code, nothing else of the row. */
static void focus_covers_marks_and_code(void **state)
{
    struct world w;
    struct applicant a;
    struct dossier d = sample(&a);

    world_new(&w, "mockups", "mai", "09:42");
    drawn(&w, &d, 80, true, false);
    for (int col = 0; col < 80; col++) {
        bool focus = w.canvas->cells[3 * 80 + col].style == STYLE_FOCUS;
        assert_int_equal(focus, col < 14);
    }
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_of_the_rule),
        cmocka_unit_test(columns_fill_the_row),
        cmocka_unit_test(words_of_a_row),
        cmocka_unit_test(focus_covers_marks_and_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
