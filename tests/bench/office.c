/* office: an officer's files for the bench, the server beside them, and programs on its terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/state.h"
#include "cli/env.h"
#include "core/mem.h"
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <keyutils.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILL_MS (20 * 60 * 1000)

/* ── small things ────────────────────────────────────────────────────────────────────────────────────────────────── */

void keyring_join(void)
{
    if (keyctl_join_session_keyring(NULL) < 0)
        fail_at(HERE, "the bench needs the kernel's keyring, and keyctl says: %s", strerror(errno));
}

char *bench_program(const char *name)
{
    char *below = text_new("tests/bench/%s", name), *path = build_path(below);

    free(below);
    return path;
}

char *child_line(int fd)
{
    char *line = NULL;
    size_t n = 0, cap = 0;
    char c;

    while (read(fd, &c, 1) == 1 && c != '\n') {
        if (n + 1 >= cap)
            line = mem_grow(line, cap = cap ? 2 * cap : 128, 1);
        line[n++] = c;
    }
    if (!line)
        return mem_copy("");
    line[n] = '\0';
    return line;
}

int64_t process_memory(pid_t pid, const char *name)
{
    char *path = text_new("/proc/%d/status", (int)pid), *text = file_text(path);
    const char *at = text ? strstr(text, name) : NULL;
    int64_t kib = at ? strtoll(at + strlen(name) + 1, NULL, 10) : -1;

    if (kib < 0)
        fail_at(HERE, "%s says nothing of %s", path, name);
    free(text);
    free(path);
    return kib;
}

/* What a run that ends early leaves behind are gigabytes. */
static char *homes[8];

static void remove_homes(void)
{
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        home_free(&homes[i]);
}

static void keep_home(const char *home)
{
    static bool told;

    if (!told)
        atexit(remove_homes);
    told = true;
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        if (!homes[i]) {
            homes[i] = mem_copy(home);
            return;
        }
}

static void forget_home(const char *home)
{
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        if (homes[i] && strcmp(homes[i], home) == 0)
            home_free(&homes[i]);
}

/* ── an office ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* As the program keeps a session (net/tokens.c): the replaying server takes any token. */
static void sign_in(const struct office *o)
{
    static const char pair[] = "bench\nbench\n9223372036854775807";
    struct env *env = env_new(true);
    char *server = state_server_name(o->server), *officer = text_new("officer:%s", server),
         *token = text_new("token:%s:" OFFICER, server);

    if (!env->secret_lasts(env) || !env->secret_put(env, officer, OFFICER, strlen(OFFICER), 0) ||
        !env->secret_put(env, token, pair, strlen(pair), 0))
        fail_at(HERE, "the keyring keeps nothing");
    env_free(&env);
    free(officer);
    free(token);
    mem_free(&server);
}

static char *files_of(const char *home, const char *server)
{
    char *name = state_server_name(server), *dir = text_new("%s/state/motcua/%s/" OFFICER, home, name);

    mem_free(&name);
    return dir;
}

static struct office *office_begin(int64_t n, const char *pages)
{
    struct office *o = mem_alloc(sizeof *o);

    o->n = n;
    o->home = home_new();
    keep_home(o->home);
    o->port = harness_port();
    o->server = text_new("http://127.0.0.1:%d", o->port);
    o->pages = pages ? mem_copy(pages) : text_new("%s/pages", o->home);
    o->dir = files_of(o->home, o->server);
    sign_in(o);
    return o;
}

static void fill(struct office *o)
{
    char *state = text_new("%s/state/motcua", o->home), *n = text_new("%lld", (long long)o->n),
         *program = bench_program("fill");
    long long held = 0, now = 0;
    int out[2];

    if (pipe(out) != 0)
        fail_at(HERE, "pipe: %s", strerror(errno));
    pid_t pid = child_start(
        &(struct child){.argv = ARGV(program, state, o->server, OFFICER, n, o->pages, o->home), .out = out[1]});
    close(out[1]);
    char *line = child_line(out[0]);
    close(out[0]);
    int status = child_wait(pid, harness_now() + FILL_MS);
    if (status != 0 || sscanf(line, "%lld %lld", &held, &now) != 2 || held < o->n)
        fail_at(HERE, "fill ended with %d: %s", status, line);
    o->now = now;
    free(line);
    free(program);
    free(state);
    free(n);
}

static bool is_online(struct screen *s, const void *unused)
{
    char row[1024];

    screen_row(s, 1, row, sizeof row);
    return strstr(row, "trực tuyến");
}

struct office *office_new(int64_t n)
{
    struct office *o = office_begin(n, NULL);
    double began = clock_ms();

    fill(o);
    printf("# %lld dossiers filled in %.0f s\n", (long long)n, (clock_ms() - began) / 1000);
    fflush(stdout);
    office_serve(o, false);
    struct screen *s = start_ours(o);
    read_until(s, is_online, NULL);
    read_rest(s, 300);
    screen_free(&s);
    return o;
}

/* ── with TLS ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void write_pem(const char *path, EVP_PKEY *key, X509 *cert)
{
    FILE *file = fopen(path, "we");

    if (!file ||
        !(cert ? PEM_write_X509(file, cert) : PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL)))
        fail_at(HERE, "%s cannot be written", path);
    fclose(file);
}

/* Signed by itself, for this address alone. */
static void make_certificate(const char *cert_path, const char *key_path)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    X509_NAME *name = X509_get_subject_name(cert);

    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_set_version(cert, 2);
    X509_gmtime_adj(X509_getm_notBefore(cert), -86400);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"bench", -1, -1, 0);
    X509_set_issuer_name(cert, name);
    X509_set_pubkey(cert, key);
    X509_add_ext(cert, san, -1);
    if (!X509_sign(cert, key, EVP_sha256()))
        fail_at(HERE, "no certificate can be made");
    write_pem(cert_path, NULL, cert);
    write_pem(key_path, key, NULL);
    X509_EXTENSION_free(san);
    X509_free(cert);
    EVP_PKEY_free(key);
}

