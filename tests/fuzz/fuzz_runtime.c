/* SPDX-License-Identifier: Apache-2.0 */
/* Random violations and values, each in memory of its exact size, under the sanitizers. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cns/cns.h>

#include "fuzz_patterns.h" /* written by fuzz_runtime.py: LETTER_A, and `patterns` */

enum {
    MOST_BYTES = 300,
    MOST_LINE = 20000,
    MOST_BLOCKS = 64
};

static uint64_t state;
static void *blocks[MOST_BLOCKS];
static size_t block_count;

static void
fail(const char *what) {
    fprintf(stderr, "failed: %s\n", what);
    abort();
}

#define REQUIRE(expression) ((expression) ? (void)0 : fail(#expression))

static uint64_t
random_bits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(0x2545F4914F6CDD1D);
}

static uint32_t
below(uint32_t bound) {
    return (uint32_t)((random_bits() >> 32) % bound);
}

/* Returns memory that lasts for one case, of exactly `size` bytes for ASan to guard. */
static void *
block(size_t size) {
    void *memory = malloc(size > 0 ? size : 1);
    REQUIRE(memory != NULL && block_count < MOST_BLOCKS);
    blocks[block_count++] = memory;
    return memory;
}

static void
free_blocks(void) {
    while (block_count > 0) {
        free(blocks[--block_count]);
    }
}

/* Fills memory with bytes that are often 0, 255, or the bounds of a type. */
static void *
random_bytes(size_t size) {
    unsigned char *bytes = block(size);
    uint32_t style = below(4);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(style == 0 ? 0 : style == 1 ? 255 : below(256));
        if (style == 3) {
            bytes[i] = (unsigned char)(i % 8 == 7 ? 0x7F + below(2) : bytes[i] % 3);
        }
    }
    return bytes;
}

static char *
random_letters(size_t length) {
    static const char *const pieces[] = {"a",
                                         "\"",
                                         "\\",
                                         "\n",
                                         "\xC3\xA9",
                                         "\xE2\x82\xAC",
                                         "\xFF",
                                         "\xF0\x9F\x98\x80",
                                         "\xED\xA0\x80",
                                         "\x1B",
                                         "\xC2\x85"};
    char *letters = block(length);
    for (size_t i = 0; i < length;) {
        const char *piece = pieces[below(sizeof pieces / sizeof *pieces)];
        size_t size = strlen(piece) < length - i ? strlen(piece) : length - i;
        memcpy(letters + i, piece, size);
        i += size;
    }
    return letters;
}

static const char *
random_text(void) {
    if (below(6) == 0) {
        return NULL;
    }
    size_t length = below(2) == 0 ? below(8) : below(MOST_BYTES);
    char *text = random_letters(length + 1);
    text[length] = '\0';
    return text;
}

static cns_str
random_str(void) {
    cns_str text = {NULL, below(8)};
    if (below(8) > 0) {
        text.length = below(MOST_BYTES);
        text.data = random_letters(text.length);
    }
    return text;
}

static cns_term
random_term(void) {
    cns_term term;
    memcpy(&term, random_bytes(sizeof term), sizeof term);
    term.tag = (uint8_t)(below(16) == 0 ? below(256) : below(CNS_TAG_COUNT));
    if (term.tag == CNS_STRING || term.tag == CNS_ANY_URI) {
        term.as.string = random_str();
    } else if (term.tag == CNS_LANG_STRING) {
        term.as.langstr.text = random_str();
        term.as.langstr.language = random_str();
    } else if (term.tag == CNS_TYPED) {
        term.as.typed.lexical = random_str();
    }
    return term;
}

static const void *
random_string_value(uint8_t form) {
    if (form == CNS_FORM_LANG) {
        cns_langstr *value = block(sizeof *value);
        value->text = random_str();
        value->language = random_str();
        return value;
    }
    cns_str *value = block(sizeof *value);
    *value = random_str();
    return value;
}

