/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of any length: exact ones by their digits, binary ones rounded once. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "literal_parts.h"

/* ---- Exact numbers ------------------------------------------------------------------------ */

/* The most digits that always fit in an int64_t. */
enum {
    SHORT_DIGITS = 18
};

static bool
is_short(const cns_exact *number) {
    return number->whole <= SHORT_DIGITS && number->fraction <= SHORT_DIGITS - number->whole;
}

static bool
is_zero(const cns_exact *number) {
    return number->whole == 0 && number->fraction == 0;
}

static cns_str
whole_of(const cns_exact *number) {
    cns_str digits = {number->digits, number->whole};
    return digits;
}

static cns_str
fraction_of(const cns_exact *number) {
    cns_str digits = {number->digits, number->fraction};
    if (digits.length > 0) {
        digits.data += number->whole + 1; /* the point */
    }
    return digits;
}

static int64_t
append_digits(int64_t number, cns_str digits) {
    for (uint32_t i = 0; i < digits.length; i++) {
        number = number * 10 + (digits.data[i] - '0');
    }
    return number;
}

/* A number of digits before the point, and of digits right behind that. */
static cns_exact
exact_of(bool negative, cns_str whole, cns_str fraction) {
    whole = cns_strip_leading_zeros(whole);
    fraction = cns_strip_trailing_zeros(fraction);
    cns_exact made = {whole.data, 0, whole.length, fraction.length, negative};
    if (is_short(&made)) {
        int64_t magnitude = append_digits(append_digits(0, whole), fraction);
        made.unscaled = negative ? -magnitude : magnitude;
        made.negative = made.unscaled < 0;
    }
    return made;
}

static bool
take_minus(cns_rest *rest) {
    bool minus = cns_take(rest, '-');
    if (!minus) {
        cns_take(rest, '+');
    }
    return minus;
}

static bool
take_exact(cns_rest *rest, cns_exact *made) {
    bool negative = take_minus(rest);
    cns_str whole = cns_take_digits(rest), fraction = {rest->at, 0};
    if (cns_take(rest, '.')) {
        fraction = cns_take_digits(rest);
    }
    *made = exact_of(negative, whole, fraction);
    return whole.length > 0 || fraction.length > 0;
}

static cns_order
compare_magnitudes(const cns_exact *a, const cns_exact *b) {
    if (a->whole != b->whole) {
        return a->whole < b->whole ? CNS_LESS : CNS_GREATER;
    }
    cns_order order = cns_str_compare(whole_of(a), whole_of(b));
    return order != CNS_EQUAL ? order : cns_str_compare(fraction_of(a), fraction_of(b));
}

