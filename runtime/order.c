/* SPDX-License-Identifier: Apache-2.0 */
/* The order of two terms, as SPARQL compares them: numbers of different types, texts, times. */
#include <cns/cns.h>

/* The compiler's support routine; <string.h> is not a freestanding header. */
int memcmp(const void *a, const void *b, size_t size);

/* What literals of a datatype are ordered among: two of different families have no order. */
enum family {
    FAMILY_NONE,
    FAMILY_BOOLEAN,
    FAMILY_INTEGER,
    FAMILY_NATURAL,
    FAMILY_DECIMAL,
    FAMILY_SINGLE,
    FAMILY_REAL,
    FAMILY_DATETIME,
    FAMILY_DURATION,
    FAMILY_TEXT
};

/* Families by the member of cns_term that holds a value. */
enum {
    FAMILY_OF_boolean = FAMILY_BOOLEAN,
    FAMILY_OF_integer = FAMILY_INTEGER,
    FAMILY_OF_natural = FAMILY_NATURAL,
    FAMILY_OF_single = FAMILY_SINGLE,
    FAMILY_OF_real = FAMILY_REAL,
    FAMILY_OF_decimal = FAMILY_DECIMAL,
    FAMILY_OF_datetime = FAMILY_DATETIME,
    FAMILY_OF_duration = FAMILY_DURATION,
    FAMILY_OF_string = FAMILY_TEXT
};

static const uint8_t families[CNS_TAG_COUNT] = {
#define CNS_X(tag, member, name) [CNS_##tag] = FAMILY_OF_##member,
    CNS_DATATYPES(CNS_X)
#undef CNS_X
};

static bool
is_number(enum family family) {
    return family >= FAMILY_INTEGER && family <= FAMILY_REAL;
}

/* ---- Numbers ------------------------------------------------------------------------------ */

static cns_order
order_of_reals(double a, double b) {
    return a < b ? CNS_LESS : a > b ? CNS_GREATER : a == b ? CNS_EQUAL : CNS_UNORDERED;
}

static cns_order
order_of_singles(float a, float b) {
    return a < b ? CNS_LESS : a > b ? CNS_GREATER : a == b ? CNS_EQUAL : CNS_UNORDERED;
}

/* A number as digits * 2^-shift, of which rounding to 53 bits or fewer is the number's own. */
typedef struct quotient {
    uint64_t digits;
    int shift;
    bool negative;
} quotient;

/*
 * Long division by the power of ten: bits of the quotient until 62 are known. The last one is set
 * when something is left, so that a tie is one only where the number is exactly half way.
 */
static quotient
binary_of(cns_decimal value) {
    quotient made = {0, 0, value.unscaled < 0};
    uint64_t unit = 1;
    for (int i = 0; i < value.scale; i++) {
        unit *= 10;
    }
    uint64_t whole = made.negative ? 0 - (uint64_t)value.unscaled : (uint64_t)value.unscaled;
    uint64_t rest = whole % unit;
    made.digits = whole / unit;
    while (rest != 0 && made.digits < UINT64_C(1) << 61) {
        rest *= 2; /* < 2 * 10^18, which uint64_t holds */
        made.digits = made.digits * 2 + (rest >= unit);
        rest -= rest >= unit ? unit : 0;
        made.shift++;
    }
    made.digits |= rest != 0;
    return made;
}

static double
real_of_decimal(cns_decimal value) {
    quotient number = binary_of(value);
    double made = (double)number.digits;
    for (int i = 0; i < number.shift; i++) {
        made *= 0.5;
    }
    return number.negative ? -made : made;
}

static float
single_of_decimal(cns_decimal value) {
    quotient number = binary_of(value);
    float made = (float)number.digits;
    for (int i = 0; i < number.shift; i++) {
        made *= 0.5f;
    }
    return number.negative ? -made : made;
}

static double
real_of(const cns_term *term, enum family family) {
    switch (family) {
    case FAMILY_INTEGER:
        return (double)term->as.integer;
    case FAMILY_NATURAL:
        return (double)term->as.natural;
    case FAMILY_DECIMAL:
        return real_of_decimal(term->as.decimal);
    case FAMILY_SINGLE:
        return (double)term->as.single;
    default:
        return term->as.real;
    }
}

