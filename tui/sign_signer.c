/* sign_signer: see sign_signer.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/sign_signer.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "core/signer.h"
#include "core/text.h"
#include "core/words.h"
#include "tui/pin_field.h"
#include "tui/view.h"

#include <string.h>

#define WAIT_ROWS 3

void sign_signer_ask(struct sign_signer *s, struct view *v)
{
    struct ask ask = {.kind = ASK_SIGNER};

    s->turn = app_signer_turn(v->app);
    app_ask(v->app, v, &ask);
    s->can_sign = false;
    s->words = _("asking the signing device…");
    s->certificate = s->message = s->device = "";
}

void sign_signer_renew(struct sign_signer *s, struct view *v)
{
    if (s->turn != app_signer_turn(v->app))
        sign_signer_ask(s, v);
}

/* That it is over, not yet, or soon; or one wrong PIN from being locked. */
static void look_at(struct sign_signer *s, struct app *app, const struct answer *a)
{
    struct err e = {0};
    int days = signer_days_left(a->signer_until, app_now(app));

    s->can_sign = signer_is_valid(a->signer_from, a->signer_until, app_now(app), app_offset(app), &s->arena, &e);
    if (!s->can_sign)
        s->message = arena_copy(&s->arena, e.text);
    else if (a->signer_last_try)
        s->message =
            _("The signing device locks itself after ONE more wrong PIN. Press Esc if you are not sure.");
    else if (days < SIGNER_WARN_DAYS)
        s->message = arena_format(
            &s->arena, _("The certificate ends in %d days. Ask who issued it for the next one in time."), days);
}

void sign_signer_told(struct sign_signer *s, struct app *app, const struct answer *a)
{
    arena_reset(&s->arena);
    s->can_sign = s->asks_pin = s->phone = s->at_home = false;
    s->certificate = s->device = "";
    s->message = arena_copy(&s->arena, a->err.text);
    if (a->err.code != ERR_NONE) {
        s->words = _("no signing device");
        return;
    }
    s->device = arena_copy(&s->arena, a->signer_device);
    if (a->signer_phone) {
        s->words = arena_copy(&s->arena, a->signer_name);
        s->can_sign = s->phone = true;
        return;
    }
    s->words = arena_format(&s->arena, _("%s, valid until %s"), a->signer_name,
                            word_day(&s->arena, instant_day(a->signer_until, app_offset(app))));
    s->certificate = arena_copy(&s->arena, a->signer_certificate);
    s->asks_pin = a->signer_asks_pin;
    s->at_home = a->signer_at_home;
    look_at(s, app, a);
}

const char *sign_signer_waits(struct sign_signer *s, struct app *app, const struct answer *a)
{
    if (a->err.code != ERR_NONE)
        return arena_copy(&s->arena, a->err.text);
    const char *until =
        a->phone_until == INSTANT_NONE ? "?" : word_clock(&s->arena, a->phone_until, app_offset(app));
    return arena_format(
        &s->arena,
        _("Waiting for the phone to confirm, code %s, until %s. Compare the code before you confirm; Esc stops waiting."),
        *a->phone_code ? a->phone_code : "?", until);
}

const char *sign_signer_let_go(bool phone)
{
    return phone ? _("The phone is no longer waited for. Nothing was decided.")
                 : _("Your own machine is no longer waited for. Nothing was decided.");
}

void sign_signer_clear(struct sign_signer *s)
{
    arena_clear(&s->arena);
}

bool sign_tail_matches(const struct field *tail, const char *code)
{
    size_t n = strlen(code);

    return n >= SIGN_TAIL && strcasecmp(code + n - SIGN_TAIL, field_text(tail)) == 0;
}

void sign_signer_draw_confirm(const struct sign_signer *s, struct field *tail, bool grants, struct canvas *c,
                              int row)
{
    const char *what = grants ? C_("decision to sign", "GRANT") : C_("decision to sign", "REFUSE");
    int col = 2 + canvas_format(c, row, 2, -1, STYLE_TEXT,
                                _("Type the last 4 characters of the dossier's code to sign %s:   "), what);

    field_draw(tail, c, row, col, 1, SIGN_TAIL + 1, true, STYLE_TEXT);
    if (tail->at == tail->text.len)
        canvas_put(c, row, c->cursor_col, 1, STYLE_TEXT, "_"); /* seen where the cursor is not */
    sign_signer_draw_after(s, c, row + 1);
}

void sign_signer_draw_after(const struct sign_signer *s, struct canvas *c, int row)
{
    int col = 2 + canvas_put(c, row, 2, -1, STYLE_TEXT, _("Leave it empty and press Enter: nothing is signed."));

    if (s->asks_pin)
        canvas_put(c, row, col + 1, -1, STYLE_TEXT, _("Then the PIN of the signing device is asked for."));
    else if (s->phone)
        canvas_put(c, row, col + 1, -1, STYLE_TEXT, _("Then your phone asks you."));
    else if (s->at_home)
        canvas_put(c, row, col + 1, -1, STYLE_TEXT, _("Then your own machine asks you."));
}

void sign_signer_draw_waits(const char *message, struct canvas *c, int row)
{
    struct arena arena = {0};
    char **lines;
    size_t n = text_wrap(&arena, message, c->cols - 3, &lines);

    for (size_t i = 0; i < n && i < WAIT_ROWS; i++)
        canvas_put(c, row + (int)i, 2, c->cols - 3, STYLE_TEXT, lines[i]);
    arena_clear(&arena);
}

void sign_signer_draw_pin(struct app *app, struct canvas *c, int row)
{
    int col = 2 + canvas_put(c, row, 2, -1, STYLE_TEXT, _("PIN of the signing device"));

    pin_draw(c, row, col + 2, app_pin(app), true);
    canvas_put(c, row + 1, 2, -1, STYLE_TEXT, _("Leave it empty and press Enter: nothing is signed."));
}
