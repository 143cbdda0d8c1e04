/* What the command line answers before any server is asked: arguments, configuration, keymaps, homes, languages, no terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/cli_office.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char *home;
    struct run run;
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    p->home = home_new();
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    run_clear(&p->run);
    home_free(&p->home);
    free(p);
    return 0;
}

static int run(struct place *p, const char *const env[], const char *const args[])
{
    const char *argv[16] = {"motcua"};

    for (size_t i = 0; args[i] && i < 14; i++)
        argv[i + 1] = args[i];
    run_clear(&p->run);
    run_program(&p->run, argv, env, p->home, NULL);
    return p->run.status;
}

static void write_file(const char *dir, const char *name, const char *text)
{
    char *path = text_new("%s/%s", dir, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    fclose(file);
    free(path);
}

/* Writes the officer's own configuration. */
static void configure(struct place *p, const char *text)
{
    char *dir = text_new("%s/config/motcua", p->home);

    mkdir(dir, 0700);
    write_file(dir, "config", text);
    free(dir);
}

static size_t lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void help_names_every_command(void **state)
{
    static const char *const all[] = {"demo",
                                      "login",
                                      "logout",
                                      "sync",
                                      "queues",
                                      "list",
                                      "show DOSSIER",
                                      "act DOSSIER ACTION",
                                      "procedures",
                                      "new",
                                      "--received-at TIME",
                                      "outbox [retry|drop KEY]",
                                      "journal",
                                      "--verify",
                                      "unlock",
                                      "wipe",
                                      "verify DOSSIER|FILE",
                                      "recovery-key FILE",
                                      "check-keymap FILE",
                                      "--json",
                                      "--server URL",
                                      "--new-due-at TIME",
                                      "--returned-to NAME"};
    struct place *p = *state;

    assert_int_equal(run(p, NULL, ARGS("--help")), 0);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_in(p->run.out, all[i]);
    assert_string_equal(p->run.err, "");
    assert_int_equal(run(p, NULL, ARGS("--version")), 0);
    assert_int_equal(strncmp(p->run.out, "motcua 0.", 9), 0);
    assert_int_equal(run(p, NULL, ARGS("act", "--help")), 0); /* asks for no operands */
}

static void what_is_not_known_is_a_usage_error(void **state)
{
    static const char *const bad[][4] = {
        {"lst"},
        {"new"},
        {"list", "--queu", "mine"},
        {"list", "--queue"},
        {"show"},
        {"show", "a", "b"},
        {"act", "a"},
        {"queues", "--once"},
        {"list", "--json=1"},
        {"list", "extra"},
        {"outbox", "drop"},
        {"outbox", "x", "y"},
        {"-x"},
        {"list", "--limit", "0"},
        {"list", "--limit", "12x"},
        {"list", "--queue", "nowhere"},
        {"check-keymap"},
    };
    struct place *p = *state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *const args[] = {bad[i][0], bad[i][1], bad[i][2], bad[i][3], NULL};
        if (run(p, NULL, args) != 2 || lines(p->run.err) != 1 || *p->run.out)
            fail_at(HERE, "%s %s: %d\n%s%s", bad[i][0], bad[i][1] ? bad[i][1] : "", p->run.status, p->run.out,
                    p->run.err);
    }
}

static void control_bytes_that_were_typed_are_not_shown(void **state)
{
    struct place *p = *state;

    assert_int_equal(run(p, NULL,
                         ARGS("\033]0;evil\a\xc2\x9b"
                              "31m\xff")),
                     2);
    for (const char *at = p->run.err; *at; at++)
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
    assert_null(strstr(p->run.err, "\xc2\x9b"));
    assert_null(strstr(p->run.err, "\xff"));
}

static void with_json_a_usage_error_is_one_problem(void **state)
{
    struct place *p = *state;
    struct office o = {0};

    assert_int_equal(run(p, NULL, ARGS("lst", "--json")), 2);
    o.run = p->run;
    char *title = office_problem(&o);
    expect_in(title, "lst");
    free(title);
    assert_int_equal(lines(p->run.err), 1);
    assert_string_equal(p->run.out, "");
}

/* ── no terminal, languages ──────────────────────────────────────────────────────────────────────────────────────── */

