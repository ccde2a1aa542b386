/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equality: terms that are the same are a class, which one of them stands for in all relations.
 *
 * When rules have nothing new, those of equality look for what is the same; then relations are
 * rewritten, and rules run again. In the end, what was found of one is said of all in its class.
 */
#include <stdlib.h>
#include <string.h>

#include "infer.h"

/* The most that may be looked at again and again, as classes grow one after the other. */
static const uint64_t most_effort = UINT64_C(1) << 31;

/* What a key costs of this, as each one is kept. */
static const uint64_t key_effort = 256;

static bool
is_a_literal(const cns_inference *in, uint32_t term) {
    return in->graph->terms.entries[term].kind == CNS_KIND_LITERAL;
}

static bool
full(cns_inference *in) {
    return cns_infer_stop(in, CNS_CLOSING_NO_MEMORY);
}

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
    if (in->same == NULL || in->same_count == NULL) {
        return full(in);
    }
    for (uint32_t term = 0; term < terms; term++) {
        in->same[term] = term;
        in->same_count[term] = 1;
    }
    return true;
}

/* Makes one class of those of two terms; literals have none. */
static bool
merge_classes(cns_inference *in, uint32_t a, uint32_t b, bool *merged) {
    if (is_a_literal(in, a) || is_a_literal(in, b)) {
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
    in->same[other] = one;
    in->same_count[one] += in->same_count[other];
    *merged = true;
    return true;
}

/* ---- Groups ------------------------------------------------------------------------------- */

/* A number for each key. */
typedef struct groups {
    uint64_t *keys; /* 2^bits slots; 0: free */
    uint32_t *numbers;
    uint32_t bits;
    uint32_t used;
} groups;

static uint64_t
seek_group(const cns_inference *in, const uint64_t *keys, uint32_t bits, uint64_t key) {
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint64_t hash = (key >> 32) * in->keys.first + (uint32_t)key * in->keys.second;
    uint64_t at = hash >> (64 - bits);
    while (keys[at] != 0 && keys[at] != key) {
        at = (at + 1) & mask;
    }
    return at;
}

static bool
grow_groups(const cns_inference *in, groups *known) {
    uint32_t bits = known->keys == NULL ? 6 : known->bits + 1;
    uint64_t *keys =
        bits < sizeof(size_t) * 8 - 4 ? calloc((size_t)1 << bits, sizeof *keys) : NULL;
    uint32_t *numbers = keys != NULL ? malloc(((size_t)1 << bits) * sizeof *numbers) : NULL;
    if (numbers == NULL) {
        free(keys);
        return false;
    }
    for (uint64_t i = 0; known->keys != NULL && i < UINT64_C(1) << known->bits; i++) {
        if (known->keys[i] != 0) {
            uint64_t at = seek_group(in, keys, bits, known->keys[i]);
            keys[at] = known->keys[i];
            numbers[at] = known->numbers[i];
        }
    }
    free(known->keys);
    free(known->numbers);
    known->keys = keys;
    known->numbers = numbers;
    known->bits = bits;
    return true;
}

static void
end_groups(groups *known) {
    free(known->keys);
    free(known->numbers);
    memset(known, 0, sizeof *known);
}

/* The number of a key, which is `number` where the key is new; 0 where memory fails. */
static uint32_t
group_of(cns_inference *in, groups *known, uint64_t key, uint32_t number) {
    if ((known->keys == NULL || known->used >= (UINT64_C(1) << known->bits) / 2) &&
        !grow_groups(in, known)) {
        (void)full(in);
        return 0;
    }
    uint64_t at = seek_group(in, known->keys, known->bits, key);
    if (known->keys[at] == 0) {
        known->keys[at] = key;
        known->numbers[at] = number;
        known->used++;
    }
    return known->numbers[at];
}

/* ---- Rules -------------------------------------------------------------------------------- */

/* Notes that so much is looked at once more. */
static bool
spend(cns_inference *in, uint64_t effort) {
    in->effort += effort;
    return in->effort <= most_effort || cns_infer_stop(in, CNS_CLOSING_TOO_MANY);
}

/* A term as it is compared: one that stands for its class, or a literal for its value. */
static uint32_t
compared(cns_inference *in, uint32_t term) {
    return is_a_literal(in, term) ? cns_value_term(in, term) : cns_same_as(in, term);
}

/* Of pairs with the same first terms, in a set, the second ones are the same. */
static bool
merge_seconds(cns_inference *in, const cns_binary *pairs, const cns_unary *firsts,
              const cns_unary *seconds, bool *merged) {
    groups known = {0};
    bool fine = spend(in, pairs->count);
    for (uint32_t i = 0; fine && i < pairs->count; i++) {
        uint32_t first = pairs->firsts[i], second = pairs->seconds[i];
        if ((firsts == NULL || cns_unary_has(&in->keys, firsts, first)) &&
            (seconds == NULL || cns_unary_has(&in->keys, seconds, second)) &&
            !is_a_literal(in, second)) {
            uint32_t other = group_of(in, &known, compared(in, first), second);
            fine = other != 0 && merge_classes(in, other, second, merged);
        }
    }
    end_groups(&known);
    return fine;
}

/* Of pairs with the same second terms, the first ones are the same. */
static bool
merge_firsts(cns_inference *in, const cns_binary *pairs, bool *merged) {
    groups known = {0};
    bool fine = spend(in, pairs->count);
    for (uint32_t i = 0; fine && i < pairs->count; i++) {
        uint32_t second = compared(in, pairs->seconds[i]);
        uint32_t other = second != 0 ? group_of(in, &known, second, pairs->firsts[i]) : 0;
        fine = other != 0 && merge_classes(in, other, pairs->firsts[i], merged);
    }
    end_groups(&known);
    return fine;
}

/* What keys a member has: a number for each way to choose a value of each property. */
typedef struct keyed {
    const cns_derivation *rule;
    groups prefixes; /* of a number and a value: a number */
    uint32_t *numbers;
    uint32_t *more;
    uint32_t capacity;
    uint32_t last; /* number that was given */
} keyed;

static bool
grow_numbers(cns_inference *in, keyed *keys) {
    size_t capacity = 2 * (size_t)keys->capacity + 16;
    uint32_t *numbers = realloc(keys->numbers, capacity * sizeof *numbers);
    if (numbers == NULL) {
        return full(in);
    }
    keys->numbers = numbers;
    uint32_t *more = realloc(keys->more, capacity * sizeof *more);
    if (more == NULL) {
        return full(in);
    }
    keys->more = more;
    keys->capacity = (uint32_t)capacity;
    return true;
}

/* Continues the keys of a member by the values of one more property. */
static bool
extend_keys(cns_inference *in, keyed *keys, cns_binary *pairs, uint32_t member, uint32_t *count) {
    uint32_t found = 0;
    for (uint32_t pair = cns_index_find(&in->keys, &pairs->by_first, member); pair != CNS_NO_PAIR;
         pair = pairs->by_first.next[pair]) {
        uint32_t value = compared(in, pairs->seconds[pair]);
        if (value == 0 || !spend(in, key_effort * *count)) {
            return false;
        }
        for (uint32_t i = 0; i < *count; i++) {
            uint64_t key = (uint64_t)keys->numbers[i] << 32 | value;
            uint32_t number = group_of(in, &keys->prefixes, key, keys->last + 1);
            if (number == 0 || (found == keys->capacity && !grow_numbers(in, keys))) {
                return false;
            }
            keys->last = number > keys->last ? number : keys->last;
            keys->more[found++] = number;
        }
    }
    uint32_t *swapped = keys->numbers;
    keys->numbers = keys->more;
    keys->more = swapped;
    *count = found;
    return true;
}

static bool
merge_by_key(cns_inference *in, keyed *keys, groups *owners, uint32_t member, bool *merged) {
    uint32_t count = 1;
    if (keys->capacity == 0 && !grow_numbers(in, keys)) {
        return false;
    }
    keys->numbers[0] = 1;
    for (uint32_t operand = 1; operand < keys->rule->count && count > 0; operand++) {
        cns_binary *pairs = &in->binary[keys->rule->operands[operand]];
        if (!extend_keys(in, keys, pairs, member, &count)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t other = group_of(in, owners, keys->numbers[i], member);
        if (other == 0 || !merge_classes(in, other, member, merged)) {
            return false;
        }
    }
    return true;
}

static bool
merge_keyed(cns_inference *in, const cns_derivation *rule, bool *merged) {
    const cns_unary *members = &in->unary[rule->operands[0]];
    groups owners = {0};
    keyed keys = {.rule = rule, .last = 1};
    bool fine = spend(in, members->count);
    for (uint32_t operand = 1; fine && operand < rule->count; operand++) {
        cns_binary *pairs = &in->binary[rule->operands[operand]];
        fine = cns_index_pairs(&in->keys, pairs, &pairs->by_first) || full(in);
    }
    for (uint32_t i = 0; fine && i < members->count; i++) {
        fine = is_a_literal(in, members->members[i]) ||
               merge_by_key(in, &keys, &owners, members->members[i], merged);
    }
    end_groups(&owners);
    end_groups(&keys.prefixes);
    free(keys.numbers);
    free(keys.more);
    return fine;
}

static bool
merge_by_rule(cns_inference *in, const cns_derivation *rule, bool *merged) {
    const uint32_t *operands = rule->operands;
    switch (rule->opcode) {
    case CNS_INFER_FUNCTIONAL:
        return merge_seconds(in, &in->binary[operands[0]], NULL, NULL, merged);
    case CNS_INFER_INVERSE_FUNCTIONAL:
        return merge_firsts(in, &in->binary[operands[0]], merged);
    case CNS_INFER_AT_MOST_ONE:
        return merge_seconds(in, &in->binary[operands[1]], &in->unary[operands[0]],
                             rule->count > 2 ? &in->unary[operands[2]] : NULL, merged);
    case CNS_INFER_KEY:
        return merge_keyed(in, rule, merged);
    default:
        return true;
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
        if (!merge_classes(in, pairs->firsts[i], pairs->seconds[i], merged)) {
            return false;
        }
    }
    return true;
}

/* Looks once for what is the same. */
static bool
merge_once(cns_inference *in, bool *merged) {
    if (!merge_stated(in, merged)) {
        return false;
    }
    for (uint32_t word = 0; word < in->rule_words;) {
        cns_derivation rule = cns_derivation_at(in, word);
        if (!merge_by_rule(in, &rule, merged)) {
            return false;
        }
        word += 1 + rule.count;
    }
    return true;
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
    return fine || full(in);
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
    return fine || full(in);
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
    return spend(in, effort);
}

bool
cns_infer_equal(cns_inference *in) {
    for (;;) {
        bool merged = false;
        if (!merge_once(in, &merged)) {
            return false;
        }
        if (!merged) {
            return true;
        }
        while (merged) {
            merged = false;
            if (!merge_once(in, &merged)) {
                return false;
            }
        }
        if (!rewrite(in) || !cns_infer_run(in)) {
            return false;
        }
    }
}

/* ---- Expanding ---------------------------------------------------------------------------- */

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
        return full(in);
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
    if (is_a_literal(all->in, x)) {
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
    if (is_a_literal(all->in, member)) {
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
        fine = cns_graph_reserve(in->graph, all.count) || full(in);
    }
    if (fine) {
        expand_all(&all);
        fine = keep_new(in->graph) || full(in);
    }
    free(all.starts);
    free(all.terms);
    return fine;
}
