/* cmd_verify: `motcua verify DOSSIER|FILE`: what was decided, by whom, on what, and whether the signature says so. A dossier is the one that is
 * kept here; a file is what `show --json` printed, or a Signature alone: neither needs a line, or anybody to be signed in for the file.
 * It refuses to call good what it could not check.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/place.h"
#include "core/i18n.h"
#include "core/statement.h"
#include "core/text.h"
#include "core/words.h"
#include "desk/client.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MOST   (1 << 20)
#define DEADLINE_MS 30000

struct verification {
    struct cli *cli;
    struct arena arena;
    struct buf bytes; /* the statement's */
    const char *cms;
    struct signing_statement statement;
    const struct dossier *dossier; /* whose decision it is; NULL: a signature alone */
    struct signer_proof proof;
    struct err err;
    bool answered;
};

/* ── what is checked ─────────────────────────────────────────────────────────────────────────────────────────────── */

static bool take_signature(struct verification *v, const struct signature *s, struct err *e)
{
    v->cms = s->cms;
    return (base64_decode(s->statement, &v->bytes) ||
            err_set(e, ERR_DATA, "%s", _("The statement of the signature is no base64."))) &&
           statement_parse(v->bytes.data ? v->bytes.data : "", v->bytes.len, &v->arena, &v->statement, e);
}

static bool take_dossier(struct verification *v, const struct dossier *d, struct err *e)
{
    v->dossier = d;
    if (!d->decision || !d->decision->signature)
        return err_set(e, ERR_NOT_FOUND, "%s", _("This dossier has no signed decision."));
    return take_signature(v, d->decision->signature, e);
}

static bool read_file(struct verification *v, const char *path, struct err *e)
{
    struct buf bytes = {0};
    json_t *json = NULL;
    bool ok = place_read(path, FILE_MOST, &bytes, NULL, e) &&
              (json = codec_parse(bytes.data ? bytes.data : "", bytes.len, e)) != NULL;
    struct signature bare = {.statement = json_string_value(json_object_get(json, "statement")),
                             .cms = json_string_value(json_object_get(json, "cms"))};

    codec_keep(&v->arena, json);
    if (ok && bare.statement && bare.cms) {
        ok = take_signature(v, &bare, e);
    } else if (ok) {
        struct dossier *d = arena_alloc(&v->arena, sizeof *d);
        ok = codec_decode(&shape_dossier, json, &v->arena, d, e) && take_dossier(v, d, e);
    }
    buf_clear(&bytes);
    return ok;
}

static bool read_kept(struct verification *v, struct err *e)
{
    struct seat *seat = NULL;
    struct dossier *d = arena_alloc(&v->arena, sizeof *d);
    const char *json;
    bool ok = command_officer(v->cli, false, &seat, e) &&
              cache_dossier(seat->cache, v->cli->options.operand[0], &v->arena, d, &json, e) &&
              take_dossier(v, d, e);

    seat_free(&seat);
    return ok;
}

static bool differs(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") != 0;
}

/* A good signature of another decision is none of this one. */
static bool is_about(const struct verification *v, struct err *e)
{
    const struct signing_statement *s = &v->statement;
    const struct dossier *d = v->dossier;

    if (!d || (!differs(s->dossier, d->id) && !differs(s->code, d->code) &&
               !differs(s->outcome, d->decision->outcome) && !differs(s->officer, d->decision->by) &&
               !differs(s->on_behalf_of, d->decision->on_behalf_of)))
        return true;
    return err_set(
        e, ERR_REFUSED, "%s",
        _("THE SIGNATURE IS OF ANOTHER DECISION: dossier, outcome or officer are not those of this dossier."));
}

