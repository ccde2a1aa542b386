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
    uint32_t *marks; /* by word: of an operand that is read, how many of it were */
} cns_inference;

/* A rule at a word: its operands, and the marks of these. */
typedef struct cns_derivation {
    uint32_t opcode;
    uint32_t count;
    const uint32_t *operands;
    uint32_t *marks;
} cns_derivation;

static inline cns_derivation
cns_rule_at(const cns_inference *in, uint32_t word) {
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
cns_is_member(const cns_inference *in, uint32_t unary, uint32_t term) {
    return cns_unary_has(&in->keys, &in->unary[unary], term);
}

/* Whether two terms are equal, or literals of the same value. */
bool cns_is_same_value(const cns_inference *in, uint32_t a, uint32_t b);

bool cns_derive_member(cns_inference *in, uint32_t unary, uint32_t term);
bool cns_derive_pair(cns_inference *in, uint32_t binary, uint32_t first, uint32_t second);

/* Takes one step of a rule: from what its operands have had since the last one. */
bool cns_rule_step(cns_inference *in, const cns_derivation *rule);

/* Takes steps until there is nothing new. */
bool cns_infer_run(cns_inference *in);

#endif
