/* agent_talk: see agent_talk.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/agent_talk.h"

#include "cli/command.h"
#include "core/i18n.h"
#include "core/instant.h"
#include "core/text.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CODE_LETTERS 4
#define LEAST_ROWS   4

struct sheet {
    struct arena arena;
    char **lines;
    size_t n;
};

static struct winsize window(void)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    return size;
}

/* All that is signed and by which key, as the lines of this terminal. */
static void lay_out(struct sheet *s, const struct signing_statement *said, const struct signer_certificate *c,
                    const struct signer_device *device)
{
    char *text = NULL;
    size_t n = 0;
    int32_t offset = 0;
    FILE *to = open_memstream(&text, &n);

    if (!to)
        die("out of memory");
    zone_offset("Asia/Ho_Chi_Minh", &offset);
    print_statement(to, said, offset, &s->arena);
    fputc('\n', to);
    fprintf(to, _("Sign with: %s"),
            arena_format(&s->arena, _("device %s, %s"), text_shown(&s->arena, device->label),
                         text_shown(&s->arena, c->name)));
    fprintf(to, "\n");
    fprintf(to, _("Certificate %s, issued by %s."), text_shown(&s->arena, c->serial),
            text_shown(&s->arena, c->issuer));
    fclose(to);
    s->n = text_wrap(&s->arena, text, window().ws_col - 1, &s->lines);
    free(text);
}

static bool wants_more(size_t left, struct arena *arena, const struct ask_while *w)
{
    char typed[64];

    return ask_line_while(arena_format(arena, _("— Enter: go on, %zu more lines. q: do not sign."), left),
                          typed, sizeof typed, w, NULL) &&
           typed[0] == '\0';
}

static bool show(struct sheet *s, const struct ask_while *w)
{
    int rows = window().ws_row - 2;
    size_t page = rows > LEAST_ROWS ? (size_t)rows : LEAST_ROWS;

    for (size_t i = 0; i < s->n; i++) {
        if (i > 0 && i % page == 0 && !wants_more(s->n - i, &s->arena, w))
            return false;
        printf("%s\n", s->lines[i]);
    }
    fflush(stdout);
    return true;
}

static bool confirm(const struct signing_statement *said, const struct ask_while *w)
{
    size_t n = strlen(said->code);
    const char *wanted = n > CODE_LETTERS ? said->code + n - CODE_LETTERS : said->code;
    char typed[64];

    return ask_line_while(
               strcmp(said->outcome, "grant") == 0
                   ? _("Type the last 4 characters of the dossier's code to sign GRANT. Enter alone: do not sign.")
                   : _("Type the last 4 characters of the dossier's code to sign REFUSE. Enter alone: do not sign."),
               typed, sizeof typed, w, NULL) &&
           *typed && strcasecmp(typed, wanted) == 0;
}

bool agent_talk(unsigned number, const struct signing_statement *said, const struct signer_certificate *c,
                const struct signer_device *device, const struct ask_while *w)
{
    struct sheet s = {0};

    printf("\a\n── ");
    printf(_("No. %u: the office sends this to be signed"), number);
    printf(" ──\n");
    lay_out(&s, said, c, device);
    bool ok = show(&s, w) && confirm(said, w);
    arena_clear(&s.arena);
    return ok;
}
