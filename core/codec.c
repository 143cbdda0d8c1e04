/* codec: bytes → JSON under the contract's limits, and JSON → struct as the tables of codec_shapes.c say.
 * It refuses the whole value where one member is missing or of another form: nothing is half decoded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"

#include "core/codec_shape.h"
#include "core/i18n.h"
#include "core/instant.h"

#include <stdlib.h>
#include <string.h>

bool id_valid(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    if (!text || text[0] == '\0' || !strchr(letters, text[0]))
        return false;
    size_t n = strspn(text, "._~-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    return n <= 64 && text[n] == '\0';
}

/* --- bytes → JSON --------------------------------------------------------------------------------------------------- */

/* jansson stops at 2048 levels of its own, far above ours. Brackets in strings do not count; what is not JSON at all is left
 * to jansson. */
static bool too_deep(const char *bytes, size_t len)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > CODEC_MAX_DEPTH)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

static void *memory(size_t n)
{
    return mem_grow(NULL, 1, n);
}

void codec_start(void)
{
    json_set_alloc_funcs(memory, free);
}

json_t *codec_parse(const char *bytes, size_t len, struct err *e)
{
    if (len > CODEC_MAX_BYTES) {
        err_set(e, ERR_DATA, _("more than %d bytes"), CODEC_MAX_BYTES);
        return NULL;
    }
    if (too_deep(bytes, len)) {
        err_set(e, ERR_DATA, _("more than %d levels"), CODEC_MAX_DEPTH);
        return NULL;
    }
    json_error_t error;
    json_t *json = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    if (json)
        return json;
    /* Not error.text: it quotes the bytes, which nobody has looked at. */
    switch (json_error_code(&error)) {
    case json_error_out_of_memory:
        die("out of memory");
    case json_error_duplicate_key:
        err_set(e, ERR_DATA, _("line %d, column %d: a member stands there twice"), error.line, error.column);
        break;
    default:
        err_set(e, ERR_DATA, _("line %d, column %d: this is not JSON"), error.line, error.column);
    }
    return NULL;
}

/* --- JSON → struct -------------------------------------------------------------------------------------------------- */

struct decoder {
    struct arena *arena;
    bool keep_json; /* false: json_t * members become NULL */
    struct err *e;
};
/* Where we are: a member, or an item of a list (`name` is NULL). Only an error turns it into text. */
struct where {
    const struct where *up;
    const char *name;
    size_t index;
};

static bool decode_struct(const struct decoder *, const struct codec_shape *, const json_t *, void *out,
                          const struct where *);

static void add_pointer(struct buf *path, const struct where *at)
{
    if (!at)
        return;
    add_pointer(path, at->up);
    if (at->name)
        buf_format(path, "/%s", at->name);
    else
        buf_format(path, "/%zu", at->index);
}

static bool wrong(const struct decoder *d, const struct where *at, const char *why)
{
    struct buf path = {0};
    add_pointer(&path, at);
    err_set(d->e, ERR_DATA, "%s: %s", path.len ? path.data : "/", why);
    buf_clear(&path);
    return false;
}

/* The string of `json`, borrowed; NULL and an error where it is none, or has a NUL that would end it early. */
static const char *string_of(const struct decoder *d, const json_t *json, const struct where *at)
{
    const char *text = json_string_value(json);
    if (text && strlen(text) == json_string_length(json))
        return text;
    wrong(d, at, _("has to be text"));
    return NULL;
}

static bool decode_text(const struct decoder *d, const json_t *json, const char **out, const struct where *at)
{
    const char *text = string_of(d, json, at);
    if (!text)
        return false;
    *out = arena_copy_n(d->arena, text, json_string_length(json));
    return true;
}

static bool decode_id(const struct decoder *d, const json_t *json, const char **out, const struct where *at)
{
    if (!decode_text(d, json, out, at))
        return false;
    return id_valid(*out) || wrong(d, at, _("is not an id"));
}

static bool decode_texts(const struct decoder *d, const json_t *json, struct texts *out, const struct where *at)
{
    if (!json_is_array(json))
        return wrong(d, at, _("has to be a list"));
    size_t n = json_array_size(json);
    const char **items = arena_alloc(d->arena, n * sizeof(*items));
    for (size_t i = 0; i < n; i++)
        if (!decode_text(d, json_array_get(json, i), &items[i], &(struct where){.up = at, .index = i}))
            return false;
    *out = (struct texts){.items = items, .n = n};
    return true;
}

