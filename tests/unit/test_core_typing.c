/* Telex and VNI: what an officer gets from plain keys, and m17n's own Vietnamese methods as the oracle over every syllable.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/typing.h"

#include "core/text.h"
#include "tests/harness.h"

#include <m17n.h>
#include <stdlib.h>
#include <string.h>

/* ── keys into a field ───────────────────────────────────────────────────────────────────────────────────────────── */

static const struct typing telex = {.method = TYPING_TELEX}, vni = {.method = TYPING_VNI};
static const struct typing telex_new = {.method = TYPING_TELEX, .new_tones = true};

/* What the keys make of an empty field. */
static const char *typed(const struct typing *t, const char *keys)
{
    static struct buf text;
    enum typing_mood mood = TYPING_FRESH;

    buf_clear(&text);
    buf_text(&text, "");
    for (; *keys; keys++) {
        struct buf word = {0};
        size_t from;
        if (typing_key(t, text.data, text.len, *keys, &mood, &from, &word)) {
            text.len = from;
            buf_add(&text, word.data, word.len);
        } else {
            buf_add(&text, keys, 1);
        }
        buf_clear(&word);
    }
    return text.data;
}

struct example {
    const char *keys, *text;
};

static void become(const struct typing *t, const struct example *examples)
{
    for (; examples->keys; examples++)
        assert_string_equal(typed(t, examples->keys), examples->text);
}

static void telex_makes_letters_and_tones(void **state)
{
    become(&telex, (const struct example[]){{"aa aw ee oo ow uw dd", "â ă ê ô ơ ư đ"},
                                            {"as af ar ax aj", "á à ả ã ạ"},
                                            {"AAs DDOONG", "Ấ ĐÔNG"},
                                            {"tw w W wng", "tư ư Ư ưng"},
                                            {"tieengs Vieetj", "tiếng Việt"},
                                            {"tieesng Vieejt", "tiếng Việt"},
                                            {"asz asf", "a à"},
                                            {"nguow uow", "nguơ uơ"},
                                            {NULL, NULL}});
}

static void vni_makes_letters_and_tones(void **state)
{
    become(&vni, (const struct example[]){{"a6 a8 e6 o6 o7 u7 d9", "â ă ê ô ơ ư đ"},
                                          {"a1 a2 a3 a4 a5 a10", "á à ả ã ạ a"},
                                          {"tie6ng1 Vie65t D9O6NG", "tiếng Việt ĐÔNG"},
                                          {"Nguye64n Thi5 D9a2o", "Nguyễn Thị Đào"},
                                          {"so6 123, 45 A B7", "sô 123, 45 A B7"},
                                          {NULL, NULL}});
}

static void a_letter_can_be_marked_from_the_end_of_its_syllable(void **state)
{
    become(&telex, (const struct example[]){{"tienges", "tiếng"},
                                            {"dand", "đan"},
                                            {"nguoiwf dduowcj", "người được"},
                                            {"huwowng huongw", "hương hương"},
                                            {"cana caua", "cân câu"},
                                            {"muaw muwa hoawcj", "mưa mưa hoặc"},
                                            {"thuowr thuowng huowu", "thuở thương hươu"},
                                            {"ngoeo khoer oao", "ngoeo khỏe oao"},
                                            {NULL, NULL}});
    become(&vni,
           (const struct example[]){
               {"nguoi72 d9uoc75", "người được"}, {"dan9 can6", "đan cân"}, {"hoac85", "hoặc"}, {NULL, NULL}});
}

static void a_tone_stands_where_it_belongs_and_moves_as_letters_come(void **state)
{
    become(&telex, (const struct example[]){{"hoaf hoafn hoafi", "hòa hoàn hoài"},
                                            {"thuys quys gif giaf", "thúy quý gì già"},
                                            {"quaf cuar muaf", "quà của mùa"},
                                            {"khuyur khuyar ngoeor", "khuỷu khuỷa ngoẻo"},
                                            {"xoafi xoas xoast", "xoài xóa xoát"},
                                            {"giuwax giuawx gieengs", "giữa giữa giếng"},
                                            {"huynhf", "huỳnh"},
                                            {NULL, NULL}});
    become(&telex_new, (const struct example[]){
                           {"hoaf hoaf. khoer thuys quys muaf", "hoà hoà. khoẻ thuý quý mùa"}, {NULL, NULL}});
}

