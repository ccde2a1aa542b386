/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's part for data: checks, paths, patterns, enumerations, texts and constants. */
#include <cns/cns.h>

#include "image.h"
#include "verify.h"

/*
 * Nothing here follows a number before it has been compared with the length of the section that
 * it leads into. Lengths are subtracted from what is left, so that no sum can overflow.
 */

enum {
    MOST_SCALE = 18,
    MOST_RELATION = 3, /* of ORDER: >= */
    MOST_CLASSES = 256,
    NARROW_STATES = 254, /* the most live states of a table of bytes */
    PATTERN_HEADER = 4,  /* words before the arrays of a pattern */
    CHECK_STRINGS = 3    /* shape, path, message */
};

static cns_fault
fault_at(cns_reason reason, cns_section section, uint32_t index) {
    return (cns_fault){reason, section.start + index};
}

static const cns_fault accepted = {CNS_REASON_ACCEPTED, 0};

/* Whether `count` items begin at `offset` of what has `length`. */
static bool
fits(uint32_t offset, uint32_t count, uint32_t length) {
    return offset <= length && count <= length - offset;
}

/* ---- Constants ---------------------------------------------------------------------------- */

static bool
has_words(const cns_image *image, uint32_t offset, uint32_t count) {
    return fits(offset, count, image->constants.length);
}

/* Whether a count, and as many times `each` words behind it, lie in the constants. */
static bool
has_rows(const cns_image *image, uint32_t offset, uint32_t count, uint32_t each) {
    return has_words(image, offset, 1) && count <= image->constants.length / each &&
           has_words(image, offset + 1, count * each);
}

/* The words of a term with this first word, without those of its bytes; 0: there is no such term.
 * The second word of those that have bytes is their number. */
static uint32_t
term_words(uint32_t first) {
    switch (first & 0xFFu) {
    case CNS_NONE:
        return 1;
    case CNS_NODE:
    case CNS_FLOAT:
    case CNS_STRING:
    case CNS_ANY_URI:
    case CNS_TYPED:
    case CNS_LANG_STRING:
        return 2;
    case CNS_DECIMAL:
        return (first >> 8 & 0xFFu) <= MOST_SCALE ? 3 : 0;
    case CNS_DATE_TIME:
    case CNS_DATE_TIME_STAMP:
    case CNS_DATE:
    case CNS_TIME:
    case CNS_G_YEAR:
    case CNS_G_YEAR_MONTH:
    case CNS_G_MONTH:
    case CNS_G_MONTH_DAY:
    case CNS_G_DAY:
        return 4;
    case CNS_DURATION:
    case CNS_DAY_TIME_DURATION:
    case CNS_YEAR_MONTH_DURATION:
        return 5;
    default: /* integers, double, boolean */
        return (first & 0xFFu) < CNS_TAG_COUNT ? 3 : 0;
    }
}

static bool
has_bytes(uint32_t tag) {
    return tag == CNS_STRING || tag == CNS_ANY_URI || tag == CNS_TYPED || tag == CNS_LANG_STRING;
}

/* Whether `first` bytes and `second` bytes behind them lie in the constants. */
static bool
bytes_fit(const cns_image *image, uint32_t offset, uint32_t first, uint32_t second) {
    uint32_t words = cns_words_for(first);
    uint32_t spare = words * 4 - first;
    uint32_t more = second > spare ? cns_words_for(second - spare) : 0;
    return has_words(image, offset, words) && has_words(image, offset + words, more);
}

static bool
term_fits(const cns_image *image, uint32_t offset) {
    if (!has_words(image, offset, 1)) {
        return false;
    }
    uint32_t first = cns_word_of(image, image->constants, offset);
    uint32_t words = term_words(first);
    if (words == 0 || !has_words(image, offset, words)) {
        return false;
    }
    uint32_t tag = first & 0xFFu;
    if (tag == CNS_BOOLEAN) {
        return cns_wide_of(image, offset + 1) <= 1;
    }
    if (!has_bytes(tag)) {
        return true;
    }
    uint32_t bytes = cns_word_of(image, image->constants, offset + 1);
    return bytes_fit(image, offset + words, bytes, tag == CNS_LANG_STRING ? first >> 8 : 0);
}

