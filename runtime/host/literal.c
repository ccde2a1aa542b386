/* SPDX-License-Identifier: Apache-2.0 */
/* Literals: from the IRI of a datatype and a lexical form to a value, and the order of two. */
#include <math.h>

#include "literal_parts.h"

/* ---- Datatypes ---------------------------------------------------------------------------- */

static const cns_str xsd = CNS_STR("http://www.w3.org/2001/XMLSchema#");
static const cns_str lang_string =
    CNS_STR("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString");

/* Names in XSD; OTHER and LANG_STRING have none. */
static const cns_str names[CNS_DATATYPE_COUNT] = {
#define CNS_X(tag, member, name) [CNS_DATATYPE_##tag] = CNS_STR(name),
    CNS_DATATYPES(CNS_X) CNS_GRAPH_DATATYPES(CNS_X)
#undef CNS_X
};

cns_datatype
cns_datatype_named(cns_str iri) {
    cns_str start = {iri.data, xsd.length};
    if (iri.length <= xsd.length || !cns_str_equal(start, xsd)) {
        return cns_str_equal(iri, lang_string) ? CNS_DATATYPE_LANG_STRING : CNS_DATATYPE_OTHER;
    }
    cns_str name = {iri.data + xsd.length, iri.length - xsd.length};
    for (int i = 0; i < CNS_DATATYPE_COUNT; i++) {
        if (cns_str_equal(name, names[i])) {
            return (cns_datatype)i;
        }
    }
    return CNS_DATATYPE_OTHER;
}

/* What a value is, by the member in the tables of datatypes. */
enum {
    VALUE_OF_none = CNS_VALUE_NONE,
    VALUE_OF_boolean = CNS_VALUE_BOOLEAN,
    VALUE_OF_integer = CNS_VALUE_EXACT,
    VALUE_OF_natural = CNS_VALUE_EXACT,
    VALUE_OF_decimal = CNS_VALUE_EXACT,
    VALUE_OF_single = CNS_VALUE_SINGLE,
    VALUE_OF_real = CNS_VALUE_REAL,
    VALUE_OF_datetime = CNS_VALUE_INSTANT,
    VALUE_OF_duration = CNS_VALUE_SPAN,
    VALUE_OF_string = CNS_VALUE_TEXT
};

static const uint8_t values[CNS_DATATYPE_COUNT] = {
#define CNS_X(tag, member, name) [CNS_DATATYPE_##tag] = VALUE_OF_##member,
    CNS_DATATYPES(CNS_X) CNS_GRAPH_DATATYPES(CNS_X)
#undef CNS_X
};

/* The value of well-typed literals. */
static cns_value
value_of(cns_datatype datatype) {
    /* Records hold an xsd:anyURI as they hold a string, but it has no order. */
    return datatype == CNS_DATATYPE_ANY_URI ? CNS_VALUE_NONE : (cns_value)values[datatype];
}

/* ---- Reading ------------------------------------------------------------------------------ */

static bool
read_boolean(cns_str lexical, bool *made) {
    static const cns_str forms[] = {CNS_STR("false"), CNS_STR("0"), CNS_STR("true"), CNS_STR("1")};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (cns_str_equal(lexical, forms[i])) {
            *made = i >= 2;
            return true;
        }
    }
    return false;
}

static bool
read_value(cns_literal *made, cns_datatype datatype, cns_str lexical) {
    switch (value_of(datatype)) {
    case CNS_VALUE_BOOLEAN:
        return read_boolean(lexical, &made->as.boolean);
    case CNS_VALUE_EXACT:
        return datatype == CNS_DATATYPE_DECIMAL
                   ? cns_decimal_read(lexical, &made->as.exact)
                   : cns_integer_read(datatype, lexical, &made->as.exact);
    case CNS_VALUE_SINGLE:
        return cns_single_read(lexical, &made->as.real);
    case CNS_VALUE_REAL:
        return cns_real_read(lexical, &made->as.real);
    case CNS_VALUE_INSTANT:
        return cns_instant_read(datatype, lexical, &made->as.instant);
    case CNS_VALUE_SPAN:
        return cns_span_read(datatype, lexical, &made->as.span);
    default:
        made->as.text = lexical;
        return cns_text_matches(datatype, lexical);
    }
}

