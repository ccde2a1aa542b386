/* SPDX-License-Identifier: Apache-2.0 */
/* The constraints of SHACL Core, each over the value nodes of one focus node (SHACL 4). */
#include <stdlib.h>
#include <string.h>

#include "run.h"

/* Fails for each value of which the condition does not hold, and then does something about it;
   ends at the first in a test. */
#define EACH_FAILING(value, holds, then)                                                          \
    do {                                                                                          \
        bool all = true;                                                                          \
        for (uint32_t each = 0; each < call->values.count; each++) {                              \
            const uint32_t value = call->values.at[each];                                         \
            if (!(holds)) {                                                                       \
                all = cns_fail(run, call->check, call->focus, value, 0);                          \
                then;                                                                             \
                if (run->testing != 0 || run->stopped) {                                          \
                    return false;                                                                 \
                }                                                                                 \
            }                                                                                     \
        }                                                                                         \
        return all;                                                                               \
    } while (0)

#define EACH_VALUE(value, holds) EACH_FAILING(value, holds, (void)0)

/* Fails as a whole, with no value, unless the condition holds. */
#define WHOLE(holds) return (holds) || cns_fail(run, call->check, call->focus, 0, 0)

/* ---- Values one by one -------------------------------------------------------------------- */

static bool
check_class(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_is_a(run, value, call->operands[0]));
}

static bool
check_datatype(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_has_datatype(run, value, call->operands[0]));
}

static bool
check_node_kind(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_is_kind(run, value, call->operands[0]));
}

static bool
check_min_exclusive(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_is_more(cns_compare(run, value, call->operands[0])));
}

static bool
check_min_inclusive(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_is_at_least(cns_compare(run, value, call->operands[0])));
}

static bool
check_max_exclusive(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_is_less(cns_compare(run, value, call->operands[0])));
}

static bool
check_max_inclusive(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_is_at_most(cns_compare(run, value, call->operands[0])));
}

static bool
check_min_length(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_has_length(run, value, call->operands[0], UINT32_MAX));
}

static bool
check_max_length(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_has_length(run, value, 0, call->operands[0]));
}

static bool
check_pattern(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_matches(run, value, call->operands[0]));
}

static bool
check_language_in(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_has_language(run, value, call->operands, call->operand_count));
}

static bool
check_in(cns_run *run, const cns_call *call) {
    const cns_set allowed = {call->operands, call->operand_count};
    EACH_VALUE(value, cns_set_has(allowed, value));
}

static bool
check_value_space(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, cns_is_value_of(run, value, call->operands[0]));
}

/* ---- All values together ------------------------------------------------------------------ */

static bool
check_min_count(cns_run *run, const cns_call *call) {
    WHOLE(call->values.count >= call->operands[0]);
}

static bool
check_max_count(cns_run *run, const cns_call *call) {
    WHOLE(call->values.count <= call->operands[0]);
}

/* How many of the values are different, up to `enough`; 0 where memory fails. */
static uint32_t
count_different(cns_run *run, cns_set values, uint32_t enough) {
    cns_mark mark = cns_mark_free(run);
    uint32_t *found = cns_take(run, enough);
    uint32_t count = 0;
    for (uint32_t i = 0; found != NULL && i < values.count && count < enough; i++) {
        uint32_t j = 0;
        while (j < count && !cns_is_same_value(run, found[j], values.at[i])) {
            j++;
        }
        found[j] = values.at[i];
        count += j == count;
    }
    cns_release(run, mark);
    return count;
}

static bool
check_max_values(cns_run *run, const cns_call *call) {
    uint32_t most = call->operands[0];
    WHOLE(call->values.count <= most || count_different(run, call->values, most + 1) <= most);
}

static bool
check_has_value(cns_run *run, const cns_call *call) {
    bool has = false;
    for (uint32_t i = 0; i < call->values.count && !has; i++) {
        has = call->values.at[i] == call->operands[0];
    }
    WHOLE(has);
}

