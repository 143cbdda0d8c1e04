/* term: the terminal. Curses draws into a memory file; its bytes leave through a descriptor of our own that never blocks. It refuses
 * to draw while a frame is still on its way, to hide the cursor, and to leave a terminal as it is on any way out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/capability.h"
#include "tui/tty.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#define term term_of_curses /* <term.h> has a struct of our name */
#include <term.h>
#undef term
#include <unistd.h>
#include <wchar.h>

#define ROWS_MAX 512 /* a window that claims more is drawn in part */
#define COLS_MAX 1024

struct term {
    int fd;     /* ours, non-blocking */
    int memory; /* where curses writes */
    FILE *memory_file;
    SCREEN *screen;
    struct buf out; /* bytes of the last frame */
    size_t sent;
    int rows, cols;
    struct cell *shown; /* what curses was given: only what differs is given again */
    char *enter;
    bool ascii, half_blocks, colours;
    attr_t attr[STYLE_COUNT];
    short pair[STYLE_COUNT];
};

static bool no_terminal(struct err *e)
{
    return err_set(e, ERR_CONFIG, "%s", _("motcua needs a terminal window. In scripts: see motcua --help."));
}

static bool unknown_terminal(struct err *e, const char *name)
{
    struct arena arena = {0};

    err_set(e, ERR_CONFIG, _("The terminal type “%s” cannot be used. Set TERM=xterm, then open motcua again."),
            text_cut(&arena, text_shown(&arena, name), 40));
    arena_clear(&arena);
    return false;
}

void term_restore_now(void)
{
    tty_restore();
}

/* ── ways in and out ────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool begins_with_one_of(const char *name, const char *const *beginnings)
{
    for (; *beginnings; beginnings++)
        if (strncmp(name, *beginnings, strlen(*beginnings)) == 0)
            return true;
    return false;
}

/* Our own ways in and out, since a crash handler has to know them. Cursor keys stay in their normal mode: the application mode
 * takes the digits of PuTTY's keypad away. */
static void make_ways(struct term *t, const char *name)
{
    static const char *const titled[] = {"rxvt", "screen", "tmux", "kitty", NULL};
    bool title = tigetflag("XT") == 1 || begins_with_one_of(name, titled);
    struct buf enter = {0}, leave = {0};

    capability_add(&enter, "smcup");
    capability_add(&enter, "rmkx");
    capability_add(&enter, "cnorm");
    buf_text(&enter, title ? "\033[22;2t\033]2;motcua\a" : "");
    buf_text(&enter, "\033[?2004h");
    t->enter = buf_take(&enter);

    buf_text(&leave, "\030\033[?2004l"); /* CAN ends what a cut frame began */
    buf_text(&leave, title ? "\033[23;2t" : "");
    capability_add(&leave, "sgr0");
    capability_add(&leave, "op");
    capability_add(&leave, "cnorm");
    capability_add(&leave, exit_ca_mode ? "rmcup" : "clear");
    tty_keep_way_out(leave.data, leave.len);
    buf_clear(&leave);
}

/* ── looks ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static short colour(short wanted)
{
    return wanted == THEME_DARK_YELLOW && COLORS < 256 ? COLOR_YELLOW : wanted;
}

/* Styles of the same two colours share a pair, so that going from one to the other costs nothing. */
static short pair_of(struct term *t, const struct look *look, const struct look *looks, int style)
{
    for (int i = 0; i < style; i++)
        if (t->pair[i] && looks[i].fg == look->fg && looks[i].bg == look->bg)
            return t->pair[i];
    init_pair((short)(style + 1), colour(look->fg), colour(look->bg));
    return (short)(style + 1);
}

static bool has_colour(const struct look *look)
{
    return look->fg != -1 || look->bg != -1;
}

static bool is_qr(int style)
{
    return style == STYLE_QR || style == STYLE_QR_DARK;
}

void term_set_theme(struct term *t, enum theme_id theme)
{
    struct look looks[STYLE_COUNT];

    for (int i = 0; i < STYLE_COUNT; i++) {
        looks[i] = theme_look(theme, (enum style)i);
        /* A QR is black on white because scanners want it so, whatever NO_COLOR says. */
        bool coloured = has_colour(&looks[i]) && (t->colours || (is_qr(i) && has_colors()));
        if (has_colour(&looks[i]) && !coloured)
            looks[i] = is_qr(i) ? (struct look){-1, -1, i == STYLE_QR, false, false}
                                : theme_look(THEME_MONO, (enum style)i);
        t->attr[i] = (looks[i].reverse ? A_REVERSE : 0) | (looks[i].underline ? A_UNDERLINE : 0) |
                     (looks[i].bold ? A_BOLD : 0);
        t->pair[i] = coloured ? pair_of(t, &looks[i], looks, i) : 0;
    }
    if (t->shown)
        memset(t->shown, 0, sizeof *t->shown * (size_t)t->rows * (size_t)t->cols);
}

