/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes of images that know what an instruction is: many of them leave an image accepted.
 *
 * An input is an image, as long as its header says, and behind it the bytes that records are drawn
 * from. Where it is no image yet, libFuzzer changes its bytes.
 */
#include "../../runtime/flow.h"

/* Whether the loader takes it, once its header is right; changes the header. */
static bool is_accepted(uint32_t *words, size_t count);

size_t LLVMFuzzerMutate(unsigned char *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed);

enum {
    LONGEST_BLOCK = 6,
    MOST_CHANGES = 3,
    ATTEMPTS = 6 /* at an image that is accepted */
};

/* An image that is changed, whose sections are of lengths that its header states. */
typedef struct change {
    choices chance;
    uint32_t words[MOST_WORDS + LONGEST_BLOCK];
    size_t count;
    uint32_t code; /* its first word, and how many there are */
    uint32_t length;
} change;

static uint32_t
section_length(const uint32_t *words, uint32_t section) {
    return cns_word(words[CNS_WORD_SECTIONS + section]);
}

/* Finds the code; false where there is none, or a section is longer than the image. */
static bool
find_code(change *of) {
    size_t left = of->count - CNS_HEADER_WORDS;
    for (uint32_t i = 0; i < CNS_SECTION_COUNT; i++) {
        uint32_t length = section_length(of->words, i);
        if (length > left) {
            return false;
        }
        left -= length;
    }
    of->code = CNS_HEADER_WORDS + section_length(of->words, 0) + section_length(of->words, 1);
    of->length = section_length(of->words, 2);
    return of->length > 1;
}

static uint32_t *
word_of(change *of, uint32_t at) {
    return &of->words[of->code + at];
}

/* ---- Instructions ------------------------------------------------------------------------- */

static uint32_t
draw_operand(change *of, char letter) {
    uint32_t constants = section_length(of->words, 7);
    switch (letter) {
    case 'S':
        return draw(&of->chance, MOST_FIELDS);
    case 'K':
    case 'k':
        return draw(&of->chance, constants > 0 ? constants : 1);
    case 'j':
    case 'J':
        return draw(&of->chance, 8);
    case 'n':
        return UINT16_MAX - draw(&of->chance, 8);
    case '_':
        return 0;
    case 'Q': { /* a record, and one of the four numbers of REPORT that FIELD_CHECKS may have */
        static const uint8_t reports[] = {0x20, 0x40, 0xC0, 0xE0};
        return draw(&of->chance, 3) | reports[draw(&of->chance, 4)];
    }
    default:
        return draw(&of->chance, 5);
    }
}

static uint32_t
with_operand(uint32_t word, const char *operands, uint32_t index, uint32_t operand) {
    bool wide = cns_has_wide(operands) && index == 1;
    uint32_t shift = 8 * index + 8, mask = wide ? 0xFFFFu : 0xFFu;
    return (word & ~(mask << shift)) | (operand & mask) << shift;
}

static uint32_t
draw_opcode(change *of) {
    static const uint8_t opcodes[] = {
#define CNS_X(name, number, operands, meaning) number,
        CNS_OPCODES(CNS_X)
#undef CNS_X
    };
    uint32_t opcode = opcodes[draw(&of->chance, sizeof opcodes)];
    static const uint32_t forms[] = {0, CNS_UNLESS, CNS_IF};
    return cns_is_test(opcode) ? opcode | forms[draw(&of->chance, 3)] : opcode;
}

static uint32_t
draw_instruction(change *of) {
    uint32_t word = draw_opcode(of);
    const char *operands = cns_operands_of(word);
    for (uint32_t i = 0; operands[i] != '\0'; i++) {
        word = with_operand(word, operands, i, draw_operand(of, operands[i]));
    }
    return word;
}

/* Another operand; nothing happens to a word that is no instruction. */
static uint32_t
with_drawn_operand(change *of, uint32_t word) {
    const char *operands = cns_operands_of(word & 0xFFu);
    if (operands == NULL) {
        return word;
    }
    uint32_t index = draw(&of->chance, cns_has_wide(operands) ? 2 : 3);
    return with_operand(word, operands, index, draw_operand(of, operands[index]));
}

/* ---- Changes of code ---------------------------------------------------------------------- */

/* The word of an instruction that stays at `at`, when `more` are put in before `gap`. */
static uint32_t
stretched(uint32_t word, uint32_t at, uint32_t gap, uint32_t more) {
    const char *operands = cns_operands_of(word & 0xFFu);
    uint32_t skip = operands != NULL ? cns_skip_of(word) : 0;
    uint32_t back = operands != NULL ? cns_back_of(word) : 0;
    if (operands == NULL || (word & (CNS_UNLESS | CNS_IF)) != 0 ||
        cns_base_of(word) == CNS_OP_FIELD_CHECKS) {
        return word;
    }
    if (cns_base_of(word) == CNS_OP_NEXT) {
        bool across = at >= gap && at + 1 < gap + back;
        return across ? with_operand(word, operands, 1, CNS_WIDE(word) - more) : word;
    }
    if (skip == 0 || at >= gap || at + 1 + skip <= gap) {
        return word;
    }
    return with_operand(word, operands, cns_has_wide(operands) ? 1 : 2, skip + more);
}

