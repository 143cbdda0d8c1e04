/* impostor: a server of another kind where a central one should stand: it gives the same answer to every request. It refuses to
 * know the contract; what it says is the test's business.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_IMPOSTOR_H
#define MOTCUA_TESTS_IMPOSTOR_H

struct impostor {
    int port; /* 0: any free one; then the one it has */
    int status;
    const char *type, *body; /* the first %s in the body is its own address */
    char *base;              /* "http://127.0.0.1:PORT" */
    void *daemon;
};

/* On loopback, in a thread of its own. A port that a stopped server had can be taken at once. */
void impostor_start(struct impostor *);
void impostor_stop(struct impostor *);

/* An About with this version and issuer, for `body`. */
#define IMPOSTOR_ABOUT(version, issuer)                                    \
    "{\"name\":\"x\",\"api_version\":\"" version "\",\"issuer\":\"" issuer \
    "\",\"client_id\":\"c\",\"time\":\"2022-12-29T09:42:00+07:00\",\"features\":[]}"

#endif
