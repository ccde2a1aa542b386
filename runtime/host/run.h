/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs: a program over a graph. A run has what changes meanwhile, so that several threads may each
 * have one over the same graph.
 *
 * A shape is run over a focus node in one of two ways: reporting, where all results are kept, or
 * testing, where the first violation answers.
 */
#ifndef CNS_HOST_RUN_H
#define CNS_HOST_RUN_H

#include "graph.h"
#include "literal.h"

/* A result. Numbers are those of terms, and 0 where there is none. */
typedef struct cns_finding {
    uint32_t check;
    uint32_t focus;
    uint32_t value;
    uint32_t path;   /* the predicate that a closed shape does not allow; else that of the shape */
    uint32_t parent; /* 1 + the finding that this one explains, or 0 */
} cns_finding;

/* How a run ended. */
typedef enum cns_outcome {
    CNS_RUN_DONE,
    CNS_RUN_NO_MEMORY,
    CNS_RUN_TOO_DEEP, /* more nested calls of recursive shapes than allowed */
    CNS_RUN_REFUSED   /* by the host */
} cns_outcome;

struct cns_run;

/* A constraint of the host: reports with cns_fail; false where one was reported. */
typedef bool (*cns_host_check)(void *context, struct cns_run *run, uint32_t number, uint32_t check,
                               uint32_t focus, cns_set values);

/* A shape in C: returns whether the focus node conforms. */
typedef bool (*cns_native_shape)(struct cns_run *run, uint32_t focus);

/* The most explanations inside each other: nobody reads deeper, and each takes some of the stack.
 */
#define CNS_MAX_DETAIL 100u

/* What a run may do. */
typedef struct cns_run_options {
    uint32_t most;      /* results that are kept; all are counted. 0: any number */
    uint32_t recursion; /* nested calls of recursive shapes, at most */
    bool first;         /* stop at the first result */
    bool detail;        /* explain violations of sh:node, sh:and, sh:or, sh:xone: CNS_MAX_DETAIL */
    cns_host_check host;
    void *context;
    const cns_native_shape *shapes; /* by number, in place of the code; or NULL */
} cns_run_options;

/* A part of the scratch memory. */
typedef struct cns_block {
    struct cns_block *next;
    size_t size; /* of `words` */
    uint32_t words[];
} cns_block;

/* Where scratch memory is free from. */
typedef struct cns_mark {
    cns_block *block;
    size_t used;
} cns_mark;

/* The terms at one end of triples, by predicate; found when a target first asks. */
typedef struct cns_ends {
    uint32_t *starts; /* by term of the program: where those of a predicate begin */
    uint32_t *terms;
} cns_ends;

/* A recursive shape that is being run. */
typedef struct cns_frame {
    const struct cns_frame *outer;
    uint32_t shape;
    uint32_t focus;
} cns_frame;

typedef struct cns_run {
    const cns_program *program;
    const cns_graph *graph;
    cns_run_options options;
    cns_finding *findings;
    uint32_t finding_count;
    uint32_t finding_capacity;
    uint64_t found;       /* results, those that are not kept among them */
    uint64_t checked;     /* constraints that were run over a focus node */
    uint64_t focus_nodes; /* that shapes were run over */
    cns_outcome outcome;

    bool kept;           /* the last result that is no detail */
    uint32_t testing;    /* shapes that are being run for their answer */
    uint32_t parent;     /* 1 + the finding that others explain now, or 0 */
    uint32_t explaining; /* explanations inside each other, now */
    bool stopped;
    uint32_t depth; /* nested calls of recursive shapes */
    const cns_frame *frame;

    cns_block *blocks; /* of scratch memory, the first one */
    cns_mark free;
    cns_set *sets;         /* of a path, with space for all that it holds at once */
    uint32_t **stamps;     /* by level, then by term: when it was last met */
    uint32_t *stamp;       /* by level: now */
    uint32_t **reached;    /* by level: what repeated steps led to, with space for all terms */
    cns_ends ends[2];      /* of triples: subjects, and objects */
    cns_literal *literals; /* by term; those that were read */
    uint8_t *literal_state;
    uint8_t *datatypes; /* by term: 1 + the cns_datatype that it names */
} cns_run;

/* False where memory fails; then there is nothing to end. */
bool cns_run_begin(cns_run *run, const cns_program *program, const cns_graph *graph,
                   const cns_run_options *options);
void cns_run_end(cns_run *run);

