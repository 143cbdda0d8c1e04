/* The office's side of the machine at home: a socket that is not ours alone is not spoken to, and whoever sits at its other end is believed
 * nothing: not a signature of other words or by another, not a sentence with a terminal's orders in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent.h"
#include "core/codec.h"
#include "core/signer_json.h"
#include "desk/agent.h"
#include "desk/cms.h"
#include "tests/harness.h"
#include "tests/token.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define STATEMENT "{\"statement\":\"onestop/decision/1\",\"note\":\"Đồng ý.\"}\n"
#define OTHER     "{\"statement\":\"onestop/decision/1\",\"note\":\"Từ chối.\"}\n"

struct house {
    char *dir, *path, *sha256;
    EVP_PKEY *key;
    X509 *certificate;
    int listener;
};

static void make_key(struct house *h)
{
    h->key = EVP_EC_gen("P-256");
    h->certificate = token_certify(h->key, "Phạm Minh Quân", 365);
    h->sha256 = token_sha256(h->certificate);
}

static int set_up(void **state)
{
    struct house *h = calloc(1, sizeof *h);
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    h->dir = home_new();
    h->path = text_new("%s/agent.sock", h->dir);
    make_key(h);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", h->path);
    h->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(h->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(chmod(h->path, 0600), 0);
    assert_int_equal(listen(h->listener, 4), 0);
    *state = h;
    return 0;
}

static int tear_down(void **state)
{
    struct house *h = *state;

    close(h->listener);
    X509_free(h->certificate);
    EVP_PKEY_free(h->key);
    home_free(&h->dir);
    free(h->path);
    free(h->sha256);
    free(h);
    return 0;
}

/* ── who sits there ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Takes one request, answers it with these bytes, and hangs up. */
static pid_t answers(struct house *h, const struct buf *bytes)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    int fd = accept(h->listener, NULL, NULL);
    char request[4096];
    ssize_t n = read(fd, request, sizeof request);
    _exit(n > 0 && write(fd, bytes->data ? bytes->data : "", bytes->len) == (ssize_t)bytes->len ? 0 : 1);
}

/* What agent_sign() makes of these bytes; the error, or "" and a signature. */
static char *told(struct house *h, struct buf *bytes)
{
    struct err e = {0};
    pid_t there = answers(h, bytes);
    char *cms = agent_sign(h->path, h->sha256, STATEMENT, strlen(STATEMENT), &e);

    assert_int_equal(child_wait(there, harness_deadline()), 0);
    assert_true((cms != NULL) == (e.code == ERR_NONE));
    free(cms);
    buf_clear(bytes);
    return text_new("%s", e.text);
}

static void signs(struct buf *out, struct house *by, const char *words)
{
    struct err e = {0};
    char *cms = cms_sign(by->certificate, cms_key_signs, by->key, words, strlen(words), &e), *body = NULL;

    assert_string_equal(e.text, "");
    body = text_new("{\"cms\":\"%s\"}", cms);
    agent_put(out, AGENT_SIGNED, body, strlen(body));
    free(body);
    free(cms);
}

#define assert_told(h, bytes, part)                          \
    do {                                                     \
        char *words = told(h, bytes);                        \
        if (!strstr(words, part))                            \
            fail_at(HERE, "“%s” is not in %s", part, words); \
        free(words);                                         \
    } while (0)

/* ── what is believed ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_signature_of_these_words_comes_back(void **state)
{
    struct house *h = *state;
    struct buf out = {0};

    agent_put(&out, AGENT_WAITS, "", 0);
    agent_put(&out, AGENT_WAITS, "", 0);
    signs(&out, h, STATEMENT);
    char *words = told(h, &out);
    assert_string_equal(words, "");
    free(words);
}

static void one_of_other_words_or_by_another_does_not(void **state)
{
    struct house *h = *state, other = {0};
    struct buf out = {0};

    signs(&out, h, OTHER);
    assert_told(h, &out, "is no signature of this statement with your certificate");
    make_key(&other);
    signs(&out, &other, STATEMENT);
    assert_told(h, &out, "is no signature of this statement with your certificate");
    agent_put(&out, AGENT_SIGNED, "{\"cms\":\"AAAA\"}", 14);
    assert_told(h, &out, "is no signature of this statement with your certificate");
    agent_put(&out, AGENT_SIGNED, "{}", 2);
    assert_told(h, &out, "is no signature of this statement with your certificate");
    X509_free(other.certificate);
    EVP_PKEY_free(other.key);
    free(other.sha256);
}

static void nonsense_and_a_cut_line_are_told_apart(void **state)
{
    static const char *const nonsense[] = {"HTTP/1.1 200 OK\r\n\r\n", "MCA1?", "MCA1C\xff\xff\xff", "MCA2"};
    struct house *h = *state;
    struct buf out = {0};

    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        buf_text(&out, nonsense[i]);
        assert_told(h, &out, "is no motcua sign-agent of this version");
    }
    agent_put(&out, AGENT_TOLD, "{}", 2); /* to another question */
    assert_told(h, &out, "is no motcua sign-agent of this version");
    agent_put(&out, AGENT_SIGNED, "[1", 2);
    assert_told(h, &out, "is no motcua sign-agent of this version");
    assert_told(h, &out, "does not answer any more");
    agent_put(&out, AGENT_WAITS, "", 0);
    assert_told(h, &out, "does not answer any more");
    buf_text(&out, "MCA1C\x01"); /* and then silence for good */
    assert_told(h, &out, "does not answer any more");
}

