/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical lexical forms of literal values (XML Schema 1.1, part 2, appendix E). */
#include <cns/cns.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);

/*
 * Functions named add_… write at `to` and return the end of what they wrote. They check no bounds:
 * the longest form of all is CNS_LEXICAL_SIZE bytes.
 */

static char *
add_char(char *to, char letter) {
    *to = letter;
    return to + 1;
}

static char *
add_bytes(char *to, const char *bytes, int count) {
    for (int i = 0; i < count; i++) {
        to[i] = bytes[i];
    }
    return to + count;
}

/* The text from the start of the buffer to its end. */
static cns_str
text_until(const char *buffer, const char *end) {
    cns_str text = {buffer, (uint32_t)(end - buffer)};
    return text;
}

/* What stands for every value that its datatype lacks. */
static cns_str
ill_formed(void) {
    static const cns_str text = CNS_STR("invalid");
    return text;
}

/* ---- Whole and decimal numbers ------------------------------------------------------------ */

/* Writes at least `width` digits, at most 20. */
static char *
add_digits(char *to, uint64_t number, int width) {
    char digits[20];
    int start = sizeof digits;
    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
        width--;
    } while (number > 0 || width > 0);
    return add_bytes(to, digits + start, (int)sizeof digits - start);
}

/* The distance from 0, which a signed number cannot hold for INT64_MIN. */
static uint64_t
magnitude_of(int64_t number) {
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

static char *
add_sign(char *to, bool negative) {
    return negative ? add_char(to, '-') : to;
}

static char *
add_integer(char *to, int64_t number) {
    return add_digits(add_sign(to, number < 0), magnitude_of(number), 1);
}

/* Writes number * 10^-digits < 1 from its point on, or nothing for 0. */
static char *
add_fraction(char *to, uint64_t number, int digits) {
    if (number == 0) {
        return to;
    }
    while (number % 10 == 0) {
        number /= 10;
        digits--;
    }
    return add_digits(add_char(to, '.'), number, digits);
}

cns_str
cns_integer_text(int64_t value, char *buffer) {
    return text_until(buffer, add_integer(buffer, value));
}

cns_str
cns_natural_text(uint64_t value, char *buffer) {
    return text_until(buffer, add_digits(buffer, value, 1));
}

cns_str
cns_boolean_text(unsigned byte) {
    static const cns_str texts[] = {CNS_STR("false"), CNS_STR("true")};
    return byte <= 1 ? texts[byte] : ill_formed();
}

cns_str
cns_decimal_text(cns_decimal value, char *buffer) {
    if (!cns_decimal_valid(value)) {
        return ill_formed();
    }
    uint64_t magnitude = magnitude_of(value.unscaled);
    uint64_t unit = 1;
    for (int i = 0; i < value.scale; i++) {
        unit *= 10;
    }
    char *to = add_sign(buffer, value.unscaled < 0);
    to = add_digits(to, magnitude / unit, 1);
    return text_until(buffer, add_fraction(to, magnitude % unit, value.scale));
}

/* ---- Floating point: the shortest digits that read back, exactly (Steele and White) -------- */

/*
 * Naturals of up to 35 words: the scaled fractions of a double stay below 2^1085. Three of them
 * are alive at a time, 432 bytes of stack.
 */
enum {
    BIG_WORDS = 35
};

typedef struct big {
    uint32_t words[BIG_WORDS]; /* least significant first */
    uint32_t count;            /* words in use; the last one is not 0 */
} big;

static void
big_set(big *number, uint64_t value) {
    number->count = 0;
    for (; value > 0; value >>= 32) {
        number->words[number->count++] = (uint32_t)value;
    }
}

static void
big_multiply(big *number, uint32_t factor) {
    uint64_t carry = 0;
    for (uint32_t i = 0; i < number->count; i++) {
        carry += (uint64_t)number->words[i] * factor;
        number->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0) {
        number->words[number->count++] = (uint32_t)carry;
    }
}

static void
big_shift(big *number, int bits) {
    for (; bits >= 31; bits -= 31) {
        big_multiply(number, UINT32_C(1) << 31);
    }
    big_multiply(number, UINT32_C(1) << bits);
}

static void
big_raise(big *number, int tens) {
    for (; tens > 0; tens--) {
        big_multiply(number, 10);
    }
}

static uint32_t
big_word(const big *number, uint32_t index) {
    return index < number->count ? number->words[index] : 0;
}

/* The sign of a + factor * b - c. */
static int
big_compare_sum(const big *a, uint32_t factor, const big *b, const big *c) {
    int sign = 0;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < a->count || i < b->count || i < c->count; i++) {
        sum += big_word(a, i) + (uint64_t)big_word(b, i) * factor;
        uint32_t low = (uint32_t)sum, word = big_word(c, i);
        sign = low < word ? -1 : low > word ? 1 : sign;
        sum >>= 32;
    }
    return sum > 0 ? 1 : sign;
}

