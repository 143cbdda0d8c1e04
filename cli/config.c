/* config: two files of `name = value`. It refuses to pass over a line that it does not understand: a server or an authority that
 * was mistyped must not become another one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "cli/place.h"
#include "core/i18n.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_BYTES 65536

struct line {
    struct config *config;
    const char *file, *value; /* in the config's arena */
    size_t number;
    struct err *e;
};

static const char *shown(struct line *l, const char *data)
{
    return text_cut(&l->config->arena, text_shown(&l->config->arena, data), 60);
}

/* ── what each name takes ────────────────────────────────────────────────────────────────────────────────────────── */

static bool set_server(struct line *l)
{
    l->config->server = l->value; /* net_new() judges it */
    return true;
}

static bool set_path(struct line *l, const char **to)
{
    if (l->value[0] != '/')
        return err_set(l->e, ERR_CONFIG, _("%s:%zu: “%s” is no path that begins with /."), l->file, l->number,
                       shown(l, l->value));
    *to = l->value;
    return true;
}

static bool set_ca(struct line *l)
{
    return set_path(l, &l->config->trust.ca);
}

static bool set_client_cert(struct line *l)
{
    return set_path(l, &l->config->trust.client_cert);
}

static bool set_client_key(struct line *l)
{
    return set_path(l, &l->config->trust.client_key);
}

/* Base64 of the 32 bytes of a SHA-256, as openssl and curl write it; the end of it. NULL: it is none. */
static const char *after_pin(const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (strncmp(text, "sha256//", 8) != 0 || strspn(text + 8, digits) != 43 || text[51] != '=')
        return NULL;
    return text + 52;
}

/* Two things of one name: the server's key that is trusted, and that each officer has to have a PIN. */
static bool set_pin(struct line *l)
{
    if (strcmp(l->value, "required") == 0) {
        l->config->pin_required = true;
        return true;
    }
    const char *end = after_pin(l->value);
    if (end && *end == ';')
        end = after_pin(end + 1);
    l->config->trust.pin = l->value;
    return (end && *end == '\0') ||
           err_set(l->e, ERR_CONFIG,
                   _("%s:%zu: “%s” is no pin: sha256//… of the server's key, or two with ; between; or required."),
                   l->file, l->number, shown(l, l->value));
}

static bool set_training_keys(struct line *l)
{
    return set_path(l, &l->config->training_keys);
}

static bool set_signer(struct line *l)
{
    l->config->token = strcmp(l->value, "token") == 0;
    l->config->phone = strcmp(l->value, "phone") == 0;
    l->config->agent = strcmp(l->value, "agent") == 0;
    return l->config->token || l->config->phone || l->config->agent || strcmp(l->value, "training") == 0 ||
           err_set(l->e, ERR_CONFIG, _("%s:%zu: the signer is token, agent, phone or training, not “%s”."),
                   l->file, l->number, shown(l, l->value));
}

static bool set_sign_agent(struct line *l)
{
    return set_path(l, &l->config->sign_agent);
}

static bool set_pkcs11_module(struct line *l)
{
    if (strchr(l->value, '/'))
        return set_path(l, &l->config->pkcs11_module);
    l->config->pkcs11_module = l->value; /* in p11-kit's own directory */
    return true;
}

static bool set_keymap(struct line *l)
{
    l->config->keymap = l->value;
    return strcmp(l->value, "default") == 0 || strcmp(l->value, "vim") == 0 || strcmp(l->value, "fkeys") == 0 ||
           err_set(l->e, ERR_CONFIG, _("%s:%zu: there is no keymap “%s”, but default, vim and fkeys."),
                   l->file, l->number, shown(l, l->value));
}

static bool set_theme(struct line *l)
{
    return theme_parse(l->value, &l->config->theme) ||
           err_set(l->e, ERR_CONFIG, _("%s:%zu: there is no theme “%s”, but default, light, mono and marker."),
                   l->file, l->number, shown(l, l->value));
}

