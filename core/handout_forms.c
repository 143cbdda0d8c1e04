/* handout_forms: the forms of Circulars 01/2018/TT-VPCP and 03/2025/TT-VPCP (Government Office), whose numbers and titles differ. It refuses
 * to fill in what nobody said: such places are left to the pen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handout.h"

#include "core/instant.h"
#include "core/text.h"
#include "core/words.h"
#include "core/workflow.h"

#include <string.h>

#define PEN       HANDOUT_PEN
#define PEN_SHORT "………"

/* Circular 03/2025 holds from 15/09/2025 on. */
static bool is_new(int32_t day)
{
    return day >= day_of(2025, 9, 15);
}

/* By circular: the old one's, the new one's. */
static const struct {
    const char *name, *file;
    int number[2]; /* 0: it has none */
    const char *title[2];
} forms[HANDOUT_KINDS] = {
    [HANDOUT_RECEIPT] = {"Giấy tiếp nhận và hẹn trả",
                         "giay-tiep-nhan",
                         {1, 1},
                         {"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"}},
    [HANDOUT_SUPPLEMENT] = {"Phiếu yêu cầu bổ sung",
                            "phieu-bo-sung",
                            {2, 2},
                            {"PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ"}},
    [HANDOUT_REFUSAL] = {"Phiếu từ chối",
                         "phieu-tu-choi",
                         {3, 3},
                         {"PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ"}},
    [HANDOUT_APOLOGY] = {"Xin lỗi và hẹn lại",
                         "xin-loi-hen-lai",
                         {4, 4},
                         {"PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
                          "XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"}},
    [HANDOUT_STOP] = {"Thông báo dừng giải quyết", "thong-bao-dung", {0, 5}, {NULL, "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ"}},
    [HANDOUT_CONTROL] = {"Phiếu kiểm soát",
                         "phieu-kiem-soat",
                         {5, 6},
                         {"PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
                          "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"}},
};

/* ── which ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct supplement *open_supplement(const struct dossier *d)
{
    const struct supplement *last = d->n_supplements ? &d->supplements[d->n_supplements - 1] : NULL;

    return last && last->received_at == INSTANT_NONE ? last : NULL;
}

bool handout_fits(enum handout_kind kind, const struct dossier *d, int32_t day)
{
    enum dossier_status status = status_of(d->status);
    bool taken_in = d->received_at != INSTANT_NONE;

    switch (kind) {
    case HANDOUT_RECEIPT:
        return taken_in && status != STATUS_DECLINED;
    case HANDOUT_SUPPLEMENT:
        return status == STATUS_AWAITING_SUPPLEMENT && open_supplement(d);
    case HANDOUT_REFUSAL:
        return status == STATUS_DECLINED;
    case HANDOUT_APOLOGY:
        return d->extended_from != INSTANT_NONE && d->due_at != INSTANT_NONE;
    case HANDOUT_STOP:
        return status == STATUS_STOPPED && is_new(day);
    case HANDOUT_CONTROL:
        return taken_in;
    case HANDOUT_KINDS:
        break;
    }
    return false;
}

enum handout_kind handout_apt(const struct dossier *d, int32_t day)
{
    static const enum handout_kind order[] = {HANDOUT_SUPPLEMENT, HANDOUT_REFUSAL, HANDOUT_STOP,
                                              HANDOUT_RECEIPT, HANDOUT_CONTROL};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (handout_fits(order[i], d, day))
            return order[i];
    return HANDOUT_KINDS;
}

bool handout_needs_events(enum handout_kind kind)
{
    return kind == HANDOUT_REFUSAL || kind == HANDOUT_APOLOGY || kind == HANDOUT_STOP || kind == HANDOUT_CONTROL;
}

/* ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct handout_fact fact(const char *label, const char *value)
{
    return (struct handout_fact){.label = label, .value = value};
}

static const struct handout_fact nothing = {0};

static struct handout_fact number(struct handout_page *p, const char *label, const char *digits)
{
    bool there = digits && *digits;

    return (struct handout_fact){
        .label = label, .value = there ? text_shown(p->arena, digits) : PEN, .personal = there};
}

static void one(struct handout_page *p, const char *label, const char *value)
{
    handout_facts(p, fact(label, value), nothing);
}

static void text(struct handout_page *p, const char *words)
{
    handout_add(p, HANDOUT_TEXT)->fact[0].value = words;
}

static void sign(struct handout_page *p, struct handout_fact left, struct handout_fact right)
{
    struct handout_block *b = handout_add(p, HANDOUT_SIGNATURES);

    b->fact[0] = left;
    b->fact[1] = right;
}

static const char *or_pen(struct handout_page *p, const char *data)
{
    return data && *data ? text_shown(p->arena, data) : PEN;
}

/* ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct applicant *who_files(const struct dossier *d)
{
    return d->submitted_by ? d->submitted_by : d->applicant;
}

/* "bà Phạm Thị Diễm Hương"; whose sex is not said is a name alone. */
static const char *person(struct handout_page *p, const struct applicant *a)
{
    const char *name = text_shown(p->arena, a->name);

    if (!a->sex || (strcmp(a->sex, "female") != 0 && strcmp(a->sex, "male") != 0))
        return name;
    return arena_format(p->arena, "%s %s", strcmp(a->sex, "female") == 0 ? "bà" : "ông", name);
}

