/* token_find: the device with a certificate, among all that the drivers know; or all of them with theirs. It refuses to log in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/token_inside.h"

#include "core/i18n.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SLOTS_MOST 64
#define CERT_MOST  16384 /* of a certificate's DER */

CK_FLAGS token_flags(const struct token *t)
{
    CK_TOKEN_INFO info;

    return t->p11->C_GetTokenInfo(t->slot, &info) == CKR_OK ? info.flags : 0;
}

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

/* What is looked for: the certificate that is wanted, or all of them. */
struct search {
    const struct token_wanted *wanted; /* NULL: all */
    struct signer_found *found;
    size_t n, most;
};

/* PKCS #11 pads with spaces. */
static void trimmed(const unsigned char *text, size_t n, char *out, size_t size)
{
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\0'))
        n--;
    snprintf(out, size, "%.*s", (int)n, (const char *)text);
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

CK_RV token_device(const struct token *t, CK_TOKEN_INFO *info, struct signer_device *device)
{
    CK_RV rv = t->p11->C_GetTokenInfo(t->slot, info);

    if (rv != CKR_OK)
        return rv;
    *device = (struct signer_device){
        .forwarded = is_forwarded(t->p11),
        .asks_pin = (info->flags & CKF_LOGIN_REQUIRED) && !(info->flags & CKF_PROTECTED_AUTHENTICATION_PATH),
        .last_try = (info->flags & CKF_USER_PIN_FINAL_TRY) != 0,
    };
    trimmed(info->label, sizeof info->label, device->label, sizeof device->label);
    trimmed(info->serialNumber, sizeof info->serialNumber, device->serial, sizeof device->serial);
    return CKR_OK;
}

/* An authority's stands beside it on many a device. */
static void keep_found(const struct token *t, X509 *certificate, struct search *s)
{
    CK_TOKEN_INFO info;
    struct signer_found *f = &s->found[s->n];

    if (s->n < s->most && X509_check_ca(certificate) != 1 &&
        cms_describe(certificate, &f->certificate, NULL) && token_device(t, &info, &f->device) == CKR_OK)
        s->n++;
}

static bool is_wanted(X509 *certificate, const struct token_wanted *wanted)
{
    struct signer_certificate c;

    return cms_describe(certificate, &c, NULL) && strcasecmp(c.sha256, wanted->sha256) == 0;
}

/* true: it is the wanted one, and in `t`. */
static bool take_certificate(struct token *t, CK_OBJECT_HANDLE object, struct search *s)
{
    static unsigned char der[CERT_MOST];
    CK_ATTRIBUTE read[] = {{CKA_VALUE, der, sizeof der}, {CKA_ID, t->id, sizeof t->id}};

    if (t->p11->C_GetAttributeValue(t->session, object, read, 2) != CKR_OK)
        return false;
    const unsigned char *at = der;
    X509 *certificate = d2i_X509(NULL, &at, (long)read[0].ulValueLen);
    if (certificate && !s->wanted)
        keep_found(t, certificate, s);
    if (!certificate || !s->wanted || !is_wanted(certificate, s->wanted)) {
        X509_free(certificate);
        return false;
    }
    t->certificate = certificate;
    t->n_id = read[1].ulValueLen;
    return true;
}

static bool find_certificate(struct token *t, struct search *s)
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
        found = take_certificate(t, object, s);
    t->p11->C_FindObjectsFinal(t->session);
    return found;
}

/* Whether the device may be it. */
static bool is_device(const struct token *t, const struct search *s)
{
    struct signer_device device;
    CK_TOKEN_INFO info;

    return !s->wanted || !s->wanted->serial ||
           (token_device(t, &info, &device) == CKR_OK && strcmp(device.serial, s->wanted->serial) == 0);
}

static bool find_in_module(struct token *t, CK_FUNCTION_LIST *p11, struct search *s)
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
        t->devices += (token_flags(t) & CKF_LOGIN_REQUIRED) != 0; /* others hold the certificates of the world */
        if (is_device(t, s) && find_certificate(t, s))
            return true;
        p11->C_CloseSession(t->session);
    }
    t->p11 = NULL;
    return false;
}

void token_close(struct token *t)
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

/* true: it is open, and to be closed. */
static bool search(const char *module, struct search *s, struct token *t, struct err *e)
{
    *t = (struct token){0};
    if (!load_modules(t, module, e))
        return false;
    CK_FUNCTION_LIST **all = t->modules ? t->modules : t->one;
    for (size_t i = 0; all[i]; i++)
        if (find_in_module(t, all[i], s))
            return true;
    if (t->devices == 0)
        err_set(e, ERR_SIGNER, "%s",
                _("No signing device is plugged in. Plug it in (over SSH: forward it), then open this again."));
    else if (s->wanted)
        err_set(e, ERR_SIGNER,
                _("Signing devices that were found: %d. None holds the certificate that the system has for you. Nothing was signed."),
                t->devices);
    token_close(t);
    return false;
}

bool token_open(const struct token_wanted *wanted, struct token *t, struct err *e)
{
    return search(wanted->module, &(struct search){.wanted = wanted}, t, e);
}

size_t token_look_around(const char *module, struct signer_found *found, size_t most, struct err *e)
{
    struct search s = {.found = found, .most = most};
    struct token t;

    search(module, &s, &t, e);
    return s.n;
}
