/* typing: the word before the cursor as letters, what a key does to them, and where the tone stands.
 * Tone placement and the list of vowels: Quy tắc chính tả tiếng Việt (Hoàng Phê, 1995), both styles of oa, oe, uy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/typing.h"

#include "core/text.h"

#include <string.h>
#include <utf8proc.h>

#define LETTERS 24 /* of a word that are looked at: the longest syllable has 7 */

enum mark { PLAIN, HAT, HORN, BREVE, BAR };
enum tone { LEVEL, GRAVE, HOOK, TILDE, ACUTE, DOT };
struct letter {
    char base; /* a to z */
    bool upper;
    uint8_t mark, tone;
};
struct word {
    struct letter at[LETTERS + 1];
    size_t n;
};
/* The last vowels of a word. `run`: without the u of qu and the i of gi, which `start` has. */
struct vowels {
    size_t start, run, end;
};
/* What a key may do. */
struct work {
    enum { LETTER, TONE, HATTED, HORNED, BARRED } kind;
    enum tone tone;
    const char *on; /* HATTED, HORNED: the letters that it works on; a of HORNED gets the breve */
};

const char *typing_method_name(enum typing_method method)
{
    static const char *const names[TYPING_METHODS] = {"off", "telex", "vni"};
    return names[method];
}

enum typing_method typing_method_parse(const char *name)
{
    for (int i = TYPING_OFF; name && i < TYPING_METHODS; i++)
        if (strcmp(name, typing_method_name((enum typing_method)i)) == 0)
            return (enum typing_method)i;
    return TYPING_OFF;
}

/* ── letters ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const int32_t mark_points[] = {[HAT] = 0x302, [HORN] = 0x31b, [BREVE] = 0x306};
static const int32_t tone_points[] = {
    [GRAVE] = 0x300, [HOOK] = 0x309, [TILDE] = 0x303, [ACUTE] = 0x301, [DOT] = 0x323};

static bool is_ascii_letter(int32_t point)
{
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_vowel(const struct letter *l)
{
    return strchr("aeiouy", l->base) != NULL;
}

static struct letter plain_letter(char c)
{
    return (struct letter){.base = lower(c), .upper = c != lower(c)};
}

static bool take_point(struct letter *l, int32_t point)
{
    for (int i = HAT; i <= BREVE; i++)
        if (point == mark_points[i])
            return (l->mark = (uint8_t)i) != PLAIN;
    for (int i = GRAVE; i <= DOT; i++)
        if (point == tone_points[i])
            return (l->tone = (uint8_t)i) != LEVEL;
    return false;
}

/* false: no letter of the alphabet (nor f, j, w, z). */
static bool letter_of(int32_t point, struct letter *out)
{
    utf8proc_int32_t parts[8];
    if (point == 0x111 || point == 0x110) {
        *out = (struct letter){.base = 'd', .upper = point == 0x110, .mark = BAR};
        return true;
    }
    utf8proc_ssize_t n = utf8proc_decompose_char(point, parts, 8, UTF8PROC_DECOMPOSE, NULL);
    if (n < 1 || n > 8 || !is_ascii_letter(parts[0]))
        return false;
    *out = plain_letter((char)parts[0]);
    for (utf8proc_ssize_t i = 1; i < n; i++)
        if (!is_vowel(out) || !take_point(out, parts[i]))
            return false;
    return true;
}

/* The letters before the end of `text`; where they begin. */
static size_t read_word(const char *text, size_t n, struct word *w)
{
    struct letter letters[LETTERS];
    size_t from = n, count = 0;
    while (from > 0 && count < LETTERS) {
        utf8proc_int32_t point;
        size_t at = from - 1;
        while (at > 0 && from - at < 4 && ((unsigned char)text[at] & 0xc0) == 0x80)
            at--;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(from - at), &point);
        if (step != (utf8proc_ssize_t)(from - at) || !letter_of(point, &letters[count]))
            break;
        from = at;
        count++;
    }
    w->n = count;
    for (size_t i = 0; i < count; i++)
        w->at[i] = letters[count - 1 - i];
    return from;
}

static void add_point(struct buf *out, int32_t point)
{
    utf8proc_uint8_t bytes[4];
    buf_add(out, bytes, (size_t)utf8proc_encode_char(point, bytes));
}

