/* answers: see answers.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/answers.h"

#include <stdlib.h>
#include <string.h>

struct answer *answers_add(struct answers *a, uint64_t ask, enum ask_kind kind, bool final)
{
    if (a->n == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 4;
        a->items = mem_grow(a->items, a->cap, sizeof(*a->items));
    }
    struct answer *new = &a->items[a->n++];
    *new = (struct answer){.id = ask, .kind = kind, .final = final};
    return new;
}

static void remove_at(struct answers *a, size_t i)
{
    memmove(&a->items[i], &a->items[i + 1], (--a->n - i) * sizeof(*a->items));
}

bool answers_take(struct answers *a, struct answer *out)
{
    if (a->n == 0)
        return false;
    *out = a->items[0];
    remove_at(a, 0);
    return true;
}

void answers_forget(struct answers *a, uint64_t ask)
{
    for (size_t i = a->n; i-- > 0;) {
        if (a->items[i].id == ask) {
            answer_clear(&a->items[i]);
            remove_at(a, i);
        }
    }
}

void answers_clear(struct answers *a)
{
    for (size_t i = 0; i < a->n; i++)
        answer_clear(&a->items[i]);
    free(a->items);
    *a = (struct answers){0};
}
