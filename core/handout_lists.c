/* handout_lists: what is kept by the day: the register of dossiers (a form of the circulars), what is handed over inside, what was collected.
 * One row a dossier, or a fee. It refuses to choose: who asks has chosen the dossiers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handout.h"

#include "core/instant.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

static const char *procedure_of(const struct handout_list_ask *a, const struct dossier *d, struct arena *arena)
{
    return text_shown(arena, a->procedure_name(a->head->context, d->procedure));
}

static const char *text_of(struct arena *arena, const char *data)
{
    return data ? text_shown(arena, data) : "";
}

static void make_register(struct handout_page *p, const struct handout_list_ask *a)
{
    static const struct handout_column columns[] = {
        {"TT", 3, true, false},           {"Mã hồ sơ", 25, false, false}, {"Người nộp", 20, false, false},
        {"Thủ tục", 22, false, false},    {"Số bộ", 5, true, false},      {"Điện thoại", 10, false, true},
        {"Nhận lúc", 16, false, false},   {"Hẹn trả", 16, false, false},  {"Trả lúc", 16, false, false},
        {"Người nhận", 14, false, false},
    };
    int32_t offset = a->head->offset;
    const char **cell = handout_table(p, columns, sizeof columns / sizeof *columns, a->n)->cells;

    for (size_t i = 0; i < a->n; i++) {
        const struct dossier *d = a->dossiers[i];
        *cell++ = arena_format(p->arena, "%zu", i + 1);
        *cell++ = text_of(p->arena, d->code);
        *cell++ = text_of(p->arena, d->applicant->name);
        *cell++ = procedure_of(a, d, p->arena);
        *cell++ = arena_format(p->arena, "%lld", (long long)d->sets);
        *cell++ = text_of(p->arena, d->applicant->phone);
        *cell++ = word_when(p->arena, d->received_at, offset);
        *cell++ = word_when(p->arena, d->due_at, offset);
        *cell++ = word_when(p->arena, d->returned_at, offset);
        *cell++ = text_of(p->arena, d->returned_to);
    }
}

static void make_handover(struct handout_page *p, const struct handout_list_ask *a)
{
    static const struct handout_column columns[] = {
        {"TT", 3, true, false},        {"Mã hồ sơ", 25, false, false}, {"Người nộp", 20, false, false},
        {"Thủ tục", 22, false, false}, {"Hẹn trả", 16, false, false},  {"Giao cho", 16, false, false},
        {"Ký nhận", 12, false, false},
    };
    const char **cell = handout_table(p, columns, sizeof columns / sizeof *columns, a->n)->cells;

    for (size_t i = 0; i < a->n; i++) {
        const struct dossier *d = a->dossiers[i];
        *cell++ = arena_format(p->arena, "%zu", i + 1);
        *cell++ = text_of(p->arena, d->code);
        *cell++ = text_of(p->arena, d->applicant->name);
        *cell++ = procedure_of(a, d, p->arena);
        *cell++ = word_when(p->arena, d->due_at, a->head->offset);
        *cell++ = d->assignee ? text_shown(p->arena, a->head->name_of(a->head->context, d->assignee)) : "";
        *cell++ = "";
    }
    struct handout_block *b = handout_add(p, HANDOUT_SIGNATURES);
    b->fact[0] = (struct handout_fact){
        .label = "BÊN GIAO", .value = a->head->officer ? text_shown(p->arena, a->head->officer->name) : ""};
    b->fact[1] = (struct handout_fact){.label = "BÊN NHẬN", .value = ""};
}

static bool is_taken(const struct handout_list_ask *a, const struct fee *fee)
{
    return fee->paid > 0 && fee->paid_at != INSTANT_NONE && fee->paid_at >= a->from && fee->paid_at < a->until;
}

static size_t count_taken(const struct handout_list_ask *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < a->dossiers[i]->n_fees; j++)
            n += is_taken(a, &a->dossiers[i]->fees[j]);
    return n;
}

static const char *method_words(struct arena *arena, const char *method)
{
    static const char *const words[][2] = {
        {"cash", "tiền mặt"}, {"transfer", "chuyển khoản"}, {"card", "thẻ"}, {"online", "trực tuyến"}};

    for (size_t i = 0; method && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], method) == 0)
            return words[i][1];
    return method ? text_shown(arena, method) : "không ghi";
}

/* What each method brought, and all of it. */
static void add_sums(struct handout_page *p, const struct handout_list_ask *a)
{
    static const char *const methods[] = {"cash", "transfer", "card", "online", NULL};
    int64_t all = 0;

    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        int64_t sum = 0;
        for (size_t i = 0; i < a->n; i++)
            for (size_t j = 0; j < a->dossiers[i]->n_fees; j++) {
                const struct fee *fee = &a->dossiers[i]->fees[j];
                size_t which = 0;
                while (methods[which] && (!fee->method || strcmp(methods[which], fee->method) != 0))
                    which++;
                sum += is_taken(a, fee) && which == m ? fee->paid : 0;
            }
        if (sum > 0)
            handout_facts(p,
                          (struct handout_fact){
                              .label = arena_format(p->arena, "Cộng %s",
                                                    methods[m] ? method_words(p->arena, methods[m]) : "cách khác"),
                              .value = handout_money(p->arena, sum)},
                          (struct handout_fact){0});
        all += sum;
    }
    handout_facts(p, (struct handout_fact){.label = "Tổng cộng", .value = handout_money(p->arena, all)},
                  (struct handout_fact){.label = "Bằng chữ", .value = word_dong(p->arena, all)});
}

