/* SPDX-License-Identifier: Apache-2.0 */
/* Keys: members of a class that share a value of each of some properties are the same. */
#include <stdlib.h>

#include "equal.h"

/* What a key costs of the effort, as each one is kept. */
static const uint64_t key_effort = 256;

/* What keys a member has: a number for each way to choose a value of each property. */
typedef struct keyed {
    const cns_derivation *rule;
    cns_groups prefixes; /* of a number and a value: a number */
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
        return cns_infer_full(in);
    }
    keys->numbers = numbers;
    uint32_t *more = realloc(keys->more, capacity * sizeof *more);
    if (more == NULL) {
        return cns_infer_full(in);
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
        uint32_t value = cns_compared(in, pairs->seconds[pair]);
        if (value == 0 || !cns_equal_spend(in, key_effort * *count)) {
            return false;
        }
        for (uint32_t i = 0; i < *count; i++) {
            uint64_t key = (uint64_t)keys->numbers[i] << 32 | value;
            uint32_t number = cns_group_of(in, &keys->prefixes, key, keys->last + 1);
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
merge_by_key(cns_inference *in, keyed *keys, cns_groups *owners, uint32_t member, bool *merged) {
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
        uint32_t other = cns_group_of(in, owners, keys->numbers[i], member);
        if (other == 0 || !cns_merge_terms(in, other, member, merged)) {
            return false;
        }
    }
    return true;
}

bool
cns_merge_keyed(cns_inference *in, const cns_derivation *rule, bool *merged) {
    const cns_unary *members = &in->unary[rule->operands[0]];
    cns_groups owners = {0};
    keyed keys = {.rule = rule, .last = 1};
    bool fine = cns_equal_spend(in, members->count);
    for (uint32_t operand = 1; fine && operand < rule->count; operand++) {
        cns_binary *pairs = &in->binary[rule->operands[operand]];
        fine = cns_index_pairs(&in->keys, pairs, &pairs->by_first) || cns_infer_full(in);
    }
    for (uint32_t i = 0; fine && i < members->count; i++) {
        fine = cns_is_literal(in->graph, members->members[i]) ||
               merge_by_key(in, &keys, &owners, members->members[i], merged);
    }
    cns_groups_end(&owners);
    cns_groups_end(&keys.prefixes);
    free(keys.numbers);
    free(keys.more);
    return fine;
}
