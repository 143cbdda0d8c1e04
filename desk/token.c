/* token: see token.h. p11-kit loads the modules; each may hang or crash, which is why this runs in the helper.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/token_inside.h"

#include "core/i18n.h"
#include "core/mem.h"

#include <openssl/ecdsa.h>
#include <stdlib.h>
#include <string.h>

/* ── what went wrong ─────────────────────────────────────────────────────────────────────────────────────────────── */

static bool fail_pin(const struct token *t, struct err *e)
{
    CK_FLAGS flags = token_flags(t);

    if (flags & CKF_USER_PIN_LOCKED)
        return err_set(
            e, ERR_SIGNER, "%s",
            _("The signing device is locked after too many wrong PINs. Nothing was signed. Ask who issued it."));
    if (flags & CKF_USER_PIN_FINAL_TRY)
        return err_set(
            e, ERR_AUTH, "%s",
            _("The PIN is wrong, ONLY ONE TRY IS LEFT before the signing device locks itself. Nothing was signed. Press Esc if you are not sure."));
    return err_set(e, ERR_AUTH, "%s", _("The PIN is wrong. Nothing was signed. Enter it again."));
}

static bool fail_rv(const struct token *t, CK_RV rv, struct err *e)
{
    switch (rv) {
    case CKR_PIN_INCORRECT:
    case CKR_PIN_LEN_RANGE:
    case CKR_PIN_INVALID:
    case CKR_PIN_LOCKED:
        return fail_pin(t, e);
    case CKR_PIN_EXPIRED:
        return err_set(
            e, ERR_SIGNER, "%s",
            _("The signing device wants its PIN changed first. Nothing was signed. Change it with the device's own program."));
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
        return err_set(e, ERR_NOT_FOUND, "%s",
                       _("The signing device was pulled out. Nothing was signed. Plug it in, then sign again."));
    case CKR_FUNCTION_CANCELED:
    case CKR_CANCEL:
        return err_set(e, ERR_SIGNER, "%s", _("It was called off at the signing device. Nothing was signed."));
    default:
        return err_set(e, ERR_SIGNER, _("The signing device refuses (PKCS #11 code 0x%lx). Nothing was signed."),
                       (unsigned long)rv);
    }
}

/* ── using it ────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool token_describe(const struct token_wanted *wanted, struct signer_certificate *certificate,
                    struct signer_device *device, struct err *e)
{
    struct token t;
    CK_TOKEN_INFO info;

    if (!token_open(wanted, &t, e))
        return false;
    CK_RV rv = token_device(&t, &info, device);
    bool ok = rv == CKR_OK ? cms_describe(t.certificate, certificate, e) : fail_rv(&t, rv, e);
    if (ok && info.flags & CKF_USER_PIN_LOCKED)
        ok = fail_pin(&t, e);
    token_close(&t);
    return ok;
}

struct use {
    struct token *token;
    unsigned char *pin;
    size_t pin_n;
};

/* A device would count a PIN that is not there as a wrong one. */
static bool lacks_pin(const struct use *use)
{
    return use->pin_n == 0 && !(token_flags(use->token) & CKF_PROTECTED_AUTHENTICATION_PATH);
}

static bool log_in(const struct use *use, CK_USER_TYPE user, struct err *e)
{
    if (lacks_pin(use))
        return err_set(e, ERR_AUTH, "%s", _("The signing device asks for its PIN again. Nothing was signed."));
    CK_RV rv = use->token->p11->C_Login(use->token->session, user, use->pin, use->pin_n);

    if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN)
        return fail_rv(use->token, rv, e);
    use->token->logged_in = true;
    return true;
}

static bool find_key(struct token *t, CK_OBJECT_HANDLE *key, CK_KEY_TYPE *type, CK_BBOOL *each_time,
                     struct err *e)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE like[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, t->id, t->n_id}};
    CK_ATTRIBUTE kind = {CKA_KEY_TYPE, type, sizeof *type},
                 again = {CKA_ALWAYS_AUTHENTICATE, each_time, sizeof *each_time};
    CK_ULONG n = 0;
    CK_RV rv = t->p11->C_FindObjectsInit(t->session, like, 2);

    if (rv == CKR_OK) {
        rv = t->p11->C_FindObjects(t->session, key, 1, &n);
        t->p11->C_FindObjectsFinal(t->session);
    }
    if (rv == CKR_OK && n == 1)
        rv = t->p11->C_GetAttributeValue(t->session, *key, &kind, 1);
    if (rv != CKR_OK)
        return fail_rv(t, rv, e);
    if (n != 1)
        return err_set(
            e, ERR_SIGNER, "%s",
            _("The signing device has the certificate and not its key. Nothing was signed. Ask who issued it."));
    if (t->p11->C_GetAttributeValue(t->session, *key, &again, 1) != CKR_OK)
        *each_time = CK_FALSE; /* an old device does not know the attribute */
    return true;
}