/* Requires a >= b. */
static void
big_subtract(big *a, const big *b) {
    uint32_t borrow = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        uint64_t less = (uint64_t)big_word(b, i) + borrow;
        borrow = a->words[i] < less;
        a->words[i] = (uint32_t)(a->words[i] - less);
    }
    while (a->count > 0 && a->words[a->count - 1] == 0) {
        a->count--;
    }
}

/* A positive number mantissa * 2^exponent, and how far its neighbours are. */
typedef struct binary {
    uint64_t mantissa;
    int exponent;
    bool near_below; /* the next smaller number is half as far away as the next larger one */
} binary;

/* 0.d1d2d3… * 10^point, d1 not 0. */
typedef struct digits {
    char digit[17];
    int count;
    int point;
} digits;

/* The number of digits before the decimal point, or one less; not positive for fractions. */
static int
estimate_point(const binary *value) {
    int log2 = value->exponent - 1;
    for (uint64_t rest = value->mantissa; rest > 0; rest >>= 1) {
        log2++;
    }
    int scaled = log2 * 30103; /* log10(2) * 10^5 */
    return scaled / 100000 - (scaled % 100000 < 0) + 1;
}

/*
 * A number as scaled / unit, and how far it is from what reads back as something else: the middle
 * between it and the next smaller number is gap / unit away, that to the next larger one `above`
 * times as far. A middle itself reads back as the number when its mantissa is even.
 */
typedef struct ratio {
    big scaled;
    big unit;
    big gap;
    uint32_t above;
    int tie; /* 0 where a middle reads back, 1 where it does not */
} ratio;

static void
set_ratio(ratio *number, const binary *value) {
    int up = value->exponent > 0 ? value->exponent : 0;
    int down = value->exponent < 0 ? -value->exponent : 0;
    int halves = value->near_below ? 2 : 1;
    big_set(&number->scaled, value->mantissa);
    big_set(&number->unit, 1);
    big_set(&number->gap, 1);
    big_shift(&number->scaled, up + halves);
    big_shift(&number->unit, down + halves);
    big_shift(&number->gap, up);
    number->above = value->near_below ? 2 : 1;
    number->tie = (value->mantissa & 1) == 0 ? 0 : 1;
}

/* Whether rounding up to a whole unit reads back as the number. */
static bool
reaches_unit(const ratio *number) {
    return big_compare_sum(&number->scaled, number->above, &number->gap, &number->unit) >=
           number->tie;
}

/* Divides the number by a power of ten so that it is below 1; returns the power. */
static int
find_point(ratio *number, const binary *value) {
    int point = estimate_point(value);
    big_raise(&number->unit, point);
    big_raise(&number->scaled, -point);
    big_raise(&number->gap, -point);
    if (reaches_unit(number)) {
        big_multiply(&number->unit, 10);
        point++;
    }
    return point;
}

/* Multiplies the number by ten and takes its whole part away. */
static int
next_digit(ratio *number) {
    int digit = 0;
    big_multiply(&number->scaled, 10);
    big_multiply(&number->gap, 10);
    while (big_compare_sum(&number->scaled, 0, &number->unit, &number->unit) >= 0) {
        big_subtract(&number->scaled, &number->unit);
        digit++;
    }
    return digit;
}

/* Produces digits until what is left no longer tells the number from its neighbours. */
static void
shortest_digits(const binary *value, digits *result) {
    ratio number;
    set_ratio(&number, value);
    result->point = find_point(&number, value);
    result->count = 0;
    bool low, high;
    do {
        int digit = next_digit(&number);
        low = big_compare_sum(&number.scaled, 0, &number.unit, &number.gap) <= -number.tie;
        high = reaches_unit(&number);
        if (low && high) {
            int half = big_compare_sum(&number.scaled, 1, &number.scaled, &number.unit);
            digit += half > 0 || (half == 0 && digit % 2 == 1);
        } else if (high) {
            digit++;
        }
        result->digit[result->count++] = (char)('0' + digit);
    } while (!low && !high);
}

