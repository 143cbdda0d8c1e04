/* seal: the bytes of sealed blobs (nonce, ciphertext, tag) and of the file `key` (slots that each hold the data key, bare or
 * wrapped). It refuses to overwrite a key: without it, what is sealed is lost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/seal.h"

#include "cache/state.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

struct seal_key {
    unsigned char bytes[KEY_BYTES];
};

static struct seal_key *key_new(void)
{
    if (sodium_init() < 0)
        die("libsodium does not start");
    struct seal_key *key = sodium_malloc(sizeof(*key));
    if (!key)
        die("out of memory");
    return key;
}

void seal_key_free(struct seal_key **key)
{
    sodium_free(*key); /* wipes it; NULL is fine */
    *key = NULL;
}

/* Where a blob stands, as the bytes that it is bound to. Table names and ids hold no NUL, so no two places look alike. */
static struct buf place_of(const char *table, const char *id, int64_t version)
{
    struct buf place = {0};
    buf_add(&place, table, strlen(table) + 1);
    buf_add(&place, id, strlen(id) + 1);
    unsigned char number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (unsigned char)((uint64_t)version >> (8 * i));
    buf_add(&place, number, sizeof(number));
    return place;
}

/* Both work in place, on bytes that `out` holds already: a plain copy on the way would be one more thing to wipe. */
void seal_close(const struct seal_key *key, const char *table, const char *id, int64_t version,
                const void *plain, size_t n, struct buf *out)
{
    unsigned char nonce[NONCE_BYTES];
    randombytes_buf(nonce, sizeof(nonce));
    buf_add(out, nonce, sizeof(nonce));
    size_t at = out->len;
    buf_add(out, plain, n);
    buf_add(out, (const char[TAG_BYTES]){0}, TAG_BYTES);

    struct buf place = place_of(table, id, version);
    unsigned char *text = (unsigned char *)out->data + at;
    crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, text, n, (unsigned char *)place.data, place.len,
                                               NULL, nonce, key->bytes);
    buf_clear(&place);
}

bool seal_open(const struct seal_key *key, const char *table, const char *id, int64_t version,
               const void *sealed, size_t n, struct buf *out)
{
    if (!sealed || n < NONCE_BYTES + TAG_BYTES)
        return false;
    const unsigned char *nonce = sealed;
    size_t at = out->len;
    buf_add(out, nonce + NONCE_BYTES, n - NONCE_BYTES);

    struct buf place = place_of(table, id, version);
    unsigned char *text = (unsigned char *)out->data + at;
    unsigned long long plain = 0;
    bool ok = crypto_aead_xchacha20poly1305_ietf_decrypt(text, &plain, NULL, text, n - NONCE_BYTES,
                                                         (unsigned char *)place.data, place.len, nonce,
                                                         key->bytes) == 0;
    out->len = at + (ok ? (size_t)plain : 0);
    out->data[out->len] = '\0';
    buf_clear(&place);
    return ok;
}

/* ── the file `key` ────────────────────────────────────────────────────────────────────────────────────────────────
 * "motcua-key", a byte for the format (1), a byte for how many slots there are; each slot: a byte for its kind, two for the
 * length of what it holds (little end first), and that. Slots of kinds that we do not know are passed over. */

#define KEY_MAGIC "motcua-key"
enum {
    KEY_FORMAT = 1,
    KEY_HEADER = sizeof(KEY_MAGIC) - 1 + 2,
    KEY_SLOT_HEADER = 3,
    KEY_FILE_MAX = 4096,
    SLOT_NONE = 0, /* the data key, bare */
    SLOT_PIN = 1,
    SLOT_OFFICE = 2,
};

static bool key_damaged(struct err *e)
{
    return err_set(e, ERR_STORE,
                   _("The file “key” beside the saved data is damaged, so nothing can be opened. Nothing was changed. "
                     "Tell the IT department."));
}

