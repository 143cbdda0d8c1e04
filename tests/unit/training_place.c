/* training_place: the scenario, the requests, signing in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/training_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char scenario[] =
    "{'name':'place','title':'Nơi thử','clock':'2022-12-29T09:42:00+07:00','closed_kept_days':45,"
    "'units':["
    "{'id':'P','name':'Tỉnh P','level':'province'},"
    "{'id':'D','name':'Huyện D','level':'district','parent':'P'},"
    "{'id':'A','name':'Xã A','level':'commune','parent':'D'},"
    "{'id':'B','name':'Xã B','level':'commune','parent':'D'},"
    "{'id':'OLD','name':'Xã cũ','level':'commune','parent':'D','successor':'A','active_until':'2022-06-30'},"
    "{'id':'DEP','name':'Phòng','level':'department','parent':'D'}],"
    "'officers':["
    "{'id':'mai','name':'Trần Thị Mai','unit':'A','roles':['counter']},"
    "{'id':'ha','name':'Đỗ Thu Hà','unit':'A','roles':['counter']},"
    "{'id':'nam','name':'Lê Hoàng Nam','unit':'A','roles':['specialist']},"
    "{'id':'hanh','name':'Vũ Thị Hạnh','unit':'A','roles':['specialist']},"
    "{'id':'thang','name':'Nguyễn Quốc Thắng','unit':'A','roles':['supervisor']},"
    "{'id':'dinh','name':'Trương Công Định','unit':'A','roles':['specialist','supervisor']},"
    "{'id':'thu','name':'Lý Minh Thư','unit':'A','roles':['clerk']},"
    "{'id':'loan','name':'Võ Thị Kim Loan','unit':'A','roles':['specialist'],'mandates':["
    "{'on_behalf_of':'thang','from':'2022-12-26T00:00:00+07:00','until':'2023-01-07T00:00:00+07:00','procedures':['tt1']},"
    "{'on_behalf_of':'quan','from':'2022-11-01T00:00:00+07:00','until':'2022-12-01T00:00:00+07:00'}]},"
    "{'id':'hue','name':'Trịnh Thị Huệ','unit':'B','roles':['counter']},"
    "{'id':'quan','name':'Phạm Minh Quân','unit':'D','roles':['supervisor']},"
    "{'id':'dung','name':'Bùi Thị Mỹ Dung','unit':'D','roles':['counter']},"
    "{'id':'nghia','name':'Trịnh Trọng Nghĩa','unit':'DEP','roles':['specialist']},"
    "{'id':'tam','name':'Phan Thị Thanh Tâm','unit':'D','roles':['auditor']},"
    "{'id':'bao','name':'Hoàng Gia Bảo','unit':'D','roles':['trainer']}],"
    "'demo':{'counter':'mai','supervisor':'quan'},"
    "'holidays':[{'date':'2023-01-02','hours':[],'name':'Nghỉ bù'}],"
    "'calendars':[{'id':'cal-D','unit':'D','time_zone':'Asia/Ho_Chi_Minh','week':["
    "[['07:30','11:30'],['13:30','17:00']],[['07:30','11:30'],['13:30','17:00']],[['07:30','11:30'],['13:30','17:00']],"
    "[['07:30','11:30'],['13:30','17:00']],[['07:30','11:30'],['13:30','17:00']],[],[]],'exceptions':[]}],"
    "'procedures':["
    "{'id':'tt1','code':'1.000001','name':'Đăng ký một','field':'Hộ tịch','service_level':'full',"
    "'time_limit':{'amount':3,'unit':'working_days'},'fees':[{'name':'Lệ phí','amount':10000}],"
    "'papers':[{'id':'p1','name':'Tờ khai','required':true,'originals':1},{'id':'p2','name':'Bản sao','required':false}],"
    "'active':true},"
    "{'id':'tt2','code':'1.000002','name':'Đăng ký hai','field':'Khác','service_level':'partial','processing':'elsewhere',"
    "'time_limit':{'amount':10,'unit':'working_days'},'papers':[],'active':true},"
    "{'id':'tt3','code':'1.000003','name':'Chỉ ở xã B','field':'Khác','service_level':'full','units':['B'],"
    "'time_limit':{'amount':1,'unit':'working_days'},'papers':[],'active':true},"
    "{'id':'tt4','code':'1.000004','name':'Hết hiệu lực','field':'Khác','service_level':'full','effective_until':'2022-06-30',"
    "'time_limit':{'amount':1,'unit':'working_days'},'papers':[],'active':true}],"
    "'codes':{'A':{'prefix':'000.25.33.H06','date':'yyMMdd','digits':4},'B':{'prefix':'000.26.33.H06','date':'yyMMdd','digits':4}},"
    "'dossiers':["
    "{'id':'moi','code':'000.25.33.H06-221228-0041','procedure':'tt1','channel':'online','unit':'A','status':'registered',"
    "'step':'intake','step_since':'2022-12-28T15:10:00+07:00','submitted_at':'2022-12-28T15:10:00+07:00',"
    "'decide_by':'2022-12-29T15:40:00+07:00','applicant':{'kind':'person','name':'Nguyễn Thị Đào','id_number':'000195004821',"
    "'phone':'0101220377'}},"
    "{'id':'ky','code':'000.25.33.H06-221226-0010','procedure':'tt1','channel':'counter','unit':'A','status':'in_progress',"
    "'step':'approval','step_since':'2022-12-28T10:00:00+07:00','submitted_at':'2022-12-26T08:00:00+07:00',"
    "'received_at':'2022-12-26T08:00:00+07:00','due_at':'2022-12-29T08:00:00+07:00','assignee':'nam',"
    "'applicant':{'kind':'person','name':'Nguyễn Hữu Đức','id_number':'000180000010'},"
    "'proposal':{'by':'nam','at':'2022-12-28T10:00:00+07:00','outcome':'grant','note':'đề nghị đồng ý'},"
    "'files':[{'id':'ky-a','name':'du thao.pdf','role':'result','pages':1},{'id':'ky-b','name':'to khai.pdf','pages':2,'paper':'p1'}]},"
    "{'id':'xa','code':'000.26.33.H06-221227-0001','procedure':'tt1','channel':'online','unit':'B','status':'registered',"
    "'step':'intake','step_since':'2022-12-27T09:00:00+07:00','submitted_at':'2022-12-27T09:00:00+07:00',"
    "'decide_by':'2022-12-28T09:00:00+07:00','applicant':{'kind':'person','name':'Lâm Chí Vỹ'}},"
    "{'id':'cu','code':'000.24.33.H06-220620-0003','procedure':'tt1','channel':'online','unit':'OLD','status':'received',"
    "'step':'intake','step_since':'2022-06-20T09:00:00+07:00','submitted_at':'2022-06-20T08:00:00+07:00',"
    "'received_at':'2022-06-20T09:00:00+07:00','due_at':'2022-06-23T09:00:00+07:00','applicant':{'kind':'person','name':'Hồ Cũ'}},"
    "{'id':'noikhac','code':'000.25.33.H06-221227-0020','procedure':'tt2','channel':'counter','unit':'A','status':'received',"
    "'step':'intake','step_since':'2022-12-27T09:00:00+07:00','submitted_at':'2022-12-27T09:00:00+07:00',"
    "'received_at':'2022-12-27T09:00:00+07:00','due_at':'2023-01-11T09:00:00+07:00','applicant':{'kind':'person','name':'Tạ Nơi'}},"
    "{'id':'lau','code':'000.25.33.H06-220901-0001','procedure':'tt1','channel':'counter','unit':'A','status':'declined',"
    "'step':'closed','step_since':'2022-09-02T09:00:00+07:00','submitted_at':'2022-09-01T09:00:00+07:00',"
    "'applicant':{'kind':'person','name':'Đỗ Đã Lâu'}},"
    "{'id':'phong','code':'000.26.33.H06-221220-0002','procedure':'tt1','channel':'counter','unit':'B','handled_by_unit':'DEP',"
    "'status':'received','step':'intake','step_since':'2022-12-27T09:00:00+07:00','submitted_at':'2022-12-27T09:00:00+07:00',"
    "'received_at':'2022-12-27T09:00:00+07:00','applicant':{'kind':'person','name':'Mai Phòng'}}]}";

/* ── a server ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void seeded(void *context, void *bytes, size_t n)
{
    struct place *place = context;
    unsigned char *out = bytes;

    for (size_t i = 0; i < n; i++) {
        place->chance = place->chance * 6364136223846793005u + 1442695040888963407u;
        out[i] = (unsigned char)(place->chance >> 33);
    }
}

static void merge(json_t *target, json_t *patch)
{
    const char *name;
    json_t *value;

    json_object_foreach(patch, name, value)
    {
        json_t *old = json_object_get(target, name);
        if (json_is_object(value) && json_is_object(old))
            merge(old, value);
        else
            json_object_set(target, name, value);
    }
}

/* JSON with ' for ", as it stands in C. */
json_t *place_json(const char *text)
{
    char *copy = text_new("%s", text);
    json_error_t error;

    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    json_t *json = json_loads(copy, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json)
        fail_at(HERE, "the test's own JSON: %s at %d", error.text, error.position);
    free(copy);
    return json;
}

