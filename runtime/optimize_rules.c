/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules that look at neighbours: a word or two, where they lead, and what is live there.
 *
 * What a rule makes of two words lies where the last of them lay, so that jumps to what follows
 * stay right; a jump to the first one arrives there too. No rule makes a run take more steps.
 */
#include <cns/cns.h>

#include "optimize.h"

/* Whether a word runs only behind the one before it. */
static bool
only_follows(const cns_code *code, uint32_t at) {
    return at < code->count && code->reach[at] == 0 && code->loop[at] == 0;
}

static bool
is_jump_on_flag(uint32_t word) {
    return cns_base_of(word) == CNS_OP_JUMP_IF || cns_base_of(word) == CNS_OP_JUMP_UNLESS;
}

static bool
is_flag_dead_after(const cns_code *code, uint32_t at) {
    return (cns_live_after(code, at) & CNS_FLAG) == 0;
}

/* A word with another opcode. */
static uint32_t
with_opcode(uint32_t word, uint32_t opcode) {
    return (word & ~0xFFu) | opcode;
}

/* ---- DEAD --------------------------------------------------------------------------------- */

/*
 * Whether an instruction does nothing but write registers and the flag. `next` is the first word
 * behind it that does something: what leads no further leads there either way.
 */
static bool
only_writes(uint32_t word, uint32_t at, uint32_t next) {
    switch (cns_base_of(word)) {
    case CNS_OP_FIELD:
    case CNS_OP_EACH:
    case CNS_OP_JUMP:
    case CNS_OP_JUMP_IF:
    case CNS_OP_JUMP_UNLESS:
        return cns_target(word, at) <= next;
    case CNS_OP_MOVE:
    case CNS_OP_VALUE:
    case CNS_OP_FOLLOW:
    case CNS_OP_ZERO:
    case CNS_OP_COUNT:
    case CNS_OP_COUNT_FIRST:
    case CNS_OP_NOT:
        return true;
    default:
        return cns_is_test(cns_base_of(word)) && cns_base_of(word) != CNS_OP_CALL;
    }
}

/* Whether NEXT counts through a loop without a body, for nobody. */
static bool
is_empty_loop(const cns_code *code, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    return cns_base_of(word) == CNS_OP_NEXT && cns_head(word, at) == at &&
           (cns_live_before(code, at + 1) & cns_writes(word)) == 0;
}

/*
 * A test that decides about nothing sets a flag that nobody reads, if that is all it can do.
 *     HAS.unless r0 s       (gone)          CALL.if r0 f          CALL r0 f
 *     NOP                   (gone)          NOP                   (gone)
 */
static void
drop_skip(cns_code *code, uint32_t at, bool dead) {
    uint32_t word = cns_word_at(code, at);

    if (dead) {
        cns_drop(code, at, CNS_RULE_DEAD);
    } else if (is_flag_dead_after(code, at)) {
        cns_put(code, at, with_opcode(word, cns_base_of(word)));
    }
}

/* Of what changes nothing: the rule that takes it away. */
static cns_rule
rule_of(uint32_t word) {
    switch (cns_base_of(word)) {
    case CNS_OP_MOVE:
        return CNS_RULE_MOVES;
    case CNS_OP_JUMP:
    case CNS_OP_JUMP_IF:
    case CNS_OP_JUMP_UNLESS:
        return CNS_RULE_THREADS;
    default:
        return CNS_RULE_DEAD;
    }
}

static void
drop_dead(cns_code *code, uint32_t at, uint32_t next) {
    uint32_t word = cns_word_at(code, at);
    bool dead = only_writes(word, at, next) && (cns_live_after(code, at) & cns_writes(word)) == 0;

    if (cns_form_of(word) != 0) {
        if (cns_base_of(cns_word_at(code, at + 1)) == CNS_OP_NOP) {
            drop_skip(code, at, dead);
        }
    } else if (dead || is_empty_loop(code, at)) {
        cns_drop(code, at, rule_of(word));
    }
}

