/* SPDX-License-Identifier: Apache-2.0 */
/* Terms: values whose datatype is only known at run time. */
#include <cns/cns.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int byte, size_t size);

static bool
is_no_term(const cns_term *term) {
    return term->tag == CNS_NONE || term->tag >= CNS_TAG_COUNT;
}

bool
cns_term_kind_in(const cns_term *term, unsigned kinds) {
    if (term->tag == CNS_NODE) {
        return (kinds & (term->as.node.id != 0 ? CNS_KIND_IRI : CNS_KIND_BLANK)) != 0;
    }
    if (is_no_term(term)) {
        return (kinds & CNS_KIND_INVALID) != 0;
    }
    return (kinds & CNS_KIND_LITERAL) != 0;
}

static bool
integer_valid(int64_t value, cns_tag datatype) {
    switch ((int)datatype) {
    case CNS_BYTE:
        return value >= INT8_MIN && value <= INT8_MAX;
    case CNS_SHORT:
        return value >= INT16_MIN && value <= INT16_MAX;
    case CNS_INT:
        return value >= INT32_MIN && value <= INT32_MAX;
    case CNS_NEGATIVE_INTEGER:
        return value < 0;
    case CNS_NON_POSITIVE_INTEGER:
        return value <= 0;
    default:
        return true;
    }
}

static bool
natural_valid(uint64_t value, cns_tag datatype) {
    switch ((int)datatype) {
    case CNS_UNSIGNED_BYTE:
        return value <= UINT8_MAX;
    case CNS_UNSIGNED_SHORT:
        return value <= UINT16_MAX;
    case CNS_UNSIGNED_INT:
        return value <= UINT32_MAX;
    case CNS_POSITIVE_INTEGER:
        return value > 0;
    default:
        return true;
    }
}

/* The members of cns_term that literals of CNS_DATATYPES use. */
enum term_member {
    IS_NO_DATATYPE,
    IS_boolean,
    IS_integer,
    IS_natural,
    IS_single,
    IS_real,
    IS_decimal,
    IS_datetime,
    IS_duration,
    IS_string
};

static const uint8_t term_members[CNS_TAG_COUNT] = {
#define CNS_X(tag, member, name) [CNS_##tag] = IS_##member,
    CNS_DATATYPES(CNS_X)
#undef CNS_X
};

bool
cns_term_valid(const cns_term *term) {
    if (is_no_term(term)) {
        return false;
    }
    cns_tag tag = (cns_tag)term->tag;
    switch (term_members[tag]) {
    case IS_boolean:
        return cns_bool_byte(&term->as.boolean) <= 1;
    case IS_integer:
        return integer_valid(term->as.integer, tag);
    case IS_natural:
        return natural_valid(term->as.natural, tag);
    case IS_decimal:
        return cns_decimal_valid(term->as.decimal);
    case IS_datetime:
        return cns_datetime_valid(term->as.datetime, tag);
    case IS_duration:
        return cns_duration_valid(term->as.duration, tag);
    default:
        return true;
    }
}

bool
cns_term_has_datatype(const cns_term *term, cns_tag datatype) {
    return term->tag == datatype && datatype != CNS_NODE && cns_term_valid(term);
}

static bool
boolean_same(unsigned a, unsigned b) {
    return a == b || (a > 1 && b > 1);
}

/* Two literals of one datatype; an integer out of its range still has its lexical form. */
static bool
literal_same(const cns_term *a, const cns_term *b) {
    switch (term_members[a->tag]) {
    case IS_boolean:
        return boolean_same(cns_bool_byte(&a->as.boolean), cns_bool_byte(&b->as.boolean));
    case IS_integer:
        return a->as.integer == b->as.integer;
    case IS_natural:
        return a->as.natural == b->as.natural;
    case IS_single:
        return cns_float_same(a->as.single, b->as.single);
    case IS_real:
        return cns_double_same(a->as.real, b->as.real);
    case IS_decimal:
        return cns_decimal_same(a->as.decimal, b->as.decimal);
    case IS_datetime:
        return cns_datetime_same_as(a->as.datetime, b->as.datetime, (cns_tag)a->tag);
    case IS_duration:
        return cns_duration_same_as(a->as.duration, b->as.duration, (cns_tag)a->tag);
    default:
        return cns_str_equal(a->as.string, b->as.string);
    }
}

