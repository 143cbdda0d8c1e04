/* send: see send.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/send.h"

#include "net/backoff.h"
#include "net/say.h"

#include <stdlib.h>
#include <string.h>

enum {
    DISK_PAUSE_MS = 5000, /* after a row that could not be written */
    ROW_MOST_MS = 900000, /* what waits longer is taken for older than the machine's start (outbox.h) */
};

void send_init(struct send *s, struct env *env, const char *base)
{
    *s = (struct send){.env = env, .base = base};
}

static void free_lane(struct send_lane *lane)
{
    arena_clear(&lane->arena);
    *lane = (struct send_lane){0};
}

void send_attach(struct send *s, struct cache *cache, struct outbox *outbox)
{
    for (int i = 0; i < SEND_LANES; i++)
        free_lane(&s->lanes[i]);
    s->outbox = outbox;
    s->cache = cache;
    s->wake = s->next_at = 0;
    s->repair = false;
    s->seen_unsent = -1;
}

void send_clear(struct send *s)
{
    send_attach(s, NULL, NULL);
    free(s->events);
    *s = (struct send){0};
}

/* ── lanes ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct send_lane *lane_of(struct send *s, uint64_t request)
{
    for (int i = 0; i < SEND_LANES; i++)
        if (s->lanes[i].busy && s->lanes[i].request == request)
            return &s->lanes[i];
    return NULL;
}

static bool is_busy_with(const struct send *s, const char *key)
{
    for (int i = 0; i < SEND_LANES; i++)
        if (s->lanes[i].busy && strcmp(s->lanes[i].row.key, key) == 0)
            return true;
    return false;
}

bool send_is_idle(const struct send *s)
{
    for (int i = 0; i < SEND_LANES; i++)
        if (s->lanes[i].busy)
            return false;
    return true;
}

static struct net_event *add_event(struct send *s, const char *key, enum command_state state,
                                   const struct err *why)
{
    if (s->n_events == s->cap_events) {
        s->cap_events = s->cap_events ? 2 * s->cap_events : 8;
        s->events = mem_grow(s->events, s->cap_events, sizeof(*s->events));
    }
    struct net_event *event = &s->events[s->n_events++];
    *event = (struct net_event){.state = state};
    memcpy(event->key, key, strnlen(key, UUID_TEXT - 1));
    if (why)
        event->why = *why;
    return event;
}

bool send_take_event(struct send *s, struct net_event *out)
{
    if (s->n_events == 0)
        return false;
    *out = s->events[0];
    memmove(s->events, s->events + 1, --s->n_events * sizeof(*s->events));
    return true;
}

/* ── writing down ────────────────────────────────────────────────────────────────────────────────────────────────── */

void send_recover(struct send *s)
{
    struct err e = {0};
    s->repair = !outbox_recover(s->outbox, s->now, &e);
    s->next_at = s->repair ? s->env->mono(s->env) + DISK_PAUSE_MS : 0;
    s->wake = 0;
    s->seen_unsent = -1;
}

/* What cannot be written down now stands as SENDING; it becomes due again, and the same key gets the same answer. */
static void could_not_write(struct send *s)
{
    s->repair = true;
    s->next_at = s->env->mono(s->env) + DISK_PAUSE_MS;
}

/* As a problem document has it, so that both are read alike. */
static char *note_of(const struct err *why)
{
    if (!why)
        return NULL;
    json_t *note = json_pack("{s:s}", "title", why->text);
    char *text = json_dumps(note, JSON_COMPACT);
    json_decref(note);
    return text;
}

static void write_no_answer(struct send *s, const struct command *row, bool may_have_arrived,
                            int64_t not_before, const struct err *why)
{
    struct err e = {0};
    bool taken_away = false;
    char *note = note_of(why);
    if (!outbox_no_answer(s->outbox, row->key, may_have_arrived, not_before, note, &taken_away, &e))
        could_not_write(s);
    if (taken_away)
        add_event(s, row->key, COMMAND_DUE, why)->taken_away = true;
    free(note);
}

static void write_failed(struct send *s, const struct command *row, enum command_state state,
                         const char *problem, const char *request_id, const struct err *why)
{
    struct err e = {0};
    if (outbox_failed(s->outbox, row->key, state, problem, request_id, s->now, &e))
        add_event(s, row->key, state, why);
    else
        could_not_write(s);
}

/* ── the next row ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The row's own file may have been tampered with: it must not send elsewhere, nor break out of a header. */
static bool is_sendable(const struct command *row)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    bool method = strcmp(row->method, "POST") == 0 || strcmp(row->method, "PATCH") == 0 ||
                  strcmp(row->method, "DELETE") == 0;
    bool path = row->path[0] == '/' && !strstr(row->path, "..") && !strstr(row->path, "//");
    for (const char *p = row->path; *p; p++)
        path = path && (strchr(letters, *p) || strchr("/._~-", *p));
    return method && path && (!row->if_match || row->if_match[strspn(row->if_match, "0123456789")] == '\0');
}

