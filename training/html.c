/* html: see html.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/html.h"

#include <string.h>

static const struct say training_only = {{"TẬP HUẤN: mọi người và hồ sơ ở đây đều do máy đặt ra.",
                                          "TRAINING: all people and dossiers here are invented."}};

const char *html_text(struct call *call, const char *text)
{
    struct buf out = {0};

    for (; text && *text; text++) {
        if (strchr("<>&\"'", *text))
            buf_format(&out, "&#%d;", *text);
        else
            buf_char(&out, *text);
    }
    char *copy = arena_copy(&call->arena, out.data ? out.data : "");
    buf_clear(&out);
    return copy;
}

void html_officers(struct call *call, struct buf *out)
{
    const struct directory *directory = call->central->directory;

    for (size_t i = 0; i < directory->n_officers; i++) {
        const struct officer *o = &directory->officers[i];
        int unit = directory_unit(directory, o->unit);
        buf_format(out, "<label><input type=\"radio\" name=\"can_bo\" value=\"%s\"> %s · %s · %s</label>\n",
                   html_text(call, o->id), html_text(call, o->name), html_text(call, o->title),
                   html_text(call, unit < 0 ? o->unit : directory->units[unit].name));
    }
}

void html_answer(struct call *call, int status, struct say title, struct buf *inside)
{
    struct buf out = {0};

    buf_format(&out,
               "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>%s</title>\n"
               "<style>body{font:1.1rem/1.5 sans-serif;max-width:36rem;margin:1rem auto;padding:0 1rem}"
               ".note{background:#fd0;color:#000;padding:.3rem .6rem}button{font:inherit;padding:.5rem 1.5rem;margin:.5rem .5rem 0 0}"
               "input[type=text]{font:inherit;width:9em}label{display:block;padding:.25rem 0}</style></head>\n"
               "<body><p class=\"note\">%s</p>\n<h1>%s</h1>\n",
               call->language == LANGUAGE_VI ? "vi" : "en", say_text(call, title),
               say_text(call, training_only), say_text(call, title));
    buf_add(&out, inside->data, inside->len);
    buf_text(&out, "</body></html>\n");
    buf_clear(inside);
    answer_empty(call, status);
    answer_header(call->answer, "Content-Type", "text/html; charset=utf-8");
    answer_header(call->answer, "Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
    answer_header(call->answer, "Referrer-Policy", "no-referrer");
    call->answer->body = out;
}
