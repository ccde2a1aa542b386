/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a document while an allocation fails: each one in turn, then from each one on, then every
 * n-th. */
#include "../runtime/check.h"
#include "heap.h"
#include "ntriples.h"

static bool
count_triple(void *context, uint32_t subject, uint32_t predicate, uint32_t object, uint32_t graph,
             uint64_t line) {
    uint64_t *count = context;
    CHECK(subject != 0 && predicate != 0 && object != 0 && line == *count + 1);
    (void)graph;
    ++*count;
    return true;
}

/* A document that needs every kind of allocation, in pieces; returns how many triples were read.
 */
static uint64_t
read_document(void) {
    char line[600];
    uint64_t count = 0;
    cns_terms terms;
    cns_ntriples reader;
    cns_ntriples_options options = {.quads = true, .lenient = heap.calls % 2 == 0};
    if (!cns_terms_begin(&terms, 1)) {
        CHECK(heap.failed > 0 && heap.alive == 0);
        return 0;
    }
    cns_ntriples_begin(&reader, &terms, count_triple, &count, &options);
    bool done = true;
    for (unsigned i = 0; i < 700 && done; i++) {
        snprintf(line, sizeof line,
                 "<urn:\\u0073%u> <urn:p> \"%0*u\\n\"%s%u <urn:g> .\n_:b%u <urn:p> "
                 "\"x\"^^<urn:d%u> .\n",
                 i, (int)(i % 400), i, "@en-x", i, i, i % 3);
        size_t half = strlen(line) / 3;
        done = cns_ntriples_feed(&reader, line, half) &&
               cns_ntriples_feed(&reader, line + half, strlen(line) - half);
    }
    done = cns_ntriples_finish(&reader) && done;
    CHECK(done == (heap.failed == 0) && reader.malformed == 0 && reader.kept == count);
    CHECK((reader.error.fault == CNS_NTRIPLES_OK) == done);
    CHECK(done || reader.error.fault == CNS_NTRIPLES_NO_MEMORY);
    CHECK(done || reader.error.line == count + 1);
    cns_terms_end(&terms);
    CHECK(heap.alive == 0);
    return count;
}

/* Adds terms although some allocations fail, until all are there. */
static void
test_terms_go_on(uint64_t every) {
    cns_terms terms;
    heap.at = 0;
    CHECK(cns_terms_begin(&terms, 1));
    heap.how = EVERY;
    heap.at = every;
    for (uint32_t i = 0; i < 5000; i++) {
        char text[200];
        cns_str iri = {text, (uint32_t)snprintf(text, sizeof text, "urn:%0150u", (unsigned)i)};
        uint32_t number = 0;
        for (int tries = 0; tries < 4 && number == 0; tries++) {
            number = cns_terms_add_iri(&terms, iri);
        }
        CHECK_ROW(number == i + 3 && cns_terms_find_iri(&terms, iri) == i + 3, i);
    }
    CHECK(heap.failed > 0);
    cns_terms_end(&terms);
    CHECK(heap.alive == 0);
}

int
main(void) {
    CHECK(read_document() == 1400 && heap.alive == 0);
    uint64_t calls = heap.calls;
    CHECK(calls > 20);
    for (int how = 0; how < WAYS; how++) {
        for (uint64_t at = 1; at <= calls; at++) {
            heap.how = (way)how;
            heap.at = at;
            heap.calls = heap.failed = 0;
            CHECK_ROW(read_document() < 1400 && heap.failed > 0, at);
        }
    }
    for (uint64_t every = 2; every < 5; every++) {
        test_terms_go_on(every);
    }
    return check_status();
}
