/* key_pin: what a PIN does: wraps the data key, opens it, and the first time makes it a new one. The order of the first time, so that
 * a kill at any point leaves an outbox that opens:
 *   1. `key.next` is written: the new key under the PIN (and for the office), with the old key sealed under the new.
 *   2. The outbox is sealed again in one transaction. Until it is committed the old key counts (`key`, bare), from then on the new
 *      one (`key.next`); key_settle() sees from the outbox itself which it was, without a PIN.
 *   3. `key.next` becomes `key`; the bytes of the old file are overwritten.
 *   4. The journal is sealed again, then the old key goes from the file. After a kill before that, key_finish() does it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/key_internal.h"

#include "cache/journal.h"
#include "cache/outbox.h"
#include "cache/state.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum {
    PIN_OPS = 4,
    PIN_KIB = 32 * 1024,
    OPS_MOST = 64, /* of a file that somebody has changed, too: no unlock takes all memory or all day */
    KIB_MOST = 512 * 1024,
};

static void put32(unsigned char out[4], uint32_t n)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(n >> (8 * i));
}

static uint32_t get32(const unsigned char in[4])
{
    return in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
}

/* ── wrapping ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The key that wraps, in locked memory. NULL: no memory for it, or the slot asks for what none of ours does. */
static unsigned char *stretch(const struct pin *pin, const struct pin_slot *slot)
{
    uint32_t ops = get32(slot->ops), kib = get32(slot->kib);
    if (ops < 1 || ops > OPS_MOST || kib < 8 || kib > KIB_MOST)
        return NULL;
    unsigned char *key = seal_locked(KEY_BYTES);
    if (crypto_pwhash(key, KEY_BYTES, pin->text, pin->len, slot->salt, ops, (size_t)kib * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) == 0)
        return key;
    sodium_free(key);
    return NULL;
}

static bool no_memory(struct err *e)
{
    return err_set(e, ERR_STORE, "%s",
                   _("There is not enough memory to open the saved data. Close other programs, then try again."));
}

/* What the wrapped key is bound to: how the PIN is stretched. */
#define BOUND offsetof(struct pin_slot, nonce)

static bool wrap(struct key_file *f, const struct seal_key *key, const struct pin *pin, struct err *e)
{
    struct pin_slot slot;
    put32(slot.ops, PIN_OPS);
    put32(slot.kib, PIN_KIB);
    randombytes_buf(slot.salt, sizeof(slot.salt));
    randombytes_buf(slot.nonce, sizeof(slot.nonce));
    key_mark(key, slot.mark);
    unsigned char *by = stretch(pin, &slot);
    if (!by)
        return no_memory(e);
    crypto_aead_xchacha20poly1305_ietf_encrypt(slot.wrapped, NULL, key->bytes, KEY_BYTES, slot.ops, BOUND,
                                               NULL, slot.nonce, by);
    sodium_free(by);
    key_file_put(f, SLOT_PIN, &slot, sizeof(slot));
    return true;
}

/* ERR_AUTH without a sentence: another PIN. */
static bool unwrap(const struct key_file *f, const struct pin *pin, struct seal_key *key, struct err *e)
{
    struct pin_slot slot;
    if (!key_file_get(f, SLOT_PIN, &slot, sizeof(slot)))
        return key_damaged(e);
    unsigned char *by = stretch(pin, &slot);
    if (!by)
        return get32(slot.kib) > KIB_MOST || get32(slot.ops) > OPS_MOST ? key_damaged(e) : no_memory(e);
    bool ok =
        crypto_aead_xchacha20poly1305_ietf_decrypt(key->bytes, NULL, NULL, slot.wrapped, sizeof(slot.wrapped),
                                                   slot.ops, BOUND, slot.nonce, by) == 0;
    sodium_free(by);
    return ok || err_set(e, ERR_AUTH, "%s", "");
}

static void seal_for(struct key_file *f, const struct seal_key *key, const struct office_key *office)
{
    struct office_slot slot;
    memcpy(slot.office, office->bytes, sizeof(slot.office));
    if (crypto_box_seal(slot.sealed, key->bytes, KEY_BYTES, slot.office) == 0)
        key_file_put(f, SLOT_OFFICE, &slot, sizeof(slot));
}

/* ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool key_unlock(int dir, const struct pin *pin, struct env *env, struct seal_key **out, struct err *e)
{
    struct key_file *f = NULL;
    struct err why = {0};
    int fd;
    if (!key_file_read(dir, KEY_FILE, &f, e))
        return false;
    if (!f)
        return key_damaged(e);
    if (!tries_begin(dir, env, &fd, e)) {
        key_file_free(&f);
        return false;
    }
    struct seal_key *key = seal_key_new();
    bool ok = unwrap(f, pin, key, &why);
    tries_end(fd, !ok && why.code == ERR_AUTH);
    key_file_free(&f);
    if (ok) {
        seal_key_written(key);
        *out = key;
        return true;
    }
    seal_key_free(&key);
    if (why.code != ERR_AUTH)
        return err_set(e, why.code, "%s", why.text);
    return err_set(e, ERR_AUTH, "%s", _("The PIN is not right. Type it again."));
}

/* ── setting ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_long_enough(const struct pin *pin, struct err *e)
{
    return pin_letters(pin) >= PIN_LEAST ||
           err_set(e, ERR_INPUT, _("A PIN has at least %d characters. Type a longer one."), PIN_LEAST);
}

bool key_change_pin(int dir, const struct seal_key *key, const struct pin *pin, struct err *e)
{
    struct key_file *f = NULL;
    if (!is_long_enough(pin, e) || !key_file_read(dir, KEY_FILE, &f, e))
        return false;
    bool ok = f ? wrap(f, key, pin, e) && key_file_write(dir, KEY_FILE, f, e) : key_damaged(e);
    key_file_free(&f);
    if (ok)
        unlinkat(dir, "tries", 0); /* they were of another PIN */
    return ok;
}