static void a_key_that_is_repeated_is_a_letter_again(void **state)
{
    become(&telex, (const struct example[]){{"aaa booong ddd", "aa boong dd"},
                                            {"ass boss Alexx", "as bos Alex"},
                                            {"ww tww Www", "w tw Ww"},
                                            {"uoww oww aww", "uow ow aw"},
                                            {"boss hoaf", "bos hòa"}, /* the next word is fresh */
                                            {NULL, NULL}});
    become(&vni, (const struct example[]){{"a11 A66 d99 a1111", "a1 A6 d9 a111"}, {NULL, NULL}});
}

static void names_of_people_and_places_can_be_spelt(void **state)
{
    become(&telex, (const struct example[]){{"Ngaxi Giao, Chaau DDuwcs", "Ngãi Giao, Châu Đức"},
                                            {"Baf Rija - Vungx Tauf", "Bà Rịa - Vũng Tàu"},
                                            {"DDawks Lawks, Kroong Pawcs", "Đắk Lắk, Krông Pắc"},
                                            {"Huyfnh Thij Caamr Loan", "Huỳnh Thị Cẩm Loan"},
                                            {"Thachj Sa Raay, Kieeuf Vawn DDatj", "Thạch Sa Rây, Kiều Văn Đạt"},
                                            {"Nguyeenx Thij Thuys Hoaf", "Nguyễn Thị Thúy Hòa"},
                                            {"Y Bih Eeban, H'Nhan Ksorr", "Y Bih Êban, H'Nhan Ksor"},
                                            {"Quachs Uyeen Thuwr", "Quách Uyên Thử"},
                                            {NULL, NULL}});
}

static void what_is_no_letter_or_is_off_stays(void **state)
{
    struct typing off = {.method = TYPING_OFF};

    become(&off, (const struct example[]){{"tieengs", "tieengs"}, {NULL, NULL}});
    become(&telex, (const struct example[]){{"s f r x j z", "s f r x j z"},
                                            {"012, 3/4 (x)", "012, 3/4 (x)"},
                                            {"mc s.1", "mc s.1"},
                                            {NULL, NULL}});
}

static void a_method_is_known_by_its_name(void **state)
{
    for (int i = TYPING_OFF; i < TYPING_METHODS; i++)
        assert_int_equal(typing_method_parse(typing_method_name((enum typing_method)i)), i);
    assert_int_equal(typing_method_parse(NULL), TYPING_OFF);
    assert_int_equal(typing_method_parse("viqr"), TYPING_OFF);
}

/* ── m17n ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct oracle {
    MInputMethod *method;
    MInputContext *context;
    MText *made;
};

static void oracle_open(struct oracle *o, const char *name, bool new_tones)
{
    M17N_INIT();
    o->method = minput_open_im(msymbol("vi"), msymbol(name), NULL);
    assert_non_null(o->method); /* package m17n-db */
    MPlist *value = mplist_add(mplist(), Minteger, (void *)(intptr_t)new_tones);
    assert_int_equal(minput_config_variable(msymbol("vi"), msymbol(name), msymbol("tone-mark-on-last"), value),
                     0);
    m17n_object_unref(value);
    o->context = minput_create_ic(o->method, NULL);
    o->made = mtext();
}

static void oracle_close(struct oracle *o)
{
    m17n_object_unref(o->made);
    minput_destroy_ic(o->context);
    minput_close_im(o->method);
    M17N_FINI();
}

