/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same: what rules of equality, in equal.c and keys.c, have in common. */
#ifndef CNS_HOST_EQUAL_H
#define CNS_HOST_EQUAL_H

#include "infer.h"

/* A number for each key. Zeroed, there are none. */
typedef struct cns_groups {
    uint64_t *keys; /* 2^bits slots; 0: free */
    uint32_t *numbers;
    uint32_t bits;
    uint32_t used;
} cns_groups;

/* The number of a key, which is `number` where the key is new; 0 where memory fails. */
uint32_t cns_group_of(cns_inference *in, cns_groups *known, uint64_t key, uint32_t number);
void cns_groups_end(cns_groups *known);

/* Makes one class of those of two terms; literals have none. Sets `*merged` where they were two.
 */
bool cns_merge_terms(cns_inference *in, uint32_t a, uint32_t b, bool *merged);

/* Merges by a rule that is a key, once. */
bool cns_merge_keyed(cns_inference *in, const cns_derivation *rule, bool *merged);

/* A term as it is compared: one that stands for its class, or a literal for its value. */
uint32_t cns_compared(cns_inference *in, uint32_t term);

/* Notes that so much is looked at once more; false where that is too much. */
bool cns_equal_spend(cns_inference *in, uint64_t effort);

#endif
