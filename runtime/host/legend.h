/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reports say of shapes: written where these were compiled, ready for each format. Texts for
 * people have nothing that moves the cursor; those for Turtle and JSON are escaped.
 */
#ifndef CNS_HOST_LEGEND_H
#define CNS_HOST_LEGEND_H

#include <stdint.h>

/* A check: a constraint of a shape, one of its components. */
typedef struct cns_legend_check {
    uint32_t group;    /* the first check of the same shape and component */
    uint32_t severity; /* in cns_legend.severities */
    const char *name;  /* of the component: sh:minCount */
    const char *path;  /* of the shape: ex:name; NULL for a node shape */
    const char *message;
    const char *place;       /* in the shapes: " (FILE:LINE:COLUMN)" */
    const char *turtle_path; /* NULL for a node shape */
    const char *turtle;      /* the properties of a result behind sh:value */
    const char *json_path;   /* null for a node shape */
    const char *json;        /* the members of a result behind "value" */
} cns_legend_check;

typedef struct cns_legend_shape {
    const char *name; /* ex:Person; NULL for a blank node */
    const char *path; /* of a property shape that is a blank node, else NULL */
    const char *json; /* a string */
} cns_legend_shape;

/* A severity; they are ordered, the worst first. */
typedef struct cns_legend_severity {
    const char *one;
    const char *several;
    uint32_t rank; /* 0 sh:Info, 1 sh:Warning, 2 sh:Violation and any other */
} cns_legend_severity;

/* What a waiver left out. */
typedef struct cns_legend_waiver {
    const char *text;
    const char *json; /* an object */
} cns_legend_waiver;

typedef struct cns_legend_prefix {
    const char *prefix;
    const char *iri;
} cns_legend_prefix;

typedef struct cns_legend {
    const cns_legend_check *checks; /* by number */
    const cns_legend_shape *shapes; /* by number */
    const cns_legend_severity *severities;
    const cns_legend_waiver *waivers;
    const cns_legend_prefix *prefixes; /* the longest IRI first */
    uint32_t severity_count;
    uint32_t waiver_count;
    uint32_t prefix_count;
} cns_legend;

#endif
