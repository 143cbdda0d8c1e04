/* The card reader: whatever a scanner types, each field is text in NFC, what is in doubt lies within it between letters, and every reading can
 * be chosen until there is none left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/card.h"
#include "core/entry.h"
#include "core/text.h"

#include <string.h>

static const char *const items[] = {"ấp Vạn Bình, xã Kim Long", "ấp Vĩnh Bình", "Nguyễn Thị Đào"};

static void check_text(const char *text)
{
    struct buf nfc = {0};
    size_t n = strlen(text);

    CHECK(n == 0 || text_nfc(text, n, &nfc));
    CHECK(nfc.len == n && (n == 0 || memcmp(nfc.data, text, n) == 0));
    buf_clear(&nfc);
}

static void check_field(const struct card_field *f)
{
    size_t n = strlen(f->text);

    check_text(f->text);
    CHECK(f->given || (!f->unsure && n == 0 && *f->raw == '\0'));
    CHECK(f->unsure || f->n_readings == 0);
    CHECK(f->n_readings <= CARD_READINGS);
    CHECK(f->from <= n && f->len <= n - f->from);
    CHECK((f->text[f->from] & 0xc0) != 0x80 && (f->text[f->from + f->len] & 0xc0) != 0x80);
    for (size_t i = 0; i < f->n_readings; i++)
        check_text(f->readings[i]);
}

static void check_choices(struct card_field *f, enum card_part part, const struct texts *known, struct arena *arena)
{
    for (int i = 0; i < 8 && f->n_readings > 0; i++) {
        card_choose(f, part, (size_t)i % f->n_readings, known, arena);
        check_field(f);
    }
}

static void check_entry(const char *text)
{
    char phone[ENTRY_PHONE], shown[ENTRY_DAY];
    int32_t day, again;

    if (entry_phone(text, phone))
        CHECK(*phone == '0' && strlen(phone) >= 10 && strspn(phone, "0123456789") == strlen(phone));
    if (!entry_day(text, &day))
        return;
    entry_day_format(day, shown);
    CHECK(entry_day(shown, &again) && again == day);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct texts known = {(const char **)items, sizeof items / sizeof *items};
    struct arena arena = {0};
    struct card card;
    size_t given = 0, unsure = 0;
    char *burst = mem_copy_n((const char *)bytes, size);

    check_entry(burst);
    CHECK(card_read(burst, size, &known, &arena, &card) == (card.kind != CARD_NONE));
    for (enum card_part part = 0; part < CARD_PARTS; part++) {
        given += card.fields[part].given;
        unsure += card.fields[part].unsure;
        check_field(&card.fields[part]);
        check_choices(&card.fields[part], part, &known, &arena);
    }
    CHECK(given == card.n_given && unsure == card.n_unsure);
    arena_clear(&arena);
    mem_free(&burst);
    return 0;
}
