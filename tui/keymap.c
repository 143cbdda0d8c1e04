/* keymap: bindings in a flat list, later ones in front of earlier ones. It is asked once a key: a scan of about a hundred rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/keymap.h"

#include "core/i18n.h"
#include "core/text.h"
#include "gen/keymap_default.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_BYTES ((size_t)256 * 1024)
#define WHERE_MAX 24

struct binding {
    char where[WHERE_MAX];
    struct key key;
    enum command_id command; /* CMD_NONE: unbound there, whatever stands further back */
    bool letters;            /* `letters WHERE COMMAND`: any letter outside fields */
    bool shipped;            /* of one of our keymaps: keymap_use() replaces it */
};
struct keymap {
    struct binding *bindings;
    size_t n;
};

/* Focus words; anything else is a view's name or `*`. `text` holds in every kind of field. */
static unsigned focus_of(const char *where)
{
    static const struct {
        const char *word;
        unsigned bits;
    } words[] = {{"row", FOCUS_ROW},
                 {"prompt", FOCUS_PROMPT},
                 {"note", FOCUS_NOTE},
                 {"text", FOCUS_TEXT | FOCUS_NOTE | FOCUS_PROMPT},
                 {"number", FOCUS_NUMBER}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, where) == 0)
            return words[i].bits;
    return 0;
}

static void add(struct keymap *map, const struct binding *b)
{
    map->bindings = mem_grow(map->bindings, map->n + 1, sizeof *map->bindings);
    map->bindings[map->n++] = *b;
}

void keymap_free(struct keymap **map)
{
    if (!*map)
        return;
    free((*map)->bindings);
    free(*map);
    *map = NULL;
}

/* What a line of the file needs while it is read. */
struct reading {
    struct arena arena;
    const char *file;
    int line;
    void (*complain)(void *, const char *);
    void *context;
    bool good, shipped;
};

static void complain(struct reading *r, const char *sentence)
{
    r->good = false;
    if (r->complain)
        r->complain(r->context,
                    arena_format(&r->arena, "%s:%d: %s", text_shown(&r->arena, r->file), r->line, sentence));
}

/* Up to five words of a line; `#` begins a comment where a word would begin, but for the key itself. */
static size_t split(struct reading *r, const char *line, size_t len, char *words[5])
{
    size_t n = 0;

    for (size_t at = 0; at < len && n < 5;) {
        while (at < len && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r'))
            at++;
        size_t from = at;
        while (at < len && line[at] != ' ' && line[at] != '\t' && line[at] != '\r')
            at++;
        if (at == from || (line[from] == '#' && n != 2))
            break;
        words[n++] = arena_copy_n(&r->arena, line + from, at - from);
    }
    return n;
}

static bool parse_command(struct reading *r, const char *word, enum command_id *out)
{
    *out = command_of(word);
    if (*out != CMD_NONE)
        return true;
    complain(r, arena_format(&r->arena,
                             _("there is no command “%s” (did you mean “%s”?). This line is passed over; mend it, then run motcua "
                               "check-keymap."),
                             text_shown(&r->arena, word), command_nearest(word)));
    return false;
}

static bool parse_key(struct reading *r, const char *word, struct key *out)
{
    if (!key_parse(word, out)) {
        complain(r, arena_format(&r->arena, _("“%s” is no key. This line is passed over."),
                                 text_shown(&r->arena, word)));
        return false;
    }
    if (!out->ctrl || out->name != KEY_NAME_CHAR || out->letter[1] || !strchr("HIJM[", out->letter[0]))
        return true;
    complain(r, arena_format(
                    &r->arena,
                    _("no program can tell “%s” from Backspace, Tab, Enter or Esc. This line is passed over."),
                    word));
    return false;
}

/* A place that does not exist would be a binding that never works. */
static bool parse_where(struct reading *r, const char *word, char out[static WHERE_MAX])
{
    static const char *const places[] = {"*",       "row",    "prompt",   "note",    "text",     "number",
                                         "signin",  "queues", "dossiers", "dossier", "act",      "form",
                                         "sign",    "tray",   "batch",    "outbox",  "conflict", "help",
                                         "palette", "print",  "payment",  "attach",  "about",    "question",
                                         "pick",    "lock",   "pin",      "signers", "journal"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i], word) == 0) {
            memcpy(out, word, strlen(word) + 1);
            return true;
        }
    complain(r, arena_format(&r->arena,
                             _("there is no place “%s”: a screen's name, *, row, prompt, note, text or number. "
                               "This line is passed over."),
                             text_shown(&r->arena, word)));
    return false;
}

static void read_line(struct keymap *map, struct reading *r, const char *line, size_t len)
{
    char *words[5];
    size_t n = split(r, line, len, words);
    struct binding b = {0};

    if (n == 0)
        return;
    bool bind = strcmp(words[0], "bind") == 0 && n == 4;
    bool unbind = strcmp(words[0], "unbind") == 0 && n == 3;
    b.letters = strcmp(words[0], "letters") == 0 && n == 3;
    if (!bind && !unbind && !b.letters) {
        complain(r, _("expected “bind WHERE KEY COMMAND” or “unbind WHERE KEY”. This line is passed over."));
        return;
    }
    b.shipped = r->shipped;
    if (!parse_where(r, words[1], b.where))
        return;
    if ((bind || unbind) && !parse_key(r, words[2], &b.key))
        return;
    if ((bind || b.letters) && !parse_command(r, words[bind ? 3 : 2], &b.command))
        return;
    add(map, &b);
}

