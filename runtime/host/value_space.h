/* SPDX-License-Identifier: Apache-2.0 */
/* Value spaces: which values literals have, whatever datatype they name. */
#ifndef CNS_HOST_VALUE_SPACE_H
#define CNS_HOST_VALUE_SPACE_H

#include "literal.h"

/*
 * The datatype whose values those of another are: all integers are decimals, all tokens strings.
 * Floats, doubles and decimals have no values in common (OWL 2).
 */
cns_datatype cns_primitive_of(cns_datatype datatype);

/* Whether the value of a literal is one of a datatype: "1.0"^^xsd:decimal is an xsd:integer. */
bool cns_in_value_space(cns_datatype datatype, const cns_literal *literal, cns_str lexical);

#endif
