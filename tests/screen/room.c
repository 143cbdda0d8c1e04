/* room: see room.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int room_open(void **state)
{
    struct room *r = calloc(1, sizeof *r);

    assert_non_null(r);
    harness_keyring();
    r->officer = "mai";
    r->home = home_new();
    r->database = text_new("%s/central.db", r->home);
    r->server = server_start(ARGV("--scenario", "mockups", "--auto-approve", "any", "--db", r->database));
    char *line = text_new("server = %s\nlock_after = 1440", r->server->base);
    room_configure(r, line);
    free(line);
    *state = r;
    return 0;
}

int room_close(void **state)
{
    struct room *r = *state;

    server_free(&r->server);
    home_free(&r->home);
    free(r->database);
    free(r);
    return 0;
}

void room_configure(struct room *r, const char *line)
{
    char *dir = text_new("%s/config/motcua", r->home), *path = text_new("%s/config", dir);

    mkdir(dir, 0700);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fprintf(file, "%s\n", line);
    fclose(file);
    free(dir);
    free(path);
}

/* ── screens ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct screen *room_start(struct room *r, int rows, int cols)
{
    return screen_start(
        &(struct screen_opts){.argv = ARGV("motcua-t"), .home = r->home, .rows = rows, .cols = cols});
}

/* The code that is shown, "BCDF-GHJK". */
static bool code_shown(struct screen *s, char code[static 16])
{
    char *text = screen_text(s);
    bool found = false;

    for (const char *at = text; !found && (at = strchr(at, '-')); at++)
        found = at - text >= 4 && strspn(at - 4, "BCDFGHJKLMNPQRSTVWXZ") == 4 &&
                strspn(at + 1, "BCDFGHJKLMNPQRSTVWXZ") == 4 && snprintf(code, 16, "%.9s", at - 4) == 9;
    free(text);
    return found;
}

void room_advance(struct room *r, struct screen *s, int seconds)
{
    server_advance(r->server, seconds);
    screen_advance(s, seconds);
    r->ahead += seconds;
}

void room_sign_in(struct room *r, struct screen *s)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    char code[16], *url = text_new("%s/thiet-bi", r->server->base);
    int64_t until = harness_deadline();
    struct reply reply;

    while (!code_shown(s, code)) {
        if (harness_now() > until)
            fail_at(HERE, "no code to sign in with");
        screen_read(s, 50);
    }
    char *body = text_new("ma=%s&can_bo=%s&viec=dong_y", code, r->officer);
    server_call(r->server, "POST", url, NULL, headers, body, &reply);
    assert_int_equal(reply.status, 200);
    reply_clear(&reply);
    free(body);
    free(url);
    room_advance(r, s, 6); /* it asks every 5 seconds whether there is a yes */
}

struct screen *room_screen(struct room *r, int rows, int cols)
{
    struct screen *s = room_start(r, rows, cols);
    int behind = r->ahead;
    char code[16];

    for (int64_t until = harness_deadline(); harness_now() < until && !screen_has(s, "dữ liệu lúc ");) {
        if (code_shown(s, code)) {
            room_sign_in(r, s);
            break;
        }
        screen_read(s, 50);
    }
    screen_expect(s, "Hàng việc");
    screen_expect(s, "dữ liệu lúc ");
    screen_expect(s, "trực tuyến ·");
    if (behind) /* one machine, one clock; not earlier, or what is on its way would be given up as late */
        screen_advance(s, behind);
    return s;
}

bool room_lasts(struct room *r)
{
    struct run run;

    run_program(&run, ARGV("motcua-t", "queues"), NULL, r->home, NULL);
    bool lasts = run.status == 0;
    run_clear(&run);
    return lasts;
}

void room_seek_at(struct screen *s, const char *key, int row, const char *text, struct at at)
{
    int64_t until = harness_deadline();

    while (!screen_row_has(s, row, text)) {
        if (harness_now() > until)
            fail_at(at, "%s does not lead to “%s”", key, text);
        screen_key(s, key);
        screen_read(s, 200);
    }
}

