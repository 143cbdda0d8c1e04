/* fold: what search and sorting compare by: text without tones, initials, and the order of Vietnamese names.
 * It refuses to show anything: what it makes is compared, never drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include <string.h>
#include <utf8proc.h>

#define NOT_UTF8 0xfffd

/* The next code point, NOT_UTF8 for a byte that is none; returns its bytes, 0 at the end. */
static size_t next_point(const char *text, size_t len, int32_t *cp)
{
    const unsigned char *bytes = (const unsigned char *)text;

    if (len == 0)
        return 0;
    if (bytes[0] < 0x80) {
        *cp = bytes[0];
        return 1;
    }
    utf8proc_ssize_t n = utf8proc_iterate(bytes, (utf8proc_ssize_t)len, cp);
    if (n > 0)
        return (size_t)n;
    *cp = NOT_UTF8;
    return 1;
}

static void add_point(struct buf *out, int32_t cp)
{
    unsigned char bytes[4];

    buf_add(out, bytes, (size_t)utf8proc_encode_char(cp, bytes));
}

/* --- folding --------------------------------------------------------------------------------------------------- */

/* U+00C0 to U+00FF; '.': not a letter with a mark. Ð is here as the Đ that TCVN3 and VNI converters make of it. */
static const char latin1[] = "aaaaaa.ceeeeiiiidnooooo..uuuuy.."
                             "aaaaaa.ceeeeiiiidnooooo..uuuuy.y";

/* The ASCII letter under one of ours; 0: not ours. */
static char our_base(int32_t cp)
{
    if (cp < 0xc0)
        return 0;
    if (cp < 0x100)
        return latin1[cp - 0xc0] == '.' ? 0 : latin1[cp - 0xc0];
    if (cp >= 0x1ea0 && cp < 0x1efa)
        return cp < 0x1eb8   ? 'a'
               : cp < 0x1ec8 ? 'e'
               : cp < 0x1ecc ? 'i'
               : cp < 0x1ee4 ? 'o'
               : cp < 0x1ef2 ? 'u'
                             : 'y';
    switch (cp) {
    case 0x102: /* Ă ă */
    case 0x103:
        return 'a';
    case 0x110: /* Đ đ */
    case 0x111:
        return 'd';
    case 0x128: /* Ĩ ĩ */
    case 0x129:
        return 'i';
    case 0x168: /* Ũ ũ */
    case 0x169:
        return 'u';
    case 0x1a0: /* Ơ ơ */
    case 0x1a1:
        return 'o';
    case 0x1af: /* Ư ư */
    case 0x1b0:
        return 'u';
    default:
        return 0;
    }
}

static bool is_latin_mark(int32_t cp)
{
    return cp >= 0x300 && cp < 0x370;
}

static char ascii_lower(int32_t cp)
{
    return (char)(cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp);
}

/* Marks go before the case does, so that composed and decomposed text fold alike: U+0345 folds to a letter. */
static void fold_rest(int32_t cp, struct buf *out)
{
    const int strip = UTF8PROC_DECOMPOSE | UTF8PROC_STABLE | UTF8PROC_STRIPMARK;
    int32_t bare[8], folded[8]; /* the longest of either has 4 */

    utf8proc_ssize_t n = utf8proc_decompose_char(cp, bare, 8, strip, NULL);
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        utf8proc_ssize_t m = utf8proc_decompose_char(bare[i], folded, 8, strip | UTF8PROC_CASEFOLD, NULL);
        for (utf8proc_ssize_t k = 0; k < m; k++)
            add_point(out, folded[k]);
    }
}

void text_fold(const char *text, size_t len, struct buf *out)
{
    char run[64]; /* what the table made: one buf_add for a whole name */
    size_t ran = 0;
    int32_t cp;

    for (size_t i = 0, n; (n = next_point(text + i, len - i, &cp)) > 0; i += n) {
        char base = cp < 0x80 ? ascii_lower(cp) : our_base(cp);
        bool ours = cp < 0x80 || base || is_latin_mark(cp);
        if (ran == sizeof run || !ours) {
            buf_add(out, run, ran);
            ran = 0;
        }
        if (!ours)
            fold_rest(cp, out);
        else if (!is_latin_mark(cp))
            run[ran++] = base;
    }
    buf_add(out, run, ran);
}

