/* bad: see bad.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/bad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int bad_set_up(void **state)
{
    struct post *p = calloc(1, sizeof *p);

    p->home = home_new();
    p->database = text_new("%s/central.db", p->home);
    harness_keyring();
    p->server = server_start(ARGV("--dossiers", "1000", "--auto-approve", "mai", "--db", p->database));
    p->argv[0] = "motcua-t";
    p->argv[1] = "--server";
    write_config(p->home, "config", "lock_after = 1440\n",
                 strlen("lock_after = 1440\n")); /* time goes on in leaps here */
    *state = p;
    return 0;
}

int bad_tear_down(void **state)
{
    struct post *p = *state;

    server_free(&p->server);
    home_free(&p->home);
    free(p->database);
    free(p);
    return 0;
}

void expect_sentence_at(struct screen *s, const char *words, struct at at)
{
    for (int64_t until = harness_deadline(); harness_now() < until; screen_read(s, 100)) {
        char *text = screen_text(s), *to = text;
        for (const char *from = text; *from; from++)
            if ((*from != ' ' && *from != '\n') || (to > text && to[-1] != ' '))
                *to++ = *from == '\n' ? ' ' : *from;
        *to = '\0';
        bool there = strstr(text, words);
        free(text);
        if (there)
            return;
    }
    screen_dump(s);
    fail_at(at, "“%s” did not come on the screen", words);
}

struct screen *open_screen(struct post *p)
{
    p->argv[2] = p->server->base; /* a new one after a restart */
    return screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home});
}

bool work_and_leave(struct post *p)
{
    struct screen *s = open_screen(p);
    struct run run;

    screen_expect(s, "trực tuyến ·"); /* the line, not the queue */
    screen_key(s, "q");
    assert_int_equal(screen_exit_code(s), 0);
    screen_free(&s);
    run_program(&run, ARGV("motcua-t", "sync", "--once", "--server", p->server->base), NULL, p->home, NULL);
    bool lasts = run.status != 4;
    run_clear(&run);
    return lasts;
}

void write_config(const char *home, const char *name, const char *text, size_t n)
{
    char *dir = text_new("%s/config/motcua", home), *path = text_new("%s/%s", dir, name);

    mkdir(dir, 0700);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, n, file), n);
    fclose(file);
    free(dir);
    free(path);
}

void expect_refusal_at(struct screen **s, int status, const char *sentence, struct at at)
{
    expect_sentence_at(*s, sentence, at);
    assert_int_equal(screen_exit_code_at(*s, at), status);
    assert_false(screen_alternate(*s));
    assert_true(screen_tty_cooked(*s));
    screen_free(s);
}

void expect_leaving(struct screen **s)
{
    screen_key(*s, "q");
    assert_int_equal(screen_exit_code(*s), 0);
    assert_false(screen_alternate(*s));
    screen_free(s);
}
