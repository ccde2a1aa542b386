/* SPDX-License-Identifier: Apache-2.0 */
/* Results and dispatch: truncation, statuses, kinds. */
#include "check.h"

/* A record that its handler reports as often as it says, or rejects. */
typedef struct sample {
    uint32_t violations;
    bool reject;
} sample;

static const cns_model model;

static cns_status
handle_sample(const void *record, cns_result *result) {
    const sample *it = record;
    cns_result_begin(result, &model, 7);
    for (uint32_t i = 0; i < it->violations; i++) {
        cns_report(result, (uint16_t)i, it, 40 + i, &it->violations);
    }
    return it->reject ? cns_result_reject(result) : (cns_status)result->status;
}

static cns_handler
find_sample(uint32_t kind) {
    return kind == 900 || kind == 1 ? handle_sample : NULL;
}

static const cns_handler handlers[] = {handle_sample, cns_handle_nothing, cns_handle_unchecked,
                                       NULL};

static const cns_model model = {
    .name = "m", .handlers = handlers, .handler_count = 4, .find = find_sample};

static const cns_model dense = {.name = "d", .handlers = handlers, .handler_count = 4};

static void
test_init(void) {
    cns_violation storage[2];
    cns_result result;
    memset(&result, 0xFF, sizeof result);
    cns_result_init(&result, storage, 2);
    CHECK(result.violations == storage && result.capacity == 2 && result.count == 0);
    CHECK(result.status == CNS_OK && !result.conforms && result.signal_id == 0);
    CHECK(result.model == NULL && result.steps == 0 && result.truncated == 0);
    cns_result_init(&result, NULL, 9);
    CHECK(result.capacity == 0);
}

static void
test_report_keeps_the_first_and_counts_the_rest(void) {
    cns_violation storage[4];
    for (uint16_t capacity = 0; capacity <= 3; capacity++) {
        cns_result result;
        sample record = {3, false};
        memset(storage, 0xA5, sizeof storage);
        cns_result_init(&result, storage, capacity);
        CHECK(handle_sample(&record, &result) == CNS_OK);
        CHECK(!result.conforms && result.count == capacity && result.truncated == 3 - capacity);
        for (uint16_t i = 0; i < capacity; i++) {
            CHECK(storage[i].check == i && storage[i].focus_id == 40u + i);
            CHECK(storage[i].focus == &record && storage[i].value == &record.violations);
        }
        cns_violation untouched;
        memset(&untouched, 0xA5, sizeof untouched);
        CHECK(memcmp(&storage[capacity], &untouched, sizeof untouched) == 0);
    }
}

static void
test_truncation_saturates(void) {
    cns_result result;
    sample record = {UINT16_MAX + 5u, false};
    cns_result_init(&result, NULL, 0);
    handle_sample(&record, &result);
    CHECK(result.truncated == UINT16_MAX && !result.conforms);
    record.violations = 0;
    handle_sample(&record, &result);
    CHECK(result.truncated == 0 && result.conforms); /* an answer starts afresh */
}

static void
test_failing_without_a_reason(void) {
    cns_violation storage[1];
    cns_result result;
    cns_result_init(&result, storage, 1);
    cns_result_begin(&result, &model, 1);
    CHECK(cns_result_fail(&result) == CNS_OK && result.status == CNS_OK && !result.conforms);
    CHECK(result.count == 0 && result.truncated == 0);
}

static void
test_details_name_what_they_explain(void) {
    cns_violation storage[3];
    cns_result result;
    cns_result_init(&result, storage, 3);
    cns_result_begin(&result, &model, 1);
    cns_report(&result, 0, &model, 0, NULL);
    cns_report(&result, 1, &model, 7, NULL);
    const uint16_t parent = result.count;
    cns_report_detail(&result, parent, 2, &model, 8, &model);
    CHECK(storage[0].detail_of == 0 && storage[1].detail_of == 0);
    CHECK(parent == 2 && storage[2].detail_of == 2);
    CHECK(storage[2].check == 2 && storage[2].focus_id == 8 && storage[2].value == &model);
    CHECK(!result.conforms && result.count == 3 && result.truncated == 0);
    /* A violation without space and what explains it: both are counted, neither is stored. */
    cns_report(&result, 3, &model, 0, NULL);
    cns_report_detail(&result, result.count, 4, &model, 0, NULL);
    CHECK(result.count == 3 && result.truncated == 2);
}

