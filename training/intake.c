/* intake: POST /dossiers. What is taken in at a counter, or filed online with the applicant beside the officer, is received at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/intake.h"
#include "core/procedure.h"
#include "training/inside.h"
#include "training/numbers.h"
#include "training/scenario.h"

#include <string.h>

#define LONGEST_AGO (30 * 86400)
#define CLOCK_SLACK 5 /* seconds that a workstation's corrected clock may be ahead */

static const struct say missing = {{"thiếu", "missing"}};
static const struct say not_yours = {{"cán bộ không tiếp nhận ở đơn vị này", "you are no counter officer there"}};
static const struct say no_procedure = {
    {"không có thủ tục này ở đơn vị này hôm nay", "this procedure cannot be filed there today"}};
static const struct say no_such_value = {{"không có giá trị này", "there is no such value"}};
static const struct say bad_time = {
    {"không được ở tương lai hoặc quá 30 ngày trước", "in the future, or over 30 days ago"}};
static const struct say wrong_number = {{"số không hợp lý", "not a sensible number"}};
static const struct say twice = {{"có hai lần", "stands there twice"}};

const struct text_limit dossier_limits[DOSSIER_LIMITS] = {
    {"name", 1000}, {"id_number", 20},  {"address", 500}, {"phone", 20},
    {"email", 254}, {"client_ref", 64}, {"code", 64}};

static bool one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (text && strcmp(text, *words) == 0)
            return true;
    return false;
}

/* ── parts that a correction has too ─────────────────────────────────────────────────────────────────────────────── */

static size_t characters(const char *text)
{
    size_t n = 0;

    for (; text && *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

bool applicant_good(struct call *call, const struct applicant *a, const char *at)
{
    static const char *const kinds[] = {"person", "organisation", NULL}, *const sexes[] = {"male", "female",
                                                                                           NULL};

    if (text_blank(a->name))
        return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "%s/name", at), missing);
    if (characters(a->name) > 200)
        return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "%s/name", at), wrong_number);
    if (!one_of(a->kind, kinds))
        return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "%s/kind", at), no_such_value);
    return !a->sex || one_of(a->sex, sexes) ||
           problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "%s/sex", at), no_such_value);
}

bool papers_of_dossier_good(struct call *call, struct paper *papers, size_t n)
{
    static const char *const states[] = {"handed_in", "looked_up", "reused", "missing", NULL};

    for (size_t i = 0; i < n; i++) {
        papers[i].attachment = NULL; /* set by the server */
        if (!id_valid(papers[i].id))
            return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/papers/%zu/id", i),
                              no_such_value);
        if (text_blank(papers[i].name))
            return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/papers/%zu/name", i), missing);
        if (!one_of(papers[i].state, states))
            return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/papers/%zu/state", i),
                              no_such_value);
        for (size_t j = 0; j < i; j++)
            if (strcmp(papers[j].id, papers[i].id) == 0)
                return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/papers/%zu/id", i), twice);
    }
    return true;
}

bool form_good(struct call *call, const json_t *form)
{
    const char *name;
    json_t *value;

    json_object_foreach(
        (json_t *)form, name,
        value) if (!json_is_string(value) && !json_is_integer(value) && !json_is_boolean(value) &&
                   !json_is_null(value)) return problem_at(call, PROBLEM_INVALID,
                                                           arena_format(&call->arena, "/form/%s", name),
                                                           no_such_value);
    return true;
}

/* ── what a new one needs beside ─────────────────────────────────────────────────────────────────────────────────── */

/* "What is asked for, and what was paid of it in cash or by card." */
static bool fees_good(struct call *call, struct fee *fees, size_t n, int64_t received_at)
{
    static const char *const methods[] = {"cash", "card", NULL};

    for (size_t i = 0; i < n; i++) {
        struct fee *fee = &fees[i];
        if (text_blank(fee->name))
            return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/fees/%zu/name", i), missing);
        if (fee->paid > fee->amount)
            return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/fees/%zu/paid", i),
                              wrong_number);
        if (fee->paid > 0 && !one_of(fee->method, methods))
            return problem_at(call, PROBLEM_INVALID, arena_format(&call->arena, "/fees/%zu/method", i),
                              no_such_value);
        if (fee->paid == 0)
            fee->method = fee->receipt = NULL;
        fee->paid_at = fee->paid == 0                 ? INSTANT_NONE
                       : fee->paid_at == INSTANT_NONE ? received_at
                                                      : fee->paid_at;
    }
    return true;
}