static void what_is_said_there_orders_no_terminal(void **state)
{
    static const char said[] = "{\"error\":\"Chưa ký.\\u001b]0;x\\u0007\\u202e\"}";
    struct house *h = *state;
    struct buf out = {0};

    agent_put(&out, AGENT_REFUSED, said, strlen(said));
    char *words = told(h, &out);
    assert_true(strncmp(words, "Your own machine says: Chưa ký.", 32) == 0);
    assert_null(strpbrk(words, "\x1b\x07"));
    assert_null(strstr(words, "\u202e"));
    free(words);
}

static void the_device_is_described_and_asks_nothing_here(void **state)
{
    struct house *h = *state;
    struct signer_certificate c;
    struct signer_device device = {.label = "Quan", .serial = "07", .asks_pin = true, .forwarded = true};
    struct buf out = {0};
    struct err e = {0};
    json_t *body = json_object();

    assert_true(cms_describe(h->certificate, &c, &e));
    signer_put_certificate(body, &c);
    signer_put_device(body, &device);
    char *text = json_dumps(body, JSON_COMPACT);
    agent_put(&out, AGENT_TOLD, text, strlen(text));
    pid_t there = answers(h, &out);
    device = (struct signer_device){0};
    assert_true(agent_describe(h->path, h->sha256, &c, &device, &e));
    assert_int_equal(child_wait(there, harness_deadline()), 0);
    assert_string_equal(c.name, "Phạm Minh Quân");
    assert_string_equal(device.label, "Quan");
    assert_true(device.at_home);
    assert_false(device.asks_pin || device.forwarded);
    there = answers(h, &out); /* somebody else's certificate */
    assert_false(agent_describe(h->path, "00", &c, &device, &e));
    assert_int_equal(child_wait(there, harness_deadline()), 0);
    free(text);
    json_decref(body);
    buf_clear(&out);
}

/* ── the socket ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void refused(struct house *h, const char *path, const char *part)
{
    struct err e = {0};

    assert_null(agent_sign(path, h->sha256, STATEMENT, strlen(STATEMENT), &e));
    assert_int_equal(e.code, ERR_SIGNER);
    if (!strstr(e.text, part))
        fail_at(HERE, "“%s” is not in %s", part, e.text);
}

static void a_socket_that_is_not_ours_alone_is_not_spoken_to(void **state)
{
    struct house *h = *state;
    char *none = text_new("%s/none", h->dir), *file = text_new("%s/file", h->dir),
         *link = text_new("%s/link", h->dir), *again = text_new("%s/again", h->dir);

    refused(h, none, "there is no socket at sign_agent");
    refused(h, "agent.sock", "begins with /");
    assert_int_equal(close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    refused(h, file, "not your account's alone");
    assert_int_equal(symlink(h->path, link), 0);
    refused(h, link, "not your account's alone");
    assert_int_equal(chmod(h->path, 0660), 0);
    refused(h, h->path, "not your account's alone");
    assert_int_equal(chmod(h->path, 0600), 0);
    assert_int_equal(chmod(h->dir, 0770), 0); /* somebody else could put another in its place */
    refused(h, h->path, "not your account's alone");
    assert_int_equal(chmod(h->dir, 0700), 0);
    assert_int_equal(rename(h->path, again), 0);
    close(h->listener);
    h->listener = -1;
    refused(h, again, "does not answer any more"); /* ssh left it behind */
    free(none);
    free(file);
    free(link);
    free(again);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_signature_of_these_words_comes_back),
        TEST(one_of_other_words_or_by_another_does_not),
        TEST(nonsense_and_a_cut_line_are_told_apart),
        TEST(what_is_said_there_orders_no_terminal),
        TEST(the_device_is_described_and_asks_nothing_here),
        TEST(a_socket_that_is_not_ours_alone_is_not_spoken_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
