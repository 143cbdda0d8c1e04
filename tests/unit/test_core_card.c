/* Cards as scanners type them: whole ones, cut ones, and each way in which Vietnamese letters are hurt on the way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/harness.h"

#include "core/card.h"
#include "core/text.h"
#include "tests/unit/core_samples.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define NAME    "Phạm Thị Diễm Hương"
#define ADDRESS "Tổ 7, ấp Vạn Bình, xã Kim Long, huyện Châu Đức"
#define REST    "|03091991|Nữ|"

static struct arena arena;
static struct card card;

static int leave(void **state)
{
    (void)state;
    arena_clear(&arena);
    card = (struct card){0};
    return 0;
}

static void scan_knowing(const char *burst, const struct texts *known)
{
    if (!card_read(burst, strlen(burst), known, &arena, &card))
        fail_msg("no card: %s", burst);
}

static void scan(const char *burst)
{
    scan_knowing(burst, NULL);
}

static void scan_hurt(const char *name, const char *address)
{
    scan(arena_format(&arena, "000191007731|273000925|%s|03091991|Nữ|%s|11052021", name, address));
}

static void is_certain(enum card_part part, const char *text)
{
    assert_true(card.fields[part].given);
    assert_string_equal(card.fields[part].text, text);
    assert_false(card.fields[part].unsure);
}

static void is_in_doubt(enum card_part part, const char *text)
{
    assert_string_equal(card.fields[part].text, text);
    assert_true(card.fields[part].unsure);
}

static void doubts(enum card_part part, const char *excerpt)
{
    const struct card_field *f = &card.fields[part];
    assert_true(f->unsure);
    assert_string_equal(arena_copy_n(&arena, f->text + f->from, f->len), excerpt);
}

static void all_seven_are_certain(void)
{
    assert_int_equal(card.kind, CARD_CITIZEN);
    assert_int_equal(card.n_given, 7);
    assert_int_equal(card.n_unsure, 0);
    is_certain(CARD_NUMBER, "000191007731");
    is_certain(CARD_OLD_NUMBER, "273000925");
    is_certain(CARD_NAME, NAME);
    is_certain(CARD_BIRTH, "03/09/1991");
    is_certain(CARD_SEX, "female");
    is_certain(CARD_ADDRESS, ADDRESS);
    is_certain(CARD_ISSUED, "11/05/2021");
}

/* ── whole cards ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_whole_card_gives_seven_certain_fields_however_it_ends(void **state)
{
    static const char *const ends[] = {"", "\r", "\n", "\r\n", "\t", "|", "||||Phạm Văn Tám|Lê Thị Út||\r"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        scan(arena_format(&arena, "000191007731|273000925|" NAME REST ADDRESS "|11052021%s", ends[i]));
        all_seven_are_certain();
    }
    scan("]Q1000191007731|273000925|" NAME REST ADDRESS "|11052021");
    all_seven_are_certain();
}

static void a_card_without_an_old_number_lacks_nothing(void **state)
{
    scan("000091007731||Nguyễn Văn Tám|03091991|Nam|" ADDRESS "|11052021");
    assert_int_equal(card.n_unsure, 0);
    is_certain(CARD_OLD_NUMBER, "");
    is_certain(CARD_SEX, "male");
}

static void a_health_card_has_its_texts_in_hex(void **state)
{
    struct card_field *f = card.fields;
    scan("GD4790000000136|5068e1baa16d205468e1bb8b204469e1bb856d|03/09/1991|2|54E1BB9520372C20E1BAA57020"
         "56E1BAA16E2042C3AC6E68|79 - 034|01/01/2018|-|01/01/2018|79207000000136|-|4|01/01/2021|-|$");
    assert_int_equal(card.kind, CARD_HEALTH);
    is_certain(CARD_INSURANCE, "GD4790000000136");
    is_certain(CARD_NAME, "Phạm Thị Diễm");
    is_certain(CARD_BIRTH, "03/09/1991");
    is_certain(CARD_SEX, "female");
    is_certain(CARD_ADDRESS, "Tổ 7, ấp Vạn Bình");
    assert_false(f[CARD_NUMBER].given); /* the insurance's number is no identity number */
    assert_false(f[CARD_ISSUED].given);

    scan("7900000136|5068E1BAA16D|1991|1|zz20|79 - 034");
    is_certain(CARD_INSURANCE, "7900000136");
    is_in_doubt(CARD_BIRTH, ""); /* a year is no day */
    assert_string_equal(card.fields[CARD_BIRTH].raw, "1991");
    is_in_doubt(CARD_ADDRESS, "");
    assert_string_equal(card.fields[CARD_ADDRESS].raw, "zz20");
}