/* The same files under the name of another server. */
static void move_office(struct office *o, char *server)
{
    char *dir = files_of(o->home, server), *parent = mem_copy_n(dir, strlen(dir) - strlen("/" OFFICER));

    if ((mkdir(parent, 0700) != 0 && errno != EEXIST) || rename(o->dir, dir) != 0)
        fail_at(HERE, "%s: %s", dir, strerror(errno));
    free(parent);
    free(o->dir);
    free(o->server);
    o->dir = dir;
    o->server = server;
    sign_in(o);
}

void office_secure(struct office *o)
{
    char *config = text_new("%s/config/motcua/config", o->home), *dir = text_new("%s/config/motcua", o->home);

    office_close(o);
    o->cert = text_new("%s/cert.pem", o->home);
    o->key = text_new("%s/key.pem", o->home);
    make_certificate(o->cert, o->key);
    mkdir(dir, 0700);
    FILE *file = fopen(config, "we");
    if (!file || fprintf(file, "ca = %s\n", o->cert) < 0 || fclose(file) != 0)
        fail_at(HERE, "%s cannot be written", config);
    move_office(o, text_new("https://127.0.0.1:%d", o->port));
    office_serve(o, false);
    free(config);
    free(dir);
}

void office_plain(struct office *o)
{
    char *config = text_new("%s/config/motcua/config", o->home);

    office_close(o);
    unlink(config);
    free(config);
    mem_free(&o->cert);
    mem_free(&o->key);
    move_office(o, text_new("http://127.0.0.1:%d", o->port));
    office_serve(o, false);
}

bool office_in_pass(const struct office *o)
{
    char *path = text_new("%s/cache.db", o->dir);
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT in_pass FROM state", -1, &st, NULL) != SQLITE_OK ||
        sqlite3_step(st) != SQLITE_ROW)
        fail_at(HERE, "%s: %s", path, sqlite3_errmsg(db));
    bool is = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    free(path);
    return is;
}

/* ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────── */

struct office *office_empty(const struct office *from)
{
    struct office *o = office_begin(from->n, from->pages);

    o->now = from->now;
    return o;
}

void office_forget(struct office *o)
{
    static const char *const names[] = {"cache.db", "cache.db-wal", "cache.db-shm"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = text_new("%s/%s", o->dir, names[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            fail_at(HERE, "%s: %s", path, strerror(errno));
        free(path);
    }
}

void office_free(struct office **at)
{
    struct office *o = *at;

    office_close(o);
    forget_home(o->home);
    free(o->home);
    free(o->pages);
    free(o->server);
    free(o->dir);
    free(o);
    *at = NULL;
}

void office_serve(struct office *o, bool expired)
{
    char *port = text_new("%d", o->port), *now = text_new("%lld", (long long)o->now),
         *program = bench_program("replay");
    int out[2];

    office_close(o);
    if (pipe(out) != 0)
        fail_at(HERE, "pipe: %s", strerror(errno));
    o->replay = child_start(&(struct child){
        .argv = ARGV(program, port, o->pages, now, expired ? "expired" : "plain", o->cert, o->key),
        .out = out[1]});
    close(out[1]);
    char *line = child_line(out[0]);
    close(out[0]);
    if (strcmp(line, "ready") != 0)
        fail_at(HERE, "replay does not start");
    free(line);
    free(program);
    free(port);
    free(now);
}

void office_close(struct office *o)
{
    if (!o->replay)
        return;
    kill(o->replay, SIGKILL);
    waitpid(o->replay, NULL, 0);
    o->replay = 0;
}

void office_finish_pass(struct office *o)
{
    office_serve(o, false);
    pid_t pid = child_start(
        &(struct child){.argv = ARGV("motcua", "--server", o->server, "sync", "--once"), .home = o->home});
    if (child_wait(pid, harness_now() + FILL_MS) != 0 || office_in_pass(o))
        fail_at(HERE, "the pass does not end");
}

/* ── programs ────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct screen *start_ours(const struct office *o)
{
    return screen_start(&(struct screen_opts){
        .argv = ARGV("motcua", "--server", o->server), .home = o->home, .rows = ROWS, .cols = COLS});
}

struct screen *start_bare(const struct office *o, const char *what)
{
    char *now = text_new("%lld", (long long)o->now), *program = bench_program("bare_screen");
    struct screen *s = screen_start(&(struct screen_opts){
        .argv = ARGV(program, o->dir, OFFICER, now, what), .home = o->home, .rows = ROWS, .cols = COLS});

    free(program);
    free(now);
    return s;
}

double read_until(struct screen *s, bool (*there)(struct screen *, const void *), const void *context)
{
    double until = clock_ms() + WAIT_MS;

    while (!there(s, context)) {
        double left = until - clock_ms();
        if (left > 0 && screen_read(s, (int)left))
            continue;
        screen_dump(s);
        fail_at(HERE, "that screen did not come");
    }
    return clock_ms();
}

void read_for(struct screen *s, int ms)
{
    for (double until = clock_ms() + ms, left; (left = until - clock_ms()) > 0;)
        screen_read(s, (int)left + 1);
}

void read_rest(struct screen *s, int quiet_ms)
{
    while (screen_read(s, quiet_ms))
        ;
}
