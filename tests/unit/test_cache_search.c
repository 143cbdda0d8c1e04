/* Search: every word, folded, letter for letter; initials; tails of numbers; ranking; and lists in the order of names and codes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"
#include "tests/unit/cache_feed.h"
#include "tests/unit/core_samples.h"

#include <stdlib.h>
#include <string.h>

static struct feed feed;

static json_t *person(const char *id, const char *name, const char *number, const char *code, int64_t submitted)
{
    json_t *d = dossier_json(id, 1, "received", "intake");

    set_applicant(d, name, number);
    set_text(d, "code", code);
    set_time(d, "submitted_at", submitted);
    set_time(d, "due_at", T0 + submitted % 7);
    return d;
}

/* The people of screens.md, and some whom a query must not find. */
static int people(void **state)
{
    json_t *external = person("ext", "Đặng Văn Khoa", "350012345678", "000.25.33.H06-221228-0038", T0 - 50);

    set_text(external, "external_code", "VNeID-2022-77");
    set_text(external, "client_ref", "TAM-0012");
    feed_new(&feed);
    full_pass(
        &feed,
        json_pack(
            "[ooooooooo]",
            dossier_entry(person("dao1", "Nguyễn Thị Đào", "077195004821", "000.25.33.H06-221228-0041", T0)),
            dossier_entry(person("dao2", "Nguyễn Thị Đào", "077195009999", "000.25.33.H06-221116-0020", T0 - 10)),
            dossier_entry(person("dao3", "Nguyễn Thị Đảo", NULL, "000.25.33.H06-221104-0052", T0 - 20)),
            dossier_entry(person("dao4", "Nguyễn Thị Đạo", NULL, "000.25.33.H06-220930-0008", T0 - 30)),
            dossier_entry(person("dao5", "Nguyễn Thị Ngọc Đào", NULL, "000.25.33.H06-220817-0033", T0 - 40)),
            dossier_entry(external), dossier_entry(person("lan1", "Lan", NULL, "X-1", T0 - 60)),
            dossier_entry(person("lan2", "Lân", NULL, "X-2", T0 - 55)),
            dossier_entry(person("odd", "100% \"Phở\" * _O'Nên", NULL, "X_3*", T0 - 70))));
    assert_true(cache_search_fill(feed.cache, &feed.machine.env.env, 1000));
    cache_take_changes(feed.cache);
    *state = &feed;
    return 0;
}

static int teardown(void **state)
{
    feed_free(&feed);
    return 0;
}

static void finds_at(struct at at, const char *query, const struct list_query *scope, const char *ids)
{
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    struct buf got = {0};
    int64_t total;

    if (!cache_search(feed.cache, query, scope, 40, &arena, &page, &total, &e))
        fail_at(at, "%s: %s", query, e.text);
    for (size_t i = 0; i < page.n; i++)
        buf_format(&got, "%s%s", i ? " " : "", page.rows[i].d.id);
    if (strcmp(got.data ? got.data : "", ids) != 0 || total != (int64_t)page.n)
        fail_at(at, "\"%s\" finds %s (%lld), not %s", query, got.data ? got.data : "nothing",
                (long long)total, ids);
    buf_clear(&got);
    arena_clear(&arena);
}
#define finds(query, ids) finds_at(HERE, query, NULL, ids)

static void names_are_found_without_tones(void **state)
{
    finds("nguyen thi dao", "dao1 dao2 dao3 dao4 dao5");
    finds("NGUYEN", "dao1 dao2 dao3 dao4 dao5");
    finds("dao nguyen", "dao1 dao2 dao3 dao4 dao5"); /* the order of the words does not matter */
    finds("ngoc dao", "dao5");
    finds("uye", "dao1 dao2 dao3 dao4 dao5"); /* anywhere in a word */
    finds("dang", "ext");
    finds("đang", "ext");
    finds("nguyen van", "");
    finds("  nguyen \t thi\xc2\xa0"
          "dao ",
          "dao1 dao2 dao3 dao4 dao5");
}

static void exact_tones_come_first(void **state)
{
    finds("Nguyễn Thị Đạo", "dao4 dao1 dao2 dao3 dao5");
    finds("đảo", "dao3 dao1 dao2 dao4 dao5");
    finds("lan", "lan1 lan2");
    finds("lân", "lan2 lan1");
    finds("Nguyê\xcc\x83n Thi\xcc\xa3 \xc4\x90\xe1\xba\xa3o", "dao3 dao1 dao2 dao4 dao5"); /* typed decomposed */
    finds("Đào 0020", "dao2");
}

