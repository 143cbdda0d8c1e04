/* intake_draw_rest: papers with their state and counts, fees in full, and all of it once more before it is sent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/intake_draw.h"

#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/dossier_parts.h"

#include <string.h>

enum { NAME = 3, LABEL = 3, FIELD = 19, STATE_WIDTH = 9 };

/* ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_there(const struct intake_part *part)
{
    return part->kind == INTAKE_PAPER && strcmp(part->choices[part->chosen].id, "missing") != 0;
}

size_t intake_papers_there(struct intake *s, size_t *all)
{
    size_t there = 0;

    *all = 0;
    for (size_t i = 0; i < s->n_parts; i++) {
        *all += s->parts[i].kind == INTAKE_PAPER;
        there += is_there(&s->parts[i]);
    }
    return there;
}

static void write_paper(struct intake *s, struct page *p, struct intake_part *part, int state)
{
    bool focused = intake_focus(s) == part;
    char **lines;
    size_t n = text_wrap(&p->arena, part->label, state - NAME - 2, &lines);
    const int ends[INTAKE_COUNTS] = {state + STATE_WIDTH + 5, state + STATE_WIDTH + 12, state + STATE_WIDTH + 18};

    intake_write_mark(s, p, part);
    if (part->must && !is_there(part))
        page_put(p, 1, 1, STYLE_ERROR, "×");
    page_put(p, state, STATE_WIDTH, focused && part->column == 0 ? STYLE_FOCUS : STYLE_TEXT,
             part->choices[part->chosen].label);
    for (int i = 0; i < INTAKE_COUNTS; i++) {
        const char *count =
            part->counts[i] > 0 ? arena_format(&p->arena, "%lld", (long long)part->counts[i]) : "-";
        page_put_right(p, ends[i], focused && part->column == (size_t)i + 1 ? STYLE_FOCUS : STYLE_TEXT, count);
    }
    for (size_t i = 0; i < n; i++) {
        page_put(p, NAME, -1, STYLE_TEXT, lines[i]);
        page_next(p);
    }
}

void intake_write_papers(struct intake *s, struct page *p)
{
    int state = p->cols - STATE_WIDTH - 20;

    page_put(p, NAME, -1, STYLE_TITLE, C_("dossier", "Paper"));
    page_put(p, state, -1, STYLE_TITLE, C_("column", "There?"));
    page_put(p, state + STATE_WIDTH + 1, -1, STYLE_TITLE, C_("column", "Orig."));
    page_put(p, state + STATE_WIDTH + 7, -1, STYLE_TITLE, C_("column", "Certif."));
    page_put(p, state + STATE_WIDTH + 14, -1, STYLE_TITLE, C_("column", "Photo"));
    page_next(p);
    for (size_t i = 0; i < s->n_parts; i++) {
        struct intake_part *part = &s->parts[i];
        if (part->kind == INTAKE_PAPER)
            write_paper(s, p, part, state);
    }
    page_next(p);
    struct intake_part *sets = intake_part(s, "sets");
    intake_write_mark(s, p, sets);
    page_put(p, LABEL, -1, STYLE_WEAK, sets->label);
    intake_write_field(s, p, sets, FIELD, 3);
    page_next(p);
    page_next(p);
    page_text(
        p, 1, STYLE_WEAK,
        _("Space: handed in or missing. 1 handed in, 2 looked up, 3 reused, 4 missing; ← → to the counts, where a digit is how many."));
}

/* ── fees ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *per_words(const char *per)
{
    if (per && strcmp(per, "page") == 0)
        return _("a page");
    if (per && strcmp(per, "copy") == 0)
        return _("a copy");
    return "";
}

static bool is_exempt(struct intake *s)
{
    return strcmp(intake_text(s, "exempt"), "yes") == 0;
}

/* Name, what one costs, how many, what they come to. */
static void write_fee(struct intake *s, struct page *p, struct intake_part *part, const struct fee_line *line)
{
    int end = p->cols - 2, count = end - 24, price = count - 10;
    char **lines;
    size_t n = text_wrap(&p->arena, part->label, price - 14 - NAME, &lines);

    intake_write_mark(s, p, part);
    for (size_t i = 0; i + 1 < n; i++) {
        page_put(p, NAME, -1, STYLE_TEXT, lines[i]);
        page_next(p);
    }
    page_put(p, NAME, -1, STYLE_TEXT, lines[n - 1]);
    page_put_right(p, price, STYLE_TEXT, text_money(&p->arena, line->item->amount));
    page_put(p, price + 1, 9, STYLE_WEAK, per_words(line->item->per));
    intake_write_field(s, p, part, count, 4);
    page_put_right(p, end, STYLE_TEXT, text_money(&p->arena, fee_line_amount(line, is_exempt(s))));
    page_next(p);
}

