/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equality: terms that are the same are a class, which one of them stands for in all relations.
 *
 * When rules have nothing new, those of equality look for what is the same; then relations are
 * rewritten, and rules run again. In the end, expand.c says of all in a class what was found of
 * one.
 */
#include <stdlib.h>
#include <string.h>

#include "equal.h"

/* The most that may be looked at again and again, as classes grow one after the other. */
static const uint64_t most_effort = UINT64_C(1) << 31;

/* ---- Classes ------------------------------------------------------------------------------ */

uint32_t
cns_same_as(const cns_inference *in, uint32_t term) {
    if (in->same == NULL) {
        return term;
    }
    while (in->same[term] != term) {
        in->same[term] = in->same[in->same[term]];
        term = in->same[term];
    }
    return term;
}

static bool
begin_classes(cns_inference *in) {
    size_t terms = (size_t)in->graph->terms.count + 1;
    in->same = malloc(terms * sizeof *in->same);
    in->same_count = malloc(terms * sizeof *in->same_count);
    in->next_same = malloc(terms * sizeof *in->next_same);
    if (in->same == NULL || in->same_count == NULL || in->next_same == NULL) {
        return cns_infer_full(in);
    }
    for (uint32_t term = 0; term < terms; term++) {
        in->same[term] = in->next_same[term] = term;
        in->same_count[term] = 1;
    }
    return true;
}

/* Notes that the pairs of all terms of a class begin, or end, with another one from now on. */
static bool
note_renamed(cns_inference *in, uint32_t class_term) {
    uint64_t needed = (uint64_t)in->renamed_count + in->same_count[class_term];
    if (needed > UINT32_MAX / 2) {
        return cns_infer_full(in);
    }
    if (needed > in->renamed_capacity) {
        uint32_t *moved = realloc(in->renamed, (size_t)(2 * needed) * sizeof *moved);
        if (moved == NULL) {
            return cns_infer_full(in);
        }
        in->renamed = moved;
        in->renamed_capacity = 2 * needed;
    }
    uint32_t term = class_term;
    do {
        in->renamed[in->renamed_count++] = term;
        term = in->next_same[term];
    } while (term != class_term);
    return true;
}

bool
cns_merge_terms(cns_inference *in, uint32_t a, uint32_t b, bool *merged) {
    if (cns_is_literal(in->graph, a) || cns_is_literal(in->graph, b)) {
        return true;
    }
    if (in->same == NULL && a != b && !begin_classes(in)) {
        return false;
    }
    uint32_t one = cns_same_as(in, a), other = cns_same_as(in, b);
    if (one == other) {
        return true;
    }
    if (in->same_count[one] < in->same_count[other]) {
        uint32_t smaller = one;
        one = other;
        other = smaller;
    }
    if (!note_renamed(in, other)) {
        return false;
    }
    uint32_t behind = in->next_same[one]; /* two rings become one */
    in->next_same[one] = in->next_same[other];
    in->next_same[other] = behind;
    in->same[other] = one;
    in->same_count[one] += in->same_count[other];
    *merged = true;
    return true;
}

/* ---- Rules -------------------------------------------------------------------------------- */

bool
cns_equal_spend(cns_inference *in, uint64_t effort) {
    in->effort += effort;
    return in->effort <= most_effort || cns_infer_stop(in, CNS_CLOSING_TOO_MANY);
}

uint32_t
cns_compared(cns_inference *in, uint32_t term) {
    return cns_is_literal(in->graph, term) ? cns_value_term(in, term) : cns_same_as(in, term);
}

/*
 * A rule by which pairs that are the same at one end are the same at the other. Numbers of groups
 * are terms at the other end, by the one that stands for the terms at this end.
 */
typedef struct determination {
    cns_binary *pairs;
    const cns_unary *firsts;  /* only pairs that begin in the set, or NULL */
    const cns_unary *seconds; /* only pairs that end in the set, or NULL */
    bool inverse;             /* what they begin with is the same */
    cns_groups known;
} determination;

static bool
merge_pair(cns_inference *in, determination *by, uint32_t pair, bool *merged) {
    uint32_t first = by->pairs->firsts[pair], second = by->pairs->seconds[pair];
    uint32_t from = by->inverse ? second : first, to = by->inverse ? first : second;
    if ((by->firsts != NULL && !cns_unary_has(&in->keys, by->firsts, first)) ||
        (by->seconds != NULL && !cns_unary_has(&in->keys, by->seconds, second)) ||
        cns_is_literal(in->graph, to)) {
        return true;
    }
    uint32_t value = cns_compared(in, from);
    uint32_t other = value != 0 ? cns_group_of(in, &by->known, value, to) : 0;
    return other != 0 && cns_merge_terms(in, other, to, merged);
}

static bool
merge_all_pairs(cns_inference *in, determination *by, bool *merged) {
    bool fine = cns_equal_spend(in, by->pairs->count);
    for (uint32_t pair = 0; fine && pair < by->pairs->count; pair++) {
        fine = merge_pair(in, by, pair, merged);
    }
    return fine;
}

/* The pairs that a term, which has come into another class, begins or ends. */
static bool
merge_renamed(cns_inference *in, determination *by, uint32_t term, bool *merged) {
    cns_pair_index *index = by->inverse ? &by->pairs->by_second : &by->pairs->by_first;
    if (!cns_index_pairs(&in->keys, by->pairs, index)) {
        return cns_infer_full(in);
    }
    for (uint32_t pair = cns_index_find(&in->keys, index, term); pair != CNS_NO_PAIR;
         pair = index->next[pair]) {
        if (!cns_equal_spend(in, 1) || !merge_pair(in, by, pair, merged)) {
            return false;
        }
    }
    return true;
}