static cns_order
compare_exact(const cns_exact *a, const cns_exact *b) {
    if (a->fraction == b->fraction && is_short(a) && is_short(b)) {
        return a->unscaled < b->unscaled   ? CNS_LESS
               : a->unscaled > b->unscaled ? CNS_GREATER
                                           : CNS_EQUAL;
    }
    if (a->negative != b->negative) {
        return a->negative ? CNS_LESS : CNS_GREATER;
    }
    return a->negative ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

bool
cns_decimal_read(cns_str lexical, cns_exact *made) {
    cns_rest rest = cns_rest_of(lexical);
    return take_exact(&rest, made) && rest.at == rest.end;
}

/* ---- Integers ----------------------------------------------------------------------------- */

/* The least and the greatest value of a datatype; of length 0 where there is none. */
typedef struct bounds {
    cns_str least;
    cns_str greatest;
} bounds;

static const bounds integer_bounds[CNS_DATATYPE_COUNT] = {
    [CNS_DATATYPE_BYTE] = {CNS_STR("-128"), CNS_STR("127")},
    [CNS_DATATYPE_SHORT] = {CNS_STR("-32768"), CNS_STR("32767")},
    [CNS_DATATYPE_INT] = {CNS_STR("-2147483648"), CNS_STR("2147483647")},
    [CNS_DATATYPE_LONG] = {CNS_STR("-9223372036854775808"), CNS_STR("9223372036854775807")},
    [CNS_DATATYPE_UNSIGNED_BYTE] = {CNS_STR("0"), CNS_STR("255")},
    [CNS_DATATYPE_UNSIGNED_SHORT] = {CNS_STR("0"), CNS_STR("65535")},
    [CNS_DATATYPE_UNSIGNED_INT] = {CNS_STR("0"), CNS_STR("4294967295")},
    [CNS_DATATYPE_UNSIGNED_LONG] = {CNS_STR("0"), CNS_STR("18446744073709551615")},
    [CNS_DATATYPE_NEGATIVE_INTEGER] = {.greatest = CNS_STR("-1")},
    [CNS_DATATYPE_NON_POSITIVE_INTEGER] = {.greatest = CNS_STR("0")},
    [CNS_DATATYPE_NON_NEGATIVE_INTEGER] = {.least = CNS_STR("0")},
    [CNS_DATATYPE_POSITIVE_INTEGER] = {.least = CNS_STR("1")},
};

static bool
is_beyond(const cns_exact *number, cns_str bound, cns_order side) {
    cns_exact limit;
    return bound.length > 0 && cns_decimal_read(bound, &limit) &&
           compare_exact(number, &limit) == side;
}

bool
cns_exact_within(cns_datatype datatype, const cns_exact *number) {
    const bounds *allowed = &integer_bounds[datatype];
    return datatype == CNS_DATATYPE_DECIMAL ||
           (number->fraction == 0 && !is_beyond(number, allowed->least, CNS_LESS) &&
            !is_beyond(number, allowed->greatest, CNS_GREATER));
}

bool
cns_integer_read(cns_datatype datatype, cns_str lexical, cns_exact *made) {
    cns_rest rest = cns_rest_of(lexical);
    bool negative = take_minus(&rest);
    cns_str whole = cns_take_digits(&rest), none = {rest.at, 0};
    if (whole.length == 0 || rest.at != rest.end) {
        return false;
    }
    *made = exact_of(negative, whole, none);
    return cns_exact_within(datatype, made);
}

/* ---- Rounding to binary numbers ----------------------------------------------------------- */

/*
 * A number half way between two neighbouring doubles has at most 768 significant digits. So of the
 * digits behind this many it only matters whether they are all 0, and a single 1 says that they
 * are not.
 */
enum {
    KEPT_DIGITS = 800
};

/* Positive numbers round to infinity from 10^MOST_DECADES on, and to 0 below 10^LEAST_DECADES. */
enum {
    MOST_DECADES = 310,
    LEAST_DECADES = -330
};

typedef struct kept {
    char digits[KEPT_DIGITS + sizeof "1e-1234"];
    uint32_t count;
    bool inexact; /* digits other than 0 are left out */
} kept;

static void
keep(kept *number, cns_str digits) {
    uint32_t room = KEPT_DIGITS - number->count;
    uint32_t count = digits.length < room ? digits.length : room;
    memcpy(number->digits + number->count, digits.data, count);
    number->count += count;
    for (uint32_t i = count; i < digits.length && !number->inexact; i++) {
        number->inexact = digits.data[i] != '0';
    }
}

/*
 * |number| * 10^exponent, rounded by the C library. It is shown an integer and a power of ten, so
 * the decimal point of the locale does not matter.
 */
static double
round_digits(const cns_exact *number, int64_t exponent, bool single) {
    cns_str whole = whole_of(number), fraction = fraction_of(number);
    int64_t decades = exponent + whole.length;
    if (whole.length == 0) {
        fraction = cns_strip_leading_zeros(fraction);
        decades -= number->fraction - fraction.length;
    }
    if (decades > MOST_DECADES || decades < LEAST_DECADES) {
        return decades > 0 ? (double)INFINITY : 0;
    }
    kept made;
    made.count = 0;
    made.inexact = false;
    keep(&made, whole);
    keep(&made, fraction);
    if (made.inexact) {
        made.digits[made.count++] = '1';
    }
    int power = (int)decades - (int)made.count;
    snprintf(made.digits + made.count, sizeof made.digits - made.count, "e%d", power);
    return single ? (double)strtof(made.digits, NULL) : strtod(made.digits, NULL);
}

static const double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The greatest power of ten, and the bits of the greatest integers, that a type holds exactly. */
enum {
    SINGLE_POWER = 10,
    REAL_POWER = 22
};

/*
 * The nearest float, or double, to number * 10^exponent, ties to even. Where digits and power are
 * exact in the type, one operation of the processor rounds once.
 */
static double
nearest(const cns_exact *number, int64_t exponent, bool single) {
    int64_t power = exponent - number->fraction;
    int64_t most_power = single ? SINGLE_POWER : REAL_POWER;
    int64_t most = INT64_C(1) << (single ? FLT_MANT_DIG : DBL_MANT_DIG);
    if (is_zero(number)) {
        return 0;
    }
    if (FLT_EVAL_METHOD == 0 && is_short(number) && -most <= number->unscaled &&
        number->unscaled <= most && -most_power <= power && power <= most_power) {
        double scale = powers_of_ten[power < 0 ? -power : power];
        if (single) {
            float digits = (float)number->unscaled;
            return (double)(power < 0 ? digits / (float)scale : digits * (float)scale);
        }
        double digits = (double)number->unscaled;
        return power < 0 ? digits / scale : digits * scale;
    }
    double magnitude = round_digits(number, exponent, single);
    return number->negative ? -magnitude : magnitude;
}

/* ---- Binary numbers ----------------------------------------------------------------------- */

static bool
read_special(cns_str lexical, double *made) {
    static const struct {
        cns_str form;
        double value;
    } specials[] = {{CNS_STR("INF"), (double)INFINITY},
                    {CNS_STR("+INF"), (double)INFINITY},
                    {CNS_STR("-INF"), -(double)INFINITY},
                    {CNS_STR("NaN"), (double)NAN}};
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (cns_str_equal(lexical, specials[i].form)) {
            *made = specials[i].value;
            return true;
        }
    }
    return false;
}

