/* correct: PATCH /dossiers/{dossier}, a merge patch (RFC 7396) of what was taken down. Members that DossierCorrection does not name
 * are ignored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/intake.h"

#include <string.h>

static const struct say not_here = {{"hồ sơ đã đóng, hoặc không phải cán bộ tiếp nhận hay người xử lý",
                                     "it is closed, or you are neither a counter officer nor the assignee"}};

static bool may_correct(struct call *call, const struct record *record)
{
    const struct dossier *d = &record->d;
    bool ended = !dossier_is_open(d); /* completed and returned too */
    bool his = directory_roles(call->central->directory, call->me, &record->places) & ROLE_BIT(ROLE_COUNTER) ||
               (d->assignee && strcmp(d->assignee, call->me->id) == 0);

    if (!(officer_roles(call->me) & ~ROLE_BIT(ROLE_AUDITOR)))
        return problem_answer(call, PROBLEM_FORBIDDEN);
    return (his && !ended) || problem_stale(call, PROBLEM_NOT_ALLOWED, record, not_here);
}

/* RFC 7396, section 2; `target` may be NULL. A new reference. */
static json_t *merge(const json_t *target, const json_t *patch)
{
    const char *name;
    json_t *value;

    if (!json_is_object(patch))
        return json_deep_copy(patch);
    json_t *out = json_is_object(target) ? json_deep_copy(target) : json_object();
    json_object_foreach((json_t *)patch, name, value)
    {
        if (json_is_null(value))
            json_object_del(out, name);
        else
            json_object_set_new(out, name, merge(json_object_get(out, name), value));
    }
    return out;
}

/* The stored document with the patch's own members merged in; kept by the call's arena. */
static json_t *patched(struct call *call, const struct record *record)
{
    static const char *const members[] = {"external_code", "applicant", "submitted_by", "form", "papers"};
    json_t *patch = json_object(), *whole = codec_parse(record->doc, record->doc_len, NULL);

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_t *value = json_object_get(call->body, members[i]);
        if (value)
            json_object_set(patch, members[i], value);
    }
    json_t *out = merge(whole, patch);
    json_decref(whole);
    json_decref(patch);
    codec_keep(&call->arena, out);
    return out;
}

/* Papers are replaced whole, but a scan stays with its paper. */
static void keep_scans(const struct dossier *before, struct dossier *after)
{
    for (size_t i = 0; i < after->n_papers; i++)
        for (size_t j = 0; j < before->n_papers; j++)
            if (strcmp(after->papers[i].id, before->papers[j].id) == 0)
                after->papers[i].attachment = before->papers[j].attachment;
}

static bool good(struct call *call, struct dossier *d)
{
    return applicant_good(call, d->applicant, "/applicant") &&
           (!d->submitted_by || applicant_good(call, d->submitted_by, "/submitted_by")) &&
           form_good(call, d->form) && papers_of_dossier_good(call, d->papers, d->n_papers);
}

bool dossier_correct(struct call *call)
{
    struct record record;
    struct dossier before;

    if (!record_find(call, call->dossier, &record))
        return problem_answer(call, PROBLEM_NOT_FOUND);
    if (!record_matches(call, &record) || !may_correct(call, &record))
        return false;
    if (call->request->len > REQUEST_MAX)
        return problem_answer(call, PROBLEM_TOO_LARGE);
    if (!body_lengths(call, dossier_limits, DOSSIER_LIMITS))
        return false;
    before = record.d;
    json_t *whole = call->body = patched(call, &record);
    if (!whole || !body_decode(call, &shape_dossier, &record.d) || !good(call, &record.d))
        return false;
    keep_scans(&before, &record.d);
    record.d.version++;
    struct event event = {.at = call->now,
                          .acted_at = INSTANT_NONE,
                          .by = call->me->id,
                          .action = "correct",
                          .from = record.d.status,
                          .to = record.d.status};
    if (!record_put(call, &record, &event))
        return false;
    record_answer(call, 200, &record);
    return true;
}
