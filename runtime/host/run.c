/* SPDX-License-Identifier: Apache-2.0 */
/* Runs: shapes over focus nodes, what they find, and the memory that this takes meanwhile. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

/* ---- Memory ------------------------------------------------------------------------------- */

enum {
    BLOCK_WORDS = 4096
};

static cns_block *
add_block(cns_run *run, size_t count) {
    size_t size = count > BLOCK_WORDS ? count : BLOCK_WORDS;
    cns_block *added = NULL;
    if (size <= (SIZE_MAX - sizeof *added) / sizeof added->words[0]) {
        added = malloc(sizeof *added + size * sizeof added->words[0]);
    }
    if (added == NULL) {
        run->outcome = CNS_RUN_NO_MEMORY;
        run->stopped = true;
        return NULL;
    }
    added->size = size;
    cns_block *before = run->free.block;
    if (before == NULL) {
        added->next = run->blocks;
        run->blocks = added;
    } else {
        added->next = before->next;
        before->next = added;
    }
    return added;
}

uint32_t *
cns_take(cns_run *run, size_t count) {
    cns_block *block = run->free.block;
    if (block == NULL || block->size - run->free.used < count) {
        cns_block *next = block == NULL ? run->blocks : block->next;
        while (next != NULL && next->size < count) {
            next = next->next;
        }
        block = next != NULL ? next : add_block(run, count);
        if (block == NULL) {
            return NULL;
        }
        run->free.block = block;
        run->free.used = 0;
    }
    uint32_t *taken = block->words + run->free.used;
    run->free.used += count;
    return taken;
}

static bool
begin_stamps(cns_run *run) {
    uint32_t levels = run->program->levels + 1;
    size_t terms = (size_t)run->graph->terms.count + 1;
    run->stamps = calloc(levels, sizeof *run->stamps);
    run->stamp = calloc(levels, sizeof *run->stamp);
    run->reached = calloc(levels, sizeof *run->reached);
    bool made = run->stamps != NULL && run->stamp != NULL && run->reached != NULL;
    for (uint32_t i = 0; made && i < levels; i++) {
        run->stamps[i] = calloc(terms, sizeof **run->stamps);
        run->reached[i] = i > 0 ? malloc(terms * sizeof **run->reached) : NULL;
        made = run->stamps[i] != NULL && (i == 0 || run->reached[i] != NULL);
    }
    return made;
}

bool
cns_run_begin(cns_run *run, const cns_program *program, const cns_graph *graph,
              const cns_run_options *options) {
    size_t terms = (size_t)graph->terms.count + 1;
    memset(run, 0, sizeof *run);
    run->program = program;
    run->graph = graph;
    run->options = *options;
    run->sets = malloc(((size_t)program->sets + 1) * sizeof *run->sets);
    run->literals = malloc(terms * sizeof *run->literals);
    run->literal_state = calloc(terms, 1);
    run->datatypes = calloc(terms, 1);
    bool made = begin_stamps(run) && run->sets != NULL && run->literals != NULL &&
                run->literal_state != NULL && run->datatypes != NULL;
    if (!made) {
        cns_run_end(run);
    }
    return made;
}

void
cns_run_end(cns_run *run) {
    while (run->blocks != NULL) {
        cns_block *next = run->blocks->next;
        free(run->blocks);
        run->blocks = next;
    }
    for (uint32_t i = 0; run->stamps != NULL && i <= run->program->levels; i++) {
        free(run->stamps[i]);
    }
    for (uint32_t i = 0; run->reached != NULL && i <= run->program->levels; i++) {
        free(run->reached[i]);
    }
    for (uint32_t i = 0; i < 2; i++) {
        free(run->ends[i].starts);
        free(run->ends[i].terms);
    }
    free(run->reached);
    free(run->stamps);
    free(run->stamp);
    free(run->sets);
    free(run->literals);
    free(run->literal_state);
    free(run->datatypes);
    free(run->findings);
    memset(run, 0, sizeof *run);
}

/* ---- Values ------------------------------------------------------------------------------- */

static cns_str
text_of(const cns_entry *entry) {
    const cns_str text = {entry->text, entry->length};
    return text;
}

