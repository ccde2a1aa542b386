/* SPDX-License-Identifier: Apache-2.0 */
/* Files of data: mapped into memory where the system can, else read in chunks. */
#if defined(__unix__) || defined(__APPLE__)
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define HAVE_MAPPING
#endif

#include "input.h"
#include "ntriples.h"
#include "turtle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef CNS_WITH_ZLIB
#include <zlib.h>
#endif

enum {
    CHUNK = 1 << 18
};

/* Says what is wrong with a file as a whole. Always false. */
static bool
complain(const char *file, const char *what) {
    (void)fprintf(stderr, "%s: error: %s\n", file, what);
    return false;
}

static bool
out_of_memory(const char *file) {
    return complain(file, "memory is full: read less");
}

/* ---- N-Triples and N-Quads ---------------------------------------------------------------- */

static bool
take(void *context, uint32_t subject, uint32_t predicate, uint32_t object, uint32_t graph,
     uint64_t line) {
    (void)graph;
    (void)line;
    return cns_graph_add(context, subject, predicate, object);
}

static void
begin(cns_ntriples *reader, const cns_input *input, bool quads) {
    cns_graph *graph = input->graph;
    cns_ntriples_options options;
    memset(&options, 0, sizeof options);
    options.wanted = graph->wanted[0] != 0 ? NULL : graph->wanted;
    options.wanted_count = cns_program_terms(graph->program) + 1;
    options.scope = input->scope;
    options.quads = quads;
    options.lenient = input->lenient;
    cns_ntriples_begin(reader, &graph->terms, take, graph, &options);
}

static void
say_found(uint32_t found) {
    if (found == CNS_FOUND_BYTES) {
        (void)fputs("found bytes that are no UTF-8", stderr);
    } else if (found == CNS_FOUND_LINE_END) {
        (void)fputs("found the end of the line", stderr);
    } else if (found > 0x20 && found < 0x7F) {
        (void)fprintf(stderr, "found '%c'", (int)found);
    } else {
        (void)fprintf(stderr, "found U+%04X", (unsigned)found);
    }
}

/* Ends the reading; `fed` says whether all was fed. */
static bool
finish(cns_ntriples *reader, cns_input *input, const char *file, bool fed) {
    bool fine = cns_ntriples_finish(reader) && fed;
    const cns_ntriples_error *error = &reader->error;
    input->triples += reader->triples;
    input->skipped += reader->malformed;
    if (fine) {
        return true;
    }
    bool full = error->fault == CNS_NTRIPLES_NO_MEMORY || error->fault == CNS_NTRIPLES_STOPPED;
    if (error->line == 0 || full) {
        return out_of_memory(file);
    }
    (void)fprintf(stderr, "%s:%llu:%llu: error: ", file, (unsigned long long)error->line,
                  (unsigned long long)error->column);
    say_found(error->found);
    (void)fprintf(stderr, ", %s\n", error->message);
    return false;
}

/* Ends the reading of a file that does not end where it should; what is wrong with it is known. */
static bool
cut_off(cns_ntriples *reader, const char *file, const char *what) {
    (void)cns_ntriples_finish(reader);
    return complain(file, what);
}

static bool
read_stream(cns_input *input, const char *file, FILE *stream, bool quads) {
    char *chunk = malloc(CHUNK);
    if (chunk == NULL) {
        return out_of_memory(file);
    }
    cns_ntriples reader;
    begin(&reader, input, quads);
    bool fed = true;
    size_t size = fread(chunk, 1, CHUNK, stream);
    while (fed && size > 0) {
        fed = cns_ntriples_feed(&reader, chunk, size);
        size = fread(chunk, 1, CHUNK, stream);
    }
    free(chunk);
    if (fed && ferror(stream) != 0) {
        return cut_off(&reader, file, "cannot be read to its end");
    }
    return finish(&reader, input, file, fed);
}

