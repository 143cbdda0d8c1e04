/* A signature is judged word by word and byte by byte: every member altered alone, every wrong kind of CMS.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bureau.h"
#include "tests/unit/training_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct place *place;

static int setup(void **state)
{
    place = place_new(NULL);
    return 0;
}

static int teardown(void **state)
{
    place_free(&place);
    return 0;
}

static void assert_refused(const char *field)
{
    assert_int_equal(place->answer.status, 422);
    assert_string_equal(place_problem(place), "signature-invalid");
    assert_string_equal(place_field(place), field);
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/ky"), 200);
    assert_string_equal(place_said(place, "step"), "approval"); /* and nothing happened */
}

/* ── the statement ───────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *altered; /* member; its new value as JSON, or NULL: gone */
static const char *with;

static void alter(json_t *statement)
{
    if (!with) {
        json_object_del(statement, altered);
        return;
    }
    json_t *value = json_loads(with, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    json_object_set_new(statement, altered, value);
}

static void every_member_is_compared(void **state)
{
    static const struct {
        const char *member, *value;
    } cases[] = {
        {"dossier", "\"moi\""},
        {"code", "\"000.25.33.H06-221226-0011\""},
        {"version", "2"},
        {"version", "4"},
        {"procedure", "\"1.000001 Đăng ký hai\""},
        {"procedure", "\"1.000001  Đăng ký một\""},
        {"applicant", "\"Nguyễn Hữu Đức\""},
        {"applicant", "\"Nguyen Huu Duc 000180000010\""},
        {"applicant", "\"Nguyễn Hữu Đức 000180000011\""},
        {"outcome", "\"refuse\""},
        {"note", "\"Đồng ý\""},
        {"documents", "[]"},
        {"officer", "\"quan\""},
        {"unit", "\"D\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *field = text_new("/signature/statement/%s", cases[i].member);
        altered = cases[i].member;
        with = cases[i].value;
        place_sign(place, "thang", "ky", "approve", "Đồng ý.", alter);
        assert_refused(field);
        free(field);
    }
}

static void a_document_more_less_or_other_is_seen(void **state)
{
    static const char *const lists[] = {
        "[{\"id\":\"ky-a\",\"name\":\"du thao.pdf\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}]",
        "[{\"id\":\"ky-b\",\"name\":\"to khai.pdf\",\"sha256\":\"x\"}]",
    };

    for (size_t i = 0; i < 2; i++) {
        altered = "documents";
        with = lists[i];
        place_sign(place, "thang", "ky", "approve", NULL, alter);
        assert_int_equal(place->answer.status, 422);
        assert_true(strncmp(place_field(place), "/signature/statement/documents", 30) == 0);
    }
}

static void just_these_members(void **state)
{
    static const char *const members[] = {"statement", "dossier",   "code",    "version",
                                          "procedure", "applicant", "outcome", "note",
                                          "documents", "officer",   "unit",    "signed_at"};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        altered = members[i];
        with = NULL;
        place_sign(place, "thang", "ky", "approve", NULL, alter);
        assert_int_equal(place->answer.status, 422);
        assert_string_equal(place_problem(place), "signature-invalid");
    }
    altered = "colour";
    with = "\"red\"";
    place_sign(place, "thang", "ky", "approve", NULL, alter);
    assert_refused("/signature/statement");
    altered = "statement";
    with = "\"onestop/decision/2\"";
    place_sign(place, "thang", "ky", "approve", NULL, alter);
    assert_int_equal(place->answer.status, 422);
    altered = "on_behalf_of";
    with = "\"quan\"";
    place_sign(place, "thang", "ky", "approve", NULL, alter); /* and says so in the action: he has no such mandate */
    assert_int_equal(place->answer.status, 422);
}

static void it_is_signed_about_now(void **state)
{
    static const struct {
        const char *at;
        int status;
    } cases[] = {
        {"\"2022-12-29T09:47:01+07:00\"", 422}, {"\"2022-12-28T09:41:59+07:00\"", 422}, {"\"hôm nay\"", 422},
        {"\"2022-12-29T02:47:00Z\"", 200},      {"\"2022-12-28T09:42:00+07:00\"", 200},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        altered = "signed_at";
        with = cases[i].at;
        assert_int_equal(place_sign(place, "thang", "ky", "approve", NULL, alter), cases[i].status);
        if (cases[i].status == 200) {
            place_free(&place);
            place = place_new(NULL);
        }
    }
}

/* ── the bytes ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Sends approve with these texts. */
static int send_texts(const char *statement, const char *cms)
{
    char *more = text_new("\"signature\":{\"statement\":\"%s\",\"cms\":\"%s\"}", statement, cms);
    int status = place_act(place, "thang", "ky", "approve", more);

    free(more);
    return status;
}

/* A right statement, as text. */
static char *right_statement(void)
{
    json_t *json = place_statement(place, "thang", "ky", "grant", NULL);
    char *bytes = json_dumps(json, JSON_COMPACT);

    json_decref(json);
    return bytes;
}

static void wrong_kinds_of_cms_are_refused(void **state)
{
    static const struct {
        const char *signer;
        int flags;
    } cases[] = {
        {"quan", 0}, /* somebody else's key */
        {"thang", CMS_SHA1},
        {"thang", CMS_NO_TIME},
        {"thang", CMS_WITHOUT_CERT},
        {"thang", CMS_TWO_SIGNERS},
        {"thang", CMS_NOT_DETACHED},
    };
    char *bytes = right_statement(), *text = place_base64(bytes);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *cms = place_cms(place, cases[i].signer, bytes, cases[i].flags);
        send_texts(text, cms);
        assert_refused("/signature/cms");
        free(cms);
    }
    char *cms = place_cms(place, "thang", bytes, 0);
    assert_int_equal(send_texts(text, cms), 200);
    free(cms);
    free(text);
    free(bytes);
}

