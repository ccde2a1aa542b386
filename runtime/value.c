/* SPDX-License-Identifier: Apache-2.0 */
/* Values: which are valid, which are the same term, and how they are ordered. All exact. */
#include <cns/cns.h>

/* The compiler's support routine; <string.h> is not a freestanding header. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);

enum {
    SECONDS_PER_MINUTE = 60,
    SECONDS_PER_DAY = 86400,
    NANOSECONDS_PER_SECOND = 1000000000,
    MONTHS_PER_YEAR = 12,
    MAX_SCALE = 18,
    MAX_ZONE = 14 * 60 /* minutes */
};

/* ---- Order of numbers --------------------------------------------------------------------- */

static cns_order
order_of(int64_t a, int64_t b) {
    return a < b ? CNS_LESS : a > b ? CNS_GREATER : CNS_EQUAL;
}

static int64_t
power_of_ten(int exponent) {
    int64_t power = 1;
    while (exponent-- > 0) {
        power *= 10;
    }
    return power;
}

bool
cns_decimal_valid(cns_decimal value) {
    return value.scale >= 0 && value.scale <= MAX_SCALE;
}

cns_order
cns_decimal_compare(cns_decimal a, cns_decimal b) {
    if (!cns_decimal_valid(a) || !cns_decimal_valid(b)) {
        return CNS_UNORDERED;
    }
    if (a.scale == b.scale) {
        return order_of(a.unscaled, b.unscaled);
    }
    int64_t a_unit = power_of_ten(a.scale), b_unit = power_of_ten(b.scale);
    cns_order whole = order_of(a.unscaled / a_unit, b.unscaled / b_unit);
    if (whole != CNS_EQUAL) {
        return whole;
    }
    /* |fraction| < 10^scale, so in units of 10^-18 it is below 10^18, which int64_t holds. */
    return order_of(a.unscaled % a_unit * power_of_ten(MAX_SCALE - a.scale),
                    b.unscaled % b_unit * power_of_ten(MAX_SCALE - b.scale));
}

/* ---- Calendar: proleptic Gregorian, years from March so that the leap day comes last ------ */

enum {
    DAYS_PER_YEAR = 365,
    DAYS_PER_4_YEARS = 4 * DAYS_PER_YEAR + 1,
    DAYS_PER_CENTURY = 25 * DAYS_PER_4_YEARS - 1,
    DAYS_PER_400_YEARS = 4 * DAYS_PER_CENTURY + 1,
    DAYS_TO_1970 = 719468 /* from 0000-03-01 */
};

static const uint8_t days_per_month[] = {31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29};

static int64_t
floor_divide(int64_t number, int64_t divisor) {
    return number / divisor - (number % divisor < 0);
}

/* Days from 1970-01-01 to the first of the month `months` after January of year 0. */
static int64_t
days_to_month(int64_t months) {
    months -= 2;
    int64_t year = floor_divide(months, MONTHS_PER_YEAR);
    int64_t cycle = floor_divide(year, 400);
    int64_t within = year - cycle * 400;
    int64_t days = within * DAYS_PER_YEAR + within / 4 - within / 100;
    for (int64_t month = months - year * MONTHS_PER_YEAR; month > 0; month--) {
        days += days_per_month[month - 1];
    }
    return cycle * DAYS_PER_400_YEARS + days - DAYS_TO_1970;
}

/* Sets the date of `civil` to `day` days after 1970-01-01. */
static void
set_date(cns_civil *civil, int64_t day) {
    day += DAYS_TO_1970;
    int64_t cycle = floor_divide(day, DAYS_PER_400_YEARS);
    int32_t rest = (int32_t)(day - cycle * DAYS_PER_400_YEARS);
    /* The last century of 400 years and the last of 4 years are a day longer. */
    int32_t century = rest / DAYS_PER_CENTURY < 3 ? rest / DAYS_PER_CENTURY : 3;
    rest -= century * DAYS_PER_CENTURY;
    int32_t fours = rest / DAYS_PER_4_YEARS;
    rest -= fours * DAYS_PER_4_YEARS;
    int32_t year = rest / DAYS_PER_YEAR < 3 ? rest / DAYS_PER_YEAR : 3;
    rest -= year * DAYS_PER_YEAR;
    uint8_t month = 0;
    while (rest >= days_per_month[month]) {
        rest -= days_per_month[month++];
    }
    bool next_year = month >= 10;
    civil->year = cycle * 400 + century * 100 + fours * 4 + year + next_year;
    civil->month = (uint8_t)(next_year ? month - 9 : month + 3);
    civil->day = (uint8_t)(rest + 1);
}

