/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime core on a target: values, results, dispatch and pools. Exits with the number of the
   check that failed, 0 when none did. */
#include <cns/cns.h>

#define CHECK(number, condition)                                                                  \
    do {                                                                                          \
        if (!(condition))                                                                         \
            return number;                                                                        \
    } while (0)

/* Kind 0: a number that must not be negative. Kind 1: declared as not checked. */
static cns_status handle_number(const void *record, cns_result *result);

static const cns_check checks[] = {{CNS_COMPONENT_MIN_INCLUSIVE, CNS_VIOLATION, 0}};
static const cns_type types[] = {{CNS_FORM_SCALAR, CNS_INT, sizeof(int32_t), 0, NULL}};
static const cns_handler handlers[] = {handle_number, cns_handle_unchecked};
static const cns_model model = {
    .name = "smoke",
    .checks = checks,
    .check_count = 1,
    .types = types,
    .type_count = 1,
    .handlers = handlers,
    .handler_count = 2,
};

static cns_status
handle_number(const void *record, cns_result *result) {
    const int32_t *number = record;
    cns_result_begin(result, &model, 1);
    if (*number < 0)
        cns_report(result, 0, number, 0, number);
    return CNS_OK;
}

static int
check_values(void) {
    cns_decimal one = {1, 0}, same = {1000000000000000000, 18}, more = {1000000000000000001, 18};
    CHECK(1, cns_decimal_compare(one, same) == CNS_EQUAL);
    CHECK(2, cns_decimal_compare(one, more) == CNS_LESS);
    cns_datetime noon = {1763726400, 0, 0}, later = {1763726400, 1, 60},
                 local = {1763726400, 0, CNS_NO_ZONE};
    CHECK(3, cns_datetime_compare(noon, later) == CNS_LESS);
    CHECK(4, cns_datetime_compare(noon, local) == CNS_UNORDERED);
    volatile double zero = 0.0;
    CHECK(5, !cns_double_same(zero, -zero));
    CHECK(6, cns_double_same(zero / zero, zero / zero));
    cns_str greeting = {"gr\xc3\xbc\xc3\x9f", 6};
    CHECK(7, cns_str_length_within(greeting, 4, 4));
    CHECK(8, !cns_str_length_within(greeting, 5, 6));
    return 0;
}

static int
check_dispatch(void) {
    cns_violation storage[1];
    cns_result result;
    int32_t good = 7, bad = -7;
    cns_signal signal = {.payload = &good, .kind = 0, .id = 5};
    cns_result_init(&result, storage, 1);
    CHECK(11, cns_dispatch(&model, &signal, &result) == CNS_OK);
    CHECK(12, result.conforms && result.count == 0 && result.signal_id == 5);
    signal.payload = &bad;
    CHECK(13, cns_dispatch(&model, &signal, &result) == CNS_OK);
    CHECK(14, !result.conforms && result.count == 1 && storage[0].value == &bad);
    signal.kind = 1;
    CHECK(15, cns_dispatch(&model, &signal, &result) == CNS_NOT_CHECKED && !result.conforms);
    signal.kind = 2;
    CHECK(16, cns_dispatch(&model, &signal, &result) == CNS_UNKNOWN_KIND && !result.conforms);
    cns_signal queue[3] = {{.payload = &good, .kind = 2}, {.kind = 1}, {.payload = &good}};
    cns_result answers[3] = {result, result, result};
    CHECK(17, cns_dispatch_batch(&model, queue, answers, 3) == 1 && answers[2].conforms);
    CHECK(18, answers[0].status == CNS_UNKNOWN_KIND && answers[1].status == CNS_NOT_CHECKED);
    return 0;
}

static int
check_pool(void) {
    static uint64_t storage[CNS_POOL_WORDS(sizeof(cns_signal), 3)];
    cns_pool pool;
    cns_signal *signals[4];
    CHECK(21, cns_pool_init(&pool, storage, sizeof storage / sizeof *storage, sizeof(cns_signal),
                            3) == CNS_OK);
    for (int i = 0; i < 3; i++)
        CHECK(22, cns_signal_take(&pool, &signals[i]) == CNS_OK);
    CHECK(23, cns_signal_take(&pool, &signals[3]) == CNS_NO_SPACE);
    CHECK(24, cns_pool_give(&pool, signals[1]) == CNS_OK);
    CHECK(25, cns_pool_give(&pool, signals[1]) == CNS_BAD_ARGUMENT);
    CHECK(26, cns_pool_statistics(&pool).high_water == 3);
    return 0;
}

int
main(void) {
    int (*const parts[])(void) = {check_values, check_dispatch, check_pool};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int failed = parts[i]();
        if (failed != 0)
            return failed;
    }
    return 0;
}