static cns_datatype
datatype_of(cns_run *run, uint32_t term) {
    if (run->datatypes[term] == 0) {
        run->datatypes[term] = (uint8_t)(1 + cns_datatype_named(text_of(cns_entry_of(run, term))));
    }
    return (cns_datatype)(run->datatypes[term] - 1);
}

const cns_literal *
cns_literal_of(cns_run *run, uint32_t term) {
    cns_literal *held = &run->literals[term];
    if (!run->literal_state[term]) {
        const cns_entry *entry = cns_entry_of(run, term);
        *held = entry->language != 0
                    ? cns_literal_tagged()
                    : cns_literal_read(datatype_of(run, entry->datatype), text_of(entry));
        run->literal_state[term] = 1;
    }
    return held;
}

cns_order
cns_compare(cns_run *run, uint32_t a, uint32_t b) {
    if (!cns_is_kind(run, a, CNS_KIND_LITERAL) || !cns_is_kind(run, b, CNS_KIND_LITERAL)) {
        return CNS_UNORDERED;
    }
    return cns_literal_compare(cns_literal_of(run, a), cns_literal_of(run, b));
}

bool
cns_is_value_of(cns_run *run, uint32_t value, uint32_t datatype) {
    return cns_has_datatype(run, value, datatype) ||
           (cns_is_kind(run, value, CNS_KIND_LITERAL) &&
            cns_literal_within(cns_literal_of(run, value), datatype_of(run, datatype)));
}

bool
cns_is_same_value(cns_run *run, uint32_t a, uint32_t b) {
    return a == b ||
           (cns_is_kind(run, a, CNS_KIND_LITERAL) && cns_is_kind(run, b, CNS_KIND_LITERAL) &&
            cns_literal_same(cns_literal_of(run, a), cns_literal_of(run, b)));
}

bool
cns_has_length(const cns_run *run, uint32_t value, uint32_t least, uint32_t most) {
    const cns_entry *entry = cns_entry_of(run, value);
    return entry->kind != CNS_KIND_BLANK &&
           cns_text_within(entry->text, entry->length, least, most);
}

bool
cns_matches(const cns_run *run, uint32_t value, uint32_t pattern) {
    const cns_entry *entry = cns_entry_of(run, value);
    return entry->kind != CNS_KIND_BLANK &&
           cns_pattern_matches(&run->program->pattern_tables[pattern], entry->text, entry->length);
}

bool
cns_has_language(const cns_run *run, uint32_t value, const uint32_t *ranges, uint32_t count) {
    uint32_t language = cns_entry_of(run, value)->language;
    for (uint32_t i = 0; language != 0 && i < count; i++) {
        if (cns_language_matches(text_of(cns_entry_of(run, language)),
                                 text_of(cns_entry_of(run, ranges[i])))) {
            return true;
        }
    }
    return false;
}

/* ---- Shapes ------------------------------------------------------------------------------- */

static bool
keep(cns_run *run, const cns_finding *finding) {
    if (run->finding_count == run->finding_capacity) {
        size_t grown = run->finding_capacity == 0 ? 64 : 2 * (size_t)run->finding_capacity;
        cns_finding *moved = NULL;
        if (grown <= UINT32_MAX / 2 && grown <= SIZE_MAX / sizeof *moved) {
            moved = realloc(run->findings, grown * sizeof *moved);
        }
        if (moved == NULL) {
            run->outcome = CNS_RUN_NO_MEMORY;
            run->stopped = true;
            return false;
        }
        run->findings = moved;
        run->finding_capacity = (uint32_t)grown;
    }
    run->findings[run->finding_count++] = *finding;
    return true;
}

bool
cns_fail(cns_run *run, uint32_t check, uint32_t focus, uint32_t value, uint32_t path) {
    if (run->testing != 0) {
        return false;
    }
    const cns_finding finding = {check, focus, value, path, run->parent};
    if (run->parent != 0) { /* a detail: it counts with what it explains */
        (void)keep(run, &finding);
        return false;
    }
    run->kept = run->options.most == 0 || run->found < run->options.most;
    if (run->kept) {
        (void)keep(run, &finding);
    }
    run->found++;
    run->stopped = run->stopped || run->options.first;
    return false;
}