static void add_person(struct handout_page *p, const char *label, const struct dossier *d)
{
    const struct applicant *a = who_files(d);

    handout_facts(p, fact(label, person(p, a)), number(p, "Số giấy tờ", a->id_number));
    handout_facts(p, fact("Địa chỉ", or_pen(p, a->address)), number(p, "Điện thoại", a->phone));
    if (a->email && *a->email)
        one(p, "Thư điện tử", text_shown(p->arena, a->email));
    if (d->submitted_by)
        one(p, "Chủ hồ sơ", person(p, d->applicant));
}

static const char *officer_name(struct handout_page *p, const struct handout_ask *a)
{
    return a->officer ? text_shown(p->arena, a->officer->name) : NULL;
}

static const char *procedure_name(struct handout_page *p, const struct handout_ask *a)
{
    return text_shown(p->arena, a->procedure ? a->procedure->name : a->dossier->procedure);
}

/* The note of the last time that somebody did this. */
static const char *reason(struct handout_page *p, const struct handout_ask *a, const char *action)
{
    for (size_t i = a->n_events; i-- > 0;)
        if (strcmp(a->events[i].action, action) == 0)
            return or_pen(p, a->events[i].note);
    return PEN;
}

/* ── receipt ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *count(struct handout_page *p, int64_t n)
{
    return n > 0 ? arena_format(p->arena, "%lld", (long long)n) : "-";
}

static void add_papers(struct handout_page *p, const struct dossier *d)
{
    static const struct handout_column columns[] = {
        {"TT", 2, true, false},    {"Thành phần hồ sơ", 42, false, false},
        {"Chính", 5, true, false}, {"C.thực", 6, true, false},
        {"Photo", 5, true, false},
    };
    size_t n = 0;

    for (size_t i = 0; i < d->n_papers; i++)
        n += strcmp(d->papers[i].state, "missing") != 0;
    const char **cell = handout_table(p, columns, 5, n)->cells;
    for (size_t i = 0, row = 1; i < d->n_papers; i++) {
        const struct paper *paper = &d->papers[i];
        if (strcmp(paper->state, "missing") == 0)
            continue;
        *cell++ = arena_format(p->arena, "%zu", row++);
        *cell++ = text_shown(p->arena, paper->name);
        *cell++ = count(p, paper->originals);
        *cell++ = count(p, paper->certified_copies);
        *cell++ = count(p, paper->photocopies);
    }
}

static const char *time_limit(struct handout_page *p, const struct procedure *procedure)
{
    static const struct {
        const char *unit, *words;
    } units[] = {{"working_hours", "giờ làm việc"}, {"working_days", "ngày làm việc"}, {"calendar_days", "ngày"}};

    if (!procedure || !procedure->time_limit.unit)
        return PEN;
    if (strcmp(procedure->time_limit.unit, "same_day") == 0)
        return "trong ngày";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].unit, procedure->time_limit.unit) == 0)
            return arena_format(p->arena, "%lld %s", (long long)procedure->time_limit.amount, units[i].words);
    return PEN;
}

/* What was asked for; where nothing was, only a book that has nothing says that it costs nothing. */
static const char *fees(struct handout_page *p, const struct handout_ask *a)
{
    const struct dossier *d = a->dossier;
    const struct procedure *book = a->procedure;
    int64_t all = 0, unpaid = dossier_unpaid(d);

    for (size_t i = 0; i < d->n_fees; i++)
        all += d->fees[i].amount;
    if (all > 0)
        return arena_format(p->arena, "%s (%s)", handout_money(p->arena, all),
                            unpaid == 0     ? "đã nộp"
                            : unpaid == all ? "chưa nộp"
                                            : arena_format(p->arena, "còn %s", handout_money(p->arena, unpaid)));
    for (size_t i = 0; d->n_fees == 0 && book && i < book->n_fees; i++)
        if ((!book->fees[i].channel || strcmp(book->fees[i].channel, d->channel) == 0) && book->fees[i].amount > 0)
            return "theo quy định";
    return d->n_fees > 0 || (book && book->n_fees > 0) ? handout_money(p->arena, 0) : PEN_SHORT;
}

