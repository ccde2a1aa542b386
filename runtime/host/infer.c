/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inference: triples become relations, rules run over these, and what is new becomes triples.
 *
 * Sets and pairs have what is given first, in the order of the triples, and then what follows.
 */
#include "infer.h"

#include <stdlib.h>
#include <string.h>

#include "rules.h"

/* What may follow from few triples; and from each one, where there are many. */
static const uint64_t most_of_few = UINT64_C(1) << 24;
static const uint64_t most_of_each = 64;

/* ---- Relations ---------------------------------------------------------------------------- */

/* Adds a set, of the instances of a class; it has no number yet. */
static bool
add_unary(cns_inference *in, uint32_t term) {
    if (in->unary_count == in->unary_capacity) {
        size_t capacity = 2 * (size_t)in->unary_capacity + 8;
        cns_unary *moved = capacity <= UINT32_MAX / 2 && capacity <= SIZE_MAX / sizeof *moved
                               ? realloc(in->unary, capacity * sizeof *moved)
                               : NULL;
        if (moved == NULL) {
            return cns_infer_full(in);
        }
        in->unary = moved;
        in->unary_capacity = (uint32_t)capacity;
    }
    memset(&in->unary[in->unary_count], 0, sizeof *in->unary);
    in->unary[in->unary_count++].term = term;
    if (term != 0) {
        in->unary_of[term] = in->unary_count;
    }
    return true;
}

static bool
make_relations(cns_inference *in) {
    const cns_program *program = in->program;
    in->unary_of = calloc((size_t)in->graph->terms.count + 1, sizeof *in->unary_of);
    in->binary_of = calloc((size_t)cns_program_terms(program) + 1, sizeof *in->binary_of);
    in->binary = calloc((size_t)program->binary.length + 1, sizeof *in->binary);
    if (in->unary_of == NULL || in->binary_of == NULL || in->binary == NULL) {
        return cns_infer_full(in);
    }
    in->binary_count = program->binary.length;
    for (uint32_t i = 0; i < program->binary.length; i++) {
        uint32_t term = program->binary.at[i];
        in->binary[i].term = term;
        in->binary_of[term] = term != 0 ? i + 1 : 0;
    }
    for (uint32_t i = 0; i < program->unary.length; i++) {
        if (!add_unary(in, program->unary.at[i])) {
            return false;
        }
    }
    return true;
}

/* ---- Rules -------------------------------------------------------------------------------- */

static bool
add_words(cns_inference *in, const uint32_t *words, uint32_t count) {
    if (count > in->rule_capacity - in->rule_words) {
        size_t capacity = 2 * ((size_t)in->rule_words + count) + 64;
        uint32_t *moved =
            capacity <= UINT32_MAX / 2 ? realloc(in->rules, capacity * sizeof *moved) : NULL;
        if (moved == NULL) {
            return cns_infer_full(in);
        }
        in->rules = moved;
        in->rule_capacity = (uint32_t)capacity;
    }
    for (uint32_t i = 0; i < count; i++) {
        in->rules[in->rule_words++] = words[i];
    }
    return true;
}

static bool
add_subclass(cns_inference *in, const cns_triple *triple) {
    if ((in->unary_of[triple->subject] == 0 && !add_unary(in, triple->subject)) ||
        (in->unary_of[triple->object] == 0 && !add_unary(in, triple->object))) {
        return false;
    }
    const uint32_t words[] = {CNS_INFER_SUBCLASS | 2u << 8, in->unary_of[triple->subject] - 1,
                              in->unary_of[triple->object] - 1};
    return add_words(in, words, 3);
}

/* Pairs of a transitive relation say how they came about. */
static void
note_transitive(cns_inference *in) {
    for (uint32_t word = 0; word < in->rule_words;) {
        cns_derivation rule = cns_derivation_at(in, word);
        if (rule.opcode == CNS_INFER_CHAIN && rule.operands[0] == rule.operands[2] &&
            rule.operands[1] == rule.operands[2]) {
            in->binary[rule.operands[2]].transitive = true;
        }
        word += 1 + rule.count;
    }
}

/* ---- The guard ---------------------------------------------------------------------------- */

/* Whether a list of terms that ascend has one. */
static bool
lists(cns_words terms, uint32_t term) {
    const cns_set set = {terms.at, terms.length};
    return cns_set_has(set, term);
}