/* An online-only row that is due and not on its way: somebody sits before it. Looked for only where something was added. */
static bool find_online_only(struct send *s, struct arena *arena, struct command *out)
{
    struct command *rows;
    size_t n;
    int64_t unsent, stuck;
    outbox_counts(s->outbox, &unsent, &stuck);
    if (unsent == s->seen_unsent)
        return false;
    if (!outbox_list(s->outbox, 1 << COMMAND_DUE, arena, &rows, &n, NULL))
        return false;
    int64_t mono = s->env->mono(s->env);
    for (size_t i = n; i-- > 0;) {
        if (!rows[i].online_only || rows[i].may_have_arrived || rows[i].not_before > mono ||
            is_busy_with(s, rows[i].key))
            continue;
        *out = rows[i];
        return true;
    }
    s->seen_unsent = unsent;
    return false;
}

static bool find_row(struct send *s, bool open, struct send_lane *lane)
{
    struct err e = {0};
    if (!open)
        return find_online_only(s, &lane->arena, &lane->row);
    s->seen_unsent = -1;
    bool found = outbox_next(s->outbox, false, &lane->arena, &lane->row, &s->wake, &e);
    if (e.code != ERR_NONE)
        s->next_at = s->env->mono(s->env) + DISK_PAUSE_MS;
    return found;
}

static void refuse_damaged(struct send *s, const struct command *row)
{
    struct err why = {0};
    say_damaged(&why);
    char *note = note_of(&why);
    write_failed(s, row, COMMAND_REFUSED, note, NULL, &why);
    free(note);
}

static void make_request(const struct send *s, const struct command *row, struct request *out)
{
    out->method = arena_copy(&out->arena, row->method);
    out->url = arena_format(&out->arena, "%s/api/v1%s", s->base, row->path);
    out->key = arena_copy(&out->arena, row->key);
    out->if_match = row->if_match ? arena_format(&out->arena, "\"%s\"", row->if_match) : NULL;
    out->body = row->body ? arena_copy_n(&out->arena, row->body, row->body_len) : NULL;
    out->len = row->body ? row->body_len : 0;
    if (row->body)
        out->content_type =
            strcmp(row->method, "PATCH") == 0 ? "application/merge-patch+json" : "application/json";
    out->asks_first = true;
}

/* One lane at a time connects: until its row is SENDING, outbox_next() would give it again. */
static struct send_lane *next_lane(struct send *s, uint64_t token)
{
    struct send_lane *free_one = NULL;
    for (int i = SEND_LANES; i-- > 0;) {
        struct send_lane *lane = &s->lanes[i];
        if (!lane->busy)
            free_one = lane;
        else if (!lane->left)
            return NULL;
    }
    for (int i = 0; i < SEND_LANES; i++)
        if (s->lanes[i].waits_for_token && s->lanes[i].token != token)
            return &s->lanes[i];
    return free_one;
}

bool send_next(struct send *s, const char *officer, uint64_t token, bool open, struct request *out)
{
    if (!s->outbox || s->env->mono(s->env) < s->next_at)
        return false;
    if (s->repair && send_is_idle(s))
        send_recover(s);
    struct send_lane *lane = s->repair ? NULL : next_lane(s, token);
    if (!lane)
        return false;
    bool again = lane->waits_for_token;
    if (!again && !find_row(s, open, lane)) {
        free_lane(lane);
        return false;
    }
    if (!is_sendable(&lane->row))
        refuse_damaged(s, &lane->row);
    if (!is_sendable(&lane->row) || strcmp(lane->row.actor, officer) != 0) {
        free_lane(lane);
        return false;
    }
    make_request(s, &lane->row, out);
    lane->busy = true;
    lane->request = 0;
    lane->left = lane->waits_for_token = false;
    lane->token = token;
    return true;
}

void send_began(struct send *s, uint64_t request)
{
    struct send_lane *lane = lane_of(s, 0);
    if (lane)
        lane->request = request;
}

bool send_leaves(struct send *s, uint64_t request)
{
    struct send_lane *lane = lane_of(s, request);
    struct err e = {0};
    if (!lane || !s->outbox)
        return false;
    if (outbox_sending(s->outbox, lane->row.key, &e)) {
        lane->left = true;
        return true;
    }
    if (e.code != ERR_CONFLICT && e.code != ERR_NOT_FOUND)
        s->next_at = s->env->mono(s->env) + DISK_PAUSE_MS;
    return false;
}

void send_dropped(struct send *s, uint64_t request)
{
    struct send_lane *lane = lane_of(s, request);
    if (lane)
        free_lane(lane);
}

bool send_wants_line(const struct send *s)
{
    int64_t unsent = 0, stuck;
    if (s->outbox)
        outbox_counts(s->outbox, &unsent, &stuck);
    return unsent > 0 && (!send_is_idle(s) || send_wake(s) <= s->env->mono(s->env));
}

bool send_wants_line_now(struct send *s)
{
    struct arena arena = {0};
    struct command row;
    bool found = s->outbox && find_online_only(s, &arena, &row);
    arena_clear(&arena);
    return found;
}

