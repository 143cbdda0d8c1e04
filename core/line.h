/* line: how the connection to the central stands, as the status line says it. Made by net/, shown by tui/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_LINE_H
#define MOTCUA_CORE_LINE_H

#include "core/err.h"
#include <stdint.h>

enum line_state {
    LINE_STARTING, /* nothing asked yet */
    LINE_ONLINE,
    LINE_SLOW,        /* answers, but late */
    LINE_OFFLINE,     /* no usable answer since `since` */
    LINE_MAINTENANCE, /* 503 maintenance; `until` if it said */
    LINE_SIGN_IN,     /* needs the officer's sign-in: what waits stays here */
    LINE_STOPPED, /* it answers, but we cannot work with it (newer major, another issuer, no API): `why` */
    LINE_OTHER,   /* another instance of this officer holds the lease and talks: `holder` */
};
struct line_status {
    enum line_state state;
    int64_t since;    /* server time when the state began */
    int64_t until;    /* maintenance: expected end; INSTANT_NONE if unknown */
    int64_t next_try; /* server time of the next attempt while offline */
    int64_t last_try;
    int64_t data_at;     /* server time of the last page of the feed; INSTANT_NONE before the first */
    int64_t server_now;  /* the server's clock; the PC's, corrected by what was kept, without a line */
    int64_t skew;        /* wall - server, seconds; INSTANT_NONE while unknown */
    int64_t answer_ms;   /* how long the last answer took */
    bool training;       /* About.training */
    bool remote_signing; /* About.features; false until About is known */
    bool payments;       /* likewise: fees without cash */
    int64_t max_upload; /* bytes of the largest file that it takes; 0: it takes none. Kept from the last time that About was read */
    int64_t first_sync; /* dossiers so far in a first full pass; -1: none is running */
    int holder;         /* pid, LINE_OTHER */
    struct err why;     /* ERR_NONE, or the sentence to show */
};

#endif