static void one_word_may_be_initials(void **state)
{
    finds("ntd", "dao1 dao2 dao3 dao4");
    finds("ntnd", "dao5");
    finds("dvk", "ext");
    finds("ntd dao", "dao1 dao2 dao3 dao4");
    finds("ntd 4821", ""); /* 4 digits are a tail only where the query is digits alone … */
    finds("ntd 04821", "dao1");
    finds("ntd 0041", "dao1"); /* … and a piece of a code anywhere */
    finds("ntd ntd", "");      /* one word */
}

static void codes_are_found_by_any_piece(void **state)
{
    finds("221228-0041", "dao1");
    finds("h06-2211", "dao2 dao3");
    finds("221228", "dao1 ext");
    finds("vneid-2022", "ext");
    finds("tam-0012", "ext");
    finds("000.25.33.H06-221228-0041", "dao1");
}

static void identity_numbers_match_whole_and_by_their_tail(void **state)
{
    finds("077195004821", "dao1");
    finds("4821", "dao1");
    finds("04821", "dao1");
    finds("821", "");    /* too short for a tail */
    finds("077195", ""); /* the head is not found */
    finds("95004", "");  /* nor the middle */
    finds("nguyen 04821", "dao1");
    finds("nguyen 4821", "");
    finds("dao 077195004821", "dao1");
    finds("5678 350012345678", "ext"); /* all the query is digits */
    finds("07719500482", "");
}

static void nothing_is_an_operator(void **state)
{
    finds("100%", "odd");
    finds("%", "odd");
    finds("*", "odd");
    finds("_o'nen", "odd");
    finds("\"pho\"", "odd");
    finds("X_3*", "odd");
    finds("nguyen*", "");
    finds("ngu_en", "");
    finds("-thi", "");
    finds("\x01", "dao1 dao2 dao3 dao4 dao5 ext lan2 lan1 odd"); /* no word at all */
    finds("dao\x02", "dao1 dao2 dao3 dao4 dao5");
}

