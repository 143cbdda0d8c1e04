/* ca: keys, certificates and their files. Times are set and read as text or parts, never as time_t, which has other sizes in other
 * libraries on 32 bits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/ca.h"
#include "training/ca_inside.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define YEAR (365 * 86400)

/* ── certificates ────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool set_time(ASN1_TIME *to, int64_t t)
{
    struct civil c = instant_civil(t, 0);
    char text[32];

    snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
    return ASN1_TIME_set_string_X509(to, text) == 1;
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool ok = extension && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static bool name_it(X509_NAME *to, const char *name, const char *id)
{
    return X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1 &&
           (!id ||
            X509_NAME_add_entry_by_txt(to, "UID", MBSTRING_UTF8, (const unsigned char *)id, -1, -1, 0) == 1);
}

static bool number_it(X509 *cert)
{
    unsigned char bytes[16];
    BIGNUM *n = NULL;
    bool ok = RAND_bytes(bytes, sizeof bytes) == 1;

    bytes[0] &= 0x7f;
    ok = ok && (n = BN_bin2bn(bytes, sizeof bytes, NULL)) && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
    BN_free(n);
    return ok;
}

/* A certificate for `key`, by `ca`; by itself where `ca` has none yet. */
static X509 *make_certificate(const struct ca *ca, EVP_PKEY *key, const char *name, const char *id)
{
    X509 *cert = X509_new(), *issuer = ca->cert ? ca->cert : cert;
    bool root = !ca->cert;

    if (cert && X509_set_version(cert, X509_VERSION_3) == 1 && number_it(cert) &&
        set_time(X509_getm_notBefore(cert), ca->start - YEAR) &&
        set_time(X509_getm_notAfter(cert), ca->start + 10LL * YEAR) &&
        name_it(X509_get_subject_name(cert), name, id) &&
        X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 && X509_set_pubkey(cert, key) == 1 &&
        add_extension(cert, issuer, NID_basic_constraints,
                      root ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE") &&
        add_extension(cert, issuer, NID_key_usage,
                      root ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature,nonRepudiation") &&
        add_extension(cert, issuer, NID_subject_key_identifier, "hash") &&
        (root || add_extension(cert, issuer, NID_authority_key_identifier, "keyid")) &&
        X509_sign(cert, ca->key, EVP_sha256()) > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

bool ca_new(int64_t start, struct ca **out, struct err *e)
{
    struct ca *ca = mem_alloc(sizeof *ca);

    ca->start = start;
    ca->key = EVP_EC_gen("P-256");
    X509 *cert = ca->key ? make_certificate(ca, ca->key, "motcua-training", NULL) : NULL;
    ca->cert = cert;
    if (!cert) {
        ca_free(&ca);
        return err_set(e, ERR_SIGNER, "OpenSSL could not make the certificates");
    }
    *out = ca;
    return true;
}

void ca_free(struct ca **at)
{
    struct ca *ca = *at;

    if (!ca)
        return;
    for (size_t i = 0; i < ca->n_holders; i++) {
        EVP_PKEY_free(ca->holders[i].key);
        X509_free(ca->holders[i].cert);
        mem_free(&ca->holders[i].officer);
    }
    free(ca->holders);
    EVP_PKEY_free(ca->key);
    X509_free(ca->cert);
    free(ca);
    *at = NULL;
}

bool certificate_sha256(X509 *cert, char out[static 65])
{
    unsigned char digest[32];
    unsigned n = sizeof digest;

    if (X509_digest(cert, EVP_sha256(), digest, &n) != 1)
        return false;
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return true;
}

const char *ca_enrol(struct ca *ca, const char *officer, const char *name)
{
    struct holder holder = {.officer = mem_copy(officer), .key = EVP_EC_gen("P-256")};
    char shown[65]; /* CN has at most 64 characters; a name of ours has fewer, bytes are more */

    snprintf(shown, sizeof shown, "%s", name);
    if (!holder.key || !(holder.cert = make_certificate(ca, holder.key, shown, officer)) ||
        !certificate_sha256(holder.cert, holder.sha256)) {
        EVP_PKEY_free(holder.key);
        X509_free(holder.cert);
        mem_free(&holder.officer);
        return NULL;
    }
    if ((ca->n_holders & (ca->n_holders - 1)) == 0)
        ca->holders = mem_grow(ca->holders, ca->n_holders ? 2 * ca->n_holders : 1, sizeof *ca->holders);
    ca->holders[ca->n_holders++] = holder;
    return ca->holders[ca->n_holders - 1].sha256;
}

const struct holder *ca_holder(const struct ca *ca, const char *officer)
{
    for (size_t i = 0; i < ca->n_holders; i++)
        if (strcmp(ca->holders[i].officer, officer) == 0)
            return &ca->holders[i];
    return NULL;
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool write_file(int dir, const char *name, BIO *pem, struct err *e)
{
    char *bytes;
    long n = BIO_get_mem_data(pem, &bytes);
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && fchmod(fd, 0600) == 0;

    for (long done = 0; ok && done < n;) {
        ssize_t wrote = write(fd, bytes + done, (size_t)(n - done));
        ok = wrote > 0;
        done += wrote;
    }
    if (!ok)
        err_set(e, ERR_STORE, "%s: %s", name, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool write_pem(int dir, const char *owner, EVP_PKEY *key, X509 *cert, struct err *e)
{
    BIO *pem = BIO_new(BIO_s_mem());
    char *name = mem_format("%s.%s.pem", owner, key ? "key" : "cert");
    bool ok = pem &&
              (key ? PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL)
                   : PEM_write_bio_X509(pem, cert)) == 1 &&
              write_file(dir, name, pem, e);

    mem_free(&name);
    BIO_free(pem);
    return ok;
}

bool ca_write(const struct ca *ca, const char *path, struct err *e)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return err_set(e, ERR_STORE, "%s: %s", path, strerror(errno));
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir < 0 || fchmod(dir, 0700) != 0) {
        err_set(e, ERR_STORE, "%s: %s", path, strerror(errno));
        if (dir >= 0)
            close(dir);
        return false;
    }
    bool ok = write_pem(dir, "ca", NULL, ca->cert, e);
    for (size_t i = 0; ok && i < ca->n_holders; i++) {
        const struct holder *h = &ca->holders[i];
        ok = write_pem(dir, h->officer, h->key, NULL, e) && write_pem(dir, h->officer, NULL, h->cert, e);
    }
    close(dir);
    return ok;
}
