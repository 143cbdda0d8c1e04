/* client_internal: what the files of the client share: one helper, one job at a time, of whatever kind. Nothing outside client*.c includes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_DESK_CLIENT_INTERNAL_H
#define MOTCUA_DESK_CLIENT_INTERNAL_H

#include "core/mem.h"
#include "desk/client.h"
#include "desk/secret.h"

#include <jansson.h>
#include <sys/types.h>

/* What is told where a job comes to nothing. */
enum desk_trouble {
    DESK_NOT_STARTED,
    DESK_NOT_INSTALLED,
    DESK_ODD,
    DESK_ENDED,
    DESK_LATE,
    DESK_BUSY,
    DESK_TROUBLES
};

struct desk_job;
/* What jobs of one kind have in common. */
struct desk_kind {
    enum err_code code;
    const char *const *sentences;                                 /* msgids, by enum desk_trouble */
    bool (*sound)(const struct desk_job *, const json_t *answer); /* false: no helper of this version says that */
    void (*answered)(const struct desk_job *,
                     const json_t *answer); /* a sound one; each job ends with one of these two */
    void (*failed)(const struct desk_job *, const struct err *why);
};
struct desk_job {
    int64_t number, until; /* 0: none runs; until is mono ms. Set by desk_begin() */
    const struct desk_kind *kind;
    void (*signer_done)(void *, const struct signer_result *);
    void (*paper_done)(void *, const struct desk_paper_result *);
    void *context;
};
struct desk_work {    /* borrowed for the call, but for `line` */
    const char *what; /* "do" */
    json_t *line;     /* what only it has; taken */
    const void *statement, *pin;
    size_t n, pin_n;
};

struct desk {
    char *program;
    struct env *env;
    pid_t pid; /* 0: no helper runs */
    int fd;
    int64_t last_number;
    struct buf in, out; /* what came of a line; what has not left yet */
    struct secret pin;  /* leaves behind `out` */
    size_t pin_n, pin_sent;
    struct desk_job job;
};

void desk_begin(struct desk *, const struct desk_work *, int deadline, const struct desk_job *);
void desk_call_off(struct desk *); /* its answer is nobody's */
void desk_stop(struct desk *);     /* … and the helper ends, whatever it waits for */
/* A line that asks for nothing, behind what is on its way. Where there is no helper, or a job has not even left, it goes nowhere. */
void desk_note(struct desk *, const char *line);

#endif
