/* tty: modes taken, modes given back. It refuses to draw.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/tty.h"

#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct {
    int fd;
    volatile sig_atomic_t taken;
    struct termios shell;
    char bytes[255];
    size_t n;
} kept;

bool tty_says_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *value = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names && !(value && *value); i++)
        value = getenv(names[i]);
    if (!value || !*value)
        return true;
    const char *charset = strchr(value, '.');
    if (charset)
        return strncasecmp(charset, ".utf-8", 6) == 0 || strncasecmp(charset, ".utf8", 5) == 0;
    locale_t locale = newlocale(LC_CTYPE_MASK, value, (locale_t)0);
    if (!locale)
        return true;
    bool utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return utf8;
}

int tty_open_own(int fd)
{
    char *path = mem_format("/proc/self/fd/%d", fd);
    int own = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    mem_free(&path);
    if (own >= 0)
        return own;
    return open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); /* after su the other is not ours to open */
}

void tty_take(int fd)
{
    struct termios raw;

    kept.fd = fd;
    if (tcgetattr(fd, &kept.shell) != 0)
        return;
    raw = kept.shell;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | ISTRIP | INPCK | PARMRK);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    raw.c_cc[VINTR] = _POSIX_VDISABLE; /* Ctrl-C is a key of ours */
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSANOW, &raw);
    kept.taken = 1;
}

bool tty_taken(void)
{
    return kept.taken;
}

void tty_keep_way_out(const char *bytes, size_t n)
{
    kept.n = n < sizeof kept.bytes ? n : sizeof kept.bytes;
    memcpy(kept.bytes, bytes, kept.n);
}

void tty_restore(void)
{
    struct pollfd ready = {.fd = kept.fd, .events = POLLOUT};
    int before = errno;

    if (!kept.taken)
        return;
    kept.taken = 0;
    for (size_t at = 0; at < kept.n;) {
        ssize_t n = write(kept.fd, kept.bytes + at, kept.n - at);
        if (n > 0)
            at += (size_t)n;
        else if (errno != EINTR && !(errno == EAGAIN && poll(&ready, 1, TTY_LEAVE_MS) > 0))
            break;
    }
    tcflush(kept.fd, TCIFLUSH);
    tcsetattr(kept.fd, TCSANOW, &kept.shell);
    errno = before;
}