void place_again(struct place *place, const struct central_options *wanted)
{
    struct central_options options = wanted ? *wanted : (struct central_options){.start = INSTANT_NONE};
    char *file = text_new("%s/scenario.json", place->dir), *keys = text_new("%s/keys", place->dir);
    struct err e = {0};

    central_free(&place->central);
    options.base = "http://127.0.0.1:1";
    options.scenario = file;
    options.keys = keys;
    options.auto_approve = options.auto_approve ? options.auto_approve : "any";
    options.random = seeded;
    options.context = place;
    if (!central_new(&options, &place->central, &e))
        fail_at(HERE, "central_new: %s", e.text);
    place->now = central_start(place->central);
    free(file);
    free(keys);
}

struct place *place_with(const char *change, const struct central_options *options)
{
    struct place *place = calloc(1, sizeof *place);
    json_t *json = place_json(scenario), *patch = change ? place_json(change) : NULL;

    place->dir = home_new();
    place->chance = 42;
    if (patch)
        merge(json, patch);
    char *file = text_new("%s/scenario.json", place->dir);
    if (json_dump_file(json, file, 0) != 0)
        fail_at(HERE, "%s could not be written", file);
    free(file);
    json_decref(json);
    json_decref(patch);
    place_again(place, options);
    return place;
}

