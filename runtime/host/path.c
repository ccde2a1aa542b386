/* SPDX-License-Identifier: Apache-2.0 */
/* Paths: from a focus node to its value nodes, by sets of terms. Nothing here recurs. */
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum {
    SINGLE_LEVEL /* where the members of one set are told apart; repeated steps have the next ones
                  */
};

void
cns_forget_met(cns_run *run, uint32_t level) {
    if (++run->stamp[level] == 0) {
        memset(run->stamps[level], 0,
               ((size_t)run->graph->terms.count + 1) * sizeof *run->stamps[level]);
        run->stamp[level] = 1;
    }
}

static cns_set
step(const cns_graph *graph, uint32_t word, uint32_t term) {
    uint32_t predicate = cns_operand_of(word);
    return cns_opcode_of(word) == CNS_STEP_OUT ? cns_objects(graph, term, predicate)
                                               : cns_subjects(graph, predicate, term);
}

static const cns_set no_terms = {NULL, 0};

/* Room for the members of a set: no more than there are terms. */
static uint32_t *
take_set(cns_run *run, size_t most) {
    size_t terms = run->graph->terms.count;
    return cns_take(run, most < terms ? most : terms);
}

/* What one step leads to from all members of a set. */
static cns_set
step_all(cns_run *run, uint32_t word, cns_set from) {
    if (from.count == 0) {
        return no_terms;
    }
    if (from.count == 1) {
        return step(run->graph, word, from.at[0]);
    }
    size_t most = 0;
    for (uint32_t i = 0; i < from.count; i++) {
        most += step(run->graph, word, from.at[i]).count;
    }
    uint32_t *found = take_set(run, most);
    if (found == NULL) {
        return no_terms;
    }
    cns_forget_met(run, SINGLE_LEVEL);
    uint32_t count = 0;
    for (uint32_t i = 0; i < from.count; i++) {
        cns_set to = step(run->graph, word, from.at[i]);
        for (uint32_t j = 0; j < to.count; j++) {
            if (cns_meet(run, SINGLE_LEVEL, to.at[j])) {
                found[count++] = to.at[j];
            }
        }
    }
    const cns_set all = {found, count};
    return all;
}

static cns_set
join(cns_run *run, cns_set a, cns_set b) {
    if (a.count == 0 || b.count == 0) {
        return a.count == 0 ? b : a;
    }
    uint32_t *found = take_set(run, (size_t)a.count + b.count);
    if (found == NULL) {
        return no_terms;
    }
    cns_forget_met(run, SINGLE_LEVEL);
    memcpy(found, a.at, a.count * sizeof *found);
    uint32_t count = a.count;
    for (uint32_t i = 0; i < a.count; i++) {
        (void)cns_meet(run, SINGLE_LEVEL, a.at[i]);
    }
    for (uint32_t i = 0; i < b.count; i++) {
        if (cns_meet(run, SINGLE_LEVEL, b.at[i])) {
            found[count++] = b.at[i];
        }
    }
    const cns_set all = {found, count};
    return all;
}

/* A place where steps are repeated, and what they have reached so far. */
typedef struct repetition {
    uint32_t *terms; /* of which `count` are in use; space for all */
    uint32_t count;
    uint32_t taken; /* how many of them the steps were taken from */
    cns_mark mark;  /* what the steps take is given back before they are taken again */
} repetition;

/* Adds the members of a set that were not reached before. */
static void
reach(cns_run *run, repetition *now, uint32_t level, cns_set set) {
    for (uint32_t i = 0; i < set.count; i++) {
        if (cns_meet(run, level, set.at[i])) {
            now->terms[now->count++] = set.at[i];
        }
    }
}

/* The steps of a path while they are taken. */
typedef struct walk {
    cns_set *top; /* the upmost of the sets */
    repetition repeated[CNS_MAX_LEVELS];
    uint32_t level; /* of repetitions that are going on */
} walk;

static void
begin_repetition(cns_run *run, walk *now, bool with_start) {
    repetition *begun = &now->repeated[now->level++];
    begun->terms = run->reached[now->level];
    begun->count = 0;
    begun->taken = 0;
    begun->mark = cns_mark_free(run);
    cns_forget_met(run, now->level);
    if (with_start) {
        reach(run, begun, now->level, *now->top);
        begun->taken = begun->count;
    }
}

/* All that was reached, where it stays when the steps are repeated somewhere else. */
static cns_set
end_repetition(cns_run *run, const repetition *ended) {
    cns_set all = no_terms;
    uint32_t *kept = cns_take(run, ended->count);
    if (kept != NULL && ended->count > 0) {
        memcpy(kept, ended->terms, ended->count * sizeof *kept);
        all.at = kept;
        all.count = ended->count;
    }
    return all;
}

/* Takes the steps again from what is new, or ends with all that was reached; says which. */
static bool
goes_on(cns_run *run, walk *now) {
    repetition *begun = &now->repeated[now->level - 1];
    reach(run, begun, now->level, *now->top);
    cns_release(run, begun->mark);
    now->top->at = begun->terms + begun->taken;
    now->top->count = begun->count - begun->taken;
    if (now->top->count > 0) {
        begun->taken = begun->count;
        return true;
    }
    *now->top = end_repetition(run, begun);
    now->level--;
    return false;
}

static cns_set
walk_path(cns_run *run, const uint32_t *at, const uint32_t *end, walk *now) {
    for (; at < end && run->outcome == CNS_RUN_DONE; at++) {
        cns_set other;
        switch (cns_opcode_of(*at)) {
        case CNS_STEP_FORK:
            now->top[1] = now->top[0];
            now->top++;
            break;
        case CNS_STEP_SWAP:
            other = now->top[0];
            now->top[0] = now->top[-1];
            now->top[-1] = other;
            break;
        case CNS_STEP_JOIN:
            now->top--;
            *now->top = join(run, now->top[0], now->top[1]);
            break;
        case CNS_STEP_STAR:
        case CNS_STEP_PLUS:
            begin_repetition(run, now, cns_opcode_of(*at) == CNS_STEP_STAR);
            break;
        case CNS_STEP_AGAIN:
            if (goes_on(run, now)) {
                at -= cns_operand_of(*at) + 1;
            }
            break;
        default:
            *now->top = step_all(run, *at, *now->top);
            break;
        }
    }
    return *now->top;
}

cns_set
cns_follow(cns_run *run, uint32_t path, uint32_t focus) {
    const uint32_t *row = run->program->paths.at + 2 * (size_t)path;
    const uint32_t *steps = run->program->steps.at + row[0];
    if (row[1] == 1) { /* most paths are a predicate */
        return step(run->graph, steps[0], focus);
    }
    uint32_t *start = cns_take(run, 1);
    if (start == NULL) {
        return no_terms;
    }
    *start = focus;
    walk now;
    now.top = run->sets;
    now.top->at = start;
    now.top->count = 1;
    now.level = 0;
    return walk_path(run, steps, steps + row[1], &now);
}
