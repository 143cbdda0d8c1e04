/* impostor: see impostor.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/impostor.h"

#include "tests/harness.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data, size_t *n, void **seen)
{
    struct impostor *i = context;
    (void)url, (void)method, (void)version, (void)data;

    if (!*seen || *n > 0) { /* a request that has a body is read to its end first */
        *seen = i;
        *n = 0;
        return MHD_YES;
    }
    const char *mark = strstr(i->body, "%s");
    char *body = mark ? text_new("%.*s%s%s", (int)(mark - i->body), i->body, i->base, mark + 2)
                      : text_new("%s", i->body);
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(r, "Content-Type", i->type);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)i->status, r);
    MHD_destroy_response(r);
    return result;
}

void impostor_start(struct impostor *i)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)i->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    /* It says no time: a test's clock is the scenario's, not this machine's. */
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0, NULL, NULL,
                         answer, i, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);

    if (!daemon)
        fail_at(HERE, "no impostor on port %d", i->port);
    i->daemon = daemon;
    i->port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    i->base = text_new("http://127.0.0.1:%d", i->port);
}

void impostor_stop(struct impostor *i)
{
    MHD_stop_daemon(i->daemon);
    free(i->base);
    i->daemon = i->base = NULL;
}