/* Whether a relation, for such values, and a term follow. */
static bool
bound_fits(const cns_image *image, uint32_t offset, const cns_value_layout *value) {
    if (!has_words(image, offset, 1) || !term_fits(image, offset + 1)) {
        return false;
    }
    uint32_t relation = cns_word_of(image, image->constants, offset);
    uint32_t tag = relation >> 8;
    bool any = value->type.form == CNS_FORM_TERM && tag < CNS_TAG_COUNT;
    return (relation & 0xFFu) <= MOST_RELATION && (any || value->type.tag == tag);
}

static bool
term_range_fits(const cns_image *image, uint32_t offset) {
    return has_words(image, offset, 5) &&
           cns_word_of(image, image->constants, offset) < CNS_TAG_COUNT;
}

bool
cns_constant_fits(const cns_image *image, uint32_t opcode, uint32_t offset,
                  const cns_value_layout *value) {
    if (!has_words(image, offset, 1)) {
        return false;
    }
    uint32_t first = cns_word_of(image, image->constants, offset);
    switch (opcode) {
    case CNS_OP_WITHIN:
    case CNS_OP_FIELD_WITHIN:
    case CNS_OP_FIELD_CHECKS: /* one of its ranges */
        return has_words(image, offset, cns_key_bits(value) / 16);
    case CNS_OP_TERM_WITHIN:
        return term_range_fits(image, offset);
    case CNS_OP_NUMBER:
    case CNS_OP_COUNT_WITHIN:
    case CNS_OP_LENGTH:
        return has_words(image, offset, 2);
    case CNS_OP_MEMBER:
        return has_rows(image, offset, first / 32 + (first % 32 != 0), 1);
    case CNS_OP_ID_IN:
        return has_rows(image, offset, first, 2);
    case CNS_OP_IS_A:
        return has_rows(image, offset, (first & 0xFFFFu) + (first >> 16), 2);
    case CNS_OP_LANGUAGE:
        return has_rows(image, offset, cns_words_for(first), 1);
    case CNS_OP_IS:
        return term_fits(image, offset);
    case CNS_OP_ORDER:
        return bound_fits(image, offset, value);
    default:
        return false;
    }
}

/* ---- Checks and their texts --------------------------------------------------------------- */

static bool
check_fits(const cns_layout *layout, uint32_t check) {
    uint32_t type = check >> 16;
    bool known = type < layout->value_count || type == CNS_TYPE_CLASS || type == CNS_TYPE_FOCUS ||
                 type == CNS_TYPE_ABSENT;
    return known && (check & 0xFFu) < CNS_COMPONENT_COUNT &&
           (check >> 8 & 0xFFu) <= CNS_OTHER_SEVERITY;
}

static cns_fault
verify_checks(const cns_image *image) {
    if (image->checks.length > UINT16_MAX) {
        return fault_at(CNS_REASON_CHECK, image->checks, 0);
    }
    for (uint32_t i = 0; i < image->checks.length; i++) {
        if (!check_fits(image->layout, cns_word_of(image, image->checks, i))) {
            return fault_at(CNS_REASON_CHECK, image->checks, i);
        }
    }
    return accepted;
}

/* A NUL at the end of the section ends each string that begins in it. */
static cns_fault
verify_texts(const cns_image *image) {
    cns_section texts = image->texts;
    uint32_t offsets = image->checks.length * CHECK_STRINGS;

    if (texts.length == 0) {
        return accepted;
    }
    if (texts.length <= offsets || texts.length > UINT32_MAX / 4 ||
        cns_word_of(image, texts, texts.length - 1) >> 24 != '\0') {
        return fault_at(CNS_REASON_SECTION, texts, texts.length - 1);
    }
    for (uint32_t i = 0; i < offsets; i++) {
        if (cns_word_of(image, texts, i) >= texts.length * 4) {
            return fault_at(CNS_REASON_SECTION, texts, i);
        }
    }
    return accepted;
}

