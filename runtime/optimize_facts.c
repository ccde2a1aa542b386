/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts: what is known where an instruction runs, and what is needless because of it.
 *
 *     HAS r0 s                     FIELD r0 s L         (by later rules)
 *     JUMP_UNLESS L
 *     VALUE r1 r0 s
 *     WITHIN r1 k                  WITHIN r1 k
 *     JUMP_IF M                    JUMP_IF M
 *     VALUE r1 r0 s                (gone: r1 holds it)
 *     REPORT r1 r0 #1              REPORT r1 r0 #1
 *  M: HAS r0 s                  M: (gone: it has, or L would run)
 *     JUMP_UNLESS L                (gone)
 *
 * One pass forward collects facts and uses them. A fact is born at an instruction, and holds
 * until a register that it mentions is written, or a jump from before its birth comes around it.
 * At the head of a loop, facts about what the loop writes end. The table is small: the oldest
 * facts make room, which costs a chance and no correctness.
 */
#include <cns/cns.h>

#include "optimize.h"

enum {
    FACTS = 24,
    /* VALUE with this form: register a holds what FOLLOW makes of the place. */
    FOLLOWED = CNS_OP_VALUE | CNS_IF
};

/*
 * An instruction, and what is known of it: of a test how it ends, of one that fills a register
 * that it would change nothing. ZERO, with a number in its wide operand, is that number.
 */
typedef struct finding {
    uint32_t word;
    uint32_t born;
    uint32_t registers; /* that it mentions */
    bool holds;
} finding;

typedef struct facts {
    finding all[FACTS];
    uint32_t count;
    uint32_t oldest;
    finding flag; /* the test whose outcome the flag is; TRUTH: one that is known; NOP: none */
} facts;

/* What is known of a condition. */
typedef enum outcome {
    FALSE,
    TRUE,
    UNKNOWN
} outcome;

static uint32_t
make_word(uint32_t opcode, uint32_t a, uint32_t b, uint32_t c) {
    return opcode | a << 8 | b << 16 | c << 24;
}

static uint32_t
mentioned_by(uint32_t word) {
    uint32_t plain = (word & ~0xFFu) | cns_base_of(word);
    return (cns_reads(plain) | cns_writes(plain)) & ~CNS_FLAG;
}

/* ---- The table ---------------------------------------------------------------------------- */

/* Forgets the facts that mention registers of a set, or are younger than an instruction. */
static void
forget_findings(facts *known, uint32_t registers, uint32_t born) {
    uint32_t kept = 0;

    for (uint32_t i = 0; i < known->count; i++) {
        if ((known->all[i].registers & registers) == 0 && known->all[i].born <= born) {
            known->all[kept++] = known->all[i];
        }
    }
    known->count = kept;
    known->oldest = known->oldest < kept ? known->oldest : 0;
    if ((known->flag.registers & registers) != 0 || known->flag.born > born) {
        known->flag = (finding){0};
    }
}

static void
learn(facts *known, uint32_t word, uint32_t born, bool holds) {
    finding made = {word, born, mentioned_by(word), holds};

    if (known->count < FACTS) {
        known->all[known->count++] = made;
        return;
    }
    known->all[known->oldest] = made;
    known->oldest = (known->oldest + 1) % FACTS;
}

static const finding *
find(const facts *known, uint32_t word) {
    for (uint32_t i = 0; i < known->count; i++) {
        if (known->all[i].word == word) {
            return &known->all[i];
        }
    }
    return NULL;
}

/* The register, in place of operand a, of which this is known; CNS_NO_REGISTER: none. */
static uint32_t
find_register(const facts *known, uint32_t word) {
    if (find(known, word) != NULL) {
        return CNS_A(word);
    }
    for (uint32_t i = 0; i < known->count; i++) {
        if (((known->all[i].word ^ word) & ~0xFF00u) == 0) {
            return CNS_A(known->all[i].word);
        }
    }
    return CNS_NO_REGISTER;
}

