/* check: what the contract says of every text and every list that comes in, whatever it is for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/inside.h"

#include "core/text.h"

#include <string.h>

#define TEXT_MOST 1000 /* characters, where no length is stated */
#define LIST_MOST 1000

bool text_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

static bool normalize_text(json_t *json)
{
    struct buf nfc = {0};
    bool ok = text_nfc(json_string_value(json), json_string_length(json), &nfc);

    if (ok)
        ok = json_string_setn(json, nfc.data ? nfc.data : "", nfc.len) == 0;
    buf_clear(&nfc);
    return ok;
}

bool json_normalize(json_t *json)
{
    const char *name;
    json_t *value;
    size_t i;

    if (json_is_string(json))
        return normalize_text(json);
    json_object_foreach(json, name, value) if (!json_normalize(value)) return false;
    json_array_foreach(json, i, value) if (!json_normalize(value)) return false;
    return true;
}

static size_t characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static size_t most_of(const char *member, const struct text_limit *limits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(member, limits[i].member) == 0)
            return limits[i].most;
    return TEXT_MOST;
}

static const char *too_long(struct arena *arena, const json_t *json, const char *path, size_t most,
                            const struct text_limit *limits, size_t n)
{
    const char *name, *found = NULL;
    json_t *value;
    size_t i;

    if (json_is_string(json))
        return characters(json_string_value(json)) > most ? path : NULL;
    if (json_array_size(json) > LIST_MOST)
        return path;
    json_object_foreach((json_t *)json, name, value) if (!found) found =
        too_long(arena, value, arena_format(arena, "%s/%s", path, name), most_of(name, limits, n), limits, n);
    json_array_foreach(json, i, value) if (!found) found =
        too_long(arena, value, arena_format(arena, "%s/%zu", path, i), most, limits, n);
    return found;
}

const char *json_too_long(struct arena *arena, const json_t *json, const struct text_limit *limits, size_t n)
{
    return too_long(arena, json, "", TEXT_MOST, limits, n);
}

bool body_lengths(struct call *call, const struct text_limit *limits, size_t n)
{
    static const struct say too_much = {{"dài quá mức cho phép", "longer than allowed"}};
    const char *field = json_too_long(&call->arena, call->body, limits, n);

    return !field || problem_at(call, PROBLEM_INVALID, field, too_much);
}

/* The codec's errors begin with the member's pointer. */
bool body_decode(struct call *call, const struct codec_shape *shape, void *out)
{
    static const struct say wrong = {{"thiếu hoặc không đúng kiểu", "missing or of another kind"}};
    struct err e = {0};

    if (codec_decode(shape, call->body, &call->arena, out, &e))
        return true;
    char *colon = strchr(e.text, ':');
    if (colon)
        *colon = '\0';
    return problem_at(call, PROBLEM_INVALID, e.text[0] == '/' ? e.text : NULL, wrong);
}
