/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine: runs the functions of an image that the verifier accepted, over a record that is
 * sound. What the verifier proves is not asked again: operands are in range, registers hold what
 * an instruction needs, loops and calls end.
 *
 * A call puts the registers of the called function behind those of the caller; the one between
 * them says where to return to.
 */
#include "keys.h"
#include "operands.h"

/* Whether instructions are found by their addresses, or by a switch; both run the same bodies. */
#ifndef CNS_VM_GOTO
#if defined(__GNUC__)
#define CNS_VM_GOTO 1
#else
#define CNS_VM_GOTO 0
#endif
#endif

#if CNS_VM_GOTO
#pragma GCC diagnostic ignored "-Wpedantic" /* labels as values are not ISO C */
#define CNS_RUN(name) run_##name:
#define CNS_DISPATCH(opcode) goto *targets[opcode];
#else
#define CNS_RUN(name) case CNS_OP_##name:
#define CNS_DISPATCH(opcode) switch (opcode)
#endif

/* The state of a run besides its registers. */
typedef struct run {
    const cns_image *image;
    cns_result *result;
    const cns_register *last; /* behind the registers of the machine */
    uint32_t steps;
    uint32_t back_calls; /* that are left */
    uint16_t parent;     /* what is reported explains this violation, or 0 */
    bool flag;           /* in memory: most tests decide on their own what runs next */
} run;

static inline void
hold(const cns_image *image, cns_register *held, const void *at, size_t value) {
    held->at = at;
    held->as.value = &image->layout->values[value];
}

/* Lets a register hold the place of a single field, or of zeros; returns whether it is there. */
static inline bool
hold_field(const cns_image *image, cns_register *held, const cns_register *base, uint32_t slot) {
    const cns_field_layout *field = &base->as.record->fields[slot];
    if (!cns_bit_set(base->as.record, field, base->at)) {
        hold(image, held, image->layout->empty, field->value);
        return false;
    }
    hold(image, held, cns_after(base->at, field->offset), field->value);
    return true;
}

/* Lets a register stand at the first of `count` values; returns whether there is one. */
static bool
hold_first(const cns_image *image, cns_register *held, const void *at, uint32_t value,
           uint32_t count) {
    hold(image, held, count != 0 ? at : image->layout->empty, value);
    held->n.of.index = 0;
    held->n.of.count = (uint16_t)count;
    return count != 0;
}

static inline bool
has_values(const cns_register *base, uint32_t slot) {
    const cns_record_layout *record = base->as.record;
    return cns_field_count(record, &record->fields[slot], base->at) != 0;
}

static bool
open_field(const cns_image *image, cns_register *held, const cns_register *base, uint32_t slot) {
    const cns_field_layout *field = &base->as.record->fields[slot];
    return hold_first(image, held, cns_after(base->at, field->offset), field->value,
                      *(const uint16_t *)cns_after(base->at, field->presence));
}

static bool
open_list(const cns_image *image, cns_register *held, const cns_register *base) {
    const cns_value_layout *list = base->as.value;
    return hold_first(image, held, cns_after(base->at, list->offset), list->inner,
                      *(const uint16_t *)base->at);
}

static bool
hold_class(const cns_image *image, cns_register *held, const cns_register *base) {
    held->at = cns_holds_record(image->layout, base) ? cns_class_place(base->as.record, base->at)
                                                     : &((const cns_ref *)base->at)->class_id;
    held->as.value = &cns_class_layout;
    return *(const uint32_t *)held->at != 0;
}

/* What the cursor of LANGUAGES stands at: values of no bytes. */
static const cns_value_layout no_layout = {.inner = CNS_NO_RECORD};

static bool
count_languages(run *now, cns_register *held, const cns_register *base, uint32_t branches) {
    uint32_t count = cns_count_languages(now->image, base, branches, &now->steps);
    held->at = now->image->layout->empty;
    held->as.value = &no_layout;
    held->n.of.index = 0;
    held->n.of.count = (uint16_t)(count > UINT16_MAX ? UINT16_MAX : count);
    return count != 0;
}

