/* form_values: what stands in the parts of a form: kept, had again, checked, made a request of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/form_parts.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "core/text.h"
#include "core/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── choices ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

void form_tick(struct form_part *p, size_t choice)
{
    bool ticked = p->kind == PART_TICKS ? !p->choices[choice].ticked : true;

    for (size_t i = 0; p->kind != PART_TICKS && i < p->n; i++)
        p->choices[i].ticked = false;
    p->choices[choice].ticked = ticked;
}

static const struct form_choice *ticked(const struct form_part *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->choices[i].ticked)
            return &p->choices[i];
    return NULL;
}

static bool folds_into(const char *text, const char *word, size_t len)
{
    struct buf whole = {0}, part = {0}, initials = {0};

    text_fold(text, strlen(text), &whole);
    text_fold(word, len, &part);
    text_initials(text, &initials);
    bool found = part.len == 0 || (whole.data && strstr(whole.data, part.data)) ||
                 (initials.data && strstr(initials.data, part.data));
    buf_clear(&whole);
    buf_clear(&part);
    buf_clear(&initials);
    return found;
}

bool form_is_seen(const struct form_part *p, size_t choice)
{
    const char *typed = p->kind == PART_PERSON ? field_text(&p->text) : "";

    for (size_t n; *typed; typed += n) {
        typed += strspn(typed, " ");
        n = strcspn(typed, " ");
        if (!folds_into(p->choices[choice].label, typed, n))
            return false;
    }
    return true;
}

static void choose(struct form_part *p, const char *id)
{
    for (size_t i = 0; id && i < p->n; i++)
        if (strcmp(p->choices[i].id, id) == 0) {
            form_tick(p, i);
            p->focus = i;
        }
}

/* ── kept ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static json_t *ticks_kept(const struct form_part *p)
{
    json_t *ids = json_array();

    for (size_t i = 0; i < p->n; i++)
        if (p->choices[i].ticked)
            json_array_append_new(ids, json_string(p->choices[i].id));
    return json_pack("{so ss}", "ids", ids, "other", field_text(&p->text));
}

json_t *form_kept(const struct form *f)
{
    json_t *kept = json_object();

    for (size_t i = 0; i < f->n_parts; i++) {
        const struct form_part *p = &f->parts[i];
        const struct form_choice *one = ticked(p);
        const char *name = need_text(p->need);
        if (p->kind == PART_TICKS)
            json_object_set_new(kept, name, ticks_kept(p));
        else if (p->kind == PART_LINE || p->kind == PART_NOTE)
            json_object_set_new(kept, name, json_string(field_text(&p->text)));
        else if (one)
            json_object_set_new(kept, name, json_string(one->id));
    }
    return kept;
}

static void restore_ticks(struct form_part *p, const json_t *kept)
{
    const json_t *ids = json_object_get(kept, "ids"), *id;
    size_t i;

    for (i = 0; i < p->n; i++)
        p->choices[i].ticked = false;
    json_array_foreach(ids, i, id)
    {
        for (size_t j = 0; json_is_string(id) && j < p->n; j++)
            if (strcmp(p->choices[j].id, json_string_value(id)) == 0)
                p->choices[j].ticked = true;
    }
    if (json_is_string(json_object_get(kept, "other")))
        field_set(&p->text, json_string_value(json_object_get(kept, "other")));
}

void form_restore(struct form *f, const json_t *kept)
{
    for (size_t i = 0; i < f->n_parts; i++) {
        struct form_part *p = &f->parts[i];
        const json_t *value = json_object_get(kept, need_text(p->need));
        if (p->kind == PART_TICKS && json_is_object(value))
            restore_ticks(p, value);
        else if ((p->kind == PART_LINE || p->kind == PART_NOTE) && json_is_string(value))
            field_set(&p->text, json_string_value(value));
        else if (json_is_string(value))
            choose(p, json_string_value(value));
    }
}

void form_preset(struct form *f, const struct action_request *r, int32_t offset)
{
    struct arena arena = {0};
    json_t *ids = json_array(), *kept = json_object();

    for (size_t i = 0; i < r->papers.n; i++)
        json_array_append_new(ids, json_string(r->papers.items[i]));
    const struct {
        enum need need;
        const char *text;
    } texts[] = {
        {NEED_NOTE, r->note},
        {NEED_ASSIGNEE, r->assignee},
        {NEED_METHOD, r->method},
        {NEED_OUTCOME, r->outcome},
        {NEED_RESULT, r->result_attachment},
        {NEED_NUMBER, r->number},
        {NEED_RETURNED_TO, r->returned_to},
        {NEED_AMOUNT, r->amount > 0 ? arena_format(&arena, "%" PRId64, r->amount) : NULL},
        {NEED_NEW_DUE_AT, r->new_due_at != INSTANT_NONE ? word_when(&arena, r->new_due_at, offset) : NULL},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text)
            json_object_set_new(kept, need_text(texts[i].need), json_string(texts[i].text));
    if (r->papers.n > 0)
        json_object_set_new(kept, need_text(NEED_PAPERS), json_pack("{sO}", "ids", ids));
    form_restore(f, kept);
    json_decref(ids);
    json_decref(kept);
    arena_clear(&arena);
}

/* ── checked ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_blank(const char *text)
{
    return text[strspn(text, " \n")] == '\0';
}

static bool is_filled(const struct form_part *p)
{
    switch (p->kind) {
    case PART_CHOICE:
    case PART_PERSON:
        return ticked(p) != NULL;
    case PART_TICKS:
        return ticked(p) != NULL || !is_blank(field_text(&p->text));
    default:
        return !is_blank(field_text(&p->text));
    }
}

unsigned form_missing(const struct form *f)
{
    unsigned missing = 0;

    for (size_t i = 0; i < f->n_parts; i++)
        if (f->parts[i].must && !is_filled(&f->parts[i]))
            missing |= f->parts[i].need;
    return missing;
}

bool form_read_amount(const char *text, int64_t *out)
{
    int64_t n = 0;
    size_t digits = 0;

    for (; *text; text++) {
        if (*text >= '0' && *text <= '9' && digits < 15) {
            n = n * 10 + (*text - '0');
            digits++;
        } else if (*text != ' ' && *text != '.') {
            break;
        }
    }
    *out = n;
    return n > 0 && (*text == '\0' || strcmp(text, "đ") == 0 || strcmp(text, "đồng") == 0);
}

/* "05/01/2023 16:30" or, without a time, "05/01/2023"; a day that there is. */
static bool read_time(const char *text, bool with_time, int32_t offset, struct civil *out)
{
    int used = 0;
    struct civil c = {0};

    if (sscanf(text, " %d / %d / %d%n", &c.day, &c.month, &c.year, &used) != 3)
        return false;
    text += used;
    used = 0;
    if (with_time && sscanf(text, " %d : %d%n", &c.hour, &c.minute, &used) != 2)
        return false;
    if (!is_blank(text + used) || c.year < 1900 || c.year > 9999)
        return false;
    struct civil again = instant_civil(instant_of(&c, offset), offset);
    *out = c;
    return again.day == c.day && again.month == c.month && again.year == c.year && again.hour == c.hour &&
           again.minute == c.minute;
}

