/* codec_write: struct → JSON, and struct → struct, by the same tables.
 * It refuses to write what is absent: a member at its default is left out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codec.h"

#include "core/codec_shape.h"
#include "core/instant.h"

#include <stdio.h>
#include <string.h>

/* What stands in the struct at a POINTER or LIST. */
static void *pointer_at(const void *place)
{
    void *value;
    memcpy(&value, place, sizeof(value));
    return value;
}

static size_t count_at(const struct codec_member *m, const char *base)
{
    size_t n;
    memcpy(&n, base + m->count, sizeof(n));
    return n;
}

/* --- struct → JSON -------------------------------------------------------------------------------------------------- */

/* jansson returns NULL when memory is out, or for text that is not UTF-8: a wish must not lose a word in silence. */
static json_t *made(json_t *json)
{
    if (!json)
        die("codec: no memory, or text that is not UTF-8");
    return json;
}

static void append(json_t *array, json_t *item)
{
    if (json_array_append_new(array, item) != 0)
        die("out of memory");
}

static bool is_absent(const struct codec_member *m, const char *base)
{
    const void *place = base + m->at;
    switch ((enum codec_kind)m->kind) {
    case CODEC_TEXT:
    case CODEC_ID: {
        const char *text = *(const char *const *)place;
        return !text || (!m->required && m->absent_text && strcmp(text, m->absent_text) == 0);
    }
    case CODEC_INSTANT:
        return *(const int64_t *)place == INSTANT_NONE;
    case CODEC_DAY:
        return *(const int32_t *)place == DAY_NONE;
    case CODEC_POINTER:
    case CODEC_JSON:
        return !pointer_at(place);
    case CODEC_INTEGER:
        return !m->required && *(const int64_t *)place == m->absent;
    case CODEC_BOOL:
        return !m->required && !*(const bool *)place;
    case CODEC_TEXTS:
        return !m->required && ((const struct texts *)place)->n == 0;
    case CODEC_LIST:
        return !m->required && count_at(m, base) == 0;
    case CODEC_INLINE:
    case CODEC_HOURS:
    case CODEC_WEEK:
        return false;
    }
    die("codec: a table names kind %d", m->kind);
}

static json_t *encode_texts(const struct texts *texts)
{
    json_t *array = made(json_array());
    for (size_t i = 0; i < texts->n; i++)
        append(array, made(json_string(texts->items[i])));
    return array;
}

static json_t *encode_instant(int64_t t, int32_t offset)
{
    char text[INSTANT_TEXT];
    instant_format(t, offset, text);
    return made(json_string(text));
}

static json_t *encode_day(int32_t day)
{
    char text[DAY_TEXT];
    day_format(day, text);
    return made(json_string(text));
}

static json_t *encode_list(const struct codec_shape *shape, const char *items, size_t n, int32_t offset)
{
    json_t *array = made(json_array());
    for (size_t i = 0; i < n; i++)
        append(array, codec_encode(shape, items + i * shape->size, offset));
    return array;
}

static json_t *encode_minutes(int minutes)
{
    char text[16];
    snprintf(text, sizeof(text), "%02d:%02d", minutes / 60, minutes % 60);
    return made(json_string(text));
}

static json_t *encode_hours(const struct day_hours *hours)
{
    json_t *array = made(json_array());
    for (size_t i = 0; i < hours->n; i++) {
        json_t *span = made(json_array());
        append(span, encode_minutes(hours->spans[i].from));
        append(span, encode_minutes(hours->spans[i].until));
        append(array, span);
    }
    return array;
}

static json_t *encode_week(const struct day_hours week[7])
{
    json_t *array = made(json_array());
    for (size_t i = 0; i < 7; i++)
        append(array, encode_hours(&week[i]));
    return array;
}

