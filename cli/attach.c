/* attach: see attach.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/attach.h"

#include "cache/files.h"
#include "core/i18n.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MOST 200 /* bytes; the contract takes 255 characters */

/* As it is typed, or as a terminal pastes what was dragged into it: between quotes, with a space behind. */
static char *path_of(struct arena *arena, const char *typed)
{
    const char *home = getenv("HOME");
    size_t n = strlen(typed);

    while (n > 0 && typed[n - 1] == ' ')
        n--;
    if (n >= 2 && (*typed == '\'' || *typed == '"') && typed[n - 1] == *typed)
        typed++, n -= 2;
    char *path = arena_copy_n(arena, typed, n);
    return home && path[0] == '~' && path[1] == '/' ? arena_format(arena, "%s%s", home, path + 1) : path;
}

/* The last part of the path, as text that the server takes. */
static const char *name_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strlen(name);
    struct buf nfc = {0};

    while (n > NAME_MOST || ((unsigned char)name[n] & 0xc0) == 0x80) /* whole letters */
        n--;
    bool text = text_nfc(name, n, &nfc) && nfc.len > 0;
    const char *out = text ? arena_copy_n(arena, nfc.data, nfc.len) : _("scan");
    buf_clear(&nfc);
    return out;
}

static bool read_whole(int fd, size_t most, struct buf *out)
{
    char part[65536];
    ssize_t n;

    while ((n = read(fd, part, sizeof part)) != 0 && out->len <= most) {
        if (n > 0)
            buf_add(out, part, (size_t)n);
        else if (errno != EINTR)
            break;
    }
    mem_wipe(part, sizeof part);
    return n >= 0;
}

/* One byte more than the server takes is enough to say so. */
static bool read_file(const char *path, int64_t most, struct buf *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    bool ok = fd >= 0 && fstat(fd, &st) == 0;

    if (ok && !S_ISREG(st.st_mode))
        err_set(e, ERR_INPUT, "%s", _("This is no plain file. Type the path of a PDF, JPEG or PNG."));
    else if (!ok || !read_whole(fd, (size_t)most, out))
        err_set(e, ERR_INPUT, _("This file cannot be read: %s. Correct the path."), strerror(errno));
    if (fd >= 0)
        close(fd);
    return !e->code;
}

/* The dossier's words; it may be a wish still. */
static void name_dossier(struct seat *s, struct arena *arena, struct attach *a)
{
    struct dossier d;
    struct command create;

    if (cache_dossier(s->cache, a->dossier, arena, &d, NULL, NULL)) {
        a->code = d.code;
        a->applicant = d.applicant ? d.applicant->name : NULL;
    } else if (outbox_get(s->outbox, a->dossier, arena, &create, NULL)) {
        a->code = create.code;
        a->applicant = create.name;
    }
}

/* What stood still for the same paper is what this one is in place of. */
static void give_up_stopped(struct seat *s, struct arena *arena, const struct attach *a, const char *key)
{
    struct waiting_file *files;
    size_t n;

    if (!files_waiting(s->outbox, a->dossier, arena, &files, &n, NULL))
        return;
    for (size_t i = 0; i < n; i++) {
        const char *paper = files[i].about.paper;
        bool same = paper ? a->paper && strcmp(paper, a->paper) == 0 : !a->paper;
        if (same && files[i].state == FILE_STOPPED && strcmp(files[i].key, key) != 0)
            file_give_up(s->outbox, files[i].key, a->acted_at, NULL);
    }
}

bool attach_file(struct seat *s, const struct ask *ask, struct err *e)
{
    struct arena arena = {0};
    struct buf bytes = {0};
    struct line_status line;
    char key[UUID_TEXT];
    struct err why = {0};

    net_line(s->net, &line);
    const char *path = path_of(&arena, ask->text);
    bool ok = line.max_upload > 0 ||
              err_set(&why, ERR_REFUSED, "%s", _("The server takes no files. Nothing was saved."));
    if (ok && read_file(path, line.max_upload, &bytes, &why)) {
        struct attach a = {.dossier = ask->dossier,
                           .name = name_of(&arena, path),
                           .paper = ask->cursor,
                           .role = ask->cursor ? NULL : "other",
                           .bytes = bytes.data ? bytes.data : "",
                           .n = bytes.len,
                           .most = line.max_upload,
                           .acted_at = line.server_now};
        name_dossier(s, &arena, &a);
        if (file_attach(s->outbox, &a, key, &why))
            give_up_stopped(s, &arena, &a, key);
    }
    buf_wipe(&bytes);
    arena_clear(&arena);
    return why.code == ERR_NONE || err_set(e, why.code, "%s", why.text);
}