static void what_is_no_card_is_none(void **state)
{
    static const char *const texts[] = {
        "",
        "|",
        "||||||",
        "000.25.33.H06-221229-0041",
        "nguyen thi dao",
        "000191007731",
        "000191007731|273000925",
        "12 | 34 | 56",
        "https://dichvucong.gov.vn/p?code=1|2|3",
        "2022|abc|Tên|Ghi chú",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (card_read(texts[i], strlen(texts[i]), NULL, &arena, &card) || card.kind != CARD_NONE)
            fail_msg("taken for a card: %s", texts[i]);
    char *long_one = mem_alloc(CARD_MOST + 100);
    memset(long_one, 'a', CARD_MOST + 99);
    memcpy(long_one, "000191007731||", 14);
    assert_false(card_read(long_one, CARD_MOST + 99, NULL, &arena, &card));
    mem_free(&long_one);
}

/* ── damage that has one reading ───────────────────────────────────────────────────────────────────────────────────── */

static void bytes_typed_as_four_digits_are_letters_again(void **state)
{
    scan_hurt("Ph02250186"
              "0161m Th02250187"
              "0139 Di022501870133m H01980176"
              "01980161ng",
              "T022501870149 7, 022501860165p V022501860161n B01950172nh, x01950163 Kim Long, huy022501870135n "
              "Ch01950162u 01960144022501870169c");
    assert_string_equal(card.fields[CARD_NAME].text, NAME);
    assert_string_equal(card.fields[CARD_ADDRESS].text, ADDRESS);
    all_seven_are_certain();
}

static void mojibake_is_read_back(void **state)
{
    const char *name = "Pháº¡m Thá»‹ Diá»…m HÆ°Æ¡ng";
    const char *address = "Tá»• 7, áº¥p Váº¡n BÃ¬nh, xÃ£ Kim Long, huyá»‡n ChÃ¢u Ä\xc2\x90á»©c";
    scan_hurt(name, address);
    all_seven_are_certain();
    /* The Vietnamese code page shows the first byte of ì as Ă. */
    scan_hurt("Pháº¡m Thá»‹ Diá»…m HÆ°Æ¡ng",
              "Tá»• 7, áº¥p Váº¡n BĂ¬nh, xĂ£ Kim Long, huyá»‡n ChĂ¢u Ä\xc2\x90á»©c");
    all_seven_are_certain();
    /* A hard space is the second byte of à. */
    scan_hurt("LÃª Thá»‹ HÃ\xc2\xa0", "BÃ\xc2\xa0 Rá»‹a");
    is_certain(CARD_NAME, "Lê Thị Hà");
    is_certain(CARD_ADDRESS, "Bà Rịa");
}

/* Text that was read as code page 1252 so many times. */
static char *misread(const char *text, int times)
{
    static const char *const high[32] = {"€",        "\xc2\x81", "‚", "ƒ", "„", "…",        "†", "‡",
                                         "ˆ",        "‰",        "Š", "‹", "Œ", "\xc2\x8d", "Ž", "\xc2\x8f",
                                         "\xc2\x90", "‘",        "’", "“", "”", "•",        "–", "—",
                                         "˜",        "™",        "š", "›", "œ", "\xc2\x9d", "ž", "Ÿ"};
    struct buf out = {0};
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at < 0x80) {
            buf_char(&out, (char)*at);
        } else if (*at < 0xa0) {
            buf_text(&out, high[*at - 0x80]);
        } else {
            const char two[] = {(char)(0xc0 | *at >> 6), (char)(0x80 | (*at & 0x3f)), '\0'};
            buf_text(&out, two);
        }
    }
    char *once = arena_copy_n(&arena, out.data, out.len);
    buf_clear(&out);
    return times > 1 ? misread(once, times - 1) : once;
}

