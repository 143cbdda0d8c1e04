/* token: see token.h. p11-kit loads the modules; each may hang or crash, which is why this runs in the helper.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/token.h"

#include "core/i18n.h"
#include "core/mem.h"

#include <openssl/ecdsa.h>
#include <p11-kit/p11-kit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SLOTS_MOST 64
#define ID_MOST    128   /* bytes of CKA_ID */
#define CERT_MOST  16384 /* of a certificate's DER */

struct token {
    CK_FUNCTION_LIST **modules, *one[2]; /* modules: NULL-terminated; one: where just one was asked for */
    CK_FUNCTION_LIST *p11;               /* of the device that has the certificate; NULL: none has */
    CK_SESSION_HANDLE session;
    CK_SLOT_ID slot;
    bool logged_in, each_time; /* each_time: of the key that was used last */
    X509 *certificate;
    unsigned char id[ID_MOST];
    size_t n_id;
    int devices; /* that were looked at and hold keys */
};

/* ── what went wrong ─────────────────────────────────────────────────────────────────────────────────────────────── */

static CK_FLAGS flags_of(const struct token *t)
{
    CK_TOKEN_INFO info;

    return t->p11->C_GetTokenInfo(t->slot, &info) == CKR_OK ? info.flags : 0;
}

static bool fail_pin(const struct token *t, struct err *e)
{
    CK_FLAGS flags = flags_of(t);

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
        return err_set(e, ERR_SIGNER, "%s",
                       _("The signing device was pulled out. Nothing was signed. Plug it in, then sign again."));
    case CKR_FUNCTION_CANCELED:
    case CKR_CANCEL:
        return err_set(e, ERR_SIGNER, "%s", _("It was called off at the signing device. Nothing was signed."));
    default:
        return err_set(e, ERR_SIGNER, _("The signing device refuses (PKCS #11 code 0x%lx). Nothing was signed."),
                       (unsigned long)rv);
    }
}

/* ── finding the device ──────────────────────────────────────────────────────────────────────────────────────────── */

static bool load_modules(struct token *t, const char *module, struct err *e)
{
    if (!module) {
        t->modules = p11_kit_modules_load_and_initialize(0);
        return t->modules || err_set(e, ERR_SIGNER, "%s",
                                     _("No driver of a signing device can be loaded. Nothing was signed."));
    }
    t->one[0] = p11_kit_module_load(module, 0);
    if (t->one[0] && p11_kit_module_initialize(t->one[0]) != CKR_OK) {
        p11_kit_module_release(t->one[0]);
        t->one[0] = NULL;
    }
    return t->one[0] ||
           err_set(e, ERR_SIGNER,
                   _("The driver %s cannot be loaded. Nothing was signed. Check pkcs11_module."), module);
}

static bool is_wanted(X509 *certificate, const char *sha256)
{
    struct signer_certificate c;

    return certificate && cms_describe(certificate, &c, NULL) && strcasecmp(c.sha256, sha256) == 0;
}

static bool take_certificate(struct token *t, CK_OBJECT_HANDLE object, const char *sha256)
{
    static unsigned char der[CERT_MOST];
    CK_ATTRIBUTE wanted[] = {{CKA_VALUE, der, sizeof der}, {CKA_ID, t->id, sizeof t->id}};

    if (t->p11->C_GetAttributeValue(t->session, object, wanted, 2) != CKR_OK)
        return false;
    const unsigned char *at = der;
    X509 *certificate = d2i_X509(NULL, &at, (long)wanted[0].ulValueLen);
    if (!is_wanted(certificate, sha256)) {
        X509_free(certificate);
        return false;
    }
    t->certificate = certificate;
    t->n_id = wanted[1].ulValueLen;
    return true;
}

static bool find_certificate(struct token *t, const char *sha256)
{
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_ATTRIBUTE like[] = {{CKA_CLASS, &class, sizeof class}, {CKA_CERTIFICATE_TYPE, &x509, sizeof x509}};
    CK_OBJECT_HANDLE object;
    CK_ULONG n;
    bool found = false;

    if (t->p11->C_FindObjectsInit(t->session, like, 2) != CKR_OK)
        return false;
    while (!found && t->p11->C_FindObjects(t->session, &object, 1, &n) == CKR_OK && n == 1)
        found = take_certificate(t, object, sha256);
    t->p11->C_FindObjectsFinal(t->session);
    return found;
}

static bool find_in_module(struct token *t, CK_FUNCTION_LIST *p11, const char *sha256)
{
    CK_SLOT_ID slots[SLOTS_MOST];
    CK_ULONG n = SLOTS_MOST;

    if (p11->C_GetSlotList(CK_TRUE, slots, &n) != CKR_OK)
        return false;
    t->p11 = p11;
    for (CK_ULONG i = 0; i < n; i++) {
        t->slot = slots[i];
        if (p11->C_OpenSession(t->slot, CKF_SERIAL_SESSION, NULL, NULL, &t->session) != CKR_OK)
            continue;
        t->devices += (flags_of(t) & CKF_LOGIN_REQUIRED) != 0; /* others hold the certificates of the world */
        if (find_certificate(t, sha256))
            return true;
        p11->C_CloseSession(t->session);
    }
    t->p11 = NULL;
    return false;
}

