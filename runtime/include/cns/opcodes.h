/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instruction set: the one table from which enumerators, names, verifier, optimizer, VM,
 * assembler, disassembler and the reference manual (docs/bytecode.md) come.
 *
 * An instruction is a 32-bit word, little-endian in images: opcode in bits 0-7, operands a, b, c
 * in bits 8-15, 16-23, 24-31; a wide operand takes the place of b and c. Jumps count from the
 * next instruction, and lead forward; only NEXT leads backward.
 *
 * A *test* comes in three forms. Opcode N sets the flag to what it finds; N | CNS_UNLESS runs the
 * next instruction unless it holds; N | CNS_IF runs it if it holds. Otherwise that is left out.
 *
 * A register holds a place: a record, or a value with its layout. It may be a cursor, which stands
 * at one value of several, or a number. Register 0 is what a function is called with. Its type is
 * known at each instruction: the verifier follows it. FIELD, EACH, FIELD_WITHIN and FIELD_CHECKS
 * also write the register behind a: the place that they found, or one of zeros.
 *
 * FIELD_CHECKS decides about the one to three REPORT that follow it. Where the field is absent,
 * the one for that runs, if there is one; else, in order, that of each range in which the key of
 * the value is not. The run goes on behind all of them.
 *
 * An instruction is a step. MATCHES takes one more for each byte of a text that lies in the
 * record, FIRST, REPORT_FIRST and COUNT_FIRST for each value before the cursor's, FIRST_OF for
 * each value before the number, LANGUAGES and COUNT_WITHIN for each pair of values.
 */
#ifndef CNS_OPCODES_H
#define CNS_OPCODES_H

/*
 * Operands, as the three letters (or two, with a wide one) of an opcode say:
 *   _ none: zero             D register that is written      R record
 *   B record or list         V value                         P path
 *   C cursor, moved on       L list                          X any of these
 *   N number                 S slot of the record: a field   f function
 *   K, k constant: a word    J, j jump, forward              n jump, backward
 *   p pattern                E what EXPLAIN keeps            I, i number in the instruction
 *   M value and focus with the upper bits of a check; c its lower bits
 *   Q record, with the bits that say what FIELD_CHECKS decides about
 */

/* Tests: enumerator, number, operands, what holds. */
#define CNS_TEST_OPCODES(X)                                                                       \
    X(TRUTH, 0x01, "_i", "the operand is not 0")                                                  \
    X(HAS, 0x02, "RS_", "the field has at least one value")                                       \
    X(CLASS, 0x03, "DX_", "the node has a class; a is its place")                                 \
    X(OPEN, 0x04, "DRS", "the field has values; a stands at the first")                           \
    X(ITEMS, 0x05, "DL_", "the list has members; a stands at the first")                          \
    X(LANGUAGES, 0x06, "DBP", "two values have one language; a repeats for each such language")   \
    X(WITHIN, 0x08, "Vk", "the key of the number is within a range")                              \
    X(TERM_WITHIN, 0x09, "Vk", "the term is a number of a datatype, and its key within a range")  \
    X(MEMBER, 0x0a, "Vk", "the enumerator is in a set")                                           \
    X(VALID, 0x0b, "V__", "the value is one of its datatype")                                     \
    X(DATATYPE, 0x0c, "Vi", "the term has the datatype of this tag")                              \
    X(TYPED, 0x0d, "Vi", "the term has the datatype of this id, outside XSD")                     \
    X(ARM, 0x0e, "V__", "the term has one of the datatypes of its field")                         \
    X(KIND, 0x0f, "Xi", "the node kind is in a set")                                              \
    X(ID_IN, 0x10, "Xk", "the id of the node is in a set")                                        \
    X(IS_A, 0x11, "Xk", "the node is an instance of a class in a set")                            \
    X(LENGTH, 0x12, "Vk", "the text has a number of code points within a range")                  \
    X(MATCHES, 0x13, "Vp", "the pattern is found in the text")                                    \
    X(LANGUAGE, 0x14, "Vk", "the language tag matches a range")                                   \
    X(IS, 0x15, "Vk", "the value is this term")                                                   \
    X(ORDER, 0x16, "Vk", "the value compares so with a bound")                                    \
    X(SAME, 0x17, "XX_", "the values are the same term")                                          \
    X(PRECEDES, 0x18, "XXI", "a is below b, or equal where c is 1")                               \
    X(FIRST, 0x19, "C__", "no value of the field before the cursor's is the same term")           \
    X(FIRST_OF, 0x1a, "BNP", "no value of the path before number b is the same as in b + 1")      \
    X(NUMBER, 0x1b, "Nk", "the number is within a range")                                         \
    X(COUNT_WITHIN, 0x1d, "RSK", "the number of distinct values of the field is within a range")  \
    X(CALL, 0x1c, "Xf", "the function, called with a, returns a flag that is set")                \
    X(FIELD_WITHIN, 0x20, "RSK", "the field is absent or within a range; a + 1 is its place")

