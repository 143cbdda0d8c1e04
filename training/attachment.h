/* attachment: files of a dossier (contract, tag attachments): announced, taken away, read (attachment.c), and their bytes on the way
 * here (upload.c). The bytes of what a scenario names are made when somebody asks for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TRAINING_ATTACHMENT_H
#define MOTCUA_TRAINING_ATTACHMENT_H

#include "training/inside.h"

#define UPLOAD_MAX (20 * 1024 * 1024) /* About.max_upload_bytes */

bool attachment_announce(struct call *);
bool attachment_delete(struct call *);
bool attachment_download(struct call *);
bool upload_offset(struct call *);
bool upload_bytes(struct call *);
/* What was announced 7 days ago and is not complete is dropped. Before a request is looked at. */
void attachment_sweep(struct central *, int64_t now);

/* A file and the dossier that it stands in; all of it in the call's arena. */
struct file {
    struct record record;
    struct attachment *attachment; /* in record.d; its list is this call's own */
    bool sent;                     /* somebody sends or sent it; else a scenario named it */
    const char *officer;           /* who announced it, where `sent` */
    int64_t has;                   /* bytes of it that are here, where `sent` */
};
/* The one that the path names; false: 404 was answered. */
bool file_find(struct call *, struct file *);
/* Its bytes from `first` up to `end`; false: there are none. */
bool file_read(struct call *, const struct file *, int64_t first, int64_t end, struct buf *out);
/* Stores what the dossier has become, as its next version. False: 413 was answered. */
bool file_put(struct call *, struct record *, const char *action, const char *name);

#endif