static void oracle_key(struct oracle *o, MSymbol key)
{
    if (minput_filter(o->context, key, NULL) == 0 && minput_lookup(o->context, key, NULL, o->made) != 0 &&
        key != Mnil)
        mtext_cat_char(o->made, *msymbol_name(key)); /* what it does not know is inserted as it is */
}

static void oracle_type(struct oracle *o, const char *keys, char *out, size_t cap)
{
    minput_reset_ic(o->context);
    mtext_del(o->made, 0, mtext_len(o->made));
    for (const char *k = keys; *k; k++)
        oracle_key(o, msymbol((const char[]){*k, '\0'}));
    oracle_key(o, Mnil);
    struct buf nfc = {0};
    unsigned char bytes[256];
    int n = mconv_encode_buffer(Mcoding_utf_8, o->made, bytes, sizeof bytes);
    assert_true(n >= 0 && text_nfc((const char *)bytes, (size_t)n, &nfc) && nfc.len < cap);
    memcpy(out, nfc.data, nfc.len);
    out[nfc.len] = '\0';
    buf_clear(&nfc);
}

static const char *const initials[] = {"",   "b",  "c", "ch", "dd", "d",  "g",   "gh", "gi", "h",
                                       "k",  "kh", "l", "m",  "n",  "ng", "ngh", "nh", "p",  "ph",
                                       "qu", "r",  "s", "t",  "th", "tr", "v",   "x"};
/* As they are keyed in Telex. Those that end in c, ch, p, t bear two tones, the others six. */
static const char *const rhymes[] = {
    "a",      "ai",    "ao",    "au",    "ay",    "am",   "an",   "ang",   "anh",   "ap",    "at",    "ac",
    "ach",    "awm",   "awn",   "awng",  "awp",   "awt",  "awc",  "aau",   "aay",   "aam",   "aan",   "aang",
    "aap",    "aat",   "aac",   "e",     "eo",    "em",   "en",   "eng",   "ep",    "et",    "ec",    "ee",
    "eeu",    "eem",   "een",   "eenh",  "eep",   "eet",  "eech", "i",     "ia",    "iu",    "im",    "in",
    "inh",    "ip",    "it",    "ich",   "ieeu",  "ieem", "ieen", "ieeng", "ieep",  "ieet",  "ieec",  "o",
    "oi",     "om",    "on",    "ong",   "op",    "ot",   "oc",   "oa",    "oai",   "oay",   "oan",   "oang",
    "oanh",   "oat",   "oac",   "oach",  "oam",   "oao",  "oawn", "oawng", "oawt",  "oawc",  "oawm",  "oe",
    "oen",    "oeo",   "oet",   "oo",    "ooi",   "oom",  "oon",  "oong",  "oop",   "oot",   "ooc",   "ow",
    "owi",    "owm",   "own",   "owp",   "owt",   "u",    "ua",   "ui",    "um",    "un",    "ung",   "up",
    "ut",     "uc",    "uaan",  "uaang", "uaat",  "uaay", "uee",  "ueenh", "ueech", "uoo",   "uooi",  "uoom",
    "uoon",   "uoong", "uoot",  "uooc",  "uow",   "uy",   "uya",  "uynh",  "uyt",   "uych",  "uyu",   "uyeen",
    "uyeet",  "uw",    "uwa",   "uwi",   "uwu",   "uwng", "uwt",  "uwc",   "uwm",   "uwowi", "uwowm", "uwown",
    "uwowng", "uwowp", "uwowt", "uwowc", "uwowu", "y",    "yeeu", "yeem",  "yeen",  "yeeng", "yeet"};

/* What stands before the rhyme would make another syllable of it, which has its own spelling. */
static bool go_together(const char *initial, const char *rhyme)
{
    if (strcmp(initial, "qu") == 0)
        return strchr("aey", rhyme[0]) || strncmp(rhyme, "ow", 2) == 0;
    if (strcmp(initial, "gi") == 0)
        return !strchr("iy", rhyme[0]);
    return true;
}

