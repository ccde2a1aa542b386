/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Graphs: terms and triples, indexed for what a program asks of them.
 *
 * First triples are added, then the graph is closed; from then on it does not change, and any
 * number of threads may read it.
 */
#ifndef CNS_HOST_GRAPH_H
#define CNS_HOST_GRAPH_H

#include "program.h"
#include "terms.h"

/* A set of terms, or a list of them: a part of some array. */
typedef struct cns_set {
    const uint32_t *at;
    uint32_t count;
} cns_set;

typedef struct cns_triple {
    uint32_t subject, predicate, object;
} cns_triple;

/*
 * Triples by the term at one end: those of term t are from starts[t] to starts[t + 1], ordered by
 * predicate, then by the term at the other end.
 */
typedef struct cns_edges {
    uint32_t *starts; /* terms + 2 */
    uint32_t *predicates;
    uint32_t *others;
    uint32_t count;
} cns_edges;

/* Which classes that a program asks for are above others: a bit for each, in rows by class. */
typedef struct cns_classes {
    uint32_t *row_of; /* by term: the row of a class, or 0; row 0 is empty */
    uint32_t *terms;  /* by row */
    uint32_t *bits;   /* by row, `words` each */
    uint32_t rows;
    uint32_t words;
    uint32_t *instances; /* by term of the program: where its classes begin in `types` */
    uint32_t *types;     /* of nodes of the ontology */
} cns_classes;

/* Why a graph was not closed. */
typedef enum cns_closing {
    CNS_CLOSING_DONE,
    CNS_CLOSING_NO_MEMORY,
    CNS_CLOSING_EXTENDS, /* a triple of the data would add to the ontology: `extending` */
    CNS_CLOSING_TOO_MANY /* more follows than anybody has space for */
} cns_closing;

typedef struct cns_graph {
    const cns_program *program;
    cns_terms terms;
    cns_triple *triples; /* until it is closed; where rules infer, until it ends */
    uint32_t triple_count;
    uint32_t triple_capacity;
    uint32_t asserted; /* of the triples, in the data; those of the ontology come next */
    uint32_t given;    /* in the data and the ontology; then comes what follows from these */
    uint8_t *in_data;  /* by term of the program: whether data have it; NULL: nothing infers */
    cns_closing outcome;
    cns_triple extending;
    uint8_t *wanted; /* by term of the program: what is read of a predicate; NULL: everything */
    cns_edges out;
    cns_edges in;
    uint32_t indexed; /* the terms that there were when it was closed; others have no triples */
    cns_classes classes;
    uint32_t type;        /* the terms rdf:type and rdfs:subClassOf, */
    uint32_t subclass_of; /* or 0 */
} cns_graph;

/* Begins with the terms of the program, which keep their numbers. False where memory fails. */
bool cns_graph_begin(cns_graph *graph, const cns_program *program, uint64_t seed);

/* Adds a triple; of equal ones, one is kept. False where memory fails. */
bool cns_graph_add(cns_graph *graph, uint32_t subject, uint32_t predicate, uint32_t object);

/* Derives by rules, where there are any, what follows. False where `outcome` says why. */
bool cns_graph_infer(cns_graph *graph);

/* Indexes what was added, and what follows. False where `outcome` says why. */
bool cns_graph_index(cns_graph *graph);

/* Infers, and indexes. False where `outcome` says why. */
bool cns_graph_close(cns_graph *graph);

/*
 * Opens a closed graph for changes: triples are added and removed, then it is closed again.
 * Numbers of terms stay. False where memory fails.
 */
bool cns_graph_open(cns_graph *graph);

/* Takes triples away, which may be in any order; those that are not there are passed over. */
void cns_graph_remove(cns_graph *graph, cns_triple *triples, uint32_t count);

/* Frees all memory; also after a failure. */
void cns_graph_end(cns_graph *graph);

/* Whether shapes look at the triples of a predicate. */
bool cns_graph_reads(const cns_graph *graph, uint32_t predicate);

/* Makes space for so many more triples. False where memory fails. */
bool cns_graph_reserve(cns_graph *graph, uint64_t more);

/* The triples of a term with one predicate. */
cns_set cns_edges_with(const cns_edges *edges, uint32_t term, uint32_t predicate);

static inline cns_set
cns_objects(const cns_graph *graph, uint32_t subject, uint32_t predicate) {
    return cns_edges_with(&graph->out, subject, predicate);
}

static inline cns_set
cns_subjects(const cns_graph *graph, uint32_t predicate, uint32_t object) {
    return cns_edges_with(&graph->in, object, predicate);
}

/* Whether a set of terms that ascend has one of them. */
bool cns_set_has(cns_set set, uint32_t term);

/* Makes the rows of all classes. False where memory fails. */
bool cns_classes_close(cns_graph *graph);
void cns_classes_end(cns_classes *classes);

/* Whether a row has a class of the program above it, or is that one. */
static inline bool
cns_class_below(const cns_classes *classes, uint32_t row, uint32_t queried) {
    return (classes->bits[(size_t)row * classes->words + queried / 32] >> queried % 32 & 1u) != 0;
}

/* Whether a node is an instance of a class of the program (SHACL 1.1), in the data or ontology. */
bool cns_is_instance(const cns_graph *graph, uint32_t node, uint32_t queried);

#endif
