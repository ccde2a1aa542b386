/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatches a good message and one with a violation: each in a window, then again in one that is
   traced, by a trace that is full. Exits with the number of what went wrong. */
#include "message.h"
#include "window.h"

#define ALL (MESSAGE_MESSAGE_HAS_ALARM_CODE * 2 - 1)
#define GOOD                                                                                      \
    .has = ALL, .sequence = 7, .temperature = 21.5, .humidity = 45, .battery = 3000,              \
    .mode = MESSAGE_MESSAGE_MODE_MEASURING, .label = CNS_STR("north face"), .pressure_count = 2,  \
    .pressure = {1013, 1012}, .alarm_code = 3

enum {
    VIOLATIONS = 4,
    ENTRIES = 8
};

static const message_message good = {GOOD};
static const message_message bad = {GOOD, .temperature = -40.25};

static uint32_t storage[CNS_TRACE_WORDS(ENTRIES)];
static cns_trace trace;
static cns_violation found[VIOLATIONS];
static cns_result result;

static void
run(const cns_signal *signal) {
    window_begin();
    cns_dispatch(&message_model, signal, &result);
    window_end();
    for (int i = 0; i < ENTRIES; i++)
        cns_trace_dispatch(&trace, &message_model, signal, &result);
    window_begin();
    cns_trace_dispatch(&trace, &message_model, signal, &result);
    window_end();
}

static size_t
count_bytes(void *to, const char *bytes, size_t size) {
    (void)bytes;
    *(size_t *)to = size;
    return size;
}

int
main(void) {
    size_t size = 0;
    cns_result_init(&result, found, VIOLATIONS);
    cns_trace_init(&trace, storage, sizeof storage / sizeof *storage);
    run(&(cns_signal){.payload = &good, .kind = MESSAGE_KIND_MESSAGE, .id = 1});
    if (!result.conforms)
        return 1;
    run(&(cns_signal){.payload = &bad, .kind = MESSAGE_KIND_MESSAGE, .id = 2});
    if (result.conforms || result.count != 1)
        return 2;
    return cns_trace_dump(&trace, count_bytes, &size) == CNS_OK && size == sizeof storage ? 0 : 3;
}