/* Runs a shape over a focus node, and returns whether it conforms. */
bool cns_run_shape(cns_run *run, uint32_t shape, uint32_t focus);

/* Whether a node conforms to a shape: reports nothing. */
bool cns_conforms(cns_run *run, uint32_t shape, uint32_t node);

/* Reports a violation, or answers where that is all that is asked for. Always false. */
bool cns_fail(cns_run *run, uint32_t check, uint32_t focus, uint32_t value, uint32_t path);

/* Explains the last violation, if that is asked for: why a value does not conform to shapes. */
void cns_explain(cns_run *run, const uint32_t *shapes, uint32_t count, uint32_t value);

/* The focus nodes of a shape, each once; in scratch memory. */
cns_set cns_targets(cns_run *run, uint32_t shape);

/* Runs all shapes over what their targets select. */
void cns_run_targets(cns_run *run);

/* Brings findings in the order of shape, focus, path, component and value. */
bool cns_run_sort(cns_run *run);

/* ---- Scratch memory ----------------------------------------------------------------------- */

/* `count` words, or NULL where memory fails: then the run's outcome says so. */
uint32_t *cns_take(cns_run *run, size_t count);

static inline cns_mark
cns_mark_free(const cns_run *run) {
    return run->free;
}

/* Gives back all that was taken since. */
static inline void
cns_release(cns_run *run, cns_mark mark) {
    run->free = mark;
}

/* ---- Paths -------------------------------------------------------------------------------- */

/* The value nodes of a path, each once: a part of the graph, or in scratch memory. */
cns_set cns_follow(cns_run *run, uint32_t path, uint32_t focus);

/* Says that terms are met anew on a level; how many were met before is forgotten. */
void cns_forget_met(cns_run *run, uint32_t level);

/* Whether a term was not met on a level since, and now is. */
static inline bool
cns_meet(cns_run *run, uint32_t level, uint32_t term) {
    uint32_t *stamp = &run->stamps[level][term];
    if (*stamp == run->stamp[level]) {
        return false;
    }
    *stamp = run->stamp[level];
    return true;
}

static inline bool
cns_was_met(const cns_run *run, uint32_t level, uint32_t term) {
    return run->stamps[level][term] == run->stamp[level];
}

/* ---- Values ------------------------------------------------------------------------------- */

static inline const cns_entry *
cns_entry_of(const cns_run *run, uint32_t term) {
    return &run->graph->terms.entries[term];
}

/* The literal that a term is, read once. */
const cns_literal *cns_literal_of(cns_run *run, uint32_t term);

static inline bool
cns_is_kind(const cns_run *run, uint32_t value, uint32_t kinds) {
    return (cns_entry_of(run, value)->kind & kinds) != 0;
}

static inline bool
cns_has_datatype(cns_run *run, uint32_t value, uint32_t datatype) {
    const cns_entry *entry = cns_entry_of(run, value);
    return entry->kind == CNS_KIND_LITERAL && entry->datatype == datatype &&
           cns_literal_of(run, value)->well_typed;
}

static inline bool
cns_is_a(const cns_run *run, uint32_t value, uint32_t queried) {
    return !cns_is_kind(run, value, CNS_KIND_LITERAL) &&
           cns_is_instance(run->graph, value, queried);
}

/* The order of two terms; anything but a literal is unordered. */
cns_order cns_compare(cns_run *run, uint32_t a, uint32_t b);

/* Whether a term is a literal whose value is in the value space of a datatype, which is a term. */
bool cns_is_value_of(cns_run *run, uint32_t value, uint32_t datatype);

/* Whether two terms are the same, or literals of the same value. */
bool cns_is_same_value(cns_run *run, uint32_t a, uint32_t b);

bool cns_has_length(const cns_run *run, uint32_t value, uint32_t least, uint32_t most);
bool cns_matches(const cns_run *run, uint32_t value, uint32_t pattern);
bool cns_has_language(const cns_run *run, uint32_t value, const uint32_t *ranges, uint32_t count);

/* ---- Constraints -------------------------------------------------------------------------- */

/* What constraints are given. */
typedef struct cns_call {
    uint32_t check;
    uint32_t focus;
    cns_set values;
    const uint32_t *operands;
    uint32_t operand_count;
} cns_call;

/* Runs one constraint; returns whether all values are as it says. */
bool cns_run_constraint(cns_run *run, uint32_t opcode, const cns_call *call);

#endif