/* ---- Paths -------------------------------------------------------------------------------- */

/* Where the items of a table of offsets end: behind the table itself, and 0 if it does not fit. */
static uint32_t
table_length(const cns_image *image, cns_section section) {
    uint32_t count = section.length > 0 ? cns_word_of(image, section, 0) : 0;
    return count < section.length ? count + 1 : 0;
}

static cns_fault
verify_paths(const cns_image *image) {
    cns_section paths = image->paths;
    uint32_t table = table_length(image, paths);

    if (table == 0 && paths.length > 0) {
        return fault_at(CNS_REASON_SECTION, paths, 0);
    }
    for (uint32_t i = 1; i < table; i++) {
        uint32_t at = cns_word_of(image, paths, i);
        if (at >= paths.length || !fits(at + 1, cns_word_of(image, paths, at), paths.length)) {
            return fault_at(CNS_REASON_SECTION, paths, i);
        }
    }
    return accepted;
}

/* ---- Patterns ----------------------------------------------------------------------------- */

/* The numbers of a pattern, and where its arrays lie in the section. */
typedef struct pattern_parts {
    uint32_t live;
    uint32_t classes; /* how many there are */
    uint32_t next;
    uint32_t class_of;
    uint32_t range_class_of;
    uint32_t count;
    uint32_t ranges;
    uint32_t own_classes; /* ranges with classes of their own */
    uint32_t end;
} pattern_parts;

static uint32_t
byte_of(const cns_image *image, uint32_t array, uint32_t index) {
    return cns_word_of(image, image->patterns, array + index / 4) >> index % 4 * 8 & 0xFFu;
}

/* Whether all of `count` bytes are numbers of classes. */
static bool
are_classes(const cns_image *image, uint32_t array, uint32_t count, uint32_t classes) {
    for (uint32_t i = 0; i < count; i++) {
        if (byte_of(image, array, i) >= classes) {
            return false;
        }
    }
    return true;
}

/* Whether each cell of the table of states is a state, or one of the two that end. */
static bool
are_states(const cns_image *image, const pattern_parts *parts) {
    bool wide = parts->live > NARROW_STATES;
    for (uint32_t i = 0; i < parts->live * parts->classes; i++) {
        uint32_t state =
            wide ? byte_of(image, parts->next, 2 * i) | byte_of(image, parts->next, 2 * i + 1) << 8
                 : byte_of(image, parts->next, i);
        if (state > parts->live + 1) {
            return false;
        }
    }
    return true;
}

/* Takes `words` of what is left of the section; false where there are fewer. */
static bool
take_words(const cns_image *image, pattern_parts *parts, uint32_t words, uint32_t *array) {
    *array = parts->end;
    if (!fits(parts->end, words, image->patterns.length)) {
        return false;
    }
    parts->end += words;
    return true;
}

/* Finds the arrays of a pattern of which the numbers are known. */
static bool
find_arrays(const cns_image *image, pattern_parts *parts) {
    uint32_t cells = parts->live * parts->classes; /* at most 65534 * 256 */
    uint32_t bytes = parts->live > NARROW_STATES ? 2 * cells : cells;
    uint32_t ranges;
    return take_words(image, parts, cns_words_for(bytes), &parts->next) &&
           take_words(image, parts, cns_words_for(parts->count), &parts->class_of) &&
           take_words(image, parts, parts->ranges, &ranges) &&
           take_words(image, parts, cns_words_for(parts->own_classes), &parts->range_class_of);
}