static bool set_line(const struct form_part *p, int32_t offset, struct arena *arena, struct action_request *r,
                     struct err *e)
{
    const char *text = arena_copy(arena, field_text(&p->text));
    struct civil c;

    if (is_blank(text))
        return true;
    switch (p->need) {
    case NEED_AMOUNT:
        return form_read_amount(text, &r->amount) ||
               err_set(e, ERR_INPUT, "%s",
                       _("The amount is a number of đồng, like 10.000. Correct it and press F9."));
    case NEED_NEW_DUE_AT:
        if (!read_time(text, true, offset, &c))
            return err_set(
                e, ERR_INPUT, "%s",
                _("The new due time is written day/month/year hour:minute, like 05/01/2023 16:30. Correct it and press F9."));
        r->new_due_at = instant_of(&c, offset);
        return true;
    case NEED_UNTIL:
        if (!read_time(text, false, offset, &c))
            return err_set(e, ERR_INPUT, "%s",
                           _("The last day is written day/month/year, like 05/01/2023. Correct it and press F9."));
        r->until = day_of(c.year, c.month, c.day);
        return true;
    case NEED_NUMBER:
        r->number = text;
        return true;
    default:
        r->returned_to = text;
        return true;
    }
}

static void set_choice(const struct form_part *p, struct arena *arena, struct action_request *r)
{
    const struct form_choice *one = ticked(p);
    const char *id = one && *one->id ? arena_copy(arena, one->id) : NULL;

    switch (p->need) {
    case NEED_OUTCOME:
        r->outcome = id;
        break;
    case NEED_METHOD:
        r->method = id;
        break;
    case NEED_RESULT:
        r->result_attachment = id;
        break;
    default:
        r->assignee = id;
    }
}

static void set_ticks(const struct form_part *p, struct arena *arena, struct action_request *r)
{
    r->papers.items = arena_alloc(arena, (p->n ? p->n : 1) * sizeof *r->papers.items);
    for (size_t i = 0; i < p->n; i++)
        if (p->choices[i].ticked)
            r->papers.items[r->papers.n++] = arena_copy(arena, p->choices[i].id);
}

/* Only listed papers have an id: what is not listed is said in the reason, which is the part behind. */
static const char *note_with(const struct form *f, const char *note, struct arena *arena)
{
    for (size_t i = 0; i < f->n_parts; i++) {
        const struct form_part *p = &f->parts[i];
        if (p->kind == PART_TICKS && !is_blank(field_text(&p->text)))
            return arena_format(arena, _("%s\nOther papers: %s"), note, field_text(&p->text));
    }
    return arena_copy(arena, note);
}

bool form_request(const struct form *f, int32_t offset, struct arena *arena, struct action_request *r,
                  size_t *wrong, struct err *e)
{
    codec_absent(&shape_action_request, r);
    r->action = arena_copy(arena, f->action);
    for (size_t i = 0; i < f->n_parts; i++) {
        const struct form_part *p = &f->parts[i];
        *wrong = i;
        if (p->kind == PART_TICKS)
            set_ticks(p, arena, r);
        else if (p->kind == PART_CHOICE || p->kind == PART_PERSON)
            set_choice(p, arena, r);
        else if (p->kind == PART_LINE && !set_line(p, offset, arena, r, e))
            return false;
        else if (p->kind == PART_NOTE && !is_blank(field_text(&p->text)))
            r->note = note_with(f, field_text(&p->text), arena);
    }
    return true;
}
