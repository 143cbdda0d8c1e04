/* intake_known: an applicant who was here before, found by the number, so that a phone has not to be asked for again. It refuses to fill
 * in anything by itself: it offers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/view_intake.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

#define HITS 20

static void forget(struct intake_view *v)
{
    arena_clear(&v->known_arena);
    mem_free(&v->known_number);
    v->known = NULL;
    v->known_n = 0;
}

static bool is_theirs(const struct applicant *a, const char *number)
{
    return a && a->id_number && strcmp(a->id_number, number) == 0;
}

void intake_look_up(struct view *view)
{
    struct intake_view *v = view->state;
    const char *number = intake_text(&v->form, "id_number");
    struct list_page page = {0};
    int64_t total;

    if (v->known_number && strcmp(v->known_number, number) == 0)
        return;
    forget(v);
    v->known_number = mem_copy(number);
    if (strlen(number) < 9 || number[strspn(number, "0123456789")] != '\0' ||
        !cache_search(app_cache(view->app), number, NULL, HITS, &v->known_arena, &page, &total, NULL))
        return;
    for (size_t i = 0; i < page.n; i++) { /* the newest first */
        struct dossier d;
        if (!is_theirs(page.rows[i].d.applicant, number))
            continue;
        v->known_n++;
        if (v->known || !cache_dossier(app_cache(view->app), page.rows[i].d.id, &v->known_arena, &d, NULL, NULL))
            continue;
        v->known = d.applicant;
        v->known_at = d.submitted_at;
    }
}

const char *intake_known_words(const struct view *view, struct arena *arena, const char *key)
{
    const struct intake_view *v = view->state;

    if (!v->known)
        return "";
    return arena_format(
        arena,
        _("This person has %zu dossiers on this machine (the last of %s): %s takes the phone that is kept"),
        v->known_n, word_day(arena, instant_day(v->known_at, app_offset(view->app))), key);
}

static bool fill(struct intake *s, const char *key, const char *text)
{
    struct intake_part *p = intake_part(s, key);

    if (!text || !*text || *field_text(&p->text))
        return false;
    field_set(&p->text, text);
    return true;
}

bool intake_take_known(struct view *view)
{
    struct intake_view *v = view->state;

    if (!v->known)
        return false;
    bool filled = fill(&v->form, "phone", v->known->phone);
    filled = fill(&v->form, "email", v->known->email) || filled;
    filled = fill(&v->form, "address", v->known->address) || filled;
    filled = fill(&v->form, "name", v->known->name) || filled;
    return filled;
}
