/* signoff: see signoff.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/signoff.h"

#include "tests/token.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define DOSSIER(n)                                                                                            \
    "{'id': 's-" n "', 'code': '000.25.33.H06-221229-00" n "', 'procedure': '1.001193', 'unit': 'H06.33.26', " \
    "'channel': 'online', 'submitted_at': '2022-12-29T07:10:00+07:00', "                                      \
    "'received_at': '2022-12-29T07:20:00+07:00', 'due_at': '2022-12-30T16:" n ":00+07:00', "                  \
    "'status': 'in_progress', 'step': 'approval', 'step_since': '2022-12-29T07:40:00+07:00', "                \
    "'assignee': 'nam', 'proposal': {'outcome': 'grant', 'by': 'nam', 'at': '2022-12-29T07:40:00+07:00'}, "   \
    "'applicant': {'kind': 'person', 'name': 'Nguyễn Thị Đào', 'id_number': '0001950048" n "'}, "             \
    "'files': [{'id': 'a-" n "', 'name': 'Giay khai sinh.pdf', 'role': 'result', 'pages': 1}]}"

static const char dossiers[] =
    "[" DOSSIER("10") "," DOSSIER("11") "," DOSSIER("12") "," DOSSIER("13")
    "," DOSSIER("14") "," DOSSIER("15") "," DOSSIER("16") "]";
/* clang-format on */

int signoff_open(void **state)
{
    struct office *o = office_new(dossiers);

    token_home(o->dir);
    *state = o;
    return 0;
}

int signoff_close(void **state)
{
    office_free((struct office **)state);
    return 0;
}

void signoff_type(struct screen *s, const char *text)
{
    for (size_t step; *text; text += step) {
        char letter[5] = "";
        for (step = 1; ((unsigned char)text[step] & 0xC0) == 0x80; step++)
            ;
        memcpy(letter, text, step);
        screen_key(s, letter);
    }
}

/* From the list, whose first dossier is this one, to its statement, seen to its end. */
static void see(struct screen *s, const char *tail, const char *action)
{
    screen_expect(s, tail);
    screen_keys(s, "Home Enter");
    screen_expect(s, "Lịch sử");
    screen_expect_row(s, 2, tail);
    screen_keys(s, "x");
    screen_expect(s, "Xử lý: bấm số");
    screen_keys(s, action);
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, "Ký bằng: ");
    screen_expect_gone(s, "đang hỏi thiết bị ký");
}

struct screen *signoff_see(struct office *o, const char *tail, const char *action)
{
    struct screen *s = office_sit(o, "thang");

    office_queue(s, "Chờ ký", tail);
    see(s, tail, action);
    return s;
}

void signoff_type_code(struct screen *s, const char *last)
{
    screen_expect(s, "Đã xem hết");
    screen_keys(s, "Enter");
    screen_expect(s, "Gõ 4 ký tự cuối");
    signoff_type(s, last);
    char *typed = text_new("%s_", last);
    screen_expect(s, typed);
    free(typed);
}

void signoff_ask_pin(struct screen *s, const char *last)
{
    signoff_type_code(s, last);
    screen_keys(s, "Enter");
    screen_expect(s, "Mã PIN của thiết bị ký");
}

char *signoff_phone_code(struct screen *s)
{
    static const char before[] = "Chờ xác nhận trên điện thoại, mã ";

    screen_expect(s, before);
    char *text = screen_text(s), *code = text_new("%.4s", strstr(text, before) + strlen(before));
    free(text);
    return code;
}
