/* form_templates: what is often written into a part of a form. Values, whole; the officer goes on from there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/form_parts.h"

#include <string.h>

#define MOST 9

struct templates {
    struct arena *arena;
    const char *items[MOST + 1];
    size_t n;
};

static void add(struct templates *t, const char *text)
{
    if (!text || !*text || t->n == MOST)
        return;
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->items[i], text) == 0)
            return;
    t->items[t->n++] = arena_copy(t->arena, text);
}

/* "Đề nghị bổ sung: Giấy chứng sinh; Văn bản ủy quyền." of what is ticked. */
static void add_ticked(struct templates *t, const struct form *f)
{
    struct buf names = {0};

    for (size_t i = 0; i < f->n_parts; i++)
        for (size_t j = 0; f->parts[i].kind == PART_TICKS && j < f->parts[i].n; j++)
            if (f->parts[i].choices[j].ticked)
                buf_format(&names, "%s%s", names.len ? "; " : "", f->parts[i].choices[j].label);
    if (names.len)
        add(t, arena_format(t->arena, _("Please supplement: %s."), names.data));
    buf_clear(&names);
}

static void add_reasons(struct templates *t, enum action action)
{
    static const struct {
        enum action action;
        const char *text;
    } reasons[] = {
        {ACTION_DECLINE,
         N_("The papers do not meet what the procedure asks for; please complete them and file again.")},
        {ACTION_DECLINE,
         N_("The dossier is not within this unit's competence; please file it with the competent unit.")},
        {ACTION_DECLINE, N_("What was declared does not agree with the papers that came with it.")},
        {ACTION_DECLINE, N_("The same dossier has been filed before.")},
        {ACTION_DECLINE, N_("The time to supplement is over and the papers did not come.")},
        {ACTION_REQUEST_SUPPLEMENT, N_("The copy cannot be read; please send a clear one.")},
        {ACTION_REQUEST_SUPPLEMENT, N_("The paper is no longer valid; please send a valid one.")},
        {ACTION_REQUEST_SUPPLEMENT, N_("What was declared does not agree with the papers; please correct it.")},
        {ACTION_REWORK, N_("Please check what was declared against the papers again.")},
        {ACTION_REWORK, N_("The draft of the result has mistakes; please correct it.")},
        {ACTION_REWORK, N_("The grounds for the proposal are not enough; please complete them.")},
        {ACTION_EXTEND,
         N_("Another office has not answered yet; we apologise and put the return of the result off.")},
        {ACTION_EXTEND, N_("It has to be verified further; we apologise and put the return of the result off.")},
        {ACTION_EXTEND, N_("The system was disturbed; we apologise and put the return of the result off.")},
        {ACTION_STOP, N_("The applicant did not complete the dossier within the time given.")},
        {ACTION_STOP, N_("The matter is being decided by another office with competence.")},
        {ACTION_REQUEST_WITHDRAWAL,
         N_("The applicant asks to withdraw the dossier because there is no need any more.")},
        {ACTION_REQUEST_WITHDRAWAL,
         N_("The applicant asks to withdraw the dossier to correct it and file it again.")},
        {ACTION_PROPOSE, N_("The dossier meets all conditions of the procedure.")},
        {ACTION_PROPOSE, N_("The dossier does not meet the conditions of the procedure.")},
        {ACTION_COMMENT, N_("The applicant was called and will come to supplement it.")},
        {ACTION_COMMENT, N_("The applicant could not be reached by phone.")},
        {ACTION_SUPPLEMENT, N_("All of the papers that were asked for came.")},
        {ACTION_ASSIGN, N_("Urgent: it is due soon.")},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].action == action)
            add(t, _(reasons[i].text));
}

static void add_fee_names(struct templates *t, const struct dossier *d, const struct procedure *book)
{
    for (size_t i = 0; book && i < book->n_fees; i++)
        if (!book->fees[i].channel || strcmp(book->fees[i].channel, d->channel) == 0)
            add(t, text_shown(t->arena, book->fees[i].name));
}

static void add_amounts(struct templates *t, const struct dossier *d, const struct procedure *book)
{
    for (size_t i = 0; book && i < book->n_fees; i++)
        if (book->fees[i].amount > 0 &&
            (!book->fees[i].channel || strcmp(book->fees[i].channel, d->channel) == 0))
            add(t, arena_format(t->arena, "%lld", (long long)book->fees[i].amount));
}

/* So many working days after it is due, or from now where that is past. */
static void add_due_times(struct templates *t, struct app *app, const struct dossier *d)
{
    static const int days[] = {1, 2, 3, 5, 10};
    const struct calendar *calendar = cache_calendar(app_cache(app), d->unit);
    int64_t from = d->due_at > app_now(app) ? d->due_at : app_now(app);

    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int64_t due = calendar_add_days(calendar, from, days[i]);
        if (due != INSTANT_NONE)
            add(t, word_when(t->arena, due, app_offset(app)));
    }
}

const char *const *form_templates(struct arena *arena, const struct form *f, const struct form_part *p,
                                  struct app *app, const struct dossier *d, const struct procedure *book)
{
    struct templates t = {.arena = arena};
    enum action action = action_of(f->action);

    switch (p->need) {
    case NEED_NOTE:
        if (action == ACTION_REQUEST_SUPPLEMENT)
            add_ticked(&t, f);
        if (action == ACTION_REQUEST_PAYMENT)
            add_fee_names(&t, d, book);
        add_reasons(&t, action);
        break;
    case NEED_AMOUNT:
        add_amounts(&t, d, book);
        break;
    case NEED_NEW_DUE_AT:
        add_due_times(&t, app, d);
        break;
    case NEED_RETURNED_TO:
        add(&t, d->applicant->name);
        add(&t, d->submitted_by ? d->submitted_by->name : NULL);
        break;
    default:
        break;
    }
    const char **items = arena_alloc(arena, sizeof t.items);
    memcpy(items, t.items, sizeof t.items);
    return items;
}
