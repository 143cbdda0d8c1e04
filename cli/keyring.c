/* keyring: secrets that outlive the program, in the kernel and nowhere else; never a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/env.h"

#include "core/mem.h"

#include <keyutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USER_RING_SECONDS (12 * 3600)
#define PREFIX            "motcua:"
/* The user's own processes that do not possess the ring (another login) may find and read a key as well. */
#define OWN_PERMISSIONS \
    (KEY_POS_ALL | KEY_USR_VIEW | KEY_USR_READ | KEY_USR_SEARCH | KEY_USR_WRITE | KEY_USR_SETATTR)

struct held { /* the last resort: this process's memory */
    struct held *next;
    char *name;
    void *bytes;
    size_t n;
};
struct keyring {
    key_serial_t ring; /* 0: memory alone */
    int most_seconds;  /* 0: no limit of the ring's own */
    struct held *held;
};

static bool ring_is_ours(key_serial_t ring)
{
    char text[256];
    unsigned uid;
    long n = keyctl_describe(ring, text, sizeof text);

    return n > 0 && (size_t)n <= sizeof text && sscanf(text, "keyring;%u;", &uid) == 1 && uid == geteuid();
}

/* A ring that lists but refuses new keys (seccomp of a container, quota) is no ring to rely on. */
static bool ring_works(key_serial_t ring)
{
    /* A name of this process's own: another's probe of the same name would take it away between our calls. */
    char *name = mem_format(PREFIX "probe:%d", (int)getpid());
    key_serial_t key = add_key("user", name, "1", 1, ring);

    mem_free(&name);
    if (key < 0)
        return false;
    bool read = keyctl_setperm(key, OWN_PERMISSIONS) == 0 && keyctl_read(key, NULL, 0) == 1;
    keyctl_unlink(key, ring);
    return read;
}

struct keyring *keyring_new(bool lasting)
{
    struct keyring *k = mem_alloc(sizeof *k);
    if (!lasting)
        return k;
    key_serial_t session = keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0);
    key_serial_t user = keyctl_get_keyring_ID(KEY_SPEC_USER_KEYRING, 1);

    if (session > 0 && ring_is_ours(session) && ring_works(session)) {
        k->ring = session;
    } else if (user > 0 && ring_is_ours(user) && ring_works(user)) {
        k->ring = user;
        k->most_seconds = USER_RING_SECONDS;
    }
    return k;
}

static void held_free(struct held *h)
{
    mem_wipe(h->bytes, h->n);
    free(h->bytes);
    free(h->name);
    free(h);
}

void keyring_free(struct keyring **k)
{
    if (!*k)
        return;
    for (struct held *h = (*k)->held, *next; h; h = next) {
        next = h->next;
        held_free(h);
    }
    free(*k);
    *k = NULL;
}

bool keyring_lasts(const struct keyring *k)
{
    return k->ring != 0;
}

static struct held **held_find(struct keyring *k, const char *name)
{
    struct held **at = &k->held;

    while (*at && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    return at;
}

static key_serial_t ring_find(const struct keyring *k, const char *name)
{
    char *full = mem_format(PREFIX "%s", name);
    long key = keyctl_search(k->ring, "user", full, 0);

    free(full);
    return key > 0 ? (key_serial_t)key : 0;
}

bool keyring_get(struct keyring *k, const char *name, void *bytes, size_t cap, size_t *n)
{
    if (!k->ring) {
        const struct held *h = *held_find(k, name);
        if (!h || h->n > cap)
            return false;
        memcpy(bytes, h->bytes, h->n);
        *n = h->n;
        return true;
    }
    key_serial_t key = ring_find(k, name);
    long got = key ? keyctl_read(key, bytes, cap) : -1;
    if (got < 0 || (size_t)got > cap)
        return false;
    *n = (size_t)got;
    return true;
}

bool keyring_put(struct keyring *k, const char *name, const void *bytes, size_t n, int ttl_seconds)
{
    if (!k->ring) {
        keyring_drop(k, name);
        struct held *h = mem_alloc(sizeof *h);
        h->name = mem_copy(name);
        h->bytes = mem_copy_n(bytes, n);
        h->n = n;
        h->next = k->held;
        k->held = h;
        return true;
    }
    char *full = mem_format(PREFIX "%s", name);
    key_serial_t key = add_key("user", full, bytes, n, k->ring);
    free(full);
    if (key < 0)
        return false;
    int most = k->most_seconds;
    if (ttl_seconds > 0 && (most == 0 || ttl_seconds < most))
        most = ttl_seconds;
    keyctl_setperm(key, OWN_PERMISSIONS);
    keyctl_set_timeout(key, (unsigned)most);
    return true;
}

void keyring_drop(struct keyring *k, const char *name)
{
    if (k->ring) {
        key_serial_t key = ring_find(k, name);
        if (key) {
            keyctl_revoke(key); /* whoever still holds a link can no longer read it */
            keyctl_unlink(key, k->ring);
        }
        return;
    }
    struct held **at = held_find(k, name);
    struct held *h = *at;
    if (h) {
        *at = h->next;
        held_free(h);
    }
}
