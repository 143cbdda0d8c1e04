/* The data key under a PIN and for the office: what opens it and what does not, and that a kill at any step of
 * the first PIN leaves an outbox that opens.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache/cache.h"
#include "cache/journal.h"
#include "cache/key.h"
#include "cache/state.h"
#include "tests/unit/cache_machine.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RIGHT "mười hai 12"
#define WRONG "mười hai 13"

static struct machine m;
static struct pin *right, *wrong;

static int set_up(void **state)
{
    machine_new(&m);
    right = pin_new();
    wrong = pin_new();
    assert_true(pin_add(right, RIGHT) && pin_add(wrong, WRONG));
    return 0;
}

static int tear_down(void **state)
{
    pin_free(&right);
    pin_free(&wrong);
    machine_free(&m);
    return 0;
}

/* ── setting ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool reseal(void *outbox, const struct seal_key *fresh, struct err *e)
{
    return outbox_reseal(outbox, fresh, e);
}

static void set_pin(struct outbox *o, const struct office_key *office)
{
    struct err e = {0};
    assert_ok(key_set_pin(m.dir, m.key, right, office, &(struct key_reseal){o, reseal}, &e), &e);
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

static bool is_there(const char *name)
{
    return faccessat(m.dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The wish `key` can be read: its name and body open. */
static void wish_opens(struct outbox *o, const char *key)
{
    struct err e = {0};
    struct arena arena = {0};
    struct command c;
    assert_ok(outbox_get(o, key, &arena, &c, &e), &e);
    assert_string_equal(c.name, "Nguyễn Thị Đào");
    assert_non_null(strstr(c.body, "gấp"));
    assert_non_null(strstr(c.seen, "\"version\":3"));
    arena_clear(&arena);
}

static void the_first_pin_makes_another_key_and_nothing_is_lost(void **state)
{
    struct err e = {0};
    struct buf before = {0}, plain = {0};
    char key[UUID_TEXT];
    struct wish wish = wish_on("d-1");
    struct outbox *o = machine_outbox(&m);
    enqueue(o, &wish, key);
    assert_ok(outbox_keep(o, "form:d-1", "{\"note\":\"bí mật\"}", true, &e), &e);
    seal_close(m.key, "t", "i", 0, "x", 1, &before);
    set_pin(o, NULL);

    assert_false(seal_open(m.key, "t", "i", 0, before.data, before.len, &plain)); /* the bare one opens nothing any more */
    wish_opens(o, key);
    char *kept = outbox_kept(o, "form:d-1");
    assert_string_equal(kept, "{\"note\":\"bí mật\"}");
    mem_free(&kept);
    outbox_close(&o);

    enum key_kind kind;
    bool office;
    assert_ok(key_look(m.dir, &kind, &office, &e), &e);
    assert_int_equal(kind, KEY_PIN);
    assert_false(office);
    struct seal_key *none = NULL;
    assert_err(key_load(m.dir, &none, &e), &e, ERR_AUTH);
    assert_false(is_there("key.next"));
    right_opens();
    o = machine_outbox(&m); /* outbox and journal both open with it */
    assert_false(outbox_restored(o) || outbox_journal_broken(o));
    wish_opens(o, key);
    outbox_close(&o);
    buf_clear(&before);
    buf_clear(&plain);
}

/* Neither the new key nor the old one stands anywhere in clear. */
static void no_key_lies_bare(void **state)
{
    unsigned char bare[47], now[4096];
    struct outbox *o = machine_outbox(&m);
    int fd = openat(m.dir, "key", O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, bare, sizeof(bare)), sizeof(bare)); /* 15 bytes of heads, then the key */
    set_pin(o, NULL);
    assert_int_equal(pread(fd, now, sizeof(bare), 0), sizeof(bare)); /* the old file's bytes, by the old name gone */
    assert_int_not_equal(memcmp(now + 15, bare + 15, 32), 0);
    close(fd);
    fd = openat(m.dir, "key", O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, now, sizeof(now));
    assert_true(n > 0);
    assert_null(memmem(now, (size_t)n, bare + 15, 32));
    struct stat st;
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    close(fd);
    outbox_close(&o);
}

