/* The statement that is signed: its very bytes, and that no member of it can be altered unseen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_office.h"

#include "core/statement.h"

#include <stdlib.h>
#include <string.h>

#define DIGEST_1 "9f2c41aa7b0e5d13c8864f20e1b7a95d3306cf7218be94d05a61f3c7720e8b14"
#define DIGEST_2 "4b1d77c0e2f8135aa96d0c5be37f42816a1e9d04b7c85f230d6e91a4f8c3b752"

static struct applicant applicant = {.kind = "person", .name = "Lâm Chí Vỹ", .id_number = "000000004821"};
static struct attachment files[] = {
    {.id = "a-70", .name = "don.pdf", .sha256 = DIGEST_2, .role = "scan", .complete = true},
    {.id = "a-71", .name = "Giay chung nhan HKD.pdf", .sha256 = DIGEST_1, .role = "result", .complete = true},
    {.id = "a-73", .name = "nhap.pdf", .sha256 = DIGEST_2, .role = "result"},
    {.id = "a-72", .name = "To trinh.pdf", .sha256 = DIGEST_2, .role = "result", .complete = true},
    {.id = "a-74", .name = "khac.pdf", .sha256 = DIGEST_2, .complete = true},
};
static const struct procedure procedure = {.code = "1.001612", .name = "Đăng ký thành lập hộ kinh doanh"};
static struct dossier dossier = {
    .id = "d-19",
    .code = "000.25.33.H06-221227-0019",
    .version = 7,
    .unit = "H06.33",
    .applicant = &applicant,
    .attachments = files,
    .n_attachments = 5,
};

/* Mock-up `sign`. */
static struct statement_basis basis(void)
{
    return (struct statement_basis){
        .dossier = &dossier,
        .procedure = &procedure,
        .outcome = "grant",
        .note = "Đồng ý theo đề nghị.",
        .officer = "o-quan",
        .signed_at = at("2022-12-29 09:57:40"),
    };
}

static void the_bytes_are_the_contract_s(void **state)
{
    static const char expected[] =
        "{\"statement\":\"onestop/decision/1\",\"dossier\":\"d-19\",\"code\":\"000.25.33.H06-221227-0019\",\"version\":7,"
        "\"procedure\":\"1.001612 Đăng ký thành lập hộ kinh doanh\",\"applicant\":\"Lâm Chí Vỹ 000000004821\","
        "\"outcome\":\"grant\",\"note\":\"Đồng ý theo đề nghị.\",\"documents\":["
        "{\"id\":\"a-71\",\"name\":\"Giay chung nhan HKD.pdf\",\"sha256\":\"" DIGEST_1 "\"},"
        "{\"id\":\"a-72\",\"name\":\"To trinh.pdf\",\"sha256\":\"" DIGEST_2 "\"}],"
        "\"officer\":\"o-quan\",\"unit\":\"H06.33\",\"signed_at\":\"2022-12-29T09:57:40+07:00\"}";
    struct statement_basis b = basis();
    size_t len;
    char *bytes = statement_build(&b, 7 * 3600, &len);

    assert_string_equal(bytes, expected);
    assert_int_equal(len, strlen(expected));
    free(bytes);
}

static void what_is_not_there_is_left_out(void **state)
{
    static const char expected[] =
        "{\"statement\":\"onestop/decision/1\",\"dossier\":\"d-19\",\"code\":\"000.25.33.H06-221227-0019\",\"version\":7,"
        "\"procedure\":\"1.001612 Đăng ký thành lập hộ kinh doanh\",\"applicant\":\"Lâm Chí Vỹ\","
        "\"outcome\":\"refuse\",\"note\":\"\",\"documents\":[],\"officer\":\"o-quan\",\"on_behalf_of\":\"o-chi\","
        "\"unit\":\"H06.33\",\"signed_at\":\"2022-12-29T02:57:40Z\"}";
    struct applicant nameless = {.kind = "person", .name = "Lâm Chí Vỹ"};
    struct dossier d = dossier;
    struct statement_basis b = basis();
    size_t len;

    d.applicant = &nameless;
    d.n_attachments = 1;
    b.dossier = &d;
    b.note = NULL;
    b.outcome = "refuse";
    b.on_behalf_of = "o-chi";
    char *bytes = statement_build(&b, 0, &len);
    assert_string_equal(bytes, expected);
    free(bytes);
}