#ifdef HAVE_MAPPING
/* Reads a regular file where it lies. False where it cannot be mapped; then nothing was read. */
static bool
read_mapped(cns_input *input, const char *file, FILE *stream, bool quads, bool *read) {
    struct stat about;
    int descriptor = fileno(stream);
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= 0 ||
        (uintmax_t)about.st_size > SIZE_MAX) {
        return false;
    }
    size_t size = (size_t)about.st_size;
    void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data == MAP_FAILED) {
        return false;
    }
    cns_ntriples reader;
    begin(&reader, input, quads);
    bool fed = cns_ntriples_feed(&reader, data, size);
    *read = finish(&reader, input, file, fed);
    (void)munmap(data, size);
    return true;
}
#else
static bool
read_mapped(cns_input *input, const char *file, FILE *stream, bool quads, bool *read) {
    (void)input;
    (void)file;
    (void)stream;
    (void)quads;
    (void)read;
    return false;
}
#endif

static bool
read_lines(cns_input *input, const char *file, FILE *stream, bool quads) {
    bool read = false;
    return read_mapped(input, file, stream, quads, &read)
               ? read
               : read_stream(input, file, stream, quads);
}

/* ---- gzip --------------------------------------------------------------------------------- */

#ifdef CNS_WITH_ZLIB
static bool
read_compressed(cns_input *input, const char *file, bool quads) {
    gzFile stream = gzopen(file, "rb");
    char *chunk = malloc(CHUNK);
    if (stream == NULL || chunk == NULL) {
        free(chunk);
        (void)(stream != NULL ? gzclose(stream) : Z_OK);
        return complain(file, stream == NULL ? strerror(errno) : "memory is full: read less");
    }
    cns_ntriples reader;
    begin(&reader, input, quads);
    bool fed = true;
    int size = gzread(stream, chunk, CHUNK);
    while (fed && size > 0) {
        fed = cns_ntriples_feed(&reader, chunk, (size_t)size);
        size = gzread(stream, chunk, CHUNK);
    }
    free(chunk);
    bool whole = gzclose(stream) == Z_OK && size == 0;
    if (fed && !whole) {
        return cut_off(&reader, file, "is damaged or cut off: expected gzip to its end");
    }
    return finish(&reader, input, file, fed);
}
#else
static bool
read_compressed(cns_input *input, const char *file, bool quads) {
    (void)input;
    (void)quads;
    return complain(file, "this program was built without zlib: build it where zlib is installed, "
                          "or give it what gzip -dc prints, on the standard input");
}
#endif

/* ---- Formats ------------------------------------------------------------------------------ */

static bool
ends_with(const char *text, size_t length, const char *end) {
    size_t size = strlen(end);
    return length >= size && memcmp(text + length - size, end, size) == 0;
}

static bool
read_opened(cns_input *input, const char *file) {
    size_t length = strlen(file);
    FILE *stream = fopen(file, "rb");
    if (stream == NULL) {
        return complain(file, strerror(errno));
    }
    bool read = ends_with(file, length, ".ttl") || ends_with(file, length, ".turtle")
                    ? cns_turtle_read(input, file, stream)
                    : read_lines(input, file, stream, !ends_with(file, length, ".nt"));
    (void)fclose(stream);
    return read;
}

/* Whether the name says that a file is RDF in a format which nothing here reads. */
static bool
is_foreign(const char *file, size_t length) {
    static const char *const ends[] = {".rdf",  ".owl",  ".xml",    ".jsonld",
                                       ".json", ".trig", ".n3",     ".trix",
                                       ".hext", ".zst",  ".ttl.gz", ".turtle.gz"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (ends_with(file, length, ends[i])) {
            return true;
        }
    }
    return false;
}

bool
cns_input_read(cns_input *input, const char *file) {
    size_t length = strlen(file);
    input->scope++;
    if (strcmp(file, "-") == 0) {
        return read_lines(input, "<stdin>", stdin, true);
    }
    if (is_foreign(file, length)) {
        return complain(file,
                        "expected N-Triples, N-Quads or Turtle: convert the file, or pass it "
                        "to cnsc validate, which reads all formats");
    }
    if (ends_with(file, length, ".gz")) {
        return read_compressed(input, file, !ends_with(file, length, ".nt.gz"));
    }
    return read_opened(input, file);
}
