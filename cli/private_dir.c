/* private_dir: made, locked, removed. It refuses to remove what is locked by a living process or belongs to somebody else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/private_dir.h"

#include "core/i18n.h"
#include "core/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "motcua-demo."

static const char *parent_dir(void)
{
    const char *run = getenv("XDG_RUNTIME_DIR");

    return run && run[0] == '/' && access(run, W_OK | X_OK) == 0 ? run : "/tmp";
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)ftw;
    /* Not remove(), which tries to unlink a directory first: of what holds ours we may remove directories alone (harden.h). */
    return (kind == FTW_DP ? rmdir(path) : unlink(path)) == 0 ? 0 : -1;
}

/* The directory, locked by us; -1: it is somebody's, or no directory of ours. The kernel unlocks it with its process. */
static int take(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void remove_abandoned(const char *parent)
{
    DIR *dir = opendir(parent);

    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        struct private_dir old = {.path = mem_format("%s/%s", parent, entry->d_name)};
        old.lock = take(old.path);
        if (old.lock >= 0)
            private_dir_remove(&old);
        mem_free(&old.path);
    }
    if (dir)
        closedir(dir);
}

bool private_dir_make(struct private_dir *dir, struct err *e)
{
    const char *parent = parent_dir();

    remove_abandoned(parent);
    dir->path = mem_format("%s/" PREFIX "XXXXXX", parent);
    dir->lock = mkdtemp(dir->path) ? take(dir->path) : -1;
    if (dir->lock >= 0)
        return true;
    err_set(e, ERR_STORE, _("No private directory could be made for the demo (%s)."), strerrorname_np(errno));
    mem_free(&dir->path);
    return false;
}

void private_dir_remove(struct private_dir *dir)
{
    if (!dir->path)
        return;
    nftw(dir->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    close(dir->lock);
    mem_free(&dir->path);
}
