/* app_status: row 1. Who, which unit, how the line stands, what is not sent, the server's time. Too long: the role goes first, then
 * the family and middle name, then the unit (screens.md, rule 1).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

char *app_unit_short(struct arena *arena, const char *name)
{
    static const struct {
        const char *whole, *brief;
    } kinds[] = {
        {"Thị trấn ", "TT. "}, {"Thành phố ", "TP. "}, {"Thị xã ", "TX. "}, {"Ủy ban nhân dân ", "UBND "}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = strlen(kinds[i].whole);
        if (strncmp(name, kinds[i].whole, n) == 0)
            return arena_format(arena, "%s%s", kinds[i].brief, name + n);
    }
    return arena_copy(arena, name);
}

static const char *line_words(struct app *app, struct arena *arena)
{
    const struct line_status *line = &app->line;

    switch (line->state) {
    case LINE_ONLINE:
    case LINE_OTHER:
        return C_("line", "online");
    case LINE_SLOW:
        return C_("line", "slow line");
    case LINE_OFFLINE:
        return arena_format(arena, C_("line", "cut off since %s"),
                            word_clock(arena, line->since, app_offset(app)));
    case LINE_MAINTENANCE:
        return C_("line", "under maintenance");
    case LINE_SIGN_IN:
        return C_("line", "sign in again");
    case LINE_STOPPED:
        return C_("line", "server not usable");
    case LINE_STARTING:
        break;
    }
    return C_("line", "connecting");
}

static char *unsent_words(struct app *app, struct arena *arena)
{
    int64_t unsent = 0, stuck = 0;

    if (app->outbox)
        outbox_counts(app->outbox, &unsent, &stuck);
    if (stuck > 0)
        return arena_format(arena, _("not sent %lld, stuck %lld"), (long long)unsent, (long long)stuck);
    return arena_format(arena, _("not sent %lld"), (long long)unsent);
}

/* unit · name · role, from the longest form to the shortest. */
static void who_forms(struct app *app, struct arena *arena, const char *forms[4])
{
    const struct officer *me = app_officer(app);
    const char *name = text_shown(arena, me ? me->name : app_officer_id(app));
    const char *unit = me ? app_unit_short(arena, text_shown(arena, cache_unit_name(app->cache, me->unit))) : "";
    const char *role = me && me->roles.n ? word_role(me->roles.items[0]) : "";
    const char *given = word_given_name(name);

    if (!*unit) {
        forms[0] = forms[1] = name;
        forms[2] = forms[3] = given;
        return;
    }
    forms[1] = arena_format(arena, "%s · %s", unit, name);
    forms[0] = *role ? arena_format(arena, "%s · %s", forms[1], role) : forms[1];
    forms[2] = arena_format(arena, "%s · %s", unit, given);
    forms[3] = given;
}

/* The host of a URL, without scheme, port and path. */
static char *host_of(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://");

    host = host ? host + 3 : url;
    return text_shown(arena, arena_copy_n(arena, host, strcspn(host, ":/")));
}

static void signed_out(struct app *app, struct canvas *c, int col, struct arena *arena)
{
    char *right = arena_format(arena, "%s · %s · %s", text_shown(arena, app->options.workstation),
                               host_of(arena, app->options.server ? app->options.server : ""),
                               word_clock(arena, app_now(app), app_offset(app)));

    canvas_put(c, 0, col, -1, STYLE_STATUS, _("Not signed in"));
    canvas_put_right(c, 0, c->cols - 1, STYLE_STATUS, right);
}

void app_draw_status(struct app *app, struct canvas *c)
{
    struct arena arena = {0};
    const char *forms[4], *clock = word_clock(&arena, app_now(app), app_offset(app));
    int col = 1;

    canvas_style(c, 0, 0, c->cols, STYLE_STATUS);
    if (app->line.training)
        col += canvas_put(c, 0, col, -1, STYLE_BANNER, _("TRAINING")) + 2;
    if (app->locked) {
        canvas_put(c, 0, col, -1, STYLE_STATUS,
                   arena_format(&arena, _("Locked at %s"), word_clock(&arena, app->locked_at, app_offset(app))));
        canvas_put_right(c, 0, c->cols - 1, STYLE_STATUS, clock);
        arena_clear(&arena);
        return;
    }
    if (!app->outbox) {
        signed_out(app, c, col, &arena);
        arena_clear(&arena);
        return;
    }
    who_forms(app, &arena, forms);
    const char *line = line_words(app, &arena), *typing = app_typing_word(app),
               *unsent = unsent_words(app, &arena);
    int room = c->cols - 1 - col, form = 0;

    if (*typing)
        unsent = arena_format(&arena, "%s · %s", unsent, typing);
    char *right = arena_format(&arena, _("%s · %s · server %s"), line, unsent, clock);
    if (text_width(forms[0]) + 2 + text_width(right) > room) { /* the word goes with the role */
        int fixed = text_width(unsent) + text_width(clock) + 6;
        right = arena_format(&arena, "%s · %s · %s", text_cut(&arena, line, room - fixed), unsent, clock);
        for (form = 1; form < 3 && text_width(forms[form]) + 2 + text_width(right) > room;)
            form++;
    }
    int left = canvas_put_right(c, 0, c->cols - 1, STYLE_STATUS, right) - 2 - col;
    if (left >= text_width(forms[form]))
        canvas_put(c, 0, col, left, STYLE_STATUS, forms[form]);
    arena_clear(&arena);
}
