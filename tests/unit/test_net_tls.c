/* Whom we trust: a server with the certificate that it should have, and no other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_post.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct own_server {
    char *home, *cert, *key;
    char pin[64]; /* sha256//… of its key */
    struct server *server;
    char *url;
};

static void write_pem(const char *path, EVP_PKEY *key, X509 *cert)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    if (cert)
        PEM_write_X509(f, cert);
    else
        PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
    fclose(f);
}

static void make_pin(struct own_server *o, X509 *cert)
{
    unsigned char *spki = NULL, hash[32], text[45];
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &spki);
    assert_true(len > 0 && EVP_Digest(spki, (size_t)len, hash, NULL, EVP_sha256(), NULL));
    EVP_EncodeBlock(text, hash, sizeof(hash));
    snprintf(o->pin, sizeof(o->pin), "sha256//%s", (const char *)text);
    OPENSSL_free(spki);
}

/* Signed by itself, made out to `names`, good for `days` from now (or, if negative, ended so long ago). */
static void make_certificate(struct own_server *o, const char *names, int days)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_set_version(cert, 2);
    X509_gmtime_adj(X509_getm_notBefore(cert), -100L * 86400);
    X509_gmtime_adj(X509_getm_notAfter(cert), days * 86400L);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC, (const unsigned char *)"test",
                               -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_set_pubkey(cert, key);
    X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
    X509_add_ext(cert, san, -1);
    X509_EXTENSION_free(san);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    write_pem(o->cert, NULL, cert);
    write_pem(o->key, key, NULL);
    make_pin(o, cert);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static struct own_server own_server(const char *names, int days)
{
    struct own_server o = {.home = home_new()};
    o.cert = mem_format("%s/cert.pem", o.home);
    o.key = mem_format("%s/key.pem", o.home);
    make_certificate(&o, names, days);
    const char *const args[] = {"--auto-approve", "any",       "--dossiers", "20", "--tls-cert",
                                o.cert,           "--tls-key", o.key,        NULL};
    o.server = server_start(args);
    o.url = mem_format("https://127.0.0.1:%d", o.server->port); /* whatever name its certificate has */
    return o;
}

static void end(struct own_server *o)
{
    server_free(&o->server);
    mem_free(&o->cert);
    mem_free(&o->key);
    mem_free(&o->url);
    home_free(&o->home);
}

/* What comes of a sign-in there. */
static struct err sign_in_trusting(const char *url, struct net_trust trust, struct line_status *line)
{
    struct post *p = post_new_trusting(url, "counter", false, trust);
    post_ask(HERE, p, ASK_SIGN_IN, NULL, NULL);
    struct err e = p->answer.err;
    *line = post_line(p);
    post_free(&p);
    return e;
}

static struct err sign_in(const char *url, const char *ca, struct line_status *line)
{
    return sign_in_trusting(url, (struct net_trust){.ca = ca}, line);
}

static void trusts_whom_it_is_told_to(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10);
    struct line_status line;
    struct err e = sign_in(o.url, o.cert, &line);
    if (e.code != ERR_NONE)
        fail_at(HERE, "%s", e.text);
    end(&o);
}

static void trusts_nobody_else(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10);
    struct line_status line;
    struct err e = sign_in(o.url, NULL, &line);
    assert_int_equal(e.code, ERR_SERVER);
    assert_non_null(strstr(e.text, "signed by itself"));
    assert_non_null(strstr(e.text, "127.0.0.1"));
    assert_int_equal(line.state, LINE_STOPPED);
    end(&o);
}

static void not_an_old_certificate(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", -1);
    struct line_status line;
    struct err e = sign_in(o.url, o.cert, &line);
    assert_int_equal(e.code, ERR_SERVER);
    assert_non_null(strstr(e.text, "expired"));
    end(&o);
}

static void not_another_ones(void **state)
{
    struct own_server o = own_server("DNS:mc-demo.local", 10);
    struct line_status line;
    struct err e = sign_in(o.url, o.cert, &line);
    if (e.code != ERR_SERVER || !strstr(e.text, "another name"))
        fail_at(HERE, "%s", e.text);
    end(&o);
}