static void write_word(const struct word *w, struct buf *out)
{
    struct buf parts = {0};
    for (size_t i = 0; i < w->n; i++) {
        const struct letter *l = &w->at[i];
        char base = l->upper ? (char)(l->base - 'a' + 'A') : l->base;
        if (l->mark == BAR)
            add_point(&parts, l->upper ? 0x110 : 0x111);
        else
            buf_add(&parts, &base, 1);
        if (l->mark != PLAIN && l->mark != BAR)
            add_point(&parts, mark_points[l->mark]);
        if (l->tone != LEVEL)
            add_point(&parts, tone_points[l->tone]);
    }
    text_nfc(parts.data, parts.len, out);
    buf_clear(&parts);
}

/* ── syllables ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool find_vowels(const struct word *w, struct vowels *v)
{
    v->end = w->n;
    while (v->end > 0 && !is_vowel(&w->at[v->end - 1]))
        v->end--;
    v->start = v->end;
    while (v->start > 0 && is_vowel(&w->at[v->start - 1]))
        v->start--;
    v->run = v->start;
    if (v->end - v->start > 1 && v->start > 0) {
        char before = w->at[v->start - 1].base, first = w->at[v->start].base;
        v->run += (before == 'q' && first == 'u') || (before == 'g' && first == 'i');
    }
    return v->end > 0;
}

/* A letter each: ă A, â @, ê E, ô O, ơ 0, ư U. */
static char vowel_sign(const struct letter *l)
{
    switch (l->mark) {
    case HAT:
        return l->base == 'a' ? '@' : (char)(l->base - 'a' + 'A');
    case HORN:
        return l->base == 'o' ? '0' : 'U';
    case BREVE:
        return 'A';
    default:
        return l->base;
    }
}

