/* The helper's side: whatever stands on its standard input, each line has one line for an answer, a JSON object with the job's number,
 * and only a whole job of an officer whose key lies there is signed. @ stands for the directory of the keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/shown.h"

#include "core/codec.h"
#include "desk/software.h"
#include "tests/harness.h"
#include "training/central.h"

/* Its lines, without its life. */
int helper_main(int argc, char **argv);
#define main helper_main
#include "desk/main.c" // NOLINT(bugprone-suspicious-include)
#undef main

static struct {
    char *home, *keys;
    int read; /* what it answers */
} place;

static void clear_away(void)
{
    home_free(&place.home);
    mem_free(&place.keys);
}

static void make_place(void)
{
    struct central_options options = {
        .base = "http://127.0.0.1:1", .scenario = "tests/fuzz/office.json", .start = INSTANT_NONE};
    struct central *central;
    struct err e = {0};
    int pair[2];

    place.home = home_new();
    place.keys = mem_format("%s/keys", place.home);
    options.keys = place.keys;
    CHECK(central_new(&options, &central, &e));
    central_free(&central);
    atexit(clear_away);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK(dup2(pair[0], STDIN_FILENO) == STDIN_FILENO);
    close(pair[0]);
    place.read = pair[1];
}

static void check_answer(const char *line, size_t n)
{
    json_t *answer = json_loadb(line, n, 0, NULL);
    const char *error = json_string_value(json_object_get(answer, "error"));

    CHECK(json_is_integer(json_object_get(answer, "job")));
    CHECK(!error || *error);
    CHECK((error != NULL) == (!json_object_get(answer, "cms") && !json_object_get(answer, "name")));
    json_decref(answer);
}

/* Takes what was answered; returns how many lines. */
static size_t take_answers(void)
{
    static char bytes[1 << 20];
    ssize_t n = recv(place.read, bytes, sizeof bytes, MSG_DONTWAIT);
    size_t lines = 0;

    for (char *at = bytes; n > 0;) {
        char *end = memchr(at, '\n', (size_t)n);
        CHECK(end);
        check_answer(at, (size_t)(end - at));
        lines++;
        n -= end + 1 - at;
        at = end + 1;
    }
    return lines;
}

static void give(struct input *in, const char *bytes, size_t n)
{
    if (n > in->bytes.size - in->n)
        n = in->bytes.size - in->n;
    memcpy(in->bytes.bytes + in->n, bytes, n);
    in->n += n;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct input in = {0};
    size_t jobs = 0, lines = 0;

    if (memmem(bytes, size, "token", 5) || memmem(bytes, size, "paper", 5) || memmem(bytes, size, "\\u", 2) ||
        size > 4096)
        return 0; /* what a token's driver would load, a printer or a file: however it is written, not ours to touch here */
    if (!place.home)
        make_place();
    secret_init(&in.bytes, LINE_MAX_BYTES);
    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n';
        if (bytes[i] == '@')
            give(&in, place.keys, strlen(place.keys));
        else
            give(&in, (const char *)bytes + i, 1);
    }
    while (jobs < 100 && take_job(&in) == TAKEN_JOB)
        jobs++;
    CHECK(jobs <= lines && take_answers() == jobs);
    secret_clear(&in.bytes);
    return 0;
}
