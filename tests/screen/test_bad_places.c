/* The screen in bad places: files and directories that are not ours or are none, a full disk, terminals that cannot show it: each time
 * one whole sentence that says what to do, and nothing lost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/bad.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_configuration_that_cannot_be_read_ends_it(void **state)
{
    static const char nul[] = "theme = light\n\0\n", wide[70000] = "#";
    static const struct {
        const char *text;
        size_t n;
        const char *words;
    } cases[] = {{nul, sizeof nul - 1, "config:2: "},
                 {wide, sizeof wide, "config quá lớn"},
                 {"thme = light\n", 13, "config:1: không có mục “thme”"}};
    char *home = home_new(), *path = text_new("%s/config/motcua/config", home);
    struct screen *s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_config(home, "config", cases[i].text, cases[i].n);
        s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t"), .home = home, .cols = 200});
        expect_refusal(&s, 1, cases[i].words);
    }
    unlink(path);
    mkdir(path, 0700);
    s = screen_start(&(struct screen_opts){.argv = ARGV("motcua-t"), .home = home, .cols = 200});
    expect_refusal(&s, 1, "Không đọc được");
    free(path);
    home_free(&home);
}

static void a_keymap_that_is_rubbish_is_told_and_the_built_in_one_works(void **state)
{
    static const char rubbish[] = "\033[2J\033]0;evil\a bind\n\xff\xfe\0\0\nbind * F2\nbind nowhere F3 act\n";
    struct post *p = *state;
    char *path = text_new("%s/config/motcua/keymap", p->home);
    struct screen *s;

    write_config(p->home, "keymap", rubbish, sizeof rubbish - 1);
    s = open_screen(p);
    expect_sentence(s, "keymap:1: ");
    expect_sentence(s, "Dòng này bị bỏ qua.");
    assert_string_equal(screen_title(s), "motcua");
    screen_key(s, "F1");
    screen_expect_row(s, 2, "Giúp");
    screen_key(s, "Esc");
    screen_expect_row(s, 2, "Hàng việc");
    expect_leaving(&s);
    unlink(path);
    mkdir(path, 0700);
    s = open_screen(p);
    expect_sentence(s, "quyền đọc nó.");
    expect_leaving(&s);
    free(path);
}

static void a_state_directory_of_somebody_else_is_not_used(void **state)
{
    struct post *p = *state;
    char *base = text_new("%s/state/motcua", p->home);

    if (geteuid() != 0 || !work_and_leave(p))
        skip();
    assert_int_equal(chown(base, 12345, 12345), 0);
    struct screen *s = screen_start(&(struct screen_opts){.argv = p->argv, .home = p->home, .cols = 200});
    expect_refusal(&s, 1, "không thuộc tài khoản này nên không dùng. Báo bộ phận công nghệ thông tin.");
    assert_int_equal(chown(base, 0, 0), 0);
    s = open_screen(p);
    screen_expect_row(s, 2, "Hàng việc");
    expect_leaving(&s);
    free(base);
}

/* In a mount namespace of our own, so that nothing stays mounted however this ends. */
static bool mount_disk(const char *disk, const char *options)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", disk, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

