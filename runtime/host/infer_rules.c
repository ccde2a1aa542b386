/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules: each takes what is new in one of its relations, and all that is in the others.
 *
 * A mark says how much of a relation a rule has seen. Where nothing was seen, all of one relation
 * meets all of the other, and the other has nothing new to add. Lists move when they grow, so
 * loops read them anew.
 */
#include "infer.h"

/* How many there are of an operand; notes that they are seen now. */
static uint32_t
see_members(const cns_inference *in, const cns_derivation *rule, uint32_t operand) {
    return rule->marks[operand] = in->unary[rule->operands[operand]].count;
}

static uint32_t
see_pairs(const cns_inference *in, const cns_derivation *rule, uint32_t operand) {
    return rule->marks[operand] = in->binary[rule->operands[operand]].count;
}

/* Counts what is new; ends inference where that is too much, or memory failed. */
static bool
go_on(cns_inference *in, bool added, uint32_t news) {
    in->derived += news;
    if (added && in->derived <= in->most) {
        return true;
    }
    return cns_infer_stop(in, added ? CNS_CLOSING_TOO_MANY : CNS_CLOSING_NO_MEMORY);
}

bool
cns_derive_member(cns_inference *in, uint32_t unary, uint32_t term) {
    cns_unary *members = &in->unary[unary];
    uint32_t before = members->count;
    bool added = cns_unary_add(&in->keys, members, term, in->graph->terms.count);
    return go_on(in, added, members->count - before);
}

bool
cns_derive_pair(cns_inference *in, uint32_t binary, uint32_t first, uint32_t second) {
    cns_binary *pairs = &in->binary[binary];
    uint32_t before = pairs->count;
    bool added = cns_binary_add(&in->keys, pairs, first, second);
    return go_on(in, added, pairs->count - before);
}

/* A pair that a transitive relation composes of others. */
static bool
derive_composed(cns_inference *in, uint32_t binary, uint32_t first, uint32_t second) {
    cns_binary *pairs = &in->binary[binary];
    uint32_t before = pairs->count;
    bool added = cns_binary_compose(&in->keys, pairs, first, second);
    return go_on(in, added, pairs->count - before);
}

static bool
index_of(cns_inference *in, cns_binary *binary, cns_pair_index *index) {
    return cns_index_pairs(&in->keys, binary, index) || cns_infer_full(in);
}

/* ---- Of one relation ---------------------------------------------------------------------- */

static bool
step_subclass(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_members(in, rule, 0);
    for (uint32_t i = from; i < to; i++) {
        uint32_t member = in->unary[rule->operands[0]].members[i];
        if (!cns_derive_member(in, rule->operands[1], member)) {
            return false;
        }
    }
    return true;
}

static bool
step_domain(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_pairs(in, rule, 0);
    const uint32_t *firsts = in->binary[rule->operands[0]].firsts;
    for (uint32_t i = from; i < to; i++) {
        if (!cns_derive_member(in, rule->operands[1], firsts[i])) {
            return false;
        }
    }
    return true;
}

static bool
step_range(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_pairs(in, rule, 0);
    const uint32_t *seconds = in->binary[rule->operands[0]].seconds;
    for (uint32_t i = from; i < to; i++) {
        if (!cns_derive_member(in, rule->operands[1], seconds[i])) {
            return false;
        }
    }
    return true;
}

static bool
step_has(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_pairs(in, rule, 0);
    const cns_binary *binary = &in->binary[rule->operands[0]];
    uint32_t wanted = cns_same_as(in, rule->operands[1]);
    bool by_value = in->graph->terms.entries[wanted].kind == CNS_KIND_LITERAL;
    wanted = by_value ? cns_value_term(in, wanted) : wanted;
    for (uint32_t i = from; wanted != 0 && i < to; i++) {
        uint32_t second = binary->seconds[i];
        second = by_value ? cns_value_term(in, second) : second;
        if (second == 0 ||
            (second == wanted && !cns_derive_member(in, rule->operands[2], binary->firsts[i]))) {
            return false;
        }
    }
    return wanted != 0;
}

static bool
step_gives(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_members(in, rule, 0);
    const uint32_t *members = in->unary[rule->operands[0]].members;
    uint32_t value = cns_same_as(in, rule->operands[2]);
    for (uint32_t i = from; i < to; i++) {
        if (!cns_derive_pair(in, rule->operands[1], members[i], value)) {
            return false;
        }
    }
    return true;
}

/*
 * Hands on a pair that another relation has. Where both are transitive, what was composed there of
 * pairs that are handed on too is composed of these here.
 */
static bool
hand_on(cns_inference *in, uint32_t binary, const cns_binary *from, uint32_t pair, bool turned) {
    uint32_t first = turned ? from->seconds[pair] : from->firsts[pair];
    uint32_t second = turned ? from->firsts[pair] : from->seconds[pair];
    if (from->transitive && in->binary[binary].transitive && from->composed[pair] != 0) {
        return derive_composed(in, binary, first, second);
    }
    return cns_derive_pair(in, binary, first, second);
}

