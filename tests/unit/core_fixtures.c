/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_fixtures.h"

#include "tests/harness.h"

#include <string.h>

#define APPLICANT                                                                                                      \
    "{\"kind\":\"person\",\"name\":\"Trần Thị Mai\",\"id_number\":\"079300000041\",\"birth_date\":\"1990-02-28\"," \
    "\"sex\":\"female\",\"address\":\"ấp Đông, xã Ngãi Giao\",\"phone\":\"0900000041\",\"email\":\"mai@example.vn\"}"
#define SIGNATURE "{\"statement\":\"eyJ9\",\"cms\":\"MIIB\"}"
#define PAPERS                                                                                                    \
    "[{\"id\":\"to-khai\",\"name\":\"Tờ khai\",\"state\":\"handed_in\",\"originals\":1,\"certified_copies\":2," \
    "\"photocopies\":3,\"attachment\":\"tep-1\"},"                                                                \
    "{\"id\":\"cccd\",\"name\":\"Căn cước công dân\",\"state\":\"looked_up\"}]"
#define FEES                                                                                              \
    "[{\"name\":\"Lệ phí\",\"amount\":50000,\"paid\":50000,\"paid_at\":\"2022-12-29T09:50:00+07:00\"," \
    "\"method\":\"cash\",\"receipt\":\"0000123\"},{\"name\":\"Phí sao lục\",\"amount\":8000,\"paid\":0}]"
#define FORM "{\"cha\":\"Trần Văn Hòa\",\"so_con\":2,\"ket_hon\":true,\"ghi_chu\":null}"

#define DOSSIER                                                                                                                    \
    "{\"id\":\"hs-000041\",\"version\":9007199254740991,\"code\":\"000.25.33.H06-221229-0041\","                                   \
    "\"external_code\":\"LLTP-77\",\"client_ref\":\"TN-3\",\"procedure\":\"tt-001193\",\"applicant\":" APPLICANT                   \
    ",\"submitted_by\":{\"kind\":\"organisation\",\"name\":\"Công ty TNHH Đất Đỏ\"},\"channel\":\"online\","                \
    "\"assisted_by\":\"cb-02\",\"unit\":\"H06.33.26\",\"handled_by_unit\":\"H06.33\",\"supported_by_unit\":\"H06.33.27\","         \
    "\"assignee\":\"cb-05\",\"status\":\"awaiting_supplement\",\"step\":\"assessment\","                                           \
    "\"step_since\":\"2022-12-29T09:42:00+07:00\",\"submitted_at\":\"2022-12-28T21:05:00+07:00\","                                 \
    "\"decide_by\":\"2022-12-29T17:00:00+07:00\",\"received_at\":\"2022-12-29T08:00:00+07:00\","                                   \
    "\"due_at\":\"2023-01-04T09:00:00+07:00\",\"extended_from\":\"2023-01-03T09:00:00+07:00\","                                    \
    "\"paused_since\":\"2022-12-29T09:42:00+07:00\","                                                                              \
    "\"pauses\":[{\"from\":\"2022-12-29T08:10:00+07:00\",\"until\":\"2022-12-29T08:40:00+07:00\","                                 \
    "\"status\":\"awaiting_payment\"}],\"completed_at\":\"2023-01-04T08:00:00+07:00\","                                            \
    "\"returned_at\":\"2023-01-04T08:30:00+07:00\",\"returned_to\":\"Trần Văn Hòa\",\"sets\":2,\"extensions\":1,"              \
    "\"supplements\":[{\"requested_at\":\"2022-12-29T09:42:00+07:00\",\"by\":\"cb-05\","                                           \
    "\"note\":\"Thiếu “tờ khai” \\\\ \\\"A\\\"\","                                                                         \
    "\"papers\":[\"to-khai\",\"cccd\"],\"until\":\"2023-01-15\",\"received_at\":\"2022-12-30T10:00:00+07:00\","                    \
    "\"due_before\":\"2023-01-03T09:00:00+07:00\",\"due_after\":\"2023-01-04T09:00:00+07:00\"}],"                                  \
    "\"form\":" FORM ",\"papers\":" PAPERS                                                                                         \
    ",\"attachments\":[{\"id\":\"tep-1\",\"name\":\"tờ khai.pdf\",\"media_type\":\"application/pdf\",\"size\":123456,"           \
    "\"sha256\":\"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d\",\"paper\":\"to-khai\","                       \
    "\"role\":\"scan\",\"complete\":true}],\"fees\":" FEES                                                                         \
    ",\"payments\":[{\"id\":\"tt-1\",\"amount\":8000,\"purpose\":\"Phí sao lục\",\"status\":\"pending\","                       \
    "\"payee\":\"UBND xã Ngãi Giao\",\"vietqr\":\"000201\",\"expires_at\":\"2022-12-29T10:00:00+07:00\"}],"                      \
    "\"proposal\":{\"by\":\"cb-05\",\"at\":\"2022-12-29T09:00:00+07:00\",\"outcome\":\"grant\",\"note\":\"Đủ điều kiện\"," \
    "\"result_attachment\":\"tep-2\"},"                                                                                            \
    "\"decision\":{\"by\":\"cb-09\",\"on_behalf_of\":\"cb-08\",\"at\":\"2022-12-29T09:30:00+07:00\","                              \
    "\"outcome\":\"grant\",\"signature\":" SIGNATURE ",\"number\":\"12/KS\"},"                                                     \
    "\"actions\":[{\"action\":\"supplement\",\"offline\":\"queue\",\"requires\":[\"note\",\"papers\"]},"                           \
    "{\"action\":\"stop\",\"offline\":\"queue\"}],"                                                                                \
    "\"unavailable\":[{\"action\":\"approve\",\"reason\":\"Chưa đến bước ký duyệt\"}]}"

