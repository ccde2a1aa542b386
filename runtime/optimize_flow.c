/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flow of a function that is optimized: what instructions read and write, where they lead.
 *
 * Jumps lead forward, and only NEXT leads back, to the head of its loop. So one pass forward
 * finds all that is reachable; passes backward find what is live, once more for each level of
 * loops, since what is live at a head is live at its NEXT.
 */
#include <cns/cns.h>

#include "optimize.h"

void *memset(void *to, int byte, size_t size);

void
cns_put(cns_code *code, uint32_t at, uint32_t word) {
    code->words[at] = cns_word(word);
    code->changed = true;
}

void
cns_drop(cns_code *code, uint32_t at, cns_rule rule) {
    cns_put(code, at, CNS_OP_NOP | ((uint32_t)rule + 1u) << 8);
}

/* ---- Registers ---------------------------------------------------------------------------- */

static uint32_t
register_bit(uint32_t number) {
    return number < CNS_NO_REGISTER ? 1u << number : 0;
}

/* Whether an operand of this letter is a register that is read. */
static bool
is_read(char letter) {
    switch (letter) {
    case 'R':
    case 'B':
    case 'V':
    case 'X':
    case 'L':
    case 'C':
    case 'N':
    case 'E':
    case 'M': /* the lower bits are the register, */
    case 'Q': /* as they are here */
        return true;
    default:
        return false;
    }
}

uint32_t
cns_reads(uint32_t word) {
    const char *letters = cns_operands_of(cns_base_of(word));
    uint32_t set = 0;

    for (uint32_t i = 0; letters[i] != '\0'; i++) {
        bool packed = letters[i] == 'M' || letters[i] == 'Q';
        uint32_t operand = word >> (8 + 8 * i) & (packed ? 31u : 0xFFu);
        set |= is_read(letters[i]) ? register_bit(operand) : 0;
    }
    switch (cns_base_of(word)) {
    case CNS_OP_FIRST_OF:
        return set | register_bit(CNS_B(word) + 1u);
    case CNS_OP_NOT:
    case CNS_OP_JUMP_IF:
    case CNS_OP_JUMP_UNLESS:
        return set | CNS_FLAG;
    default:
        return set;
    }
}

uint32_t
cns_writes(uint32_t word) {
    uint32_t base = cns_base_of(word);
    bool moves_on = base == CNS_OP_COUNT || base == CNS_OP_COUNT_FIRST || base == CNS_OP_NEXT;
    bool sets_flag = base == CNS_OP_NOT || (cns_is_test(base) && cns_form_of(word) == 0);

    return register_bit(moves_on ? CNS_A(word) : cns_written_by(word)) |
           (sets_flag ? CNS_FLAG : 0);
}

/* ---- Jumps -------------------------------------------------------------------------------- */

bool
cns_is_jump(uint32_t word) {
    const char *letters = cns_operands_of(cns_base_of(word));
    return letters[1] == 'j' || letters[2] == 'J';
}

uint32_t
cns_target(uint32_t word, uint32_t at) {
    bool leads_over = cns_form_of(word) != 0 || cns_base_of(word) == CNS_OP_FIELD_CHECKS;
    return leads_over || cns_is_jump(word) ? at + 1 + cns_skip_of(word) : 0;
}

uint32_t
cns_head(uint32_t next, uint32_t at) {
    return at + 1 - cns_back_of(next);
}

uint32_t
cns_retarget(uint32_t word, uint32_t at, uint32_t target) {
    uint32_t distance = target - at - 1;
    bool wide = cns_has_wide(cns_operands_of(word & 0xFFu));

    if (distance > (wide ? INT16_MAX : UINT8_MAX)) {
        return CNS_OP_NOP;
    }
    return wide ? (word & 0xFFFFu) | distance << 16 : (word & 0x00FFFFFFu) | distance << 24;
}

/* Whether the next instruction may run after this one. */
static bool
falls_through(uint32_t word) {
    return cns_base_of(word) != CNS_OP_JUMP && cns_base_of(word) != CNS_OP_RETURN;
}

static void
note_jump(cns_code *code, uint32_t at) {
    uint32_t target = cns_target(cns_word_at(code, at), at);

    if (target != 0 && target - at > code->reach[target]) {
        code->reach[target] = (uint16_t)(target - at);
    }
}

static void
note_loop(cns_code *code, uint32_t at) {
    uint32_t head = cns_head(cns_word_at(code, at), at);
    uint32_t length = at + 1 - head;

    if (length > code->loop[head]) {
        code->loop[head] = (uint16_t)length;
    }
}

/*
 * UNREACHABLE:
 *     JUMP L            JUMP L
 *     REPORT - r0 #1    (gone)
 *  L: RETURN         L: RETURN
 */
void
cns_mark(cns_code *code) {
    bool reachable = true;

    memset(code->reach, 0, code->count * sizeof *code->reach);
    memset(code->loop, 0, code->count * sizeof *code->loop);
    for (uint32_t at = 0; at < code->count; at++) {
        uint32_t word = cns_word_at(code, at);
        reachable = reachable || code->reach[at] != 0;
        if (!reachable && cns_base_of(word) != CNS_OP_NOP) {
            cns_drop(code, at, CNS_RULE_UNREACHABLE);
        }
        if (!reachable) {
            continue;
        }
        note_jump(code, at);
        if (cns_base_of(word) == CNS_OP_NEXT) {
            note_loop(code, at);
        }
        reachable = falls_through(word);
    }
}

/* ---- Liveness ----------------------------------------------------------------------------- */

