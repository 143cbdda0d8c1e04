/* words: the field's own words for what the contract names by ids, and time left in words (screens.md section 5, rule 6).
 * All through gettext; an id that is not known is shown as it came.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_WORDS_H
#define MOTCUA_CORE_WORDS_H

#include "core/calendar.h"
#include "core/workflow.h"

const char *word_status(const char *status);       /* "Mới đăng ký" */
const char *word_status_short(const char *status); /* "Mới ĐK": as it stands in a row */
const char *word_step(const char *step);           /* "tiếp nhận" */
const char *word_role(const char *role);           /* "lãnh đạo ký duyệt" */
const char *word_channel(const char *channel);     /* "trực tuyến" */
const char *word_level(const char *service_level); /* "toàn trình (mức độ 4)" */
const char *word_paper_state(const char *state);   /* "đã nộp" */
const char *word_method(const char *method);       /* "chuyển khoản" */
const char *word_payment(const char *status);      /* "chờ nộp" */
const char *word_outcome(const char *outcome);     /* "đồng ý" */
const char *word_sex(const char *sex);             /* "nữ" */
const char *word_weekday(int weekday);             /* 0 Monday: "T2" … 6: "CN" */

struct action_words {
    const char *label; /* translated: "Yêu cầu bổ sung giấy tờ" */
    const char *note;  /* what its note is: "lý do", "nội dung", "ý kiến" …; NULL: it has none */
    int digit;         /* its number in the menu, 0-9 */
    bool asks_first;   /* a 1/2 question before it is taken (stop, issue, confirm_payment) */
};
/* Unknown actions: the id itself as label, no note, digit -1. */
struct action_words word_action(const char *action);
const char *word_action_short(const char *action); /* its label where there are 19 columns: "Yêu cầu bổ sung" */
/* "lý do", "người xử lý": what the form asks for; for the note action_words.note says it better. */
const char *word_need(enum need);

/* A queue's name, id as in core/queue.h: "Chờ tiếp nhận", as titles say it (screens.md section 5), and "Chờ tiếp nhận (trực
 * tuyến)", as the list of queues does. */
const char *word_queue(const char *queue);
const char *word_queue_in_full(const char *queue);

/* Time left. The words without the mark, at most 16 columns in Vietnamese: "còn 2 ngày 3 giờ", "quá hạn 72 phút", "tạm dừng",
 * "xong đúng hạn". Rule 6 read so that all mock-ups hold: hours are said up to "còn 3 ngày 1 giờ", from 4 days on the days alone
 * ("above 3 days"), and so are days overdue (no room); an exact hour is "1 giờ", what else is under two is minutes. */
char *word_time_left(struct arena *, struct time_left);
/* In 7 columns, with its mark: "1 ngày", "! 3 giờ", "!! quá". */
char *word_time_brief(struct arena *, struct time_left);
/* The mark before it, 2 columns: "!!", " !", "||", "??" or "  ". */
const char *word_time_mark(struct time_left);
char *word_duration(struct arena *, const struct duration *); /* "3 ngày làm việc", "trong ngày" */

/* dd/MM/yyyy HH:mm, dd/MM/yyyy, HH:mm; in a row dd/MM where the year is now's or it is less than half a year ahead (mock-up
 * queues: "05/01" on 29/12). offset: of the zone. "" where there is none. */
char *word_when(struct arena *, int64_t t, int32_t offset);
char *word_day(struct arena *, int32_t day);
char *word_clock(struct arena *, int64_t t, int32_t offset);
char *word_day_short(struct arena *, int64_t t, int64_t now, int32_t offset);

/* Family and middle names go first when room is short: "Trần Thị Mai" → "Mai". */
const char *word_given_name(const char *name);
char *word_dong(struct arena *, int64_t dong); /* "mười nghìn đồng"; from a thousand billion on in digits */
/* As it stands inside a sentence: "Tiếp nhận" → "tiếp nhận". */
char *word_inside(struct arena *, const char *label);

#endif
