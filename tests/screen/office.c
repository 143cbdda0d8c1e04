/* office: see office.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PLACE "chau-duc-2022"
#define POLL  6 /* seconds between two questions of who signs in, and one */

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The scenario stands beside the one whose people it uses. */
static char *write_scenario(const char *dir, const char *dossiers)
{
    char *place = file_text("training/scenarios/" PLACE ".json"),
         *beside = text_new("%s/" PLACE ".json", dir), *path = text_new("%s/office.json", dir);
    char *text = text_new("{'name': 'office', 'title': 'Một cửa', 'clock': '2022-12-29T08:00:00+07:00', "
                          "'use': '" PLACE "', 'closed_kept_days': 30, 'dossiers': %s}",
                          dossiers);

    for (char *c = text; (c = strchr(c, '\''));)
        *c = '"';
    assert_non_null(place);
    write_file(beside, place);
    write_file(path, text);
    free(place);
    free(beside);
    free(text);
    return path;
}

/* ── the phone ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void post_form(struct office *o, const char *url, const char *form, struct reply *reply)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};

    server_call(o->server, "POST", url, NULL, headers, form, reply);
}

void office_confirm(struct office *o, const char *code, const char *officer, bool accepts)
{
    char *url = text_new("%s/thiet-bi", o->server->base),
         *form = text_new("ma=%s&can_bo=%s&viec=%s", code, officer, accepts ? "dong_y" : "tu_choi");
    struct reply reply;

    post_form(o, url, form, &reply);
    if (reply.status != 200)
        fail_at(HERE, "the page answers %ld: %s", reply.status, reply.body);
    reply_clear(&reply);
    free(url);
    free(form);
}

void office_phone(struct office *o, const char *officer, struct reply *page)
{
    char *url = text_new("%s/ky-so?can_bo=%s", o->server->base, officer);

    server_call(o->server, "GET", url, NULL, NULL, NULL, page);
    assert_int_equal(page->status, 200);
    free(url);
}

void office_answer_phone(struct office *o, const char *officer, const char *code, const char *does)
{
    static const char name[] = "name=\"yeu_cau\" value=\"";
    struct reply page, reply;

    office_phone(o, officer, &page);
    assert_non_null(strstr(page.body, code));
    const char *id = strstr(page.body, name);
    assert_non_null(id);
    id += strlen(name);
    char *url = text_new("%s/ky-so", o->server->base),
         *form = text_new("yeu_cau=%.*s&viec=%s", (int)strcspn(id, "\""), id, does);
    post_form(o, url, form, &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    reply_clear(&page);
    free(url);
    free(form);
}

/* A token of the test's own. */
static char *sign_in(struct office *o, const char *officer)
{
    struct reply reply;

    server_call(o->server, "GET", "/about", NULL, NULL, NULL, &reply);
    char *client = text_new("%s", reply_text(&reply, "client_id")),
         *issuer = text_new("%s", reply_text(&reply, "issuer"));
    reply_clear(&reply);
    char *url = text_new("%s/.well-known/openid-configuration", issuer);
    server_call(o->server, "GET", url, NULL, NULL, NULL, &reply);
    char *device = text_new("%s", reply_text(&reply, "device_authorization_endpoint")),
         *token = text_new("%s", reply_text(&reply, "token_endpoint"));
    reply_clear(&reply);
    char *ask = text_new("client_id=%s&scope=openid", client);
    post_form(o, device, ask, &reply);
    office_confirm(o, reply_text(&reply, "user_code"), officer, true);
    char *poll = text_new("client_id=%s&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s",
                          client, reply_text(&reply, "device_code"));
    reply_clear(&reply);
    post_form(o, token, poll, &reply);
    if (!reply_text(&reply, "access_token"))
        fail_at(HERE, "no token for %s: %ld %s", officer, reply.status, reply.body);
    char *access = text_new("%s", reply_text(&reply, "access_token"));
    reply_clear(&reply);
    char *all[] = {client, issuer, url, device, token, ask, poll};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return access;
}

