/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, times and durations of any size, in the partial orders of XSD 1.1 part 2 (3.3.6, D.2). */
#include "literal_parts.h"

enum {
    SECONDS_PER_MINUTE = 60,
    SECONDS_PER_HOUR = 3600,
    SECONDS_PER_DAY = 86400,
    MONTHS_PER_YEAR = 12
};

/* ---- Sums of numbers of any length -------------------------------------------------------- */

/* A natural number of any length, and what each unit of it is worth. */
typedef struct amount {
    cns_str digits;
    int64_t worth;
} amount;

static const int64_t far_away = INT64_C(1000000000000000);

/*
 * The sum of the amounts, digit by digit from the left; or another one on the same side of 0, when
 * both are at least far away. Requires worths of less than 10^14 together: then a sum that is far
 * away only grows, since it loses at most nine worths when it is multiplied by ten.
 */
static int64_t
sum_near_zero(const amount *amounts, int count) {
    uint32_t places = 0;
    for (int i = 0; i < count; i++) {
        places = amounts[i].digits.length > places ? amounts[i].digits.length : places;
    }
    int64_t sum = 0;
    for (; places > 0 && -far_away < sum && sum < far_away; places--) {
        sum *= 10;
        for (int i = 0; i < count; i++) {
            cns_str digits = amounts[i].digits;
            if (digits.length >= places) {
                sum += amounts[i].worth * (digits.data[digits.length - places] - '0');
            }
        }
    }
    return sum;
}

/* The order of two sums that are so far apart before their points, and ordered so behind them. */
static cns_order
order_of(int64_t apart, cns_order fractions) {
    return apart < 0 ? CNS_LESS : apart > 0 ? CNS_GREATER : fractions;
}

/* ---- Calendar: proleptic Gregorian, repeating after 400 years ------------------------------ */

enum {
    YEARS_PER_CYCLE = 400,
    DAYS_PER_CYCLE = 146097,
    MONTHS_PER_CYCLE = YEARS_PER_CYCLE * MONTHS_PER_YEAR,
    YEARS_PER_ERA = 10000,
    DAYS_PER_ERA = YEARS_PER_ERA / YEARS_PER_CYCLE * DAYS_PER_CYCLE,
    SECONDS_PER_MEAN_MONTH = DAYS_PER_CYCLE * (SECONDS_PER_DAY / MONTHS_PER_CYCLE)
};
_Static_assert(SECONDS_PER_DAY % MONTHS_PER_CYCLE == 0, "the mean month has whole seconds");

static const int64_t seconds_per_era = (int64_t)DAYS_PER_ERA * SECONDS_PER_DAY;

