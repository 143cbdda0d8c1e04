/* core_bench: one office, one procedure of three working days, and dossiers that stand where a test wants them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_bench.h"

#include <string.h>

static struct required_paper asked_for[] = {
    {.id = "p-1", .name = "Tờ khai", .originals = 1},
    {.id = "p-2", .name = "Giấy chứng sinh", .originals = 1, .photocopies = 2},
};

int set_up(void **state)
{
    static struct bench bench;

    bench = (struct bench){
        .calendar = office_weekdays(),
        .procedure = {.time_limit = {.amount = 3, .unit = "working_days"}, .papers = asked_for, .n_papers = 2},
    };
    *state = &bench;
    return 0;
}

int tear_down(void **state)
{
    arena_clear(&((struct bench *)*state)->arena);
    return 0;
}

struct dossier dossier(const char *status, const char *step)
{
    bool received = strcmp(status, "registered") != 0;

    return (struct dossier){
        .id = "hs-1",
        .version = 7,
        .status = status,
        .step = step,
        .step_since = at("2022-12-28 08:00"),
        .submitted_at = at("2022-12-28 08:00"),
        .decide_by = received ? INSTANT_NONE : at("2022-12-29 08:00"),
        .received_at = received ? at("2022-12-28 08:00") : INSTANT_NONE,
        .due_at = received ? at("2023-01-04 08:00") : INSTANT_NONE,
        .extended_from = INSTANT_NONE,
        .paused_since = INSTANT_NONE,
        .completed_at = INSTANT_NONE,
        .returned_at = INSTANT_NONE,
        .sets = 1,
    };
}

struct action_request request(void)
{
    return (struct action_request){.until = DAY_NONE, .new_due_at = INSTANT_NONE, .acted_at = INSTANT_NONE};
}

void act(struct bench *b, struct dossier *d, enum action action, struct action_request r, const char *now)
{
    workflow_apply(d, action, &r, "o-9", at(now), &b->calendar, &b->procedure, &b->arena);
}

void assert_stands_at(struct at here, const struct dossier *d, const char *status, const char *step,
                      const char *since)
{
    if (strcmp(d->status, status) != 0 || strcmp(d->step, step) != 0 || d->version != 8)
        fail_at(here, "%s, %s, version %d", d->status, d->step, (int)d->version);
    assert_time_at(here, d->step_since, since);
}
