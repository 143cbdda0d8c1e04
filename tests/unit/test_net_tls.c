/* Whom we trust: a server with the certificate that it should have, and no other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_post.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct own_server {
    char *home, *cert, *key;
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
static struct err sign_in(const char *url, const char *ca, struct line_status *line)
{
    struct post *p = post_new_trusting(url, "counter", false, ca);
    post_ask(HERE, p, ASK_SIGN_IN, NULL, NULL);
    struct err e = p->answer.err;
    *line = post_line(p);
    post_free(&p);
    return e;
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
    struct net_options options = {.server = "https://mc-demo.local", .ca = "/nowhere/ca.pem", .language = "vi"};
    assert_err(net_new(&options, &env.env, &net, &e), &e, ERR_CONFIG);
    options = (struct net_options){.server = "http://mc-demo.local", .language = "vi"};
    assert_err(net_new(&options, &env.env, &net, &e), &e, ERR_CONFIG);
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
        cmocka_unit_test(says_which_file_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