/* Makes space for words of code; jumps lead where they led. */
static void
open_gap(change *of, uint32_t gap, uint32_t more) {
    uint32_t functions = CNS_HEADER_WORDS + section_length(of->words, 0);
    for (uint32_t i = 0; i < of->length; i++) {
        *word_of(of, i) = stretched(*word_of(of, i), i, gap, more);
    }
    for (uint32_t at = functions; at + 2 < of->code; at += CNS_FUNCTION_WORDS) {
        of->words[at] += of->words[at] > gap ? more : 0;
    }
    uint32_t *from = word_of(of, gap);
    memmove(from + more, from, (of->count - of->code - gap) * sizeof *from);
    of->count += more;
    of->length += more;
    of->words[CNS_WORD_SECTIONS + 2] = of->length;
    of->words[CNS_WORD_SIZE] = (uint32_t)of->count;
}

static void
repeat_block(change *of, uint32_t at) {
    uint32_t block[LONGEST_BLOCK];
    uint32_t count = 1 + draw(&of->chance, LONGEST_BLOCK);
    uint32_t to = draw(&of->chance, of->length - 1);
    if (count > of->length - 1 - at || of->count + count > MOST_WORDS) {
        return;
    }
    memcpy(block, word_of(of, at), count * sizeof *block);
    open_gap(of, to, count);
    memcpy(word_of(of, to), block, count * sizeof *block);
}

static void
insert(change *of, uint32_t at) {
    if (of->count < MOST_WORDS) {
        uint32_t word = draw_instruction(of);
        open_gap(of, at, 1);
        *word_of(of, at) = word;
    }
}

/* Swaps an instruction with the next one, or copies another over it. */
static void
rearrange(change *of, uint32_t at) {
    uint32_t other = draw(&of->chance, 2) == 0 ? at + 1 : draw(&of->chance, of->length);
    uint32_t word = *word_of(of, at);
    *word_of(of, at) = *word_of(of, other);
    if (other == at + 1 && other + 1 < of->length) {
        *word_of(of, other) = word;
    }
}

/* Changes a word outside the code a little, or the report policy or the calls that lead back. */
static void
change_data(change *of) {
    uint32_t at = draw(&of->chance, 256) << 8 | draw(&of->chance, 256);
    switch (draw(&of->chance, 6)) {
    case 0:
        of->words[CNS_WORD_VERSION] = CNS_IMAGE_VERSION | draw(&of->chance, 3) << 16;
        break;
    case 1:
        of->words[CNS_WORD_BACK_CALLS] = draw(&of->chance, MOST_BACK_CALLS + 1);
        break;
    default:
        at = CNS_WORD_REGISTERS + at % (uint32_t)(of->count - CNS_WORD_REGISTERS);
        of->words[at] ^= 1u << draw(&of->chance, 32);
        break;
    }
}

static void
change_once(change *of) {
    uint32_t at = draw(&of->chance, 256) << 8 | draw(&of->chance, 256);
    at %= of->length - 1;
    uint32_t *word = word_of(of, at);
    switch (draw(&of->chance, 9)) {
    case 0:
        *word = (*word & ~0xFFu) | draw_opcode(of);
        break;
    case 1:
    case 2:
        *word = with_drawn_operand(of, *word);
        break;
    case 3:
        *word = draw_instruction(of);
        break;
    case 4:
        *word = CNS_OP_NOP;
        break;
    case 5:
        rearrange(of, at);
        break;
    case 6:
        repeat_block(of, at);
        break;
    case 7:
        insert(of, at);
        break;
    default:
        change_data(of);
        break;
    }
}

/* The words of the image at the beginning of an input; 0 where there is none. */
static size_t
image_words(const unsigned char *bytes, size_t size) {
    size_t there = size / sizeof(uint32_t);
    uint32_t stated;
    if (there < CNS_HEADER_WORDS) {
        return 0;
    }
    memcpy(&stated, bytes + CNS_WORD_SIZE * sizeof stated, sizeof stated);
    return stated < there ? stated : there;
}

/* Changes an image of `count` words some times. */
static void
change_image(change *of, const unsigned char *bytes, size_t count) {
    of->count = count;
    memcpy(of->words, bytes, count * sizeof *of->words);
    for (uint32_t left = 1 + draw(&of->chance, MOST_CHANGES); left > 0 && find_code(of); left--) {
        change_once(of);
    }
}

/* The same until it is accepted; after some attempts, as it is then. */
static void
change_and_try(change *of, const unsigned char *bytes, size_t count) {
    static uint32_t words[MOST_WORDS];
    for (int left = ATTEMPTS; left > 0; left--) {
        change_image(of, bytes, count);
        memcpy(words, of->words, of->count * sizeof *words);
        if (is_accepted(words, of->count)) {
            return;
        }
    }
}

size_t
LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed) {
    static change of;
    of.chance = (choices){NULL, 0, seed};
    size_t count = image_words(bytes, size), rest = count * sizeof(uint32_t);
    uint32_t which = draw(&of.chance, 8);
    if (count < CNS_HEADER_WORDS || count > MOST_WORDS || which == 0) {
        return LLVMFuzzerMutate(bytes, size, most);
    }
    if (which == 1 && rest < most) { /* only the bytes that records are drawn from */
        return rest + LLVMFuzzerMutate(bytes + rest, size - rest, most - rest);
    }
    change_and_try(&of, bytes, count);
    size_t image = of.count * sizeof(uint32_t), more = size - rest;
    if (image > most) {
        return size;
    }
    more = more < most - image ? more : most - image;
    memmove(bytes + image, bytes + rest, more);
    memcpy(bytes, of.words, image);
    return image + more;
}
