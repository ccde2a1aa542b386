/* SPDX-License-Identifier: Apache-2.0 */
/* Files of data, read into a graph: N-Triples, N-Quads and, with libraries, Turtle and gzip. */
#ifndef CNS_HOST_INPUT_H
#define CNS_HOST_INPUT_H

#include "graph.h"

/* Where data go, and how much of them there was. */
typedef struct cns_input {
    cns_graph *graph;
    uint64_t triples;
    uint64_t skipped; /* malformed lines */
    uint32_t scope;   /* of the blank nodes of the last file */
    bool lenient;     /* skip malformed lines of N-Triples and N-Quads */
} cns_input;

/* Reads a file, "-" being the standard input. False where it cannot: stderr has the reason. */
bool cns_input_read(cns_input *input, const char *file);

#endif