static int
compare_numbers(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The language tags of all values, equal ones side by side; NULL where memory fails. */
static uint32_t *
languages_of(cns_run *run, cns_set values, uint32_t *count) {
    uint32_t *found = cns_take(run, values.count);
    *count = 0;
    for (uint32_t i = 0; found != NULL && i < values.count; i++) {
        uint32_t language = cns_entry_of(run, values.at[i])->language;
        if (language != 0) {
            found[(*count)++] = language;
        }
    }
    if (*count > 1) {
        qsort(found, *count, sizeof *found, compare_numbers);
    }
    return found;
}

/* One violation for each language that two values or more have. */
static bool
check_unique_lang(cns_run *run, const cns_call *call) {
    uint32_t count;
    bool unique = true;
    cns_mark mark = cns_mark_free(run);
    const uint32_t *found = languages_of(run, call->values, &count);
    for (uint32_t i = 1; found != NULL && i < count && !run->stopped; i++) {
        bool first = i == 1 || found[i - 2] != found[i];
        if (found[i - 1] == found[i] && first) {
            unique = cns_fail(run, call->check, call->focus, 0, 0);
            if (run->testing != 0) {
                break;
            }
        }
    }
    cns_release(run, mark);
    return unique;
}

/* ---- Pairs of properties ------------------------------------------------------------------ */

/* Fails for the values of the other property that are not among the value nodes. */
static bool
check_no_others(cns_run *run, const cns_call *call, cns_set others) {
    cns_forget_met(run, 0);
    for (uint32_t i = 0; i < call->values.count; i++) {
        (void)cns_meet(run, 0, call->values.at[i]);
    }
    bool all = true;
    for (uint32_t i = 0; i < others.count; i++) {
        if (!cns_was_met(run, 0, others.at[i])) {
            all = cns_fail(run, call->check, call->focus, others.at[i], 0);
            if (run->testing != 0 || run->stopped) {
                return false;
            }
        }
    }
    return all;
}

static bool
check_among(cns_run *run, const cns_call *call, cns_set others) {
    EACH_VALUE(value, cns_set_has(others, value));
}

static bool
check_equals(cns_run *run, const cns_call *call) {
    cns_set others = cns_objects(run->graph, call->focus, call->operands[0]);
    bool among = check_among(run, call, others);
    if (!among && (run->testing != 0 || run->stopped)) {
        return false;
    }
    return check_no_others(run, call, others) && among;
}

static bool
check_disjoint(cns_run *run, const cns_call *call) {
    cns_set others = cns_objects(run->graph, call->focus, call->operands[0]);
    EACH_VALUE(value, !cns_set_has(others, value));
}

/* One violation for each pair out of order (SHACL 4.5.3). */
static bool
check_order(cns_run *run, const cns_call *call, bool (*holds)(cns_order order)) {
    cns_set others = cns_objects(run->graph, call->focus, call->operands[0]);
    bool all = true;
    for (uint32_t i = 0; i < call->values.count; i++) {
        for (uint32_t j = 0; j < others.count; j++) {
            if (!holds(cns_compare(run, call->values.at[i], others.at[j]))) {
                all = cns_fail(run, call->check, call->focus, call->values.at[i], 0);
                if (run->testing != 0 || run->stopped) {
                    return false;
                }
            }
        }
    }
    return all;
}

static bool
check_less_than(cns_run *run, const cns_call *call) {
    return check_order(run, call, cns_is_less);
}

static bool
check_less_than_or_equals(cns_run *run, const cns_call *call) {
    return check_order(run, call, cns_is_at_most);
}

/* ---- Shapes ------------------------------------------------------------------------------- */

/* How many of the shapes a node conforms to, up to `enough`. */
static uint32_t
count_conforming(cns_run *run, const cns_call *call, uint32_t node, uint32_t enough) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < call->operand_count && count < enough; i++) {
        count += cns_conforms(run, call->operands[i], node) ? 1 : 0;
    }
    return count;
}

static bool
conforms_to_all(cns_run *run, const cns_call *call, uint32_t node) {
    for (uint32_t i = 0; i < call->operand_count; i++) {
        if (!cns_conforms(run, call->operands[i], node)) {
            return false;
        }
    }
    return true;
}

void
cns_explain(cns_run *run, const uint32_t *shapes, uint32_t count, uint32_t value) {
    if (!run->options.detail || run->testing != 0 || !run->kept || run->outcome != CNS_RUN_DONE ||
        run->explaining == CNS_MAX_DETAIL) {
        return;
    }
    uint32_t outer = run->parent;
    bool stopped = run->stopped; /* after the first result, which still is explained */
    run->parent = run->finding_count;
    run->stopped = false;
    run->explaining++;
    for (uint32_t i = 0; i < count; i++) {
        (void)cns_run_shape(run, shapes[i], value);
    }
    run->explaining--;
    run->parent = outer;
    run->stopped = run->stopped || stopped;
}

/* Fails for each value of which the condition does not hold, and explains it. */
#define EACH_EXPLAINED(value, holds)                                                              \
    EACH_FAILING(value, holds, cns_explain(run, call->operands, call->operand_count, value))

static bool
check_not(cns_run *run, const cns_call *call) {
    EACH_VALUE(value, !cns_conforms(run, call->operands[0], value));
}

static bool
check_and(cns_run *run, const cns_call *call) {
    EACH_EXPLAINED(value, conforms_to_all(run, call, value));
}

static bool
check_or(cns_run *run, const cns_call *call) {
    EACH_EXPLAINED(value, count_conforming(run, call, value, 1) == 1);
}

static bool
check_xone(cns_run *run, const cns_call *call) {
    EACH_EXPLAINED(value, count_conforming(run, call, value, 2) == 1);
}

static bool
check_node(cns_run *run, const cns_call *call) {
    EACH_EXPLAINED(value, cns_conforms(run, call->operands[0], value));
}

/* The results of the property shape are those of its own constraints. */
static bool
check_property(cns_run *run, const cns_call *call) {
    bool all = true;
    for (uint32_t i = 0; i < call->values.count && !run->stopped; i++) {
        all = cns_run_shape(run, call->operands[0], call->values.at[i]) && all;
        if (!all && run->testing != 0) {
            return false;
        }
    }
    return all;
}

