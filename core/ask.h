/* ask: what a view wants to know that is shown and not kept, and what comes back. A view hands the loop one `struct ask`, and
 * later gets one `struct answer` (sign-in and the phone: several, the last with `final`). In memory only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_ASK_H
#define MOTCUA_CORE_ASK_H

#include "core/err.h"
#include "core/mem.h"
#include "core/types.h"

enum ask_kind {
    ASK_NONE,
    ASK_SIGN_IN,  /* starts the device flow; answers: the code to show, then the officer or why not */
    ASK_SIGN_OUT, /* revokes the token, wipes the session and the cache */
    ASK_SYNC,     /* try the line now, whatever the breaker says; answer: all is sent and read, or why not */
    ASK_SEARCH,   /* on the server: text is the query, cursor for the next page; answer: a dossier page */
    ASK_DOSSIER,  /* dossier as it stands; the answer replaces what is held if newer */
    ASK_EVENTS,   /* all events of a dossier, every page */
    ASK_SIGN, /* statement bytes → detached CMS, by the signer in desk/, with the PIN that is typed (app_pin) where it asks for one;
                     ERR_AUTH: the PIN was wrong, or is asked for again; ERR_NOT_FOUND: the device was pulled out */
    ASK_SIGN_END,    /* of a run of ASK_SIGNs: what its PIN opened is closed */
    ASK_REMOTE_SIGN, /* statement bytes → CMS, confirmed on the officer's phone; answers: the code to compare, where the line is cut why
                     nothing is known yet (and the code again once it is back), the last with the CMS or why not */
    ASK_SIGNER,      /* which signer there is, and its certificate */
    ASK_SIGNERS,     /* all that could be chosen: one after the other is looked at */
    ASK_UNLOCK, /* with the PIN that is typed (app_pin): opens what is saved here; ERR_AUTH: wrong, or not yet */
    ASK_SET_PIN,  /* seals it all again under the PIN that is typed */
    ASK_PRINTERS, /* answer: the printers that this machine knows */
    ASK_PRINT, /* bytes: {"handout", "printer", "copies", "size"} (desk/paper.h); what became of it is the answer's err */
    ASK_SAVE,   /* bytes: {"handout", "size", "as", "name"}; answer: where it lies now */
    ASK_ATTACH, /* the file at `text` becomes one of `dossier` (or of the createDossier with this key), the scan of the paper `cursor` (NULL: of
                     none); the answer: it waits to be sent, or why not */
};
struct ask {
    uint64_t id; /* chosen by the app; comes back in the answer */
    enum ask_kind kind;
    char *text; /* SEARCH: q; SIGN, SIGNER, SIGNERS: the signer that the officer chose (struct signer_choice), NULL: none, as configured */
    char *dossier; /* DOSSIER, EVENTS: id */
    char *cursor;  /* SEARCH */
    void *bytes;   /* SIGN, REMOTE_SIGN: the statement; PRINT, SAVE: JSON */
    size_t n;
    bool pin; /* SIGN: what is typed as a PIN now is for it */
    bool run; /* SIGN: one of several with one PIN (struct signer_who) */
};
void ask_clear(struct ask *); /* frees what it points to */

struct signer_choice {
    const char *id;   /* "phone", "training", "agent", "token", or "token" and the serial of a device */
    const char *name; /* "thiết bị Quan, Phạm Minh Quân" in words, or why there is none */
    const char *certificate; /* number and issuer in words, and where it is not the officer's; "" */
    int64_t until;           /* INSTANT_NONE: not said */
    bool current;            /* signs now, if nothing is chosen */
};
struct answer {
    uint64_t id;
    enum ask_kind kind;
    bool final;         /* nothing more comes for this ask */
    struct err err;     /* ERR_NONE: fine */
    struct arena arena; /* owns everything below; answer_clear() */

    struct device_authorization device; /* SIGN_IN, while waiting: user_code is not NULL */
    int64_t device_until;               /* server time when the code ends */
    struct officer officer;             /* SIGN_IN, final */
    struct dossier_page page;           /* SEARCH */
    struct dossier dossier;             /* DOSSIER */
    struct event_page events;           /* EVENTS */
    const char *cms;                    /* SIGN, REMOTE_SIGN: base64 */
    const char *phone_code; /* REMOTE_SIGN, while waiting: shown on the phone as well; "": the server gives none */
    int64_t phone_until;               /* REMOTE_SIGN, while waiting: server time; INSTANT_NONE: not said */
    const char *signer_device;         /* SIGNER: "phần mềm tập huấn" in words */
    const char *signer_name;           /* SIGNER: "phần mềm tập huấn, Phạm Minh Quân" */
    const char *signer_certificate;    /* SIGNER: number and issuer in words */
    int64_t signer_from, signer_until; /* SIGNER: the certificate's validity */
    bool signer_phone; /* SIGNER: it is the officer's phone (ASK_REMOTE_SIGN); it has no certificate to show here */
    bool signer_at_home; /* SIGNER: his own machine: it shows the statement, asks for the PIN there, and takes minutes */
    bool signer_asks_pin;          /* SIGNER: ASK_SIGN wants one */
    bool signer_last_try;          /* SIGNER: one more wrong PIN locks the device */
    bool signer_each_time;         /* SIGN, of a run: the next wants the PIN again */
    struct texts printers;         /* PRINTERS: the default one first */
    const char *path;              /* SAVE */
    struct signer_choice *signers; /* SIGNERS */
    size_t n_signers;
};
void answer_clear(struct answer *);

#endif