static void without_a_terminal_it_says_so_and_ends(void **state)
{
    struct place *p = *state;
    int64_t began = harness_now();

    assert_int_equal(run(p, NULL, ARGS(NULL)), 2);
    assert_string_equal(p->run.err,
                        "motcua: motcua cần một cửa sổ dòng lệnh. Trong kịch bản: xem motcua --help.\n");
    assert_string_equal(p->run.out, "");
    assert_int_equal(run(p, NULL, ARGS("demo")), 2);
    assert_int_equal(lines(p->run.err), 1);
    assert_true(harness_now() - began < 5000);
}

static void the_language_is_vietnamese_unless_another_is_named(void **state)
{
    static const char *const locales[] = {"LANG=C",       "LANG=vi_VN.UTF-8",        "LC_ALL=C",
                                          "LC_ALL=POSIX", "LC_ALL=xx_YY.ISO-8859-1", "LANG"};
    struct place *p = *state;

    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        run(p, ARGS(locales[i]), ARGS("lst"));
        expect_in(p->run.err, "Không có lệnh “lst”");
        run(p, ARGS(locales[i], "LANGUAGE="), ARGS("lst"));
        expect_in(p->run.err, "Không có lệnh “lst”");
        run(p, ARGS(locales[i], "LANGUAGE=en"), ARGS("lst"));
        expect_in(p->run.err, "There is no command “lst”");
        run(p, ARGS(locales[i], "LANGUAGE=vi_VN:en"), ARGS("lst"));
        expect_in(p->run.err, "Không có lệnh “lst”");
    }
}

/* ── configuration and homes ─────────────────────────────────────────────────────────────────────────────────────── */

static void without_a_server_it_says_where_to_name_one(void **state)
{
    struct place *p = *state;

    assert_int_equal(run(p, NULL, ARGS("queues")), 1);
    expect_in(p->run.err, "/etc/motcua/config");
    expect_in(p->run.err, "--server");
}

#define PIN "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void a_bad_line_is_named_with_file_and_number(void **state)
{
    static const char *const bad[][2] = {
        {"# fine\n\nsever = https://a.example\n", ":3: "},
        {"server https://a.example\n", ":1: "},
        {"server =\n", ":1: "},
        {"theme = dark\n", ":1: "},
        {"keymap = emacs\n", ":1: "},
        {"symbols = emoji\n", ":1: "},
        {"lock_after = 0\n", ":1: "},
        {"lock_after = 1441\n", ":1: "},
        {"lock_after = 5m\n", ":1: "},
        {"pin = wanted\n", ":1: "},
        {"recovery = key.pub\n", ":1: "},
        {"ca = relative/file\n", ":1: "},
        {"client_cert = relative/file\n", ":1: "},
        {"client_key = ~/key.pem\n", ":1: "},
        {"pin = sha256//abc=\n", ":1: "},
        {"pin = sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", ":1: "},
        {"pin = " PIN ";" PIN ";" PIN "\n", ":1: "},
        {"pin = " PIN ",\n", ":1: "},
        {"theme = light\r\ntraining_keys = keys\r\n", ":2: "},
        {"server = https://a.example\n\033[31m = x\n", ":2: "},
    };
    struct place *p = *state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        configure(p, bad[i][0]);
        char *where = text_new("%s/config/motcua/config%s", p->home, bad[i][1]);
        assert_int_equal(run(p, NULL, ARGS("queues")), 1);
        expect_in(p->run.err, where);
        assert_int_equal(lines(p->run.err), 1);
        assert_null(strchr(p->run.err, '\033'));
        free(where);
    }
}

static void a_configuration_that_is_no_text_is_refused(void **state)
{
    struct place *p = *state;
    char *dir = text_new("%s/config/motcua", p->home), *path = text_new("%s/config", dir);
    char *large = calloc(1, 70001);

    memset(large, '#', 70000);
    configure(p, large);
    assert_int_equal(run(p, NULL, ARGS("queues")), 1);
    expect_in(p->run.err, "quá lớn");
    unlink(path);
    mkdir(path, 0700);
    assert_int_equal(run(p, NULL, ARGS("queues", "--json")), 1);
    assert_int_equal(lines(p->run.err), 1);
    expect_in(p->run.err, "EISDIR");
    expect_in(p->run.err, "urn:motcua:problem:config");
    free(large);
    free(path);
    free(dir);
}

static void a_good_configuration_leads_to_the_sign_in(void **state)
{
    struct place *p = *state;

    configure(p, "# ours\r\n  server=https://mot-cua.example \r\ntheme = marker\nkeymap = vim\nsymbols = ascii\nlock_after = 1440\npin = required\n"
                 "pin = " PIN ";" PIN "\nca = /etc/ssl/certs/ca-certificates.crt");
    assert_int_equal(run(p, NULL, ARGS("queues")), 4);
    expect_in(p->run.err, "motcua login");
}