cns_civil
cns_datetime_civil(cns_datetime value) {
    int64_t day = value.seconds / SECONDS_PER_DAY;
    int64_t second = value.seconds % SECONDS_PER_DAY;
    if (value.zone != CNS_NO_ZONE) {
        second += (int64_t)value.zone * SECONDS_PER_MINUTE;
    }
    int64_t carry = floor_divide(second, SECONDS_PER_DAY);
    second -= carry * SECONDS_PER_DAY;
    cns_civil civil = {0};
    set_date(&civil, day + carry);
    civil.hour = (uint8_t)(second / 3600);
    civil.minute = (uint8_t)(second / 60 % 60);
    civil.second = (uint8_t)(second % 60);
    return civil;
}

/* ---- Times -------------------------------------------------------------------------------- */

static bool
is_midnight(const cns_civil *civil, cns_datetime value) {
    return civil->hour == 0 && civil->minute == 0 && civil->second == 0 && value.nanoseconds == 0;
}

bool
cns_datetime_valid(cns_datetime value, cns_tag datatype) {
    if (value.nanoseconds >= NANOSECONDS_PER_SECOND ||
        (value.zone != CNS_NO_ZONE && (value.zone < -MAX_ZONE || value.zone > MAX_ZONE))) {
        return false;
    }
    if (datatype == CNS_DATE_TIME) {
        return true;
    }
    if (datatype == CNS_DATE_TIME_STAMP) {
        return value.zone != CNS_NO_ZONE;
    }
    cns_civil civil = cns_datetime_civil(value);
    if (datatype == CNS_TIME) {
        return civil.year == 1970 && civil.month == 1 && civil.day == 1;
    }
    if (!is_midnight(&civil, value)) {
        return false;
    }
    switch ((int)datatype) {
    case CNS_DATE:
        return true;
    case CNS_G_YEAR:
        return civil.month == 1 && civil.day == 1;
    case CNS_G_YEAR_MONTH:
        return civil.day == 1;
    case CNS_G_MONTH:
        return civil.year == 1972 && civil.day == 1;
    case CNS_G_MONTH_DAY:
        return civil.year == 1972;
    case CNS_G_DAY:
        return civil.year == 1972 && civil.month == 1;
    default:
        return false;
    }
}

static cns_order
compare_moments(cns_datetime a, cns_datetime b) {
    return a.seconds != b.seconds ? order_of(a.seconds, b.seconds)
                                  : order_of(a.nanoseconds, b.nanoseconds);
}

/* Whether `late` is more than 14 hours after `early`: so it is in whatever zone one of them is. */
static bool
is_beyond_zones(cns_datetime early, cns_datetime late) {
    const uint64_t widest = (uint64_t)MAX_ZONE * SECONDS_PER_MINUTE;
    /* Exact for late >= early, also where the signed difference overflows. */
    uint64_t apart = (uint64_t)late.seconds - (uint64_t)early.seconds;
    return apart > widest || (apart == widest && late.nanoseconds > early.nanoseconds);
}

cns_order
cns_datetime_compare(cns_datetime a, cns_datetime b) {
    cns_order order = compare_moments(a, b);
    if ((a.zone == CNS_NO_ZONE) == (b.zone == CNS_NO_ZONE)) {
        return order;
    }
    if (order == CNS_LESS && is_beyond_zones(a, b)) {
        return CNS_LESS;
    }
    if (order == CNS_GREATER && is_beyond_zones(b, a)) {
        return CNS_GREATER;
    }
    return CNS_UNORDERED;
}

/* ---- Durations ---------------------------------------------------------------------------- */

bool
cns_duration_valid(cns_duration value, cns_tag datatype) {
    bool positive = value.months > 0 || value.seconds > 0 || value.nanoseconds > 0;
    bool negative = value.months < 0 || value.seconds < 0 || value.nanoseconds < 0;
    if ((positive && negative) || value.nanoseconds <= -NANOSECONDS_PER_SECOND ||
        value.nanoseconds >= NANOSECONDS_PER_SECOND) {
        return false;
    }
    switch ((int)datatype) {
    case CNS_DURATION:
        return true;
    case CNS_DAY_TIME_DURATION:
        return value.months == 0;
    case CNS_YEAR_MONTH_DURATION:
        return value.seconds == 0 && value.nanoseconds == 0;
    default:
        return false;
    }
}