static void mojibake_of_mojibake_is_read_back_too(void **state)
{
    for (int times = 1; times <= 3; times++) {
        scan_hurt(misread(NAME, times), misread(ADDRESS, times));
        all_seven_are_certain();
    }
}

static void every_name_comes_back_from_mojibake(void **state)
{
    uint64_t seed = 7;
    for (int i = 0; i < 500; i++) {
        char name[64];
        sample_name(&seed, name);
        struct buf nfc = {0};
        assert_true(text_nfc(name, strlen(name), &nfc));
        scan_hurt(misread(nfc.data, 1), ADDRESS);
        if (card.fields[CARD_NAME].unsure) /* à alone is not told from a capital at a word's end */
            assert_non_null(strstr(card.fields[CARD_NAME].text, "Ã"));
        else
            assert_string_equal(card.fields[CARD_NAME].text, nfc.data);
        buf_clear(&nfc);
    }
}

static void entities_of_web_pages_are_letters_again(void **state)
{
    scan_hurt(
        "Ph&#7841;m Th&#x1ECB; Di&#7877;m H&#432;&#417;ng",
        "T&#7893; 7, &#7845;p V&#7841;n B&igrave;nh, x&atilde; Kim Long, huy&#7879;n Ch&acirc;u &Dstrok;&#7913;c");
    all_seven_are_certain();
    scan("000191007731&#124;273000925&#124;" NAME "&verbar;03091991&#124;Nữ&#124;" ADDRESS "&#124;11052021");
    all_seven_are_certain();
}

static void percent_escapes_are_letters_again(void **state)
{
    scan_hurt(
        "Ph%E1%BA%A1m%20Th%E1%BB%8B%20Di%E1%BB%85m%20H%C6%B0%C6%A1ng",
        "T%e1%bb%95 7, %e1%ba%a5p V%e1%ba%a1n B%c3%acnh, x%c3%a3 Kim Long, huy%e1%bb%87n Ch%c3%a2u %c4%90%e1%bb%a9c");
    all_seven_are_certain();
    scan("000191007731%7C273000925%7CPh%E1%BA%A1m+Th%E1%BB%8B+Di%E1%BB%85m+H%C6%B0%C6%A1ng%7C03091991%7CN%E1%BB%AF%7C"
         "T%E1%BB%95+7,+%E1%BA%A5p+V%E1%BA%A1n+B%C3%ACnh,+x%C3%A3+Kim+Long,+huy%E1%BB%87n+Ch%C3%A2u+%C4%90%E1%BB%A9c%7C"
         "11052021");
    all_seven_are_certain();
}

static void decomposed_letters_come_together(void **state)
{
    unsigned char *name = utf8proc_NFD((const unsigned char *)NAME);
    unsigned char *address = utf8proc_NFD((const unsigned char *)ADDRESS);
    assert_string_not_equal((const char *)name, NAME);
    scan_hurt((const char *)name, (const char *)address);
    all_seven_are_certain();
    scan_hurt(misread((const char *)name, 1), (const char *)address);
    all_seven_are_certain();
    free(name);
    free(address);
}

