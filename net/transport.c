/* transport: requests and replies over libcurl; whom it trusts is trust.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/transport.h"

#include "core/i18n.h"
#include "net/trust.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* A request on its way. */
struct flight {
    struct flight *next;
    struct transport *transport;
    struct request *request;
    CURL *easy;
    struct curl_slist *headers;
    struct buf body; /* of the answer, decoded */
    char trouble[CURL_ERROR_SIZE];
    bool left, held_back, too_large;
    /* For giving up, mono ms. */
    int64_t sent;
    int64_t moved_at; /* when the last byte moved */
    curl_off_t bytes; /* so far */
    int64_t fast_at;  /* until when it was not too slow */
    int64_t looked_at;
    curl_off_t looked_bytes; /* then */
    bool flows;              /* bytes are owed by one side: not only waiting for the answer's first */
};
struct transport {
    CURLM *multi;
    struct env *env;
    struct transport_options options;
    struct trust *trust;
    char *user_agent, *language;
    struct flight *flights;
    struct response *replies; /* not taken yet, oldest first */
    size_t n_replies, cap_replies;
    struct curl_waitfd *waits;
    unsigned cap_waits;
    bool fresh; /* the last transfer failed: what is connected still may be dead */
};

void transport_forget_environment(void)
{
    static const char *const names[] = {
        "http_proxy", "HTTP_PROXY",    "https_proxy",    "HTTPS_PROXY",      "all_proxy",
        "ALL_PROXY",  "no_proxy",      "NO_PROXY",       "SSLKEYLOGFILE",    "SSL_CERT_DIR",
        "NETRC",      "SSL_CERT_FILE", "CURL_CA_BUNDLE", "CURL_SSL_BACKEND", "CURL_HOME",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unsetenv(names[i]);
}

/* ── one transfer ────────────────────────────────────────────────────────────────────────────────────────────────── */

static int may_leave(void *flight, char *primary, char *local, int primary_port, int local_port)
{
    struct flight *f = flight;
    const struct transport_options *o = &f->transport->options;

    if (f->request->asks_first && !o->leaves(o->context, f->request->id)) {
        f->held_back = true;
        return CURL_PREREQFUNC_ABORT;
    }
    f->left = true;
    f->moved_at = f->fast_at = f->looked_at = f->transport->env->mono(f->transport->env);
    return CURL_PREREQFUNC_OK;
}

/* libcurl's own limit counts what comes over the wire; a bomb grows when it is decoded, so it is counted here. */
static size_t take_body(char *bytes, size_t size, size_t n, void *flight)
{
    struct flight *f = flight;

    if (n > EXCHANGE_MAX_BYTES - f->body.len) {
        f->too_large = true;
        return 0;
    }
    buf_add(&f->body, bytes, n);
    return n;
}

static void add_header(struct flight *f, const char *name, const char *value)
{
    if (!value)
        return;
    char *line = mem_format("%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(f->headers, line);
    mem_wipe(line, strlen(line));
    mem_free(&line);
    if (!longer)
        die("out of memory");
    f->headers = longer;
}

static void set_headers(struct flight *f)
{
    const struct request *r = f->request;
    char *bearer = r->token ? mem_format("Bearer %s", r->token) : NULL;

    add_header(f, "Accept", "application/json, application/problem+json");
    add_header(f, "Accept-Language", f->transport->language);
    add_header(f, "Authorization", bearer);
    add_header(f, "Idempotency-Key", r->key);
    add_header(f, "If-Match", r->if_match);
    add_header(f, "Upload-Offset", r->upload_offset);
    add_header(f, "Content-Type", r->content_type);
    add_header(f, "Expect", ""); /* "Expect:" alone takes curl's own away */
    curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->headers);
    if (bearer)
        mem_wipe(bearer, strlen(bearer));
    mem_free(&bearer);
}

static void set_manners(struct flight *f)
{
    const struct transport *t = f->transport;

    curl_easy_setopt(f->easy, CURLOPT_PRIVATE, f);
    curl_easy_setopt(f->easy, CURLOPT_ERRORBUFFER, f->trouble);
    curl_easy_setopt(f->easy, CURLOPT_USERAGENT, t->user_agent);
    curl_easy_setopt(f->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->easy, CURLOPT_QUICK_EXIT, 1L); /* a dead DNS server holds up nobody */
    curl_easy_setopt(f->easy, CURLOPT_PREREQFUNCTION, may_leave);
    curl_easy_setopt(f->easy, CURLOPT_PREREQDATA, f);
    curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(f->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(f->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(f->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)TRANSPORT_CONNECT_MS);
    curl_easy_setopt(f->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(f->easy, CURLOPT_TCP_KEEPIDLE, 30L);
    curl_easy_setopt(f->easy, CURLOPT_TCP_KEEPINTVL, 10L);
    curl_easy_setopt(f->easy, CURLOPT_FRESH_CONNECT, (long)t->fresh);
}

static void set_request(struct flight *f)
{
    const struct request *r = f->request;

    curl_easy_setopt(f->easy, CURLOPT_URL, r->url);
    if (strcmp(r->method, "GET") == 0)
        return;
    if (r->body || strcmp(r->method, "POST") == 0) {
        curl_easy_setopt(f->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->len);
        curl_easy_setopt(f->easy, CURLOPT_POSTFIELDS, r->body ? r->body : "");
    }
    curl_easy_setopt(f->easy, CURLOPT_CUSTOMREQUEST, r->method);
}

/* libcurl and its TLS take their time to start; the first frame does not wait for them. */
static void start_curl(struct transport *t)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(t->multi = curl_multi_init()))
        die("libcurl does not start");
    /* A long poll, four wishes, asks; what is idle beyond that costs the server more than it saves us. */
    curl_multi_setopt(t->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 12L);
    curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, 4L);
}

