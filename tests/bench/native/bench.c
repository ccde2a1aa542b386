/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generated handlers beside hand-written ones. Every record is first given to both, and any
 * difference between the results ends the program. Then
 *   bench            prints, for each message and round, the time of both per record
 *   bench NAME hand  lets one of them check the records of a message once, for counting
 */
#include "by_hand.h"
#include "numbers.h"
#include "station.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define ROUNDS 9

enum {
    RECORDS = 1024,
    REPEATS = 64,
    CAPACITY = 32
};

/* ---- Records ------------------------------------------------------------------------------- */

static uint64_t
draw(void) {
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 11;
}

static bool
one_in(uint64_t count) {
    return draw() % count == 0;
}

/* A whole number from low to high. */
static int64_t
between(int64_t low, int64_t high) {
    return low + (int64_t)(draw() % (uint64_t)(high - low + 1));
}

/* A number from low to high; a wild one is at the bounds, beyond them, or none. */
static double
real(double low, double high, bool wild) {
    const double odd[] = {low, high, low - 1.0, high + 1.0, NAN, -INFINITY, INFINITY, -0.0};
    return wild ? odd[draw() % LENGTH(odd)]
                : low + (high - low) * ((double)between(1, 999) / 1000.0);
}

static int64_t
whole(int64_t low, int64_t high, bool wild) {
    const int64_t odd[] = {low, high, low - 1, high + 1};
    return wild ? odd[draw() % LENGTH(odd)] : between(low, high);
}

/* All fields but the absent ones: in good records none, in spoiled ones now and then one. */
static uint32_t
presence(uint32_t fields, bool spoiled) {
    return spoiled && one_in(3) ? fields & (uint32_t)draw() : fields;
}

static station_message messages[RECORDS];
static station_message_position positions[RECORDS];
static numbers_state states[RECORDS];

static void
make_message(size_t index, bool spoiled) {
    static const cns_str names[] = {
        CNS_STR("roof"),
        CNS_STR("north face"),
        CNS_STR("Zürich, Flussufer"),
        CNS_STR(""),
        CNS_STR("äöüäöüäöüäöüäöüäöüäöüäöü"),
        CNS_STR("a name that is a little too long"),
        CNS_STR("Z\xFCrich"),
    };
#define WILD (spoiled && one_in(6))
    positions[index] = (station_message_position){
        .has = presence(3, spoiled),
        .latitude = real(-90, 90, WILD),
        .longitude = real(-180, 180, WILD),
    };
    messages[index] = (station_message){
        .has = presence(0x3FF, spoiled),
        .sequence = (uint32_t)index,
        .temperature = real(-40, 125, WILD),
        .humidity = (float)real(0, 100, WILD),
        .battery = (uint16_t)whole(1800, 4200, WILD),
        .mode = (uint8_t)whole(1, 4, WILD),
        .name = names[draw() % (spoiled ? LENGTH(names) : 3)],
        .pressure_count = (uint16_t)(spoiled && one_in(8) ? between(0, 5) : between(1, 4)),
        .alarm_code = (int16_t)whole(-100, 99, WILD),
        .uptime = whole(0, INT64_C(1) << 40, WILD),
        .position = spoiled && one_in(32) ? NULL : &positions[index],
    };
    for (size_t i = 0; i < STATION_MESSAGE_PRESSURE_CAPACITY; i++)
        messages[index].pressure[i] = (uint16_t)whole(300, 1100, WILD);
}

static void
make_state(size_t index, bool spoiled) {
    states[index] = (numbers_state){
        .has = presence(0xFF, spoiled),
        .speed = (int32_t)whole(-6000, 6000, WILD),
        .torque = (float)real(-80, 80, WILD),
        .current = (float)real(0, 32, WILD),
        .angle = real(-180, 180, WILD),
        .voltage = (uint16_t)whole(9000, 28000, WILD),
        .temperature = (int8_t)whole(-128, 110, WILD),
        .duty = (uint8_t)whole(0, 100, WILD),
        .steps = whole(-INT64_C(1000000000000), INT64_C(1000000000000), WILD),
    };
}
#undef WILD

/* ---- Contenders ---------------------------------------------------------------------------- */

static cns_status
station_generated(const void *record, cns_result *result) {
    return station_message_validate(record, result);
}

static cns_status
numbers_generated(const void *record, cns_result *result) {
    return numbers_state_validate(record, result);
}

typedef struct message {
    const char *name;
    const void *records;
    size_t size;
    void (*make)(size_t index, bool spoiled);
    cns_handler generated, by_hand;
    const cns_model *model;
    const uint8_t *components; /* of the hand-written checks */
} message;

