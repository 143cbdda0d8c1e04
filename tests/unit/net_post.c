/* net_post: see net_post.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net_post.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURN_MS 20

static void tick(struct post *p)
{
    p->machine.env.mono = harness_now() + p->shift;
}

static void attach(struct post *p)
{
    struct err e = {0};
    bool fresh;
    const char *officer = net_officer(p->net);

    if (!officer)
        return;
    p->officer = mem_copy(officer);
    assert_ok(cache_open(p->machine.dir, p->machine.path, p->machine.key, officer, &p->cache, &fresh, &e), &e);
    assert_ok(outbox_open(p->machine.dir, p->machine.path, p->machine.key, officer, &p->machine.env.env,
                          &p->outbox, &fresh, &e),
              &e);
    p->lease = lease_new(p->machine.dir);
    net_attach(p->net, p->cache, p->outbox, p->lease);
}

void post_open(struct post *p)
{
    struct err e = {0};
    struct net_options options = {
        .server = p->url,
        .trust = p->trust,
        .workstation = "quay-02",
        .login_hint = p->machine.path ? p->officer : NULL,
        .language = "vi",
        .follow = p->follow,
    };
    char *hint = p->officer;

    tick(p);
    assert_ok(net_new(&options, &p->machine.env.env, &p->net, &e), &e);
    p->officer = NULL;
    mem_free(&hint);
    attach(p);
}

struct post *post_new(const char *url, const char *login_hint, bool follow)
{
    return post_new_trusting(url, login_hint, follow, (struct net_trust){0});
}

struct post *post_new_trusting(const char *url, const char *login_hint, bool follow, struct net_trust trust)
{
    static uint64_t posts;
    struct post *p = mem_alloc(sizeof(*p));

    machine_new(&p->machine);
    p->machine.env.seed += ++posts * 1000003; /* no two posts choose the same keys */
    p->url = mem_copy(url);
    p->trust = trust;
    p->follow = follow;
    p->officer = login_hint ? mem_copy(login_hint) : NULL;
    post_open(p);
    return p;
}

void post_close(struct post *p)
{
    net_free(&p->net);
    outbox_close(&p->outbox);
    cache_close(&p->cache);
    lease_free(&p->lease);
}

void post_restart(struct post *p)
{
    post_close(p);
    post_open(p);
}

void post_free(struct post **at)
{
    struct post *p = *at;

    if (!p)
        return;
    post_close(p);
    if (p->answered)
        answer_clear(&p->answer);
    machine_free(&p->machine);
    mem_free(&p->url);
    mem_free(&p->officer);
    free(p);
    *at = NULL;
}

void post_turn(struct post *p)
{
    struct answer answer;

    tick(p);
    bool more = net_step(p->net, 4);
    while (net_answer(p->net, &answer)) {
        if (p->answered)
            answer_clear(&p->answer);
        p->answer = answer;
        p->answered = true;
    }
    while (p->n_events < sizeof(p->events) / sizeof(*p->events) && net_event(p->net, &p->events[p->n_events]))
        p->n_events++;
    if (p->cache)
        cache_take_changes(p->cache);
    if (p->outbox)
        outbox_take_changes(p->outbox);
    if (!more)
        net_wait(p->net, NULL, 0, TURN_MS);
}

void post_until(struct at where, struct post *p, bool (*done)(struct post *))
{
    int64_t deadline = harness_deadline();

    for (post_turn(p); !done(p); post_turn(p)) {
        if (harness_now() < deadline)
            continue;
        struct line_status line = post_line(p);
        fail_at(where, "it does not come; the line is %d: %s", (int)line.state, line.why.text);
    }
}

void post_turns_for(struct post *p, int64_t ms)
{
    for (int64_t end = harness_now() + ms; harness_now() < end;)
        post_turn(p);
}

static bool has_an_answer(struct post *p)
{
    return p->answered;
}

static bool has_final_answer(struct post *p)
{
    return p->answered && p->answer.final;
}