/* The others: enumerator, number, operands, what it does. */
#define CNS_ACTION_OPCODES(X)                                                                     \
    X(NOP, 0x00, "___", "nothing")                                                                \
    X(MOVE, 0x21, "DX_", "a becomes b")                                                           \
    X(VALUE, 0x22, "DRS",                                                                         \
      "a becomes the place of a single field, or of nothing where it is "                         \
      "absent")                                                                                   \
    X(FOLLOW, 0x23, "DX_", "a becomes the record that describes node b, empty without one")       \
    X(ZERO, 0x24, "D__", "a becomes the number 0")                                                \
    X(COUNT, 0x25, "N__", "the number grows by 1")                                                \
    X(NOT, 0x26, "___", "the flag is turned")                                                     \
    X(JUMP, 0x27, "_j", "goes on behind the jump")                                                \
    X(JUMP_IF, 0x28, "_j", "jumps if the flag is set")                                            \
    X(JUMP_UNLESS, 0x29, "_j", "jumps unless the flag is set")                                    \
    X(NEXT, 0x2a, "Cn", "moves the cursor to the next value and jumps, unless there is none")     \
    X(REPORT, 0x2b, "MMc", "reports a violation of a check")                                      \
    X(EXPLAIN, 0x2c, "D__", "what is reported from here on explains the last violation")          \
    X(RESUME, 0x2d, "E__", "ends what EXPLAIN began")                                             \
    X(RETURN, 0x2e, "___", "ends the function")                                                   \
    X(FIELD, 0x2f, "RSJ", "a + 1 becomes the place of a single field; jumps where it is absent")  \
    X(EACH, 0x30, "RSJ", "a + 1 stands at the first value of the field; jumps without one")       \
    X(REPORT_FIRST, 0x31, "MMc",                                                                  \
      "reports a violation unless a value before the cursor's is the same")                       \
    X(COUNT_FIRST, 0x32, "NC_",                                                                   \
      "the number grows by 1 unless a value before the cursor's is the same")                     \
    X(FIELD_CHECKS, 0x33, "QSK",                                                                  \
      "runs those REPORT behind it that apply: the field is absent, or not within a range; a + "  \
      "1 "                                                                                        \
      "is its place")

#define CNS_OPCODES(X)                                                                            \
    CNS_TEST_OPCODES(X)                                                                           \
    CNS_ACTION_OPCODES(X)

enum {
#define CNS_X(name, number, operands, meaning) CNS_OP_##name = (number),
    CNS_OPCODES(CNS_X)
#undef CNS_X
    CNS_OP_BASE = 0x3f, /* the bits of an opcode that name it */
    CNS_UNLESS = 0x40,  /* with a test: run the next instruction unless it holds */
    CNS_IF = 0x80       /* with a test: run the next instruction if it holds */
};

/* The operands of a word. */
#define CNS_A(word) ((uint8_t)((word) >> 8))
#define CNS_B(word) ((uint8_t)((word) >> 16))
#define CNS_C(word) ((uint8_t)((word) >> 24))
#define CNS_WIDE(word) ((uint16_t)((word) >> 16))

/* Changes with the table; tests/test_bytecode_isa.py says to what. */
#define CNS_ISA_FINGERPRINT 0x272575FAu

/* Registers are below this; in REPORT it stands for no value. */
#define CNS_NO_REGISTER 31u

/* REPORT: its value, its focus node, and the check, of which a and b hold the upper six bits. */
#define CNS_REPORT_VALUE(word) (CNS_A(word) & 31u)
#define CNS_REPORT_FOCUS(word) (CNS_B(word) & 31u)
#define CNS_REPORT_CHECK(word)                                                                    \
    ((uint16_t)(CNS_C(word) | (CNS_A(word) & 0xE0u) << 3 | (CNS_B(word) & 0xE0u) << 6))

/*
 * FIELD_CHECKS: its record; how many REPORT it decides about; whether there is one for a second
 * range, directly behind that at c; whether the first of them is for a field that is absent, as
 * 1 or 0. Any other number is no instruction.
 */
#define CNS_CHECKS_RECORD(word) (CNS_A(word) & 31u)
#define CNS_CHECKS_REPORTS(word) ((word) >> 13 & 3u)
#define CNS_CHECKS_SECOND(word) (((word) >> 15 & 1u) != 0)
#define CNS_CHECKS_REQUIRED(word) (CNS_CHECKS_REPORTS(word) - 1u - CNS_CHECKS_SECOND(word))

#endif
