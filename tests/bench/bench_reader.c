/* SPDX-License-Identifier: Apache-2.0 */
/* bench_reader FILE [PREDICATE]: reads it, all of it or one predicate, and prints what it took. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ntriples.h"

static void
require(bool expression, const char *what) {
    if (!expression) {
        fprintf(stderr, "failed: %s\n", what);
        exit(1);
    }
}

#define REQUIRE(expression) require(expression, #expression)

static char *
read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    REQUIRE(file != NULL && fseek(file, 0, SEEK_END) == 0);
    *size = (size_t)ftell(file);
    char *data = malloc(*size);
    REQUIRE(data != NULL && fseek(file, 0, SEEK_SET) == 0);
    REQUIRE(fread(data, 1, *size, file) == *size && fclose(file) == 0);
    return data;
}

/* Counts, and sums the numbers so that nothing is left out. */
typedef struct sum {
    uint64_t triples;
    uint64_t numbers;
} sum;

static bool
take(void *context, uint32_t subject, uint32_t predicate, uint32_t object, uint32_t graph,
     uint64_t line) {
    sum *taken = context;
    taken->triples++;
    taken->numbers += (uint64_t)subject + predicate + object + graph + line;
    return true;
}

int
main(int count, char **words) {
    size_t size;
    cns_terms terms;
    cns_ntriples reader;
    cns_ntriples_options options = {.wanted = NULL};
    sum taken = {0, 0};
    REQUIRE(count == 2 || count == 3);
    char *data = read_file(words[1], &size);
    uint8_t *wanted = NULL;
    clock_t start = clock();
    REQUIRE(cns_terms_begin(&terms, 1));
    if (count == 3) {
        uint32_t number = cns_terms_add_iri(&terms, cns_str_of(words[2]));
        wanted = calloc(number + 1, 1);
        REQUIRE(wanted != NULL);
        wanted[number] = 1;
        options.wanted = wanted;
        options.wanted_count = number + 1;
    }
    cns_ntriples_begin(&reader, &terms, take, &taken, &options);
    REQUIRE(cns_ntriples_feed(&reader, data, size) && cns_ntriples_finish(&reader));
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    REQUIRE(taken.triples == reader.kept && taken.numbers > 0);
    printf("%.9f %llu %llu %u\n", seconds, (unsigned long long)reader.triples,
           (unsigned long long)reader.kept, (unsigned)terms.count);
    cns_terms_end(&terms);
    free(wanted);
    free(data);
    return 0;
}
