/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generated handlers and images beside hand-written checks. Every record is first given to all
 * three, and any difference between the results ends the program. Then
 *   bench              prints, for each message and round, the time of each per record
 *   bench NAME hand 0  lets one of them check the records of a message once, for counting
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

/* The image of a model, and what it is loaded into. */
#define IMAGE(name, NAME, RECORD)                                                                 \
    static cns_image name##_loaded;                                                               \
    static void name##_load(void) {                                                               \
        static cns_register registers[NAME##_IMAGE_REGISTERS];                                    \
        static uint16_t scratch[NAME##_IMAGE_SCRATCH];                                            \
        const cns_limits limits = {registers, LENGTH(registers), 0};                              \
        if (cns_image_load(&name##_loaded, &name##_layout, name##_image, NAME##_IMAGE_WORDS,      \
                           &limits, scratch, LENGTH(scratch), NULL) != CNS_OK)                    \
            exit(1);                                                                              \
    }                                                                                             \
    static cns_status name##_run_image(const void *data, cns_result *result) {                    \
        result->model = &name##_loaded.model;                                                     \
        return cns_image_run(NAME##_LAYOUT_##RECORD, data, result);                               \
    }

IMAGE(station, STATION, MESSAGE)
IMAGE(numbers, NUMBERS, STATE)

enum {
    BY_HAND,
    GENERATED,
    BYTECODE,
    HANDLERS
};

static const char *const handler_names[HANDLERS] = {"hand", "generated", "bytecode"};

typedef struct message {
    const char *name;
    const void *records;
    size_t size;
    void (*make)(size_t index, bool spoiled);
    cns_handler handlers[HANDLERS];
    const cns_model *model;
    const cns_image *image;
    const uint8_t *components; /* of the hand-written checks */
} message;

static const message kinds[] = {
    {"message",
     messages,
     sizeof messages[0],
     make_message,
     {station_by_hand, station_generated, station_run_image},
     &station_model,
     &station_loaded,
     station_components},
    {"numbers",
     states,
     sizeof states[0],
     make_state,
     {numbers_by_hand, numbers_generated, numbers_run_image},
     &numbers_model,
     &numbers_loaded,
     numbers_components},
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

/* The component of a check: each has its own way to name them. */
static unsigned
component(const message *kind, int handler, uint16_t check) {
    switch (handler) {
    case BY_HAND:
        return kind->components[check];
    case GENERATED:
        return kind->model->checks[check].component;
    default:
        return cns_model_check(&kind->image->model, check).component;
    }
}

static bool
same(const message *kind, const cns_result *hand, const cns_result *other, int handler) {
    if (hand->status != other->status || hand->conforms != other->conforms ||
        hand->count != other->count)
        return false;
    for (uint16_t i = 0; i < hand->count; i++) {
        const cns_violation *a = &hand->violations[i], *b = &other->violations[i];
        if (component(kind, BY_HAND, a->check) != component(kind, handler, b->check) ||
            a->focus != b->focus || a->value != b->value)
            return false;
    }
    return true;
}

/* Ends the program when two differ on a record; returns how many records conform. */
static size_t
compare(const message *kind) {
    cns_violation found[HANDLERS][CAPACITY];
    cns_result results[HANDLERS];
    size_t conforming = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        for (int j = 0; j < HANDLERS; j++) {
            cns_result_init(&results[j], found[j], CAPACITY);
            kind->handlers[j](record_of(kind, i), &results[j]);
            if (!same(kind, &results[BY_HAND], &results[j], j)) {
                fprintf(stderr, "%s: record %zu: %s differs\n", kind->name, i, handler_names[j]);
                exit(1);
            }
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
        for (int j = 0; j < HANDLERS; j++) {
            double time = measure(kind, kind->handlers[j], conforming);
            printf("%s, %s\t%s\t%.4f\n", kind->name, what, handler_names[j], time);
        }
    }
}

static int
count(const message *kind, const char *which, uint64_t spoiled) {
    int handler = BY_HAND;
    while (strcmp(which, handler_names[handler]) != 0)
        handler++;
    cns_violation found[CAPACITY];
    cns_result result;
    make_records(kind, spoiled);
    size_t conforming = compare(kind);
    cns_result_init(&result, found, CAPACITY);
    printf("%d\n", RECORDS);
    return check_all(kind, kind->handlers[handler], &result) == conforming ? 0 : 1;
}

int
main(int count_of_words, char **words) {
    station_load();
    numbers_load();
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
