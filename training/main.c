/* main: motcua-training on the command line. It reads options, puts a central behind a socket, says where, and stops when told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/central.h"
#include "training/http.h"
#include "training/tls_name.h"

#include <jansson.h>

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXIT_USAGE 2

struct options {
    struct central_options central;
    const char *scenario, *tls_cert, *tls_key;
    int port;
    bool control;
};

static const char help[] =
    "Usage: motcua-training serve [OPTION]...\n"
    "A central server for demos, lessons and tests. Everything on it is invented.\n"
    "\n"
    "  --port N               port to listen on; 0 (default): any free one\n"
    "  --scenario NAME|FILE   what there is (default chau-duc-2022)\n"
    "  --seed N               of what is generated: the same seed, the same data (default 1)\n"
    "  --dossiers N           how many to generate (default 2000, at most 1000000)\n"
    "  --auto-approve WHO     an officer's id or a role confirms every sign-in at once; \"any\": whom\n"
    "                         the sign-in's login_hint names; so do phones, after 3 seconds\n"
    "  --tls-cert F --tls-key F   PEM files: HTTPS, on every address; without them HTTP on loopback\n"
    "  --db FILE              keep everything in FILE (default: in memory)\n"
    "  --clock TIME           when its clock starts (RFC 3339; default: the scenario's day)\n"
    "  --control              POST /control {\"advance\": SECONDS} moves the clock, from loopback;\n"
    "                         {\"keep_uploads\": BYTES} loses what is above, -1 the files\n"
    "  --keys DIR             write the officers' keys and certificates there\n"
    "  --help, --version\n"
    "\n"
    "When it is ready it prints one line of JSON: base, control, keys. TERM or INT stop it.\n";

static int complain(const char *text)
{
    fprintf(stderr, "motcua-training: %s\n", text);
    return EXIT_USAGE;
}

/* ── options ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool number(const char *text, int64_t most, int64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *out >= 0 && *out <= most;
}

/* 0, or an exit status. */
static int read_option(int option, struct options *o)
{
    int64_t n = 0;
    bool good = true;

    switch (option) {
    case 'p':
        good = number(optarg, 65535, &n);
        o->port = (int)n;
        break;
    case 's':
        o->scenario = optarg;
        break;
    case 'e':
        good = number(optarg, INT64_MAX, &n);
        o->central.seed = (uint64_t)n;
        break;
    case 'n':
        good = number(optarg, 1000000, &o->central.dossiers);
        break;
    case 'a':
        o->central.auto_approve = optarg;
        break;
    case 'c':
        o->tls_cert = optarg;
        break;
    case 'k':
        o->tls_key = optarg;
        break;
    case 'd':
        o->central.db = optarg;
        break;
    case 't':
        good = instant_parse(optarg, &o->central.start);
        break;
    case 'C':
        o->control = true;
        break;
    case 'K':
        o->central.keys = optarg;
        break;
    default:
        return complain("see motcua-training --help");
    }
    if (good)
        return 0;
    fprintf(stderr, "motcua-training: %s makes no sense here\n", optarg);
    return EXIT_USAGE;
}

/* -1: go on; else an exit status. */
static int read_options(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {
        {"port", required_argument, NULL, 'p'},
        {"scenario", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 'e'},
        {"dossiers", required_argument, NULL, 'n'},
        {"auto-approve", required_argument, NULL, 'a'},
        {"tls-cert", required_argument, NULL, 'c'},
        {"tls-key", required_argument, NULL, 'k'},
        {"db", required_argument, NULL, 'd'},
        {"clock", required_argument, NULL, 't'},
        {"control", no_argument, NULL, 'C'},
        {"keys", required_argument, NULL, 'K'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0},
    };

    for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (option == 'h') {
            fputs(help, stdout);
            return 0;
        }
        if (option == 'v') {
            puts("motcua-training " MOTCUA_VERSION);
            return 0;
        }
        int status = read_option(option, o);
        if (status)
            return status;
    }
    if (optind != argc - 1 || strcmp(argv[optind], "serve") != 0)
        return complain("what to do? See motcua-training --help");
    if (!o->tls_cert != !o->tls_key)
        return complain("--tls-cert and --tls-key go together");
    return -1;
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A name is looked for in the source tree around the executable, beside it, then where it was installed. The caller frees. */
static char *find_scenario(const char *name)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

    if (strchr(name, '/') || strstr(name, ".json"))
        return mem_copy(name);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    for (int i = 0; slash && i < 2; i++) {
        char *path = mem_format("%s/%sscenarios/%s.json", self, i == 0 ? "../training/" : "", name);
        if (access(path, R_OK) == 0)
            return path;
        mem_free(&path);
    }
    return mem_format("%s/scenarios/%s.json", DATADIR, name);
}

static char *read_text(const char *path, struct err *e)
{
    struct buf text = {0};
    char bytes[4096];
    FILE *file = fopen(path, "re");

    if (!file) {
        err_set(e, ERR_STORE, "%s: %s", path, strerror(errno));
        return NULL;
    }
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0 && text.len < 1024 * 1024;)
        buf_add(&text, bytes, n);
    fclose(file);
    return text.len ? buf_take(&text) : mem_copy("");
}

/* ── serving ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int stop_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void say_ready(const struct options *o, const char *base)
{
    json_t *line = json_pack("{s:s}", "base", base);

    if (o->control)
        json_object_set_new(line, "control", json_sprintf("%s/control", base));
    if (o->central.keys)
        json_object_set_new(line, "keys", json_string(o->central.keys));
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(line);
}

static bool serve(struct options *o, int stop, struct err *e)
{
    char *cert = NULL, *key = NULL, *base = NULL, *scenario = find_scenario(o->scenario);
    struct central *central = NULL;
    struct http *http = NULL;
    int listening;
    bool ok = false;

    if (o->tls_cert && (!(cert = read_text(o->tls_cert, e)) || !(key = read_text(o->tls_key, e))))
        goto done;
    if (!http_listen(cert != NULL, &o->port, &listening, e))
        goto done;
    char *name = cert ? tls_name(cert) : mem_copy("127.0.0.1");
    base = mem_format("%s://%s:%d", cert ? "https" : "http", name, o->port);
    mem_free(&name);
    o->central.base = base;
    o->central.scenario = scenario;
    if (!central_new(&o->central, &central, e))
        goto done;
    if (!http_new(&(struct http_options){central, listening, cert, key, o->control}, &http, e))
        goto done;
    say_ready(o, base);
    http_run(http, stop);
    ok = true;
done:
    http_free(&http);
    central_free(&central);
    mem_free(&base);
    mem_free(&scenario);
    mem_free(&cert);
    mem_free(&key);
    return ok;
}

int main(int argc, char **argv)
{
    struct options o = {
        .central = {.seed = 1, .dossiers = -1, .start = INSTANT_NONE},
        .scenario = "chau-duc-2022",
    };
    struct err e = {0};

    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    umask(077);
    int status = read_options(argc, argv, &o);
    if (status >= 0)
        return status;
    int stop = stop_signals();
    if (serve(&o, stop, &e))
        return 0;
    complain(e.text);
    return e.code == ERR_NOT_FOUND || e.code == ERR_CONFIG ? EXIT_USAGE : 1;
}
