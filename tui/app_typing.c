/* app_typing: the officer's way to type Vietnamese (core/typing.h): switched by a key, remembered, said in the status line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "core/i18n.h"

#include <string.h>

#define PLACE "typing"

void app_take_typing(struct app *app)
{
    const json_t *kept = app_place(app, PLACE);

    app->typing.method = typing_method_parse(json_string_value(json_object_get(kept, "method")));
    app->typing.new_tones = json_is_true(json_object_get(kept, "new_tones"));
}

static void keep(struct app *app)
{
    app_set_place(app, PLACE,
                  json_pack("{s:s, s:b}", "method", typing_method_name(app->typing.method), "new_tones",
                            (int)app->typing.new_tones));
    app->dirty = true;
}

const char *app_typing_word(const struct app *app)
{
    static const char *const words[TYPING_METHODS] = {"", "Telex", "VNI"};

    return words[app->typing.method];
}

void app_next_method(struct app *app)
{
    app->typing.method = (enum typing_method)((app->typing.method + 1) % TYPING_METHODS);
    keep(app);
    if (app->typing.method == TYPING_OFF)
        app_toast(app, TOAST_NOTE, "%s", _("Typing: off, every key is its own letter."));
    else
        app_toast(app, TOAST_NOTE, _("Typing: %s. A key that is pressed twice is a letter again."),
                  app_typing_word(app));
}

static void tone_style_answered(struct view *view, int choice, void *context)
{
    struct app *app = context;

    if (choice < 2)
        return;
    app->typing.new_tones = choice == 3;
    keep(app);
}

void app_choose_tone_style(struct app *app)
{
    const char *choices[] = {_("As it is"), "hòa, khỏe, thúy", "hoà, khoẻ, thuý", NULL};

    app_question(app, app->top,
                 &(struct question){.text = _("Where does the tone stand?"),
                                    .choices = choices,
                                    .answered = tone_style_answered,
                                    .context = app});
}

bool app_type(struct app *app, struct field *f, const char *utf8)
{
    return app->pasted ? field_insert(f, utf8) : field_type(f, &app->typing, utf8);
}
