/* pty: the program, its terminal and the picture of it. One read of the terminal at a time goes into libvterm; whoever waits
 * looks at the picture after each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

enum { ESC_REST_MS = 60, ROW_MAX = 4096 };

struct screen {
    pid_t pid;
    int status; /* -1 while it runs */
    int master; /* -1: hung up */
    int clock;  /* our end of MOTCUA_TEST_FD */
    char *own_home;
    int rows, cols;
    VTerm *vterm;
    VTermScreen *cells;
    bool cursor_shown, alternate;
    bool closed; /* nobody has the other end of the terminal open any more */
    char title[256];
    size_t bytes;
};

/* ── libvterm ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct screen *s = user;

    if (property == VTERM_PROP_CURSORVISIBLE)
        s->cursor_shown = value->boolean;
    else if (property == VTERM_PROP_ALTSCREEN)
        s->alternate = value->boolean;
    else if (property == VTERM_PROP_TITLE) {
#if VTERM_VERSION_MAJOR == 0 && VTERM_VERSION_MINOR < 2
        snprintf(s->title, sizeof s->title, "%s", value->string);
#else
        size_t n = value->string.initial ? 0 : strlen(s->title);
        snprintf(s->title + n, sizeof s->title - n, "%.*s", (int)value->string.len, value->string.str);
#endif
    }
    return 1;
}

/* What the terminal answers to questions (device attributes, cursor position) goes back as if typed. */
static void on_output(const char *bytes, size_t n, void *user)
{
    struct screen *s = user;

    if (s->master >= 0 && write(s->master, bytes, n) < 0 && errno != EIO)
        fail_at(HERE, "terminal: %s", strerror(errno));
}

static void picture_new(struct screen *s)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

    s->vterm = vterm_new(s->rows, s->cols);
    vterm_set_utf8(s->vterm, 1);
    vterm_output_set_callback(s->vterm, on_output, s);
    s->cells = vterm_obtain_screen(s->vterm);
    vterm_screen_set_callbacks(s->cells, &callbacks, s);
    vterm_screen_enable_altscreen(s->cells, 1);
    vterm_screen_reset(s->cells, 1);
    s->cursor_shown = true;
}

/* ── start and end ───────────────────────────────────────────────────────────────────────────────────────────────── */

static char **start_env(const struct screen_opts *opts)
{
    size_t n = 0;

    while (opts->env && opts->env[n])
        n++;
    char **env = calloc(n + 3, sizeof *env);
    if (!env)
        abort();
    env[0] = text_new("TERM=%s", opts->term ? opts->term : "xterm-256color");
    env[1] = text_new("LANG=%s", opts->lang ? opts->lang : "C.UTF-8");
    for (size_t i = 0; i < n; i++)
        env[i + 2] = text_new("%s", opts->env[i]);
    return env;
}

struct screen *screen_start(const struct screen_opts *opts)
{
    struct screen *s = calloc(1, sizeof *s);
    int slave, pair[2];