/* ---- Conditions --------------------------------------------------------------------------- */

/*
 * The condition that a test finds, as a word that is the same for all that ask it: OPEN asks
 * what HAS does, and where CLASS and ITEMS put what they find is no part of it. NOP: one that is
 * not remembered, as of a test that writes what it asks about.
 */
static uint32_t
condition_of(uint32_t test) {
    uint32_t base = cns_base_of(test);

    switch (base) {
    case CNS_OP_TRUTH:
    case CNS_OP_CALL:
    case CNS_OP_LANGUAGES:
    case CNS_OP_FIELD_WITHIN:
        return CNS_OP_NOP;
    case CNS_OP_OPEN:
        return CNS_A(test) == CNS_B(test) ? CNS_OP_NOP
                                          : make_word(CNS_OP_HAS, CNS_B(test), CNS_C(test), 0);
    case CNS_OP_CLASS:
    case CNS_OP_ITEMS:
        return CNS_A(test) == CNS_B(test) ? CNS_OP_NOP
                                          : make_word(base, CNS_B(test), CNS_B(test), 0);
    default:
        return (test & ~0xFFu) | base;
    }
}

/* The number that a register is; UINT32_MAX: none that is known. */
static uint32_t
find_number(const facts *known, uint32_t number) {
    for (uint32_t i = 0; i < known->count; i++) {
        uint32_t word = known->all[i].word;
        if ((word & 0xFFFFu) == make_word(CNS_OP_ZERO, number, 0, 0)) {
            return CNS_WIDE(word);
        }
    }
    return UINT32_MAX;
}

static outcome
outcome_of(const cns_code *code, const facts *known, uint32_t test) {
    const cns_image *image = code->image;
    uint32_t condition = condition_of(test);
    uint32_t number = find_number(known, CNS_A(test));

    if (cns_base_of(test) == CNS_OP_TRUTH) {
        return CNS_WIDE(test) != 0;
    }
    if (cns_base_of(test) == CNS_OP_NUMBER && number != UINT32_MAX) {
        uint32_t range = CNS_WIDE(test);
        return number >= cns_word_of(image, image->constants, range) &&
               number <= cns_word_of(image, image->constants, range + 1);
    }
    const finding *found = condition != CNS_OP_NOP ? find(known, condition) : NULL;
    return found == NULL ? UNKNOWN : (outcome)found->holds;
}

/* Of the flag. */
static outcome
outcome_of_flag(const facts *known) {
    return cns_base_of(known->flag.word) == CNS_OP_TRUTH ? (outcome)known->flag.holds : UNKNOWN;
}

static void
learn_outcome(facts *known, uint32_t condition, uint32_t born, bool holds) {
    if (condition != CNS_OP_NOP && find(known, condition) == NULL) {
        learn(known, condition, born, holds);
    }
}

static void
learn_flag(facts *known, uint32_t word, uint32_t born, bool holds) {
    known->flag = (finding){word, born, mentioned_by(word), holds};
}

/* ---- Learning ----------------------------------------------------------------------------- */

/* What a loop that begins here writes is not what it was before. */
static void
pass_head(const cns_code *code, facts *known, uint32_t head) {
    uint32_t written = 0;

    for (uint32_t i = 0; i < code->loop[head]; i++) {
        written |= cns_writes(cns_word_at(code, head + i));
    }
    forget_findings(known, written & ~CNS_FLAG, UINT32_MAX);
    if ((written & CNS_FLAG) != 0) {
        known->flag = (finding){0};
    }
}

/*
 * Behind a test that leaves out a jump or RETURN, it ended otherwise: T holds behind
 * `T.unless; JUMP L`.
 */
