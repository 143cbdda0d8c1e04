/* sim: one run of a seed. The real cache/ and net/sync.c on two PCs, up to three programs, against the real training/central.c, all
 * in this process; time, network, disks, clocks and what people do come from the seed. First chaos, then healing, then the questions
 * of check.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_SIM_SIM_H
#define MOTCUA_TESTS_SIM_SIM_H

#include "cache/cache.h"
#include "cache/outbox.h"
#include "cache/state.h"
#include "net/sync.h"
#include "tests/sim/disk.h"
#include "tests/unit/fake_env.h"
#include "training/central.h"

#include <jansson.h>

#define SIM_BASE "https://mc-demo.local:8443"

enum { PCS = 2, STATIONS = 3, WISHES = 512, EFFECTS = 1024, FLIGHTS = 128, DOSSIERS = 16, ID_TEXT = 65 };

/* A wish that the program called saved. */
struct saved {
    char key[UUID_TEXT], dossier[ID_TEXT]; /* dossier: "" for one that is taken in */
    char code[ID_TEXT];                    /* in reserve, which was handed out with it; "": none */
    const char *officer;
    int pc; /* in whose outbox it lies */
    bool online_only;
    bool clock_off; /* the program took the day for another month's when he acted */
    bool unheard;   /* the power went, or the disk for good, before a word came: it may be there or not */
    bool never;     /* not saved, taken back, or fallen with one that was: must never take effect */
    bool dropped;   /* the officer's word */
    bool told;      /* taken away with a sentence */
    bool in_sight;  /* the server has seen its key */
    bool unclear;   /* it has left, and nothing was heard */
};
/* What changed a dossier, by the simulator's own count of versions before and after. */
struct effect {
    char key[ID_TEXT], dossier[ID_TEXT];
    int64_t version; /* after it */
};

enum stage { STAGE_CONNECT, STAGE_SERVER, STAGE_HELD, STAGE_REPLY };
enum fate {
    FATE_GOOD,
    FATE_LOST,       /* before it came to the server */
    FATE_LOST_AFTER, /* after it took effect */
    FATE_CUT,        /* in the middle of the answer */
    FATE_LATE,       /* arrives up to 15 minutes later; nobody waits any more */
    FATE_TWICE,      /* and once more later */
    FATE_FAULT,      /* 5xx, nothing done */
    FATE_FAULT_AFTER,
    FATE_BUSY,     /* 429 */
    FATE_PORTAL,   /* some gateway's page */
    FATE_GARBLED,  /* done, but what is said makes no sense */
    FATE_PROGRESS, /* 409 idempotency-in-progress; done later */
    FATE_TOKEN,    /* 401 */
    FATE_CURSOR,   /* 410 */
};
struct flight {
    struct request *request; /* NULL: free */
    int station;             /* -1: nobody waits for it */
    enum stage stage;
    enum fate fate;
    int64_t at, sent; /* world ms, mono ms */
    struct central_hold hold;
    struct response reply;
};

/* A PC with one account and in it one officer's files. */
struct pc {
    int n;
    const char *officer;    /* whose files these are */
    struct fake_env env;    /* its clocks and its keyring */
    int64_t boot, wall_off; /* world ms at which mono was 0; s that its clock is ahead */
    int64_t line_up;        /* no line until, world ms */
    int64_t mended_at;      /* its disk is bad until, world ms; 0: it is not */
    struct disk disk;
    char *path;
    int dir;
    struct seal_key *key;
};
/* The program on it. */
struct station {
    int n;
    struct pc *pc;
    const char *sits; /* who signs in */
    struct disk_user user;
    struct sync *sync; /* NULL: the program does not run */
    struct cache *cache;
    struct outbox *outbox;
    struct lease *lease;
    bool more; /* of a page */
    bool signing_in;
    bool fails;       /* its files do not open: it ends with a sentence */
    bool turn;        /* something has happened: its loop goes round */
    int64_t wake;     /* … or then, world ms */
    int64_t until;    /* suspended or off until, world ms; 0: works */
    int64_t leaves;   /* drains until, world ms; 0: stays */
    int64_t hands_at; /* the officer's next deed */
    int64_t tidy_at;  /* what is closed and over goes */
    int idle;         /* turns at once in which nothing happened */
    struct {
        char id[ID_TEXT];
        int64_t version;
    } seen[DOSSIERS]; /* newest version of each that the cache has shown since the power was last cut */
};

