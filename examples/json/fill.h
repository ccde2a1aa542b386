/* SPDX-License-Identifier: Apache-2.0 */
/* Records from JSON: keys are the local names of properties, by the layout table of any model. */
#ifndef FILL_H
#define FILL_H

#include "json.h"
#include "names.h"

/* Memory for the structs of one line, given back all at once. */
typedef struct arena {
    max_align_t *words; /* all 0 where nothing is taken */
    size_t count;
    size_t used;
} arena;

void arena_clear(arena *memory);

/* What is wrong with a text; `key` is what it is about, if anything. */
typedef struct fault {
    const char *why; /* NULL when nothing is wrong */
    cns_str key;
    uint32_t at; /* bytes from the start */
} fault;

/*
 * Makes a record of type `record` from a JSON object: *made is in `memory`, its texts are in
 * `text`, which is changed. As in JSON-LD, "@id" is the IRI of a node, and a text with a language
 * is {"@value": …, "@language": …}. A time is text in its XML Schema form, an enumerator the
 * local name of its term; one that is not listed is stored as none, which violates sh:in.
 */
fault fill(const cns_layout *layout, uint16_t record, char *text, uint32_t length, arena *memory,
           names *known, void **made);

#endif