static void what_was_built_reads_back_the_same(void **state)
{
    struct statement_basis b = basis();
    struct arena arena = {0};
    struct signing_statement s;
    struct err e = {0};
    size_t len;

    for (int i = 0; i < 2; i++) {
        b.on_behalf_of = i == 0 ? NULL : "o-chi";
        b.note = i == 0 ? "có \"ngoặc\" và\nxuống dòng" : NULL;
        char *bytes = statement_build(&b, 7 * 3600, &len);
        assert_true(statement_parse(bytes, len, &arena, &s, &e));
        assert_null(statement_differs(&s, &b));
        assert_time(s.signed_at, "2022-12-29 09:57:40");
        assert_int_equal(s.n_documents, 2);
        assert_string_equal(s.documents[1].name, "To trinh.pdf");
        char *again = codec_write(&shape_signing_statement, &s, 7 * 3600, &len);
        assert_string_equal(again, bytes);
        free(again);
        free(bytes);
    }
    arena_clear(&arena);
}

static void every_member_altered_is_found(void **state)
{
    struct statement_basis b = basis();
    struct arena arena = {0};
    struct signing_statement good, s;
    struct statement_document documents[3];
    size_t len;
    b.on_behalf_of = "o-chi";
    char *bytes = statement_build(&b, 7 * 3600, &len);
    assert_true(statement_parse(bytes, len, &arena, &good, NULL));

#define FINDS(pointer, change)                                    \
    do {                                                          \
        s = good;                                                 \
        memcpy(documents, good.documents, 2 * sizeof *documents); \
        s.documents = documents;                                  \
        change;                                                   \
        assert_non_null(statement_differs(&s, &b));               \
        assert_string_equal(statement_differs(&s, &b), pointer);  \
    } while (0)

    FINDS("/statement", s.statement = "onestop/decision/2");
    FINDS("/dossier", s.dossier = "d-20");
    FINDS("/code", s.code = "000.25.33.H06-221227-0020");
    FINDS("/version", s.version = 8);
    FINDS("/procedure", s.procedure = "1.001612  Đăng ký thành lập hộ kinh doanh");
    FINDS("/procedure", s.procedure = "1.001612");
    FINDS("/applicant", s.applicant = "Lâm Chí Vỹ 000000004822");
    FINDS("/applicant", s.applicant = "Lâm Chí Vỹ");
    FINDS("/applicant", s.applicant = "Lam Chi Vy 000000004821");
    FINDS("/outcome", s.outcome = "refuse");
    FINDS("/note", s.note = "");
    FINDS("/note", s.note = "Đồng ý theo đề nghị");
    FINDS("/documents", s.n_documents = 1);
    FINDS("/documents", s.n_documents = 0);
    FINDS("/documents", documents[2] = documents[0]; s.n_documents = 3);
    FINDS("/documents", documents[0] = documents[1]; documents[1] = good.documents[0]);
    FINDS("/documents", documents[0].id = "a-73");
    FINDS("/documents", documents[1].name = "to trinh.pdf");
    FINDS("/documents", documents[1].sha256 = DIGEST_1);
    FINDS("/officer", s.officer = "o-nam");
    FINDS("/on_behalf_of", s.on_behalf_of = NULL);
    FINDS("/on_behalf_of", s.on_behalf_of = "o-quan");
    FINDS("/unit", s.unit = "H06.34");
    FINDS("/dossier", s.dossier = "d-20"; s.unit = "H06.34"); /* the first */
#undef FINDS
    s = good;
    s.signed_at++; /* when, the server judges by its clock */
    assert_null(statement_differs(&s, &b));
    b.on_behalf_of = NULL;
    assert_string_equal(statement_differs(&good, &b), "/on_behalf_of");
    free(bytes);
    arena_clear(&arena);
}

