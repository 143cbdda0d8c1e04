/* cmd_sign_agent: the supervisor's own machine signs what an office sends over a socket that SSH forwards (core/agent.h). The statement is
 * parsed from the very bytes that are signed and shown here, the PIN is typed here; the office sees the signature. One request at a time.
 * It refuses what is no statement, what was not read to its end, and every connection but this account's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/agent_talk.h"
#include "cli/command.h"
#include "cli/place.h"
#include "cli/signals.h"
#include "core/agent.h"
#include "core/codec.h"
#include "core/i18n.h"
#include "core/instant.h"
#include "core/signer_json.h"
#include "core/statement.h"
#include "core/text.h"
#include "desk/client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_MS 10000 /* for a request to come whole */
#define TOKEN_MS   30000
#define SHA256_HEX 64

struct home {
    struct cli *cli;
    struct desk *desk;
    struct signer *token;
    const char *path;
    int listener;

    int fd;              /* the request's connection */
    int64_t until, beat; /* mono ms: when it has taken too long; when the office hears next that somebody reads */
    unsigned number;     /* of the statements that were shown */
    bool gone;           /* nobody waits for it any more */
    bool answered;       /* the token has */
    struct err err;      /* … with this */
    struct signer_certificate certificate;
    struct signer_device device;
    char *cms;
};

static int64_t now(const struct home *h)
{
    return h->cli->env->mono(h->cli->env);
}

/* ── the office ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* All of it or none: what is sent is small, and who does not read it is gone. */
static void send_frame(struct home *h, enum agent_kind kind, json_t *body)
{
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    struct buf out = {0};

    agent_put(&out, kind, text ? text : "", text ? strlen(text) : 0);
    if (!h->gone && send(h->fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)out.len)
        h->gone = true;
    buf_clear(&out);
    free(text);
    json_decref(body);
}

static void refuse(struct home *h, const char *why)
{
    if (!h->gone)
        printf("%s\n", why);
    send_frame(h, AGENT_REFUSED, json_pack("{s:s}", "error", why));
}

/* Said once a second while somebody reads or the token works. */
static bool goes_on(void *context)
{
    struct home *h = context;
    char byte;
    ssize_t n = recv(h->fd, &byte, 1, MSG_DONTWAIT); /* there is nothing more to say but the end */

    h->gone = h->gone || n >= 0 || (errno != EAGAIN && errno != EINTR) || now(h) >= h->until;
    if (!h->gone && now(h) >= h->beat) {
        send_frame(h, AGENT_WAITS, NULL);
        h->beat = now(h) + AGENT_BEAT_MS;
    }
    return !h->gone;
}

