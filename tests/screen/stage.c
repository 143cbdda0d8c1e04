/* stage: see stage.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/stage.h"

#include "tests/screen/wishes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DAY "2022-12-29"

/* Where the server is and where the keys lie, as an officer's machine is told. */
static void configure(const struct stage *p)
{
    char *dir = text_new("%s/config/motcua", p->home), *path = text_new("%s/config", dir);

    mkdir(dir, 0700);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "server = %s\ntraining_keys = %s\nlock_after = 1440\n", p->server->base, p->server->keys);
    fclose(file);
    free(dir);
    free(path);
}

struct stage *stage_new(const char *scenario, const char *officer, const char *clock)
{
    struct stage *p = calloc(1, sizeof *p);

    assert_non_null(p);
    p->scenario = scenario;
    p->home = home_new();
    p->keys = home_new();
    snprintf(p->now, sizeof p->now, DAY "T%s%s+07:00", clock, strlen(clock) == 5 ? ":00" : "");
    harness_keyring();
    p->server = server_start(
        ARGV("--scenario", scenario, "--clock", p->now, "--auto-approve", officer, "--keys", p->keys));
    configure(p);
    return p;
}

void stage_free(struct stage **at)
{
    struct stage *p = *at;

    if (!p)
        return;
    screen_free(&p->screen);
    server_free(&p->server);
    home_free(&p->home);
    home_free(&p->keys);
    free(p);
    *at = NULL;
}

void stage_open(struct stage *p, int rows, int cols)
{
    p->screen = screen_start(&(struct screen_opts){
        .argv = ARGV("motcua-t"), .env = p->env, .home = p->home, .rows = rows, .cols = cols});
    screen_expect(p->screen, "trực tuyến ·"); /* the line, not the queue */
    screen_expect(p->screen, "Hàng việc");
    screen_expect(p->screen, "dữ liệu lúc ");
    screen_expect_gone(p->screen, "Đang lấy hồ sơ lần đầu");
}

void stage_plant(struct stage *p, const char *set)
{
    wishes_plant(&(struct wishes){.scenario = p->scenario,
                                  .set = set,
                                  .server = p->server,
                                  .screen = p->screen,
                                  .home = p->home,
                                  .now = p->now,
                                  .ahead = p->ahead});
}

void stage_advance(struct stage *p, int seconds)
{
    int hour, minute, second;

    assert_int_equal(sscanf(p->now, DAY "T%d:%d:%d", &hour, &minute, &second), 3);
    second += (hour * 60 + minute) * 60 + seconds;
    snprintf(p->now, sizeof p->now, DAY "T%02d:%02d:%02d+07:00", second / 3600, second / 60 % 60, second % 60);
    if (p->server->pid > 0)
        server_advance(p->server, seconds);
    screen_advance(p->screen, seconds);
    p->ahead += (int64_t)seconds * 1000;
}
