/* barcode: see barcode.h. Values are those of the standard's table; each has six widths that add up to 11.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/barcode.h"

#include <string.h>

#define START_B 104
#define STOP    "2331112"
#define VALUES  103 /* what the check digit counts by */

static const char patterns[][7] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232"};

bool barcode_encode(const char *text, struct buf *widths, int *modules)
{
    size_t n = strlen(text), sum = START_B;

    for (size_t i = 0; i < n; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    if (n == 0)
        return false;
    buf_text(widths, patterns[START_B]);
    for (size_t i = 0; i < n; i++) {
        size_t value = (size_t)(text[i] - ' ');
        buf_text(widths, patterns[value]);
        sum += (i + 1) * value;
    }
    buf_text(widths, patterns[sum % VALUES]);
    buf_text(widths, STOP);
    *modules = (int)(n + 2) * 11 + 13;
    return true;
}
