/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's part for code: that it stays in bounds, ends, and takes no more steps than said.
 */
#include <cns/cns.h>

#include "flow.h"
#include "image.h"
#include "verify.h"

/*
 * Each function is read twice, in order.
 *
 * The first time, instructions and jumps: each opcode is one, and each jump leads forward, to an
 * instruction of the function; NEXT leads back to the head of its loop, which has one NEXT. What
 * is remembered: for each instruction, the earliest one that jumps to it, and the NEXT that does.
 *
 * The second time, operands and what registers hold. That a register holds something of a type is
 * a fact, from the instruction on that wrote it. A jump from before that instruction to behind it
 * goes around it, so the fact is lost where such a jump leads; the earliest jump to a place
 * decides for all of them. A loop is entered at its head alone, and its head forgets the registers
 * that the loop gives new contents. What is known there is then known in each round, and a cursor
 * that is among it moves on with NEXT alone: the loop ends after as many rounds as the cursor has
 * values. Steps of an instruction count once for each round of the loops around it.
 *
 * What FIELD_CHECKS decides about is taken to run, or to be left out, as a whole; REPORT gives no
 * register another content, so that no fact depends on which of them run.
 *
 * Calls lead to functions further behind, of which the stated steps are verified in their turn;
 * those that lead back are counted by the VM. A fault is that of the instruction in `at`.
 */

enum {
    MOST_KINDS = CNS_KIND_IRI | CNS_KIND_BLANK | CNS_KIND_LITERAL | CNS_KIND_INVALID
};

/* What a register holds, and since which instruction; `rounds` of a cursor, 0 where it is none. */
typedef struct fact {
    uint16_t type;
    uint16_t since;
    uint16_t rounds;
    uint16_t rounds_since;
} fact;

/* A loop that is not over: its NEXT, and how often the code around it runs. */
typedef struct loop {
    uint32_t end;
    uint32_t around;
} loop;

typedef struct verifier {
    const cns_image *image;
    const cns_layout *layout;
    cns_function function;
    uint32_t number; /* of the function */
    uint32_t at;     /* the instruction, counted from the function's first */
    uint16_t *jumps; /* per instruction: 1 + the earliest that jumps to it, or 0 */
    uint16_t *nexts; /* per instruction: 1 + the NEXT that leads back to it, or 0 */
    uint32_t times;  /* how often the instruction runs, at most */
    uint32_t steps;
    uint32_t depth;
    loop loops[CNS_PATH_STEPS];
    fact facts[CNS_NO_REGISTER];
} verifier;

static uint32_t
length_of(const verifier *v) {
    return v->function.end - v->function.start;
}

static uint32_t
word_at(const verifier *v, uint32_t at) {
    return cns_word_of(v->image, v->image->code, v->function.start + at);
}

/* ---- Types -------------------------------------------------------------------------------- */

static uint16_t
type_in(const verifier *v, uint32_t number) {
    return number < v->function.registers ? v->facts[number].type : CNS_TYPE_ABSENT;
}

static const cns_record_layout *
record_in(const verifier *v, uint32_t number) {
    return cns_record_of_type(v->layout, type_in(v, number));
}

static const cns_value_layout *
value_in(const verifier *v, uint32_t number) {
    return cns_value_of_type(v->layout, type_in(v, number));
}

static bool
is_list(const verifier *v, uint32_t number) {
    return cns_has_form(value_in(v, number), CNS_FORM_LIST);
}

static bool
has_text(const cns_value_layout *value) {
    return cns_has_form(value, CNS_FORM_SCALAR) || cns_has_form(value, CNS_FORM_INLINE) ||
           cns_has_form(value, CNS_FORM_LANG) || cns_has_form(value, CNS_FORM_TYPED) ||
           cns_has_form(value, CNS_FORM_TERM);
}

/* ---- Operands ----------------------------------------------------------------------------- */

/* The record of the slot that an instruction names: that in the register before it. */
static const cns_field_layout *
field_of(const verifier *v, uint32_t word) {
    const char *operands = cns_operands_of(word & 0xFFu);
    uint32_t index = operands[1] == 'S' ? 1 : 2;
    const cns_record_layout *record = record_in(v, cns_operand_of(operands, word, index - 1));
    uint32_t slot = cns_operand_of(operands, word, index);
    return record != NULL && slot < record->field_count ? &record->fields[slot] : NULL;
}

