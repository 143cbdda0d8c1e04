/* Scans at the counter: a file of this machine becomes the scan of a paper, is sent in the background, with the line or without, and is then
 * nowhere here; what is no picture and no PDF is told so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char dossiers[] =
    "[{'id': 'p-14', 'code': '000.25.33.H06-221229-0014', 'procedure': '1.001193', 'unit': 'H06.33.26', 'channel': 'counter', "
    "'submitted_at': '2022-12-29T07:40:00+07:00', 'received_at': '2022-12-29T07:40:00+07:00', 'due_at': '2022-12-30T07:40:00+07:00', "
    "'status': 'received', 'step': 'intake', 'step_since': '2022-12-29T07:40:00+07:00', "
    "'applicant': {'kind': 'person', 'name': 'Phạm Thị Diễm Hương', 'sex': 'female'}, 'papers': ["
    "{'id': 'p1', 'name': 'Tờ khai đăng ký khai sinh', 'state': 'handed_in', 'originals': 1}, "
    "{'id': 'p2', 'name': 'Giấy chứng sinh', 'state': 'handed_in', 'originals': 1}]}]";

static int set_up(void **state)
{
    *state = office_new(dossiers);
    return 0;
}

static int tear_down(void **state)
{
    office_free((struct office **)state);
    return 0;
}

/* In the officer's home: `n` bytes that begin so. */
static void put_file(const struct office *o, const char *name, const char *begins, size_t n)
{
    char *path = text_new("%s/%s", o->home, name);
    FILE *file = fopen(path, "w");

    fputs(begins, file);
    for (size_t i = strlen(begins); i < n; i++)
        fputc((int)(i * 31 % 251), file);
    assert_int_equal(fclose(file), 0);
    free(path);
}

/* How many wait in files/; none of them may say what it is. */
static int files_here(const struct office *o)
{
    char *find = text_new("find '%s' -path '*/files/*' -type f", o->home);
    FILE *list = popen(find, "r");
    char path[4096];
    int n = 0;

    for (; list && fgets(path, sizeof path, list); n++) {
        size_t len;
        path[strcspn(path, "\n")] = '\0';
        char *bytes = file_bytes(path, &len);
        assert_null(memmem(bytes, len, "PDF", 3));
        free(bytes);
    }
    pclose(list);
    free(find);
    return n;
}

static struct screen *at_the_papers(struct office *o)
{
    struct screen *s = office_sit(o, "mai");

    screen_keys(s, "/");
    screen_expect(s, "Tìm:");
    screen_type(s, "0014");
    screen_expect_row(s, 2, "1/1");
    screen_keys(s, "Enter");
    screen_expect(s, "1 Tổng quan");
    screen_keys(s, "2");
    screen_expect(s, "[2 Giấy tờ]");
    return s;
}

static void attach(struct screen *s, const char *path)
{
    screen_keys(s, "g");
    screen_expect(s, "Tệp: _");
    screen_type(s, path);
    screen_keys(s, "Enter");
}

static void a_file_becomes_the_scan_of_the_paper(void **state)
{
    struct office *o = *state;
    struct screen *s = at_the_papers(o);

    put_file(o, "anh.pdf", "\xff\xd8\xff\xe0 JFIF", 300000); /* whatever its name says */
    screen_keys(s, "Down");
    screen_keys(s, "g");
    screen_expect(s, "Gắn tệp vào: Giấy chứng sinh");
    screen_type(s, "~/anh.pdf");
    screen_keys(s, "Enter");
    screen_expect_row(s, -2, "Đã lưu tệp trên máy này");
    screen_expect(s, "293 KB"); /* whole, as the feed says */
    office_expect(o, "p-14", "attachments.0.media_type", "image/jpeg");
    office_expect(o, "p-14", "attachments.0.paper", "p2");
    assert_int_equal(files_here(o), 0);
    office_leave(&s);
}

static void what_is_none_of_the_three_kinds_is_told_so(void **state)
{
    struct office *o = *state;
    struct screen *s = at_the_papers(o);

    put_file(o, "to-khai.pdf", "chỉ là chữ", 100);
    attach(s, "~/to-khai.pdf");
    screen_expect(s, "Tệp này không phải PDF, JPEG hay PNG");
    screen_keys(s, "Esc");
    screen_expect_gone(s, "Tệp: ");
    attach(s, "~/khong-co.pdf");
    screen_expect(s, "Không đọc được tệp này");
    screen_keys(s, "Esc");
    screen_expect_gone(s, "Tệp: ");
    put_file(o, "lon.pdf", "%PDF-1.7", 20 * 1024 * 1024 + 1);
    attach(s, "~/lon.pdf");
    screen_expect(s, "lớn hơn 20 MB");
    assert_int_equal(files_here(o), 0);
    screen_keys(s, "Esc");
    screen_expect_gone(s, "Tệp: ");
    office_leave(&s);
}

static void without_a_line_it_waits_sealed(void **state)
{
    struct office *o = *state;
    struct screen *s = at_the_papers(o);

    put_file(o, "to khai.pdf", "%PDF-1.7 Hương", 100000);
    server_stop(o->server);
    screen_expect_row(s, 1, "mất mạng từ");
    char *quoted = text_new("'%s/to khai.pdf' ", o->home); /* as a terminal pastes it */
    screen_keys(s, "g");
    screen_expect(s, "Tệp: _");
    screen_paste(s, quoted);
    screen_expect(s, "to khai.pdf' _");
    screen_keys(s, "Enter");
    screen_expect_row(s, -2, "Đã lưu tệp trên máy này");
    screen_expect(s, "chờ gửi");
    assert_int_equal(files_here(o), 1);
    free(quoted);
    screen_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_becomes_the_scan_of_the_paper, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_none_of_the_three_kinds_is_told_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_line_it_waits_sealed, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
