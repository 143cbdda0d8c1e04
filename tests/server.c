/* server: the training server as a child, and a plain HTTP client for it. It knows the contract's paths, not the product's code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/server.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"

enum { ARGS_MAX = 40, POLLS_MAX = 20 };

/* ── the process ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Its first line, without the line's end. */
static char *first_line(struct server *server)
{
    char *line = calloc(1, 65536);
    size_t n = 0;

    for (int64_t deadline = harness_deadline(), left; line && (left = deadline - harness_now()) > 0;) {
        if (poll(&(struct pollfd){.fd = server->out, .events = POLLIN}, 1, (int)left) <= 0)
            continue;
        ssize_t got = read(server->out, line + n, 65535 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
        char *end = strchr(line, '\n');
        if (end) {
            *end = '\0';
            return line;
        }
    }
    fail_at(HERE, "motcua-training said nothing that is a line: \"%s\"", line ? line : "");
}

static char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text_new("%s", text) : NULL;
}

static void launch(struct server *server)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        fail_at(HERE, "pipe: %s", strerror(errno));
    server->out = ends[0];
    server->pid = child_start(
        &(struct child){.argv = (const char *const *)server->args, .home = server->home, .out = ends[1]});
    close(ends[1]);
    char *line = first_line(server);
    json_t *said = json_loads(line, 0, NULL);
    free(server->base);
    free(server->control);
    free(server->keys);
    server->base = member(said, "base");
    server->control = member(said, "control");
    server->keys = member(said, "keys");
    json_decref(said);
    const char *port = server->base ? strrchr(server->base, ':') : NULL;
    server->port = port ? atoi(port + 1) : 0;
    if (server->port <= 0)
        fail_at(HERE, "motcua-training said no base: \"%s\"", line);
    free(line);
}

struct server *server_start(const char *const extra[])
{
    static const char *const first[] = {"motcua-training", "serve", "--control", "--port", "0"};
    struct server *server = calloc(1, sizeof *server);
    size_t n = 0;

    if (!server || !(server->args = calloc(ARGS_MAX + 1, sizeof *server->args)))
        abort();
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        server->args[n++] = text_new("%s", first[i]);
    for (size_t i = 0; extra && extra[i] && n < ARGS_MAX; i++)
        server->args[n++] = text_new("%s", extra[i]);
    server->home = home_new();
    launch(server);
    return server;
}