struct place *place_new(const char *change)
{
    return place_with(change, NULL);
}

void place_free(struct place **at)
{
    struct place *place = *at;

    central_free(&place->central);
    central_answer_clear(&place->answer);
    json_decref(place->json);
    home_free(&place->dir);
    free(place);
    *at = NULL;
}

/* ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *token_of(struct place *place, const char *officer)
{
    char form[256];
    size_t i = 0;

    while (i < place->n_tokens && strcmp(place->tokens[i].officer, officer) != 0)
        i++;
    if (i < place->n_tokens)
        return place->tokens[i].token;
    snprintf(form, sizeof form, "client_id=motcua&scope=openid&login_hint=%s", officer);
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//oauth/device", .body = form, .form = true}),
                     200);
    snprintf(form, sizeof form,
             "client_id=motcua&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s",
             place_said(place, "device_code"));
    assert_int_equal(place_ask(place, (struct place_ask){.path = "//oauth/token", .body = form, .form = true}),
                     200);
    snprintf(place->tokens[i].officer, sizeof place->tokens[i].officer, "%s", officer);
    snprintf(place->tokens[i].token, sizeof place->tokens[i].token, "%s", place_said(place, "access_token"));
    place->n_tokens++;
    return place->tokens[i].token;
}

int place_ask(struct place *place, struct place_ask a)
{
    char authorization[128], key[32], path[256];
    const char *method = a.method ? a.method : a.body ? "POST" : "GET";
    struct central_request request = {
        .method = method,
        .path = path,
        .query = a.query,
        .authorization = a.authorization,
        .if_match = a.match,
        .accept_language = a.language,
        .content_type = a.form ? "application/x-www-form-urlencoded" : "application/json",
        .user_agent = "motcua/0.1.0 (quay-02)",
        .body = a.body ? a.body : "",
        .len = a.len    ? a.len
               : a.body ? strlen(a.body)
                        : 0,
        .upload_offset = a.offset,
        .range = a.range,
        .hold = a.hold,
    };

    if (a.as) {
        snprintf(authorization, sizeof authorization, "Bearer %s", token_of(place, a.as));
        request.authorization = authorization;
    }
    if (strcmp(method, "GET") != 0) {
        snprintf(key, sizeof key, "key-of-the-test-%u", ++place->keys);
        request.idempotency_key = !a.key ? key : *a.key ? a.key : NULL;
    }
    snprintf(path, sizeof path, "%s%s", strncmp(a.path, "//", 2) == 0 ? "" : "/api/v1",
             a.path + (strncmp(a.path, "//", 2) == 0));
    central_answer_clear(&place->answer);
    json_decref(place->json);
    central_answer(place->central, &request, place->now, &place->answer);
    place->json = json_loadb(place->answer.body.data ? place->answer.body.data : "", place->answer.body.len,
                             JSON_DECODE_ANY, NULL);
    return place->answer.status;
}

const char *place_header(const struct place *place, const char *name)
{
    return central_answer_header(&place->answer, name);
}

json_t *place_json_said(const struct place *place, const char *where)
{
    char *path = text_new("%s", where), *rest = path, *part;
    json_t *value = place->json;

    while (value && (part = strsep(&rest, ".")))
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part)) : json_object_get(value, part);
    free(path);
    return value;
}

const char *place_said(const struct place *place, const char *where)
{
    static char number[8][32];
    static unsigned turn;
    const json_t *value = place_json_said(place, where);

    if (json_is_integer(value)) {
        char *out = number[turn++ % 8];
        snprintf(out, sizeof number[0], "%lld", (long long)json_integer_value(value));
        return out;
    }
    return json_is_string(value) ? json_string_value(value) : "";
}

const char *place_problem(const struct place *place)
{
    const char *type = place_said(place, "type"), *colon = strrchr(type, ':');

    return colon ? colon + 1 : "";
}

const char *place_field(const struct place *place)
{
    return place_said(place, "errors.0.field");
}

int place_act(struct place *place, const char *who, const char *dossier, const char *action, const char *more)
{
    char path[96], match[32];
    char *body = text_new("{\"action\":\"%s\"%s%s}", action, more ? "," : "", more ? more : "");

    snprintf(path, sizeof path, "/dossiers/%s", dossier);
    assert_int_equal(PLACE_GET(place, "tam", path), 200); /* the auditor sees all */
    snprintf(match, sizeof match, "%s", place_header(place, "ETag"));
    snprintf(path, sizeof path, "/dossiers/%s/actions", dossier);
    int status = place_ask(place, (struct place_ask){.path = path, .as = who, .match = match, .body = body});
    free(body);
    return status;
}
