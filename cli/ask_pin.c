/* ask_pin: the controlling terminal without echo, byte by byte, and given back whatever comes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ask_pin.h"

#include "cli/signals.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A crash handler has nothing to hand in. */
static int terminal = -1;
static struct termios modes;

static void give_back(void)
{
    if (terminal >= 0)
        tcsetattr(terminal, TCSANOW, &modes);
}

void ask_listen(void)
{
    static bool listening;

    if (!listening)
        signals_open(give_back);
    listening = true;
}

static bool take(bool echoes, struct err *e)
{
    struct termios quiet;

    terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0 || tcgetattr(terminal, &modes) != 0) {
        if (terminal >= 0)
            close(terminal);
        terminal = -1;
        return err_set(e, ERR_USAGE, "%s", _("A PIN is asked for on a terminal alone."));
    }
    ask_listen();
    quiet = modes;
    quiet.c_lflag &= ~(tcflag_t)(echoes ? 0 : ECHO | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    tcsetattr(terminal, TCSAFLUSH, &quiet);
    return true;
}

static void leave(void)
{
    give_back();
    if (write(terminal, "\n", 1) != 1)
        errno = 0; /* the line has gone */
    close(terminal);
    terminal = -1;
}

/* One byte; 0: the terminal is gone, a signal wants us to end, or it does not go on. */
static unsigned char next_byte(const struct ask_while *w)
{
    struct pollfd fds[] = {{.fd = terminal, .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};
    unsigned char byte = 0;

    while (fds[0].revents == 0) {
        if ((w && !w->goes_on(w->context)) || (poll(fds, 2, w ? 1000 : -1) < 0 && errno != EINTR))
            return 0;
        if (fds[1].revents && signals_take() & ~(UINT64_C(1) << SIGWINCH | UINT64_C(1) << SIGCONT))
            return 0;
    }
    return read(terminal, &byte, 1) == 1 ? byte : 0;
}

/* How many bytes a letter has that begins so. */
static size_t letter_bytes(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static bool read_pin(struct pin *pin, const struct ask_while *w)
{
    char letter[5] = "";
    size_t n = 0;

    for (;;) {
        unsigned char byte = next_byte(w);
        switch (byte) {
        case 0:
        case 3: /* Ctrl-C, Ctrl-D */
        case 4:
            return false;
        case '\r':
        case '\n':
            return true;
        case 8:
        case 0x7F:
            pin_erase(pin);
            continue;
        case 0x15: /* Ctrl-U */
            pin_clear(pin);
            continue;
        default:
            letter[n++] = (char)byte;
        }
        if (n < letter_bytes((unsigned char)letter[0]))
            continue;
        letter[n] = '\0';
        pin_add(pin, letter); /* what is none is passed over */
        mem_wipe(letter, sizeof letter);
        n = 0;
    }
}

bool ask_pin_while(const char *prompt, struct pin *pin, const struct ask_while *w, struct err *e)
{
    pin_clear(pin);
    if (!take(false, e))
        return false;
    dprintf(terminal, "%s: ", prompt);
    bool ok = read_pin(pin, w);
    leave();
    return ok || err_set(e, ERR_AUTH, "%s", "");
}

bool ask_pin(const char *prompt, struct pin *pin, struct err *e)
{
    return ask_pin_while(prompt, pin, NULL, e);
}

/* The terminal edits it, and gives the whole line. */
static bool read_line(char *line, size_t size, const struct ask_while *w)
{
    unsigned char byte;
    size_t n = 0;

    while ((byte = next_byte(w)) != 0 && byte != '\n' && byte != 3)
        if (n + 1 < size)
            line[n++] = (char)byte;
    line[n] = '\0';
    return byte == '\n';
}

bool ask_line_while(const char *prompt, char *line, size_t size, const struct ask_while *w, struct err *e)
{
    *line = '\0';
    if (!take(true, e))
        return false;
    dprintf(terminal, "%s ", prompt);
    bool ok = read_line(line, size, w);
    give_back();
    close(terminal);
    terminal = -1;
    return ok || err_set(e, ERR_AUTH, "%s", "");
}

bool ask_new_pin(struct pin *pin, struct err *e)
{
    struct pin *again = pin_new();
    bool same = false, ok = true;

    while (ok && !same) {
        ok = ask_pin(_("New PIN"), pin, e);
        if (ok && pin_letters(pin) < PIN_LEAST) {
            fprintf(stderr, _("A PIN has at least %d characters. Type a longer one."), PIN_LEAST);
            fputc('\n', stderr);
            continue;
        }
        ok = ok && ask_pin(_("Once more"), again, e);
        same = ok && pin_same(pin, again);
        if (ok && !same)
            fprintf(stderr, "%s\n", _("The two are not the same. Type the new PIN again."));
    }
    pin_free(&again);
    return ok;
}
