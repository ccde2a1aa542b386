/* SPDX-License-Identifier: Apache-2.0 */
/* What libFuzzer makes of N-Triples and N-Quads, read whole, in pieces, and again as written. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/pieces.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t tried, accepted, triples;

typedef struct writer {
    FILE *out;
    const cns_terms *terms;
} writer;

static void
fail(const char *what) {
    fprintf(stderr, "failed: %s\n", what);
    abort();
}

#define REQUIRE(expression) ((expression) ? (void)0 : fail(#expression))

static void
report(void) {
    fprintf(stderr, "stat::accepted: %" PRIu64 " of %" PRIu64 "\nstat::triples: %" PRIu64 "\n",
            accepted, tried, triples);
}

/* Writes text with all but ASCII letters and digits as escapes. */
static void
write_escaped(FILE *out, const cns_entry *entry) {
    for (uint32_t i = 0; i < entry->length;) {
        uint32_t length = cns_character_length(entry->text + i, entry->length - i);
        REQUIRE(length > 0);
        uint32_t code = (unsigned char)entry->text[i] & (length > 1 ? 0x7Fu >> length : 0x7Fu);
        for (uint32_t j = 1; j < length; j++) {
            code = code << 6 | ((unsigned char)entry->text[i + j] & 0x3Fu);
        }
        bool plain = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z');
        fprintf(out, plain ? "%c" : "\\U%08X", (unsigned)code);
        i += length;
    }
}

static void
write_term(FILE *out, const cns_terms *terms, uint32_t number) {
    REQUIRE(number > 0 && number <= terms->count);
    const cns_entry *entry = &terms->entries[number];
    switch (entry->kind) {
    case CNS_KIND_IRI:
        putc('<', out);
        write_escaped(out, entry);
        putc('>', out);
        break;
    case CNS_KIND_BLANK:
        fprintf(out, "_:%.*s ", (int)entry->length, entry->text);
        break;
    default:
        REQUIRE(entry->kind == CNS_KIND_LITERAL);
        putc('"', out);
        write_escaped(out, entry);
        putc('"', out);
        if (entry->language != 0) {
            const cns_entry *tag = &terms->entries[entry->language];
            REQUIRE(tag->kind == CNS_ENTRY_TAG && entry->datatype == CNS_TERM_LANG_STRING);
            fprintf(out, "@%.*s", (int)tag->length, tag->text);
        } else {
            fputs("^^", out);
            REQUIRE(terms->entries[entry->datatype].kind == CNS_KIND_IRI);
            write_term(out, terms, entry->datatype);
        }
    }
}

/* A sink: writes N-Quads. */
static bool
write_triple(void *context, uint32_t subject, uint32_t predicate, uint32_t object, uint32_t graph,
             uint64_t line) {
    writer *to = context;
    (void)line;
    write_term(to->out, to->terms, subject);
    write_term(to->out, to->terms, predicate);
    write_term(to->out, to->terms, object);
    if (graph != 0) {
        write_term(to->out, to->terms, graph);
    }
    fputs(".\n", to->out);
    return true;
}

/* Reads in pieces; returns the triples, as text that is the caller's. */
static char *
read_pieces(cns_ntriples *reader, const char *data, size_t size, size_t step,
            cns_ntriples_options options) {
    char *text = NULL;
    size_t length;
    cns_terms terms;
    REQUIRE(cns_terms_begin(&terms, 1));
    writer to = {open_memstream(&text, &length), &terms};
    cns_ntriples_begin(reader, &terms, write_triple, &to, &options);
    bool fed = feed_pieces(reader, data, size, step, step);
    bool done = cns_ntriples_finish(reader);
    REQUIRE(fed || !done);
    REQUIRE(done == (reader->error.line == 0) || options.lenient);
    fclose(to.out);
    cns_terms_end(&terms);
    return text;
}

static bool
is_same_error(const cns_ntriples_error *a, const cns_ntriples_error *b) {
    return a->line == b->line && a->column == b->column && a->found == b->found &&
           a->fault == b->fault && a->message == b->message;
}

/* The first byte chooses how to read what follows. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    cns_ntriples whole, again;
    if (tried++ == 0) {
        atexit(report);
    }
    if (size == 0) {
        return 0;
    }
    cns_ntriples_options options = {.quads = (data[0] & 1) != 0, .lenient = (data[0] & 2) != 0};
    size_t step = 1 + (data[0] >> 2);
    const char *document = (const char *)data + 1;
    char *text = read_pieces(&whole, document, size - 1, size, options);
    char *pieces = read_pieces(&again, document, size - 1, step, options);
    REQUIRE(strcmp(text, pieces) == 0 && whole.lines == again.lines);
    REQUIRE(whole.kept == again.kept && whole.malformed == again.malformed);
    REQUIRE(is_same_error(&whole.error, &again.error));
    free(pieces);
    options = (cns_ntriples_options){.quads = true};
    char *twice = read_pieces(&again, text, strlen(text), size, options);
    REQUIRE(strcmp(text, twice) == 0 && again.kept == whole.kept);
    accepted += whole.malformed == 0;
    triples += whole.kept;
    free(text);
    free(twice);
    return 0;
}
