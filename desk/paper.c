/* paper: lp and lpstat as children, for what speaks to printers is theirs (CUPS), and files that are new. It refuses to write over a file,
 * and puts nothing of a dossier among a program's arguments.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/paper.h"

#include "core/i18n.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_MOST 65536
#define NAMES     99 /* tries for a file's name */

extern char **environ;

/* ── children ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A program that speaks over one socket: what it reads, and what it says on both outputs. -1: there is none of that name. */
static pid_t start(const char *const argv[], int *fd)
{
    int pair[2];
    pid_t pid = -1;
    posix_spawn_file_actions_t actions;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    for (int to = STDIN_FILENO; to <= STDERR_FILENO; to++)
        posix_spawn_file_actions_adddup2(&actions, pair[1], to);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ) != 0)
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(pair[1]);
    if (pid < 0)
        close(pair[0]);
    *fd = pair[0];
    return pid;
}

/* Gives it all, then hears it out. Its exit status; -1: it was killed. */
static int speak(pid_t pid, int fd, const struct buf *gives, struct buf *said)
{
    char piece[4096];
    ssize_t n;
    int status;

    for (size_t sent = 0; gives && sent < gives->len; sent += (size_t)n) {
        n = send(fd, gives->data + sent, gives->len - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            n = 0;
        else if (n <= 0)
            break; /* it says why */
    }
    shutdown(fd, SHUT_WR);
    while ((n = read(fd, piece, sizeof piece)) != 0) {
        if (n < 0 && errno != EINTR)
            break;
        if (n > 0 && said->len < SAID_MOST)
            buf_add(said, piece, (size_t)n);
    }
    close(fd);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool ask(const char *const argv[], struct buf *said)
{
    int fd;
    pid_t pid = start(argv, &fd);

    return pid > 0 && speak(pid, fd, NULL, said) == 0;
}

/* ── printers ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "system default destination: NAME", in whatever language: what stands behind the last blank. */
static char *default_printer(void)
{
    struct buf said = {0};
    char *name = NULL;

    if (ask((const char *const[]){"lpstat", "-d", NULL}, &said) && said.len > 0) {
        said.data[strcspn(said.data, "\n")] = '\0';
        char *colon = strrchr(said.data, ':'), *blank = strrchr(said.data, ' ');
        if (colon && blank && blank > colon)
            name = mem_copy(blank + 1);
    }
    buf_clear(&said);
    return name;
}

json_t *paper_printers(void)
{
    char *first = default_printer(), *rest = NULL;
    struct buf said = {0};
    json_t *names = json_array();

    if (ask((const char *const[]){"lpstat", "-e", NULL}, &said) && said.len > 0)
        for (char *line = strtok_r(said.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            json_t *name = json_string(line); /* NULL: not UTF-8, and no printer's name */
            if (name && first && strcmp(line, first) == 0)
                json_array_insert_new(names, 0, name);
            else if (name)
                json_array_append_new(names, name);
        }
    buf_clear(&said);
    free(first);
    return names;
}

/* What it said, as a part of a sentence of ours. */
static const char *reason_of(struct buf *said, struct arena *arena)
{
    while (said->len > 0 && strchr("\n .", said->data[said->len - 1]))
        said->data[--said->len] = '\0';
    return said->len > 0 ? text_cut(arena, text_shown(arena, said->data), 200) : "lp";
}

bool paper_print(const char *printer, int copies, const char *title, enum sheet_size size,
                 const struct buf *pdf, struct err *e)
{
    char *number = mem_format("%d", copies);
    const char *const argv[] = {"lp",  "-d",          printer,
                                "-n",  number,        "-t",
                                title, "-o",          size == SHEET_A4 ? "media=A4" : "media=A5",
                                "-o",  "fit-to-page", NULL};
    struct buf said = {0};
    struct arena arena = {0};
    const char *why = NULL;
    int fd;
    pid_t pid = start(argv, &fd);
    int status = pid < 0 ? -1 : speak(pid, fd, pdf, &said);

    if (pid < 0)
        why = _("the program lp is not here (package cups-client)");
    else if (status != 0)
        why = reason_of(&said, &arena);
    if (why)
        err_set(e, ERR_REFUSED,
                _("The printer does not take it: %s. Not printed. Choose another one, or press o to save a PDF."),
                why);
    mem_free(&number);
    buf_clear(&said);
    arena_clear(&arena);
    return status == 0;
}

/* ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "x.pdf", "x-2.pdf", …: the first that is not there. -1: errno says why. */
static int open_new(int directory, const char *name, char **made)
{
    const char *dot = strrchr(name, '.');
    int stem = dot ? (int)(dot - name) : (int)strlen(name), fd = -1;

    for (int i = 1; i <= NAMES && fd < 0; i++) {
        *made = i == 1 ? mem_copy(name) : mem_format("%.*s-%d%s", stem, name, i, dot ? dot : "");
        fd = openat(directory, *made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0) {
            mem_free(made);
            if (errno != EEXIST)
                break;
        }
    }
    return fd;
}

static bool write_all(int fd, const struct buf *bytes)
{
    for (size_t at = 0; at < bytes->len;) {
        ssize_t n = write(fd, bytes->data + at, bytes->len - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0;
}

bool paper_save(const char *directory, const char *name, const struct buf *bytes, char **path, struct err *e)
{
    int place = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1, why = 0;
    char *made = NULL;
    bool ok =
        !strchr(name, '/') && place >= 0 && (fd = open_new(place, name, &made)) >= 0 && write_all(fd, bytes);

    if (!ok) {
        why = errno;
        if (made)
            unlinkat(place, made, 0);
        err_set(e, ERR_STORE, _("It cannot be saved in %s (%s). Nothing was saved."), directory,
                strerrorname_np(why));
    } else {
        *path = mem_format("%s/%s", directory, made);
    }
    if (fd >= 0)
        close(fd);
    if (place >= 0)
        close(place);
    mem_free(&made);
    return ok;
}