/*
 * requires marks, and what is live; goes backward, as what only dead words read is dead
 *     VALUE r1 r0 s         (gone, if r1 is not read)
 *     WITHIN r1 k           (gone, if the flag is not read)
 */
void
cns_drop_dead(cns_code *code) {
    cns_held held = {.set = 0};
    uint32_t next = code->count;

    for (uint32_t at = code->count; at-- > 0;) {
        drop_dead(code, at, next);
        cns_find_live_at(code, &held, at);
        next = cns_base_of(cns_word_at(code, at)) != CNS_OP_NOP ? at : next;
    }
}

/* ---- NEGATIONS ---------------------------------------------------------------------------- */

/*
 * requires marks, and what is live
 *     NOT                   (gone)           NOT                   (gone)
 *     JUMP_IF L             JUMP_UNLESS L    NOT                   (gone)
 */
void
cns_turn_jumps(cns_code *code) {
    for (uint32_t at = 0; at + 1 < code->count; at++) {
        uint32_t second = cns_word_at(code, at + 1);
        if (cns_base_of(cns_word_at(code, at)) != CNS_OP_NOT || !only_follows(code, at + 1)) {
            continue;
        }
        if (cns_base_of(second) == CNS_OP_NOT) {
            cns_drop(code, at, CNS_RULE_NEGATIONS);
            cns_drop(code, at + 1, CNS_RULE_NEGATIONS);
        } else if (is_jump_on_flag(second) && is_flag_dead_after(code, at + 1)) {
            cns_drop(code, at, CNS_RULE_NEGATIONS);
            cns_put(code, at + 1, second ^ CNS_OP_JUMP_IF ^ CNS_OP_JUMP_UNLESS);
        }
    }
}

/* ---- THREADS ------------------------------------------------------------------------------ */

/* The jump on the flag that would be taken with the flag that this jump leaves; JUMP: unknown. */
static uint32_t
jump_taken_after(const cns_code *code, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t before = at > 0 && only_follows(code, at) ? cns_word_at(code, at - 1) : CNS_OP_NOP;

    if (is_jump_on_flag(word)) {
        return cns_base_of(word);
    }
    if (cns_base_of(word) != CNS_OP_JUMP || (before & 0xFFu) != CNS_OP_TRUTH) {
        return CNS_OP_JUMP;
    }
    return CNS_WIDE(before) != 0 ? CNS_OP_JUMP_IF : CNS_OP_JUMP_UNLESS;
}

/*
 * Where a jump to `target` ends up. `taken` is the jump on the flag that would be taken there.
 * At the head of a loop it stops: what is behind is inside.
 */
static uint32_t
follow(const cns_code *code, uint32_t target, uint32_t taken) {
    while (code->loop[target] == 0) {
        uint32_t word = cns_word_at(code, target);
        bool decided = is_jump_on_flag(word) && taken != CNS_OP_JUMP;
        if (cns_base_of(word) == CNS_OP_JUMP || (decided && cns_base_of(word) == taken)) {
            target = cns_target(word, target);
        } else if (cns_base_of(word) == CNS_OP_NOP || decided) {
            target++;
        } else {
            break;
        }
    }
    return target;
}

static void
thread_jump(cns_code *code, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t target = cns_target(word, at);
    uint32_t end = follow(code, target, jump_taken_after(code, at));
    uint32_t threaded = cns_retarget(word, at, end);
    bool is_plain = is_jump_on_flag(word) || cns_base_of(word) == CNS_OP_JUMP;

    if (is_plain && target == at + 1) {
        cns_drop(code, at, CNS_RULE_THREADS);
    } else if (cns_base_of(word) == CNS_OP_JUMP &&
               cns_base_of(cns_word_at(code, end)) == CNS_OP_RETURN) {
        cns_put(code, at, CNS_OP_RETURN);
    } else if (threaded != word && threaded != CNS_OP_NOP) {
        cns_put(code, at, threaded);
    }
}

