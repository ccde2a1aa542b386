/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of rules: relations that need each other are a component (Tarjan). Components come
 * behind those that they read from. In most, rules run once; in a component with a circle a rule
 * runs again whenever something that it reads has grown.
 */
#include "infer.h"

#include <stdlib.h>
#include <string.h>

#include "rules.h"

#define NO_RULE UINT32_MAX

/* Relations are numbered together: sets, then sets of pairs. */
typedef struct schedule {
    cns_inference *in;
    uint32_t relations;
    uint32_t rule_count;
    uint32_t *words;   /* by rule: its first word */
    uint32_t *heads;   /* by rule: the relation that it derives into */
    uint32_t *made_by; /* rules by head: those of r are from made_starts[r] on */
    uint32_t *made_starts;
    uint32_t *read_by; /* rules by what they read, the same */
    uint32_t *read_starts;
    uint32_t *order;     /* relations, by component */
    uint32_t *component; /* by relation: from 1; 0 while it has none */
    uint32_t *queue;     /* of rules, in a ring */
    uint8_t *queued;
} schedule;

static uint32_t
relation_of(const cns_inference *in, char letter, uint32_t operand) {
    return letter == 'U' ? operand : in->unary_count + operand;
}

/* Whether an operand is a relation that is read. */
static bool
is_body(const cns_derivation *rule, uint32_t operand) {
    return operand != cns_rule_head(rule->opcode, rule->count) &&
           cns_rule_letter(rule->opcode, operand) != 'T';
}

/* ---- Rules by relation -------------------------------------------------------------------- */

static bool
allocate_schedule(schedule *plan) {
    cns_inference *in = plan->in;
    size_t words = (size_t)in->rule_words + 1, relations = (size_t)plan->relations + 2;
    plan->words = malloc(words * sizeof *plan->words);
    plan->heads = malloc(words * sizeof *plan->heads);
    plan->made_by = malloc(words * sizeof *plan->made_by);
    plan->read_by = malloc(words * sizeof *plan->read_by);
    plan->queue = malloc(words * sizeof *plan->queue);
    plan->queued = calloc(words, 1);
    plan->made_starts = calloc(relations, sizeof *plan->made_starts);
    plan->read_starts = calloc(relations, sizeof *plan->read_starts);
    plan->order = malloc(relations * sizeof *plan->order);
    plan->component = calloc(relations, sizeof *plan->component);
    return plan->words != NULL && plan->heads != NULL && plan->made_by != NULL &&
           plan->read_by != NULL && plan->queue != NULL && plan->queued != NULL &&
           plan->made_starts != NULL && plan->read_starts != NULL && plan->order != NULL &&
           plan->component != NULL;
}

static void
end_schedule(schedule *plan) {
    free(plan->words);
    free(plan->heads);
    free(plan->made_by);
    free(plan->read_by);
    free(plan->queue);
    free(plan->queued);
    free(plan->made_starts);
    free(plan->read_starts);
    free(plan->order);
    free(plan->component);
}

static void
list_rules(schedule *plan) {
    const cns_inference *in = plan->in;
    for (uint32_t word = 0; word < in->rule_words;) {
        cns_derivation rule = cns_derivation_at(in, word);
        uint32_t head = cns_rule_head(rule.opcode, rule.count);
        if (head < rule.count) {
            char letter = cns_rule_letter(rule.opcode, head);
            plan->words[plan->rule_count] = word;
            plan->heads[plan->rule_count] = relation_of(in, letter, rule.operands[head]);
            plan->rule_count++;
        }
        word += 1 + rule.count;
    }
}

/* Turns numbers of rules by relation, each one place further on, into where they begin. */
static void
begin_lists(uint32_t *starts, uint32_t relations) {
    for (uint32_t i = 0; i <= relations; i++) {
        starts[i + 1] += starts[i];
    }
}

/* Puts rules where they belong; then lists begin where they ended, one place further on. */
static void
place_rules(schedule *plan) {
    for (uint32_t number = 0; number < plan->rule_count; number++) {
        cns_derivation rule = cns_derivation_at(plan->in, plan->words[number]);
        plan->made_by[plan->made_starts[plan->heads[number]]++] = number;
        for (uint32_t i = 0; i < rule.count; i++) {
            if (is_body(&rule, i)) {
                char letter = cns_rule_letter(rule.opcode, i);
                uint32_t read = relation_of(plan->in, letter, rule.operands[i]);
                plan->read_by[plan->read_starts[read]++] = number;
            }
        }
    }
    memmove(plan->made_starts + 1, plan->made_starts, plan->relations * sizeof(uint32_t));
    memmove(plan->read_starts + 1, plan->read_starts, plan->relations * sizeof(uint32_t));
    plan->made_starts[0] = plan->read_starts[0] = 0;
}

