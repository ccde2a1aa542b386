/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Validates N-Triples by a program, both in files, and prints what is found, in its order.
 *
 * With a third argument each allocation fails once, the first, the second and so on: every step
 * then says so, and at last, when none fails, the same is found. Linked with --wrap.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <host/graph.h>
#include <host/ntriples.h>
#include <host/run.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static unsigned long until_failure; /* allocations that do not fail; 0: none does */
static unsigned long failures;

static bool
fails(void) {
    if (until_failure == 0 || --until_failure > 0) {
        return false;
    }
    failures++;
    return true;
}

void *
__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size) {
    return fails() ? NULL : __real_realloc(memory, size);
}

static void
require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "failed: %s\n", what);
        abort();
    }
}

typedef struct text {
    char *at;
    size_t size;
} text;

static text
read_file(const char *name) {
    static const size_t most = 1 << 22;
    FILE *file = fopen(name, "rb");
    require(file != NULL, name);
    text all = {__real_malloc(most), 0};
    require(all.at != NULL, "memory");
    all.size = fread(all.at, 1, most, file);
    require(fclose(file) == 0 && all.size < most, name);
    return all;
}

static bool
sink(void *context, uint32_t s, uint32_t p, uint32_t o, uint32_t g, uint64_t line) {
    (void)g;
    (void)line;
    return cns_graph_add(context, s, p, o);
}

/* Reads in parts of 100 bytes, so that lines are put together. */
static bool
read_data(cns_graph *graph, text data) {
    cns_ntriples reader;
    cns_ntriples_options options;
    memset(&options, 0, sizeof options);
    options.wanted = graph->wanted[0] != 0 ? NULL : graph->wanted;
    options.wanted_count = cns_program_terms(graph->program) + 1;
    options.scope = 1;
    cns_ntriples_begin(&reader, &graph->terms, sink, graph, &options);
    bool fine = true;
    for (size_t at = 0; fine && at < data.size; at += 100) {
        fine =
            cns_ntriples_feed(&reader, data.at + at, data.size - at < 100 ? data.size - at : 100);
    }
    fine = cns_ntriples_finish(&reader) && fine;
    require(fine || failures > 0, "the data are well-formed");
    return fine;
}

static void
print_term(const cns_run *run, uint32_t number) {
    const cns_entry *entry = &run->graph->terms.entries[number];
    printf(" %.*s", number == 0 ? 0 : (int)entry->length, number == 0 ? "" : entry->text);
}

static void
print_findings(const cns_run *run) {
    printf("%" PRIu64 " found\n", run->found);
    for (uint32_t i = 0; i < run->finding_count; i++) {
        const cns_finding *found = &run->findings[i];
        printf("%u %u", (unsigned)found->check, (unsigned)found->parent);
        print_term(run, found->focus);
        print_term(run, found->value);
        print_term(run, found->path);
        printf("\n");
    }
}

/* False where memory failed. */
static bool
run_over(const cns_program *program, const cns_graph *graph, bool print) {
    cns_run run;
    cns_run_options options;
    memset(&options, 0, sizeof options);
    options.detail = true;
    options.recursion = 50;
    if (!cns_run_begin(&run, program, graph, &options)) {
        return false;
    }
    cns_run_targets(&run);
    bool done = run.outcome == CNS_RUN_DONE && cns_run_sort(&run);
    require(done || run.outcome == CNS_RUN_DONE || run.outcome == CNS_RUN_NO_MEMORY, "outcome");
    require(done || failures > 0, "it ends with memory");
    if (done && print) {
        print_findings(&run);
    }
    cns_run_end(&run);
    return done;
}

static bool
validate(text image, text data, bool print) {
    cns_program program;
    cns_graph graph;
    cns_refusal refusal = cns_program_load(&program, image.at, image.size);
    if (refusal != NULL) {
        require(failures > 0 && strcmp(refusal, "not enough memory") == 0, refusal);
        return false;
    }
    bool done = false;
    if (cns_graph_begin(&graph, &program, 7)) {
        done = read_data(&graph, data) && cns_graph_close(&graph) && cns_graph_open(&graph) &&
               cns_graph_close(&graph) && run_over(&program, &graph, print);
        cns_graph_end(&graph);
    }
    cns_program_end(&program);
    require(done == (failures == 0), "a failure is told");
    return done;
}

int
main(int count, char **arguments) {
    require(count >= 3, "arguments: program, data");
    text image = read_file(arguments[1]), data = read_file(arguments[2]);
    if (count > 3) {
        unsigned long tried = 0;
        do {
            failures = 0;
            until_failure = ++tried;
        } while (!validate(image, data, false));
        printf("%lu allocations failed\n", tried - 1);
        until_failure = 0;
    }
    failures = 0;
    (void)validate(image, data, true);
    free(image.at);
    free(data.at);
    return 0;
}
