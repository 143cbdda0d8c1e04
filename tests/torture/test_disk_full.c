/* A small disk of which so many KiB are free when a wish is saved, from none to more than it takes: nothing is called saved that is not,
 * it is said in a sentence, and once there is room again everything goes on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/cases.h"
#include "tests/torture/ground.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { STEP = 4, MOST = 256 }; /* KiB; a page of tmpfs, and more than a wish and its answer take */

struct tight {
    struct ground *ground;
    int room; /* KiB */
    bool syncs;
};

/* In a mount namespace of the case's own, which goes with it. */
static bool mount_disk(const char *disk)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", disk, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=0700") == 0;
}

static void leave(const char *disk, const char *filler, int room)
{
    struct statvfs st;
    int fd = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || statvfs(disk, &st) != 0)
        fail_at(HERE, "%s: %s", filler, strerror(errno));
    off_t size = (off_t)(st.f_bavail * st.f_bsize) - (off_t)room * 1024;
    int why = posix_fallocate(fd, 0, size);
    if (why != 0)
        fail_at(HERE, "%s: %s", filler, strerror(why));
    close(fd);
}

static void on_a_tight_disk(void *context)
{
    struct tight *t = context;
    const char *dossier = t->ground->dossiers[(size_t)(t->room / STEP) % t->ground->n];
    char *home = home_new(), *disk = text_new("%s/state", home), *filler = text_new("%s/filler", disk),
         *note = text_new("%s: còn %d KiB", t->syncs ? "sync" : "act", t->room);
    struct run run;

    if (!mount_disk(disk))
        fail_at(HERE, "no small disk: %s", strerror(errno));
    ground_copy_to(t->ground, home);
    if (t->syncs)
        ground_touch(t->ground, dossier);
    leave(disk, filler, t->room);
    if (t->syncs)
        ground_run(t->ground, home, NULL, ARGS("sync", "--once", "--json"), &run);
    else
        ground_run(t->ground, home, NULL, ARGS("act", dossier, "comment", "--note", note, "--json"), &run);
    unlink(filler);
    ground_expect_honest(&run, true);
    ground_check(t->ground, home, dossier, note, !t->syncs && ground_told(&run));
    ground_check_journal(t->ground, home);
    run_clear(&run);
    umount2(disk, MNT_DETACH);
    free(note);
    free(filler);
    free(disk);
    home_free(&home);
}

/* Whether a namespace may be made here, without staying in it. */
static bool may_mount(void)
{
    int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    bool may = own >= 0 && unshare(CLONE_NEWNS) == 0 && setns(own, CLONE_NEWNS) == 0;

    close(own);
    return may;
}

int main(void)
{
    struct ground ground;
    const char *why = may_mount() ? NULL : "no disk can be mounted here";

    if (!why)
        why = ground_new(&ground);
    if (why) {
        cases_skip(why);
        return cases_end();
    }
    for (int room = 0; room <= MOST; room += STEP * cases_every(1))
        for (int syncs = 0; syncs < 2; syncs++)
            case_run(on_a_tight_disk, (&(struct tight){&ground, room, syncs}), "%s, %d KiB are free",
                     syncs ? "sync" : "act", room);
    ground_free(&ground);
    return cases_end();
}