/* r and s, one behind the other, as ECDSA's own DER. */
static bool add_ecdsa(const unsigned char *raw, size_t n, struct buf *out)
{
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, (int)(n / 2), NULL), *s = BN_bin2bn(raw + n / 2, (int)(n / 2), NULL);
    unsigned char *der = NULL;
    int len = -1;

    if (sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1) {
        r = s = NULL;
        len = i2d_ECDSA_SIG(sig, &der);
    }
    if (len > 0)
        buf_add(out, der, (size_t)len);
    OPENSSL_free(der);
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(sig);
    return len > 0;
}

/* What the mechanism signs: the digest, for RSA inside its DigestInfo (RFC 8017, 9.2). */
static size_t digest_for(CK_KEY_TYPE type, const unsigned char *bytes, size_t n, unsigned char out[static 64])
{
    static const unsigned char info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    size_t at = type == CKK_RSA ? sizeof info : 0;
    unsigned len = 0;

    memcpy(out, info, at);
    return EVP_Digest(bytes, n, out + at, &len, EVP_sha256(), NULL) == 1 ? at + len : 0;
}

static bool token_signs(void *context, const unsigned char *bytes, size_t n, struct buf *signature, struct err *e)
{
    const struct use *use = context;
    struct token *t = use->token;
    CK_OBJECT_HANDLE key = 0;
    CK_KEY_TYPE type = CKK_RSA;
    CK_BBOOL each_time = CK_FALSE;
    unsigned char digest[64], made[1024];
    CK_ULONG len = sizeof made;

    if (!find_key(t, &key, &type, &each_time, e))
        return false;
    if (type != CKK_RSA && type != CKK_EC)
        return err_set(
            e, ERR_SIGNER, "%s",
            _("The key on the signing device is of a kind that motcua does not know. Nothing was signed."));
    CK_MECHANISM mechanism = {type == CKK_RSA ? CKM_RSA_PKCS : CKM_ECDSA, NULL, 0};
    CK_RV rv = t->p11->C_SignInit(t->session, &mechanism, key);
    if (rv != CKR_OK)
        return fail_rv(t, rv, e);
    t->each_time = each_time;
    if (each_time && !log_in(use, CKU_CONTEXT_SPECIFIC, e))
        return false;
    rv = t->p11->C_Sign(t->session, digest, digest_for(type, bytes, n, digest), made, &len);
    if (rv != CKR_OK)
        return fail_rv(t, rv, e);
    if (type == CKK_RSA)
        buf_add(signature, made, len);
    else if (!add_ecdsa(made, len, signature))
        return err_set(e, ERR_SIGNER, "%s", _("The signature could not be made. Nothing was signed."));
    return true;
}

static char *sign_open(struct token *t, unsigned char *pin, size_t pin_n, const void *bytes, size_t n,
                       struct err *e)
{
    struct use use = {.token = t, .pin = pin, .pin_n = pin_n};

    if (!t->logged_in && token_flags(t) & CKF_LOGIN_REQUIRED && !log_in(&use, CKU_USER, e))
        return NULL;
    return cms_sign(t->certificate, token_signs, &use, bytes, n, e);
}

char *token_sign(const struct token_wanted *wanted, unsigned char *pin, size_t pin_n, const void *bytes,
                 size_t n, struct err *e)
{
    struct token t;

    if (!token_open(wanted, &t, e))
        return NULL;
    char *cms = sign_open(&t, pin, pin_n, bytes, n, e);
    token_close(&t);
    return cms;
}

/* ── a run ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct token_run {
    struct token token;
    char *module, *sha256, *serial; /* as it was wanted */
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_of(const struct token_run *run, const struct token_wanted *wanted)
{
    return same(wanted->module, run->module) && same(wanted->sha256, run->sha256) &&
           same(wanted->serial, run->serial);
}

static bool run_open(struct token_run **run, const struct token_wanted *wanted, struct err *e)
{
    struct token_run *r = mem_alloc(sizeof *r);

    *run = r;
    r->module = wanted->module ? mem_copy(wanted->module) : NULL;
    r->sha256 = mem_copy(wanted->sha256);
    r->serial = wanted->serial ? mem_copy(wanted->serial) : NULL;
    return token_open(wanted, &r->token, e);
}

void token_run_end(struct token_run **run)
{
    struct token_run *r = *run;

    if (!r)
        return;
    token_close(&r->token);
    free(r->module);
    free(r->sha256);
    free(r->serial);
    free(r);
    *run = NULL;
}

bool token_run_each_time(const struct token_run *run)
{
    return run && run->token.each_time;
}

char *token_run_sign(struct token_run **run, const struct token_wanted *wanted, unsigned char *pin,
                     size_t pin_n, const void *bytes, size_t n, struct err *e)
{
    char *cms = NULL;

    if (*run && !is_of(*run, wanted))
        token_run_end(run);
    if (*run || run_open(run, wanted, e))
        cms = sign_open(&(*run)->token, pin, pin_n, bytes, n, e);
    if (!cms)
        token_run_end(run);
    return cms;
}
