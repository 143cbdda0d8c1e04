/* token: see token.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/token.h"

#include "tests/harness.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <p11-kit/p11-kit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SO_PIN      "so-87654321"
#define ID          "\x07"
#define CHECK(call) check((call), #call)

static void check(CK_RV rv, const char *call)
{
    if (rv != CKR_OK)
        fail_at(HERE, "%s: PKCS #11 says 0x%lx", call, (unsigned long)rv);
}

void token_home(const char *dir)
{
    char *conf = text_new("%s/softhsm2.conf", dir), *tokens = text_new("%s/tokens", dir);
    FILE *file = fopen(conf, "w");

    assert_non_null(file);
    fprintf(file, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", tokens);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(mkdir(tokens, 0700), 0);
    assert_int_equal(setenv("SOFTHSM2_CONF", conf, 1), 0);
    free(conf);
    free(tokens);
}

X509 *token_certify(EVP_PKEY *key, const char *name, int days)
{
    X509 *c = X509_new();

    X509_set_version(c, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 4821);
    X509_gmtime_adj(X509_getm_notBefore(c), -86400);
    X509_gmtime_adj(X509_getm_notAfter(c), (long)days * 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                               -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(c));
    X509_set_pubkey(c, key);
    assert_true(X509_sign(c, key, EVP_sha256()) > 0);
    return c;
}

char *token_sha256(X509 *certificate)
{
    unsigned char digest[32];
    char hex[65];

    assert_int_equal(X509_digest(certificate, EVP_sha256(), digest, NULL), 1);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return text_new("%s", hex);
}

/* SoftHSM has one slot more than devices, which is empty. */
static CK_SLOT_ID slot_labelled(CK_FUNCTION_LIST *p11, const char *label)
{
    CK_SLOT_ID slots[16];
    CK_ULONG n = 16;

    CHECK(p11->C_GetSlotList(CK_TRUE, NULL, &(CK_ULONG){0}));
    CHECK(p11->C_GetSlotList(CK_TRUE, slots, &n));
    for (CK_ULONG i = 0; i < n; i++) {
        CK_TOKEN_INFO info;
        CHECK(p11->C_GetTokenInfo(slots[i], &info));
        bool initialized = info.flags & CKF_TOKEN_INITIALIZED;
        if (label ? initialized && strncmp((const char *)info.label, label, strlen(label)) == 0 : !initialized)
            return slots[i];
    }
    fail_at(HERE, "no slot for %s", label ? label : "a new device");
}

/* A number of the key as PKCS #11 wants it: big-endian. */
static size_t number(EVP_PKEY *key, const char *param, unsigned char *out, size_t cap)
{
    BIGNUM *n = NULL;

    assert_int_equal(EVP_PKEY_get_bn_param(key, param, &n), 1);
    size_t len = (size_t)BN_num_bytes(n);
    assert_true(len <= cap);
    BN_bn2bin(n, out);
    BN_free(n);
    return len;
}

struct object {
    CK_ATTRIBUTE at[24];
    CK_ULONG n;
};

static void add(struct object *o, CK_ATTRIBUTE_TYPE type, const void *value, size_t n)
{
    o->at[o->n++] = (CK_ATTRIBUTE){type, (void *)value, n};
}

