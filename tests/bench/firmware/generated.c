/* SPDX-License-Identifier: Apache-2.0 */
/* The generated handler. STORAGE is how many violations its answer holds. */
#include "verdict.h"

message_message verdict_record;
static cns_result result;
#if STORAGE > 0
static cns_violation found[STORAGE];
#endif

bool
verdict_start(void) {
    return true;
}

void
verdict_check(void) {
#if STORAGE > 0
    result.violations = found;
    result.capacity = STORAGE;
#endif
    message_message_validate(&verdict_record, &result);
}

bool
verdict_is(unsigned expected) {
    if (result.status != CNS_OK || result.conforms != (expected == 0))
        return false;
#if STORAGE > 0
    unsigned failed = 0;
    for (unsigned i = 0; i < result.count; i++)
        failed |= 1u << found[i].check;
    /* Of several, `report: 'first'` tells the first. */
    return failed == (STORAGE == 1 ? expected & -expected : expected);
#else
    return true;
#endif
}
