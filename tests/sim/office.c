/* office: the central of a run, what it did, and a second officer with hands of his own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim.h"

#include "desk/software.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_AT "'step_since':'2022-12-28T15:10:00+07:00','submitted_at':'2022-12-28T15:10:00+07:00',"
#define WHO     "'applicant':{'kind':'person','name':'Nguyễn Thị Đào','id_number':'000195004821'}}"
#define NEW_ONE(id)                                                                                          \
    "{'id':'" id "','code':'000.25.33.H06-221228-00" id "','procedure':'tt1','channel':'online','unit':'A'," \
    "'status':'registered','step':'intake'," OPEN_AT "'decide_by':'2022-12-29T15:40:00+07:00'," WHO
#define IN_WORK(id, who)                                                                                     \
    "{'id':'" id "','code':'000.25.33.H06-221228-00" id "','procedure':'tt1','channel':'online','unit':'A'," \
    "'status':'in_progress','step':'assessment'," OPEN_AT "'received_at':'2022-12-28T16:00:00+07:00',"       \
    "'due_at':'2023-01-03T16:00:00+07:00','assignee':'" who "'," WHO
#define PROPOSED(id)                                                                                         \
    "{'id':'" id "','code':'000.25.33.H06-221228-00" id "','procedure':'tt1','channel':'online','unit':'A'," \
    "'status':'in_progress','step':'approval'," OPEN_AT "'received_at':'2022-12-28T16:00:00+07:00',"         \
    "'due_at':'2023-01-03T16:00:00+07:00','assignee':'mai',"                                                 \
    "'proposal':{'by':'mai','at':'2022-12-28T16:05:00+07:00','outcome':'grant'}," WHO

static const char scenario[] =
    "{'name':'sim','title':'Nơi thử','clock':'2022-12-29T09:42:00+07:00','closed_kept_days':1,"
    "'units':[{'id':'D','name':'Huyện D','level':'district'},{'id':'A','name':'Xã A','level':'commune','parent':'D'}],"
    "'officers':["
    "{'id':'mai','name':'Trần Thị Mai','unit':'A','roles':['counter','specialist']},"
    "{'id':'ha','name':'Đỗ Thu Hà','unit':'A','roles':['counter','specialist','supervisor']},"
    "{'id':'tam','name':'Phan Thị Thanh Tâm','unit':'D','roles':['auditor']}],"
    "'demo':{'counter':'mai'},'holidays':[],"
    "'calendars':[{'id':'cal-D','unit':'D','time_zone':'Asia/Ho_Chi_Minh','week':["
    "[['07:30','11:30'],['13:30','17:00']],[['07:30','11:30'],['13:30','17:00']],[['07:30','11:30'],['13:30','17:00']],"
    "[['07:30','11:30'],['13:30','17:00']],[['07:30','11:30'],['13:30','17:00']],[],[]],'exceptions':[]}],"
    "'procedures':[{'id':'tt1','code':'1.000001','name':'Đăng ký một','field':'Hộ tịch','service_level':'full',"
    "'time_limit':{'amount':3,'unit':'working_days'},'fees':[],"
    "'papers':[{'id':'p1','name':'Tờ khai','required':true,'originals':1}],'active':true}],"
    "'codes':{'A':{'prefix':'000.25.33.H06','date':'yyMMdd','digits':4}},"
    "'dossiers':[" NEW_ONE("11") "," NEW_ONE("12") "," NEW_ONE("13") "," NEW_ONE("14") "," NEW_ONE("15") "," IN_WORK(
        "21", "mai") "," IN_WORK("22", "mai") "," IN_WORK("23", "ha") "," PROPOSED("31") "," PROPOSED("32") "]}";
const char *const office_dossiers[] = {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", NULL};

/* Made once: each run forks with it. */
static struct {
    struct central *central;
    uint64_t chance;
    X509 *certificate; /* of "ha" */
    EVP_PKEY *key;
    size_t usual; /* length of his signatures, as base64 */
} office;

static void seeded(void *context, void *bytes, size_t n)
{
    unsigned char *out = bytes;
    for (size_t i = 0; i < n; i++) {
        office.chance = office.chance * 6364136223846793005u + 1442695040888963407u;
        out[i] = (unsigned char)(office.chance >> 33);
    }
}

static bool write_scenario(const char *path)
{
    char *text = mem_copy(scenario);
    FILE *out = fopen(path, "w");
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    bool ok = out && fputs(text, out) >= 0;
    ok = out && fclose(out) == 0 && ok;
    mem_free(&text);
    return ok;
}