static bool
is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t
days_in_month(int64_t year, int64_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from the start of year 0 to that of a month; requires year >= 0. */
static int64_t
days_to_month(int64_t year, int64_t month) {
    static const uint16_t days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t leap_years = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    return year * 365 + leap_years + days[month - 1] + (month > 2 && is_leap(year));
}

/* ---- Reading instants --------------------------------------------------------------------- */

/* The parts that the forms of a datatype have. */
enum {
    YEAR = 1,
    MONTH = 2,
    DAY = 4,
    CLOCK = 8,
    ZONE = 16 /* is not optional */
};

static unsigned
parts_of(cns_datatype datatype) {
    switch ((int)datatype) {
    case CNS_DATATYPE_DATE_TIME:
        return YEAR | MONTH | DAY | CLOCK;
    case CNS_DATATYPE_DATE_TIME_STAMP:
        return YEAR | MONTH | DAY | CLOCK | ZONE;
    case CNS_DATATYPE_DATE:
        return YEAR | MONTH | DAY;
    case CNS_DATATYPE_TIME:
        return CLOCK;
    case CNS_DATATYPE_G_YEAR:
        return YEAR;
    case CNS_DATATYPE_G_YEAR_MONTH:
        return YEAR | MONTH;
    case CNS_DATATYPE_G_MONTH:
        return MONTH;
    case CNS_DATATYPE_G_MONTH_DAY:
        return MONTH | DAY;
    default:
        return DAY;
    }
}

/* Takes two digits. */
static bool
take_pair(cns_rest *rest, int64_t least, int64_t most, int64_t *made) {
    if (rest->end - rest->at < 2 || !cns_is_digit(rest->at[0]) || !cns_is_digit(rest->at[1])) {
        return false;
    }
    *made = (rest->at[0] - '0') * 10 + (rest->at[1] - '0');
    rest->at += 2;
    return least <= *made && *made <= most;
}

/* Sets the era, and `year` to what is left: the last four digits, counted from year -10000 on. */
static bool
take_year(cns_rest *rest, cns_instant *made, int64_t *year) {
    made->before = cns_take(rest, '-');
    cns_str digits = cns_take_digits(rest);
    if (digits.length < 4 || (digits.length > 4 && digits.data[0] == '0')) {
        return false;
    }
    made->era = digits.data;
    made->era_length = digits.length - 4;
    int64_t number = 0;
    for (int i = 0; i < 4; i++) {
        number = number * 10 + (digits.data[made->era_length + (uint32_t)i] - '0');
    }
    *year = YEARS_PER_ERA + (made->before ? -number : number);
    return true;
}

/* Absent parts are those of XSD 1.1 E.3.4: year 1972, December, the last day. */
static bool
take_date(cns_rest *rest, unsigned parts, cns_instant *made) {
    int64_t year = YEARS_PER_ERA + 1972, month = 12, day = 0;
    if ((parts & YEAR) != 0 ? !take_year(rest, made, &year) : !cns_take(rest, '-')) {
        return false;
    }
    if ((parts & MONTH) != 0) {
        if (!cns_take(rest, '-') || !take_pair(rest, 1, 12, &month)) {
            return false;
        }
    } else if ((parts & YEAR) == 0 && !cns_take(rest, '-')) {
        return false; /* a day has a hyphen in the place of its month */
    }
    int64_t last_day = days_in_month(year, month);
    if ((parts & DAY) == 0) {
        day = last_day;
    } else if (!cns_take(rest, '-') || !take_pair(rest, 1, last_day, &day)) {
        return false;
    }
    made->seconds = (days_to_month(year, month) + day - 1) * SECONDS_PER_DAY;
    return true;
}

static bool
take_fraction(cns_rest *rest, cns_instant *made) {
    if (!cns_take(rest, '.')) {
        return true;
    }
    cns_str digits = cns_take_digits(rest);
    if (digits.length == 0) {
        return false;
    }
    digits = cns_strip_trailing_zeros(digits);
    made->fraction = digits.data;
    made->fraction_length = digits.length;
    return true;
}

static bool
take_clock(cns_rest *rest, cns_instant *made) {
    int64_t hour, minute, second;
    if (!take_pair(rest, 0, 24, &hour) || !cns_take(rest, ':') ||
        !take_pair(rest, 0, 59, &minute) || !cns_take(rest, ':') ||
        !take_pair(rest, 0, 59, &second) || !take_fraction(rest, made)) {
        return false;
    }
    made->seconds += hour * SECONDS_PER_HOUR + minute * SECONDS_PER_MINUTE + second;
    return hour < 24 || (minute == 0 && second == 0 && made->fraction_length == 0);
}

static bool
take_zone(cns_rest *rest, cns_instant *made) {
    made->zoned = rest->at != rest->end;
    if (!made->zoned || cns_take(rest, 'Z')) {
        return true;
    }
    int64_t hours, minutes;
    bool west = cns_take(rest, '-');
    if ((!west && !cns_take(rest, '+')) || !take_pair(rest, 0, 14, &hours) ||
        !cns_take(rest, ':') || !take_pair(rest, 0, hours < 14 ? 59 : 0, &minutes)) {
        return false;
    }
    int64_t offset = hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE;
    made->seconds += west ? offset : -offset;
    return true;
}

bool
cns_instant_read(cns_datatype datatype, cns_str lexical, cns_instant *made) {
    unsigned parts = parts_of(datatype);
    cns_rest rest = cns_rest_of(lexical);
    if (parts != CLOCK && !take_date(&rest, parts, made)) {
        return false;
    }
    if ((parts & CLOCK) != 0) {
        if ((parts != CLOCK && !cns_take(&rest, 'T')) || !take_clock(&rest, made)) {
            return false;
        }
        if (parts == CLOCK) {
            made->seconds %= SECONDS_PER_DAY; /* 24:00:00 ends no day, since a time has none */
        }
    }
    return take_zone(&rest, made) && rest.at == rest.end && (made->zoned || (parts & ZONE) == 0);
}

/* ---- The order of instants ---------------------------------------------------------------- */

/* How far the zone of an instant may be from UTC. */
enum {
    WIDEST_ZONE = 14 * SECONDS_PER_HOUR
};

static amount
eras_of(const cns_instant *instant, int64_t sign) {
    amount made = {{instant->era, instant->era_length},
                   instant->before ? -sign * seconds_per_era : sign * seconds_per_era};
    return made;
}

static cns_str
fraction_of(const cns_instant *instant) {
    cns_str digits = {instant->fraction, instant->fraction_length};
    return digits;
}

cns_order
cns_instant_compare(const cns_instant *a, const cns_instant *b) {
    const amount eras[] = {eras_of(a, 1), eras_of(b, -1)};
    int64_t apart = sum_near_zero(eras, 2) + (a->seconds - b->seconds);
    cns_order fractions = cns_str_compare(fraction_of(a), fraction_of(b));
    if (a->zoned == b->zoned) {
        return order_of(apart, fractions);
    }
    if (order_of(apart + WIDEST_ZONE, fractions) == CNS_LESS) {
        return CNS_LESS;
    }
    return order_of(apart - WIDEST_ZONE, fractions) == CNS_GREATER ? CNS_GREATER : CNS_UNORDERED;
}

/* ---- Reading durations -------------------------------------------------------------------- */

enum {
    YEARS,
    MONTHS,
    DAYS,
    HOURS,
    MINUTES,
    SECONDS,
    FIELD_COUNT
};

/* The months that a field is worth; the others follow them. */
static const int64_t month_worths[DAYS] = {MONTHS_PER_YEAR, 1};

/* The seconds that a field is worth on average. */
static const int64_t mean_worths[FIELD_COUNT] = {MONTHS_PER_YEAR * SECONDS_PER_MEAN_MONTH,
                                                 SECONDS_PER_MEAN_MONTH,
                                                 SECONDS_PER_DAY,
                                                 SECONDS_PER_HOUR,
                                                 SECONDS_PER_MINUTE,
                                                 1};

/* The fields of a duration; `data` is NULL where one is absent. */
typedef struct fields {
    cns_str of[FIELD_COUNT];
    cns_str fraction; /* of the seconds, the last digit not 0 */
    bool negative;
} fields;

/* Takes digits and their letter, or nothing. */
static void
take_field(cns_rest *rest, char letter, cns_str *made) {
    cns_rest next = *rest;
    cns_str digits = cns_take_digits(&next);
    if (digits.length > 0 && cns_take(&next, letter)) {
        *made = digits;
        *rest = next;
    }
}

static void
take_seconds(cns_rest *rest, fields *made) {
    cns_rest next = *rest;
    cns_str whole = cns_take_digits(&next);
    if (whole.length == 0 || !cns_take(&next, '.')) {
        take_field(rest, 'S', &made->of[SECONDS]);
        return;
    }
    take_field(&next, 'S', &made->fraction);
    if (made->fraction.data != NULL) {
        made->of[SECONDS] = whole;
        made->fraction = cns_strip_trailing_zeros(made->fraction);
        *rest = next;
    }
}

static bool
read_fields(cns_str text, fields *made) {
    cns_rest rest = cns_rest_of(text);
    *made = (fields){.negative = cns_take(&rest, '-')};
    if (!cns_take(&rest, 'P')) {
        return false;
    }
    const char *start = rest.at;
    take_field(&rest, 'Y', &made->of[YEARS]);
    take_field(&rest, 'M', &made->of[MONTHS]);
    take_field(&rest, 'D', &made->of[DAYS]);
    if (cns_take(&rest, 'T')) {
        start = rest.at;
        take_field(&rest, 'H', &made->of[HOURS]);
        take_field(&rest, 'M', &made->of[MINUTES]);
        take_seconds(&rest, made);
    }
    return rest.at == rest.end && rest.at != start;
}

static bool
has_any(const fields *read, int first, int end) {
    for (int i = first; i < end; i++) {
        if (read->of[i].data != NULL) {
            return true;
        }
    }
    return false;
}

static bool
are_zero(const fields *read, int first, int end) {
    for (int i = first; i < end; i++) {
        if (cns_strip_leading_zeros(read->of[i]).length > 0) {
            return false;
        }
    }
    return end < FIELD_COUNT || read->fraction.length == 0;
}

bool
cns_span_read(cns_datatype datatype, cns_str lexical, cns_span *made) {
    fields read;
    if (!read_fields(lexical, &read) ||
        (datatype == CNS_DATATYPE_YEAR_MONTH_DURATION && has_any(&read, DAYS, FIELD_COUNT)) ||
        (datatype == CNS_DATATYPE_DAY_TIME_DURATION && has_any(&read, YEARS, DAYS))) {
        return false;
    }
    made->text = lexical;
    made->sign = (int8_t)(are_zero(&read, YEARS, FIELD_COUNT) ? 0 : read.negative ? -1 : 1);
    return true;
}

bool
cns_span_within(cns_datatype datatype, const cns_span *span) {
    fields read;
    read_fields(span->text, &read);
    return datatype == CNS_DATATYPE_DURATION ||
           (datatype == CNS_DATATYPE_YEAR_MONTH_DURATION ? are_zero(&read, DAYS, FIELD_COUNT)
                                                         : are_zero(&read, YEARS, DAYS));
}

/* ---- The order of durations --------------------------------------------------------------- */

/* How far apart the first `count` fields of two durations are; both have the sign. */
static int64_t
apart_in(const fields *a, const fields *b, const int64_t *worths, int count, int64_t sign) {
    amount amounts[2 * FIELD_COUNT];
    for (int i = 0; i < count; i++) {
        amounts[2 * i] = (amount){a->of[i], sign * worths[i]};
        amounts[2 * i + 1] = (amount){b->of[i], -sign * worths[i]};
    }
    return sum_near_zero(amounts, 2 * count);
}

static int64_t
remainder_of(cns_str digits, int64_t divisor) {
    int64_t rest = 0;
    for (uint32_t i = 0; i < digits.length; i++) {
        rest = (rest * 10 + (digits.data[i] - '0')) % divisor;
    }
    return rest;
}

/* The months of a duration, less as many whole cycles as leave 0 or more. */
static int64_t
months_in_cycle(const fields *read) {
    int64_t months = remainder_of(read->of[YEARS], YEARS_PER_CYCLE) * MONTHS_PER_YEAR +
                     remainder_of(read->of[MONTHS], MONTHS_PER_CYCLE);
    months %= MONTHS_PER_CYCLE;
    return read->negative && months > 0 ? MONTHS_PER_CYCLE - months : months;
}

/* The seconds from year 0 to the end of so many months, less those of as many mean months. */
static int64_t
excess(int64_t months) {
    return days_to_month(months / MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1) *
               SECONDS_PER_DAY -
           months * SECONDS_PER_MEAN_MONTH;
}

/* XSD 1.1 3.3.6.1: durations are ordered when they are so from the start of all these months. */
static const int64_t reference_months[] = {
    1696 * MONTHS_PER_YEAR + 8,
    1697 * MONTHS_PER_YEAR + 1,
    1903 * MONTHS_PER_YEAR + 2,
    1903 * MONTHS_PER_YEAR + 6,
};

/*
 * A cycle of 4800 months has no excess, so each of two durations that begin in a reference month
 * has its mean seconds and a small excess, which only its months in the cycle decide.
 */
static cns_order
compare_fields(const fields *a, const fields *b) {
    int64_t sign = a->negative ? -1 : 1;
    int64_t apart = apart_in(a, b, mean_worths, FIELD_COUNT, sign);
    cns_order fractions = a->negative ? cns_str_compare(b->fraction, a->fraction)
                                      : cns_str_compare(a->fraction, b->fraction);
    if (apart_in(a, b, month_worths, DAYS, sign) == 0) {
        return order_of(apart, fractions);
    }
    int64_t a_months = months_in_cycle(a), b_months = months_in_cycle(b);
    bool less = true, greater = true, equal = true;
    for (size_t i = 0; i < sizeof reference_months / sizeof *reference_months; i++) {
        int64_t start = reference_months[i];
        cns_order order =
            order_of(apart + excess(start + a_months) - excess(start + b_months), fractions);
        less = less && order == CNS_LESS;
        greater = greater && order == CNS_GREATER;
        equal = equal && order == CNS_EQUAL; /* as P400Y and P146097D are */
    }
    return less ? CNS_LESS : greater ? CNS_GREATER : equal ? CNS_EQUAL : CNS_UNORDERED;
}

cns_order
cns_span_compare(const cns_span *a, const cns_span *b) {
    if (a->sign != b->sign || a->sign == 0) {
        return order_of(a->sign - b->sign, CNS_EQUAL);
    }
    fields x, y;
    read_fields(a->text, &x);
    read_fields(b->text, &y);
    return compare_fields(&x, &y);
}
