/* SPDX-License-Identifier: Apache-2.0 */
/* One item after the other from pools that are half empty, against malloc. */
#include "bench_pool.h"

enum {
    LIVE = 512, /* items held while the clock runs */
    ROUNDS = 400000,
    BATCH = 16
};

static uint64_t signals[CNS_POOL_WORDS(sizeof(cns_signal), CNS_SIGNAL_CAPACITY)];
static uint64_t buffers[CNS_POOL_WORDS(CNS_SCRATCH_SIZE, CNS_SIGNAL_CAPACITY)];

/* Replaces random items of a live set; each holds its slot, which is checked on the way out. */
static double
time_pool(cns_pool *pool) {
    static void *items[LIVE];
    draw_state = 1;
    require(cns_pool_take_batch(pool, items, LIVE) == CNS_OK, "take");
    for (uint32_t i = 0; i < LIVE; i++) {
        memcpy(items[i], &i, sizeof i);
    }
    double start = seconds();
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t slot = below(LIVE), held;
        memcpy(&held, items[slot], sizeof held);
        require(held == slot && cns_pool_give(pool, items[slot]) == CNS_OK, "give");
        require(cns_pool_take(pool, &items[slot]) == CNS_OK, "take");
        memcpy(items[slot], &slot, sizeof slot);
    }
    double end = seconds();
    require(cns_pool_give_batch(pool, items, LIVE) == CNS_OK, "give");
    require(cns_pool_statistics(pool).in_use == 0, "all given back");
    return (end - start) * 1e9 / ROUNDS;
}

static double
time_malloc(size_t size) {
    static void *items[LIVE];
    draw_state = 1;
    for (uint32_t i = 0; i < LIVE; i++) {
        items[i] = malloc(size);
        require(items[i] != NULL, "malloc");
        memcpy(items[i], &i, sizeof i);
    }
    double start = seconds();
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t slot = below(LIVE), held;
        memcpy(&held, items[slot], sizeof held);
        require(held == slot, "malloc");
        free(items[slot]);
        items[slot] = malloc(size);
        require(items[slot] != NULL, "malloc");
        memcpy(items[slot], &slot, sizeof slot);
    }
    double end = seconds();
    for (int i = 0; i < LIVE; i++) {
        free(items[i]);
    }
    return (end - start) * 1e9 / ROUNDS;
}

static double
time_batches(cns_pool *pool) {
    void *items[BATCH];
    double start = seconds();
    for (int round = 0; round < ROUNDS / BATCH; round++) {
        require(cns_pool_take_batch(pool, items, BATCH) == CNS_OK, "take");
        require(cns_pool_give_batch(pool, items, BATCH) == CNS_OK, "give");
    }
    return (seconds() - start) * 1e9 / (ROUNDS / BATCH * BATCH);
}

static cns_pool
make_pool(uint64_t *storage, size_t words, size_t size) {
    cns_pool pool;
    require(cns_pool_init(&pool, storage, words, size, CNS_SIGNAL_CAPACITY) == CNS_OK, "init");
    return pool;
}

int
main(void) {
    const size_t words = sizeof signals / sizeof *signals;
    cns_pool pool = make_pool(signals, words, sizeof(cns_signal));
    print("take and give a signal", "ns", time_pool(&pool));
    print("malloc and free a signal", "ns", time_malloc(sizeof(cns_signal)));
    print("take and give in batches of 16", "ns", time_batches(&pool));
    cns_pool scratch = make_pool(buffers, sizeof buffers / sizeof *buffers, CNS_SCRATCH_SIZE);
    print("take and give a 4 KiB buffer", "ns", time_pool(&scratch));
    print("malloc and free a 4 KiB buffer", "ns", time_malloc(CNS_SCRATCH_SIZE));
    return 0;
}