/* Of exponents this far from 0, all mean the same: digits, fewer than 2^32, do not undo them. */
static const int64_t far_exponent = INT64_C(1000000000000);

static bool
take_exponent(cns_rest *rest, int64_t *made) {
    bool negative = take_minus(rest);
    cns_str digits = cns_take_digits(rest);
    int64_t magnitude = 0;
    for (uint32_t i = 0; i < digits.length && magnitude < far_exponent; i++) {
        magnitude = magnitude * 10 + (digits.data[i] - '0');
    }
    *made = negative ? -magnitude : magnitude;
    return digits.length > 0;
}

static bool
read_binary(cns_str lexical, bool single, double *made) {
    cns_rest rest = cns_rest_of(lexical);
    cns_exact mantissa;
    int64_t exponent = 0;
    if (!take_exact(&rest, &mantissa)) {
        return read_special(lexical, made);
    }
    if ((cns_take(&rest, 'e') || cns_take(&rest, 'E')) && !take_exponent(&rest, &exponent)) {
        return false;
    }
    *made = nearest(&mantissa, exponent, single);
    if (*made == 0 && lexical.data[0] == '-') {
        *made = -0.0; /* which an exact number is not */
    }
    return rest.at == rest.end;
}

bool
cns_single_read(cns_str lexical, double *made) {
    return read_binary(lexical, true, made);
}

bool
cns_real_read(cns_str lexical, double *made) {
    return read_binary(lexical, false, made);
}

/* ---- Order -------------------------------------------------------------------------------- */

/* The number after its promotion; a float is a double as it is. */
static double
promoted(const cns_literal *number, bool single) {
    return number->value == CNS_VALUE_EXACT ? nearest(&number->as.exact, 0, single)
                                            : number->as.real;
}

cns_order
cns_number_compare(const cns_literal *a, const cns_literal *b) {
    if (a->value == CNS_VALUE_EXACT && b->value == CNS_VALUE_EXACT) {
        return compare_exact(&a->as.exact, &b->as.exact);
    }
    bool single = a->value != CNS_VALUE_REAL && b->value != CNS_VALUE_REAL;
    double x = promoted(a, single), y = promoted(b, single);
    return x < y ? CNS_LESS : x > y ? CNS_GREATER : x == y ? CNS_EQUAL : CNS_UNORDERED;
}