static void damage_upon_damage_is_undone_in_its_order(void **state)
{
    /* Mojibake that a web form has escaped; escapes that a page has made entities. */
    scan_hurt("Ph%C3%A1%C2%BA%C2%A1m Th%C3%A1%C2%BB%E2%80%B9 Di%C3%A1%C2%BB%E2%80%A6m H%C3%86%C2%B0%C3%86%C2%A1ng",
              ADDRESS);
    all_seven_are_certain();
    scan_hurt("Ph&amp;#7841;m Th&amp;#7883; Di&#37;E1&#37;BB&#37;85m H&amp;#432;&amp;#417;ng", ADDRESS);
    all_seven_are_certain();
    scan_hurt("  Phạm \t Thị Diễm\xc2\xa0Hương ", "Tổ 7, ấp Vạn Bình, xã Kim Long, huyện Châu Ðức");
    all_seven_are_certain();
}

static void a_sex_that_is_hurt_is_repaired_as_a_name_is(void **state)
{
    static const char *const words[] = {
        "Nữ", "nữ", "NỮ", "Ná»¯", "N&#7919;", "N%E1%BB%AF", "N022501870175", "Nư\xcc\x83"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        scan(arena_format(&arena, "000191007731|273000925|" NAME "|03091991|%s|" ADDRESS "|11052021", words[i]));
        all_seven_are_certain();
    }
}

/* ── what stays as it is ───────────────────────────────────────────────────────────────────────────────────────────── */

static void house_numbers_and_roads_are_not_mended_and_not_marked(void **state)
{
    static const char *const addresses[] = {
        "Số 0913 QL51, P.5",
        "12A/3 Lê Lợi",
        "259B Hùng Vương, TT. Ngãi Giao",
        "Tổ 10-12, khu phố 3/2",
        "ĐT992, ấp 1",
        "XÃ KIM LONG, HUYỆN CHÂU ĐỨC",
        "Buôn Ea Sút, xã Ea Pốk",
        "Km 47+500 QL56",
        "Số 1234567, “Khu A”",
        "Lô B2–14",
        "Căn hộ 1205, chung cư H'Ê",
        "Thôn Yên Lạc; TDP số 2",
    };
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        scan_hurt(NAME, addresses[i]);
        is_certain(CARD_ADDRESS, addresses[i]);
    }
    static const char *const names[] = {"H'Ê Đê Niê", "Y Ŏ Mlô", "Nguyễn-Trần Văn A", "PHẠM THỊ DIỄM HƯƠNG",
                                        "Ñah Kpă"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        scan_hurt(names[i], ADDRESS);
        is_certain(CARD_NAME, names[i]);
    }
}

/* ── what is marked ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void what_cannot_be_read_for_certain_is_marked_and_not_changed(void **state)
{
    static const struct {
        const char *name, *text, *excerpt;
    } cases[] = {
        {"Nguy?n Thị Đào", "Nguy?n Thị Đào", "Nguy?n Thị"},
        {"Nguyễn Th\xff Đào", "Nguyễn Th\xef\xbf\xbd Đào", "Nguyễn Th\xef\xbf\xbd Đào"},
        {"Nguyễn Th0225018 Đào", "Nguyễn Th0225018 Đào", "Nguyễn Th0225018 Đào"}, /* half of it is lost */
        {"Nguyễn Thá» Đào", "Nguyễn Thá» Đào", "Nguyễn Thá» Đào"},                /* so is the third byte */
        {"Nguy%E1%BBn Thị Đào", "Nguy%E1%BBn Thị Đào", "Nguy%E1%BBn Thị"},
        {"Nguyễn Th&iacirc; Đào", "Nguyễn Th&iacirc; Đào", "Nguyễn Th&iacirc"},
        {"Nguyễn Thị Đào 2", "Nguyễn Thị Đào 2", "Đào 2"},
        {"Nguyễn Thị §ào", "Nguyễn Thị §ào", "Thị §ào"},
        {"Lê Thị HÃ Giang", "Lê Thị HÃ Giang", "Thị HÃ Giang"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scan_hurt(cases[i].name, ADDRESS);
        is_in_doubt(CARD_NAME, cases[i].text);
        const struct card_field *f = &card.fields[CARD_NAME];
        char *excerpt = arena_copy_n(&arena, f->text + f->from, f->len);
        if (strcmp(excerpt, cases[i].excerpt) != 0)
            fail_msg("%s: %s, not %s", cases[i].name, excerpt, cases[i].excerpt);
        assert_int_equal(card.n_unsure, 1);
    }
}

