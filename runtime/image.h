/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images: how bytecode lies in memory, for the files of the runtime that read it.
 *
 * An image is an array of 32-bit words, little-endian on every machine: CNS_HEADER_WORDS words of
 * header, then the sections of CNS_SECTIONS in order, each of the length that the header states.
 *
 *   header     magic; version, and from bit 16 the report policy; fingerprint of the instruction
 *              set; fingerprint of the layout; words of the image; CRC-32 of all words but this
 *              one; registers that it needs at most; calls that may lead back (0: no recursion);
 *              the length of each section
 *   ENTRIES    per record of the layout: its function, or CNS_NO_ENTRY, or CNS_NOTHING
 *   FUNCTIONS  three words each, those that others call behind them, in the order of the code:
 *              first word of its code; registers, and from bit 16 the type of register 0; the
 *              most steps that it takes, in which a call that leads back counts as one
 *   CODE       the instructions of all functions
 *   CHECKS     component, from bit 8 the severity, from bit 16 the type of the reported value:
 *              a value of the layout, or CNS_TYPE_CLASS, CNS_TYPE_FOCUS, CNS_TYPE_ABSENT
 *   PATHS      their number, the offset of each in this section, and there: the number of steps,
 *              then one word each (a slot, or CNS_STEP_ITEMS, CNS_STEP_CLASS). For LANGUAGES: the
 *              number of branches, then the number of the path that each one is
 *   PATTERNS   their number, the offset of each in this section, and there: start and, from bit
 *              16, live; accepting and the number of ranges; first, count, beyond, within, 8 bits
 *              each; the number of classes, and 1 at bit 16 where ranges have classes of their
 *              own; then the arrays of cns_pattern, each padded to whole words: next (live cells
 *              for each class, of 8 bits, or 16 where live > 254), classes, ranges, range_classes
 *   ENUMS      the terms that values stand for, where these are compared with other types: a value
 *              of the layout and, from bit 16, a number of rows; then the constants that are the
 *              terms: of each enumerator from 0, which stands for all that are none; of a cns_term
 *              that is none of its field; of an empty list
 *   CONSTANTS  what tests are given, by offset in this section:
 *              WITHIN        low, high, of 32 or 64 bits as the key has; of FIELD_CHECKS, one such
 *                            range or two
 *              TERM_WITHIN   the tag; low, high, of 64 bits
 *              NUMBER, LENGTH  low, high
 *              MEMBER        a number of bits; the bits
 *              ID_IN         a number of ranges; first and last id of each, ascending
 *              IS_A          a number of ranges of classes and, from bit 16, of instances; both
 *              LANGUAGE      a number of bytes; the bytes
 *              IS            a term
 *              ORDER         0 for <, 1 <=, 2 >, 3 >=, and from bit 8 the tag that values have; a
 *                            term
 *   TEXTS      per check the offsets in bytes of its three strings: shape, path, message; then
 *              the strings, each of which ends with NUL. Or nothing
 *
 * A term is its tag (bits 0-7), and then
 *   CNS_NODE         id
 *   integers, double, boolean   64 bits; a boolean is 0 or 1
 *   float            32 bits
 *   CNS_DECIMAL      from bit 8 the scale; 64 bits
 *   times            from bit 16 the zone; seconds in 64 bits; nanoseconds
 *   durations        seconds in 64 bits; months; nanoseconds
 *   CNS_STRING, CNS_ANY_URI   a number of bytes; the bytes
 *   CNS_TYPED        from bit 16 the id of the datatype; a number of bytes; the bytes
 *   CNS_LANG_STRING  from bit 8 the bytes of the tag; the bytes of the text; text, then tag
 *   CNS_NONE         nothing
 * 64 bits are two words, the lower one first. Bytes are padded with zeros to whole words.
 *
 * The key of a number orders it among those of its type, as a signed integer: integers are their
 * own keys, unsigned ones of 32 and 64 bits with the uppermost bit turned; floats and doubles have
 * the keys of cns_float_within and cns_double_within; a bool that of its byte, an enumerator its
 * number, or 0 for one that is none. Keys have 64 bits where the C type has, else 32.
 */
#ifndef CNS_IMAGE_H
#define CNS_IMAGE_H

#include <cns/cns.h>
#include <cns/opcodes.h>

#define CNS_IMAGE_MAGIC 0x49534E43u /* CNSI */
#define CNS_IMAGE_VERSION 1u