/* The statement with one part of its text replaced. */
static bool reads_with(const char *part, const char *instead)
{
    struct statement_basis b = basis();
    struct arena arena = {0};
    struct signing_statement s;
    struct buf altered = {0};
    struct err e = {0};
    size_t len;
    char *bytes = statement_build(&b, 7 * 3600, &len), *where = strstr(bytes, part);

    assert_non_null(where);
    buf_add(&altered, bytes, (size_t)(where - bytes));
    buf_text(&altered, instead);
    buf_text(&altered, where + strlen(part));
    bool ok = statement_parse(altered.data, altered.len, &arena, &s, &e);
    assert_int_equal(e.code, ok ? ERR_NONE : ERR_DATA);
    assert_int_equal(e.text[0] == '\0', ok);
    buf_clear(&altered);
    free(bytes);
    arena_clear(&arena);
    return ok;
}

static void just_these_members(void **state)
{
    assert_true(reads_with("", ""));
    assert_true(reads_with("{\"statement\"", "{ \"statement\"")); /* spaces are not words */
    assert_true(reads_with("\"version\":7,\"procedure\":\"1.001612 Đăng ký thành lập hộ kinh doanh\"",
                           "\"procedure\":\"1.001612 Đăng ký thành lập hộ kinh doanh\",\"version\":7"));
    assert_true(reads_with("+07:00", ".25+07:00"));
    assert_false(reads_with("\"version\":7,", "\"version\":7,\"valid\":true,"));
    assert_false(reads_with("\"version\":7,", ""));
    assert_false(reads_with("\"version\":7,", "\"version\":7,\"version\":7,"));
    assert_false(reads_with("\"version\":7,", "\"version\":7.5,"));
    assert_false(reads_with("\"note\":\"Đồng ý theo đề nghị.\",", ""));
    assert_false(reads_with("\"note\":\"Đồng ý theo đề nghị.\",", "\"note\":null,"));
    assert_false(reads_with("\"id\":\"a-71\"", "\"id\":\"a-71\",\"pages\":2"));
    assert_false(reads_with("\"id\":\"a-72\",", ""));
    assert_false(reads_with("\"documents\":[{", "\"documents\":[{},{"));
    assert_false(reads_with("\"officer\":\"o-quan\",", "\"officer\":\"o-quan\",\"on_behalf_of\":null,"));
    assert_false(reads_with("}]", "}]]"));
    assert_false(reads_with("{\"statement\"", "[{\"statement\""));
    assert_false(reads_with("\"outcome\":\"grant\"", "\"outcome\":[\"grant\"]"));
}

static void no_documents_is_an_empty_list(void **state)
{
    struct dossier d = dossier;
    struct statement_basis b = basis();
    struct arena arena = {0};
    struct signing_statement s;
    size_t len;

    d.attachments = NULL;
    d.n_attachments = 0;
    b.dossier = &d;
    char *bytes = statement_build(&b, 7 * 3600, &len), *list = strstr(bytes, "\"documents\":[],");
    assert_non_null(list);
    assert_true(statement_parse(bytes, len, &arena, &s, NULL));
    assert_null(statement_differs(&s, &b));
    memmove(list, list + strlen("\"documents\":[],"), strlen(list + strlen("\"documents\":[],")) + 1);
    assert_false(statement_parse(bytes, strlen(bytes), &arena, &s, NULL)); /* required, if empty */
    free(bytes);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_the_contract_s),
        cmocka_unit_test(what_is_not_there_is_left_out),
        cmocka_unit_test(what_was_built_reads_back_the_same),
        cmocka_unit_test(every_member_altered_is_found),
        cmocka_unit_test(just_these_members),
        cmocka_unit_test(no_documents_is_an_empty_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
