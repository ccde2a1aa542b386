/* SPDX-License-Identifier: Apache-2.0 */
/* Each check as one would write it without a generator; absent values conform. */
#include "cases.h"

static bool
is_between(char letter, char low, char high) {
    return letter >= low && letter <= high;
}

static uint32_t
code_points(cns_str text) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.length; i++)
        count += (text.data[i] & 0xC0) != 0x80;
    return count;
}

static char
lower(char letter) {
    return is_between(letter, 'A', 'Z') ? (char)(letter + ('a' - 'A')) : letter;
}

static bool
tag_matches(cns_str tag, const char *range) {
    return tag.length >= 2 && lower(tag.data[0]) == range[0] && lower(tag.data[1]) == range[1] &&
           (tag.length == 2 || tag.data[2] == '-');
}

static bool
same_tag(cns_str a, cns_str b) {
    if (a.length != b.length)
        return false;
    for (uint32_t i = 0; i < a.length; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

bool
hand_min_count(const comp_min_count *record) {
    return (record->has & COMP_MIN_COUNT_HAS_V) != 0;
}

bool
hand_datatype(const comp_datatype *record) {
    return !(record->has & COMP_DATATYPE_HAS_V) || record->v != 0;
}

bool
hand_node_kind(const comp_node_kind *record) {
    return !(record->has & COMP_NODE_KIND_HAS_V) || record->v.id != 0;
}

bool
hand_class_of(const comp_class_of *record) {
    switch ((record->has & COMP_CLASS_OF_HAS_V) ? record->v.class_id : COMP_CLASS_ROOM) {
    case COMP_CLASS_ROOM:
    case COMP_CLASS_KITCHEN:
    case COMP_CLASS_HALL:
        return true;
    default:
        return false;
    }
}

bool
hand_in(const comp_in *record) {
    return !(record->has & COMP_IN_HAS_V) ||
           (record->v >= COMP_IN_V_A && record->v <= COMP_IN_V_E);
}

bool
hand_has_value(const comp_has_value *record) {
    return (record->has & COMP_HAS_VALUE_HAS_V) && record->v == 5;
}

bool
hand_range_int(const comp_range_int *record) {
    return !(record->has & COMP_RANGE_INT_HAS_V) || (record->v >= 1 && record->v <= 5);
}

bool
hand_range_double(const comp_range_double *record) {
    return !(record->has & COMP_RANGE_DOUBLE_HAS_V) || (record->v >= 1 && record->v < 5);
}

bool
hand_length(const comp_length *record) {
    if (!(record->has & COMP_LENGTH_HAS_V))
        return true;
    uint32_t length = code_points(record->v);
    return length >= 2 && length <= 8;
}

bool
hand_pattern(const comp_pattern *record) {
    const char *text = record->v.data;
    if (!(record->has & COMP_PATTERN_HAS_V))
        return true;
    if (record->v.length < 3 || !is_between(text[0], 'A', 'Z') || !is_between(text[1], 'A', 'Z'))
        return false;
    for (uint32_t i = 2; i < record->v.length; i++)
        if (!is_between(text[i], '0', '9'))
            return false;
    return true;
}

bool
hand_language_in(const comp_language_in *record) {
    return !(record->has & COMP_LANGUAGE_IN_HAS_V) || tag_matches(record->v.language, "en") ||
           tag_matches(record->v.language, "de");
}

bool
hand_unique_lang(const comp_unique_lang *record) {
    for (unsigned i = 1; i < record->v_count; i++)
        for (unsigned j = 0; j < i; j++)
            if (same_tag(record->v[i].language, record->v[j].language))
                return false;
    return true;
}

bool
hand_equals(const comp_equals *record) {
    bool v = (record->has & COMP_EQUALS_HAS_V) != 0, w = (record->has & COMP_EQUALS_HAS_W) != 0;
    return v == w && (!v || record->v == record->w);
}

bool
hand_disjoint(const comp_disjoint *record) {
    const uint32_t both = COMP_DISJOINT_HAS_V | COMP_DISJOINT_HAS_W;
    return (record->has & both) != both || record->v != record->w;
}

bool
hand_less_than(const comp_less_than *record) {
    const uint32_t both = COMP_LESS_THAN_HAS_V | COMP_LESS_THAN_HAS_W;
    return (record->has & both) != both || record->v < record->w;
}

bool
hand_not_in(const comp_not_in *record) {
    return !(record->has & COMP_NOT_IN_HAS_V) || record->v < 3 || record->v > 5;
}

bool
hand_or_of(const comp_or_of *record) {
    return !(record->has & COMP_OR_OF_HAS_V) || record->v <= 5 || record->v == 9;
}

bool
hand_xone_of(const comp_xone_of *record) {
    return !(record->has & COMP_XONE_OF_HAS_V) || (record->v >= 3) != (record->v <= 5);
}

/* Values are a set: those that are equal count once. */
bool
hand_qualified(const comp_qualified *record) {
    unsigned count = 0;
    for (unsigned i = 0; i < record->v_count; i++) {
        bool is_new = record->v[i] >= 6;
        for (unsigned j = 0; j < i; j++)
            is_new = is_new && record->v[i] != record->v[j];
        count += is_new;
    }
    return count >= 1 && count <= 2;
}

bool
hand_node(const comp_node *record) {
    return !(record->has & COMP_NODE_HAS_V) || (record->v->has & COMP_PART_HAS_W) != 0;
}

bool
hand_closed(const comp_closed *record) {
    return !(record->has & COMP_CLOSED_HAS_W);
}

bool
hand_alternative(const comp_alternative *record) {
    const uint32_t both = COMP_ALTERNATIVE_HAS_V | COMP_ALTERNATIVE_HAS_W;
    return (record->has & both) == both && record->v != record->w;
}
