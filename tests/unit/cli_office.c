/* cli_office: see cli_office.h. It knows the command line as a script does: arguments, stdout, stderr, exit status.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void office_open(struct office *o, const char *const extra[])
{
    const char *args[20] = {"--auto-approve", "any"};

    for (size_t i = 0; extra && extra[i] && i < 16; i++)
        args[2 + i] = extra[i];
    harness_keyring();
    *o = (struct office){.server = server_start(args), .home = home_new()};
}

void office_close(struct office *o)
{
    run_clear(&o->run);
    server_free(&o->server);
    home_free(&o->home);
    home_free(&o->kept);
}

int office_open_kept(void **state)
{
    struct office *o = calloc(1, sizeof *o);
    char *directory = home_new(), *file = text_new("%s/central.db", directory);

    office_open(o, ARGS("--dossiers", "300", "--db", file));
    o->kept = directory;
    free(file);
    *state = o;
    return 0;
}

int office_close_kept(void **state)
{
    office_close(*state);
    free(*state);
    return 0;
}

static const char *base_of(const struct office *o)
{
    return o->base ? o->base : o->server->base;
}

int office_run_env(struct office *o, const char *const env[], const char *const args[])
{
    const char *argv[32] = {"motcua"};
    size_t n = 1;

    for (size_t i = 0; args[i] && n < 28; i++)
        argv[n++] = args[i];
    argv[n++] = "--server";
    argv[n++] = base_of(o);
    run_clear(&o->run);
    run_program(&o->run, argv, env, o->home, NULL);
    return o->run.status;
}

void office_expect_at(struct office *o, int status, const char *const args[], struct at at)
{
    if (office_run_env(o, NULL, args) != status)
        fail_at(at, "motcua %s %s ended with %d, not %d\n%s\n%s", args[0], args[1] ? args[1] : "",
                o->run.status, status, o->run.out, o->run.err);
}

json_t *office_json_at(struct office *o, struct at at)
{
    json_error_t error;
    json_t *json = json_loads(o->run.out, 0, &error);

    if (!json)
        fail_at(at, "this is no JSON (%s):\n%s\n%s", error.text, o->run.out, o->run.err);
    return json;
}

char *office_problem_at(struct office *o, struct at at)
{
    json_t *json = json_loads(o->run.err, 0, NULL);
    const char *title = json_string_value(json_object_get(json, "title"));

    if (!title)
        fail_at(at, "this is no problem with a title:\n%s", o->run.err);
    char *text = text_new("%s", title);
    json_decref(json);
    return text;
}

/* ── signing in ──────────────────────────────────────────────────────────────────────────────────────────────────── */

void office_decide(struct office *o, const char *user_code, const char *officer, bool yes)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    char *url = text_new("%s/thiet-bi", o->server->base);
    char *body = text_new("ma=%s&can_bo=%s&viec=%s", user_code, officer, yes ? "dong_y" : "tu_choi");
    struct reply reply;

    server_call(o->server, "POST", url, NULL, headers, body, &reply);
    if (reply.status != 200)
        fail_at(HERE, "the page did not take the code: %ld %s", reply.status, reply.body);
    reply_clear(&reply);
    free(url);
    free(body);
}

/* The first line that the child prints, or what it printed before its end. */
static char *first_line(int fd)
{
    char *line = calloc(1, 4096);
    size_t n = 0;

    for (int64_t until = harness_deadline(); line && n < 4095 && harness_now() < until;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, 100) <= 0)
            continue;
        if (read(fd, line + n, 1) != 1 || line[n] == '\n')
            break;
        n++;
    }
    if (line)
        line[n] = '\0';
    return line;
}

/* motcua-t, so that the pause between two questions is not waited for. */
bool office_sign_in(struct office *o, const char *officer)
{
    const char *const argv[] = {"motcua-t", "login", "--json", "--server", base_of(o), NULL};
    int clock[2], out[2];
    char answer[8];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, clock) != 0 || pipe(out) != 0)
        fail_at(HERE, "no descriptors");
    pid_t pid = child_start(
        &(struct child){.argv = argv, .home = o->home, .out = out[1], .err = out[1], .pass = clock[1]});
    close(out[1]);
    close(clock[1]);
    char *line = first_line(out[0]);
    json_t *said = json_loads(line, 0, NULL);
    const char *code = json_string_value(json_object_get(said, "user_code"));
    bool lasts = !(line && strstr(line, "urn:motcua:problem:store"));
    if (code) {
        office_decide(o, code, officer, true);
        if (send(clock[0], "advance 6", 9, MSG_NOSIGNAL) != 9 || recv(clock[0], answer, sizeof answer, 0) != 2)
            fail_at(HERE, "the clock of login did not move");
    }
    int status = child_wait(pid, harness_deadline());
    if (lasts && (!code || status != 0))
        fail_at(HERE, "login ended with %d: %s", status, line);
    json_decref(said);
    free(line);
    close(clock[0]);
    close(out[0]);
    return lasts;
}

/* ── dossiers ────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *office_dossier(struct office *o, const char *queue)
{
    office_expect(o, 0, "list", "--queue", queue, "--limit", "1", "--json");
    json_t *list = office_json(o);
    const char *id = json_string_value(json_object_get(json_array_get(list, 0), "id"));

    if (!id)
        fail_at(HERE, "no dossier in %s", queue);
    char *copy = text_new("%s", id);
    json_decref(list);
    return copy;
}

json_t *office_at_server(struct office *o, const char *login_hint, const char *dossier)
{
    char *token = server_token(o->server, login_hint), *path = text_new("/dossiers/%s", dossier);
    struct reply reply;

    server_call(o->server, "GET", path, token, NULL, NULL, &reply);
    if (reply.status != 200)
        fail_at(HERE, "GET %s: %ld %s", path, reply.status, reply.body);
    json_t *json = json_incref(reply.json);
    reply_clear(&reply);
    free(token);
    free(path);
    return json;
}