static cns_result
dispatch(const cns_model *target, uint32_t kind, const void *payload, cns_status expected) {
    cns_violation storage[2];
    cns_signal signal = {.payload = payload, .kind = kind, .id = 33};
    cns_result result;
    cns_result_init(&result, storage, 2);
    CHECK(cns_dispatch(target, &signal, &result) == expected);
    CHECK(result.status == expected && result.signal_id == 33 && result.model == target);
    CHECK(expected == CNS_OK || !result.conforms);
    return result;
}

static void
test_dispatch_by_kind(void) {
    const sample good = {0, false}, bad = {1, false}, broken = {1, true};
    CHECK(dispatch(&model, 0, &good, CNS_OK).conforms);
    CHECK(dispatch(&model, 0, &good, CNS_OK).steps == 7);
    CHECK(dispatch(&model, 900, &bad, CNS_OK).count == 1);
    CHECK(!dispatch(&model, 900, &bad, CNS_OK).conforms);
    dispatch(&model, 900, &broken, CNS_BAD_RECORD);
    CHECK(dispatch(&model, 1, &bad, CNS_OK).conforms); /* dense wins over find */
    CHECK(dispatch(&model, 1, &bad, CNS_OK).steps == 0);
    dispatch(&model, 2, &bad, CNS_NOT_CHECKED);
    dispatch(&model, 3, &bad, CNS_UNKNOWN_KIND);
    dispatch(&model, 4, &bad, CNS_UNKNOWN_KIND);
    dispatch(&dense, 900, &bad, CNS_UNKNOWN_KIND);
    dispatch(&dense, UINT32_MAX, &bad, CNS_UNKNOWN_KIND);
}

static void
test_dispatch_without_payload(void) {
    dispatch(&model, 0, NULL, CNS_BAD_ARGUMENT);
    dispatch(&model, 900, NULL, CNS_BAD_ARGUMENT);
    dispatch(&model, 1, NULL, CNS_BAD_ARGUMENT);
    dispatch(&model, 2, NULL, CNS_NOT_CHECKED); /* a heartbeat needs none */
    dispatch(&model, 4, NULL, CNS_UNKNOWN_KIND);
}

static void
test_dispatch_of_missing_arguments(void) {
    const sample good = {0, false};
    cns_signal signal = {.payload = &good, .id = 5};
    cns_result result;
    cns_result_init(&result, NULL, 0);
    CHECK(cns_dispatch(&model, &signal, NULL) == CNS_BAD_ARGUMENT);
    CHECK(cns_dispatch(NULL, &signal, &result) == CNS_BAD_ARGUMENT);
    CHECK(result.status == CNS_BAD_ARGUMENT && !result.conforms && result.signal_id == 5);
    CHECK(cns_dispatch(&model, &signal, &result) == CNS_OK && result.conforms);
    CHECK(cns_dispatch(&model, NULL, &result) == CNS_BAD_ARGUMENT);
    CHECK(result.status == CNS_BAD_ARGUMENT && !result.conforms && result.signal_id == 0);
    CHECK(cns_handle_nothing(&good, NULL) == CNS_BAD_ARGUMENT);
    CHECK(cns_handle_unchecked(&good, NULL) == CNS_BAD_ARGUMENT);
    CHECK(cns_handle_nothing(NULL, &result) == CNS_BAD_RECORD && !result.conforms);
}

static void
test_a_refused_signal_forgets_the_answer_before(void) {
    const sample bad = {5, false};
    cns_violation storage[2];
    cns_signal signal = {.payload = &bad};
    cns_result result;
    cns_result_init(&result, storage, 2);
    cns_dispatch(&model, &signal, &result);
    CHECK(result.count == 2 && result.truncated == 3);
    signal.kind = 77;
    cns_dispatch(&model, &signal, &result);
    CHECK(result.count == 0 && result.truncated == 0 && result.steps == 0);
}