static void make_receipt(struct handout_page *p, const struct handout_ask *a)
{
    const struct dossier *d = a->dossier;
    const char *unit = text_shown(p->arena, a->unit->name);

    add_person(p, "Tiếp nhận hồ sơ của", d);
    handout_facts(p, fact("Nội dung", procedure_name(p, a)),
                  fact("Số bộ", arena_format(p->arena, "%lld", (long long)d->sets)));
    add_papers(p, d);
    one(p, "Thời gian giải quyết", time_limit(p, a->procedure));
    one(p, "Nhận lúc", handout_moment(p->arena, d->received_at, a->offset));
    one(p, "Trả kết quả lúc", handout_moment(p->arena, d->due_at, a->offset));
    handout_facts(p, fact("Nơi trả", arena_format(p->arena, "Bộ phận một cửa %s", word_inside(p->arena, unit))),
                  fact("Lệ phí", fees(p, a)));
    text(p, "Vào Sổ theo dõi hồ sơ, quyển số: " PEN_SHORT "  số thứ tự: " PEN_SHORT);
    sign(p, fact("NGƯỜI NỘP HỒ SƠ", text_shown(p->arena, who_files(d)->name)),
         fact("NGƯỜI TIẾP NHẬN HỒ SƠ", officer_name(p, a)));
}

