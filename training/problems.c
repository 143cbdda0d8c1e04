/* problems: how an answer is put together, and what is said when something is wrong (RFC 9457), in Vietnamese or English.
 * It refuses to decide anything: whoever calls knows which problem it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct problem_words {
    const char *name;
    int status;
    struct say title;
};

static const struct problem_words problems[PROBLEM_COUNT] = {
    [PROBLEM_MALFORMED] = {"validation-failed", 400, {{"Yêu cầu không đọc được", "The request cannot be read"}}},
    [PROBLEM_UNAUTHORIZED] = {"unauthorized", 401, {{"Cần đăng nhập", "Sign in first"}}},
    [PROBLEM_STEP_UP] = {"step-up-required",
                         401,
                         {{"Đăng nhập đã lâu, hãy đăng nhập lại rồi ký", "Sign in again before you sign"}}},
    [PROBLEM_FORBIDDEN] = {"forbidden",
                           403,
                           {{"Vai trò của cán bộ không được làm việc này",
                             "This is not for an officer of this role"}}},
    [PROBLEM_FOUR_EYES] = {"four-eyes",
                           403,
                           {{"Người trình không được ký hồ sơ mình trình",
                             "Who proposed a decision may not sign it"}}},
    [PROBLEM_NOT_FOUND] = {"not-found",
                           404,
                           {{"Không có, hoặc cán bộ không được xem", "Not here, or not yours to see"}}},
    [PROBLEM_NOT_ALLOWED] = {"action-not-allowed",
                             409,
                             {{"Hồ sơ đang ở bước không làm được việc này",
                               "As the dossier stands, this cannot be done"}}},
    [PROBLEM_FEE_UNPAID] = {"fee-unpaid", 409, {{"Còn phí chưa nộp", "A fee is not paid yet"}}},
    [PROBLEM_CURSOR] = {"cursor-expired",
                        410,
                        {{"Dấu tiếp không dùng được nữa, hãy lấy lại từ đầu",
                          "The cursor is no longer good; start from the beginning"}}},
    [PROBLEM_STALE] = {"stale-version",
                       412,
                       {{"Hồ sơ đã đổi từ lúc cán bộ xem", "It has changed since you saw it"}}},
    [PROBLEM_TOO_LARGE] = {"too-large", 413, {{"Quá lớn", "Too large"}}},
    [PROBLEM_INVALID] = {"validation-failed",
                         422,
                         {{"Có chỗ thiếu hoặc chưa đúng", "Something is missing or wrong"}}},
    [PROBLEM_SIGNATURE] = {"signature-invalid",
                           422,
                           {{"Chữ ký hoặc nội dung ký không đúng",
                             "The signature, or what was signed, is not right"}}},
    [PROBLEM_NUMBER] = {"number-not-reserved",
                        422,
                        {{"Mã hồ sơ này không được giữ trước cho cán bộ", "This code was not reserved for you"}}},
    [PROBLEM_OFFSET] = {"offset-mismatch",
                        409,
                        {{"Máy chủ đang ở chỗ khác của tệp này", "The server stands elsewhere in this file"}}},
    [PROBLEM_DIGEST] = {"digest-mismatch",
                        422,
                        {{"Tệp nhận được khác tệp đã báo, hãy gửi lại từ đầu",
                          "What came is not what was announced; send it from the start"}}},
    [PROBLEM_KEY_REUSED] = {"idempotency-key-reused",
                            422,
                            {{"Khóa này đã dùng cho yêu cầu khác", "This key already stands for another request"}}},
    [PROBLEM_PRECONDITION] = {"precondition-required",
                              428,
                              {{"Thiếu If-Match: bản hồ sơ mà cán bộ đã xem",
                                "If-Match is missing: the version you saw"}}},
    [PROBLEM_INTERNAL] = {"internal", 500, {{"Máy chủ gặp lỗi, hãy gửi lại", "The server failed; send it again"}}},
};

const char *say_text(const struct call *call, struct say say)
{
    return say.text[call->language];
}

char *say_with(struct call *call, struct say say, const char *const values[])
{
    const char *text = say_text(call, say), *hole;
    struct buf out = {0};

    for (; (hole = strstr(text, "{}")); text = hole + 2) {
        buf_add(&out, text, (size_t)(hole - text));
        buf_text(&out, *values++);
    }
    buf_text(&out, text);
    char *copy = arena_copy(&call->arena, out.data);
    buf_clear(&out);
    return copy;
}

/* The weight of a range of Accept-Language, in thousandths; 1000 where it has none. */
static int quality(const char *range, size_t len)
{
    const char *q = memmem(range, len, "q=", 2);

    if (!q)
        return 1000;
    return (int)(strtod(q + 2, NULL) * 1000);
}

enum language language_of(const char *accept)
{
    int best[2] = {-1, -1};

