/* input: bytes and time → keys. It never guesses: a sequence that it does not know yields nothing, since it may be an answer of the
 * terminal; what came without gaps outside a field is one text, since it may be a scanner.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/key.h"

#include "core/mem.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESC_MS       25   /* a lone Esc is not the start of a sequence after so long */
#define GAP_MS       30   /* between two keys that a person pressed */
#define BURST        8    /* printable letters without a gap: a text */
#define PASTE_MS     2000 /* a paste whose end was lost ends so long after its last byte */
#define SEQUENCE_MAX 4096 /* an answer of the terminal that never ends is given up */

struct sequence {
    char bytes[16];
    struct key key;
};
struct input {
    struct buf pending;
    size_t taken;    /* of it, from its start */
    size_t wiped;    /* of what was taken */
    size_t settled;  /* so many of the bytes left were followed by a gap */
    int64_t last_ms; /* when the newest byte came */
    bool pasting;
    struct sequence *map; /* terminfo's */
    size_t n_map;
};

static const struct {
    char final; /* CSI … final, or SS3 final */
    enum key_name name;
} finals[] = {{'A', KEY_NAME_UP},     {'B', KEY_NAME_DOWN},     {'C', KEY_NAME_RIGHT},
              {'D', KEY_NAME_LEFT},   {'H', KEY_NAME_HOME},     {'F', KEY_NAME_END},
              {'P', KEY_NAME_F1},     {'Q', KEY_NAME_F1 + 1},   {'R', KEY_NAME_F1 + 2},
              {'S', KEY_NAME_F1 + 3}, {'Z', KEY_NAME_SHIFT_TAB}};

static const struct {
    int number; /* CSI number ~ (xterm, PuTTY, rxvt, Linux console) */
    enum key_name name;
} tildes[] = {{1, KEY_NAME_HOME},    {2, KEY_NAME_INSERT},  {3, KEY_NAME_DELETE},   {4, KEY_NAME_END},
              {5, KEY_NAME_PGUP},    {6, KEY_NAME_PGDN},    {7, KEY_NAME_HOME},     {8, KEY_NAME_END},
              {11, KEY_NAME_F1},     {12, KEY_NAME_F1 + 1}, {13, KEY_NAME_F1 + 2},  {14, KEY_NAME_F1 + 3},
              {15, KEY_NAME_F1 + 4}, {17, KEY_NAME_F1 + 5}, {18, KEY_NAME_F1 + 6},  {19, KEY_NAME_F1 + 7},
              {20, KEY_NAME_F1 + 8}, {21, KEY_NAME_F1 + 9}, {23, KEY_NAME_F1 + 10}, {24, KEY_NAME_F12}};

struct input *input_new(void)
{
    return mem_alloc(sizeof(struct input));
}

void input_free(struct input **in)
{
    if (!*in)
        return;
    buf_wipe(&(*in)->pending);
    free((*in)->map);
    free(*in);
    *in = NULL;
}

void input_map(struct input *in, const char *sequence, enum key_name name, bool ctrl, bool alt)
{
    struct sequence s = {.key = {.name = name, .ctrl = ctrl, .alt = alt}};

    if (sequence[0] != '\033' || !sequence[1] || strlen(sequence) >= sizeof s.bytes)
        return; /* single bytes mean the same everywhere */
    memcpy(s.bytes, sequence, strlen(sequence));
    in->map = mem_grow(in->map, in->n_map + 1, sizeof *in->map);
    in->map[in->n_map++] = s;
}

static char *bytes_of(const struct input *in)
{
    return in->pending.data + in->taken;
}

static size_t left(const struct input *in)
{
    return in->pending.len - in->taken;
}

void input_feed(struct input *in, const void *bytes, size_t n, int64_t now_ms)
{
    if (left(in) && now_ms - in->last_ms >= GAP_MS)
        in->settled = left(in);
    if (in->taken) {
        memmove(in->pending.data, bytes_of(in), left(in));
        in->pending.len = left(in);
        in->taken = in->wiped = 0;
    }
    buf_add(&in->pending, bytes, n);
    in->last_ms = now_ms;
}

static void consume(struct input *in, size_t n)
{
    in->taken += n;
    in->settled -= n < in->settled ? n : in->settled;
}

/* Answers `next` with "not yet": ask again when `since` + `ms` has come. */
static bool later(const struct input *in, int64_t ms, int64_t now_ms, int *wait_ms)
{
    int64_t due = in->last_ms + ms - now_ms;

    *wait_ms = due > 0 ? (int)due : 0;
    return false;
}

static bool over(const struct input *in, int64_t ms, int64_t now_ms)
{
    return now_ms - in->last_ms >= ms;
}

