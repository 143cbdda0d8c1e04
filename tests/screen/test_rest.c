/* Data at rest: officers work with the real program on a real server, are killed in the middle, and nothing of what was on their screens,
 * or what they typed, stands in clear in any file below their state, configuration and runtime directories: neither as bytes, nor as
 * JSON writes them, nor in base64.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"

#include <dirent.h>
#include <ftw.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PERSON(name, number, phone)                                             \
    "'applicant': {'kind': 'person', 'name': '" name "', 'id_number': '" number \
    "', 'birth_date': '1995-03-14', "                                           \
    "'sex': 'female', 'address': 'Tổ 4, khu phố Hoàng Giao, thị trấn Ngãi Giao', 'phone': '" phone "'}, "
#define BIRTH \
    "'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', 'submitted_at': '2022-12-29T07:10:00+07:00', "
#define REGISTERED                                                                          \
    "'status': 'registered', 'step': 'intake', 'step_since': '2022-12-29T07:10:00+07:00', " \
    "'decide_by': '2022-12-29T15:10:00+07:00', "
#define CODE(n) "'id': 'r-" n "', 'code': '000.25.33.H06-221229-000" n "', "
#define REASON  "Hai nhà còn tranh chấp ranh đất"
#define DRAFT   "Bà ngoại cháu bé chưa ký"

static const char dossiers[] = "[{" CODE("1") BIRTH REGISTERED PERSON(
    "Nguyễn Thị Đào", "000195004821",
    "0105020377") "'papers': []},"
                  "{" CODE("2") BIRTH REGISTERED PERSON(
                      "Lê Văn Hai", "000195004822",
                      "0105020378") "'papers': []},"
                                    "{" CODE("4") BIRTH PERSON(
                                        "Phan Tấn Tư", "000195004824",
                                        "0105020379") "'status': 'in_progress', 'step': 'assessment', 'step_since': '2022-12-29T07:40:00+07:00', 'assignee': 'dinh', "
                                                      "'received_at': '2022-12-29T07:20:00+07:00', 'due_at': '2022-12-30T17:00:00+07:00', "
                                                      "'files': [{'id': 'a-4', 'name': 'Giay khai sinh.pdf', 'role': 'result', 'pages': 1}]}]";

static const char *const secrets[] = {
    "Nguyễn Thị Đào",
    "nguyễn thị đào",
    "nguyen thi dao",
    "Lê Văn Hai",
    "le van hai",
    "Phan Tấn Tư",
    "000195004821",
    "000195004822",
    "000195004824",
    "0105020377",
    "0105020378",
    "0105020379",
    "1995-03-14",
    "khu phố Hoàng Giao",
    "221229-0001",
    "221229-0002",
    "221229-0004",
    REASON,
    DRAFT,
};

/* ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool holds(const char *bytes, size_t n, const char *what, size_t len)
{
    return memmem(bytes, n, what, len) != NULL;
}

/* As JSON writes it in ASCII; our texts lie in the first plane. */
static char *as_json(const char *text)
{
    char *out = calloc(1, 6 * strlen(text) + 1), *at = out;

    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        unsigned code = *c++, more = code >= 0xe0 ? 2 : code >= 0xc0 ? 1 : 0;
        if (more)
            code &= more == 2 ? 0x0f : 0x1f;
        for (; more; more--)
            code = code << 6 | (*c++ & 0x3f);
        at += code < 0x80 ? snprintf(at, 2, "%c", (int)code) : snprintf(at, 7, "\\u%04x", code);
    }
    return out;
}

/* The characters of base64 that depend on this text alone, behind `skip` bytes of another. */
static char *as_base64(const char *text, size_t skip)
{
    unsigned char in[256] = {0}, out[400];
    size_t n = strlen(text), from = (8 * skip + 5) / 6, to = (8 * (skip + n)) / 6;

    memcpy(in + skip, text, n);
    EVP_EncodeBlock(out, in, (int)(skip + n));
    return text_new("%.*s", (int)(to - from), (char *)out + from);
}

/* NULL, or how it stands there. */
static const char *found_in(const char *bytes, size_t n, const char *secret)
{
    char *json = as_json(secret);
    const char *how = holds(bytes, n, secret, strlen(secret)) ? "as it is"
                      : holds(bytes, n, json, strlen(json))   ? "as JSON"
                                                              : NULL;

    for (size_t skip = 0; skip < 3 && !how; skip++) {
        char *base64 = as_base64(secret, skip);
        how = holds(bytes, n, base64, strlen(base64)) ? "in base64" : NULL;
        free(base64);
    }
    free(json);
    return how;
}

static size_t files, found;
static bool telling;

static int look_at(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    size_t n;

    (void)ftw;
    if (kind != FTW_F || !S_ISREG(st->st_mode))
        return 0;
    char *bytes = file_bytes(path, &n);
    assert_non_null(bytes);
    files++;
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const char *how = found_in(bytes, n, secrets[i]);
        found += how != NULL;
        if (how && telling)
            fprintf(stderr, "# %s says “%s” %s\n", path, secrets[i], how);
    }
    if (strstr(path, "/state/") && (st->st_mode & 077) != 0)
        fail_at(HERE, "%s can be read by others", path);
    free(bytes);
    return 0;
}

/* Below every officer's home. */
static void look(struct office *o, bool tell)
{
    DIR *dir = opendir(o->dir);

    files = found = 0;
    telling = tell;
    for (struct dirent *d; (d = readdir(dir));)
        if (strncmp(d->d_name, "seat-", 5) == 0) {
            char *home = text_new("%s/%s", o->dir, d->d_name);
            nftw(home, look_at, 16, FTW_PHYS);
            free(home);
        }
    closedir(dir);
}

