/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: which of those that a program asks for are above the classes of the data. */
#include <stdlib.h>
#include <string.h>

#include "graph.h"

/* Pairs of a class and one directly above it, by the upper one. */
typedef struct hierarchy {
    uint32_t *starts; /* rows + 2 */
    uint32_t *lower;  /* rows */
} hierarchy;

static void
add_row(cns_classes *classes, uint32_t term) {
    if (classes->row_of[term] == 0) {
        classes->row_of[term] = classes->rows;
        classes->terms[classes->rows++] = term;
    }
}

/* Gives a row to each class: asked for, in the hierarchy, or with an instance. */
static void
add_rows(cns_graph *graph) {
    const cns_program *program = graph->program;
    cns_classes *classes = &graph->classes;
    classes->rows = 1;
    for (uint32_t i = 0; i < program->classes.length; i++) {
        add_row(classes, program->classes.at[i]);
    }
    for (uint32_t i = 0; i < program->hierarchy.length; i++) {
        add_row(classes, program->hierarchy.at[i]);
    }
    for (uint32_t i = 1; i < program->instances.length; i += 2) {
        add_row(classes, program->instances.at[i]);
    }
    for (uint32_t i = 0; i < graph->out.count; i++) {
        uint32_t predicate = graph->out.predicates[i];
        if (predicate == graph->type || predicate == graph->subclass_of) {
            add_row(classes, graph->out.others[i]);
        }
    }
    for (uint32_t term = 1; term <= graph->terms.count; term++) {
        if (cns_objects(graph, term, graph->subclass_of).count > 0) {
            add_row(classes, term);
        }
    }
}

/* Calls `visit` for each pair of rows: a class, and one directly above it. */
static void
each_pair(const cns_graph *graph, hierarchy *pairs,
          void (*visit)(hierarchy *pairs, uint32_t lower, uint32_t upper)) {
    const uint32_t *row_of = graph->classes.row_of;
    cns_words given = graph->program->hierarchy;
    for (uint32_t i = 0; i < given.length; i += 2) {
        visit(pairs, row_of[given.at[i]], row_of[given.at[i + 1]]);
    }
    for (uint32_t row = 1; row < graph->classes.rows; row++) {
        cns_set above = cns_objects(graph, graph->classes.terms[row], graph->subclass_of);
        for (uint32_t i = 0; i < above.count; i++) {
            visit(pairs, row, row_of[above.at[i]]);
        }
    }
}

static void
count_pair(hierarchy *pairs, uint32_t lower, uint32_t upper) {
    (void)lower;
    pairs->starts[upper + 1]++;
}

static void
place_pair(hierarchy *pairs, uint32_t lower, uint32_t upper) {
    pairs->lower[pairs->starts[upper]++] = lower;
}

/* Brings the pairs in order; false where memory fails. */
static bool
order_pairs(const cns_graph *graph, hierarchy *pairs) {
    uint32_t rows = graph->classes.rows;
    pairs->starts = calloc((size_t)rows + 2, sizeof *pairs->starts);
    pairs->lower = NULL;
    if (pairs->starts == NULL) {
        return false;
    }
    each_pair(graph, pairs, count_pair);
    for (uint32_t row = 0; row <= rows; row++) {
        pairs->starts[row + 1] += pairs->starts[row];
    }
    pairs->lower = malloc(((size_t)pairs->starts[rows + 1] + 1) * sizeof *pairs->lower);
    if (pairs->lower == NULL) {
        return false;
    }
    each_pair(graph, pairs, place_pair); /* now a row begins where it ended */
    memmove(pairs->starts + 1, pairs->starts, (size_t)rows * sizeof *pairs->starts);
    pairs->starts[0] = 0;
    return true;
}

/* Adds the bits of a row to those of another; returns whether that had not all of them. */
static bool
inherit(cns_classes *classes, uint32_t from, uint32_t to) {
    uint32_t *held = classes->bits + (size_t)to * classes->words, news = 0;
    const uint32_t *more = classes->bits + (size_t)from * classes->words;
    for (uint32_t i = 0; i < classes->words; i++) {
        news |= more[i] & ~held[i];
        held[i] |= more[i];
    }
    return news != 0;
}

/*
 * Puts all rows in an order in which those behind are above, circles aside: `waiting` is filled,
 * `waits` set. `path` and `next` have space for all rows.
 */
