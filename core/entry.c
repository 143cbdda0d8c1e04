/* entry: see entry.h. It refuses to know where a value goes, and what is to be said about one that is odd.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/entry.h"

#include "core/instant.h"

#include <stdio.h>
#include <string.h>

static size_t digits_of(const char *text)
{
    return strspn(text, "0123456789");
}

bool id_number_read(const char *text, struct id_number *out)
{
    if (digits_of(text) != 12 || text[12] != '\0')
        return false;
    int century = text[3] - '0';
    *out = (struct id_number){
        .year = 1900 + century / 2 * 100 + (text[4] - '0') * 10 + (text[5] - '0'),
        .sex = century % 2 == 0 ? "male" : "female",
    };
    return true;
}

unsigned id_number_check(const char *text, int32_t birth, const char *sex)
{
    struct id_number says;
    size_t n = strlen(text);
    unsigned odd = 0;

    if (digits_of(text) != n)
        return ID_NOT_DIGITS;
    if (!id_number_read(text, &says))
        return n == 0 || n == 9 ? 0 : ID_LENGTH;
    if (birth != DAY_NONE && day_civil(birth).year != says.year)
        odd |= ID_YEAR;
    if (sex && strcmp(sex, says.sex) != 0)
        odd |= ID_SEX;
    return odd;
}

static bool real_day(int day, int month, int year, int32_t *out)
{
    if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int32_t n = day_of(year, month, day);
    struct civil back = day_civil(n);
    if (back.day != day || back.month != month || back.year != year)
        return false;
    *out = n;
    return true;
}

bool entry_day(const char *text, int32_t *out)
{
    int day, month, year, used = 0;
    char between[2], again[2];
    const char *at = text + strspn(text, " ");
    size_t run = digits_of(at);

    if (run == 8 && sscanf(at, "%2d%2d%4d%n", &day, &month, &year, &used) == 3)
        return at[used + (int)strspn(at + used, " ")] == '\0' && real_day(day, month, year, out);
    if (run < 1 || run > 2 ||
        sscanf(at, "%2d %1[-/.] %2d %1[-/.] %4d%n", &day, between, &month, again, &year, &used) != 5)
        return false;
    return *between == *again && at[used + (int)strspn(at + used, " ")] == '\0' &&
           real_day(day, month, year, out);
}

void entry_day_format(int32_t day, char out[static ENTRY_DAY])
{
    struct civil c = day_civil(day);

    if (day == DAY_NONE)
        *out = '\0';
    else
        snprintf(out, ENTRY_DAY, "%02u/%02u/%04u", (unsigned)c.day % 100, (unsigned)c.month % 100,
                 (unsigned)c.year % 10000);
}

bool entry_phone(const char *text, char out[static ENTRY_PHONE])
{
    char digits[32];
    size_t n = 0;
    bool abroad = false;

    for (const char *at = text + strspn(text, " "); *at; at++) {
        if (*at == '+' && n == 0 && !abroad)
            abroad = true;
        else if (*at >= '0' && *at <= '9' && n + 1 < sizeof digits)
            digits[n++] = *at;
        else if (!strchr(" .-()", *at))
            return false;
    }
    digits[n] = '\0';
    const char *rest = digits;
    if (!abroad && n > 4 && memcmp(rest, "0084", 4) == 0) {
        rest += 2;
        abroad = true;
    }
    if (abroad && (n < 4 || memcmp(rest, "84", 2) != 0))
        return false;
    if (abroad)
        rest += 2;
    else if (*rest++ != '0')
        return false;
    rest += *rest == '0' && abroad; /* +84 (0) 912 … */
    n = strlen(rest);
    if (n < 9 || n > 10)
        return false;
    out[0] = '0';
    memcpy(out + 1, rest, n + 1);
    return true;
}
