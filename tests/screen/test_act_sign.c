/* A signature on the command line: the statement on the terminal, the typed characters, the server's word; without a terminal, the phone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/pty.h"
#include "tests/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct post {
    char *keys, *home, *id, *code;
    struct server *server;
};

static json_t *motcua(struct post *p, const char *const args[])
{
    const char *argv[12] = {"motcua-t"};
    struct run run;
    size_t n = 1;

    for (size_t i = 0; args[i]; i++)
        argv[n++] = args[i];
    argv[n++] = "--json";
    run_program(&run, argv, NULL, p->home, NULL);
    if (run.status == 1 && strstr(run.err, "urn:motcua:problem:store")) {
        run_clear(&run);
        return NULL;
    }
    if (run.status != 0)
        fail_at(HERE, "motcua %s: %d %s", args[0], run.status, run.err);
    json_t *json = json_loads(run.out, 0, NULL);
    run_clear(&run);
    return json;
}

/* quan, who signs for the district, with a dossier that waits for it; false: this machine keeps no session. */
static bool begin(struct post *p)
{
    p->keys = home_new();
    p->home = home_new();
    harness_keyring();
    p->server = server_start(ARGV("--dossiers", "300", "--auto-approve", "quan", "--keys", p->keys));
    char *dir = text_new("%s/config/motcua", p->home), *path = text_new("%s/config", dir);
    mkdir(dir, 0700);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "server = %s\ntraining_keys = %s\n", p->server->base, p->server->keys);
    fclose(file);
    free(dir);
    free(path);
    json_t *login = motcua(p, ARGV("login"));
    if (!login)
        return false;
    json_decref(login);
    json_decref(motcua(p, ARGV("sync", "--once")));
    json_t *list = motcua(p, ARGV("list", "--queue", "to_sign")), *d;
    size_t i;
    json_array_foreach(list, i, d)
    {
        const char *by = json_string_value(json_object_get(json_object_get(d, "proposal"), "by"));
        if (p->id || !by || strcmp(by, "quan") == 0)
            continue;
        p->id = text_new("%s", json_string_value(json_object_get(d, "id")));
        p->code = text_new("%s", json_string_value(json_object_get(d, "code")));
    }
    json_decref(list);
    assert_non_null(p->id);
    return true;
}

static void end(struct post *p)
{
    server_free(&p->server);
    home_free(&p->keys);
    home_free(&p->home);
    free(p->id);
    free(p->code);
}

static char *step_at_server(struct post *p)
{
    char *token = server_token(p->server, "quan"), *path = text_new("/dossiers/%s", p->id);
    struct reply reply;

    server_call(p->server, "GET", path, token, NULL, NULL, &reply);
    char *step = text_new("%s", reply_text(&reply, "step"));
    reply_clear(&reply);
    free(token);
    free(path);
    return step;
}

static struct screen *sign(struct post *p, const char *action, const char *note)
{
    struct screen *s = screen_start(&(struct screen_opts){
        .argv = ARGV("motcua-t", "act", p->id, action, note ? "--note" : NULL, note), .home = p->home, .cols = 132});

    screen_expect(s, p->code);
    screen_expect(s, "Gõ 4 ký tự cuối");
    return s;
}

static void what_is_typed_decides(struct post *p)
{
    static const char *const wrong[] = {"\r", "yes\r", "0000 \r", "\x04"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct screen *s = sign(p, "approve", NULL);
        screen_expect(s, "onestop/decision/1");
        screen_send(s, wrong[i], strlen(wrong[i]));
        assert_int_equal(screen_exit_code(s), 1);
        screen_read(s, 0);
        assert_true(screen_has(s, "Chưa ký."));
        screen_free(&s);
    }
    char *step = step_at_server(p);
    assert_string_equal(step, "approval");
    free(step);

    struct screen *s = sign(p, "refuse_result", "không đủ điều kiện");
    char *last = text_new("%s\r", p->code + strlen(p->code) - 4);
    screen_expect(s, "không đủ điều kiện");
    screen_expect(s, "TỪ CHỐI");
    screen_send(s, last, strlen(last));
    assert_int_equal(screen_exit_code(s), 0);
    screen_read(s, 0);
    assert_true(screen_has(s, "hệ thống đã ghi nhận"));
    screen_free(&s);
    step = step_at_server(p);
    assert_string_equal(step, "issuing");
    free(step);
    free(last);
}

static void a_hand_signs_and_nothing_else_does(void **state)
{
    struct post p = {0};
    bool ready = begin(&p);

    (void)state;
    if (ready)
        what_is_typed_decides(&p);
    end(&p);
    if (!ready)
        skip();
}

/* quan's phone says yes by itself (--auto-approve), in a few seconds. */
static void without_a_terminal_the_phone_signs(void **state)
{
    struct post p = {0};
    bool ready = begin(&p);

    (void)state;
    if (ready) {
        struct run run;
        run_program(&run, ARGV("motcua-t", "act", p.id, "approve", "--json"), NULL, p.home, NULL);
        assert_int_equal(run.status, 0);
        json_t *row = json_loads(run.out, 0, NULL), *waits = json_loads(run.err, 0, NULL);
        assert_string_equal(json_string_value(json_object_get(row, "state")), "DONE");
        assert_int_equal(json_string_length(json_object_get(waits, "confirmation_code")), 4);
        json_decref(waits);
        json_decref(row);
        run_clear(&run);
        char *step = step_at_server(&p);
        assert_string_equal(step, "issuing");
        free(step);
    }
    end(&p);
    if (!ready)
        skip();
}

/* signer = phone: seen and typed here, then confirmed there. */
static void at_a_terminal_the_phone_signs_as_well(void **state)
{
    struct post p = {0};
    bool ready = begin(&p);

    (void)state;
    if (ready) {
        char *path = text_new("%s/config/motcua/config", p.home),
             *last = text_new("%s\r", p.code + strlen(p.code) - 4);
        FILE *file = fopen(path, "a");
        assert_non_null(file);
        fputs("signer = phone\n", file);
        fclose(file);
        struct screen *s = sign(&p, "approve", NULL);
        screen_expect(s, "Ký bằng: điện thoại");
        screen_send(s, last, strlen(last));
        screen_expect(s, "Chờ xác nhận trên điện thoại, mã ");
        server_advance(p.server, 3);
        screen_advance(s, 2);
        assert_int_equal(screen_exit_code(s), 0);
        screen_free(&s);
        char *step = step_at_server(&p);
        assert_string_equal(step, "issuing");
        free(step);
        free(last);
        free(path);
    }
    end(&p);
    if (!ready)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hand_signs_and_nothing_else_does),
        cmocka_unit_test(without_a_terminal_the_phone_signs),
        cmocka_unit_test(at_a_terminal_the_phone_signs_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
