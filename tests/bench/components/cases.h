/* SPDX-License-Identifier: Apache-2.0 */
/* The records of comp.ttl: how they are made, and the same checks written by hand. */
#ifndef CASES_H
#define CASES_H

#include "comp.h"

/* Types of records, each of which shows one constraint component. */
#define CASES(X)                                                                                  \
    X(min_count)                                                                                  \
    X(datatype)                                                                                   \
    X(node_kind)                                                                                  \
    X(class_of)                                                                                   \
    X(in)                                                                                         \
    X(has_value)                                                                                  \
    X(range_int)                                                                                  \
    X(range_double)                                                                               \
    X(length)                                                                                     \
    X(pattern)                                                                                    \
    X(language_in)                                                                                \
    X(unique_lang)                                                                                \
    X(equals)                                                                                     \
    X(disjoint)                                                                                   \
    X(less_than)                                                                                  \
    X(not_in)                                                                                     \
    X(or_of)                                                                                      \
    X(xone_of)                                                                                    \
    X(qualified)                                                                                  \
    X(node)                                                                                       \
    X(closed)                                                                                     \
    X(alternative)

#define DECLARE(name)                                                                             \
    /* Makes a record from a random number; about half of them conform. */                        \
    void make_##name(comp_##name *record, uint32_t draw);                                         \
    /* Whether the record conforms. */                                                            \
    bool hand_##name(const comp_##name *record);
CASES(DECLARE)
#undef DECLARE

/* Whether the generated handler says that a record conforms. */
#define CONFORMS(name, record)                                                                    \
    (comp_##name##_validate(record, &answer) == CNS_OK && answer.conforms)

/* The next random number of a xorshift generator. */
static inline uint32_t
next_draw(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state >> 4;
}

#endif
