/* SPDX-License-Identifier: Apache-2.0 */
/* The IRIs of a record that are none of the model's, and the ids that stand for them. */
#ifndef NAMES_H
#define NAMES_H

#include <cns/cns.h>

typedef struct names {
    uint32_t first; /* the id of iris[0] */
    uint32_t count;
    uint32_t capacity;
    cns_str *iris;
} names;

/* The id of an IRI, a new one if need be; 0 without memory. It keeps a copy. */
uint32_t names_id(names *known, cns_str iri);

/* The IRI of an id, or a text at NULL: the function that cns_denote asks; `known` is a names. */
cns_str names_iri(void *known, uint32_t id);

/* Forgets all IRIs: their ids stand for others from now on. */
void names_clear(names *known);

#endif
