/* SPDX-License-Identifier: Apache-2.0 */
/* Loads image files: prints the verdict on each, and tries each with every bit turned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/image.h"
#include "layout.h"
#include "seal.h"

enum {
    MOST_WORDS = 4096
};

static uint32_t words[MOST_WORDS];
static uint16_t scratch[CNS_VERIFY_SCRATCH(MOST_WORDS)];

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

/* Loads an image from memory of its exact size, which ASan guards. */
static cns_fault
load(const uint32_t *from, size_t count, const cns_limits *limits, size_t scratch_count) {
    uint32_t *copy = malloc(count > 0 ? count * sizeof *copy : 1);
    cns_image image, before;
    cns_fault fault;

    require(copy != NULL, "memory");
    memcpy(copy, from, count * sizeof *copy);
    memset(&image, 0xA5, sizeof image);
    before = image;
    cns_status status =
        cns_image_load(&image, &layout, copy, count, limits, scratch, scratch_count, &fault);
    require((status == CNS_OK) == (fault.reason == CNS_REASON_ACCEPTED), "status and reason");
    require(status == CNS_OK || memcmp(&image, &before, sizeof image) == 0, "image unchanged");
    require(status != CNS_OK || image.model.image == &image, "the model refers to its image");
    free(copy);
    return fault;
}

static void
print_verdict(size_t count, const cns_limits *limits, size_t scratch_count) {
    static const char *const names[] = {
#define CNS_X(name, text) #name,
        CNS_REASONS(CNS_X)
#undef CNS_X
    };
    cns_fault fault = load(words, count, limits, scratch_count);
    printf("%s %u\n", names[fault.reason], (unsigned)fault.offset);
}

static void
turn_bits(size_t count, const cns_limits *limits) {
    unsigned char *bytes = (unsigned char *)words;
    unsigned accepted = 0;
    for (size_t bit = 0; bit < 32 * count; bit++) {
        uint32_t stored = words[CNS_WORD_CHECKSUM];
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        require(load(words, count, limits, MOST_WORDS).reason != CNS_REASON_ACCEPTED, "a bit");
        seal(words, count);
        accepted += load(words, count, limits, MOST_WORDS).reason == CNS_REASON_ACCEPTED;
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        words[CNS_WORD_CHECKSUM] = stored;
    }
    printf("%u of %u\n", accepted, (unsigned)(32 * count));
}

static void
cut_off(size_t count, const cns_limits *limits) {
    uint32_t stored = words[CNS_WORD_SIZE];
    for (size_t left = 0; left < count; left++) {
        require(load(words, left, limits, MOST_WORDS).reason == CNS_REASON_TRUNCATED, "cut");
        words[CNS_WORD_SIZE] = cns_word((uint32_t)left);
        seal(words, left);
        require(load(words, left, limits, MOST_WORDS).reason != CNS_REASON_ACCEPTED, "sealed");
        words[CNS_WORD_SIZE] = stored;
    }
}

/* load STEPS REGISTERS SCRATCH FILE...: prints a verdict per file. load turn FILE...: the images
 * that are accepted with a bit turned and the checksum made right, of all those. */
int
main(int count, char **names) {
    bool turn = count > 1 && strcmp(names[1], "turn") == 0;
    int first = turn ? 2 : 4;
    require(count > first, "arguments");
    cns_limits limits = {NULL, 64, 0};
    if (!turn) {
        limits.steps = (uint32_t)strtoul(names[1], NULL, 10);
        limits.register_count = (uint16_t)strtoul(names[2], NULL, 10);
    }
    for (int i = first; i < count; i++) {
        size_t length = read_image(names[i]);
        if (turn) {
            turn_bits(length, &limits);
            cut_off(length, &limits);
        } else {
            print_verdict(length, &limits, strtoul(names[3], NULL, 10));
        }
    }
    return 0;
}
