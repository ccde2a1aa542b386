/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any words as a graph program, with a right header and checksum, through the loader. A program
 * that is accepted runs over small graphs: without a fault, and as an interrupted run it ends.
 * Findings refer to what is there, and fewer that are kept are not fewer that are found.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <host/graph.h>
#include <host/ntriples.h>
#include <host/ntriples_write.h>
#include <host/run.h>

enum {
    MOST_WORDS = 4096,
    MOST_CHANGES = 4,
    ATTEMPTS = 12, /* at a program that is accepted */
    RECURSION = 3,
    HEADER_SIZE = 3,     /* words of the header: of its own size, */
    HEADER_CHECKSUM = 4, /* the checksum, */
    HEADER_SECTIONS = 5  /* and the length of the first section */
};

int LLVMFuzzerInitialize(int *count, char ***names);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);
size_t LLVMFuzzerMutate(unsigned char *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed);

static unsigned tried, accepted, run_count, interrupted;
static cns_run *volatile current;

static void
require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "failed: %s\n", what);
        abort();
    }
}

static void
print_counts(void) {
    fprintf(stderr, "stat::accepted: %u of %u\nstat::run: %u\nstat::interrupted: %u\n", accepted,
            tried, run_count, interrupted);
}

/* Shapes may ask the same again and again; then a run is told to end. */
static void
interrupt(int number) {
    (void)number;
    if (current != NULL) {
        current->outcome = CNS_RUN_TOO_DEEP;
        current->stopped = true;
        interrupted++;
    }
}

int
LLVMFuzzerInitialize(int *count, char ***names) {
    (void)count;
    (void)names;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    action.sa_flags = SA_RESTART;
    require(sigaction(SIGVTALRM, &action, NULL) == 0, "a timer");
    return atexit(print_counts);
}

static void
set_timer(long microseconds) {
    const struct itimerval timer = {{0, 0}, {0, microseconds}};
    require(setitimer(ITIMER_VIRTUAL, &timer, NULL) == 0, "a timer");
}

/* ---- Programs ----------------------------------------------------------------------------- */

static void
put_word(unsigned char *bytes, size_t at, uint32_t word) {
    for (unsigned i = 0; i < 4; i++) {
        bytes[4 * at + i] = (unsigned char)(word >> 8 * i);
    }
}

static uint32_t
get_word(const unsigned char *bytes, size_t at) {
    const unsigned char *word = bytes + 4 * at;
    return word[0] | (uint32_t)word[1] << 8 | (uint32_t)word[2] << 16 | (uint32_t)word[3] << 24;
}

static uint32_t
crc_of(const unsigned char *bytes, size_t words) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < 4 * words; i++) {
        if (i / 4 == HEADER_CHECKSUM) {
            continue;
        }
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1u) != 0 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
        }
    }
    return ~crc;
}

/* What only says that the program is whole and of this version. */
static void
set_header(unsigned char *bytes, size_t words) {
    put_word(bytes, 0, CNS_PROGRAM_MAGIC);
    put_word(bytes, 1, CNS_PROGRAM_VERSION);
    put_word(bytes, 2, CNS_PROGRAM_FINGERPRINT);
    put_word(bytes, HEADER_SIZE, (uint32_t)words);
    put_word(bytes, HEADER_CHECKSUM, crc_of(bytes, words));
}

/* ---- Graphs ------------------------------------------------------------------------------- */

#define EX "http://example.org/"
#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define TYPE "<" RDF "type>"
#define SUBCLASS "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
#define XSD "http://www.w3.org/2001/XMLSchema#"

static const char *const graphs[] = {
    "",
    "<" EX "a> " TYPE " <" EX "A> .\n"
    "<" EX "A> " SUBCLASS " <" EX "B> .\n"
    "<" EX "B> " SUBCLASS " <" EX "A> .\n"
    "<" EX "a> <" EX "p> <" EX "b> .\n"
    "<" EX "b> <" EX "p> <" EX "a> .\n"
    "<" EX "b> <" EX "q> \"1\"^^<" XSD "integer> .\n"
    "<" EX "a> <" EX "q> \"01\"^^<" XSD "integer> .\n"
    "<" EX "a> <" EX "p> \"x\"@en .\n"
    "<" EX "a> <" EX "p> \"y\"@EN .\n"
    "<" EX "a> <" EX "r> _:x1 .\n"
    "_:x1 <" EX "r> _:x1 .\n"
    "_:x1 <" EX "p> \"\\u00e4\" .\n",
    "_:x1 <" RDF "first> \"1.5\"^^<" XSD "decimal> .\n"
    "_:x1 <" RDF "rest> _:x2 .\n"
    "_:x2 <" RDF "first> \"no\"^^<" XSD "double> .\n"
    "_:x2 <" RDF "rest> _:x1 .\n"
    "<" EX "a> <" EX "p> _:x1 .\n"
    "<" EX "a> <" EX "q> _:x2 .\n"
    "<" EX "a> " TYPE " <" EX "C> .\n"
    "_:x2 " TYPE " <" EX "A> .\n",
};

