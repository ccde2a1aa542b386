/* SPDX-License-Identifier: Apache-2.0 */
/* What was found of one term is said of all that are the same, as triples. */
#include <stdlib.h>
#include <string.h>

#include "infer.h"

/* The terms of each class: those of term t, which stands for it, begin at starts[t]. */
typedef struct classes {
    uint32_t *starts;
    uint32_t *terms;
    cns_inference *in;
    uint64_t count; /* of triples, while they are counted alone */
    bool counting;
} classes;

static bool
list_classes(classes *all) {
    cns_inference *in = all->in;
    uint32_t count = in->graph->terms.count, sum = 0;
    all->starts = calloc((size_t)count + 2, sizeof *all->starts);
    all->terms = malloc(((size_t)count + 1) * sizeof *all->terms);
    if (all->starts == NULL || all->terms == NULL) {
        return cns_infer_full(in);
    }
    for (uint32_t term = 1; term <= count; term++) {
        all->starts[term] = sum;
        sum += cns_same_as(in, term) == term ? in->same_count[term] : 0;
    }
    for (uint32_t term = 1; term <= count; term++) {
        all->terms[all->starts[cns_same_as(in, term)]++] = term;
    }
    for (uint32_t term = 1; term <= count; term++) { /* a class begins where it ended, again */
        all->starts[term] -= cns_same_as(in, term) == term ? in->same_count[term] : 0;
    }
    return true;
}

static uint32_t
class_size(const classes *all, uint32_t term) {
    return all->in->same_count[term];
}

/* Says of two classes what a pair of those that stand for them says. */
static void
expand_pair(classes *all, uint32_t first, uint32_t predicate, uint32_t second) {
    cns_graph *graph = all->in->graph;
    uint32_t x = cns_same_as(all->in, first), y = cns_same_as(all->in, second);
    if (cns_is_literal(all->in->graph, x)) {
        return;
    }
    if (all->counting) {
        all->count += (uint64_t)class_size(all, x) * class_size(all, y);
        return;
    }
    for (uint32_t i = 0; i < class_size(all, x); i++) {
        for (uint32_t j = 0; j < class_size(all, y); j++) {
            const cns_triple triple = {all->terms[all->starts[x] + i], predicate,
                                       all->terms[all->starts[y] + j]};
            if (predicate != all->in->same_as || triple.subject != triple.object) {
                graph->triples[graph->triple_count++] = triple;
            }
        }
    }
}

static void
expand_member(classes *all, uint32_t member, uint32_t class_term) {
    cns_graph *graph = all->in->graph;
    if (cns_is_literal(all->in->graph, member)) {
        return;
    }
    if (all->counting) {
        all->count += class_size(all, member);
        return;
    }
    for (uint32_t i = 0; i < class_size(all, member); i++) {
        const cns_triple triple = {all->terms[all->starts[member] + i], graph->type, class_term};
        graph->triples[graph->triple_count++] = triple;
    }
}

/* Given triples that no relation has. */
static void
expand_given(classes *all) {
    const cns_inference *in = all->in;
    for (uint32_t i = 0; i < in->graph->given; i++) {
        const cns_triple triple = in->graph->triples[i];
        bool several = class_size(all, cns_same_as(in, triple.subject)) > 1 ||
                       class_size(all, cns_same_as(in, triple.object)) > 1;
        if (several && cns_infer_writes(in->graph, triple.predicate, triple.predicate) &&
            triple.predicate != in->same_as) {
            expand_pair(all, triple.subject, triple.predicate, triple.object);
        }
    }
}

static void
expand_all(classes *all) {
    cns_inference *in = all->in;
    for (uint32_t i = 0; i < in->unary_count; i++) {
        const cns_unary *unary = &in->unary[i];
        if (cns_infer_writes(in->graph, unary->term, in->graph->type)) {
            for (uint32_t j = 0; j < unary->count; j++) {
                expand_member(all, unary->members[j], unary->term);
            }
        }
    }
    for (uint32_t i = 0; i < in->binary_count; i++) {
        const cns_binary *binary = &in->binary[i];
        if (cns_infer_writes(in->graph, binary->term, binary->term)) {
            for (uint32_t j = 0; j < binary->count; j++) {
                expand_pair(all, binary->firsts[j], binary->term, binary->seconds[j]);
            }
        }
    }
    expand_given(all);
    if (cns_infer_writes(in->graph, in->same_as, in->same_as)) {
        for (uint32_t term = 1; term <= in->graph->terms.count; term++) {
            if (in->same[term] == term && class_size(all, term) > 1) {
                expand_pair(all, term, in->same_as, term);
            }
        }
    }
}

static int
order_triples(const void *a, const void *b) {
    const cns_triple *x = a, *y = b;
    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    if (x->predicate != y->predicate) {
        return x->predicate < y->predicate ? -1 : 1;
    }
    return x->object < y->object ? -1 : x->object > y->object;
}

/* Leaves of what was added one of equal triples, and none that is given. */
static bool
keep_new(cns_graph *graph) {
    size_t size = sizeof *graph->triples;
    cns_triple *given = malloc(((size_t)graph->given + 1) * size);
    if (given == NULL) {
        return false;
    }
    memcpy(given, graph->triples, graph->given * size);
    qsort(given, graph->given, size, order_triples);
    cns_triple *added = graph->triples + graph->given;
    uint32_t count = graph->triple_count - graph->given, kept = 0;
    qsort(added, count, size, order_triples);
    for (uint32_t i = 0; i < count; i++) {
        bool again = kept > 0 && order_triples(&added[kept - 1], &added[i]) == 0;
        if (!again && bsearch(&added[i], given, graph->given, size, order_triples) == NULL) {
            added[kept++] = added[i];
        }
    }
    graph->triple_count = graph->given + kept;
    free(given);
    return true;
}

bool
cns_infer_expand(cns_inference *in) {
    classes all = {.in = in, .counting = true};
    bool fine = list_classes(&all);
    if (fine) {
        expand_all(&all);
        fine = all.count <= in->most || cns_infer_stop(in, CNS_CLOSING_TOO_MANY);
    }
    if (fine) {
        all.counting = false;
        fine = cns_graph_reserve(in->graph, all.count) || cns_infer_full(in);
    }
    if (fine) {
        expand_all(&all);
        fine = keep_new(in->graph) || cns_infer_full(in);
    }
    free(all.starts);
    free(all.terms);
    return fine;
}
