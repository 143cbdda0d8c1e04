/* place: where things lie. It makes nothing and knows no file's content.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/place.h"

#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

char *place_self(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);

    return mem_copy_n(path, n > 0 && n < (ssize_t)sizeof path ? (size_t)n : 0);
}

/* `below` in the directory of the executable, or NULL. */
static char *beside(const char *below, int how)
{
    char *self = place_self(), *slash = strrchr(self, '/');
    char *path = slash ? mem_format("%.*s/%s", (int)(slash - self), self, below) : NULL;

    mem_free(&self);
    if (path && access(path, how) != 0)
        mem_free(&path);
    return path;
}

char *place_program(const char *name)
{
    char *path = beside(name, X_OK);

    return path ? path : mem_copy(name);
}

char *place_locale(void)
{
    char *path = beside("locale", R_OK);

    return path ? path : mem_copy(LOCALEDIR);
}

char *place_keymaps(void)
{
    char *path = beside("keymaps", R_OK);

    return path ? path : mem_copy(DATADIR "/keymaps");
}

char *place_config(const char *name)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (xdg && xdg[0] == '/')
        return mem_format("%s/motcua/%s", xdg, name);
    return home && home[0] == '/' ? mem_format("%s/.config/motcua/%s", home, name) : NULL;
}

char *place_exports(const char *configured)
{
    const char *home = getenv("HOME");

    if (configured)
        return mem_copy(configured);
    return home && home[0] == '/' ? mem_format("%s/motcua", home) : NULL;
}

char *place_workstation(void)
{
    struct utsname u;

    return mem_copy(uname(&u) == 0 ? u.nodename : "");
}

bool place_read(const char *path, size_t most, struct buf *out, bool *absent, struct err *e)
{
    char piece[4096];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    int why = fd < 0 ? errno : 0;

    if (absent)
        *absent = why == ENOENT || why == ENOTDIR;
    if (fd < 0)
        return !(absent && *absent) &&
               err_set(e, ERR_CONFIG, _("%s cannot be read (%s). Check what it is and who may read it."),
                       path, strerrorname_np(why));
    while ((n = read(fd, piece, sizeof piece)) > 0 && out->len <= most)
        buf_add(out, piece, (size_t)n);
    why = errno;
    close(fd);
    if (n < 0)
        return err_set(e, ERR_CONFIG, _("%s cannot be read (%s). Check what it is and who may read it."),
                       path, strerrorname_np(why));
    if (out->len > most)
        return err_set(e, ERR_CONFIG, _("%s is too large: at most %zu bytes."), path, most);
    return true;
}