static int
compare_words(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    for (int i = 0; i < CNS_TRIPLE_WORDS; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

/* Whether axioms state a triple, or it follows from them. */
static bool
is_stated(const cns_inference *in, const cns_triple *triple) {
    const uint32_t words[] = {triple->subject, triple->predicate, triple->object};
    cns_words schema = in->program->schema;
    return bsearch(words, schema.at, schema.length / CNS_TRIPLE_WORDS,
                   CNS_TRIPLE_WORDS * sizeof *words, compare_words) != NULL;
}

/* By term of the program: what is guarded. */
static uint8_t *
mark_guarded(const cns_inference *in) {
    cns_words guarded = in->program->guarded;
    uint8_t *marks = calloc((size_t)cns_program_terms(in->program) + 1, 1);
    for (uint32_t i = 0; marks != NULL && i < guarded.length; i++) {
        marks[guarded.at[i]] = 1;
    }
    return marks;
}

static bool
marks_term(const cns_inference *in, const uint8_t *marks, uint32_t term) {
    return term <= cns_program_terms(in->program) && marks[term] != 0;
}

/* Takes a triple of the data that is about the ontology, or refuses it. */
static bool
take_axiom(cns_inference *in, const cns_triple *triple) {
    if (is_stated(in, triple)) {
        return true;
    }
    const cns_entry *upper = &in->graph->terms.entries[triple->object];
    if (triple->predicate == in->graph->subclass_of && upper->kind != CNS_KIND_LITERAL &&
        !lists(in->program->sealed, triple->subject)) {
        return add_subclass(in, triple);
    }
    in->graph->extending = *triple;
    return cns_infer_stop(in, CNS_CLOSING_EXTENDS);
}

static bool
guard(cns_inference *in, const uint8_t *marks) {
    const cns_graph *graph = in->graph;
    for (uint32_t i = 0; i < graph->asserted; i++) {
        const cns_triple *triple = &graph->triples[i];
        bool about = marks_term(in, marks, triple->predicate) ||
                     triple->predicate == graph->subclass_of ||
                     (triple->predicate == graph->type && marks_term(in, marks, triple->object));
        if (about && !take_axiom(in, triple)) {
            return false;
        }
    }
    return true;
}

static bool
make_rules(cns_inference *in) {
    cns_words rules = in->program->rules;
    uint8_t *marks = mark_guarded(in);
    bool made = marks != NULL ? add_words(in, rules.at, rules.length) && guard(in, marks)
                              : cns_infer_full(in);
    free(marks);
    if (!made) {
        return false;
    }
    in->marks = calloc((size_t)in->rule_words + 1, sizeof *in->marks);
    if (in->marks == NULL) {
        return cns_infer_full(in);
    }
    note_transitive(in);
    return true;
}

/* ---- Triples ------------------------------------------------------------------------------ */

/* Adds the triples of the ontology behind those of the data. */
static bool
add_facts(cns_inference *in) {
    cns_graph *graph = in->graph;
    cns_words facts = in->program->facts;
    graph->asserted = graph->triple_count;
    if (!cns_graph_reserve(graph, facts.length / CNS_TRIPLE_WORDS)) {
        return cns_infer_full(in);
    }
    for (uint32_t i = 0; i < facts.length; i += CNS_TRIPLE_WORDS) {
        const cns_triple fact = {facts.at[i], facts.at[i + 1], facts.at[i + 2]};
        graph->triples[graph->triple_count++] = fact;
    }
    graph->given = graph->triple_count;
    return true;
}

/* Notes which terms of the program are those of data. */
static bool
note_data(cns_inference *in) {
    cns_graph *graph = in->graph;
    uint32_t terms = cns_program_terms(in->program);
    free(graph->in_data);
    graph->in_data = calloc((size_t)terms + 1, 1);
    if (graph->in_data == NULL) {
        return cns_infer_full(in);
    }
    for (uint32_t i = 0; i < graph->asserted; i++) {
        const cns_triple *triple = &graph->triples[i];
        if (triple->subject <= terms) {
            graph->in_data[triple->subject] = 1;
        }
        if (triple->object <= terms) {
            graph->in_data[triple->object] = 1;
        }
    }
    return true;
}

/* The pairs that a triple is one of, or NULL. */
static cns_binary *
pairs_of(const cns_inference *in, const cns_triple *triple) {
    uint32_t number =
        triple->predicate <= cns_program_terms(in->program) ? in->binary_of[triple->predicate] : 0;
    return number != 0 ? &in->binary[number - 1] : NULL;
}

/* Makes space for all pairs that are given. */
static bool
reserve_pairs(cns_inference *in) {
    const cns_graph *graph = in->graph;
    for (uint32_t i = 0; i < graph->given; i++) {
        cns_binary *binary = pairs_of(in, &graph->triples[i]);
        if (binary != NULL) {
            binary->given++;
        }
    }
    for (uint32_t i = 0; i < in->binary_count; i++) {
        if (!cns_binary_reserve(&in->binary[i], in->binary[i].given)) {
            return cns_infer_full(in);
        }
    }
    return true;
}

static bool
fill_relations(cns_inference *in) {
    const cns_graph *graph = in->graph;
    for (uint32_t i = 0; i < graph->given; i++) {
        const cns_triple *triple = &graph->triples[i];
        cns_binary *binary = pairs_of(in, triple);
        if (binary != NULL && !cns_binary_append(binary, triple->subject, triple->object)) {
            return cns_infer_full(in);
        }
        uint32_t number = triple->predicate == graph->type ? in->unary_of[triple->object] : 0;
        if (number != 0 && !cns_derive_member(in, number - 1, triple->subject)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < in->unary_count; i++) {
        in->unary[i].given = in->unary[i].count;
    }
    return true;
}

/* ---- What follows ------------------------------------------------------------------------- */

bool
cns_infer_writes(const cns_graph *graph, uint32_t term, uint32_t predicate) {
    return term != 0 && predicate != 0 &&
           ((graph->wanted[0] & CNS_READ_KEEP) != 0 || cns_graph_reads(graph, predicate));
}

static bool
write_members(cns_inference *in, const cns_unary *unary) {
    cns_graph *graph = in->graph;
    if (!cns_infer_writes(graph, unary->term, graph->type)) {
        return true;
    }
    if (!cns_graph_reserve(graph, unary->count - unary->given)) {
        return cns_infer_full(in);
    }
    for (uint32_t i = unary->given; i < unary->count; i++) {
        if (!cns_is_literal(graph, unary->members[i])) {
            const cns_triple triple = {unary->members[i], graph->type, unary->term};
            graph->triples[graph->triple_count++] = triple;
        }
    }
    return true;
}

static bool
write_pairs(cns_inference *in, const cns_binary *binary) {
    cns_graph *graph = in->graph;
    if (!cns_infer_writes(graph, binary->term, binary->term)) {
        return true;
    }
    if (!cns_graph_reserve(graph, binary->count - binary->given)) {
        return cns_infer_full(in);
    }
    for (uint32_t i = binary->given; i < binary->count; i++) {
        if (!cns_is_literal(graph, binary->firsts[i])) {
            const cns_triple triple = {binary->firsts[i], binary->term, binary->seconds[i]};
            graph->triples[graph->triple_count++] = triple;
        }
    }
    return true;
}

static bool
write_all(cns_inference *in) {
    uint64_t more = 0;
    for (uint32_t i = 0; i < in->unary_count; i++) {
        more += in->unary[i].term != 0 ? in->unary[i].count - in->unary[i].given : 0;
    }
    for (uint32_t i = 0; i < in->binary_count; i++) {
        more += in->binary[i].term != 0 ? in->binary[i].count - in->binary[i].given : 0;
    }
    if (!cns_graph_reserve(in->graph, more)) {
        return cns_infer_full(in);
    }
    for (uint32_t i = 0; i < in->unary_count; i++) {
        if (!write_members(in, &in->unary[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < in->binary_count; i++) {
        if (!write_pairs(in, &in->binary[i])) {
            return false;
        }
    }
    return true;
}

static void
end_inference(cns_inference *in) {
    for (uint32_t i = 0; i < in->unary_count; i++) {
        cns_unary_end(&in->unary[i]);
    }
    for (uint32_t i = 0; i < in->binary_count; i++) {
        cns_binary_end(&in->binary[i]);
    }
    free(in->unary);
    free(in->binary);
    free(in->unary_of);
    free(in->binary_of);
    free(in->rules);
    free(in->marks);
    free(in->same);
    free(in->same_count);
    free(in->next_same);
    free(in->renamed);
    cns_values_end(in);
}

cns_closing
cns_infer(cns_graph *graph) {
    static const cns_str same_as = CNS_STR("http://www.w3.org/2002/07/owl#sameAs");
    cns_inference in;
    memset(&in, 0, sizeof in);
    in.graph = graph;
    in.program = graph->program;
    in.same_as = cns_terms_find_iri(&graph->terms, same_as);
    in.most = most_of_few + most_of_each * graph->triple_count;
    in.keys.first = graph->terms.keys[0] | 1;
    in.keys.second = graph->terms.keys[1] | 1;
    bool done = add_facts(&in) && note_data(&in) && make_relations(&in) && make_rules(&in) &&
                reserve_pairs(&in) && fill_relations(&in) && cns_infer_run(&in) &&
                cns_infer_equal(&in) && (in.same != NULL ? cns_infer_expand(&in) : write_all(&in));
    end_inference(&in);
    return done ? CNS_CLOSING_DONE : in.outcome;
}
