/* SPDX-License-Identifier: Apache-2.0 */
/* Inference: what the rules of a program derive from the triples of a graph, before it is closed.
 */
#ifndef CNS_HOST_INFER_H
#define CNS_HOST_INFER_H

#include "graph.h"
#include "relations.h"

/* All that inference needs until it is done. Functions answer false where `outcome` says why. */
typedef struct cns_inference {
    cns_graph *graph;
    const cns_program *program;
    cns_hash_keys keys;
    cns_closing outcome;
    cns_unary *unary; /* those of the program, and of classes that data put below others */
    uint32_t unary_count;
    uint32_t unary_capacity;
    cns_binary *binary;
    uint32_t binary_count;
    uint32_t *unary_of;  /* by term: 1 + the number of its set, or 0 */
    uint32_t *binary_of; /* the same for pairs, by term of the program */
    uint32_t *rules;     /* as in RULES; what data state follows */
    uint32_t rule_words;
    uint32_t rule_capacity;
    uint32_t *marks;      /* by word: of an operand that is read, how many of it were */
    uint64_t derived;     /* members and pairs, since relations were written anew */
    uint64_t most;        /* that may be derived, and triples that classes may expand to */
    uint32_t same_as;     /* the term owl:sameAs, or 0 */
    uint32_t *same;       /* by term: another one of its class, or itself; NULL: there are none */
    uint32_t *same_count; /* by term that stands for a class: how many it has */
    uint32_t *next_same;  /* by term: the next one of its class, in a ring */
    uint32_t *renamed;    /* terms that have come into another class, and were not looked at */
    uint32_t renamed_count;
    uint64_t renamed_capacity;
    uint64_t effort; /* what equality has looked at */
    cns_terms values;
    uint32_t *value_of;   /* by term: a literal of the same value, or 0 while that is not known */
    uint32_t *with_value; /* by value: the first such literal */
} cns_inference;

/* A rule at a word: its operands, and the marks of these. */
typedef struct cns_derivation {
    uint32_t opcode;
    uint32_t count;
    const uint32_t *operands;
    uint32_t *marks;
} cns_derivation;

static inline cns_derivation
cns_derivation_at(const cns_inference *in, uint32_t word) {
    const cns_derivation rule = {cns_opcode_of(in->rules[word]), cns_operand_of(in->rules[word]),
                                 in->rules + word + 1, in->marks + word + 1};
    return rule;
}

/* Derives all that follows, and adds it to the triples. */
cns_closing cns_infer(cns_graph *graph);

/* Ends inference with an outcome: false. */
static inline bool
cns_infer_stop(cns_inference *in, cns_closing outcome) {
    in->outcome = outcome;
    return false;
}

static inline bool
cns_infer_full(cns_inference *in) {
    return cns_infer_stop(in, CNS_CLOSING_NO_MEMORY);
}

static inline bool
cns_is_literal(const cns_graph *graph, uint32_t term) {
    return graph->terms.entries[term].kind == CNS_KIND_LITERAL;
}

static inline bool
cns_is_member(const cns_inference *in, uint32_t unary, uint32_t term) {
    return cns_unary_has(&in->keys, &in->unary[unary], term);
}

/* The literal that stands for all of its value; 0 where memory fails. Other terms are their own.
 */
uint32_t cns_value_term(cns_inference *in, uint32_t term);

/* Puts into a set the literals of a datatype, by value, or those of the same value as one. */
bool cns_derive_literals(cns_inference *in, uint32_t datatype, uint32_t unary);
bool cns_derive_equal(cns_inference *in, uint32_t literal, uint32_t unary);

void cns_values_end(cns_inference *in);

/* The term that stands for all that are the same as one. */
uint32_t cns_same_as(const cns_inference *in, uint32_t term);

/* Whether what is derived for a relation of a term becomes triples of a predicate. */
bool cns_infer_writes(const cns_graph *graph, uint32_t term, uint32_t predicate);

bool cns_derive_member(cns_inference *in, uint32_t unary, uint32_t term);
bool cns_derive_pair(cns_inference *in, uint32_t binary, uint32_t first, uint32_t second);

/* Takes one step of a rule: from what its operands have had since the last one. */
bool cns_rule_step(cns_inference *in, const cns_derivation *rule);

/* Takes steps until there is nothing new. */
bool cns_infer_run(cns_inference *in);

/* The same, with what rules of equality find to be the same. */
bool cns_infer_equal(cns_inference *in);

/* Adds what is new to the triples, for all terms of classes. */
bool cns_infer_expand(cns_inference *in);

#endif