    if (!s)
        abort();
    s->rows = opts->rows ? opts->rows : 24;
    s->cols = opts->cols ? opts->cols : 80;
    s->status = -1;
    struct winsize size = {.ws_row = (unsigned short)s->rows, .ws_col = (unsigned short)s->cols};
    if (openpty(&s->master, &slave, NULL, NULL, &size) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        fail_at(HERE, "no terminal: %s", strerror(errno));
    fcntl(s->master, F_SETFD, FD_CLOEXEC);
    fcntl(s->master, F_SETFL, O_NONBLOCK);
    s->clock = pair[0];
    picture_new(s);
    if (!opts->home)
        s->own_home = home_new();
    char **env = start_env(opts);
    s->pid = child_start(&(struct child){.argv = opts->argv ? opts->argv : ARGV("motcua-t"),
                                         .env = (const char *const *)env,
                                         .home = opts->home ? opts->home : s->own_home,
                                         .in = slave,
                                         .out = slave,
                                         .err = slave,
                                         .pass = pair[1],
                                         .terminal = true});
    close(slave);
    close(pair[1]);
    for (char **e = env; *e; e++)
        free(*e);
    free(env);
    return s;
}

void screen_free(struct screen **at)
{
    struct screen *s = *at;

    if (!s)
        return;
    if (s->status < 0) {
        kill(s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
    }
    if (s->master >= 0)
        close(s->master);
    close(s->clock);
    home_free(&s->own_home);
    vterm_free(s->vterm);
    free(s);
    *at = NULL;
}

pid_t screen_pid(const struct screen *s)
{
    return s->pid;
}

void screen_hangup(struct screen *s)
{
    close(s->master);
    s->master = -1;
}

int screen_exit_code_at(struct screen *s, struct at at)
{
    int64_t deadline = harness_deadline();

    while (s->status < 0 && harness_now() < deadline) {
        /* It may not end before its last bytes are read; nor does the end of the bytes say that it has ended. */
        if (screen_read(s, 20))
            continue;
        s->status = child_wait(s->pid, harness_now() + 20);
    }
    while (screen_read(s, 0))
        ;
    if (s->status < 0) {
        screen_dump(s);
        fail_at(at, "the program did not end");
    }
    return s->status;
}

/* ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

bool screen_read(struct screen *s, int ms)
{
    char bytes[65536];

    if (s->master < 0 || s->closed)
        return false;
    if (poll(&(struct pollfd){.fd = s->master, .events = POLLIN}, 1, ms) <= 0)
        return false;
    ssize_t n = read(s->master, bytes, sizeof bytes);
    if (n <= 0) {
        s->closed = n == 0 || errno == EIO;
        return false;
    }
    s->bytes += (size_t)n;
    vterm_input_write(s->vterm, bytes, (size_t)n);
    return true;
}

size_t screen_bytes(const struct screen *s)
{
    return s->bytes;
}

void screen_bytes_reset(struct screen *s)
{
    s->bytes = 0;
}

/* ── typing ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void screen_send(struct screen *s, const char *bytes, size_t n)
{
    int64_t deadline = harness_deadline();

    while (n) {
        ssize_t put = write(s->master, bytes, n);
        if (put > 0) {
            bytes += put;
            n -= (size_t)put;
        } else if (errno == EAGAIN && harness_now() < deadline) {
            screen_read(s, 10); /* it may be waiting for us to read */
        } else {
            fail_at(HERE, "the program takes no keys: %s", strerror(errno));
        }
    }
}

void screen_type(struct screen *s, const char *text)
{
    screen_send(s, text, strlen(text));
}

void screen_paste(struct screen *s, const char *text)
{
    char *all = text_new("\033[200~%s\033[201~", text);

    screen_type(s, all);
    free(all);
}

void screen_keys_at(struct screen *s, const char *names, struct at at)
{
    char *all = text_new("%s", names), *rest = all, *name;
    char bytes[16];

    while ((name = strsep(&rest, " "))) {
        if (!*name)
            continue;
        if (!key_bytes(name, bytes))
            fail_at(at, "no key is called \"%s\"", name);
        screen_type(s, bytes);
        if (strcmp(bytes, "\033") == 0)
            for (int64_t end = harness_now() + ESC_REST_MS, left; (left = end - harness_now()) > 0;)
                screen_read(s, (int)left);
    }
    free(all);
}

void screen_resize(struct screen *s, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    s->rows = rows;
    s->cols = cols;
    vterm_set_size(s->vterm, rows, cols);
    ioctl(s->master, TIOCSWINSZ, &size);
}

void screen_signal(struct screen *s, int sig)
{
    pid_t front = tcgetpgrp(s->master);

    kill(front > 0 ? -front : s->pid, sig);
}

bool screen_tty_cooked(const struct screen *s)
{
    struct termios tty;

    return tcgetattr(s->master, &tty) == 0 && (tty.c_lflag & ICANON) && (tty.c_lflag & ECHO) &&
           (tty.c_oflag & OPOST) && (tty.c_iflag & ICRNL);
}

void screen_advance_at(struct screen *s, double seconds, struct at at)
{
    char *packet = text_new("advance %.3f", seconds);
    char answer[64] = "";
    int64_t deadline = harness_deadline();
    ssize_t n = send(s->clock, packet, strlen(packet), MSG_NOSIGNAL);

    free(packet);
    while (n > 0 && harness_now() < deadline) {
        struct pollfd fds[] = {{.fd = s->clock, .events = POLLIN}, {.fd = s->master, .events = POLLIN}};
        poll(fds, 2, 20);
        if (fds[1].revents)
            screen_read(s, 0);
        if (!fds[0].revents)
            continue;
        n = recv(s->clock, answer, sizeof answer - 1, MSG_DONTWAIT);
        answer[n > 0 ? n : 0] = '\0';
        if (n > 0 && strcmp(answer, "ok") == 0)
            return;
        break;
    }
    screen_dump(s);
    fail_at(at, "the program's clock did not move (is it motcua-t? it answered \"%s\")", answer);
}

/* ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static size_t put_utf8(char *out, uint32_t c)
{
    static const unsigned char lead[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[n] | c);
    return n;
}

static int row_index(const struct screen *s, int row)
{
    int index = row < 0 ? s->rows + row : row - 1;

    if (index < 0 || index >= s->rows)
        fail_at(HERE, "row %d on a screen of %d rows", row, s->rows);
    return index;
}

void screen_row(struct screen *s, int row, char *buf, size_t size)
{
    VTermScreenCell cell;
    size_t n = 0, end = 0;
    VTermPos pos = {.row = row_index(s, row)};

    for (; pos.col < s->cols && n + 5 < size; pos.col += cell.width > 1 ? cell.width : 1) {
        if (!vterm_screen_get_cell(s->cells, pos, &cell))
            break;
        if (!cell.chars[0]) { /* then libvterm leaves the others as they are */
            buf[n++] = ' ';
            continue;
        }
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && n + 5 < size; i++)
            n += put_utf8(buf + n, cell.chars[i]);
        if (cell.chars[0] != ' ')
            end = n;
    }
    buf[end] = '\0';
}

bool screen_row_has(struct screen *s, int row, const char *text)
{
    char buf[ROW_MAX];

    screen_row(s, row, buf, sizeof buf);
    return strstr(buf, text);
}

bool screen_has(struct screen *s, const char *text)
{
    for (int row = 1; row <= s->rows; row++)
        if (screen_row_has(s, row, text))
            return true;
    return false;
}

char *screen_text(struct screen *s)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    char buf[ROW_MAX];

    if (!file)
        abort();
    for (int row = 1; row <= s->rows; row++) {
        screen_row(s, row, buf, sizeof buf);
        fprintf(file, "%s\n", buf);
    }
    fclose(file);
    return text;
}

void screen_dump(struct screen *s)
{
    char *text = screen_text(s), *rest = text, *line;
    int row, col, number = 1;

    screen_cursor(s, &row, &col);
    print_error("# screen %dx%d, cursor at row %d column %d%s, %zu bytes\n", s->cols, s->rows, row, col,
                s->cursor_shown ? "" : " (hidden)", s->bytes);
    while ((line = strsep(&rest, "\n")) && rest)
        print_error("# %3d|%s\n", number++, line);
    free(text);
}

void screen_size(const struct screen *s, int *rows, int *cols)
{
    *rows = s->rows;
    *cols = s->cols;
}

void screen_cursor(struct screen *s, int *row, int *col)
{
    VTermPos pos;

    vterm_state_get_cursorpos(vterm_obtain_state(s->vterm), &pos);
    *row = pos.row + 1;
    *col = pos.col + 1;
}

static int colour(VTermColor c)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&c) || VTERM_COLOR_IS_DEFAULT_BG(&c))
        return -1;
    if (VTERM_COLOR_IS_INDEXED(&c))
        return c.indexed.idx;
    return 0x1000000 | c.rgb.red << 16 | c.rgb.green << 8 | c.rgb.blue;
}

struct screen_attr screen_attr_at(struct screen *s, int row, int col)
{
    VTermScreenCell cell = {0};

    vterm_screen_get_cell(s->cells, (VTermPos){.row = row_index(s, row), .col = col - 1}, &cell);
    return (struct screen_attr){.bold = cell.attrs.bold,
                                .reverse = cell.attrs.reverse,
                                .italic = cell.attrs.italic,
                                .blink = cell.attrs.blink,
                                .underline = cell.attrs.underline,
                                .fg = colour(cell.fg),
                                .bg = colour(cell.bg)};
}

bool screen_cursor_shown(const struct screen *s)
{
    return s->cursor_shown;
}

bool screen_alternate(const struct screen *s)
{
    return s->alternate;
}

const char *screen_title(const struct screen *s)
{
    return s->title;
}

void screen_wait_at(struct screen *s, int row, const char *text, bool there, struct at at)
{
    int64_t deadline = harness_deadline(), left;

    while ((row ? screen_row_has(s, row, text) : screen_has(s, text)) != there) {
        left = deadline - harness_now();
        if (left <= 0 || s->closed) {
            screen_dump(s);
            fail_at(at, "\"%s\" %s on the screen%s", text, there ? "did not come" : "stayed",
                    s->closed ? ": the program is gone" : "");
        }
        screen_read(s, (int)left);
    }
}

void screen_cursor_at(struct screen *s, int row, int col, struct at at)
{
    int64_t deadline = harness_deadline(), left;
    int r, c;

    for (screen_cursor(s, &r, &c); r != row_index(s, row) + 1 || c != col; screen_cursor(s, &r, &c)) {
        left = deadline - harness_now();
        if (left <= 0 || s->closed) {
            screen_dump(s);
            fail_at(at, "the cursor did not come to row %d column %d", row, col);
        }
        screen_read(s, (int)left);
    }
}
