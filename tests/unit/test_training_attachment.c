/* Files as the contract's attachments say: announced, sent piece by piece from where the server stands, complete only if they are what
 * was announced, read whole or in part, taken away.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400

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

static const char pdf[] = "%PDF-1.4 a scan of one page, long enough for three pieces";
#define PDF_SIZE (sizeof pdf - 1)

static char *digest(const char *bytes, size_t n)
{
    static char hex[65];
    unsigned char out[32];

    SHA256((const unsigned char *)bytes, n, out);
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", out[i]);
    return hex;
}

static int announce_as(const char *who, const char *dossier, const char *type, size_t size, const char *more)
{
    char *path = text_new("/dossiers/%s/attachments", dossier);
    char *body = text_new("{\"name\":\"to khai.pdf\",\"media_type\":\"%s\",\"size\":%zu,\"sha256\":\"%s\"%s%s}",
                          type, size, digest(pdf, PDF_SIZE), *more ? "," : "", more);
    int status = PLACE_POST(place, who, path, body);

    free(path);
    free(body);
    return status;
}

/* The id; the caller frees. */
static char *announce(const char *more)
{
    assert_int_equal(announce_as("mai", "cu", "application/pdf", PDF_SIZE, more), 201);
    assert_false(json_is_true(place_json_said(place, "complete")));
    return text_new("%s", place_said(place, "id"));
}

static int send(const char *who, const char *id, size_t offset, const char *bytes, size_t n)
{
    char *path = text_new("/attachments/%s/upload", id), *at = text_new("%zu", offset);
    int status = place_ask(
        place,
        (struct place_ask){.method = "PATCH", .path = path, .as = who, .offset = at, .body = bytes, .len = n});

    free(path);
    free(at);
    return status;
}

static int ask(const char *method, const char *who, const char *id, const char *what, const char *range)
{
    char *path = text_new("/attachments/%s%s", id, what);
    int status = place_ask(place, (struct place_ask){.method = method, .path = path, .as = who, .range = range});

    free(path);
    return status;
}

static void stands_at(const char *id, const char *offset, const char *complete)
{
    assert_int_equal(ask("GET", "mai", id, "/upload", NULL), 204);
    assert_string_equal(place_header(place, "Upload-Offset"), offset);
    assert_string_equal(place_header(place, "Upload-Complete"), complete);
}

static const char *dossier(const char *where)
{
    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/cu"), 200);
    return place_said(place, where);
}

static void has_paper(void)
{
    char match[32];

    assert_int_equal(PLACE_GET(place, "mai", "/dossiers/cu"), 200);
    snprintf(match, sizeof match, "%s", place_header(place, "ETag"));
    assert_int_equal(
        place_ask(place,
                  (struct place_ask){
                      .method = "PATCH",
                      .path = "/dossiers/cu",
                      .as = "mai",
                      .match = match,
                      .body = "{\"papers\":[{\"id\":\"p1\",\"name\":\"Tờ khai\",\"state\":\"handed_in\"}]}"}),
        200);
}

static void in_pieces_it_arrives_and_becomes_the_papers_scan(void **state)
{
    has_paper();
    char *id = announce("\"paper\":\"p1\""), *version = text_new("%s", place_header(place, "Dossier-Version"));

    assert_string_equal(dossier("version"), version);
    assert_string_equal(dossier("papers.0.attachment"), "");
    stands_at(id, "0", "false");
    assert_int_equal(send("mai", id, 0, pdf, 20), 204);
    stands_at(id, "20", "false");
    assert_int_equal(send("mai", id, 20, pdf + 20, 10), 204);
    assert_null(place_header(place, "Dossier-Version")); /* nothing that anybody sees has changed */
    assert_int_equal(send("mai", id, 30, pdf + 30, PDF_SIZE - 30), 204);
    assert_string_equal(place_header(place, "Upload-Complete"), "true");
    assert_int_equal(atoi(place_header(place, "Dossier-Version")), atoi(version) + 1);
    assert_string_equal(dossier("papers.0.attachment"), id);
    assert_true(json_is_true(place_json_said(place, "attachments.0.complete")));
    assert_int_equal(send("mai", id, PDF_SIZE, "x", 1), 409); /* there is no more of it */
    assert_string_equal(place_problem(place), "offset-mismatch");
    free(version);
    free(id);
}

static void who_waits_on_the_feed_hears_of_the_last_piece(void **state)
{
    char *id = announce("");
    int64_t before = central_changes(place->central);

    send("mai", id, 0, pdf, PDF_SIZE - 1);
    assert_int_equal(central_changes(place->central), before);
    send("mai", id, PDF_SIZE - 1, pdf + PDF_SIZE - 1, 1);
    assert_true(central_changes(place->central) > before);
    free(id);
}

