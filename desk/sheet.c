/* sheet: blocks one under the other, and pages. It refuses a machine without a font that has all the letters: a form with boxes in it
 * is worth nothing, and nobody looks before it is signed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/sheet_internal.h"

#include "core/i18n.h"

#include <cairo-pdf.h>

#define FONT \
    "Liberation Serif" /* Debian: fonts-liberation; as wide as the typeface that official letters are set in */
#define LABEL_SHARE 0.62 /* of the line that the left of two facts has */

static const char letters[] =
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆGHIÌỈĨÍỊKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVXYỲỶỸÝỴ"
    "fjwzFJWZ0123456789.,;:-–…“”()/";

/* ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static PangoLayout *new_layout(struct sheet *s, unsigned look)
{
    PangoLayout *layout = pango_cairo_create_layout(s->cairo);
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    double size = look & SHEET_LARGE ? s->size * 1.2 : look & SHEET_SMALL ? s->size * 0.85 : s->size;

    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (look & SHEET_BOLD)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    if (look & SHEET_SLANTED)
        pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    /* Without kerning a blank stays as wide as a blank: who copies from the page, or has it read out, gets the words. */
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("kern=0"));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    return layout;
}

double sheet_text(struct sheet *s, double x, double y, double width, PangoAlignment align, unsigned look,
                  const char *text, bool draws)
{
    PangoLayout *layout = new_layout(s, look);
    int height;

    pango_layout_set_text(layout, text, -1);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, align);
    pango_layout_get_size(layout, NULL, &height);
    if (draws) {
        cairo_move_to(s->cairo, x, y);
        pango_cairo_show_layout(s->cairo, layout);
    }
    g_object_unref(layout);
    return (double)height / PANGO_SCALE;
}

static bool has_all_letters(struct sheet *s)
{
    PangoLayout *layout = new_layout(s, SHEET_PLAIN);

    pango_layout_set_text(layout, letters, -1);
    int unknown = pango_layout_get_unknown_glyphs_count(layout);
    g_object_unref(layout);
    return unknown == 0;
}

/* ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static double whole_width(const struct sheet *s)
{
    return s->right - s->left;
}

static void number_page(struct sheet *s)
{
    char number[24];

    g_snprintf(number, sizeof number, "%d", s->page);
    if (s->page > 1)
        sheet_text(s, s->left, s->bottom + s->size * 0.4, whole_width(s), PANGO_ALIGN_RIGHT, SHEET_SMALL,
                   number, true);
}

bool sheet_room(struct sheet *s, double height)
{
    if (s->y + height <= s->bottom || s->y <= s->top)
        return false;
    number_page(s);
    cairo_show_page(s->cairo);
    s->page++;
    s->y = s->top;
    if (s->again)
        s->y += sheet_text(s, s->left, s->y, whole_width(s), PANGO_ALIGN_CENTER, SHEET_BOLD, s->again, true) +
                s->size * 0.4;
    return true;
}

/* ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *value_of(const struct handout_fact *f)
{
    return f->value ? f->value : "";
}

static void put_alone(struct sheet *s, const char *text, PangoAlignment align, unsigned look)
{
    double height = sheet_text(s, s->left, s->y, whole_width(s), align, look, text, false);

    sheet_room(s, height);
    s->y += sheet_text(s, s->left, s->y, whole_width(s), align, look, text, true) + s->size * 0.25;
}

/* Two texts beside each other, each in the middle of its half. */
static void put_halves(struct sheet *s, const char *left, const char *right, unsigned look)
{
    double half = whole_width(s) / 2, heights[2];

    heights[0] = sheet_text(s, s->left, s->y, half, PANGO_ALIGN_CENTER, look, left, true);
    heights[1] = sheet_text(s, s->left + half, s->y, half, PANGO_ALIGN_CENTER, look, right, true);
    s->y += heights[0] > heights[1] ? heights[0] : heights[1];
}