/* Whether an operand is in range, and a register that is read holds what its letter demands. */
static cns_reason
check_operand(const verifier *v, uint32_t word, char letter, uint32_t operand) {
    switch (letter) {
    case '_':
        DEMAND(operand == 0, OPERAND);
        break;
    case 'D':
        DEMAND(operand < v->function.registers, OPERAND);
        break;
    case 'R':
    case 'Q':
        DEMAND(record_in(v, operand) != NULL, REGISTER);
        break;
    case 'B':
        DEMAND(record_in(v, operand) != NULL || is_list(v, operand), REGISTER);
        break;
    case 'L':
        DEMAND(is_list(v, operand), REGISTER);
        break;
    case 'V':
        DEMAND(value_in(v, operand) != NULL, REGISTER);
        break;
    case 'X':
        DEMAND(record_in(v, operand) != NULL || value_in(v, operand) != NULL, REGISTER);
        break;
    case 'C':
        DEMAND(type_in(v, operand) != CNS_TYPE_ABSENT && v->facts[operand].rounds > 0, LOOP);
        break;
    case 'N':
        DEMAND(type_in(v, operand) == CNS_TYPE_NUMBER, REGISTER);
        break;
    case 'E':
        DEMAND(type_in(v, operand) == CNS_TYPE_EXPLAINED, REGISTER);
        break;
    case 'S':
        DEMAND(field_of(v, word) != NULL, SLOT);
        break;
    case 'P':
        DEMAND(operand < cns_path_count(v->image), CONSTANT);
        break;
    case 'p':
        DEMAND(v->image->patterns.length > 0 &&
                   operand < cns_word_of(v->image, v->image->patterns, 0),
               CONSTANT);
        break;
    case 'f':
        DEMAND(operand < v->image->function_count, CALL);
        break;
    case 'K':
    case 'k': {
        const cns_field_layout *field = letter == 'K' ? field_of(v, word) : NULL;
        const cns_value_layout *value =
            field != NULL ? &v->layout->values[field->value] : value_in(v, CNS_A(word));
        DEMAND(cns_constant_fits(v->image, cns_base_of(word), operand, value), CONSTANT);
        break;
    }
    default: /* jumps, and numbers, which the instruction knows about */
        break;
    }
    return CNS_REASON_ACCEPTED;
}

static cns_reason
check_operands(const verifier *v, uint32_t word) {
    const char *operands = cns_operands_of(word & 0xFFu);
    uint32_t count = cns_has_wide(operands) ? 2 : 3;

    for (uint32_t i = 0; i < count; i++) {
        TRY(check_operand(v, word, operands[i], cns_operand_of(operands, word, i)));
    }
    uint32_t written = cns_written_by(word);
    DEMAND(written == CNS_NOT_WRITTEN || written < v->function.registers, OPERAND);
    return CNS_REASON_ACCEPTED;
}

/* ---- What instructions demand besides ----------------------------------------------------- */

/* What is reported: nothing, the focus node, or a value of the type that the check states. */
static cns_reason
check_report(const verifier *v, uint32_t word) {
    uint32_t value = CNS_REPORT_VALUE(word);
    uint32_t focus = CNS_REPORT_FOCUS(word);
    DEMAND(CNS_REPORT_CHECK(word) < v->image->checks.length, CHECK);
    DEMAND(record_in(v, focus) != NULL || value_in(v, focus) != NULL, REGISTER);
    uint32_t type = cns_word_of(v->image, v->image->checks, CNS_REPORT_CHECK(word)) >> 16;
    if (value == CNS_NO_REGISTER) {
        DEMAND(type == CNS_TYPE_ABSENT, REGISTER);
    } else if (type == CNS_TYPE_FOCUS) {
        DEMAND(record_in(v, value) != NULL, REGISTER);
    } else {
        DEMAND(value_in(v, value) != NULL && type_in(v, value) == type, REGISTER);
    }
    return CNS_REASON_ACCEPTED;
}

