/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the verifier: what lies in an image, and the code that refers to it. */
#ifndef CNS_VERIFY_H
#define CNS_VERIFY_H

#include <cns/cns.h>

/* Verifies all sections but ENTRIES, FUNCTIONS, CODE and CONSTANTS, which code refers to. */
cns_fault cns_verify_data(const cns_image *image);

/* Verifies the functions, and what their instructions refer to; requires verified data. */
cns_fault cns_verify_code(const cns_image *image, uint16_t *scratch, size_t scratch_count);

/* Whether a constant is what a test needs, for a value of this layout (NULL: for none). */
bool cns_constant_fits(const cns_image *image, uint32_t opcode, uint32_t offset,
                       const cns_value_layout *value);

/* Sums and products of steps; UINT32_MAX stands for too many. */
static inline uint32_t
cns_steps_add(uint32_t a, uint32_t b) {
    return b > UINT32_MAX - a ? UINT32_MAX : a + b;
}

static inline uint32_t
cns_steps_times(uint32_t a, uint32_t b) {
    return b != 0 && a > UINT32_MAX / b ? UINT32_MAX : a * b;
}

#endif
