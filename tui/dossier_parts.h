/* dossier_parts: one dossier as the screens show it, with what the officer wishes of it, and the words and lines about a dossier that
 * several screens share. It refuses to show a personal number whole unless it is told to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_DOSSIER_PARTS_H
#define MOTCUA_TUI_DOSSIER_PARTS_H

#include "cache/files.h"
#include "core/calendar.h"
#include "tui/app.h"

/* Zero-initialise; dossier_shown_clear() at the end. Everything but procedure and calendar is in `arena`; those two are the
 * cache's: load again when it says CACHE_REFERENCE. `left` is as of the moment of loading: load again on CACHE_CLOCK. */
struct dossier_shown {
    struct arena arena;
    bool loaded;
    bool whole; /* for the preview: identity and phone numbers stand whole. Not kept over a load */
    struct dossier d;
    const char *json;                  /* as it came: the `seen` of a wish */
    const struct procedure *procedure; /* NULL: not known here */
    const struct calendar *calendar;   /* of d.unit; maybe not usable */
    struct time_left left;
    struct command *wishes; /* mine on it that are not over (waiting, unknown, in trouble), oldest first */
    size_t n_wishes;
    struct waiting_file *files; /* of it, on their way to the server */
    size_t n_files;
    struct dossier after; /* as it will stand after those that wait: a prediction */
};
/* Reads it anew (id or code). false: not held here (ERR_NOT_FOUND) or cannot be read; it is then empty. */
bool dossier_shown_load(struct dossier_shown *, struct app *, const char *id_or_code, struct err *);
/* The same of one that the server answered with and the cache does not hold. */
bool dossier_shown_take(struct dossier_shown *, struct app *, const struct dossier *, struct err *);
void dossier_shown_clear(struct dossier_shown *);

/* The dossier beside a list, in `rows` x `cols` cells from (row, col); cut where there is no room. The line `│` at its left is the
 * list's. Does nothing while nothing is loaded. Numbers are masked unless it is `whole`. */
void dossier_preview_draw(const struct dossier_shown *, struct app *, struct canvas *, int row, int col,
                          int rows, int cols);

/* ── words that several screens share. All into `arena`, ready to be shown. ─────────────────────────────────────────── */
/* How a wish of mine stands. */
const char *dossier_wish_state(const struct command *); /* "đã lưu trên máy này, chưa gửi" */
/* The message line of a focused row or an open dossier with a wish on it; the longest form that fits `columns`. */
char *dossier_wish_message(struct app *, struct arena *, const struct command *, int columns);
/* "1 Mới đăng ký · bước: tiếp nhận" (brief: without the colon); a status or step that came later as it came. */
char *dossier_status_words(struct arena *, const struct dossier *, bool brief);
/* "Nguyễn Thị Đào, nữ, sinh 14/03/1995" */
char *dossier_person_words(struct arena *, const struct applicant *);
/* An identity or phone number: masked, or whole. */
char *dossier_number(struct arena *, const char *number, bool whole);
/* "4 thành phần: 3 có, 1 thiếu" */
char *dossier_paper_words(struct arena *, const struct dossier *);
/* "0 đ (miễn khi nộp trực tuyến)", "14.000 đ, đã nộp 4.000 đ, còn 10.000 đ" */
char *dossier_fee_words(struct arena *, const struct dossier *, const struct procedure *);
/* "toàn trình", without the old level's number. */
const char *dossier_level_short(const char *service_level);

/* What the dossier itself says of its past, newest first, where its events are not at hand. */
struct dossier_moment {
    int64_t at;
    const char *by;     /* officer's id; NULL: the applicant, or not said */
    const char *words;  /* "Nộp trực tuyến" */
    const char *status; /* what it became, NULL: stayed */
};
size_t dossier_moments(struct arena *, const struct dossier *, struct dossier_moment **out);
/* How it came in: "Tiếp nhận tại quầy", "Nộp trực tuyến", or with an officer's help. */
const char *dossier_intake_words(const char *channel, bool helped);

#endif
