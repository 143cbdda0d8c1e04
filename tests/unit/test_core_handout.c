/* A table for a spreadsheet is as RFC 4180 has it and computes nothing; what was collected is summed by how it was paid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handout.h"
#include "core/instant.h"
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

static const struct unit town = {.id = "A", .name = "Xã A", .level = "commune"};

static const char *name_of(void *context, const char *id)
{
    return id;
}

/* One dossier with these fees, and this applicant. */
static void make(struct arena *arena, enum handout_list list, const char *applicant, struct fee *fees,
                 size_t n, struct handout *out)
{
    static struct applicant who;
    static struct dossier d;
    const struct dossier *dossiers[] = {&d};
    struct handout_ask head = {.unit = &town, .name_of = name_of, .now = 1672281720, .offset = 7 * 3600};

    who = (struct applicant){.kind = "person", .name = applicant, .phone = "0106110611"};
    d = (struct dossier){.id = "d",
                         .code = "H06-0014",
                         .procedure = "tt1",
                         .applicant = &who,
                         .unit = "A",
                         .status = "received",
                         .received_at = head.now,
                         .due_at = INSTANT_NONE,
                         .returned_at = INSTANT_NONE,
                         .sets = 1,
                         .fees = fees,
                         .n_fees = n};
    handout_make_list(&(struct handout_list_ask){.head = &head,
                                                 .dossiers = dossiers,
                                                 .n = 1,
                                                 .from = head.now - 3600,
                                                 .until = head.now + 3600,
                                                 .procedure_name = name_of},
                      list, arena, out);
}

static void csv_of(const char *applicant, const char *row)
{
    struct arena arena = {0};
    struct handout h;
    struct buf csv = {0};

    make(&arena, HANDOUT_HANDOVER, applicant, NULL, 0, &h);
    assert_true(handout_csv(&h, &csv));
    char *wanted = text_new("\xef\xbb\xbf"
                            "TT,Mã hồ sơ,Người nộp,Thủ tục,Hẹn trả,Giao cho,Ký nhận\r\n1,H06-0014,%s,tt1,,,\r\n",
                            row);
    assert_string_equal(csv.data, wanted);
    free(wanted);
    buf_clear(&csv);
    arena_clear(&arena);
}

static void a_cell_is_quoted_where_it_has_to_be(void **state)
{
    csv_of("Nguyễn Thị Đào", "Nguyễn Thị Đào");
    csv_of("Công ty A, B", "\"Công ty A, B\"");
    csv_of("Hộ \"Út\"", "\"Hộ \"\"Út\"\"\"");
    csv_of("a;b", "\"a;b\"");
    csv_of("hai\ndòng", "hai dòng"); /* it has passed the gate */
}

static void a_spreadsheet_computes_nothing(void **state)
{
    csv_of("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"");
    csv_of("+84 912", "\"'+84 912\"");
    csv_of("-1+2", "\"'-1+2\"");
    csv_of("@SUM(A1)", "\"'@SUM(A1)\"");
    csv_of("\t=1", "\"' =1\""); /* a tab is a blank, and behind blanks they compute as well */
    csv_of("-", "-");
}

static const char *fact_of(const struct handout *h, const char *label)
{
    for (size_t i = 0; i < h->n_blocks; i++)
        for (int j = 0; j < 2; j++)
            if (h->blocks[i].kind == HANDOUT_FACTS && h->blocks[i].fact[j].label &&
                strcmp(h->blocks[i].fact[j].label, label) == 0)
                return h->blocks[i].fact[j].value;
    return NULL;
}

static void takings_are_summed_by_how_they_were_paid(void **state)
{
    int64_t now = 1672281720;
    struct fee fees[] = {
        {.name = "Lệ phí", .amount = 10000, .paid = 10000, .paid_at = now, .method = "cash", .receipt = "0000187"},
        {.name = "Bản sao", .amount = 6000, .paid = 4000, .paid_at = now, .method = "online"},
        {.name = "Trang thêm", .amount = 2000, .paid = 2000, .paid_at = now, .method = "cash"},
        {.name = "Hôm qua", .amount = 9000, .paid = 9000, .paid_at = now - 86400, .method = "cash"},
        {.name = "Chưa nộp", .amount = 9000, .paid = 0, .paid_at = INSTANT_NONE},
    };
    struct arena arena = {0};
    struct handout h;

    make(&arena, HANDOUT_TAKINGS, "Nguyễn Thị Đào", fees, sizeof fees / sizeof *fees, &h);
    assert_string_equal(fact_of(&h, "Cộng tiền mặt"), "12.000 đồng");
    assert_string_equal(fact_of(&h, "Cộng trực tuyến"), "4.000 đồng");
    assert_null(fact_of(&h, "Cộng thẻ"));
    assert_string_equal(fact_of(&h, "Tổng cộng"), "16.000 đồng");
    assert_string_equal(fact_of(&h, "Bằng chữ"), "mười sáu nghìn đồng");
    for (size_t i = 0; i < h.n_blocks; i++)
        if (h.blocks[i].kind == HANDOUT_TABLE)
            assert_int_equal(h.blocks[i].n_rows, 3);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_quoted_where_it_has_to_be),
        cmocka_unit_test(a_spreadsheet_computes_nothing),
        cmocka_unit_test(takings_are_summed_by_how_they_were_paid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
