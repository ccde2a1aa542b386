/* SPDX-License-Identifier: Apache-2.0 */
/* Reads reports of stations from CBOR and checks them: what is malformed, what is refused, why. */
#include "message.h"
#include "samples.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* All output goes through here; on a board of your own, write to a serial line instead. */
static void
put(const char *text) {
    fwrite(text, 1, strlen(text), stdout);
}

static const char *
words_of(cbor_status status) {
    static const char *const words[] = {
#define X(name, words) words,
        CBOR_STATUSES(X)
#undef X
    };
    return words[status];
}

/* Reads and checks a message; returns the number of violations, or -1 when it is malformed. */
static int
check(const sample *given) {
    report made;
    cns_violation found[8];
    cns_result result;
    char line[160];
    size_t at;

    cbor_status status = message_read((const uint8_t *)given->bytes, given->length, &made, &at);
    if (status != CBOR_OK) {
        put("dropped ");
        put(given->what);
        put(": it ");
        put(words_of(status));
        put("\n");
        return -1;
    }
    cns_result_init(&result, found, LENGTH(found));
    air_report_validate(&made.record, &result);
    put(result.conforms ? "ok      " : "refused ");
    put(given->what);
    put("\n");
    for (uint16_t i = 0; i < result.count; i++) {
        cns_violation_format(&air_model, &found[i], line, sizeof line);
        put("        ");
        put(line);
        put("\n");
    }
    return result.status == CNS_OK ? result.count : -1;
}

int
main(void) {
    bool expected = true;
    for (size_t i = 0; i < LENGTH(samples); i++)
        expected &= check(&samples[i]) == samples[i].wrong;
    return expected ? 0 : 1;
}