static void read_lines(struct keymap *map, struct reading *r, const char *bytes, size_t len)
{
    while (len > 0) {
        const char *end = memchr(bytes, '\n', len);
        size_t n = end ? (size_t)(end - bytes) : len;
        r->line++;
        read_line(map, r, bytes, n);
        arena_reset(&r->arena);
        n += end != NULL;
        bytes += n;
        len -= n;
    }
    arena_clear(&r->arena);
}

bool keymap_read(struct keymap *map, const char *file_name, const char *bytes, size_t len,
                 void (*complain_to)(void *, const char *), void *context)
{
    struct reading r = {.file = file_name, .complain = complain_to, .context = context, .good = true};

    read_lines(map, &r, bytes, len);
    return r.good;
}

struct keymap *keymap_new(void)
{
    struct keymap *map = mem_alloc(sizeof *map);

    read_lines(map, &(struct reading){.file = "default.keymap", .shipped = true}, keymap_default,
               sizeof keymap_default - 1);
    return map;
}

static bool read_file(const char *path, struct buf *out)
{
    char piece[4096];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return false;
    while ((n = read(fd, piece, sizeof piece)) > 0 && out->len < MAX_BYTES)
        buf_add(out, piece, (size_t)n);
    close(fd);
    return n == 0;
}

bool keymap_use(struct keymap *map, const char *name, const char *dir, struct err *e)
{
    struct keymap fresh = {0};
    struct buf bytes = {0};

    if (strcmp(name, "default") == 0) {
        buf_add(&bytes, keymap_default, sizeof keymap_default - 1);
    } else {
        bool known = strcmp(name, "vim") == 0 || strcmp(name, "fkeys") == 0;
        char *path = mem_format("%s/%s.keymap", dir ? dir : ".", name);
        bool read = known && read_file(path, &bytes);
        mem_free(&path);
        if (!read) {
            buf_clear(&bytes);
            return err_set(e, ERR_CONFIG, _("The keymap “%s” is not installed. There are: default, vim, fkeys."),
                           known ? name : "?");
        }
    }
    read_lines(&fresh, &(struct reading){.file = name, .shipped = true}, bytes.data, bytes.len);
    buf_clear(&bytes);
    for (size_t i = 0; i < map->n; i++)
        if (!map->bindings[i].shipped)
            add(&fresh, &map->bindings[i]);
    free(map->bindings);
    *map = fresh;
    return true;
}

/* How near a binding's WHERE is to what has the focus: 3 the view, 2 the focus, 1 everywhere, 0 not at all. */
static int nearness(const struct binding *b, const char *view, unsigned focus)
{
    if (strcmp(b->where, view) == 0)
        return 3;
    if (strcmp(b->where, "*") == 0)
        return 1;
    return focus_of(b->where) & focus ? 2 : 0;
}

static bool is_typing(unsigned focus)
{
    return (focus & (FOCUS_PROMPT | FOCUS_NOTE | FOCUS_TEXT)) != 0;
}

/* A key that puts a letter into a field. */
static bool is_letter(const struct key *key)
{
    return (key->name == KEY_NAME_CHAR || key->name == KEY_NAME_SPACE) && !key->ctrl && !key->alt;
}

static const struct binding *find(const struct keymap *map, const char *view, unsigned focus,
                                  const struct key *key)
{
    const struct binding *best = NULL;
    int nearest = 0;

    for (size_t i = map->n; i-- > 0;) {
        const struct binding *b = &map->bindings[i];
        int near = b->letters || !key_equal(&b->key, key) ? 0 : nearness(b, view, focus);
        if (near > nearest) {
            nearest = near;
            best = b;
        }
    }
    return best;
}

enum command_id keymap_command(const struct keymap *map, const char *view, unsigned focus, const struct key *key)
{
    /* In a picker that is filtered by typing, Space still ticks. */
    bool ticks = key->name == KEY_NAME_SPACE && (focus & FOCUS_ROW);
    if (is_typing(focus) && is_letter(key) && !ticks)
        return CMD_NONE;
    const struct binding *b = find(map, view, focus, key);
    char *other = NULL;
    struct key swapped = *key;
    if (!b && key->name == KEY_NAME_CHAR && !key->ctrl && key->letter[1] == '\0') { /* Caps Lock does no harm */
        other = swapped.letter;
        if (*other >= 'A' && *other <= 'Z')
            *other = (char)(*other - 'A' + 'a');
        else if (*other >= 'a' && *other <= 'z')
            *other = (char)(*other - 'a' + 'A');
        b = find(map, view, focus, &swapped);
    }
    return b ? b->command : CMD_NONE;
}

bool keymap_letters_find(const struct keymap *map, const char *view)
{
    for (size_t i = map->n; i-- > 0;)
        if (map->bindings[i].letters && nearness(&map->bindings[i], view, 0))
            return map->bindings[i].command == CMD_FIND;
    return false;
}

const char *keymap_keys(const struct keymap *map, const char *view, unsigned focus, enum command_id command,
                        bool footer, struct arena *arena)
{
    struct buf keys = {0};
    char best[24] = "", name[24];

    for (size_t i = 0; i < map->n; i++) {
        const struct binding *b = &map->bindings[i];
        if (b->command != command || b->letters || !nearness(b, view, focus) ||
            find(map, view, focus, &b->key) != b)
            continue;
        if (is_typing(focus) && is_letter(&b->key) && !(b->key.name == KEY_NAME_SPACE && (focus & FOCUS_ROW)))
            continue;
        key_format(&b->key, name);
        if (!*best || strlen(name) < strlen(best))
            memcpy(best, name, sizeof best);
        if (keys.len)
            buf_text(&keys, "  ");
        buf_text(&keys, name);
    }
    char *out = arena_copy(arena, footer ? best : keys.data ? keys.data : "");
    buf_clear(&keys);
    return out;
}
