/* SPDX-License-Identifier: Apache-2.0 */
/* Graphs: triples, ordered so that those of a term and a predicate lie side by side. */
#include "graph.h"

#include "infer.h"

#include <stdlib.h>
#include <string.h>

/* ---- The terms of the program ------------------------------------------------------------- */

static cns_entry
entry_of(const cns_program *program, uint32_t number) {
    const uint32_t *row = program->terms.at + (size_t)(number - 1) * CNS_TERM_WORDS;
    cns_entry entry;
    entry.text = (const char *)program->texts.at + row[1];
    entry.length = row[2];
    entry.datatype = row[3];
    entry.language = row[4];
    entry.kind = (uint8_t)row[0];
    return entry;
}

/* Adds the terms of the program, which have to be different, for numbers to stay. */
static bool
add_terms(cns_graph *graph) {
    for (uint32_t number = 1; number <= cns_program_terms(graph->program); number++) {
        cns_entry entry = entry_of(graph->program, number);
        if (cns_terms_add(&graph->terms, &entry) != number) {
            return false;
        }
    }
    return true;
}

static uint32_t
find_iri(const cns_graph *graph, const char *iri) {
    cns_str text = {iri, (uint32_t)strlen(iri)};
    return cns_terms_find_iri(&graph->terms, text);
}

/* What to read of each predicate; nothing is left out where a closed shape asks for all. */
static bool
note_read(cns_graph *graph) {
    cns_words read = graph->program->read;
    graph->wanted = calloc((size_t)cns_program_terms(graph->program) + 1, 1);
    if (graph->wanted == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < read.length; i += CNS_READ_WORDS) {
        graph->wanted[read.at[i]] |= (uint8_t)read.at[i + 1];
    }
    return true;
}

