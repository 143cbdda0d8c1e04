/* media: see media.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/media.h"

#include <string.h>

const char *media_type_of(const void *bytes, size_t n)
{
    static const struct {
        const char *begins, *type;
    } kinds[] = {
        {"%PDF-", "application/pdf"},
        {"\xff\xd8\xff", "image/jpeg"},
        {"\x89PNG\r\n\x1a\n", "image/png"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (n >= strlen(kinds[i].begins) && memcmp(bytes, kinds[i].begins, strlen(kinds[i].begins)) == 0)
            return kinds[i].type;
    return NULL;
}
