/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of values behind literal.c: each is read and compared in a file of its own. */
#ifndef CNS_LITERAL_PARTS_H
#define CNS_LITERAL_PARTS_H

#include "literal.h"

/* What is left to read of a lexical form. */
typedef struct cns_rest {
    const char *at;
    const char *end;
} cns_rest;

static inline cns_rest
cns_rest_of(cns_str text) {
    cns_rest rest = {text.data, text.data + text.length};
    return rest;
}

/* Moves over this letter, if it comes next. */
static inline bool
cns_take(cns_rest *rest, char letter) {
    bool found = rest->at != rest->end && *rest->at == letter;
    rest->at += found;
    return found;
}

static inline bool
cns_is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/* Moves over all digits that come next. */
static inline cns_str
cns_take_digits(cns_rest *rest) {
    cns_str digits = {rest->at, 0};
    while (rest->at != rest->end && cns_is_digit(*rest->at)) {
        rest->at++;
    }
    digits.length = (uint32_t)(rest->at - digits.data);
    return digits;
}

static inline cns_str
cns_strip_leading_zeros(cns_str digits) {
    while (digits.length > 0 && digits.data[0] == '0') {
        digits.data++;
        digits.length--;
    }
    return digits;
}

static inline cns_str
cns_strip_trailing_zeros(cns_str digits) {
    while (digits.length > 0 && digits.data[digits.length - 1] == '0') {
        digits.length--;
    }
    return digits;
}

/* Reads a form, which is not NULL; false where it is not in the lexical space of the datatype. */
bool cns_integer_read(cns_datatype datatype, cns_str lexical, cns_exact *made);
bool cns_decimal_read(cns_str lexical, cns_exact *made);
bool cns_single_read(cns_str lexical, double *made);
bool cns_real_read(cns_str lexical, double *made);
bool cns_instant_read(cns_datatype datatype, cns_str lexical, cns_instant *made);
bool cns_span_read(cns_datatype datatype, cns_str lexical, cns_span *made);
bool cns_text_matches(cns_datatype datatype, cns_str lexical);

/* Whether a value is one of a datatype that reads into the same struct. */
bool cns_exact_within(cns_datatype datatype, const cns_exact *number);
bool cns_span_within(cns_datatype datatype, const cns_span *span);

/* Two numbers, of whatever types; two instants of one datatype; two durations. */
cns_order cns_number_compare(const cns_literal *a, const cns_literal *b);
cns_order cns_instant_compare(const cns_instant *a, const cns_instant *b);
cns_order cns_span_compare(const cns_span *a, const cns_span *b);

#endif