static void a_wrong_offset_says_where_it_stands(void **state)
{
    char *id = announce("");

    send("mai", id, 0, pdf, 20);
    assert_int_equal(send("mai", id, 0, pdf, 20), 409);
    assert_string_equal(place_problem(place), "offset-mismatch");
    assert_string_equal(place_header(place, "Upload-Offset"), "20");
    assert_int_equal(send("mai", id, 40, pdf + 40, 5), 409);
    char *path = text_new("/attachments/%s/upload", id);
    assert_int_equal(
        place_ask(place, (struct place_ask){.method = "PATCH", .path = path, .as = "mai", .body = "x"}), 400);
    free(path);
    free(id);
}

static void other_bytes_than_announced_are_thrown_away(void **state)
{
    char *id = announce(""), *bytes = text_new("%s", pdf);

    bytes[30] ^= 1;
    assert_int_equal(send("mai", id, 0, bytes, PDF_SIZE), 422);
    assert_string_equal(place_problem(place), "digest-mismatch");
    assert_string_equal(place_header(place, "Upload-Offset"), "0");
    stands_at(id, "0", "false");
    assert_int_equal(send("mai", id, 0, pdf, PDF_SIZE), 204);
    free(bytes);
    free(id);
}

static void a_pdf_that_calls_itself_a_picture_is_none(void **state)
{
    assert_int_equal(announce_as("mai", "cu", "image/png", PDF_SIZE, ""), 201);
    char *id = text_new("%s", place_said(place, "id"));

    assert_int_equal(send("mai", id, 0, pdf, PDF_SIZE), 422);
    assert_string_equal(place_problem(place), "validation-failed");
    stands_at(id, "0", "false");
    free(id);
}

static void more_than_was_announced_or_than_a_piece_may_have_is_413(void **state)
{
    char *id = announce(""), *mebibyte = calloc(1, 1024 * 1024 + 1);

    assert_int_equal(send("mai", id, 0, mebibyte, PDF_SIZE + 1), 413);
    stands_at(id, "0", "false");
    assert_int_equal(announce_as("mai", "cu", "application/pdf", 2 * 1024 * 1024, ""), 201);
    char *large = text_new("%s", place_said(place, "id"));
    assert_int_equal(send("mai", large, 0, mebibyte, 1024 * 1024 + 1), 413);
    assert_int_equal(send("mai", large, 0, mebibyte, 1024 * 1024), 204);
    assert_int_equal(announce_as("mai", "cu", "application/pdf", 20 * 1024 * 1024 + 1, ""), 413);
    free(mebibyte);
    free(large);
    free(id);
}

static void who_may_not_is_told_so(void **state)
{
    assert_int_equal(announce_as("nam", "cu", "application/pdf", PDF_SIZE, ""), 409); /* not his */
    assert_string_equal(place_problem(place), "action-not-allowed");
    assert_int_equal(announce_as("thu", "cu", "application/pdf", PDF_SIZE, ""), 409); /* a clerk: results alone */
    assert_int_equal(announce_as("thu", "cu", "application/pdf", PDF_SIZE, "\"role\":\"result\""), 201);
    assert_int_equal(announce_as("tam", "cu", "application/pdf", PDF_SIZE, ""), 403); /* an auditor */
    assert_int_equal(announce_as("hue", "moi", "application/pdf", PDF_SIZE, ""), 404);
    assert_int_equal(announce_as("mai", "lau", "application/pdf", PDF_SIZE, ""), 409); /* closed */
    char *id = announce("");
    assert_int_equal(send("ha", id, 0, pdf, 5), 404); /* whose it is sends it */
    free(id);
}

static void what_is_announced_has_to_make_sense(void **state)
{
    assert_int_equal(announce_as("mai", "cu", "text/plain", PDF_SIZE, ""), 422);
    assert_string_equal(place_field(place), "/media_type");
    assert_int_equal(announce_as("mai", "cu", "application/pdf", 0, ""), 422);
    assert_string_equal(place_field(place), "/size");
    assert_int_equal(announce_as("mai", "cu", "application/pdf", PDF_SIZE, "\"paper\":\"p9\""), 422);
    assert_string_equal(place_field(place), "/paper");
    assert_int_equal(announce_as("mai", "cu", "application/pdf", PDF_SIZE, "\"role\":\"x\""), 422);
    assert_string_equal(place_field(place), "/role");
    assert_int_equal(PLACE_POST(place, "mai", "/dossiers/cu/attachments",
                                "{\"name\":\"a\",\"media_type\":\"image/png\",\"size\":1,\"sha256\":\"AB\"}"),
                     422);
    assert_string_equal(place_field(place), "/sha256");
}

static void a_wrong_file_is_taken_away_with_its_bytes(void **state)
{
    has_paper();
    char *id = announce("\"paper\":\"p1\"");

    send("mai", id, 0, pdf, PDF_SIZE);
    assert_int_equal(ask("DELETE", "nam", id, "", NULL), 409);
    assert_int_equal(ask("DELETE", "mai", id, "", NULL), 204);
    char *version = text_new("%s", place_header(place, "Dossier-Version"));
    assert_string_equal(dossier("version"), version);
    assert_string_equal(place_said(place, "papers.0.attachment"), "");
    assert_int_equal(json_array_size(place_json_said(place, "attachments")), 0);
    assert_int_equal(ask("GET", "mai", id, "/content", NULL), 404);
    assert_int_equal(ask("DELETE", "mai", id, "", NULL), 404);
    assert_int_equal(ask("DELETE", "nam", "ky-b", "", NULL), 409); /* it is to be signed: too late */
    free(version);
    free(id);
}

