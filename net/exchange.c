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

const char **response_header(struct response *r, size_t i, const char **name)
{
    const struct {
        const char **to, *name;
    } fields[] = {{&r->type, "Content-Type"},
                  {&r->date, "Date"},
                  {&r->etag, "ETag"},
                  {&r->location, "Location"},
                  {&r->dossier_version, "Dossier-Version"},
                  {&r->retry_after, "Retry-After"},
                  {&r->request_id, "Request-Id"},
                  {&r->authenticate, "WWW-Authenticate"},
                  {&r->upload_offset, "Upload-Offset"},
                  {&r->upload_complete, "Upload-Complete"}};

    if (i >= sizeof fields / sizeof *fields)
        return NULL;
    *name = fields[i].name;
    return fields[i].to;
}