static void a_short_pin_and_a_second_first_one_are_refused(void **state)
{
    struct err e = {0};
    struct outbox *o = machine_outbox(&m);
    struct key_reseal again = {o, reseal};
    struct pin *brief = pin_new();
    assert_true(pin_add(brief, "12345"));
    assert_err(key_set_pin(m.dir, m.key, brief, NULL, &again, &e), &e, ERR_INPUT);
    set_pin(o, NULL);
    assert_err(key_set_pin(m.dir, m.key, wrong, NULL, &again, &e), &e, ERR_REFUSED);
    assert_err(key_change_pin(m.dir, m.key, brief, &e), &e, ERR_INPUT);
    right_opens();
    pin_free(&brief);
    outbox_close(&o);
}

static void another_pin_only_wraps_again(void **state)
{
    struct err e = {0};
    struct seal_key *key = NULL;
    struct outbox *o = machine_outbox(&m);
    set_pin(o, NULL);
    assert_ok(key_change_pin(m.dir, m.key, wrong, &e), &e);
    assert_err(key_unlock(m.dir, right, &m.env.env, &key, &e), &e, ERR_AUTH);
    assert_ok(key_unlock(m.dir, wrong, &m.env.env, &key, &e), &e);
    assert_true(seal_key_wake(m.key, key)); /* the same as ever */
    seal_key_free(&key);
    outbox_close(&o);
}

static void what_does_not_open_is_not_sealed_again(void **state)
{
    struct err e = {0};
    char key[UUID_TEXT];
    struct wish wish = wish_on("d-1");
    struct outbox *o = machine_outbox(&m);
    enqueue(o, &wish, key);
    outbox_close(&o);
    struct seal_key *other = m.key;
    m.key = NULL;
    assert_int_equal(renameat(m.dir, "key", m.dir, "mine"), 0);
    assert_ok(key_load(m.dir, &m.key, &e), &e); /* another key: the outbox is not its */
    assert_int_equal(outbox_fits(m.dir, m.path, m.key, &e), OUTBOX_FITS_NOT);
    assert_int_equal(outbox_fits(m.dir, m.path, other, &e), OUTBOX_FITS);
    seal_key_free(&other);
}

/* ── killed on the way ─────────────────────────────────────────────────────────────────────────────────────────────── */

static bool die_before(void *outbox, const struct seal_key *fresh, struct err *e)
{
    _exit(9);
}

static bool die_after(void *outbox, const struct seal_key *fresh, struct err *e)
{
    _exit(outbox_reseal(outbox, fresh, e) ? 9 : 8);
}

static bool refuse(void *outbox, const struct seal_key *fresh, struct err *e)
{
    return err_set(e, ERR_STORE, "no");
}

static void killed(bool (*at)(void *, const struct seal_key *, struct err *))
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        struct outbox *o = machine_outbox(&m);
        key_set_pin(m.dir, m.key, right, NULL, &(struct key_reseal){o, at}, NULL);
        _exit(1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 9);
    assert_true(is_there("key.next"));
}

static void killed_before_the_outbox_the_bare_key_counts(void **state)
{
    struct err e = {0};
    char key[UUID_TEXT];
    struct wish wish = wish_on("d-1");
    struct outbox *o = machine_outbox(&m);
    enqueue(o, &wish, key);
    outbox_close(&o);
    killed(die_before);

    struct seal_key *again = NULL;
    assert_ok(key_settle(m.dir, m.path, &e), &e);
    assert_false(is_there("key.next"));
    assert_ok(key_load(m.dir, &again, &e), &e);
    assert_true(seal_key_wake(m.key, again));
    seal_key_free(&again);
    o = machine_outbox(&m);
    wish_opens(o, key);
    outbox_close(&o);
}