char *text_folded(struct arena *arena, const char *text)
{
    struct buf out = {0};

    text_fold(text, strlen(text), &out);
    char *copy = arena_copy_n(arena, out.data ? out.data : "", out.len);
    buf_wipe(&out);
    return copy;
}

bool text_has_words(const char *text, const char *query)
{
    size_t len = strlen(text);

    for (size_t n; *query; query += n + (query[n] == ' ')) {
        n = strcspn(query, " ");
        if (n && !memmem(text, len, query, n))
            return false;
    }
    return true;
}

static void in_case(const char *text, size_t len, utf8proc_int32_t (*to)(utf8proc_int32_t), struct buf *out)
{
    struct buf cased = {0};
    int32_t cp;

    for (size_t i = 0, n; (n = next_point(text + i, len - i, &cp)) > 0; i += n)
        add_point(&cased, to(cp));
    if (cased.len)
        text_nfc(cased.data, cased.len, out); /* it is UTF-8: made above */
    buf_wipe(&cased);
}

void text_lower(const char *text, size_t len, struct buf *out)
{
    in_case(text, len, utf8proc_tolower, out);
}

char *text_upper(struct arena *arena, const char *shown)
{
    struct buf upper = {0};

    in_case(shown, strlen(shown), utf8proc_toupper, &upper);
    char *out = arena_copy(arena, upper.data ? upper.data : "");
    buf_wipe(&upper);
    return out;
}

/* --- words ----------------------------------------------------------------------------------------------------- */

struct word {
    const char *at;
    size_t len;
};

static bool is_space(int32_t cp)
{
    return cp <= ' ' || cp == 0xa0 || (cp >= 0x1680 && utf8proc_category(cp) == UTF8PROC_CATEGORY_ZS);
}

/* Takes the next word off the front of `rest`; false: there is none. */
static bool next_word(struct word *rest, struct word *word)
{
    size_t n;
    int32_t cp;

    while ((n = next_point(rest->at, rest->len, &cp)) > 0 && is_space(cp)) {
        rest->at += n;
        rest->len -= n;
    }
    *word = (struct word){.at = rest->at};
    while ((n = next_point(rest->at, rest->len, &cp)) > 0 && !is_space(cp)) {
        rest->at += n;
        rest->len -= n;
        word->len += n;
    }
    return word->len > 0;
}

void text_initials(const char *name, struct buf *out)
{
    struct word rest = {name, strlen(name)}, word;

    while (next_word(&rest, &word))
        text_fold(word.at, text_letter(word.at, word.len), out);
}

/* --- the order of names ---------------------------------------------------------------------------------------- */

/* Bytes of a key, in their order: tones after the letters of their word, so that Hà stands between Ha and Hạ and before
 * Han; then signs, digits, letters, and what is none of these as its UTF-8. */
enum {
    KEY_TONE = 0x02, /* + enum tone */
    KEY_SIGN = 0x08,
    KEY_DIGIT = 0x10,
    KEY_LETTER = 0x20, /* + place in the alphabet */
};
enum tone { TONE_LEVEL, TONE_HUYEN, TONE_HOI, TONE_NGA, TONE_SAC, TONE_NANG };

#define TONES_KEPT 8 /* a Vietnamese word has one; a foreign one may have more */

/* aăâbcdđeêfghijklmnoôơpqrstuưvwxyz: the place of the plain letter; its forms follow it. */
static const unsigned char places[] = {
    ['a' - 'a'] = 0,  ['b' - 'a'] = 3,  ['c' - 'a'] = 4,  ['d' - 'a'] = 5,  ['e' - 'a'] = 7,
    ['f' - 'a'] = 9,  ['g' - 'a'] = 10, ['h' - 'a'] = 11, ['i' - 'a'] = 12, ['j' - 'a'] = 13,
    ['k' - 'a'] = 14, ['l' - 'a'] = 15, ['m' - 'a'] = 16, ['n' - 'a'] = 17, ['o' - 'a'] = 18,
    ['p' - 'a'] = 21, ['q' - 'a'] = 22, ['r' - 'a'] = 23, ['s' - 'a'] = 24, ['t' - 'a'] = 25,
    ['u' - 'a'] = 26, ['v' - 'a'] = 28, ['w' - 'a'] = 29, ['x' - 'a'] = 30, ['y' - 'a'] = 31,
    ['z' - 'a'] = 32,
};