static bool
step_subproperty(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_pairs(in, rule, 0);
    for (uint32_t i = from; i < to; i++) {
        if (!hand_on(in, rule->operands[1], &in->binary[rule->operands[0]], i, false)) {
            return false;
        }
    }
    return true;
}

static bool
step_inverse(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_pairs(in, rule, 0);
    for (uint32_t i = from; i < to; i++) {
        if (!hand_on(in, rule->operands[1], &in->binary[rule->operands[0]], i, true)) {
            return false;
        }
    }
    return true;
}

/* ---- Of several relations ----------------------------------------------------------------- */

/* Whether a term is in all sets of an intersection. */
static bool
is_in_all(const cns_inference *in, const cns_derivation *rule, uint32_t term) {
    for (uint32_t operand = 1; operand < rule->count; operand++) {
        if (!cns_is_member(in, rule->operands[operand], term)) {
            return false;
        }
    }
    return true;
}

/* The set of an intersection that has the fewest members. */
static uint32_t
smallest(const cns_inference *in, const cns_derivation *rule) {
    uint32_t found = 1;
    for (uint32_t operand = 2; operand < rule->count; operand++) {
        if (in->unary[rule->operands[operand]].count < in->unary[rule->operands[found]].count) {
            found = operand;
        }
    }
    return found;
}

static bool
intersect_from(cns_inference *in, const cns_derivation *rule, uint32_t operand) {
    uint32_t from = rule->marks[operand], to = see_members(in, rule, operand);
    for (uint32_t i = from; i < to; i++) {
        uint32_t member = in->unary[rule->operands[operand]].members[i];
        if (is_in_all(in, rule, member) && !cns_derive_member(in, rule->operands[0], member)) {
            return false;
        }
    }
    return true;
}

static bool
step_intersection(cns_inference *in, const cns_derivation *rule) {
    if (rule->marks[0] == 0) { /* the first step, as its head has no mark */
        rule->marks[0] = 1;
        uint32_t first = smallest(in, rule);
        for (uint32_t operand = 1; operand < rule->count; operand++) {
            if (operand != first) {
                (void)see_members(in, rule, operand);
            }
        }
        return intersect_from(in, rule, first);
    }
    for (uint32_t operand = 1; operand < rule->count; operand++) {
        if (!intersect_from(in, rule, operand)) {
            return false;
        }
    }
    return true;
}

/* From new members of a set: what is at the other end of their pairs is in another set. */
static bool
cross_from_members(cns_inference *in, const cns_derivation *rule, uint32_t set, uint32_t pairs,
                   bool back) {
    uint32_t from = rule->marks[set], to = see_members(in, rule, set);
    cns_binary *binary = &in->binary[rule->operands[pairs]];
    cns_pair_index *index = back ? &binary->by_second : &binary->by_first;
    if (from == to) {
        return true;
    }
    if (!index_of(in, binary, index)) {
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        uint32_t member = in->unary[rule->operands[set]].members[i];
        for (uint32_t pair = cns_index_find(&in->keys, index, member); pair != CNS_NO_PAIR;
             pair = index->next[pair]) {
            uint32_t other = back ? binary->firsts[pair] : binary->seconds[pair];
            if (!cns_derive_member(in, rule->operands[2], other)) {
                return false;
            }
        }
    }
    return true;
}

static bool
step_some(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_pairs(in, rule, 0);
    const cns_binary *binary = &in->binary[rule->operands[0]];
    if (from == 0) {
        (void)see_members(in, rule, 1);
    } else if (!cross_from_members(in, rule, 1, 0, true)) {
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        if (cns_is_member(in, rule->operands[1], binary->seconds[i]) &&
            !cns_derive_member(in, rule->operands[2], binary->firsts[i])) {
            return false;
        }
    }
    return true;
}

static bool
step_only(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[1], to = see_pairs(in, rule, 1);
    const cns_binary *binary = &in->binary[rule->operands[1]];
    if (from == 0) {
        (void)see_members(in, rule, 0);
    } else if (!cross_from_members(in, rule, 0, 1, false)) {
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        if (cns_is_member(in, rule->operands[0], binary->firsts[i]) &&
            !cns_derive_member(in, rule->operands[2], binary->seconds[i])) {
            return false;
        }
    }
    return true;
}

/* ---- Chains ------------------------------------------------------------------------------- */

/* From new pairs of the first: where they end, all pairs of the second begin. */
static bool
chain_ahead(cns_inference *in, const cns_derivation *rule, uint32_t from, uint32_t to) {
    cns_binary *second = &in->binary[rule->operands[1]];
    if (from < to && !index_of(in, second, &second->by_first)) {
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        const cns_binary *first = &in->binary[rule->operands[0]];
        uint32_t start = first->firsts[i];
        for (uint32_t pair = cns_index_find(&in->keys, &second->by_first, first->seconds[i]);
             pair != CNS_NO_PAIR; pair = second->by_first.next[pair]) {
            if (!cns_derive_pair(in, rule->operands[2], start, second->seconds[pair])) {
                return false;
            }
        }
    }
    return true;
}