/* A span of time without months: 0 <= seconds < 86400, 0 <= nanoseconds < 10^9. */
typedef struct span {
    int64_t days;
    int32_t seconds;
    int32_t nanoseconds;
} span;

/* Splitting off the days first keeps every later sum within int64_t. */
static span
span_of(cns_duration value) {
    span result = {value.seconds / SECONDS_PER_DAY, (int32_t)(value.seconds % SECONDS_PER_DAY),
                   value.nanoseconds};
    if (result.nanoseconds < 0) {
        result.nanoseconds += NANOSECONDS_PER_SECOND;
        result.seconds--;
    }
    if (result.seconds < 0) {
        result.seconds += SECONDS_PER_DAY;
        result.days--;
    }
    return result;
}

/* The order of two durations that are added to the first of the month `start`. */
static cns_order
compare_from(int64_t start, cns_duration a, cns_duration b) {
    span x = span_of(a), y = span_of(b);
    cns_order order = order_of(days_to_month(start + a.months) + x.days,
                               days_to_month(start + b.months) + y.days);
    if (order == CNS_EQUAL) {
        order = order_of(x.seconds, y.seconds);
    }
    return order != CNS_EQUAL ? order : order_of(x.nanoseconds, y.nanoseconds);
}

/* The four months of XML Schema, section 3.3.6.2: they tell apart all that months can differ in.
 */
static const int16_t reference_months[] = {
    1696 * MONTHS_PER_YEAR + 8,
    1697 * MONTHS_PER_YEAR + 1,
    1903 * MONTHS_PER_YEAR + 2,
    1903 * MONTHS_PER_YEAR + 6,
};

cns_order
cns_duration_compare(cns_duration a, cns_duration b) {
    cns_order order = compare_from(reference_months[0], a, b);
    for (size_t i = 1; i < sizeof reference_months / sizeof *reference_months; i++) {
        if (compare_from(reference_months[i], a, b) != order) {
            return CNS_UNORDERED;
        }
    }
    return order;
}

/* ---- Same term: ill-formed values of a datatype all denote one ill-formed literal ---------- */

bool
cns_float_same(float a, float b) {
    uint32_t x, y;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    const uint32_t infinity = UINT32_C(0xFF) << 23, sign = UINT32_C(1) << 31;
    return x == y || ((x & ~sign) > infinity && (y & ~sign) > infinity);
}

bool
cns_double_same(double a, double b) {
    uint64_t x, y;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    const uint64_t infinity = UINT64_C(0x7FF) << 52, sign = UINT64_C(1) << 63;
    return x == y || ((x & ~sign) > infinity && (y & ~sign) > infinity);
}

bool
cns_decimal_same(cns_decimal a, cns_decimal b) {
    bool a_valid = cns_decimal_valid(a), b_valid = cns_decimal_valid(b);
    return a_valid && b_valid ? cns_decimal_compare(a, b) == CNS_EQUAL : a_valid == b_valid;
}

bool
cns_datetime_same_as(cns_datetime a, cns_datetime b, cns_tag datatype) {
    bool a_valid = cns_datetime_valid(a, datatype), b_valid = cns_datetime_valid(b, datatype);
    if (!a_valid || !b_valid) {
        return a_valid == b_valid;
    }
    return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds && a.zone == b.zone;
}

bool
cns_datetime_same(cns_datetime a, cns_datetime b) {
    return cns_datetime_same_as(a, b, CNS_DATE_TIME);
}

bool
cns_duration_same_as(cns_duration a, cns_duration b, cns_tag datatype) {
    bool a_valid = cns_duration_valid(a, datatype), b_valid = cns_duration_valid(b, datatype);
    if (!a_valid || !b_valid) {
        return a_valid == b_valid;
    }
    return a.months == b.months && a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

bool
cns_duration_same(cns_duration a, cns_duration b) {
    return cns_duration_same_as(a, b, CNS_DURATION);
}

bool
cns_ref_same(cns_ref a, cns_ref b) {
    return a.id == b.id && (a.id != 0 || (a.record != NULL && a.record == b.record));
}