static void likely_readings_come_from_what_is_known_beside_the_same_words(void **state)
{
    const char *items[] = {"Tổ 3, ấp Vạn Bình, xã Kim Long", "ấp Vĩnh Bình, xã Bình Giã", "ấp Vĩnh Lợi",
                           "ấp Văn Bình Đông"};
    const struct texts known = {items, 3};
    scan_knowing("000191007731|273000925|" NAME REST "Tổ 7, ấp V259 Bình, xã Kim Long, huyện Châu Đức|11052021",
                 &known);
    is_in_doubt(CARD_ADDRESS, "Tổ 7, ấp V259 Bình, xã Kim Long, huyện Châu Đức");
    doubts(CARD_ADDRESS, "ấp V259 Bình");
    struct card_field *f = &card.fields[CARD_ADDRESS];
    assert_int_equal(f->n_readings, 2);
    assert_string_equal(f->readings[0], "ấp Vạn Bình");
    assert_string_equal(f->readings[1], "ấp Vĩnh Bình");
    card_choose(f, CARD_ADDRESS, 0, &known, &arena);
    is_certain(CARD_ADDRESS, ADDRESS);
}

static void likely_readings_come_from_what_is_left_of_the_letter(void **state)
{
    scan_hurt("Nguy7877n Thị Đào", ADDRESS);
    doubts(CARD_NAME, "Nguy7877n Thị");
    assert_int_equal(card.fields[CARD_NAME].n_readings, 1);
    assert_string_equal(card.fields[CARD_NAME].readings[0], "Nguyễn Thị");

    scan_hurt("Lê Thị Má» Đào", ADDRESS); /* a control character was swallowed: one of E1 BB 81 8D 8F 9D */
    doubts(CARD_NAME, "Thị Má» Đào");
    assert_int_equal(card.fields[CARD_NAME].n_readings, 4);
    assert_string_equal(card.fields[CARD_NAME].readings[0], "Thị Mề Đào");

    scan_hurt("Lê Thị HÃ", ADDRESS);
    doubts(CARD_NAME, "Thị HÃ");
    assert_string_equal(card.fields[CARD_NAME].readings[0], "Thị Hà");
}

static void one_doubt_after_the_other_is_settled(void **state)
{
    struct card_field *f = &card.fields[CARD_NAME];
    scan_hurt("Nguy7877n Văn H7843i", ADDRESS);
    card_choose(f, CARD_NAME, 9, NULL, &arena); /* there is none */
    doubts(CARD_NAME, "Nguy7877n Văn");
    card_choose(f, CARD_NAME, 0, NULL, &arena);
    is_in_doubt(CARD_NAME, "Nguyễn Văn H7843i");
    doubts(CARD_NAME, "Văn H7843i");
    card_choose(f, CARD_NAME, 0, NULL, &arena);
    is_certain(CARD_NAME, "Nguyễn Văn Hải");
}

static void a_card_that_was_cut_off_says_which_fields_are_missing(void **state)
{
    scan("000191007731|273000925|" NAME "|0309");
    assert_int_equal(card.n_given, 7);
    is_certain(CARD_NAME, NAME);
    is_in_doubt(CARD_BIRTH, "");
    is_in_doubt(CARD_SEX, "");
    assert_string_equal(card.fields[CARD_SEX].readings[0], "female"); /* the number says so, and no more than that */
    is_in_doubt(CARD_ADDRESS, "");
    is_in_doubt(CARD_ISSUED, "");
    /* The first keys were lost. */
    scan("91007731|273000925|" NAME REST ADDRESS "|11052021");
    is_in_doubt(CARD_NUMBER, "91007731");
    assert_int_equal(card.n_unsure, 1);
}