/* Merges until no term has come into another class. */
static bool
settle_renamed(cns_inference *in, determination *all, uint32_t count, bool *merged) {
    while (in->renamed_count > 0) {
        uint32_t term = in->renamed[--in->renamed_count];
        for (uint32_t i = 0; i < count; i++) {
            if (!merge_renamed(in, &all[i], term, merged)) {
                return false;
            }
        }
    }
    return true;
}

/* Makes a determination of a rule, if it is one. */
static bool
determine(const cns_inference *in, const cns_derivation *rule, determination *by) {
    const uint32_t *operands = rule->operands;
    memset(by, 0, sizeof *by);
    switch (rule->opcode) {
    case CNS_INFER_FUNCTIONAL:
    case CNS_INFER_INVERSE_FUNCTIONAL:
        by->pairs = &in->binary[operands[0]];
        by->inverse = rule->opcode == CNS_INFER_INVERSE_FUNCTIONAL;
        return true;
    case CNS_INFER_AT_MOST_ONE:
        by->pairs = &in->binary[operands[1]];
        by->firsts = &in->unary[operands[0]];
        by->seconds = rule->count > 2 ? &in->unary[operands[2]] : NULL;
        return true;
    default:
        return false;
    }
}

/* What owl:sameAs says. */
static bool
merge_stated(cns_inference *in, bool *merged) {
    uint32_t term = in->same_as;
    uint32_t number =
        term != 0 && term <= cns_program_terms(in->program) ? in->binary_of[term] : 0;
    const cns_binary *pairs = number != 0 ? &in->binary[number - 1] : NULL;
    for (uint32_t i = 0; pairs != NULL && i < pairs->count; i++) {
        if (!cns_merge_terms(in, pairs->firsts[i], pairs->seconds[i], merged)) {
            return false;
        }
    }
    return true;
}

/* Merges by keys, once. */
static bool
merge_all_keyed(cns_inference *in, bool *merged) {
    for (uint32_t word = 0; word < in->rule_words;) {
        cns_derivation rule = cns_derivation_at(in, word);
        if (rule.opcode == CNS_INFER_KEY && !cns_merge_keyed(in, &rule, merged)) {
            return false;
        }
        word += 1 + rule.count;
    }
    return true;
}

/* Merges by all rules, which are `count` determinations and keys, until nothing is new. */
static bool
merge_by_rules(cns_inference *in, determination *all, uint32_t count, bool *merged) {
    for (uint32_t i = 0; i < count; i++) {
        if (!merge_all_pairs(in, &all[i], merged)) {
            return false;
        }
    }
    bool again = true;
    while (again) {
        again = false;
        if (!settle_renamed(in, all, count, merged) || !merge_all_keyed(in, &again)) {
            return false;
        }
        *merged = *merged || again;
    }
    return true;
}

/* Looks for all that is the same as relations are. */
static bool
merge(cns_inference *in, bool *merged) {
    determination *all = malloc(((size_t)in->rule_words + 1) * sizeof *all);
    uint32_t count = 0;
    if (all == NULL) {
        return cns_infer_full(in);
    }
    for (uint32_t word = 0; word < in->rule_words;) {
        cns_derivation rule = cns_derivation_at(in, word);
        count += determine(in, &rule, &all[count]) ? 1 : 0;
        word += 1 + rule.count;
    }
    bool fine = merge_stated(in, merged) && merge_by_rules(in, all, count, merged);
    for (uint32_t i = 0; i < count; i++) {
        cns_groups_end(&all[i].known);
    }
    free(all);
    return fine;
}

/* ---- Rewriting ---------------------------------------------------------------------------- */

static bool
rewrite_unary(cns_inference *in, cns_unary *unary) {
    cns_unary before = *unary;
    const cns_unary empty = {.term = before.term};
    *unary = empty;
    bool fine = true;
    for (uint32_t i = 0; fine && i < before.count; i++) {
        fine = cns_unary_add(&in->keys, unary, cns_same_as(in, before.members[i]),
                             in->graph->terms.count);
    }
    cns_unary_end(&before);
    return fine || cns_infer_full(in);
}

static bool
rewrite_binary(cns_inference *in, cns_binary *binary) {
    cns_binary before = *binary;
    const cns_binary empty = {.term = before.term, .transitive = before.transitive};
    *binary = empty;
    bool fine = true;
    for (uint32_t i = 0; fine && i < before.count; i++) {
        uint32_t first = cns_same_as(in, before.firsts[i]);
        uint32_t second = cns_same_as(in, before.seconds[i]);
        bool itself = first == second && binary->term != 0 && binary->term == in->same_as;
        fine = itself || cns_binary_add(&in->keys, binary, first, second);
    }
    cns_binary_end(&before);
    return fine || cns_infer_full(in);
}

static bool
rewrite(cns_inference *in) {
    uint64_t effort = 0;
    in->derived = 0;
    for (uint32_t i = 0; i < in->unary_count; i++) {
        effort += in->unary[i].count;
        if (!rewrite_unary(in, &in->unary[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < in->binary_count; i++) {
        effort += in->binary[i].count;
        if (!rewrite_binary(in, &in->binary[i])) {
            return false;
        }
    }
    memset(in->marks, 0, in->rule_words * sizeof *in->marks);
    return cns_equal_spend(in, effort);
}

bool
cns_infer_equal(cns_inference *in) {
    for (;;) {
        bool merged = false;
        if (!merge(in, &merged)) {
            return false;
        }
        if (!merged) {
            return true;
        }
        if (!rewrite(in) || !cns_infer_run(in)) {
            return false;
        }
    }
}