void transport_start(struct transport *t, struct request *request)
{
    struct flight *f = mem_alloc(sizeof(*f));
    *f = (struct flight){.next = t->flights, .transport = t, .request = request};
    f->sent = f->moved_at = f->fast_at = f->looked_at = t->env->mono(t->env);
    t->flights = f;
}

static void launch(struct flight *f)
{
    struct transport *t = f->transport;

    if (!t->multi)
        start_curl(t);
    f->easy = curl_easy_init();
    if (!f->easy)
        die("out of memory");
    set_manners(f);
    trust_set(t->trust, f->easy, f->request->url);
    set_headers(f);
    set_request(f);
    if (curl_multi_add_handle(t->multi, f->easy) != CURLM_OK)
        die("libcurl refuses a transfer");
}

static void launch_all(struct transport *t)
{
    for (struct flight *f = t->flights; f; f = f->next)
        if (!f->easy)
            launch(f);
}

static void land(struct flight *f)
{
    struct transport *t = f->transport;

    for (struct flight **at = &t->flights; *at; at = &(*at)->next) {
        if (*at == f) {
            *at = f->next;
            break;
        }
    }
    if (f->easy)
        curl_multi_remove_handle(t->multi, f->easy);
    curl_easy_cleanup(f->easy);
    curl_slist_free_all(f->headers);
    buf_wipe(&f->body);
    request_free(&f->request);
    free(f);
}

void transport_cancel(struct transport *t, uint64_t request)
{
    for (struct flight *f = t->flights; f; f = f->next) {
        if (f->request->id == request) {
            land(f);
            return;
        }
    }
}

/* ── how it ended ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* With TLS 1.3 a server says that it does not take our certificate when the request has left; libcurl has no code for that, only
 * OpenSSL's text of the alert. */
static bool is_about_ours(const struct flight *f)
{
    const char *alert = strstr(f->trouble, " alert ");
    return alert && (strstr(alert, "certificate") || strstr(alert, "unknown ca"));
}

static enum response_end end_of(const struct flight *f, CURLcode code)
{
    if (f->held_back)
        return RESPONSE_HELD_BACK;
    if (f->too_large)
        return RESPONSE_TOO_LARGE;
    switch (code) {
    case CURLE_OK:
        return RESPONSE_ANSWER;
    case CURLE_COULDNT_RESOLVE_HOST:
        return RESPONSE_NO_HOST;
    case CURLE_OPERATION_TIMEDOUT:
        return RESPONSE_TIMED_OUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return RESPONSE_CERTIFICATE;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT:
        return RESPONSE_OWN_CERTIFICATE;
    default:
        if (is_about_ours(f))
            return RESPONSE_OWN_CERTIFICATE;
        return f->left ? RESPONSE_CUT : RESPONSE_REFUSED;
    }
}

