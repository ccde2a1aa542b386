/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The optimizer: rewrites an image in place, into one that reports the same in fewer steps.
 *
 * Code arrives as it is lowered, each use with a test of presence and a load of its own:
 *
 *      HAS r0 0                        HAS.unless r0 0
 *      JUMP_IF A                       REPORT - r0 #0
 *      REPORT - r0 #0                  FIELD r0 0 C
 *   A: HAS r0 0                        WITHIN.unless r1 0
 *      JUMP_UNLESS C                   REPORT r1 r0 #1
 *      VALUE r1 r0 0                   LENGTH.unless r1 2
 *      WITHIN r1 0                     REPORT r1 r0 #2
 *      JUMP_IF B                    C: RETURN
 *      VALUE r1 r0 0
 *      REPORT r1 r0 #1
 *   B: VALUE r1 r0 0
 *      LENGTH r1 2
 *      JUMP_IF C
 *      VALUE r1 r0 0
 *      REPORT r1 r0 #2
 *   C: RETURN
 *
 * Rounds over all functions go on until one changes nothing, so that what comes out stays as it
 * is. No rule adds a word, and what a rule puts in place of a word takes no more steps.
 */
#include <cns/cns.h>

#include "optimize.h"

void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);

enum {
    SCRATCH = CNS_OPTIMIZE_SCRATCH(1),
    /* In the second word of a function, during rounds: */
    FLAG_READ = 1u << 8,
    NOTED = 1u << 9 /* what it calls is noted for that */
};

/* An image that is being optimized. */
typedef struct work {
    cns_image image;
    uint32_t *words; /* those of the image, to be written */
    uint16_t *scratch;
    cns_optimized done;
    bool changed;
} work;

/* ---- Functions ---------------------------------------------------------------------------- */

static uint32_t *
word_of_function(work *now, uint32_t number, uint32_t word) {
    return &now->words[now->image.functions.start + number * CNS_FUNCTION_WORDS + word];
}

static cns_code
code_of(work *now, uint32_t number) {
    cns_function function = cns_function_of(&now->image, number);
    uint32_t count = function.end - function.start;
    cns_code code = {
        .image = &now->image,
        .words = now->words + now->image.code.start + function.start,
        .count = count,
        .removed = now->done.removed,
        .flag_read = (cns_word(*word_of_function(now, number, 1)) & FLAG_READ) != 0,
        .reach = now->scratch,
        .loop = now->scratch + count,
        .live = now->scratch + 2 * (size_t)count,
    };
    return code;
}

static bool
calls_others(const cns_code *code) {
    for (uint32_t at = 0; at < code->count; at++) {
        if (cns_base_of(cns_word_at(code, at)) == CNS_OP_CALL) {
            return true;
        }
    }
    return false;
}

static void
analyze(cns_code *code) {
    cns_mark(code);
    cns_find_live(code);
}

/* Marks the functions of which this one reads the flag; whether it marked another one. */
static bool
note_calls_of(work *now, uint32_t number) {
    uint32_t *own = word_of_function(now, number, 1);
    bool found = false;

    if ((cns_word(*own) & NOTED) != 0) {
        return false;
    }
    *own |= cns_word(NOTED);
    cns_code code = code_of(now, number);
    if (!calls_others(&code)) {
        return false;
    }
    analyze(&code);
    for (uint32_t at = 0; at < code.count; at++) {
        uint32_t word = cns_word_at(&code, at);
        bool read = cns_form_of(word) != 0 || (cns_live_after(&code, at) & CNS_FLAG) != 0;
        if (cns_base_of(word) == CNS_OP_CALL && read) {
            uint32_t *second = word_of_function(now, CNS_WIDE(word), 1);
            if ((cns_word(*second) & FLAG_READ) == 0) {
                *second = cns_word((cns_word(*second) | FLAG_READ) & ~(uint32_t)NOTED);
                found = true;
            }
        }
    }
    return found;
}

static void
forget_readers(work *now) {
    for (uint32_t i = 0; i < now->image.function_count; i++) {
        *word_of_function(now, i, 1) &= ~cns_word(FLAG_READ | NOTED);
    }
}

/* Finds who returns a flag that is read, be it by a caller whose own flag is read. */
static void
note_readers(work *now) {
    bool found = true;

    forget_readers(now);
    while (found) {
        found = false;
        for (uint32_t i = 0; i < now->image.function_count; i++) {
            found = note_calls_of(now, i) || found;
        }
    }
}