/* Runs the code of a shape over a focus node. */
static bool
run_code(cns_run *run, const cns_shape *shape, uint32_t focus) {
    cns_mark mark = cns_mark_free(run);
    cns_call call;
    call.focus = focus;
    call.values.at = &call.focus;
    call.values.count = 1;
    if (shape->path != CNS_NO_PATH) {
        call.values = cns_follow(run, shape->path, focus);
    }
    bool all = true;
    for (const uint32_t *at = shape->code; at < shape->end && run->outcome == CNS_RUN_DONE;) {
        call.check = at[1];
        call.operands = at + CNS_CONSTRAINT_WORDS;
        call.operand_count = cns_operand_of(at[0]);
        all = cns_run_constraint(run, cns_opcode_of(at[0]), &call) && all;
        run->checked++;
        if (run->stopped || (!all && run->testing != 0)) {
            break;
        }
        at = call.operands + call.operand_count;
    }
    cns_release(run, mark);
    return all && run->outcome == CNS_RUN_DONE;
}

/* Whether a shape is being run over a node already. */
static bool
is_running(const cns_run *run, uint32_t shape, uint32_t focus) {
    for (const cns_frame *frame = run->frame; frame != NULL; frame = frame->outer) {
        if (frame->shape == shape && frame->focus == focus) {
            return true;
        }
    }
    return false;
}

static bool
run_shape(cns_run *run, uint32_t number, uint32_t focus) {
    if (run->options.shapes != NULL) {
        return run->options.shapes[number](run, focus);
    }
    cns_shape shape = cns_program_shape(run->program, number);
    return run_code(run, &shape, focus);
}

/* A node for which a recursive shape is being run conforms to it: nothing else speaks against. */
bool
cns_run_shape(cns_run *run, uint32_t shape, uint32_t focus) {
    if (!run->program->recursive) {
        return run_shape(run, shape, focus);
    }
    if (is_running(run, shape, focus)) {
        return true;
    }
    if (run->depth >= run->options.recursion + run->program->nesting) {
        run->outcome = CNS_RUN_TOO_DEEP;
        run->stopped = true;
        return false;
    }
    const cns_frame frame = {run->frame, shape, focus};
    run->frame = &frame;
    run->depth++;
    bool conforms = run_shape(run, shape, focus);
    run->depth--;
    run->frame = frame.outer;
    return conforms;
}

bool
cns_conforms(cns_run *run, uint32_t shape, uint32_t node) {
    run->testing++;
    bool conforms = cns_run_shape(run, shape, node);
    run->testing--;
    return conforms;
}

/* ---- Targets ------------------------------------------------------------------------------ */

/* Focus nodes while they are collected. */
typedef struct collection {
    uint32_t *terms;
    uint32_t count;
    bool everywhere; /* whether nodes of the ontology alone are collected too */
} collection;

/* Nodes of the ontology alone, which inference puts into the graph, are no focus nodes. */
static void
collect(cns_run *run, collection *found, cns_set set) {
    const uint8_t *in_data = run->graph->in_data;
    uint32_t program_terms = cns_program_terms(run->program);
    for (uint32_t i = 0; i < set.count; i++) {
        uint32_t term = set.at[i];
        bool of_data =
            found->everywhere || in_data == NULL || term > program_terms || in_data[term] != 0;
        if (of_data && cns_meet(run, 0, term)) {
            found->terms[found->count++] = term;
        }
    }
}

static void
collect_instances(cns_run *run, collection *found, uint32_t queried) {
    const cns_classes *classes = &run->graph->classes;
    for (uint32_t row = 1; row < classes->rows; row++) {
        if (cns_class_below(classes, row, queried)) {
            collect(run, found, cns_subjects(run->graph, run->graph->type, classes->terms[row]));
        }
    }
}

