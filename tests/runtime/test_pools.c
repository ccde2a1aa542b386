/* SPDX-License-Identifier: Apache-2.0 */
/* Pools: layout, the free list, misuse, statistics, and running out at every size. */
#include "check.h"

enum {
    MOST = 6
};

static uint64_t storage[CNS_POOL_WORDS(24, MOST)];

static bool
stats_are(const cns_pool *pool, uint32_t in_use, uint32_t high_water, uint32_t refused) {
    cns_pool_stats stats = cns_pool_statistics(pool);
    return stats.in_use == in_use && stats.high_water == high_water && stats.refused == refused;
}

static cns_pool
make_pool(size_t item_size, size_t capacity) {
    cns_pool pool;
    memset(&pool, 0xEE, sizeof pool);
    CHECK(cns_pool_init(&pool, storage, CNS_POOL_WORDS(item_size, capacity), item_size,
                        capacity) == CNS_OK);
    CHECK(cns_pool_statistics(&pool).capacity == capacity && stats_are(&pool, 0, 0, 0));
    return pool;
}

static void
test_storage_size(void) {
    CHECK(CNS_POOL_WORDS(8, 4) == 5 && CNS_POOL_WORDS(1, 4) == 5 && CNS_POOL_WORDS(9, 4) == 9);
    CHECK(CNS_POOL_WORDS(8, 5) == 7 && CNS_POOL_WORDS(8, 0) == 0);
    cns_pool pool;
    for (size_t capacity = 1; capacity <= MOST; capacity++) {
        size_t words = CNS_POOL_WORDS(17, capacity);
        CHECK(cns_pool_init(&pool, storage, words, 17, capacity) == CNS_OK);
        CHECK(cns_pool_init(&pool, storage, words - 1, 17, capacity) == CNS_BAD_ARGUMENT);
    }
}

static void
test_bad_layouts(void) {
    cns_pool pool;
    size_t words = sizeof storage / sizeof *storage;
    CHECK(cns_pool_init(NULL, storage, words, 8, 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, NULL, words, 8, 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, storage, words, 0, 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, storage, 0, 8, 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, storage, words, SIZE_MAX, 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, storage, words, SIZE_MAX - 6, 2) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, storage, words, (size_t)UINT32_MAX, 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, storage, SIZE_MAX, 8, CNS_POOL_MAX_CAPACITY + 1u) ==
          CNS_BAD_ARGUMENT);
    CHECK(cns_pool_init(&pool, storage, words, 8, SIZE_MAX) == CNS_BAD_ARGUMENT);
    /* sizes whose product wraps around to something small */
    CHECK(cns_pool_init(&pool, storage, words, (size_t)1 << 31, 65534) == CNS_BAD_ARGUMENT);
    void *odd = (char *)storage + 1;
    uint64_t *misaligned;
    memcpy(&misaligned, &odd, sizeof odd);
    CHECK(cns_pool_init(&pool, misaligned, words - 1, 8, 1) == CNS_BAD_ARGUMENT);
}

static void
test_an_empty_pool_refuses(void) {
    cns_pool pool;
    void *item = &pool;
    CHECK(cns_pool_init(&pool, NULL, 0, 8, 0) == CNS_OK);
    CHECK(cns_pool_take(&pool, &item) == CNS_NO_SPACE && item == &pool);
    CHECK(cns_pool_give(&pool, NULL) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_give(&pool, &item) == CNS_BAD_ARGUMENT && stats_are(&pool, 0, 0, 1));
}

static void
test_items_are_apart_and_aligned(void) {
    for (size_t size = 1; size <= 24; size++) {
        cns_pool pool = make_pool(size, MOST);
        unsigned char *items[MOST];
        for (size_t i = 0; i < MOST; i++) {
            void *item = NULL;
            CHECK(cns_pool_take(&pool, &item) == CNS_OK);
            items[i] = item;
            CHECK((uintptr_t)item % sizeof(uint64_t) == 0);
            memset(item, (int)i, size); /* must reach no other item and no link */
        }
        for (size_t i = 0; i < MOST; i++) {
            CHECK(items[i][0] == i && items[i][size - 1] == i);
            CHECK(cns_pool_give(&pool, items[i]) == CNS_OK);
        }
        CHECK(stats_are(&pool, 0, MOST, 0));
    }
}

