/* net: sync.c decides, transport.c carries; this hands from one to the other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net.h"

#include "core/i18n.h"
#include "net/sync.h"
#include "net/transport.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct net {
    struct env *env;
    struct sync *sync;
    struct transport *transport;
};

void net_forget_environment(void)
{
    transport_forget_environment();
}

static bool may_leave(void *net, uint64_t request)
{
    return sync_leaves(((struct net *)net)->sync, request);
}

/* A header holds visible ASCII: what else a machine's name has in it becomes a hyphen. */
static char *user_agent(const char *workstation)
{
    char *text = mem_format("motcua/%s%s%s%s", MOTCUA_VERSION, workstation ? " (" : "",
                            workstation ? workstation : "", workstation ? ")" : "");
    size_t name = strlen("motcua/" MOTCUA_VERSION) + 2;
    for (size_t i = name; workstation && text[i] && text[i + 1]; i++)
        if (text[i] <= ' ' || text[i] > '~' || strchr("()\\", text[i]))
            text[i] = '-';
    return text;
}

static bool can_read(const char *path, const char *line, struct err *e)
{
    if (!path || access(path, R_OK) == 0)
        return true;
    return err_set(e, ERR_CONFIG,
                   _("The file %s cannot be read. Correct the line %s in the configuration file."), path, line);
}

static bool can_trust(const struct net_trust *trust, struct err *e)
{
    if (trust->client_key && !trust->client_cert)
        return err_set(
            e, ERR_CONFIG, "%s",
            _("The configuration file has a line client_key, but none for its certificate, client_cert."));
    return can_read(trust->ca, "ca", e) && can_read(trust->client_cert, "client_cert", e) &&
           can_read(trust->client_key, "client_key", e);
}

bool net_new(const struct net_options *options, struct env *env, struct net **out, struct err *e)
{
    char *base = url_base(options->server, e);
    if (!base)
        return false;
    if (!can_trust(&options->trust, e)) {
        mem_free(&base);
        return false;
    }
    struct net *net = mem_alloc(sizeof(*net));
    char *agent = user_agent(options->workstation);
    struct sync_options sync = {.base = base, .login_hint = options->login_hint, .follow = options->follow};
    struct transport_options transport = {
        .base = base,
        .trust = options->trust,
        .user_agent = agent,
        .language = options->language ? options->language : "vi",
        .leaves = may_leave,
        .context = net,
    };
    net->env = env;
    net->sync = sync_new(&sync, env);
    net->transport = transport_new(&transport, env);
    mem_free(&agent);
    mem_free(&base);
    *out = net;
    return true;
}

void net_free(struct net **net)
{
    if (!*net)
        return;
    transport_free(&(*net)->transport);
    sync_free(&(*net)->sync);
    free(*net);
    *net = NULL;
}

const char *net_officer(const struct net *net)
{
    return sync_officer(net->sync);
}

/* ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void step(struct net *net, const struct sync_event *event)
{
    struct sync_orders orders;
    sync_step(net->sync, event, &orders);
    for (size_t i = 0; i < orders.n_drop; i++)
        transport_cancel(net->transport, orders.drop[i]);
    for (size_t i = 0; i < orders.n_begin; i++)
        transport_start(net->transport, orders.begin[i]);
}

void net_attach(struct net *net, struct cache *cache, struct outbox *outbox, struct lease *lease)
{
    struct sync_orders orders = {0};
    sync_attach(net->sync, cache, outbox, lease, &orders);
    for (size_t i = 0; i < orders.n_drop; i++)
        transport_cancel(net->transport, orders.drop[i]);
}

bool net_step(struct net *net, int ms)
{
    struct response reply;
    transport_step(net->transport);
    while (transport_reply(net->transport, &reply)) {
        step(net, &(struct sync_event){.kind = SYNC_REPLY, .reply = &reply});
        response_clear(&reply);
    }
    bool more = sync_apply(net->sync, ms);
    step(net, &(struct sync_event){.kind = SYNC_TICK});
    return more;
}

void net_wait(struct net *net, struct pollfd *extra, unsigned n_extra, int timeout)
{
    int64_t left = sync_wake(net->sync) - net->env->mono(net->env);
    if (timeout < 0 || left < timeout)
        timeout = left < 0 ? 0 : left < INT32_MAX ? (int)left : INT32_MAX;
    transport_wait(net->transport, extra, n_extra, timeout);
}

void net_suspend(struct net *net)
{
    sync_suspend(net->sync);
}

void net_sync_now(struct net *net)
{
    step(net, &(struct sync_event){.kind = SYNC_NOW});
}

enum net_sync net_sync_state(struct net *net, struct err *why)
{
    return sync_state(net->sync, why);
}

bool net_drain(struct net *net)
{
    step(net, &(struct sync_event){.kind = SYNC_DRAIN});
    return sync_drained(net->sync);
}

/* ── what others ask ─────────────────────────────────────────────────────────────────────────────────────────────── */

void net_line(struct net *net, struct line_status *out)
{
    sync_line(net->sync, out);
}

int64_t net_now(struct net *net)
{
    return sync_now(net->sync);
}

void net_ask(struct net *net, struct ask *ask)
{
    step(net, &(struct sync_event){.kind = SYNC_ASK, .ask = ask});
}

void net_cancel(struct net *net, uint64_t ask)
{
    step(net, &(struct sync_event){.kind = SYNC_CANCEL, .cancel = ask});
}

bool net_answer(struct net *net, struct answer *out)
{
    return sync_answer(net->sync, out);
}

bool net_event(struct net *net, struct net_event *out)
{
    return sync_take_event(net->sync, out);
}