/* ── sequences ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum scan { SCAN_KEY, SCAN_NOTHING, SCAN_MORE, SCAN_PASTE };

static void modify(struct key *key, int modifier)
{
    if (modifier < 2 || modifier > 16)
        return;
    modifier--;
    key->alt = (modifier & 2) != 0;
    key->ctrl = (modifier & 4) != 0;
    if ((modifier & 1) && key->name == KEY_NAME_TAB)
        key->name = KEY_NAME_SHIFT_TAB;
}

static enum scan csi_key(const char *body, size_t len, struct key *key)
{
    int number = 0, modifier = 0;
    char final = body[len - 1];

    if (len > 1 && (body[0] < '0' || body[0] > '9') && body[0] != '[')
        return SCAN_NOTHING; /* private parameters: an answer */
    if (body[0] == '[') {    /* Linux console: ESC [ [ A … E are F1 … F5 */
        if (len != 2 || final < 'A' || final > 'E')
            return SCAN_NOTHING;
        key->name = (enum key_name)(KEY_NAME_F1 + (final - 'A'));
        return SCAN_KEY;
    }
    char end[2] = "";
    int n = len > 1 && len < 12 ? sscanf(body, "%d;%d%1[A-Za-z~^$@]", &number, &modifier, end) : 0;
    if (n < 2)
        modifier = 0;
    if (n == 1 && strspn(body, "0123456789") != len - 1)
        return SCAN_NOTHING;
    if (final == '~' && number == 200)
        return SCAN_PASTE;
    if (final == '~' || final == '^' || final == '$' || final == '@') {
        for (size_t i = 0; i < sizeof tildes / sizeof *tildes; i++)
            if (tildes[i].number == number && n >= 1) {
                key->name = tildes[i].name;
                key->ctrl = final == '^'; /* rxvt */
                modify(key, modifier);
                return SCAN_KEY;
            }
        return SCAN_NOTHING;
    }
    if (len > 1 && (number != 1 || final == 'R'))
        return SCAN_NOTHING; /* a cursor report, not a cursor key */
    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++)
        if (finals[i].final == final && (len > 1 || final < 'P' || final == 'Z')) {
            if (len == 1 && final >= 'P' && final <= 'S')
                return SCAN_NOTHING;
            key->name = finals[i].name;
            modify(key, modifier);
            return SCAN_KEY;
        }
    return SCAN_NOTHING;
}

/* ESC [ … : parameters 0x30-0x3F, intermediates 0x20-0x2F, one final 0x40-0x7E. */
static enum scan scan_csi(const char *at, size_t len, struct key *key, size_t *used)
{
    size_t i = 2;

    if (len > 2 && at[2] == '[') { /* Linux console's odd one */
        if (len < 4)
            return SCAN_MORE;
        *used = 4;
        return csi_key(at + 2, 2, key);
    }
    if (len > 2 && at[2] == 'M') { /* the mouse as X10 tells it, to whoever had it on before us: three bytes follow */
        *used = 6;
        return len < 6 ? SCAN_MORE : SCAN_NOTHING;
    }
    while (i < len && at[i] >= 0x20 && at[i] <= 0x3f)
        i++;
    if (i == len)
        return len > SEQUENCE_MAX ? (*used = len, SCAN_NOTHING) : SCAN_MORE;
    /* rxvt ends shifted keys with `$`, which is an intermediate to everybody else. */
    if (at[i] < 0x40 || at[i] > 0x7e) {
        *used = i;
        if (i > 3 && at[i - 1] == '$')
            return csi_key(at + 2, i - 2, key);
        return SCAN_NOTHING;
    }
    *used = i + 1;
    return csi_key(at + 2, i - 1, key);
}

/* OSC, DCS, APC, PM: up to BEL or ST; answers of the terminal, all of them. */
static enum scan scan_string(const char *at, size_t len, size_t *used)
{
    for (size_t i = 2; i < len; i++) {
        if (at[i] == '\a') {
            *used = i + 1;
            return SCAN_NOTHING;
        }
        if (at[i] == '\033') {
            if (i + 1 == len)
                return SCAN_MORE;
            *used = at[i + 1] == '\\' ? i + 2 : i;
            return SCAN_NOTHING;
        }
    }
    *used = len;
    return len > SEQUENCE_MAX ? SCAN_NOTHING : SCAN_MORE;
}

/* The letter that begins at `at`, in NFC: its bytes there; 0: more has to come; -1: it is none. */
static int letter_of(const char *at, size_t len, char out[static 14])
{
    unsigned char first = (unsigned char)at[0];
    size_t n = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    struct buf nfc = {0};

    if (len < n)
        return 0;
    bool good = text_nfc(at, n, &nfc) && nfc.len > 0 && nfc.len < 14;
    if (good && (unsigned char)nfc.data[0] == 0xc2 && (unsigned char)nfc.data[1] < 0xa0)
        good = false; /* C1 */
    if (good)
        memcpy(out, nfc.data, nfc.len + 1);
    buf_clear(&nfc);
    return good ? (int)n : -1;
}