static void
learn_behind(const cns_code *code, facts *known, uint32_t at) {
    if (at < 2 || code->reach[at] != 2) {
        return;
    }
    uint32_t test = cns_word_at(code, at - 2);
    uint32_t left_out = cns_word_at(code, at - 1);
    bool leaves = cns_base_of(left_out) == CNS_OP_RETURN ||
                  (cns_base_of(left_out) == CNS_OP_JUMP && cns_target(left_out, at - 1) != at);
    if (cns_form_of(test) != 0 && leaves) {
        learn_outcome(known, condition_of(test), at, cns_form_of(test) == CNS_UNLESS);
    }
}

static void
arrive(const cns_code *code, facts *known, uint32_t at) {
    uint32_t back = code->reach[at];

    if (back != 0) {
        forget_findings(known, 0, at - back);
    }
    learn_behind(code, known, at);
    if (code->loop[at] != 0) {
        pass_head(code, known, at);
    }
}

/* That a register holds what an instruction computed, unless that was from the register itself. */
static void
learn_place(facts *known, uint32_t word, uint32_t at) {
    if ((cns_reads(word) & cns_writes(word)) == 0) {
        learn(known, word, at, true);
    }
}

/* FOLLOW: where it began is lost if it is in the same register, and known by another name. */
static void
learn_follow(facts *known, uint32_t word, uint32_t at, uint32_t source) {
    learn_place(known, word, at);
    if (source != CNS_OP_NOP && CNS_B(source) != CNS_A(word)) {
        learn(known, make_word(FOLLOWED, CNS_A(word), CNS_B(source), CNS_C(source)), at, true);
    }
}

/* The VALUE whose place a register holds; NOP: none that is known. */
static uint32_t
find_source(const facts *known, uint32_t number) {
    for (uint32_t i = 0; i < known->count; i++) {
        uint32_t word = known->all[i].word;
        if ((word & 0xFFFFu) == make_word(CNS_OP_VALUE, number, 0, 0)) {
            return word;
        }
    }
    return CNS_OP_NOP;
}

/* The number that COUNT makes of a register, if a wide operand can state it. */
static void
learn_count(facts *known, uint32_t number, uint32_t before, uint32_t at) {
    if (before < UINT16_MAX) {
        learn(known, make_word(CNS_OP_ZERO, number, 0, 0) | (before + 1) << 16, at, true);
    }
}

/* A test: the flag is what it found, or the word behind it runs because of what it found. */
static void
learn_test(facts *known, uint32_t word, uint32_t at) {
    switch (cns_base_of(word)) {
    case CNS_OP_CLASS:
    case CNS_OP_OPEN:
    case CNS_OP_ITEMS:
        learn_place(known, (word & ~0xFFu) | cns_base_of(word), at);
        break;
    case CNS_OP_FIELD_WITHIN:
        learn(known, make_word(CNS_OP_VALUE, CNS_A(word) + 1u, CNS_A(word), CNS_B(word)), at,
              true);
        break;
    default:
        break;
    }
    if (cns_form_of(word) != 0) {
        learn_outcome(known, condition_of(word), at + 1, cns_form_of(word) == CNS_IF);
    } else if (cns_base_of(word) == CNS_OP_TRUTH) {
        learn_flag(known, word, at, CNS_WIDE(word) != 0);
    } else {
        learn_flag(known, condition_of(word), at, true);
    }
}

/* JUMP_IF and JUMP_UNLESS: behind them the flag is known, and the test that set it. */
static void
learn_fall(facts *known, uint32_t at, bool flag) {
    uint32_t test = known->flag.word;

    if (cns_base_of(test) != CNS_OP_TRUTH) {
        learn_outcome(known, test, at + 1, flag);
    }
    learn_flag(known, CNS_OP_TRUTH, at + 1, flag);
}