bool office_prepare(const char *home, struct err *e)
{
    char *file = mem_format("%s/scenario.json", home), *keys = mem_format("%s/keys", home);
    struct central_options options = {.base = SIM_BASE,
                                      .scenario = file,
                                      .dossiers = 0,
                                      .keys = keys,
                                      .auto_approve = "any",
                                      .start = INSTANT_NONE,
                                      .random = seeded};
    bool ok = write_scenario(file) && central_new(&options, &office.central, e) &&
              software_open(keys, "ha", &office.certificate, &office.key, e);
    char *first = ok ? cms_sign(office.certificate, cms_key_signs, office.key, "", 0, e) : NULL;
    ok = first != NULL;
    office.usual = first ? strlen(first) : 0;
    mem_free(&first);
    mem_free(&file);
    mem_free(&keys);
    return ok;
}

void office_close(void)
{
    central_free(&office.central);
    X509_free(office.certificate);
    EVP_PKEY_free(office.key);
}

bool office_open(struct world *w)
{
    office.chance = w->seed;
    w->central = office.central;
    w->now = central_start(w->central) * 1000;
    for (size_t i = 0; office_dossiers[i]; i++)
        w->first[i] = office_version(w, office_dossiers[i]);
    return !w->failure[0];
}

/* A signature is a byte longer or shorter by a chance that is not ours, and with it all that is written down. */
char *office_sign(const char *officer, const char *statement, size_t n)
{
    char *cms = NULL;
    if (strcmp(officer, "ha") != 0)
        return NULL;
    do {
        mem_free(&cms);
        cms = cms_sign(office.certificate, cms_key_signs, office.key, statement, n, NULL);
    } while (cms && strlen(cms) != office.usual);
    return cms;
}

/* ── beside the workstations ─────────────────────────────────────────────────────────────────────────────────────── */

static char *text_member(const struct central_answer *answer, const char *name)
{
    json_t *json = json_loadb(answer->body.data ? answer->body.data : "", answer->body.len, 0, NULL);
    const char *text = json_string_value(json_object_get(json, name));
    char *copy = mem_copy(text);
    json_decref(json);
    return copy;
}

static void ask(struct world *w, const struct central_request *request, struct central_answer *out)
{
    central_answer(w->central, request, w->now / 1000, out);
}

static void direct_sign_in(struct world *w, const char *officer, char token[static 128])
{
    char *form = mem_format("client_id=motcua&scope=openid&login_hint=%s", officer);
    struct central_request r = {.method = "POST",
                                .path = "/oauth/device",
                                .content_type = "application/x-www-form-urlencoded",
                                .body = form,
                                .len = strlen(form)};
    struct central_answer a;
    ask(w, &r, &a);
    char *code = text_member(&a, "device_code");
    central_answer_clear(&a);
    mem_free(&form);
    form = mem_format("client_id=motcua&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%s",
                      code);
    r.path = "/oauth/token";
    r.body = form;
    r.len = strlen(form);
    ask(w, &r, &a);
    char *access = text_member(&a, "access_token");
    snprintf(token, 128, "%s", access);
    central_answer_clear(&a);
    mem_free(&access);
    mem_free(&code);
    mem_free(&form);
}

int office_ask(struct world *w, const char *officer, const char *method, const char *path, const char *query,
               const char *if_match, const char *body, struct central_answer *out)
{
    size_t i = 0;
    char bearer[160], key[32];
    while (w->direct[i].officer && strcmp(w->direct[i].officer, officer) != 0)
        i++;
    w->direct[i].officer = officer;
    snprintf(key, sizeof(key), "key-beside-all-%u", ++w->keys);
    for (int attempt = 0; attempt < 2; attempt++) {
        snprintf(bearer, sizeof(bearer), "Bearer %s", w->direct[i].token);
        ask(w,
            &(struct central_request){.method = method,
                                      .path = path,
                                      .query = query,
                                      .authorization = bearer,
                                      .if_match = if_match,
                                      .idempotency_key = body ? key : NULL,
                                      .content_type = "application/json",
                                      .body = body ? body : "",
                                      .len = body ? strlen(body) : 0},
            out);
        if (out->status != 401 || attempt == 1)
            break;
        central_answer_clear(out);
        direct_sign_in(w, officer, w->direct[i].token);
    }
    return out->status;
}

