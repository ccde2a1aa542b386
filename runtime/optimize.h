/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the optimizer: one function at a time, as words and what is known of their flow. */
#ifndef CNS_OPTIMIZE_H
#define CNS_OPTIMIZE_H

#include "flow.h"
#include "image.h"

/* Sets of registers: bit r is register r, and the last one the flag. */
#define CNS_FLAG (1u << CNS_NO_REGISTER)

/* A function that is being optimized. */
typedef struct cns_code {
    const cns_image *image;
    uint32_t *words; /* as they are stored; what a rule takes away is a NOP that names the rule */
    uint32_t count;
    uint32_t *removed; /* by rule */
    bool flag_read;    /* somebody who calls it reads the flag that it returns */
    bool changed;
    uint16_t *reach; /* per word: how far back the farthest jump to it begins; 0: no jump */
    uint16_t *loop;  /* per word: the length of the loop that begins here, or 0 */
    uint16_t *live;  /* per word, two halves: what is needed, as cns_find_live says */
} cns_code;

/* The form of a word: 0, CNS_UNLESS or CNS_IF. */
static inline uint32_t
cns_form_of(uint32_t word) {
    return word & (CNS_UNLESS | CNS_IF);
}

static inline uint32_t
cns_word_at(const cns_code *code, uint32_t at) {
    return cns_word(code->words[at]);
}

/* Another word in its place. */
void cns_put(cns_code *code, uint32_t at, uint32_t word);

/* Takes a word away on behalf of a rule: cns_squeeze closes the gap and counts it. */
void cns_drop(cns_code *code, uint32_t at, cns_rule rule);

/* The sets of what an instruction reads and writes, the flag among it, but for RETURN. */
uint32_t cns_reads(uint32_t word);
uint32_t cns_writes(uint32_t word);

/* Whether a word has an operand that says how far it leads, forward. */
bool cns_is_jump(uint32_t word);

/* Where a word leads besides the next one, forward; 0: nowhere. A test leads over one word, and
   FIELD_CHECKS over all that it decides about, which run in order or not at all. */
uint32_t cns_target(uint32_t word, uint32_t at);

/* Where NEXT leads: to the head of its loop. */
uint32_t cns_head(uint32_t next, uint32_t at);

/* The word with its jump leading elsewhere; NOP where that is too far. */
uint32_t cns_retarget(uint32_t word, uint32_t at, uint32_t target);

/* Marks `reach` and `loop`, and takes away what nothing leads to. */
void cns_mark(cns_code *code);

/* Finds what is live: what is read before it is written, and what the verifier has to know of
   registers for that; requires marks. */
void cns_find_live(cns_code *code);

/* Registers that stay live up to a jump, in a pass backward over all words. */
typedef struct cns_held {
    uint32_t set;
    uint16_t since[CNS_NO_REGISTER]; /* of each register in the set: the jump */
} cns_held;

/* The same for a word, in a pass backward that takes words away: less is live then. */
void cns_find_live_at(cns_code *code, cns_held *held, uint32_t at);

/* What is live when a word begins to run, and when it has run, wherever it leads. */
uint32_t cns_live_before(const cns_code *code, uint32_t at);
uint32_t cns_live_after(const cns_code *code, uint32_t at);

/* Closes gaps; marks and what is live no longer hold. */
void cns_squeeze(cns_code *code);

/* The rules; see optimize_facts.c and optimize_rules.c for what each one requires. */
void cns_use_facts(cns_code *code);
void cns_drop_dead(cns_code *code);
void cns_turn_jumps(cns_code *code);
void cns_thread_jumps(cns_code *code);
void cns_fuse_branches(cns_code *code);
void cns_fuse_fields(cns_code *code);

#endif