bool
cns_term_same(const cns_term *a, const cns_term *b) {
    if (is_no_term(a) || is_no_term(b)) {
        return is_no_term(a) && is_no_term(b);
    }
    if (a->tag != b->tag) {
        return false;
    }
    switch (a->tag) {
    case CNS_NODE:
        return cns_ref_same(a->as.node, b->as.node);
    case CNS_LANG_STRING:
        return cns_langstr_equal(a->as.langstr, b->as.langstr);
    case CNS_TYPED:
        return a->as.typed.datatype == b->as.typed.datatype &&
               cns_str_equal(a->as.typed.lexical, b->as.typed.lexical);
    default:
        return literal_same(a, b);
    }
}

bool
cns_term_sound(const cns_term *term) {
    switch (term->tag) {
    case CNS_STRING:
    case CNS_ANY_URI:
        return cns_str_sound(term->as.string);
    case CNS_LANG_STRING:
        return cns_str_sound(term->as.langstr.text) && cns_str_sound(term->as.langstr.language);
    case CNS_TYPED:
        return cns_str_sound(term->as.typed.lexical);
    default:
        return true;
    }
}

bool
cns_term_text_valid(const cns_term *term) {
    switch (term->tag) {
    case CNS_STRING:
    case CNS_ANY_URI:
        return cns_text_valid(term->as.string);
    case CNS_LANG_STRING:
        return cns_langstr_valid(term->as.langstr);
    case CNS_TYPED:
        return cns_text_valid(term->as.typed.lexical);
    default:
        return true;
    }
}

uint64_t
cns_natural_at(const void *value, size_t size) {
    uint8_t byte = 0;
    uint16_t half = 0;
    uint32_t word = 0;
    uint64_t number = 0;
    switch (size) {
    case 1:
        memcpy(&byte, value, size);
        return byte;
    case 2:
        memcpy(&half, value, size);
        return half;
    case 4:
        memcpy(&word, value, size);
        return word;
    default:
        memcpy(&number, value, sizeof number);
        return number;
    }
}

/* Copies of bytes need no alignment and form no invalid bool. */
cns_term
cns_scalar_term(const void *value, uint8_t tag) {
    static const uint8_t sizes[CNS_TAG_COUNT] = {
#define CNS_X(tag, member, name) [CNS_##tag] = sizeof(((cns_term *)NULL)->as.member),
        CNS_DATATYPES(CNS_X)
#undef CNS_X
    };
    cns_term term;
    memset(&term, 0, sizeof term);
    term.tag = tag < CNS_TAG_COUNT && sizes[tag] > 0 ? tag : CNS_NONE;
    switch (term.tag) {
    case CNS_NONE:
        break;
    case CNS_BYTE:
        term.as.integer = (int8_t)cns_natural_at(value, sizeof(int8_t));
        break;
    case CNS_SHORT:
        term.as.integer = (int16_t)cns_natural_at(value, sizeof(int16_t));
        break;
    case CNS_INT:
        term.as.integer = (int32_t)cns_natural_at(value, sizeof(int32_t));
        break;
    case CNS_UNSIGNED_BYTE:
        term.as.natural = cns_natural_at(value, sizeof(uint8_t));
        break;
    case CNS_UNSIGNED_SHORT:
        term.as.natural = cns_natural_at(value, sizeof(uint16_t));
        break;
    case CNS_UNSIGNED_INT:
        term.as.natural = cns_natural_at(value, sizeof(uint32_t));
        break;
    default:
        memcpy(&term.as, value, sizes[tag]);
    }
    return term;
}

cns_term
cns_node_term(uint32_t id, const void *record) {
    cns_term term;
    memset(&term, 0, sizeof term);
    term.tag = CNS_NODE;
    term.as.node.id = id;
    term.as.node.record = record;
    return term;
}