/* ── in and out ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What curses has written since the last time: to be sent, or forgotten. */
static void take_frame(struct term *t, bool send)
{
    off_t n = lseek(t->memory, 0, SEEK_CUR);
    char piece[4096];

    for (off_t at = 0; send && at < n;) {
        ssize_t got = pread(t->memory, piece, sizeof piece, at);
        if (got <= 0)
            break;
        buf_add(&t->out, piece, (size_t)got);
        at += got;
    }
    if (ftruncate(t->memory, 0) != 0 || lseek(t->memory, 0, SEEK_SET) != 0)
        die("the frame's memory file cannot be emptied");
}

/* newterm() takes signals over; they are the loop's. It is not asked for what has no description: it would leak. */
static SCREEN *new_screen(const char *name, FILE *file)
{
    static const int taken[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    struct sigaction before[sizeof taken / sizeof *taken];
    int why;

    if (setupterm(name, fileno(file), &why) != OK)
        return NULL;
    del_curterm(cur_term);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        sigaction(taken[i], NULL, &before[i]);
    SCREEN *screen = newterm(name, file, file);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        sigaction(taken[i], &before[i], NULL);
    return screen;
}

/* Terminals whose own descriptions many machines lack (putty-256color is not in Debian's base), all of them like xterm. */
static SCREEN *find_screen(const char *name, FILE *file)
{
    static const char *const alike[] = {"xterm", "putty", "konsole",   "gnome",   "vte",    "rxvt", "kitty",
                                        "foot",  "st-",   "alacritty", "wezterm", "mlterm", NULL};
    SCREEN *screen = new_screen(name, file);

    if (!screen && begins_with_one_of(name, alike))
        screen = new_screen(strstr(name, "256") ? "xterm-256color" : "xterm", file);
    return screen;
}

static bool start_curses(struct term *t, const char *name)
{
    unsetenv("LINES"); /* somebody else's; the size is asked for */
    unsetenv("COLUMNS");
    t->screen = name && *name ? find_screen(name, t->memory_file) : NULL;
    if (!t->screen || !cursor_address)
        return false;
    typeahead(-1); /* curses must not look at our descriptors */
    idlok(stdscr, TRUE);
    repeat_char = NULL; /* xterm's description has it, PuTTY had it not for long */
    const char *no_color = getenv("NO_COLOR");
    t->colours = has_colors() && start_color() == OK && use_default_colors() == OK && !(no_color && *no_color);
    make_ways(t, name);
    take_frame(t, false);
    return true;
}

static void enter(struct term *t)
{
    tty_take(t->fd);
    buf_text(&t->out, t->enter);
    term_redraw(t);
}

static void drain(struct term *t)
{
    struct pollfd ready = {.fd = t->fd, .events = POLLOUT};

    while (!term_flush(t) && poll(&ready, 1, TTY_LEAVE_MS) > 0)
        continue;
}

bool term_open(int fd, enum theme_id theme, bool ascii_symbols, struct term **out, struct err *e)
{
    const char *name = getenv("TERM");

    if (!isatty(fd))
        return no_terminal(e);
    if (!tty_says_utf8() || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return err_set(e, ERR_CONFIG, "%s",
                       _("This window cannot show Vietnamese. Set LANG=C.UTF-8, then open motcua again."));
    struct term *t = mem_alloc(sizeof *t);
    t->ascii = ascii_symbols;
    t->half_blocks = !ascii_symbols && name && strncmp(name, "linux", 5) != 0;
    t->memory = -1;
    t->fd = tty_open_own(fd);
    if (t->fd >= 0)
        t->memory = memfd_create("motcua-frame", MFD_CLOEXEC);
    if (t->memory >= 0)
        t->memory_file = fdopen(t->memory, "w+");
    if (!t->memory_file || !start_curses(t, name)) {
        bool made = t->memory_file != NULL;
        term_close(&t);
        return made ? unknown_terminal(e, name) : no_terminal(e);
    }
    term_set_theme(t, theme);
    enter(t);
    *out = t;
    return true;
}

void term_close(struct term **term)
{
    struct term *t = *term;

    if (!t)
        return;
    if (tty_taken()) {
        drain(t);
        term_restore_now();
    }
    if (t->screen)
        delscreen(t->screen);
    if (t->memory_file)
        fclose(t->memory_file);
    else if (t->memory >= 0)
        close(t->memory);
    if (t->fd >= 0)
        close(t->fd);
    buf_wipe(&t->out);
    if (t->shown)
        mem_wipe(t->shown, sizeof *t->shown * (size_t)t->rows * (size_t)t->cols);
    free(t->shown);
    free(t->enter);
    free(t);
    *term = NULL;
}

void term_suspend(struct term *t)
{
    drain(t);
    term_restore_now();
}

void term_resume(struct term *t)
{
    buf_wipe(&t->out);
    t->sent = 0;
    enter(t);
}

int term_fd(const struct term *t)
{
    return t->fd;
}

bool term_half_blocks(const struct term *t)
{
    return t->half_blocks;
}

/* ── frames ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const wchar_t *in_ascii(const wchar_t *letter)
{
    static const wchar_t symbols[] = L"·…–“”’‹›×≠»←↑→↓│─█░", plain[] = L".$-\"\"'<>x#><^>v|-#.";
    static const wchar_t singles[][2] = {L".", L"$", L"-", L"\"", L"'", L"<",
                                         L">", L"x", L"#", L"^",  L"v", L"|"};
    const wchar_t *at = letter[1] ? NULL : wcschr(symbols, letter[0]);

    for (size_t i = 0; at && i < sizeof singles / sizeof *singles; i++)
        if (singles[i][0] == plain[at - symbols])
            return singles[i];
    return letter;
}

/* What the C library takes for wider or narrower than the canvas would shift the rest of the row: it is shown as `?`. */
static bool same_width(const wchar_t *letter, int width)
{
    if (wcwidth(letter[0]) != width)
        return false;
    while (*++letter)
        if (wcwidth(*letter) != 0)
            return false;
    return true;
}

static void put_cell(struct term *t, int row, int col, const struct cell *cell)
{
    wchar_t letter[sizeof cell->text];
    cchar_t out;

    if (mbstowcs(letter, cell->text, sizeof letter / sizeof *letter) == (size_t)-1 ||
        !same_width(letter, cell->width) || wcslen(letter) > CCHARW_MAX) {
        for (int i = 0; i < cell->width; i++)
            put_cell(t, row, col + i, &(struct cell){.text = "?", .style = cell->style, .width = 1});
        return;
    }
    setcchar(&out, t->ascii ? in_ascii(letter) : letter, t->attr[cell->style], t->pair[cell->style], NULL);
    mvadd_wch(row, col, &out);
}

/* Gives curses what changed; a row that has or had wide letters whole, since their halves hang together. */
static void put_row(struct term *t, const struct canvas *c, int row)
{
    struct cell *shown = t->shown + (size_t)row * (size_t)t->cols;
    const struct cell *cells = c->cells + (size_t)row * (size_t)c->cols;
    int cols = c->cols < t->cols ? c->cols : t->cols;
    bool wide = false;

    if (memcmp(shown, cells, (size_t)cols * sizeof *cells) == 0)
        return;
    for (int col = 0; col < cols; col++)
        wide = wide || cells[col].width != 1 || shown[col].width == 2;
    for (int col = 0; col < cols; col++)
        if (cells[col].width > 0 && (wide || memcmp(&shown[col], &cells[col], sizeof *cells) != 0))
            put_cell(t, row, col, &cells[col]);
    memcpy(shown, cells, (size_t)cols * sizeof *cells);
}

bool term_show(struct term *t, const struct canvas *c)
{
    int rows, cols;

    if (t->rows == 0)
        term_resized(t, &rows, &cols);
    if (term_pending(t) && !term_flush(t))
        return false;
    for (int row = 0; row < c->rows && row < t->rows; row++)
        put_row(t, c, row);
    move(c->cursor_row < t->rows ? c->cursor_row : t->rows - 1,
         c->cursor_col < t->cols ? c->cursor_col : t->cols - 1);
    refresh();
    take_frame(t, true);
    term_flush(t);
    return true;
}

bool term_flush(struct term *t)
{
    while (t->sent < t->out.len) {
        ssize_t n = write(t->fd, t->out.data + t->sent, t->out.len - t->sent);
        if (n > 0)
            t->sent += (size_t)n;
        else if (errno == EAGAIN)
            return false;
        else if (errno != EINTR)
            break; /* the line is dead: term_read() says so */
    }
    t->out.len = t->sent = 0;
    return true;
}

bool term_pending(const struct term *t)
{
    return t->sent < t->out.len;
}

void term_wipe(struct term *t)
{
    buf_wipe(&t->out); /* what has not left shall not */
    t->sent = 0;
    buf_text(&t->out, "\030"); /* CAN ends what a cut frame began */
    capability_add(&t->out, "sgr0");
    capability_add(&t->out, "clear");
    capability_add(&t->out, "E3");
    term_redraw(t);
}

void term_redraw(struct term *t)
{
    clearok(curscr, TRUE);
}

/* ── what comes from it ─────────────────────────────────────────────────────────────────────────────────────────────── */

bool term_read(struct term *t, struct input *in, int64_t now_ms)
{
    char bytes[4096];
    struct winsize size;
    ssize_t n;

    while ((n = read(t->fd, bytes, sizeof bytes)) > 0) {
        input_feed(in, bytes, (size_t)n, now_ms);
        mem_wipe(bytes, (size_t)n);
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    return ioctl(t->fd, TIOCGWINSZ, &size) == 0;
}

static int between(int n, int least, int most)
{
    return n < least ? least : n > most ? most : n;
}

bool term_resized(struct term *t, int *rows, int *cols)
{
    struct winsize size = {0};

    if (ioctl(t->fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    *rows = between(size.ws_row, 1, ROWS_MAX);
    *cols = between(size.ws_col, 1, COLS_MAX);
    if (*rows == t->rows && *cols == t->cols)
        return false;
    t->rows = *rows;
    t->cols = *cols;
    t->shown = mem_grow(t->shown, (size_t)t->rows * (size_t)t->cols, sizeof *t->shown);
    memset(t->shown, 0, sizeof *t->shown * (size_t)t->rows * (size_t)t->cols);
    resize_term(t->rows, t->cols);
    term_redraw(t);
    return true;
}
