/* line_words: see line_words.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/line_words.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/dossier_parts.h"

#define CLOCK_OFF     INT64_C(120)        /* seconds that a PC's clock may be off without a word */
#define SCENARIO_TIME INT64_C(30 * 86400) /* in training a clock that far off is the scenario's, not wrong */
#define LABEL_WIDTH   16

bool line_is_cut(const struct app *app)
{
    enum line_state state = app_line(app)->state;

    return state == LINE_OFFLINE || state == LINE_MAINTENANCE;
}

char *line_number(struct arena *arena, int64_t n)
{
    long long rest = n % 1000, thousands = n / 1000;

    return n < 1000 ? arena_format(arena, "%lld", (long long)n)
                    : arena_format(arena, "%s.%03lld", line_number(arena, thousands), rest);
}

/* The time of day, with the day where it is another one. */
static char *moment(struct app *app, struct arena *arena, int64_t t)
{
    int32_t offset = app_offset(app);

    return instant_day(t, offset) == instant_day(app_now(app), offset) ? word_clock(arena, t, offset)
                                                                       : word_when(arena, t, offset);
}

static char *maintenance(struct app *app, struct arena *arena)
{
    int64_t until = app_line(app)->until;

    return until == INSTANT_NONE
               ? arena_copy(
                     arena,
                     _("The server is under maintenance. What is saved on this machine goes by itself afterwards."))
               : arena_format(
                     arena,
                     _("The server is under maintenance until about %s. What is saved on this machine goes by itself afterwards."),
                     moment(app, arena, until));
}

static const char *cut_off(struct app *app, struct arena *arena, int columns)
{
    const char *since = moment(app, arena, app_line(app)->since);
    char *whole = arena_format(
        arena,
        _("Cut off since %s. Just go on: what is saved on this machine goes by itself when the line is back."),
        since);

    if (text_width(whole) <= columns)
        return whole;
    return arena_format(arena, _("Cut off since %s. Just go on; what is saved goes by itself."), since);
}

static const char *wrong_clock(struct app *app, struct arena *arena)
{
    int64_t off = app_line(app)->skew;

    if (off == INSTANT_NONE)
        return NULL;
    off = off < 0 ? -off : off;
    if (off <= CLOCK_OFF || (app_training(app) && off > SCENARIO_TIME))
        return NULL;
    return arena_format(
        arena,
        _("This machine's clock is %lld minutes off the server's. Due times follow the server; have the clock set right."),
        (long long)(off / 60));
}

const char *line_message(struct app *app, struct arena *arena, int columns)
{
    const struct line_status *line = app_line(app);

    switch (line->state) {
    case LINE_OFFLINE:
        return cut_off(app, arena, columns);
    case LINE_MAINTENANCE:
        return maintenance(app, arena);
    case LINE_SIGN_IN:
        return _("The session is over. What is not sent is still on this machine; sign in again to send it.");
    case LINE_STOPPED:
        return line->why.text;
    default:
        break;
    }
    if (line->first_sync >= 0)
        return arena_format(arena,
                            _("Getting the dossiers for the first time: %s, what is there can be used already."),
                            line_number(arena, line->first_sync));
    if (line->state == LINE_SLOW)
        return arena_format(arena, _("The line is slow, the server answers after %lld seconds. Just go on."),
                            (long long)(line->answer_ms / 1000));
    return wrong_clock(app, arena);
}

/* ── the block ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *next_try(struct app *app, struct arena *arena)
{
    const struct line_status *line = app_line(app);
    int64_t wait = line->next_try == INSTANT_NONE ? 0 : line->next_try - app_now(app);

    return wait < 60 ? arena_copy(arena, _("next try within a minute"))
                     : arena_format(arena, _("next try in about %lld minutes"), (long long)((wait + 30) / 60));
}

static char *since_when(struct app *app, struct arena *arena)
{
    const struct line_status *line = app_line(app);

    if (line->state == LINE_MAINTENANCE)
        return maintenance(app, arena);
    if (line->last_try == INSTANT_NONE)
        return arena_format(arena, _("Cut off since %s (%s)."), moment(app, arena, line->since),
                            next_try(app, arena));
    return arena_format(arena, _("Cut off since %s (last try at %s, %s)."), moment(app, arena, line->since),
                        moment(app, arena, line->last_try), next_try(app, arena));
}

/* What an officer with these roles can do without a line. */
static char *still_possible(struct app *app, struct arena *arena)
{
    static const struct {
        const char *action;
        unsigned roles;
    } actions[] = {
        {"receive", ROLE_BIT(ROLE_COUNTER)},
        {"decline", ROLE_BIT(ROLE_COUNTER)},
        {"claim", ROLE_BIT(ROLE_SPECIALIST)},
        {"assign", ROLE_BIT(ROLE_SUPERVISOR)},
        {"request_supplement", ROLE_BIT(ROLE_COUNTER) | ROLE_BIT(ROLE_SPECIALIST)},
        {"propose", ROLE_BIT(ROLE_SPECIALIST)},
        {"rework", ROLE_BIT(ROLE_SUPERVISOR)},
        {"comment", ROLE_BIT(ROLE_COUNTER) | ROLE_BIT(ROLE_SPECIALIST) | ROLE_BIT(ROLE_SUPERVISOR) |
                        ROLE_BIT(ROLE_CLERK)},
    };
    unsigned roles = app_roles(app);
    char *words = arena_copy(arena, _("read, find"));

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (actions[i].roles & roles)
            words =
                arena_format(arena, "%s, %s", words, word_inside(arena, word_action_short(actions[i].action)));
    return arena_format(arena, "%s.", words);
}

static int labelled(struct canvas *c, struct arena *arena, int row, int cols, const char *label, const char *text)
{
    char **lines;
    size_t n = text_wrap(arena, text, cols - LABEL_WIDTH - 1, &lines);

    canvas_put(c, row, 1, LABEL_WIDTH, STYLE_TEXT, label);
    for (size_t i = 0; i < n; i++)
        canvas_put(c, row + (int)i, 1 + LABEL_WIDTH, cols - LABEL_WIDTH - 1, STYLE_TEXT, lines[i]);
    return row + (int)n;
}

static int sentence(struct canvas *c, struct arena *arena, int row, int cols, const char *text)
{
    char **lines;
    size_t n = text_wrap(arena, text, cols - 2, &lines);

    for (size_t i = 0; i < n; i++)
        canvas_put(c, row + (int)i, 1, cols - 2, STYLE_TEXT, lines[i]);
    return row + (int)n;
}

void line_explain(struct app *app, struct canvas *c, int row, int cols)
{
    struct arena arena = {0};
    int64_t unsent, stuck, data_at = cache_data_at(app_cache(app));

    row = sentence(c, &arena, row, cols, since_when(app, &arena));
    if (data_at != INSTANT_NONE)
        row = sentence(c, &arena, row, cols,
                       arena_format(&arena, _("What is seen is of %s; dossiers that came later are not here yet."),
                                    moment(app, &arena, data_at)));
    row = labelled(c, &arena, row + 1, cols, _("Still possible:"), still_possible(app, &arena));
    row = labelled(c, &arena, row, cols, _("Needs the line:"), _("signing, issuing, fees, asking the server."));
    outbox_counts(app_outbox(app), &unsent, &stuck);
    if (unsent)
        sentence(c, &arena, row + 1, cols,
                 arena_format(&arena,
                              _("%lld actions saved on this machine will go by themselves, in order, each once."),
                              (long long)unsent));
    arena_clear(&arena);
}