/* Writes d.dddE5: one digit before the point and at least one after it. */
static char *
add_scientific(char *to, const digits *number) {
    to = add_char(add_char(to, number->digit[0]), '.');
    if (number->count > 1) {
        to = add_bytes(to, number->digit + 1, number->count - 1);
    } else {
        to = add_char(to, '0');
    }
    return add_integer(add_char(to, 'E'), number->point - 1);
}

/* The form of a number with `fraction_bits` and `exponent_bits`. */
static cns_str
binary_text(uint64_t bits, int fraction_bits, int exponent_bits, char *buffer) {
    static const cns_str infinities[] = {CNS_STR("INF"), CNS_STR("-INF")};
    static const cns_str zeros[] = {CNS_STR("0.0E0"), CNS_STR("-0.0E0")};
    static const cns_str nan = CNS_STR("NaN");
    bool negative = (bits >> (fraction_bits + exponent_bits)) != 0;
    uint64_t fraction = bits & ((UINT64_C(1) << fraction_bits) - 1);
    int exponent_mask = (1 << exponent_bits) - 1;
    int exponent = (int)(bits >> fraction_bits) & exponent_mask;
    if (exponent == exponent_mask) {
        return fraction != 0 ? nan : infinities[negative];
    }
    if (exponent == 0 && fraction == 0) {
        return zeros[negative];
    }
    binary value = {fraction, 1, fraction == 0 && exponent > 1};
    if (exponent > 0) {
        value.mantissa |= UINT64_C(1) << fraction_bits;
        value.exponent = exponent;
    }
    value.exponent -= (exponent_mask >> 1) + fraction_bits;
    digits number;
    shortest_digits(&value, &number);
    return text_until(buffer, add_scientific(add_sign(buffer, negative), &number));
}

cns_str
cns_float_text(float value, char *buffer) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return binary_text(bits, 23, 8, buffer);
}

cns_str
cns_double_text(double value, char *buffer) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return binary_text(bits, 52, 11, buffer);
}

/* ---- Times and durations ------------------------------------------------------------------ */

static char *
add_pair(char *to, char before, uint64_t number) {
    return add_digits(add_char(to, before), number, 2);
}

static char *
add_zone(char *to, int16_t zone) {
    if (zone == CNS_NO_ZONE) {
        return to;
    }
    if (zone == 0) {
        return add_char(to, 'Z');
    }
    uint64_t minutes = (uint64_t)(zone < 0 ? -zone : zone);
    to = add_pair(to, zone < 0 ? '-' : '+', minutes / 60);
    return add_pair(to, ':', minutes % 60);
}

static char *
add_date(char *to, const cns_civil *civil, cns_tag datatype) {
    bool year = datatype != CNS_G_MONTH && datatype != CNS_G_MONTH_DAY && datatype != CNS_G_DAY;
    if (year) {
        to = add_digits(add_sign(to, civil->year < 0), magnitude_of(civil->year), 4);
    } else {
        to = add_char(to, '-');
    }
    if (datatype != CNS_G_YEAR && datatype != CNS_G_DAY) {
        to = add_pair(to, '-', civil->month);
    } else if (datatype == CNS_G_DAY) {
        to = add_char(to, '-');
    }
    if (datatype != CNS_G_YEAR && datatype != CNS_G_YEAR_MONTH && datatype != CNS_G_MONTH) {
        to = add_pair(to, '-', civil->day);
    }
    return to;
}

static char *
add_clock(char *to, const cns_civil *civil, uint32_t nanoseconds) {
    to = add_digits(to, civil->hour, 2);
    to = add_pair(to, ':', civil->minute);
    to = add_pair(to, ':', civil->second);
    return add_fraction(to, nanoseconds, 9);
}

cns_str
cns_datetime_text(cns_datetime value, cns_tag datatype, char *buffer) {
    if (!cns_datetime_valid(value, datatype)) {
        return ill_formed();
    }
    cns_civil civil = cns_datetime_civil(value);
    bool moment = datatype == CNS_DATE_TIME || datatype == CNS_DATE_TIME_STAMP;
    char *to = buffer;
    if (datatype != CNS_TIME) {
        to = add_date(to, &civil, datatype);
    }
    if (moment) {
        to = add_char(to, 'T');
    }
    if (moment || datatype == CNS_TIME) {
        to = add_clock(to, &civil, value.nanoseconds);
    }
    return text_until(buffer, add_zone(to, value.zone));
}

