/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random triples through the builder of graphs, and lookups in them, compared with a plain table:
 * of objects and subjects, of instances of classes, and again after changes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <host/graph.h>

enum {
    TERMS = 24,
    MOST_TRIPLES = 400,
    PREDICATES = 5, /* the terms from 3 on, and rdf:type and rdfs:subClassOf among them */
    FIRST = 3
};

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

static void
require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "failed: %s\n", what);
        abort();
    }
}

/* ---- A program ---------------------------------------------------------------------------- */

static const char *const names[PREDICATES] = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    "urn:p",
    "urn:q",
    "urn:r",
};

static const char string[] = "http://www.w3.org/2001/XMLSchema#string";
static const char lang_string[] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";

static const uint32_t read_words[] = {
    3, CNS_READ_OUT | CNS_READ_IN,
    4, CNS_READ_OUT,
    5, CNS_READ_OUT | CNS_READ_IN,
    6, CNS_READ_OUT,
    7, CNS_READ_IN,
};
static const uint32_t class_words[] = {8, 9, 10};
static const uint32_t hierarchy_words[] = {11, 8, 12, 11};
static const uint32_t instance_words[] = {13, 12, 14, 9};

/* Terms 1 to TERMS: the datatypes, the predicates, and others. */
static char texts[2048];
static uint32_t term_words[TERMS * CNS_TERM_WORDS];

static void
make_terms(void) {
    uint32_t used = 0;
    for (uint32_t number = 1; number <= TERMS; number++) {
        char other[16];
        (void)snprintf(other, sizeof other, "urn:%u", (unsigned)number);
        const char *text = number == 1                   ? string
                           : number == 2                 ? lang_string
                           : number < FIRST + PREDICATES ? names[number - FIRST]
                                                         : other;
        uint32_t length = (uint32_t)strlen(text);
        uint32_t *row = term_words + (size_t)(number - 1) * CNS_TERM_WORDS;
        row[0] = CNS_KIND_IRI;
        row[1] = used;
        row[2] = length;
        memcpy(texts + used, text, length);
        used += length;
    }
}

#define SECTION(array) {array, sizeof array / sizeof array[0]}

static const cns_program *
the_program(void) {
    static cns_program program;
    if (program.terms.length == 0) {
        const cns_words terms = SECTION(term_words), read = SECTION(read_words),
                        classes = SECTION(class_words), above = SECTION(hierarchy_words),
                        instances = SECTION(instance_words);
        make_terms();
        program.texts.at = (const uint32_t *)(const void *)texts;
        program.terms = terms;
        program.read = read;
        program.classes = classes;
        program.hierarchy = above;
        program.instances = instances;
    }
    return &program;
}

/* ---- The plain table ---------------------------------------------------------------------- */

typedef struct table {
    bool has[TERMS + 1][TERMS + 1][TERMS + 1];
} table;

static bool
has(const table *all, uint32_t subject, uint32_t predicate, uint32_t object) {
    return all->has[subject][predicate][object];
}

static void
put(table *all, cns_triple triple, bool there) {
    all->has[triple.subject][triple.predicate][triple.object] = there;
}

static bool
is_above(const table *all, uint32_t lower, uint32_t upper) {
    for (size_t i = 0; i < sizeof hierarchy_words / sizeof hierarchy_words[0]; i += 2) {
        if (hierarchy_words[i] == lower && hierarchy_words[i + 1] == upper) {
            return true;
        }
    }
    return has(all, lower, 4, upper);
}

/* Marks a class and all above it. */
static void
mark(const table *all, uint32_t lower, bool *marked) {
    marked[lower] = true;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t a = 1; a <= TERMS; a++) {
            for (uint32_t b = 1; b <= TERMS; b++) {
                if (marked[a] && !marked[b] && is_above(all, a, b)) {
                    marked[b] = more = true;
                }
            }
        }
    }
}

static void
mark_types(const table *all, uint32_t node, bool *marked) {
    for (uint32_t type = 1; type <= TERMS; type++) {
        bool given = has(all, node, 3, type);
        for (size_t i = 0; i < sizeof instance_words / sizeof instance_words[0]; i += 2) {
            given = given || (instance_words[i] == node && instance_words[i + 1] == type);
        }
        if (given) {
            mark(all, type, marked);
        }
    }
}

/* ---- Comparing ---------------------------------------------------------------------------- */

static void
compare_sets(const table *all, const cns_graph *graph, uint32_t term, uint32_t predicate) {
    cns_set objects = cns_objects(graph, term, predicate);
    cns_set subjects = cns_subjects(graph, predicate, term);
    bool back = predicate == 3 || predicate == 5 || predicate == 7;
    uint32_t out = 0, in = 0;
    for (uint32_t other = 1; other <= TERMS; other++) {
        bool to = has(all, term, predicate, other), from = has(all, other, predicate, term);
        require(cns_set_has(objects, other) == to, "objects");
        require(!back || cns_set_has(subjects, other) == from, "subjects");
        out += to ? 1 : 0;
        in += from ? 1 : 0;
    }
    require(objects.count == out, "the number of objects");
    require(subjects.count == (back ? in : 0), "the number of subjects");
    for (uint32_t i = 1; i < objects.count; i++) {
        require(objects.at[i - 1] < objects.at[i], "they ascend");
    }
}

static void
compare(const table *all, const cns_graph *graph) {
    for (uint32_t term = 1; term <= TERMS; term++) {
        bool marked[TERMS + 1] = {false};
        for (uint32_t predicate = 1; predicate <= TERMS; predicate++) {
            compare_sets(all, graph, term, predicate);
        }
        mark_types(all, term, marked);
        for (uint32_t i = 0; i < sizeof class_words / sizeof class_words[0]; i++) {
            require(cns_is_instance(graph, term, i) == marked[class_words[i]], "instances");
        }
    }
}

/* A triple of three bytes; many are of one subject. */
static cns_triple
triple_of(const unsigned char *bytes) {
    const cns_triple triple = {bytes[0] < 128 ? 8u : 1u + bytes[0] % TERMS,
                               FIRST + bytes[1] % (uint32_t)PREDICATES, 1u + bytes[2] % TERMS};
    return triple;
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
    cns_graph graph;
    static table all;
    size_t count = size / 3 < MOST_TRIPLES ? size / 3 : MOST_TRIPLES, gone = count / 4;
    cns_triple removed[MOST_TRIPLES];
    require(cns_graph_begin(&graph, the_program(), size), "memory");
    require(graph.terms.count == TERMS, "terms keep their numbers");
    memset(&all, 0, sizeof all);
    for (size_t i = 0; i < count; i++) {
        cns_triple triple = triple_of(bytes + 3 * i);
        put(&all, triple, true);
        require(cns_graph_add(&graph, triple.subject, triple.predicate, triple.object), "memory");
    }
    require(cns_graph_close(&graph), "memory");
    compare(&all, &graph);
    require(cns_graph_open(&graph), "memory");
    for (size_t i = 0; i < gone; i++) {
        removed[i] = triple_of(bytes + 3 * i);
        removed[i].object = bytes[0] % 2 == 0 ? removed[i].object : 1;
        put(&all, removed[i], false);
    }
    cns_graph_remove(&graph, removed, (uint32_t)gone);
    require(cns_graph_close(&graph), "memory");
    compare(&all, &graph);
    cns_graph_end(&graph);
    return 0;
}
