/* tokens: what oauth.c needs of the token store. All calls belong in the caller's transaction.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_TOKENS_H
#define MOTCUA_TRAINING_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#define ACCESS_SECONDS  3600
#define REFRESH_SECONDS (90 * 86400) /* each refresh begins them anew */
#define TOKEN_TEXT      44           /* 43 letters of 64: 258 bits */

struct central;
struct token_pair {
    char access[TOKEN_TEXT], refresh[TOKEN_TEXT];
};
struct token_digest {
    unsigned char bytes[32];
};
struct token_digest token_digest(const char *token);
void token_make(struct central *, char out[static TOKEN_TEXT]);

/* A new family for an officer who has just confirmed who he is; its number. */
int64_t tokens_begin(struct central *, const char *officer, int64_t now, struct token_pair *out);
/* The same once more, as long as no token of the first pair was used: its answer was lost. False: one was. */
bool tokens_begin_again(struct central *, int64_t family, int64_t now, struct token_pair *out);
/* False: invalid_grant. A refresh token whose successor has been used ends the family, which the caller has to commit. */
bool tokens_refresh(struct central *, const char *refresh, int64_t now, struct token_pair *out);
void tokens_revoke(struct central *, const char *token);

#endif
