/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the triples of a graph, where rules infer, as N-Triples. */
#ifndef CNS_HOST_NTRIPLES_WRITE_H
#define CNS_HOST_NTRIPLES_WRITE_H

#include "graph.h"

/* What is written: triples from `at` to `end`. */
typedef struct cns_ntriples_writer {
    const cns_graph *graph;
    uint8_t *forms; /* by term: how its text is written */
    uint32_t at;
    uint32_t end;
    bool scoped; /* blank nodes of several files: labels say of which they are */
} cns_ntriples_writer;

/* Begins with the first triple. False where memory fails. */
bool cns_ntriples_write_begin(cns_ntriples_writer *writer, const cns_graph *graph, bool scoped);

/* The most bytes that the line of a triple takes, which are fewer than 2^36. */
size_t cns_ntriples_room(cns_ntriples_writer *writer, const cns_triple *triple);

/* Writes the line of a triple; returns the number of bytes. */
size_t cns_ntriples_put(cns_ntriples_writer *writer, const cns_triple *triple, char *to);

/* Writes lines while there is room for one; returns the number of bytes. */
size_t cns_ntriples_write(cns_ntriples_writer *writer, char *to, size_t size);

void cns_ntriples_write_end(cns_ntriples_writer *writer);

#endif
