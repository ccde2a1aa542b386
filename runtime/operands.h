/* SPDX-License-Identifier: Apache-2.0 */
/* What instructions ask of the values that registers hold, for the files of the machine. */
#ifndef CNS_OPERANDS_H
#define CNS_OPERANDS_H

#include "image.h"

/* A place in memory, and the layout of the value there. */
typedef struct cns_place {
    const void *at;
    const cns_value_layout *value;
} cns_place;

/* The place of the value in a register. */
static inline cns_place
cns_place_in(const cns_register *held) {
    const cns_place place = {held->at, held->as.value};
    return place;
}

/* `at` moved by a number of bytes. */
static inline const void *
cns_after(const void *at, size_t bytes) {
    return (const unsigned char *)at + bytes;
}

/* Whether a register holds a record rather than a value. */
static inline bool
cns_holds_record(const cns_layout *layout, const cns_register *held) {
    uintptr_t distance = (uintptr_t)held->as.record - (uintptr_t)layout->records;
    return distance < layout->record_count * sizeof *layout->records;
}

/* Whether a field of one value at most is present. */
static inline bool
cns_bit_set(const cns_record_layout *record, const cns_field_layout *field, const void *at) {
    const uint32_t *has = cns_after(at, record->has);
    return (has[field->presence >> 5] >> (field->presence & 31u) & 1u) != 0;
}

/* The number of values of a field. */
static inline uint32_t
cns_field_count(const cns_record_layout *record, const cns_field_layout *field, const void *at) {
    if (field->capacity == 1) {
        return cns_bit_set(record, field, at) ? 1 : 0;
    }
    return field->capacity == 0 ? 0 : *(const uint16_t *)cns_after(at, field->presence);
}

/* The text of a value, in place or in `buffer` of CNS_LEXICAL_SIZE bytes. */
cns_str cns_place_text(cns_place place, char *buffer);

/* The value as a term; an enumerator is what the image says, else CNS_NONE. */
cns_term cns_place_term(const cns_image *image, cns_place place);

/* The term at a constant. */
cns_term cns_constant_term(const cns_image *image, uint32_t constant);

/* The text with a language that a value is; of no bytes of language where it is none. */
cns_langstr cns_place_language(const cns_image *image, cns_place place);

/* Whether two values of one layout are the same term. */
bool cns_place_same(const cns_image *image, const cns_value_layout *value, const void *a,
                    const void *b);

/* A register as a term: a record is a node. */
cns_term cns_register_term(const cns_image *image, const cns_register *held);

/* Whether two registers hold the same term. */
bool cns_register_same(const cns_image *image, const cns_register *a, const cns_register *b);

/* The id of the node in a register; 0 for a blank node and for what is no node. */
uint32_t cns_register_id(const cns_image *image, const cns_register *held);

/* Whether the node kind of a register is in a set. */
bool cns_register_kind_in(const cns_image *image, const cns_register *held, unsigned kinds);

/* Whether the node in a register is an instance of the classes at a constant. */
bool cns_register_is_a(const cns_image *image, const cns_register *held, uint32_t constant);

/* Whether an id lies in one of `count` ranges at a word of the constants. */
bool cns_id_in(const cns_image *image, uint32_t at, uint32_t count, uint32_t id);

/* The record that describes the node at a place, or the empty one. */
const void *cns_record_behind(const cns_layout *layout, cns_place place);

/* The place of the class of a node: of the reference, else of its record. */
const uint32_t *cns_class_place(const cns_record_layout *record, const void *at);

/* Whether a test on a value holds, by its word: TERM_WITHIN, VALID, DATATYPE, TYPED, ARM, LENGTH,
   LANGUAGE, IS or ORDER. */
bool cns_register_test(const cns_image *image, uint32_t word, const cns_register *held);

/* Whether a pattern of the image is found in a value; adds the bytes of a text in the record. */
bool cns_register_matches(const cns_image *image, const cns_register *held, uint32_t pattern,
                          uint32_t *steps);

/* The pattern of a number, in the image. */
cns_pattern cns_pattern_of(const cns_image *image, uint32_t number);

/* FIRST, FIRST_OF and LANGUAGES; `steps` grows by what they look at. */
bool cns_is_first(const cns_image *image, const cns_register *cursor, uint32_t *steps);
bool cns_is_first_of(const cns_image *image, const cns_register *base,
                     const cns_register *position, uint32_t path, uint32_t *steps);
uint32_t cns_count_languages(const cns_image *image, const cns_register *base, uint32_t branches,
                             uint32_t *steps);

#endif