/* The same syllable keyed in VNI. */
static void to_vni(const char *keys, char *out)
{
    for (; *keys; keys++) {
        if (keys[0] == keys[1] && strchr("aeo", *keys))
            *out++ = *keys++, *out++ = '6';
        else if (keys[0] == 'd' && keys[1] == 'd')
            *out++ = *keys++, *out++ = '9';
        else if (keys[1] == 'w')
            *out++ = *keys, *out++ = *keys++ == 'a' ? '8' : '7';
        else
            *out++ = *keys;
    }
    *out = '\0';
}

struct comparison {
    const struct typing *typing;
    struct oracle oracle;
    long n;
};

/* What m17n spells otherwise, and why ours stands. */
static bool is_explained(const char *keys)
{
    /* The i of gi and two vowels more are three to m17n (gi-oa-n: giòan); gi is the consonant here, as in every dictionary: giò, gioàn. */
    return strncmp(keys, "gio", 3) == 0 || strncmp(keys, "giu", 3) == 0;
}

static void compare(struct comparison *c, const char *keys)
{
    char theirs[64];

    oracle_type(&c->oracle, keys, theirs, sizeof theirs);
    const char *ours = typed(c->typing, keys);
    if (strcmp(ours, theirs) != 0 && !is_explained(keys))
        fail_at(HERE, "%s: %s, and m17n says %s", keys, ours, theirs);
    c->n++;
}

static void compare_syllable(struct comparison *c, const char *initial, const char *rhyme)
{
    bool is_telex = c->typing->method == TYPING_TELEX;
    const char *tones = is_telex ? "\0fsrxj" : "\00021345";
    size_t last = strlen(rhyme) - 1;
    bool stop = strchr("cpt", rhyme[last]) || (rhyme[last] == 'h' && rhyme[last - 1] == 'c');
    char keys[32], marked[32];

    snprintf(keys, sizeof keys, "%s%s", initial, rhyme);
    for (int tone = 0; tone < 6; tone++) {
        if (stop && tone != 2 && tone != 5)
            continue;
        if (is_telex)
            snprintf(marked, sizeof marked, "%s", keys);
        else
            to_vni(keys, marked);
        size_t n = strlen(marked);
        marked[n] = tones[tone];
        marked[n + 1] = '\0';
        compare(c, marked);
    }
}

static void compare_all(const struct typing *t, const char *name)
{
    struct comparison c = {.typing = t};

    oracle_open(&c.oracle, name, t->new_tones);
    for (size_t i = 0; i < sizeof initials / sizeof *initials; i++)
        for (size_t r = 0; r < sizeof rhymes / sizeof *rhymes; r++)
            if (go_together(initials[i], rhymes[r]))
                compare_syllable(&c, initials[i], rhymes[r]);
    assert_true(c.n > 15000);
    oracle_close(&c.oracle);
}

static void telex_agrees_with_m17n_on_every_syllable(void **state)
{
    compare_all(&telex, "telex");
    compare_all(&telex_new, "telex");
}

static void vni_agrees_with_m17n_on_every_syllable(void **state)
{
    struct typing vni_new = {.method = TYPING_VNI, .new_tones = true};

    compare_all(&vni, "vni");
    compare_all(&vni_new, "vni");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telex_makes_letters_and_tones),
        cmocka_unit_test(vni_makes_letters_and_tones),
        cmocka_unit_test(a_letter_can_be_marked_from_the_end_of_its_syllable),
        cmocka_unit_test(a_tone_stands_where_it_belongs_and_moves_as_letters_come),
        cmocka_unit_test(a_key_that_is_repeated_is_a_letter_again),
        cmocka_unit_test(names_of_people_and_places_can_be_spelt),
        cmocka_unit_test(what_is_no_letter_or_is_off_stays),
        cmocka_unit_test(a_method_is_known_by_its_name),
        cmocka_unit_test(telex_agrees_with_m17n_on_every_syllable),
        cmocka_unit_test(vni_agrees_with_m17n_on_every_syllable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