/* The same, of a value that a cursor stands at. */
static cns_reason
check_report_first(const verifier *v, uint32_t word) {
    uint32_t value = CNS_REPORT_VALUE(word);
    DEMAND(value != CNS_NO_REGISTER && value_in(v, value) != NULL, REGISTER);
    DEMAND(v->facts[value].rounds > 0, LOOP);
    return check_report(v, word);
}

static cns_reason
check_call(const verifier *v, uint32_t word) {
    cns_function callee = cns_function_of(v->image, CNS_WIDE(word));
    bool back = CNS_WIDE(word) <= v->number;
    DEMAND(!back || cns_word(v->image->words[CNS_WORD_BACK_CALLS]) > 0, CALL);
    DEMAND(type_in(v, CNS_A(word)) == callee.parameter, REGISTER);
    return CNS_REASON_ACCEPTED;
}

static cns_reason
check_first_of(const verifier *v, uint32_t word) {
    cns_reach to;
    TRY(cns_follow_path(v->image, type_in(v, CNS_A(word)), CNS_C(word), &to));
    DEMAND(type_in(v, CNS_B(word) + 1u) == to.type, REGISTER);
    return CNS_REASON_ACCEPTED;
}

/* As many REPORT follow as it decides about, and the second range lies in the constants too. */
static cns_reason
check_field_checks(const verifier *v, uint32_t word) {
    const cns_field_layout *field = field_of(v, word);
    const cns_value_layout *value = &v->layout->values[field->value];
    uint32_t second = CNS_C(word) + cns_key_bits(value) / 16;

    DEMAND(CNS_CHECKS_REQUIRED(word) <= 1, OPERAND);
    DEMAND(field->capacity == 1 && cns_key_bits(value) != 0, SLOT);
    DEMAND(!CNS_CHECKS_SECOND(word) ||
               cns_constant_fits(v->image, CNS_OP_FIELD_CHECKS, second, value),
           CONSTANT);
    for (uint32_t i = 1; i <= CNS_CHECKS_REPORTS(word); i++) {
        DEMAND((word_at(v, v->at + i) & 0xFFu) == CNS_OP_REPORT, REPORTS);
    }
    return CNS_REASON_ACCEPTED;
}

static cns_reason
check_demands(const verifier *v, uint32_t word) {
    const cns_value_layout *value = value_in(v, CNS_A(word));
    uint32_t other = CNS_B(word);

    switch (cns_base_of(word)) {
    case CNS_OP_VALUE:
    case CNS_OP_FIELD:
        DEMAND(field_of(v, word)->capacity == 1, SLOT);
        break;
    case CNS_OP_FIELD_WITHIN:
        DEMAND(field_of(v, word)->capacity == 1, SLOT);
        DEMAND(cns_key_bits(&v->layout->values[field_of(v, word)->value]) != 0, SLOT);
        break;
    case CNS_OP_FIELD_CHECKS:
        return check_field_checks(v, word);
    case CNS_OP_OPEN:
    case CNS_OP_EACH:
    case CNS_OP_COUNT_WITHIN:
        DEMAND(field_of(v, word)->capacity > 1, SLOT);
        break;
    case CNS_OP_CLASS:
        DEMAND(cns_has_class(v->layout, type_in(v, other)), REGISTER);
        break;
    case CNS_OP_FOLLOW:
        DEMAND(cns_described_by(v->layout, type_in(v, other)) != CNS_TYPE_ABSENT, REGISTER);
        break;
    case CNS_OP_WITHIN:
        DEMAND(cns_key_bits(value) != 0, REGISTER);
        break;
    case CNS_OP_MEMBER:
        DEMAND(cns_has_form(value, CNS_FORM_ENUM), REGISTER);
        break;
    case CNS_OP_VALID:
        DEMAND(cns_has_form(value, CNS_FORM_SCALAR), REGISTER);
        break;
    case CNS_OP_DATATYPE:
        DEMAND(CNS_WIDE(word) < CNS_TAG_COUNT, OPERAND);
        DEMAND(cns_has_form(value, CNS_FORM_TERM), REGISTER);
        break;
    case CNS_OP_TERM_WITHIN:
    case CNS_OP_TYPED:
    case CNS_OP_ARM:
        DEMAND(cns_has_form(value, CNS_FORM_TERM), REGISTER);
        break;
    case CNS_OP_ORDER:
        DEMAND(cns_has_form(value, CNS_FORM_SCALAR) || cns_has_form(value, CNS_FORM_INLINE) ||
                   cns_has_form(value, CNS_FORM_TERM),
               REGISTER);
        break;
    case CNS_OP_KIND:
        DEMAND(CNS_WIDE(word) <= MOST_KINDS, OPERAND);
        break;
    case CNS_OP_LENGTH:
    case CNS_OP_MATCHES:
        DEMAND(has_text(value), REGISTER);
        break;
    case CNS_OP_LANGUAGE:
        DEMAND(cns_has_language(value), REGISTER);
        break;
    case CNS_OP_PRECEDES:
        DEMAND(CNS_C(word) <= 1, OPERAND);
        break;
    case CNS_OP_FIRST: /* of values, not of languages */
        DEMAND(value != NULL, REGISTER);
        break;
    case CNS_OP_FIRST_OF:
        return check_first_of(v, word);
    case CNS_OP_CALL:
        return check_call(v, word);
    case CNS_OP_REPORT:
        return check_report(v, word);
    case CNS_OP_REPORT_FIRST:
        return check_report_first(v, word);
    case CNS_OP_COUNT_FIRST:
        DEMAND(value_in(v, CNS_B(word)) != NULL, REGISTER);
        break;
    default:
        break;
    }
    return CNS_REASON_ACCEPTED;
}

