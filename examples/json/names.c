/* SPDX-License-Identifier: Apache-2.0 */
/* A list of IRIs: a record names few. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

uint32_t
names_id(names *known, cns_str iri) {
    for (uint32_t i = 0; i < known->count; i++) {
        if (cns_str_equal(known->iris[i], iri)) {
            return known->first + i;
        }
    }
    if (known->count == known->capacity) {
        uint32_t capacity = known->capacity == 0 ? 64 : 2 * known->capacity;
        cns_str *grown = realloc(known->iris, capacity * sizeof *grown);
        if (grown == NULL) {
            return 0;
        }
        known->iris = grown;
        known->capacity = capacity;
    }
    char *copy = malloc(iri.length + 1);
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, iri.data, iri.length);
    known->iris[known->count] = (cns_str){copy, iri.length};
    return known->first + known->count++;
}

cns_str
names_iri(void *known, uint32_t id) {
    const names *from = known;
    bool found = id >= from->first && id - from->first < from->count;
    return found ? from->iris[id - from->first] : (cns_str){NULL, 0};
}

void
names_clear(names *known) {
    for (uint32_t i = 0; i < known->count; i++) {
        free((char *)known->iris[i].data);
    }
    free(known->iris);
    *known = (names){.first = known->first};
}