static bool
sink(void *context, uint32_t s, uint32_t p, uint32_t o, uint32_t g, uint64_t line) {
    (void)g;
    (void)line;
    return cns_graph_add(context, s, p, o);
}

/* All that was written comes from terms, and is no literal's; it is written as lines. */
static void
check_triples(const cns_graph *graph) {
    static char lines[4096];
    cns_ntriples_writer writer;
    for (uint32_t i = 0; i < graph->triple_count; i++) {
        const cns_triple *triple = &graph->triples[i];
        uint32_t terms = graph->terms.count;
        require(triple->subject - 1 < terms && triple->predicate - 1 < terms &&
                    triple->object - 1 < terms,
                "terms of a triple");
        require(i < graph->given || graph->terms.entries[triple->subject].kind != CNS_KIND_LITERAL,
                "a subject");
    }
    require(cns_ntriples_write_begin(&writer, graph, true), "memory");
    while (writer.at < writer.end &&
           cns_ntriples_room(&writer, &graph->triples[writer.at]) <= sizeof lines) {
        require(cns_ntriples_write(&writer, lines, sizeof lines) > 0, "a line");
    }
    cns_ntriples_write_end(&writer);
}

/* Reads a graph as the binding does; false where the program has equal terms, or refuses it. */
static bool
read_graph(cns_graph *graph, const cns_program *program, const char *text) {
    cns_ntriples reader;
    cns_ntriples_options options;
    if (!cns_graph_begin(graph, program, 1)) {
        return false;
    }
    memset(&options, 0, sizeof options);
    options.wanted = graph->wanted[0] != 0 ? NULL : graph->wanted;
    options.wanted_count = cns_program_terms(program) + 1;
    options.scope = 1;
    cns_ntriples_begin(&reader, &graph->terms, sink, graph, &options);
    bool fine = cns_ntriples_feed(&reader, text, strlen(text));
    require(cns_ntriples_finish(&reader) && fine, "memory");
    if (!cns_graph_close(graph)) {
        require(graph->outcome != CNS_CLOSING_NO_MEMORY, "memory");
        cns_graph_end(graph);
        return false;
    }
    check_triples(graph);
    return true;
}

/* ---- Running ------------------------------------------------------------------------------ */

static bool
accept_all(void *context, cns_run *run, uint32_t number, uint32_t check, uint32_t focus,
           cns_set values) {
    (void)context;
    return (number + values.count) % 2 == 0 || cns_fail(run, check, focus, 0, 0);
}

static void
check_findings(const cns_run *run) {
    for (uint32_t i = 0; i < run->finding_count; i++) {
        const cns_finding *found = &run->findings[i];
        uint32_t terms = run->graph->terms.count;
        require(found->check < run->program->checks.length, "a check");
        require(found->focus > 0 && found->focus <= terms, "a focus node");
        require(found->value <= terms && found->path <= terms, "terms");
        require(found->parent <= run->finding_count && found->parent != i + 1, "a parent");
    }
}

/* Runs all shapes; returns how many results were found, and 0 where the run did not end. */
static uint64_t
run_all(const cns_program *program, const cns_graph *graph, uint32_t most, bool first) {
    cns_run run;
    cns_run_options options;
    memset(&options, 0, sizeof options);
    options.most = most;
    options.first = first;
    options.recursion = RECURSION;
    options.detail = most != 1;
    options.host = accept_all;
    require(cns_run_begin(&run, program, graph, &options), "memory");
    current = &run;
    set_timer(300000);
    cns_run_targets(&run);
    set_timer(0);
    current = NULL;
    require(cns_run_sort(&run), "memory");
    check_findings(&run);
    uint64_t found = run.outcome == CNS_RUN_DONE ? run.found : 0;
    require(!first || found <= 1, "the first result");
    cns_run_end(&run);
    run_count++;
    return found;
}

static void
run_over(const cns_program *program, const char *text) {
    cns_graph graph;
    if (!read_graph(&graph, program, text)) {
        return;
    }
    uint64_t all = run_all(program, &graph, 0, false);
    uint64_t some = run_all(program, &graph, 1, false);
    uint64_t first = run_all(program, &graph, 0, true);
    require(all == some || all == 0 || some == 0, "as many are found where fewer are kept");
    require(all == 0 || first <= 1, "one is the first");
    cns_graph_end(&graph);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
    size_t words = size / 4;
    if (words > MOST_WORDS) {
        return 0;
    }
    unsigned char *copy = malloc(4 * words + 1);
    require(copy != NULL, "memory");
    memcpy(copy, bytes, 4 * words);
    if (words >= CNS_PROGRAM_HEADER) {
        set_header(copy, words);
    }
    cns_program program;
    tried++;
    if (cns_program_load(&program, copy, 4 * words) == NULL) {
        accepted++;
        for (size_t i = 0; i < sizeof graphs / sizeof graphs[0]; i++) {
            run_over(&program, graphs[i]);
        }
        cns_program_end(&program);
    }
    free(copy);
    return 0;
}