static void
test_misuse_changes_nothing(void) {
    cns_pool pool = make_pool(16, 3);
    void *item = NULL, *other = NULL;
    uint64_t foreign[2];
    CHECK(cns_pool_take(&pool, &item) == CNS_OK && cns_pool_take(&pool, &other) == CNS_OK);
    CHECK(cns_pool_give(&pool, foreign) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_give(&pool, (char *)item + 8) == CNS_BAD_ARGUMENT); /* inside an item */
    CHECK(cns_pool_give(&pool, (char *)item + 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_give(&pool, storage + 6) == CNS_BAD_ARGUMENT); /* the links, just behind */
    CHECK(cns_pool_give(&pool, (char *)storage + 32) == CNS_BAD_ARGUMENT); /* never taken */
    CHECK(cns_pool_give(&pool, NULL) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_give(NULL, item) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_take(NULL, &item) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_take(&pool, NULL) == CNS_BAD_ARGUMENT);
    CHECK(stats_are(&pool, 2, 2, 0));
    CHECK(cns_pool_give(&pool, item) == CNS_OK);
    CHECK(cns_pool_give(&pool, item) == CNS_BAD_ARGUMENT); /* given twice */
    CHECK(stats_are(&pool, 1, 2, 0));
    CHECK(cns_pool_give(&pool, other) == CNS_OK && cns_pool_give(&pool, other) != CNS_OK);
}

static void
test_batches_are_all_or_nothing(void) {
    cns_pool pool = make_pool(8, 4);
    void *items[5] = {NULL};
    CHECK(cns_pool_take_batch(&pool, items, 5) == CNS_NO_SPACE && items[0] == NULL);
    CHECK(cns_pool_take_batch(&pool, items, SIZE_MAX) == CNS_NO_SPACE && items[0] == NULL);
    CHECK(cns_pool_take_batch(&pool, items, 3) == CNS_OK && items[2] != NULL && items[3] == NULL);
    CHECK(cns_pool_take_batch(&pool, items + 3, 2) == CNS_NO_SPACE && items[3] == NULL);
    CHECK(cns_pool_take_batch(&pool, NULL, 1) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_take_batch(&pool, NULL, 0) == CNS_OK && stats_are(&pool, 3, 3, 3));

    cns_pool before = pool;
    uint64_t copy[sizeof storage / sizeof *storage];
    memcpy(copy, storage, sizeof storage);
    void *twice[3] = {items[0], items[1], items[0]};
    CHECK(cns_pool_give_batch(&pool, twice, 3) == CNS_BAD_ARGUMENT);
    void *foreign[2] = {items[2], &pool};
    CHECK(cns_pool_give_batch(&pool, foreign, 2) == CNS_BAD_ARGUMENT);
    CHECK(cns_pool_give_batch(&pool, NULL, 1) == CNS_BAD_ARGUMENT);
    CHECK(memcmp(&before, &pool, sizeof pool) == 0 && memcmp(copy, storage, sizeof copy) == 0);

    CHECK(cns_pool_give_batch(&pool, items, 3) == CNS_OK && stats_are(&pool, 0, 3, 3));
    CHECK(cns_pool_take_batch(&pool, items, 4) == CNS_OK && stats_are(&pool, 4, 4, 3));
}

/* A model of the free list: what is taken is marked here, and both must agree at every step. */
static void
test_against_a_set(void) {
    cns_pool pool = make_pool(8, MOST);
    void *items[MOST] = {NULL};
    uint32_t random = 12345, taken = 0, most = 0, refused = 0;
    for (int step = 0; step < 20000; step++) {
        random = random * 1664525u + 1013904223u;
        size_t slot = (random >> 16) % (MOST + 1);
        if (slot == MOST || items[slot] == NULL) {
            void *item = NULL;
            cns_status expected = taken < MOST ? CNS_OK : CNS_NO_SPACE;
            CHECK(cns_pool_take(&pool, &item) == expected);
            for (size_t i = 0; i < MOST; i++) {
                CHECK(item == NULL || items[i] != item); /* nothing is handed out twice */
            }
            slot = 0;
            while (item != NULL && items[slot] != NULL) {
                slot++;
            }
            items[slot] = item != NULL ? item : items[slot];
            taken += item != NULL;
            refused += item == NULL;
        } else {
            CHECK(cns_pool_give(&pool, items[slot]) == CNS_OK);
            items[slot] = NULL;
            taken--;
        }
        most = most < taken ? taken : most;
        CHECK(stats_are(&pool, taken, most, refused));
    }
}

/* Takes a signal, a result and a buffer, and gives all back when one of them is missing. */
static cns_status
take_all(cns_pool pools[3], cns_signal **signal, cns_result **result, void **scratch) {
    cns_status status = cns_signal_take(&pools[0], signal);
    if (status != CNS_OK) {
        return status;
    }
    status = cns_result_take(&pools[1], result);
    if (status == CNS_OK) {
        status = cns_pool_take(&pools[2], scratch);
        if (status == CNS_OK) {
            return CNS_OK;
        }
        CHECK(cns_pool_give(&pools[1], *result) == CNS_OK);
        *result = NULL;
    }
    CHECK(cns_pool_give(&pools[0], *signal) == CNS_OK);
    *signal = NULL;
    return status;
}

/* The same job with 0, 1, 2, … units in all: it fails cleanly until there is one of each. */
static void
test_running_out_at_every_size(void) {
    static uint64_t signals[CNS_POOL_WORDS(sizeof(cns_signal), 1)];
    static uint64_t results[CNS_POOL_WORDS(CNS_RESULT_SIZE(3), 1)];
    static uint64_t buffers[CNS_POOL_WORDS(CNS_SCRATCH_SIZE, 1)];
    for (size_t units = 0; units <= 3; units++) {
        cns_pool pools[3];
        cns_signal *signal = NULL;
        cns_result *result = NULL;
        void *scratch = NULL;
        CHECK(cns_pool_init(&pools[0], signals, sizeof signals / 8, sizeof(cns_signal),
                            units > 0) == CNS_OK);
        CHECK(cns_pool_init(&pools[1], results, sizeof results / 8, CNS_RESULT_SIZE(3),
                            units > 1) == CNS_OK);
        CHECK(cns_pool_init(&pools[2], buffers, sizeof buffers / 8, CNS_SCRATCH_SIZE, units > 2) ==
              CNS_OK);
        cns_status status = take_all(pools, &signal, &result, &scratch);
        CHECK(status == (units == 3 ? CNS_OK : CNS_NO_SPACE));
        if (units < 3) {
            CHECK(signal == NULL && result == NULL && scratch == NULL);
            CHECK(cns_pool_statistics(&pools[0]).in_use == 0);
            CHECK(cns_pool_statistics(&pools[units]).refused == 1);
            continue;
        }
        CHECK(signal->payload == NULL && signal->kind == 0 && signal->timestamp == 0);
        CHECK(result->capacity == 3 && result->count == 0 && !result->conforms);
        CHECK(result->violations == (cns_violation *)(void *)(result + 1));
        memset(result->violations, 0, 3 * sizeof *result->violations);
        memset(scratch, 0xFF, CNS_SCRATCH_SIZE);
    }
}

static void
test_pools_of_other_items(void) {
    cns_pool pool = make_pool(8, 2);
    cns_signal *signal = NULL;
    cns_result *result = NULL;
    CHECK(cns_signal_take(&pool, &signal) == CNS_BAD_ARGUMENT && signal == NULL);
    CHECK(cns_result_take(&pool, &result) == CNS_BAD_ARGUMENT && result == NULL);
    CHECK(cns_signal_take(NULL, &signal) == CNS_BAD_ARGUMENT);
    CHECK(cns_result_take(&pool, NULL) == CNS_BAD_ARGUMENT && stats_are(&pool, 0, 0, 0));
    CHECK(CNS_SIGNAL_CAPACITY == 1024 && CNS_RESULT_CAPACITY == 1024);
    CHECK(CNS_SCRATCH_CAPACITY == 64 && CNS_SCRATCH_SIZE == 4096);
}

int
main(void) {
    test_storage_size();
    test_bad_layouts();
    test_an_empty_pool_refuses();
    test_items_are_apart_and_aligned();
    test_misuse_changes_nothing();
    test_batches_are_all_or_nothing();
    test_against_a_set();
    test_running_out_at_every_size();
    test_pools_of_other_items();
    return check_status();
}