static void not_without_tls(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10);
    struct line_status line;
    char *plain = mem_format("http%s", o.url + 5);
    struct err e = sign_in(plain, o.cert, &line);
    assert_int_not_equal(e.code, ERR_NONE);
    mem_free(&plain);
    end(&o);
}

static void says_which_file_it_cannot_read(void **state)
{
    struct fake_env env = fake_env(1);
    struct net *net = NULL;
    struct err e = {0};
    struct net_options options = {
        .server = "https://mc-demo.local", .trust = {.ca = "/nowhere/ca.pem"}, .language = "vi"};
    assert_err(net_new(&options, &env.env, &net, &e), &e, ERR_CONFIG);
    options.trust = (struct net_trust){.client_cert = "/nowhere/cert.pem"};
    assert_err(net_new(&options, &env.env, &net, &e), &e, ERR_CONFIG);
    options.trust = (struct net_trust){.client_key = "/dev/null"};
    assert_err(net_new(&options, &env.env, &net, &e), &e, ERR_CONFIG);
    options = (struct net_options){.server = "http://mc-demo.local", .language = "vi"};
    assert_err(net_new(&options, &env.env, &net, &e), &e, ERR_CONFIG);
}

/* ── pins ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define OTHER_PIN "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void a_pin_is_the_servers_key(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10);
    struct line_status line;
    struct err e = sign_in_trusting(o.url, (struct net_trust){.ca = o.cert, .pin = o.pin}, &line);
    if (e.code != ERR_NONE)
        fail_at(HERE, "%s", e.text);
    e = sign_in_trusting(o.url, (struct net_trust){.ca = o.cert, .pin = OTHER_PIN}, &line);
    if (e.code != ERR_SERVER || !strstr(e.text, "line pin"))
        fail_at(HERE, "%d %s", e.code, e.text);
    assert_int_equal(line.state, LINE_STOPPED);
    end(&o);
}

static void the_next_key_may_be_pinned_beside_it(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10);
    struct line_status line;
    char *two = mem_format(OTHER_PIN ";%s", o.pin);
    struct err e = sign_in_trusting(o.url, (struct net_trust){.ca = o.cert, .pin = two}, &line);
    if (e.code != ERR_NONE)
        fail_at(HERE, "%s", e.text);
    mem_free(&two);
    end(&o);
}

/* It stands beside the certificate, not in its place. */
static void a_pin_makes_no_certificate_good(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10);
    struct line_status line;
    struct err e = sign_in_trusting(o.url, (struct net_trust){.pin = o.pin}, &line);
    assert_int_equal(e.code, ERR_SERVER);
    assert_non_null(strstr(e.text, "signed by itself"));
    end(&o);
}

/* ── our own certificate ─────────────────────────────────────────────────────────────────────────────────────────── */

/* A server that talks to nobody without a certificate that it knows; to whom has one it says a web page. */
struct picky {
    int listener, port;
    SSL_CTX *tls;
    pthread_t thread;
};

static void *serve(void *picky)
{
    static const char page[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    struct picky *p = picky;
    int fd;
    char request[8192];
    while ((fd = accept(p->listener, NULL, NULL)) >= 0) {
        SSL *ssl = SSL_new(p->tls);
        SSL_set_fd(ssl, fd);
        if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof(request)) > 0)
            SSL_write(ssl, page, sizeof(page) - 1);
        SSL_shutdown(ssl);
        SSL_free(ssl);
        shutdown(fd, SHUT_WR); /* what it sent before is read, or a reset would overtake the alert */
        while (read(fd, request, sizeof(request)) > 0)
            ;
        close(fd);
    }
    return NULL;
}

