/* SPDX-License-Identifier: Apache-2.0 */
/* Traces: the bytes of the dump on any processor, wrap-around, what is lost, bad arguments. */
#include "check.h"

enum {
    HEADER = 32,
    ENTRY = 32,
    MOST = 8,
    WORDS = 8 + 8 * MOST
};

/* Kind 0 reports as many violations as the record says; kind 1 is not checked. */
typedef struct sample {
    uint32_t violations;
    cns_term value;
} sample;

static cns_status handle_sample(const void *record, cns_result *result);

static const cns_handler handlers[] = {handle_sample, cns_handle_unchecked};
static const cns_check checks[] = {{CNS_COMPONENT_IN, CNS_VIOLATION, 0},
                                   {CNS_COMPONENT_MIN_COUNT, CNS_VIOLATION, 1}};
static const cns_type types[] = {{CNS_FORM_TERM, CNS_NONE, 0, 0, NULL},
                                 {CNS_FORM_ABSENT, CNS_NONE, 0, 0, NULL}};
static const cns_model model = {.name = "m",
                                .checks = checks,
                                .types = types,
                                .check_count = 2,
                                .type_count = 2,
                                .handlers = handlers,
                                .handler_count = 2,
                                .fingerprint = 0x01020304};
static const cns_model other = {
    .name = "o", .handlers = handlers, .handler_count = 2, .fingerprint = 0xA0B0C0D0};

static cns_status
handle_sample(const void *record, cns_result *result) {
    const sample *it = record;
    cns_result_begin(result, result->model, 0x11223344);
    for (uint32_t i = 0; i < it->violations; i++) {
        cns_report(result, (uint16_t)(i % 2), it, 0x55667788, &it->value);
    }
    return CNS_OK;
}

static uint32_t storage[WORDS];

static void
start(cns_trace *trace, uint32_t capacity) {
    memset(storage, 0xA5, sizeof storage);
    CHECK(cns_trace_init(trace, storage, CNS_TRACE_WORDS(capacity)) == CNS_OK);
}

static void
dispatch(cns_trace *trace, const cns_model *of, uint32_t id, const sample *record) {
    cns_violation found[3];
    cns_result result;
    cns_result_init(&result, found, 3);
    cns_signal signal = {record, UINT64_C(0x1122334455667788), 0, id, 0x0F0E0D0C};
    CHECK(cns_trace_dispatch(trace, of, &signal, &result) == CNS_OK);
    CHECK(result.signal_id == id && result.conforms == (record->violations == 0));
}

/* A dump in memory: what did not fit was not taken. */
typedef struct page {
    unsigned char bytes[HEADER + ENTRY * MOST];
    size_t room;
    size_t length;
} page;

static size_t
write_page(void *to, const char *bytes, size_t size) {
    page *out = to;
    out->length = size < out->room ? size : out->room;
    memcpy(out->bytes, bytes, out->length);
    return out->length;
}

static page
dump(const cns_trace *trace) {
    page out = {.room = sizeof out.bytes};
    CHECK(cns_trace_dump(trace, write_page, &out) == CNS_OK);
    return out;
}