const char *const fixture_dossier = DOSSIER;

const char *const fixture_dossier_small =
    "{\"id\":\"hs-2\",\"version\":1,\"code\":\"x\",\"procedure\":\"tt-1\",\"applicant\":{\"kind\":\"person\",\"name\":\"A\"},"
    "\"channel\":\"counter\",\"unit\":\"u\",\"status\":\"received\",\"step\":\"intake\","
    "\"submitted_at\":\"2022-12-29T09:42:00+07:00\",\"actions\":[]}";

#define FIXTURE(s, needs, ...)                               \
    {                                                        \
#s, &shape_##s, sizeof(struct s), needs, __VA_ARGS__ \
    }

const struct fixture fixtures[] = {
    FIXTURE(dossier, "id version code procedure applicant channel unit status step submitted_at actions", DOSSIER),
    FIXTURE(unit, "id name level",
            "{\"id\":\"H06.33.26\",\"name\":\"UBND xã Ngãi Giao\",\"level\":\"commune\",\"parent\":\"H06.33\","
            "\"active_from\":\"2003-01-01\",\"active_until\":\"2025-06-30\",\"successor\":\"H29.26\"}"),
    FIXTURE(officer, "id name unit roles",
            "{\"id\":\"cb-09\",\"name\":\"Phạm Minh Quân\",\"title\":\"Phó chủ tịch\",\"unit\":\"H06.33.26\","
            "\"email\":\"quan@example.vn\",\"roles\":[\"supervisor\",\"specialist\"],\"signing_certificate\":\"3e23\","
            "\"mandates\":[{\"on_behalf_of\":\"cb-08\",\"from\":\"2022-12-01T00:00:00+07:00\","
            "\"until\":\"2022-12-31T23:59:59+07:00\",\"procedures\":[\"tt-1\"]}]}"),
    FIXTURE(office_calendar, "unit time_zone week exceptions",
            "{\"unit\":\"H06.33.26\",\"time_zone\":\"Asia/Ho_Chi_Minh\",\"week\":[[[\"07:30\",\"11:30\"],[\"13:30\","
            "\"17:00\"]],[[\"07:30\",\"11:30\"]],[[\"00:00\",\"24:00\"]],[[\"07:30\",\"11:30\"],[\"11:30\",\"12:00\"]],[],[],[]],"
            "\"exceptions\":[{\"date\":\"2023-01-02\",\"hours\":[],\"name\":\"Tết Dương lịch\"},"
            "{\"date\":\"2023-01-07\",\"hours\":[[\"08:05\",\"09:00\"]]}]}"),
    FIXTURE(
        procedure, "id code name field service_level time_limit papers active",
        "{\"id\":\"tt-1\",\"code\":\"1.001193\",\"name\":\"Đăng ký khai sinh\",\"field\":\"Hộ tịch\",\"level\":\"commune\","
        "\"processing\":\"elsewhere\",\"effective_from\":\"2020-01-01\",\"effective_until\":\"2030-01-01\","
        "\"service_level\":\"full\",\"units\":[\"H06.33.26\"],\"time_limit\":{\"amount\":3,\"unit\":\"working_days\"},"
        "\"fees\":[{\"name\":\"Lệ phí\",\"amount\":8000,\"per\":\"copy\",\"channel\":\"counter\",\"exempt\":\"Hộ nghèo\"}],"
        "\"papers\":[{\"id\":\"to-khai\",\"name\":\"Tờ khai\",\"required\":false,\"originals\":1,\"certified_copies\":2,"
        "\"photocopies\":3,\"condition\":\"Nếu có\"}],"
        "\"form\":[{\"id\":\"cha\",\"label\":\"Cha\",\"type\":\"choice\",\"required\":true,\"choices\":[\"a\",\"b\"],"
        "\"max_length\":200}],\"steps\":[\"Nộp\",\"Nhận\"],\"legal_basis\":[\"Luật 60/2014\"],"
        "\"disclosure_url\":\"https://example.vn/1.001193\",\"active\":false}"),
    FIXTURE(applicant, "kind name", APPLICANT),
    FIXTURE(paper, "id name state",
            "{\"id\":\"to-khai\",\"name\":\"Tờ khai\",\"state\":\"reused\",\"originals\":1,\"certified_copies\":2,"
            "\"photocopies\":3,\"attachment\":\"tep-1\"}"),
    FIXTURE(attachment, "id name media_type size sha256 complete",
            "{\"id\":\"tep-1\",\"name\":\"a.pdf\",\"media_type\":\"application/pdf\",\"size\":1,\"sha256\":\"00\","
            "\"paper\":\"p\",\"role\":\"result\",\"complete\":false}"),
    FIXTURE(fee, "name amount paid",
            "{\"name\":\"Lệ phí\",\"amount\":0,\"paid\":0,\"paid_at\":\"2022-12-29T09:50:00+07:00\",\"method\":\"card\","
            "\"receipt\":\"7\"}"),
    FIXTURE(payment, "id amount status vietqr",
            "{\"id\":\"tt-1\",\"amount\":8000,\"purpose\":\"p\",\"status\":\"paid\",\"payee\":\"UBND\",\"vietqr\":\"0002\","
            "\"expires_at\":\"2022-12-29T10:00:00+07:00\"}"),
    FIXTURE(dossier_page, "items more",
            "{\"items\":[{\"id\":\"hs-2\",\"version\":1,\"code\":\"x\",\"procedure\":\"tt-1\",\"applicant\":{\"kind\":\"person\","
            "\"name\":\"A\"},\"channel\":\"counter\",\"unit\":\"u\",\"status\":\"received\",\"step\":\"intake\","
            "\"submitted_at\":\"2022-12-29T09:42:00+07:00\",\"actions\":[]}],\"cursor\":\"c\",\"more\":true}"),
    FIXTURE(event, "seq at action",
            "{\"seq\":1,\"at\":\"2022-12-29T09:42:00+07:00\",\"acted_at\":\"2022-12-29T09:40:00+07:00\","
            "\"on_behalf_of\":\"cb-08\",\"by\":\"cb-09\",\"action\":\"approve\",\"from\":\"in_progress\","
            "\"to\":\"in_progress\",\"note\":\"n\"}"),
    FIXTURE(event_page, "items more",
            "{\"items\":[{\"seq\":1,\"at\":\"2022-12-29T09:42:00+07:00\",\"action\":\"create\"}],\"cursor\":\"c\",\"more\":false}"),
    FIXTURE(about, "name api_version issuer client_id time features",
            "{\"name\":\"Hệ thống\",\"api_version\":\"1.0\",\"issuer\":\"https://a.vn\",\"client_id\":\"motcua\","
            "\"time\":\"2022-12-29T09:42:00+07:00\",\"training\":true,\"features\":[\"payments\"],\"max_upload_bytes\":1}"),
    FIXTURE(signature_request, "id status",
            "{\"id\":\"yc-1\",\"status\":\"signed\",\"expires_at\":\"2022-12-29T09:47:00+07:00\","
            "\"confirmation_code\":\"7391\",\"cms\":\"AAAA\"}"),
    FIXTURE(problem, "type title status",
            "{\"type\":\"urn:onestop:problem:stale-version\",\"title\":\"Hồ sơ đã thay đổi\",\"status\":412,\"detail\":\"d\","
            "\"errors\":[{\"field\":\"/note\",\"message\":\"bắt buộc\"}],\"changed_by\":\"cb-02\","
            "\"changed_at\":\"2022-12-29T09:42:00+07:00\",\"current\":{\"id\":\"hs-2\",\"x\":[1.5,{}]}}"),
    FIXTURE(action_request, "action",
            "{\"action\":\"propose\",\"note\":\"n\",\"assignee\":\"cb-05\",\"papers\":[\"a\"],\"until\":\"2023-01-15\","
            "\"amount\":1,\"method\":\"transfer\",\"outcome\":\"grant\",\"result_attachment\":\"tep-2\","
            "\"new_due_at\":\"2023-01-04T09:00:00+07:00\",\"number\":\"12\",\"returned_to\":\"A\",\"signature\":" SIGNATURE
            ",\"acted_at\":\"2022-12-29T09:42:00+07:00\",\"on_behalf_of\":\"cb-08\"}"),
    FIXTURE(
        new_dossier, "procedure applicant channel unit",
        "{\"procedure\":\"tt-1\",\"applicant\":" APPLICANT
        ",\"submitted_by\":{\"kind\":\"person\",\"name\":\"B\"},\"channel\":\"post\",\"unit\":\"u\",\"form\":" FORM
        ",\"sets\":3,\"papers\":" PAPERS ",\"fees\":" FEES
        ",\"received_at\":\"2022-12-29T09:42:00+07:00\",\"code\":\"c\",\"client_ref\":\"TN-1\",\"external_code\":\"e\"}"),
    FIXTURE(dossier_search, "",
            "{\"q\":\"mai\",\"status\":\"received\",\"unit\":\"u\",\"cursor\":\"c\",\"limit\":200}"),
    FIXTURE(signing_statement,
            "statement dossier code version procedure applicant outcome note documents officer unit signed_at",
            "{\"statement\":\"onestop/decision/1\",\"dossier\":\"hs-2\",\"code\":\"x\",\"version\":7,\"procedure\":\"1 Đăng ký\","
            "\"applicant\":\"Mai\",\"outcome\":\"grant\",\"note\":\"\",\"documents\":[{\"id\":\"tep-2\",\"name\":\"kq.pdf\","
            "\"sha256\":\"00\"}],\"officer\":\"cb-09\",\"on_behalf_of\":\"cb-08\",\"unit\":\"u\","
            "\"signed_at\":\"2022-12-29T09:42:00+07:00\"}"),
    FIXTURE(oidc_metadata, "issuer token_endpoint device_authorization_endpoint",
            "{\"issuer\":\"https://a.vn\",\"token_endpoint\":\"https://a.vn/t\","
            "\"device_authorization_endpoint\":\"https://a.vn/d\",\"revocation_endpoint\":\"https://a.vn/r\"}"),
    FIXTURE(device_authorization, "device_code user_code verification_uri expires_in",
            "{\"device_code\":\"d\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":\"https://a.vn/v\","
            "\"verification_uri_complete\":\"https://a.vn/v?c=1\",\"expires_in\":600,\"interval\":2}"),
    FIXTURE(token_answer, "",
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":300,\"refresh_token\":\"r\",\"error\":\"e\","
            "\"error_description\":\"x\"}"),
};
const size_t n_fixtures = sizeof(fixtures) / sizeof(fixtures[0]);

json_t *fixture_json(const char *text)
{
    struct err e = {0};
    json_t *json = codec_parse(text, strlen(text), &e);
    if (!json)
        fail_msg("%s: %s", e.text, text);
    return json;
}

bool fixture_requires(const struct fixture *f, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = f->required; (at = strstr(at, name)); at += n)
        if ((at == f->required || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    return false;
}