int64_t office_version(struct world *w, const char *dossier)
{
    struct central_answer a;
    char *path = mem_format("/api/v1/dossiers/%s", dossier);
    int status = office_ask(w, "tam", "GET", path, NULL, NULL, NULL, &a);
    const char *etag = central_answer_header(&a, "ETag");
    int64_t version = status == 200 && etag ? strtoll(etag + 1, NULL, 10) : 0;
    central_answer_clear(&a);
    mem_free(&path);
    return version;
}

static void add_effect(struct world *w, const char *key, const char *dossier, int64_t version)
{
    if (w->n_effects == EFFECTS) {
        broken(w, "the simulator's own list of effects is too short");
        return;
    }
    struct effect *e = &w->effects[w->n_effects++];
    snprintf(e->key, sizeof(e->key), "%s", key);
    snprintf(e->dossier, sizeof(e->dossier), "%s", dossier);
    e->version = version;
}

void office_act(struct world *w)
{
    size_t n = 0;
    while (office_dossiers[n])
        n++;
    const char *id = office_dossiers[chance(w, n)];
    char *path = mem_format("/api/v1/dossiers/%s", id), etag[32];
    struct central_answer a;
    int status = office_ask(w, "ha", "GET", path, NULL, NULL, NULL, &a);
    json_t *dossier = json_loadb(a.body.data ? a.body.data : "", a.body.len, 0, NULL);
    snprintf(etag, sizeof(etag), "%s", status == 200 ? central_answer_header(&a, "ETag") : "");
    json_t *offers = json_object_get(dossier, "actions");
    size_t n_offers = json_array_size(offers);
    const char *action =
        n_offers > 0 && percent(w, 60)
            ? json_string_value(json_object_get(json_array_get(offers, chance(w, n_offers)), "action"))
            : "comment";
    char *body =
        mem_format("{\"action\":\"%s\",\"note\":\"việc khác\",\"assignee\":\"%s\",\"outcome\":\"grant\"}",
                   action, percent(w, 50) ? "mai" : "ha");
    bool with_all = strcmp(action, "propose") == 0 || strcmp(action, "assign") == 0;
    if (!with_all) {
        mem_free(&body);
        body = mem_format("{\"action\":\"%s\",\"note\":\"việc khác\"}", action);
    }
    central_answer_clear(&a);
    if (status == 200) {
        char *to = mem_format("%s/actions", path);
        int64_t before = office_version(w, id);
        status = office_ask(w, "ha", "POST", to, NULL, etag, body, &a);
        central_answer_clear(&a);
        if (office_version(w, id) != before)
            add_effect(w, "beside", id, before + 1);
        mem_free(&to);
        trace(w, "beside: %s %s %d", id, action, status);
    }
    json_decref(dossier);
    mem_free(&path);
    mem_free(&body);
}

void office_revoke(struct world *w, const char *token)
{
    char *form = mem_format("client_id=motcua&token=%s", token);
    struct central_answer a;
    ask(w,
        &(struct central_request){.method = "POST",
                                  .path = "/oauth/revoke",
                                  .content_type = "application/x-www-form-urlencoded",
                                  .body = form,
                                  .len = strlen(form)},
        &a);
    trace(w, "a token is revoked: %d", a.status);
    central_answer_clear(&a);
    mem_free(&form);
}

json_t *office_view(struct world *w, const char *officer)
{
    json_t *view = json_object(), *entry;
    char *query = mem_copy("limit=1000");
    bool more = true;
    size_t i;
    while (more) {
        struct central_answer a;
        office_ask(w, officer, "GET", "/api/v1/changes", query, NULL, NULL, &a);
        json_t *page = json_loadb(a.body.data ? a.body.data : "", a.body.len, 0, NULL);
        json_array_foreach(json_object_get(page, "changes"), i, entry)
        {
            if (strcmp(json_string_value(json_object_get(entry, "type")), "dossier") != 0)
                continue;
            const char *id = json_string_value(json_object_get(entry, "id"));
            if (json_is_true(json_object_get(entry, "removed")))
                json_object_del(view, id);
            else
                json_object_set(view, id, entry);
        }
        more = json_is_true(json_object_get(page, "more"));
        mem_free(&query);
        query = mem_format("limit=1000&since=%s", json_string_value(json_object_get(page, "cursor")));
        json_decref(page);
        central_answer_clear(&a);
    }
    mem_free(&query);
    return view;
}

/* ── what the workstations send ──────────────────────────────────────────────────────────────────────────────────── */