static const void *
random_inline(void) {
    uint16_t length = (uint16_t)below(MOST_BYTES);
    char *letters = random_letters(sizeof length + length);
    memcpy(letters, &length, sizeof length);
    return letters;
}

/* Bytes of the C type of a field of datatype `tag`, as the header states them. */
static size_t
field_size(uint8_t tag) {
    static const size_t sizes[CNS_TAG_COUNT] = {
        [CNS_BYTE] = 1,          [CNS_SHORT] = 2,          [CNS_INT] = 4,
        [CNS_UNSIGNED_BYTE] = 1, [CNS_UNSIGNED_SHORT] = 2, [CNS_UNSIGNED_INT] = 4,
    };
    static const size_t members[CNS_TAG_COUNT] = {
#define CNS_X(tag, member, name) [CNS_##tag] = sizeof(((cns_term *)NULL)->as.member),
        CNS_DATATYPES(CNS_X)
#undef CNS_X
    };
    size_t size = tag < CNS_TAG_COUNT ? sizes[tag] : 0;
    return size != 0 ? size : tag < CNS_TAG_COUNT ? members[tag] : 0;
}

static const void *
random_value(const cns_type *type) {
    switch (type->form) {
    case CNS_FORM_SCALAR:
        return type->tag == CNS_STRING || type->tag == CNS_ANY_URI
                   ? random_string_value(CNS_FORM_SCALAR)
                   : random_bytes(field_size(type->tag));
    case CNS_FORM_INLINE:
        return random_inline();
    case CNS_FORM_LANG:
    case CNS_FORM_TYPED:
        return random_string_value(type->form);
    case CNS_FORM_ENUM:
    case CNS_FORM_SIGNED:
    case CNS_FORM_UNSIGNED:
    case CNS_FORM_CODE:
        return random_bytes(type->size);
    case CNS_FORM_FLOAT:
        return random_bytes(sizeof(float));
    case CNS_FORM_CHARS:
        return type->count > 0 ? random_letters(type->count) : memset(block(1), '\0', 1);
    case CNS_FORM_REF:
        return random_bytes(sizeof(cns_ref));
    case CNS_FORM_TERM: {
        cns_term *term = block(sizeof *term);
        *term = random_term();
        return term;
    }
    case CNS_FORM_LIST:
        return random_bytes(sizeof(uint16_t));
    case CNS_FORM_ID:
        return random_bytes(sizeof(uint32_t));
    default:
        return random_bytes(0);
    }
}

static cns_type
random_type(void) {
    uint16_t *ids = block(3 * 4 * sizeof *ids); /* a constant has three */
    for (int i = 0; i < 3 * 4; i++) {
        ids[i] = (uint16_t)below(5);
    }
    cns_type type = {(uint8_t)(below(32) == 0 ? below(256) : below(CNS_FORM_CODE + 1)),
                     (uint8_t)(below(32) == 0 ? below(256) : below(CNS_TAG_COUNT)),
                     (uint8_t)(1u << below(3)), (uint16_t)below(5), ids};
    return type;
}