/* ---- What instructions do ----------------------------------------------------------------- */

static uint16_t
at_least_one(uint16_t capacity) {
    return capacity > 0 ? capacity : 1;
}

/* What the written register holds then; requires that the operands are verified. */
static cns_reason
find_result(const verifier *v, uint32_t word, uint16_t *type, uint16_t *rounds) {
    const cns_value_layout *list = value_in(v, CNS_B(word));
    uint32_t values;

    *rounds = 0;
    switch (cns_base_of(word)) {
    case CNS_OP_OPEN:
    case CNS_OP_EACH:
        *rounds = field_of(v, word)->capacity;
        *type = field_of(v, word)->value;
        break;
    case CNS_OP_VALUE:
    case CNS_OP_FIELD:
    case CNS_OP_FIELD_WITHIN:
    case CNS_OP_FIELD_CHECKS:
        *type = field_of(v, word)->value;
        break;
    case CNS_OP_ITEMS:
        *rounds = at_least_one(list->capacity);
        *type = list->inner;
        break;
    case CNS_OP_LANGUAGES:
        TRY(cns_follow_branches(v->image, type_in(v, CNS_B(word)), CNS_C(word), &values));
        DEMAND(values / 2 <= UINT16_MAX, LOOP);
        *rounds = at_least_one((uint16_t)(values / 2));
        *type = CNS_TYPE_LANGUAGES;
        break;
    case CNS_OP_CLASS:
        *type = CNS_TYPE_CLASS;
        break;
    case CNS_OP_FOLLOW:
        *type = cns_described_by(v->layout, type_in(v, CNS_B(word)));
        break;
    case CNS_OP_MOVE:
        *type = type_in(v, CNS_B(word));
        break;
    case CNS_OP_EXPLAIN:
        *type = CNS_TYPE_EXPLAINED;
        break;
    default: /* ZERO */
        *type = CNS_TYPE_NUMBER;
    }
    return CNS_REASON_ACCEPTED;
}

/* A fact that stays true is as old as before. */
static cns_reason
write_register(verifier *v, uint32_t word) {
    uint32_t number = cns_written_by(word);
    uint16_t type;
    uint16_t rounds;

    if (number == CNS_NOT_WRITTEN) {
        return CNS_REASON_ACCEPTED;
    }
    TRY(find_result(v, word, &type, &rounds));
    fact *known = &v->facts[number];
    if (known->type != type) {
        known->type = type;
        known->since = (uint16_t)v->at;
    }
    if (known->rounds != rounds) {
        known->rounds = rounds;
        known->rounds_since = (uint16_t)v->at;
    }
    return CNS_REASON_ACCEPTED;
}