static void a_card_that_contradicts_itself_is_marked_on_both_sides(void **state)
{
    scan("000191007731|273000925|" NAME "|03091990|Nữ|" ADDRESS "|11052021");
    is_in_doubt(CARD_NUMBER, "000191007731");
    is_in_doubt(CARD_BIRTH, "03/09/1990");
    scan("000191007731|273000925|" NAME "|03091991|Nam|" ADDRESS "|11052021");
    is_in_doubt(CARD_NUMBER, "000191007731");
    is_in_doubt(CARD_SEX, "male");
    assert_string_equal(card.fields[CARD_SEX].readings[0], "female");
    assert_string_equal(card.fields[CARD_SEX].readings[1], "male");
}

static void days_that_there_are_not_and_odd_numbers_are_marked(void **state)
{
    scan("000191007731|27300092|" NAME "|00001991|X|" ADDRESS "|31022021");
    is_in_doubt(CARD_OLD_NUMBER, "27300092");
    is_in_doubt(CARD_BIRTH, "");
    is_in_doubt(CARD_SEX, "");
    is_in_doubt(CARD_ISSUED, "");
    assert_string_equal(card.fields[CARD_ISSUED].raw, "31022021");
    is_certain(CARD_NAME, NAME);
}

/* Found by the fuzzer: what goes into a form is text. */
static void bytes_that_are_no_text_are_no_number(void **state)
{
    scan("000191007731|\x97\x97|" NAME "|03091991|Nữ|" ADDRESS "|11052021");
    is_in_doubt(CARD_OLD_NUMBER, "");
    assert_string_equal(card.fields[CARD_OLD_NUMBER].raw, "\x97\x97");
    scan("000191007731|27300O925|" NAME "|03091991|Nữ|" ADDRESS "|11052021");
    is_in_doubt(CARD_OLD_NUMBER, "27300O925");
    assert_false(card_read("D\xc3"
                           "4013102030405|5068|03/09/1991|2|c3a1|x",
                           40, NULL, &arena, &card));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_whole_card_gives_seven_certain_fields_however_it_ends, leave),
        cmocka_unit_test_teardown(a_card_without_an_old_number_lacks_nothing, leave),
        cmocka_unit_test_teardown(a_health_card_has_its_texts_in_hex, leave),
        cmocka_unit_test_teardown(what_is_no_card_is_none, leave),
        cmocka_unit_test_teardown(bytes_typed_as_four_digits_are_letters_again, leave),
        cmocka_unit_test_teardown(mojibake_is_read_back, leave),
        cmocka_unit_test_teardown(mojibake_of_mojibake_is_read_back_too, leave),
        cmocka_unit_test_teardown(every_name_comes_back_from_mojibake, leave),
        cmocka_unit_test_teardown(entities_of_web_pages_are_letters_again, leave),
        cmocka_unit_test_teardown(percent_escapes_are_letters_again, leave),
        cmocka_unit_test_teardown(decomposed_letters_come_together, leave),
        cmocka_unit_test_teardown(damage_upon_damage_is_undone_in_its_order, leave),
        cmocka_unit_test_teardown(a_sex_that_is_hurt_is_repaired_as_a_name_is, leave),
        cmocka_unit_test_teardown(house_numbers_and_roads_are_not_mended_and_not_marked, leave),
        cmocka_unit_test_teardown(what_cannot_be_read_for_certain_is_marked_and_not_changed, leave),
        cmocka_unit_test_teardown(likely_readings_come_from_what_is_known_beside_the_same_words, leave),
        cmocka_unit_test_teardown(likely_readings_come_from_what_is_left_of_the_letter, leave),
        cmocka_unit_test_teardown(one_doubt_after_the_other_is_settled, leave),
        cmocka_unit_test_teardown(a_card_that_was_cut_off_says_which_fields_are_missing, leave),
        cmocka_unit_test_teardown(a_card_that_contradicts_itself_is_marked_on_both_sides, leave),
        cmocka_unit_test_teardown(days_that_there_are_not_and_odd_numbers_are_marked, leave),
        cmocka_unit_test_teardown(bytes_that_are_no_text_are_no_number, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