void post_ask(struct at where, struct post *p, enum ask_kind kind, const char *dossier, const char *text)
{
    static uint64_t id;
    struct ask ask = {
        .id = ++id,
        .kind = kind,
        .dossier = dossier ? mem_copy(dossier) : NULL,
        .text = text ? mem_copy(text) : NULL,
    };

    if (p->answered)
        answer_clear(&p->answer);
    p->answered = false;
    tick(p);
    net_ask(p->net, &ask);
    post_until(where, p, has_an_answer);
    p->shift += p->answer.final ? 0 : 5000; /* a code: the time until the server is asked again passes */
    post_until(where, p, has_final_answer);
    assert_int_equal(p->answer.id, id);
    assert_int_equal(p->answer.kind, kind);
}

enum net_sync post_sync(struct at where, struct post *p, struct err *why)
{
    enum net_sync state;
    int64_t deadline = harness_deadline();

    tick(p);
    net_sync_now(p->net);
    while ((state = net_sync_state(p->net, why)) == NET_SYNC_RUNNING) {
        post_turn(p);
        if (harness_now() >= deadline)
            fail_at(where, "the sync does not end");
    }
    return state;
}

void post_sign_in(struct at where, struct post *p)
{
    struct err why = {0};

    post_ask(where, p, ASK_SIGN_IN, NULL, NULL);
    if (p->answer.err.code != ERR_NONE)
        fail_at(where, "no sign-in: %s", p->answer.err.text);
    attach(p);
    if (post_sync(where, p, &why) != NET_SYNC_DONE)
        fail_at(where, "the feed was not read: %s", why.text);
}

void post_find(struct at where, struct post *p, const char *action, struct arena *arena, struct dossier *out,
               const char **json)
{
    struct list_query query = {.queue = QUEUE_ALL, .now = net_now(p->net)};
    struct list_page page;
    struct err e = {0};
    bool fell_back;

    assert_ok(cache_list(p->cache, &query, NULL, false, 10000, arena, &page, &fell_back, &e), &e);
    for (size_t i = 0; i < page.n; i++) {
        assert_ok(cache_dossier(p->cache, page.rows[i].d.id, arena, out, json, &e), &e);
        for (size_t j = 0; j < out->n_actions; j++)
            if (strcmp(out->actions[j].action, action) == 0)
                return;
    }
    fail_at(where, "none of %zu dossiers offers %s to %s", page.n, action, p->officer);
}

void post_wish(struct post *p, const struct dossier *d, const char *action, const char *body,
               bool online_only, char key[static UUID_TEXT])
{
    struct err e = {0};
    char *path = mem_format("/dossiers/%s/actions", d->id), *version = mem_format("%lld", (long long)d->version);
    struct wish wish = {
        .target = d->id,
        .if_match = version,
        .method = "POST",
        .path = path,
        .action = action,
        .code = d->code,
        .name = d->applicant->name,
        .body = body,
        .body_len = strlen(body),
        .online_only = online_only,
        .acted_at = net_now(p->net),
    };
    char keys[1][UUID_TEXT];

    tick(p);
    assert_ok(outbox_enqueue(p->outbox, &wish, 1, keys, &e), &e);
    memcpy(key, keys[0], UUID_TEXT);
    mem_free(&path);
    mem_free(&version);
}

enum command_state post_outcome(struct at where, struct post *p, const char *key)
{
    int64_t deadline = harness_deadline();
    enum command_state state;

    while ((state = state_of(p->outbox, key)) == COMMAND_DUE || state == COMMAND_SENDING) {
        post_turn(p);
        if (harness_now() >= deadline)
            fail_at(where, "the wish is not answered (%s): %s", state == COMMAND_DUE ? "due" : "on its way",
                    post_line(p).why.text);
    }
    return state;
}

struct line_status post_line(struct post *p)
{
    struct line_status line;

    net_line(p->net, &line);
    return line;
}
