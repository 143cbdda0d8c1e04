/* tray: the dossiers that a signer has put aside to decide together: which were seen in which version, and what was decided of each, with
 * the very statement that was seen. The app's, per officer, in memory; the ids alone are kept among his places, so that a restart
 * loses no dossier of it, and has all of them seen again. It refuses to hold a decision on anything but what was seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_TRAY_H
#define MOTCUA_TUI_TRAY_H

#include "tui/sign_statement.h"

#define TRAY_MOST 200

enum tray_decision { TRAY_OPEN, TRAY_GRANT, TRAY_REFUSE, TRAY_REWORK };
enum tray_sight { TRAY_UNSEEN, TRAY_SEEN, TRAY_CHANGED };

struct tray_row {
    char *id;
    int64_t version; /* that was seen; 0: none was */
    enum tray_sight sight;
    enum tray_decision decision; /* OPEN unless SEEN */
    char *note;                  /* of the decision; "" for none, NULL while OPEN */
    char *behalf;                /* by whose mandate it was decided; NULL: his own right, or OPEN */
    char *bytes;                 /* GRANT, REFUSE: the statement; else NULL */
    size_t n_bytes;
};
struct tray_run;
struct tray {
    struct tray_row *rows; /* in the order in which they were put in */
    size_t n, focus;       /* focus: of its screen, which stands where one has looked last */
    struct tray_run *run;  /* the one that goes on, or was the last; NULL: none yet (tray_run.h) */
};
/* Whether this account decides at all: a supervisor, or by a mandate that holds now. */
bool tray_is_his(struct app *);

void tray_open(struct app *, struct tray *); /* as it was left; empty where nobody works */
void tray_clear(struct tray *);              /* all that was seen is wiped */

/* false: it is full, or not waiting for a signature. One that is in it stays as it is. */
bool tray_add(struct app *, const char *id);
void tray_remove(struct app *, const char *id);
/* Out of it with all that was decided, and back at its end where nothing came of that. */
bool tray_take(struct app *, const char *id, struct tray_row *out); /* false: it is not in it */
void tray_give_back(struct app *, struct tray_row *);               /* takes it */
void tray_row_clear(struct tray_row *);
struct tray_row *tray_find(struct tray *, const char *id); /* NULL: it is not in it */
/* What waits for a signature no longer goes, which is said; what is another version than the one that was seen, or would be decided by another
 * right, is CHANGED, and not decided. */
bool tray_refresh(struct app *, struct err *);

/* What was seen as a whole, in this version. Another version than before has no decision. */
void tray_see(struct tray_row *, int64_t version);
/* The row is SEEN. Copies note and statement; REWORK has no statement. */
void tray_decide(struct tray_row *, enum tray_decision, const char *note, const struct sign_statement *);
const char *tray_action(enum tray_decision);        /* the contract's, NULL for OPEN */
const char *tray_decision_word(enum tray_decision); /* "Đồng ý", "-" for OPEN */
size_t tray_count(const struct tray *, enum tray_decision);
size_t tray_to_sign(const struct tray *); /* GRANT and REFUSE */

#endif