static void killed_after_the_outbox_the_pin_counts(void **state)
{
    struct err e = {0};
    char key[UUID_TEXT];
    struct wish wish = wish_on("d-1");
    struct outbox *o = machine_outbox(&m);
    enqueue(o, &wish, key);
    outbox_close(&o);
    killed(die_after);

    assert_ok(key_settle(m.dir, m.path, &e), &e);
    assert_ok(key_settle(m.dir, m.path, &e), &e);
    assert_false(is_there("key.next"));
    struct seal_key *opened = NULL;
    assert_err(key_load(m.dir, &opened, &e), &e, ERR_AUTH);
    assert_ok(key_unlock(m.dir, right, &m.env.env, &opened, &e), &e);
    assert_false(seal_key_wake(m.key, opened));
    seal_key_free(&m.key);
    m.key = opened;
    assert_ok(key_finish(m.dir, m.key, NULL, &e), &e); /* the journal */
    assert_ok(key_finish(m.dir, m.key, NULL, &e), &e);
    o = machine_outbox(&m);
    assert_false(outbox_restored(o) || outbox_journal_broken(o));
    wish_opens(o, key);
    outbox_close(&o);
}

static void where_the_outbox_cannot_be_sealed_nothing_changes(void **state)
{
    struct err e = {0};
    struct seal_key *again = NULL;
    struct outbox *o = machine_outbox(&m);
    assert_err(key_set_pin(m.dir, m.key, right, NULL, &(struct key_reseal){o, refuse}, &e), &e, ERR_STORE);
    assert_false(is_there("key.next"));
    assert_ok(key_load(m.dir, &again, &e), &e);
    assert_true(seal_key_wake(m.key, again));
    seal_key_free(&again);
    outbox_close(&o);
}

/* ── the keyring ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void the_keyring_gives_back_this_key_alone(void **state)
{
    struct seal_key *key = NULL;
    struct outbox *o = machine_outbox(&m);
    key_keep(m.key, &m.env.env, "key:s:mai");
    assert_false(key_recall(m.dir, &m.env.env, "key:s:mai", &key)); /* a bare one is in the file */
    set_pin(o, NULL);
    assert_false(key_recall(m.dir, &m.env.env, "key:s:mai", &key)); /* that is the one before the PIN */
    key_keep(m.key, &m.env.env, "key:s:mai");
    assert_true(key_recall(m.dir, &m.env.env, "key:s:mai", &key));
    assert_true(seal_key_wake(m.key, key));
    seal_key_free(&key);
    m.env.env.secret_drop(&m.env.env, "key:s:mai");
    m.env.no_keyring = true;
    key_keep(m.key, &m.env.env, "key:s:mai"); /* memory that is not locked is no place for it */
    assert_false(key_recall(m.dir, &m.env.env, "key:s:mai", &key));
    outbox_close(&o);
}

static void asleep_it_is_forgotten_until_it_is_back(void **state)
{
    struct err e = {0};
    struct buf sealed = {0}, plain = {0};
    struct seal_key *key = NULL;
    struct outbox *o = machine_outbox(&m);
    set_pin(o, NULL);
    seal_close(m.key, "t", "i", 0, "x", 1, &sealed);
    seal_key_sleep(m.key);
    assert_true(seal_key_asleep(m.key));
    assert_err(outbox_keep(o, "form:d-1", "{}", true, &e), &e, ERR_AUTH);
    assert_ok(key_unlock(m.dir, right, &m.env.env, &key, &e), &e);
    assert_true(seal_key_wake(m.key, key));
    assert_false(seal_key_asleep(m.key));
    assert_true(seal_open(m.key, "t", "i", 0, sealed.data, sealed.len, &plain));
    seal_key_free(&key);
    outbox_close(&o);
    buf_clear(&sealed);
    buf_clear(&plain);
}