    while (accept && *accept) {
        accept += strspn(accept, " \t,");
        size_t len = strcspn(accept, ","), tag = strcspn(accept, ",;- \t");
        int q = quality(accept, len);
        bool any = tag == 1 && accept[0] == '*';
        if ((tag == 2 && strncasecmp(accept, "vi", 2) == 0) || any)
            best[LANGUAGE_VI] = q > best[LANGUAGE_VI] ? q : best[LANGUAGE_VI];
        if ((tag == 2 && strncasecmp(accept, "en", 2) == 0))
            best[LANGUAGE_EN] = q > best[LANGUAGE_EN] ? q : best[LANGUAGE_EN];
        accept += len;
    }
    return best[LANGUAGE_EN] > 0 && best[LANGUAGE_EN] > best[LANGUAGE_VI] ? LANGUAGE_EN : LANGUAGE_VI;
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

void answer_header(struct central_answer *answer, const char *name, const char *format, ...)
{
    char value[512];
    va_list args;

    if (answer->n_headers == CENTRAL_MAX_HEADERS)
        die("an answer with more than %d headers", CENTRAL_MAX_HEADERS);
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    answer->headers[answer->n_headers++] = (struct central_header){.name = name, .value = mem_copy(value)};
}

const char *central_answer_header(const struct central_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->n_headers; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}

void central_answer_clear(struct central_answer *answer)
{
    for (size_t i = 0; i < answer->n_headers; i++)
        mem_free(&answer->headers[i].value);
    buf_clear(&answer->body);
    *answer = (struct central_answer){0};
}

void answer_empty(struct call *call, int status)
{
    central_answer_clear(call->answer);
    call->answer->status = status;
}

static void answer_typed(struct call *call, int status, const char *type, struct buf *body)
{
    answer_empty(call, status);
    answer_header(call->answer, "Content-Type", "%s", type);
    call->answer->body = *body;
    *body = (struct buf){0};
}

void answer_json(struct call *call, int status, struct buf *json)
{
    answer_typed(call, status, "application/json", json);
}

static int dump_to(const char *bytes, size_t n, void *out)
{
    buf_add(out, bytes, n);
    return 0;
}

static void dump(json_t *json, struct buf *out)
{
    if (!json || json_dump_callback(json, dump_to, out, JSON_COMPACT) != 0)
        die("out of memory, or text that is not UTF-8");
    json_decref(json);
}

void answer_value(struct call *call, int status, json_t *json)
{
    struct buf body = {0};

    dump(json, &body);
    answer_json(call, status, &body);
}

/* ── problems ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static json_t *problem_json(const struct call *call, const struct problem_words *words)
{
    char type[64];

    snprintf(type, sizeof type, "urn:onestop:problem:%s", words->name);
    return json_pack("{s:s, s:s, s:i}", "type", type, "title", say_text(call, words->title), "status",
                     words->status);
}

static bool answer_problem(struct call *call, enum problem_kind kind, json_t *problem)
{
    struct buf body = {0};

    dump(problem, &body);
    answer_typed(call, problems[kind].status, "application/problem+json", &body);
    if (kind == PROBLEM_UNAUTHORIZED && call->request->authorization)
        answer_header(call->answer, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    else if (kind == PROBLEM_UNAUTHORIZED)
        answer_header(call->answer, "WWW-Authenticate", "Bearer");
    else if (kind == PROBLEM_STEP_UP)
        answer_header(call->answer, "WWW-Authenticate", "Bearer error=\"insufficient_user_authentication\"");
    return false;
}

bool problem_answer(struct call *call, enum problem_kind kind)
{
    return answer_problem(call, kind, problem_json(call, &problems[kind]));
}

bool problem_detail(struct call *call, enum problem_kind kind, const char *field, const char *message)
{
    json_t *problem = problem_json(call, &problems[kind]);

    json_object_set_new(problem, "detail", json_string(message));
    if (field)
        json_object_set_new(problem, "errors", json_pack("[{s:s, s:s}]", "field", field, "message", message));
    return answer_problem(call, kind, problem);
}

bool problem_at(struct call *call, enum problem_kind kind, const char *field, struct say message)
{
    return problem_detail(call, kind, field, say_text(call, message));
}

/* `current` is spliced in as text: the document is text already. */
bool problem_stale(struct call *call, enum problem_kind kind, const struct record *record, struct say why)
{
    json_t *problem = problem_json(call, &problems[kind]);
    struct buf body = {0};
    char at[INSTANT_TEXT];

    if (why.text[0])
        json_object_set_new(problem, "detail", json_string(say_text(call, why)));
    if (record->changed_by)
        json_object_set_new(problem, "changed_by", json_string(record->changed_by));
    instant_format(record->changed_at, CENTRAL_ZONE_OFFSET, at);
    json_object_set_new(problem, "changed_at", json_string(at));
    dump(problem, &body);
    body.data[--body.len] = '\0'; /* its last brace */
    buf_text(&body, ",\"current\":");
    record_view(call, record, &body);
    buf_char(&body, '}');
    answer_typed(call, problems[kind].status, "application/problem+json", &body);
    return false;
}