/* What is looked for would be found. */
static void control(struct office *o)
{
    char *path = text_new("%s/seat-control", o->dir), *file = text_new("%s/file", path), *json = as_json(REASON);
    char *in[] = {text_new("%s", REASON), json, as_base64(REASON, 0), as_base64(REASON, 1), as_base64(REASON, 2)};

    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
        FILE *f = fopen(file, "w");
        fprintf(f, "xx%cyy%s", 0, in[i]);
        fclose(f);
        look(o, false);
        assert_int_equal(found, 1);
        free(in[i]);
    }
    remove(file);
    remove(path);
    free(path);
    free(file);
}

/* ── working ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void killed(struct screen **s)
{
    kill(screen_pid(*s), SIGKILL);
    assert_int_equal(screen_exit_code(*s), 128 + SIGKILL);
    screen_free(s);
    harness_keyring(); /* another PC: the session of who was killed goes on */
}

static void open_by_name(struct screen *s, const char *typed, const char *name)
{
    screen_key(s, "/");
    screen_expect(s, "[danh sách này]");
    screen_type(s, typed);
    screen_expect(s, name);
    screen_key(s, "Enter");
    screen_expect(s, "Lịch sử");
    screen_expect(s, name);
}

/* Declines one without a line, which waits, and is at the reason of another when the power goes. */
static void the_counter_is_killed(struct office *o)
{
    struct screen *s = office_sit(o, "mai");

    office_queue(s, "Chờ tiếp nhận", "1229-0002");
    server_stop(o->server);
    open_by_name(s, "le van hai", "Lê Văn Hai");
    screen_keys(s, "x 2");
    screen_expect(s, "Lý do");
    screen_type(s, REASON);
    screen_expect(s, "tranh chấp");
    screen_key(s, "F9");
    screen_expect(s, "Đã lưu trên máy này");
    screen_key(s, "Esc");
    screen_expect(s, "Thời gian còn");
    screen_keys(s, "Esc");
    office_queue(s, "Chờ tiếp nhận", "1229-0001");
    open_by_name(s, "nguyen thi dao", "Nguyễn Thị Đào");
    screen_keys(s, "x 2");
    screen_expect(s, "Lý do");
    screen_type(s, DRAFT);
    screen_expect(s, "chưa ký");
    killed(&s);
    server_restart(o->server);
}

static void the_supervisor_is_killed(struct office *o)
{
    struct screen *s = office_sit(o, "dinh");

    office_queue(s, "Đang xử lý", "1229-0004");
    screen_keys(s, "Enter x");
    screen_expect(s, "Xử lý: bấm số");
    screen_key(s, "1");
    screen_expect(s, "Giay khai sinh.pdf");
    screen_keys(s, "1 F9");
    screen_expect(s, "Đã lưu trên máy này: trình ký");
    screen_advance(s, 11);
    office_expect(o, "r-4", "step", "approval");
    killed(&s);

    s = office_sit(o, "thang");
    office_queue(s, "Chờ ký", "1229-0004");
    screen_keys(s, "Enter x");
    screen_expect(s, "Xử lý: bấm số");
    screen_key(s, "1");
    screen_expect(s, "onestop/decision/1");
    screen_expect(s, "Ký bằng: phần mềm tập huấn");
    if (screen_has(s, "Phải xem hết các dòng")) {
        screen_key(s, "PgDn");
        screen_expect(s, "Đã xem hết");
    }
    screen_key(s, "Enter");
    screen_expect(s, "Gõ 4 ký tự cuối");
    screen_keys(s, "0 0 0 4 Enter");
    office_expect(o, "r-4", "decision.by", "thang");
    killed(&s);
}

static void nothing_personal_lies_in_clear(void **state)
{
    struct office *o = office_new(dossiers);

    (void)state;
    control(o);
    the_supervisor_is_killed(o);
    the_counter_is_killed(o);
    look(o, true);
    assert_true(files >= 3 * 5); /* databases with their WALs, keys, locks: a crash has left them all */
    assert_int_equal(found, 0);
    office_free(&o);
}

/* Its last step was two days ago. The officer comes, looks, and rests. */
static void what_is_closed_goes_when_nobody_types(void **state)
{
    struct office *o = office_new("[{" CODE("1") BIRTH REGISTERED PERSON(
        "Phạm Thị Lan", "000195004821",
        "0105020377") "'papers': []},"
                      "{'id': 'r-5', 'code': '000.25.33.H06-221220-0005', 'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'online', "
                      "'submitted_at': '2022-12-20T07:10:00+07:00', " PERSON(
                          "Phạm Văn Năm", "000195004825",
                          "0105020375") "'status': 'returned', 'step': 'returned', 'step_since': '2022-12-27T07:10:00+07:00', "
                                        "'received_at': '2022-12-20T07:20:00+07:00', 'due_at': '2022-12-27T17:00:00+07:00', "
                                        "'completed_at': '2022-12-26T17:00:00+07:00', 'returned_at': '2022-12-27T07:10:00+07:00'}]");
    struct screen *s = office_sit(o, "mai");

    (void)state;
    screen_key(s, "/");
    screen_expect(s, "[mọi hồ sơ trên máy]");
    screen_type(s, "pham");
    screen_expect(s, "Phạm Văn Năm");
    screen_expect(s, "Phạm Thị Lan");
    screen_key(s, "Esc");
    screen_expect(s, "Chờ tiếp nhận");
    screen_advance(s, 90);
    screen_key(s, "/");
    screen_expect(s, "[mọi hồ sơ trên máy]");
    screen_type(s, "pham");
    screen_expect(s, "Phạm Thị Lan");
    assert_false(screen_has(s, "Phạm Văn Năm"));
    office_free(&o);
    screen_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_personal_lies_in_clear),
        cmocka_unit_test(what_is_closed_goes_when_nobody_types),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