int64_t send_wake(const struct send *s)
{
    bool room = false;
    if (!s->outbox || (s->repair && !send_is_idle(s))) /* what is on its way has to end first */
        return INT64_MAX;
    for (int i = 0; i < SEND_LANES; i++) {
        room = room || !s->lanes[i].busy;
        if (s->lanes[i].busy && !s->lanes[i].left)
            return INT64_MAX; /* it connects; its end is a step of its own */
    }
    return !room ? INT64_MAX : s->wake > s->next_at ? s->wake : s->next_at;
}

/* ── what became of it ───────────────────────────────────────────────────────────────────────────────────────────── */

static void keep_current(struct send *s, const struct problem *problem)
{
    if (!problem->current || !s->cache)
        return;
    char *text = json_dumps(problem->current, JSON_COMPACT);
    if (text)
        cache_replace_dossier(s->cache, text, strlen(text), NULL);
    free(text);
}

static void take_success(struct send *s, const struct command *row, const struct response *reply,
                         const struct judgement *j)
{
    struct err e = {0};
    const char *location = strcmp(row->path, "/dossiers") == 0 ? reply->location : j->attachment;
    /* Before it counts as done: who acts again at that moment, in another instance, acts on this version. */
    if (j->dossier && s->cache)
        cache_replace_dossier(s->cache, reply->body, reply->len, NULL);
    if (outbox_done(s->outbox, row->key, j->version, location, s->now, &e))
        add_event(s, row->key, COMMAND_DONE, NULL);
    else
        could_not_write(s);
}

/* When the same goes again. What the line alone has held up goes as soon as the breaker lets anything through; but a row that was
 * cut off twice waits for itself, or it would hold up the others for ever. */
static int64_t again_at(struct send *s, const struct command *row, const struct judgement *j)
{
    int attempts = row->attempts + 1;
    if (j->kind == ANSWER_NO_LINE && (!j->may_have_arrived || attempts == 1))
        return 0;
    int64_t wait = backoff_retry_after(s->env, j->retry_after);
    wait = wait >= 0 ? wait : backoff_after(s->env, attempts);
    return s->env->mono(s->env) + (wait < ROW_MOST_MS ? wait : ROW_MOST_MS);
}

static void take_problem(struct send *s, const struct command *row, const struct response *reply,
                         struct judgement *j)
{
    enum command_state state = j->verdict == VERDICT_CONFLICT ? COMMAND_CONFLICT : COMMAND_REFUSED;
    if (strncmp(row->path, "/dossiers/", 10) == 0)
        keep_current(s, &j->problem);
    write_failed(s, row, state, reply->body, reply->request_id, &j->why);
}

void send_reply(struct send *s, const struct response *reply)
{
    struct send_lane *lane = lane_of(s, reply->id);
    struct arena arena = {0};
    struct judgement j;
    if (!lane)
        return;
    if (reply->end == RESPONSE_HELD_BACK) { /* taken back meanwhile, or it could not be written down: nothing has left */
        s->wake = 0;
        free_lane(lane);
        return;
    }
    judge_wish(&lane->row, reply, &arena, &j);
    switch (j.verdict) {
    case VERDICT_DONE:
        take_success(s, &lane->row, reply, &j);
        break;
    case VERDICT_CONFLICT:
    case VERDICT_REFUSED:
        take_problem(s, &lane->row, reply, &j);
        break;
    case VERDICT_NO_ANSWER:
        write_no_answer(s, &lane->row, j.may_have_arrived, again_at(s, &lane->row, &j), &j.why);
        break;
    case VERDICT_STEP_UP:
        write_no_answer(s, &lane->row, false, OUTBOX_UNTIL_SIGN_IN, &j.why);
        add_event(s, lane->row.key, COMMAND_DUE, &j.why)->step_up = true;
        break;
    case VERDICT_TOKEN:
        lane->waits_for_token = lane->row.online_only;
        if (!lane->waits_for_token)
            write_no_answer(s, &lane->row, false, 0, NULL);
        break;
    }
    s->wake = 0;
    s->seen_unsent = -1;
    if (!lane->waits_for_token)
        free_lane(lane);
    arena_clear(&arena);
}

/* ── waiting in vain, and the end of waiting ─────────────────────────────────────────────────────────────────────── */

void send_give_up_waiting(struct send *s, const struct err *why)
{
    if (!s->outbox)
        return;
    for (int i = 0; i < SEND_LANES; i++) {
        struct send_lane *lane = &s->lanes[i];
        if (!lane->waits_for_token)
            continue;
        write_no_answer(s, &lane->row, false, 0, why);
        free_lane(lane);
    }
    struct arena arena = {0};
    struct command row;
    while (!s->repair && find_online_only(s, &arena, &row))
        write_no_answer(s, &row, false, 0, why);
    arena_clear(&arena);
}

void send_signed_in(struct send *s)
{
    struct arena arena = {0};
    struct command *rows;
    size_t n;
    if (s->outbox && outbox_list(s->outbox, 1 << COMMAND_DUE, &arena, &rows, &n, NULL))
        for (size_t i = 0; i < n; i++)
            if (rows[i].not_before == OUTBOX_UNTIL_SIGN_IN)
                outbox_retry(s->outbox, rows[i].key, NULL);
    s->wake = 0;
    arena_clear(&arena);
}