/* Moves a cursor on, unless it stands at the last value; returns whether it did. */
static bool
move_on(cns_register *cursor) {
    if (cursor->n.of.count - cursor->n.of.index <= 1) {
        return false;
    }
    cursor->n.of.index++;
    cursor->at = cns_after(cursor->at, cursor->as.value->size);
    return true;
}

static bool
key_within(const cns_register *held, const uint32_t *range) {
    return cns_ranges_missed(held->as.value, held->at, range, false) == 0;
}

static bool
in_range(const uint32_t *range, uint32_t number) {
    return number >= cns_word(range[0]) && number <= cns_word(range[1]);
}

/* The number of distinct values of a field. */
static uint32_t
count_field(const cns_image *image, const cns_register *base, uint32_t slot, uint32_t *steps) {
    cns_register cursor;
    uint32_t count = 0;
    for (bool more = open_field(image, &cursor, base, slot); more; more = move_on(&cursor)) {
        count += cns_is_first(image, &cursor, steps) ? 1 : 0;
    }
    return count;
}

static bool
is_member(const cns_image *image, const cns_register *held, uint32_t constant) {
    uint32_t number = cns_enumerator_at(held->as.value, held->at);
    uint32_t bits = cns_word_of(image, image->constants, constant);
    uint32_t word = number < bits ? constant + 1 + (number >> 5) : constant;
    return number < bits &&
           (cns_word_of(image, image->constants, word) >> (number & 31u) & 1u) != 0;
}

static bool
has_id(const cns_image *image, const cns_register *held, uint32_t constant) {
    uint32_t count = cns_word_of(image, image->constants, constant);
    return cns_id_in(image, constant + 1, count, cns_register_id(image, held));
}

static bool
precedes(const cns_image *image, const cns_register *a, const cns_register *b, bool or_equal) {
    cns_term first = cns_register_term(image, a), second = cns_register_term(image, b);
    cns_order order = cns_term_compare(&first, &second);
    return or_equal ? cns_is_at_most(order) : cns_is_less(order);
}

/* The struct that a violation names: that of a node, or the place of a value. */
static const void *
reported(const cns_image *image, const cns_register *held) {
    bool described = !cns_holds_record(image->layout, held) &&
                     held->as.value->inner < image->layout->record_count &&
                     held->as.value->type.form != CNS_FORM_LIST;
    return described ? cns_record_behind(image->layout, cns_place_in(held)) : held->at;
}

/* Adds the violation of a REPORT, or only says that there is one; returns whether to go on. */
static bool
report(run *now, const cns_register *registers, uint32_t word) {
    const cns_image *image = now->image;
    if (image->report == CNS_REPORT_CONFORMS) {
        (void)cns_result_fail(now->result);
        return false;
    }
    const cns_register *focus = &registers[CNS_REPORT_FOCUS(word)];
    const cns_register *held = &registers[CNS_REPORT_VALUE(word)];
    const void *value = NULL;
    if (CNS_REPORT_VALUE(word) != CNS_NO_REGISTER && !cns_holds_record(image->layout, held)) {
        bool blank = held->as.value->type.form == CNS_FORM_RECORD;
        value = blank ? *(const void *const *)held->at : held->at;
    }
    cns_report_detail(now->result, now->parent, CNS_REPORT_CHECK(word), reported(image, focus),
                      cns_register_id(image, focus), value);
    return image->report != CNS_REPORT_FIRST;
}

/* What FIELD_CHECKS finds besides the ranges that are missed: that the field is absent. */
#define ABSENT 4u

/* What FIELD_CHECKS finds; lets the register behind that of the record hold the field. */
static inline uint32_t
field_checks(const cns_image *image, cns_register *record, const uint32_t *range, uint32_t word) {
    if (!hold_field(image, record + 1, record, CNS_B(word))) {
        return ABSENT;
    }
    return cns_ranges_missed(record[1].as.value, record[1].at, range, CNS_CHECKS_SECOND(word));
}

