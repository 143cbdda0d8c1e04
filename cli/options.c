/* options: the one table of commands and their options, and what reads it. It refuses what it does not know: a typing error must
 * not become another command.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "cli/command.h"
#include "core/i18n.h"
#include "core/text.h"

#include <string.h>

#define BIT(option) (UINT64_C(1) << OPTION_##option)
#define ANYWHERE    (BIT(JSON) | BIT(SERVER) | BIT(HELP) | BIT(VERSION))
#define ACT                                                                                            \
    (BIT(NOTE) | BIT(OUTCOME) | BIT(ASSIGNEE) | BIT(PAPERS) | BIT(UNTIL) | BIT(AMOUNT) | BIT(METHOD) | \
     BIT(NUMBER) | BIT(RETURNED_TO) | BIT(NEW_DUE_AT) | BIT(RESULT) | BIT(ON_BEHALF_OF))
#define NEW                                                                                      \
    (BIT(PROCEDURE) | BIT(NAME) | BIT(ID_NUMBER) | BIT(CHANNEL) | BIT(UNIT) | BIT(RECEIVED_AT) | \
     BIT(PHONE) | BIT(ADDRESS))
#define UNLOCK (BIT(RECOVERY) | BIT(NEW_PIN))

static const struct {
    const char *name, *value; /* NULL: a switch */
    const char *help;
} options[OPTION_COUNT] = {
    [OPTION_JSON] = {"--json", NULL, N_("results as JSON on stdout, a problem as JSON on stderr")},
    [OPTION_SERVER] = {"--server", "URL", N_("the central server, instead of the one in the configuration")},
    [OPTION_HELP] = {"--help", NULL, N_("this text")},
    [OPTION_VERSION] = {"--version", NULL, N_("which motcua this is")},
    [OPTION_ROLE] = {"--role", "ROLE", N_("who works: counter (default), specialist, supervisor, clerk, auditor")},
    [OPTION_SCENARIO] = {"--scenario", "NAME",
                         N_("which office: chau-duc-2022 (default), ngai-giao-2026, or a file")},
    [OPTION_ONCE] = {"--once", NULL, N_("send what is due, read the feed to its end, and stop")},
    [OPTION_QUEUE] = {"--queue", "QUEUE", N_("only this queue; its id as `motcua queues --json` has it")},
    [OPTION_SEARCH] = {"--search", "TEXT",
                       N_("only where every word occurs: names (without tones too), codes, numbers")},
    [OPTION_LIMIT] = {"--limit", "N", N_("at most so many")},
    [OPTION_NOTE] = {"--note", "TEXT", N_("the reason, or what there is to say")},
    [OPTION_OUTCOME] = {"--outcome", "OUTCOME", N_("grant or refuse")},
    [OPTION_ASSIGNEE] = {"--assignee", "OFFICER", N_("id of who is to work on it")},
    [OPTION_PAPERS] = {"--papers", "A,B", N_("ids of papers of the dossier")},
    [OPTION_UNTIL] = {"--until", "DATE", N_("last day for the papers, YYYY-MM-DD")},
    [OPTION_AMOUNT] = {"--amount", "DONG", N_("how much")},
    [OPTION_METHOD] = {"--method", "METHOD", N_("cash, transfer, card or online")},
    [OPTION_NUMBER] = {"--number", "NUMBER", N_("number of the decision or the receipt")},
    [OPTION_RETURNED_TO] = {"--returned-to", "NAME", N_("who took the result")},
    [OPTION_NEW_DUE_AT] = {"--new-due-at", "TIME", N_("the new due time, as 2022-12-29T16:30:00+07:00")},
    [OPTION_RESULT] = {"--result", "ATTACHMENT", N_("id of the attachment that is the result")},
    [OPTION_ON_BEHALF_OF] = {"--on-behalf-of", "OFFICER", N_("id of whose mandate you sign or send back by")},
    [OPTION_RECOVERY] = {"--recovery", "FILE",
                         N_("the PIN is lost: the secret half of the office's recovery key")},
    [OPTION_NEW_PIN] = {"--new-pin", NULL, N_("then set another PIN")},
    [OPTION_VERIFY] = {"--verify", NULL, N_("only check that no entry was changed, taken out or put in")},
    [OPTION_CA] = {"--ca", "FILE", N_("certificates in PEM that vouch for signers")},
    [OPTION_PROCEDURE] = {"--procedure", "PROCEDURE", N_("which one: its national code or its id")},
    [OPTION_NAME] = {"--name", "NAME", N_("who files it")},
    [OPTION_ID_NUMBER] = {"--id-number", "NUMBER", N_("his identity number")},
    [OPTION_CHANNEL] = {"--channel", "CHANNEL", N_("counter (default), online (beside the applicant) or post")},
    [OPTION_UNIT] = {"--unit", "UNIT", N_("id of the unit that takes it in; without it your own")},
    [OPTION_RECEIVED_AT] = {"--received-at", "TIME",
                            N_("when it was handed in, as 2022-12-29T16:30:00+07:00; without it now")},
    [OPTION_PHONE] = {"--phone", "PHONE", N_("his phone")},
    [OPTION_ADDRESS] = {"--address", "TEXT", N_("where he lives")},
};

