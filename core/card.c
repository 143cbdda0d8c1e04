/* card: see card.h: a burst split into its fields, and what each says. It refuses to take what contradicts the rest unmarked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card_inside.h"

#include "core/entry.h"
#include "core/instant.h"
#include "core/text.h"

#include <string.h>

#define SPLIT_MOST 32 /* newer cards have a dozen */

struct piece {
    const char *at;
    size_t n;
};
struct burst {
    struct piece pieces[SPLIT_MOST];
    size_t n;
    const struct texts *known;
    struct arena *arena;
};

/* ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct card_field *give(struct burst *b, struct card *card, enum card_part part, size_t i)
{
    struct card_field *f = &card->fields[part];
    *f = (struct card_field){.given = true, .unsure = i >= b->n, .raw = "", .text = ""};
    if (i < b->n)
        f->raw = arena_copy_n(b->arena, b->pieces[i].at, b->pieces[i].n);
    return f;
}

static void doubt_all(struct card_field *f)
{
    f->unsure = true;
    f->from = f->len = 0;
}

/* What was typed in a number's place, to be looked at; bytes that are no text nobody can look at. */
static const char *odd_number(const char *raw, size_t n, struct arena *arena)
{
    struct buf nfc = {0};
    const char *text = n > 0 && text_nfc(raw, n, &nfc) ? arena_copy_n(arena, nfc.data, nfc.len) : "";

    buf_wipe(&nfc);
    return text;
}

static void take_digits(struct burst *b, struct card *card, enum card_part part, size_t i)
{
    struct card_field *f = give(b, card, part, i);
    size_t n = strlen(f->raw);

    bool good = strspn(f->raw, "0123456789") == n && (n == 9 || n == 12 || (n == 0 && part == CARD_OLD_NUMBER));
    if (part == CARD_NUMBER)
        good = good && n == 12;
    f->text = good ? f->raw : odd_number(f->raw, n, b->arena);
    f->unsure = f->unsure || !good;
}

static void take_text(struct burst *b, struct card *card, enum card_part part, size_t i, const char *raw)
{
    struct card_field *f = give(b, card, part, i);

    raw = raw ? raw : f->raw;
    f->text = card_mend(raw, strlen(raw), b->arena);
    card_doubt(f, part, b->known, b->arena);
    if (*f->text == '\0')
        doubt_all(f);
}

/* A day without its slashes, or with them; a year alone is no day, and nothing is made of it. */
static void take_day(struct burst *b, struct card *card, enum card_part part, size_t i)
{
    struct card_field *f = give(b, card, part, i);
    char text[ENTRY_DAY];
    int32_t day;

    if (!entry_day(f->raw, &day)) {
        doubt_all(f);
        return;
    }
    entry_day_format(day, text);
    f->text = arena_copy(b->arena, text);
}

static void take_sex(struct burst *b, struct card *card, size_t i, bool numbers)
{
    struct card_field *f = give(b, card, CARD_SEX, i);
    const char *word = card_mend(f->raw, strlen(f->raw), b->arena);

    if (numbers ? strcmp(word, "1") == 0 : strcasecmp(word, "nam") == 0)
        f->text = "male";
    else if (numbers ? strcmp(word, "2") == 0
                     : strcmp(word, "Nữ") == 0 || strcmp(word, "nữ") == 0 || strcmp(word, "NỮ") == 0)
        f->text = "female";
    else
        doubt_all(f);
}

/* Where a card contradicts itself, both are looked at: which one is right, nobody can say from here. */
static void compare(struct card *card)
{
    struct id_number says;
    struct card_field *number = &card->fields[CARD_NUMBER], *sex = &card->fields[CARD_SEX];
    struct card_field *birth = &card->fields[CARD_BIRTH];
    int32_t day;

    if (!id_number_read(number->text, &says))
        return;
    if (entry_day(birth->text, &day) && day_civil(day).year != says.year)
        birth->unsure = number->unsure = true;
    if (*sex->text && strcmp(sex->text, says.sex) != 0)
        sex->unsure = number->unsure = true;
    if (sex->unsure) {
        sex->readings[sex->n_readings++] = says.sex;
        if (*sex->text && strcmp(sex->text, says.sex) != 0)
            sex->readings[sex->n_readings++] = sex->text;
    }
}

/* ── the two kinds ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool all_digits(const struct piece *p, size_t n)
{
    size_t digits = 0;
    while (digits < p->n && card_is_digit(p->at[digits]))
        digits++;
    return digits == p->n && p->n == n;
}

/* A number of 12 digits and at least a name behind it; or the number is hurt, and a day of birth stands where it has to. */
static bool is_citizen(const struct burst *b)
{
    if (b->n >= 3 && all_digits(&b->pieces[0], 12) && (b->pieces[1].n == 0 || card_is_digit(b->pieces[1].at[0])))
        return true;
    return b->n >= 7 && b->pieces[0].n > 0 && card_is_digit(b->pieces[0].at[0]) &&
           all_digits(&b->pieces[3], 8) && b->pieces[4].n > 0 && !card_is_digit(b->pieces[4].at[0]);
}

