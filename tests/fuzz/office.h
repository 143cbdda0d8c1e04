/* office: one workstation with its whole program but the terminal and the sockets: the real app and views, cache, outbox and net/sync.c,
 * against the real training/central.c, all in this process. Time goes on when it is told to. Its people have names that mean harm
 * (office.json). It refuses to look at a real clock, and to be in two states after the same calls.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_FUZZ_OFFICE_H
#define MOTCUA_TESTS_FUZZ_OFFICE_H

#include "cache/cache.h"
#include "cache/outbox.h"
#include "cache/pin.h"
#include "cache/state.h"
#include "net/sync.h"
#include "tests/fuzz/shelf.h"
#include "training/central.h"
#include "tui/app.h"

/* What becomes of a request from now on. */
enum weather {
    WEATHER_GOOD,
    WEATHER_DOWN,       /* nobody answers */
    WEATHER_LOST_AFTER, /* it takes effect, and the answer is lost */
    WEATHER_FAULT,
    WEATHER_GARBLED,
    WEATHER_TOKEN, /* 401 */
    WEATHER_MAINTENANCE,
    WEATHER_SILENT, /* no end at all */
    WEATHER_COUNT,
};
enum signer_mood { SIGNER_SIGNS, SIGNER_FAILS, SIGNER_SPOILS, SIGNER_SILENT, SIGNER_MOODS };

struct office_flight {
    struct request *request; /* NULL: free */
    bool held;
    struct central_hold hold;
    int64_t sent;
};
struct office {
    struct machine *machine;
    struct central *central;
    struct sync *sync;
    struct cache *cache;
    struct outbox *outbox;
    struct lease *lease;
    struct keymap *keymap;
    struct app *app;
    struct canvas *canvas;
    struct office_flight flights[32];
    int64_t boot; /* world ms at which mono was 0 */
    int64_t now;  /* world ms, the server's clock */
    enum weather weather;
    enum signer_mood signer;
    char *officer;   /* NULL: signed out */
    struct pin *pin; /* that was set; NULL: none */
    int wrong_pins;
    char token[160]; /* of the one who changes things beside */
    unsigned beside;
    int signed_well;                                          /* good signatures that were given */
    void (*asked_to_sign)(void *context, const struct ask *); /* before one is given */
    void (*drawn)(void *context, const struct office *);
    void *context;
};
/* `signed_in`: quan has signed in and everything has arrived; else the screen asks for it. */
void office_open(struct office *, bool signed_in);
void office_close(struct office *);
void office_restart(struct office *); /* the program ends and starts again */
/* One turn of the loop (cli/loop.c), then a frame. */
void office_turn(struct office *);
void office_pass(struct office *, int64_t ms); /* with a turn whenever somebody wants one */
/* Somebody else comments on this dossier. */
void office_beside(struct office *, const char *dossier);
/* Wishes of this action that are kept, in whatever state. */
int office_wishes(struct office *, const char *action);

#endif
