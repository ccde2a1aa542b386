/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatches stations, most of them wrong, and prints what the handler said, then the trace: a
   line for each result, one for each violation, and the dump as hex digits. */
#include "station.h"

#include <stdio.h>

#ifndef ENTRIES
#define ENTRIES 64
#endif

enum {
    VIOLATIONS = 24,
    OWN_ID = 4000
};

static uint32_t storage[CNS_TRACE_WORDS(ENTRIES)];
static cns_trace trace;
static uint32_t next_signal = 100;

static void
print_violation(const cns_violation *violation) {
    char line[200];
    cns_violation_format(&station_model, violation, line, sizeof line);
    printf("violation %u %lu %u %s\n", violation->check, (unsigned long)violation->focus_id,
           violation->detail_of, line);
}

/* Dispatches one signal into a result with space for `capacity` violations. */
static void
dispatch(uint32_t kind, const station_station *station, uint16_t capacity) {
    static cns_violation found[VIOLATIONS];
    cns_result result;
    cns_result_init(&result, found, capacity);
    cns_signal signal = {.payload = station,
                         .timestamp = UINT64_C(0x100000000) + next_signal,
                         .kind = kind,
                         .id = next_signal,
                         .flags = 0xF1A60000u + next_signal};
    cns_trace_dispatch(&trace, &station_model, &signal, &result);
    printf("result %lu %lu %u %d %u %u %lu\n", (unsigned long)kind, (unsigned long)signal.id,
           result.status, result.conforms, result.count, result.truncated,
           (unsigned long)result.steps);
    for (unsigned i = 0; i < result.count; i++) {
        print_violation(&found[i]);
    }
    next_signal++;
}

static void
dispatch_good(void) {
    station_station station = STATION_STATION_INIT;
    station.id = OWN_ID;
    station_station_set_celsius(&station, 21.5);
    station_station_set_alarm(&station, false);
    dispatch(STATION_KIND_STATION, &station, VIOLATIONS);
}

/* Every check fails, by a value that is one of its datatype. */
static void
dispatch_bad(uint32_t id, uint16_t capacity) {
    station_sensor sensor = STATION_SENSOR_INIT;
    station_sensor_set_x(&sensor, 8);
    station_station station = STATION_STATION_INIT;
    station.id = id;
    station_station_set_celsius(&station, 90.5);
    station_station_set_alarm(&station, true);
    station_station_set_offset(&station, -7);
    station_station_set_ticks(&station, UINT64_MAX);
    station_station_set_gain(&station, 1.1f);
    station_station_set_price(&station, (cns_decimal){123456, 4});
    station_station_set_since(&station, (cns_datetime){1582977600, 500000000, 60});
    station_station_set_day(&station, (cns_datetime){1582934400, 0, CNS_NO_ZONE});
    station_station_set_every(&station, (cns_duration){90061, 0, 250000000});
    station_station_add_label(&station, (cns_str)CNS_STR("five5"));
    station_station_add_label(&station, (cns_str)CNS_STR("say \"hi\"\n\x7f"));
    station_station_add_label(&station, (cns_str)CNS_STR("Gew\xC3\xA4"
                                                         "chsha\xC3\xBCser"));
    station_station_add_title(&station, (cns_langstr){CNS_STR("Haus"), CNS_STR("de-CH")});
    station_station_add_title(&station, (cns_langstr){CNS_STR("casa grande"), CNS_STR("es")});
    station_station_set_serial(&station, (cns_str)CNS_STR("A-77"));
    station_station_set_state(&station, STATION_STATION_STATE_HALF);
    station_station_add_anything(&station, (cns_term){.tag = CNS_INT, .as.integer = -5});
    station_station_add_spot(&station, (cns_ref){.id = 4001});
    station_station_add_spot(&station, (cns_ref){.id = STATION_TERM_ON});
    station_station_set_sensor(&station, &sensor);
    dispatch(STATION_KIND_STATION, &station, capacity);
}

/* Values that C can hold and their datatypes lack. */
static void
dispatch_ill_formed(void) {
    station_station station = STATION_STATION_INIT;
    station.id = OWN_ID;
    *(unsigned char *)&station.alarm = 7;
    station.has |= STATION_STATION_HAS_ALARM;
    station_station_set_celsius(&station, 1e300);
    station_station_set_price(&station, (cns_decimal){5, 99});
    station_station_set_since(&station, (cns_datetime){0, 1000000000, 0});
    station_station_set_day(&station, (cns_datetime){1, 0, 0});
    station_station_set_every(&station, (cns_duration){5000, 1, 0});
    station_station_set_state(&station, 9);
    dispatch(STATION_KIND_STATION, &station, VIOLATIONS);
}

static void
dispatch_unsound(void) {
    station_station station = STATION_STATION_INIT;
    station_station_add_label(&station, (cns_str){NULL, 3});
    dispatch(STATION_KIND_STATION, &station, VIOLATIONS);
    dispatch(STATION_KIND_STATION, NULL, VIOLATIONS);
    dispatch(77, &station, VIOLATIONS);
}

static size_t
print_dump(void *to, const char *bytes, size_t size) {
    (void)to;
    for (size_t i = 0; i < size; i++) {
        printf("%02x%c", (unsigned char)bytes[i], i % 32 == 31 ? '\n' : ' ');
    }
    return size;
}

int
main(void) {
    cns_trace_init(&trace, storage, sizeof storage / sizeof *storage);
    dispatch_good();
    dispatch_bad(OWN_ID, VIOLATIONS);
    dispatch_bad(0, 3);
    dispatch_ill_formed();
    dispatch_unsound();
    printf("dump\n");
    return cns_trace_dump(&trace, print_dump, NULL);
}