static const struct verb verbs[] = {
    {"", NULL, 0, 0, 0, N_("the screen"), cmd_screen},
    {"demo", NULL, 0, 0, BIT(ROLE) | BIT(SCENARIO), N_("the screen on a training server of its own"), cmd_demo},
    {"login", NULL, 0, 0, 0, N_("sign in"), cmd_login},
    {"logout", NULL, 0, 0, 0, N_("sign out; unsent work stays"), cmd_logout},
    {"unlock", NULL, 0, 0, UNLOCK, N_("ask for the PIN; open what is saved here"), cmd_unlock},
    {"sync", NULL, 0, 0, BIT(ONCE), N_("send and receive until stopped"), cmd_sync},
    {"queues", NULL, 0, 0, 0, N_("the queues and how much is in them"), cmd_queues},
    {"list", NULL, 0, 0, BIT(QUEUE) | BIT(SEARCH) | BIT(LIMIT), N_("dossiers kept on this machine"), cmd_list},
    {"show", "DOSSIER", 1, 1, 0, N_("one dossier, by code or id"), cmd_show},
    {"act", "DOSSIER ACTION", 2, 2, ACT, N_("save an action on a dossier and send it"), cmd_act},
    {"procedures", NULL, 0, 0, 0, N_("the procedures, those that are used most first"), cmd_procedures},
    {"new", NULL, 0, 0, NEW, N_("take a dossier in, save it and send it"), cmd_new},
    {"outbox", "[retry|drop KEY]", 0, 2, 0, N_("what is not sent yet; send it now, or forget it"), cmd_outbox},
    {"journal", NULL, 0, 0, BIT(VERIFY), N_("what was done on this machine"), cmd_journal},
    {"verify", "DOSSIER|FILE", 1, 1, BIT(CA), N_("check the signature of a decision"), cmd_verify},
    {"sign-agent", "SOCKET", 1, 1, 0, N_("at home: show, confirm and sign what the office sends"), cmd_sign_agent},
    {"recovery-key", "FILE", 1, 1, 0, N_("make the office's recovery key: FILE and FILE.pub"), cmd_recovery_key},
    {"wipe", NULL, 0, 0, 0, N_("sign out, remove what can be fetched again, and say what is left"), cmd_wipe},
    {"check-keymap", "FILE", 1, 1, 0, N_("check a file of key bindings"), cmd_check_keymap},
};

#define VERBS (sizeof verbs / sizeof *verbs)

const char *option_name(enum option_id option)
{
    return options[option].name;
}

struct reading {
    int argc;
    char *const *argv;
    struct options *out;
    struct arena arena;
    struct err *e;
};

/* Typed by a person, so it may be any bytes: shown as data is. */
static const char *typed(struct reading *r, const char *arg)
{
    return text_cut(&r->arena, text_shown(&r->arena, arg), 60);
}

static enum option_id find_option(const char *arg, const char **value)
{
    size_t n = strcspn(arg, "=");

    *value = arg[n] ? arg + n + 1 : NULL;
    for (int i = 0; i < OPTION_COUNT; i++)
        if (strncmp(options[i].name, arg, n) == 0 && options[i].name[n] == '\0')
            return (enum option_id)i;
    return OPTION_COUNT;
}

