/* core_samples: see the header.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core_samples.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

uint32_t sample_number(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = *seed;
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdu;
    return (uint32_t)(x >> 32);
}

/* What makes trouble, beside what is common. */
static const char *const pieces[] = {
    "Nguyễn",
    "Thị",
    "Đào",
    " ",
    " ",
    " ",
    "khai sinh",
    "a",
    "e\xcc\x82\xcc\xa3",
    "o\xcc\x9b\xcc\x81",
    "\n",
    "\r\n",
    "\t",
    "\xe2\x80\xae",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf",
    "\xc2\xad",
    "\xc2\x9b",
    "\x1b[2J",
    "\x7f",
    "\xf3\xa0\x81\x81",
    "\xef\xb8\x8f",
    "\xcc\x81",
    "\xcc\xa3",
    "\xcc\x9b",
    "\xcc\x82",
    "\xe3\x80\xae",
    "漢字",
    "한",
    "\xe1\x84\x92\xe1\x85\xa1",
    "កា",
    "ไทย",
    "😀",
    "\xe2\x80\xa8",
    "\xc2\xa0",
    "\xe3\x80\x80",
    "…",
    "“",
    "\xff",
    "\xed\xa0\x80",
    "\xc0\xaf",
    "\xe1\xba",
    "\xee\x80\x80",
    "\xef\xbf\xbf",
};

size_t sample_text(uint64_t *seed, char *out, size_t cap)
{
    size_t len = 0, wanted = sample_number(seed) % (cap + 1);

    while (len < wanted) {
        unsigned char bytes[8];
        const char *piece = (const char *)bytes;
        size_t n;
        switch (sample_number(seed) % 8) {
        case 0:
            n = (size_t)utf8proc_encode_char((int32_t)(sample_number(seed) % 0x110000), bytes);
            break;
        case 1:
            n = (size_t)utf8proc_encode_char((int32_t)(0x300 + sample_number(seed) % 0x70), bytes);
            break;
        default:
            piece = pieces[sample_number(seed) % (sizeof pieces / sizeof *pieces)];
            n = strlen(piece);
        }
        if (len + n > cap)
            break;
        memcpy(out + len, piece, n);
        len += n;
    }
    return len;
}

void sample_name(uint64_t *seed, char out[static 64])
{
    static const char *const families[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan",  "Vũ", "Võ",
                                           "Đặng",   "Bùi",  "Đỗ", "Hồ",   "Ngô",   "Dương", "Lý"};
    static const char *const middles[] = {"Thị",      "Văn",  "Hữu",     "Đức",  "Ngọc",
                                          "Thị Hồng", "Quốc", "Thị Kim", "Xuân", "Minh"};
    static const char *const givens[] = {"Đào",   "An", "Ẩn",   "Bình", "Cúc", "Dũng", "Đạt",    "Giang",
                                         "Hà",    "Hạ", "Hạnh", "Khoa", "Lệ",  "Mỹ",   "Nhung",  "Phượng",
                                         "Quỳnh", "Út", "Việt", "Vỹ",   "Yến", "Thảo", "Trường", "Lượng"};

    snprintf(out, 64, "%s %s %s", families[sample_number(seed) % 15], middles[sample_number(seed) % 10],
             givens[sample_number(seed) % 24]);
}