static void
sort_rules(schedule *plan) {
    for (uint32_t number = 0; number < plan->rule_count; number++) {
        cns_derivation rule = cns_derivation_at(plan->in, plan->words[number]);
        plan->made_starts[plan->heads[number] + 1]++;
        for (uint32_t i = 0; i < rule.count; i++) {
            if (is_body(&rule, i)) {
                char letter = cns_rule_letter(rule.opcode, i);
                plan->read_starts[relation_of(plan->in, letter, rule.operands[i]) + 1]++;
            }
        }
    }
    begin_lists(plan->made_starts, plan->relations);
    begin_lists(plan->read_starts, plan->relations);
    place_rules(plan);
}

/* ---- Components --------------------------------------------------------------------------- */

/* Where the search from a relation is: at a rule that makes it, and an operand of that. */
typedef struct visit {
    uint32_t relation;
    uint32_t rule;
    uint32_t operand;
} visit;

typedef struct search {
    uint32_t *number; /* by relation: when it was met, from 1 */
    uint32_t *lowest; /* what was met first of those that it leads to */
    uint32_t *open;   /* met, and of no component yet */
    visit *path;
    uint32_t met;
    uint32_t open_count;
    uint32_t depth;
    uint32_t done; /* of plan->order */
    uint32_t components;
} search;

static void
meet(const schedule *plan, search *now, uint32_t relation) {
    const visit here = {relation, plan->made_starts[relation], 0};
    now->number[relation] = now->lowest[relation] = ++now->met;
    now->open[now->open_count++] = relation;
    now->path[now->depth++] = here;
}

/* The next relation that the one at hand is made from; false where there are no more. */
static bool
next_read(const schedule *plan, visit *here, uint32_t *read) {
    for (; here->rule < plan->made_starts[here->relation + 1]; here->rule++, here->operand = 0) {
        cns_derivation rule = cns_derivation_at(plan->in, plan->words[plan->made_by[here->rule]]);
        while (here->operand < rule.count) {
            uint32_t operand = here->operand++;
            if (is_body(&rule, operand)) {
                char letter = cns_rule_letter(rule.opcode, operand);
                *read = relation_of(plan->in, letter, rule.operands[operand]);
                return true;
            }
        }
    }
    return false;
}

/* Ends the visit of a relation, and its component where it was the first of that. */
static void
leave(schedule *plan, search *now) {
    uint32_t relation = now->path[--now->depth].relation;
    if (now->lowest[relation] == now->number[relation]) {
        now->components++;
        uint32_t member;
        do {
            member = now->open[--now->open_count];
            plan->component[member] = now->components;
            plan->order[now->done++] = member;
        } while (member != relation);
    }
    if (now->depth > 0) {
        uint32_t *lowest = &now->lowest[now->path[now->depth - 1].relation];
        *lowest = now->lowest[relation] < *lowest ? now->lowest[relation] : *lowest;
    }
}

static void
search_from(schedule *plan, search *now, uint32_t start) {
    meet(plan, now, start);
    while (now->depth > 0) {
        visit *here = &now->path[now->depth - 1];
        uint32_t read;
        if (!next_read(plan, here, &read)) {
            leave(plan, now);
        } else if (now->number[read] == 0) {
            meet(plan, now, read);
        } else if (plan->component[read] == 0 && now->number[read] < now->lowest[here->relation]) {
            now->lowest[here->relation] = now->number[read];
        }
    }
}

static bool
order_relations(schedule *plan) {
    search now;
    memset(&now, 0, sizeof now);
    size_t relations = (size_t)plan->relations + 1;
    now.number = calloc(relations, sizeof *now.number);
    now.lowest = malloc(relations * sizeof *now.lowest);
    now.open = malloc(relations * sizeof *now.open);
    now.path = malloc(relations * sizeof *now.path);
    bool made = now.number != NULL && now.lowest != NULL && now.open != NULL && now.path != NULL;
    for (uint32_t relation = 0; made && relation < plan->relations; relation++) {
        if (now.number[relation] == 0) {
            search_from(plan, &now, relation);
        }
    }
    free(now.number);
    free(now.lowest);
    free(now.open);
    free(now.path);
    return made;
}

/* ---- Running ------------------------------------------------------------------------------ */

/* Whether a rule reads from the component that it derives into. */
static bool
is_circular(const schedule *plan, uint32_t number) {
    cns_derivation rule = cns_derivation_at(plan->in, plan->words[number]);
    for (uint32_t i = 0; i < rule.count; i++) {
        if (is_body(&rule, i)) {
            char letter = cns_rule_letter(rule.opcode, i);
            uint32_t read = relation_of(plan->in, letter, rule.operands[i]);
            if (plan->component[read] == plan->component[plan->heads[number]]) {
                return true;
            }
        }
    }
    return false;
}