/* argv[*i] begins with a dash. */
static bool read_option(struct reading *r, int *i)
{
    const char *arg = r->argv[*i], *value;
    enum option_id id = find_option(arg, &value);

    if (id == OPTION_COUNT)
        return err_set(r->e, ERR_USAGE, _("There is no option %s. See motcua --help."), typed(r, arg));
    if (!options[id].value) {
        if (value)
            return err_set(r->e, ERR_USAGE, _("The option %s takes no value. See motcua --help."),
                           options[id].name);
        value = "";
    } else if (!value) {
        if (*i + 1 >= r->argc)
            return err_set(r->e, ERR_USAGE, _("The option %s needs a value. See motcua --help."), arg);
        value = r->argv[++*i];
    }
    r->out->value[id] = value;
    return true;
}

static bool read_word(struct reading *r, const char *word)
{
    struct options *out = r->out;

    if (!out->verb) {
        for (size_t i = 1; i < VERBS; i++)
            if (strcmp(verbs[i].name, word) == 0)
                out->verb = &verbs[i];
        return out->verb ||
               err_set(r->e, ERR_USAGE, _("There is no command “%s”. See motcua --help."), typed(r, word));
    }
    if (out->n_operands >= out->verb->most)
        return err_set(r->e, ERR_USAGE, _("What is “%s” for? See motcua --help."), typed(r, word));
    out->operand[out->n_operands++] = word;
    return true;
}

/* Whether what was read goes together. */
static bool check(struct reading *r)
{
    const struct options *out = r->out;

    if (out->value[OPTION_HELP] || out->value[OPTION_VERSION])
        return true;
    for (int i = 0; i < OPTION_COUNT; i++)
        if (out->value[i] && !((out->verb->options | ANYWHERE) & (UINT64_C(1) << i)))
            return err_set(r->e, ERR_USAGE, _("The option %s has no meaning here. See motcua --help."),
                           options[i].name);
    if (out->n_operands < out->verb->least)
        return err_set(r->e, ERR_USAGE, _("Something is missing: motcua %s %s"), out->verb->name,
                       out->verb->operands);
    return true;
}

bool options_parse(int argc, char *const argv[], struct options *out, struct err *e)
{
    struct reading r = {.argc = argc, .argv = argv, .out = out, .e = e};
    bool ok = true, words_only = false;

    *out = (struct options){0};
    for (int i = 1; i < argc; i++) /* first, since a mistake before it is to be told in JSON too */
        if (strcmp(argv[i], "--json") == 0)
            out->value[OPTION_JSON] = "";
    for (int i = 1; ok && i < argc; i++) {
        if (!words_only && strcmp(argv[i], "--") == 0)
            words_only = true;
        else if (!words_only && argv[i][0] == '-')
            ok = read_option(&r, &i);
        else
            ok = read_word(&r, argv[i]);
    }
    if (ok && !out->verb)
        out->verb = &verbs[0];
    ok = ok && check(&r);
    arena_clear(&r.arena);
    return ok;
}

static void print_option(FILE *to, int option)
{
    const char *value = options[option].value;
    char *left = mem_format("      %s%s%s", options[option].name, value ? " " : "", value ? value : "");

    fprintf(to, "%-34s%s\n", left, _(options[option].help));
    mem_free(&left);
}

void options_help(FILE *to)
{
    fprintf(to, "%s\n\n",
            _("motcua: the one-stop officer's workstation. Without a command it opens the screen."));
    for (size_t i = 0; i < VERBS; i++) {
        const struct verb *v = &verbs[i];
        char *left = mem_format("  motcua %s %s", v->name, v->operands ? v->operands : "");
        fprintf(to, "%-34s%s\n", left, _(v->help));
        mem_free(&left);
        for (int o = 0; o < OPTION_COUNT; o++)
            if (v->options & (UINT64_C(1) << o))
                print_option(to, o);
    }
    fprintf(to, "\n%s\n", _("With every command:"));
    for (int o = OPTION_JSON; o <= OPTION_VERSION; o++)
        print_option(to, o);
    fprintf(to, "\n%s\n",
            _("Ends with 0 done (or queued: says so), 1 refused, 2 usage, 3 offline and not queueable,\n"
              "4 sign-in or unlock needed, 5 conflict, 70 a bug."));
}
