/* say: every sentence that net/ makes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/say.h"

#include "core/i18n.h"
#include "core/instant.h"
#include "core/text.h"
#include "core/words.h"
#include "net/url.h"

#define OFFICE_OFFSET (7 * 3600) /* HH:MM is the office's, wherever the PC thinks it stands */

bool say_offline(struct err *e, int64_t since)
{
    struct arena arena = {0};
    err_set(e, ERR_OFFLINE,
            _("Cut off since %s. Go on working: what is saved on this machine is sent by itself when the line is back."),
            word_clock(&arena, since, OFFICE_OFFSET));
    arena_clear(&arena);
    return false;
}

bool say_slow(struct err *e, int64_t answer_ms)
{
    return err_set(e, ERR_OFFLINE, _("The line is slow, the server answers after %d seconds. Go on working."),
                   (int)(answer_ms / 1000));
}

bool say_gently(struct err *e)
{
    return err_set(
        e, ERR_OFFLINE,
        _("The line is back. What waits is sent one by one, so that the server keeps up; press r to send it at once."));
}

bool say_maintenance(struct err *e, int64_t until)
{
    struct arena arena = {0};
    if (until == INSTANT_NONE)
        err_set(e, ERR_OFFLINE,
                _("The server is under maintenance. What is saved on this machine is sent by itself afterwards."));
    else
        err_set(e, ERR_OFFLINE,
                _("The server is under maintenance until about %s. What is saved on this machine is sent by itself afterwards."),
                word_clock(&arena, until, OFFICE_OFFSET));
    arena_clear(&arena);
    return false;
}

bool say_session_over(struct err *e)
{
    return err_set(
        e, ERR_AUTH,
        _("The session is over. What was not sent is still on this machine; sign in again to send it."));
}

bool say_signed_out(struct err *e)
{
    return err_set(e, ERR_AUTH, _("Nobody is signed in at this server. Sign in first."));
}

bool say_step_up(struct err *e)
{
    return err_set(
        e, ERR_AUTH,
        _("The server wants a new sign-in for a signature. What was signed is kept; sign in again to send it."));
}

bool say_code_denied(struct err *e)
{
    return err_set(e, ERR_AUTH, _("The sign-in was refused on the phone. Press r for a new code."));
}

bool say_code_expired(struct err *e)
{
    return err_set(e, ERR_AUTH, _("The sign-in code is over. Press r for a new code."));
}

bool say_sign_in_refused(struct err *e, const char *error)
{
    struct arena arena = {0};
    err_set(e, ERR_SERVER, _("The sign-in server refuses this program (%s). Tell the IT department."),
            text_shown(&arena, error));
    arena_clear(&arena);
    return false;
}

bool say_not_told(struct err *e)
{
    return err_set(
        e, ERR_OFFLINE,
        _("Signed out on this machine, but the server could not be told: there the session ends by itself."));
}

bool say_not_central(struct err *e, const char *url)
{
    return err_set(
        e, ERR_SERVER,
        _("%s sends a web page, it is not the one-stop server. Check the line server in the configuration file."),
        url);
}

bool say_other_api(struct err *e, const char *version, bool newer)
{
    struct arena arena = {0};
    const char *shown = text_shown(&arena, version);
    if (newer)
        err_set(e, ERR_SERVER,
                _("The server has version %s, which is newer than this motcua. Saved dossiers can be read; update motcua to go on."),
                shown);
    else
        err_set(e, ERR_SERVER,
                _("The server has version %s, which this motcua does not know. Saved dossiers can be read; tell the IT department."),
                shown);
    arena_clear(&arena);
    return false;
}

bool say_other_issuer(struct err *e, const char *issuer)
{
    struct arena arena = {0};
    err_set(e, ERR_SERVER,
            _("The sign-in server %s does not say that it is the one that the one-stop server names. Nothing was sent to it. Tell the "
              "IT department."),
            text_shown(&arena, issuer));
    arena_clear(&arena);
    return false;
}