/* Reads a little-endian word. */
static uint32_t
word(const page *out, size_t at) {
    const unsigned char *bytes = out->bytes + at;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* The word of the header: 2 is the model, 4 how many are used, 5 lost, 6 the next number, 7 slot.
 */
static uint32_t
header_word(const cns_trace *trace, size_t number) {
    page out = dump(trace);
    return word(&out, number * 4);
}

static void
test_bad_arguments(void) {
    cns_trace trace = {NULL, 0};
    cns_result result;
    cns_result_init(&result, NULL, 0);
    CHECK(cns_trace_init(NULL, storage, WORDS) == CNS_BAD_ARGUMENT);
    CHECK(cns_trace_init(&trace, NULL, WORDS) == CNS_BAD_ARGUMENT);
    CHECK(cns_trace_init(&trace, storage, CNS_TRACE_WORDS(1) - 1) == CNS_BAD_ARGUMENT);
    CHECK(trace.words == NULL);
    CHECK(cns_trace_init(&trace, storage, CNS_TRACE_WORDS(2) - 1) == CNS_OK);
    CHECK(trace.capacity == 1);
    CHECK(cns_trace_result(NULL, &result) == CNS_BAD_ARGUMENT);
    CHECK(cns_trace_result(&trace, NULL) == CNS_BAD_ARGUMENT);
    CHECK(cns_trace_result(&trace, &result) == CNS_BAD_ARGUMENT); /* it is of no model */
    CHECK(cns_trace_dump(NULL, write_page, NULL) == CNS_BAD_ARGUMENT);
    CHECK(cns_trace_dump(&trace, NULL, NULL) == CNS_BAD_ARGUMENT);
    CHECK(header_word(&trace, 4) == 0);
}

static void
test_an_empty_trace_is_a_header(void) {
    static const unsigned char expected[HEADER] = {'C', 'N', 'S', 'T', 1, 32, 32, 0,
                                                   0,   0,   0,   0,   3, 0,  0,  0};
    cns_trace trace;
    start(&trace, 3);
    page out = dump(&trace);
    CHECK(out.length == HEADER && memcmp(out.bytes, expected, HEADER) == 0);
    out.room = HEADER - 1;
    CHECK(cns_trace_dump(&trace, write_page, &out) == CNS_NO_SPACE);
    CHECK(storage[CNS_TRACE_WORDS(3)] == 0xA5A5A5A5); /* what follows is not the trace's */
}

static void
test_the_bytes_of_a_dispatch(void) {
    static const unsigned char expected[] = {
        'C', 'N', 'S', 'T', 1, 32, 32, 0, 0, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0,
        0, 4, 0, 0, 0,
        /* the dispatch */
        0, 0, 0, 0, 1, 0, 0, 0, 4, 3, 2, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0x0C, 0x0D, 0x0E, 0x0F, 0x88,
        0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
        /* the verdict */
        1, 0, 0, 0, 2, 0, 2, 0, 4, 3, 2, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0, 0,
        2, 0, 0, 0, 0, 0,
        /* a violation with a value, and one without */
        2, 0, 0, 0, 3, CNS_SHORT, 0, 0, 0x88, 0x77, 0x66, 0x55, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 1, 0, 0x88, 0x77, 0x66,
        0x55, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    cns_trace trace;
    start(&trace, 5);
    dispatch(&trace, &model, 9, &(sample){2, {CNS_SHORT, {.integer = -2}}});
    page out = dump(&trace);
    CHECK(out.length == sizeof expected);
    for (size_t i = 0; i < sizeof expected; i++) {
        CHECK_ROW(out.bytes[i] == expected[i], i);
    }
    CHECK(memcmp(storage, expected, sizeof expected) == 0); /* memory is a dump as it lies */
}

static void
test_the_oldest_entries_are_overwritten_and_counted(void) {
    static const sample good = {0, {CNS_NONE, {.integer = 0}}};
    for (uint32_t capacity = 1; capacity <= MOST; capacity++) {
        cns_trace trace;
        start(&trace, capacity);
        for (uint32_t signals = 1; signals <= 2 * MOST; signals++) {
            dispatch(&trace, &model, signals, &good);
            uint32_t written = 2 * signals;
            uint32_t used = written < capacity ? written : capacity;
            CHECK_ROW(header_word(&trace, 4) == used, signals);
            CHECK_ROW(header_word(&trace, 5) == written - used, signals);
            CHECK_ROW(header_word(&trace, 6) == written, signals);
            CHECK_ROW(header_word(&trace, 7) == written % capacity, signals);
            page out = dump(&trace);
            for (uint32_t age = 0; age < used; age++) {
                uint32_t number = written - 1 - age;
                size_t at = HEADER + (size_t)ENTRY * (number % capacity);
                CHECK_ROW(word(&out, at) == number, number);
                CHECK_ROW(out.bytes[at + 4] == 1 + number % 2, number);
                CHECK_ROW(word(&out, at + 16) == number / 2 + 1, number);
            }
        }
    }
}

static void
test_more_violations_than_entries(void) {
    cns_trace trace;
    start(&trace, 2);
    dispatch(&trace, &model, 1, &(sample){9, {CNS_NONE, {.integer = 0}}});
    page out = dump(&trace);
    CHECK(word(&out, 20) == 3);                                       /* lost */
    CHECK(word(&out, 8) == 0x01020304);                               /* of which model they are */
    CHECK(out.bytes[HEADER + 4] == 3 && out.bytes[HEADER + 36] == 3); /* violations are left */
    CHECK(word(&out, HEADER + 12) == 2u << 16);                       /* the last is in slot 0 */
}

static void
test_counters_wrap_or_stay(void) {
    static const sample good = {0, {CNS_NONE, {.integer = 0}}};
    cns_trace trace;
    start(&trace, 2);
    dispatch(&trace, &model, 1, &good);
    memset(&storage[5], 0xFF, 2 * sizeof *storage);
    dispatch(&trace, &model, 2, &good);
    CHECK(header_word(&trace, 5) == UINT32_MAX && header_word(&trace, 6) == 1);
}

static void
test_models_take_turns(void) {
    static const sample bad = {1, {CNS_NONE, {.integer = 0}}},
                        good = {0, {CNS_NONE, {.integer = 0}}};
    cns_trace trace;
    start(&trace, 3);
    dispatch(&trace, &other, 1, &good);
    CHECK(header_word(&trace, 2) == 0);
    dispatch(&trace, &model, 2, &good);
    CHECK(header_word(&trace, 2) == 0xA0B0C0D0);
    dispatch(&trace, &model, 3, &bad);
    CHECK(header_word(&trace, 2) == 0x01020304);
}

static void
test_calls_that_fail_are_traced(void) {
    cns_trace trace;
    cns_violation found[1];
    cns_result result;
    cns_result_init(&result, found, 1);
    cns_signal unknown = {.kind = 7, .id = 3}, unchecked = {.kind = 1};
    start(&trace, 8);
    CHECK(cns_trace_dispatch(&trace, &model, &unknown, &result) == CNS_UNKNOWN_KIND);
    CHECK(cns_trace_dispatch(&trace, &model, &unchecked, &result) == CNS_NOT_CHECKED);
    CHECK(cns_trace_dispatch(&trace, &model, NULL, &result) == CNS_BAD_ARGUMENT);
    CHECK(cns_trace_dispatch(&trace, NULL, &unknown, NULL) == CNS_BAD_ARGUMENT);
    page out = dump(&trace);
    static const uint8_t statuses[] = {CNS_UNKNOWN_KIND, CNS_NOT_CHECKED, CNS_BAD_ARGUMENT,
                                       CNS_BAD_ARGUMENT};
    for (size_t i = 0; i < 4; i++) {
        const unsigned char *entries = out.bytes + HEADER + 2 * ENTRY * i;
        CHECK_ROW(entries[4] == 1 && entries[ENTRY + 4] == 2, i);
        CHECK_ROW(entries[5] == (i == 2), i); /* there was no signal */
        CHECK_ROW(entries[ENTRY + 5] == statuses[i], i);
        CHECK_ROW(entries[ENTRY + 26] == (i == 2 ? 0 : 2), i); /* the kind is known */
    }
    CHECK(word(&out, HEADER + 12) == 7 && word(&out, HEADER + ENTRY + 12) == 7);
    CHECK(word(&out, HEADER + 6 * ENTRY + 8) == 0); /* of no model */
}

static void
test_no_trace_is_a_dispatch(void) {
    cns_violation found[1];
    cns_result result;
    sample record = {1, {CNS_NONE, {.integer = 0}}};
    cns_signal signal = {.payload = &record, .id = 8};
    cns_result_init(&result, found, 1);
    CHECK(cns_trace_dispatch(NULL, &model, &signal, &result) == CNS_OK);
    CHECK(result.count == 1 && result.signal_id == 8);
}

static void
test_a_result_without_a_signal(void) {
    cns_trace trace;
    cns_violation found[1];
    cns_result result;
    sample record = {2, {CNS_NONE, {.integer = 0}}};
    cns_result_init(&result, found, 1);
    result.model = &model;
    handle_sample(&record, &result);
    start(&trace, 8);
    CHECK(cns_trace_result(&trace, &result) == CNS_OK);
    page out = dump(&trace);
    CHECK(word(&out, 16) == 2);
    CHECK(word(&out, HEADER + 4) == (2u | 1u << 16));
    CHECK(word(&out, HEADER + 24) == 1); /* truncated; does not conform; the kind is not known */
}

/* A value, and the 16 bytes that the trace has of it. */
typedef struct packed {
    cns_term value;
    unsigned char bytes[16];
} packed;

static const packed values[] = {
    {{CNS_NONE, {.integer = 5}}, {0}},
    {{200, {.integer = 5}}, {0}},
    {{CNS_NODE, {.node = {0x0A0B0C0D, 7, NULL}}}, {0x0D, 0x0C, 0x0B, 0x0A, 7}},
    {{CNS_BOOLEAN, {.boolean = true}}, {1}},
    {{CNS_UNSIGNED_LONG, {.natural = UINT64_C(0x1020304050607080)}},
     {0x80, 0x70, 0x60, 0x50, 0x40, 0x30, 0x20, 0x10}},
    {{CNS_LONG, {.integer = INT64_MIN}}, {0, 0, 0, 0, 0, 0, 0, 0x80}},
    {{CNS_FLOAT, {.single = -1.5f}}, {0, 0, 0xC0, 0xBF}},
    {{CNS_DOUBLE, {.real = -1.5}}, {0, 0, 0, 0, 0, 0, 0xF8, 0xBF}},
    {{CNS_DECIMAL, {.decimal = {-2, -1}}},
     {0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}},
    {{CNS_DATE_TIME, {.datetime = {1, 0x01020304, CNS_NO_ZONE}}},
     {1, 0, 0, 0, 0, 0, 0, 0, 4, 3, 2, 1, 0, 0x80, 0xFF, 0xFF}},
    {{CNS_DURATION, {.duration = {1, 2, -3}}},
     {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0xFD, 0xFF, 0xFF, 0xFF}},
    {{CNS_STRING, {.string = CNS_STR("")}}, {0}},
    {{CNS_STRING, {.string = {NULL, 0}}}, {0}},
    {{CNS_STRING, {.string = {NULL, 9}}}, {0}}, /* not to be followed */
    {{CNS_STRING, {.string = CNS_STR("twelve bytes")}},
     {12, 0, 0, 0, 't', 'w', 'e', 'l', 'v', 'e', ' ', 'b', 'y', 't', 'e', 's'}},
    {{CNS_ANY_URI, {.string = CNS_STR("thirteen more")}},
     {13, 0, 0, 0, 't', 'h', 'i', 'r', 't', 'e', 'e', 'n', ' ', 'm', 'o', 'r'}},
    {{CNS_LANG_STRING, {.langstr = {CNS_STR("eight ch"), CNS_STR("de-CH")}}},
     {8, 0, 5, 0, 'e', 'i', 'g', 'h', 't', ' ', 'c', 'h', 'd', 'e', '-', 'C'}},
    {{CNS_TYPED, {.typed = {CNS_STR("AB"), 0x0102}}}, {2, 0, 2, 1, 'A', 'B'}},
};

static void
test_values(void) {
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        cns_trace trace;
        start(&trace, 3);
        dispatch(&trace, &model, 1, &(sample){1, values[i].value});
        page out = dump(&trace);
        const unsigned char *entry = out.bytes + HEADER + 2 * ENTRY;
        CHECK_ROW(entry[5] == values[i].value.tag, i);
        CHECK_ROW(memcmp(entry + 16, values[i].bytes, 16) == 0, i);
    }
}

static void
test_only_the_first_bytes_of_a_long_text_are_read(void) {
    static const char text[12] = "xxxxxxxxxxx";
    cns_trace trace;
    start(&trace, 3);
    sample record = {1, {CNS_STRING, {.string = {text, 70000}}}};
    dispatch(&trace, &model, 1, &record);
    page out = dump(&trace);
    CHECK(word(&out, HEADER + 2 * ENTRY + 16) == 65535);
}

static void
test_a_byte_that_is_no_bool(void) {
    cns_trace trace;
    sample record = {1, {CNS_BOOLEAN, {.integer = 0}}};
    *(unsigned char *)&record.value.as.boolean = 7;
    start(&trace, 3);
    dispatch(&trace, &model, 1, &record);
    page out = dump(&trace);
    CHECK(word(&out, HEADER + 2 * ENTRY + 16) == 7);
}

int
main(void) {
    test_bad_arguments();
    test_an_empty_trace_is_a_header();
    test_the_bytes_of_a_dispatch();
    test_the_oldest_entries_are_overwritten_and_counted();
    test_more_violations_than_entries();
    test_counters_wrap_or_stay();
    test_models_take_turns();
    test_calls_that_fail_are_traced();
    test_no_trace_is_a_dispatch();
    test_a_result_without_a_signal();
    test_values();
    test_only_the_first_bytes_of_a_long_text_are_read();
    test_a_byte_that_is_no_bool();
    return check_status();
}