static void write_exemptions(struct intake *s, struct page *p)
{
    for (size_t i = 0; i < s->procedure.n_fees; i++) {
        const struct fee_item *item = &s->procedure.fees[i];
        bool said = !item->exempt || item->amount == 0;
        for (size_t j = 0; j < i && !said; j++)
            said = s->procedure.fees[j].exempt && strcmp(s->procedure.fees[j].exempt, item->exempt) == 0;
        if (!said)
            page_text(p, FIELD, STYLE_WEAK, text_shown(&p->arena, item->exempt));
    }
}

static void write_choice(struct intake *s, struct page *p, const char *key)
{
    struct intake_part *part = intake_part(s, key);

    if (!part)
        return;
    intake_write_mark(s, p, part);
    page_put(p, LABEL, FIELD - LABEL - 1, STYLE_WEAK, part->label);
    intake_write_choice(s, p, part, FIELD);
    page_next(p);
}

void intake_write_fees(struct intake *s, struct page *p)
{
    struct fee_line *lines;
    size_t n = intake_fee_lines(s, &p->arena, &lines), at = 0;
    struct intake_part *receipt = intake_part(s, "receipt");

    write_choice(s, p, "channel");
    page_next(p);
    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].fee && intake_is_seen(s, &s->parts[i]))
            write_fee(s, p, &s->parts[i], &lines[at++]);
    if (s->procedure.n_fees == 0) {
        page_text(p, 1, STYLE_ERROR,
                  _("The catalogue has no fees of this procedure: nothing is asked for here."));
        return;
    }
    page_put(p, NAME, -1, STYLE_TITLE, C_("fee", "Sum"));
    page_put_right(p, p->cols - 2, STYLE_TITLE, text_money(&p->arena, fee_lines_sum(lines, n, is_exempt(s))));
    page_next(p);
    page_next(p);
    write_choice(s, p, "exempt");
    write_exemptions(s, p);
    write_choice(s, p, "payment");
    if (receipt && intake_is_seen(s, receipt)) {
        intake_write_mark(s, p, receipt);
        page_put(p, LABEL, FIELD - LABEL - 1, STYLE_WEAK, receipt->label);
        intake_write_field(s, p, receipt, FIELD, 20);
        page_next(p);
    }
    page_next(p);
    page_text(p, 1, STYLE_WEAK,
              _("What is asked for is what stands here; what the system says of the dossier counts afterwards."));
}

/* ── all of it once more ───────────────────────────────────────────────────────────────────────────────────────────── */

static void fact(struct page *p, const char *label, const char *value)
{
    page_fact(p, LABEL, FIELD - LABEL, label, value);
}

static void write_person(struct intake *s, struct page *p, const char *label, const struct applicant *a)
{
    fact(p, label, a->name ? dossier_person_words(&p->arena, a) : "-");
    page_put(p, FIELD, -1, STYLE_TEXT,
             arena_format(&p->arena, "%s  %s", dossier_number(&p->arena, a->id_number, false),
                          dossier_number(&p->arena, a->phone, false)));
    page_next(p);
    if (a->address)
        page_text(p, FIELD, STYLE_TEXT, text_shown(&p->arena, a->address));
}