/* Runs those REPORTs behind FIELD_CHECKS that apply to what it found; returns whether to go on. */
static bool
report_checks(run *now, const cns_register *registers, const uint32_t *reports, uint32_t word,
              uint32_t found) {
    uint32_t required = CNS_CHECKS_REQUIRED(word);
    uint32_t left = found == ABSENT ? required : found << required;
    for (; left != 0; left >>= 1, reports++) {
        now->steps += left & 1u;
        if ((left & 1u) != 0 && !report(now, registers, cns_word(*reports))) {
            return false;
        }
    }
    return true;
}

/* Where a function returns to, in the register in front of its own. */
static cns_register
link_to(const uint32_t *next, uint32_t registers, uint32_t function, bool flag) {
    cns_register link;
    link.at = next;
    link.as.value = NULL;
    link.n.number = registers | (flag ? 1u << 8 : 0) | function << 16;
    return link;
}

/* Whether there is space for a call: registers, and, where it leads back, one call more. */
static bool
has_space(run *now, const cns_register *base, cns_function called, bool leads_back) {
    if (leads_back) {
        if (now->back_calls == 0 || now->steps > UINT32_MAX / 2) {
            return false;
        }
        now->back_calls--;
    }
    return called.registers <= (size_t)(now->last - base);
}

/* Says that a case goes on in the next one on purpose. */
#if defined(__GNUC__) && !CNS_VM_GOTO
#define CNS_FALLS_THROUGH __attribute__((fallthrough));
#else
#define CNS_FALLS_THROUGH
#endif

/* The registers that the instruction names. */
#define A (&registers[CNS_A(word)])
#define B (&registers[CNS_B(word)])

/* Ends a test: what runs next is a branch, which processors predict; they wait for a sum. */
#define CNS_DECIDE(test)                                                                          \
    if (test) {                                                                                   \
        goto holds;                                                                               \
    }                                                                                             \
    goto fails;

