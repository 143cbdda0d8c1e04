/* press: see press.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_script(const char *dir, const char *name, const char *text)
{
    char *path = text_new("%s/bin/%s", dir, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
    free(path);
}

/* The arguments are there only when the page is. */
void press_jam(const char *dir, const char *reason)
{
    char *script =
        reason ? text_new("#!/bin/sh\ncat >/dev/null\necho 'lp: %s' >&2\nexit 1\n", reason)
               : text_new("#!/bin/sh\ncd \"$XDG_STATE_HOME/motcua\" || exit 1\ncat >page.pdf\necho \"$*\" >arguments.new\n"
                          "mv arguments.new arguments\necho 'request id is HP-MotCua-1 (0 file(s))'\n");

    write_script(dir, "lp", script);
    free(script);
}

void press_open(const char *dir)
{
    char *bin = text_new("%s/bin", dir), *path = text_new("%s:%s", bin, getenv("PATH"));

    assert_int_equal(mkdir(bin, 0700), 0);
    assert_int_equal(setenv("PATH", path, 1), 0);
    write_script(
        dir, "lpstat",
        "#!/bin/sh\ncase $1 in -d) echo 'system default destination: HP-MotCua' ;; -e) printf 'Canon\\nHP-MotCua\\n' ;; esac\n");
    press_jam(dir, NULL);
    free(bin);
    free(path);
}

char *press_words(const char *path)
{
    struct run run;

    run_program(&run, (const char *const[]){"/usr/bin/pdftotext", "-raw", path, "-", NULL}, NULL, NULL, NULL);
    if (run.status != 0)
        fail_at(HERE, "%s cannot be read: %s", path, run.err);
    char *words = strdup(run.out), *to = words;
    for (const char *from = words; *from; from++) {
        char c = strchr(" \n\f\t", *from) ? ' ' : *from;
        if (c != ' ' || (to > words && to[-1] != ' '))
            *to++ = c;
    }
    *to = '\0';
    run_clear(&run);
    return words;
}

static char *state_file(const char *home, const char *name)
{
    return text_new("%s/state/motcua/%s", home, name);
}

char *press_arguments(const char *home)
{
    char *path = state_file(home, "arguments"), *text = file_text(path);

    unlink(path);
    free(path);
    return text;
}

char *press_page(const char *home)
{
    char *path = state_file(home, "page.pdf"), *words = press_words(path);

    free(path);
    return words;
}

char *press_codes(const char *home)
{
    char *path = state_file(home, "page.pdf"), *stem = text_new("%s/page", home),
         *picture = text_new("%s.png", stem);
    struct run run;

    run_program(&run,
                (const char *const[]){"/usr/bin/pdftoppm", "-r", "300", "-png", "-singlefile", path, stem, NULL},
                NULL, NULL, NULL);
    assert_int_equal(run.status, 0);
    run_clear(&run);
    run_program(&run, (const char *const[]){"/usr/bin/zbarimg", "-q", "--raw", picture, NULL}, NULL, NULL, NULL);
    char *codes = strdup(run.out);
    run_clear(&run);
    free(path);
    free(stem);
    free(picture);
    return codes;
}