static bool
is_utf8(const char *line) {
    const unsigned char *at = (const unsigned char *)line;
    while (*at != '\0') {
        int more = *at < 0x80 ? 0 : *at < 0xC2 ? -1 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
        if (more < 0 || *at > 0xF4 || *at < 0x20 || *at == 0x7F) {
            return false;
        }
        for (at++; more > 0; more--, at++) {
            if ((*at & 0xC0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

static void
check_line(const cns_model *model, const cns_violation *violation) {
    static char whole[MOST_LINE];
    size_t length = cns_violation_format(model, violation, whole, sizeof whole);
    REQUIRE(length < sizeof whole && strlen(whole) == length && is_utf8(whole));
    size_t size = below(2) == 0 ? below((uint32_t)length + 3) : below(64);
    char *buffer = block(size);
    REQUIRE(cns_violation_format(model, violation, buffer, size) == length);
    REQUIRE(cns_violation_format(model, violation, NULL, size) == length);
    if (size > 0) {
        REQUIRE(memchr(buffer, '\0', size) != NULL && is_utf8(buffer));
        REQUIRE(length >= size || strcmp(buffer, whole) == 0);
    }
}

static void
fuzz_line(void) {
    static const char *const terms[] = {"<urn:a>", "\"b\"@en", "_:c"};
    cns_type type = random_type();
    cns_check check = {(uint8_t)below(32), (uint8_t)below(6), (uint16_t)below(2)};
    cns_check_text words = {random_text(), random_text(), random_text()};
    cns_model model = {.name = "m",
                       .checks = &check,
                       .types = &type,
                       .check_count = 1,
                       .type_count = 1,
                       .term_count = 3};
    model.texts = below(2) == 0 ? &words : NULL;
    model.terms = below(2) == 0 ? terms : NULL;
    cns_violation violation = {.focus_id = below(6), .check = (uint16_t)(below(16) == 0)};
    violation.value = below(16) == 0 ? NULL : random_value(&type);
    check_line(&model, &violation);
}

static bool
is_mirrored(cns_order there, cns_order back) {
    return there == CNS_UNORDERED ? back == CNS_UNORDERED : (int)there == -(int)back;
}

/* The text of a term, in its own bytes or in a buffer that has no byte more than it needs. */
static cns_str
form_of(const cns_term *term) {
    char *buffer = block(CNS_LEXICAL_SIZE);
    cns_str form = cns_term_text(term, buffer);
    REQUIRE(form.data != buffer || form.length <= CNS_LEXICAL_SIZE);
    return form;
}

/* Well-formed literals of one datatype are the same term where their forms are equal. */
static void
check_forms(const cns_term *a, const cns_term *b, bool same) {
    cns_str forms[] = {form_of(a), form_of(b)};
    bool plain = a->tag != CNS_NODE && a->tag != CNS_LANG_STRING && a->tag != CNS_TYPED;
    if (plain && a->tag == b->tag && cns_term_valid(a) && cns_term_valid(b)) {
        REQUIRE(same == cns_str_equal(forms[0], forms[1]));
    }
}

static void
fuzz_terms(void) {
    cns_term a = random_term(), b = below(4) == 0 ? a : random_term();
    if (!cns_term_sound(&a) || !cns_term_sound(&b)) {
        return;
    }
    bool same = cns_term_same(&a, &b);
    REQUIRE(same == cns_term_same(&b, &a));
    REQUIRE(cns_term_valid(&a) == cns_term_valid(&b) || !same);
    bool nobody = a.tag == CNS_NODE && a.as.node.id == 0 && a.as.node.record == NULL;
    REQUIRE(cns_term_same(&a, &a) == !nobody);
    cns_order order = cns_term_compare(&a, &b);
    REQUIRE(is_mirrored(order, cns_term_compare(&b, &a)));
    REQUIRE(!same || order == CNS_EQUAL || order == CNS_UNORDERED);
    check_forms(&a, &b, same);
}

/* Whether the bytes decode to code points, each in the fewest bytes that hold it. */
static bool
decodes(cns_str text) {
    for (uint32_t at = 0; at < text.length;) {
        unsigned char lead = (unsigned char)text.data[at];
        uint32_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        uint32_t code = more == 0 ? lead : lead & (0x3Fu >> more);
        if ((lead >= 0x80 && lead < 0xC0) || lead > 0xF7 || text.length - at <= more) {
            return false;
        }
        for (uint32_t i = 1; i <= more; i++) {
            unsigned char next = (unsigned char)text.data[at + i];
            if (next >> 6 != 2) {
                return false;
            }
            code = code << 6 | (next & 0x3Fu);
        }
        uint32_t fewest = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        if (more != fewest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            return false;
        }
        at += more + 1;
    }
    return true;
}

/* A text of whole characters, one of damaged ones, or bytes of any kind. */
static cns_str
random_characters(void) {
    cns_str text = {NULL, below(MOST_BYTES)};
    text.data = below(3) == 0 ? random_bytes(text.length) : random_letters(text.length);
    while (below(2) == 0 && text.length > 0 && !decodes(text)) {
        text.length--;
    }
    return text;
}

static void
fuzz_text(void) {
    cns_str text = random_characters();
    bool valid = decodes(text);
    REQUIRE(cns_text_valid(text) == valid);
    if (!valid) {
        return;
    }
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        bool found = cns_pattern_matches(patterns[i], text.data, text.length);
        bool with_a = text.length > 0 && memchr(text.data, 'a', text.length) != NULL;
        REQUIRE(i != LETTER_A || found == with_a);
    }
}

static cns_str
random_tag(void) {
    static const char *const pieces[] = {"en", "EN", "de", "-", "-", "GB", "gb", "1", "*"};
    char tag[32] = "";
    for (uint32_t i = below(6); i > 0; i--) {
        strcat(tag, pieces[below(sizeof pieces / sizeof *pieces)]);
    }
    cns_str made = {block(strlen(tag)), (uint32_t)strlen(tag)};
    memcpy((char *)made.data, tag, made.length);
    return made;
}

/* RFC 4647, 3.3.1: the range, or it and a hyphen, begins the tag. */
static bool
is_in_range(cns_str tag, cns_str range) {
    if (range.length == 1 && range.data[0] == '*') {
        return tag.length > 0;
    }
    for (uint32_t i = 0; i < range.length; i++) {
        if (i >= tag.length || tolower(tag.data[i]) != tolower(range.data[i])) {
            return false;
        }
    }
    return range.length > 0 && (tag.length == range.length || tag.data[range.length] == '-');
}

static void
fuzz_languages(void) {
    cns_str tag = random_tag(), range = below(4) == 0 ? tag : random_tag();
    if (below(2) == 0 && tag.length > 0) {
        range = (cns_str){tag.data, below(tag.length + 1)};
    }
    REQUIRE(cns_language_matches(tag, range) == is_in_range(tag, range));
    REQUIRE(!cns_language_valid(tag) || cns_language_matches(tag, tag));
    cns_str unsound = {NULL, 1 + below(9)};
    REQUIRE(!cns_language_valid(unsound) && !cns_text_valid(unsound));
}

static void
fuzz_orders(void) {
    cns_decimal decimals[2];
    cns_datetime times[2];
    cns_duration durations[2];
    memcpy(decimals, random_bytes(sizeof decimals), sizeof decimals);
    memcpy(times, random_bytes(sizeof times), sizeof times);
    memcpy(durations, random_bytes(sizeof durations), sizeof durations);
    cns_order there[3] = {cns_decimal_compare(decimals[0], decimals[1]),
                          cns_datetime_compare(times[0], times[1]),
                          cns_duration_compare(durations[0], durations[1])};
    cns_order back[3] = {cns_decimal_compare(decimals[1], decimals[0]),
                         cns_datetime_compare(times[1], times[0]),
                         cns_duration_compare(durations[1], durations[0])};
    for (int i = 0; i < 3; i++) {
        REQUIRE(is_mirrored(there[i], back[i]));
    }
    cns_datetime_valid(times[0], (cns_tag)below(CNS_TAG_COUNT));
}

/* fuzz_runtime SEED CASES: case `i` of a seed is always the same. */
int
main(int count, char **words) {
    REQUIRE(count == 3);
    uint64_t seed = strtoull(words[1], NULL, 10), cases = strtoull(words[2], NULL, 10);
    for (uint64_t i = 0; i < cases; i++) {
        state = (seed << 32) + i + 1;
        for (int round = 0; round < 4; round++) {
            random_bits();
        }
        fuzz_line();
        fuzz_terms();
        fuzz_orders();
        fuzz_text();
        fuzz_languages();
        free_blocks();
    }
    return 0;
}