enum {
    CNS_WORD_MAGIC,
    CNS_WORD_VERSION,
    CNS_WORD_ISA,
    CNS_WORD_LAYOUT,
    CNS_WORD_SIZE,
    CNS_WORD_CHECKSUM,
    CNS_WORD_REGISTERS,
    CNS_WORD_BACK_CALLS,
    CNS_WORD_SECTIONS,
    CNS_SECTION_COUNT = 9,
    CNS_HEADER_WORDS = CNS_WORD_SECTIONS + CNS_SECTION_COUNT,
    CNS_FUNCTION_WORDS = 3
};

/* Entries of records without a function: dispatch refuses the first, and accepts the second. */
#define CNS_NO_ENTRY UINT32_MAX
#define CNS_NOTHING (UINT32_MAX - 1u)

/* Types of registers and reported values besides those of the layout's values. */
#define CNS_TYPE_RECORD 0x8000u    /* | the index of the record */
#define CNS_TYPE_EXPLAINED 0xFFFAu /* what EXPLAIN keeps */
#define CNS_TYPE_LANGUAGES 0xFFFBu /* a cursor of LANGUAGES */
#define CNS_TYPE_NUMBER 0xFFFCu
#define CNS_TYPE_CLASS 0xFFFDu /* the class of a node */
#define CNS_TYPE_FOCUS 0xFFFEu
#define CNS_TYPE_ABSENT 0xFFFFu

/* Steps of a path that are no slots. */
#define CNS_STEP_ITEMS 0xFFFFu
#define CNS_STEP_CLASS 0xFFFEu

/* Report policies. */
enum {
    CNS_REPORT_ALL,
    CNS_REPORT_FIRST,
    CNS_REPORT_CONFORMS
};

/* The most steps of a path, and the most loops inside each other. */
#define CNS_PATH_STEPS 8u

/* A word as this machine has it. */
static inline uint32_t
cns_word(uint32_t stored) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return stored;
#else
    const unsigned char *bytes = (const unsigned char *)&stored;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
#endif
}

/* Half a word, the same. */
static inline uint16_t
cns_half(uint16_t stored) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return stored;
#else
    const unsigned char *bytes = (const unsigned char *)&stored;
    return (uint16_t)(bytes[0] | bytes[1] << 8);
#endif
}

/* A word of a section; the index is below its length. */
static inline uint32_t
cns_word_of(const cns_image *image, cns_section section, uint32_t index) {
    return cns_word(image->words[section.start + index]);
}

/* 64 bits at a word of the constants. */
static inline uint64_t
cns_wide_of(const cns_image *image, uint32_t index) {
    return cns_word_of(image, image->constants, index) |
           (uint64_t)cns_word_of(image, image->constants, index + 1) << 32;
}

/* The bytes that begin at a word of the constants. */
static inline const char *
cns_bytes_of(const cns_image *image, uint32_t index) {
    return (const char *)&image->words[image->constants.start + index];
}

/* The words that bytes take. */
static inline uint32_t
cns_words_for(uint32_t bytes) {
    return bytes / 4 + (bytes % 4 != 0);
}

/* A function: the offset of its first word of code and of the word behind its last. */
typedef struct cns_function {
    uint32_t start;
    uint32_t end;
    uint32_t registers;
    uint32_t parameter; /* the type of register 0 */
    uint32_t steps;
} cns_function;

/* The function of a number below function_count. */
static inline cns_function
cns_function_of(const cns_image *image, uint32_t number) {
    uint32_t at = number * CNS_FUNCTION_WORDS;
    uint32_t second = cns_word_of(image, image->functions, at + 1);
    bool last = number + 1 == image->function_count;
    cns_function function = {
        cns_word_of(image, image->functions, at),
        last ? image->code.length : cns_word_of(image, image->functions, at + CNS_FUNCTION_WORDS),
        second & 0xFFu,
        second >> 16,
        cns_word_of(image, image->functions, at + 2),
    };
    return function;
}

/* The layout of a value that is the class of a node. */
extern const cns_value_layout cns_class_layout;

/* The bits of the key of a value's numbers: 32 or 64, or 0 where it is none. */
uint32_t cns_key_bits(const cns_value_layout *value);

/* The CRC-32 of all words of an image but that of the checksum. */
uint32_t cns_image_checksum(const uint32_t *words, uint32_t count);

/* The most steps that the code of a function takes, with those that its callees state. Requires a
   verified image; `scratch` is as for cns_image_load. */
uint32_t cns_function_steps(const cns_image *image, uint32_t number, uint16_t *scratch);

/* The operands of an opcode, as in CNS_OPCODES; NULL where there is no such instruction. */
const char *cns_operands_of(uint32_t opcode);

/* Whether an opcode, without the bits of its form, is a test. */
bool cns_is_test(uint32_t opcode);

#endif