static bool decode_integer(const struct decoder *d, const json_t *json, int64_t *out, const struct where *at)
{
    json_int_t value = json_integer_value(json);
    if (!json_is_integer(json) || value < 0 || value > CODEC_MOST)
        return wrong(d, at, _("has to be a whole number"));
    *out = value;
    return true;
}

static bool decode_bool(const struct decoder *d, const json_t *json, bool *out, const struct where *at)
{
    if (!json_is_boolean(json))
        return wrong(d, at, _("has to be true or false"));
    *out = json_is_true(json);
    return true;
}

static bool decode_instant(const struct decoder *d, const json_t *json, int64_t *out, const struct where *at)
{
    const char *text = string_of(d, json, at);
    return text && (instant_parse(text, out) || wrong(d, at, _("has to be a time")));
}

static bool decode_day(const struct decoder *d, const json_t *json, int32_t *out, const struct where *at)
{
    const char *text = string_of(d, json, at);
    return text && (day_parse(text, out) || wrong(d, at, _("has to be a date")));
}

static bool decode_pointer(const struct decoder *d, const struct codec_shape *shape, const json_t *json,
                           void *place, const struct where *at)
{
    void *value = arena_alloc(d->arena, shape->size);
    memcpy(place, &value, sizeof(value));
    return decode_struct(d, shape, json, value, at);
}

/* The array grows as items prove good: a megabyte of `[0,0,0,…` must not become hundreds of megabytes. */
static bool decode_list(const struct decoder *d, const struct codec_shape *shape, const json_t *json,
                        void *place, size_t *count, const struct where *at)
{
    if (!json_is_array(json))
        return wrong(d, at, _("has to be a list"));
    size_t n = json_array_size(json), cap = n < 64 ? n : 64;
    char *items = arena_alloc(d->arena, cap * shape->size);
    for (size_t i = 0; i < n; i++) {
        if (i == cap) {
            cap = n < 2 * cap ? n : 2 * cap;
            items = arena_grow(d->arena, items, i, cap, shape->size);
        }
        if (!decode_struct(d, shape, json_array_get(json, i), items + i * shape->size,
                           &(struct where){.up = at, .index = i}))
            return false;
    }
    memcpy(place, &items, sizeof(items));
    *count = n;
    return true;
}

static bool decode_json(const struct decoder *d, json_t *json, json_t **out, const struct where *at)
{
    if (!json_is_object(json))
        return wrong(d, at, _("has to be an object"));
    *out = d->keep_json ? json : NULL;
    return true;
}

/* "07:30" → minutes since midnight; 24:00 is the end of a day. -1: not a time of day. */
static int minutes_of(const json_t *json)
{
    const char *t = json_string_value(json);
    if (!t || json_string_length(json) != 5 || strspn(t, "0123456789") != 2 || t[2] != ':' ||
        strspn(t + 3, "0123456789") != 2)
        return -1;
    int hour = (t[0] - '0') * 10 + t[1] - '0', minute = (t[3] - '0') * 10 + t[4] - '0';
    int sum = hour * 60 + minute;
    return minute < 60 && sum <= 24 * 60 ? sum : -1;
}

/* Hours that are not in order, or overlap, cannot be computed with: nobody guesses what was meant. */
static bool decode_hours(const struct decoder *d, const json_t *json, struct day_hours *out,
                         const struct where *at)
{
    if (!json_is_array(json))
        return wrong(d, at, _("has to be a list"));
    size_t n = json_array_size(json);
    struct hours_span *spans = arena_alloc(d->arena, n * sizeof(*spans));
    int last = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *span = json_array_get(json, i);
        int from = minutes_of(json_array_get(span, 0)), until = minutes_of(json_array_get(span, 1));
        if (json_array_size(span) != 2 || from < last || until <= from)
            return wrong(d, &(struct where){.up = at, .index = i}, _("has to be open hours, in order"));
        spans[i] = (struct hours_span){.from = (int16_t)from, .until = (int16_t)until};
        last = until;
    }
    *out = (struct day_hours){.spans = spans, .n = n};
    return true;
}