static int end(struct server *server, int sig)
{
    if (server->pid <= 0)
        return 0;
    kill(server->pid, sig);
    int status = child_wait(server->pid, harness_deadline());
    if (status < 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    server->pid = 0;
    close(server->out);
    return status;
}

void server_stop(struct server *server)
{
    int status = end(server, SIGTERM);

    if (status != 0)
        fail_at(HERE, "motcua-training ended with %d after TERM (-1: not at all)", status);
}

void server_kill(struct server *server)
{
    end(server, SIGKILL);
}

void server_restart(struct server *server)
{
    server_stop(server);
    free(server->args[4]);
    server->args[4] = text_new("%d", server->port);
    launch(server);
}

void server_free(struct server **at)
{
    struct server *server = *at;

    if (!server)
        return;
    end(server, SIGKILL);
    home_free(&server->home);
    for (char **arg = server->args; *arg; arg++)
        free(*arg);
    free(server->args);
    free(server->base);
    free(server->control);
    free(server->keys);
    free(server);
    *at = NULL;
}

void server_advance(struct server *server, int64_t seconds)
{
    char *body = text_new("{\"advance\": %lld}", (long long)seconds);
    struct reply reply;

    if (!server->control)
        fail_at(HERE, "this server has no control address");
    server_call(server, "POST", server->control, NULL, NULL, body, &reply);
    free(body);
    if (reply.status / 100 != 2)
        fail_at(HERE, "the server's clock did not move: %ld %s", reply.status, reply.body);
    reply_clear(&reply);
}

/* ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t gather(char *bytes, size_t size, size_t n, void *to)
{
    return fwrite(bytes, size, n, to);
}

static struct curl_slist *with(struct curl_slist *list, const char *name, const char *value)
{
    char *line = text_new("%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(list, line);

    free(line);
    return longer;
}

static bool has(const struct curl_slist *list, const char *name)
{
    size_t n = strlen(name);

    for (; list; list = list->next)
        if (strncasecmp(list->data, name, n) == 0 && list->data[n] == ':')
            return true;
    return false;
}

static struct curl_slist *request_headers(const char *method, const char *token, const char *const headers[],
                                          const char *body)
{
    static unsigned keys;
    struct curl_slist *list = NULL;

    for (size_t i = 0; headers && headers[i]; i++)
        list = curl_slist_append(list, headers[i]);
    if (token) {
        char *bearer = text_new("Bearer %s", token);
        list = with(list, "Authorization", bearer);
        free(bearer);
    }
    if (body && !has(list, "Content-Type"))
        list = with(list, "Content-Type", "application/json");
    if (strcmp(method, "GET") != 0 && !has(list, "Idempotency-Key")) {
        char *key = text_new("test-%d-%lld-%u", (int)getpid(), (long long)harness_now(), ++keys);
        list = with(list, "Idempotency-Key", key);
        free(key);
    }
    return with(list, "Expect", "");
}

void server_call(struct server *server, const char *method, const char *path, const char *token,
                 const char *const headers[], const char *body, struct reply *reply)
{
    CURL *curl = curl_easy_init();
    char *url = strstr(path, "://") ? text_new("%s", path) : text_new("%s/api/v1%s", server->base, path);
    struct curl_slist *list = request_headers(method, token, headers, body);
    size_t headers_len = 0;
    *reply = (struct reply){0};
    FILE *head = open_memstream(&reply->headers, &headers_len);
    FILE *text = open_memstream(&reply->body, &reply->len);

    if (!curl || !head || !text)
        abort();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    if (body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(harness_deadline() - harness_now()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, gather);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, head);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    else
        fputs(curl_easy_strerror(code), text);
    fclose(head);
    fclose(text);
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    free(url);
    if (code == CURLE_OK)
        reply->json = json_loadb(reply->body, reply->len, 0, NULL);
}

char *reply_header(const struct reply *reply, const char *name)
{
    size_t n = strlen(name);

    for (const char *line = reply->headers; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            line += n + 1;
            line += strspn(line, " \t");
            return text_new("%.*s", (int)strcspn(line, "\r\n"), line);
        }
    }
    return NULL;
}

json_t *reply_at(const struct reply *reply, const char *where)
{
    char *path = text_new("%s", where), *rest = path, *part;
    json_t *value = reply->json;

    while (value && (part = strsep(&rest, ".")))
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part)) : json_object_get(value, part);
    free(path);
    return value;
}

const char *reply_text(const struct reply *reply, const char *where)
{
    return json_string_value(reply_at(reply, where));
}

void reply_clear(struct reply *reply)
{
    json_decref(reply->json);
    free(reply->headers);
    free(reply->body);
    *reply = (struct reply){0};
}

/* ── signing in ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* POSTs a form: false where the answer is "not yet"; any other than 200 fails the test. */
static bool form(struct server *server, const char *url, const char *body, struct reply *reply)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};

    server_call(server, "POST", url, NULL, headers, body, reply);
    if (reply->status == 200)
        return true;
    const char *error = reply_text(reply, "error");
    if (error && (strcmp(error, "authorization_pending") == 0 || strcmp(error, "slow_down") == 0))
        return false;
    fail_at(HERE, "POST %s: %ld %s", url, reply->status, reply->body);
}

static char *needed(const struct reply *reply, const char *name)
{
    const char *text = reply_text(reply, name);

    if (!text)
        fail_at(HERE, "no \"%s\" in: %ld %s", name, reply->status, reply->body);
    return text_new("%s", text);
}

void server_tokens(struct server *server, const char *login_hint, char **access, char **refresh)
{
    struct reply reply;

    server_call(server, "GET", "/about", NULL, NULL, NULL, &reply);
    char *issuer = needed(&reply, "issuer"), *client = needed(&reply, "client_id");
    reply_clear(&reply);
    char *url = text_new("%s/.well-known/openid-configuration", issuer);
    server_call(server, "GET", url, NULL, NULL, NULL, &reply);
    char *device_url = needed(&reply, "device_authorization_endpoint"),
         *token_url = needed(&reply, "token_endpoint");
    reply_clear(&reply);
    char *ask = text_new("client_id=%s&scope=openid%%20offline_access&login_hint=%s", client, login_hint);
    form(server, device_url, ask, &reply);
    char *code = needed(&reply, "device_code");
    reply_clear(&reply);
    char *poll = text_new("client_id=%s&grant_type=%s&device_code=%s", client, DEVICE_GRANT, code);
    for (int i = 0; !form(server, token_url, poll, &reply); i++) {
        if (i == POLLS_MAX)
            fail_at(HERE, "nobody confirmed the sign-in of %s", login_hint);
        reply_clear(&reply);
        server_advance(server, 10); /* the interval, on the server's clock */
    }
    *access = needed(&reply, "access_token");
    *refresh = needed(&reply, "refresh_token");
    reply_clear(&reply);
    char *all[] = {issuer, client, url, device_url, token_url, ask, code, poll};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

char *server_token(struct server *server, const char *login_hint)
{
    char *access, *refresh;

    server_tokens(server, login_hint, &access, &refresh);
    free(refresh);
    return access;
}
