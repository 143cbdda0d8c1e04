/* software: see software.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/software.h"

#include "core/codec.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM_MAX (64 * 1024)

/* Whoever could write to it could sign as the officer; whoever could read it as well. */
static bool ours_alone(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

static bool read_all(int fd, struct buf *out)
{
    char piece[4096];
    ssize_t n;

    while ((n = read(fd, piece, sizeof piece)) != 0 && out->len <= PEM_MAX) {
        if (n > 0)
            buf_add(out, piece, (size_t)n);
        else if (errno != EINTR)
            return false;
    }
    mem_wipe(piece, sizeof piece);
    return out->len <= PEM_MAX;
}

static bool read_pem(int dir, const char *officer, const char *kind, struct buf *out, struct err *e)
{
    char *name = mem_format("%s.%s.pem", officer, kind);
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool ok = false;

    if (fd < 0)
        err_set(e, ERR_SIGNER, _("This officer has no training key (%s). Nothing was signed."), name);
    else if (!ours_alone(fd))
        err_set(e, ERR_SIGNER, _("The training key %s can be read by others. Nothing was signed."), name);
    else if (!(ok = read_all(fd, out)))
        err_set(e, ERR_SIGNER, _("The training key %s cannot be read. Nothing was signed."), name);
    if (fd >= 0)
        close(fd);
    mem_free(&name);
    return ok;
}

static bool parse(const struct buf *cert_pem, const struct buf *key_pem, X509 **certificate, EVP_PKEY **key,
                  struct err *e)
{
    char no_passphrase[] = ""; /* none is ever asked for */
    BIO *c = BIO_new_mem_buf(cert_pem->data, (int)cert_pem->len),
        *k = BIO_new_mem_buf(key_pem->data, (int)key_pem->len);

    *certificate = c ? PEM_read_bio_X509(c, NULL, NULL, NULL) : NULL;
    *key = k ? PEM_read_bio_PrivateKey(k, NULL, NULL, no_passphrase) : NULL;
    BIO_free(c);
    BIO_free(k);
    if (*certificate && *key)
        return true;
    X509_free(*certificate);
    EVP_PKEY_free(*key);
    *certificate = NULL;
    *key = NULL;
    ERR_clear_error();
    return err_set(e, ERR_SIGNER, "%s", _("The training key is damaged. Nothing was signed."));
}

bool software_open(const char *dir, const char *officer, X509 **certificate, EVP_PKEY **key, struct err *e)
{
    struct buf cert_pem = {0}, key_pem = {0};
    int fd = -1;
    bool ok = false;

    if (!id_valid(officer)) {
        err_set(e, ERR_SIGNER, "%s", _("There is no such officer. Nothing was signed."));
        goto done;
    }
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || !ours_alone(fd)) {
        err_set(
            e, ERR_SIGNER, "%s",
            _("The directory of training keys is not there, or not this account's alone. Nothing was signed."));
        goto done;
    }
    ok = read_pem(fd, officer, "cert", &cert_pem, e) && read_pem(fd, officer, "key", &key_pem, e) &&
         parse(&cert_pem, &key_pem, certificate, key, e);
done:
    if (fd >= 0)
        close(fd);
    buf_clear(&cert_pem);
    buf_wipe(&key_pem);
    return ok;
}
