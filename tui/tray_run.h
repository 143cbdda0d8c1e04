/* tray_run: what was decided in the tray is done, row by row in its order: signed with one PIN, each sent while the next is signed; a phone
 * confirms one by one. The app's, so that it goes on when its screen is left. One that fails stops no other, but for what stops them
 * all: the device, the line, the officer. It refuses to sign what is not, word for word, what was seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_TRAY_RUN_H
#define MOTCUA_TUI_TRAY_RUN_H

#include "tui/sign_signer.h"
#include "tui/tray.h"

enum run_state {
    RUN_WAITS,
    RUN_SIGNS,  /* at the signer, or the phone is waited for */
    RUN_SENT,   /* a wish in the outbox, which says how it stands: `key` */
    RUN_FAILED, /* no wish came of it: `why`. It is in the tray still */
    RUN_LEFT,   /* not begun when the run ended. In the tray as it was */
};
struct run_row {
    char *id, *code, *name;
    enum tray_decision decision;
    enum run_state state;
    char key[UUID_TEXT];
    bool answered;        /* SENT: for good */
    struct tray_row kept; /* SENT, until then: what goes back into the tray if no byte of it left */
    char *why;
};
enum run_stage { RUN_PIN, RUN_GOES, RUN_OVER }; /* PIN: it is being typed (app_pin) */
struct tray_run {
    struct run_row *rows;
    size_t n;
    enum run_stage stage;
    bool told; /* its end was on the screen */
    bool phone, asks_pin;
    bool at_home;                     /* the officer's own machine is waited for, as a phone is */
    bool has_pin, is_open, each_time; /* a PIN was typed for the next; the device is open; it wants one for each */
    bool stops;                       /* after the one that is being signed */
    bool stepping;
    uint64_t ask;      /* 0: none */
    int64_t began;     /* mono ms */
    char message[768]; /* "": what is signed now says the view */
};
/* Of all rows that are decided. A device that asks for a PIN: it begins in RUN_PIN. */
void tray_run_begin(struct app *, const struct sign_signer *);
void tray_run_free(struct tray_run **);
void tray_run_pin(struct app *); /* what was typed as PIN is it; none: the run ends, nothing more was signed */
void tray_run_stop(struct app *); /* after the one that is being signed; a PIN or a phone is not waited for */

bool tray_run_goes(struct app *);                            /* there is one, and it is not over */
bool tray_run_tells(struct app *, const char *key);          /* how this wish ended: no other has to */
size_t tray_run_done(const struct tray_run *);               /* answered, failed or left */
int tray_run_seconds(const struct tray_run *, int64_t mono); /* about how long it takes still; 0: not known, or none */

/* The app's: an answer to its ask; the outbox or the line changed. */
void tray_run_answered(struct app *, const struct answer *);
void tray_run_changed(struct app *);

#endif