static bool is_one_of(const char *const *list, const char *text)
{
    for (; *list; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

/* Vowels that some syllable has. */
static bool vowels_are_known(const struct word *w, const struct vowels *v)
{
    static const char *const known[] = {"a",   "A",   "@",   "e",   "E",   "i",   "o",   "O",   "0",   "u",
                                        "U",   "y",   "ai",  "ao",  "au",  "ay",  "@u",  "@y",  "eo",  "Eu",
                                        "ia",  "iE",  "iu",  "oa",  "oA",  "oe",  "oi",  "oo",  "Oi",  "0i",
                                        "ua",  "u@",  "uE",  "ui",  "uO",  "u0",  "uy",  "Ua",  "Ui",  "U0",
                                        "Uu",  "yE",  "iEu", "oai", "oao", "oay", "oeo", "u@y", "uEu", "uOi",
                                        "uya", "uyE", "uyu", "U0i", "U0u", "yEu", NULL};
    char signs[LETTERS + 1];
    size_t n = 0;
    for (size_t i = v->run; i < v->end; i++)
        signs[n++] = vowel_sign(&w->at[i]);
    signs[n] = '\0';
    return is_one_of(known, signs);
}

static void bases(const struct word *w, size_t from, size_t until, char out[static LETTERS + 1])
{
    size_t n = 0;
    for (size_t i = from; i < until; i++)
        out[n++] = w->at[i].base;
    out[n] = '\0';
}

/* One syllable and nothing before it: then a letter may be marked from behind, as in "dand" or "tieng" and e. */
static bool is_syllable(const struct word *w, const struct vowels *v)
{
    static const char *const initials[] = {"",   "b", "c", "ch", "d",  "g",   "gh", "gi", "h",  "k",
                                           "kh", "l", "m", "n",  "ng", "ngh", "nh", "p",  "ph", "qu",
                                           "r",  "s", "t", "th", "tr", "v",   "x",  NULL};
    static const char *const finals[] = {"", "c", "ch", "k", "m", "n", "ng", "nh", "p", "t", NULL};
    char text[LETTERS + 1];
    bases(w, 0, v->run, text);
    if (!is_one_of(initials, text))
        return false;
    bases(w, v->end, w->n, text);
    return is_one_of(finals, text);
}

static size_t tone_place(const struct word *w, const struct vowels *v, bool new_tones)
{
    size_t n = v->end - v->run;
    for (size_t i = v->end; i > v->run; i--)
        if (w->at[i - 1].mark != PLAIN)
            return i - 1;
    if (n == 1)
        return v->run;
    if (n > 2 || v->end < w->n)
        return v->run + (n > 2 ? n - 2 : 1);
    char first = w->at[v->run].base, second = w->at[v->run + 1].base;
    bool glides = (first == 'o' && (second == 'a' || second == 'e')) || (first == 'u' && second == 'y');
    return v->run + (glides && new_tones);
}

static enum tone tone_of(const struct word *w, const struct vowels *v)
{
    for (size_t i = v->start; i < v->end; i++)
        if (w->at[i].tone != LEVEL)
            return (enum tone)w->at[i].tone;
    return LEVEL;
}

static void set_tone(struct word *w, const struct vowels *v, enum tone tone, bool new_tones)
{
    for (size_t i = v->start; i < v->end; i++)
        w->at[i].tone = LEVEL;
    w->at[tone_place(w, v, new_tones)].tone = tone;
}

/* ── what a key does ─────────────────────────────────────────────────────────────────────────────────────────────── */

static struct work work_of(enum typing_method method, char key)
{
    static const struct keys {
        char key;
        struct work work;
    } telex[] = {{'a', {.kind = HATTED, .on = "a"}},
                 {'e', {.kind = HATTED, .on = "e"}},
                 {'o', {.kind = HATTED, .on = "o"}},
                 {'w', {.kind = HORNED, .on = "uoa"}},
                 {'d', {.kind = BARRED}},
                 {0}},
      vni[] = {{'6', {.kind = HATTED, .on = "aeo"}},
               {'7', {.kind = HORNED, .on = "uo"}},
               {'8', {.kind = HORNED, .on = "a"}},
               {'9', {.kind = BARRED}},
               {0}};
    const char *tones = method == TYPING_TELEX ? "zfrxsj" : "023415"; /* in the order of enum tone */
    const struct keys *k = method == TYPING_TELEX ? telex : vni;
    const char *tone = strchr(tones, lower(key));

    if (tone)
        return (struct work){.kind = TONE, .tone = (enum tone)(tone - tones)};
    while (k->key && k->key != lower(key))
        k++;
    return k->work; /* of the last one: a letter */
}

static enum mark mark_of(const struct work *work, const struct letter *l)
{
    return work->kind == HATTED ? HAT : l->base == 'a' ? BREVE : HORN;
}

static void append(struct word *w, char key)
{
    w->at[w->n++] = plain_letter(key);
}

/* ươ: both of uo, unless nothing follows (thuở, huơ). */
enum pair { NO_PAIR, PAIR_HORNED, PAIR_HAS_HORNS };
static enum pair horn_pair(struct word *w, const struct vowels *v)
{
    for (size_t i = v->run; i + 1 < v->end; i++) {
        struct letter *u = &w->at[i], *o = u + 1;
        if (u->base != 'u' || o->base != 'o')
            continue;
        bool open = i + 2 == w->n;
        if (o->mark == HORN && (open || u->mark == HORN))
            return PAIR_HAS_HORNS;
        if (!open)
            u->mark = HORN;
        o->mark = HORN;
        return PAIR_HORNED;
    }
    return NO_PAIR;
}

/* Marks the last letter that makes vowels which are known; else, where that is allowed, the last one that it works on. */
static bool mark_vowel(struct word *w, const struct vowels *v, const struct work *work, bool anyhow)
{
    size_t last = v->end;
    for (size_t i = v->end; i > v->run; i--) {
        struct letter *l = &w->at[i - 1];
        uint8_t before = l->mark;
        if (!strchr(work->on, l->base) || before == mark_of(work, l))
            continue;
        l->mark = (uint8_t)mark_of(work, l);
        if (vowels_are_known(w, v))
            return true;
        l->mark = before;
        last = last == v->end ? i - 1 : last;
    }
    if (last == v->end || !anyhow)
        return false;
    w->at[last].mark = (uint8_t)mark_of(work, &w->at[last]);
    return true;
}

/* Takes away what the key would give; true: there was some. */
static bool unmark_vowel(struct word *w, const struct vowels *v, const struct work *work)
{
    bool any = false;
    for (size_t i = v->run; i < v->end; i++) {
        struct letter *l = &w->at[i];
        if (l->mark != PLAIN && strchr(work->on, l->base) && l->mark == mark_of(work, l)) {
            l->mark = PLAIN;
            any = true;
        }
    }
    return any;
}

static bool do_marks(struct word *w, const struct typing *t, const struct work *work, char key,
                     enum typing_mood *mood)
{
    struct vowels v;
    bool digit = key >= '0' && key <= '9';
    if (!find_vowels(w, &v)) {
        if (work->kind != HORNED || digit)
            return false;
        append(w, key);
        w->at[w->n - 1].base = 'u';
        w->at[w->n - 1].mark = HORN;
        *mood = TYPING_LONE_W;
        return true;
    }
    bool last = v.end == w->n && strchr(work->on, w->at[w->n - 1].base);
    /* In Telex a, e and o are letters too: from behind they mark in a syllable alone. */
    bool may = digit || last || work->kind == HORNED || is_syllable(w, &v);
    enum pair pair = work->kind == HORNED && strchr(work->on, 'o') ? horn_pair(w, &v) : NO_PAIR;
    if (!may || (pair == NO_PAIR && !mark_vowel(w, &v, work, digit || last)) || pair == PAIR_HAS_HORNS) {
        if (!may || !unmark_vowel(w, &v, work))
            return false;
        append(w, key);
        *mood = TYPING_LITERAL;
        return true;
    }
    set_tone(w, &v, tone_of(w, &v), t->new_tones);
    return true;
}

static bool do_tone(struct word *w, const struct typing *t, const struct work *work, char key,
                    enum typing_mood *mood)
{
    struct vowels v;
    if (!find_vowels(w, &v))
        return false;
    enum tone now = tone_of(w, &v);
    if (work->tone == LEVEL && now == LEVEL)
        return false;
    bool back = work->tone == now;
    set_tone(w, &v, back ? LEVEL : work->tone, t->new_tones);
    if (back) {
        append(w, key);
        *mood = TYPING_LITERAL;
    }
    return true;
}

static bool do_bar(struct word *w, char key, enum typing_mood *mood)
{
    struct vowels v;
    bool digit = key == '9';
    size_t at = w->n;
    if (w->n > 0 && w->at[w->n - 1].base == 'd')
        at = w->n - 1;
    else if (w->n > 0 && w->at[0].base == 'd' && (digit || (find_vowels(w, &v) && is_syllable(w, &v))))
        at = 0;
    if (at == w->n)
        return false;
    bool back = w->at[at].mark == BAR;
    w->at[at].mark = back ? PLAIN : BAR;
    if (back) {
        append(w, key);
        *mood = TYPING_LITERAL;
    }
    return true;
}

/* A letter that is one: it may move the tone, and makes ươ of an uơ. true: it changed more than itself. */
static bool do_letter(struct word *w, const struct typing *t, char key)
{
    struct vowels v, before;
    bool had = find_vowels(w, &before), changed = false;
    append(w, key);
    if (!had || !find_vowels(w, &v) || v.start != before.start)
        return false;
    for (size_t i = v.run; i + 2 < w->n && i + 1 < v.end; i++)
        if (w->at[i].base == 'u' && w->at[i].mark == PLAIN && w->at[i + 1].base == 'o' &&
            w->at[i + 1].mark == HORN) {
            w->at[i].mark = HORN;
            changed = true;
        }
    enum tone tone = tone_of(w, &v);
    if (tone == LEVEL || w->at[tone_place(w, &v, t->new_tones)].tone == tone)
        return changed;
    set_tone(w, &v, tone, t->new_tones);
    return true;
}

static bool do_work(struct word *w, const struct typing *t, char key, enum typing_mood *mood)
{
    struct work work = work_of(t->method, key);
    switch (work.kind) {
    case TONE:
        return do_tone(w, t, &work, key, mood);
    case HATTED:
    case HORNED:
        return do_marks(w, t, &work, key, mood);
    case BARRED:
        return do_bar(w, key, mood);
    default:
        return false;
    }
}

bool typing_key(const struct typing *t, const char *text, size_t n, char key, enum typing_mood *mood,
                size_t *from, struct buf *out)
{
    struct word w = {0}, asis;
    enum typing_mood before = *mood;
    bool letter = is_ascii_letter(key), digit = key >= '0' && key <= '9';
    if (before == TYPING_LITERAL && (letter || digit))
        return false;
    *mood = TYPING_FRESH;
    if (t->method == TYPING_OFF || (!letter && !digit))
        return false;
    *from = read_word(text, n, &w);
    if (w.n == LETTERS)
        return false;
    if (before == TYPING_LONE_W && lower(key) == 'w' && w.n > 0) { /* ww: a w after all */
        w.at[w.n - 1] = plain_letter(w.at[w.n - 1].upper ? 'W' : 'w');
        *mood = TYPING_LITERAL;
    } else {
        asis = w;
        if (!do_work(&w, t, key, mood)) {
            w = asis;
            if (!letter || !do_letter(&w, t, key))
                return false;
        }
    }
    write_word(&w, out);
    return true;
}