static void other_bytes_than_were_signed_are_refused(void **state)
{
    char *bytes = right_statement(), *cms = place_cms(place, "thang", bytes, 0);
    json_t *json = json_loads(bytes, 0, NULL);
    char *spaced = json_dumps(json, JSON_INDENT(1)),
         *text = place_base64(spaced); /* the same members, other bytes */

    send_texts(text, cms);
    assert_refused("/signature/cms");
    free(text);
    free(cms);
    cms = place_cms(place, "thang", spaced, 0); /* any JSON of these members will do, if it is what was signed */
    text = place_base64(spaced);
    assert_int_equal(send_texts(text, cms), 200);
    free(text);
    free(cms);
    free(spaced);
    free(bytes);
    json_decref(json);
}

/* The signed attributes and the signature stand at its end; what stands before (version, lists of algorithms) nobody signs. */
static void every_letter_of_what_is_signed_matters(void **state)
{
    char *bytes = right_statement(), *text = place_base64(bytes), *cms = place_cms(place, "thang", bytes, 0);
    size_t n = strlen(cms), tried = 0;

    for (size_t i = n - 240; i + 4 < n; i += 3, tried++) {
        char old = cms[i];
        cms[i] = old == 'A' ? 'B' : 'A';
        if (send_texts(text, cms) == 200)
            fail_at(HERE, "altered at %zu of %zu and taken", i, n);
        assert_string_equal(place_problem(place), "signature-invalid");
        cms[i] = old;
    }
    assert_true(tried > 70);
    assert_int_equal(send_texts(text, cms), 200);
    free(cms);
    free(text);
    free(bytes);
}

static void what_is_no_base64_or_no_cms_is_refused(void **state)
{
    char *bytes = right_statement(), *text = place_base64(bytes), *cms = place_cms(place, "thang", bytes, 0);
    char *longer = text_new("%s====", cms), *broken = text_new("%.20s\\n%s", cms, cms + 20);

    send_texts(text, "AAAA");
    assert_refused("/signature/cms");
    send_texts(text, "!");
    assert_refused("/signature/cms");
    send_texts(text, longer);
    assert_refused("/signature/cms");
    send_texts(text, broken);
    assert_refused("/signature/cms");
    send_texts("e30=", cms);
    assert_refused("/signature/statement");
    send_texts("not base64", cms);
    assert_refused("/signature/statement");
    assert_int_equal(place_act(place, "thang", "ky", "approve", NULL), 422);
    assert_string_equal(place_problem(place), "validation-failed");
    assert_string_equal(place_field(place), "/signature");
    free(longer);
    free(broken);
    free(cms);
    free(text);
    free(bytes);
}

static void keys_of_another_authority_are_not_trusted(void **state)
{
    char *bytes = right_statement(), *text = place_base64(bytes);
    struct place *other = place_new(NULL);
    char *cms = place_cms(other, "thang", bytes, 0);

    send_texts(text, cms);
    assert_refused("/signature/cms");
    place_free(&other);
    free(cms);
    free(text);
    free(bytes);
}

static void a_certificate_is_good_by_the_server_s_clock(void **state)
{
    place->now += 10LL * 365 * 86400 - 3600;
    place->n_tokens = 0;
    char *bytes = right_statement(), *text = place_base64(bytes), *cms = place_cms(place, "thang", bytes, 0);
    place->now += 7200;
    place->n_tokens = 0;
    send_texts(text, cms);
    assert_int_equal(place->answer.status, 422);
    assert_string_equal(place_field(place), "/signature/cms");
    place->now -= 7200;
    place->n_tokens = 0;
    assert_int_equal(send_texts(text, cms), 200);
    free(cms);
    free(text);
    free(bytes);
}

/* What is added to a signature afterwards is not signed, and allowed (contract, Signature). */
static void a_time_stamp_beside_the_signature_is_taken(void **state)
{
    struct bureau *b = bureau_new();
    char *bytes = right_statement(), *text = place_base64(bytes), *cms = place_cms(place, "thang", bytes, 0),
         *stamped = bureau_stamp_text(b, cms, cms);

    assert_string_not_equal(stamped, cms);
    assert_int_equal(send_texts(text, stamped), 200);
    bureau_free(&b);
    char *all[] = {bytes, text, cms, stamped};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(every_member_is_compared),
        CASE(a_document_more_less_or_other_is_seen),
        CASE(just_these_members),
        CASE(it_is_signed_about_now),
        CASE(wrong_kinds_of_cms_are_refused),
        CASE(other_bytes_than_were_signed_are_refused),
        CASE(every_letter_of_what_is_signed_matters),
        CASE(what_is_no_base64_or_no_cms_is_refused),
        CASE(keys_of_another_authority_are_not_trusted),
        CASE(a_certificate_is_good_by_the_server_s_clock),
        CASE(a_time_stamp_beside_the_signature_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
