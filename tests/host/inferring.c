/* SPDX-License-Identifier: Apache-2.0 */
/* Infers over a graph while an allocation fails: each one in turn, then from each one on. The
 * program and the data are files that the command line names, and behind them the number of
 * triples that follow. */
#include "../runtime/check.h"
#include "heap.h"
#include "ntriples.h"
#include "ntriples_write.h"

enum {
    MOST = 1 << 20
};

static char image[MOST], data[MOST], lines[MOST];
static size_t image_size, data_size;

static size_t
read_file(const char *name, char *to) {
    FILE *stream = fopen(name, "rb");
    size_t size = stream != NULL ? fread(to, 1, MOST, stream) : 0;
    CHECK(stream != NULL && fclose(stream) == 0 && size > 0 && size < MOST);
    return size;
}

static bool
take(void *context, uint32_t subject, uint32_t predicate, uint32_t object, uint32_t graph,
     uint64_t line) {
    (void)graph;
    (void)line;
    return cns_graph_add(context, subject, predicate, object);
}

static bool
read_data(cns_graph *graph) {
    cns_ntriples reader;
    cns_ntriples_begin(&reader, &graph->terms, take, graph, NULL);
    bool fed = cns_ntriples_feed(&reader, data, data_size);
    return cns_ntriples_finish(&reader) && fed;
}

/* All that follows is written as well-formed lines. */
static void
write_data(const cns_graph *graph) {
    cns_ntriples_writer writer;
    if (!cns_ntriples_write_begin(&writer, graph, true)) {
        CHECK(heap.failed > 0);
        return;
    }
    uint32_t count = 0;
    while (writer.at < writer.end) {
        size_t used = cns_ntriples_write(&writer, lines, 1000);
        CHECK(used > 0 && used <= 1000);
        for (size_t i = 0; i < used; i++) {
            count += lines[i] == '\n' ? 1 : 0;
        }
    }
    CHECK(count == graph->triple_count);
    cns_ntriples_write_end(&writer);
}

/* Returns how many triples follow, or UINT32_MAX where memory failed. */
static uint32_t
infer(const cns_program *program) {
    cns_graph graph;
    uint32_t followed = UINT32_MAX;
    if (!cns_graph_begin(&graph, program, 1)) {
        return followed;
    }
    bool closed = read_data(&graph) && cns_graph_close(&graph);
    CHECK(closed || heap.failed > 0);
    if (closed) {
        followed = graph.triple_count - graph.given;
        write_data(&graph);
    } else {
        CHECK(graph.outcome != CNS_CLOSING_EXTENDS && graph.outcome != CNS_CLOSING_TOO_MANY);
    }
    cns_graph_end(&graph);
    return followed;
}

/* From the loading of the program on. */
static uint32_t
run(void) {
    cns_program program;
    uint32_t followed = UINT32_MAX;
    if (cns_program_load(&program, image, image_size) == NULL) {
        followed = infer(&program);
        cns_program_end(&program);
    }
    CHECK(heap.alive == 0);
    return followed;
}

int
main(int argc, char **argv) {
    CHECK(argc == 4);
    image_size = read_file(argv[1], image);
    data_size = read_file(argv[2], data);
    uint32_t expected = (uint32_t)strtoul(argv[3], NULL, 10);
    heap.alive = 0;
    heap.calls = 0;
    CHECK(run() == expected);
    uint64_t calls = heap.calls;
    CHECK(calls > 50);
    for (int how = 0; how < EVERY; how++) {
        for (uint64_t at = 1; at <= calls; at++) {
            heap.how = (way)how;
            heap.at = at;
            heap.calls = heap.failed = 0;
            uint32_t followed = run();
            CHECK_ROW(heap.failed > 0 && (followed == UINT32_MAX || followed == expected), at);
        }
    }
    return check_status();
}