static void make_takings(struct handout_page *p, const struct handout_list_ask *a)
{
    static const struct handout_column columns[] = {
        {"TT", 3, true, false},          {"Mã hồ sơ", 25, false, false}, {"Người nộp", 20, false, false},
        {"Khoản thu", 24, false, false}, {"Số tiền", 12, true, false},   {"Cách nộp", 12, false, false},
        {"Biên lai", 12, false, false},  {"Lúc", 16, false, false},
    };
    const char **cell = handout_table(p, columns, sizeof columns / sizeof *columns, count_taken(a))->cells;

    for (size_t i = 0, row = 1; i < a->n; i++)
        for (size_t j = 0; j < a->dossiers[i]->n_fees; j++) {
            const struct dossier *d = a->dossiers[i];
            const struct fee *fee = &d->fees[j];
            if (!is_taken(a, fee))
                continue;
            *cell++ = arena_format(p->arena, "%zu", row++);
            *cell++ = text_of(p->arena, d->code);
            *cell++ = text_of(p->arena, d->applicant->name);
            *cell++ = text_of(p->arena, fee->name);
            *cell++ = text_money(p->arena, fee->paid);
            *cell++ = method_words(p->arena, fee->method);
            *cell++ = text_of(p->arena, fee->receipt);
            *cell++ = word_when(p->arena, fee->paid_at, a->head->offset);
        }
    add_sums(p, a);
}

void handout_make_list(const struct handout_list_ask *a, enum handout_list list, struct arena *arena,
                       struct handout *out)
{
    static const struct {
        const char *name, *file, *title;
        void (*make)(struct handout_page *, const struct handout_list_ask *);
    } lists[] = {
        [HANDOUT_REGISTER] = {"Sổ theo dõi hồ sơ", "so-theo-doi", "SỔ THEO DÕI HỒ SƠ", make_register},
        [HANDOUT_HANDOVER] = {"Danh sách bàn giao", "ban-giao", "DANH SÁCH BÀN GIAO HỒ SƠ", make_handover},
        [HANDOUT_TAKINGS] = {"Sổ thu trong ngày", "so-thu", "SỔ THU PHÍ, LỆ PHÍ TRONG NGÀY", make_takings},
    };
    struct handout_page p = {.arena = arena, .out = out};
    int32_t first = instant_day(a->from, a->head->offset), last = instant_day(a->until - 1, a->head->offset);
    char day[DAY_TEXT];

    day_format(last, day);
    *out = (struct handout){.name = lists[list].name,
                            .form = list == HANDOUT_REGISTER ? handout_register_form(arena, last) : NULL,
                            .file = lists[list].file,
                            .about = arena_copy(arena, day),
                            .a4 = true,
                            .landscape = true};
    handout_head(&p, a->head, NULL, lists[list].title);
    handout_facts(&p,
                  (struct handout_fact){.label = first == last ? "Ngày" : "Từ ngày",
                                        .value = first == last ? word_day(arena, first)
                                                               : arena_format(arena, "%s đến ngày %s",
                                                                              word_day(arena, first),
                                                                              word_day(arena, last))},
                  (struct handout_fact){0});
    if (a->cut)
        handout_add(&p, HANDOUT_TEXT)->fact[0].value = "Danh sách chỉ có những hồ sơ mới nhất; còn hồ sơ cũ hơn.";
    lists[list].make(&p, a);
}