cns_literal
cns_literal_read(cns_datatype datatype, cns_str lexical) {
    static const cns_str empty = CNS_STR("");
    cns_literal made = {.datatype = (uint8_t)datatype};
    made.well_typed = read_value(&made, datatype, lexical.data == NULL ? empty : lexical);
    made.value = made.well_typed ? (uint8_t)value_of(datatype) : CNS_VALUE_NONE;
    return made;
}

cns_literal
cns_literal_tagged(void) {
    return (cns_literal){.datatype = CNS_DATATYPE_LANG_STRING, .well_typed = true};
}

/* ---- Order -------------------------------------------------------------------------------- */

static bool
is_number(const cns_literal *literal) {
    return literal->value >= CNS_VALUE_EXACT && literal->value <= CNS_VALUE_REAL;
}

static cns_order
compare_booleans(bool a, bool b) {
    return a == b ? CNS_EQUAL : b ? CNS_LESS : CNS_GREATER;
}

/* The datatype that times are compared as: a stamp is a dateTime. */
static cns_datatype
time_line(const cns_literal *literal) {
    return literal->datatype == CNS_DATATYPE_DATE_TIME_STAMP ? CNS_DATATYPE_DATE_TIME
                                                             : (cns_datatype)literal->datatype;
}

cns_order
cns_literal_compare(const cns_literal *a, const cns_literal *b) {
    if (is_number(a) && is_number(b)) {
        return cns_number_compare(a, b);
    }
    if (a->value != b->value) {
        return CNS_UNORDERED;
    }
    switch (a->value) {
    case CNS_VALUE_BOOLEAN:
        return compare_booleans(a->as.boolean, b->as.boolean);
    case CNS_VALUE_INSTANT:
        return time_line(a) != time_line(b) ? CNS_UNORDERED
                                            : cns_instant_compare(&a->as.instant, &b->as.instant);
    case CNS_VALUE_SPAN:
        return cns_span_compare(&a->as.span, &b->as.span);
    case CNS_VALUE_TEXT:
        return cns_str_compare(a->as.text, b->as.text);
    default:
        return CNS_UNORDERED;
    }
}

/* ---- Value spaces ------------------------------------------------------------------------- */

bool
cns_literal_within(const cns_literal *literal, cns_datatype datatype) {
    if (literal->well_typed && literal->datatype == datatype) {
        return datatype != CNS_DATATYPE_OTHER;
    }
    if (literal->value != value_of(datatype)) {
        return false;
    }
    switch (literal->value) {
    case CNS_VALUE_EXACT:
        return cns_exact_within(datatype, &literal->as.exact);
    case CNS_VALUE_INSTANT:
        return time_line(literal) == CNS_DATATYPE_DATE_TIME &&
               (datatype == CNS_DATATYPE_DATE_TIME ||
                (datatype == CNS_DATATYPE_DATE_TIME_STAMP && literal->as.instant.zoned));
    case CNS_VALUE_SPAN:
        return cns_span_within(datatype, &literal->as.span);
    case CNS_VALUE_TEXT:
        return cns_text_matches(datatype, literal->as.text);
    default:
        return false;
    }
}

bool
cns_literal_same(const cns_literal *a, const cns_literal *b) {
    bool binary = a->value == CNS_VALUE_SINGLE || a->value == CNS_VALUE_REAL;
    return a->value == b->value && cns_literal_compare(a, b) == CNS_EQUAL &&
           (!binary || signbit(a->as.real) == signbit(b->as.real));
}