/* ── scopes and lists ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_scope_narrows(void **state)
{
    const char *unit[] = {"u-2"};
    json_t *moved = person("dao2", "Nguyễn Thị Đào", "077195009999", "000.25.33.H06-221116-0020", T0 - 10);

    set_text(moved, "unit", "u-2");
    json_object_set_new(moved, "version", json_integer(2));
    apply_one(&feed, dossier_entry(moved));
    finds_at(HERE, "dao", &(struct list_query){.queue = QUEUE_IN_PROGRESS, .units = {unit, 1}, .now = T0},
             "dao2");
    finds_at(HERE, "dao", &(struct list_query){.queue = QUEUE_TO_RECEIVE, .now = T0}, "");
    finds_at(HERE, "dao", &(struct list_query){.queue = QUEUE_IN_PROGRESS, .now = T0},
             "dao1 dao2 dao3 dao4 dao5");
}

static void a_list_can_be_narrowed_by_words(void **state)
{
    struct list_query q = {.queue = QUEUE_ALL, .sort = SORT_SUBMITTED, .now = T0, .find = "dao"};
    int64_t position, total;
    struct err e = {0};
    char *ids = list_ids(&feed, &q);

    assert_string_equal(ids, "dao1 dao2 dao3 dao4 dao5");
    mem_free(&ids);
    assert_ok(cache_list_position(feed.cache, &q, "dao3", &position, &total, &e), &e);
    assert_int_equal(position, 3);
    assert_int_equal(total, 5);
    assert_ok(cache_list_position(feed.cache, &q, "lan1", &position, &total, &e), &e);
    assert_int_equal(position, -1);
}

static void lists_are_sorted_by_given_name_and_by_code(void **state)
{
    struct list_query q = {.queue = QUEUE_ALL, .sort = SORT_NAME, .now = T0};
    struct arena arena = {0};
    struct list_page page;
    int64_t position, total;
    struct err e = {0};
    bool fell_back = true;
    char *ids = list_ids(&feed, &q);

    assert_string_equal(ids, "odd dao1 dao2 dao5 dao3 dao4 ext lan1 lan2");
    mem_free(&ids);
    assert_ok(cache_list(feed.cache, &q, "dao3", false, 2, &arena, &page, &fell_back, &e), &e);
    assert_false(fell_back);
    assert_int_equal(page.n, 2);
    assert_string_equal(page.rows[0].d.id, "dao4");
    assert_string_equal(page.rows[1].d.id, "ext");
    assert_ok(cache_list(feed.cache, &q, "dao3", true, 2, &arena, &page, &fell_back, &e), &e);
    assert_int_equal(page.n, 2);
    assert_string_equal(page.rows[0].d.id, "dao2");
    assert_string_equal(page.rows[1].d.id, "dao5");
    assert_ok(cache_list(feed.cache, &q, NULL, true, 3, &arena, &page, &fell_back, &e), &e);
    assert_string_equal(page.rows[2].d.id, "lan2");
    assert_ok(cache_list_position(feed.cache, &q, "ext", &position, &total, &e), &e);
    assert_int_equal(position, 7);
    assert_int_equal(total, 9);

    q.find = "dao";
    q.sort = SORT_CODE;
    ids = list_ids(&feed, &q);
    assert_string_equal(ids, "dao5 dao4 dao3 dao2 dao1");
    mem_free(&ids);
    arena_clear(&arena);
}

static void until_the_block_is_full_a_list_stands_by_due_and_says_so(void **state)
{
    struct list_query q = {.queue = QUEUE_ALL, .sort = SORT_NAME, .now = T0};
    struct arena arena = {0};
    struct list_page by_name, by_due;
    struct err e = {0};
    bool fell_back = false;
    int64_t have, all;

    cache_search_wipe(feed.cache);
    cache_search_progress(feed.cache, &have, &all);
    assert_int_equal(have, 0);
    assert_int_equal(all, 9);
    assert_ok(cache_list(feed.cache, &q, NULL, false, 40, &arena, &by_name, &fell_back, &e), &e);
    assert_true(fell_back);
    q.sort = SORT_DUE;
    assert_ok(cache_list(feed.cache, &q, NULL, false, 40, &arena, &by_due, &fell_back, &e), &e);
    assert_false(fell_back);
    assert_int_equal(by_name.n, 9);
    for (size_t i = 0; i < 9; i++)
        assert_string_equal(by_name.rows[i].d.id, by_due.rows[i].d.id);
    finds("dao", "");
    assert_true(cache_search_fill(feed.cache, &feed.machine.env.env, 1000));
    assert_true(cache_take_changes(feed.cache) & CACHE_SEARCH);
    finds("lan", "lan1 lan2");
    arena_clear(&arena);
}

/* ── kept up ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void search_follows_the_feed(void **state)
{
    json_t *renamed = person("dao1", "Nguyễn Thị Mận", "077195004821", "000.25.33.H06-221228-0041", T0);

    json_object_set_new(renamed, "version", json_integer(2));
    apply_page(&feed,
               json_pack("[ooo]", dossier_entry(renamed), entry("dossier", "dao5", 1, NULL),
                         dossier_entry(person("new", "Trần Văn Đào", NULL, "N-1", T0 + 5))),
               "k", false);
    finds("dao", "new dao2 dao3 dao4");
    finds("man", "dao1");
    finds("ngoc", "");
}

static void search_follows_another_instance(void **state)
{
    struct cache *mine = feed.cache, *other;
    struct err e = {0};
    bool rebuilt;
    json_t *renamed = person("dao1", "Nguyễn Thị Mận", NULL, "M-1", T0);

    json_object_set_new(renamed, "version", json_integer(2));
    assert_ok(cache_open(feed.machine.dir, feed.machine.path, feed.machine.key, ME, &other, &rebuilt, &e), &e);
    feed.cache = other;
    apply_page(&feed, json_pack("[oo]", dossier_entry(renamed), entry("dossier", "dao3", 1, NULL)), "k", false);
    feed.cache = mine;
    finds("dao", "dao2 dao4 dao5"); /* before anybody told it that something changed */
    finds("man", "dao1");
    assert_true(cache_take_changes(mine) & CACHE_DOSSIERS);
    finds("dao", "dao2 dao4 dao5");
    cache_close(&other);
}

/* ── thousands, against a search by hand ───────────────────────────────────────────────────────────────────────────── */

#define MANY 3000
static struct {
    char name[64], number[16], code[24], folded[80], initials[16];
    bool there;
} many[MANY];

