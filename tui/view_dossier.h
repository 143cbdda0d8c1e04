/* view_dossier: what the dossier's view and its five tabs share. Nothing outside view_dossier.c and tab_*.c needs it but
 * dossier_view_shown().
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_VIEW_DOSSIER_H
#define MOTCUA_TUI_VIEW_DOSSIER_H

#include "tui/dossier_parts.h"
#include "tui/page.h"
#include "tui/view.h"
#include "tui/walk.h"

#define REVEAL_MS 30000 /* numbers stand whole for so long (screens.md rule 9) */

enum tab_id { TAB_OVERVIEW, TAB_PAPERS, TAB_FEES, TAB_HISTORY, TAB_CLOCK, TAB_COUNT };

/* Events are asked for when somebody looks at them, and kept for the version that they belong to. */
struct history {
    struct arena arena;
    struct event_page events;
    int64_t version;  /* of the dossier that they belong to; 0: none are here */
    int64_t taken_at; /* server time of the answer */
    uint64_t ask;     /* on its way; 0: none */
    struct err err;   /* why the last ask brought none */
};

struct dossier_view {
    struct app *app;
    char *id;
    const struct dossier_walk *walk; /* NULL: opened from nowhere in particular */
    int64_t position, total;         /* in it; 0: not there */
    struct dossier_shown shown;
    enum { KEPT, FOUND, GONE } source; /* the cache's; the server's, not kept here; kept once, not any more */
    uint64_t ask;                      /* for the dossier itself; 0: none */
    enum tab_id tab;
    int first[TAB_COUNT];    /* row at the top */
    size_t focus[TAB_COUNT]; /* item, where a tab has items */
    int64_t reveal_until;    /* mono ms; 0: masked */
    bool covered;            /* a sheet stands over it: set while drawing */
    struct history history;
    char *message;
};

/* One tab: writes its rows; items that one can stand on call page_focus() where `focus` says so. */
struct dossier_tab {
    const char *label; /* NC_("tab", …) */
    void (*write)(const struct dossier_view *, struct page *);
    size_t (*items)(const struct dossier_view *); /* NULL: none, up and down scroll */
    const enum command_id *footer;
};
/* The paper that has the focus in the tab of papers; NULL: none, another file has it. */
const struct paper *papers_focused(const struct dossier_view *);
/* Why a file does not go, and what to do; NULL: all go. In arena. */
const char *papers_message(const struct dossier_view *, struct arena *);

extern const struct dossier_tab tab_overview, tab_papers, tab_fees, tab_history, tab_clock;

/* Asks for the events of the version that is shown, unless they are here or on their way; `again`: in any case. */
void history_ask(struct view *, bool again);
void history_answered(struct dossier_view *, const struct answer *);
void history_clear(struct dossier_view *);

/* Sheets above take the dossier from the view under them where the cache does not hold it; NULL: no such view in the stack. */
const struct dossier_shown *dossier_view_shown(const struct view *from, const char *id);

#endif
