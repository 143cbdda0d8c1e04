/* tui_page: a view that does what a test says and notes what it gets, opened in a world of mai's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_UNIT_TUI_PAGE_H
#define MOTCUA_TESTS_UNIT_TUI_PAGE_H

#include "tests/unit/tui_world.h"

extern struct noted_page {
    unsigned focus;
    enum command_id takes, blocked;
    const char *why;
    struct field *prompt;
    bool refuse;
    int64_t wake;
    /* what it got */
    enum command_id got;
    char text[256];
    bool pasted;
    int texts, loads, ticks, closed, answers, answer;
    uint64_t ask;
    void *context;
} now;
extern const struct view_ops page; /* in the place "dossiers" */
extern struct world w;

/* For cmocka: a world with the page open. */
int page_sit_down(void **state);
int page_stand_up(void **state);
#define PAGE_TEST(name) cmocka_unit_test_setup_teardown(name, page_sit_down, page_stand_up)

/* The message line is this. */
void said_at(struct at, const char *wanted);
#define said(wanted) said_at(HERE, wanted)
#define NO_KEY       " Phím này không dùng ở đây. Bấm ? để xem phím dùng được."

#endif