/* false: no request came whole and in time. */
static bool read_request(struct home *h, struct buf *in, struct agent_frame *request)
{
    int64_t until = now(h) + REQUEST_MS;
    enum agent_taken taken = AGENT_PART;
    char piece[8192];
    size_t used;

    while (taken == AGENT_PART && now(h) < until) {
        struct pollfd ready = {.fd = h->fd, .events = POLLIN};
        if (poll(&ready, 1, 1000) <= 0)
            continue;
        ssize_t n = recv(h->fd, piece, sizeof piece, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        if (n > 0)
            buf_add(in, piece, (size_t)n);
        if (in->len)
            taken = agent_take(in->data, in->len, request, &used);
    }
    return taken == AGENT_WHOLE && used == in->len;
}

/* ── the token ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void done(void *context, const struct signer_result *result)
{
    struct home *h = context;

    h->answered = true;
    h->err = result->err;
    if (result->err.code == ERR_NONE && result->cms)
        h->cms = mem_copy(result->cms);
    else if (result->err.code == ERR_NONE) {
        h->certificate = result->certificate;
        h->device = result->device;
    }
}

static bool wait_for_token(struct home *h)
{
    while (!h->answered && goes_on(h)) {
        struct pollfd helper = {.fd = desk_fd(h->desk), .events = POLLIN};
        if (poll(&helper, 1, 500) > 0)
            desk_read(h->desk);
        desk_tick(h->desk);
    }
    if (!h->answered)
        h->token->cancel(h->token);
    return h->answered && h->err.code == ERR_NONE;
}

static bool describe(struct home *h, const char *certificate)
{
    struct signer_who who = {.officer = "", .certificate = certificate};
    struct arena arena = {0};
    int32_t offset = 0;

    h->answered = false;
    h->token->describe(h->token, &who, TOKEN_MS, done, h);
    zone_offset("Asia/Ho_Chi_Minh", &offset);
    bool ok = wait_for_token(h) && signer_is_valid(h->certificate.from, h->certificate.until,
                                                   h->cli->env->wall(h->cli->env), offset, &arena, &h->err);
    arena_clear(&arena);
    return ok;
}

static bool sign_with(struct home *h, const char *certificate, const struct buf *statement, const struct pin *pin)
{
    struct signer_who who = {.officer = "", .certificate = certificate};
    size_t n = 0;
    const void *bytes = pin ? pin_bytes(pin, &n) : NULL;

    h->answered = false;
    h->token->sign(h->token, &who, statement->data, statement->len, bytes, n, TOKEN_MS, done, h);
    return wait_for_token(h);
}

/* A PIN that was wrong is asked for again, until it is right or nobody wants any more. */
static bool make_signature(struct home *h, const char *certificate, const struct buf *statement)
{
    struct ask_while reading = {.goes_on = goes_on, .context = h};
    struct pin *pin = h->device.asks_pin ? pin_new() : NULL;
    bool ok = false, again = true;

    while (!ok && again) {
        struct err gave_up = {0};
        if (pin && !ask_pin_while(_("PIN of the signing device"), pin, &reading, &gave_up)) {
            err_set(&h->err, ERR_REFUSED, "%s", _("Nothing was signed."));
            break;
        }
        ok = sign_with(h, certificate, statement, pin);
        again = pin && !ok && h->err.code == ERR_AUTH && !h->gone;
        if (again)
            printf("%s\n", h->err.text);
    }
    pin_free(&pin);
    return ok;
}

/* ── a request ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void tell_signer(struct home *h, const char *certificate)
{
    if (!describe(h, certificate)) {
        refuse(h, h->err.text);
        return;
    }
    json_t *told = json_object();
    signer_put_certificate(told, &h->certificate);
    signer_put_device(told, &h->device);
    send_frame(h, AGENT_TOLD, told);
}

static void sign(struct home *h, const char *certificate, const struct buf *statement)
{
    struct ask_while reading = {.goes_on = goes_on, .context = h};
    struct signing_statement said;
    struct arena arena = {0};

    if (!statement_parse(statement->data ? statement->data : "", statement->len, &arena, &said, NULL))
        refuse(h, _("What the office sent is no statement that is signed. Nothing was signed."));
    else if (!describe(h, certificate))
        refuse(h, h->err.text);
    else if (!agent_talk(++h->number, &said, &h->certificate, &h->device, &reading))
        refuse(h, _("Nothing was signed."));
    else if (!make_signature(h, certificate, statement))
        refuse(h, h->err.text);
    else
        send_frame(h, AGENT_SIGNED, json_pack("{s:s}", "cms", h->cms));
    if (h->gone)
        printf("\n%s\n", _("The office does not wait for it any more. Nothing was decided."));
    else if (h->cms)
        printf("%s\n", _("Signed, and sent to the office."));
    mem_free(&h->cms);
    arena_clear(&arena);
}

static bool is_fingerprint(const char *text)
{
    return text && strlen(text) == SHA256_HEX && strspn(text, "0123456789abcdefABCDEF") == SHA256_HEX;
}

static void answer(struct home *h, const struct agent_frame *request)
{
    json_t *body = codec_parse(request->body, request->n, NULL);
    const char *certificate = json_string_value(json_object_get(body, "certificate")),
               *text = json_string_value(json_object_get(body, "statement"));
    struct buf statement = {0};

    if (request->kind == AGENT_DESCRIBE && is_fingerprint(certificate))
        tell_signer(h, certificate);
    else if (request->kind == AGENT_SIGN && is_fingerprint(certificate) && text &&
             base64_decode(text, &statement) && statement.len <= AGENT_STATEMENT_MOST)
        sign(h, certificate, &statement);
    buf_clear(&statement);
    json_decref(body);
    fflush(stdout);
}

static bool is_ours(int fd)
{
    struct ucred peer;
    socklen_t n = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 && peer.uid == geteuid();
}

static void serve(struct home *h)
{
    struct agent_frame request;
    struct sockaddr_un from;
    socklen_t size = sizeof from;
    struct buf in = {0};

    h->fd = accept4(h->listener, (struct sockaddr *)&from, &size, SOCK_CLOEXEC);
    if (h->fd < 0)
        return;
    h->gone = false;
    h->until = now(h) + AGENT_PERSON_MS;
    h->beat = now(h) + AGENT_BEAT_MS;
    if (is_ours(h->fd) && read_request(h, &in, &request))
        answer(h, &request);
    close(h->fd);
    buf_clear(&in);
}

/* ── the socket ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool no_socket(struct home *h, struct err *e)
{
    struct arena arena = {0};

    err_set(e, ERR_STORE, _("The socket %s cannot be made (%s)."), text_shown(&arena, h->path),
            strerrorname_np(errno));
    arena_clear(&arena);
    return false;
}

/* One that a killed agent left is made anew; one that answers is somebody's. */
static bool bind_socket(struct home *h, const struct sockaddr_un *address, struct err *e)
{
    mode_t mask = umask(0177);
    int failed = bind(h->listener, (const struct sockaddr *)address, sizeof *address);
    struct stat st;

    if (failed && errno == EADDRINUSE && lstat(h->path, &st) == 0 && S_ISSOCK(st.st_mode) &&
        st.st_uid == geteuid()) {
        int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool lives =
            connect(probe, (const struct sockaddr *)address, sizeof *address) == 0 || errno != ECONNREFUSED;
        close(probe);
        if (!lives && unlink(h->path) == 0)
            failed = bind(h->listener, (const struct sockaddr *)address, sizeof *address);
        errno = lives ? EADDRINUSE : errno;
    }
    umask(mask);
    return (!failed && listen(h->listener, 4) == 0) || no_socket(h, e);
}

/* Who may write into its directory could put another in its place. */
static bool is_private(const char *dir)
{
    struct stat st;

    return stat(dir, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 022);
}

static bool open_socket(struct home *h, struct err *e)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    h->path = h->cli->options.operand[0];
    if (h->path[0] != '/' || strlen(h->path) >= sizeof address.sun_path)
        return err_set(e, ERR_USAGE, "%s", _("SOCKET has to be a short path that begins with /."));
    memcpy(address.sun_path, h->path, strlen(h->path) + 1);
    char *dir = mem_copy(h->path), *slash = strrchr(dir, '/');
    slash[slash == dir] = '\0';
    bool ok = is_private(dir) ||
              err_set(e, ERR_STORE, "%s",
                      _("The directory of SOCKET has to be yours, and nobody else may write into it."));
    if (ok) {
        h->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ok = h->listener >= 0 ? bind_socket(h, &address, e) : no_socket(h, e);
    }
    if (ok)
        command_harden(dir, NULL, NULL);
    free(dir);
    return ok;
}

