/* SPDX-License-Identifier: Apache-2.0 */
/* Value spaces, by the bounds of integers and by what is read again as another datatype. */
#include "value_space.h"

#include <stddef.h>

static bool
is_integer(cns_datatype datatype) {
    return datatype >= CNS_DATATYPE_BYTE && datatype <= CNS_DATATYPE_POSITIVE_INTEGER;
}

cns_datatype
cns_primitive_of(cns_datatype datatype) {
    if (is_integer(datatype)) {
        return CNS_DATATYPE_DECIMAL;
    }
    if (datatype >= CNS_DATATYPE_NORMALIZED_STRING && datatype <= CNS_DATATYPE_ENTITY) {
        return CNS_DATATYPE_STRING;
    }
    switch (datatype) {
    case CNS_DATATYPE_DATE_TIME_STAMP:
        return CNS_DATATYPE_DATE_TIME;
    case CNS_DATATYPE_DAY_TIME_DURATION:
    case CNS_DATATYPE_YEAR_MONTH_DURATION:
        return CNS_DATATYPE_DURATION;
    default:
        return datatype;
    }
}

/* The least and the greatest of bounded integers; NULL: none. */
static const struct {
    const char *least, *greatest;
} bounds[CNS_DATATYPE_COUNT] = {
    [CNS_DATATYPE_BYTE] = {"-128", "127"},
    [CNS_DATATYPE_SHORT] = {"-32768", "32767"},
    [CNS_DATATYPE_INT] = {"-2147483648", "2147483647"},
    [CNS_DATATYPE_LONG] = {"-9223372036854775808", "9223372036854775807"},
    [CNS_DATATYPE_UNSIGNED_BYTE] = {"0", "255"},
    [CNS_DATATYPE_UNSIGNED_SHORT] = {"0", "65535"},
    [CNS_DATATYPE_UNSIGNED_INT] = {"0", "4294967295"},
    [CNS_DATATYPE_UNSIGNED_LONG] = {"0", "18446744073709551615"},
    [CNS_DATATYPE_NEGATIVE_INTEGER] = {NULL, "-1"},
    [CNS_DATATYPE_NON_POSITIVE_INTEGER] = {NULL, "0"},
    [CNS_DATATYPE_NON_NEGATIVE_INTEGER] = {"0", NULL},
    [CNS_DATATYPE_POSITIVE_INTEGER] = {"1", NULL},
};

static bool
is_bounded(const cns_literal *literal, const char *bound, cns_order outside) {
    if (bound == NULL) {
        return true;
    }
    cns_str text = {bound, 0};
    while (bound[text.length] != '\0') {
        text.length++;
    }
    cns_literal limit = cns_literal_read(CNS_DATATYPE_INTEGER, text);
    return cns_literal_compare(literal, &limit) != outside;
}

bool
cns_in_value_space(cns_datatype datatype, const cns_literal *literal, cns_str lexical) {
    cns_datatype own = (cns_datatype)literal->datatype;
    if (!literal->well_typed || datatype == CNS_DATATYPE_OTHER ||
        cns_primitive_of(own) != cns_primitive_of(datatype)) {
        return false;
    }
    if (is_integer(datatype)) {
        return literal->as.exact.fraction == 0 &&
               is_bounded(literal, bounds[datatype].least, CNS_LESS) &&
               is_bounded(literal, bounds[datatype].greatest, CNS_GREATER);
    }
    return own == datatype || cns_primitive_of(datatype) == datatype ||
           cns_literal_read(datatype, lexical).well_typed;
}
