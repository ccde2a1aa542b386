/* SPDX-License-Identifier: Apache-2.0 */
/* How the hand-written checks fill a result: as the runtime does, without calls. */
#ifndef REPORT_H
#define REPORT_H

#include <cns/cns.h>

static inline void
begin(cns_result *result) {
    result->count = 0;
    result->truncated = 0;
    result->status = CNS_OK;
    result->conforms = true;
}

static inline cns_status
reject(cns_result *result) {
    result->status = CNS_BAD_RECORD;
    result->conforms = false;
    return CNS_BAD_RECORD;
}

static void
fail(cns_result *result, uint16_t check, const void *focus, const void *value) {
    result->conforms = false;
    if (result->count == result->capacity) {
        result->truncated++;
        return;
    }
    result->violations[result->count++] =
        (cns_violation){.focus = focus, .value = value, .check = check};
}

#endif