/*
 * A jump around a jump is the opposite one.
 *     JUMP_IF L             (gone)
 *     JUMP M                JUMP_UNLESS M
 *  L: …                  L: …
 */
static void
turn_around(cns_code *code, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t second = cns_word_at(code, at + 1);

    if (is_jump_on_flag(word) && cns_target(word, at) == at + 2 && only_follows(code, at + 1) &&
        cns_base_of(second) == CNS_OP_JUMP) {
        uint32_t turned = cns_base_of(word) ^ CNS_OP_JUMP_IF ^ CNS_OP_JUMP_UNLESS;
        cns_drop(code, at, CNS_RULE_THREADS);
        cns_put(code, at + 1, with_opcode(second, turned));
    }
}

/*
 * requires marks; invalidates them
 *     JUMP_UNLESS L         JUMP_UNLESS M
 *     …                     …
 *  L: JUMP_IF N          L: JUMP_IF N
 *  M: …                  M: …
 */
void
cns_thread_jumps(cns_code *code) {
    for (uint32_t at = 0; at < code->count; at++) {
        if (cns_is_jump(cns_word_at(code, at))) {
            turn_around(code, at);
        }
        if (cns_is_jump(cns_word_at(code, at))) {
            thread_jump(code, at);
        }
    }
}

/* ---- BRANCHES ----------------------------------------------------------------------------- */

/*
 * A test and a jump on the flag, where nobody else reads it. That takes a step less where the
 * jump is not taken.
 *     WITHIN r1 k           WITHIN.if r1 k
 *     JUMP_IF L             JUMP L
 */
static void
fuse_jump(cns_code *code, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t second = cns_word_at(code, at + 1);

    if (cns_is_test(word & 0xFFu) && is_jump_on_flag(second) && only_follows(code, at + 1) &&
        is_flag_dead_after(code, at + 1)) {
        bool on_true = cns_base_of(second) == CNS_OP_JUMP_IF;
        cns_put(code, at, word | (on_true ? CNS_IF : CNS_UNLESS));
        cns_put(code, at + 1, with_opcode(second, CNS_OP_JUMP));
    }
}

/*
 * A test that leaves out a jump around one word leaves out that word.
 *     WITHIN.if r1 k        (gone)
 *     JUMP L                WITHIN.unless r1 k
 *     REPORT r1 r0 #1       REPORT r1 r0 #1
 *  L: …                  L: …
 */
static void
turn_skip(cns_code *code, uint32_t at) {
    uint32_t word = cns_word_at(code, at);
    uint32_t second = cns_word_at(code, at + 1);

    if (cns_form_of(word) != 0 && cns_base_of(second) == CNS_OP_JUMP &&
        cns_target(second, at + 1) == at + 3 && only_follows(code, at + 1)) {
        cns_drop(code, at, CNS_RULE_BRANCHES);
        cns_put(code, at + 1, word ^ CNS_IF ^ CNS_UNLESS);
    }
}

/* requires marks, and what is live; invalidates marks */
void
cns_fuse_branches(cns_code *code) {
    for (uint32_t at = 0; at + 1 < code->count; at++) {
        fuse_jump(code, at);
        turn_skip(code, at);
    }
}

/* ---- FIELDS ------------------------------------------------------------------------------- */

/* Whether a test and a jump stand here, which is taken unless the test holds. */
static bool
is_guard(const cns_code *code, uint32_t at, uint32_t test) {
    return (cns_word_at(code, at) & 0xFFu) == (test | CNS_UNLESS) && only_follows(code, at + 1) &&
           cns_base_of(cns_word_at(code, at + 1)) == CNS_OP_JUMP;
}

/*
 * The place of the field is written on both ways now, so behind the jump it must not be read.
 *     HAS.unless r0 s       (gone)
 *     JUMP L                (gone)
 *     VALUE r1 r0 s         FIELD r0 s L
 */