/* Until a signal ends it, or its terminal is gone. */
static void wait_and_serve(struct home *h)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = h->listener, .events = POLLIN},
                               {.fd = signals_fd(), .events = POLLIN},
                               {.fd = STDIN_FILENO}};
        if (poll(fds, 3, -1) < 0 && errno != EINTR)
            return;
        if (fds[2].revents ||
            (fds[1].revents && signals_take() & ~(UINT64_C(1) << SIGWINCH | UINT64_C(1) << SIGCONT)))
            return;
        if (fds[0].revents)
            serve(h);
    }
}

bool cmd_sign_agent(struct cli *cli, struct err *e)
{
    struct home h = {.cli = cli, .listener = -1, .fd = -1};

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(
            e, ERR_USAGE, "%s",
            _("A signature needs a terminal and somebody who reads what is signed. Nothing was signed."));
    if (!config_load(&cli->config, e) || !open_socket(&h, e)) {
        if (h.listener >= 0)
            close(h.listener);
        return false;
    }
    cli->env = env_new(false);
    char *program = place_program("motcua-desk");
    h.desk = desk_new(program, cli->env);
    h.token = desk_token_signer(h.desk, cli->config.pkcs11_module);
    ask_listen();
    printf("%s\n", _("Waiting for what the office sends to be signed. Ctrl+C ends it."));
    fflush(stdout);
    wait_and_serve(&h);
    unlink(h.path);
    close(h.listener);
    h.token->free(h.token);
    desk_free(&h.desk);
    mem_free(&program);
    return true;
}
