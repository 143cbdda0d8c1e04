/* What is typed as a PIN, and how often it may be wrong: five times, then 30 s, doubling, whatever is done to the machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/key.h"
#include "tests/unit/cache_machine.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define RIGHT "mười hai 12"
#define WRONG "mười hai 13"

static struct machine m;
static struct pin *right, *wrong;

static bool reseal(void *outbox, const struct seal_key *fresh, struct err *e)
{
    return outbox_reseal(outbox, fresh, e);
}

static int set_up(void **state)
{
    struct err e = {0};
    machine_new(&m);
    right = pin_new();
    wrong = pin_new();
    assert_true(pin_add(right, RIGHT) && pin_add(wrong, WRONG));
    struct outbox *o = machine_outbox(&m);
    assert_ok(key_set_pin(m.dir, m.key, right, NULL, &(struct key_reseal){o, reseal}, &e), &e);
    outbox_close(&o);
    return 0;
}

static int tear_down(void **state)
{
    pin_free(&right);
    pin_free(&wrong);
    machine_free(&m);
    return 0;
}

/* ── PINs ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_pin_is_letters_and_has_an_end(void **state)
{
    struct pin *pin = pin_new();
    assert_true(pin_add(pin, "a\xcc\x81")); /* a and its tone, as some keyboards send them: one letter */
    assert_int_equal(pin_letters(pin), 1);
    assert_false(pin_add(pin, "\n"));
    assert_false(pin_add(pin, "\xc2\x9b"));
    assert_false(pin_add(pin, "\xff"));
    assert_false(pin_add(pin, ""));
    assert_int_equal(pin_letters(pin), 1);
    assert_true(pin_add(pin, "ếếếếếếếếếếếếếếếếế"));
    assert_int_equal(pin_letters(pin), PIN_MOST);
    assert_false(pin_add(pin, "x"));
    for (size_t i = PIN_MOST; i > 0; i--) {
        assert_int_equal(pin_letters(pin), i);
        pin_erase(pin);
    }
    pin_erase(pin);
    assert_int_equal(pin_letters(pin), 0);
    assert_true(pin_add(pin, RIGHT));
    assert_true(pin_same(pin, right));
    assert_false(pin_same(pin, wrong));
    pin_free(&pin);
}

/* The PIN opens, and what it opens is the key that the machine has now. */
static void right_opens(void)
{
    struct err e = {0};
    struct seal_key *key = NULL;
    assert_ok(key_unlock(m.dir, right, &m.env.env, &key, &e), &e);
    assert_true(seal_key_wake(m.key, key));
    seal_key_free(&key);
}

static void wrong_does_not(const char *words)
{
    struct err e = {0};
    struct seal_key *key = NULL;
    assert_false(key_unlock(m.dir, wrong, &m.env.env, &key, &e));
    assert_null(key);
    assert_int_equal(e.code, ERR_AUTH);
    if (!strstr(e.text, words))
        fail_at(HERE, "“%s” does not say “%s”", e.text, words);
}

/* ── trying ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void expect_tries(int number, int64_t seconds)
{
    struct tries tries;
    key_tries(m.dir, &m.env.env, &tries);
    assert_int_equal(tries.wrong, number);
    assert_int_equal(tries.wait_ms, seconds * 1000);
}

static void five_wrong_ones_wait_and_each_further_one_twice_as_long(void **state)
{
    for (int i = 0; i < TRIES_FREE; i++) {
        expect_tries(i, 0);
        wrong_does_not("PIN is not right");
    }
    for (int64_t wait = TRIES_WAIT, n = TRIES_FREE; n < TRIES_FREE + 3; wait *= 2, n++) {
        expect_tries((int)n, wait);
        wrong_does_not("Wait ");
        expect_tries((int)n, wait); /* what was not tried does not count */
        m.env.mono += wait * 1000 - 1;
        wrong_does_not("Wait 1 seconds");
        m.env.mono += 1;
        wrong_does_not("PIN is not right");
    }
    m.env.mono += (int64_t)3600 * 1000;
    right_opens();
    expect_tries(0, 0); /* and five are free again */
}

static void a_restart_of_the_machine_shortens_no_wait(void **state)
{
    for (int i = 0; i < TRIES_FREE; i++)
        wrong_does_not("PIN is not right");
    m.env.mono = 0; /* just started */
    expect_tries(TRIES_FREE, TRIES_WAIT);
    m.env.mono = 20 * 1000;
    wrong_does_not("Wait 10 seconds");
    m.env.wall += 86400; /* and no calendar helps */
    wrong_does_not("Wait 10 seconds");
    m.env.mono = 30 * 1000;
    right_opens();
}

static void a_damaged_slot_is_no_wrong_pin(void **state)
{
    struct err e = {0};
    struct seal_key *key = NULL;
    int fd = openat(m.dir, "key", O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_int_equal(write(fd, "motcua-key\1\1\1\4\0abcd", 19), 19);
    close(fd);
    assert_err(key_unlock(m.dir, right, &m.env.env, &key, &e), &e, ERR_STORE);
    expect_tries(0, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pin_is_letters_and_has_an_end),
        TEST(five_wrong_ones_wait_and_each_further_one_twice_as_long),
        TEST(a_restart_of_the_machine_shortens_no_wait),
        TEST(a_damaged_slot_is_no_wrong_pin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