/* A word on its way into a key. */
struct key_word {
    char last; /* the letter that a mark would change; 0: none */
    unsigned char tones[TONES_KEPT];
    int n_tones;
};

static void add_tone(struct key_word *word, enum tone tone)
{
    if (word->n_tones < TONES_KEPT)
        word->tones[word->n_tones++] = (unsigned char)(KEY_TONE + tone);
}

/* â ê ô; ă; ơ ư: how far after the plain letter; 0: no such letter. */
static int form_of(char letter, int32_t mark)
{
    switch (mark) {
    case 0x302: /* circumflex */
        return letter == 'a' ? 2 : letter == 'e' || letter == 'o' ? 1 : 0;
    case 0x306: /* breve */
        return letter == 'a' ? 1 : 0;
    case 0x31b: /* horn */
        return letter == 'o' ? 2 : letter == 'u' ? 1 : 0;
    default:
        return 0;
    }
}

static void key_mark(struct key_word *word, int32_t mark, struct buf *out)
{
    switch (mark) {
    case 0x300:
        add_tone(word, TONE_HUYEN);
        break;
    case 0x309:
        add_tone(word, TONE_HOI);
        break;
    case 0x303:
        add_tone(word, TONE_NGA);
        break;
    case 0x301:
        add_tone(word, TONE_SAC);
        break;
    case 0x323:
        add_tone(word, TONE_NANG);
        break;
    default:
        if (word->last) {
            int form = form_of(word->last, mark);
            out->data[out->len - 1] = (char)(out->data[out->len - 1] + form);
            word->last = form ? 0 : word->last;
        }
    }
}

static void key_point(struct key_word *word, int32_t cp, struct buf *out)
{
    bool d_bar = cp == 0x111 || cp == 0xf0;
    char lower = ascii_lower(cp);

    if (is_latin_mark(cp)) {
        key_mark(word, cp, out);
        return;
    }
    word->last = 0;
    if (d_bar) {
        buf_char(out, (char)(KEY_LETTER + places['d' - 'a'] + 1));
    } else if (cp >= 0x80) {
        add_point(out, cp);
    } else if (lower >= 'a' && lower <= 'z') {
        word->last = lower;
        buf_char(out, (char)(KEY_LETTER + places[lower - 'a']));
    } else if (cp >= '0' && cp <= '9') {
        buf_char(out, (char)(KEY_DIGIT + (cp - '0')));
    } else {
        buf_char(out, KEY_SIGN);
    }
}

static void key_of_word(struct word text, struct buf *out)
{
    struct key_word word = {0};
    int32_t cp, parts[32];

    for (size_t i = 0, n; (n = next_point(text.at + i, text.len - i, &cp)) > 0; i += n) {
        utf8proc_ssize_t count = 1;
        parts[0] = cp;
        if (cp >= 0x80)
            count = utf8proc_decompose_char(cp, parts, 32,
                                            UTF8PROC_DECOMPOSE | UTF8PROC_STABLE | UTF8PROC_CASEFOLD, NULL);
        for (utf8proc_ssize_t k = 0; k < count; k++)
            key_point(&word, parts[k], out);
    }
    if (word.n_tones == 0)
        add_tone(&word, TONE_LEVEL);
    buf_add(out, word.tones, (size_t)word.n_tones);
}

void text_name_key(const char *name, struct buf *out)
{
    const struct word all = {name, strlen(name)};
    struct word rest = all, word, given = {0};

    while (next_word(&rest, &word))
        given = word;
    if (given.len)
        key_of_word(given, out);
    for (rest = all; next_word(&rest, &word) && word.at != given.at;)
        key_of_word(word, out);
}
