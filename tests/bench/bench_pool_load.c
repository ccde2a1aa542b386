/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pool of signals under loads from below its capacity to above, and malloc under the same ones.
 *
 * One request comes in each step and holds its item for 1 to 2 * load steps, so that `load` items
 * are wanted on average. A counter decides beforehand which requests find a free item: the pool
 * has to agree with it, and malloc serves those that do.
 */
#include "bench_pool.h"

#ifndef REQUESTS
#define REQUESTS 200000
#endif

enum {
    CAPACITY = CNS_SIGNAL_CAPACITY,
    MOST_PERCENT = 200,
    RING = 2 * CAPACITY * MOST_PERCENT / 100 + 1
};

/* What happens to the item that is held as number `holder`. */
typedef struct event {
    enum {
        TAKE,
        REFUSE,
        GIVE
    } what;
    uint32_t holder;
} event;

/* All events of one load, and what a counter says of them. */
typedef struct plan {
    event events[2 * REQUESTS];
    size_t length;
    uint32_t hits;
    uint32_t most;
} plan;

/* A holder whose item falls due, and the next one in the same step; both count from 1. */
static uint32_t due[RING], due_after[CAPACITY + 1];

static void
add_event(plan *made, int what, uint32_t holder) {
    made->events[made->length].what = what;
    made->events[made->length].holder = holder;
    made->length++;
}

static void
make_plan(plan *made, uint32_t load) {
    static uint32_t idle[CAPACITY];
    uint32_t held = 0;
    made->length = made->hits = made->most = 0;
    memset(due, 0, sizeof due);
    for (uint32_t i = 0; i < CAPACITY; i++) {
        idle[i] = i + 1;
    }
    for (uint32_t step = 0; step < REQUESTS + RING; step++) {
        for (uint32_t holder = due[step % RING]; holder != 0; holder = due_after[holder]) {
            add_event(made, GIVE, holder);
            idle[--held] = holder;
        }
        due[step % RING] = 0;
        if (step >= REQUESTS) {
            continue;
        }
        uint32_t end = (step + 1 + below(2 * load)) % RING;
        uint32_t holder = held < CAPACITY ? idle[held++] : 0;
        add_event(made, holder != 0 ? TAKE : REFUSE, holder);
        if (holder != 0) {
            due_after[holder] = due[end];
            due[end] = holder;
            made->hits++;
            made->most = made->most < held ? held : made->most;
        }
    }
}

/* Items know who holds them: one that was handed out twice is found when it comes back. */
static void *items[CAPACITY + 1];

static void
hold(uint32_t holder, void *item) {
    memcpy(item, &holder, sizeof holder);
    items[holder] = item;
}

static void *
let_go(uint32_t holder) {
    uint32_t known;
    memcpy(&known, items[holder], sizeof known);
    require(known == holder, "an item has one holder");
    return items[holder];
}

/* Returns nanoseconds per call; a refused request is one. */
static double
time_pool(const plan *given, cns_pool *pool) {
    uint32_t hits = 0;
    double start = seconds();
    for (size_t i = 0; i < given->length; i++) {
        event now = given->events[i];
        if (now.what == GIVE) {
            require(cns_pool_give(pool, let_go(now.holder)) == CNS_OK, "give");
            continue;
        }
        void *item = NULL;
        bool taken = cns_pool_take(pool, &item) == CNS_OK;
        require(taken == (now.what == TAKE), "a request is served while there is an item");
        if (taken) {
            hold(now.holder, item);
            hits++;
        }
    }
    double end = seconds();
    cns_pool_stats stats = cns_pool_statistics(pool);
    require(hits == given->hits && stats.refused == REQUESTS - hits, "refused requests");
    require(stats.in_use == 0 && stats.high_water == given->most, "high-water mark");
    return (end - start) * 1e9 / (double)given->length;
}

/* The same for malloc and free, which have nothing to do for a refused request. */
static double
time_malloc(const plan *given) {
    double start = seconds();
    for (size_t i = 0; i < given->length; i++) {
        event now = given->events[i];
        if (now.what == GIVE) {
            free(let_go(now.holder));
        } else if (now.what == TAKE) {
            void *item = malloc(sizeof(cns_signal));
            require(item != NULL, "malloc");
            hold(now.holder, item);
        }
    }
    return (seconds() - start) * 1e9 / (2.0 * given->hits);
}

static void
print_at(const char *name, uint32_t percent, const char *unit, double value) {
    char text[64];
    snprintf(text, sizeof text, "%s at %u %% load", name, (unsigned)percent);
    print(text, unit, value);
}

int
main(void) {
    static const uint32_t percents[] = {25, 50, 75, 90, 100, 110, 125, 150, MOST_PERCENT};
    static uint64_t storage[CNS_POOL_WORDS(sizeof(cns_signal), CAPACITY)];
    static plan made;
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        cns_pool pool;
        draw_state = 1;
        make_plan(&made, percents[i] * CAPACITY / 100);
        require(cns_pool_init(&pool, storage, sizeof storage / sizeof *storage, sizeof(cns_signal),
                              CAPACITY) == CNS_OK,
                "init");
        double pool_time = time_pool(&made, &pool);
        double malloc_time = time_malloc(&made);
        cns_pool_stats stats = cns_pool_statistics(&pool);
        print_at("hit rate", percents[i], "%", 100.0 * (REQUESTS - stats.refused) / REQUESTS);
        print_at("high-water mark", percents[i], "items", stats.high_water);
        print_at("take or give", percents[i], "ns", pool_time);
        print_at("malloc or free", percents[i], "ns", malloc_time);
    }
    return 0;
}
