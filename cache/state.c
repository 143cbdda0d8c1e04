/* state: the way down to an officer's directory, each step of it ours alone, and the server's name on the way. It refuses to
 * follow a link below the base: what lies there is as private as the dossiers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/state.h"

#include "core/codec.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

char *state_base(const char *xdg_state_home, const char *home, struct err *e)
{
    if (xdg_state_home && xdg_state_home[0] == '/')
        return mem_format("%s/motcua", xdg_state_home);
    if (home && home[0] == '/')
        return mem_format("%s/.local/state/motcua", home);
    err_set(e, ERR_CONFIG, _("There is no home directory to keep anything in. Set HOME and start motcua again."));
    return NULL;
}

char *state_server_name(const char *url)
{
    size_t len = strlen(url);
    while (len > 0 && url[len - 1] == '/')
        len--;
    const char *scheme_end = strstr(url, "://");
    const char *host = scheme_end ? scheme_end + 3 : url;
    size_t authority = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', authority);
    if (at) {
        authority -= (size_t)(at + 1 - host);
        host = at + 1;
    }

    struct buf name = {0};
    bool has_port = false;
    for (size_t i = 0; i < authority && i < 200; i++) {
        unsigned char c = (unsigned char)host[i];
        bool plain = isalnum(c) || c == '-' || (c == '.' && i > 0);
        has_port = c == ':' || (has_port && isdigit(c));
        buf_char(&name, plain && c < 0x80 ? (char)tolower(c) : c == ':' ? '-' : '_');
    }
    if (!has_port)
        buf_text(&name, strncasecmp(url, "http://", 7) == 0 ? "-80" : "-443");

    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)url, len);
    buf_format(&name, "-%02x%02x%02x%02x", hash[0], hash[1], hash[2], hash[3]);
    return buf_take(&name);
}

bool state_fail(struct err *e, int why, const char *path)
{
    switch (why) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return err_set(e, ERR_STORE,
                       _("The disk is full: %s could not be written. Nothing was changed. Delete some files."),
                       path);
    case EACCES:
    case EPERM:
    case EROFS:
        return err_set(e, ERR_STORE,
                       _("%s may not be read or written by this account. Nothing was changed. "
                         "Tell the IT department."),
                       path);
    default:
        return err_set(e, ERR_STORE,
                       _("%s could not be read or written (%s). Nothing was changed. "
                         "Tell the IT department."),
                       path, strerrorname_np(why));
    }
}

void state_poke(int dir)
{
    futimens(dir, NULL);
}

static bool not_ours(struct err *e, const char *path)
{
    return err_set(
        e, ERR_STORE,
        _("The directory %s does not belong to this account, so it is not used. Tell the IT department."), path);
}

/* Makes every directory on the way to `path` that is not there; links among them are followed: they are not ours. */
static bool make_parents(const char *path, struct err *e)
{
    char *part = mem_copy(path);
    bool ok = true;
    for (char *slash = part + strspn(part, "/"); ok && slash;) {
        slash = strchr(slash, '/');
        if (slash)
            *slash = '\0';
        ok = mkdir(part, 0700) == 0 || errno == EEXIST || state_fail(e, errno, part);
        if (slash)
            *slash++ = '/';
    }
    mem_free(&part);
    return ok;
}

/* One step down: makes it if it is not there; ours alone, or refused. `path` is its name in a sentence. */
static int step_into(int parent, const char *name, const char *path, struct err *e)
{
    bool made = mkdirat(parent, name, 0700) == 0;
    if (!made && errno != EEXIST) {
        state_fail(e, errno, path);
        return -1;
    }
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ELOOP || errno == ENOTDIR)
            not_ours(e, path);
        else
            state_fail(e, errno, path);
        return -1;
    }
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_uid != geteuid() || ((st.st_mode & 077) != 0 && fchmod(fd, 0700) != 0)) {
        not_ours(e, path);
        close(fd);
        return -1;
    }
    /* A power cut must not take the directory of a database that was synced. */
    if (made)
        fsync(parent);
    return fd;
}

/* The part of the way that is not ours: made, and its links resolved, since SQLite follows none. */
static char *resolve_parent(const char *base, const char **name, struct err *e)
{
    const char *slash = strrchr(base, '/');
    if (!slash || base[0] != '/' || slash[1] == '\0') {
        err_set(e, ERR_USAGE, _("%s is not an absolute path of a directory."), base);
        return NULL;
    }
    char *parent = mem_copy_n(base, slash == base ? 1 : (size_t)(slash - base));
    char *real = NULL;
    *name = slash + 1;
    if (make_parents(parent, e)) {
        real = realpath(parent, NULL);
        if (!real)
            state_fail(e, errno, parent);
    }
    mem_free(&parent);
    return real;
}

bool state_make(const char *base, struct err *e)
{
    const char *name = NULL;
    char *parent = resolve_parent(base, &name, e);
    int fd = parent ? open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int own = -1;

    if (parent && fd < 0)
        state_fail(e, errno, parent);
    if (fd >= 0) {
        own = step_into(fd, name, base, e);
        close(fd);
    }
    mem_free(&parent);
    if (own >= 0)
        close(own);
    return own >= 0;
}

static bool is_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && !strchr(name, '/') && strlen(name) <= NAME_MAX;
}

bool state_open(const char *base, const char *server, const char *officer, int *dir, char **path, struct err *e)
{
    if (!is_name(server) || !id_valid(officer))
        return err_set(e, ERR_DATA, _("The server gave an officer's id that is none. Tell the IT department."));
    const char *names[3] = {NULL, server, officer};
    char *at = resolve_parent(base, &names[0], e);
    if (!at)
        return false;
    int fd = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        state_fail(e, errno, at);
    for (size_t i = 0; fd >= 0 && i < 3; i++) {
        char *below = mem_format("%s/%s", strcmp(at, "/") == 0 ? "" : at, names[i]);
        mem_free(&at);
        at = below;
        int next = step_into(fd, names[i], at, e);
        close(fd);
        fd = next;
    }
    if (fd < 0) {
        mem_free(&at);
        return false;
    }
    *dir = fd;
    *path = at;
    return true;
}
