/* SPDX-License-Identifier: Apache-2.0 */
/* Literals as rules compare them: by value. */
#include "infer.h"
#include "literal.h"

/* The value of a literal without a language tag. */
static cns_literal
value_of(const cns_inference *in, const cns_entry *literal) {
    const cns_entry *datatype = &in->graph->terms.entries[literal->datatype];
    const cns_str iri = {datatype->text, datatype->length};
    const cns_str lexical = {literal->text, literal->length};
    return cns_literal_read(cns_datatype_named(iri), lexical);
}

bool
cns_is_same_value(const cns_inference *in, uint32_t a, uint32_t b) {
    const cns_entry *x = &in->graph->terms.entries[a], *y = &in->graph->terms.entries[b];
    if (a == b || x->kind != CNS_KIND_LITERAL || y->kind != CNS_KIND_LITERAL || x->language != 0 ||
        y->language != 0) {
        return a == b;
    }
    cns_literal one = value_of(in, x), other = value_of(in, y);
    return one.value == other.value && one.value != CNS_VALUE_NONE &&
           cns_literal_compare(&one, &other) == CNS_EQUAL;
}