/* The old key's bytes on the disk, once nothing needs them. */
static void overwrite(int fd)
{
    static const char zeros[4096];
    if (fd < 0)
        return;
    if (pwrite(fd, zeros, sizeof(zeros), 0) == (ssize_t)sizeof(zeros))
        fsync(fd);
    close(fd);
}

static bool next_becomes_key(int dir, struct err *e)
{
    int old = openat(dir, KEY_FILE, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (renameat(dir, KEY_NEXT, dir, KEY_FILE) != 0 || fsync(dir) != 0) {
        int why = errno;
        if (old >= 0)
            close(old);
        return why == ENOENT || state_fail(e, why, KEY_FILE); /* another instance was first */
    }
    overwrite(old);
    return true;
}

static bool write_next(int dir, const struct seal_key *old, const struct seal_key *fresh,
                       const struct pin *pin, const struct office_key *office, struct err *e)
{
    struct key_file *f = key_file_new();
    struct buf sealed = {0};
    seal_close(fresh, "key", "old", 0, old->bytes, KEY_BYTES, &sealed);
    key_file_put(f, SLOT_OLD, sealed.data, sealed.len);
    if (office)
        seal_for(f, fresh, office);
    bool ok = wrap(f, fresh, pin, e) && key_file_write(dir, KEY_NEXT, f, e);
    buf_wipe(&sealed);
    key_file_free(&f);
    return ok;
}

static void become(struct seal_key *key, const struct seal_key *fresh)
{
    seal_key_write(key);
    memcpy(key->bytes, fresh->bytes, KEY_BYTES);
    seal_key_written(key);
}

bool key_set_pin(int dir, struct seal_key *key, const struct pin *pin, const struct office_key *office,
                 const struct key_reseal *again, struct err *e)
{
    enum key_kind kind;
    bool sealed_for_office;
    if (!is_long_enough(pin, e) || !key_look(dir, &kind, &sealed_for_office, e))
        return false;
    if (kind != KEY_BARE)
        return err_set(e, ERR_REFUSED, "%s", _("A PIN is set already. Change it with motcua unlock --new-pin."));
    struct seal_key *fresh = seal_key_new();
    randombytes_buf(fresh->bytes, KEY_BYTES);
    seal_key_written(fresh);
    bool ok = write_next(dir, key, fresh, pin, office, e);
    if (ok && !again->outbox(again->context, fresh, e)) {
        unlinkat(dir, KEY_NEXT, 0);
        ok = false;
    }
    if (ok) {
        become(key, fresh);
        ok = next_becomes_key(dir, e) && key_finish(dir, key, NULL, e);
    }
    seal_key_free(&fresh);
    return ok;
}

/* ── what was left half done ───────────────────────────────────────────────────────────────────────────────────────── */

bool key_settle(int dir, const char *path, struct err *e)
{
    struct key_file *f = NULL;
    if (faccessat(dir, KEY_NEXT, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    if (!key_file_read(dir, KEY_FILE, &f, e))
        return false;
    struct seal_key *old = seal_key_new();
    bool bare = f && key_file_get(f, SLOT_NONE, old->bytes, KEY_BYTES), ok = true;
    key_file_free(&f);
    enum outbox_fit fit = bare ? outbox_fits(dir, path, old, e) : OUTBOX_FITS;
    if (fit == OUTBOX_NOT_KNOWN)
        ok = false;
    else if (fit == OUTBOX_FITS) /* nothing was sealed again yet */
        ok = unlinkat(dir, KEY_NEXT, 0) == 0 || errno == ENOENT || state_fail(e, errno, KEY_NEXT);
    else
        ok = next_becomes_key(dir, e);
    seal_key_free(&old);
    return ok;
}

static bool finish_journal(int dir, struct key_file *f, const struct seal_key *key, struct err *e)
{
    unsigned char sealed[NONCE_BYTES + KEY_BYTES + TAG_BYTES];
    struct buf plain = {0};
    bool ok = key_file_get(f, SLOT_OLD, sealed, sizeof(sealed)) &&
              seal_open(key, "key", "old", 0, sealed, sizeof(sealed), &plain) && plain.len == KEY_BYTES;
    if (!ok) {
        buf_wipe(&plain);
        return key_damaged(e);
    }
    struct seal_key *old = seal_key_new();
    memcpy(old->bytes, plain.data, KEY_BYTES);
    buf_wipe(&plain);
    ok = journal_reseal(dir, old, key, e);
    seal_key_free(&old);
    if (ok)
        key_file_drop(f, SLOT_OLD);
    return ok;
}

bool key_finish(int dir, const struct seal_key *key, const struct office_key *office, struct err *e)
{
    struct key_file *f = NULL;
    struct office_slot slot;
    bool changed = false, ok = true;
    if (!key_file_read(dir, KEY_FILE, &f, e))
        return false;
    if (f && key_file_has(f, SLOT_OLD))
        ok = changed = finish_journal(dir, f, key, e);
    if (ok && f && office && key_file_has(f, SLOT_PIN) &&
        (!key_file_get(f, SLOT_OFFICE, &slot, sizeof(slot)) ||
         memcmp(slot.office, office->bytes, sizeof(slot.office)) != 0)) {
        seal_for(f, key, office);
        changed = true;
    }
    ok = ok && (!changed || key_file_write(dir, KEY_FILE, f, e));
    key_file_free(&f);
    return ok;
}
