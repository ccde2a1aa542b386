/* SPDX-License-Identifier: Apache-2.0 */
/* Times the optimizer on an image file, beside the loader: words of the image in each second. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cns/cns.h>

#include "../bytecode/optimize_layout.h"

enum {
    MOST_WORDS = 1 << 18,
    RUNS = 20
};

static uint32_t given[MOST_WORDS], words[MOST_WORDS];
static uint16_t scratch[CNS_OPTIMIZE_SCRATCH(MOST_WORDS)];

static double
seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void
require(cns_status status) {
    if (status != CNS_OK) {
        fprintf(stderr, "%s\n", cns_status_text(status));
        abort();
    }
}

/* Seconds for one call, with those for the copy of the image. */
static double
time_optimizer(size_t count, cns_optimized *done) {
    double start = seconds();
    for (int i = 0; i < RUNS; i++) {
        size_t left = count;
        memcpy(words, given, count * sizeof *words);
        require(cns_image_optimize(&layout, words, &left, scratch,
                                   sizeof scratch / sizeof *scratch, done));
    }
    return (seconds() - start) / RUNS;
}

static double
time_loader(size_t count) {
    static const cns_limits limits = {NULL, UINT16_MAX, 0};
    cns_image image;
    double start = seconds();
    for (int i = 0; i < RUNS; i++) {
        memcpy(words, given, count * sizeof *words);
        require(cns_image_load(&image, &layout, words, count, &limits, scratch,
                               sizeof scratch / sizeof *scratch, NULL));
    }
    return (seconds() - start) / RUNS;
}

/* bench_optimizer FILE: words of code before and after, rounds, words a second of both. */
int
main(int count, char **names) {
    FILE *file = count > 1 ? fopen(names[1], "rb") : NULL;
    if (file == NULL) {
        return 1;
    }
    size_t length = fread(given, sizeof *given, MOST_WORDS, file);
    fclose(file);
    cns_optimized done;
    double optimizer = time_optimizer(length, &done);
    double loader = time_loader(length);
    printf("%u %u %u %f %f\n", (unsigned)done.before, (unsigned)done.after, (unsigned)done.rounds,
           done.before / optimizer, done.before / loader);
    return 0;
}
