/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Literals as rules compare them: by value. Each value is a term of a table of its own, and a
 * literal stands for all that have its value. Durations, and years beyond 9999, are compared by
 * their lexical forms.
 */
#include <stdlib.h>
#include <string.h>

#include "infer.h"
#include "literal.h"

/* The kind of an entry that is a value; in the bits below is the datatype. */
#define VALUE_KIND 0x40
#define VALUE_ZONED 0x80

_Static_assert((int)CNS_DATATYPE_COUNT <= VALUE_KIND, "a datatype fits below the kind");

static cns_str
lexical_of(const cns_entry *literal) {
    const cns_str lexical = {literal->text, literal->length};
    return lexical;
}

static cns_datatype
datatype_of(const cns_inference *in, uint32_t term) {
    return cns_datatype_named(lexical_of(&in->graph->terms.entries[term]));
}

static cns_literal
read_literal(const cns_inference *in, const cns_entry *literal) {
    return literal->language != 0
               ? cns_literal_tagged()
               : cns_literal_read(datatype_of(in, literal->datatype), lexical_of(literal));
}

/* The datatype whose values those of another are: all integers are decimals, all tokens strings.
 */
static cns_datatype
primitive_of(cns_datatype datatype) {
    if ((datatype >= CNS_DATATYPE_BYTE && datatype <= CNS_DATATYPE_POSITIVE_INTEGER)) {
        return CNS_DATATYPE_DECIMAL;
    }
    if (datatype >= CNS_DATATYPE_NORMALIZED_STRING && datatype <= CNS_DATATYPE_ENTITY) {
        return CNS_DATATYPE_STRING;
    }
    return datatype == CNS_DATATYPE_DATE_TIME_STAMP ? CNS_DATATYPE_DATE_TIME : datatype;
}

/* Puts a number of 64 bits into what else says which datatype and language a literal has. */
static void
put_number(cns_entry *value, uint64_t number) {
    value->datatype = (uint32_t)(number >> 32);
    value->language = (uint32_t)number;
}

/* Makes an entry that equals those of the same value; false where that is the literal itself. */
static bool
make_value(const cns_literal *literal, cns_str lexical, cns_entry *value) {
    uint64_t bits;
    memset(value, 0, sizeof *value);
    value->text = "";
    value->kind = (uint8_t)(VALUE_KIND | primitive_of((cns_datatype)literal->datatype));
    switch ((cns_value)literal->value) {
    case CNS_VALUE_BOOLEAN:
        value->datatype = literal->as.boolean ? 1 : 0;
        return true;
    case CNS_VALUE_EXACT:
        value->text = literal->as.exact.digits;
        value->length = literal->as.exact.whole;
        if (literal->as.exact.fraction > 0) {
            value->length += 1 + literal->as.exact.fraction; /* with the point */
        }
        value->language = literal->as.exact.negative ? 1 : 0;
        return true;
    case CNS_VALUE_SINGLE:
    case CNS_VALUE_REAL:
        memcpy(&bits, &literal->as.real, sizeof bits);
        put_number(value, bits);
        return true;
    case CNS_VALUE_INSTANT:
        value->text = literal->as.instant.fraction_length > 0 ? literal->as.instant.fraction : "";
        value->length = literal->as.instant.fraction_length;
        value->kind |= literal->as.instant.zoned ? VALUE_ZONED : 0;
        put_number(value, (uint64_t)literal->as.instant.seconds);
        return literal->as.instant.era_length == 0;
    case CNS_VALUE_TEXT:
        value->text = lexical.data;
        value->length = lexical.length;
        return true;
    default:
        return false;
    }
}

/* Makes space for values by term. */
static bool
begin_values(cns_inference *in) {
    if (in->value_of != NULL) {
        return true;
    }
    in->value_of = calloc((size_t)in->graph->terms.count + 1, sizeof *in->value_of);
    in->with_value = calloc((size_t)in->graph->terms.count + 4, sizeof *in->with_value);
    return (in->value_of != NULL && in->with_value != NULL &&
            cns_terms_begin(&in->values, in->keys.first)) ||
           cns_infer_full(in);
}

uint32_t
cns_value_term(cns_inference *in, uint32_t term) {
    const cns_entry *literal = &in->graph->terms.entries[term];
    if (literal->kind != CNS_KIND_LITERAL || literal->language != 0) {
        return term;
    }
    if (!begin_values(in)) {
        return 0;
    }
    if (in->value_of[term] == 0) {
        cns_literal read = read_literal(in, literal);
        cns_entry value;
        in->value_of[term] = term;
        if (make_value(&read, lexical_of(literal), &value)) {
            uint32_t number = cns_terms_add(&in->values, &value);
            if (number == 0) {
                (void)cns_infer_full(in);
                return 0;
            }
            if (in->with_value[number] == 0) {
                in->with_value[number] = term;
            }
            in->value_of[term] = in->with_value[number];
        }
    }
    return in->value_of[term];
}

/* ---- Datatypes ---------------------------------------------------------------------------- */

static bool
is_named(const cns_entry *iri, const char *name) {
    cns_str text = {name, (uint32_t)strlen(name)};
    return cns_str_equal(lexical_of(iri), text);
}

/* Whether a literal has a value of a datatype: of XML Schema, or of those that OWL adds. */
static bool
has_datatype(const cns_inference *in, const cns_entry *literal, uint32_t datatype) {
    const cns_entry *iri = &in->graph->terms.entries[datatype];
    cns_literal read = read_literal(in, literal);
    if (is_named(iri, "http://www.w3.org/2000/01/rdf-schema#Literal")) {
        return true;
    }
    if (is_named(iri, "http://www.w3.org/2002/07/owl#real") ||
        is_named(iri, "http://www.w3.org/2002/07/owl#rational")) {
        return read.well_typed && read.value == CNS_VALUE_EXACT;
    }
    if (is_named(iri, "http://www.w3.org/1999/02/22-rdf-syntax-ns#PlainLiteral")) {
        return read.datatype == CNS_DATATYPE_LANG_STRING || read.value == CNS_VALUE_TEXT;
    }
    return cns_literal_within(&read, datatype_of(in, datatype)) ||
           (literal->datatype == datatype && read.well_typed);
}

bool
cns_derive_literals(cns_inference *in, uint32_t datatype, uint32_t unary) {
    for (uint32_t term = 1; term <= in->graph->terms.count; term++) {
        const cns_entry *literal = &in->graph->terms.entries[term];
        if (literal->kind == CNS_KIND_LITERAL && has_datatype(in, literal, datatype) &&
            !cns_derive_member(in, unary, term)) {
            return false;
        }
    }
    return true;
}

bool
cns_derive_equal(cns_inference *in, uint32_t term, uint32_t unary) {
    uint32_t value = cns_value_term(in, term);
    for (uint32_t other = 1; value != 0 && other <= in->graph->terms.count; other++) {
        if (in->graph->terms.entries[other].kind == CNS_KIND_LITERAL) {
            uint32_t found = cns_value_term(in, other);
            if (found == 0 || (found == value && !cns_derive_member(in, unary, other))) {
                return false;
            }
        }
    }
    return value != 0;
}

void
cns_values_end(cns_inference *in) {
    free(in->value_of);
    free(in->with_value);
    cns_terms_end(&in->values);
}