static void a_url_that_we_may_not_talk_to_is_refused(void **state)
{
    static const char *const bad[] = {"http://mot-cua.example",
                                      "ftp://a.example",
                                      "mot-cua.example",
                                      "https://",
                                      "https://a b.example",
                                      "file:///etc/passwd",
                                      ""};
    struct place *p = *state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int status = run(p, NULL, ARGS("login", "--server", bad[i]));
        if (status != 1 || lines(p->run.err) != 1)
            fail_at(HERE, "%s: %d\n%s", bad[i], status, p->run.err);
    }
}

static void homes_that_are_none(void **state)
{
    static const char *const url = "https://mot-cua.example";
    struct place *p = *state;
    char *relative = text_new("%s/relative", p->home);

    int status = run(p, ARGS("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"), ARGS("list", "--server", url));
    assert_true(status == 1 || status == 4);
    assert_int_equal(lines(p->run.err), 1);
    /* Relative ones are as if they were not there: nothing is made where we stand. */
    assert_int_equal(chdir(p->home), 0);
    assert_int_equal(
        run(p, ARGS("XDG_STATE_HOME=relative", "XDG_CONFIG_HOME=relative"), ARGS("list", "--server", url)), 4);
    assert_int_equal(access(relative, F_OK), -1);
    free(relative);
}

static bool file_has(const char *program, const char *text)
{
    char *path = build_path(program);
    FILE *file = fopen(path, "r");
    char *bytes = malloc(64 << 20);

    assert_non_null(file);
    assert_non_null(bytes);
    size_t n = fread(bytes, 1, 64 << 20, file);
    bool has = memmem(bytes, n, text, strlen(text)) != NULL;
    fclose(file);
    free(bytes);
    free(path);
    return has;
}

static void only_the_tests_program_lets_its_clock_be_moved(void **state)
{
    (void)state;
    assert_true(file_has("motcua-t", "MOTCUA_TEST_FD"));
    assert_false(file_has("motcua", "MOTCUA_TEST_FD"));
}

/* ── check-keymap ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void check_keymap_names_each_bad_line(void **state)
{
    struct place *p = *state;
    char *path = text_new("%s/keys", p->home), *first = text_new("%s/keys:2: ", p->home);
    char *second = text_new("%s/keys:4: ", p->home);

    write_file(p->home, "keys", "bind * F2 act\nbind * F3 unddo\n# fine\nbind \033[2J x\nunbind * F5\n");
    assert_int_equal(run(p, NULL, ARGS("check-keymap", path)), 1);
    assert_int_equal(lines(p->run.err), 2);
    assert_int_equal(strncmp(p->run.err, first, strlen(first)), 0);
    expect_in(p->run.err, "“undo”");
    expect_in(p->run.err, second);
    assert_null(strchr(p->run.err, '\033'));
    assert_string_equal(p->run.out, "");
    write_file(p->home, "keys", "bind * F2 act\n");
    assert_int_equal(run(p, NULL, ARGS("check-keymap", path)), 0);
    assert_string_equal(p->run.err, "");
    const char *const none[] = {"/nowhere/at/all", "/", "/dev/null/x"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(run(p, NULL, ARGS("check-keymap", none[i])), 1);
        assert_int_equal(lines(p->run.err), 1);
    }
    free(path);
    free(first);
    free(second);
}

static void the_shipped_keymaps_are_good(void **state)
{
    static const char *const names[] = {"keymaps/default.keymap", "keymaps/vim.keymap", "keymaps/fkeys.keymap"};
    struct place *p = *state;

    for (size_t i = 0; i < 3; i++)
        if (run(p, NULL, ARGS("check-keymap", names[i])) != 0)
            fail_at(HERE, "%s: %s", names[i], p->run.err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_shipped_keymaps_are_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(help_names_every_command, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_a_usage_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(control_bytes_that_were_typed_are_not_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_json_a_usage_error_is_one_problem, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_terminal_it_says_so_and_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_language_is_vietnamese_unless_another_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_server_it_says_where_to_name_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_line_is_named_with_file_and_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_configuration_that_is_no_text_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_good_configuration_leads_to_the_sign_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_url_that_we_may_not_talk_to_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(homes_that_are_none, set_up, tear_down),
        cmocka_unit_test(only_the_tests_program_lets_its_clock_be_moved),
        cmocka_unit_test_setup_teardown(check_keymap_names_each_bad_line, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