static bool set_symbols(struct line *l)
{
    l->config->ascii_symbols = strcmp(l->value, "ascii") == 0;
    return l->config->ascii_symbols || strcmp(l->value, "unicode") == 0 ||
           err_set(l->e, ERR_CONFIG, _("%s:%zu: symbols are unicode or ascii, not “%s”."), l->file, l->number,
                   shown(l, l->value));
}

static bool set_exports(struct line *l)
{
    return set_path(l, &l->config->exports);
}

static bool set_recovery(struct line *l)
{
    return set_path(l, &l->config->recovery);
}

static bool set_lock_after(struct line *l)
{
    size_t digits = strspn(l->value, "0123456789");

    l->config->lock_after = digits > 0 && digits < 5 && !l->value[digits] ? atoi(l->value) : 0;
    return (l->config->lock_after >= 1 && l->config->lock_after <= 1440) ||
           err_set(l->e, ERR_CONFIG, _("%s:%zu: lock_after is a number of minutes from 1 to 1440, not “%s”."),
                   l->file, l->number, shown(l, l->value));
}

static const struct {
    const char *name;
    bool (*set)(struct line *);
} settings[] = {
    {"server", set_server},
    {"ca", set_ca},
    {"pin", set_pin},
    {"client_cert", set_client_cert},
    {"client_key", set_client_key},
    {"training_keys", set_training_keys},
    {"signer", set_signer},
    {"sign_agent", set_sign_agent},
    {"pkcs11_module", set_pkcs11_module},
    {"keymap", set_keymap},
    {"theme", set_theme},
    {"symbols", set_symbols},
    {"exports", set_exports},
    {"recovery", set_recovery},
    {"lock_after", set_lock_after},
};

/* ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static char *trimmed(struct arena *arena, const char *text, size_t n)
{
    for (; n > 0 && is_blank(*text); n--)
        text++;
    while (n > 0 && is_blank(text[n - 1]))
        n--;
    return arena_copy_n(arena, text, n);
}

static bool read_line(struct line *l, const char *text, size_t n)
{
    struct arena *arena = &l->config->arena;
    const char *line = trimmed(arena, text, n), *equals = strchr(line, '=');

    if (memchr(text, '\0', n))
        return err_set(l->e, ERR_CONFIG, _("%s:%zu: this is no text."), l->file, l->number);
    if (*line == '\0' || *line == '#')
        return true;
    if (!equals || !*trimmed(arena, equals + 1, strlen(equals + 1)))
        return err_set(l->e, ERR_CONFIG, _("%s:%zu: “%s” is not of the form name = value."), l->file,
                       l->number, shown(l, line));
    const char *name = trimmed(arena, line, (size_t)(equals - line));
    l->value = trimmed(arena, equals + 1, strlen(equals + 1));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(settings[i].name, name) == 0)
            return settings[i].set(l);
    return err_set(l->e, ERR_CONFIG, _("%s:%zu: there is no setting “%s”. See motcua(1)."), l->file,
                   l->number, shown(l, name));
}

bool config_read(struct config *config, const char *name, const char *bytes, size_t len, struct err *e)
{
    struct line l = {.config = config, .file = name, .e = e};

    while (len > 0) {
        const char *end = memchr(bytes, '\n', len);
        size_t n = end ? (size_t)(end - bytes) : len;
        l.number++;
        if (!read_line(&l, bytes, n))
            return false;
        n += end != NULL;
        bytes += n;
        len -= n;
    }
    return true;
}

static bool read_file(struct config *config, const char *path, struct err *e)
{
    struct buf bytes = {0};
    bool absent;
    bool ok = place_read(path, MAX_BYTES, &bytes, &absent, e);

    ok = ok ? config_read(config, path, bytes.data ? bytes.data : "", bytes.len, e) : absent;
    buf_clear(&bytes);
    return ok;
}

bool config_load(struct config *config, struct err *e)
{
    const char *no_color = getenv("NO_COLOR");
    char *own = place_config("config");
    bool ok = read_file(config, CONFIG_SYSTEM, e) && (!own || read_file(config, own, e));

    if (no_color && *no_color)
        config->theme = THEME_MONO;
    mem_free(&own);
    return ok;
}

void config_clear(struct config *config)
{
    arena_clear(&config->arena);
}
