/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a document in pieces and returns what came of it as text: terms with their bytes in
 * hexadecimal, counts, the fault. A library, and a program.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"

enum {
    QUADS = 1,
    LENIENT = 2
};

char *read_document(const char *data, size_t size, size_t first, size_t step, unsigned flags,
                    uint64_t most, const char *wanted);
void free_text(char *text);

typedef struct printer {
    FILE *out;
    const cns_terms *terms;
    uint64_t left; /* triples until it asks to stop */
} printer;

static void
print_text(FILE *out, const cns_entry *entry) {
    for (uint32_t i = 0; i < entry->length; i++) {
        fprintf(out, "%02X", (unsigned)(unsigned char)entry->text[i]);
    }
}

static void
print_term(const printer *to, uint32_t number) {
    const cns_entry *entry = &to->terms->entries[number];
    fprintf(to->out, " %u:", (unsigned)entry->kind);
    print_text(to->out, entry);
    if (entry->kind == CNS_KIND_BLANK) {
        fprintf(to->out, ":%u", (unsigned)entry->datatype);
    } else if (entry->kind == CNS_KIND_LITERAL) {
        putc(':', to->out);
        print_text(to->out, &to->terms->entries[entry->datatype]);
        putc(':', to->out);
        print_text(to->out, &to->terms->entries[entry->language]);
    }
}

/* A sink. */
static bool
print_triple(void *context, uint32_t subject, uint32_t predicate, uint32_t object, uint32_t graph,
             uint64_t line) {
    printer *to = context;
    fprintf(to->out, "triple %" PRIu64 " %u %u %u %u", line, (unsigned)subject,
            (unsigned)predicate, (unsigned)object, (unsigned)graph);
    print_term(to, subject);
    print_term(to, predicate);
    print_term(to, object);
    print_term(to, graph);
    putc('\n', to->out);
    return --to->left > 0;
}

static void
print_end(FILE *out, const cns_ntriples *reader, bool done) {
    const cns_ntriples_error *error = &reader->error;
    fprintf(out, "counts %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %u %d\n",
            reader->bytes, reader->lines, reader->triples, reader->kept, reader->malformed,
            (unsigned)reader->terms->count, done);
    if (error->line != 0) {
        fprintf(out, "error %" PRIu64 " %" PRIu64 " %d %" PRIu32 " %s\n", error->line,
                error->column, (int)error->fault, error->found, error->message);
    }
}

/* Marks the predicates, whose IRIs each end with a newline. */
static uint8_t *
mark(cns_terms *terms, const char *wanted, uint32_t *count) {
    uint8_t *marks = calloc(strlen(wanted) + 8, 1);
    for (const char *end; (end = strchr(wanted, '\n')) != NULL; wanted = end + 1) {
        cns_str iri = {wanted, (uint32_t)(end - wanted)};
        marks[cns_terms_add_iri(terms, iri)] = 1;
    }
    *count = terms->count + 1;
    return marks;
}

char *
read_document(const char *data, size_t size, size_t first, size_t step, unsigned flags,
              uint64_t most, const char *wanted) {
    char *text = NULL;
    size_t length;
    cns_terms terms;
    cns_ntriples reader;
    if (!cns_terms_begin(&terms, size)) {
        return NULL;
    }
    cns_ntriples_options options = {
        .scope = 7, .quads = (flags & QUADS) != 0, .lenient = (flags & LENIENT) != 0};
    uint8_t *marks = wanted != NULL ? mark(&terms, wanted, &options.wanted_count) : NULL;
    options.wanted = marks;
    printer to = {open_memstream(&text, &length), &terms, most};
    cns_ntriples_begin(&reader, &terms, print_triple, &to, &options);
    bool fed = feed_pieces(&reader, data, size, first, step);
    bool done = cns_ntriples_finish(&reader);
    if (done && !fed) {
        abort();
    }
    print_end(to.out, &reader, done);
    fclose(to.out);
    cns_terms_end(&terms);
    free(marks);
    return text;
}

void
free_text(char *text) {
    free(text);
}

/* reading FIRST STEP FLAGS MOST [WANTED] <DOCUMENT */
int
main(int count, char **words) {
    size_t size = 0, room = 1 << 16;
    char *data = malloc(room);
    if (count < 5 || data == NULL) {
        return 2;
    }
    for (size_t got; (got = fread(data + size, 1, room - size, stdin)) > 0;) {
        size += got;
        if (size == room) {
            data = realloc(data, room *= 2);
        }
    }
    char *text = read_document(data, size, strtoul(words[1], NULL, 10),
                               strtoul(words[2], NULL, 10), (unsigned)strtoul(words[3], NULL, 10),
                               strtoull(words[4], NULL, 10), count > 5 ? words[5] : NULL);
    fputs(text, stdout);
    free(text);
    free(data);
    return 0;
}