static void all_of_it_is_read_or_a_part(void **state)
{
    char *id = announce(""), *etag = text_new("\"%s\"", digest(pdf, PDF_SIZE));

    send("mai", id, 0, pdf, 10);
    assert_int_equal(ask("GET", "nam", id, "/content", NULL), 404); /* not complete */
    send("mai", id, 10, pdf + 10, 10);
    send("mai", id, 20, pdf + 20, PDF_SIZE - 20);
    assert_int_equal(ask("GET", "nam", id, "/content", NULL), 200);
    assert_string_equal(place_header(place, "ETag"), etag);
    assert_string_equal(place_header(place, "Content-Type"), "application/octet-stream");
    assert_int_equal(place->answer.body.len, PDF_SIZE);
    assert_memory_equal(place->answer.body.data, pdf, PDF_SIZE);
    assert_int_equal(ask("GET", "nam", id, "/content", "bytes=5-24"), 206); /* over three pieces */
    assert_int_equal(place->answer.body.len, 20);
    assert_memory_equal(place->answer.body.data, pdf + 5, 20);
    assert_int_equal(ask("GET", "nam", id, "/content", "bytes=-4"), 206);
    assert_memory_equal(place->answer.body.data, pdf + PDF_SIZE - 4, 4);
    assert_int_equal(ask("GET", "nam", id, "/content", "bytes=1-2,4-5"), 200); /* one range, or all */
    free(etag);
    free(id);
}

static void what_the_scenario_named_has_bytes_too(void **state)
{
    assert_int_equal(PLACE_GET(place, "nam", "/dossiers/ky"), 200);
    char *sha = text_new("%s", place_said(place, "attachments.1.sha256"));
    size_t size = (size_t)atoi(place_said(place, "attachments.1.size"));

    assert_int_equal(ask("GET", "nam", "ky-b", "/content", NULL), 200);
    assert_int_equal(place->answer.body.len, size);
    assert_string_equal(digest(place->answer.body.data, size), sha);
    assert_int_equal(ask("GET", "hue", "ky-b", "/content", NULL), 404); /* not his to see */
    free(sha);
}

static void after_seven_days_what_is_not_complete_is_dropped(void **state)
{
    char *id = announce(""), *whole = announce("");

    send("mai", id, 0, pdf, 20);
    send("mai", whole, 0, pdf, PDF_SIZE);
    place->now += 7 * DAY - 1;
    place->n_tokens = 0; /* they are over */
    stands_at(id, "20", "false");
    place->now++;
    assert_int_equal(ask("GET", "mai", id, "/upload", NULL), 404);
    assert_string_equal(dossier("attachments.0.id"), whole);
    assert_int_equal(json_array_size(place_json_said(place, "attachments")), 1);
    free(id);
    free(whole);
}

static void a_server_that_loses_bytes_or_the_file_says_so(void **state)
{
    char *id = announce("");

    send("mai", id, 0, pdf, 20);
    send("mai", id, 20, pdf + 20, 20);
    central_lose_uploads(place->central, 30, place->now);
    stands_at(id, "30", "false");
    assert_int_equal(send("mai", id, 30, pdf + 30, PDF_SIZE - 30), 204);
    assert_string_equal(place_header(place, "Upload-Complete"), "true");
    char *other = announce("");
    send("mai", other, 0, pdf, 20);
    central_lose_uploads(place->central, -1, place->now);
    assert_int_equal(send("mai", other, 20, pdf + 20, 20), 404);
    char *end = text_new("%zu", PDF_SIZE);
    stands_at(id, end, "true"); /* what is complete is safe */
    free(end);
    free(other);
    free(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(in_pieces_it_arrives_and_becomes_the_papers_scan, setup, teardown),
        cmocka_unit_test_setup_teardown(who_waits_on_the_feed_hears_of_the_last_piece, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_offset_says_where_it_stands, setup, teardown),
        cmocka_unit_test_setup_teardown(other_bytes_than_announced_are_thrown_away, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pdf_that_calls_itself_a_picture_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(more_than_was_announced_or_than_a_piece_may_have_is_413, setup, teardown),
        cmocka_unit_test_setup_teardown(who_may_not_is_told_so, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_announced_has_to_make_sense, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_file_is_taken_away_with_its_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(all_of_it_is_read_or_a_part, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_scenario_named_has_bytes_too, setup, teardown),
        cmocka_unit_test_setup_teardown(after_seven_days_what_is_not_complete_is_dropped, setup, teardown),
        cmocka_unit_test_setup_teardown(a_server_that_loses_bytes_or_the_file_says_so, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
