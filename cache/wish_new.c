/* wish_new: from what was taken down at the counter to a createDossier in the outbox, and the number that stands for its code until there
 * is one. It refuses what the server would refuse for want of a name or a unit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/wish.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REF_MOST 64 /* contract, NewDossier.client_ref */

/* ── a number of our own ───────────────────────────────────────────────────────────────────────────────────────────── */

/* "quay-02" → "QUAY02": what can be said on the phone. */
static void spell(const char *name, size_t most, struct buf *out)
{
    for (; *name && most > 0; name++) {
        char c = *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            buf_char(out, c);
            most--;
        }
    }
}

/* The serial of a number that begins so; 0: another number. */
static int serial_of(const char *ref, const struct buf *stem)
{
    if (!ref || strncmp(ref, stem->data, stem->len) != 0)
        return 0;
    return atoi(ref + stem->len);
}

/* The rows of the day, DONE and DROPPED ones too, know which numbers were given: what is called saved is on the disk, so none is given
 * twice, whatever happens to the machine. */
bool wish_client_ref(struct outbox *outbox, const char *workstation, const char *officer, int64_t now,
                     int32_t offset, struct arena *arena, const char **out, struct err *e)
{
    struct civil day = instant_civil(now, offset);
    struct command *rows;
    struct buf stem = {0};
    size_t n;
    int last = 0;

    if (!outbox_list(outbox, ~0u, arena, &rows, &n, e))
        return false;
    spell(workstation, 20, &stem);
    buf_char(&stem, '-');
    spell(officer, 20, &stem);
    buf_format(&stem, "-%02d%02d%02d-", day.day, day.month, day.year % 100);
    for (size_t i = 0; i < n; i++) {
        int serial = serial_of(rows[i].code, &stem);
        last = serial > last ? serial : last;
    }
    *out = arena_format(arena, "%s%03d", stem.data, last + 1);
    buf_clear(&stem);
    return true;
}

/* ── taking in ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\n")] == '\0';
}

static bool is_text(const struct applicant *a)
{
    const char *const parts[] = {a->name, a->id_number, a->address, a->phone, a->email};
    struct buf nfc = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        ok = !parts[i] || text_nfc(parts[i], strlen(parts[i]), &nfc);
    buf_wipe(&nfc);
    return ok;
}

static bool check(const struct new_dossier *n, struct err *e)
{
    if (is_blank(n->procedure) || is_blank(n->unit) || is_blank(n->channel))
        return err_set(e, ERR_INPUT, "%s",
                       _("A dossier needs a procedure, a unit that takes it in, and a channel."));
    if (!n->applicant || is_blank(n->applicant->name) || (n->submitted_by && is_blank(n->submitted_by->name)))
        return err_set(e, ERR_INPUT, "%s", _("The name of who files it, or of whose it is, is missing."));
    if (!is_text(n->applicant) || (n->submitted_by && !is_text(n->submitted_by)))
        return err_set(e, ERR_INPUT, "%s",
                       _("What was typed is not UTF-8 text. Set LANG=C.UTF-8 and type it again."));
    if (n->client_ref && strlen(n->client_ref) > REF_MOST)
        return err_set(e, ERR_INPUT, "%s", _("The number of our own is too long."));
    return true;
}

static char *body_of(const struct new_dossier *n, const char *draft, int64_t now, struct wish *wish)
{
    size_t len;
    char *body = codec_write(&shape_new_dossier, n, WISH_OFFSET, &len);

    *wish = (struct wish){.method = "POST",
                          .path = "/dossiers",
                          .action = "create",
                          .code = n->code ? n->code : n->client_ref,
                          .name = n->applicant->name,
                          .body = body,
                          .body_len = len,
                          .acted_at = now,
                          .number = n->code,
                          .number_unit = n->unit,
                          .number_at = n->received_at,
                          .draft = draft};
    return body;
}

bool wish_create(struct outbox *outbox, const struct new_dossier *n, const char *draft, int64_t now,
                 char key[static UUID_TEXT], struct err *e)
{
    struct wish wish;
    char keys[1][UUID_TEXT];

    if (!check(n, e))
        return false;
    char *body = body_of(n, draft, now, &wish);
    bool ok = outbox_enqueue(outbox, &wish, 1, keys, e);
    if (ok)
        memcpy(key, keys[0], UUID_TEXT);
    mem_wipe(body, wish.body_len);
    mem_free(&body);
    return ok;
}

bool wish_create_again(struct outbox *outbox, const char *old, const struct new_dossier *n, const char *draft,
                       int64_t now, char key[static UUID_TEXT], struct err *e)
{
    struct wish wish;

    if (!check(n, e))
        return false;
    char *body = body_of(n, draft, now, &wish);
    bool ok = outbox_replace(outbox, old, &wish, now, key, e);
    mem_wipe(body, wish.body_len);
    mem_free(&body);
    return ok;
}
