/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a program: their form, and the relations that they read and derive into. */
#ifndef CNS_HOST_RULES_H
#define CNS_HOST_RULES_H

#include "program.h"

/* Verifies all sections that infer. NULL, or why they are refused. */
cns_refusal cns_rules_verify(const cns_program *program);

/* The letter of an operand of a rule, or 0 where the rule has no such one. */
char cns_rule_letter(uint32_t opcode, uint32_t operand);

/* The operand that a rule derives into, or the number of its operands for one of equality. */
uint32_t cns_rule_head(uint32_t opcode, uint32_t count);

#endif
