/* bureau: see bureau.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bureau.h"

#include "core/codec.h"
#include "core/mem.h"
#include "tests/harness.h"

#include <openssl/ts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *bureau_file(const struct bureau *b, const char *name)
{
    return text_new("%s/%s", b->dir, name);
}

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void openssl(const char *const argv[])
{
    struct run run;

    run_program(&run, argv, NULL, NULL, NULL);
    if (run.status != 0)
        fail_at(HERE, "%s %s: %s", argv[0], argv[2], run.err);
    run_clear(&run);
}
#define OPENSSL(...) openssl((const char *const[]){"/usr/bin/openssl", __VA_ARGS__, NULL})

struct bureau *bureau_new(void)
{
    struct bureau *b = calloc(1, sizeof *b);

    assert_non_null(b);
    b->dir = home_new();
    b->certificate = bureau_file(b, "tsa.pem");
    char *tsa_key = bureau_file(b, "tsa.key"), *serial = bureau_file(b, "serial"),
         *config = bureau_file(b, "tsa.cnf"),
         *text = text_new("[tsa]\ndefault_tsa = us\n[us]\nserial = %s\nsigner_cert = %s\nsigner_key = %s\n"
                          "signer_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha1, sha256, sha512\n",
                          serial, b->certificate, tsa_key);
    OPENSSL("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            tsa_key, "-out", b->certificate, "-subj", "/CN=Cap dau thoi gian", "-days", "30", "-addext",
            "extendedKeyUsage=critical,timeStamping");
    write_bytes(serial, "01\n", 3);
    write_bytes(config, text, strlen(text));
    char *all[] = {tsa_key, serial, config, text};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return b;
}

void bureau_free(struct bureau **at)
{
    struct bureau *b = *at;

    free(b->certificate);
    home_free(&b->dir);
    free(b);
    *at = NULL;
}

static CMS_SignerInfo *signer_of(CMS_ContentInfo *cms)
{
    return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
}

/* The authority's token over this signature's value, as DER. */
unsigned char *bureau_token(const struct bureau *b, CMS_ContentInfo *cms, const char *digest, int *n)
{
    ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer_of(cms));
    char *data = bureau_file(b, "value"), *query = bureau_file(b, "query"), *reply = bureau_file(b, "reply"),
         *config = bureau_file(b, "tsa.cnf");
    unsigned char *der = NULL;
    size_t len;

    write_bytes(data, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    OPENSSL("ts", "-query", "-data", data, digest, "-cert", "-out", query);
    OPENSSL("ts", "-reply", "-config", config, "-queryfile", query, "-out", reply);
    char *bytes = file_bytes(reply, &len);
    const unsigned char *at = (const unsigned char *)bytes;
    TS_RESP *answer = d2i_TS_RESP(NULL, &at, (long)len);
    assert_non_null(answer);
    *n = i2d_PKCS7(TS_RESP_get_token(answer), &der);
    assert_true(*n > 0);
    TS_RESP_free(answer);
    char *all[] = {data, query, reply, config, bytes};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return der;
}

void bureau_attach(CMS_ContentInfo *cms, const unsigned char *der, int n)
{
    assert_int_equal(CMS_unsigned_add1_attr_by_NID(signer_of(cms), NID_id_smime_aa_timeStampToken,
                                                   V_ASN1_SEQUENCE, der, n),
                     1);
}

void bureau_stamp(const struct bureau *b, CMS_ContentInfo *to, CMS_ContentInfo *over, const char *digest)
{
    int n;
    unsigned char *der = bureau_token(b, over, digest, &n);

    bureau_attach(to, der, n);
    OPENSSL_free(der);
}

char *bureau_stamp_text(const struct bureau *b, const char *cms, const char *over)
{
    CMS_ContentInfo *both[2];
    unsigned char *der = NULL;

    for (int i = 0; i < 2; i++) {
        struct buf bytes = {0};
        assert_true(base64_decode(i ? over : cms, &bytes));
        const unsigned char *at = (const unsigned char *)bytes.data;
        both[i] = d2i_CMS_ContentInfo(NULL, &at, (long)bytes.len);
        assert_non_null(both[i]);
        buf_clear(&bytes);
    }
    bureau_stamp(b, both[0], both[1], "-sha256");
    int n = i2d_CMS_ContentInfo(both[0], &der);
    char *text = base64_encode(der, (size_t)n);
    OPENSSL_free(der);
    CMS_ContentInfo_free(both[0]);
    CMS_ContentInfo_free(both[1]);
    return text;
}