/* Calls for each term and predicate of its edges, once: counts them, or puts the term down. */
static void
each_end(const cns_run *run, const cns_edges *edges, const cns_ends *ends) {
    for (uint32_t term = 1; term <= run->graph->indexed; term++) {
        uint32_t begin = edges->starts[term];
        for (uint32_t edge = begin; edge < edges->starts[term + 1]; edge++) {
            uint32_t predicate = edges->predicates[edge];
            if (predicate > cns_program_terms(run->program) ||
                (edge > begin && edges->predicates[edge - 1] == predicate)) {
                continue;
            }
            if (ends->terms != NULL) {
                ends->terms[ends->starts[predicate]] = term;
            }
            ends->starts[predicate]++;
        }
    }
}

/* Finds which terms have triples of each predicate; false where memory fails. */
static bool
find_ends(const cns_run *run, const cns_edges *edges, cns_ends *ends) {
    size_t predicates = (size_t)cns_program_terms(run->program) + 1;
    ends->starts = calloc(predicates + 1, sizeof *ends->starts);
    if (ends->starts == NULL) {
        return false;
    }
    each_end(run, edges, ends);
    uint32_t sum = 0;
    for (size_t i = 0; i <= predicates; i++) {
        uint32_t count = ends->starts[i];
        ends->starts[i] = sum;
        sum += count;
    }
    ends->terms = malloc(((size_t)sum + 1) * sizeof *ends->terms);
    if (ends->terms == NULL) {
        return false;
    }
    each_end(run, edges, ends); /* now a predicate begins where it ended */
    memmove(ends->starts + 1, ends->starts, predicates * sizeof *ends->starts);
    ends->starts[0] = 0;
    return true;
}

/* The terms that have triples of a predicate, out or in. */
static void
collect_ends(cns_run *run, collection *found, bool in, uint32_t predicate) {
    cns_ends *ends = &run->ends[in ? 1 : 0];
    if (ends->terms == NULL && !find_ends(run, in ? &run->graph->in : &run->graph->out, ends)) {
        free(ends->starts);
        ends->starts = NULL;
        run->outcome = CNS_RUN_NO_MEMORY;
        run->stopped = true;
        return;
    }
    uint32_t begin = ends->starts[predicate];
    const cns_set all = {ends->terms + begin, ends->starts[predicate + 1] - begin};
    collect(run, found, all);
}

static void
collect_target(cns_run *run, collection *found, const uint32_t *target) {
    found->everywhere = (target[1] & CNS_TARGET_EVERYWHERE) != 0;
    switch (target[1] & ~(uint32_t)CNS_TARGET_EVERYWHERE) {
    case CNS_TARGET_NODE:
        if (cns_meet(run, 0, target[2])) {
            found->terms[found->count++] = target[2];
        }
        break;
    case CNS_TARGET_CLASS:
        collect_instances(run, found, target[2]);
        break;
    case CNS_TARGET_SUBJECTS_OF:
        collect_ends(run, found, false, target[2]);
        break;
    default:
        collect_ends(run, found, true, target[2]);
        break;
    }
}

/* The first target of a shape, or of one behind it: targets are ordered by shape. */
static const uint32_t *
first_target(cns_words targets, uint32_t shape) {
    uint32_t low = 0, high = targets.length / CNS_TARGET_WORDS;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (targets.at[(size_t)middle * CNS_TARGET_WORDS] < shape) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return targets.at + (size_t)low * CNS_TARGET_WORDS;
}

cns_set
cns_targets(cns_run *run, uint32_t shape) {
    cns_words targets = run->program->targets;
    collection found = {cns_take(run, (size_t)run->graph->terms.count + 1), 0, false};
    if (found.terms != NULL) {
        cns_forget_met(run, 0);
        for (const uint32_t *target = first_target(targets, shape);
             target < targets.at + targets.length && target[0] == shape;
             target += CNS_TARGET_WORDS) {
            collect_target(run, &found, target);
        }
    }
    const cns_set all = {found.terms, found.count};
    return all;
}

void
cns_run_targets(cns_run *run) {
    uint32_t shapes = cns_program_shapes(run->program);
    for (uint32_t shape = 0; shape < shapes && !run->stopped; shape++) {
        cns_mark mark = cns_mark_free(run);
        cns_set nodes = cns_targets(run, shape);
        for (uint32_t i = 0; i < nodes.count && !run->stopped; i++) {
            run->focus_nodes++;
            (void)cns_run_shape(run, shape, nodes.at[i]);
        }
        cns_release(run, mark);
    }
}

