/* SPDX-License-Identifier: Apache-2.0 */
/* The loader of rules: what it accepts refers to nothing that is not there. */
#include "rules.h"

#include <string.h>

/* Ends a function with a refusal, unless the condition holds. */
#define REQUIRE_THAT(holds, refusal)                                                              \
    do {                                                                                          \
        if (!(holds)) {                                                                           \
            return (refusal);                                                                     \
        }                                                                                         \
    } while (0)

static const char *const rule_letters[256] = {
#define CNS_X(name, number, operands, meaning) [number] = operands,
    CNS_INFERENCES(CNS_X)
#undef CNS_X
};

char
cns_rule_letter(uint32_t opcode, uint32_t operand) {
    const char *letters = rule_letters[opcode];
    size_t named = strcspn(letters, "*+");
    if (operand < named) {
        return letters[operand];
    }
    return letters[named] == '+' ? letters[named - 1] : '\0';
}

uint32_t
cns_rule_head(uint32_t opcode, uint32_t count) {
    switch (opcode) {
    case CNS_INFER_INTERSECTION:
        return 0;
    case CNS_INFER_GIVES:
        return 1;
    case CNS_INFER_FUNCTIONAL:
    case CNS_INFER_INVERSE_FUNCTIONAL:
    case CNS_INFER_AT_MOST_ONE:
    case CNS_INFER_KEY:
        return count;
    default:
        return count - 1;
    }
}

/* Whether so many operands are enough, and not too many. */
static bool
has_all(uint32_t opcode, uint32_t count) {
    const char *letters = rule_letters[opcode];
    size_t named = strcspn(letters, "*+");
    uint32_t least = (uint32_t)named - (letters[named] == '*' ? 1 : 0);
    return count >= least && (count <= named || letters[named] == '+');
}

/* The kind of a term, or 0 where there is none. */
static uint32_t
kind_of(const cns_program *program, uint32_t term) {
    return term - 1 < cns_program_terms(program)
               ? program->terms.at[(size_t)(term - 1) * CNS_TERM_WORDS]
               : 0;
}

static bool
is_of_kind(const cns_program *program, uint32_t term, uint32_t kinds) {
    return (kind_of(program, term) & kinds) != 0;
}

static bool
names_one(const cns_program *program, char letter, uint32_t operand) {
    switch (letter) {
    case 'U':
        return operand < program->unary.length;
    case 'B':
        return operand < program->binary.length;
    default:
        return is_of_kind(program, operand, CNS_KIND_IRI | CNS_KIND_BLANK | CNS_KIND_LITERAL);
    }
}

static cns_refusal
verify_rules(const cns_program *program) {
    cns_words rules = program->rules;
    for (uint32_t at = 0; at < rules.length;) {
        uint32_t opcode = cns_opcode_of(rules.at[at]), count = cns_operand_of(rules.at[at]);
        REQUIRE_THAT(rule_letters[opcode] != NULL, "a rule is none");
        REQUIRE_THAT(count <= rules.length - at - 1, "a rule is cut off");
        REQUIRE_THAT(has_all(opcode, count), "a rule has too few operands, or too many");
        for (uint32_t i = 0; i < count; i++) {
            REQUIRE_THAT(names_one(program, cns_rule_letter(opcode, i), rules.at[at + 1 + i]),
                         "an operand of a rule names nothing");
        }
        at += 1 + count;
    }
    return NULL;
}

/* Relations: terms that ascend, then zeros. */
static cns_refusal
verify_relations(const cns_program *program, cns_words relations, uint32_t kinds) {
    uint32_t before = 0;
    bool named = true;
    for (uint32_t i = 0; i < relations.length; i++) {
        uint32_t term = relations.at[i];
        REQUIRE_THAT(term == 0 || (named && term > before && is_of_kind(program, term, kinds)),
                     "a relation is of no term, or out of order");
        named = term != 0;
        before = term;
    }
    return NULL;
}

static cns_refusal
verify_ascending(const cns_program *program, cns_words terms) {
    for (uint32_t i = 0; i < terms.length; i++) {
        REQUIRE_THAT(names_one(program, 'T', terms.at[i]) &&
                         (i == 0 || terms.at[i - 1] < terms.at[i]),
                     "what is guarded is no term, or out of order");
    }
    return NULL;
}

static cns_refusal
verify_triples(const cns_program *program, cns_words triples) {
    const uint32_t nodes = CNS_KIND_IRI | CNS_KIND_BLANK;
    REQUIRE_THAT(triples.length % CNS_TRIPLE_WORDS == 0, "a triple is cut off");
    for (uint32_t i = 0; i < triples.length; i += CNS_TRIPLE_WORDS) {
        REQUIRE_THAT(is_of_kind(program, triples.at[i], nodes) &&
                         is_of_kind(program, triples.at[i + 1], CNS_KIND_IRI) &&
                         names_one(program, 'T', triples.at[i + 2]),
                     "a triple is not one of RDF");
    }
    return NULL;
}

static cns_refusal
verify_order(cns_words triples) {
    for (uint32_t i = CNS_TRIPLE_WORDS; i + 2 < triples.length; i += CNS_TRIPLE_WORDS) {
        const uint32_t *a = triples.at + i - CNS_TRIPLE_WORDS, *b = triples.at + i;
        uint32_t same = a[0] != b[0] ? 0 : a[1] != b[1] ? 1 : 2;
        REQUIRE_THAT(a[same] < b[same], "triples are out of order");
    }
    return NULL;
}

cns_refusal
cns_rules_verify(const cns_program *program) {
    const uint32_t nodes = CNS_KIND_IRI | CNS_KIND_BLANK;
    const cns_refusal found[] = {
        verify_relations(program, program->unary, nodes),
        verify_relations(program, program->binary, CNS_KIND_IRI),
        verify_rules(program),
        verify_triples(program, program->facts),
        verify_triples(program, program->schema),
        verify_order(program->schema),
        verify_ascending(program, program->guarded),
        verify_ascending(program, program->sealed),
    };
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        if (found[i] != NULL) {
            return found[i];
        }
    }
    return NULL;
}
