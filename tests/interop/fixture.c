/* fixture: see fixture.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/interop/fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_MS = 60000 }; /* node reads a hundred megabytes of modules first */

void fixture_new(struct fixture *f, const char *name)
{
    const char *home = getenv("HOME");

    *f = (struct fixture){.port = harness_port()};
    f->log = text_new("%s/%s-%d.log", home ? home : "/tmp", name, f->port);
}

static bool has_said(const struct fixture *f, const char *words)
{
    char *log = fixture_said(f);
    bool said = strstr(log, words) != NULL;

    free(log);
    return said;
}

void fixture_start(struct fixture *f, const char *const argv[], const char *ready)
{
    int log = open(f->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    int64_t until = harness_now() + READY_MS;

    if (log < 0)
        fail_at(HERE, "%s: %s", f->log, strerror(errno));
    f->pid = child_start(&(struct child){.argv = argv, .out = log, .err = log});
    close(log);
    while (!has_said(f, ready)) {
        int status = child_wait(f->pid, harness_now() + 50);
        if (status < 0 && harness_now() < until)
            continue;
        char *said = fixture_said(f);
        fail_at(HERE, "%s is not ready (%d): %s", argv[0], status, said);
    }
}

void fixture_stop(struct fixture *f)
{
    if (f->pid > 0) {
        kill(f->pid, SIGTERM);
        if (child_wait(f->pid, harness_deadline()) < 0) {
            kill(f->pid, SIGKILL);
            waitpid(f->pid, NULL, 0);
        }
    }
    free(f->log);
    *f = (struct fixture){0};
}

char *fixture_said(const struct fixture *f)
{
    char *text = file_text(f->log);

    return text ? text : text_new("%s", "");
}

char *fixture_path(const char *name)
{
    char *below = text_new("interop/%s", name), *path = build_path(below);

    free(below);
    return path;
}

void fixture_configure(struct office *o, const char *line)
{
    char *dir = text_new("%s/config/motcua", o->home), *path = text_new("%s/config", dir);
    FILE *file = mkdir(dir, 0700) == 0 || errno == EEXIST ? fopen(path, "a") : NULL;

    if (!file || fprintf(file, "%s\n", line) < 0 || fclose(file) != 0)
        fail_at(HERE, "%s: %s", path, strerror(errno));
    free(dir);
    free(path);
}

void expect_there_at(struct office *o, const char *id, const char *where, const char *wanted, struct at at)
{
    struct reply reply = {.json = office_at_server(o, "quan", id)};
    const char *is = reply_text(&reply, where);

    if (!is || strcmp(is, wanted) != 0)
        fail_at(at, "%s of %s is “%s” and not “%s”", where, id, is ? is : "", wanted);
    reply_clear(&reply);
}
