/* files: scans on their way to the server. Each lies sealed in `files/` beside outbox.db (libsodium's secretstream, under a key of its own
 * that stands sealed in outbox.db) from before it is called saved until the server has all of it. Its name is the key of the wish that
 * announces it. It refuses to write a byte in clear, and to keep anything once it is complete.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CACHE_FILES_H
#define MOTCUA_CACHE_FILES_H

#include "cache/outbox.h"
#include "core/types.h"

/* ── in ──────────────────────────────────────────────────────────────────────────────────────────────────────────── */
struct attach { /* all borrowed */
    const char *dossier; /* its id; or, as long as it has none, the key of its createDossier: then the file waits for the id */
    const char *code, *applicant; /* of the dossier, for words; NULL */
    const char *name;             /* what it is called, at most 255 characters */
    const char *paper;            /* Paper.id that it is a scan of; NULL */
    const char *role;             /* "scan", "result", "other"; NULL: scan */
    const void *bytes;
    size_t n;
    int64_t most; /* About.max_upload_bytes */
    int64_t acted_at;
};
/* The file and the wish that announces it, both on the disk when it returns true; the wish's key. What kind it is its first bytes say.
 * ERR_INPUT: no PDF, JPEG or PNG, empty, or over `most`. ERR_STORE: nothing is kept. */
bool file_attach(struct outbox *, const struct attach *, char key[static UUID_TEXT], struct err *);

/* ── how they stand ──────────────────────────────────────────────────────────────────────────────────────────────── */
enum file_state {
    FILE_LOCAL,   /* the dossier has no id yet */
    FILE_WAITS,   /* not announced yet, or none of it sent */
    FILE_SENDING, /* `sent` bytes have arrived */
    FILE_STOPPED, /* does not go: `trouble`, or what became of its wish */
};
struct waiting_file {
    char key[UUID_TEXT];
    const char *dossier, *code, *applicant;
    const char *attachment; /* its id at the server; NULL: not announced */
    const char *trouble;    /* one sentence; NULL */
    struct new_attachment about;
    int64_t sent;
    int again; /* how often it was announced again */
    enum file_state state;
};
/* Oldest first, in the arena. `dossier`: its alone (an id, or the key of a createDossier); NULL: all. ERR_STORE. */
bool files_waiting(struct outbox *, const char *dossier, struct arena *, struct waiting_file **out, size_t *n,
                   struct err *);
/* The officer does not want it sent any more: it goes, and so does its wish where that has not left. One that was announced is taken away at
 * the server by another wish (deleteAttachment). ERR_CONFLICT: its announcement is on its way; ask again when that is answered. */
bool file_give_up(struct outbox *, const char *key, int64_t now, struct err *);

/* ── sending (net/, under the lease) ─────────────────────────────────────────────────────────────────────────────── */
/* Its bytes, from the first on, or again from an earlier place (which reads it from the start). */
struct file_reader;
bool file_open(struct outbox *, const char *key, struct file_reader **out, struct err *); /* ERR_STORE, ERR_NOT_FOUND */
/* Appends `n` bytes from `offset` on. ERR_STORE: they are not there, or not as they were sealed. */
bool file_read_at(struct file_reader *, int64_t offset, size_t n, struct buf *out, struct err *);
void file_close(struct file_reader **);
/* So many bytes have arrived. Not synced: the server knows better. */
bool file_sent(struct outbox *, const char *key, int64_t sent, struct err *);
/* All of it has arrived: it goes. `version`: the dossier's, that this made; what the officer has acted on the version before it, and has not
 * sent yet, goes out with this one, for nothing else has changed. 0: not known. */
bool file_complete(struct outbox *, const char *key, int64_t version, struct err *);
/* The server has lost it: announced again, by another wish with another key. */
bool file_again(struct outbox *, const char *key, int64_t now, struct err *);
bool file_stop(struct outbox *, const char *key, const char *trouble, struct err *);
/* Removes what no row knows (a kill between file and commit; an hour old at least by `wall`) and rows whose wish was dropped. When idle. */
void files_tidy(struct outbox *, int64_t wall);

#endif
