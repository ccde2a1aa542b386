/* SPDX-License-Identifier: Apache-2.0 */
/* Relations: sets of terms and sets of pairs of them, that only grow while rules add to them. */
#ifndef CNS_HOST_RELATIONS_H
#define CNS_HOST_RELATIONS_H

#include <cns/cns.h>

/* What hashes are made with: odd numbers that whoever makes up data does not know. */
typedef struct cns_hash_keys {
    uint64_t first, second;
} cns_hash_keys;

/*
 * A set of terms: a list in the order of addition, and what answers whether a term is in it. That
 * is a hash table while members are few, and a bit for each term when there are many.
 */
typedef struct cns_unary {
    uint32_t term; /* the class whose instances these are, or 0 */
    uint32_t *members;
    uint32_t count;
    uint32_t capacity;
    uint32_t given; /* of them, in the data and the ontology */
    uint32_t bits;  /* 2^bits slots */
    uint32_t *slots;
    uint64_t *dense; /* by term, or NULL */
} cns_unary;

/* Pairs by the term at one end: lists that begin with the last one. */
typedef struct cns_pair_index {
    uint32_t *keys;  /* 2^bits slots: the term, or 0 */
    uint32_t *heads; /* by slot: the number of a pair */
    uint32_t *next;  /* by pair: another one, or CNS_NO_PAIR */
    uint32_t bits;
    uint32_t used;
    uint32_t capacity; /* of `next` */
    uint32_t upto;     /* pairs that are in the index, or left out */
} cns_pair_index;

#define CNS_NO_PAIR UINT32_MAX

/* A set of pairs: columns in the order of addition. Given pairs may be there twice. */
typedef struct cns_binary {
    uint32_t term; /* the predicate whose triples these are, or 0 */
    uint32_t *firsts;
    uint32_t *seconds;
    uint8_t *composed; /* by pair: whether others of the same relation led to it; or NULL */
    uint32_t count;
    uint32_t capacity;
    uint32_t given;
    uint32_t bits;   /* 2^bits slots */
    uint64_t *slots; /* pairs, or NULL until one is derived */
    bool distinct;   /* what is derived is never there before: it needs no slots */
    bool transitive; /* has `composed` */
    cns_pair_index by_first;
    cns_pair_index by_second;
    cns_pair_index steps; /* by the first term: pairs that are not composed */
} cns_binary;

/* Whether a term is in a set. */
bool cns_unary_has(const cns_hash_keys *keys, const cns_unary *unary, uint32_t term);

/* Adds a term, of so many that there are; of equal ones, one is kept. False: memory fails. */
bool cns_unary_add(const cns_hash_keys *keys, cns_unary *unary, uint32_t term, uint32_t terms);

/* Makes space for so many pairs. False where memory fails. */
bool cns_binary_reserve(cns_binary *binary, uint32_t capacity);

/* Adds a pair without looking whether it is there. False where memory fails. */
bool cns_binary_append(cns_binary *binary, uint32_t first, uint32_t second);

/* Adds a pair unless it is there. False where memory fails. */
bool cns_binary_add(const cns_hash_keys *keys, cns_binary *binary, uint32_t first,
                    uint32_t second);

/* The same for a pair that `composed` is set of. */
bool cns_binary_compose(const cns_hash_keys *keys, cns_binary *binary, uint32_t first,
                        uint32_t second);

/* Brings an index up to date: `by_first`, `by_second` or `steps`. False where memory fails. */
bool cns_index_pairs(const cns_hash_keys *keys, cns_binary *binary, cns_pair_index *index);

/* The first pair with a term, or CNS_NO_PAIR; index->next has those that follow. */
uint32_t cns_index_find(const cns_hash_keys *keys, const cns_pair_index *index, uint32_t term);

/* Forgets all members, and frees what they were in. */
void cns_unary_end(cns_unary *unary);
void cns_binary_end(cns_binary *binary);

#endif