static const char *header(struct flight *f, struct response *out, const char *name)
{
    struct curl_header *h;

    if (curl_easy_header(f->easy, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK || h->amount != 1)
        return NULL;
    return arena_copy(&out->arena, h->value);
}

static void fill_answer(struct flight *f, struct response *out)
{
    const char **to, *name;
    long status = 0;

    curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
    out->status = (int)status;
    for (size_t i = 0; (to = response_header(out, i, &name)); i++)
        *to = header(f, out, name);
    out->len = f->body.len;
    out->body = buf_take(&f->body);
}

static void finish(struct flight *f, CURLcode code)
{
    struct transport *t = f->transport;
    enum response_end end = end_of(f, code);

    if (t->n_replies == t->cap_replies) {
        t->cap_replies = t->cap_replies ? 2 * t->cap_replies : 8;
        t->replies = mem_grow(t->replies, t->cap_replies, sizeof(*t->replies));
    }
    struct response *out = &t->replies[t->n_replies++];
    *out = (struct response){
        .id = f->request->id, .end = end, .left = f->left, .sent = f->sent, .received = t->env->mono(t->env)};
    if (end == RESPONSE_ANSWER)
        fill_answer(f, out);
    else if (end == RESPONSE_CERTIFICATE)
        out->why = arena_copy(&out->arena, trust_why(f->easy, code));
    /* A connection that a proxy or a router has forgotten takes requests and answers none. */
    t->fresh = end != RESPONSE_ANSWER && end != RESPONSE_HELD_BACK;
    land(f);
}

bool transport_reply(struct transport *t, struct response *out)
{
    if (t->n_replies == 0)
        return false;
    *out = t->replies[0];
    memmove(t->replies, t->replies + 1, --t->n_replies * sizeof(*t->replies));
    return true;
}

/* ── giving up ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The speed is looked at once a second at most: a single byte within a millisecond is not fast. Where nobody owes a byte nothing is
 * slow, it is silent. */
static void look(struct flight *f, int64_t now)
{
    curl_off_t up = 0, down = 0;
    long head = 0;
    int64_t passed = now - f->looked_at;

    curl_easy_getinfo(f->easy, CURLINFO_SIZE_UPLOAD_T, &up);
    curl_easy_getinfo(f->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
    curl_easy_getinfo(f->easy, CURLINFO_HEADER_SIZE, &head);
    if (up + down + head != f->bytes)
        f->moved_at = now;
    f->bytes = up + down + head;
    if (passed < 1000)
        return;
    bool flowed = f->flows;
    f->flows = head > 0 || (up > 0 && (size_t)up < f->request->len);
    if (!flowed || (f->bytes - f->looked_bytes) * 1000 >= TRANSPORT_SLOW_RATE * passed)
        f->fast_at = now;
    f->looked_bytes = f->bytes;
    f->looked_at = now;
}

static int64_t gives_up_at(const struct flight *f)
{
    if (!f->left)
        return f->sent + TRANSPORT_CONNECT_MS;
    int64_t silence = f->request->wait > 0 ? f->request->wait * 1000 + TRANSPORT_POLL_MS : TRANSPORT_SILENCE_MS;
    int64_t at = f->moved_at + silence;
    return f->flows && f->fast_at + TRANSPORT_SLOW_MS < at ? f->fast_at + TRANSPORT_SLOW_MS : at;
}

static void give_up_on_some(struct transport *t)
{
    int64_t now = t->env->mono(t->env);

    for (struct flight *f = t->flights, *next; f; f = next) {
        next = f->next;
        look(f, now);
        if (now >= gives_up_at(f))
            finish(f, CURLE_OPERATION_TIMEDOUT);
    }
}

/* ── the loop's part ─────────────────────────────────────────────────────────────────────────────────────────────── */

void transport_step(struct transport *t)
{
    int left;
    CURLMsg *message;

    if (!t->flights)
        return;
    launch_all(t);
    curl_multi_perform(t->multi, &left);
    while ((message = curl_multi_info_read(t->multi, &left))) {
        struct flight *f = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result; /* gone with the handle */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &f);
        finish(f, code);
    }
    give_up_on_some(t);
}

void transport_wait(struct transport *t, struct pollfd *extra, unsigned n_extra, int timeout)
{
    int64_t now = t->env->mono(t->env);

    launch_all(t);
    if (!t->multi) {
        poll(extra, n_extra, t->n_replies > 0 ? 0 : timeout);
        return;
    }
    if (n_extra > t->cap_waits) {
        t->cap_waits = n_extra;
        t->waits = mem_grow(t->waits, n_extra, sizeof(*t->waits));
    }
    for (unsigned i = 0; i < n_extra; i++)
        t->waits[i] =
            (struct curl_waitfd){.fd = extra[i].fd,
                                 .events = (short)((extra[i].events & POLLIN ? CURL_WAIT_POLLIN : 0) |
                                                   (extra[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0))};
    for (const struct flight *f = t->flights; f; f = f->next) {
        int64_t left = gives_up_at(f) - now;
        if (left < timeout)
            timeout = left > 0 ? (int)left : 0;
    }
    if (t->n_replies > 0)
        timeout = 0;
    curl_multi_poll(t->multi, t->waits, n_extra, timeout, NULL);
    /* curl tells nothing of hang-ups. */
    if (n_extra > 0)
        poll(extra, n_extra, 0);
}

struct transport *transport_new(const struct transport_options *options, struct env *env)
{
    struct transport *t = mem_alloc(sizeof(*t));

    t->env = env;
    t->options = *options;
    t->trust = trust_new(&options->trust, options->base);
    t->user_agent = mem_copy(options->user_agent);
    t->language = mem_copy(options->language);
    return t;
}

void transport_free(struct transport **transport)
{
    struct transport *t = *transport;

    if (!t)
        return;
    for (struct flight *f = t->flights, *next; f; f = next) {
        next = f->next;
        land(f);
    }
    for (size_t i = 0; i < t->n_replies; i++)
        response_clear(&t->replies[i]);
    if (t->multi) {
        curl_multi_cleanup(t->multi);
        curl_global_cleanup();
    }
    free(t->replies);
    free(t->waits);
    trust_free(&t->trust);
    mem_free(&t->user_agent);
    mem_free(&t->language);
    free(t);
    *transport = NULL;
}