static void
fuse_field(cns_code *code, uint32_t at) {
    uint32_t has = cns_word_at(code, at);
    uint32_t record = CNS_A(has);
    uint32_t slot = CNS_B(has);
    uint32_t value = CNS_OP_VALUE | (record + 1) << 8 | record << 16 | slot << 24;

    if (!is_guard(code, at, CNS_OP_HAS) || cns_word_at(code, at + 2) != value ||
        code->reach[at + 2] != 2 || code->loop[at + 2] != 0) {
        return;
    }
    uint32_t target = cns_target(cns_word_at(code, at + 1), at + 1);
    uint32_t field = cns_retarget(CNS_OP_FIELD | record << 8 | slot << 16, at + 2, target);
    if (target > at + 2 && field != CNS_OP_NOP &&
        (cns_live_before(code, target) & cns_writes(field)) == 0) {
        cns_drop(code, at, CNS_RULE_FIELDS);
        cns_drop(code, at + 1, CNS_RULE_FIELDS);
        cns_put(code, at + 2, field);
    }
}

/*
 *     OPEN.unless r1 r0 s   (gone)
 *     JUMP L                EACH r0 s L
 */
static void
fuse_each(cns_code *code, uint32_t at) {
    uint32_t open = cns_word_at(code, at);

    if (!is_guard(code, at, CNS_OP_OPEN) || CNS_A(open) != CNS_B(open) + 1) {
        return;
    }
    uint32_t each = CNS_OP_EACH | (uint32_t)CNS_B(open) << 8 | (uint32_t)CNS_C(open) << 16;
    uint32_t target = cns_target(cns_word_at(code, at + 1), at + 1);
    each = cns_retarget(each, at + 1, target);
    if (each != CNS_OP_NOP) {
        cns_drop(code, at, CNS_RULE_FIELDS);
        cns_put(code, at + 1, each);
    }
}

/*
 *     FIELD r0 s L          (gone)
 *     WITHIN.unless r1 k    FIELD_WITHIN.unless r0 s k
 *     REPORT r1 r0 #1       REPORT r1 r0 #1
 *  L: …                  L: …
 */
static void
fuse_range(cns_code *code, uint32_t at) {
    uint32_t field = cns_word_at(code, at);
    uint32_t test = cns_word_at(code, at + 1);

    if (cns_base_of(field) == CNS_OP_FIELD && cns_target(field, at) == at + 3 &&
        only_follows(code, at + 1) && (test & 0xFFu) == (CNS_OP_WITHIN | CNS_UNLESS) &&
        CNS_A(test) == CNS_A(field) + 1 && CNS_WIDE(test) <= UINT8_MAX) {
        uint32_t fused = CNS_OP_FIELD_WITHIN | CNS_UNLESS;
        cns_drop(code, at, CNS_RULE_FIELDS);
        cns_put(code, at + 1, (field & 0x00FFFF00u) | (uint32_t)CNS_WIDE(test) << 24 | fused);
    }
}

/*
 * A value is reported, or counted, where it is the first of its kind.
 *     FIRST.if r1           (gone)
 *     REPORT r1 r0 #1       REPORT_FIRST r1 r0 #1
 */
static void
fuse_first(cns_code *code, uint32_t at) {
    uint32_t first = cns_word_at(code, at);
    uint32_t second = cns_word_at(code, at + 1);
    uint32_t fused = CNS_OP_NOP;

    if ((first & 0xFFu) != (CNS_OP_FIRST | CNS_IF) || !only_follows(code, at + 1)) {
        return;
    }
    if (cns_base_of(second) == CNS_OP_REPORT && CNS_REPORT_VALUE(second) == CNS_A(first)) {
        fused = with_opcode(second, CNS_OP_REPORT_FIRST);
    } else if (cns_base_of(second) == CNS_OP_COUNT) {
        fused = with_opcode(second, CNS_OP_COUNT_FIRST) | (uint32_t)CNS_A(first) << 16;
    }
    if (fused != CNS_OP_NOP) {
        cns_drop(code, at, CNS_RULE_FIELDS);
        cns_put(code, at + 1, fused);
    }
}