/* Reads the numbers of a pattern; false where they cannot be those of one. */
static bool
read_numbers(const cns_image *image, uint32_t at, pattern_parts *parts) {
    cns_section patterns = image->patterns;
    if (!fits(at, PATTERN_HEADER, patterns.length)) {
        return false;
    }
    uint32_t states = cns_word_of(image, patterns, at);
    uint32_t sizes = cns_word_of(image, patterns, at + 1);
    uint32_t bytes = cns_word_of(image, patterns, at + 2);
    uint32_t classes = cns_word_of(image, patterns, at + 3);
    uint32_t last = (states >> 16) + 1;

    parts->live = states >> 16;
    parts->classes = classes & 0xFFFFu;
    parts->count = bytes >> 8 & 0xFFu;
    parts->ranges = sizes >> 16;
    parts->own_classes = classes >> 16 != 0 ? parts->ranges : 0;
    parts->end = at + PATTERN_HEADER;
    return last <= UINT16_MAX && (states & 0xFFFFu) <= last && (sizes & 0xFFFFu) <= last &&
           parts->classes > 0 && parts->classes <= MOST_CLASSES && classes >> 16 <= 1 &&
           (bytes >> 16 & 0xFFu) < parts->classes && bytes >> 24 < parts->classes;
}

/* Where the pattern that begins at `at` ends, or 0 where none does. */
static uint32_t
pattern_end(const cns_image *image, uint32_t at) {
    pattern_parts parts;
    bool fit = read_numbers(image, at, &parts) && find_arrays(image, &parts) &&
               are_states(image, &parts) &&
               are_classes(image, parts.class_of, parts.count, parts.classes) &&
               are_classes(image, parts.range_class_of, parts.own_classes, parts.classes);
    return fit ? parts.end : 0;
}

/* Patterns lie one behind the other, so that no word is read for two of them. */
cns_fault
cns_verify_patterns(const cns_image *image) {
    cns_section patterns = image->patterns;
    uint32_t end = table_length(image, patterns);

    if (end == 0 && patterns.length > 0) {
        return fault_at(CNS_REASON_SECTION, patterns, 0);
    }
    uint32_t table = end;
    for (uint32_t i = 1; i < table; i++) {
        uint32_t at = cns_word_of(image, patterns, i);
        end = at >= end ? pattern_end(image, at) : 0;
        if (end == 0) {
            return fault_at(CNS_REASON_CONSTANT, patterns, i);
        }
    }
    return accepted;
}

/* ---- Enumerations ------------------------------------------------------------------------- */

/* Whether a value has so many terms: one for each enumerator and one more, or a single one. */
static bool
has_terms(const cns_layout *layout, uint32_t value, uint32_t rows) {
    if (value >= layout->value_count) {
        return false;
    }
    const cns_type *type = &layout->values[value].type;
    bool single = type->form == CNS_FORM_TERM || type->form == CNS_FORM_LIST;
    return single ? rows == 1 : type->form == CNS_FORM_ENUM && rows == type->count + 1u;
}

static cns_fault
verify_enums(const cns_image *image) {
    cns_section enums = image->enums;
    for (uint32_t at = 0; at < enums.length;) {
        uint32_t head = cns_word_of(image, enums, at);
        uint32_t rows = head >> 16;
        if (!has_terms(image->layout, head & 0xFFFFu, rows) || !fits(at + 1, rows, enums.length)) {
            return fault_at(CNS_REASON_SECTION, enums, at);
        }
        for (at++; rows > 0; rows--, at++) {
            if (!term_fits(image, cns_word_of(image, enums, at))) {
                return fault_at(CNS_REASON_CONSTANT, enums, at);
            }
        }
    }
    return accepted;
}

cns_fault
cns_verify_data(const cns_image *image) {
    cns_fault fault = verify_checks(image);
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = verify_texts(image);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = verify_paths(image);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = cns_verify_patterns(image);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = verify_enums(image);
    }
    return fault;
}
