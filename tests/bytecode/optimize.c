/* SPDX-License-Identifier: Apache-2.0 */
/* Optimizes image files in place, and prints what was done to each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/image.h"
#include "optimize_layout.h"

enum {
    MOST_WORDS = 1 << 20
};

static uint32_t words[MOST_WORDS];
static uint16_t scratch[CNS_OPTIMIZE_SCRATCH(MOST_WORDS)];

static void
require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "failed: %s\n", what);
        abort();
    }
}

static size_t
read_image(const char *name) {
    FILE *file = fopen(name, "rb");
    require(file != NULL, name);
    size_t count = fread(words, sizeof *words, MOST_WORDS, file);
    fclose(file);
    return count;
}

static void
write_image(const char *name, const uint32_t *from, size_t count) {
    FILE *file = fopen(name, "wb");
    require(file != NULL && fwrite(from, sizeof *from, count, file) == count, name);
    require(fclose(file) == 0, name);
}

/* What the verifier says: "ACCEPTED", or why not. */
static const char *
verdict(const uint32_t *from, size_t count) {
    static const char *const names[] = {
#define CNS_X(name, text) #name,
        CNS_REASONS(CNS_X)
#undef CNS_X
    };
    static const cns_limits limits = {NULL, UINT16_MAX, 0};
    cns_image image;
    cns_fault fault;
    cns_image_load(&image, &layout, from, count, &limits, scratch,
                   sizeof scratch / sizeof *scratch, &fault);
    return names[fault.reason];
}

/* The words of the longest function, and its registers of memory. */
static size_t
longest_function(const uint32_t *from, size_t count) {
    static const cns_limits limits = {NULL, UINT16_MAX, 0};
    cns_image image;
    size_t longest = 0;
    require(cns_image_load(&image, &layout, from, count, &limits, scratch,
                           sizeof scratch / sizeof *scratch, NULL) == CNS_OK,
            "load");
    for (uint32_t i = 0; i < image.function_count; i++) {
        cns_function function = cns_function_of(&image, i);
        size_t length = function.end - function.start;
        longest = length > longest ? length : longest;
        longest = image.function_count > 4 * longest ? image.function_count : longest;
    }
    return longest;
}

/* In memory of the exact size, which ASan guards; with a number less it is refused, unchanged. */
static cns_optimized
optimize(uint32_t *image, size_t *count) {
    size_t needed = CNS_OPTIMIZE_SCRATCH(longest_function(image, *count));
    uint32_t *before = malloc(*count * sizeof *before);
    uint16_t *memory = malloc(needed * sizeof *memory);
    cns_optimized done;

    require(before != NULL && memory != NULL, "memory");
    memcpy(before, image, *count * sizeof *before);
    size_t length = *count;
    require(cns_image_optimize(&layout, image, count, memory, needed - 1, &done) == CNS_NO_SPACE,
            "refused");
    require(length == *count && memcmp(before, image, length * sizeof *image) == 0, "unchanged");
    require(cns_image_optimize(&layout, image, count, memory, needed, &done) == CNS_OK, "status");
    free(memory);
    free(before);
    return done;
}

/* Whether an image that was optimized stays as it is, which one round finds out. */
static bool
is_stable(const uint32_t *image, size_t count) {
    memcpy(words, image, count * sizeof *image);
    size_t again = count;
    cns_optimized done = optimize(words, &again);
    return again == count && memcmp(words, image, count * sizeof *image) == 0 && done.rounds == 1;
}

static void
optimize_file(const char *name) {
    size_t count = read_image(name);
    const char *said = verdict(words, count);
    if (strcmp(said, "ACCEPTED") != 0) {
        printf("%s\n", said);
        return;
    }
    uint32_t *image = malloc(count * sizeof *image);
    require(image != NULL, "memory");
    memcpy(image, words, count * sizeof *image);
    cns_optimized done = optimize(image, &count);
    write_image(name, image, count);
    said = verdict(image, count);
    printf("%s %u %u %u", said, (unsigned)done.before, (unsigned)done.after,
           (unsigned)done.rounds);
    for (int i = 0; i < CNS_RULE_COUNT; i++) {
        printf(" %u", (unsigned)done.removed[i]);
    }
    bool stable = strcmp(said, "ACCEPTED") == 0 && is_stable(image, count);
    printf(" %s\n", stable ? "same" : "different");
    free(image);
}

/* optimize FILE...: a line for each, the verdict on what came in, or on what came out with the
 * words before, after, the rounds, the words by rule, and whether it stays the same. */
int
main(int count, char **names) {
    for (int i = 1; i < count; i++) {
        optimize_file(names[i]);
    }
    return 0;
}