/* All rules, once. Before those that look at neighbours, gaps are closed. */
static void
run_rules(cns_code *code) {
    analyze(code);
    cns_use_facts(code);
    analyze(code);
    cns_drop_dead(code);
    analyze(code);
    cns_turn_jumps(code);
    cns_squeeze(code);

    analyze(code);
    cns_fuse_branches(code);
    analyze(code);
    cns_fuse_fields(code);
    analyze(code);
    cns_thread_jumps(code);
    cns_squeeze(code);
}

/* ---- Rounds ------------------------------------------------------------------------------- */

/* The function goes behind the one before it, at word `to` of the code; returns its end. */
static uint32_t
optimize_function(work *now, uint32_t number, uint32_t to) {
    cns_code code = code_of(now, number);
    uint32_t before = code.count;

    run_rules(&code);
    memmove(now->words + now->image.code.start + to, code.words, code.count * sizeof *code.words);
    *word_of_function(now, number, 0) = cns_word(to);
    now->changed = now->changed || code.changed || code.count != before;
    return to + code.count;
}

static void
optimize_once(work *now) {
    uint32_t to = 0;

    now->changed = false;
    note_readers(now);
    for (uint32_t i = 0; i < now->image.function_count; i++) {
        to = optimize_function(now, i, to);
    }
    now->image.code.length = to;
    now->done.rounds++;
}

/* States the steps that are left, those of callees before those of their callers. */
static void
state_steps(work *now) {
    for (uint32_t i = now->image.function_count; i-- > 0;) {
        *word_of_function(now, i, 2) = cns_word(cns_function_steps(&now->image, i, now->scratch));
    }
}

/* Moves what is behind the code up to its end; returns the words of the image. */
static uint32_t
close_image(work *now) {
    cns_section code = now->image.code;
    uint32_t size = cns_word(now->words[CNS_WORD_SIZE]);
    uint32_t rest = now->image.checks.start;
    uint32_t end = code.start + code.length + (size - rest);

    memmove(now->words + code.start + code.length, now->words + rest,
            (size - rest) * sizeof *now->words);
    forget_readers(now);
    now->words[CNS_WORD_SECTIONS + 2] = cns_word(code.length);
    now->words[CNS_WORD_SIZE] = cns_word(end);
    now->words[CNS_WORD_CHECKSUM] = cns_word(cns_image_checksum(now->words, end));
    return end;
}

/* The words of the longest function. */
static uint32_t
longest_function(const cns_image *image) {
    uint32_t longest = 0;

    for (uint32_t i = 0; i < image->function_count; i++) {
        cns_function function = cns_function_of(image, i);
        uint32_t length = function.end - function.start;
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* Loads the image, which verifies it, into `now`. */
static cns_status
load_for(work *now, const cns_layout *layout, size_t count, size_t scratch_count) {
    static const cns_limits any = {NULL, UINT16_MAX, 0};
    cns_fault fault = {CNS_REASON_ACCEPTED, 0};
    cns_status status = cns_image_load(&now->image, layout, now->words, count, &any, now->scratch,
                                       scratch_count, &fault);

    if (fault.reason == CNS_REASON_SCRATCH ||
        (status == CNS_OK && longest_function(&now->image) > scratch_count / SCRATCH)) {
        return CNS_NO_SPACE;
    }
    return status;
}

cns_status
cns_image_optimize(const cns_layout *layout, uint32_t *words, size_t *count, uint16_t *scratch,
                   size_t scratch_count, cns_optimized *done) {
    work now;

    if (layout == NULL || words == NULL || count == NULL || scratch == NULL) {
        return CNS_BAD_ARGUMENT;
    }
    memset(&now, 0, sizeof now);
    now.words = words;
    now.scratch = scratch;
    cns_status status = load_for(&now, layout, *count, scratch_count);
    if (status != CNS_OK) {
        return status;
    }
    now.done.before = now.image.code.length;
    do {
        optimize_once(&now);
    } while (now.changed);
    state_steps(&now);
    now.done.after = now.image.code.length;
    *count = close_image(&now);
    if (done != NULL) {
        *done = now.done;
    }
    return CNS_OK;
}
