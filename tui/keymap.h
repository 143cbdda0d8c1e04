/* keymap: from key to command, as data. The built-in one is keymaps/default.keymap, compiled in; files come on top, line by line:
 * `bind WHERE KEY COMMAND`, `unbind WHERE KEY`, `letters WHERE COMMAND`, `#` comments. WHERE: a view's name, `*`, or a focus: row
 * prompt note text number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_TUI_KEYMAP_H
#define MOTCUA_TUI_KEYMAP_H

#include "core/err.h"
#include "core/mem.h"
#include "tui/command.h"
#include "tui/key.h"

/* What has the focus now; a binding for a focus holds only there. */
enum focus {
    FOCUS_NONE = 0,
    FOCUS_ROW = 1,
    FOCUS_PROMPT = 2,
    FOCUS_NOTE = 4,
    FOCUS_TEXT = 8,
    FOCUS_NUMBER = 16
};

struct keymap;
struct keymap *keymap_new(void); /* the built-in default */
void keymap_free(struct keymap **);
/* Reads bindings on top. Each bad line is handed to `complain` as one sentence "file:line: …" and passed over; true if all were good.
 * Control bytes of the file never come out. */
bool keymap_read(struct keymap *, const char *file_name, const char *bytes, size_t len,
                 void (*complain)(void *, const char *sentence), void *);
/* One of the shipped ones by name ("default", "vim", "fkeys") from `dir` or built in, in place of the shipped one before; what
 * keymap_read() put on top stays on top. ERR_CONFIG: it is not there, nothing has changed. */
bool keymap_use(struct keymap *, const char *name, const char *dir, struct err *);

/* The command of a key in a view. Precedence: the view's name, then the focus, then `*`. While typing (PROMPT, NOTE or TEXT), letters
 * without Ctrl or Alt are text and bind nothing. A letter outside fields is upper or lower case alike unless both are bound. */
enum command_id keymap_command(const struct keymap *, const char *view, unsigned focus, const struct key *);
/* fkeys: letters outside fields begin a search. */
bool keymap_letters_find(const struct keymap *, const char *view);
/* The keys of a command here, first bound first, e.g. "F2  x" (help) or the shortest (`footer`). In arena; "" if none. */
const char *keymap_keys(const struct keymap *, const char *view, unsigned focus, enum command_id, bool footer,
                        struct arena *);

#endif