/* Whether a loop stands here that does nothing but count the values of a field. */
static bool
is_count(const cns_code *code, uint32_t at) {
    uint32_t zero = cns_word_at(code, at);
    uint32_t each = cns_word_at(code, at + 1);
    uint32_t cursor = CNS_A(each) + 1u;
    uint32_t next = cns_word_at(code, at + 3);

    return cns_base_of(zero) == CNS_OP_ZERO && cns_base_of(each) == CNS_OP_EACH &&
           cns_target(each, at + 1) == at + 4 && only_follows(code, at + 1) &&
           cns_word_at(code, at + 2) ==
               (CNS_OP_COUNT_FIRST | (uint32_t)CNS_A(zero) << 8 | cursor << 16) &&
           code->reach[at + 2] == 0 && cns_base_of(next) == CNS_OP_NEXT && CNS_A(next) == cursor &&
           cns_head(next, at + 3) == at + 2 && only_follows(code, at + 3);
}

/*
 * The count and the cursor are not read any more.
 *     ZERO r2               (gone)
 *     EACH r0 s L           (gone)
 *  H: COUNT_FIRST r2 r1     (gone)
 *     NEXT r1 H             (gone)
 *  L: NUMBER.unless r2 k    COUNT_WITHIN.unless r0 s k
 */
static void
fuse_count(cns_code *code, uint32_t at) {
    if (at + 4 >= code->count || !is_count(code, at)) {
        return;
    }
    uint32_t each = cns_word_at(code, at + 1);
    uint32_t number = cns_word_at(code, at + 4);
    uint32_t count = CNS_A(cns_word_at(code, at));
    uint32_t read = cns_live_after(code, at + 4);
    bool unread = (read & (1u << count | cns_writes(each))) == 0;

    if (cns_base_of(number) == CNS_OP_NUMBER && CNS_A(number) == count && unread &&
        CNS_WIDE(number) <= UINT8_MAX && code->reach[at + 4] == 3 && code->loop[at + 4] == 0) {
        uint32_t test = (number & 0xFFu) ^ CNS_OP_NUMBER ^ CNS_OP_COUNT_WITHIN;
        for (uint32_t gone = 0; gone < 4; gone++) {
            cns_drop(code, at + gone, CNS_RULE_FIELDS);
        }
        cns_put(code, at + 4, (each & 0x00FFFF00u) | (uint32_t)CNS_WIDE(number) << 24 | test);
    }
}

/* ---- CHECKS ------------------------------------------------------------------------------- */

/* FIELD_CHECKS for record and slot of another word. */
static uint32_t
checks_of(uint32_t word, uint32_t range, uint32_t reports, bool second) {
    return CNS_OP_FIELD_CHECKS | (word & 0x00FFFF00u) | reports << 13 | (second ? 1u << 15 : 0) |
           range << 24;
}

/* Whether a word is a REPORT that only follows the one before it, which decides about it. */
static bool
is_decided(const cns_code *code, uint32_t at) {
    return only_follows(code, at) && cns_base_of(cns_word_at(code, at)) == CNS_OP_REPORT;
}

/* Whether a test of the range of a place decides about a REPORT; the test itself only follows. */
static bool
is_range_check(const cns_code *code, uint32_t at, uint32_t place) {
    uint32_t test = cns_word_at(code, at);
    return (test & 0xFFu) == (CNS_OP_WITHIN | CNS_UNLESS) && CNS_A(test) == place &&
           is_decided(code, at + 1);
}

