/* SPDX-License-Identifier: Apache-2.0 */
/* A gateway: charging sessions as lines of JSON come in; RDF and what violates the shapes go out.
 */
#include "charging.h"
#include "fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_LINE = 64 * 1024,
    WORDS = 4096, /* of memory for the structs of a line */
    VIOLATIONS = 16
};

typedef struct gateway {
    bool writes_rdf;
    arena memory;
    names known;
    unsigned long line;
    unsigned long refused;
} gateway;

/* Writes through to a file; the sink of cns_denote. */
static size_t
write_file(void *to, const char *text, size_t length) {
    return fwrite(text, 1, length, to);
}

static void
say_fault(const gateway *at, const fault *found) {
    fprintf(stderr, "line %lu, byte %u: ", at->line, (unsigned)found->at + 1);
    if (found->key.data != NULL) {
        fprintf(stderr, "%.*s: ", (int)found->key.length, found->key.data);
    }
    fprintf(stderr, "%s\n", found->why);
}

static void
say_violations(const gateway *at, const cns_result *result) {
    char line[256];
    for (uint16_t i = 0; i < result->count; i++) {
        cns_violation_format(&charging_model, &result->violations[i], line, sizeof line);
        fprintf(stderr, "line %lu: %s\n", at->line, line);
    }
    if (result->truncated > 0) {
        fprintf(stderr, "line %lu: and %u more\n", at->line, (unsigned)result->truncated);
    }
}

static bool
write_rdf(gateway *at, const void *record) {
    char label[24];
    snprintf(label, sizeof label, "l%lun", at->line); /* no two lines share a blank node */
    const cns_denoter how = {&charging_layout, names_iri, &at->known, label};
    return cns_denote(&how, CHARGING_LAYOUT_SESSION, record, write_file, stdout) == CNS_OK;
}

/* Checks a line; returns whether it conforms, and was written where that was asked for. */
static bool
check(gateway *at, char *text, size_t length) {
    static const fault too_long = {.why = "a line of more than 64 KiB"};
    cns_violation storage[VIOLATIONS];
    cns_result result;
    void *record = NULL;
    arena_clear(&at->memory);
    names_clear(&at->known);
    fault found = length > LONGEST_LINE ? too_long
                                        : fill(&charging_layout, CHARGING_LAYOUT_SESSION, text,
                                               (uint32_t)length, &at->memory, &at->known, &record);
    if (found.why != NULL) {
        say_fault(at, &found);
        return false;
    }
    cns_result_init(&result, storage, VIOLATIONS);
    if (charging_session_validate(record, &result) != CNS_OK) {
        fprintf(stderr, "line %lu: %s\n", at->line, cns_status_text((cns_status)result.status));
    }
    say_violations(at, &result);
    return result.conforms && (!at->writes_rdf || write_rdf(at, record));
}

/* Reads a line without its newline; *length is what it has, also beyond what there is space for.
 */
static bool
read_line(FILE *from, char *line, size_t *length) {
    int letter;
    *length = 0;
    while ((letter = getc(from)) != EOF && letter != '\n') {
        if (*length < LONGEST_LINE) {
            line[*length] = (char)letter;
        }
        (*length)++;
    }
    return letter != EOF || *length > 0;
}

int
main(int argc, char **argv) {
    static char line[LONGEST_LINE];
    gateway at = {.writes_rdf = argc == 2 && strcmp(argv[1], "--rdf") == 0};
    if (argc > 2 || (argc == 2 && !at.writes_rdf)) {
        fprintf(stderr, "usage: %s [--rdf] < sessions.jsonl\n", argv[0]);
        return 2;
    }
    at.memory = (arena){calloc(WORDS, sizeof(max_align_t)), WORDS, 0};
    at.known.first = charging_model.term_count + 1;
    if (at.memory.words == NULL) {
        return 2;
    }
    for (size_t length; read_line(stdin, line, &length);) {
        at.line++;
        if (length > 0 && !check(&at, line, length)) {
            at.refused++;
        }
    }
    names_clear(&at.known);
    free(at.memory.words);
    return at.refused > 0 || ferror(stdin) || fflush(stdout) != 0;
}