static void a_disk_that_may_not_be_written_is_said(void **state)
{
    struct post *p = *state;
    char *disk = text_new("%s/state", p->home);
    bool possible = mount_disk(disk, "size=8m,mode=0700");

    if (possible) {
        assert_int_equal(mount("none", disk, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
        struct screen *s = open_screen(p); /* signs in, and has nowhere to keep anything */
        expect_sentence(s, "Tài khoản này không được đọc hoặc ghi");
        expect_sentence(s, "Báo bộ phận công nghệ thông tin.");
        assert_int_equal(mount("none", disk, NULL, MS_REMOUNT, "size=8m"), 0);
        screen_expect(s, "Chưa đăng nhập. Những gì đã lưu trên máy này vẫn còn."); /* it does not try by itself */
        screen_key(s, "r");
        screen_expect(s, "trực tuyến ·");
        expect_leaving(&s);
    }
    umount2(disk, MNT_DETACH);
    free(disk);
    if (!possible)
        skip();
}

/* Writes until nothing goes in any more. */
static void fill(const char *path)
{
    static const char block[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    for (size_t size = sizeof block; size > 0; size /= 2)
        while (write(fd, block, size) == (ssize_t)size)
            continue;
    close(fd);
}

static void on_a_full_disk(struct post *p, const char *filler)
{
    struct screen *s = open_screen(p);

    screen_expect(s, "trực tuyến ·");
    screen_expect(s, "dữ liệu lúc");
    screen_key(s, "1");
    screen_expect_row(s, 2, "1/");
    fill(filler);
    screen_keys(s, "Enter x 1");
    expect_sentence(s, "Ổ đĩa đầy: việc vừa rồi CHƯA được lưu.");
    screen_expect_row(s, 1, "chưa gửi 0");
    /* A form keeps what was typed. */
    screen_keys(s, "x 2");
    screen_expect(s, "Lý do");
    screen_type(s, "thieu to khai");
    screen_expect(s, "thieu to khai");
    screen_key(s, "F9");
    expect_sentence(s, "Nội dung đang điền còn nguyên; xóa bớt tệp rồi bấm F9.");
    screen_expect(s, "thieu to khai");
    unlink(filler);
    screen_key(s, "F9");
    expect_sentence(s, "Đã lưu trên máy này");
    screen_expect_row(s, 1, "chưa gửi 1");
    screen_advance(s, 11);
    screen_expect_row(s, 1, "chưa gửi 0");
    screen_keys(s, "q q");
    expect_leaving(&s);
}

/* What comes from the server finds no room; when there is some again, it comes by itself. */
static void a_disk_that_is_too_small_for_what_comes(void **state)
{
    struct post *p = *state;
    char *disk = text_new("%s/state", p->home);
    bool possible = mount_disk(disk, "size=280k,mode=0700");

    if (possible) {
        struct screen *s = open_screen(p);
        screen_expect_row(s, 2, "Hàng việc");
        expect_sentence(s, "Ổ đĩa đầy");
        assert_int_equal(mount("none", disk, NULL, MS_REMOUNT, "size=64m"), 0);
        screen_advance(s, 600);
        screen_expect(s, "dữ liệu lúc");
        screen_expect_gone(s, "Đang lấy hồ sơ lần đầu");
        expect_leaving(&s);
    }
    umount2(disk, MNT_DETACH);
    free(disk);
    if (!possible)
        skip();
}

static void a_full_disk_is_said_and_the_form_is_kept(void **state)
{
    struct post *p = *state;
    char *disk = text_new("%s/state", p->home), *filler = text_new("%s/filler", disk);
    bool possible = mount_disk(disk, "size=8m,mode=0700");

    if (possible)
        on_a_full_disk(p, filler);
    umount2(disk, MNT_DETACH);
    free(disk);
    free(filler);
    if (!possible)
        skip();
}

/* ── terminals ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void a_terminal_that_cannot_show_it_is_told_so(void **state)
{
    static const struct {
        const char *const env[3];
        const char *words;
    } cases[] = {
        {{"LANG=C"}, "Đặt LANG=C.UTF-8 rồi mở lại motcua."},
        {{"LANG=C.UTF-8", "LC_ALL=vi_VN.TCVN"}, "Đặt LANG=C.UTF-8 rồi mở lại motcua."},
        {{"LANG=vi_VN.UTF-8", "LC_CTYPE=en_US.ISO-8859-1"}, "Đặt LANG=C.UTF-8 rồi mở lại motcua."},
        {{"TERM=dumb"}, "cửa sổ dòng lệnh loại “dumb”. Đặt TERM=xterm rồi mở lại motcua."},
        {{"TERM=\033[31mno"}, "Đặt TERM=xterm rồi mở lại motcua."},
        {{"TERM"}, "Đặt TERM=xterm rồi mở lại motcua."},
    };
    char *home = home_new();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct screen *s =
            screen_start(&(struct screen_opts){.argv = ARGV("motcua-t", "--server", "http://127.0.0.1:9"),
                                               .home = home,
                                               .env = cases[i].env,
                                               .cols = 200});
        expect_refusal(&s, 2, cases[i].words);
    }
    home_free(&home);
}

static void what_names_no_charset_shows_vietnamese(void **state)
{
    static const char *const env[][4] = {{"LANG", "LC_ALL", "LC_CTYPE"}, {"LANG=vi_VN.UTF-8", "LC_ALL="}};

    (void)state;
    for (size_t i = 0; i < sizeof env / sizeof *env; i++) {
        struct screen *s = screen_start(
            &(struct screen_opts){.argv = ARGV("motcua-t", "--server", "http://127.0.0.1:9"), .env = env[i]});
        screen_expect_row(s, 2, "Đăng nhập");
        expect_leaving(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_configuration_that_cannot_be_read_ends_it),
        cmocka_unit_test_setup_teardown(a_keymap_that_is_rubbish_is_told_and_the_built_in_one_works,
                                        bad_set_up, bad_tear_down),
        cmocka_unit_test_setup_teardown(a_state_directory_of_somebody_else_is_not_used, bad_set_up, bad_tear_down),
        cmocka_unit_test_setup_teardown(a_disk_that_may_not_be_written_is_said, bad_set_up, bad_tear_down),
        cmocka_unit_test_setup_teardown(a_disk_that_is_too_small_for_what_comes, bad_set_up, bad_tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_is_said_and_the_form_is_kept, bad_set_up, bad_tear_down),
        cmocka_unit_test(a_terminal_that_cannot_show_it_is_told_so),
        cmocka_unit_test(what_names_no_charset_shows_vietnamese),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
