/* sshd: see sshd.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/sshd.h"

#include "tests/harness.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define SSHD "/usr/sbin/sshd"
#define SSH  "/usr/bin/ssh"

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static bool listens(unsigned port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = loopback(port);
    bool yes = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;

    close(fd);
    return yes;
}

static void write_file(const char *path, char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    free(text);
}

static void make_key(const char *path)
{
    struct run run;

    run_program(&run,
                (const char *const[]){"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path, NULL},
                NULL, NULL, NULL);
    if (run.status != 0)
        fail_at(HERE, "ssh-keygen: %s", run.err);
    run_clear(&run);
}

/* Who is let in is who runs the test, by a key of the test's own. */
static void configure(struct sshd *s, unsigned port)
{
    char *host = text_new("%s/host_key", s->dir), *own = text_new("%s/own_key", s->dir),
         *public = text_new("%s.pub", own), *allowed = text_new("%s/authorized_keys", s->dir),
         *server = text_new("%s/sshd_config", s->dir);
    const struct passwd *me = getpwuid(geteuid());

    assert_non_null(me);
    make_key(host);
    make_key(own);
    write_file(allowed, file_text(public));
    write_file(server, text_new("Port %u\nListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\nPidFile none\n"
                                "UsePAM no\nStrictModes no\nPasswordAuthentication no\nPermitRootLogin yes\n"
                                "StreamLocalBindUnlink yes\nLogLevel ERROR\n",
                                port, host, allowed));
    write_file(s->config, text_new("Host office\n HostName 127.0.0.1\n Port %u\n User %s\n IdentityFile %s\n"
                                   " IdentitiesOnly yes\n BatchMode yes\n StrictHostKeyChecking no\n LogLevel ERROR\n"
                                   " UserKnownHostsFile /dev/null\n ExitOnForwardFailure yes\n",
                                   port, me->pw_name, own));
    free(host);
    free(own);
    free(public);
    free(allowed);
    free(server);
}

struct sshd *sshd_start(const char *dir, const char **why)
{
    *why = access(SSHD, X_OK) != 0 || access(SSH, X_OK) != 0 ? "openssh-server is not installed" : NULL;
    if (geteuid() == 0 && mkdir("/run/sshd", 0755) != 0 && access("/run/sshd", F_OK) != 0)
        *why = "sshd wants /run/sshd";
    if (*why)
        return NULL;
    struct sshd *s = calloc(1, sizeof *s);
    unsigned port = (unsigned)harness_port();
    int64_t until = harness_deadline();
    assert_non_null(s);
    s->dir = text_new("%s/sshd", dir);
    s->config = text_new("%s/ssh_config", s->dir);
    assert_int_equal(mkdir(s->dir, 0700), 0);
    configure(s, port);
    char *server = text_new("%s/sshd_config", s->dir);
    s->pid = child_start(&(struct child){.argv = (const char *const[]){SSHD, "-D", "-e", "-f", server, NULL}});
    free(server);
    while (!listens(port)) {
        if (harness_now() >= until)
            fail_at(HERE, "sshd does not listen");
        poll(NULL, 0, 20);
    }
    return s;
}

void sshd_stop(struct sshd **at)
{
    struct sshd *s = *at;

    if (!s)
        return;
    kill(s->pid, SIGTERM);
    child_wait(s->pid, harness_deadline());
    free(s->config);
    free(s->dir);
    free(s);
    *at = NULL;
}

pid_t sshd_forward(const struct sshd *s, const char *office, const char *home)
{
    char *both = text_new("%s:%s", office, home);
    int64_t until = harness_deadline();
    pid_t pid = child_start(
        &(struct child){.argv = (const char *const[]){SSH, "-F", s->config, "-N", "-R", both, "office", NULL}});

    free(both);
    while (access(office, F_OK) != 0) {
        if (harness_now() >= until)
            fail_at(HERE, "ssh forwards no socket to %s", office);
        poll(NULL, 0, 20);
    }
    return pid;
}