static void
learn_from(facts *known, uint32_t word, uint32_t at) {
    uint32_t source = cns_base_of(word) == CNS_OP_FOLLOW ? find_source(known, CNS_B(word)) : 0;
    uint32_t number = find_number(known, CNS_A(word));

    forget_findings(known, cns_writes(word) & ~CNS_FLAG, UINT32_MAX);
    if ((cns_writes(word) & CNS_FLAG) != 0) {
        known->flag = (finding){0};
    }
    switch (cns_base_of(word)) {
    case CNS_OP_MOVE:
    case CNS_OP_VALUE:
    case CNS_OP_ZERO:
        learn_place(known, word, at);
        break;
    case CNS_OP_FOLLOW:
        learn_follow(known, word, at, source);
        break;
    case CNS_OP_COUNT:
        learn_count(known, CNS_A(word), number, at);
        break;
    case CNS_OP_FIELD:
        learn(known, make_word(CNS_OP_VALUE, CNS_A(word) + 1u, CNS_A(word), CNS_B(word)), at,
              true);
        learn_outcome(known, make_word(CNS_OP_HAS, CNS_A(word), CNS_B(word), 0), at + 1, true);
        break;
    case CNS_OP_FIELD_CHECKS: {
        uint32_t record = CNS_CHECKS_RECORD(word);
        learn(known, make_word(CNS_OP_VALUE, record + 1u, record, CNS_B(word)), at, true);
        break;
    }
    case CNS_OP_EACH:
        learn(known, make_word(CNS_OP_OPEN, CNS_A(word) + 1u, CNS_A(word), CNS_B(word)), at, true);
        learn_outcome(known, make_word(CNS_OP_HAS, CNS_A(word), CNS_B(word), 0), at + 1, true);
        break;
    case CNS_OP_JUMP_IF:
    case CNS_OP_JUMP_UNLESS:
        learn_fall(known, at, cns_base_of(word) == CNS_OP_JUMP_UNLESS);
        break;
    default:
        if (cns_is_test(cns_base_of(word))) {
            learn_test(known, word, at);
        }
        break;
    }
}

/* ---- Using -------------------------------------------------------------------------------- */

/*
 * LOADS: a register holds the place already.
 *     VALUE r1 r0 s         VALUE r1 r0 s
 *     VALUE r1 r0 s         (gone)
 *     VALUE r3 r0 s         MOVE r3 r1
 */
static void
reuse_place(cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t held = find_register(known, word);

    if (held == CNS_A(word)) {
        cns_drop(code, at, CNS_RULE_LOADS);
    } else if (held != CNS_NO_REGISTER) {
        cns_put(code, at, make_word(CNS_OP_MOVE, CNS_A(word), held, 0));
    }
}

/*
 * LOADS: the same for a node that is followed in its register, which forgets its place.
 *     VALUE r1 r0 s         VALUE r1 r0 s
 *     FOLLOW r1 r1          FOLLOW r1 r1
 *     VALUE r1 r0 s         (gone)
 *     FOLLOW r1 r1          (gone)
 */
static bool
reuse_followed(cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t number = CNS_A(word);
    bool followed = at + 1 < code->count && code->reach[at + 1] == 0 &&
                    cns_word_at(code, at + 1) == make_word(CNS_OP_FOLLOW, number, number, 0);
    uint32_t held = find_register(known, (word & ~0xFFu) | FOLLOWED);

    if (!followed || code->loop[at + 1] != 0 || held == CNS_NO_REGISTER) {
        return false;
    }
    cns_drop(code, at, CNS_RULE_LOADS);
    if (held == number) {
        cns_drop(code, at + 1, CNS_RULE_LOADS);
    } else {
        cns_put(code, at + 1, make_word(CNS_OP_MOVE, number, held, 0));
    }
    return true;
}

/* The register of which an operand is a copy, or itself. */
static uint32_t
original_of(const facts *known, uint32_t number) {
    for (uint32_t i = 0; i < known->count; i++) {
        uint32_t word = known->all[i].word;
        if (cns_base_of(word) == CNS_OP_MOVE && CNS_A(word) == number) {
            return CNS_B(word);
        }
    }
    return number;
}

/*
 * Whether an operand may be another register with the same place. Cursors, that of REPORT_FIRST
 * among them, and numbers are changed where they are, and the register behind that of FIELD, EACH,
 * FIELD_WITHIN and FIELD_CHECKS is written.
 */
