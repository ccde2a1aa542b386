/* SPDX-License-Identifier: Apache-2.0 */
/* Relations: lists that grow, with hash tables of 2^bits slots that are searched from slot on. */
#include "relations.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SLOTS = 4, /* bits */
    FIRST_MEMBERS = 8,
    SPARSE = 64 /* terms for each member of a set that is hashed */
};

static uint64_t
slot_of(const cns_hash_keys *keys, uint32_t term, uint32_t bits) {
    return term * keys->first >> (64 - bits);
}

static uint64_t
slot_of_pair(const cns_hash_keys *keys, uint64_t pair, uint32_t bits) {
    return ((pair >> 32) * keys->first + (uint32_t)pair * keys->second) >> (64 - bits);
}

/* Whether half of the slots are in use: then there are to be twice as many. */
static bool
is_full(uint32_t used, uint32_t bits) {
    return used >= (UINT64_C(1) << bits) / 2;
}

static bool
grow_list(uint32_t **list, uint32_t capacity) {
    uint32_t *moved = realloc(*list, (size_t)capacity * sizeof *moved);
    if (moved != NULL) {
        *list = moved;
    }
    return moved != NULL;
}

/* The next capacity, or 0 where there is none. */
static uint32_t
grown_from(uint32_t capacity) {
    uint64_t grown = capacity == 0 ? FIRST_MEMBERS : 2 * (uint64_t)capacity;
    return grown <= UINT32_MAX - 1 && grown <= SIZE_MAX / sizeof(uint64_t) ? (uint32_t)grown : 0;
}

/* ---- Sets of terms ------------------------------------------------------------------------ */