uint32_t
cns_live_before(const cns_code *code, uint32_t at) {
    return at < code->count ? code->live[2 * at] | (uint32_t)code->live[2 * at + 1] << 16 : 0;
}

uint32_t
cns_live_after(const cns_code *code, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t target = cns_target(word, at);
    uint32_t set = target != 0 ? cns_live_before(code, target) : 0;

    if (cns_base_of(word) == CNS_OP_NEXT) {
        set |= cns_live_before(code, cns_head(word, at));
    }
    if (cns_base_of(word) == CNS_OP_RETURN && code->flag_read) {
        set |= CNS_FLAG;
    }
    return falls_through(word) ? set | cns_live_before(code, at + 1) : set;
}

/* What is held no longer at this word, be it the jump itself. */
static void
release(cns_held *held, uint32_t at) {
    for (uint32_t i = 0; held->set >> i != 0; i++) {
        if (held->since[i] >= at) {
            held->set &= ~(1u << i);
        }
    }
}

/* Holds what is live behind a jump, at which that ends. */
static void
keep_live(cns_held *held, uint32_t live, uint32_t jump) {
    for (uint32_t i = 0; i < CNS_NO_REGISTER; i++) {
        bool is_new = (held->set & 1u << i) == 0;
        if ((live & 1u << i) != 0 && (is_new || held->since[i] > jump)) {
            held->since[i] = (uint16_t)jump;
        }
    }
    held->set |= live & ~CNS_FLAG;
}

/*
 * Registers that are live at a join stay live on all words back to the farthest jump to it. The
 * verifier, which reads in order, knows at L what r1 held before that jump. What is written on the
 * way leaves that as it is where it has the same type, but is no substitute for it: so the first
 * FIELD stays, whose place nobody reads.
 *     FIELD r0 s A
 *  A: HAS.if r0 t
 *     FIELD r0 s L
 *     FIELD r0 s L
 *  L: REPORT r1 r0 #1
 */
void
cns_find_live_at(cns_code *code, cns_held *held, uint32_t at) {
    uint32_t word = cns_word_at(code, at);

    release(held, at);
    uint32_t set = (cns_live_after(code, at) & ~cns_writes(word)) | cns_reads(word) | held->set;
    if (code->reach[at] != 0) {
        keep_live(held, set, at - code->reach[at]);
    }
    code->live[2 * at] = (uint16_t)(set & 0xFFFFu);
    code->live[2 * at + 1] = (uint16_t)(set >> 16);
}

/* One pass backward; whether something became live at the head of a loop. */
static bool
find_live_once(cns_code *code) {
    cns_held held = {.set = 0};
    bool grown = false;

    for (uint32_t at = code->count; at-- > 0;) {
        uint32_t before = cns_live_before(code, at);
        cns_find_live_at(code, &held, at);
        grown = grown || (code->loop[at] != 0 && cns_live_before(code, at) != before);
    }
    return grown;
}

void
cns_find_live(cns_code *code) {
    memset(code->live, 0, 2 * code->count * sizeof *code->live);
    while (find_live_once(code)) {
    }
}

/* ---- Gaps --------------------------------------------------------------------------------- */

/* The rule that took a word away; a NOP that came in does nothing, as what is dead. */
static cns_rule
taken_by(uint32_t nop) {
    return CNS_A(nop) != 0 ? (cns_rule)(CNS_A(nop) - 1) : CNS_RULE_DEAD;
}

/* Whether the head of a loop would go where the head of the loop inside it goes. */
static bool
joins_heads(const cns_code *code, uint32_t at) {
    uint32_t next = at;

    if (code->loop[at] == 0) {
        return false;
    }
    while (cns_base_of(cns_word_at(code, next)) == CNS_OP_NOP) {
        next++;
        if (code->loop[next] != 0) {
            return true;
        }
    }
    return false;
}

/* Whether a word stays: a NOP does behind a test that may leave it out. */
static bool
stays(const cns_code *code, uint32_t at) {
    return cns_base_of(cns_word_at(code, at)) != CNS_OP_NOP ||
           (at > 0 && cns_form_of(cns_word_at(code, at - 1)) != 0) || joins_heads(code, at);
}

/* Gives each word the number that it will have, which `live` holds from here on. */
static uint32_t
renumber(cns_code *code) {
    uint32_t next = 0;

    for (uint32_t at = 0; at < code->count; at++) {
        code->live[at] = (uint16_t)next;
        next += stays(code, at) ? 1 : 0;
    }
    return next;
}

/* A word as it is where it goes, with its jump as far as it is there. */
static uint32_t
moved_word(const cns_code *code, uint32_t at) {
    const uint16_t *number_of = code->live;
    uint32_t word = cns_word_at(code, at);

    if (cns_base_of(word) == CNS_OP_NOP) {
        return CNS_OP_NOP;
    }
    if (cns_base_of(word) == CNS_OP_NEXT) {
        uint32_t forward = number_of[cns_head(word, at)] - (number_of[at] + 1u); /* below 0 */
        return (word & 0xFFFFu) | forward << 16;
    }
    if (!cns_is_jump(word)) {
        return word;
    }
    return cns_retarget(word, number_of[at], number_of[cns_target(word, at)]);
}

void
cns_squeeze(cns_code *code) {
    uint32_t count = renumber(code);

    for (uint32_t at = 0; at < code->count; at++) {
        uint32_t to = code->live[at];
        uint32_t next = at + 1 < code->count ? code->live[at + 1] : count;
        if (next != to) {
            code->words[to] = cns_word(moved_word(code, at));
        } else {
            code->removed[taken_by(cns_word_at(code, at))]++;
        }
    }
    code->count = count;
}
