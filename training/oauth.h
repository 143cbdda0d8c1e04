/* oauth: device requests, as oauth.c makes them and device_page.c shows them to who confirms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_OAUTH_H
#define MOTCUA_TRAINING_OAUTH_H

#include "core/mem.h"

#include <stdbool.h>
#include <stdint.h>

#define CLIENT_ID      "motcua"
#define DEVICE_PATH    "/thiet-bi"
#define USER_CODE_TEXT 10 /* "WDJB-MJHT" */

enum device_state {
    DEVICE_WAITING,
    DEVICE_APPROVED,
    DEVICE_DENIED,
    DEVICE_SPENT
}; /* the numbers are stored */
struct device {
    unsigned char code[32];                  /* SHA-256 of the device code */
    char *user_code, *workstation, *officer; /* in the arena */
    int64_t created, until, pause, polled, family;
    enum device_state state;
};

struct central;
struct officer;
/* False: no such code. */
bool device_find(struct central *, const char *user_code, struct arena *, struct device *out);
void device_put(struct central *, const struct device *);

/* An officer by id, or whom the scenario's `demo` names for a role; NULL: nobody. */
const struct officer *central_somebody(const struct central *, const char *who);

#endif