/* Writes a part of a duration with its unit, unless it is 0. */
static char *
add_part(char *to, uint64_t number, char unit) {
    return number > 0 ? add_char(add_digits(to, number, 1), unit) : to;
}

static char *
add_clock_parts(char *to, uint64_t seconds, uint64_t nanoseconds) {
    if (seconds == 0 && nanoseconds == 0) {
        return to;
    }
    to = add_char(to, 'T');
    to = add_part(to, seconds / 3600, 'H');
    to = add_part(to, seconds / 60 % 60, 'M');
    if (seconds % 60 > 0 || nanoseconds > 0) {
        to = add_fraction(add_digits(to, seconds % 60, 1), nanoseconds, 9);
        to = add_char(to, 'S');
    }
    return to;
}

cns_str
cns_duration_text(cns_duration value, cns_tag datatype, char *buffer) {
    static const cns_str zeros[] = {CNS_STR("PT0S"), CNS_STR("P0M")};
    if (!cns_duration_valid(value, datatype)) {
        return ill_formed();
    }
    if (value.months == 0 && value.seconds == 0 && value.nanoseconds == 0) {
        return zeros[datatype == CNS_YEAR_MONTH_DURATION];
    }
    bool negative = value.months < 0 || value.seconds < 0 || value.nanoseconds < 0;
    uint64_t months = magnitude_of(value.months), seconds = magnitude_of(value.seconds);
    char *to = add_char(add_sign(buffer, negative), 'P');
    to = add_part(to, months / 12, 'Y');
    to = add_part(to, months % 12, 'M');
    to = add_part(to, seconds / 86400, 'D');
    to = add_clock_parts(to, seconds % 86400, magnitude_of(value.nanoseconds));
    return text_until(buffer, to);
}

/* ---- Terms -------------------------------------------------------------------------------- */

static cns_str
boolean_text(const cns_term *term, char *buffer) {
    (void)buffer;
    return cns_boolean_text(cns_bool_byte(&term->as.boolean));
}

static cns_str
integer_text(const cns_term *term, char *buffer) {
    return cns_integer_text(term->as.integer, buffer);
}

static cns_str
natural_text(const cns_term *term, char *buffer) {
    return cns_natural_text(term->as.natural, buffer);
}

static cns_str
single_text(const cns_term *term, char *buffer) {
    return cns_float_text(term->as.single, buffer);
}

static cns_str
real_text(const cns_term *term, char *buffer) {
    return cns_double_text(term->as.real, buffer);
}

static cns_str
decimal_text(const cns_term *term, char *buffer) {
    return cns_decimal_text(term->as.decimal, buffer);
}

static cns_str
datetime_text(const cns_term *term, char *buffer) {
    return cns_datetime_text(term->as.datetime, (cns_tag)term->tag, buffer);
}

static cns_str
duration_text(const cns_term *term, char *buffer) {
    return cns_duration_text(term->as.duration, (cns_tag)term->tag, buffer);
}

static cns_str
string_text(const cns_term *term, char *buffer) {
    (void)buffer;
    return term->as.string;
}

/* The IRI that docs/records.md gives to a node of the application's own; a blank node has none. */
static cns_str
node_text(const cns_term *term, char *buffer) {
    static const char prefix[] = "urn:cns:id:";
    if (term->as.node.id == 0) {
        return text_until(buffer, buffer);
    }
    char *to = add_bytes(buffer, prefix, (int)sizeof prefix - 1);
    return text_until(buffer, add_digits(to, term->as.node.id, 1));
}

cns_str
cns_term_text(const cns_term *term, char *buffer) {
    switch (term->tag) {
    case CNS_NODE:
        return node_text(term, buffer);
    case CNS_LANG_STRING:
        return term->as.langstr.text;
    case CNS_TYPED:
        return term->as.typed.lexical;
#define CNS_X(tag, member, name)                                                                  \
    case CNS_##tag:                                                                               \
        return member##_text(term, buffer);
        CNS_DATATYPES(CNS_X)
#undef CNS_X
    default:
        return text_until(buffer, buffer);
    }
}
