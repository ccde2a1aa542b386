/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the shapes of a program over their focus nodes, on several threads where there are some. */
#ifndef CNS_HOST_CREW_H
#define CNS_HOST_CREW_H

#include "run.h"

/* Focus nodes, shape by shape: those of shape s are from starts[s] to starts[s + 1]. */
typedef struct cns_plan {
    uint32_t *nodes;
    size_t *starts;
    uint32_t shapes;
    size_t capacity;
} cns_plan;

/* Finds what the targets of all shapes select. False where memory fails. */
bool cns_plan_make(cns_plan *plan, cns_run *run);

/* Frees all memory; also after a failure. */
void cns_plan_end(cns_plan *plan);

/*
 * Runs a plan on a number of threads, each of which has a run of its own. `run` ends with all
 * findings, in their order, and with what was counted. Whatever the number, the result is the
 * same.
 */
void cns_crew_run(cns_run *run, const cns_plan *plan, uint32_t threads);

/* The most threads that there can be: 1 where this system has none. */
uint32_t cns_crew_limit(void);

#endif