bool unit_takes_in(struct call *call, const char *unit)
{
    const struct directory *directory = call->central->directory;
    struct places at = {directory_unit(directory, unit), -1, -1};

    return (at.unit >= 0 && (directory_roles(directory, call->me, &at) & ROLE_BIT(ROLE_COUNTER)) &&
            !directory->units[at.unit].successor) ||
           problem_at(call, PROBLEM_INVALID, "/unit", not_yours);
}

static bool place_good(struct call *call, const struct new_dossier *n)
{
    const struct procedure *p = directory_procedure(call->central->directory, n->procedure);

    if (!unit_takes_in(call, n->unit))
        return false;
    if (!p || !procedure_is_filed(p, n->unit, instant_day(n->received_at, CENTRAL_ZONE_OFFSET)))
        return problem_at(call, PROBLEM_INVALID, "/procedure", no_procedure);
    return true;
}

static bool new_good(struct call *call, struct new_dossier *n)
{
    static const char *const channels[] = {"counter", "online", "post", NULL};

    if (n->received_at == INSTANT_NONE ||
        (n->received_at > call->now && n->received_at <= call->now + CLOCK_SLACK))
        n->received_at = call->now;
    if (n->received_at > call->now || n->received_at < call->now - LONGEST_AGO)
        return problem_at(call, PROBLEM_INVALID, "/received_at", bad_time);
    if (!one_of(n->channel, channels))
        return problem_at(call, PROBLEM_INVALID, "/channel", no_such_value);
    if (n->sets < 1)
        return problem_at(call, PROBLEM_INVALID, "/sets", wrong_number);
    if (!place_good(call, n) || !applicant_good(call, n->applicant, "/applicant") ||
        (n->submitted_by && !applicant_good(call, n->submitted_by, "/submitted_by")))
        return false;
    if (!form_good(call, n->form) || !papers_of_dossier_good(call, n->papers, n->n_papers) ||
        !fees_good(call, n->fees, n->n_fees, n->received_at))
        return false;
    return !n->code || number_spent(call, n->code, n->unit, n->received_at) ||
           problem_answer(call, PROBLEM_NUMBER);
}

/* ── taken in ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct dossier received(struct call *call, const struct new_dossier *n)
{
    struct central *central = call->central;
    struct calendar calendar = directory_calendar(central->directory, n->unit);
    const struct procedure *procedure = directory_procedure(central->directory, n->procedure);
    struct dossier d;
    int64_t number = store_number(central->store, "dossiers", 0) + 1;

    store_set_number(central->store, "dossiers", number);
    codec_absent(&shape_dossier, &d);
    d.id = arena_format(&call->arena, "hs-%06lld", (long long)number);
    d.version = 1;
    d.code = n->code ? n->code
                     : scenario_code(central->scenario, central->store, &call->arena, n->unit, n->received_at);
    d.external_code = n->external_code;
    d.client_ref = n->client_ref;
    d.procedure = n->procedure;
    d.applicant = n->applicant;
    d.submitted_by = n->submitted_by;
    d.channel = n->channel;
    d.assisted_by = strcmp(n->channel, "online") == 0 ? call->me->id : NULL;
    d.unit = n->unit;
    d.status = status_text(STATUS_RECEIVED);
    d.step = step_text(STEP_INTAKE);
    d.step_since = call->now;
    d.submitted_at = d.received_at = n->received_at;
    d.due_at = calendar_due(&calendar, n->received_at, &procedure->time_limit);
    d.sets = n->sets;
    d.form = n->form;
    d.papers = n->papers;
    d.n_papers = n->n_papers;
    d.fees = n->fees;
    d.n_fees = n->n_fees;
    return d;
}

bool dossier_create(struct call *call)
{
    struct new_dossier n;
    struct record record = {0};

    if (!(officer_roles(call->me) & ~ROLE_BIT(ROLE_AUDITOR)))
        return problem_answer(call, PROBLEM_FORBIDDEN);
    if (call->request->len > REQUEST_MAX)
        return problem_answer(call, PROBLEM_TOO_LARGE);
    if (!body_decode(call, &shape_new_dossier, &n) || !body_lengths(call, dossier_limits, DOSSIER_LIMITS) ||
        !new_good(call, &n))
        return false;
    record.d = received(call, &n);
    record.places = directory_places(call->central->directory, &record.d);
    struct event event = {
        .at = call->now, .acted_at = INSTANT_NONE, .by = call->me->id, .action = "create", .to = record.d.status};
    if (!record_put(call, &record, &event))
        return false;
    record_answer(call, 201, &record);
    answer_header(call->answer, "Location", "/api/v1/dossiers/%s", record.d.id);
    return true;
}