static uint32_t
order_rows(const cns_classes *classes, const hierarchy *pairs, uint32_t *waiting, uint8_t *waits,
           uint32_t *path, uint32_t *next) {
    uint32_t count = 0;
    for (uint32_t start = 1; start < classes->rows; start++) {
        uint32_t depth = 0;
        if (!waits[start]) {
            path[depth++] = start;
            waits[start] = 1;
            next[start] = pairs->starts[start];
        }
        while (depth > 0) {
            uint32_t row = path[depth - 1];
            if (next[row] == pairs->starts[row + 1]) {
                waiting[count++] = row;
                depth--;
                continue;
            }
            uint32_t lower = pairs->lower[next[row]++];
            if (!waits[lower]) {
                path[depth++] = lower;
                waits[lower] = 1;
                next[lower] = pairs->starts[lower];
            }
        }
    }
    return count;
}

/* Hands bits down from the classes that are asked for, until no row lacks any. */
static void
hand_down(cns_classes *classes, const hierarchy *pairs, uint32_t *waiting, uint8_t *waits,
          uint32_t count) {
    while (count > 0) {
        uint32_t row = waiting[--count];
        waits[row] = 0;
        for (uint32_t i = pairs->starts[row]; i < pairs->starts[row + 1]; i++) {
            uint32_t lower = pairs->lower[i];
            if (inherit(classes, row, lower) && !waits[lower]) {
                waits[lower] = 1;
                waiting[count++] = lower;
            }
        }
    }
}

static bool
fill_rows(cns_graph *graph) {
    cns_classes *classes = &graph->classes;
    cns_words queried = graph->program->classes;
    hierarchy pairs;
    classes->words = queried.length / 32 + 1;
    if (classes->rows > SIZE_MAX / classes->words - 1) {
        return false;
    }
    classes->bits = calloc((size_t)classes->rows * classes->words + 1, sizeof *classes->bits);
    uint32_t *waiting = malloc(3 * (size_t)classes->rows * sizeof *waiting);
    uint8_t *waits = calloc(classes->rows, 1);
    bool made =
        order_pairs(graph, &pairs) && classes->bits != NULL && waiting != NULL && waits != NULL;
    if (made) {
        for (uint32_t i = 0; i < queried.length; i++) {
            uint32_t row = classes->row_of[queried.at[i]];
            classes->bits[(size_t)row * classes->words + i / 32] |= UINT32_C(1) << i % 32;
        }
        uint32_t *path = waiting + classes->rows, *next = path + classes->rows;
        uint32_t count = order_rows(classes, &pairs, waiting, waits, path, next);
        hand_down(classes, &pairs, waiting, waits, count);
    }
    free(pairs.starts);
    free(pairs.lower);
    free(waiting);
    free(waits);
    return made;
}

/* The classes of nodes of the ontology, by node. */
static bool
order_instances(cns_graph *graph) {
    cns_classes *classes = &graph->classes;
    cns_words pairs = graph->program->instances;
    size_t terms = (size_t)cns_program_terms(graph->program) + 1;
    classes->instances = calloc(terms + 1, sizeof *classes->instances);
    classes->types = malloc(((size_t)pairs.length / 2 + 1) * sizeof *classes->types);
    if (classes->instances == NULL || classes->types == NULL) {
        return false;
    }
    uint32_t *starts = classes->instances;
    for (uint32_t i = 0; i < pairs.length; i += 2) {
        starts[pairs.at[i] + 1]++;
    }
    for (size_t term = 1; term <= terms; term++) {
        starts[term] += starts[term - 1];
    }
    for (uint32_t i = 0; i < pairs.length; i += 2) {
        classes->types[starts[pairs.at[i]]++] = classes->row_of[pairs.at[i + 1]];
    }
    memmove(starts + 1, starts, (terms - 1) * sizeof *starts);
    starts[0] = 0;
    return true;
}

bool
cns_classes_close(cns_graph *graph) {
    cns_classes *classes = &graph->classes;
    size_t terms = (size_t)graph->terms.count + 1;
    classes->row_of = calloc(terms, sizeof *classes->row_of);
    classes->terms = malloc((terms + 1) * sizeof *classes->terms);
    if (classes->row_of == NULL || classes->terms == NULL) {
        return false;
    }
    add_rows(graph);
    return fill_rows(graph) && order_instances(graph);
}

void
cns_classes_end(cns_classes *classes) {
    free(classes->row_of);
    free(classes->terms);
    free(classes->bits);
    free(classes->instances);
    free(classes->types);
    memset(classes, 0, sizeof *classes);
}

bool
cns_is_instance(const cns_graph *graph, uint32_t node, uint32_t queried) {
    const cns_classes *classes = &graph->classes;
    cns_set types = cns_objects(graph, node, graph->type);
    for (uint32_t i = 0; i < types.count; i++) {
        if (cns_class_below(classes, classes->row_of[types.at[i]], queried)) {
            return true;
        }
    }
    if (node <= cns_program_terms(graph->program)) {
        for (uint32_t i = classes->instances[node]; i < classes->instances[node + 1]; i++) {
            if (cns_class_below(classes, classes->types[i], queried)) {
                return true;
            }
        }
    }
    return false;
}
