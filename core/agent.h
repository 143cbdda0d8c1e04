/* agent: the frames between an office's motcua-desk and `motcua sign-agent` at home, over one forwarded socket: a connection is one request,
 * any number of AGENT_WAITS while a person reads, and one answer; who closes it calls it off. Neither side believes the other a byte.
 *     "MCA1"  kind (1 byte)  length of the body (3 bytes, big-endian)  body: JSON, UTF-8
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_AGENT_H
#define MOTCUA_CORE_AGENT_H

#include "core/mem.h"

#define AGENT_BODY_MOST \
    (192 * 1024) /* a statement (contract: 90,000 letters of base64) and a certificate, with room */
#define AGENT_STATEMENT_MOST (128 * 1024) /* bytes, of which base64 makes a third more */
#define AGENT_QUIET_MS       20000        /* so long without a byte, and the line counts as cut */
#define AGENT_PERSON_MS      300000       /* for a person to read, to confirm and to type a PIN */
#define AGENT_BEAT_MS        5000         /* between two AGENT_WAITS */

enum agent_kind {
    AGENT_DESCRIBE = 'D', /* office → home: {"certificate": SHA-256 as hex} */
    AGENT_SIGN = 'S',     /* office → home: {"certificate", "statement": base64} */
    AGENT_WAITS = 'W',    /* home → office: somebody reads; no body */
    AGENT_TOLD = 'T',     /* home → office: a certificate and a device (signer_json.h) */
    AGENT_SIGNED = 'C',   /* home → office: {"cms": base64} */
    AGENT_REFUSED = 'R',  /* home → office: {"error": a sentence} */
};
struct agent_frame {
    enum agent_kind kind;
    const char *body; /* borrowed from what was read */
    size_t n;
};
void agent_put(struct buf *, enum agent_kind, const void *body, size_t n);
/* The first frame in what has come. AGENT_PART: more has to come; AGENT_NONSENSE: this will never be one. `*used`: its bytes. */
enum agent_taken { AGENT_PART, AGENT_WHOLE, AGENT_NONSENSE };
enum agent_taken agent_take(const char *bytes, size_t n, struct agent_frame *, size_t *used);

#endif