static enum scan scan_map(const struct input *in, const char *at, size_t len, struct key *key, size_t *used)
{
    bool more = false;

    for (size_t i = 0; i < in->n_map; i++) {
        size_t n = strlen(in->map[i].bytes);
        if (len >= n && memcmp(at, in->map[i].bytes, n) == 0) {
            *key = in->map[i].key;
            *used = n;
            return SCAN_KEY;
        }
        more = more || memcmp(at, in->map[i].bytes, len < n ? len : n) == 0;
    }
    return more ? SCAN_MORE : SCAN_NOTHING;
}

static enum scan scan_escape(const struct input *in, const char *at, size_t len, struct key *key, size_t *used)
{
    enum scan known = scan_map(in, at, len, key, used);

    if (known == SCAN_KEY || len < 2)
        return known == SCAN_KEY ? known : SCAN_MORE;
    if (at[1] == '[')
        return scan_csi(at, len, key, used);
    if (at[1] == ']' || at[1] == 'P' || at[1] == '_' || at[1] == '^')
        return scan_string(at, len, used);
    if (at[1] == 'O') { /* SS3: keypad and F1-F4 */
        if (len < 3)
            return SCAN_MORE;
        *used = 3;
        for (size_t i = 0; i < sizeof finals / sizeof *finals; i++)
            if (finals[i].final == at[2]) {
                key->name = finals[i].name;
                return SCAN_KEY;
            }
        if (at[2] == 'M')
            key->name = KEY_NAME_ENTER;
        return key->name ? SCAN_KEY : SCAN_NOTHING;
    }
    if (at[1] == '\033' && len > 2 &&
        (at[2] == '[' || at[2] == 'O')) { /* Alt and a key, where the terminal knows no better */
        enum scan scan = scan_escape(in, at + 1, len - 1, key, used);
        *used += 1;
        key->alt = true;
        return scan;
    }
    if (at[1] == '\033' && len == 2)
        return SCAN_MORE;
    if ((at[1] >= 0 && at[1] <= ' ') || at[1] == 0x7f) { /* Esc pressed, then something else */
        key->name = KEY_NAME_ESC;
        *used = 1;
        return SCAN_KEY;
    }
    *key = (struct key){.name = KEY_NAME_CHAR, .alt = true};
    int n = letter_of(at + 1, len - 1, key->letter);
    *used = n > 0 ? 1 + (size_t)n : 2;
    return n > 0 ? SCAN_KEY : n == 0 ? SCAN_MORE : SCAN_NOTHING;
}

/* ── single bytes and letters ───────────────────────────────────────────────────────────────────────────────────────── */

static bool control_key(unsigned char byte, struct key *key)
{
    switch (byte) {
    case '\r':
    case '\n':
        key->name = KEY_NAME_ENTER;
        return true;
    case '\t':
        key->name = KEY_NAME_TAB;
        return true;
    case 0x08:
    case 0x7f: /* Windows typing tools and terminals disagree: both erase */
        key->name = KEY_NAME_BACKSPACE;
        return true;
    default:
        if (byte == 0 || byte > 0x1a)
            return false;
        *key = (struct key){.name = KEY_NAME_CHAR, .ctrl = true, .letter = {(char)(byte - 1 + 'A')}};
        return true;
    }
}

static bool printable(unsigned char byte)
{
    return byte >= 0x20 && byte != 0x7f;
}

/* The bytes from the start that came without a gap and hold nothing but letters, CR, LF and Tab; *letters counts the letters. */
static size_t run_length(const struct input *in, size_t *letters)
{
    size_t end = in->settled ? in->settled : left(in), at = 0;

    *letters = 0;
    while (at < end) {
        unsigned char byte = (unsigned char)bytes_of(in)[at];
        if (!printable(byte) && byte != '\r' && byte != '\n' && byte != '\t')
            break;
        *letters += printable(byte) && (byte & 0xc0) != 0x80;
        at++;
    }
    return at;
}

static void text_key(const char *bytes, size_t n, bool pasted, struct key *out)
{
    struct buf text = {0};

    *out = (struct key){.pasted = pasted};
    if (!text_nfc(bytes, n, &text)) { /* not UTF-8: shown as marks rather than lost */
        buf_clear(&text);
        text_display(bytes, n, TEXT_LINES, &text);
    }
    out->text = text.data ? buf_take(&text) : mem_copy("");
}

