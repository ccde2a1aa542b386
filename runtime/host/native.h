/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What generated shapes are written in: C that does what the code of a program says, constraint by
 * constraint and in the same order, with its numbers written into it.
 */
#ifndef CNS_HOST_NATIVE_H
#define CNS_HOST_NATIVE_H

#include "legend.h"
#include "run.h"

/*
 * The value nodes of a shape, as `values`: the objects or subjects of one predicate, what a longer
 * path leads to, or the focus node itself. `conforms` is the answer, until a constraint fails.
 */
#define CNS_FOCUS_ITSELF                                                                          \
    const cns_set values = {&focus, 1};                                                           \
    bool conforms = true;

#define CNS_OUT(predicate)                                                                        \
    const cns_set values = cns_objects(run->graph, focus, (predicate));                           \
    bool conforms = true;

#define CNS_BACK(predicate)                                                                       \
    const cns_set values = cns_subjects(run->graph, (predicate), focus);                          \
    bool conforms = true;

#define CNS_PATH(path)                                                                            \
    const cns_mark mark = cns_mark_free(run);                                                     \
    const cns_set values = cns_follow(run, (path), focus);                                        \
    bool conforms = true;

/* Ends a shape. */
#define CNS_END return conforms && run->outcome == CNS_RUN_DONE;

#define CNS_END_PATH                                                                              \
    cns_release(run, mark);                                                                       \
    CNS_END

/* Where a test has its answer, or the run is to stop, the shape ends. */
#define CNS_LEAVE(leave)                                                                          \
    if (run->testing != 0 || run->stopped) {                                                      \
        leave return false;                                                                       \
    }

#define CNS_KEEP
#define CNS_RELEASE cns_release(run, mark);

/* A constraint on the values as a whole. */
#define CNS_WHOLE(leave, check, holds)                                                            \
    if (!(holds)) {                                                                               \
        conforms = cns_fail(run, (check), focus, 0, 0);                                           \
        CNS_LEAVE(leave)                                                                          \
    }

/* A constraint on each `value`. */
#define CNS_EACH(leave, check, holds)                                                             \
    for (uint32_t at = 0; at < values.count; at++) {                                              \
        const uint32_t value = values.at[at];                                                     \
        if (!(holds)) {                                                                           \
            conforms = cns_fail(run, (check), focus, value, 0);                                   \
            CNS_LEAVE(leave)                                                                      \
        }                                                                                         \
    }

/* A constraint on each `value` that the shapes in the list explain. */
#define CNS_EACH_OF(leave, check, holds, ...)                                                     \
    for (uint32_t at = 0; at < values.count; at++) {                                              \
        static const uint32_t explaining[] = {__VA_ARGS__};                                       \
        const uint32_t value = values.at[at];                                                     \
        if (!(holds)) {                                                                           \
            conforms = cns_fail(run, (check), focus, value, 0);                                   \
            cns_explain(run, explaining, sizeof explaining / sizeof explaining[0], value);        \
            CNS_LEAVE(leave)                                                                      \
        }                                                                                         \
    }

/* The property shape of a number, for each value. */
#define CNS_PROPERTY(leave, number)                                                               \
    for (uint32_t at = 0; at < values.count; at++) {                                              \
        conforms = shape_##number(run, values.at[at]) && conforms;                                \
        if (run->stopped || (!conforms && run->testing != 0)) {                                   \
            leave return false;                                                                   \
        }                                                                                         \
    }

/* A constraint that the runtime knows. */
#define CNS_CONSTRAINT(leave, opcode, number, ...)                                                \
    {                                                                                             \
        static const uint32_t operands[] = {__VA_ARGS__};                                         \
        const cns_call call = {number, focus, values, operands + 1,                               \
                               sizeof operands / sizeof operands[0] - 1};                         \
        if (!cns_run_constraint(run, CNS_CONSTRAINT_##opcode, &call)) {                           \
            conforms = false;                                                                     \
            CNS_LEAVE(leave)                                                                      \
        }                                                                                         \
    }

/* Whether the set of terms that ascend has the value. */
static inline bool
cns_is_in(const uint32_t *terms, uint32_t count, uint32_t value) {
    const cns_set set = {terms, count};
    return cns_set_has(set, value);
}

/* A validator: a program, its shapes in C, by number, and what reports say of them. */
typedef struct cns_validator {
    const void *program; /* aligned as words are */
    size_t size;
    const cns_native_shape *shapes;
    uint32_t recursion;       /* nested calls of recursive shapes, at most */
    const cns_legend *legend; /* NULL where others write reports */
} cns_validator;

#endif
