/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the verifier: what lies in an image, and the code that refers to it. */
#ifndef CNS_VERIFY_H
#define CNS_VERIFY_H

#include <cns/cns.h>

#include "image.h"

/* Ends a function with a reason, unless the condition holds. */
#define DEMAND(holds, name)                                                                       \
    do {                                                                                          \
        if (!(holds)) {                                                                           \
            return CNS_REASON_##name;                                                             \
        }                                                                                         \
    } while (0)

/* Hands a reason on that is not ACCEPTED. */
#define TRY(call)                                                                                 \
    do {                                                                                          \
        cns_reason tried = (call);                                                                \
        if (tried != CNS_REASON_ACCEPTED) {                                                       \
            return tried;                                                                         \
        }                                                                                         \
    } while (0)

/* Verifies all sections but ENTRIES, FUNCTIONS, CODE and CONSTANTS, which code refers to. */
cns_fault cns_verify_data(const cns_image *image);

/* Verifies the section of patterns alone. */
cns_fault cns_verify_patterns(const cns_image *image);

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

/* ---- Types and paths ---------------------------------------------------------------------- */

static inline const cns_record_layout *
cns_record_of_type(const cns_layout *layout, uint32_t type) {
    uint32_t index = type & ~CNS_TYPE_RECORD;
    return (type & CNS_TYPE_RECORD) != 0 && index < layout->record_count ? &layout->records[index]
                                                                         : NULL;
}

static inline const cns_value_layout *
cns_value_of_type(const cns_layout *layout, uint32_t type) {
    if (type == CNS_TYPE_CLASS) {
        return &cns_class_layout;
    }
    return type < layout->value_count ? &layout->values[type] : NULL;
}

static inline bool
cns_has_form(const cns_value_layout *value, cns_form form) {
    return value != NULL && value->type.form == form;
}

static inline bool
cns_has_language(const cns_value_layout *value) {
    return cns_has_form(value, CNS_FORM_LANG) || cns_has_form(value, CNS_FORM_TERM) ||
           cns_has_form(value, CNS_FORM_ENUM);
}

static inline bool
cns_has_class(const cns_layout *layout, uint32_t type) {
    return cns_record_of_type(layout, type) != NULL ||
           cns_has_form(cns_value_of_type(layout, type), CNS_FORM_REF);
}

/* The record that describes a value, as a type; ABSENT where none does. */
static inline uint16_t
cns_described_by(const cns_layout *layout, uint32_t type) {
    const cns_value_layout *value = cns_value_of_type(layout, type);
    bool node = value != NULL && value->type.form != CNS_FORM_LIST;
    return node && value->inner < layout->record_count ? (uint16_t)(CNS_TYPE_RECORD | value->inner)
                                                       : CNS_TYPE_ABSENT;
}

static inline uint32_t
cns_path_count(const cns_image *image) {
    return image->paths.length > 0 ? cns_word_of(image, image->paths, 0) : 0;
}

/* Where a path leads, and to how many values at most. */
typedef struct cns_reach {
    uint16_t type;
    uint32_t values;
} cns_reach;

/* Follows a path from a place of a type. */
cns_reason cns_follow_path(const cns_image *image, uint32_t type, uint32_t path, cns_reach *to);

/* The values at the ends of all branches of a list, each a text with a language or a term. */
cns_reason cns_follow_branches(const cns_image *image, uint32_t type, uint32_t list,
                               uint32_t *values);

#endif
