/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of numbers (image.h), and whether they lie in ranges of an image. */
#ifndef CNS_KEYS_H
#define CNS_KEYS_H

#include "image.h"

static inline int64_t
cns_wide_at(const uint32_t *words) {
    return (int64_t)(cns_word(words[0]) | (uint64_t)cns_word(words[1]) << 32);
}

static inline bool
cns_wide_within(const uint32_t *range, int64_t key) {
    return key >= cns_wide_at(range) && key <= cns_wide_at(range + 2);
}

static inline bool
cns_narrow_within(const uint32_t *range, int32_t key) {
    return key >= (int32_t)cns_word(range[0]) && key <= (int32_t)cns_word(range[1]);
}

/* Keys of floats and doubles are made without a branch: signs are hard to predict, and what
   follows them in the machine with it. */
static inline int32_t
cns_float_key(float value) {
    union {
        float value;
        int32_t bits;
    } number = {value};
    int32_t sign = -(int32_t)(number.bits < 0);
    return ((number.bits & INT32_MAX) ^ sign) - sign;
}

static inline int64_t
cns_double_key(double value) {
    union {
        double value;
        int64_t bits;
    } number = {value};
    int64_t sign = -(int64_t)(number.bits < 0);
    return ((number.bits & INT64_MAX) ^ sign) - sign;
}

/* The key of an unsigned number: in the order of the numbers, as a signed one. */
static inline int64_t
cns_natural_key(uint64_t value) {
    return (int64_t)(value ^ UINT64_C(1) << 63);
}

/* The number of an enumerator, or 0 for one that is none. */
static inline uint32_t
cns_enumerator_at(const cns_value_layout *value, const void *at) {
    uint32_t number = value->type.size == 1 ? *(const uint8_t *)at : *(const uint16_t *)at;
    return number > value->type.count ? 0 : number;
}

static inline uint32_t
cns_narrow_missed(int32_t key, const uint32_t *range, bool second) {
    if (cns_narrow_within(range, key)) {
        return second && !cns_narrow_within(range + 2, key) ? 2 : 0;
    }
    return second && !cns_narrow_within(range + 2, key) ? 3 : 1;
}

static inline uint32_t
cns_wide_missed(int64_t key, const uint32_t *range, bool second) {
    if (cns_wide_within(range, key)) {
        return second && !cns_wide_within(range + 4, key) ? 2 : 0;
    }
    return second && !cns_wide_within(range + 4, key) ? 3 : 1;
}

/* The ranges in which the key of a number is not, a bit for each: the one at a word of an image,
   and, where that is asked, the one directly behind it. */
static inline uint32_t
cns_ranges_missed(const cns_value_layout *value, const void *at, const uint32_t *range,
                  bool second) {
    int32_t key;
    switch (value->type.tag) {
    case CNS_NONE: /* an enumerator: nothing else that has keys is without a tag */
        key = (int32_t)cns_enumerator_at(value, at);
        break;
    case CNS_BOOLEAN:
    case CNS_UNSIGNED_BYTE:
        key = *(const uint8_t *)at;
        break;
    case CNS_BYTE:
        key = *(const int8_t *)at;
        break;
    case CNS_SHORT:
        key = *(const int16_t *)at;
        break;
    case CNS_UNSIGNED_SHORT:
        key = *(const uint16_t *)at;
        break;
    case CNS_INT:
        key = *(const int32_t *)at;
        break;
    case CNS_UNSIGNED_INT:
        key = (int32_t)(*(const uint32_t *)at ^ UINT32_C(1) << 31);
        break;
    case CNS_FLOAT:
        key = cns_float_key(*(const float *)at);
        break;
    case CNS_DOUBLE:
        return cns_wide_missed(cns_double_key(*(const double *)at), range, second);
    case CNS_UNSIGNED_LONG:
    case CNS_NON_NEGATIVE_INTEGER:
    case CNS_POSITIVE_INTEGER:
        return cns_wide_missed(cns_natural_key(*(const uint64_t *)at), range, second);
    default:
        return cns_wide_missed(*(const int64_t *)at, range, second);
    }
    return cns_narrow_missed(key, range, second);
}

#endif