bool
cns_graph_begin(cns_graph *graph, const cns_program *program, uint64_t seed) {
    memset(graph, 0, sizeof *graph);
    graph->program = program;
    if (!cns_terms_begin(&graph->terms, seed)) {
        return false;
    }
    if (!add_terms(graph) || !note_read(graph)) {
        cns_graph_end(graph);
        return false;
    }
    graph->type = find_iri(graph, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type");
    graph->subclass_of = find_iri(graph, "http://www.w3.org/2000/01/rdf-schema#subClassOf");
    return true;
}

/* ---- Triples ------------------------------------------------------------------------------ */

bool
cns_graph_reserve(cns_graph *graph, uint64_t more) {
    uint64_t needed = graph->triple_count + more;
    if (needed <= graph->triple_capacity) {
        return true;
    }
    if (needed > UINT32_MAX || needed > SIZE_MAX / sizeof *graph->triples) {
        return false;
    }
    cns_triple *moved = realloc(graph->triples, (size_t)needed * sizeof *moved);
    if (moved == NULL) {
        return false;
    }
    graph->triples = moved;
    graph->triple_capacity = (uint32_t)needed;
    return true;
}

bool
cns_graph_add(cns_graph *graph, uint32_t subject, uint32_t predicate, uint32_t object) {
    if (graph->triple_count == graph->triple_capacity &&
        !cns_graph_reserve(graph, (uint64_t)graph->triple_capacity + 64)) {
        return false;
    }
    cns_triple triple = {subject, predicate, object};
    graph->triples[graph->triple_count++] = triple;
    return true;
}

static void
end_edges(cns_edges *edges) {
    free(edges->starts);
    free(edges->predicates);
    free(edges->others);
    memset(edges, 0, sizeof *edges);
}

void
cns_graph_end(cns_graph *graph) {
    cns_terms_end(&graph->terms);
    free(graph->triples);
    free(graph->in_data);
    free(graph->wanted);
    end_edges(&graph->out);
    end_edges(&graph->in);
    cns_classes_end(&graph->classes);
    memset(graph, 0, sizeof *graph);
}

/* ---- Order -------------------------------------------------------------------------------- */

static int
compare_keys(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Few keys, as most terms have, are inserted one by one. */
static void
sort_keys(uint64_t *keys, uint32_t count) {
    if (count > 32) {
        qsort(keys, count, sizeof *keys, compare_keys);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        uint32_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--) {
            keys[at] = keys[at - 1];
        }
        keys[at] = key;
    }
}

static uint64_t
key_of(uint32_t predicate, uint32_t other) {
    return (uint64_t)predicate << 32 | other;
}

/* Turns numbers of edges by term into where those of a term begin. */
static void
begin_each(uint32_t *starts, size_t terms) {
    uint32_t sum = 0;
    for (size_t i = 0; i < terms; i++) {
        uint32_t count = starts[i];
        starts[i] = sum;
        sum += count;
    }
}

/*
 * Orders the keys of each term, leaves equal ones out and writes them down. `ends[t]` is where the
 * keys of a term end, and becomes where they begin.
 */
static void
settle(cns_edges *edges, uint64_t *keys, size_t terms) {
    uint32_t begin = 0, kept = 0;
    for (size_t term = 0; term < terms; term++) {
        uint32_t end = edges->starts[term];
        sort_keys(keys + begin, end - begin);
        edges->starts[term] = kept;
        for (uint32_t i = begin; i < end; i++) {
            if (i > begin && keys[i] == keys[i - 1]) {
                continue;
            }
            edges->predicates[kept] = (uint32_t)(keys[i] >> 32);
            edges->others[kept] = (uint32_t)keys[i];
            kept++;
        }
        begin = end;
    }
    edges->starts[terms] = kept;
    edges->count = kept;
}

static bool
allocate(cns_edges *edges, size_t terms, uint32_t count) {
    edges->starts = calloc(terms + 1, sizeof *edges->starts);
    edges->predicates = malloc(((size_t)count + 1) * sizeof *edges->predicates);
    edges->others = malloc(((size_t)count + 1) * sizeof *edges->others);
    return edges->starts != NULL && edges->predicates != NULL && edges->others != NULL;
}

bool
cns_graph_reads(const cns_graph *graph, uint32_t predicate) {
    return (graph->wanted[0] & CNS_READ_ALL) != 0 ||
           (predicate <= cns_program_terms(graph->program) &&
            (graph->wanted[predicate] & (CNS_READ_OUT | CNS_READ_IN)) != 0);
}

static bool
is_read_back(const cns_graph *graph, uint32_t predicate) {
    return predicate <= cns_program_terms(graph->program) &&
           (graph->wanted[predicate] & CNS_READ_IN) != 0;
}

/* Triples by their subjects. */
static bool
index_out(cns_graph *graph, uint64_t *keys, size_t terms) {
    cns_edges *out = &graph->out;
    if (!allocate(out, terms, graph->triple_count)) {
        return false;
    }
    for (uint32_t i = 0; i < graph->triple_count; i++) {
        const cns_triple *triple = &graph->triples[i];
        out->starts[triple->subject] += cns_graph_reads(graph, triple->predicate) ? 1 : 0;
    }
    begin_each(out->starts, terms);
    for (uint32_t i = 0; i < graph->triple_count; i++) {
        const cns_triple *triple = &graph->triples[i];
        if (cns_graph_reads(graph, triple->predicate)) {
            keys[out->starts[triple->subject]++] = key_of(triple->predicate, triple->object);
        }
    }
    settle(out, keys, terms);
    return true;
}

/* Triples by their objects, of predicates that are read back. */
static bool
index_in(cns_graph *graph, uint64_t *keys, size_t terms) {
    cns_edges *in = &graph->in;
    uint32_t count = 0;
    for (uint32_t i = 0; i < graph->triple_count; i++) {
        count += is_read_back(graph, graph->triples[i].predicate) ? 1 : 0;
    }
    if (!allocate(in, terms, count)) {
        return false;
    }
    for (uint32_t i = 0; i < graph->triple_count; i++) {
        const cns_triple *triple = &graph->triples[i];
        in->starts[triple->object] += is_read_back(graph, triple->predicate) ? 1 : 0;
    }
    begin_each(in->starts, terms);
    for (uint32_t i = 0; i < graph->triple_count; i++) {
        const cns_triple *triple = &graph->triples[i];
        if (is_read_back(graph, triple->predicate)) {
            keys[in->starts[triple->object]++] = key_of(triple->predicate, triple->subject);
        }
    }
    settle(in, keys, terms);
    return true;
}

static void
drop_triples(cns_graph *graph) {
    free(graph->triples);
    graph->triples = NULL;
    graph->triple_count = 0;
    graph->triple_capacity = 0;
}

static bool
index_all(cns_graph *graph) {
    size_t terms = (size_t)graph->terms.count + 1;
    uint64_t *keys = malloc(((size_t)graph->triple_count + 1) * sizeof *keys);
    bool made = keys != NULL && index_out(graph, keys, terms) && index_in(graph, keys, terms);
    free(keys);
    graph->indexed = graph->terms.count;
    return made && cns_classes_close(graph);
}

bool
cns_graph_infer(cns_graph *graph) {
    bool infers = cns_program_infers(graph->program);
    graph->outcome = infers ? cns_infer(graph) : CNS_CLOSING_DONE;
    return graph->outcome == CNS_CLOSING_DONE;
}

bool
cns_graph_index(cns_graph *graph) {
    bool made = index_all(graph);
    if (!cns_program_infers(graph->program)) {
        drop_triples(graph);
    }
    graph->outcome = made ? CNS_CLOSING_DONE : CNS_CLOSING_NO_MEMORY;
    return made;
}

bool
cns_graph_close(cns_graph *graph) {
    return cns_graph_infer(graph) && cns_graph_index(graph);
}

/* ---- Changes ------------------------------------------------------------------------------ */

/* Makes triples of the edges again. */
static bool
unindex(cns_graph *graph) {
    const cns_edges *out = &graph->out;
    cns_triple *triples = malloc(((size_t)out->count + 1) * sizeof *triples);
    if (triples == NULL) {
        return false;
    }
    for (uint32_t term = 1; term <= graph->indexed; term++) {
        for (uint32_t edge = out->starts[term]; edge < out->starts[term + 1]; edge++) {
            const cns_triple triple = {term, out->predicates[edge], out->others[edge]};
            triples[edge] = triple;
        }
    }
    graph->triples = triples;
    graph->triple_count = out->count;
    graph->triple_capacity = out->count + 1;
    return true;
}

bool
cns_graph_open(cns_graph *graph) {
    if (cns_program_infers(graph->program)) {
        graph->triple_count = graph->asserted;
    } else if (!unindex(graph)) {
        return false;
    }
    end_edges(&graph->out);
    end_edges(&graph->in);
    cns_classes_end(&graph->classes);
    return true;
}

static int
compare_triples(const void *a, const void *b) {
    const cns_triple *x = a, *y = b;
    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    uint64_t key_x = key_of(x->predicate, x->object), key_y = key_of(y->predicate, y->object);
    return key_x < key_y ? -1 : key_x > key_y;
}

void
cns_graph_remove(cns_graph *graph, cns_triple *triples, uint32_t count) {
    uint32_t kept = 0;
    if (count == 0) {
        return;
    }
    qsort(triples, count, sizeof *triples, compare_triples);
    for (uint32_t i = 0; i < graph->triple_count; i++) {
        const cns_triple *triple = &graph->triples[i];
        if (bsearch(triple, triples, count, sizeof *triples, compare_triples) == NULL) {
            graph->triples[kept++] = *triple;
        }
    }
    graph->triple_count = kept;
}

/* ---- Lookups ------------------------------------------------------------------------------ */

/* The first place from `low` on, before `high`, that is not below a number. */
static uint32_t
lower_bound(const uint32_t *numbers, uint32_t low, uint32_t high, uint32_t number) {
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (numbers[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

cns_set
cns_edges_with(const cns_edges *edges, uint32_t term, uint32_t predicate) {
    uint32_t low = edges->starts[term], high = edges->starts[term + 1];
    if (high - low > 16) {
        low = lower_bound(edges->predicates, low, high, predicate);
        high = lower_bound(edges->predicates, low, high, predicate + 1);
    } else {
        while (low < high && edges->predicates[low] < predicate) {
            low++;
        }
        uint32_t end = low;
        while (end < high && edges->predicates[end] == predicate) {
            end++;
        }
        high = end;
    }
    const cns_set found = {edges->others + low, high - low};
    return found;
}

bool
cns_set_has(cns_set set, uint32_t term) {
    uint32_t at = lower_bound(set.at, 0, set.count, term);
    return at < set.count && set.at[at] == term;
}
