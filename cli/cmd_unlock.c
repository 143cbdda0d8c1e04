/* cmd_unlock: `unlock`, the one command that asks for a PIN: opens what is saved here for the commands of the next half hour; and
 * `recovery-key`, which makes the office's pair. It refuses to set the first PIN: that needs the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ask_pin.h"
#include "cli/command.h"
#include "cli/place.h"
#include "cli/vault.h"
#include "core/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HALF_BYTES 4096

struct opening {
    struct cli *cli;
    struct seat *seat;
    const char *officer;
    int dir, presence;
    char *path;
    struct pin *pin;
    struct seal_key *key;
};

/* ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool with_pin(struct opening *o, struct err *e)
{
    return ask_pin(_("PIN"), o->pin, e) && key_unlock(o->dir, o->pin, o->cli->env, &o->key, e);
}

static bool with_office(struct opening *o, const char *file, struct err *e)
{
    struct buf text = {0};
    bool ok = place_read(file, HALF_BYTES, &text, NULL, e) &&
              key_recover(o->dir, text.data ? text.data : "", text.len, &o->key, e);

    buf_wipe(&text);
    return ok;
}

static bool open_key(struct opening *o, struct err *e)
{
    const struct options *options = &o->cli->options;
    const char *recovery = options->value[OPTION_RECOVERY];
    const struct office_key *office = o->seat->has_office ? &o->seat->office : NULL;

    if (!(recovery ? with_office(o, recovery, e) : with_pin(o, e)))
        return false;
    if ((recovery || options->value[OPTION_NEW_PIN]) &&
        !(ask_new_pin(o->pin, e) && key_change_pin(o->dir, o->key, o->pin, e)))
        return false;
    if (!key_finish(o->dir, o->key, office, e))
        return false;
    vault_keep(o->seat, o->officer, o->key);
    print_line(o->cli, _("Unlocked: commands work for %d minutes after the last one."), KEY_KEPT_SECONDS / 60);
    return true;
}

static bool unlock(struct opening *o, struct err *e)
{
    enum key_kind kind;
    bool office;

    if (!state_open(o->seat->base, o->seat->server, o->officer, &o->dir, &o->path, e) ||
        !presence_take(o->dir, &o->presence, e) || !key_settle(o->dir, o->path, e) ||
        !key_look(o->dir, &kind, &office, e))
        return false;
    if (kind == KEY_PIN)
        return open_key(o, e);
    print_line(o->cli, "%s", _("There is no PIN, so nothing is locked. Press F12 on the screen to set one."));
    return true;
}

bool cmd_unlock(struct cli *cli, struct err *e)
{
    struct opening o = {.cli = cli, .dir = -1, .presence = -1, .pin = pin_new()};
    bool ok = command_seat(cli, false, &o.seat, e);

    o.officer = ok ? net_officer(o.seat->net) : NULL;
    if (ok && !cli->env->secret_lasts(cli->env))
        ok = err_set(e, ERR_STORE, "%s",
                     _("This system keeps no key (no kernel keyring), so unlocking here would be lost at once. "
                       "Unlock on the screen: motcua."));
    else if (ok && !o.officer)
        ok = err_set(e, ERR_AUTH, "%s", _("Nobody is signed in. Run motcua login, or sign in on the screen."));
    ok = ok && unlock(&o, e);
    if (o.presence >= 0)
        close(o.presence);
    if (o.dir >= 0)
        close(o.dir);
    mem_free(&o.path);
    seal_key_free(&o.key);
    pin_free(&o.pin);
    seat_free(&o.seat);
    return ok;
}

/* ── the office's pair ───────────────────────────────────────────────────────────────────────────────────────────── */

static bool write_half(const char *path, const struct buf *text, int mode, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    bool ok = fd >= 0;

    if (ok) {
        errno = ENOSPC; /* what a write that ends short means */
        ok = write(fd, text->data, text->len) == (ssize_t)text->len && fchmod(fd, (mode_t)mode) == 0 &&
             fsync(fd) == 0;
        int why = errno;
        close(fd);
        if (!ok)
            unlink(path);
        errno = why;
    }
    return ok || err_set(e, ERR_STORE, _("%s could not be made (%s)."), path, strerrorname_np(errno));
}

bool cmd_recovery_key(struct cli *cli, struct err *e)
{
    const char *path = cli->options.operand[0];
    char *half_path = mem_format("%s.pub", path);
    struct buf secret = {0}, half = {0};

    key_office_new(&secret, &half);
    bool ok = write_half(path, &secret, 0400, e);
    if (ok && !write_half(half_path, &half, 0444, e)) {
        unlink(path);
        ok = false;
    }
    if (ok && cli->json)
        print_object(json_pack("{s:s, s:s}", "secret", path, "public", half_path));
    else if (ok)
        print_line(cli,
                   _("%s opens what officers have sealed for it: keep it under lock and key, off this network. %s goes to "
                     "every machine: recovery = FILE."),
                   path, half_path);
    buf_wipe(&secret);
    buf_clear(&half);
    mem_free(&half_path);
    return ok;
}
