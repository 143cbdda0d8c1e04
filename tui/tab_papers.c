/* tab_papers: what has to be there, what is, and what was asked for. It refuses to count what is not listed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/i18n.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/view_dossier.h"

#include <string.h>

#define NAME 4

/* Columns: the right part keeps its width, the name has the rest; where that is little, the three counts go. */
struct columns {
    int state, originals, certified, photo, file; /* originals … : right ends of the numbers; 0: not shown */
};
static struct columns columns_of(int cols)
{
    if (cols < 72)
        return (struct columns){.state = cols - 22, .file = cols - 12};
    int start = cols - 38;
    return (struct columns){
        .state = start, .originals = start + 12, .certified = start + 19, .photo = start + 25, .file = start + 27};
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static const struct attachment *scan_of(const struct dossier *d, const struct paper *paper)
{
    for (size_t i = 0; i < d->n_attachments; i++)
        if (same(d->attachments[i].id, paper->attachment) || same(d->attachments[i].paper, paper->id))
            return &d->attachments[i];
    return NULL;
}

static bool is_of_a_paper(const struct dossier *d, const struct attachment *file)
{
    for (size_t i = 0; i < d->n_papers; i++)
        if (same(file->id, d->papers[i].attachment) || same(file->paper, d->papers[i].id))
            return true;
    return false;
}

/* "1,1 MB", "12 KB": as the other screens say it. */
static char *size_words(struct arena *arena, const struct attachment *file)
{
    long long tenths = (long long)file->size * 10 / (1024 * 1024);

    if (!file->complete)
        return arena_copy(arena, C_("dossier", "not whole"));
    if (file->size < 1024 * 1024)
        return arena_format(arena, "%lld KB", (long long)(file->size + 1023) / 1024);
    return arena_format(arena, C_("size", "%lld.%lld MB"), tenths / 10, tenths % 10);
}

/* Where a file of this machine stands on its way to the server. */
static const char *waiting_words(struct arena *arena, const struct waiting_file *f)
{
    switch (f->state) {
    case FILE_LOCAL:
        return C_("upload", "awaits code");
    case FILE_SENDING:
        return arena_format(arena, C_("upload", "sent %d%%"), (int)(f->sent * 100 / f->about.size));
    case FILE_STOPPED:
        return C_("upload", "stuck");
    case FILE_WAITS:
        break;
    }
    return C_("upload", "waits");
}

/* The newest for a paper, or for an attachment that is not whole yet. */
static const struct waiting_file *waiting_for(const struct dossier_shown *s, const char *paper,
                                              const char *attachment)
{
    for (size_t i = s->n_files; i-- > 0;)
        if (same(s->files[i].about.paper, paper) || same(s->files[i].attachment, attachment))
            return &s->files[i];
    return NULL;
}

static const char *file_words(struct arena *arena, const struct dossier_shown *s, const struct paper *paper)
{
    const struct attachment *scan = scan_of(&s->d, paper);
    const struct waiting_file *waiting = waiting_for(s, paper->id, NULL);

    if (waiting)
        return waiting_words(arena, waiting);
    if (scan)
        return size_words(arena, scan);
    if (same(paper->state, "missing"))
        return C_("file", "none yet");
    if (same(paper->state, "looked_up"))
        return C_("dossier", "from a database");
    return same(paper->state, "reused") ? C_("dossier", "kept before") : C_("dossier", "on paper");
}

static void number(struct page *p, int end, int64_t n)
{
    if (end > 0)
        page_put_right(p, end, STYLE_TEXT, n > 0 ? arena_format(&p->arena, "%lld", (long long)n) : "-");
}

static void write_head(struct page *p, const struct columns *at)
{
    page_put(p, NAME, at->state - NAME - 1, STYLE_TITLE, C_("dossier", "Paper"));
    page_put(p, at->state, -1, STYLE_TITLE, C_("column", "There?"));
    if (at->originals > 0) {
        page_put(p, at->originals - 4, -1, STYLE_TITLE, C_("column", "Orig."));
        page_put(p, at->certified - 5, -1, STYLE_TITLE, C_("column", "Certif."));
        page_put(p, at->photo - 4, -1, STYLE_TITLE, C_("column", "Photo"));
    }
    page_put(p, at->file, -1, STYLE_TITLE, C_("column", "File"));
    page_next(p);
}

static void write_paper(const struct dossier_view *v, struct page *p, const struct columns *at,
                        const struct paper *paper, bool focused)
{
    if (focused)
        page_focus(p, 0);
    if (same(paper->state, "missing"))
        page_put(p, 2, 1, STYLE_ERROR, "×");
    page_put(p, NAME, -1, STYLE_TEXT,
             text_cut(&p->arena, text_shown(&p->arena, paper->name), at->state - NAME - 1));
    page_put(p, at->state, -1, STYLE_TEXT, text_shown(&p->arena, word_paper_state(paper->state)));
    number(p, at->originals, paper->originals);
    number(p, at->certified, paper->certified_copies);
    number(p, at->photo, paper->photocopies);
    page_put(p, at->file, -1, STYLE_TEXT, file_words(&p->arena, &v->shown, paper));
    page_next(p);
}

/* A result is a draft as long as nobody has decided. */
static const char *role_words(const struct dossier *d, const struct attachment *file)
{
    if (same(file->role, "result"))
        return d->decision ? C_("dossier", "Result") : C_("dossier", "Result (draft)");
    return same(file->role, "scan") ? C_("dossier", "Scan") : C_("dossier", "Other file");
}

/* The server does not know them yet. */
static void write_unannounced(const struct dossier_view *v, struct page *p, const struct columns *at)
{
    for (size_t i = 0; i < v->shown.n_files; i++) {
        const struct waiting_file *f = &v->shown.files[i];
        if (f->attachment || f->about.paper)
            continue;
        const char *words = arena_format(&p->arena, "%s: %s", C_("dossier", "Other file"),
                                         text_shown(&p->arena, f->about.name));
        page_put(p, NAME, -1, STYLE_TEXT, text_cut(&p->arena, words, at->state - NAME - 1));
        page_put(p, at->state, -1, STYLE_TEXT, waiting_words(&p->arena, f));
        page_next(p);
    }
}

static void write_files(const struct dossier_view *v, struct page *p, const struct columns *at, size_t item)
{
    const struct dossier *d = &v->shown.d;
    bool result = false;

    page_next(p);
    page_put(p, 1, -1, STYLE_TITLE, C_("dossier", "Other files"));
    page_next(p);
    for (size_t i = 0; i < d->n_attachments; i++) {
        const struct attachment *file = &d->attachments[i];
        if (is_of_a_paper(d, file))
            continue;
        result = result || same(file->role, "result");
        if (v->focus[TAB_PAPERS] == item++)
            page_focus(p, 0);
        const char *words =
            arena_format(&p->arena, "%s: %s", role_words(d, file), text_shown(&p->arena, file->name));
        page_put(p, NAME, -1, STYLE_TEXT, text_cut(&p->arena, words, at->state - NAME - 1));
        const struct waiting_file *waiting = waiting_for(&v->shown, NULL, file->id);
        page_put(p, at->state, -1, STYLE_TEXT,
                 waiting ? waiting_words(&p->arena, waiting) : size_words(&p->arena, file));
        page_next(p);
    }
    write_unannounced(v, p, at);
    if (!result) {
        page_put(p, NAME, -1, STYLE_TEXT, C_("dossier", "Result (draft)"));
        page_put(p, at->state, -1, STYLE_TEXT, C_("file", "none yet"));
        page_next(p);
    }
}

static const char *paper_names(const struct dossier_view *v, struct page *p, const struct texts *ids)
{
    const struct dossier *d = &v->shown.d;
    struct buf names = {0};

    for (size_t i = 0; i < ids->n; i++) {
        const char *name = ids->items[i];
        for (size_t j = 0; j < d->n_papers; j++)
            if (same(d->papers[j].id, ids->items[i]))
                name = d->papers[j].name;
        buf_format(&names, "%s%s", i ? ", " : "", text_shown(&p->arena, name));
    }
    const char *out = arena_copy(&p->arena, names.data ? names.data : "");
    buf_clear(&names);
    return out;
}

static void write_supplement(const struct dossier_view *v, struct page *p, size_t i)
{
    const struct supplement *s = &v->shown.d.supplements[i];
    int32_t offset = app_offset(v->app);
    struct arena *arena = &p->arena;

    page_text(p, 1, STYLE_TEXT,
              arena_format(arena, _("Request %zu, %s, %s: %s"), i + 1, word_when(arena, s->requested_at, offset),
                           text_shown(arena, cache_officer_name(app_cache(v->app), s->by)),
                           text_shown(arena, s->note)));
    if (s->papers.n > 0)
        page_text(p, 3, STYLE_TEXT, arena_format(arena, _("Papers: %s"), paper_names(v, p, &s->papers)));
    if (s->received_at != INSTANT_NONE)
        page_text(p, 3, STYLE_TEXT,
                  arena_format(arena, _("handed in %s"), word_when(arena, s->received_at, offset)));
    else if (s->until != DAY_NONE)
        page_text(p, 3, STYLE_TEXT, arena_format(arena, _("waited for until %s"), word_day(arena, s->until)));
}

static void write(const struct dossier_view *v, struct page *p)
{
    const struct dossier *d = &v->shown.d;
    struct columns at = columns_of(p->cols);

    write_head(p, &at);
    for (size_t i = 0; i < d->n_papers; i++)
        write_paper(v, p, &at, &d->papers[i], v->focus[TAB_PAPERS] == i);
    if (d->sets > 1) {
        page_put(p, NAME, -1, STYLE_TEXT, arena_format(&p->arena, _("%lld sets of papers"), (long long)d->sets));
        page_next(p);
    }
    write_files(v, p, &at, d->n_papers);
    page_next(p);
    if (d->n_supplements == 0)
        page_text(p, 1, STYLE_TEXT, _("Requests for papers before: none."));
    for (size_t i = d->n_supplements; i-- > 0;)
        write_supplement(v, p, i);
}

static size_t items(const struct dossier_view *v)
{
    const struct dossier *d = &v->shown.d;
    size_t n = d->n_papers;

    for (size_t i = 0; i < d->n_attachments; i++)
        n += !is_of_a_paper(d, &d->attachments[i]);
    return n;
}

const struct paper *papers_focused(const struct dossier_view *v)
{
    size_t at = v->focus[TAB_PAPERS];

    return at < v->shown.d.n_papers ? &v->shown.d.papers[at] : NULL;
}

const char *papers_message(const struct dossier_view *v, struct arena *arena)
{
    for (size_t i = v->shown.n_files; i-- > 0;) {
        const struct waiting_file *f = &v->shown.files[i];
        if (f->state != FILE_STOPPED)
            continue;
        const char *why = f->trouble ? text_shown(arena, f->trouble) : _("the outbox says why.");
        return arena_format(arena, _("%s is not sent: %s Attach it again."), text_shown(arena, f->about.name),
                            why);
    }
    return NULL;
}

static const enum command_id footer[] = {CMD_ATTACH, CMD_ACT, CMD_NONE};

const struct dossier_tab tab_papers = {
    .label = NC_("tab", "Papers"), .write = write, .items = items, .footer = footer};
