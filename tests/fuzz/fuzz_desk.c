/* A helper that means harm: whatever lines come, in whatever pieces, each job has just one answer, which is a sentence or a signature,
 * and a helper that talks nonsense is not listened to any further.
 * First byte: bit 0: a signature is wanted, else who the signer is; then what comes, 0xff between two pieces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/shown.h"

#include "tests/unit/fake_env.h"

/* The descriptor of a helper that was never started is nobody's business but the client's own. */
#include "desk/client.c" // NOLINT(bugprone-suspicious-include)

#define DEADLINE 30000

struct told {
    int answers;
    bool signs, good;
};

static void answered(void *context, const struct signer_result *result)
{
    struct told *told = context;
    const struct signer_certificate *c = &result->certificate;

    told->answers++;
    told->good = result->err.code == ERR_NONE;
    CHECK(told->good || ((result->err.code == ERR_SIGNER || result->err.code == ERR_AUTH) && !result->cms));
    CHECK(!told->good || told->signs == (result->cms != NULL));
    CHECK(memchr(c->name, 0, sizeof c->name) && memchr(c->issuer, 0, sizeof c->issuer));
    CHECK(memchr(c->serial, 0, sizeof c->serial) && memchr(c->sha256, 0, sizeof c->sha256));
    CHECK(memchr(result->device.label, 0, sizeof result->device.label));
    CHECK(memchr(result->err.text, 0, sizeof result->err.text));
}

static void begin_job(struct signer *signer, struct told *told)
{
    static const struct signer_who who = {.officer = "quan"};

    if (told->signs)
        signer->sign(signer, &who, "{}", 2, NULL, 0, DEADLINE, answered, told);
    else
        signer->describe(signer, &who, DEADLINE, answered, told);
}

static int helper_of(struct desk *d)
{
    int pair[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
    d->fd = pair[0];
    return pair[1];
}

static void speak(struct desk *d, int helper, const uint8_t *bytes, size_t size)
{
    while (size > 0 && desk_fd(d) >= 0) {
        const uint8_t *end = memchr(bytes, 0xff, size);
        size_t n = end ? (size_t)(end - bytes) : size;
        if (n > 0)
            CHECK(send(helper, bytes, n, MSG_NOSIGNAL) == (ssize_t)n);
        desk_read(d);
        n += end != NULL;
        bytes += n;
        size -= n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fake_env env = fake_env(1);
    struct desk *d = desk_new("/nowhere/motcua-desk", &env.env);
    struct signer *signer = desk_training_signer(d, "/nowhere/keys");
    struct told told = {.signs = size > 0 && (bytes[0] & 1)}, again = {.signs = true};
    int helper = helper_of(d);

    if (size > 60000) /* more than a socket holds */
        size = 60000;
    begin_job(signer, &told);
    CHECK(told.answers == 0);
    if (size > 1)
        speak(d, helper, bytes + 1, size - 1);
    CHECK(told.answers <= 1);
    if (told.answers == 1 && told.good && desk_fd(d) >= 0) {
        begin_job(signer, &again); /* what was left over answers nothing of it */
        desk_read(d);
        CHECK(again.answers <= 1);
    }
    close(helper);
    if (desk_fd(d) >= 0)
        desk_read(d);
    env.mono += DEADLINE;
    desk_tick(d);
    CHECK(told.answers == 1 && desk_fd(d) < 0 && desk_wake(d) == INT64_MAX);
    signer->free(signer);
    desk_free(&d);
    return 0;
}