static void read_citizen(struct burst *b, struct card *card)
{
    card->kind = CARD_CITIZEN;
    take_digits(b, card, CARD_NUMBER, 0);
    take_digits(b, card, CARD_OLD_NUMBER, 1);
    take_text(b, card, CARD_NAME, 2, NULL);
    take_day(b, card, CARD_BIRTH, 3);
    take_sex(b, card, 4, false);
    take_text(b, card, CARD_ADDRESS, 5, NULL);
    take_day(b, card, CARD_ISSUED, 6);
    compare(card);
}

/* Bytes in hex; NULL: it is none. */
static char *unhex(const struct piece *p, struct arena *arena)
{
    static const char all[] = "0123456789abcdef0123456789ABCDEF";
    char *out = arena_alloc(arena, p->n / 2 + 1);

    if (p->n % 2 != 0 || p->n == 0)
        return NULL;
    for (size_t i = 0; i < p->n; i++) {
        const char *digit = p->at[i] ? strchr(all, p->at[i]) : NULL;
        if (!digit)
            return NULL;
        out[i / 2] = (char)((unsigned char)out[i / 2] << 4 | (unsigned)((digit - all) % 16));
    }
    return memchr(out, '\0', p->n / 2) ? NULL : out;
}

static bool is_latin(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The insurance number, ten digits, or the card's, two letters and thirteen digits, in front of a name in hex. */
static bool is_health(const struct burst *b)
{
    if (b->n < 5 || !unhex(&b->pieces[1], b->arena))
        return false;
    struct piece number = b->pieces[0];
    if (number.n == 15 && is_latin(number.at[0]) && is_latin(number.at[1])) {
        number.at += 2;
        number.n -= 2;
        return all_digits(&number, 13);
    }
    return all_digits(&number, 10);
}

static void take_hex(struct burst *b, struct card *card, enum card_part part, size_t i)
{
    const char *raw = unhex(&b->pieces[i], b->arena);
    if (raw)
        take_text(b, card, part, i, raw);
    else
        doubt_all(give(b, card, part, i));
}

static void read_health(struct burst *b, struct card *card)
{
    card->kind = CARD_HEALTH;
    struct card_field *number = give(b, card, CARD_INSURANCE, 0);
    number->text = number->raw;
    take_hex(b, card, CARD_NAME, 1);
    take_day(b, card, CARD_BIRTH, 2);
    take_sex(b, card, 3, true);
    take_hex(b, card, CARD_ADDRESS, 4);
}

/* ── the burst ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void split(struct burst *b, const char *text, size_t n)
{
    const char *end = text + n;
    b->n = 0;
    while (b->n < SPLIT_MOST) {
        const char *bar = memchr(text, '|', (size_t)(end - text));
        b->pieces[b->n++] = (struct piece){text, (size_t)((bar ? bar : end) - text)};
        if (!bar)
            return;
        text = bar + 1;
    }
}

/* Without the key at its end, blanks, and what scanners say of the kind of code ("]Q1"). */
static struct piece trim(const char *burst, size_t n)
{
    while (n > 0 && (unsigned char)burst[n - 1] <= ' ')
        n--;
    while (n > 0 && (unsigned char)*burst <= ' ') {
        burst++;
        n--;
    }
    if (n > 3 && memcmp(burst, "]Q", 2) == 0) {
        burst += 3;
        n -= 3;
    }
    return (struct piece){burst, n};
}

/* Its bars are escaped, too: all of it came through a web form, where a blank is a plus. */
static struct piece unescape(struct piece all, struct arena *arena)
{
    char *text = arena_copy_n(arena, all.at, all.n);
    if (!memchr(all.at, ' ', all.n) && strstr(text, "%7"))
        for (char *plus = text; (plus = strchr(plus, '+')); plus++)
            *plus = ' ';
    text = card_mend_ascii(text, strlen(text), arena);
    return (struct piece){text, strlen(text)};
}

bool card_read(const char *burst, size_t n, const struct texts *known, struct arena *arena, struct card *out)
{
    struct burst b = {.known = known, .arena = arena};
    struct piece all = trim(burst, n);

    *out = (struct card){.kind = CARD_NONE};
    for (size_t i = 0; i < CARD_PARTS; i++)
        out->fields[i].raw = out->fields[i].text = "";
    if (all.n > CARD_MOST || memchr(all.at, '\0', all.n))
        return false;
    if (!memchr(all.at, '|', all.n))
        all = unescape(all, arena);
    split(&b, all.at, all.n);
    if (is_citizen(&b))
        read_citizen(&b, out);
    else if (is_health(&b))
        read_health(&b, out);
    for (size_t i = 0; i < CARD_PARTS; i++) {
        out->n_given += out->fields[i].given;
        out->n_unsure += out->fields[i].unsure;
    }
    return out->kind != CARD_NONE;
}

void card_choose(struct card_field *f, enum card_part part, size_t reading, const struct texts *known,
                 struct arena *arena)
{
    if (reading >= f->n_readings)
        return;
    bool part_of_it = f->len > 0;
    f->text = arena_format(arena, "%.*s%s%s", part_of_it ? (int)f->from : 0, f->text, f->readings[reading],
                           part_of_it ? f->text + f->from + f->len : "");
    f->unsure = false;
    f->from = f->len = f->n_readings = 0;
    if (part == CARD_NAME || part == CARD_ADDRESS)
        card_doubt(f, part, known, arena);
}