static json_t *encode_member(const struct codec_member *m, const char *base, int32_t offset)
{
    const void *place = base + m->at;
    switch ((enum codec_kind)m->kind) {
    case CODEC_TEXT:
    case CODEC_ID:
        return made(json_string(*(const char *const *)place));
    case CODEC_TEXTS:
        return encode_texts(place);
    case CODEC_INTEGER:
        return made(json_integer(*(const int64_t *)place));
    case CODEC_BOOL:
        return json_boolean(*(const bool *)place);
    case CODEC_INSTANT:
        return encode_instant(*(const int64_t *)place, offset);
    case CODEC_DAY:
        return encode_day(*(const int32_t *)place);
    case CODEC_INLINE:
        return codec_encode(m->shape, place, offset);
    case CODEC_POINTER:
        return codec_encode(m->shape, pointer_at(place), offset);
    case CODEC_LIST:
        return encode_list(m->shape, pointer_at(place), count_at(m, base), offset);
    case CODEC_JSON:
        return json_incref(pointer_at(place));
    case CODEC_HOURS:
        return encode_hours(place);
    case CODEC_WEEK:
        return encode_week(place);
    }
    die("codec: a table names kind %d", m->kind);
}

json_t *codec_encode(const struct codec_shape *shape, const void *value, int32_t offset)
{
    json_t *object = made(json_object());
    for (size_t i = 0; i < shape->n_members; i++) {
        const struct codec_member *m = &shape->members[i];
        if (!is_absent(m, value) &&
            json_object_set_new_nocheck(object, m->name, encode_member(m, value, offset)) != 0)
            die("out of memory");
    }
    return object;
}

static int add_to_buf(const char *bytes, size_t n, void *out)
{
    buf_add(out, bytes, n);
    return 0;
}

char *codec_write(const struct codec_shape *shape, const void *value, int32_t offset, size_t *len)
{
    struct buf out = {0};
    json_t *json = codec_encode(shape, value, offset);
    if (json_dump_callback(json, add_to_buf, &out, JSON_COMPACT) != 0)
        die("out of memory");
    json_decref(json);
    *len = out.len;
    return buf_take(&out);
}

/* --- struct → struct ------------------------------------------------------------------------------------------------ */

static const char *copy_text(const char *text, struct arena *arena)
{
    return text ? arena_copy(arena, text) : NULL;
}

static void copy_texts(struct texts *texts, struct arena *arena)
{
    const char **items = arena_alloc(arena, texts->n * sizeof(*items));
    for (size_t i = 0; i < texts->n; i++)
        items[i] = copy_text(texts->items[i], arena);
    texts->items = items;
}

static void copy_hours(struct day_hours *hours, struct arena *arena)
{
    struct hours_span *spans = arena_alloc(arena, hours->n * sizeof(*spans));
    if (hours->n > 0)
        memcpy(spans, hours->spans, hours->n * sizeof(*spans));
    hours->spans = spans;
}

static void copy_list(const struct codec_shape *shape, size_t n, void *place, struct arena *arena)
{
    const char *in = pointer_at(place);
    char *out = arena_alloc(arena, n * shape->size);
    for (size_t i = 0; i < n; i++)
        codec_copy(shape, in + i * shape->size, arena, out + i * shape->size);
    memcpy(place, &out, sizeof(out));
}

/* The member holds what memcpy() put there: pointers into the original. */
static void copy_member(const struct codec_member *m, char *base, struct arena *arena)
{
    void *place = base + m->at;
    switch ((enum codec_kind)m->kind) {
    case CODEC_TEXT:
    case CODEC_ID:
        *(const char **)place = copy_text(*(const char **)place, arena);
        return;
    case CODEC_TEXTS:
        copy_texts(place, arena);
        return;
    case CODEC_INLINE:
        codec_copy(m->shape, place, arena, place);
        return;
    case CODEC_POINTER:
        if (pointer_at(place))
            copy_list(m->shape, 1, place, arena);
        return;
    case CODEC_LIST:
        copy_list(m->shape, count_at(m, base), place, arena);
        return;
    case CODEC_JSON:
        codec_keep(arena, json_incref(pointer_at(place)));
        return;
    case CODEC_HOURS:
        copy_hours(place, arena);
        return;
    case CODEC_WEEK:
        for (size_t i = 0; i < 7; i++)
            copy_hours((struct day_hours *)place + i, arena);
        return;
    case CODEC_INTEGER:
    case CODEC_BOOL:
    case CODEC_INSTANT:
    case CODEC_DAY:
        return;
    }
}

void codec_copy(const struct codec_shape *shape, const void *in, struct arena *arena, void *out)
{
    if (in != out)
        memcpy(out, in, shape->size);
    for (size_t i = 0; i < shape->n_members; i++)
        copy_member(&shape->members[i], out, arena);
}