/* How far apart two ranges lie that follow each other, if the value of a REPORT is in them. */
static uint32_t
range_words(const cns_code *code, uint32_t report) {
    const cns_layout *layout = code->image->layout;
    uint32_t check = cns_word_of(code->image, code->image->checks, CNS_REPORT_CHECK(report));
    return cns_key_bits(&layout->values[check >> 16]) / 16;
}

/*
 * One constant lies directly behind the other, which takes the type of the value, as the check
 * states it. The one jump to the second test is that of the first one.
 *     FIELD r0 s L          (gone)
 *     WITHIN.unless r1 k    (gone)
 *     REPORT r1 r0 #1       FIELD_CHECKS r0 s k second
 *     WITHIN.unless r1 k+2  REPORT r1 r0 #1
 *     REPORT r1 r0 #2       REPORT r1 r0 #2
 *  L: …                  L: …
 */
static void
fuse_ranges(cns_code *code, uint32_t at) {
    uint32_t field = cns_word_at(code, at);
    uint32_t place = CNS_A(field) + 1u;

    if (cns_base_of(field) != CNS_OP_FIELD || cns_target(field, at) != at + 5 ||
        !only_follows(code, at + 1) || !is_range_check(code, at + 1, place) ||
        code->reach[at + 3] != 2 || code->loop[at + 3] != 0 ||
        !is_range_check(code, at + 3, place)) {
        return;
    }
    uint32_t report = cns_word_at(code, at + 2);
    uint32_t range = CNS_WIDE(cns_word_at(code, at + 1));
    uint32_t apart = CNS_WIDE(cns_word_at(code, at + 3)) - range;
    if (range <= UINT8_MAX && CNS_REPORT_VALUE(report) == place &&
        apart == range_words(code, report)) {
        cns_drop(code, at, CNS_RULE_CHECKS);
        cns_drop(code, at + 1, CNS_RULE_CHECKS);
        cns_put(code, at + 2, checks_of(field, range, 2, true));
        cns_put(code, at + 3, report);
    }
}

/*
 * The place is written before the first REPORT now, so that must not read what was there.
 *     HAS.unless r0 s              (gone)
 *     REPORT - r0 #0               FIELD_CHECKS r0 s k required
 *     FIELD_WITHIN.unless r0 s k   REPORT - r0 #0
 *     REPORT r1 r0 #1              REPORT r1 r0 #1
 */
static void
fuse_required(cns_code *code, uint32_t at) {
    uint32_t has = cns_word_at(code, at);
    uint32_t report = cns_word_at(code, at + 1);
    uint32_t checks = cns_word_at(code, at + 2);
    bool is_test = (checks & 0xFFu) == (CNS_OP_FIELD_WITHIN | CNS_UNLESS);
    bool is_fused = cns_base_of(checks) == CNS_OP_FIELD_CHECKS && CNS_CHECKS_REQUIRED(checks) == 0;
    uint32_t reports = is_fused && CNS_CHECKS_SECOND(checks) ? 3 : 2;

    if ((has & 0xFFu) == (CNS_OP_HAS | CNS_UNLESS) && is_decided(code, at + 1) &&
        code->reach[at + 2] == 2 && code->loop[at + 2] == 0 && is_decided(code, at + 3) &&
        (is_test || is_fused) && CNS_CHECKS_RECORD(checks) == CNS_A(has) &&
        CNS_B(checks) == CNS_B(has) && (cns_reads(report) & cns_writes(checks)) == 0) {
        cns_drop(code, at, CNS_RULE_CHECKS);
        cns_put(code, at + 1, checks_of(has, CNS_C(checks), reports, reports == 3));
        cns_put(code, at + 2, report);
    }
}

/* requires marks, and what is live; invalidates both */
void
cns_fuse_fields(cns_code *code) {
    for (uint32_t at = 0; at + 2 < code->count; at++) {
        fuse_field(code, at);
        fuse_each(code, at);
        fuse_range(code, at);
        fuse_first(code, at);
        fuse_count(code, at);
        fuse_ranges(code, at);
        fuse_required(code, at);
    }
}
