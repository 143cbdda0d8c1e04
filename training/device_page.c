/* device_page: what a phone or browser shows at the verification address: which workstation asks, who is to be signed in, yes or
 * no. Plain HTML without a script. In training anybody may be anybody: an officer is picked, no password is asked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/html.h"
#include "training/inside.h"
#include "training/oauth.h"

#include <ctype.h>
#include <string.h>

static const struct say title = {{"Đăng nhập thiết bị", "Sign in a device"}};
static const struct say ask_code = {
    {"Nhập mã đang hiện trên máy của cán bộ:", "Enter the code that the workstation shows:"}};
static const struct say go_on = {{"Tiếp tục", "Go on"}};
static const struct say unknown_code = {
    {"Không có mã này, hoặc mã đã dùng hay đã hết giờ. Xem lại mã trên máy.",
     "There is no such code, or it was used or has expired. Look at the workstation again."}};
static const struct say which = {
    {"Máy {} xin đăng nhập lúc {}, mã {}.", "Workstation {} asks to sign in at {}, code {}."}};
static const struct say no_name = {{"(không rõ tên)", "(no name)"}};
static const struct say compare = {
    {"So đúng tên máy và mã rồi chọn cán bộ.", "Compare name and code, then choose the officer."}};
static const struct say agree = {{"Đồng ý", "Confirm"}};
static const struct say refuse = {{"Từ chối", "Refuse"}};
static const struct say agreed = {{"Đã đồng ý: {} đăng nhập trên máy đó. Có thể đóng trang này.",
                                   "Confirmed: {} is signed in on that workstation. You may close this page."}};
static const struct say refused = {
    {"Đã từ chối. Máy đó không đăng nhập được.", "Refused. That workstation is not signed in."}};
static const struct say choose_somebody = {{"Hãy chọn một cán bộ.", "Choose an officer."}};

static void page_message(struct call *call, int status, const char *text)
{
    struct buf out = {0};

    buf_format(&out, "<p>%s</p>\n", text);
    html_answer(call, status, title, &out);
}

static void page_code(struct call *call, int status, const char *message)
{
    struct buf out = {0};

    if (message)
        buf_format(&out, "<p><strong>%s</strong></p>\n", message);
    buf_format(&out,
               "<form method=\"get\" action=\"" DEVICE_PATH "\"><label>%s <input type=\"text\" name=\"ma\" autofocus "
               "autocomplete=\"off\" autocapitalize=\"characters\"></label><button>%s</button></form>\n",
               say_text(call, ask_code), say_text(call, go_on));
    html_answer(call, status, title, &out);
}

static void page_choose(struct call *call, int status, const struct device *device, const char *message)
{
    struct buf out = {0};
    struct civil at = instant_civil(device->created, CENTRAL_ZONE_OFFSET);
    const char *name = device->workstation ? device->workstation : say_text(call, no_name);
    char *clock = arena_format(&call->arena, "%02d:%02d", at.hour, at.minute);

    if (message)
        buf_format(&out, "<p><strong>%s</strong></p>\n", message);
    buf_text(&out, "<p>");
    buf_text(&out, say_with(call, which,
                            (const char *[]){html_text(call, name), clock, html_text(call, device->user_code)}));
    buf_format(&out,
               " %s</p>\n<form method=\"post\" action=\"" DEVICE_PATH
               "\"><input type=\"hidden\" name=\"ma\" value=\"%s\">\n",
               say_text(call, compare), html_text(call, device->user_code));
    html_officers(call, &out);
    buf_format(&out,
               "<button name=\"viec\" value=\"dong_y\">%s</button><button name=\"viec\" value=\"tu_choi\">%s</button></form>\n",
               say_text(call, agree), say_text(call, refuse));
    html_answer(call, status, title, &out);
}

/* As people type it: any case, with or without the hyphen. */
static char *user_code(struct call *call, const char *typed)
{
    char *code = arena_alloc(&call->arena, USER_CODE_TEXT), *o = code;

    for (; *typed && o < code + USER_CODE_TEXT - 1; typed++) {
        if (!isalpha((unsigned char)*typed))
            continue;
        if (o == code + 4)
            *o++ = '-';
        *o++ = (char)toupper((unsigned char)*typed);
    }
    return code;
}

static void decide(struct call *call, struct device *device)
{
    const char *body = call->request->body;
    const char *id = form_value(&call->arena, body, call->request->len, "can_bo");
    const char *what = form_value(&call->arena, body, call->request->len, "viec");
    bool yes = what && strcmp(what, "dong_y") == 0;
    const struct officer *officer = id ? directory_officer(call->central->directory, id, NULL) : NULL;

    if (yes && !officer) {
        page_choose(call, 200, device, say_text(call, choose_somebody));
        return;
    }
    device->state = yes ? DEVICE_APPROVED : DEVICE_DENIED;
    device->officer = yes ? arena_copy(&call->arena, officer->id) : NULL;
    store_begin(call->central->store);
    device_put(call->central, device);
    if (!store_commit(call->central->store)) {
        problem_answer(call, PROBLEM_INTERNAL);
        return;
    }
    page_message(call, 200,
                 yes ? say_with(call, agreed, (const char *[]){html_text(call, officer->name)})
                     : say_text(call, refused));
}

void device_page(struct call *call)
{
    bool post = strcmp(call->request->method, "POST") == 0;
    const char *form = post ? call->request->body : call->request->query;
    size_t len = post ? call->request->len : form ? strlen(form) : 0;
    const char *typed = len <= 8192 ? form_value(&call->arena, form, len, "ma") : NULL;
    struct device device;

    if (!typed || !*typed) {
        page_code(call, 200, NULL);
        return;
    }
    if (!device_find(call->central, user_code(call, typed), &call->arena, &device) ||
        device.state != DEVICE_WAITING || call->now >= device.until) {
        page_code(call, 404, say_text(call, unknown_code));
        return;
    }
    if (post)
        decide(call, &device);
    else
        page_choose(call, 200, &device, NULL);
}