/* Whether a value conforms to the first shape, and to no other. */
static bool
counts(cns_run *run, const cns_call *call, uint32_t value) {
    if (!cns_conforms(run, call->operands[1], value)) {
        return false;
    }
    for (uint32_t i = 2; i < call->operand_count; i++) {
        if (cns_conforms(run, call->operands[i], value)) {
            return false;
        }
    }
    return true;
}

/* The number of values that count, up to `enough`. */
static uint32_t
count_qualified(cns_run *run, const cns_call *call, uint64_t enough) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < call->values.count && count < enough; i++) {
        count += counts(run, call, call->values.at[i]) ? 1 : 0;
    }
    return count;
}

static bool
check_qualified_min(cns_run *run, const cns_call *call) {
    uint32_t least = call->operands[0];
    WHOLE(count_qualified(run, call, least) >= least);
}

static bool
check_qualified_max(cns_run *run, const cns_call *call) {
    uint32_t most = call->operands[0];
    WHOLE(count_qualified(run, call, (uint64_t)most + 1) <= most);
}

/* ---- Others ------------------------------------------------------------------------------- */

static bool
check_closed(cns_run *run, const cns_call *call) {
    const cns_set allowed = {call->operands, call->operand_count};
    const cns_edges *out = &run->graph->out;
    bool all = true;
    for (uint32_t i = 0; i < call->values.count; i++) {
        uint32_t node = call->values.at[i];
        for (uint32_t edge = out->starts[node]; edge < out->starts[node + 1]; edge++) {
            if (cns_set_has(allowed, out->predicates[edge])) {
                continue;
            }
            all =
                cns_fail(run, call->check, call->focus, out->others[edge], out->predicates[edge]);
            if (run->testing != 0 || run->stopped) {
                return false;
            }
        }
    }
    return all;
}

static bool
check_host(cns_run *run, const cns_call *call) {
    if (run->options.host == NULL) {
        run->outcome = CNS_RUN_REFUSED;
        return false;
    }
    return run->options.host(run->options.context, run, call->operands[0], call->check,
                             call->focus, call->values);
}

bool
cns_run_constraint(cns_run *run, uint32_t opcode, const cns_call *call) {
    static bool (*const checks[256])(cns_run *, const cns_call *) = {
        [CNS_CONSTRAINT_CLASS] = check_class,
        [CNS_CONSTRAINT_DATATYPE] = check_datatype,
        [CNS_CONSTRAINT_NODE_KIND] = check_node_kind,
        [CNS_CONSTRAINT_MIN_COUNT] = check_min_count,
        [CNS_CONSTRAINT_MAX_COUNT] = check_max_count,
        [CNS_CONSTRAINT_MIN_EXCLUSIVE] = check_min_exclusive,
        [CNS_CONSTRAINT_MIN_INCLUSIVE] = check_min_inclusive,
        [CNS_CONSTRAINT_MAX_EXCLUSIVE] = check_max_exclusive,
        [CNS_CONSTRAINT_MAX_INCLUSIVE] = check_max_inclusive,
        [CNS_CONSTRAINT_MIN_LENGTH] = check_min_length,
        [CNS_CONSTRAINT_MAX_LENGTH] = check_max_length,
        [CNS_CONSTRAINT_PATTERN] = check_pattern,
        [CNS_CONSTRAINT_LANGUAGE_IN] = check_language_in,
        [CNS_CONSTRAINT_UNIQUE_LANG] = check_unique_lang,
        [CNS_CONSTRAINT_EQUALS] = check_equals,
        [CNS_CONSTRAINT_DISJOINT] = check_disjoint,
        [CNS_CONSTRAINT_LESS_THAN] = check_less_than,
        [CNS_CONSTRAINT_LESS_THAN_OR_EQUALS] = check_less_than_or_equals,
        [CNS_CONSTRAINT_NOT] = check_not,
        [CNS_CONSTRAINT_AND] = check_and,
        [CNS_CONSTRAINT_OR] = check_or,
        [CNS_CONSTRAINT_XONE] = check_xone,
        [CNS_CONSTRAINT_NODE] = check_node,
        [CNS_CONSTRAINT_PROPERTY] = check_property,
        [CNS_CONSTRAINT_QUALIFIED_MIN] = check_qualified_min,
        [CNS_CONSTRAINT_QUALIFIED_MAX] = check_qualified_max,
        [CNS_CONSTRAINT_CLOSED] = check_closed,
        [CNS_CONSTRAINT_HAS_VALUE] = check_has_value,
        [CNS_CONSTRAINT_IN] = check_in,
        [CNS_CONSTRAINT_HOST] = check_host,
        [CNS_CONSTRAINT_VALUE_SPACE] = check_value_space,
        [CNS_CONSTRAINT_MAX_VALUES] = check_max_values,
    };
    return checks[opcode](run, call);
}