/* Pairs of `count` values. */
static uint32_t
pairs_of(uint32_t count) {
    return count % 2 == 0 ? cns_steps_times(count / 2, count - (count > 0))
                          : cns_steps_times(count, count / 2);
}

/* The most steps of an instruction besides its own one. */
static cns_reason
find_extra(const verifier *v, uint32_t word, uint32_t *extra) {
    const cns_value_layout *value = value_in(v, CNS_A(word));
    cns_reach to;

    *extra = 0;
    switch (cns_base_of(word)) {
    case CNS_OP_MATCHES:
        *extra = value->type.form == CNS_FORM_INLINE ? value->capacity : 0;
        break;
    case CNS_OP_FIRST:
        *extra = v->facts[CNS_A(word)].rounds - 1u;
        break;
    case CNS_OP_REPORT_FIRST:
        *extra = v->facts[CNS_REPORT_VALUE(word)].rounds - 1u;
        break;
    case CNS_OP_COUNT_WITHIN:
        *extra = pairs_of(field_of(v, word)->capacity);
        break;
    case CNS_OP_COUNT_FIRST:
        *extra = v->facts[CNS_B(word)].rounds - 1u;
        break;
    case CNS_OP_FIRST_OF:
        TRY(cns_follow_path(v->image, type_in(v, CNS_A(word)), CNS_C(word), &to));
        *extra = to.values > 0 ? to.values - 1 : 0;
        break;
    case CNS_OP_LANGUAGES:
        TRY(cns_follow_branches(v->image, type_in(v, CNS_B(word)), CNS_C(word), extra));
        *extra = pairs_of(*extra);
        break;
    case CNS_OP_CALL:
        if (CNS_WIDE(word) > v->number) {
            *extra = cns_function_of(v->image, CNS_WIDE(word)).steps;
        }
        break;
    default:
        break;
    }
    return CNS_REASON_ACCEPTED;
}

/* ---- First reading: instructions and jumps ------------------------------------------------ */

static cns_reason
mark_jump(verifier *v, uint32_t word) {
    uint32_t left = length_of(v) - v->at - 1; /* instructions behind this one */
    uint32_t skip = cns_skip_of(word);
    bool is_form = (word & (CNS_UNLESS | CNS_IF)) != 0;

    if (cns_base_of(word) == CNS_OP_NEXT) {
        uint32_t back = cns_back_of(word);
        DEMAND(back > 0 && back <= v->at + 1, JUMP);
        uint16_t *next = &v->nexts[v->at + 1 - back];
        DEMAND(*next == 0, LOOP);
        *next = (uint16_t)(v->at + 1);
    } else if (skip > 0) {
        if (skip >= left || skip > INT16_MAX) {
            return is_form ? CNS_REASON_FLOW : CNS_REASON_JUMP;
        }
        uint16_t *jump = &v->jumps[v->at + 1 + skip];
        *jump = *jump != 0 ? *jump : (uint16_t)(v->at + 1);
    }
    return CNS_REASON_ACCEPTED;
}

static cns_reason
mark_jumps(verifier *v) {
    for (uint32_t i = 0; i < length_of(v); i++) {
        v->jumps[i] = 0;
        v->nexts[i] = 0;
    }
    for (v->at = 0; v->at < length_of(v); v->at++) {
        uint32_t word = word_at(v, v->at);
        DEMAND(cns_operands_of(word & 0xFFu) != NULL, OPCODE);
        TRY(mark_jump(v, word));
    }
    v->at = length_of(v) - 1;
    DEMAND(word_at(v, v->at) == CNS_OP_RETURN, FLOW);
    return CNS_REASON_ACCEPTED;
}

/* ---- Second reading: operands, registers, loops, steps ------------------------------------ */

static void
forget(verifier *v, uint32_t number) {
    v->facts[number].type = CNS_TYPE_ABSENT;
    v->facts[number].rounds = 0;
}

/* Forgets what a jump to this instruction goes around. */
static void
join_jumps(verifier *v) {
    uint32_t earliest = v->jumps[v->at];
    for (uint32_t i = 0; earliest != 0 && i < v->function.registers; i++) {
        fact *known = &v->facts[i];
        if (known->since >= earliest) {
            forget(v, i);
        } else if (known->rounds_since >= earliest) {
            known->rounds = 0;
        }
    }
}