/* The number for the help desk stands at the end of a sentence (screens.md, rule 8). */
static bool with_number(struct err *e, const struct response *reply, const char *sentence)
{
    struct arena arena = {0};
    if (!reply->request_id)
        err_set(e, ERR_OFFLINE, "%s", sentence);
    else
        err_set(e, ERR_OFFLINE, _("%s Help desk number %s."), sentence, text_shown(&arena, reply->request_id));
    arena_clear(&arena);
    return false;
}

bool say_unknown(struct err *e)
{
    return err_set(
        e, ERR_OFFLINE,
        _("The outcome is not known: it was sent, but no answer came. Exactly this is sent again; do not do it elsewhere."));
}

bool say_garbled(struct err *e, const struct response *reply)
{
    return with_number(
        e, reply,
        _("The server answered, but it cannot be read: the outcome is not known. It is asked again, nothing is done "
          "twice."));
}

bool say_unreadable(struct err *e, const struct response *reply)
{
    return with_number(
        e, reply, _("The server answered, but it cannot be read. Nothing was changed; try again in a while."));
}

bool say_server_fault(struct err *e, const struct response *reply)
{
    return with_number(e, reply, _("The server has a fault at the moment. Try again in a while."));
}

bool say_rate_limited(struct err *e)
{
    return err_set(e, ERR_OFFLINE,
                   _("The server asks to be asked less often. Nothing was done; try again in a while."));
}

bool say_damaged(struct err *e)
{
    return err_set(e, ERR_STORE, _("The bytes of this wish were changed on this machine; it was not sent."));
}

bool say_online_only(struct err *e)
{
    return err_set(e, ERR_OFFLINE,
                   _("This needs the line. Nothing was saved or sent; do it again when the line is back."));
}

bool say_holder_silent(struct err *e, int pid)
{
    if (pid == 0)
        return err_set(
            e, ERR_OFFLINE,
            _("Another motcua of this officer has the line and does not answer. Close it and try again."));
    return err_set(
        e, ERR_OFFLINE,
        _("Another motcua of this officer has the line and does not answer (process %d). Close it and try again."),
        pid);
}

bool say_no_line(struct err *e, const struct response *reply, const char *url)
{
    struct arena arena = {0};
    const char *host = url_host(&arena, url);
    switch (reply->end) {
    case RESPONSE_CERTIFICATE:
        err_set(e, ERR_SERVER,
                _("The certificate of %s cannot be trusted: %s. Nothing was sent. Tell the IT department."),
                host, reply->why);
        break;
    case RESPONSE_OWN_CERTIFICATE:
        err_set(e, ERR_SERVER,
                _("%s does not take this machine's own certificate, or it cannot be used. Tell the IT department: lines client_cert "
                  "and client_key of the configuration file."),
                host);
        break;
    case RESPONSE_NO_HOST:
        err_set(e, ERR_OFFLINE,
                _("There is no machine with the name %s. Check the line, or the line server in the configuration file."),
                host);
        break;
    case RESPONSE_TOO_LARGE:
        say_unreadable(e, reply);
        break;
    case RESPONSE_TIMED_OUT:
        err_set(e, ERR_OFFLINE, _("%s does not answer. Try again in a while."), host);
        break;
    case RESPONSE_CUT:
        err_set(e, ERR_OFFLINE, _("The connection to %s broke off. Try again in a while."), host);
        break;
    default:
        err_set(e, ERR_OFFLINE,
                _("There is no connection to %s. Check the line, or the line server in the configuration file."),
                host);
    }
    arena_clear(&arena);
    return false;
}

bool say_problem(struct err *e, const struct problem *problem)
{
    struct arena arena = {0};
    enum err_code code = problem->status == 404                             ? ERR_NOT_FOUND
                         : problem->status == 409 || problem->status == 412 ? ERR_CONFLICT
                         : problem->status == 422                           ? ERR_INPUT
                                                                            : ERR_REFUSED;
    const char *more = problem->n_errors > 0 ? problem->errors[0].message : problem->detail;
    if (more)
        err_set(e, code, "%s: %s", text_shown(&arena, problem->title), text_shown(&arena, more));
    else
        err_set(e, code, "%s", text_shown(&arena, problem->title));
    arena_clear(&arena);
    return false;
}