/* How many a relation has. */
static uint32_t
size_of(const cns_inference *in, uint32_t relation) {
    return relation < in->unary_count ? in->unary[relation].count
                                      : in->binary[relation - in->unary_count].count;
}

/*
 * A relation that starts empty and is made of one other alone: what comes has not come before.
 */
static void
note_distinct(schedule *plan, uint32_t relation) {
    cns_inference *in = plan->in;
    if (relation < in->unary_count ||
        plan->made_starts[relation + 1] - plan->made_starts[relation] != 1) {
        return;
    }
    uint32_t number = plan->made_by[plan->made_starts[relation]];
    uint32_t opcode = cns_derivation_at(in, plan->words[number]).opcode;
    in->binary[relation - in->unary_count].distinct =
        size_of(in, relation) == 0 && !is_circular(plan, number) &&
        (opcode == CNS_INFER_SUBPROPERTY || opcode == CNS_INFER_INVERSE);
}

/* Queues the rules that read a relation and derive into its component. */
static void
queue_readers(schedule *plan, uint32_t relation, uint32_t *end, uint32_t *waiting) {
    for (uint32_t i = plan->read_starts[relation]; i < plan->read_starts[relation + 1]; i++) {
        uint32_t number = plan->read_by[i];
        if (!plan->queued[number] &&
            plan->component[plan->heads[number]] == plan->component[relation]) {
            plan->queued[number] = 1;
            plan->queue[*end] = number;
            *end = *end + 1 == plan->rule_count ? 0 : *end + 1;
            ++*waiting;
        }
    }
}

/* Runs the rules of a component, and those again of which something grew that they read. */
static bool
run_circle(schedule *plan, const uint32_t *relations, uint32_t count) {
    uint32_t begin = 0, end = 0, waiting = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t relation = relations[i];
        for (uint32_t at = plan->made_starts[relation]; at < plan->made_starts[relation + 1];
             at++) {
            plan->queued[plan->made_by[at]] = 1;
            plan->queue[end++] = plan->made_by[at];
            waiting++;
        }
    }
    end = end == plan->rule_count ? 0 : end;
    while (waiting > 0) {
        uint32_t number = plan->queue[begin];
        uint32_t before = size_of(plan->in, plan->heads[number]);
        cns_derivation rule = cns_derivation_at(plan->in, plan->words[number]);
        begin = begin + 1 == plan->rule_count ? 0 : begin + 1;
        waiting--;
        plan->queued[number] = 0;
        if (!cns_rule_step(plan->in, &rule)) {
            return false;
        }
        if (size_of(plan->in, plan->heads[number]) > before) {
            queue_readers(plan, plan->heads[number], &end, &waiting);
        }
    }
    return true;
}

/* The rules of a relation that does not need itself. */
static bool
run_once(schedule *plan, uint32_t relation) {
    for (uint32_t i = plan->made_starts[relation]; i < plan->made_starts[relation + 1]; i++) {
        cns_derivation rule = cns_derivation_at(plan->in, plan->words[plan->made_by[i]]);
        if (!cns_rule_step(plan->in, &rule)) {
            return false;
        }
    }
    return true;
}

static bool
needs_itself(const schedule *plan, uint32_t relation) {
    for (uint32_t i = plan->made_starts[relation]; i < plan->made_starts[relation + 1]; i++) {
        if (is_circular(plan, plan->made_by[i])) {
            return true;
        }
    }
    return false;
}

static bool
run_components(schedule *plan) {
    for (uint32_t at = 0; at < plan->relations;) {
        uint32_t end = at + 1, relation = plan->order[at];
        while (end < plan->relations &&
               plan->component[plan->order[end]] == plan->component[relation]) {
            end++;
        }
        bool circle = end - at > 1 || needs_itself(plan, relation);
        if (!circle) {
            note_distinct(plan, relation);
        }
        if (circle ? !run_circle(plan, plan->order + at, end - at) : !run_once(plan, relation)) {
            return false;
        }
        at = end;
    }
    return true;
}

bool
cns_infer_run(cns_inference *in) {
    schedule plan;
    memset(&plan, 0, sizeof plan);
    plan.in = in;
    plan.relations = in->unary_count + in->binary_count;
    bool made = allocate_schedule(&plan);
    if (made) {
        list_rules(&plan);
        sort_rules(&plan);
        made = order_relations(&plan);
    }
    bool done = made ? run_components(&plan) : cns_infer_full(in);
    end_schedule(&plan);
    return done;
}
