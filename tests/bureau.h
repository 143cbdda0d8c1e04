/* bureau: a time-stamp authority for tests: a key and a certificate in a directory, and `openssl ts`, which stamps with them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TESTS_BUREAU_H
#define MOTCUA_TESTS_BUREAU_H

#include <openssl/cms.h>

#define BUREAU_NAME "Cap dau thoi gian"

struct bureau {
    char *dir;
    char *certificate; /* the file of it, PEM, signed by itself */
};
struct bureau *bureau_new(void);
void bureau_free(struct bureau **);
char *bureau_file(const struct bureau *, const char *name); /* a path in its directory; the caller frees */

/* The token over the value of this signature, as DER of `*n` bytes; OPENSSL_free() it. `digest`: "-sha256". */
unsigned char *bureau_token(const struct bureau *, CMS_ContentInfo *, const char *digest, int *n);
/* As the unsigned attribute of a signature. */
void bureau_attach(CMS_ContentInfo *, const unsigned char *token, int n);
/* The signature `to` carries a token over `over`, which is itself where all is well. */
void bureau_stamp(const struct bureau *, CMS_ContentInfo *to, CMS_ContentInfo *over, const char *digest);
/* The same with base64, as the contract has it; the caller frees. */
char *bureau_stamp_text(const struct bureau *, const char *cms, const char *over);

#endif