/* One signal of each kind of answer, in an order that mixes them. */
static void
test_batch_answers_each_signal(void) {
    enum {
        COUNT = 8,
        STORAGE = 2
    };
    static const sample good = {0, false}, bad = {3, false}, broken = {0, true};
    static const struct row {
        uint32_t kind;
        const sample *payload;
        cns_status status;
        bool conforms;
        uint16_t count, truncated;
        uint32_t steps;
    } rows[COUNT] = {
        {77, &good, CNS_UNKNOWN_KIND, false, 0, 0, 0},
        {0, &bad, CNS_OK, false, 2, 1, 7},
        {900, &good, CNS_OK, true, 0, 0, 7},
        {2, NULL, CNS_NOT_CHECKED, false, 0, 0, 0},
        {1, &bad, CNS_OK, true, 0, 0, 0},
        {0, NULL, CNS_BAD_ARGUMENT, false, 0, 0, 0},
        {900, &broken, CNS_BAD_RECORD, false, 0, 0, 7},
        {0, &good, CNS_OK, true, 0, 0, 7},
    };
    cns_violation storage[COUNT][STORAGE];
    cns_signal signals[COUNT];
    cns_result results[COUNT + 1];
    for (uint32_t i = 0; i < COUNT; i++) {
        signals[i] = (cns_signal){.payload = rows[i].payload, .kind = rows[i].kind, .id = 100 + i};
        cns_result_init(&results[i], storage[i], STORAGE);
    }
    memset(&results[COUNT], 0xA5, sizeof results[COUNT]);
    cns_result untouched = results[COUNT];
    for (int round = 0; round < 2; round++) { /* results serve again, as in a ring */
        CHECK(cns_dispatch_batch(&model, signals, results, COUNT) == 3);
        for (uint32_t i = 0; i < COUNT; i++) {
            CHECK_ROW(results[i].status == rows[i].status, i);
            CHECK_ROW(results[i].conforms == rows[i].conforms, i);
            CHECK_ROW(results[i].count == rows[i].count, i);
            CHECK_ROW(results[i].truncated == rows[i].truncated, i);
            CHECK_ROW(results[i].steps == rows[i].steps, i);
            CHECK_ROW(results[i].signal_id == 100 + i, i);
            CHECK_ROW(results[i].violations == storage[i], i);
        }
    }
    CHECK(storage[1][0].focus == &bad && storage[1][1].focus_id == 41);
    CHECK(memcmp(&results[COUNT], &untouched, sizeof untouched) == 0);
}

static void
test_batch_counts_what_conforms(void) {
    static const sample good = {0, false};
    cns_signal signals[3] = {{.payload = &good}, {.payload = &good}, {.payload = &good}};
    cns_result results[3];
    for (int i = 0; i < 3; i++) {
        cns_result_init(&results[i], NULL, 0);
    }
    CHECK(cns_dispatch_batch(&model, signals, results, 3) == 3);
    signals[1].kind = 2; /* a heartbeat does not conform */
    CHECK(cns_dispatch_batch(&model, signals, results, 3) == 2);
    signals[1].kind = 1; /* a kind with nothing to check does */
    CHECK(cns_dispatch_batch(&model, signals, results, 3) == 3);
    CHECK(cns_dispatch_batch(&model, signals, results, 0) == 0);
}

static void
test_batch_of_missing_arguments(void) {
    static const sample good = {0, false};
    cns_signal signals[2] = {{.payload = &good, .id = 5}, {.payload = &good, .id = 6}};
    cns_result results[2];
    for (int i = 0; i < 2; i++) {
        cns_result_init(&results[i], NULL, 0);
        results[i].conforms = true;
    }
    CHECK(cns_dispatch_batch(&model, signals, NULL, 2) == 0);
    CHECK(cns_dispatch_batch(NULL, signals, results, 2) == 0);
    CHECK(results[1].status == CNS_BAD_ARGUMENT && results[1].signal_id == 6);
    results[1].conforms = true;
    CHECK(cns_dispatch_batch(&model, NULL, results, 2) == 0);
    CHECK(results[1].status == CNS_BAD_ARGUMENT && !results[1].conforms);
    CHECK(cns_dispatch_batch(&model, NULL, NULL, 0) == 0);
}

int
main(void) {
    test_init();
    test_report_keeps_the_first_and_counts_the_rest();
    test_truncation_saturates();
    test_failing_without_a_reason();
    test_details_name_what_they_explain();
    test_dispatch_by_kind();
    test_dispatch_without_payload();
    test_dispatch_of_missing_arguments();
    test_a_refused_signal_forgets_the_answer_before();
    test_batch_answers_each_signal();
    test_batch_counts_what_conforms();
    test_batch_of_missing_arguments();
    return check_status();
}