/* ── the office ────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct office *office_new(const char *dossiers)
{
    struct office *o = calloc(1, sizeof *o);

    assert_non_null(o);
    o->dir = home_new();
    o->keys = home_new();
    char *scenario = write_scenario(o->dir, dossiers);
    harness_keyring();
    o->server = server_start(ARGV("--scenario", scenario, "--keys", o->keys));
    free(scenario);
    o->watcher = sign_in(o, "quan");
    return o;
}

void office_free(struct office **at)
{
    struct office *o = *at;

    if (!o)
        return;
    server_free(&o->server);
    home_free(&o->dir);
    home_free(&o->keys);
    free(o->watcher);
    free(o->home);
    free(o);
    *at = NULL;
}

struct screen *office_door(struct office *o)
{
    static unsigned homes;
    char *home = text_new("%s/seat-%u", o->dir, homes++), *config = text_new("%s/config", home),
         *dir = text_new("%s/motcua", config), *path = text_new("%s/config", dir),
         *text = text_new("server = %s\ntraining_keys = %s\nlock_after = 1440\n%s", o->server->base,
                          o->server->keys, o->config ? o->config : "");

    mkdir(home, 0700);
    mkdir(config, 0700);
    mkdir(dir, 0700);
    write_file(path, text);
    struct screen *s = screen_start(&(struct screen_opts){.home = home, .term = o->term});
    screen_expect(s, "Đang chờ xác nhận trên điện thoại");
    free(o->home);
    o->home = home;
    char *all[] = {config, dir, path, text};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return s;
}

char *office_code(struct screen *s)
{
    char *text = screen_text(s), *code = NULL;

    for (const char *c = text; !code && (c = strchr(c, '-')); c++) {
        const char *from = c, *to = c + 1;
        while (from > text && from[-1] >= 'A' && from[-1] <= 'Z')
            from--;
        while (*to >= 'A' && *to <= 'Z')
            to++;
        if (c - from == 4 && to - c == 5)
            code = text_new("%.9s", from);
    }
    if (!code)
        fail_at(HERE, "no code on the screen:\n%s", text);
    free(text);
    return code;
}

struct screen *office_sit(struct office *o, const char *officer)
{
    struct screen *s = office_door(o);
    char *code = office_code(s);

    office_confirm(o, code, officer, true);
    free(code);
    screen_advance(s, POLL);
    screen_expect(s, "Hàng việc");
    screen_expect_row(s, 1, "trực tuyến"); /* the line, not the queue */
    screen_expect(s, "dữ liệu lúc ");
    return s;
}

/* Through the palette, from wherever it is. */
static void command(struct screen *s, const char *words, const char *label)
{
    char *found = text_new("> %s", label);

    screen_key(s, "Ctrl-P");
    screen_expect_row(s, -2, "Lệnh");
    screen_type(s, words);
    screen_expect(s, found);
    screen_key(s, "Enter");
    free(found);
}

void office_queues(struct screen *s)
{
    command(s, "hang viec", "Hàng việc");
    screen_expect_row(s, 2, "Hàng việc");
}

void office_queue(struct screen *s, const char *queue, const char *tail)
{
    office_queues(s);
    for (int row = 4; row < 22; row++) {
        char text[512], digit[2] = "";
        screen_row(s, row, text, sizeof text);
        if (!strstr(text, queue))
            continue;
        digit[0] = text[strspn(text, "> ")];
        screen_key(s, digit);
        screen_expect_row(s, 2, queue);
        screen_expect(s, tail);
        return;
    }
    screen_dump(s);
    fail_at(HERE, "there is no queue “%s”", queue);
}

void office_leave(struct screen **s)
{
    screen_expect(*s, "chưa gửi 0");
    command(*s, "dang xuat", "Đăng xuất"); /* the next officer at this machine is another */
    screen_expect(*s, "2  Đăng xuất");
    screen_key(*s, "2");
    screen_expect(*s, "Đang chờ xác nhận trên điện thoại");
    screen_key(*s, "q");
    assert_int_equal(screen_exit_code(*s), 0);
    screen_free(s);
}

void office_expect_at(struct office *o, const char *id, const char *where, const char *wanted, struct at at)
{
    char *path = text_new("/dossiers/%s", id), *last = NULL;
    int64_t until = harness_deadline();
    bool there = false;

    while (!there && harness_now() < until) {
        struct reply reply;
        server_call(o->server, "GET", path, o->watcher, NULL, NULL, &reply);
        const char *text = reply_text(&reply, where);
        there = text && strcmp(text, wanted) == 0;
        free(last);
        last = text_new("%ld %s", reply.status, text ? text : reply.body);
        reply_clear(&reply);
    }
    if (!there)
        fail_at(at, "%s of %s is not “%s” at the server but %s", where, id, wanted, last);
    free(path);
    free(last);
}

void office_touch(struct office *o, const char *id)
{
    char *path = text_new("/dossiers/%s", id), *actions = text_new("%s/actions", path);
    struct reply reply;

    server_call(o->server, "GET", path, o->watcher, NULL, NULL, &reply);
    char *etag = reply_header(&reply, "ETag"), *match = text_new("If-Match: %s", etag ? etag : "");
    reply_clear(&reply);
    server_call(o->server, "POST", actions, o->watcher, (const char *const[]){match, NULL},
                "{\"action\": \"comment\", \"note\": \"đã gọi người nộp\"}", &reply);
    if (reply.status != 200)
        fail_at(HERE, "%s: %ld %s", actions, reply.status, reply.body);
    reply_clear(&reply);
    free(path);
    free(actions);
    free(etag);
    free(match);
}

/* ── keystrokes ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void task_press_at(struct task *t, const char *keys, const char *then, struct at at)
{
    for (const char *c = keys; *c; c += strspn(c, " ")) {
        t->keys++;
        c += strcspn(c, " ");
    }
    screen_keys_at(t->screen, keys, at);
    if (then)
        screen_wait_at(t->screen, 0, then, true, at);
}

void task_done_at(const struct task *t, struct at at)
{
    print_message("             %s: %d of %d keys\n", t->name, t->keys, t->budget);
    if (t->keys > t->budget)
        fail_at(at, "%s costs %d keys, at most %d may be", t->name, t->keys, t->budget);
}