static uint32_t *
seek_member(const cns_hash_keys *keys, uint32_t *slots, uint32_t bits, uint32_t term) {
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint64_t at = slot_of(keys, term, bits);
    while (slots[at] != 0 && slots[at] != term) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

static bool
has_bit(const uint64_t *dense, uint32_t term) {
    return (dense[term / 64] >> term % 64 & 1u) != 0;
}

bool
cns_unary_has(const cns_hash_keys *keys, const cns_unary *unary, uint32_t term) {
    if (unary->dense != NULL) {
        return has_bit(unary->dense, term);
    }
    return unary->slots != NULL && *seek_member(keys, unary->slots, unary->bits, term) != 0;
}

static bool
make_dense(cns_unary *unary, uint32_t terms) {
    unary->dense = calloc((size_t)terms / 64 + 1, sizeof *unary->dense);
    if (unary->dense == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < unary->count; i++) {
        unary->dense[unary->members[i] / 64] |= UINT64_C(1) << unary->members[i] % 64;
    }
    free(unary->slots);
    unary->slots = NULL;
    return true;
}

static bool
grow_members_table(const cns_hash_keys *keys, cns_unary *unary) {
    uint32_t bits = unary->slots == NULL ? FIRST_SLOTS : unary->bits + 1;
    uint32_t *slots = calloc((size_t)1 << bits, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < unary->count; i++) {
        *seek_member(keys, slots, bits, unary->members[i]) = unary->members[i];
    }
    free(unary->slots);
    unary->slots = slots;
    unary->bits = bits;
    return true;
}

/* Makes room for one more member. */
static bool
grow_members(const cns_hash_keys *keys, cns_unary *unary, uint32_t terms) {
    if (unary->count == unary->capacity) {
        uint32_t capacity = grown_from(unary->capacity);
        if (capacity == 0 || !grow_list(&unary->members, capacity)) {
            return false;
        }
        unary->capacity = capacity;
    }
    if (unary->dense != NULL ||
        (unary->slots != NULL && !is_full(unary->count + 1, unary->bits))) {
        return true;
    }
    return unary->count > terms / SPARSE ? make_dense(unary, terms)
                                         : grow_members_table(keys, unary);
}

bool
cns_unary_add(const cns_hash_keys *keys, cns_unary *unary, uint32_t term, uint32_t terms) {
    if (cns_unary_has(keys, unary, term)) {
        return true;
    }
    if (!grow_members(keys, unary, terms)) {
        return false;
    }
    if (unary->dense != NULL) {
        unary->dense[term / 64] |= UINT64_C(1) << term % 64;
    } else {
        *seek_member(keys, unary->slots, unary->bits, term) = term;
    }
    unary->members[unary->count++] = term;
    return true;
}

void
cns_unary_end(cns_unary *unary) {
    uint32_t term = unary->term;
    free(unary->members);
    free(unary->slots);
    free(unary->dense);
    memset(unary, 0, sizeof *unary);
    unary->term = term;
}

/* ---- Sets of pairs ------------------------------------------------------------------------ */

static uint64_t
pair_of(uint32_t first, uint32_t second) {
    return (uint64_t)first << 32 | second;
}

static uint64_t *
seek_pair(const cns_hash_keys *keys, uint64_t *slots, uint32_t bits, uint64_t pair) {
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint64_t at = slot_of_pair(keys, pair, bits);
    while (slots[at] != 0 && slots[at] != pair) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

bool
cns_binary_reserve(cns_binary *binary, uint32_t capacity) {
    if (capacity <= binary->capacity) {
        return true;
    }
    if (!grow_list(&binary->firsts, capacity) || !grow_list(&binary->seconds, capacity)) {
        return false;
    }
    if (binary->transitive) {
        uint8_t *moved = realloc(binary->composed, capacity);
        if (moved == NULL) {
            return false;
        }
        binary->composed = moved;
    }
    binary->capacity = capacity;
    return true;
}

static bool
grow_pairs(cns_binary *binary) {
    uint32_t capacity = grown_from(binary->capacity);
    return capacity != 0 && cns_binary_reserve(binary, capacity);
}

bool
cns_binary_append(cns_binary *binary, uint32_t first, uint32_t second) {
    if (binary->count == binary->capacity && !grow_pairs(binary)) {
        return false;
    }
    binary->firsts[binary->count] = first;
    binary->seconds[binary->count] = second;
    if (binary->transitive) {
        binary->composed[binary->count] = 0;
    }
    binary->count++;
    return true;
}

static bool
grow_pairs_table(const cns_hash_keys *keys, cns_binary *binary) {
    uint32_t bits = binary->slots == NULL ? FIRST_SLOTS : binary->bits + 1;
    while (is_full(binary->count + 1, bits)) {
        bits++;
    }
    if (bits >= sizeof(size_t) * 8 - 4) {
        return false;
    }
    uint64_t *slots = calloc((size_t)1 << bits, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < binary->count; i++) {
        uint64_t pair = pair_of(binary->firsts[i], binary->seconds[i]);
        *seek_pair(keys, slots, bits, pair) = pair;
    }
    free(binary->slots);
    binary->slots = slots;
    binary->bits = bits;
    return true;
}

/* Adds a pair; `*is_new` says whether it was not there. */
static bool
add_pair(const cns_hash_keys *keys, cns_binary *binary, uint32_t first, uint32_t second,
         bool *is_new) {
    *is_new = true;
    if (!binary->distinct) {
        if ((binary->slots == NULL || is_full(binary->count + 1, binary->bits)) &&
            !grow_pairs_table(keys, binary)) {
            return false;
        }
        uint64_t pair = pair_of(first, second);
        uint64_t *slot = seek_pair(keys, binary->slots, binary->bits, pair);
        *is_new = *slot == 0;
        if (!*is_new) {
            return true;
        }
        *slot = pair;
    }
    return cns_binary_append(binary, first, second);
}

bool
cns_binary_add(const cns_hash_keys *keys, cns_binary *binary, uint32_t first, uint32_t second) {
    bool is_new;
    return add_pair(keys, binary, first, second, &is_new);
}

bool
cns_binary_compose(const cns_hash_keys *keys, cns_binary *binary, uint32_t first,
                   uint32_t second) {
    bool is_new;
    if (!add_pair(keys, binary, first, second, &is_new)) {
        return false;
    }
    if (is_new) {
        binary->composed[binary->count - 1] = 1;
    }
    return true;
}

/* ---- Indexes ------------------------------------------------------------------------------ */

static uint64_t
seek_key(const cns_hash_keys *keys, const uint32_t *slots, uint32_t bits, uint32_t term) {
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint64_t at = slot_of(keys, term, bits);
    while (slots[at] != 0 && slots[at] != term) {
        at = (at + 1) & mask;
    }
    return at;
}

static bool
grow_index(const cns_hash_keys *keys, cns_pair_index *index) {
    uint32_t bits = index->keys == NULL ? FIRST_SLOTS : index->bits + 1;
    if (bits >= sizeof(size_t) * 8 - 4) {
        return false;
    }
    uint32_t *terms = calloc((size_t)1 << bits, sizeof *terms);
    uint32_t *heads = malloc(((size_t)1 << bits) * sizeof *heads);
    if (terms == NULL || heads == NULL) {
        free(terms);
        free(heads);
        return false;
    }
    for (uint64_t i = 0; index->keys != NULL && i < UINT64_C(1) << index->bits; i++) {
        if (index->keys[i] != 0) {
            uint64_t at = seek_key(keys, terms, bits, index->keys[i]);
            terms[at] = index->keys[i];
            heads[at] = index->heads[i];
        }
    }
    free(index->keys);
    free(index->heads);
    index->keys = terms;
    index->heads = heads;
    index->bits = bits;
    return true;
}

/* Puts a pair in front of the others with the same term. */
static bool
index_pair(const cns_hash_keys *keys, cns_pair_index *index, uint32_t term, uint32_t pair) {
    if ((index->keys == NULL || is_full(index->used + 1, index->bits)) &&
        !grow_index(keys, index)) {
        return false;
    }
    uint64_t at = seek_key(keys, index->keys, index->bits, term);
    index->used += index->keys[at] == 0 ? 1 : 0;
    index->next[pair] = index->keys[at] == 0 ? CNS_NO_PAIR : index->heads[at];
    index->keys[at] = term;
    index->heads[at] = pair;
    return true;
}

bool
cns_index_pairs(const cns_hash_keys *keys, cns_binary *binary, cns_pair_index *index) {
    const uint32_t *terms = index == &binary->by_second ? binary->seconds : binary->firsts;
    bool steps = index == &binary->steps;
    if (index->capacity < binary->count) {
        if (!grow_list(&index->next, binary->capacity)) {
            return false;
        }
        index->capacity = binary->capacity;
    }
    for (; index->upto < binary->count; index->upto++) {
        bool left_out = steps && binary->composed[index->upto] != 0;
        if (!left_out && !index_pair(keys, index, terms[index->upto], index->upto)) {
            return false;
        }
    }
    return true;
}

uint32_t
cns_index_find(const cns_hash_keys *keys, const cns_pair_index *index, uint32_t term) {
    if (index->keys == NULL) {
        return CNS_NO_PAIR;
    }
    uint64_t at = seek_key(keys, index->keys, index->bits, term);
    return index->keys[at] == 0 ? CNS_NO_PAIR : index->heads[at];
}

static void
end_index(cns_pair_index *index) {
    free(index->keys);
    free(index->heads);
    free(index->next);
}

void
cns_binary_end(cns_binary *binary) {
    cns_binary kept = {.term = binary->term, .transitive = binary->transitive};
    free(binary->firsts);
    free(binary->seconds);
    free(binary->composed);
    free(binary->slots);
    end_index(&binary->by_first);
    end_index(&binary->by_second);
    end_index(&binary->steps);
    *binary = kept;
}