static void make(int i, uint64_t *seed)
{
    struct buf text = {0};

    sample_name(seed, many[i].name);
    snprintf(many[i].number, sizeof(many[i].number), "0771%08u", sample_number(seed) % 100000000);
    snprintf(many[i].code, sizeof(many[i].code), "h06-%06u", sample_number(seed) % 1000000);
    text_fold(many[i].name, strlen(many[i].name), &text);
    snprintf(many[i].folded, sizeof(many[i].folded), "%s", text.data);
    text.len = 0;
    text_initials(many[i].name, &text);
    snprintf(many[i].initials, sizeof(many[i].initials), "%s", text.data);
    buf_clear(&text);
    many[i].there = true;
}

static json_t *many_json(int i, int64_t version)
{
    char id[16];

    snprintf(id, sizeof(id), "d-%d", i);
    json_t *d = person(id, many[i].name, many[i].number, many[i].code, T0 - i);
    json_object_set_new(d, "version", json_integer(version));
    return d;
}

static bool found_by_hand(int i, const char *word)
{
    size_t digits = strspn(word, "0123456789"), len = strlen(word);

    return strstr(many[i].folded, word) || strstr(many[i].code, word) || strstr(many[i].initials, word) ||
           (digits == len && len >= 4 && strcmp(many[i].number + 12 - len, word) == 0);
}

static void same_as_by_hand(const char *word)
{
    struct arena arena = {0};
    struct list_page page;
    struct err e = {0};
    int64_t total, expected = 0;

    for (int i = 0; i < MANY; i++)
        expected += many[i].there && found_by_hand(i, word);
    assert_ok(cache_search(feed.cache, word, NULL, 20, &arena, &page, &total, &e), &e);
    if (total != expected || (int64_t)page.n != (expected < 20 ? expected : 20))
        fail_at(HERE, "\"%s\" finds %lld, not %lld", word, (long long)total, (long long)expected);
    for (size_t i = 0; i < page.n; i++) {
        int at = atoi(page.rows[i].d.id + 2);
        assert_true(many[at].there && found_by_hand(at, word));
        assert_true(i == 0 || page.rows[i].d.submitted_at < page.rows[i - 1].d.submitted_at ||
                    !strstr(page.rows[i].d.applicant->name, word));
    }
    arena_clear(&arena);
}

static void thousands_change_and_are_found(void **state)
{
    uint64_t seed = 3;
    json_t *entries = json_array();

    feed_new(&feed);
    for (int i = 0; i < MANY; i++) {
        make(i, &seed);
        json_array_append_new(entries, dossier_entry(many_json(i, 1)));
    }
    full_pass(&feed, entries);
    while (!cache_search_fill(feed.cache, &feed.machine.env.env, 0))
        ;
    for (int round = 2; round < 30; round++) {
        char word[8] = "";
        entries = json_array();
        for (int n = 0; n < 150; n++) { /* more than a fourth is replaced or goes, several times over */
            int i = (int)(sample_number(&seed) % MANY);
            many[i].there = sample_number(&seed) % 4 != 0;
            if (many[i].there)
                make(i, &seed);
            char id[16];
            snprintf(id, sizeof(id), "d-%d", i);
            json_array_append_new(entries, many[i].there ? dossier_entry(many_json(i, round))
                                                         : entry("dossier", id, round, NULL));
        }
        apply_page(&feed, entries, "r", false);
        int i = (int)(sample_number(&seed) % MANY);
        snprintf(word, sizeof(word), "%.4s", many[i].folded + strlen(many[i].folded) - 3);
        if (!strchr(word, ' '))
            same_as_by_hand(word);
        same_as_by_hand(many[i].number + 8);
        same_as_by_hand(many[i].code + 4);
        same_as_by_hand("nguyen");
    }
    int64_t have, all;
    cache_search_progress(feed.cache, &have, &all);
    assert_int_equal(have, all);
}

static int no_feed(void **state)
{
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, people, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_are_found_without_tones),
        TEST(exact_tones_come_first),
        TEST(one_word_may_be_initials),
        TEST(codes_are_found_by_any_piece),
        TEST(identity_numbers_match_whole_and_by_their_tail),
        TEST(nothing_is_an_operator),
        TEST(a_scope_narrows),
        TEST(a_list_can_be_narrowed_by_words),
        TEST(lists_are_sorted_by_given_name_and_by_code),
        TEST(until_the_block_is_full_a_list_stands_by_due_and_says_so),
        TEST(search_follows_the_feed),
        TEST(search_follows_another_instance),
        cmocka_unit_test_setup_teardown(thousands_change_and_are_found, no_feed, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
