/* act_sign: a signature on the command line: the statement's own words on the terminal, the last characters of the code typed by a
 * hand, then the signer. It refuses to sign where nobody sits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/sign.h"
#include "core/i18n.h"
#include "core/statement.h"
#include "core/text.h"
#include "core/words.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SIGNER_MS    35000 /* its own deadline is 30 s */
#define CODE_LETTERS 4

struct act_sign {
    struct cli *cli;
    struct seat *seat;
    struct arena *arena;
    const struct dossier *dossier;
    struct signing_statement statement;
    char *bytes; /* the very ones that are signed */
    size_t n;
    int32_t offset;
};

/* ── the statement ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool build(struct act_sign *a, const struct action_request *r, struct err *e)
{
    struct cache *cache = a->seat->cache;
    const struct dossier *d = a->dossier;
    const struct officer *me = cache_officer(cache, a->seat->officer);
    const struct calendar *calendar = cache_calendar(cache, d->unit);
    int64_t now = net_now(a->seat->net);
    struct statement_basis basis = {
        .dossier = d,
        .procedure = cache_procedure(cache, d->procedure),
        .outcome = action_of(r->action) == ACTION_APPROVE ? "grant" : "refuse",
        .note = r->note,
        .officer = a->seat->officer,
        .on_behalf_of = me ? officer_acts_for(me, d->procedure, now) : NULL,
        .signed_at = now,
    };

    if (!basis.procedure || !d->code)
        return err_set(
            e, ERR_NOT_FOUND, "%s",
            _("What is to be signed is not all on this machine yet. Run motcua sync --once. Nothing was signed."));
    a->offset = calendar->offset;
    if (!calendar->usable)
        zone_offset("Asia/Ho_Chi_Minh", &a->offset);
    a->bytes = statement_build(&basis, a->offset, &a->n);
    return statement_parse(a->bytes, a->n, a->arena, &a->statement, e);
}

static void line(struct act_sign *a, FILE *tty, const char *label, const char *data)
{
    struct buf out = {0};

    print_cell(&out, label, 14, false);
    buf_text(&out, text_shown(a->arena, data));
    fprintf(tty, "  %s\n", out.data);
    buf_clear(&out);
}

/* Every member, from the bytes and from nothing else. */
static void show(struct act_sign *a, FILE *tty)
{
    const struct signing_statement *s = &a->statement;
    char at[INSTANT_TEXT];

    instant_format(s->signed_at, a->offset, at);
    line(a, tty, C_("statement", "Kind"), s->statement);
    line(a, tty, C_("statement", "Dossier"),
         arena_format(a->arena, _("%s · code %s · version %lld"), s->dossier, s->code, (long long)s->version));
    line(a, tty, C_("statement", "Procedure"), s->procedure);
    line(a, tty, C_("statement", "Applicant"), s->applicant);
    line(a, tty, C_("statement", "Decision"),
         arena_format(a->arena, "%s (%s)", word_outcome(s->outcome), s->outcome));
    line(a, tty, C_("statement", "Opinion"), s->note && *s->note ? s->note : C_("statement", "(none)"));
    if (s->n_documents == 0)
        line(a, tty, C_("statement", "Documents"), C_("statement", "(none)"));
    for (size_t i = 0; i < s->n_documents; i++)
        line(a, tty, arena_format(a->arena, C_("statement", "Document %zu"), i + 1),
             arena_format(a->arena, "%s %s %s", s->documents[i].id, s->documents[i].name, s->documents[i].sha256));
    line(a, tty, C_("statement", "Signer"), s->officer);
    line(a, tty, C_("statement", "on behalf of"), s->on_behalf_of ? s->on_behalf_of : C_("statement", "(no)"));
    line(a, tty, C_("statement", "Unit"), s->unit);
    line(a, tty, C_("statement", "Signed at"), at);
}

/* ── the hand ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *last_letters(const char *code)
{
    size_t n = strlen(code);

    return n > CODE_LETTERS ? code + n - CODE_LETTERS : code;
}

/* What lay in the terminal before the question is no answer to it. */
static bool confirm(struct act_sign *a, FILE *tty, struct err *e)
{
    const char *wanted = last_letters(a->statement.code);
    char typed[256] = "";

    fprintf(
        tty, "%s ",
        strcmp(a->statement.outcome, "grant") == 0
            ? _("Type the last 4 characters of the dossier's code to sign GRANT. Enter alone: do not sign.")
            : _("Type the last 4 characters of the dossier's code to sign REFUSE. Enter alone: do not sign."));
    fflush(tty);
    if (!fgets(typed, sizeof typed, stdin))
        fputc('\n', tty);
    typed[strcspn(typed, "\r\n")] = '\0';
    return strcasecmp(typed, wanted) == 0 || err_set(e, ERR_REFUSED, "%s", _("Nothing was signed."));
}

/* ── the signer ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool wait_for(struct act_sign *a, struct signing *signing, struct answer *answer)
{
    int64_t until = seat_mono(a->seat) + SIGNER_MS;

    while (seat_mono(a->seat) < until) {
        struct pollfd helper = {.fd = signing_fd(signing), .events = POLLIN};
        signing_step(signing, poll(&helper, 1, 0) > 0);
        if (signing_answer(signing, answer))
            return true;
        int64_t wake = signing_wake(signing);
        seat_turn(a->seat, wake < until ? wake : until, signing_fd(signing));
    }
    return false;
}

static bool sign(struct act_sign *a, struct action_request *r, struct err *e)
{
    struct signing *signing = signing_new(a->cli->config.training_keys, a->cli->env);
    struct ask ask = {.id = 1, .kind = ASK_SIGN, .bytes = mem_copy_n(a->bytes, a->n), .n = a->n};
    struct signature *signature = arena_alloc(a->arena, sizeof *signature);
    struct line_status status;
    struct answer answer = {0};

    net_line(a->seat->net, &status);
    signing_ask(signing, &ask, a->seat->officer, status.training);
    bool ok = wait_for(a, signing, &answer) ||
              err_set(e, ERR_SIGNER, "%s", _("The signer does not answer. Nothing was signed."));
    if (ok) {
        ok = answer.err.code == ERR_NONE;
        *e = answer.err;
        if (ok) {
            char *statement = base64_encode(a->bytes, a->n);
            *signature = (struct signature){.statement = arena_copy(a->arena, statement),
                                            .cms = arena_copy(a->arena, answer.cms)};
            r->signature = signature;
            r->on_behalf_of = a->statement.on_behalf_of;
            mem_free(&statement);
        }
        answer_clear(&answer);
    }
    signing_free(&signing);
    return ok;
}

bool command_sign(struct cli *cli, struct seat *seat, const struct dossier *dossier,
                  struct action_request *request, struct arena *arena, struct err *e)
{
    struct act_sign a = {.cli = cli, .seat = seat, .arena = arena, .dossier = dossier};
    FILE *tty = isatty(STDIN_FILENO) ? fopen("/dev/tty", "we") : NULL;
    bool ok =
        tty ||
        err_set(e, ERR_USAGE, "%s",
                _("A signature needs a terminal and somebody who reads what is signed. Nothing was signed."));

    ok = ok && build(&a, request, e) &&
         outbox_note(seat->outbox, JOURNAL_STATEMENT, dossier->id, dossier->code, e);
    if (ok) {
        show(&a, tty);
        ok = confirm(&a, tty, e) && sign(&a, request, e);
    }
    if (tty)
        fclose(tty);
    mem_free(&a.bytes);
    return ok;
}
