/* exchange: how a request and a reply begin and end. Both may hold tokens and what is personal, so both are wiped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/exchange.h"

#include <stdlib.h>

struct request *request_new(void)
{
    return mem_alloc(sizeof(struct request));
}

void request_free(struct request **request)
{
    if (!*request)
        return;
    arena_clear(&(*request)->arena);
    free(*request);
    *request = NULL;
}

void response_clear(struct response *reply)
{
    if (reply->body)
        mem_wipe(reply->body, reply->len);
    free(reply->body);
    arena_clear(&reply->arena);
    *reply = (struct response){0};
}