/* ── the others ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *paper_name(const struct handout_ask *a, const char *id)
{
    for (size_t i = 0; i < a->dossier->n_papers; i++)
        if (strcmp(a->dossier->papers[i].id, id) == 0)
            return a->dossier->papers[i].name;
    for (size_t i = 0; a->procedure && i < a->procedure->n_papers; i++)
        if (strcmp(a->procedure->papers[i].id, id) == 0)
            return a->procedure->papers[i].name;
    return id;
}

static void make_supplement(struct handout_page *p, const struct handout_ask *a)
{
    static const struct handout_column columns[] = {{"TT", 2, true, false},
                                                    {"Giấy tờ cần bổ sung, hoàn thiện", 66, false, false}};
    const struct supplement *s = open_supplement(a->dossier);
    const char *mail = a->officer && a->officer->email ? text_shown(p->arena, a->officer->email) : PEN;

    add_person(p, "Hồ sơ của", a->dossier);
    one(p, "Nội dung yêu cầu giải quyết", procedure_name(p, a));
    if (s->papers.n > 0) {
        const char **cell = handout_table(p, columns, 2, s->papers.n)->cells;
        for (size_t i = 0; i < s->papers.n; i++) {
            *cell++ = arena_format(p->arena, "%zu", i + 1);
            *cell++ = text_shown(p->arena, paper_name(a, s->papers.items[i]));
        }
    }
    one(p, "Lý do", or_pen(p, s->note));
    if (s->until != DAY_NONE)
        one(p, "Nộp bổ sung chậm nhất", word_day(p->arena, s->until));
    text(p, arena_format(p->arena,
                         "Trong quá trình hoàn thiện hồ sơ, nếu có vướng mắc, liên hệ %s, điện thoại " PEN
                         ", thư điện tử %s để được hướng dẫn.",
                         officer_name(p, a) ? officer_name(p, a) : PEN, mail));
    sign(p, nothing, fact("NGƯỜI HƯỚNG DẪN", officer_name(p, a)));
}

static void make_refusal(struct handout_page *p, const struct handout_ask *a)
{
    add_person(p, "Hồ sơ của", a->dossier);
    one(p, "Nội dung yêu cầu giải quyết", procedure_name(p, a));
    text(p, "Qua xem xét, Bộ phận Tiếp nhận và Trả kết quả không tiếp nhận, giải quyết hồ sơ này.");
    one(p, "Lý do", reason(p, a, "decline"));
    sign(p, fact("NGƯỜI NỘP HỒ SƠ", text_shown(p->arena, who_files(a->dossier)->name)),
         fact("NGƯỜI TIẾP NHẬN HỒ SƠ", officer_name(p, a)));
}

static void make_apology(struct handout_page *p, const struct handout_ask *a)
{
    const struct dossier *d = a->dossier;
    const char *unit = word_inside(p->arena, text_shown(p->arena, a->unit->name));

    add_person(p, "Kính gửi", d);
    one(p, "Hồ sơ đề nghị giải quyết", procedure_name(p, a));
    one(p, "Nhận lúc", handout_moment(p->arena, d->received_at, a->offset));
    one(p, "Đã hẹn trả kết quả lúc", handout_moment(p->arena, d->extended_from, a->offset));
    text(p, "Đến nay hồ sơ chưa giải quyết xong đúng hẹn.");
    one(p, "Lý do", reason(p, a, "extend"));
    text(p, arena_format(p->arena,
                         "Bộ phận một cửa %s xin lỗi về sự chậm trễ này và hẹn trả kết quả vào thời điểm dưới đây.",
                         unit));
    one(p, "Hẹn lại, trả kết quả lúc", handout_moment(p->arena, d->due_at, a->offset));
    sign(p, nothing, fact("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", ""));
}

static void make_stop(struct handout_page *p, const struct handout_ask *a)
{
    add_person(p, "Kính gửi", a->dossier);
    one(p, "Hồ sơ đề nghị giải quyết", procedure_name(p, a));
    one(p, "Nhận lúc", handout_moment(p->arena, a->dossier->received_at, a->offset));
    one(p, "Dừng giải quyết lúc", handout_moment(p->arena, a->dossier->step_since, a->offset));
    one(p, "Lý do", reason(p, a, "stop"));
    sign(p, nothing, fact("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", ""));
}

static const char *deed(struct handout_page *p, const char *action)
{
    static const char *const words[][2] = {
        {"create", "Nộp hồ sơ"},
        {"receive", "Tiếp nhận"},
        {"decline", "Không tiếp nhận"},
        {"assign", "Phân công"},
        {"claim", "Nhận việc"},
        {"release", "Thôi giữ"},
        {"request_supplement", "Yêu cầu bổ sung giấy tờ"},
        {"supplement", "Nhận giấy tờ bổ sung"},
        {"request_payment", "Yêu cầu nộp phí"},
        {"confirm_payment", "Xác nhận đã nộp phí"},
        {"propose", "Trình ký"},
        {"approve", "Ký duyệt"},
        {"refuse_result", "Ký từ chối giải quyết"},
        {"rework", "Trả lại thẩm định"},
        {"extend", "Xin lỗi và hẹn lại"},
        {"request_withdrawal", "Ghi nhận công dân xin rút"},
        {"withdraw", "Cho rút hồ sơ"},
        {"stop", "Dừng xử lý"},
        {"issue", "Phát hành"},
        {"return_result", "Trả kết quả"},
        {"comment", "Ghi chú"},
        {"correct", "Sửa thông tin"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], action) == 0)
            return words[i][1];
    return text_shown(p->arena, action);
}

static void make_control(struct handout_page *p, const struct handout_ask *a)
{
    static const struct handout_column columns[] = {
        {"TT", 2, true, false},     {"Thời điểm", 16, false, false}, {"Người thực hiện", 20, false, false},
        {"Việc", 16, false, false}, {"Ghi chú", 12, false, false},
    };

    one(p, "Hồ sơ của", person(p, a->dossier->applicant));
    one(p, "Nội dung yêu cầu giải quyết", procedure_name(p, a));
    handout_facts(p, fact("Nhận lúc", handout_moment(p->arena, a->dossier->received_at, a->offset)), nothing);
    one(p, "Hẹn trả lúc", handout_moment(p->arena, a->dossier->due_at, a->offset));
    const char **cell = handout_table(p, columns, 5, a->n_events)->cells;
    for (size_t i = 0; i < a->n_events; i++) {
        const struct event *event = &a->events[i];
        const char *by = event->by ? a->name_of(a->context, event->by) : "Người nộp hồ sơ";
        *cell++ = arena_format(p->arena, "%zu", i + 1);
        *cell++ = word_when(p->arena, event->at, a->offset);
        *cell++ = text_shown(p->arena, by);
        *cell++ = deed(p, event->action);
        *cell++ = text_shown(p->arena, event->note);
    }
    sign(p, nothing, fact("NGƯỜI LẬP PHIẾU", officer_name(p, a)));
}

void handout_make(const struct handout_ask *a, enum handout_kind kind, struct arena *arena, struct handout *out)
{
    static void (*const make[HANDOUT_KINDS])(struct handout_page *, const struct handout_ask *) = {
        [HANDOUT_RECEIPT] = make_receipt, [HANDOUT_SUPPLEMENT] = make_supplement,
        [HANDOUT_REFUSAL] = make_refusal, [HANDOUT_APOLOGY] = make_apology,
        [HANDOUT_STOP] = make_stop,       [HANDOUT_CONTROL] = make_control,
    };
    int circular = is_new(instant_day(a->now, a->offset));
    struct handout_page p = {.arena = arena, .out = out};

    *out = (struct handout){
        .name = forms[kind].name,
        .form = arena_format(arena, "mẫu %02d, TT %s", forms[kind].number[circular],
                             circular ? "03/2025" : "01/2018"),
        .file = forms[kind].file,
        .about = text_shown(arena, a->dossier->code),
        .a4 = kind == HANDOUT_CONTROL,
    };
    handout_head(&p, a, a->dossier->code, forms[kind].title[circular]);
    make[kind](&p, a);
}

char *handout_register_form(struct arena *arena, int32_t day)
{
    return arena_format(arena, "mẫu %02d, TT %s", is_new(day) ? 7 : 6, is_new(day) ? "03/2025" : "01/2018");
}