/* ---- Order -------------------------------------------------------------------------------- */

/* Blank nodes by first occurrence, then IRIs and literals by their text. */
static int
compare_terms(const cns_run *run, uint32_t a, uint32_t b) {
    const cns_entry *x = cns_entry_of(run, a), *y = cns_entry_of(run, b);
    if (a == b || a == 0 || b == 0) {
        return a < b ? -1 : a > b;
    }
    if (x->kind != y->kind) {
        bool blank = x->kind == CNS_KIND_BLANK;
        return blank || (y->kind != CNS_KIND_BLANK && x->kind < y->kind) ? -1 : 1;
    }
    if (x->kind == CNS_KIND_BLANK) {
        return a < b ? -1 : 1;
    }
    cns_order order = cns_str_compare(text_of(x), text_of(y));
    if (order != CNS_EQUAL) {
        return (int)order;
    }
    int datatypes = compare_terms(run, x->datatype, y->datatype);
    return datatypes != 0 ? datatypes : compare_terms(run, x->language, y->language);
}

static int
compare_findings(const cns_run *run, const cns_finding *a, const cns_finding *b) {
    const uint32_t *shapes = run->program->checks.at;
    if (shapes[a->check] != shapes[b->check]) {
        return shapes[a->check] < shapes[b->check] ? -1 : 1;
    }
    int order = compare_terms(run, a->focus, b->focus);
    if (order == 0) {
        order = compare_terms(run, a->path, b->path);
    }
    if (order == 0 && a->check != b->check) {
        order = a->check < b->check ? -1 : 1;
    }
    return order != 0 ? order : compare_terms(run, a->value, b->value);
}

/* Merges two runs of numbers of findings that are in order. */
static void
merge(const cns_run *run, const uint32_t *a, uint32_t count_a, const uint32_t *b, uint32_t count_b,
      uint32_t *to) {
    while (count_a > 0 && count_b > 0) {
        bool first = compare_findings(run, &run->findings[*a], &run->findings[*b]) <= 0;
        *to++ = first ? *a++ : *b++;
        count_a -= first ? 1 : 0;
        count_b -= first ? 0 : 1;
    }
    memcpy(to, count_a > 0 ? a : b, (count_a + count_b) * sizeof *to);
}

static void
sort_numbers(const cns_run *run, uint32_t *numbers, uint32_t *other, uint32_t count) {
    uint32_t *from = numbers, *to = other;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t at = 0; at < count; at += 2 * width) {
            uint32_t left = count - at, a = width < left ? width : left;
            uint32_t b = left - a < width ? left - a : width;
            merge(run, from + at, a, from + at + a, b, to + at);
        }
        uint32_t *turned = from;
        from = to;
        to = turned;
    }
    if (from != numbers) {
        memcpy(numbers, from, count * sizeof *numbers);
    }
}

/* Brings findings in the order of `numbers`, where `places` is what that turns them into. */
static void
rearrange(cns_run *run, const uint32_t *numbers, uint32_t *places, cns_finding *moved) {
    for (uint32_t i = 0; i < run->finding_count; i++) {
        moved[i] = run->findings[numbers[i]];
        places[numbers[i]] = i;
    }
    for (uint32_t i = 0; i < run->finding_count; i++) {
        if (moved[i].parent != 0) {
            moved[i].parent = 1 + places[moved[i].parent - 1];
        }
    }
    memcpy(run->findings, moved, run->finding_count * sizeof *moved);
}

bool
cns_run_sort(cns_run *run) {
    uint32_t count = run->finding_count;
    if (count < 2) {
        return true;
    }
    uint32_t *numbers = malloc(2 * (size_t)count * sizeof *numbers);
    cns_finding *moved = malloc(count * sizeof *moved);
    bool made = numbers != NULL && moved != NULL;
    if (made) {
        for (uint32_t i = 0; i < count; i++) {
            numbers[i] = i;
        }
        sort_numbers(run, numbers, numbers + count, count);
        rearrange(run, numbers, numbers + count, moved);
    }
    free(numbers);
    free(moved);
    return made;
}