static bool
is_copyable(uint32_t word, uint32_t operand) {
    switch (cns_base_of(word)) {
    case CNS_OP_FIELD:
    case CNS_OP_EACH:
    case CNS_OP_FIELD_WITHIN:
    case CNS_OP_REPORT_FIRST:
        return false;
    default:
        break;
    }
    switch (cns_operands_of(cns_base_of(word))[operand]) {
    case 'R':
    case 'V':
    case 'X':
    case 'L':
    case 'M':
        return true;
    default:
        return false;
    }
}

/*
 * MOVES: the copy is not read, so that the MOVE is dead.
 *     MOVE r3 r1            MOVE r3 r1
 *     REPORT r3 r0 #1       REPORT r1 r0 #1
 */
static void
read_originals(cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    const char *letters = cns_operands_of(cns_base_of(word));

    for (uint32_t i = 0; letters[i] != '\0'; i++) {
        uint32_t shift = 8 + 8 * i;
        uint32_t number = word >> shift & (letters[i] == 'M' ? 31u : 0xFFu);
        uint32_t original = is_copyable(word, i) ? original_of(known, number) : number;
        if (original != number) {
            word ^= (number ^ original) << shift;
            cns_put(code, at, word);
        }
    }
}

/* Whether a test does nothing but find its outcome. */
static bool
only_asks(const cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t written = cns_writes(word) & ~CNS_FLAG;
    uint32_t plain = (word & ~0xFFu) | cns_base_of(word);

    return cns_base_of(word) != CNS_OP_CALL &&
           ((cns_live_after(code, at) & written) == 0 || find(known, plain) != NULL);
}

/*
 * TRUTHS: a test whose outcome is known, by itself. If the flag has that value already, even
 * that is needless.
 *     HAS r0 s              TRUTH #1
 */
static void
settle_flag(cns_code *code, const facts *known, uint32_t at, bool holds) {
    uint32_t truth = CNS_OP_TRUTH | (uint32_t)holds << 16;

    if (!only_asks(code, known, at)) {
        return;
    }
    if (outcome_of_flag(known) == (outcome)holds) {
        cns_drop(code, at, CNS_RULE_TRUTHS);
    } else if (cns_word_at(code, at) != truth) {
        cns_put(code, at, truth);
    }
}

/*
 * TRUTHS: the word behind a test runs always, or never.
 *     HAS.if r0 s           (gone)         HAS.unless r0 s       HAS.unless r0 s  (now dead)
 *     REPORT r1 r0 #1       REPORT …       REPORT - r0 #0        (gone)
 */
static void
settle_skip(cns_code *code, const facts *known, uint32_t at, bool holds) {
    uint32_t word = cns_word_at(code, at);
    bool runs = holds == (cns_form_of(word) == CNS_IF);

    if (runs && only_asks(code, known, at)) {
        cns_drop(code, at, CNS_RULE_TRUTHS);
    } else if (!runs && code->reach[at + 1] == 0 && code->loop[at + 1] == 0 &&
               cns_base_of(cns_word_at(code, at + 1)) != CNS_OP_NOP) {
        cns_drop(code, at + 1, CNS_RULE_TRUTHS);
    }
}

/*
 * TRUTHS: a jump on a flag that is known.
 *     TRUTH #1              TRUTH #1 (now dead)
 *     JUMP_IF L             JUMP L
 *     JUMP_UNLESS M         (gone)
 */
static void
settle_jump(cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    outcome flag = outcome_of_flag(known);

    if (flag == UNKNOWN) {
        return;
    }
    if ((flag == TRUE) == (cns_base_of(word) == CNS_OP_JUMP_IF)) {
        cns_put(code, at, (word & ~0xFFu) | CNS_OP_JUMP);
    } else {
        cns_drop(code, at, CNS_RULE_TRUTHS);
    }
}

