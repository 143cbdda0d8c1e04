/* A QR code on a canvas, read back cell by cell and compared with libqrencode's own matrix: half blocks, two cells a module, the quiet
 * zone, and what does not fit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"
#include "tui/qr.h"

#include <qrencode.h>
#include <string.h>

#define ADDRESS "https://mc-demo.local:8443/thiet-bi?ma=WDJB-MJHT"

static struct canvas *canvas;

static int set_up(void **state)
{
    canvas = canvas_new(48, 120);
    return 0;
}

static int tear_down(void **state)
{
    canvas_free(&canvas);
    return 0;
}

static const struct cell *cell(int row, int col)
{
    return &canvas->cells[row * canvas->cols + col];
}

/* What a scanner sees of the module at (y, x) of the picture that begins at (row, col): black ink on white, or a black ground. */
static bool is_black(bool half_blocks, int row, int col, int y, int x)
{
    if (!half_blocks) {
        const struct cell *left = cell(row + y, col + 2 * x), *right = cell(row + y, col + 2 * x + 1);
        assert_string_equal(left->text, " ");
        assert_string_equal(right->text, " ");
        assert_int_equal(left->style, right->style);
        assert_true(left->style == STYLE_QR || left->style == STYLE_QR_DARK);
        return left->style == STYLE_QR_DARK;
    }
    const struct cell *at = cell(row + y / 2, col + x);
    assert_int_equal(at->style, STYLE_QR);
    if (strcmp(at->text, "█") == 0)
        return true;
    if (strcmp(at->text, " ") == 0)
        return false;
    assert_true(strcmp(at->text, "▀") == 0 || strcmp(at->text, "▄") == 0);
    return (strcmp(at->text, "▀") == 0) == (y % 2 == 0);
}

/* The picture of `text` at (row, col) is that code with so much white around it, and nothing beside it is touched. */
static void picture_is(const struct qr *q, const char *text, QRecLevel level, int quiet, bool half_blocks,
                       int row, int col)
{
    QRcode *code = QRcode_encodeString(text, 0, level, QR_MODE_8, 1);
    int side = code->width + 2 * quiet;

    canvas_clear(canvas);
    qr_draw(q, canvas, row, col);
    assert_int_equal(qr_rows(q), half_blocks ? (side + 1) / 2 : side);
    assert_int_equal(qr_cols(q), half_blocks ? side : 2 * side);
    for (int y = 0; y < qr_rows(q) * (half_blocks ? 2 : 1); y++)
        for (int x = 0; x < side; x++) {
            int at_y = y - quiet, at_x = x - quiet;
            bool inside = at_y >= 0 && at_y < code->width && at_x >= 0 && at_x < code->width;
            bool wanted = inside && (code->data[at_y * code->width + at_x] & 1);
            if (is_black(half_blocks, row, col, y, x) != wanted)
                fail_at(HERE, "module %d, %d is %s", at_y, at_x, wanted ? "not black" : "black");
        }
    for (int r = 0; r < canvas->rows; r++)
        for (int k = 0; k < canvas->cols; k++)
            if (r < row || r >= row + qr_rows(q) || k < col || k >= col + qr_cols(q))
                assert_int_equal(cell(r, k)->style, STYLE_TEXT);
    QRcode_free(code);
}

static void half_blocks_hold_two_modules_each(void **state)
{
    struct qr *q = qr_new(ADDRESS, true, 44, 80);

    assert_non_null(q);
    picture_is(q, ADDRESS, QR_ECLEVEL_M, 4, true, 2, 5);
    qr_free(&q);
    assert_null(q);
}

static void without_half_blocks_two_cells_are_a_module(void **state)
{
    struct qr *q = qr_new(ADDRESS, false, 46, 100);

    assert_non_null(q);
    picture_is(q, ADDRESS, QR_ECLEVEL_M, 4, false, 1, 3);
    qr_free(&q);
}

/* At 80x24 twenty rows are free: level M of this address has 33 modules, which do not fit with their quiet zone. */
static void where_rows_are_short_the_level_goes_first(void **state)
{
    struct qr *q = qr_new(ADDRESS, true, 20, 44);

    assert_non_null(q);
    picture_is(q, ADDRESS, QR_ECLEVEL_L, 4, true, 2, 0);
    qr_free(&q);
}

static void then_the_quiet_zone_down_to_two(void **state)
{
    static const struct {
        int rows, cols, quiet;
    } cases[] = {{20, 37, 4}, {18, 37, 3}, {20, 35, 3}, {17, 37, 2}, {20, 33, 2}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct qr *q = qr_new(ADDRESS, true, cases[i].rows, cases[i].cols);
        assert_non_null(q);
        picture_is(q, ADDRESS, QR_ECLEVEL_L, cases[i].quiet, true, 0, 0);
        qr_free(&q);
    }
}

static void what_does_not_fit_is_not_drawn(void **state)
{
    char text[4000];

    assert_null(qr_new(ADDRESS, true, 16, 80));
    assert_null(qr_new(ADDRESS, true, 20, 32));
    assert_null(qr_new(ADDRESS, false, 20, 80));
    memset(text, 'a', sizeof text - 1); /* more than any code holds */
    text[sizeof text - 1] = '\0';
    assert_null(qr_new(text, true, 1000, 1000));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(half_blocks_hold_two_modules_each),
        TEST(without_half_blocks_two_cells_are_a_module),
        TEST(where_rows_are_short_the_level_goes_first),
        TEST(then_the_quiet_zone_down_to_two),
        TEST(what_does_not_fit_is_not_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