static float
single_of(const cns_term *term, enum family family) {
    switch (family) {
    case FAMILY_INTEGER:
        return (float)term->as.integer;
    case FAMILY_NATURAL:
        return (float)term->as.natural;
    case FAMILY_DECIMAL:
        return single_of_decimal(term->as.decimal);
    default:
        return term->as.single;
    }
}

/* Whether the term is an integer above all that a cns_decimal holds. */
static bool
is_beyond(const cns_term *term, enum family family) {
    return family == FAMILY_NATURAL && term->as.natural > INT64_MAX;
}

static cns_decimal
decimal_of(const cns_term *term, enum family family) {
    cns_decimal made = {0, 0};
    switch (family) {
    case FAMILY_DECIMAL:
        return term->as.decimal;
    case FAMILY_NATURAL:
        made.unscaled = (int64_t)term->as.natural;
        return made;
    default:
        made.unscaled = term->as.integer;
        return made;
    }
}

static cns_order
compare_exact(const cns_term *a, enum family of_a, const cns_term *b, enum family of_b) {
    bool a_beyond = is_beyond(a, of_a), b_beyond = is_beyond(b, of_b);
    if (a_beyond && b_beyond) {
        return a->as.natural < b->as.natural   ? CNS_LESS
               : a->as.natural > b->as.natural ? CNS_GREATER
                                               : CNS_EQUAL;
    }
    if (a_beyond || b_beyond) {
        return a_beyond ? CNS_GREATER : CNS_LESS;
    }
    return cns_decimal_compare(decimal_of(a, of_a), decimal_of(b, of_b));
}

/* Both are promoted to the wider of their types: integer, decimal, float, double. */
static cns_order
compare_numbers(const cns_term *a, enum family of_a, const cns_term *b, enum family of_b) {
    if (of_a == FAMILY_REAL || of_b == FAMILY_REAL) {
        return order_of_reals(real_of(a, of_a), real_of(b, of_b));
    }
    if (of_a == FAMILY_SINGLE || of_b == FAMILY_SINGLE) {
        return order_of_singles(single_of(a, of_a), single_of(b, of_b));
    }
    return compare_exact(a, of_a, b, of_b);
}

/* ---- Terms -------------------------------------------------------------------------------- */

/* The datatype that times are compared as: a stamp is a dateTime. */
static unsigned
time_line(const cns_term *term) {
    return term->tag == CNS_DATE_TIME_STAMP ? (unsigned)CNS_DATE_TIME : term->tag;
}

static cns_order
compare_booleans(const cns_term *a, const cns_term *b) {
    unsigned x = cns_bool_byte(&a->as.boolean), y = cns_bool_byte(&b->as.boolean);
    return x < y ? CNS_LESS : x > y ? CNS_GREATER : CNS_EQUAL;
}

cns_order
cns_str_compare(cns_str a, cns_str b) {
    uint32_t shared = a.length < b.length ? a.length : b.length;
    int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
    if (order == 0) {
        return a.length < b.length ? CNS_LESS : a.length > b.length ? CNS_GREATER : CNS_EQUAL;
    }
    return order < 0 ? CNS_LESS : CNS_GREATER;
}

cns_order
cns_term_compare(const cns_term *a, const cns_term *b) {
    if (!cns_term_valid(a) || !cns_term_valid(b)) {
        return CNS_UNORDERED;
    }
    enum family of_a = (enum family)families[a->tag], of_b = (enum family)families[b->tag];
    if (is_number(of_a) && is_number(of_b)) {
        return compare_numbers(a, of_a, b, of_b);
    }
    if (of_a != of_b) {
        return CNS_UNORDERED;
    }
    switch (of_a) {
    case FAMILY_BOOLEAN:
        return compare_booleans(a, b);
    case FAMILY_DATETIME:
        return time_line(a) != time_line(b) ? CNS_UNORDERED
                                            : cns_datetime_compare(a->as.datetime, b->as.datetime);
    case FAMILY_DURATION:
        return cns_duration_compare(a->as.duration, b->as.duration);
    case FAMILY_TEXT:
        return a->tag == CNS_STRING && b->tag == CNS_STRING
                   ? cns_str_compare(a->as.string, b->as.string)
                   : CNS_UNORDERED;
    default:
        return CNS_UNORDERED;
    }
}