struct world {
    uint64_t seed, chance;
    int64_t now; /* ms since 1970, the truth and the server's */
    bool chaos, verbose, lies;
    const char *poisoned; /* a dossier whose wishes are never answered; NULL */
    char *home;
    struct central *central; /* office.c's */
    int64_t first[DOSSIERS]; /* versions at the start, as office_dossiers[] */
    struct {
        const char *officer;
        char token[128];
    } direct[3];
    struct {
        char token[128], officer[ID_TEXT];
    } owners[256]; /* of access tokens */
    size_t n_owners;
    struct pc pcs[PCS];
    struct station stations[STATIONS];
    int n_stations;
    struct flight flights[FLIGHTS];
    struct saved saved[WISHES];
    size_t n_saved;
    struct effect effects[EFFECTS];
    size_t n_effects;
    int64_t world_at;  /* the next misfortune */
    int64_t healed_at; /* the last one is over */
    unsigned keys;     /* of whoever acts beside */
    uint64_t trace;
    size_t n_trace;
    char failure[1024]; /* the first; "": none */
};

/* ── sim.c ── */
uint64_t chance(struct world *, uint64_t below);
bool percent(struct world *, unsigned);
void trace(struct world *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void broken(struct world *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* From the seed to a verdict; the caller has set `seed`, `verbose` and `lies`, and all else to 0. Frees what it made. */
void sim_run(struct world *);

/* ── office.c: the central and who works there ── */
bool office_prepare(const char *home, struct err *); /* once; every run begins with what it made (fork) */
void office_close(void);
bool office_open(struct world *);
/* As central_answer(), with a look at what it did. `copy`: nobody sends it now, it was on its way: what it does is judged, not that it
 * arrives. */
void office_answer(struct world *, const struct request *, bool copy, const struct central_hold *,
                   struct central_answer *);
/* A request of `officer`'s own, beside all workstations. */
int office_ask(struct world *, const char *officer, const char *method, const char *path, const char *query,
               const char *if_match, const char *body, struct central_answer *);
int64_t office_version(struct world *, const char *dossier); /* 0: there is none */
void office_act(struct world *);                             /* the second officer changes something */
void office_revoke(struct world *, const char *token);
json_t *office_view(struct world *, const char *officer); /* id → {version, data} of all that he may see now */
/* The officer's signature over a statement, as base64; the caller's to free. NULL: he has no key. */
char *office_sign(const char *officer, const char *statement, size_t n);
extern const char *const office_dossiers[]; /* NULL-terminated */

/* ── wire.c: the network ── */
void wire_begin(struct world *, struct station *, struct request *);
void wire_drop(struct world *, struct station *, uint64_t request);
void wire_hang_up(struct world *, struct station *); /* its process is gone */
int64_t wire_wake(const struct world *);
void wire_run(struct world *); /* all that is due now */

/* ── pc.c ── */
bool pc_new(struct world *, int n, const char *officer);
void pc_free(struct pc *);
void pc_set_clock(struct world *, struct pc *);
void pc_power_cut(struct world *, struct pc *); /* with all that runs on it */
void pc_sleep(struct world *, struct pc *);     /* its lid is closed */
void pc_damage(struct world *, struct pc *);    /* its disk will go wrong */
void pc_mend(struct world *, struct pc *);

/* ── station.c: a program on a PC ── */
void station_new(struct world *, int n, struct pc *);
void station_free(struct station *);
void station_enter(struct world *, struct station *); /* what follows, it does */
void station_start(struct world *, struct station *);
void station_stop(struct world *, struct station *, bool killed);
void station_event(struct world *, struct station *, const struct sync_event *);
void station_turn(struct world *, struct station *);
/* What it did may have ended in darkness, or before closed files: then it is over now. */
void station_settle(struct world *, struct station *);
void station_sign_in(struct world *, struct station *);

/* ── hands.c: the officer ── */
void hands_move(struct world *, struct station *);
struct saved *saved_find(struct world *, const char *key);

/* ── check.c ── */
void check_running(struct world *, struct station *);
void check_unclear(struct world *, struct station *);
bool check_is_drained(struct world *); /* nothing waits any more, but for the poisoned dossier */
void check_drained(struct world *);
void check_end(struct world *);

#endif
