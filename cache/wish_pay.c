/* wish_pay: a fee without cash, asked for and called off. Online only, without If-Match: the contract lets either stand beside any other
 * change. It refuses what the officer has to wait for: his own work on the dossier that was not sent yet.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/wish.h"

#include "core/i18n.h"

#include <string.h>

static bool enqueue(struct outbox *outbox, const struct dossier *d, struct wish *wish, int64_t now,
                    char key[static UUID_TEXT], struct err *e)
{
    char keys[1][UUID_TEXT];
    struct arena arena = {0};
    struct command *rows;
    size_t n;

    wish->target = d->id;
    wish->code = d->code ? d->code : d->id;
    wish->name = d->applicant ? d->applicant->name : NULL;
    wish->online_only = true;
    wish->acted_at = now;
    bool ok = outbox_waiting_on(outbox, d->id, &arena, &rows, &n, e) &&
              (n == 0 || err_set(e, ERR_REFUSED, "%s", _("What you did to it before has to be sent first."))) &&
              outbox_enqueue(outbox, wish, 1, keys, e);
    if (ok)
        memcpy(key, keys[0], UUID_TEXT);
    arena_clear(&arena);
    return ok;
}

bool wish_pay(struct outbox *outbox, const struct dossier *d, int64_t amount, int64_t now,
              char key[static UUID_TEXT], struct err *e)
{
    char *path = mem_format("/dossiers/%s/payments", d->id),
         *body = mem_format("{\"amount\":%lld}", (long long)amount);
    struct wish wish = {
        .method = "POST", .path = path, .action = WISH_ASK_PAYMENT, .body = body, .body_len = strlen(body)};
    bool ok = enqueue(outbox, d, &wish, now, key, e);

    mem_free(&path);
    mem_free(&body);
    return ok;
}

bool wish_pay_off(struct outbox *outbox, const struct dossier *d, const char *payment, int64_t now,
                  char key[static UUID_TEXT], struct err *e)
{
    char *path = mem_format("/dossiers/%s/payments/%s", d->id, payment);
    struct wish wish = {.method = "DELETE", .path = path, .action = WISH_END_PAYMENT};
    bool ok =
        (id_valid(payment) || err_set(e, ERR_DATA, "%s", _("The server's payment has no proper number."))) &&
        enqueue(outbox, d, &wish, now, key, e);

    mem_free(&path);
    return ok;
}