static void write_form_values(struct intake *s, struct page *p)
{
    for (size_t i = 0; i < s->n_parts; i++) {
        const struct intake_part *part = &s->parts[i];
        const char *text = part->kind == INTAKE_CHOICE && part->chosen < part->n
                               ? part->choices[part->chosen].label
                               : field_text(&part->text);
        if (part->tab == INTAKE_FORM && *text)
            page_text(p, FIELD, STYLE_TEXT,
                      arena_format(&p->arena, "%s: %s", part->label,
                                   part->secret ? text_masked(&p->arena, text) : text_shown(&p->arena, text)));
    }
}

static const char *paper_words(struct intake *s, struct page *p)
{
    struct buf lacking = {0};
    size_t all, there = intake_papers_there(s, &all);

    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].kind == INTAKE_PAPER && s->parts[i].must && !is_there(&s->parts[i]))
            buf_format(&lacking, "%s%s", lacking.len ? "; " : "", s->parts[i].label);
    const char *out = lacking.len ? arena_format(&p->arena, _("%zu of %zu there; required and missing: %s"),
                                                 there, all, lacking.data)
                                  : arena_format(&p->arena, _("%zu of %zu there"), there, all);
    buf_clear(&lacking);
    return out;
}

static const char *fee_words(struct intake *s, struct page *p)
{
    struct fee_line *lines;
    size_t n = intake_fee_lines(s, &p->arena, &lines);
    const struct intake_part *payment = intake_part(s, "payment");
    int64_t sum = fee_lines_sum(lines, n, is_exempt(s));

    if (sum == 0 || !payment)
        return text_money(&p->arena, sum);
    return arena_format(&p->arena, "%s, %s", text_money(&p->arena, sum), payment->choices[payment->chosen].label);
}

void intake_write_review(struct intake *s, struct page *p)
{
    struct new_dossier n;
    struct intake_part *wrong, *first;
    struct err e = {0};
    bool good = intake_request(s, NULL, &p->arena, &n, &wrong, &e);
    char *missing = intake_missing(s, &p->arena, &first);
    int64_t due = intake_due_at(s);
    int32_t offset = app_offset(s->app);

    if (*missing)
        page_text(p, 1, STYLE_ERROR,
                  arena_format(&p->arena, _("Still missing: %s. Fill it in and press F9."), missing));
    if (!good)
        page_text(p, 1, STYLE_ERROR, e.text);
    if (intake_unsure(s))
        page_text(p, 1, STYLE_ERROR,
                  arena_format(&p->arena, _("%zu of what the card said is in doubt (?)."), intake_unsure(s)));
    if (*missing || !good || intake_unsure(s))
        page_next(p);
    if (good && n.applicant) {
        write_person(s, p, n.submitted_by ? C_("intake", "Whose it is") : C_("intake", "Applicant"), n.applicant);
        if (n.submitted_by)
            write_person(s, p, C_("intake", "Filed by"), n.submitted_by);
    }
    fact(p, C_("intake", "Content"), text_shown(&p->arena, s->procedure.name));
    write_form_values(s, p);
    fact(p, C_("intake", "Papers"), paper_words(s, p));
    fact(p, C_("intake", "Fees"), fee_words(s, p));
    fact(p, C_("intake", "Taken in"),
         arena_format(&p->arena, "%s · %s", word_when(&p->arena, intake_received_at(s), offset),
                      text_shown(&p->arena, cache_unit_name(app_cache(s->app), s->unit))));
    fact(p, C_("intake", "Will be due"),
         due == INSTANT_NONE ? _("cannot be computed here; the system says it")
                             : word_when(&p->arena, due, offset));
}
