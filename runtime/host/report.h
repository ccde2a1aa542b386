/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports of stand-alone validators. They say what those of cnsc validate say: the writers in
 * cns_build/graph/writers are the models.
 */
#ifndef CNS_HOST_REPORT_H
#define CNS_HOST_REPORT_H

#include "native.h"

#include <stdio.h>

/* Text that grows. */
typedef struct cns_buffer {
    char *at;
    size_t length;
    size_t capacity;
    bool full; /* memory is: text is missing */
} cns_buffer;

/* What there is to report. */
typedef struct cns_graph_report {
    const cns_legend *legend;
    const cns_graph *graph;
    const cns_program *program;
    const cns_finding *findings; /* in their order */
    uint32_t *first;   /* by 1 + finding, 0 being the report: 1 + its first detail, or 0 */
    uint32_t *next;    /* by finding: 1 + the next one of the same parent, or 0 */
    uint64_t *counts;  /* by severity */
    uint32_t count;    /* of findings */
    uint32_t targeted; /* shapes with targets */
    uint64_t found;    /* of these, those that are no details */
    uint64_t skipped;
    uint64_t triples;
    uint64_t inferred; /* triples that follow from these */
    uint64_t focus_nodes;
    uint64_t checked;     /* constraints, each over the values of a focus node */
    const size_t *starts; /* by shape: how many focus nodes those in front of it have */
    double read_seconds;
    double seconds;
    double infer_seconds; /* part of read_seconds */
    uint64_t most;        /* results that are written; of text, of each constraint of a shape */
    FILE *to;
    cns_buffer buffer;
} cns_graph_report;

/* Orders the findings by what they explain, and counts them. False where memory fails. */
bool cns_report_begin(cns_graph_report *report);
void cns_report_end(cns_graph_report *report);

/* Writes a report; `to` says whether that failed, but for `buffer.full`. */
typedef void (*cns_report_writer)(cns_graph_report *report);
void cns_report_text(cns_graph_report *report);
void cns_report_turtle(cns_graph_report *report);
void cns_report_json(cns_graph_report *report);

/* Whether a shape has targets, none of which selects a node. */
bool cns_report_unmatched(const cns_graph_report *report, uint32_t shape);

/* ---- Text --------------------------------------------------------------------------------- */

void cns_put_bytes(cns_buffer *buffer, const char *text, size_t length);
void cns_put_text(cns_buffer *buffer, const char *text);

/* Puts a term as N-Triples writes it, and an IRI as `ex:name` where a prefix fits. */
void cns_put_term(cns_graph_report *report, uint32_t term, bool shortened);

/* Puts a string in quotes, and an IRI in <> or by a prefix. */
void cns_put_quoted(cns_buffer *buffer, cns_str text);
void cns_put_iri(cns_graph_report *report, cns_str iri, bool shortened);

#endif
