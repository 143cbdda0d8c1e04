/* phone_page: the page that stands for an officer's phone: what waits for his signature, in words, with the code to compare, yes or no. It
 * refuses to sign what the officer was not shown: a statement that it cannot put into words is shown as it came.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/html.h"
#include "training/phone.h"

#include "core/statement.h"

#include <string.h>

#define SHOWN_MOST 50

static const struct say title = {{"Ký số bằng điện thoại", "Sign with a phone"}};
static const struct say whose = {{"Đây là điện thoại của ai?", "Whose phone is this?"}};
static const struct say look = {{"Xem", "Look"}};
static const struct say look_again = {{"Xem lại", "Look again"}};
static const struct say nothing = {{"Không có gì chờ {} ký.", "Nothing waits for {} to sign."}};
static const struct say waits = {{"Chờ {} ký:", "Waiting for {} to sign:"}};
static const struct say compare = {
    {"Mã xác nhận {}, đến {}. So đúng mã đang hiện trên máy rồi mới đồng ý.",
     "Confirmation code {}, until {}. Compare it with the workstation's, then confirm."}};
static const struct say agree = {{"Đồng ý ký", "Confirm and sign"}};
static const struct say refuse = {{"Từ chối", "Refuse"}};
static const struct say is_over = {
    {"Yêu cầu này đã xong, đã thôi hoặc đã hết giờ.", "This request is over: done, called off or expired."}};
static const struct say agreed = {{"Đã ký, mã {}.", "Signed, code {}."}};
static const struct say refused = {
    {"Đã từ chối, mã {}. Không có gì được ký.", "Refused, code {}. Nothing was signed."}};

static const struct say label_code = {{"Hồ sơ", "Dossier"}};
static const struct say label_procedure = {{"Thủ tục", "Procedure"}};
static const struct say label_applicant = {{"Người nộp", "Applicant"}};
static const struct say label_outcome = {{"Quyết định", "Decision"}};
static const struct say label_note = {{"Ý kiến", "Note"}};
static const struct say label_document = {{"Văn bản", "Document"}};
static const struct say label_behalf = {{"Thay mặt", "On behalf of"}};
static const struct say label_version = {{"Phiên bản", "Version"}};
static const struct say grants = {{"ĐỒNG Ý GIẢI QUYẾT", "GRANT"}};
static const struct say refuses = {{"TỪ CHỐI GIẢI QUYẾT", "REFUSE"}};

static void put_fact(struct call *call, struct buf *out, struct say label, const char *value)
{
    if (value && *value)
        buf_format(out, "<dt>%s</dt><dd>%s</dd>\n", say_text(call, label), html_text(call, value));
}

static void put_statement(struct call *call, struct buf *out, const struct phone *phone)
{
    struct signing_statement said;

    if (!statement_parse(phone->statement, phone->len, &call->arena, &said, NULL)) {
        buf_format(out, "<pre>%s</pre>\n", html_text(call, phone->statement));
        return;
    }
    bool yes = strcmp(said.outcome, "grant") == 0;
    buf_text(out, "<dl>\n");
    put_fact(call, out, label_code, said.code);
    put_fact(call, out, label_version, arena_format(&call->arena, "%lld", (long long)said.version));
    put_fact(call, out, label_procedure, said.procedure);
    put_fact(call, out, label_applicant, said.applicant);
    put_fact(call, out, label_outcome, say_text(call, yes ? grants : refuses));
    put_fact(call, out, label_note, said.note);
    for (size_t i = 0; i < said.n_documents; i++)
        put_fact(call, out, label_document,
                 arena_format(&call->arena, "%s · SHA-256 %s", said.documents[i].name, said.documents[i].sha256));
    put_fact(call, out, label_behalf, said.on_behalf_of);
    buf_text(out, "</dl>\n");
}

static void put_request(struct call *call, struct buf *out, const struct phone *phone)
{
    struct civil until = instant_civil(phone->until, CENTRAL_ZONE_OFFSET);
    const char *clock = arena_format(&call->arena, "%02d:%02d", until.hour, until.minute);

    buf_text(out, "<hr>\n");
    put_statement(call, out, phone);
    buf_format(out,
               "<p><strong>%s</strong></p>\n<form method=\"post\" action=\"" PHONE_PATH
               "\"><input type=\"hidden\" name=\"yeu_cau\" value=\"%s\">"
               "<button name=\"viec\" value=\"dong_y\">%s</button><button name=\"viec\" value=\"tu_choi\">%s</button></form>\n",
               say_with(call, compare, (const char *[]){html_text(call, phone->code), clock}),
               html_text(call, phone->id), say_text(call, agree), say_text(call, refuse));
}

static void page_choose(struct call *call, int status)
{
    struct buf out = {0};

    buf_format(&out, "<form method=\"get\" action=\"" PHONE_PATH "\"><p>%s</p>\n", say_text(call, whose));
    html_officers(call, &out);
    buf_format(&out, "<button>%s</button></form>\n", say_text(call, look));
    html_answer(call, status, title, &out);
}

/* What waits for him; first what became of the one that he has just answered. */
static void page_list(struct call *call, const struct officer *officer, const char *message)
{
    struct phone *items = arena_alloc(&call->arena, SHOWN_MOST * sizeof *items);
    size_t n = phone_waiting(call->central, officer->id, call->now, &call->arena, items, SHOWN_MOST);
    const char *name = html_text(call, officer->name);
    struct buf out = {0};

    if (message)
        buf_format(&out, "<p><strong>%s</strong></p>\n", message);
    buf_format(&out, "<p>%s <a href=\"" PHONE_PATH "?can_bo=%s\">%s</a></p>\n",
               say_with(call, n ? waits : nothing, (const char *[]){name}), html_text(call, officer->id),
               say_text(call, look_again));
    for (size_t i = 0; i < n; i++)
        put_request(call, &out, &items[i]);
    html_answer(call, 200, title, &out);
}

static void decide(struct call *call, const char *id)
{
    const char *what = form_value(&call->arena, call->request->body, call->request->len, "viec");
    struct central *central = call->central;
    struct phone phone = {0};

    if (!id || !what || !phone_find(central, id, call->now, &call->arena, &phone)) {
        page_choose(call, 404);
        return;
    }
    bool yes = strcmp(what, "dong_y") == 0;
    struct say said = is_over;
    if (phone_is_waiting(&phone, call->now)) {
        store_begin(central->store);
        if (yes)
            phone_sign(central, &phone, call->now, &call->arena);
        else
            phone_set(central, &phone, PHONE_REJECTED);
        if (!store_commit(central->store)) {
            problem_answer(call, PROBLEM_INTERNAL);
            return;
        }
        said = phone.state == PHONE_SIGNED ? agreed : refused;
    }
    page_list(call, directory_officer(central->directory, phone.officer, NULL),
              say_with(call, said, (const char *[]){phone.code}));
}

void phone_page(struct call *call)
{
    const struct central_request *request = call->request;

    if (strcmp(request->method, "POST") == 0) {
        decide(call, request->len <= 8192 ? form_value(&call->arena, request->body, request->len, "yeu_cau")
                                          : NULL);
        return;
    }
    const char *who =
        request->query ? form_value(&call->arena, request->query, strlen(request->query), "can_bo") : NULL;
    const struct officer *officer = who ? directory_officer(call->central->directory, who, NULL) : NULL;
    if (officer)
        page_list(call, officer, NULL);
    else
        page_choose(call, who ? 404 : 200);
}
