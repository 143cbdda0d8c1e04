/* vault: opens, closes and keeps the data key; what stands in its file is cache/key.h's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/vault.h"

#include "cli/place.h"
#include "core/i18n.h"
#include "core/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HALF_BYTES 4096
#define RENEW_MS   60000

bool vault_office(const struct config *config, struct office_key *office, bool *has, struct err *e)
{
    struct buf text = {0};
    bool ok;

    *has = config->recovery != NULL;
    if (!*has)
        return true;
    ok = place_read(config->recovery, HALF_BYTES, &text, NULL, e) &&
         key_office_read(text.data ? text.data : "", text.len, office, e);
    buf_clear(&text);
    return ok;
}

static const struct office_key *office_of(const struct seat *s)
{
    return s->has_office ? &s->office : NULL;
}

/* ── the keyring ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *name_of(const struct seat *s, const char *officer)
{
    return mem_format("key:%s:%s", s->server, officer);
}

void vault_keep(struct seat *s, const char *officer, const struct seal_key *key)
{
    char *name = name_of(s, officer);

    key_keep(key, s->env, name);
    mem_free(&name);
    s->kept = seat_mono(s);
}

void vault_use(struct seat *s)
{
    if (s->pin && s->key && !seal_key_asleep(s->key) && seat_mono(s) - s->kept >= RENEW_MS)
        vault_keep(s, s->officer, s->key);
}

void vault_forget(struct seat *s)
{
    const char *officer = s->officer ? s->officer : s->locked;
    char *name = officer ? name_of(s, officer) : NULL;

    if (name)
        s->env->secret_drop(s->env, name);
    mem_free(&name);
}

/* ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool recall(struct seat *s)
{
    char *name = name_of(s, s->officer);
    bool ok = key_recall(s->dir, s->env, name, &s->key);

    mem_free(&name);
    return ok;
}

bool vault_open(struct seat *s, struct err *e)
{
    enum key_kind kind;
    bool office;

    if (!key_settle(s->dir, s->path, e) || !key_look(s->dir, &kind, &office, e))
        return false;
    s->pin = kind == KEY_PIN;
    if (!s->pin)
        return key_load(s->dir, &s->key, e);
    if (s->opened) {
        s->key = s->opened;
        s->opened = NULL;
    } else if (!recall(s)) {
        mem_free(&s->locked);
        s->locked = mem_copy(s->officer);
        return key_load(s->dir, &s->key, e); /* which says so */
    }
    if (!key_finish(s->dir, s->key, office_of(s), e))
        return false;
    vault_keep(s, s->officer, s->key);
    return true;
}

/* When a PIN's directory was used last, or -1: it has none. */
static int64_t used_last(int server, const char *officer)
{
    struct stat st;
    enum key_kind kind;
    bool office;
    int dir = openat(server, officer, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int64_t at = -1;

    if (dir >= 0 && key_look(dir, &kind, &office, NULL) && kind == KEY_PIN &&
        fstatat(dir, "outbox.db", &st, AT_SYMLINK_NOFOLLOW) == 0)
        at = st.st_mtime;
    if (dir >= 0)
        close(dir);
    return at;
}

void vault_find(struct seat *s)
{
    char *path = mem_format("%s/%s", s->base, s->server);
    DIR *all = opendir(path);
    int64_t last = -1;

    mem_free(&s->locked);
    for (struct dirent *entry; all && (entry = readdir(all));) {
        int64_t at = id_valid(entry->d_name) ? used_last(dirfd(all), entry->d_name) : -1;
        if (at <= last)
            continue;
        last = at;
        mem_free(&s->locked);
        s->locked = mem_copy(entry->d_name);
    }
    if (all)
        closedir(all);
    mem_free(&path);
}

/* ── locking and unlocking ───────────────────────────────────────────────────────────────────────────────────────── */

void vault_sleep(struct seat *s)
{
    if (!s->key || seal_key_asleep(s->key))
        return;
    net_suspend(s->net);
    net_attach(s->net, NULL, NULL, NULL);
    lease_give_back(s->lease);
    cache_search_wipe(s->cache);
    seal_key_sleep(s->key);
}

/* The files are open, and it was only forgotten. */
static bool wake(struct seat *s, const struct pin *pin, struct err *e)
{
    struct seal_key *key = NULL;
    bool slept = seal_key_asleep(s->key), ok = key_unlock(s->dir, pin, s->env, &key, e);

    if (ok && !seal_key_wake(s->key, key))
        ok = err_set(e, ERR_STORE, "%s",
                     _("The file “key” is another one than before. Close motcua, then open it again."));
    seal_key_free(&key);
    if (ok)
        vault_keep(s, s->officer, s->key);
    if (ok && slept)
        net_attach(s->net, s->cache, s->outbox, s->lease);
    return ok;
}

bool vault_unlock(struct seat *s, const struct pin *pin, struct err *e)
{
    char *officer, *path = NULL;
    int dir = -1;

    if (s->officer)
        return wake(s, pin, e);
    if (!s->locked)
        return err_set(e, ERR_AUTH, "%s", _("Nobody is signed in. Run motcua login, or sign in on the screen."));
    officer = mem_copy(s->locked);
    seal_key_free(&s->opened);
    bool ok = state_open(s->base, s->server, officer, &dir, &path, e) &&
              key_unlock(dir, pin, s->env, &s->opened, e);
    if (dir >= 0)
        close(dir);
    mem_free(&path);
    ok = ok && seat_attach(s, officer, e);
    mem_free(&officer);
    return ok;
}

void vault_tries(struct seat *s, struct tries *tries)
{
    char *path = s->locked ? mem_format("%s/%s/%s", s->base, s->server, s->locked) : NULL;
    int dir = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    *tries = (struct tries){0};
    if (s->officer)
        key_tries(s->dir, s->env, tries);
    else if (dir >= 0)
        key_tries(dir, s->env, tries);
    if (dir >= 0)
        close(dir);
    mem_free(&path);
}

/* ── the first PIN ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool reseal(void *outbox, const struct seal_key *fresh, struct err *e)
{
    return outbox_reseal(outbox, fresh, e);
}

bool vault_set_pin(struct seat *s, const struct pin *pin, struct err *e)
{
    struct key_reseal again = {.context = s->outbox, .outbox = reseal};
    bool ok;

    if (!s->officer || !presence_alone(s->presence, true))
        return err_set(e, ERR_REFUSED, "%s",
                       _("motcua is open in another window. Close that one first, then set the PIN."));
    net_suspend(s->net);
    net_attach(s->net, NULL, NULL, NULL);
    ok = key_set_pin(s->dir, s->key, pin, office_of(s), &again, e) && cache_start_over(s->cache, e);
    if (ok) {
        s->pin = true;
        vault_keep(s, s->officer, s->key);
    }
    presence_alone(s->presence, false);
    net_attach(s->net, s->cache, s->outbox, s->lease);
    return ok;
}
