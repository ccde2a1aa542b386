/* SPDX-License-Identifier: Apache-2.0 */
/* Pools against malloc, and under loads across their capacity; prints `name<TAB>unit<TAB>value`.
 */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cns/cns.h>

enum {
    LIVE = 512, /* items held while the clock runs */
    ROUNDS = 400000,
    BATCH = 16,
    REQUESTS = 200000,
    MOST_LOAD = 2 * CNS_SIGNAL_CAPACITY,
    RING = 2 * MOST_LOAD + 1
};

static uint64_t signals[CNS_POOL_WORDS(sizeof(cns_signal), CNS_SIGNAL_CAPACITY)];
static uint64_t buffers[CNS_POOL_WORDS(CNS_SCRATCH_SIZE, CNS_SIGNAL_CAPACITY)];
static uint32_t state;

static void
require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "bench_pool: wrong answer: %s\n", what);
        exit(1);
    }
}

static uint32_t
below(uint32_t bound) {
    state = state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)state * bound) >> 32);
}

static double
seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void
print(const char *name, const char *unit, double value) {
    printf("%s\t%s\t%.6g\n", name, unit, value);
}

/* Replaces random items of a live set; each holds its slot, which is checked on the way out. */
static double
time_pool(cns_pool *pool) {
    static void *items[LIVE];
    state = 1;
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
    state = 1;
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

/* An item on its way: the next one that falls due in the same step. */
typedef struct trip {
    struct trip *next;
} trip;

/* One request a step, each held for 1 to 2 * load steps: `load` items are wanted on average. */
static void
sweep(cns_pool *pool, uint32_t load) {
    static trip *due[RING];
    uint32_t hits = 0, held = 0, most = 0;
    memset(due, 0, sizeof due);
    for (uint32_t step = 0; step < REQUESTS + RING; step++) {
        for (trip *item = due[step % RING]; item != NULL; held--) {
            trip *next = item->next;
            require(cns_pool_give(pool, item) == CNS_OK, "give");
            item = next;
        }
        due[step % RING] = NULL;
        void *item = NULL;
        if (step < REQUESTS && cns_pool_take(pool, &item) == CNS_OK) {
            uint32_t end = (step + 1 + below(2 * load)) % RING;
            ((trip *)item)->next = due[end];
            due[end] = item;
            hits++;
            held++;
            most = most < held ? held : most;
        }
    }
    cns_pool_stats stats = cns_pool_statistics(pool);
    require(stats.in_use == 0 && stats.high_water == most, "high-water mark");
    require(stats.refused == REQUESTS - hits, "refused requests");
    char name[64];
    snprintf(name, sizeof name, "hit rate at %u %% load", load * 100 / CNS_SIGNAL_CAPACITY);
    print(name, "%", 100.0 * hits / REQUESTS);
    snprintf(name, sizeof name, "high-water mark at %u %% load", load * 100 / CNS_SIGNAL_CAPACITY);
    print(name, "items", stats.high_water);
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
    state = 1;
    for (uint32_t quarters = 2; quarters <= 8; quarters++) {
        pool = make_pool(signals, words, sizeof(cns_signal));
        sweep(&pool, quarters * CNS_SIGNAL_CAPACITY / 4);
    }
    return 0;
}