/* Finds the bare key among the slots. */
static bool key_parse(const unsigned char *file, size_t n, struct seal_key *key, struct err *e)
{
    if (n < KEY_HEADER || memcmp(file, KEY_MAGIC, sizeof(KEY_MAGIC) - 1) != 0)
        return key_damaged(e);
    if (file[KEY_HEADER - 2] != KEY_FORMAT)
        return err_set(
            e, ERR_AUTH,
            _("The key to the saved data was written by a newer motcua. Nothing was changed. Update motcua."));
    size_t slots = file[KEY_HEADER - 1];
    size_t at = KEY_HEADER;
    bool wrapped = false;
    for (size_t i = 0; i < slots; i++) {
        if (n - at < KEY_SLOT_HEADER)
            return key_damaged(e);
        unsigned kind = file[at];
        size_t len = file[at + 1] | (size_t)file[at + 2] << 8;
        at += KEY_SLOT_HEADER;
        if (n - at < len)
            return key_damaged(e);
        if (kind == SLOT_NONE) {
            if (len != KEY_BYTES)
                return key_damaged(e);
            memcpy(key->bytes, file + at, KEY_BYTES);
            return true;
        }
        wrapped = true;
        at += len;
    }
    if (!wrapped)
        return key_damaged(e);
    return err_set(
        e, ERR_AUTH,
        _("The saved data is locked with a PIN, which this motcua cannot ask for. Update motcua to unlock it."));
}

/* Reads the file whole into locked memory. `*found` is false where there is none yet. */
static bool key_read(int dir, struct seal_key *key, bool *found, struct err *e)
{
    unsigned char *file = NULL;
    bool ok = false;
    *found = true;
    int fd = openat(dir, "key", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *found = errno != ENOENT;
        return *found ? state_fail(e, errno, "key") : true;
    }
    struct stat st;
    if (fstat(fd, &st) != 0) {
        state_fail(e, errno, "key");
        goto done;
    }
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
        err_set(e, ERR_STORE,
                _("The file “key” beside the saved data does not belong to this account alone, so it is not used. "
                  "Tell the IT department."));
        goto done;
    }
    file = sodium_malloc(KEY_FILE_MAX);
    if (!file)
        die("out of memory");
    ssize_t n = st.st_size < KEY_FILE_MAX ? pread(fd, file, KEY_FILE_MAX, 0) : 0;
    if (n < 0)
        state_fail(e, errno, "key");
    else
        ok = key_parse(file, (size_t)n, key, e);
done:
    sodium_free(file);
    close(fd);
    return ok;
}

/* Writes the slot `none` to a file of a name of its own, whole and synced. */
static bool key_write_aside(int dir, const char *name, const struct seal_key *key)
{
    unsigned char *file = sodium_malloc(KEY_HEADER + KEY_SLOT_HEADER + KEY_BYTES);
    if (!file)
        die("out of memory");
    memcpy(file, KEY_MAGIC, sizeof(KEY_MAGIC) - 1);
    file[KEY_HEADER - 2] = KEY_FORMAT;
    file[KEY_HEADER - 1] = 1;
    file[KEY_HEADER] = SLOT_NONE;
    file[KEY_HEADER + 1] = KEY_BYTES;
    file[KEY_HEADER + 2] = 0;
    memcpy(file + KEY_HEADER + KEY_SLOT_HEADER, key->bytes, KEY_BYTES);

    size_t n = KEY_HEADER + KEY_SLOT_HEADER + KEY_BYTES;
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0;
    if (ok) {
        errno = ENOSPC; /* what a write that ends short means */
        ok = write(fd, file, n) == (ssize_t)n && fsync(fd) == 0;
        int why = errno;
        close(fd);
        errno = why;
    }
    sodium_free(file);
    return ok;
}

/* Two instances may start at once: the first link stands, and the other one reads it. */
static bool key_make(int dir, struct seal_key *key, struct err *e)
{
    randombytes_buf(key->bytes, KEY_BYTES);
    char name[16] = "key.";
    unsigned char chance[5];
    randombytes_buf(chance, sizeof(chance));
    sodium_bin2hex(name + 4, sizeof(name) - 4, chance, sizeof(chance));

    bool made = key_write_aside(dir, name, key) && linkat(dir, name, dir, "key", 0) == 0;
    int why = errno;
    unlinkat(dir, name, 0);
    if (!made && why != EEXIST)
        return state_fail(e, why, "key");
    if (fsync(dir) != 0)
        return state_fail(e, errno, "key");
    if (made)
        return true;
    bool found;
    return key_read(dir, key, &found, e) && (found || key_damaged(e));
}

bool seal_key_load(int dir, struct seal_key **out, struct err *e)
{
    struct seal_key *key = key_new();
    bool found;
    if (key_read(dir, key, &found, e) && (found || key_make(dir, key, e))) {
        sodium_mprotect_readonly(key);
        *out = key;
        return true;
    }
    seal_key_free(&key);
    return false;
}
