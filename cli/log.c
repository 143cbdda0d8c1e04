/* log: one line after the other, none of it personal. It refuses to grow without end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/log.h"

#include "core/instant.h"
#include "core/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_BYTES (1024 * 1024)

struct log {
    int fd; /* -1: nothing is logged */
};

struct log *log_new(int dir)
{
    struct log *log = mem_alloc(sizeof *log);
    struct stat st;

    log->fd = openat(dir, "log", O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    if (log->fd >= 0 && (fstat(log->fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(log->fd);
        log->fd = -1;
    }
    return log;
}

void log_free(struct log **log)
{
    if (!*log)
        return;
    if ((*log)->fd >= 0)
        close((*log)->fd);
    free(*log);
    *log = NULL;
}

void log_line(struct log *log, int64_t at, const char *what, const char *which, const char *why)
{
    char when[INSTANT_TEXT];
    struct arena arena = {0};
    struct stat st;

    if (log->fd < 0)
        return;
    if (fstat(log->fd, &st) == 0 && st.st_size > MAX_BYTES && ftruncate(log->fd, 0) != 0)
        return;
    instant_format(at, 0, when);
    dprintf(log->fd, "%s %s %s: %s\n", when, text_shown(&arena, what), text_shown(&arena, which),
            text_shown(&arena, why));
    arena_clear(&arena);
}