/* The same from new pairs of the second. */
static bool
chain_back(cns_inference *in, const cns_derivation *rule, uint32_t from, uint32_t to) {
    cns_binary *first = &in->binary[rule->operands[0]];
    if (from < to && !index_of(in, first, &first->by_second)) {
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        const cns_binary *second = &in->binary[rule->operands[1]];
        uint32_t end = second->seconds[i];
        for (uint32_t pair = cns_index_find(&in->keys, &first->by_second, second->firsts[i]);
             pair != CNS_NO_PAIR; pair = first->by_second.next[pair]) {
            if (!cns_derive_pair(in, rule->operands[2], first->firsts[pair], end)) {
                return false;
            }
        }
    }
    return true;
}

/* Pairs that are new, each followed by one that is not composed. */
static bool
extend_paths(cns_inference *in, const cns_derivation *rule, uint32_t from, uint32_t to) {
    cns_binary *binary = &in->binary[rule->operands[0]];
    if (!index_of(in, binary, &binary->steps)) {
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        uint32_t start = binary->firsts[i];
        for (uint32_t step = cns_index_find(&in->keys, &binary->steps, binary->seconds[i]);
             step != CNS_NO_PAIR; step = binary->steps.next[step]) {
            if (!derive_composed(in, rule->operands[2], start, binary->seconds[step])) {
                return false;
            }
        }
    }
    return true;
}

/* Pairs that are there before, each followed by a new one that is not composed. */
static bool
continue_paths(cns_inference *in, const cns_derivation *rule, uint32_t from, uint32_t to) {
    cns_binary *binary = &in->binary[rule->operands[0]];
    for (uint32_t i = from; i < to; i++) {
        uint32_t end = binary->seconds[i];
        if (binary->composed[i] != 0) {
            continue;
        }
        if (!index_of(in, binary, &binary->by_second)) {
            return false;
        }
        for (uint32_t pair = cns_index_find(&in->keys, &binary->by_second, binary->firsts[i]);
             pair != CNS_NO_PAIR; pair = binary->by_second.next[pair]) {
            if (!derive_composed(in, rule->operands[2], binary->firsts[pair], end)) {
                return false;
            }
        }
    }
    return true;
}

/*
 * A transitive relation: what leads on from a pair is only what is not composed itself, as a path
 * has many ways to be cut in two, and one to be cut at its last step.
 */
static bool
step_transitive(cns_inference *in, const cns_derivation *rule) {
    uint32_t from = rule->marks[0], to = see_pairs(in, rule, 0);
    return extend_paths(in, rule, from, to) && (from == 0 || continue_paths(in, rule, from, to));
}

static bool
step_chain(cns_inference *in, const cns_derivation *rule) {
    if (rule->operands[0] == rule->operands[2] && rule->operands[1] == rule->operands[2]) {
        return step_transitive(in, rule);
    }
    uint32_t from = rule->marks[0], from_second = rule->marks[1];
    uint32_t to = see_pairs(in, rule, 0), to_second = see_pairs(in, rule, 1);
    return chain_ahead(in, rule, from, to) &&
           (from == 0 || chain_back(in, rule, from_second, to_second));
}

/* ---- Of none ------------------------------------------------------------------------------ */

static bool
step_member(cns_inference *in, const cns_derivation *rule) {
    uint32_t term = rule->operands[0];
    return in->graph->terms.entries[term].kind == CNS_KIND_LITERAL
               ? cns_derive_equal(in, term, rule->operands[1])
               : cns_derive_member(in, rule->operands[1], cns_same_as(in, term));
}

static bool
step_datatype(cns_inference *in, const cns_derivation *rule) {
    return cns_derive_literals(in, rule->operands[0], rule->operands[1]);
}

bool
cns_rule_step(cns_inference *in, const cns_derivation *rule) {
    static bool (*const steps[])(cns_inference *, const cns_derivation *) = {
        [CNS_INFER_SUBCLASS] = step_subclass,
        [CNS_INFER_INTERSECTION] = step_intersection,
        [CNS_INFER_DOMAIN] = step_domain,
        [CNS_INFER_RANGE] = step_range,
        [CNS_INFER_SOME] = step_some,
        [CNS_INFER_ONLY] = step_only,
        [CNS_INFER_HAS] = step_has,
        [CNS_INFER_GIVES] = step_gives,
        [CNS_INFER_SUBPROPERTY] = step_subproperty,
        [CNS_INFER_INVERSE] = step_inverse,
        [CNS_INFER_CHAIN] = step_chain,
        [CNS_INFER_MEMBER] = step_member,
        [CNS_INFER_DATATYPE] = step_datatype,
    };
    return steps[rule->opcode](in, rule);
}
