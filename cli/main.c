/* main: makes the process safe, chooses the language, reads the command line, runs one command. Nothing of a dossier is here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/demo.h"
#include "cli/harden.h"
#include "cli/place.h"
#include "core/codec.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* What a closed 0, 1 or 2 would become is a database that somebody prints into. */
static void fill_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= 2);
    if (fd > 2)
        close(fd);
}

/* curl and its TLS library read these: they would send requests elsewhere, trust others, or write session keys down. */
static bool is_curls(const char *entry)
{
    static const char *const names[] = {"SSLKEYLOGFILE", "SSL_CERT_FILE",   "SSL_CERT_DIR",   "NETRC",
                                        "OPENSSL_CONF",  "OPENSSL_MODULES", "OPENSSL_ENGINES"};
    size_t n = strcspn(entry, "=");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncmp(entry, names[i], n) == 0)
            return true;
    return strncmp(entry, "CURL", 4) == 0 || (n >= 6 && strncasecmp(entry + n - 6, "_proxy", 6) == 0);
}

/* The environment without curl's, and with a language if it names none: Vietnamese. */
static void clean_environment(void)
{
    static char language[] = "LANGUAGE=vi";
    const char *chosen = getenv("LANGUAGE");
    bool named = chosen && *chosen;
    size_t n = 0, kept = 0;

    while (environ[n])
        n++;
    char **clean = mem_alloc((n + 2) * sizeof *clean);
    for (size_t i = 0; i < n; i++)
        if (!is_curls(environ[i]) && (named || strncmp(environ[i], "LANGUAGE=", 9) != 0))
            clean[kept++] = environ[i];
    if (!named)
        clean[kept++] = language;
    environ = clean; /* stays as long as the process */
}

/* C.UTF-8 is in every libc, and a locale that was named but never generated would be "C", in which gettext translates nothing. What
 * the variables say of the terminal is the screen's to judge (screen.c). */
static void choose_language(void)
{
    char *dir = place_locale();

    setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_MESSAGES, "C.UTF-8");
    bindtextdomain("motcua", dir);
    bind_textdomain_codeset("motcua", "UTF-8");
    textdomain("motcua");
    mem_free(&dir);
}

/* Whoever reads our output may be gone, which is no error of ours; a full disk is. */
static int finish(const struct cli *cli, int code)
{
    struct err e = {0};

    errno = 0;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE || code != 0)
        return code;
    err_set(&e, ERR_STORE, _("The result could not be written (%s)."), strerrorname_np(errno));
    return print_problem(cli, &e);
}

static int run(struct cli *cli, int argc, char *const argv[])
{
    struct err e = {0};
    bool ok = options_parse(argc, argv, &cli->options, &e);

    cli->json = cli->options.value[OPTION_JSON] != NULL;
    if (!ok)
        return print_problem(cli, &e);
    if (cli->options.value[OPTION_HELP]) {
        options_help(stdout);
        return finish(cli, 0);
    }
    if (cli->options.value[OPTION_VERSION]) {
        puts("motcua " MOTCUA_VERSION);
        return finish(cli, 0);
    }
    ok = cli->options.verb->run(cli, &e);
    return finish(cli, ok ? 0 : print_problem(cli, &e));
}

int main(int argc, char *argv[])
{
    struct cli cli = {0};

    harden_memory();
    fill_descriptors();
    clean_environment();
    choose_language();
    codec_start();
    if (argc > 0 && strcmp(argv[0], DEMO_SERVER) == 0)
        return demo_server(argv);
    signal(SIGPIPE, SIG_IGN);
    int code = run(&cli, argc, argv);
    env_free(&cli.env);
    config_clear(&cli.config);
    mem_free(&cli.problem);
    return code;
}