/*
 * TRUTHS: a field whose presence is known.
 *     FIELD r0 s L          VALUE r1 r0 s, or JUMP L if r1 is not read
 */
static void
settle_field(cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    outcome has = outcome_of(code, known, make_word(CNS_OP_HAS, CNS_A(word), CNS_B(word), 0));

    if (has == TRUE && cns_base_of(word) == CNS_OP_FIELD) {
        cns_put(code, at, make_word(CNS_OP_VALUE, CNS_A(word) + 1u, CNS_A(word), CNS_B(word)));
    } else if (has == FALSE && (cns_live_after(code, at) & cns_writes(word)) == 0) {
        cns_put(code, at, CNS_OP_JUMP | (uint32_t)CNS_C(word) << 16);
    }
}

/*
 * FIELDS: FIELD may write the register behind that of the record if it changes nothing there.
 *     FIELD r0 s L          FIELD r0 s L
 *     HAS.unless r0 s       FIELD r0 s M
 *     JUMP M
 */
static void
fuse_held_field(cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t place = make_word(CNS_OP_VALUE, CNS_A(word) + 1u, CNS_A(word), CNS_B(word));
    uint32_t jump = cns_word_at(code, at + 1);
    bool fits = cns_form_of(word) == CNS_UNLESS && cns_base_of(jump) == CNS_OP_JUMP &&
                CNS_WIDE(jump) <= UINT8_MAX && code->reach[at + 1] == 0;

    if (fits && code->loop[at + 1] == 0 && find(known, place) != NULL) {
        cns_drop(code, at, CNS_RULE_FIELDS);
        cns_put(code, at + 1, make_word(CNS_OP_FIELD, CNS_A(word), CNS_B(word), CNS_WIDE(jump)));
    }
}

static void
use_test(cns_code *code, const facts *known, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    outcome found = outcome_of(code, known, word);

    if (found == UNKNOWN && cns_base_of(word) == CNS_OP_HAS) {
        fuse_held_field(code, known, at);
    } else if (found != UNKNOWN && cns_form_of(word) == 0) {
        settle_flag(code, known, at, found == TRUE);
    } else if (found != UNKNOWN) {
        settle_skip(code, known, at, found == TRUE);
    }
}

static void
use_for(cns_code *code, const facts *known, uint32_t at) {
    read_originals(code, known, at);
    switch (cns_base_of(cns_word_at(code, at))) {
    case CNS_OP_VALUE:
        if (!reuse_followed(code, known, at)) {
            reuse_place(code, known, at);
        }
        break;
    case CNS_OP_FOLLOW:
        reuse_place(code, known, at);
        break;
    case CNS_OP_MOVE:
        if (CNS_A(cns_word_at(code, at)) == CNS_B(cns_word_at(code, at)) ||
            find(known, cns_word_at(code, at)) != NULL) {
            cns_drop(code, at, CNS_RULE_MOVES);
        }
        break;
    case CNS_OP_NOT:
        if (outcome_of_flag(known) != UNKNOWN) {
            cns_put(code, at, CNS_OP_TRUTH | (outcome_of_flag(known) == FALSE ? 1u << 16 : 0));
        }
        break;
    case CNS_OP_JUMP_IF:
    case CNS_OP_JUMP_UNLESS:
        settle_jump(code, known, at);
        break;
    case CNS_OP_FIELD:
    case CNS_OP_EACH:
        settle_field(code, known, at);
        break;
    default:
        if (cns_is_test(cns_base_of(cns_word_at(code, at)))) {
            use_test(code, known, at);
        }
        break;
    }
}

/* requires marks, and what is live; afterwards more registers may be live */
void
cns_use_facts(cns_code *code) {
    facts known = {.count = 0};

    for (uint32_t at = 0; at < code->count; at++) {
        arrive(code, &known, at);
        use_for(code, &known, at);
        learn_from(&known, cns_word_at(code, at), at);
    }
}
