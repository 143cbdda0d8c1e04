/* key: the data key found, made, kept in the keyring for a while, and opened by the office. What a PIN does is key_pin.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/key_internal.h"

#include "core/i18n.h"

#include <string.h>

#define SECRET_TEXT "motcua-recovery-secret "
#define PUBLIC_TEXT "motcua-recovery-public "

bool key_look(int dir, enum key_kind *kind, bool *office, struct err *e)
{
    struct key_file *f = NULL;
    *kind = KEY_ABSENT;
    *office = false;
    if (!key_file_read(dir, KEY_FILE, &f, e))
        return false;
    if (f) {
        *kind = key_file_has(f, SLOT_NONE) ? KEY_BARE : KEY_PIN;
        *office = key_file_has(f, SLOT_OFFICE);
    }
    key_file_free(&f);
    return true;
}

/* ── bare ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool bare(const struct key_file *f, struct seal_key *key, struct err *e)
{
    if (key_file_get(f, SLOT_NONE, key->bytes, KEY_BYTES))
        return true;
    if (key_file_has(f, SLOT_NONE))
        return key_damaged(e);
    return err_set(e, ERR_AUTH, "%s",
                   _("The saved data is locked. Run motcua unlock, or open motcua and type the PIN."));
}

/* Two instances may start at once: the first link stands, and the other one reads it. */
static bool make(int dir, struct seal_key *key, struct err *e)
{
    struct key_file *f = key_file_new();
    bool made;
    randombytes_buf(key->bytes, KEY_BYTES);
    key_file_put(f, SLOT_NONE, key->bytes, KEY_BYTES);
    bool ok = key_file_make(dir, KEY_FILE, f, &made, e);
    key_file_free(&f);
    if (!ok || made)
        return ok;
    ok = key_file_read(dir, KEY_FILE, &f, e) && (f ? bare(f, key, e) : key_damaged(e));
    key_file_free(&f);
    return ok;
}

bool key_load(int dir, struct seal_key **out, struct err *e)
{
    struct seal_key *key = seal_key_new();
    struct key_file *f = NULL;
    bool ok = key_file_read(dir, KEY_FILE, &f, e) && (f ? bare(f, key, e) : make(dir, key, e));
    key_file_free(&f);
    if (!ok) {
        seal_key_free(&key);
        return false;
    }
    seal_key_written(key);
    *out = key;
    return true;
}

bool seal_key_load(int dir, struct seal_key **out, struct err *e)
{
    return key_load(dir, out, e);
}

/* ── the keyring ───────────────────────────────────────────────────────────────────────────────────────────────────── */

void key_mark(const struct seal_key *key, unsigned char mark[static 16])
{
    static const unsigned char what[] = "motcua: which data key";
    crypto_generichash(mark, 16, what, sizeof(what), key->bytes, KEY_BYTES);
}

void key_keep(const struct seal_key *key, struct env *env, const char *name)
{
    if (env->secret_lasts(env)) /* else it would lie in memory that is not locked */
        env->secret_put(env, name, key->bytes, KEY_BYTES, KEY_KEPT_SECONDS);
}

static bool is_of_file(int dir, const struct seal_key *key)
{
    struct key_file *f = NULL;
    struct pin_slot slot;
    unsigned char mark[16];
    bool ok = key_file_read(dir, KEY_FILE, &f, NULL) && f && key_file_get(f, SLOT_PIN, &slot, sizeof(slot));
    key_file_free(&f);
    key_mark(key, mark);
    return ok && sodium_memcmp(mark, slot.mark, sizeof(mark)) == 0;
}

bool key_recall(int dir, struct env *env, const char *name, struct seal_key **out)
{
    struct seal_key *key = seal_key_new();
    size_t n = 0;
    if (env->secret_get(env, name, key->bytes, KEY_BYTES, &n) && n == KEY_BYTES && is_of_file(dir, key)) {
        seal_key_written(key);
        *out = key;
        return true;
    }
    seal_key_free(&key);
    return false;
}

/* ── the office ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void half_text(struct buf *out, const char *what, const unsigned char *bytes, size_t n)
{
    char text[sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)];
    buf_text(out, what);
    buf_text(out, sodium_bin2base64(text, sizeof(text), bytes, n, sodium_base64_VARIANT_ORIGINAL));
    buf_char(out, '\n');
    sodium_memzero(text, sizeof(text));
}

static bool half_read(const char *what, const char *text, size_t n, unsigned char bytes[static 32])
{
    size_t prefix = strlen(what), len = 0;
    return n > prefix && memcmp(text, what, prefix) == 0 &&
           sodium_base642bin(bytes, 32, text + prefix, n - prefix, " \t\r\n", &len, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           len == 32;
}

void key_office_new(struct buf *secret, struct buf *half)
{
    unsigned char *s = seal_locked(crypto_box_SECRETKEYBYTES), p[crypto_box_PUBLICKEYBYTES];
    crypto_box_keypair(p, s);
    half_text(secret, SECRET_TEXT, s, crypto_box_SECRETKEYBYTES);
    half_text(half, PUBLIC_TEXT, p, sizeof(p));
    sodium_free(s);
}

bool key_office_read(const char *text, size_t n, struct office_key *office, struct err *e)
{
    return half_read(PUBLIC_TEXT, text, n, office->bytes) ||
           err_set(
               e, ERR_CONFIG, "%s",
               _("The file of `recovery` is no public half of a recovery key (motcua recovery-key makes one)."));
}

static bool open_office_slot(int dir, const unsigned char *secret, struct seal_key *key, struct err *e)
{
    struct key_file *f = NULL;
    struct office_slot slot;
    unsigned char half[crypto_box_PUBLICKEYBYTES];
    bool ok = key_file_read(dir, KEY_FILE, &f, e);
    if (ok && (!f || !key_file_get(f, SLOT_OFFICE, &slot, sizeof(slot))))
        ok = err_set(e, ERR_REFUSED, "%s",
                     _("The data saved here was not sealed for any recovery key: only the PIN opens it."));
    else if (ok) {
        crypto_scalarmult_base(half, secret);
        ok = crypto_box_seal_open(key->bytes, slot.sealed, sizeof(slot.sealed), half, secret) == 0 ||
             err_set(e, ERR_REFUSED, "%s", _("The data saved here was sealed for another recovery key."));
    }
    key_file_free(&f);
    return ok;
}

bool key_recover(int dir, const char *text, size_t n, struct seal_key **out, struct err *e)
{
    struct seal_key *key = seal_key_new();
    unsigned char *secret = seal_locked(crypto_box_SECRETKEYBYTES);
    bool ok = half_read(SECRET_TEXT, text, n, secret) ||
              err_set(e, ERR_INPUT, "%s", _("This file is no secret half of a recovery key."));
    ok = ok && open_office_slot(dir, secret, key, e);
    sodium_free(secret);
    if (!ok) {
        seal_key_free(&key);
        return false;
    }
    seal_key_written(key);
    *out = key;
    return true;
}