/* Runs a function, and those that it calls, over what is in the first register. */
static cns_status
run_function(run *now, uint32_t number) {
#if CNS_VM_GOTO
    static const void *const targets[CNS_OP_BASE + 1] = {
#define CNS_X(name, number, operands, meaning) [number] = &&run_##name,
        /* cppcheck-suppress assignBoolToPointer; it reads && as a conjunction */
        CNS_OPCODES(CNS_X)
#undef CNS_X
    };
#endif
    const cns_image *image = now->image;
    const uint32_t *code = image->words + image->code.start;
    const uint32_t *constants = image->words + image->constants.start;
    cns_function function = cns_function_of(image, number);
    cns_register *registers = image->limits.registers;
    uint32_t depth = 0; /* calls that have not returned */
    const uint32_t *next = code + function.start;
    uint32_t word, steps = 0; /* that now->steps does not count yet */

    if (function.registers > image->limits.register_count) {
        return CNS_NO_SPACE;
    }
    for (;;) {
        word = cns_word(*next++);
        steps++;
        CNS_DISPATCH(word & CNS_OP_BASE) {
            CNS_RUN(TRUTH)
            CNS_DECIDE(CNS_WIDE(word) != 0)
            CNS_RUN(HAS)
            CNS_DECIDE(has_values(A, CNS_B(word)))
            CNS_RUN(CLASS)
            CNS_DECIDE(hold_class(image, A, B))
            CNS_RUN(OPEN)
            CNS_DECIDE(open_field(image, A, B, CNS_C(word)))
            CNS_RUN(ITEMS)
            CNS_DECIDE(open_list(image, A, B))
            CNS_RUN(LANGUAGES)
            CNS_DECIDE(count_languages(now, A, B, CNS_C(word)))
            CNS_RUN(WITHIN)
            CNS_DECIDE(key_within(A, constants + CNS_WIDE(word)))
            CNS_RUN(MEMBER)
            CNS_DECIDE(is_member(image, A, CNS_WIDE(word)))
            CNS_RUN(TERM_WITHIN)
            CNS_RUN(VALID)
            CNS_RUN(DATATYPE)
            CNS_RUN(TYPED)
            CNS_RUN(ARM)
            CNS_RUN(LENGTH)
            CNS_RUN(LANGUAGE)
            CNS_RUN(IS)
            CNS_RUN(ORDER)
            CNS_DECIDE(cns_register_test(image, word, A))
            CNS_RUN(KIND)
            CNS_DECIDE(cns_register_kind_in(image, A, CNS_WIDE(word)))
            CNS_RUN(ID_IN)
            CNS_DECIDE(has_id(image, A, CNS_WIDE(word)))
            CNS_RUN(IS_A)
            CNS_DECIDE(cns_register_is_a(image, A, CNS_WIDE(word)))
            CNS_RUN(MATCHES)
            CNS_DECIDE(cns_register_matches(image, A, CNS_WIDE(word), &now->steps))
            CNS_RUN(SAME)
            CNS_DECIDE(cns_register_same(image, A, B))
            CNS_RUN(PRECEDES)
            CNS_DECIDE(precedes(image, A, B, CNS_C(word) != 0))
            CNS_RUN(FIRST)
            CNS_DECIDE(cns_is_first(image, A, &now->steps))
            CNS_RUN(FIRST_OF)
            CNS_DECIDE(cns_is_first_of(image, A, B, CNS_C(word), &now->steps))
            CNS_RUN(NUMBER)
            CNS_DECIDE(in_range(constants + CNS_WIDE(word), A->n.number))
            CNS_RUN(FIELD_WITHIN)
            CNS_DECIDE(!hold_field(image, A + 1, A, CNS_B(word)) ||
                       key_within(A + 1, constants + CNS_C(word)))
            CNS_RUN(COUNT_WITHIN)
            CNS_DECIDE(
                in_range(constants + CNS_C(word), count_field(image, A, CNS_B(word), &now->steps)))
            CNS_RUN(CALL) {
                cns_function called = cns_function_of(image, CNS_WIDE(word));
                cns_register *link = registers + function.registers;
                now->steps += steps;
                steps = 0;
                if (link == now->last ||
                    !has_space(now, link + 1, called, CNS_WIDE(word) <= number)) {
                    return CNS_NO_SPACE;
                }
                *link = link_to(next, function.registers, number, now->flag);
                link[1] = *A;
                registers = link + 1;
                number = CNS_WIDE(word);
                function = called;
                next = code + function.start;
                now->flag = false;
                depth++;
            }
            continue;
            CNS_RUN(RETURN)
            if (depth == 0) {
                goto end;
            }
            depth--;
            {
                const cns_register link = registers[-1];
                const bool holds = now->flag;
                next = link.at;
                word = cns_word(next[-1]);
                registers -= 1 + (link.n.number & 0xFFu);
                now->flag = (link.n.number >> 8 & 1u) != 0;
                number = link.n.number >> 16;
                function = cns_function_of(image, number);
                CNS_DECIDE(holds)
            }
            CNS_RUN(NOP)
            continue;
            CNS_RUN(MOVE)
            *A = *B;
            continue;
            CNS_RUN(VALUE)
            (void)hold_field(image, A, B, CNS_C(word));
            continue;
            CNS_RUN(FOLLOW) {
                cns_place place = cns_place_in(B);
                A->at = cns_record_behind(image->layout, place);
                A->as.record = &image->layout->records[place.value->inner];
            }
            continue;
            CNS_RUN(ZERO)
            A->n.number = 0;
            continue;
            CNS_RUN(COUNT)
            A->n.number++;
            continue;
            CNS_RUN(COUNT_FIRST)
            A->n.number += cns_is_first(image, B, &now->steps) ? 1 : 0;
            continue;
            CNS_RUN(NOT)
            now->flag = !now->flag;
            continue;
            CNS_RUN(JUMP)
            next += (int16_t)CNS_WIDE(word);
            continue;
            CNS_RUN(JUMP_IF)
            next += now->flag ? (int16_t)CNS_WIDE(word) : 0;
            continue;
            CNS_RUN(JUMP_UNLESS)
            next += now->flag ? 0 : (int16_t)CNS_WIDE(word);
            continue;
            CNS_RUN(NEXT)
            next += move_on(A) ? (int16_t)CNS_WIDE(word) : 0;
            continue;
            CNS_RUN(FIELD)
            next += hold_field(image, A + 1, A, CNS_B(word)) ? 0 : CNS_C(word);
            continue;
            CNS_RUN(EACH)
            next += open_field(image, A + 1, A, CNS_B(word)) ? 0 : CNS_C(word);
            continue;
            CNS_RUN(REPORT_FIRST)
            if (!cns_is_first(image, &registers[CNS_REPORT_VALUE(word)], &now->steps)) {
                continue;
            }
            CNS_FALLS_THROUGH
            CNS_RUN(REPORT)
            if (!report(now, registers, word)) {
                goto end;
            }
            continue;
            CNS_RUN(FIELD_CHECKS) {
                const uint32_t *reports = next;
                uint32_t found = field_checks(image, &registers[CNS_CHECKS_RECORD(word)],
                                              constants + CNS_C(word), word);
                next += CNS_CHECKS_REPORTS(word);
                if (found != 0 && !report_checks(now, registers, reports, word, found)) {
                    goto end;
                }
            }
            continue;
            CNS_RUN(EXPLAIN)
            A->n.number = now->parent;
            now->parent = now->result->count;
            continue;
            CNS_RUN(RESUME)
            now->parent = (uint16_t)A->n.number;
            continue;
        }
#if !CNS_VM_GOTO
        return CNS_BAD_IMAGE; /* no instruction: the verifier lets none pass */
#endif
    holds:
        if ((word & CNS_UNLESS) != 0) {
            next++;
        } else if ((word & CNS_IF) == 0) {
            now->flag = true;
        }
        continue;
    fails:
        if ((word & CNS_IF) != 0) {
            next++;
        } else if ((word & CNS_UNLESS) == 0) {
            now->flag = false;
        }
    }
end:
    now->steps += steps;
    return CNS_OK;
}

