/* office_inside: what the two files of office share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_FUZZ_OFFICE_INSIDE_H
#define MOTCUA_TESTS_FUZZ_OFFICE_INSIDE_H

#include "tests/fuzz/office.h"

#define OFFICE_BASE    "https://mc-demo.local:8443"
#define OFFICE_FLIGHTS (sizeof((struct office *)0)->flights / sizeof(struct office_flight))

char *office_keys(const struct office *); /* directory of the officers' keys; the caller's to free */
void office_open_central(struct office *);
void office_orders(struct office *, struct sync_orders *); /* begins and drops requests */
void office_step(struct office *, const struct sync_event *);
bool office_wire(struct office *); /* true: something came */

#endif