static void find_owner(struct world *w, const char *token, char out[static ID_TEXT])
{
    out[0] = '\0';
    for (size_t i = 0; i < w->n_owners; i++)
        if (strcmp(w->owners[i].token, token) == 0)
            snprintf(out, ID_TEXT, "%s", w->owners[i].officer);
}

/* A token that was just given out is asked whose it is. */
static void learn_owner(struct world *w, const struct central_answer *answer)
{
    char *token = text_member(answer, "access_token"), *bearer = mem_format("Bearer %s", token);
    struct central_answer a;
    if (*token && w->n_owners < sizeof(w->owners) / sizeof(w->owners[0])) {
        ask(w, &(struct central_request){.method = "GET", .path = "/api/v1/me", .authorization = bearer}, &a);
        char *id = text_member(&a, "id");
        snprintf(w->owners[w->n_owners].token, sizeof(w->owners[0].token), "%s", token);
        snprintf(w->owners[w->n_owners++].officer, sizeof(w->owners[0].officer), "%s", id);
        mem_free(&id);
        central_answer_clear(&a);
    } else if (*token) {
        broken(w, "the simulator's own list of tokens is too short");
    }
    mem_free(&token);
    mem_free(&bearer);
}

static void judge_key(struct world *w, const struct request *r, bool copy)
{
    struct saved *s = saved_find(w, r->key);
    char owner[ID_TEXT];
    if (!s) {
        broken(w, "no effect without a wish: key %s went out, but nobody wished it", r->key);
        return;
    }
    s->in_sight = true;
    if (s->never && !copy)
        broken(w, "no effect without a wish: key %s went out, though it was taken back", r->key);
    find_owner(w, r->token ? r->token : "", owner);
    if (strcmp(owner, s->officer) != 0)
        broken(w, "its own officer's token: key %s of %s went out with one of '%s'", r->key, s->officer, owner);
}

/* "/api/v1/dossiers/ID/actions" */
static void dossier_of_path(const char *path, char out[static ID_TEXT])
{
    const char *id = strstr(path, "/dossiers/");
    id = id ? id + strlen("/dossiers/") : "";
    snprintf(out, ID_TEXT, "%.*s", (int)strcspn(id, "/?"), id);
}

/* Told again and again, it is one all the same; made under two ids, it would be two. */
static void add_made(struct world *w, const char *key, const char *location)
{
    const char *id = location ? strrchr(location, '/') : NULL;
    for (size_t i = 0; id && i < w->n_effects; i++)
        if (strcmp(w->effects[i].key, key) == 0 && strcmp(w->effects[i].dossier, id + 1) == 0)
            return;
    add_effect(w, key, id ? id + 1 : "?", 1);
}

void office_answer(struct world *w, const struct request *r, bool copy, const struct central_hold *hold,
                   struct central_answer *out)
{
    const char *whole = r->url + strlen(SIM_BASE), *query = strchr(whole, '?');
    char *path = mem_copy_n(whole, query ? (size_t)(query - whole) : strlen(whole)), dossier[ID_TEXT];
    char *bearer = r->token ? mem_format("Bearer %s", r->token) : NULL;
    bool reserves = strcmp(path, "/api/v1/number-blocks") == 0; /* in the background: nobody's wish */
    dossier_of_path(path, dossier);
    int64_t before = 0;
    if (r->key && !reserves) {
        judge_key(w, r, copy);
        before = office_version(w, dossier);
    }
    ask(w,
        &(struct central_request){.method = r->method,
                                  .path = path,
                                  .query = query ? query + 1 : NULL,
                                  .authorization = bearer,
                                  .idempotency_key = r->key,
                                  .if_match = r->if_match,
                                  .upload_offset = r->upload_offset,
                                  .accept_language = "vi",
                                  .content_type = r->content_type,
                                  .user_agent = "motcua/0.1.0 (quay-01)",
                                  .body = r->body ? r->body : "",
                                  .len = r->body ? r->len : 0,
                                  .hold = hold},
        out);
    int64_t after = r->key && !reserves ? office_version(w, dossier) : 0;
    if (strcmp(path, "/api/v1/dossiers") == 0 && out->status == 201)
        add_made(w, r->key, central_answer_header(out, "Location"));
    if (after != before)
        add_effect(w, r->key, dossier, after);
    if (after != before && after != before + 1)
        broken(w, "key %s took dossier %s from version %" PRId64 " to %" PRId64, r->key, dossier, before, after);
    if (strcmp(path, "/oauth/token") == 0 && out->status == 200)
        learn_owner(w, out);
    mem_free(&path);
    mem_free(&bearer);
}