cns_status
cns_image_run(uint16_t record, const void *data, cns_result *result) {
    const cns_image *image = result->model != NULL ? result->model->image : NULL;
    if (image == NULL || record >= image->layout->record_count) {
        cns_result_begin(result, result->model, 0);
        result->status = CNS_BAD_IMAGE;
        result->conforms = false;
        return CNS_BAD_IMAGE;
    }
    const cns_record_layout *layout = &image->layout->records[record];
    uint32_t function = cns_word_of(image, image->entries, record);
    cns_result_begin(result, result->model, 0);
    if (function == CNS_NO_ENTRY) {
        result->status = CNS_UNKNOWN_KIND;
        result->conforms = false;
        return CNS_UNKNOWN_KIND;
    }
    if (data == NULL ||
        (function != CNS_NOTHING && layout->sound != NULL && !layout->sound(data))) {
        return cns_result_reject(result);
    }
    if (function == CNS_NOTHING) {
        return CNS_OK;
    }
    run now = {image,
               result,
               image->limits.registers + image->limits.register_count,
               0,
               cns_word(image->words[CNS_WORD_BACK_CALLS]),
               0,
               false};
    cns_register *first = image->limits.registers;
    first->at = data;
    first->as.record = layout;
    cns_status status = run_function(&now, function);
    result->steps = now.steps;
    if (status != CNS_OK) {
        result->status = (uint8_t)status;
        result->conforms = false;
    }
    return status;
}
