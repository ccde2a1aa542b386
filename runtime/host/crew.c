/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that share the focus nodes of all shapes, a stretch of them each in turn. */
#if defined(__unix__) || defined(__APPLE__)
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#define HAVE_POSIX_THREADS
#elif !defined(__STDC_NO_THREADS__)
#include <threads.h>
#define HAVE_C_THREADS
#endif

#include "crew.h"

#include <stdlib.h>
#include <string.h>

enum {
    STRETCH = 64, /* focus nodes that follow each other and are run by the same thread */
    MOST_THREADS = 1024
};

/* ---- Plans -------------------------------------------------------------------------------- */

static bool
has_target(const cns_program *program, uint32_t shape) {
    for (uint32_t i = 0; i < program->targets.length; i += CNS_TARGET_WORDS) {
        if (program->targets.at[i] == shape) {
            return true;
        }
    }
    return false;
}

static bool
append(cns_plan *plan, size_t used, cns_set nodes) {
    if (nodes.count > plan->capacity - used) {
        size_t grown = 2 * (used + nodes.count);
        uint32_t *moved = NULL;
        if (grown <= SIZE_MAX / sizeof *moved) {
            moved = realloc(plan->nodes, grown * sizeof *moved);
        }
        if (moved == NULL) {
            return false;
        }
        plan->nodes = moved;
        plan->capacity = grown;
    }
    if (nodes.count > 0) {
        memcpy(plan->nodes + used, nodes.at, nodes.count * sizeof *nodes.at);
    }
    return true;
}

bool
cns_plan_make(cns_plan *plan, cns_run *run) {
    memset(plan, 0, sizeof *plan);
    plan->shapes = cns_program_shapes(run->program);
    plan->starts = calloc((size_t)plan->shapes + 1, sizeof *plan->starts);
    bool made = plan->starts != NULL;
    for (uint32_t shape = 0; made && shape < plan->shapes; shape++) {
        size_t used = plan->starts[shape];
        cns_mark mark = cns_mark_free(run);
        cns_set nodes = {NULL, 0};
        if (has_target(run->program, shape)) {
            nodes = cns_targets(run, shape);
        }
        made = run->outcome == CNS_RUN_DONE && append(plan, used, nodes);
        plan->starts[shape + 1] = used + nodes.count;
        cns_release(run, mark);
    }
    if (!made) {
        cns_plan_end(plan);
    }
    return made;
}

void
cns_plan_end(cns_plan *plan) {
    free(plan->nodes);
    free(plan->starts);
    memset(plan, 0, sizeof *plan);
}

/* ---- Members of a crew -------------------------------------------------------------------- */

typedef struct member {
    cns_run run;
    const cns_plan *plan;
    uint32_t number;
    uint32_t members;
    bool started; /* as a thread */
#if defined(HAVE_POSIX_THREADS)
    pthread_t thread;
#elif defined(HAVE_C_THREADS)
    thrd_t thread;
#endif
} member;

/* Runs every so many'th stretch of the plan. */
static void
run_share(cns_run *run, const cns_plan *plan, uint32_t number, uint32_t members) {
    for (uint32_t shape = 0; shape < plan->shapes && !run->stopped; shape++) {
        for (size_t i = plan->starts[shape]; i < plan->starts[shape + 1] && !run->stopped; i++) {
            if (i / STRETCH % members == number) {
                run->focus_nodes++;
                (void)cns_run_shape(run, shape, plan->nodes[i]);
            }
        }
    }
}

#if defined(HAVE_POSIX_THREADS)
static void *
work(void *context) {
    member *one = context;
    run_share(&one->run, one->plan, one->number, one->members);
    return NULL;
}

/* Recursive shapes take some of the stack, and systems give threads as little as 128 KiB. */
enum {
    STACK_SIZE = 4 << 20
};

static bool
start(member *one) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    bool started = pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0 &&
                   pthread_create(&one->thread, &attributes, work, one) == 0;
    (void)pthread_attr_destroy(&attributes);
    return started;
}

static void
join(member *one) {
    (void)pthread_join(one->thread, NULL);
}
#elif defined(HAVE_C_THREADS)
static int
work(void *context) {
    member *one = context;
    run_share(&one->run, one->plan, one->number, one->members);
    return 0;
}

static bool
start(member *one) {
    return thrd_create(&one->thread, work, one) == thrd_success;
}

static void
join(member *one) {
    (void)thrd_join(one->thread, NULL);
}
#else
static bool
start(member *one) {
    (void)one;
    return false;
}

static void
join(member *one) {
    (void)one;
}
#endif

uint32_t
cns_crew_limit(void) {
#if defined(HAVE_POSIX_THREADS) || defined(HAVE_C_THREADS)
    return MOST_THREADS;
#else
    return 1;
#endif
}

/* ---- Merging ------------------------------------------------------------------------------ */

static void
fail(cns_run *run, cns_outcome outcome) {
    run->outcome = outcome;
    run->stopped = true;
}

/* Moves what one run found and counted behind that of another. */
static void
absorb(cns_run *run, const cns_run *from) {
    run->found += from->found;
    run->checked += from->checked;
    run->focus_nodes += from->focus_nodes;
    if (run->outcome == CNS_RUN_DONE && from->outcome != CNS_RUN_DONE) {
        fail(run, from->outcome);
    }
    if (from->finding_count == 0) {
        return;
    }
    size_t count = (size_t)run->finding_count + from->finding_count;
    cns_finding *moved = NULL;
    if (count < UINT32_MAX / 2 && count <= SIZE_MAX / sizeof *moved) {
        moved = realloc(run->findings, count * sizeof *moved);
    }
    if (moved == NULL) {
        fail(run, CNS_RUN_NO_MEMORY);
        return;
    }
    run->findings = moved;
    for (uint32_t i = 0; i < from->finding_count; i++) {
        cns_finding finding = from->findings[i];
        finding.parent += finding.parent != 0 ? run->finding_count : 0;
        moved[run->finding_count + i] = finding;
    }
    run->finding_count = (uint32_t)count;
    run->finding_capacity = (uint32_t)count;
}

/* Runs the plan with as many others as there is memory for; `run` is that of the first member. */
static void
run_together(cns_run *run, const cns_plan *plan, member *others, uint32_t count) {
    uint32_t begun = 0;
    while (begun < count &&
           cns_run_begin(&others[begun].run, run->program, run->graph, &run->options)) {
        begun++;
    }
    for (uint32_t i = 0; i < begun; i++) {
        others[i].plan = plan;
        others[i].number = i + 1;
        others[i].members = begun + 1;
        others[i].started = start(&others[i]);
    }
    run_share(run, plan, 0, begun + 1);
    for (uint32_t i = 0; i < begun; i++) {
        if (others[i].started) {
            join(&others[i]);
        } else {
            run_share(&others[i].run, plan, i + 1, begun + 1);
        }
        absorb(run, &others[i].run);
        cns_run_end(&others[i].run);
    }
}

void
cns_crew_run(cns_run *run, const cns_plan *plan, uint32_t threads) {
    size_t stretches = plan->starts[plan->shapes] / STRETCH + 1;
    uint32_t members = threads < stretches ? threads : (uint32_t)stretches;
    uint32_t count = members > 1 ? members - 1 : 0;
    member *others = count > 0 ? calloc(count, sizeof *others) : NULL;
    run_together(run, plan, others, others != NULL ? count : 0);
    free(others);
    if (run->outcome == CNS_RUN_DONE && !cns_run_sort(run)) {
        fail(run, CNS_RUN_NO_MEMORY);
    }
}
