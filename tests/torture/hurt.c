/* hurt: see hurt.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/torture/hurt.h"

#include "tests/torture/cases.h"
#include "tests/torture/trace.h"

#include <stdlib.h>
#include <string.h>

static const char *const commands[] = {[HURT_ACT] = "act", [HURT_SYNC] = "sync", [HURT_FIRST] = "first sync"};

struct hurting {
    struct ground *ground;
    const struct hurt *hurt;
    const struct call *call; /* NULL: not hurt, only watched */
    size_t i;
    const char *dossier, *note;
    char *home;
    struct call *calls; /* that were made */
    size_t n;
};

static void run_it(struct hurting *h, const char *const args[], struct run *run)
{
    if (h->call) {
        trace_hurt(h->ground, h->home, h->call, h->hurt->how, h->hurt->on, args, run);
        return;
    }
    *run = (struct run){0};
    h->calls = trace_calls(h->ground, h->home, h->hurt->names, args, &h->n);
}

/* Killed when it was about to connect: saved, and not sent. */
static void leave_a_wish(struct hurting *h)
{
    struct run run;

    trace_hurt(h->ground, h->home, &(struct call){"connect", 1}, "signal=KILL", false,
               ARGS("act", h->dossier, "comment", "--note", h->note, "--json"), &run);
    if (run.status != 137)
        fail_at(HERE, "it was not killed: %d %s%s", run.status, run.out, run.err);
    run_clear(&run);
}

/* Gets ready, runs the command; whether the wish was called saved. */
static bool do_it(struct hurting *h, struct run *run)
{
    struct ground *g = h->ground;

    h->dossier = g->dossiers[h->i % g->n];
    h->home = h->hurt->what == HURT_FIRST ? home_new() : ground_copy(g);
    if (h->hurt->what == HURT_ACT) {
        run_it(h, ARGS("act", h->dossier, "comment", "--note", h->note, "--json"), run);
        return h->call && ground_told(run);
    }
    if (h->hurt->what == HURT_SYNC) {
        leave_a_wish(h);
        ground_touch(g, g->dossiers[(h->i + 1) % g->n]);
    }
    run_it(h, ARGS("sync", "--once", "--json"), run);
    return h->hurt->what == HURT_SYNC;
}

static void one_case(void *context)
{
    struct hurting *h = context;
    bool kills = strncmp(h->hurt->how, "signal=", 7) == 0;
    char *note = text_new("%s: %s %s %d%s", commands[h->hurt->what], h->hurt->how, h->call->name,
                          h->call->nth, h->hurt->on ? "+" : "");
    struct run run;

    h->note = note;
    bool told = do_it(h, &run);
    if (!kills || run.status != 137) /* what never came to that call ended as ever */
        ground_expect_honest(&run, !(h->hurt->on && strcmp(h->call->name, "write") == 0));
    ground_check(h->ground, h->home, h->dossier, h->hurt->what == HURT_FIRST ? NULL : note, told);
    if (!h->hurt->on)
        ground_check_journal(h->ground, h->home);
    run_clear(&run);
    free(note);
    home_free(&h->home);
}

static void hurt_one(struct ground *g, const struct hurt *hurt)
{
    struct hurting watched = {.ground = g, .hurt = hurt, .note = "không ai làm gì"};
    struct run run;

    do_it(&watched, &run);
    home_free(&watched.home);
    for (size_t i = 0; i < watched.n; i += (size_t)cases_every(1)) {
        struct hurting h = {.ground = g, .hurt = hurt, .call = &watched.calls[i], .i = i};
        case_run(one_case, &h, "%s, %s at %s %d%s", commands[hurt->what], hurt->how, h.call->name,
                 h.call->nth, hurt->on ? " and on" : "");
    }
    free(watched.calls);
}

int hurt_all(const struct hurt *hurts, size_t n)
{
    struct ground ground;
    const char *why = trace_impossible();

    if (!why)
        why = ground_new(&ground);
    if (why) {
        cases_skip(why);
        return cases_end();
    }
    for (size_t i = 0; i < n; i++)
        hurt_one(&ground, &hurts[i]);
    ground_free(&ground);
    return cases_end();
}
