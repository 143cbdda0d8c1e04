/* picture: see picture.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_WIDTH  8
#define CELL_HEIGHT 16

/* Of the palette's first 16, the rest as they come; -1: the terminal's own. */
static bool is_light(int colour, bool own)
{
    if (colour < 0)
        return own;
    if (colour >= 0x1000000)
        return ((colour >> 16 & 255) + (colour >> 8 & 255) + (colour & 255)) > 384;
    return colour == 7 || colour == 15 || colour == 231 || (colour >= 244 && colour < 256);
}

/* A letter of the row at `*at`; which halves of its cell are drawn: 1 the upper, 2 the lower. */
static int halves(const char **at)
{
    static const struct {
        const char *letter;
        int halves;
    } blocks[] = {{"█", 3}, {"▀", 1}, {"▄", 2}};

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (strncmp(*at, blocks[i].letter, strlen(blocks[i].letter)) == 0) {
            *at += strlen(blocks[i].letter);
            return blocks[i].halves;
        }
    if (**at)
        (*at)++;
    while (((unsigned char)**at & 0xC0) == 0x80)
        (*at)++;
    return 0;
}

static void paint(struct screen *s, unsigned char *pixels, int rows, int cols)
{
    char text[2048];

    for (int row = 0; row < rows; row++) {
        const char *at = text;
        screen_row(s, row + 1, text, sizeof text);
        for (int col = 0; col < cols; col++) {
            struct screen_attr a = screen_attr_at(s, row + 1, col + 1);
            bool ink = is_light(a.reverse ? a.bg : a.fg, !a.reverse),
                 ground = is_light(a.reverse ? a.fg : a.bg, a.reverse);
            int drawn = halves(&at);
            for (int y = 0; y < CELL_HEIGHT; y++)
                for (int x = 0; x < CELL_WIDTH; x++) {
                    bool on = drawn & (y < CELL_HEIGHT / 2 ? 1 : 2);
                    pixels[(row * CELL_HEIGHT + y) * cols * CELL_WIDTH + col * CELL_WIDTH + x] =
                        (on ? ink : ground) ? 255 : 0;
                }
        }
    }
}

/* What is read, one a line; the caller frees. */
static char *codes_on(struct screen *s, const char *dir)
{
    char *path = text_new("%s/screen.pgm", dir);
    int rows, cols;
    struct run run;

    screen_size(s, &rows, &cols);
    size_t n = (size_t)rows * CELL_HEIGHT * (size_t)cols * CELL_WIDTH;
    unsigned char *pixels = calloc(n, 1);
    paint(s, pixels, rows, cols);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "P5\n%d %d\n255\n", cols * CELL_WIDTH, rows * CELL_HEIGHT);
    assert_int_equal(fwrite(pixels, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    run_program(&run, (const char *const[]){"/usr/bin/zbarimg", "-q", "--raw", path, NULL}, NULL, NULL, NULL);
    char *codes = strdup(run.out);
    run_clear(&run);
    free(pixels);
    free(path);
    return codes;
}

void picture_says_at(struct screen *s, const char *dir, const char *wanted, struct at at)
{
    int64_t until = harness_deadline();

    for (;;) {
        char *codes = codes_on(s, dir);
        codes[strcspn(codes, "\n")] = '\0';
        bool same = strcmp(codes, wanted) == 0;
        if (!same && (!*wanted || harness_now() > until)) {
            screen_dump(s);
            fail_at(at, "“%s” is read, not “%s”", codes, wanted);
        }
        free(codes);
        if (same)
            return;
        screen_read(s, 100);
    }
}
