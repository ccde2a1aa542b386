/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of bench_pool.py share; they print lines of `name<TAB>unit<TAB>value`. */
#ifndef BENCH_POOL_H
#define BENCH_POOL_H

#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cns/cns.h>

/* What `below` draws next from. */
static uint32_t draw_state;

/* Ends the program unless an answer is right. */
static inline void
require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "bench_pool: wrong answer: %s\n", what);
        exit(1);
    }
}

/* A number below the bound, as random as benchmarks need. */
static inline uint32_t
below(uint32_t bound) {
    draw_state = draw_state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)draw_state * bound) >> 32);
}

static inline double
seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* One figure. */
static inline void
print(const char *name, const char *unit, double value) {
    printf("%s\t%s\t%.6g\n", name, unit, value);
}

#endif