/* Forgets what the loop overwrites, and sees that its head is the only way in. */
static cns_reason
scan_loop(verifier *v, uint32_t end) {
    for (uint32_t at = v->at; at <= end; at++) {
        uint32_t written = cns_written_by(word_at(v, at));
        DEMAND(at == v->at || v->jumps[at] == 0 || v->jumps[at] > v->at, JUMP);
        if (written < v->function.registers) {
            forget(v, written);
        }
    }
    return CNS_REASON_ACCEPTED;
}

static cns_reason
enter_loop(verifier *v) {
    if (v->nexts[v->at] == 0) {
        return CNS_REASON_ACCEPTED;
    }
    uint32_t end = v->nexts[v->at] - 1u;
    DEMAND(v->depth < CNS_PATH_STEPS, LOOP);
    DEMAND(v->depth == 0 || end < v->loops[v->depth - 1].end, LOOP);
    TRY(scan_loop(v, end));
    uint32_t cursor = CNS_A(word_at(v, end));
    DEMAND(cursor < v->function.registers && v->facts[cursor].rounds > 0, LOOP);
    v->loops[v->depth++] = (loop){end, v->times};
    v->times = cns_steps_times(v->times, v->facts[cursor].rounds);
    return CNS_REASON_ACCEPTED;
}

static void
leave_loop(verifier *v) {
    if (v->depth > 0 && v->loops[v->depth - 1].end == v->at) {
        v->times = v->loops[--v->depth].around;
    }
}

static cns_reason
verify_instruction(verifier *v) {
    uint32_t word = word_at(v, v->at);
    uint32_t extra;

    join_jumps(v);
    TRY(enter_loop(v));
    TRY(check_operands(v, word));
    TRY(check_demands(v, word));
    TRY(find_extra(v, word, &extra));
    TRY(write_register(v, word));
    extra = cns_steps_add(extra, 1);
    v->steps = cns_steps_add(v->steps, cns_steps_times(extra, v->times));
    leave_loop(v);
    return CNS_REASON_ACCEPTED;
}

static cns_reason
verify_function(verifier *v) {
    TRY(mark_jumps(v));
    for (uint32_t i = 0; i < CNS_NO_REGISTER; i++) {
        v->facts[i] = (fact){CNS_TYPE_ABSENT, 0, 0, 0};
    }
    v->facts[0].type = (uint16_t)v->function.parameter;
    v->times = 1;
    v->steps = 0;
    v->depth = 0;
    for (v->at = 0; v->at < length_of(v); v->at++) {
        TRY(verify_instruction(v));
    }
    return CNS_REASON_ACCEPTED;
}

/* ---- All functions ------------------------------------------------------------------------ */

static cns_fault
fault_in(cns_reason reason, cns_section section, uint32_t index) {
    return (cns_fault){reason, section.start + index};
}

/* Whether the code of functions is all of the section, each behind the one before. */
static cns_fault
check_functions(const cns_image *image, size_t scratch_count) {
    cns_section functions = image->functions;
    uint32_t start = 0;

    if (functions.length % CNS_FUNCTION_WORDS != 0 ||
        (functions.length == 0 && image->code.length > 0)) {
        return fault_in(CNS_REASON_FUNCTION, functions, 0);
    }
    for (uint32_t i = 0; i < image->function_count; i++) {
        cns_function function = cns_function_of(image, i);
        uint32_t type = function.parameter;
        bool typed = cns_record_of_type(image->layout, type) != NULL ||
                     cns_value_of_type(image->layout, type) != NULL;
        if (function.start != start || function.end <= start ||
            function.end > image->code.length || function.end - start >= UINT16_MAX || !typed) {
            return fault_in(CNS_REASON_FUNCTION, functions, i * CNS_FUNCTION_WORDS);
        }
        uint32_t unused = cns_word_of(image, functions, i * CNS_FUNCTION_WORDS + 1) & 0xFF00u;
        if (function.registers == 0 || function.registers > CNS_NO_REGISTER || unused != 0) {
            return fault_in(CNS_REASON_REGISTERS, functions, i * CNS_FUNCTION_WORDS + 1);
        }
        if (function.end - start > scratch_count / 2 || i >= scratch_count) {
            return fault_in(CNS_REASON_SCRATCH, functions, i * CNS_FUNCTION_WORDS);
        }
        start = function.end;
    }
    return (cns_fault){CNS_REASON_ACCEPTED, 0};
}

