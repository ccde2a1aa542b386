/* SPDX-License-Identifier: Apache-2.0 */
/* Reads N-Triples 1.1 and N-Quads 1.1, in pieces of any size. */
#ifndef CNS_HOST_NTRIPLES_H
#define CNS_HOST_NTRIPLES_H

#include "terms.h"

/* What ends the reading or, but for the first two, is wrong in a line: what to expect or to do. */
#define CNS_NTRIPLES_FAULTS(X)                                                                    \
    X(NO_MEMORY, "memory is full: read less, or name the predicates that are wanted")             \
    X(STOPPED, "whoever takes the triples asked to stop")                                         \
    X(UTF8, "expected UTF-8: convert the file")                                                   \
    X(MARK, "expected a triple, not a byte order mark: save the file as UTF-8 without one")       \
    X(SUBJECT, "expected a subject: an IRI in <> or a blank node such as _:a")                    \
    X(PREDICATE, "expected a predicate: an IRI in <>, in full")                                   \
    X(OBJECT, "expected an object: an IRI in <>, a blank node such as _:a, or a literal in \"\"") \
    X(DOT, "expected a dot: end the triple with one; a fourth term needs N-Quads")                \
    X(GRAPH, "expected a dot or the name of a graph: an IRI in <> or a blank node such as _:a")   \
    X(LAST_DOT, "expected a dot: end the line with one behind the name of its graph")             \
    X(LINE_END, "expected the end of the line: begin another line for what follows")              \
    X(IRI_CHARACTER, "expected no such character in an IRI: write it as % and its hexadecimal")   \
    X(IRI_OPEN, "expected > before the end of the line: close the IRI")                           \
    X(IRI_ESCAPE, "expected \\u or \\U: no other escape stands in an IRI")                        \
    X(SCHEME, "expected a scheme such as http: – write the IRI in full")                          \
    X(STRING_OPEN, "expected \" before the end of the line: close the literal, write \\n in it")  \
    X(ESCAPE, "expected one of tbnrfuU\"'\\ behind a backslash: write \\\\ for one")              \
    X(HEXADECIMAL, "expected a hexadecimal digit: \\u takes four of them, \\U eight")             \
    X(CODE_POINT, "expected a code point, no surrogate: write \\U0001F600, not \\uD83D\\uDE00")   \
    X(LABEL, "expected a letter, digit, _ or : behind _: as the label of a blank node")           \
    X(TAG, "expected a language tag behind @: letters, then - and letters or digits")             \
    X(DATATYPE, "expected the IRI of a datatype in <> behind ^^")                                 \
    X(TOO_LONG, "expected a term of less than 4 GiB")

typedef enum cns_ntriples_fault {
    CNS_NTRIPLES_OK,
#define CNS_X(name, text) CNS_NTRIPLES_##name,
    CNS_NTRIPLES_FAULTS(CNS_X)
#undef CNS_X
} cns_ntriples_fault;

/* The code points that a fault is found at when there is none: no UTF-8, or the end of a line. */
#define CNS_FOUND_BYTES UINT32_MAX
#define CNS_FOUND_LINE_END (UINT32_MAX - 1)

/* The first fault. Lines and columns count from 1, columns in code points. */
typedef struct cns_ntriples_error {
    uint64_t line; /* 0: there is none */
    uint64_t column;
    const char *message; /* what was expected, and what to do */
    uint32_t found;      /* a code point, or one of the above */
    cns_ntriples_fault fault;
} cns_ntriples_error;

/*
 * Takes a triple, as numbers of terms; graph 0 is the default graph. Triples come in the order of
 * their lines, some at once, and none later than the call that feeds its line. False stops the
 * reading; terms of some lines that follow may be there already.
 */
typedef bool (*cns_ntriples_sink)(void *context, uint32_t subject, uint32_t predicate,
                                  uint32_t object, uint32_t graph, uint64_t line);

typedef struct cns_ntriples_options {
    const uint8_t *wanted; /* by number of a predicate: whether to keep its triples; NULL: all */
    uint32_t wanted_count; /* numbers from here on are not wanted */
    uint32_t scope;        /* of blank nodes */
    bool quads;            /* read N-Quads */
    bool lenient;          /* count malformed lines, and go on */
    bool escaped; /* accept any character in an IRI that is escaped: another parser had it */
} cns_ntriples_options;

enum {
    CNS_NTRIPLES_BATCH = 16,
    CNS_NTRIPLES_LIKELY = 64
};

/* A triple that was read and not handed on yet. */
typedef struct cns_ntriples_pending {
    uint64_t line;
    uint32_t predicate; /* its number */
    uint32_t subject;   /* places among the wanted terms */
    uint32_t object;
    uint32_t graph; /* or UINT32_MAX */
} cns_ntriples_pending;

/* A reader. Who has begun it may read `error` and the counts at any time, also when finished. */
typedef struct cns_ntriples {
    cns_ntriples_error error;
    uint64_t bytes;     /* that were fed */
    uint64_t lines;     /* that were read, empty and malformed ones among them */
    uint64_t triples;   /* well-formed ones, wanted or not */
    uint64_t kept;      /* given to the sink */
    uint64_t malformed; /* lines */

    /* The rest is the reader's own. */
    cns_ntriples_options options;
    cns_terms *terms;
    cns_ntriples_sink sink;
    void *context;
    const char *line_start;
    const char *end;          /* of the lines at hand: behind the end of a line */
    cns_ntriples_fault fault; /* of the line at hand, at a place in it */
    const char *fault_at;
    char *partial; /* the start of a line whose end was not fed yet */
    size_t partial_length;
    size_t partial_capacity;
    char *unescaped; /* the terms of a line that have escapes */
    size_t unescaped_length;
    size_t unescaped_capacity;
    cns_ntriples_pending pending[CNS_NTRIPLES_BATCH];
    uint32_t pending_count;
    cns_terms_wanted wanted[3 * CNS_NTRIPLES_BATCH]; /* terms of pending triples */
    uint32_t wanted_count;

    /* Terms that are likely to come again. */
    cns_entry subject;       /* the last one; of kind 0: none */
    uint32_t subject_number; /* or 0, and its place */
    uint32_t subject_place;
    uint32_t graph; /* numbers, or 0 */
    uint32_t language;
    uint32_t predicate;
    uint32_t followers[CNS_NTRIPLES_LIKELY]; /* by predicate, modulo: which one came next */
    uint32_t datatypes[CNS_NTRIPLES_LIKELY]; /* the same: of its last value */
    bool after_return; /* a newline that comes next belongs to a carriage return */
    bool stopped;
} cns_ntriples;

/*
 * Begins to read. `terms` and `options->wanted` stay with the caller, and both are used until the
 * reader is finished; what is not wanted is checked and counted, but its terms are not added. No
 * term of a malformed line is added either. `options` may be NULL.
 */
void cns_ntriples_begin(cns_ntriples *reader, cns_terms *terms, cns_ntriples_sink sink,
                        void *context, const cns_ntriples_options *options);

/*
 * Reads the next bytes; where they end does not matter, and whole lines are not copied. False once
 * the reader has stopped: `error` says why.
 */
bool cns_ntriples_feed(cns_ntriples *reader, const char *data, size_t size);

/* Reads a last line without an end and frees all memory, also when the reader has stopped. */
bool cns_ntriples_finish(cns_ntriples *reader);

#endif