static void put_facts(struct sheet *s, const struct handout_block *b)
{
    char *words[2] = {NULL, NULL};
    double widths[2] = {whole_width(s), 0}, height = 0;

    for (size_t i = 0; i < 2; i++)
        if (b->fact[i].value)
            words[i] = b->fact[i].label ? mem_format("%s: %s", b->fact[i].label, b->fact[i].value)
                                        : mem_copy(b->fact[i].value);
    if (words[0] && words[1]) {
        widths[0] = whole_width(s) * LABEL_SHARE;
        widths[1] = whole_width(s) - widths[0];
    }
    for (int draws = 0; draws < 2; draws++) {
        double x = s->left;
        for (size_t i = 0; i < 2; i++) {
            double h = words[i]
                           ? sheet_text(s, x, s->y, widths[i], PANGO_ALIGN_LEFT, SHEET_PLAIN, words[i], draws)
                           : 0;
            height = h > height ? h : height;
            x += widths[i];
        }
        if (!draws)
            sheet_room(s, height);
    }
    s->y += height + s->size * 0.25;
    mem_free(&words[0]);
    mem_free(&words[1]);
}

static void put_signatures(struct sheet *s, const struct handout_block *b)
{
    bool both = b->fact[0].label && b->fact[1].label;
    const char *how = "(Ký và ghi rõ họ tên)";

    sheet_room(s, s->size * 8);
    s->y += s->size * 0.6;
    put_halves(s, b->fact[0].label ? b->fact[0].label : "", b->fact[1].label ? b->fact[1].label : "", SHEET_BOLD);
    put_halves(s, both || b->fact[0].label ? how : "", both || b->fact[1].label ? how : "",
               SHEET_SLANTED | SHEET_SMALL);
    s->y += s->size * 3.4;
    put_halves(s, value_of(&b->fact[0]), value_of(&b->fact[1]), SHEET_BOLD);
}

static void put_block(struct sheet *s, const struct handout_block *b)
{
    switch (b->kind) {
    case HANDOUT_PAIR:
        put_halves(s, value_of(&b->fact[0]), value_of(&b->fact[1]), SHEET_BOLD | SHEET_SMALL);
        break;
    case HANDOUT_DATE:
        s->y += s->size * 0.4;
        put_halves(s, "", value_of(&b->fact[0]), SHEET_SLANTED);
        s->y += s->size * 0.4;
        break;
    case HANDOUT_CODE:
        sheet_code(s, &b->fact[0]);
        break;
    case HANDOUT_TITLE:
        s->y += s->size * 0.4;
        put_alone(s, value_of(&b->fact[0]), PANGO_ALIGN_CENTER, SHEET_BOLD | SHEET_LARGE);
        break;
    case HANDOUT_VOID:
        s->again = value_of(&b->fact[0]);
        put_alone(s, s->again, PANGO_ALIGN_CENTER, SHEET_BOLD);
        break;
    case HANDOUT_FACTS:
        put_facts(s, b);
        break;
    case HANDOUT_TEXT:
        put_alone(s, value_of(&b->fact[0]), PANGO_ALIGN_LEFT, SHEET_PLAIN);
        break;
    case HANDOUT_QR:
        sheet_qr(s, value_of(&b->fact[0]));
        break;
    case HANDOUT_TABLE:
        sheet_table(s, b);
        break;
    case HANDOUT_SIGNATURES:
        put_signatures(s, b);
        break;
    case HANDOUT_BLOCK_KINDS:
        break;
    }
}

static cairo_status_t take_bytes(void *pdf, const unsigned char *bytes, unsigned n)
{
    buf_add(pdf, bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

bool sheet_make(const struct handout *h, enum sheet_size size, struct buf *pdf, struct err *e)
{
    double sides[2] = {size == SHEET_A4 ? 595.28 : 419.53, size == SHEET_A4 ? 841.89 : 595.28};
    double width = sides[h->landscape], height = sides[!h->landscape], margin = size == SHEET_A4 ? 45 : 28;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, pdf, width, height);
    struct sheet s = {.cairo = cairo_create(surface),
                      .width = width,
                      .left = margin,
                      .right = width - margin,
                      .top = margin,
                      .bottom = height - margin,
                      .y = margin,
                      .size = size == SHEET_A4 && !h->landscape ? 12 : 9.5,
                      .page = 1};
    bool ok = has_all_letters(&s) ||
              err_set(e, ERR_CONFIG, "%s",
                      _("No font here has every Vietnamese letter. Install the package fonts-liberation."));

    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, h->name);
    for (size_t i = 0; ok && i < h->n_blocks; i++)
        put_block(&s, &h->blocks[i]);
    number_page(&s);
    cairo_destroy(s.cairo);
    cairo_surface_finish(surface);
    ok = ok && (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS ||
                err_set(e, ERR_DATA, "%s", _("The page cannot be made.")));
    cairo_surface_destroy(surface);
    return ok;
}
