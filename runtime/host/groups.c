/* SPDX-License-Identifier: Apache-2.0 */
/* Groups: numbers for keys, in a hash table of 2^bits slots. */
#include <stdlib.h>
#include <string.h>

#include "equal.h"

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
grow_groups(const cns_inference *in, cns_groups *known) {
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

void
cns_groups_end(cns_groups *known) {
    free(known->keys);
    free(known->numbers);
    memset(known, 0, sizeof *known);
}

uint32_t
cns_group_of(cns_inference *in, cns_groups *known, uint64_t key, uint32_t number) {
    if ((known->keys == NULL || known->used >= (UINT64_C(1) << known->bits) / 2) &&
        !grow_groups(in, known)) {
        (void)cns_infer_full(in);
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