/* ── the check ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void done(void *context, const struct signer_result *result)
{
    struct verification *v = context;

    v->answered = true;
    v->err = result->err;
    if (result->proof)
        v->proof = *result->proof;
}

static bool check(struct verification *v, struct err *e)
{
    char *program = place_program("motcua-desk");
    struct env *env = env_new(false); /* a clock, and nothing of anybody */
    struct desk *desk = desk_new(program, env);

    desk_check(desk, v->bytes.data, v->bytes.len, v->cms, v->cli->options.value[OPTION_CA], DEADLINE_MS, done, v);
    while (!v->answered) {
        struct pollfd helper = {.fd = desk_fd(desk), .events = POLLIN};
        int64_t left = desk_wake(desk) - env->mono(env);
        if (poll(&helper, 1, left < 0 ? 0 : left > DEADLINE_MS ? DEADLINE_MS : (int)left) > 0)
            desk_read(desk);
        desk_tick(desk);
    }
    desk_free(&desk);
    env_free(&env);
    mem_free(&program);
    if (v->err.code == ERR_NONE)
        return true;
    return err_set(e, ERR_REFUSED, "%s", v->err.text);
}

/* ── the word ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int32_t office_offset(void)
{
    int32_t offset = 0;

    zone_offset("Asia/Ho_Chi_Minh", &offset);
    return offset;
}

static void print_stamp(struct verification *v, int32_t offset)
{
    const struct signer_stamp *stamp = &v->proof.stamp;

    if (stamp->at == INSTANT_NONE) {
        printf("%s\n", _("No time-stamp: the time is what the signer's own machine said."));
        return;
    }
    printf(_("Time-stamp: %s, by %s; the signature was there by then."),
           word_when(&v->arena, stamp->at, offset), text_shown(&v->arena, stamp->authority));
    printf(" %s\n", stamp->trusted ? _("An authority of --ca vouched for who stamped it.")
                                   : _("Who vouches for who stamped it is NOT known."));
}

static void print_words(struct verification *v)
{
    const struct signer_certificate *c = &v->proof.certificate;
    int32_t offset = office_offset();

    print_statement(stdout, &v->statement, offset, &v->arena);
    printf("%s\n", _("The signature is good: these are the very words that were signed."));
    printf(_("Signed by: %s."), text_shown(&v->arena, c->name));
    printf(" ");
    printf(_("Certificate %s, issued by %s."), text_shown(&v->arena, c->serial),
           text_shown(&v->arena, c->issuer));
    printf("\n");
    if (v->proof.signed_at != INSTANT_NONE)
        printf(_("Time in the signature: %s.\n"), word_when(&v->arena, v->proof.signed_at, offset));
    print_stamp(v, offset);
    printf("%s\n", v->proof.trusted ? _("An authority of --ca vouched for the signer at that time.")
                                    : _("Who vouches for the signer was NOT checked: give --ca FILE."));
}

static void print_proof(struct verification *v)
{
    const struct signer_certificate *c = &v->proof.certificate;
    int32_t offset = office_offset();
    const struct signer_stamp *stamp = &v->proof.stamp;
    char at[INSTANT_TEXT] = "", stamped[INSTANT_TEXT] = "";
    json_t *by = NULL;

    if (v->proof.signed_at != INSTANT_NONE)
        instant_format(v->proof.signed_at, offset, at);
    if (stamp->at != INSTANT_NONE) {
        instant_format(stamp->at, offset, stamped);
        by = json_pack("{s:s, s:s, s:b}", "at", stamped, "by", stamp->authority, "trusted", (int)stamp->trusted);
    }
    print_object(json_pack("{s:o, s:{s:s, s:s, s:s, s:s}, s:s*, s:b, s:o*}", "statement",
                           codec_encode(&shape_signing_statement, &v->statement, offset), "signer", "name",
                           c->name, "issuer", c->issuer, "serial", c->serial, "sha256", c->sha256,
                           "signed_at", *at ? at : NULL, "trusted", (int)v->proof.trusted, "time_stamp", by));
}

bool cmd_verify(struct cli *cli, struct err *e)
{
    struct verification v = {.cli = cli};
    const char *what = cli->options.operand[0];
    bool ok = (access(what, F_OK) == 0 ? read_file(&v, what, e) : read_kept(&v, e)) && is_about(&v, e) &&
              check(&v, e);

    if (ok && cli->json)
        print_proof(&v);
    else if (ok)
        print_words(&v);
    buf_clear(&v.bytes);
    arena_clear(&v.arena);
    return ok;
}