/* ---- Changes ------------------------------------------------------------------------------ */

static uint32_t
draw(uint32_t *chance, uint32_t bound) {
    *chance = *chance * 1664525u + 1013904223u;
    return (*chance >> 8) % bound;
}

/* A word that means something somewhere: small, or that of another place. */
static uint32_t
draw_word(uint32_t *chance, const unsigned char *bytes, size_t words) {
    uint32_t opcode = 1 + draw(chance, 0x20), other = draw(chance, (uint32_t)words);
    switch (draw(chance, 5)) {
    case 0:
        return draw(chance, 8);
    case 1:
        return draw(chance, 64);
    case 2:
        return opcode | draw(chance, 4) << 8;
    case 3:
        return get_word(bytes, other);
    default:
        return UINT32_MAX - draw(chance, 3);
    }
}

/* The section that a word behind the header is of; none: the number of sections. */
static uint32_t
section_of(const unsigned char *bytes, size_t at) {
    size_t end = CNS_PROGRAM_HEADER;
    for (uint32_t i = 0; i < CNS_PROGRAM_SECTION_COUNT; i++) {
        end += get_word(bytes, HEADER_SECTIONS + i);
        if (at < end) {
            return i;
        }
    }
    return CNS_PROGRAM_SECTION_COUNT;
}

/* Takes a few words out, or puts some in: the header knows. */
static size_t
resize(unsigned char *bytes, size_t words, size_t most, uint32_t *chance) {
    size_t at = CNS_PROGRAM_HEADER + draw(chance, (uint32_t)(words - CNS_PROGRAM_HEADER));
    uint32_t section = section_of(bytes, at), count = 1 + draw(chance, 5);
    bool more = draw(chance, 2) == 0;
    if (section == CNS_PROGRAM_SECTION_COUNT) {
        return words;
    }
    uint32_t length = get_word(bytes, HEADER_SECTIONS + section);
    if (more && words + count <= most) {
        memmove(bytes + 4 * (at + count), bytes + 4 * at, 4 * (words - at));
        for (size_t i = at; i < at + count; i++) {
            put_word(bytes, i, draw_word(chance, bytes, words));
        }
        put_word(bytes, HEADER_SECTIONS + section, length + count);
        return words + count;
    }
    if (!more && count <= words - at && section_of(bytes, at + count - 1) == section) {
        memmove(bytes + 4 * at, bytes + 4 * (at + count), 4 * (words - at - count));
        put_word(bytes, HEADER_SECTIONS + section, length - count);
        return words - count;
    }
    return words;
}

/* Changes a few words. */
static size_t
change(unsigned char *bytes, size_t words, size_t most, uint32_t *chance) {
    for (uint32_t i = 1 + draw(chance, MOST_CHANGES); i > 0 && words > CNS_PROGRAM_HEADER; i--) {
        if (draw(chance, 4) == 0) {
            words = resize(bytes, words, most, chance);
        } else {
            uint32_t first = draw(chance, 32) == 0 ? HEADER_SECTIONS : CNS_PROGRAM_HEADER;
            size_t at = first + draw(chance, (uint32_t)words - first);
            put_word(bytes, at, draw_word(chance, bytes, words));
        }
    }
    return words;
}

static bool
is_accepted(unsigned char *bytes, size_t words) {
    cns_program program;
    if (words < CNS_PROGRAM_HEADER) {
        return false;
    }
    set_header(bytes, words);
    if (cns_program_load(&program, bytes, 4 * words) != NULL) {
        return false;
    }
    cns_program_end(&program);
    return true;
}

/* Changes a program, several times if need be, so that the loader takes some of what comes out. */
size_t
LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed) {
    static unsigned char before[4 * MOST_WORDS];
    uint32_t chance = seed;
    size_t words = size / 4, most_words = most / 4 < MOST_WORDS ? most / 4 : MOST_WORDS;
    if (words <= CNS_PROGRAM_HEADER || words > most_words || draw(&chance, 16) == 0) {
        return LLVMFuzzerMutate(bytes, size, most);
    }
    memcpy(before, bytes, 4 * words);
    size_t changed = change(bytes, words, most_words, &chance);
    for (int i = 0; i < ATTEMPTS && !is_accepted(bytes, changed); i++) {
        memcpy(bytes, before, 4 * words);
        changed = change(bytes, words, most_words, &chance);
    }
    return 4 * changed;
}