static void picky_start(struct picky *p, const struct own_server *o, const struct own_server *knows)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    p->tls = SSL_CTX_new(TLS_server_method());
    assert_true(SSL_CTX_use_certificate_file(p->tls, o->cert, SSL_FILETYPE_PEM) == 1 &&
                SSL_CTX_use_PrivateKey_file(p->tls, o->key, SSL_FILETYPE_PEM) == 1 &&
                SSL_CTX_load_verify_file(p->tls, knows->cert) == 1);
    SSL_CTX_set_verify(p->tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    p->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(bind(p->listener, (struct sockaddr *)&at, len) == 0 && listen(p->listener, 8) == 0 &&
                getsockname(p->listener, (struct sockaddr *)&at, &len) == 0);
    p->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&p->thread, NULL, serve, p), 0);
}

static void picky_stop(struct picky *p)
{
    shutdown(p->listener, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    close(p->listener);
    SSL_CTX_free(p->tls);
}

/* The same key behind a passphrase. */
static void lock_key(const char *from, const char *to)
{
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    EVP_PKEY *key = PEM_read_PrivateKey(in, NULL, NULL, NULL);
    assert_true(
        PEM_write_PrivateKey(out, key, EVP_aes_256_cbc(), (const unsigned char *)"mat khau", 8, NULL, NULL));
    EVP_PKEY_free(key);
    fclose(in);
    fclose(out);
}

static void shows_its_own_certificate_to_who_asks(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10), mine = own_server("DNS:quay-02", 10);
    struct picky p;
    struct line_status line;
    picky_start(&p, &o, &mine);
    char *url = mem_format("https://127.0.0.1:%d", p.port), *locked = mem_format("%s/locked.pem", mine.home);
    lock_key(mine.key, locked);
    const struct {
        const char *cert, *key, *says;
    } cases[] = {
        {mine.cert, mine.key, "web page"},      {NULL, NULL, "own certificate"},
        {o.cert, o.key, "own certificate"},     {mine.cert, o.key, "own certificate"},
        {mine.cert, locked, "own certificate"}, {o.home, NULL, "own certificate"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct net_trust trust = {.ca = o.cert, .client_cert = cases[i].cert, .client_key = cases[i].key};
        struct err e = sign_in_trusting(url, trust, &line);
        if (e.code != ERR_SERVER || !strstr(e.text, cases[i].says))
            fail_at(HERE, "%zu: %d %s", i, e.code, e.text);
    }
    picky_stop(&p);
    mem_free(&url);
    mem_free(&locked);
    end(&mine);
    end(&o);
}

/* What curl would listen to is gone before it starts. */
static void the_environment_is_not_listened_to(void **state)
{
    struct own_server o = own_server("IP:127.0.0.1", 10);
    struct line_status line;
    char *log = mem_format("%s/keys.log", o.home);
    static const char *const proxies[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++)
        setenv(proxies[i], "http://127.0.0.1:9", 1);
    setenv("SSLKEYLOGFILE", log, 1);
    setenv("SSL_CERT_FILE", o.cert, 1);
    setenv("CURL_CA_BUNDLE", o.cert, 1);
    net_forget_environment();
    for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++)
        assert_null(getenv(proxies[i]));
    assert_null(getenv("SSLKEYLOGFILE"));
    assert_int_equal(sign_in(o.url, o.cert, &line).code, ERR_NONE);
    assert_int_equal(sign_in(o.url, NULL, &line).code, ERR_SERVER);
    assert_null(fopen(log, "r"));
    mem_free(&log);
    end(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_is_not_listened_to), /* first: before TLS has started */
        cmocka_unit_test(trusts_whom_it_is_told_to),
        cmocka_unit_test(trusts_nobody_else),
        cmocka_unit_test(not_an_old_certificate),
        cmocka_unit_test(not_another_ones),
        cmocka_unit_test(not_without_tls),
        cmocka_unit_test(a_pin_is_the_servers_key),
        cmocka_unit_test(the_next_key_may_be_pinned_beside_it),
        cmocka_unit_test(a_pin_makes_no_certificate_good),
        cmocka_unit_test(shows_its_own_certificate_to_who_asks),
        cmocka_unit_test(says_which_file_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
