/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns: texts through the automata that the compiler makes of sh:pattern. */
#include "image.h"

/* CNS_RANGE: the first character, and how many more there are. */
enum {
    SPAN_BITS = 11,
    SPAN_MASK = (1 << SPAN_BITS) - 1
};

/* A range as this machine has it. */
static uint32_t
range_of(const cns_pattern *pattern, uint32_t index) {
    return pattern->stored ? cns_word(pattern->ranges[index]) : pattern->ranges[index];
}

static uint32_t
first_of(const cns_pattern *pattern, uint32_t index) {
    return range_of(pattern, index) >> SPAN_BITS;
}

/*
 * The last range that begins at the character or before it, else 0. It is that of the character
 * before, `near`, more often than not: a text keeps to few alphabets.
 */
static uint32_t
find_range(const cns_pattern *pattern, uint32_t character, uint32_t near) {
    uint32_t low = 0;
    uint32_t high = pattern->range_count;

    if (character >= first_of(pattern, near) &&
        (near + 1 == high || character < first_of(pattern, near + 1))) {
        return near;
    }
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (character >= first_of(pattern, middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The class of the character that begins at `at`, with a byte that is not ASCII. */
static uint8_t
class_beyond(const cns_pattern *pattern, const unsigned char *at, const unsigned char *end,
             uint32_t *near) {
    uint32_t lead = *at++;
    uint32_t character = lead & (lead < 0xE0 ? 0x1Fu : lead < 0xF0 ? 0x0Fu : 0x07u);

    if (pattern->range_count == 0) {
        return pattern->beyond;
    }
    while (at < end && (*at & 0xC0) == 0x80) {
        character = character << 6 | (*at++ & 0x3Fu);
    }
    *near = find_range(pattern, character, *near);
    if (character - first_of(pattern, *near) > (range_of(pattern, *near) & SPAN_MASK)) {
        return pattern->beyond; /* behind the range, or before the first one */
    }
    return pattern->range_classes != NULL ? pattern->range_classes[*near] : pattern->within;
}

/* Columns of the table are one class each, so only the last addition waits for the state. */
static inline uint32_t
next_state(const cns_pattern *pattern, uint32_t class_id, uint32_t state) {
    uint32_t cell = class_id * pattern->live + state;

    if (pattern->live > 254) {
        uint16_t wide = ((const uint16_t *)pattern->next)[cell];
        return pattern->stored ? cns_half(wide) : wide;
    }
    return ((const uint8_t *)pattern->next)[cell];
}

bool
cns_pattern_matches(const cns_pattern *pattern, const char *data, uint32_t length) {
    const unsigned char *at = (const unsigned char *)data;
    const unsigned char *end = length == 0 ? at : at + length;
    uint32_t state = pattern->start;
    uint32_t near = 0;

    while (at != end && state < pattern->live) {
        uint32_t byte = *at;
        uint32_t offset = byte - pattern->first;
        uint32_t class_id = offset < pattern->count ? pattern->classes[offset] : 0;

        if (byte >= 0x80) {
            if (byte < 0xC0) { /* the character has been read at its first byte */
                at++;
                continue;
            }
            class_id = class_beyond(pattern, at, end, &near);
        }
        state = next_state(pattern, class_id, state);
        at++;
    }
    return state >= pattern->accepting && state != pattern->live;
}
