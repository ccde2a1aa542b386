/* SPDX-License-Identifier: Apache-2.0 */
/* What an instruction does to registers and to the flow of code, told from its word alone. */
#ifndef CNS_FLOW_H
#define CNS_FLOW_H

#include <cns/opcodes.h>

#include "image.h"

#define CNS_NOT_WRITTEN UINT32_MAX

/* The opcode of a word, without the bits of its form. */
static inline uint32_t
cns_base_of(uint32_t word) {
    return word & CNS_OP_BASE;
}

/* Whether the second operand is the last, of 16 bits. */
static inline bool
cns_has_wide(const char *operands) {
    return operands[2] == '\0';
}

/* The operand of an index, of 16 bits where it is wide. */
static inline uint32_t
cns_operand_of(const char *operands, uint32_t word, uint32_t index) {
    return index == 0               ? (operands[0] == 'Q' ? CNS_CHECKS_RECORD(word) : CNS_A(word))
           : index == 2             ? CNS_C(word)
           : cns_has_wide(operands) ? CNS_WIDE(word)
                                    : CNS_B(word);
}

/* How many instructions behind the next one it may go on; 0: at none. NEXT leads backward. */
static inline uint32_t
cns_skip_of(uint32_t word) {
    switch (cns_base_of(word)) {
    case CNS_OP_JUMP:
    case CNS_OP_JUMP_IF:
    case CNS_OP_JUMP_UNLESS:
        return CNS_WIDE(word);
    case CNS_OP_FIELD:
    case CNS_OP_EACH:
        return CNS_C(word);
    case CNS_OP_FIELD_CHECKS:
        return CNS_CHECKS_REPORTS(word);
    default:
        return (word & (CNS_UNLESS | CNS_IF)) != 0 ? 1 : 0;
    }
}

/* How many instructions before the next one the head of the loop of a NEXT is; 0: none before. */
static inline uint32_t
cns_back_of(uint32_t word) {
    return CNS_WIDE(word) > INT16_MAX ? (uint32_t)UINT16_MAX + 1u - CNS_WIDE(word) : 0;
}

/* The register that gets a new content, or CNS_NOT_WRITTEN. COUNT and NEXT only move theirs on. */
static inline uint32_t
cns_written_by(uint32_t word) {
    const char *operands = cns_operands_of(word & 0xFFu);
    switch (cns_base_of(word)) {
    case CNS_OP_FIELD:
    case CNS_OP_EACH:
    case CNS_OP_FIELD_WITHIN:
        return CNS_A(word) + 1u;
    case CNS_OP_FIELD_CHECKS:
        return CNS_CHECKS_RECORD(word) + 1u;
    default:
        return operands != NULL && operands[0] == 'D' ? CNS_A(word) : CNS_NOT_WRITTEN;
    }
}

#endif