/* ── the office ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void recovers(const struct buf *secret, enum err_code code)
{
    struct err e = {0};
    struct seal_key *key = NULL;
    if (code != ERR_NONE) {
        assert_err(key_recover(m.dir, secret->data, secret->len, &key, &e), &e, code);
        return;
    }
    assert_ok(key_recover(m.dir, secret->data, secret->len, &key, &e), &e);
    assert_true(seal_key_wake(m.key, key));
    seal_key_free(&key);
}

static void the_office_opens_what_was_sealed_for_it(void **state)
{
    struct err e = {0};
    struct buf secret = {0}, half = {0}, secret2 = {0}, half2 = {0};
    struct office_key office, office2;
    struct outbox *o = machine_outbox(&m);
    key_office_new(&secret, &half);
    key_office_new(&secret2, &half2);
    assert_ok(key_office_read(half.data, half.len, &office, &e), &e);
    assert_ok(key_office_read(half2.data, half2.len, &office2, &e), &e);
    assert_err(key_office_read(secret.data, secret.len, &office2, &e), &e, ERR_CONFIG);
    assert_err(key_office_read("", 0, &office2, &e), &e, ERR_CONFIG);
    assert_ok(key_office_read(half2.data, half2.len, &office2, &e), &e);

    set_pin(o, &office);
    recovers(&secret, ERR_NONE);
    recovers(&secret2, ERR_REFUSED);
    recovers(&half, ERR_INPUT);
    assert_ok(key_finish(m.dir, m.key, NULL, &e), &e); /* not named in the configuration: it stays */
    recovers(&secret, ERR_NONE);
    assert_ok(key_finish(m.dir, m.key, &office2, &e), &e); /* another one is */
    recovers(&secret, ERR_REFUSED);
    recovers(&secret2, ERR_NONE);
    assert_ok(key_change_pin(m.dir, m.key, wrong, &e), &e);
    recovers(&secret2, ERR_NONE);
    outbox_close(&o);
    buf_wipe(&secret);
    buf_wipe(&secret2);
    buf_clear(&half);
    buf_clear(&half2);
}

static void without_an_office_only_the_pin_opens(void **state)
{
    struct buf secret = {0}, half = {0};
    struct outbox *o = machine_outbox(&m);
    key_office_new(&secret, &half);
    recovers(&secret, ERR_REFUSED);
    set_pin(o, NULL);
    recovers(&secret, ERR_REFUSED);
    outbox_close(&o);
    buf_wipe(&secret);
    buf_clear(&half);
}

/* ── who is here ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void only_who_is_alone_may_change_the_key(void **state)
{
    struct err e = {0};
    int one, two;
    assert_ok(presence_take(m.dir, &one, &e), &e);
    assert_ok(presence_take(m.dir, &two, &e), &e);
    assert_false(presence_alone(one, true));
    close(two);
    assert_true(presence_alone(one, true));
    struct lease *lease = lease_new(m.dir); /* the lease is another matter */
    assert_true(lease_take(lease));
    lease_free(&lease);
    assert_true(presence_alone(one, false));
    assert_ok(presence_take(m.dir, &two, &e), &e);
    close(one);
    close(two);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_pin_makes_another_key_and_nothing_is_lost),
        TEST(no_key_lies_bare),
        TEST(a_short_pin_and_a_second_first_one_are_refused),
        TEST(another_pin_only_wraps_again),
        TEST(what_does_not_open_is_not_sealed_again),
        TEST(killed_before_the_outbox_the_bare_key_counts),
        TEST(killed_after_the_outbox_the_pin_counts),
        TEST(where_the_outbox_cannot_be_sealed_nothing_changes),
        TEST(the_keyring_gives_back_this_key_alone),
        TEST(asleep_it_is_forgotten_until_it_is_back),
        TEST(the_office_opens_what_was_sealed_for_it),
        TEST(without_an_office_only_the_pin_opens),
        TEST(only_who_is_alone_may_change_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