static verifier
verifier_of(const cns_image *image, uint32_t number, uint16_t *scratch) {
    verifier v = {.image = image, .layout = image->layout, .number = number};
    v.function = cns_function_of(image, number);
    v.jumps = scratch;
    v.nexts = scratch + length_of(&v);
    return v;
}

static cns_fault
verify_functions(const cns_image *image, uint16_t *scratch) {
    for (uint32_t i = 0; i < image->function_count; i++) {
        verifier v = verifier_of(image, i, scratch);
        cns_reason reason = verify_function(&v);
        if (reason != CNS_REASON_ACCEPTED) {
            return fault_in(reason, image->code, v.function.start + v.at);
        }
        if (v.steps == UINT32_MAX || v.function.steps < v.steps) {
            return fault_in(CNS_REASON_STEPS, image->functions, i * CNS_FUNCTION_WORDS + 2);
        }
    }
    return (cns_fault){CNS_REASON_ACCEPTED, 0};
}

uint32_t
cns_function_steps(const cns_image *image, uint32_t number, uint16_t *scratch) {
    verifier v = verifier_of(image, number, scratch);
    verify_function(&v);
    return v.steps;
}

/* The registers of a function and of those that it calls, with a place to return to for each. */
static uint32_t
registers_of(const cns_image *image, uint32_t number, const uint16_t *registers) {
    cns_function function = cns_function_of(image, number);
    uint32_t most = 0;
    for (uint32_t at = function.start; at < function.end; at++) {
        uint32_t word = cns_word_of(image, image->code, at);
        if (cns_base_of(word) == CNS_OP_CALL && CNS_WIDE(word) > number) {
            uint32_t called = registers[CNS_WIDE(word)] + 1u;
            most = called > most ? called : most;
        }
    }
    return function.registers + most;
}

/* Whether no chain of calls takes more registers than the image states, and there are as many. */
static cns_fault
check_registers(const cns_image *image, uint16_t *registers) {
    uint32_t stated = cns_word(image->words[CNS_WORD_REGISTERS]);
    if (stated > image->limits.register_count) {
        return (cns_fault){CNS_REASON_REGISTERS, CNS_WORD_REGISTERS};
    }
    for (uint32_t i = image->function_count; i-- > 0;) {
        uint32_t needed = registers_of(image, i, registers);
        if (needed > stated) {
            return fault_in(CNS_REASON_REGISTERS, image->functions, i * CNS_FUNCTION_WORDS + 1);
        }
        registers[i] = (uint16_t)needed;
    }
    return (cns_fault){CNS_REASON_ACCEPTED, 0};
}

/* Whether records have functions for such records, within the steps that are allowed. */
static cns_fault
check_entries(const cns_image *image) {
    uint32_t most = image->limits.steps;

    if (image->entries.length != image->layout->record_count) {
        return fault_in(CNS_REASON_ENTRY, image->entries, 0);
    }
    for (uint16_t i = 0; i < image->entries.length; i++) {
        uint32_t entry = cns_word_of(image, image->entries, i);
        if (entry == CNS_NO_ENTRY || entry == CNS_NOTHING) {
            continue;
        }
        if (entry >= image->function_count ||
            cns_function_of(image, entry).parameter != (CNS_TYPE_RECORD | i)) {
            return fault_in(CNS_REASON_ENTRY, image->entries, i);
        }
        if (most != 0 && cns_image_steps(image, i) > most) {
            return fault_in(CNS_REASON_STEPS, image->entries, i);
        }
    }
    return (cns_fault){CNS_REASON_ACCEPTED, 0};
}

cns_fault
cns_verify_code(const cns_image *image, uint16_t *scratch, size_t scratch_count) {
    cns_fault fault = check_functions(image, scratch != NULL ? scratch_count : 0);
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = verify_functions(image, scratch);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = check_registers(image, scratch);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = check_entries(image);
    }
    return fault;
}