/* An 8-letter run outside a field is one text. 0: not a text (now); -1: wait. */
static int burst(struct input *in, int64_t now_ms, struct key *out, int *wait_ms)
{
    size_t letters, n = run_length(in, &letters);
    bool open = n == left(in) && !in->settled; /* more of it may still come */

    if (letters == 0)
        return 0;
    if (open && !over(in, GAP_MS, now_ms)) {
        later(in, GAP_MS, now_ms, wait_ms);
        return -1;
    }
    if (letters < BURST)
        return 0;
    size_t kept = n;
    while (kept > 0 && !printable((unsigned char)bytes_of(in)[kept - 1]))
        kept--;
    text_key(bytes_of(in), kept, false, out);
    consume(in, n);
    return 1;
}

static bool letter_key(struct input *in, int64_t now_ms, struct key *out, int *wait_ms, bool *dropped)
{
    struct key key = {.name = bytes_of(in)[0] == ' ' ? KEY_NAME_SPACE : KEY_NAME_CHAR};
    int n = letter_of(bytes_of(in), left(in), key.letter);

    if (n == 0 && !in->settled && !over(in, ESC_MS, now_ms))
        return later(in, ESC_MS, now_ms, wait_ms);
    consume(in, n > 0 ? (size_t)n : 1);
    *dropped = n <= 0; /* a broken byte, or a control one */
    if (n > 0)
        *out = key;
    return n > 0;
}

/* Everything up to an end mark after which nothing came for a gap: an end mark inside a text ends nothing. */
static bool paste_next(struct input *in, int64_t now_ms, struct key *out, int *wait_ms)
{
    static const char end[] = "\033[201~";
    size_t n = sizeof end - 1, len = left(in);
    bool ended = len >= n && memcmp(bytes_of(in) + len - n, end, n) == 0;

    if (!over(in, ended ? GAP_MS : PASTE_MS, now_ms) && !in->settled)
        return later(in, ended ? GAP_MS : PASTE_MS, now_ms, wait_ms);
    if (in->settled && in->settled < len) { /* the gap came after an end mark, or inside a slow paste */
        len = in->settled;
        ended = len >= n && memcmp(bytes_of(in) + len - n, end, n) == 0;
        if (!ended) {
            in->settled = 0;
            return paste_next(in, now_ms, out, wait_ms);
        }
    }
    text_key(bytes_of(in), ended ? len - n : len, true, out);
    consume(in, len);
    in->pasting = false;
    return true;
}

/* A sequence from its Esc on. false: no key (yet); *more says that it was not the last word. */
static bool escape_key(struct input *in, int64_t now_ms, struct key *out, int *wait_ms, bool *more)
{
    size_t len = in->settled ? in->settled : left(in), used = 0;
    enum scan scan = scan_escape(in, bytes_of(in), len, out, &used);

    *more = true;
    if (scan == SCAN_MORE) {
        if (!in->settled && !over(in, ESC_MS, now_ms)) {
            *more = false;
            *out = (struct key){0};
            return later(in, ESC_MS, now_ms, wait_ms);
        }
        bool alone = len == 1 || bytes_of(in)[1] == '\033'; /* Esc, or Esc twice */
        scan = alone ? SCAN_KEY : SCAN_NOTHING;
        used = alone ? 1 : len;
        *out = (struct key){.name = alone ? KEY_NAME_ESC : KEY_NAME_NONE};
    }
    consume(in, used ? used : 1);
    in->pasting = scan == SCAN_PASTE;
    if (scan == SCAN_KEY)
        return true;
    *out = (struct key){0};
    return false;
}

bool input_next(struct input *in, bool typing, int64_t now_ms, struct key *out, int *wait_ms)
{
    *out = (struct key){0};
    *wait_ms = -1;
    if (in->taken > in->wiped) /* it may have been a PIN */
        mem_wipe(in->pending.data + in->wiped, in->taken - in->wiped);
    in->wiped = in->taken;
    while (left(in) > 0) {
        bool more = true;
        unsigned char first = (unsigned char)bytes_of(in)[0];
        if (in->pasting)
            return paste_next(in, now_ms, out, wait_ms);
        if (first == '\033') {
            if (escape_key(in, now_ms, out, wait_ms, &more) || !more)
                return out->name != KEY_NAME_NONE;
            continue;
        }
        if (!typing) {
            int text = burst(in, now_ms, out, wait_ms);
            if (text != 0)
                return text > 0;
        }
        if (!printable(first)) {
            consume(in, 1);
            if (control_key(first, out))
                return true;
            continue;
        }
        bool dropped = false;
        if (letter_key(in, now_ms, out, wait_ms, &dropped) || !dropped)
            return out->name != KEY_NAME_NONE;
    }
    return false;
}