static void put_rsa(struct object *o, EVP_PKEY *key)
{
    static unsigned char values[8][512];
    static const struct {
        CK_ATTRIBUTE_TYPE type;
        const char *param;
    } parts[] = {
        {CKA_MODULUS, OSSL_PKEY_PARAM_RSA_N},
        {CKA_PUBLIC_EXPONENT, OSSL_PKEY_PARAM_RSA_E},
        {CKA_PRIVATE_EXPONENT, OSSL_PKEY_PARAM_RSA_D},
        {CKA_PRIME_1, OSSL_PKEY_PARAM_RSA_FACTOR1},
        {CKA_PRIME_2, OSSL_PKEY_PARAM_RSA_FACTOR2},
        {CKA_EXPONENT_1, OSSL_PKEY_PARAM_RSA_EXPONENT1},
        {CKA_EXPONENT_2, OSSL_PKEY_PARAM_RSA_EXPONENT2},
        {CKA_COEFFICIENT, OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
    };

    for (size_t i = 0; i < 8; i++)
        add(o, parts[i].type, values[i], number(key, parts[i].param, values[i], sizeof values[i]));
}

static void put_ec(struct object *o, EVP_PKEY *key)
{
    static const unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    static unsigned char value[64];

    add(o, CKA_EC_PARAMS, p256, sizeof p256);
    add(o, CKA_VALUE, value, number(key, OSSL_PKEY_PARAM_PRIV_KEY, value, sizeof value));
}

static void put_objects(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, EVP_PKEY *key, X509 *certificate,
                        bool each_time)
{
    CK_OBJECT_CLASS private = CKO_PRIVATE_KEY, cert = CKO_CERTIFICATE;
    CK_KEY_TYPE type = EVP_PKEY_is_a(key, "RSA") ? CKK_RSA : CKK_EC;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_BBOOL yes = CK_TRUE, again = each_time ? CK_TRUE : CK_FALSE;
    CK_OBJECT_HANDLE made;
    unsigned char *der = NULL, *subject = NULL;
    int n = i2d_X509(certificate, &der), n_subject = i2d_X509_NAME(X509_get_subject_name(certificate), &subject);
    struct object k = {0}, c = {0};

    add(&k, CKA_CLASS, &private, sizeof private);
    add(&k, CKA_KEY_TYPE, &type, sizeof type);
    add(&k, CKA_TOKEN, &yes, sizeof yes);
    add(&k, CKA_PRIVATE, &yes, sizeof yes);
    add(&k, CKA_SENSITIVE, &yes, sizeof yes);
    add(&k, CKA_SIGN, &yes, sizeof yes);
    add(&k, CKA_ALWAYS_AUTHENTICATE, &again, sizeof again);
    add(&k, CKA_ID, ID, 1);
    if (type == CKK_RSA)
        put_rsa(&k, key);
    else
        put_ec(&k, key);
    CHECK(p11->C_CreateObject(session, k.at, k.n, &made));
    add(&c, CKA_CLASS, &cert, sizeof cert);
    add(&c, CKA_CERTIFICATE_TYPE, &x509, sizeof x509);
    add(&c, CKA_TOKEN, &yes, sizeof yes);
    add(&c, CKA_ID, ID, 1);
    add(&c, CKA_SUBJECT, subject, (size_t)n_subject);
    add(&c, CKA_VALUE, der, (size_t)n);
    CHECK(p11->C_CreateObject(session, c.at, c.n, &made));
    OPENSSL_free(der);
    OPENSSL_free(subject);
}

void token_make(const char *label, EVP_PKEY *key, X509 *certificate, bool each_time)
{
    CK_FUNCTION_LIST *p11 = p11_kit_module_load(TOKEN_MODULE, 0);
    CK_SESSION_HANDLE session;
    unsigned char padded[32];

    assert_non_null(p11); /* package softhsm2 */
    CHECK(p11_kit_module_initialize(p11));
    memset(padded, ' ', sizeof padded);
    memcpy(padded, label, strlen(label));
    CHECK(p11->C_InitToken(slot_labelled(p11, NULL), (CK_UTF8CHAR *)SO_PIN, strlen(SO_PIN), padded));
    CHECK(p11->C_OpenSession(slot_labelled(p11, label), CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                             &session));
    CHECK(p11->C_Login(session, CKU_SO, (CK_UTF8CHAR *)SO_PIN, strlen(SO_PIN)));
    CHECK(p11->C_InitPIN(session, (CK_UTF8CHAR *)TOKEN_PIN, strlen(TOKEN_PIN)));
    CHECK(p11->C_Logout(session));
    CHECK(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR *)TOKEN_PIN, strlen(TOKEN_PIN)));
    put_objects(p11, session, key, certificate, each_time);
    CHECK(p11->C_CloseSession(session));
    p11_kit_module_finalize(p11);
    p11_kit_module_release(p11);
}

pid_t token_forward(const char *dir)
{
    char *name = text_new("%s/p11-kit.sock", dir), *address = text_new("unix:path=%s", name), c;
    int out[2];

    assert_int_equal(pipe(out), 0);
    pid_t pid =
        child_start(&(struct child){.argv = (const char *const[]){"/usr/bin/p11-kit", "server", "-f", "-n", name,
                                                                  "--provider", TOKEN_MODULE, "pkcs11:", NULL},
                                    .out = out[1]});
    close(out[1]);
    if (read(out[0], &c, 1) != 1)                       /* it says where, once it listens */
        fail_at(HERE, "p11-kit server does not start"); /* package p11-kit */
    close(out[0]);
    assert_int_equal(setenv("P11_KIT_SERVER_ADDRESS", address, 1), 0);
    free(name);
    free(address);
    return pid;
}

void token_of(const char *keys, const char *officer, const char *label)
{
    char *key_path = text_new("%s/%s.key.pem", keys, officer),
         *cert_path = text_new("%s/%s.cert.pem", keys, officer);
    FILE *key_file = fopen(key_path, "r"), *cert_file = fopen(cert_path, "r");

    assert_non_null(key_file);
    assert_non_null(cert_file);
    EVP_PKEY *key = PEM_read_PrivateKey(key_file, NULL, NULL, NULL);
    X509 *certificate = PEM_read_X509(cert_file, NULL, NULL, NULL);
    token_make(label, key, certificate, false);
    X509_free(certificate);
    EVP_PKEY_free(key);
    fclose(key_file);
    fclose(cert_file);
    free(key_path);
    free(cert_path);
}
