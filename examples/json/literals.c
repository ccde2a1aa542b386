/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and times from their text. */
#include "literals.h"

#include <stdlib.h>
#include <string.h>

/* Text that is read from its start on. */
typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static cursor
start_of(cns_str text) {
    return (cursor){text.data, text.data + text.length};
}

static bool
skip(cursor *from, char letter) {
    bool found = from->at < from->end && *from->at == letter;
    from->at += found;
    return found;
}

/* The next digit, or -1. */
static int
digit(cursor *from) {
    bool found = from->at < from->end && *from->at >= '0' && *from->at <= '9';
    return found ? *from->at++ - '0' : -1;
}

/* Reads digits up to the end. */
static bool
read_magnitude(cursor from, uint64_t most, uint64_t *value) {
    *value = 0;
    if (from.at == from.end) {
        return false;
    }
    while (from.at < from.end) {
        int next = digit(&from);
        if (next < 0 || *value > (most - (uint64_t)next) / 10) {
            return false;
        }
        *value = *value * 10 + (uint64_t)next;
    }
    return true;
}

bool
read_natural(cns_str text, uint64_t *value) {
    return read_magnitude(start_of(text), UINT64_MAX, value);
}

bool
read_integer(cns_str text, int64_t *value) {
    cursor from = start_of(text);
    uint64_t magnitude;
    bool negative = skip(&from, '-');
    if (!read_magnitude(from, (uint64_t)INT64_MAX + negative, &magnitude)) {
        return false;
    }
    *value =
        negative ? -(int64_t)(magnitude - (magnitude > 0)) - (magnitude > 0) : (int64_t)magnitude;
    return true;
}

bool
read_real(cns_str text, double *value) {
    char copy[64], *end;
    if (text.length == 0 || text.length >= sizeof copy ||
        strspn(text.data, "0123456789+-.eEINFa") < text.length) {
        return false;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    *value = strtod(copy, &end);
    return *end == '\0';
}

/* Reads digits behind those of *value; returns how many, or -1 when there are more than 18. */
static int
read_digits(cursor *from, int64_t *value) {
    int count = 0;
    for (int next = digit(from); next >= 0; next = digit(from)) {
        if (*value >= INT64_C(100000000000000000)) {
            return -1;
        }
        *value = *value * 10 + next;
        count++;
    }
    return count;
}

/* Reads what may follow the digits, such as e-3. */
static bool
read_exponent(cursor from, int64_t *exponent) {
    *exponent = 0;
    if (!skip(&from, 'e') && !skip(&from, 'E')) {
        return from.at == from.end;
    }
    skip(&from, '+');
    cns_str rest = {from.at, (uint32_t)(from.end - from.at)};
    return read_integer(rest, exponent) && *exponent >= -18 && *exponent <= 18;
}

bool
read_decimal(cns_str text, cns_decimal *value) {
    cursor from = start_of(text);
    int64_t unscaled = 0, exponent;
    bool negative = skip(&from, '-');
    int whole = read_digits(&from, &unscaled);
    int fraction = whole >= 0 && skip(&from, '.') ? read_digits(&from, &unscaled) : 0;
    if (whole < 0 || fraction < 0 || whole + fraction == 0 || !read_exponent(from, &exponent)) {
        return false;
    }
    int scale = fraction - (int)exponent;
    for (; scale < 0 && unscaled <= INT64_MAX / 10; scale++) {
        unscaled *= 10;
    }
    *value = (cns_decimal){negative ? -unscaled : unscaled, (int8_t)scale};
    return scale >= 0 && scale <= 18;
}

/* ---- Times -------------------------------------------------------------------------------- */

/* Reads so many digits; a negative number when there are fewer. */
static int
number(cursor *from, int digits) {
    int value = 0;
    for (; digits > 0; digits--) {
        int next = digit(from);
        if (next < 0) {
            return -10000;
        }
        value = value * 10 + next;
    }
    return value;
}

/* Days from 1970-01-01; the year begins in March, so that the leap day comes last. */
static int64_t
days_from(int year, int month, int day) {
    year -= month <= 2;
    int months = (month + 9) % 12;
    return 365LL * year + year / 4 - year / 100 + year / 400 + (153 * months + 2) / 5 + day - 1 -
           719468;
}

static bool
is_date(int year, int month, int day) {
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (leap && month == 2);
}

static bool
read_date(cursor *from, int64_t *seconds) {
    int year = number(from, 4);
    bool dashes = skip(from, '-');
    int month = number(from, 2);
    dashes &= skip(from, '-');
    int day = number(from, 2);
    if (!dashes || !is_date(year, month, day)) {
        return false;
    }
    *seconds = days_from(year, month, day) * 86400;
    return true;
}

static bool
read_clock(cursor *from, cns_datetime *value) {
    int hour = number(from, 2);
    bool colons = skip(from, ':');
    int minute = number(from, 2);
    colons &= skip(from, ':');
    int second = number(from, 2);
    if (!colons || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 59) {
        return false;
    }
    value->seconds += hour * 3600 + minute * 60 + second;
    if (!skip(from, '.')) {
        return true;
    }
    uint32_t unit = 100000000;
    int next = digit(from);
    bool found = next >= 0;
    for (; next >= 0; next = digit(from), unit /= 10) {
        if (unit == 0 && next > 0) {
            return false; /* below a nanosecond */
        }
        value->nanoseconds += unit * (uint32_t)next;
    }
    return found;
}

static bool
read_zone(cursor *from, cns_datetime *value) {
    value->zone = CNS_NO_ZONE;
    if (from->at == from->end) {
        return true;
    }
    value->zone = 0;
    if (skip(from, 'Z')) {
        return true;
    }
    bool west = skip(from, '-');
    if (!west && !skip(from, '+')) {
        return false;
    }
    int hours = number(from, 2);
    bool colon = skip(from, ':');
    int minutes = number(from, 2);
    if (!colon || hours < 0 || minutes < 0 || minutes > 59) {
        return false;
    }
    value->zone = (int16_t)(west ? -(hours * 60 + minutes) : hours * 60 + minutes);
    value->seconds -= value->zone * 60;
    return true;
}

bool
read_datetime(cns_str text, cns_tag datatype, cns_datetime *value) {
    cursor from = start_of(text);
    *value = (cns_datetime){0, 0, CNS_NO_ZONE};
    return read_date(&from, &value->seconds) &&
           (datatype == CNS_DATE || (skip(&from, 'T') && read_clock(&from, value))) &&
           read_zone(&from, value) && from.at == from.end && cns_datetime_valid(*value, datatype);
}
