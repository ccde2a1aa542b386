/* SPDX-License-Identifier: Apache-2.0 */
/* Results: the answer to one record, and the violations that it collects. */
#include <cns/cns.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memset(void *to, int byte, size_t size);

_Static_assert(sizeof(cns_violation) == 2 * sizeof(void *) + 8, "a violation has no padding");

void
cns_result_init(cns_result *result, cns_violation *storage, uint16_t capacity) {
    memset(result, 0, sizeof *result);
    result->violations = storage;
    result->capacity = storage == NULL ? 0 : capacity;
}

void
cns_report(cns_result *result, uint16_t check, const void *focus, uint32_t focus_id,
           const void *value) {
    result->conforms = false;
    if (result->count < result->capacity) {
        cns_violation *violation = &result->violations[result->count++];
        violation->focus = focus;
        violation->value = value;
        violation->focus_id = focus_id;
        violation->check = check;
        violation->detail_of = 0;
    } else if (result->truncated < UINT16_MAX) {
        result->truncated++;
    }
}

/* What explains a truncated violation is truncated too: there is no space behind it either. */
void
cns_report_detail(cns_result *result, uint16_t detail_of, uint16_t check, const void *focus,
                  uint32_t focus_id, const void *value) {
    uint16_t index = result->count;
    cns_report(result, check, focus, focus_id, value);
    if (index < result->count) {
        result->violations[index].detail_of = detail_of;
    }
}

cns_status
cns_result_fail(cns_result *result) {
    result->conforms = false;
    return (cns_status)result->status;
}

cns_status
cns_result_reject(cns_result *result) {
    result->status = CNS_BAD_RECORD;
    result->conforms = false;
    return CNS_BAD_RECORD;
}