static void token_close(struct token *t)
{
    if (t->p11) {
        if (t->logged_in)
            t->p11->C_Logout(t->session);
        t->p11->C_CloseSession(t->session);
    }
    X509_free(t->certificate);
    if (t->modules)
        p11_kit_modules_finalize_and_release(t->modules);
    if (t->one[0]) {
        p11_kit_module_finalize(t->one[0]);
        p11_kit_module_release(t->one[0]);
    }
    *t = (struct token){0};
}

static bool token_open(const char *module, const char *sha256, struct token *t, struct err *e)
{
    *t = (struct token){0};
    if (!load_modules(t, module, e))
        return false;
    CK_FUNCTION_LIST **all = t->modules ? t->modules : t->one;
    for (size_t i = 0; all[i]; i++)
        if (find_in_module(t, all[i], sha256))
            return true;
    if (t->devices == 0)
        err_set(e, ERR_SIGNER, "%s",
                _("No signing device is plugged in. Plug it in (over SSH: forward it), then open this again."));
    else
        err_set(e, ERR_SIGNER,
                _("Signing devices that were found: %d. None holds the certificate that the system has for you. Nothing was signed."),
                t->devices);
    token_close(t);
    return false;
}

/* ── using it ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* PKCS #11 pads with spaces, to 32 bytes. */
static void label_of(const CK_TOKEN_INFO *info, char *out, size_t size)
{
    size_t n = sizeof info->label;

    while (n > 0 && (info->label[n - 1] == ' ' || info->label[n - 1] == '\0'))
        n--;
    snprintf(out, size, "%.*s", (int)n, (const char *)info->label);
}

/* p11-kit's own client is the one driver that has no device here. */
static bool is_forwarded(CK_FUNCTION_LIST *p11)
{
    char *path = p11_kit_module_get_filename(p11);
    const char *name = path ? strrchr(path, '/') : NULL;
    bool is = path && strcmp(name ? name + 1 : path, "p11-kit-client.so") == 0;

    free(path);
    return is;
}

bool token_describe(const char *module, const char *sha256, struct signer_certificate *certificate,
                    struct signer_device *device, struct err *e)
{
    struct token t;
    CK_TOKEN_INFO info;

    if (!token_open(module, sha256, &t, e))
        return false;
    CK_RV rv = t.p11->C_GetTokenInfo(t.slot, &info);
    bool ok = rv == CKR_OK ? cms_describe(t.certificate, certificate, e) : fail_rv(&t, rv, e);
    if (ok) {
        *device = (struct signer_device){
            .forwarded = is_forwarded(t.p11),
            .asks_pin = (info.flags & CKF_LOGIN_REQUIRED) && !(info.flags & CKF_PROTECTED_AUTHENTICATION_PATH),
            .last_try = (info.flags & CKF_USER_PIN_FINAL_TRY) != 0,
        };
        label_of(&info, device->label, sizeof device->label);
        if (info.flags & CKF_USER_PIN_LOCKED)
            ok = fail_pin(&t, e);
    }
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
    return use->pin_n == 0 && !(flags_of(use->token) & CKF_PROTECTED_AUTHENTICATION_PATH);
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

    if (!t->logged_in && flags_of(t) & CKF_LOGIN_REQUIRED && !log_in(&use, CKU_USER, e))
        return NULL;
    return cms_sign(t->certificate, token_signs, &use, bytes, n, e);
}

char *token_sign(const char *module, const char *sha256, unsigned char *pin, size_t pin_n, const void *bytes,
                 size_t n, struct err *e)
{
    struct token t;

    if (!token_open(module, sha256, &t, e))
        return NULL;
    char *cms = sign_open(&t, pin, pin_n, bytes, n, e);
    token_close(&t);
    return cms;
}

/* ── a run ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct token_run {
    struct token token;
    char *module, *sha256;
};

static bool is_of(const struct token_run *run, const char *module, const char *sha256)
{
    bool same_module = module && run->module ? strcmp(module, run->module) == 0 : !module && !run->module;

    return same_module && strcmp(sha256, run->sha256) == 0;
}

static bool run_open(struct token_run **run, const char *module, const char *sha256, struct err *e)
{
    struct token_run *r = mem_alloc(sizeof *r);

    *run = r;
    r->module = module ? mem_copy(module) : NULL;
    r->sha256 = mem_copy(sha256);
    return token_open(module, sha256, &r->token, e);
}

void token_run_end(struct token_run **run)
{
    struct token_run *r = *run;

    if (!r)
        return;
    token_close(&r->token);
    free(r->module);
    free(r->sha256);
    free(r);
    *run = NULL;
}

bool token_run_each_time(const struct token_run *run)
{
    return run && run->token.each_time;
}

char *token_run_sign(struct token_run **run, const char *module, const char *sha256, unsigned char *pin,
                     size_t pin_n, const void *bytes, size_t n, struct err *e)
{
    char *cms = NULL;

    if (*run && !is_of(*run, module, sha256))
        token_run_end(run);
    if (*run || run_open(run, module, sha256, e))
        cms = sign_open(&(*run)->token, pin, pin_n, bytes, n, e);
    if (!cms)
        token_run_end(run);
    return cms;
}