static const message kinds[] = {
    {"message", messages, sizeof messages[0], make_message, station_generated, station_by_hand,
     &station_model, station_components},
    {"numbers", states, sizeof states[0], make_state, numbers_generated, numbers_by_hand,
     &numbers_model, numbers_components},
};

static const void *
record_of(const message *kind, size_t index) {
    return (const char *)kind->records + index * kind->size;
}

/* Makes RECORDS records, of which one in `spoiled` has faults; 0 for none. */
static void
make_records(const message *kind, uint64_t spoiled) {
    for (size_t i = 0; i < RECORDS; i++)
        kind->make(i, spoiled != 0 && one_in(spoiled));
}

/* ---- The same answers ---------------------------------------------------------------------- */

static bool
same_violation(const message *kind, const cns_violation *a, const cns_violation *b) {
    return kind->model->checks[a->check].component == kind->components[b->check] &&
           a->focus == b->focus && a->value == b->value;
}

static bool
same(const message *kind, const cns_result *a, const cns_result *b) {
    if (a->status != b->status || a->conforms != b->conforms || a->count != b->count)
        return false;
    for (uint16_t i = 0; i < a->count; i++)
        if (!same_violation(kind, &a->violations[i], &b->violations[i]))
            return false;
    return true;
}

/* Ends the program when the two differ on a record; returns how many records conform. */
static size_t
compare(const message *kind) {
    cns_violation found[2][CAPACITY];
    cns_result results[2];
    size_t conforming = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        const cns_handler handlers[] = {kind->generated, kind->by_hand};
        for (size_t j = 0; j < 2; j++) {
            cns_result_init(&results[j], found[j], CAPACITY);
            handlers[j](record_of(kind, i), &results[j]);
        }
        if (!same(kind, &results[0], &results[1])) {
            fprintf(stderr, "%s: record %zu: the handlers differ\n", kind->name, i);
            exit(1);
        }
        conforming += results[0].conforms;
    }
    return conforming;
}

static void
compare_many(const message *kind) {
    size_t conforming = 0;
    for (int round = 0; round < 100; round++) {
        make_records(kind, 2);
        conforming += compare(kind);
    }
    if (conforming < 40 * RECORDS || conforming > 90 * RECORDS) {
        fprintf(stderr, "%s: %zu conform: a poor choice of records\n", kind->name, conforming);
        exit(1);
    }
}

/* ---- Measuring ----------------------------------------------------------------------------- */

/* Checks all records; returns how many conform. Callgrind counts what happens in here. */
static __attribute__((noinline)) size_t
check_all(const message *kind, cns_handler handler, cns_result *result) {
    size_t conforming = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        handler(record_of(kind, i), result);
        conforming += result->conforms;
    }
    return conforming;
}

static double
now(void) {
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Returns the nanoseconds per record. */
static double
measure(const message *kind, cns_handler handler, size_t conforming) {
    cns_violation found[CAPACITY];
    cns_result result;
    cns_result_init(&result, found, CAPACITY);
    double begin = now();
    for (int i = 0; i < REPEATS; i++) {
        if (check_all(kind, handler, &result) != conforming)
            exit(1);
    }
    return (now() - begin) / (RECORDS * REPEATS);
}

static void
measure_rounds(const message *kind, const char *what, uint64_t spoiled) {
    make_records(kind, spoiled);
    size_t conforming = compare(kind);
    for (int i = 0; i < ROUNDS; i++) {
        double hand = measure(kind, kind->by_hand, conforming);
        double generated = measure(kind, kind->generated, conforming);
        printf("%s, %s\thand\t%.4f\n", kind->name, what, hand);
        printf("%s, %s\tgenerated\t%.4f\n", kind->name, what, generated);
    }
}

static int
count(const message *kind, const char *which, uint64_t spoiled) {
    cns_violation found[CAPACITY];
    cns_result result;
    make_records(kind, spoiled);
    size_t conforming = compare(kind);
    cns_result_init(&result, found, CAPACITY);
    cns_handler handler = strcmp(which, "hand") == 0 ? kind->by_hand : kind->generated;
    printf("%d\n", RECORDS);
    return check_all(kind, handler, &result) == conforming ? 0 : 1;
}

int
main(int count_of_words, char **words) {
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        if (count_of_words == 4) {
            if (strcmp(words[1], kinds[i].name) == 0)
                return count(&kinds[i], words[2], (uint64_t)atoi(words[3]));
            continue;
        }
        compare_many(&kinds[i]);
        measure_rounds(&kinds[i], "all conform", 0);
        measure_rounds(&kinds[i], "one in ten spoiled", 10);
    }
    return 0;
}