void room_all_sent(struct screen *s)
{
    int64_t until = harness_deadline();

    while (!screen_row_has(s, 1, "trực tuyến ·") || !screen_row_has(s, 1, "chưa gửi 0")) {
        if (harness_now() > until) {
            screen_dump(s);
            fail_at(HERE, "something still waits to be sent");
        }
        screen_advance(s, 11); /* over the ten seconds, and the longest wait for the first new try */
        screen_read(s, 100);
    }
}

void room_says_at(struct screen *s, const char *sentence, struct at at)
{
    for (int64_t until = harness_deadline(); harness_now() < until; screen_read(s, 100)) {
        char *text = screen_text(s), *to = text;
        for (const char *from = text; *from; from++) /* rows become words, spaces one space */
            if ((*from != ' ' && *from != '\n') || (to > text && to[-1] != ' '))
                *to++ = *from == '\n' ? ' ' : *from;
        *to = '\0';
        bool there = strstr(text, sentence);
        free(text);
        if (there)
            return;
    }
    screen_dump(s);
    fail_at(at, "“%s” did not come on the screen", sentence);
}

/* ── the server's side ───────────────────────────────────────────────────────────────────────────────────────────── */

static void ask(struct room *r, const char *officer, const char *path, struct reply *reply)
{
    char *token = server_token(r->server, officer);

    server_call(r->server, "GET", path, token, NULL, NULL, reply);
    if (reply->status != 200)
        fail_at(HERE, "GET %s: %ld %s", path, reply->status, reply->body);
    free(token);
}

char *room_events(struct room *r, const char *dossier, const char *by)
{
    char *path = text_new("/dossiers/%s/events", dossier), *said = text_new("%s", "");
    struct reply reply;
    json_t *event;
    size_t i;

    ask(r, "mai", path, &reply);
    json_t *all = json_is_array(reply.json) ? reply.json : reply_at(&reply, "items");
    assert_true(json_is_array(all));
    json_array_foreach(all, i, event)
    {
        const char *who = json_string_value(json_object_get(json_object_get(event, "by"), "id")),
                   *what = json_string_value(json_object_get(event, "action"));
        if (!who)
            who = json_string_value(json_object_get(event, "by"));
        if (!who || !what || strcmp(who, by) != 0 || strcmp(what, "create") == 0)
            continue;
        char *longer = text_new("%s%s%s", said, *said ? " " : "", what);
        free(said);
        said = longer;
    }
    reply_clear(&reply);
    free(path);
    return said;
}

char *room_status(struct room *r, const char *dossier)
{
    char *path = text_new("/dossiers/%s", dossier);
    struct reply reply;

    ask(r, "mai", path, &reply);
    char *status = text_new("%s", reply_text(&reply, "status"));
    reply_clear(&reply);
    free(path);
    return status;
}

void room_act(struct room *r, const char *officer, const char *dossier, const char *action, const char *more)
{
    char *path = text_new("/dossiers/%s", dossier), *actions = text_new("%s/actions", path),
         *token = server_token(r->server, officer),
         *body = text_new("{\"action\":\"%s\",\"acted_at\":\"2022-12-29T09:42:00+07:00\"%s}", action, more);
    struct reply reply;

    ask(r, officer, path, &reply);
    char *tag = reply_header(&reply, "ETag");
    assert_non_null(tag);
    reply_clear(&reply);
    char *match = text_new("If-Match: %s", tag);
    server_call(r->server, "POST", actions, token, ARGV(match), body, &reply);
    if (reply.status != 200)
        fail_at(HERE, "%s by %s: %ld %s", action, officer, reply.status, reply.body);
    reply_clear(&reply);
    char *all[] = {path, actions, token, body, tag, match};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}
