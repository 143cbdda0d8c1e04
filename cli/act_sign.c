/* act_sign: a signature on the command line: the statement's own words on the terminal, the last characters of the code typed by a
 * hand, then the signer. Where nobody sits it refuses to sign but by the officer's phone, which shows the statement itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ask_pin.h"
#include "cli/command.h"
#include "cli/sign.h"
#include "core/agent.h"
#include "core/i18n.h"
#include "core/instant.h"
#include "core/statement.h"
#include "core/text.h"
#include "core/words.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SIGNER_MS    35000  /* its own deadline is 30 s */
#define PHONE_MS     360000 /* the server waits 5 minutes, net/ a little longer */
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
    struct signing *signing;
    struct pin *pin;
    bool asks_pin, phone;
    int64_t signer_ms; /* how long it may take */
};

/* ── the statement ───────────────────────────────────────────────────────────────────────────────────────────────── */

static bool build(struct act_sign *a, const struct action_request *r, struct err *e)
{
    struct cache *cache = a->seat->cache;
    const struct dossier *d = a->dossier;
    const struct calendar *calendar = cache_calendar(cache, d->unit);
    int64_t now = net_now(a->seat->net);
    struct statement_basis basis = {
        .dossier = d,
        .procedure = cache_procedure(cache, d->procedure),
        .outcome = action_of(r->action) == ACTION_APPROVE ? "grant" : "refuse",
        .note = r->note,
        .officer = a->seat->officer,
        .on_behalf_of = r->on_behalf_of,
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

static bool wait_for(struct act_sign *a, struct answer *answer)
{
    struct signing *signing = a->signing;
    int64_t until = seat_mono(a->seat) + a->signer_ms;

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

/* One ask, and its answer; the caller's to clear where it is true. */
static bool ask_for(struct act_sign *a, struct ask ask, struct answer *answer, struct err *e)
{
    struct signer_who who = {.officer = a->seat->officer, .certificate = seat_certificate(a->seat)};
    struct line_status status;

    net_line(a->seat->net, &status);
    signing_ask(a->signing, &ask, &who, a->pin, &status);
    if (!wait_for(a, answer))
        return err_set(e, ERR_SIGNER, "%s", _("The signer does not answer. Nothing was signed."));
    if (answer->err.code == ERR_NONE)
        return true;
    *e = answer->err;
    answer_clear(answer);
    return false;
}

/* Which signer there is, shown beside the statement; an expired certificate ends it here. */
static bool look_at_signer(struct act_sign *a, FILE *tty, struct err *e)
{
    struct answer answer = {0};
    int64_t now = net_now(a->seat->net);

    if (!ask_for(a, (struct ask){.id = 1, .kind = ASK_SIGNER}, &answer, e))
        return false;
    a->phone = answer.signer_phone;
    fprintf(tty, _("Sign with: %s"), answer.signer_name);
    fprintf(tty, "\n%s\n", a->phone ? "" : answer.signer_certificate);
    a->asks_pin = answer.signer_asks_pin;
    if (answer.signer_at_home) {
        a->signer_ms = AGENT_PERSON_MS + SIGNER_MS;
        fprintf(tty, "%s\n", _("Once it is confirmed here, your own machine shows it and asks you for the PIN."));
    }
    bool ok = a->phone || signer_is_valid(answer.signer_from, answer.signer_until, now, a->offset, a->arena, e);
    answer_clear(&answer);
    return ok;
}

/* false with an error; a PIN that was wrong is asked for again, until it is right or the officer gives up. */
static bool make_signature(struct act_sign *a, FILE *tty, struct answer *answer, struct err *e)
{
    for (;;) {
        struct ask ask = {.id = 2, .kind = ASK_SIGN, .bytes = mem_copy_n(a->bytes, a->n), .n = a->n, .pin = true};
        struct err wrong = {0};
        if (a->asks_pin && !ask_pin(_("PIN of the signing device"), a->pin, &wrong)) {
            ask_clear(&ask);
            return err_set(e, ERR_REFUSED, "%s", _("Nothing was signed."));
        }
        if (ask_for(a, ask, answer, &wrong))
            return true;
        if (!a->asks_pin || wrong.code != ERR_AUTH) {
            *e = wrong;
            return false;
        }
        fprintf(tty, "%s\n", wrong.text);
        fflush(tty);
    }
}

/* ── the phone ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* For a script that shows the code elsewhere; beside stdout, where the row comes. */
static void print_waiting(struct act_sign *a, FILE *out, const struct answer *answer)
{
    char until[INSTANT_TEXT] = "";

    if (answer->err.code != ERR_NONE)
        return;
    if (answer->phone_until != INSTANT_NONE)
        instant_format(answer->phone_until, a->offset, until);
    json_t *line = json_pack("{s:s, s:s}", "confirmation_code", answer->phone_code, "expires_at", until);
    json_dumpf(line, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(line);
}

static void say_waiting(struct act_sign *a, FILE *out, const struct answer *answer)
{
    if (a->cli->json && out == stderr)
        print_waiting(a, out, answer);
    else if (answer->err.code != ERR_NONE)
        fprintf(out, "%s\n", answer->err.text);
    else
        fprintf(
            out,
            _("Waiting for the phone to confirm, code %s, until %s. Compare the code before you confirm; Ctrl+C stops waiting.\n"),
            answer->phone_code,
            answer->phone_until == INSTANT_NONE ? "?" : word_clock(a->arena, answer->phone_until, a->offset));
    fflush(out);
}

/* The officer sees the statement there, and confirms there. Cut off, the same request is asked after until its time is over. */
static bool ask_phone(struct act_sign *a, FILE *out, struct answer *answer, struct err *e)
{
    struct ask ask = {
        .id = 3, .kind = ASK_REMOTE_SIGN, .bytes = mem_copy_n(a->bytes, a->n), .n = a->n, .pin = true};
    int64_t until = seat_mono(a->seat) + PHONE_MS;

    net_ask(a->seat->net, &ask);
    while (seat_mono(a->seat) < until) {
        seat_turn(a->seat, until, -1);
        if (!net_answer(a->seat->net, answer))
            continue;
        if (answer->final && answer->err.code == ERR_NONE)
            return true;
        *e = answer->final ? answer->err : (struct err){0};
        if (!answer->final)
            say_waiting(a, out, answer);
        answer_clear(answer);
        if (e->code != ERR_NONE)
            return false;
    }
    return err_set(e, ERR_OFFLINE, "%s", _("The signer does not answer. Nothing was signed."));
}

static bool sign(struct act_sign *a, FILE *tty, struct action_request *r, struct err *e)
{
    struct signature *signature = arena_alloc(a->arena, sizeof *signature);
    struct answer answer = {0};

    if (!(a->phone ? ask_phone(a, tty, &answer, e) : make_signature(a, tty, &answer, e)))
        return false;
    char *statement = base64_encode(a->bytes, a->n);
    *signature = (struct signature){.statement = arena_copy(a->arena, statement),
                                    .cms = arena_copy(a->arena, answer.cms)};
    r->signature = signature;
    mem_free(&statement);
    answer_clear(&answer);
    return true;
}

/* Nobody sits here: the phone shows what is signed, where the server offers that. */
static bool sign_without_terminal(struct act_sign *a, struct action_request *request, struct err *e)
{
    struct line_status line;

    net_line(a->seat->net, &line);
    a->phone = line.remote_signing;
    return a->phone
               ? sign(a, stderr, request, e)
               : err_set(
                     e, ERR_USAGE, "%s",
                     _("A signature needs a terminal and somebody who reads what is signed. Nothing was signed."));
}

bool command_sign(struct cli *cli, struct seat *seat, const struct dossier *dossier,
                  struct action_request *request, struct arena *arena, struct err *e)
{
    struct act_sign a = {.cli = cli,
                         .seat = seat,
                         .arena = arena,
                         .dossier = dossier,
                         .signing = signing_new(&cli->config, cli->env),
                         .signer_ms = SIGNER_MS,
                         .pin = pin_new()};
    FILE *tty = isatty(STDIN_FILENO) ? fopen("/dev/tty", "we") : NULL;
    bool ok =
        build(&a, request, e) && outbox_note(seat->outbox, JOURNAL_STATEMENT, dossier->id, dossier->code, e);

    if (ok && !tty) {
        ok = sign_without_terminal(&a, request, e);
    } else if (ok) {
        print_statement(tty, &a.statement, a.offset, a.arena);
        ok = look_at_signer(&a, tty, e) && confirm(&a, tty, e) && sign(&a, tty, request, e);
    }
    if (tty)
        fclose(tty);
    mem_free(&a.bytes);
    pin_free(&a.pin);
    signing_free(&a.signing);
    return ok;
}
