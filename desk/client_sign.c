/* client_sign: what the helper is asked about signatures: who the signer is, a signature, whether one is good.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/signer_json.h"
#include "desk/client_internal.h"

#include <stdlib.h>
#include <string.h>

typedef void done_fn(void *, const struct signer_result *);

struct desk_signer {
    struct signer signer; /* first: it is what callers hold */
    struct desk *desk;
    const char *kind; /* "software", "token", "agent" */
    char *place;      /* its directory of keys, the path of its driver (NULL: any), or of its socket */
};

/* ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_stamp(const json_t *answer, struct signer_stamp *stamp)
{
    const json_t *at = json_object_get(answer, "stamped_at"),
                 *trusted = json_object_get(answer, "stamp_trusted");

    stamp->at = json_integer_value(at);
    stamp->trusted = json_is_true(trusted);
    return json_is_integer(at) && json_is_boolean(trusted) &&
           signer_read_text(answer, "stamped_by", stamp->authority, sizeof stamp->authority);
}

static bool read_proof(const json_t *answer, struct signer_proof *proof)
{
    const json_t *at = json_object_get(answer, "signed_at"), *trusted = json_object_get(answer, "trusted");

    proof->signed_at = json_integer_value(at);
    proof->trusted = json_is_true(trusted);
    return json_is_integer(at) && json_is_boolean(trusted) &&
           signer_read_certificate(answer, &proof->certificate) && read_stamp(answer, &proof->stamp);
}

static void tell(const struct desk_job *job, const struct signer_result *result)
{
    job->signer_done(job->context, result);
}

static void failed(const struct desk_job *job, const struct err *why)
{
    tell(job, &(struct signer_result){.err = *why});
}

static bool is_description(const struct desk_job *job, const json_t *answer)
{
    struct signer_result result = {0};

    return signer_read_certificate(answer, &result.certificate) && signer_read_device(answer, &result.device);
}

static void described(const struct desk_job *job, const json_t *answer)
{
    struct signer_result result = {0};

    signer_read_certificate(answer, &result.certificate);
    signer_read_device(answer, &result.device);
    tell(job, &result);
}

/* How many; more than there may be: it is no such answer. */
static size_t read_found(const json_t *answer, struct signer_found found[static SIGNER_FOUND_MOST])
{
    const json_t *all = json_object_get(answer, "found"), *one;
    size_t n = json_array_size(all), i;

    if (!json_is_array(all) || n > SIGNER_FOUND_MOST)
        return SIGNER_FOUND_MOST + 1;
    json_array_foreach(all, i, one)
    {
        found[i] = (struct signer_found){0};
        if (!signer_read_certificate(one, &found[i].certificate) || !signer_read_device(one, &found[i].device))
            return SIGNER_FOUND_MOST + 1;
    }
    return n;
}

static bool is_look(const struct desk_job *job, const json_t *answer)
{
    struct signer_found found[SIGNER_FOUND_MOST];

    return read_found(answer, found) <= SIGNER_FOUND_MOST;
}

static void looked(const struct desk_job *job, const json_t *answer)
{
    struct signer_found found[SIGNER_FOUND_MOST];

    tell(job, &(struct signer_result){.n_found = read_found(answer, found), .found = found});
}

static bool is_signature(const struct desk_job *job, const json_t *answer)
{
    return json_is_string(json_object_get(answer, "cms"));
}

static void signed_it(const struct desk_job *job, const json_t *answer)
{
    tell(job, &(struct signer_result){.cms = json_string_value(json_object_get(answer, "cms")),
                                      .device.each_time = json_is_true(json_object_get(answer, "each_time"))});
}

static bool is_proof(const struct desk_job *job, const json_t *answer)
{
    struct signer_proof proof = {0};

    return read_proof(answer, &proof);
}

static void checked(const struct desk_job *job, const json_t *answer)
{
    struct signer_proof proof = {0};

    read_proof(answer, &proof);
    tell(job, &(struct signer_result){.proof = &proof});
}

/* ── jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const sentences[DESK_TROUBLES] = {
    [DESK_NOT_STARTED] = N_("The helper motcua-desk cannot be started. Nothing was signed."),
    [DESK_NOT_INSTALLED] = N_("The helper motcua-desk is not installed beside motcua. Nothing was signed."),
    [DESK_ODD] = N_("The helper motcua-desk does not answer as it should. Nothing was signed. Reinstall motcua."),
    [DESK_ENDED] = N_("The helper motcua-desk ended by itself. Nothing was signed. Press F9 to try again."),
    [DESK_LATE] = N_(
        "The signing device does not answer in time. Nothing was signed. Check the device or the SSH line, then press F9."),
    [DESK_BUSY] = N_("The signing device is at work. Wait for its answer."),
};
static const struct desk_kind describes = {ERR_SIGNER, sentences, is_description, described, failed},
                              signs = {ERR_SIGNER, sentences, is_signature, signed_it, failed},
                              looks = {ERR_SIGNER, sentences, is_look, looked, failed},
                              checks = {ERR_SIGNER, sentences, is_proof, checked, failed};

static json_t *line_for(const struct desk_signer *s, const struct signer_who *who)
{
    const char *place = strcmp(s->kind, "software") == 0 ? "keys"
                        : strcmp(s->kind, "agent") == 0  ? "socket"
                                                         : "module";

    return json_pack("{s:s, s:s*, s:s*, s:s*, s:s*, s:b}", "signer", s->kind, place, s->place, "officer",
                     who->officer, "certificate", who->certificate, "device", who->device, "run", who->run);
}

static void describe(struct signer *signer, const struct signer_who *who, int deadline, done_fn *done,
                     void *context)
{
    struct desk_signer *s = (struct desk_signer *)signer;

    desk_begin(s->desk, &(struct desk_work){.what = "describe", .line = line_for(s, who)}, deadline,
               &(struct desk_job){.kind = &describes, .signer_done = done, .context = context});
}

static void sign(struct signer *signer, const struct signer_who *who, const void *statement, size_t n,
                 const void *pin, size_t pin_n, int deadline, done_fn *done, void *context)
{
    struct desk_signer *s = (struct desk_signer *)signer;
    struct desk_work work = {
        .what = "sign", .line = line_for(s, who), .statement = statement, .n = n, .pin = pin, .pin_n = pin_n};

    desk_begin(s->desk, &work, deadline,
               &(struct desk_job){.kind = &signs, .signer_done = done, .context = context});
}

void desk_look_around(struct desk *d, const char *module, int deadline, done_fn *done, void *context)
{
    desk_begin(d, &(struct desk_work){.what = "look", .line = json_pack("{s:s*}", "module", module)},
               deadline, &(struct desk_job){.kind = &looks, .signer_done = done, .context = context});
}

void desk_check(struct desk *d, const void *statement, size_t n, const char *cms, const char *ca,
                int deadline, done_fn *done, void *context)
{
    struct desk_work work = {
        .what = "check", .line = json_pack("{s:s, s:s*}", "cms", cms, "ca", ca), .statement = statement, .n = n};

    desk_begin(d, &work, deadline, &(struct desk_job){.kind = &checks, .signer_done = done, .context = context});
}

static void call_off(struct signer *signer)
{
    desk_call_off(((struct desk_signer *)signer)->desk);
}

/* Somebody reads at home: that ends as the connection does, and with it the helper that waits for it. */
static void hang_up(struct signer *signer)
{
    desk_stop(((struct desk_signer *)signer)->desk);
}

static void end_run(struct signer *signer)
{
    desk_note(((struct desk_signer *)signer)->desk, "{\"job\":0,\"do\":\"end\"}\n");
}

static void free_signer(struct signer *signer)
{
    struct desk_signer *s = (struct desk_signer *)signer;

    call_off(signer);
    mem_free(&s->place);
    free(s);
}

static struct signer *new_signer(struct desk *desk, const char *kind, const char *place)
{
    struct desk_signer *s = mem_alloc(sizeof *s);

    *s = (struct desk_signer){
        .signer = {.describe = describe, .sign = sign, .cancel = call_off, .end = end_run, .free = free_signer},
        .desk = desk,
        .kind = kind,
        .place = place ? mem_copy(place) : NULL,
    };
    return &s->signer;
}

struct signer *desk_training_signer(struct desk *desk, const char *keys_dir)
{
    return new_signer(desk, "software", keys_dir);
}

struct signer *desk_agent_signer(struct desk *desk, const char *socket)
{
    struct signer *signer = new_signer(desk, "agent", socket);

    signer->cancel = hang_up;
    return signer;
}

struct signer *desk_token_signer(struct desk *desk, const char *module)
{
    return new_signer(desk, "token", module);
}
