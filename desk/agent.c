/* agent: see agent.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/agent.h"

#include "core/agent.h"
#include "core/codec.h"
#include "core/i18n.h"
#include "core/signer_json.h"
#include "core/text.h"
#include "desk/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ERROR_COLUMNS 200 /* of a sentence from there */

struct line {
    int fd;
    struct buf in;
    size_t used; /* of it, by the frame before */
};

static bool cut(struct err *e)
{
    return err_set(
        e, ERR_SIGNER, "%s",
        _("Your own machine does not answer any more. Nothing was signed. Check motcua sign-agent there and the SSH line, then press F9."));
}

static bool odd(struct err *e)
{
    return err_set(e, ERR_SIGNER, "%s",
                   _("What answers at sign_agent is no motcua sign-agent of this version. Nothing was signed."));
}

/* ── the socket ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Nobody else of this machine may have made it, or be able to. */
static bool is_ours(const char *path)
{
    char *dir = mem_copy(path), *slash = strrchr(dir, '/');
    struct stat at, in;

    slash[slash == dir] = '\0';
    bool ours = lstat(path, &at) == 0 && S_ISSOCK(at.st_mode) && at.st_uid == geteuid() &&
                !(at.st_mode & 077) && stat(dir, &in) == 0 && (in.st_uid == geteuid() || in.st_uid == 0) &&
                (!(in.st_mode & 022) || in.st_mode & S_ISVTX);
    free(dir);
    return ours;
}

static bool is_our_peer(int fd)
{
    struct ucred peer;
    socklen_t n = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 && (peer.uid == geteuid() || peer.uid == 0);
}

static bool open_line(struct line *l, const char *path, struct err *e)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval most = {.tv_sec = AGENT_QUIET_MS / 1000};

    *l = (struct line){.fd = -1};
    if (path[0] != '/' || strlen(path) >= sizeof address.sun_path)
        return err_set(e, ERR_SIGNER, "%s",
                       _("sign_agent has to be a short path that begins with /. Nothing was signed."));
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (access(path, F_OK) != 0)
        return err_set(
            e, ERR_SIGNER, "%s",
            _("Your own machine is not connected: there is no socket at sign_agent. Start motcua sign-agent there, connect with ssh -R, then open this again."));
    if (!is_ours(path))
        return err_set(
            e, ERR_SIGNER, "%s",
            _("The socket at sign_agent is not your account's alone. Nothing was signed. Tell the IT department."));
    l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0)
        return cut(e);
    setsockopt(l->fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most); /* of connect() as well */
    setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    return (connect(l->fd, (struct sockaddr *)&address, sizeof address) == 0 && is_our_peer(l->fd)) || cut(e);
}

static void close_line(struct line *l)
{
    if (l->fd >= 0)
        close(l->fd);
    buf_clear(&l->in);
}

/* ── frames ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool send_frame(struct line *l, enum agent_kind kind, json_t *body, struct err *e)
{
    char *text = json_dumps(body, JSON_COMPACT);
    struct buf out = {0};
    size_t sent = 0;
    ssize_t n = 1;

    if (!text)
        die("out of memory");
    agent_put(&out, kind, text, strlen(text));
    while (sent < out.len && (n > 0 || errno == EINTR)) {
        n = send(l->fd, out.data + sent, out.len - sent, MSG_NOSIGNAL);
        sent += n > 0 ? (size_t)n : 0;
    }
    bool ok = sent == out.len || cut(e);
    buf_clear(&out);
    free(text);
    json_decref(body);
    return ok;
}

static bool next_frame(struct line *l, struct agent_frame *out, struct err *e)
{
    enum agent_taken taken;
    char piece[8192];

    if (l->used > 0)
        memmove(l->in.data, l->in.data + l->used, l->in.len - l->used);
    l->in.len -= l->used;
    l->used = 0;
    while ((taken = l->in.len ? agent_take(l->in.data, l->in.len, out, &l->used) : AGENT_PART) == AGENT_PART) {
        ssize_t n = recv(l->fd, piece, sizeof piece, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return cut(e);
        buf_add(&l->in, piece, (size_t)n);
    }
    return taken == AGENT_WHOLE || odd(e);
}

static bool said_no(const json_t *body, struct err *e)
{
    const char *said = json_string_value(json_object_get(body, "error"));
    struct arena arena = {0};

    if (!said)
        return odd(e);
    err_set(e, ERR_SIGNER, _("Your own machine says: %s"),
            text_cut(&arena, text_shown(&arena, said), ERROR_COLUMNS));
    arena_clear(&arena);
    return false;
}

/* What was asked for, json_decref() it; NULL and an error: anything else. Takes `body`. */
static json_t *ask(const char *path, enum agent_kind what, json_t *body, enum agent_kind wanted, struct err *e)
{
    struct agent_frame frame = {.kind = AGENT_WAITS};
    json_t *answer = NULL;
    struct line l;
    bool ok = open_line(&l, path, e);

    if (ok)
        ok = send_frame(&l, what, body, e);
    else
        json_decref(body);
    while (ok && frame.kind == AGENT_WAITS)
        ok = next_frame(&l, &frame, e);
    if (ok)
        answer = codec_parse(frame.body, frame.n, NULL);
    if (ok && !json_is_object(answer))
        ok = odd(e);
    else if (ok && frame.kind == AGENT_REFUSED)
        ok = said_no(answer, e);
    else if (ok && frame.kind != wanted)
        ok = odd(e);
    close_line(&l);
    if (ok)
        return answer;
    json_decref(answer);
    return NULL;
}

/* ── what is asked ─────────────────────────────────────────────────────────────────────────────────────────────────── */

bool agent_describe(const char *path, const char *sha256, struct signer_certificate *certificate,
                    struct signer_device *device, struct err *e)
{
    json_t *answer = ask(path, AGENT_DESCRIBE, json_pack("{s:s}", "certificate", sha256), AGENT_TOLD, e);
    bool ok = answer && ((signer_read_certificate(answer, certificate) && signer_read_device(answer, device) &&
                          strcasecmp(certificate->sha256, sha256) == 0) ||
                         odd(e));

    json_decref(answer);
    device->at_home = true; /* whatever it says of itself: nothing of it is typed here */
    device->asks_pin = device->last_try = device->forwarded = false;
    return ok;
}

static bool is_good(const char *cms, const char *sha256, const void *bytes, size_t n, struct err *e)
{
    struct signer_proof proof;
    struct buf der = {0};
    bool good = cms && base64_decode(cms, &der) && check_cms(bytes, n, der.data, der.len, NULL, &proof, e) &&
                strcasecmp(proof.certificate.sha256, sha256) == 0;

    buf_clear(&der);
    return good ||
           err_set(
               e, ERR_SIGNER, "%s",
               _("What your own machine sent back is no signature of this statement with your certificate. Nothing was signed. Tell the IT department."));
}

char *agent_sign(const char *path, const char *sha256, const void *bytes, size_t n, struct err *e)
{
    if (n > AGENT_STATEMENT_MOST) {
        err_set(e, ERR_SIGNER, "%s", _("The job is not understood. Nothing was signed."));
        return NULL;
    }
    char *statement = base64_encode(bytes, n);
    json_t *answer =
        ask(path, AGENT_SIGN, json_pack("{s:s, s:s}", "certificate", sha256, "statement", statement),
            AGENT_SIGNED, e);
    const char *cms = json_string_value(json_object_get(answer, "cms"));
    char *good = answer && is_good(cms, sha256, bytes, n, e) ? mem_copy(cms) : NULL;

    free(statement);
    json_decref(answer);
    return good;
}
