/* handout: a page that grows block by block, and what all that is handed out begins with. What stands on which form: handout_forms.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handout.h"

#include "core/instant.h"
#include "core/text.h"

#include <string.h>

struct handout_block *handout_add(struct handout_page *p, enum handout_block_kind kind)
{
    struct handout *h = p->out;

    if (h->n_blocks == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 24;
        h->blocks = arena_grow(p->arena, h->blocks, h->n_blocks, p->cap, sizeof *h->blocks);
    }
    struct handout_block *b = &h->blocks[h->n_blocks++];
    *b = (struct handout_block){.kind = kind};
    return b;
}

void handout_facts(struct handout_page *p, struct handout_fact left, struct handout_fact right)
{
    struct handout_block *b = handout_add(p, HANDOUT_FACTS);

    b->fact[0] = left;
    b->fact[1] = right;
}

struct handout_block *handout_table(struct handout_page *p, const struct handout_column *columns,
                                    size_t n_columns, size_t n_rows)
{
    struct handout_block *b = handout_add(p, HANDOUT_TABLE);

    b->columns = columns;
    b->n_columns = n_columns;
    b->n_rows = n_rows;
    b->cells = arena_alloc(p->arena, (n_rows * n_columns + 1) * sizeof *b->cells);
    for (size_t i = 0; i < n_rows * n_columns; i++)
        b->cells[i] = "";
    return b;
}

char *handout_money(struct arena *arena, int64_t dong)
{
    char *amount = text_money(arena, dong);
    size_t n = strlen(amount) - strlen("đ");

    return arena_format(arena, "%.*sđồng", (int)n, amount);
}

char *handout_moment(struct arena *arena, int64_t t, int32_t offset)
{
    struct civil c = instant_civil(t, offset);

    if (t == INSTANT_NONE || t == INSTANT_NEVER)
        return arena_copy(arena, HANDOUT_PEN);
    return arena_format(arena, "%d giờ %02d phút, ngày %02d/%02d/%04d", c.hour, c.minute, c.day, c.month, c.year);
}

/* Names of places without what kind of unit they are. */
static const char *place_of(const char *unit)
{
    static const char *const kinds[] = {"Thị trấn ", "Xã ",        "Phường ", "Huyện ",  "Quận ",
                                        "Thị xã ",   "Thành phố ", "Tỉnh ",   "Đặc khu "};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(unit, kinds[i], strlen(kinds[i])) == 0)
            return unit + strlen(kinds[i]);
    return unit;
}

static bool has_committee(const struct unit *u)
{
    static const char *const levels[] = {"province", "district", "commune"};

    for (size_t i = 0; u->level && i < sizeof levels / sizeof *levels; i++)
        if (strcmp(u->level, levels[i]) == 0)
            return true;
    return false;
}

static void pair(struct handout_page *p, const char *left, const char *right)
{
    struct handout_block *b = handout_add(p, HANDOUT_PAIR);

    b->fact[0].value = left;
    b->fact[1].value = right;
}

void handout_head(struct handout_page *p, const struct handout_ask *a, const char *code, const char *title)
{
    struct civil c = instant_civil(a->now, a->offset);
    const char *unit = text_shown(p->arena, a->unit->name);
    const char *large = text_upper(p->arena, unit);

    pair(p, has_committee(a->unit) ? arena_format(p->arena, "UBND %s", large) : large,
         "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    pair(p, "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ", "Độc lập - Tự do - Hạnh phúc");
    handout_add(p, HANDOUT_DATE)->fact[0].value =
        arena_format(p->arena, "%s, ngày %02d tháng %02d năm %04d", place_of(unit), c.day, c.month, c.year);
    if (code)
        handout_add(p, HANDOUT_CODE)->fact[0] =
            (struct handout_fact){.label = "Mã hồ sơ", .value = text_shown(p->arena, code)};
    handout_add(p, HANDOUT_TITLE)->fact[0].value = title;
    if (a->training)
        handout_add(p, HANDOUT_VOID)->fact[0].value = "BẢN TẬP HUẤN - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG";
}

char *handout_file(struct arena *arena, const struct handout *h, const char *extension)
{
    char *name = *h->about ? arena_format(arena, "%s-%.80s", h->file, h->about) : arena_copy(arena, h->file);

    for (char *c = name; *c; c++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", *c))
            *c = '_';
    return arena_format(arena, "%s.%s", name, extension);
}