static bool decode_week(const struct decoder *d, const json_t *json, struct day_hours out[7],
                        const struct where *at)
{
    if (!json_is_array(json) || json_array_size(json) != 7)
        return wrong(d, at, _("has to be the seven days of a week"));
    for (size_t i = 0; i < 7; i++)
        if (!decode_hours(d, json_array_get(json, i), &out[i], &(struct where){.up = at, .index = i}))
            return false;
    return true;
}

static bool decode_member(const struct decoder *d, const struct codec_member *m, json_t *json, char *base,
                          const struct where *at)
{
    void *place = base + m->at;
    switch ((enum codec_kind)m->kind) {
    case CODEC_TEXT:
        return decode_text(d, json, place, at);
    case CODEC_ID:
        return decode_id(d, json, place, at);
    case CODEC_TEXTS:
        return decode_texts(d, json, place, at);
    case CODEC_INTEGER:
        return decode_integer(d, json, place, at);
    case CODEC_BOOL:
        return decode_bool(d, json, place, at);
    case CODEC_INSTANT:
        return decode_instant(d, json, place, at);
    case CODEC_DAY:
        return decode_day(d, json, place, at);
    case CODEC_INLINE:
        return decode_struct(d, m->shape, json, place, at);
    case CODEC_POINTER:
        return decode_pointer(d, m->shape, json, place, at);
    case CODEC_LIST:
        return decode_list(d, m->shape, json, place, (size_t *)(void *)(base + m->count), at);
    case CODEC_JSON:
        return decode_json(d, json, place, at);
    case CODEC_HOURS:
        return decode_hours(d, json, place, at);
    case CODEC_WEEK:
        return decode_week(d, json, place, at);
    }
    die("codec: a table names kind %d", m->kind);
}

static bool decode_struct(const struct decoder *d, const struct codec_shape *shape, const json_t *json,
                          void *out, const struct where *at)
{
    if (!json_is_object(json))
        return wrong(d, at, _("has to be an object"));
    codec_absent(shape, out);
    for (size_t i = 0; i < shape->n_members; i++) {
        const struct codec_member *m = &shape->members[i];
        struct where here = {.up = at, .name = m->name};
        json_t *value = json_object_get(json, m->name);
        if (value ? !decode_member(d, m, value, out, &here) : m->required)
            return value ? false : wrong(d, &here, _("is missing"));
    }
    return true;
}

void codec_absent(const struct codec_shape *shape, void *out)
{
    memset(out, 0, shape->size);
    for (size_t i = 0; i < shape->n_members; i++) {
        const struct codec_member *m = &shape->members[i];
        void *place = (char *)out + m->at;
        switch ((enum codec_kind)m->kind) {
        case CODEC_TEXT:
            *(const char **)place = m->absent_text;
            break;
        case CODEC_INTEGER:
            *(int64_t *)place = m->absent;
            break;
        case CODEC_INSTANT:
            *(int64_t *)place = INSTANT_NONE;
            break;
        case CODEC_DAY:
            *(int32_t *)place = DAY_NONE;
            break;
        case CODEC_INLINE:
            codec_absent(m->shape, place);
            break;
        default: /* nothing, false, no items: zero */
            break;
        }
    }
}

static bool decode(const struct codec_shape *shape, const json_t *json, struct arena *arena, bool keep_json,
                   void *out, struct err *e)
{
    struct decoder d = {.arena = arena, .keep_json = keep_json, .e = e};
    return decode_struct(&d, shape, json, out, NULL);
}

bool codec_decode(const struct codec_shape *shape, const json_t *json, struct arena *arena, void *out,
                  struct err *e)
{
    return decode(shape, json, arena, true, out, e);
}

bool codec_read(const struct codec_shape *shape, const char *bytes, size_t len, struct arena *arena,
                void *out, json_t **keep, struct err *e)
{
    if (keep)
        *keep = NULL;
    json_t *json = codec_parse(bytes, len, e);
    bool ok = json && decode(shape, json, arena, keep != NULL, out, e);
    if (ok && keep)
        *keep = json;
    else
        json_decref(json);
    return ok;
}

static void let_go(void *json)
{
    json_decref(json);
}

void codec_keep(struct arena *arena, json_t *json)
{
    if (json)
        arena_at_end(arena, let_go, json);
}
