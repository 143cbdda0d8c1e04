/* officers: walks the state directory, two levels down. The note of when an officer was here is a line of digits in the file `seen`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/officers.h"

#include "cache/cache.h"
#include "cache/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEEN "seen"

/* ── walking ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A directory of ours alone; -1: anything else. */
static int open_ours(int parent, const char *name)
{
    struct stat st;
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return -1;
    if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 077) == 0)
        return fd;
    close(fd);
    return -1;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

struct walk {
    const char *base, *server;
    int base_fd;
    bool (*each)(void *, const struct officer_place *);
    void *context;
};

static bool visit(const struct walk *w, int parent, const char *officer)
{
    char *path = mem_format("%s/%s/%s", w->base, w->server, officer);
    struct officer_place place = {
        .server = w->server, .officer = officer, .path = path, .dir = open_ours(parent, officer)};
    bool on = place.dir < 0 || w->each(w->context, &place);

    if (place.dir >= 0)
        close(place.dir);
    mem_free(&path);
    return on;
}

static bool visit_server(const struct walk *w)
{
    struct dirent **names = NULL;
    int fd = open_ours(w->base_fd, w->server),
        n = fd >= 0 ? scandirat(fd, ".", &names, is_visible, alphasort) : 0;
    bool on = true;

    for (int i = 0; i < n; i++) {
        on = on && visit(w, fd, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    if (fd >= 0)
        close(fd);
    return on;
}

bool officers_each(const char *base, const char *server, bool (*each)(void *, const struct officer_place *),
                   void *context)
{
    struct walk w = {.base = base,
                     .base_fd = open(base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                     .server = server,
                     .each = each,
                     .context = context};
    struct dirent **names = NULL;
    bool on = true;

    if (w.base_fd >= 0 && server)
        on = visit_server(&w);
    int n = w.base_fd >= 0 && !server ? scandirat(w.base_fd, ".", &names, is_visible, alphasort) : 0;
    for (int i = 0; i < n; i++) {
        w.server = names[i]->d_name;
        on = on && visit_server(&w);
        free(names[i]);
    }
    free(names);
    if (w.base_fd >= 0)
        close(w.base_fd);
    return on;
}

/* ── when he was here ──────────────────────────────────────────────────────────────────────────────────────────────── */

int64_t officers_seen(int dir)
{
    char text[24] = "", *end = text;
    int fd = openat(dir, SEEN, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
    long long value = n > 0 ? strtoll(text, &end, 10) : 0;

    if (fd >= 0)
        close(fd);
    return n > 0 && *end == '\n' && value > 0 ? value : INSTANT_NONE;
}

/* Written in place: what a crash leaves torn is no number, and he counts as seen at the next start. */
bool officers_set_seen(int dir, int64_t now, struct err *e)
{
    char text[24];
    int n = snprintf(text, sizeof(text), "%lld\n", (long long)now);
    int fd = openat(dir, SEEN, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    bool ok = fd >= 0 && write(fd, text, (size_t)n) == n;
    int why = errno;

    if (fd >= 0)
        close(fd);
    return ok || state_fail(e, why, SEEN);
}

/* ── who has not come ──────────────────────────────────────────────────────────────────────────────────────────────── */

struct absent {
    int64_t now;
    size_t n;
};

static bool forget_one(void *context, const struct officer_place *place)
{
    struct absent *a = context;
    int64_t seen = officers_seen(place->dir);

    if (seen == INSTANT_NONE) {
        officers_set_seen(place->dir, a->now, NULL);
        return true;
    }
    if (a->now - seen <= OFFICERS_ABSENT_SECONDS ||
        faccessat(place->dir, CACHE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    struct lease *lease = lease_new(place->dir);
    if (lease_take(lease) && cache_wipe(place->dir, NULL))
        a->n++;
    lease_free(&lease);
    return true;
}

size_t officers_forget_absent(const char *base, const char *server, int64_t now)
{
    struct absent a = {.now = now};

    officers_each(base, server, forget_one, &a);
    return a.n;
}
