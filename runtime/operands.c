/* SPDX-License-Identifier: Apache-2.0 */
/* Operands: what instructions ask of one value or two, wherever these lie. */
#include "operands.h"
#include "keys.h"

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

/* ---- Numbers ------------------------------------------------------------------------------ */

/* The members of cns_term that literals of CNS_DATATYPES use. */
enum member {
    MEMBER_NONE,
    MEMBER_boolean,
    MEMBER_integer,
    MEMBER_natural,
    MEMBER_single,
    MEMBER_real,
    MEMBER_decimal,
    MEMBER_datetime,
    MEMBER_duration,
    MEMBER_string
};

static const uint8_t members[CNS_TAG_COUNT] = {
#define CNS_X(tag, member, name) [CNS_##tag] = MEMBER_##member,
    CNS_DATATYPES(CNS_X)
#undef CNS_X
};

/* Whether a term is a number of the datatype at a constant, and its key in the range there. */
static bool
term_within(const cns_image *image, const cns_term *term, uint32_t constant) {
    if (term->tag != cns_word_of(image, image->constants, constant)) {
        return false;
    }
    int64_t key;
    switch (members[term->tag]) {
    case MEMBER_boolean:
        key = cns_bool_byte(&term->as.boolean);
        break;
    case MEMBER_natural:
        key = cns_natural_key(term->as.natural);
        break;
    case MEMBER_single:
        key = cns_float_key(term->as.single);
        break;
    case MEMBER_real:
        key = cns_double_key(term->as.real);
        break;
    default:
        key = term->as.integer;
        break;
    }
    return cns_wide_within(image->words + image->constants.start + constant + 1, key);
}

/* ---- Terms -------------------------------------------------------------------------------- */

static cns_term
no_term(void) {
    cns_term term;
    memset(&term, 0, sizeof term);
    return term;
}

static cns_str
text_at(const cns_image *image, uint32_t word, uint32_t length) {
    cns_str text = {cns_bytes_of(image, word), length};
    return text;
}

/* The member of a literal of an XSD datatype, from the words behind its tag. */
static void
read_literal(const cns_image *image, uint32_t at, uint32_t first, cns_term *term) {
    cns_section constants = image->constants;
    union {
        uint32_t bits;
        float value;
    } single;
    union {
        uint64_t bits;
        double value;
    } real;
    switch (members[term->tag]) {
    case MEMBER_boolean:
        *(unsigned char *)&term->as.boolean = (unsigned char)cns_word_of(image, constants, at);
        break;
    case MEMBER_single:
        single.bits = cns_word_of(image, constants, at);
        term->as.single = single.value;
        break;
    case MEMBER_real:
        real.bits = cns_wide_of(image, at);
        term->as.real = real.value;
        break;
    case MEMBER_decimal:
        term->as.decimal.unscaled = (int64_t)cns_wide_of(image, at);
        term->as.decimal.scale = (int8_t)(first >> 8 & 0x7Fu);
        break;
    case MEMBER_datetime:
        term->as.datetime.seconds = (int64_t)cns_wide_of(image, at);
        term->as.datetime.nanoseconds = cns_word_of(image, constants, at + 2);
        term->as.datetime.zone = (int16_t)(first >> 16);
        break;
    case MEMBER_duration:
        term->as.duration.seconds = (int64_t)cns_wide_of(image, at);
        term->as.duration.months = (int32_t)cns_word_of(image, constants, at + 2);
        term->as.duration.nanoseconds = (int32_t)cns_word_of(image, constants, at + 3);
        break;
    case MEMBER_string:
        term->as.string = text_at(image, at + 1, cns_word_of(image, constants, at));
        break;
    default:
        term->as.natural = cns_wide_of(image, at);
        break;
    }
}

cns_term
cns_constant_term(const cns_image *image, uint32_t constant) {
    uint32_t first = cns_word_of(image, image->constants, constant);
    cns_term term = no_term();
    term.tag = (uint8_t)first;
    switch (term.tag) {
    case CNS_NONE:
        break;
    case CNS_NODE:
        term.as.node.id = cns_word_of(image, image->constants, constant + 1);
        break;
    case CNS_LANG_STRING: {
        uint32_t length = cns_word_of(image, image->constants, constant + 1);
        term.as.langstr.text = text_at(image, constant + 2, length);
        term.as.langstr.language.data = term.as.langstr.text.data + length;
        term.as.langstr.language.length = first >> 8;
        break;
    }
    case CNS_TYPED:
        term.as.typed.lexical =
            text_at(image, constant + 2, cns_word_of(image, image->constants, constant + 1));
        term.as.typed.datatype = first >> 16;
        break;
    default:
        read_literal(image, constant + 1, first, &term);
        break;
    }
    return term;
}

static cns_str
inline_text(cns_place place) {
    cns_str text = {cns_after(place.at, place.value->offset), *(const uint16_t *)place.at};
    return text;
}

static bool
has_arm(cns_place place) {
    const cns_term *term = place.at;
    for (uint32_t i = 0; i < place.value->type.count; i++) {
        if (place.value->type.terms[i] == term->tag) {
            return true;
        }
    }
    return false;
}

/* Row `number` of the terms that the image lists for a value, or no term. */
static cns_term
listed_term(const cns_image *image, const cns_value_layout *value, uint32_t number) {
    uint32_t wanted = (uint32_t)(value - image->layout->values);
    for (uint32_t at = 0; at < image->enums.length;) {
        uint32_t first = cns_word_of(image, image->enums, at);
        if ((first & 0xFFFFu) == wanted) {
            return cns_constant_term(image, cns_word_of(image, image->enums, at + 1 + number));
        }
        at += 1 + (first >> 16);
    }
    return no_term();
}

/* A cns_term in a record; what is none of those that its field may have is what denotes that. */
static cns_term
checked_term(const cns_image *image, cns_place place) {
    const cns_term *term = place.at;
    bool known =
        place.value->type.count != 0 ? has_arm(place) : !cns_term_kind_in(term, CNS_KIND_INVALID);
    return known ? *term : listed_term(image, place.value, 0);
}

cns_term
cns_place_term(const cns_image *image, cns_place place) {
    cns_term term = no_term();
    switch (place.value->type.form) {
    case CNS_FORM_SCALAR:
        return cns_scalar_term(place.at, place.value->type.tag);
    case CNS_FORM_INLINE:
        term.tag = place.value->type.tag;
        term.as.string = inline_text(place);
        return term;
    case CNS_FORM_LANG:
        term.tag = CNS_LANG_STRING;
        term.as.langstr = *(const cns_langstr *)place.at;
        return term;
    case CNS_FORM_TYPED:
        term.tag = CNS_TYPED;
        term.as.typed.lexical = *(const cns_str *)place.at;
        term.as.typed.datatype = place.value->type.terms[0];
        return term;
    case CNS_FORM_TERM:
        return checked_term(image, place);
    case CNS_FORM_ENUM:
        return listed_term(image, place.value, cns_enumerator_at(place.value, place.at));
    case CNS_FORM_REF:
        term.tag = CNS_NODE;
        term.as.node = *(const cns_ref *)place.at;
        return term;
    case CNS_FORM_RECORD:
        return cns_node_term(0, *(const void *const *)place.at);
    case CNS_FORM_ID:
        return cns_node_term(*(const uint32_t *)place.at, NULL);
    case CNS_FORM_LIST:
        return *(const uint16_t *)place.at == 0 ? listed_term(image, place.value, 0)
                                                : cns_node_term(0, NULL);
    default:
        return term;
    }
}

bool
cns_place_same(const cns_image *image, const cns_value_layout *value, const void *a,
               const void *b) {
    cns_place one = {a, value}, two = {b, value};
    switch (value->type.form) {
    case CNS_FORM_ENUM:
        return cns_enumerator_at(value, a) == cns_enumerator_at(value, b);
    case CNS_FORM_RECORD:
        return *(const void *const *)a == *(const void *const *)b;
    case CNS_FORM_LIST:
        return a == b || (*(const uint16_t *)a == 0 && *(const uint16_t *)b == 0);
    default:
        break;
    }
    cns_term first = cns_place_term(image, one), second = cns_place_term(image, two);
    return (a == b && first.tag == CNS_NODE) || cns_term_same(&first, &second);
}

cns_langstr
cns_place_language(const cns_image *image, cns_place place) {
    if (place.value->type.form == CNS_FORM_LANG) {
        return *(const cns_langstr *)place.at;
    }
    cns_term term = cns_place_term(image, place);
    const cns_langstr *found = cns_term_langstr(&term);
    const cns_langstr none = {{NULL, 0}, {NULL, 0}};
    return found != NULL ? *found : none;
}

/* ---- Text --------------------------------------------------------------------------------- */

/* The text of a scalar that is no text. */
static cns_str
written(cns_place place, char *buffer) {
    cns_term term = cns_scalar_term(place.at, place.value->type.tag);
    switch (members[term.tag]) {
    case MEMBER_boolean:
        return cns_boolean_text(*(const unsigned char *)place.at);
    case MEMBER_natural:
        return cns_natural_text(term.as.natural, buffer);
    case MEMBER_single:
        return cns_float_text(term.as.single, buffer);
    case MEMBER_real:
        return cns_double_text(term.as.real, buffer);
    case MEMBER_decimal:
        return cns_decimal_text(term.as.decimal, buffer);
    case MEMBER_datetime:
        return cns_datetime_text(term.as.datetime, (cns_tag)term.tag, buffer);
    case MEMBER_duration:
        return cns_duration_text(term.as.duration, (cns_tag)term.tag, buffer);
    case MEMBER_string:
        return term.as.string;
    default:
        return cns_integer_text(term.as.integer, buffer);
    }
}

cns_str
cns_place_text(cns_place place, char *buffer) {
    const cns_str none = {NULL, 0};
    switch (place.value->type.form) {
    case CNS_FORM_SCALAR:
        if (members[place.value->type.tag] == MEMBER_string) {
            return *(const cns_str *)place.at;
        }
        return written(place, buffer);
    case CNS_FORM_TYPED:
        return *(const cns_str *)place.at;
    case CNS_FORM_INLINE:
        return inline_text(place);
    case CNS_FORM_LANG:
        return ((const cns_langstr *)place.at)->text;
    case CNS_FORM_TERM:
        return cns_term_text(place.at, buffer);
    default:
        return none;
    }
}

/* ---- Nodes -------------------------------------------------------------------------------- */

bool
cns_id_in(const cns_image *image, uint32_t at, uint32_t count, uint32_t id) {
    for (; count > 0; count--, at += 2) {
        if (id < cns_word_of(image, image->constants, at)) {
            return false;
        }
        if (id <= cns_word_of(image, image->constants, at + 1)) {
            return true;
        }
    }
    return false;
}

const uint32_t *
cns_class_place(const cns_record_layout *record, const void *at) {
    if (record->class_id == CNS_NO_MEMBER) {
        return &record->type;
    }
    const uint32_t *held = cns_after(at, record->class_id);
    return *held != 0 || record->type == 0 ? held : &record->type;
}

static const cns_ref *
ref_of(cns_place place) {
    if (place.value->type.form == CNS_FORM_REF) {
        return place.at;
    }
    const cns_term *term = place.at;
    return place.value->type.form == CNS_FORM_TERM && term->tag == CNS_NODE ? &term->as.node
                                                                            : NULL;
}

const void *
cns_record_behind(const cns_layout *layout, cns_place place) {
    if (place.value->type.form == CNS_FORM_RECORD) {
        const void *record = *(const void *const *)place.at;
        return record != NULL ? record : layout->empty;
    }
    const cns_ref *ref = ref_of(place);
    return ref != NULL && ref->record != NULL ? ref->record : layout->empty;
}

uint32_t
cns_register_id(const cns_image *image, const cns_register *held) {
    if (cns_holds_record(image->layout, held)) {
        uint32_t offset = held->as.record->id;
        return offset == CNS_NO_MEMBER ? 0 : *(const uint32_t *)cns_after(held->at, offset);
    }
    cns_place place = cns_place_in(held);
    cns_term term;
    const cns_ref *ref = ref_of(place);
    switch (place.value->type.form) {
    case CNS_FORM_ID:
        return *(const uint32_t *)place.at;
    case CNS_FORM_ENUM:
        term = cns_place_term(image, place);
        return term.tag == CNS_NODE ? term.as.node.id : 0;
    default:
        return ref != NULL ? ref->id : 0;
    }
}

bool
cns_register_kind_in(const cns_image *image, const cns_register *held, unsigned kinds) {
    unsigned kind;
    if (!cns_holds_record(image->layout, held)) {
        switch (held->as.value->type.form) {
        case CNS_FORM_TERM:
            return cns_term_kind_in(held->at, kinds);
        case CNS_FORM_LIST:
            kind = *(const uint16_t *)held->at == 0 ? CNS_KIND_IRI : CNS_KIND_BLANK;
            return (kinds & kind) != 0;
        case CNS_FORM_REF:
        case CNS_FORM_RECORD:
        case CNS_FORM_ID:
            break;
        default:
            return (kinds & CNS_KIND_LITERAL) != 0;
        }
    }
    kind = cns_register_id(image, held) != 0 ? CNS_KIND_IRI : CNS_KIND_BLANK;
    return (kinds & kind) != 0;
}

/* A class and its known instances, at a constant. */
typedef struct class_set {
    const cns_image *image;
    uint32_t at;
    uint32_t count;
    uint32_t instances;
} class_set;

static bool
has_class(const class_set *set, uint32_t class_id) {
    return cns_id_in(set->image, set->at, set->count, class_id);
}

static bool
has_instance(const class_set *set, uint32_t id) {
    return cns_id_in(set->image, set->at + 2 * set->count, set->instances, id);
}

/* Whether the record behind a reference has one of the classes. */
static bool
describes_one(const class_set *set, const cns_record_layout *record, const cns_ref *ref) {
    if (record->class_id == CNS_NO_MEMBER) {
        return record->type != 0 && ref->record != NULL && has_class(set, record->type);
    }
    if (ref->record == NULL) {
        return false;
    }
    return has_class(set, *cns_class_place(record, ref->record));
}

static bool
ref_is_a(const class_set *set, const cns_value_layout *value, const cns_ref *ref) {
    if (has_class(set, ref->class_id) || has_instance(set, ref->id)) {
        return true;
    }
    const cns_layout *layout = set->image->layout;
    return value->inner < layout->record_count &&
           describes_one(set, &layout->records[value->inner], ref);
}

bool
cns_register_is_a(const cns_image *image, const cns_register *held, uint32_t constant) {
    uint32_t counts = cns_word_of(image, image->constants, constant);
    const class_set set = {image, constant + 1, counts & 0xFFFFu, counts >> 16};
    cns_place place = cns_place_in(held);
    const cns_record_layout *record = held->as.record;
    if (cns_holds_record(image->layout, held)) {
        return (record->class_id != CNS_NO_MEMBER &&
                has_class(&set, *cns_class_place(record, held->at))) ||
               has_instance(&set, cns_register_id(image, held));
    }
    if (place.value->type.form == CNS_FORM_ID) {
        return has_instance(&set, *(const uint32_t *)place.at);
    }
    if (place.value->type.form == CNS_FORM_RECORD) {
        record = &image->layout->records[place.value->inner];
        return record->class_id != CNS_NO_MEMBER &&
               has_class(&set, *cns_class_place(record, cns_record_behind(image->layout, place)));
    }
    const cns_ref *ref = ref_of(place);
    return ref != NULL && ref_is_a(&set, place.value, ref);
}

cns_term
cns_register_term(const cns_image *image, const cns_register *held) {
    if (cns_holds_record(image->layout, held)) {
        return cns_node_term(cns_register_id(image, held), held->at);
    }
    cns_place place = cns_place_in(held);
    return cns_place_term(image, place);
}

bool
cns_register_same(const cns_image *image, const cns_register *a, const cns_register *b) {
    if (a->as.value == b->as.value && !cns_holds_record(image->layout, a)) {
        return cns_place_same(image, a->as.value, a->at, b->at);
    }
    cns_term first = cns_register_term(image, a), second = cns_register_term(image, b);
    return cns_term_same(&first, &second);
}

/* ---- Tests -------------------------------------------------------------------------------- */

/* Whether a scalar is one of its datatype, where C holds more. */
static bool
is_valid(cns_place place) {
    const void *at = place.at;
    cns_tag datatype = (cns_tag)place.value->type.tag;
    switch (place.value->type.form == CNS_FORM_SCALAR ? members[datatype] : MEMBER_NONE) {
    case MEMBER_boolean:
        return *(const unsigned char *)at <= 1;
    case MEMBER_decimal:
        return cns_decimal_valid(*(const cns_decimal *)at);
    case MEMBER_datetime:
        return cns_datetime_valid(*(const cns_datetime *)at, datatype);
    case MEMBER_duration:
        return cns_duration_valid(*(const cns_duration *)at, datatype);
    default:
        return true;
    }
}

static bool
has_datatype(const cns_term *term, cns_tag datatype) {
    return datatype == CNS_LANG_STRING ? term->tag == CNS_LANG_STRING
                                       : cns_term_has_datatype(term, datatype);
}

static bool
length_within(const cns_image *image, cns_place place, uint32_t constant) {
    char buffer[CNS_LEXICAL_SIZE];
    cns_str text = cns_place_text(place, buffer);
    return cns_text_within(text.data, text.length, cns_word_of(image, image->constants, constant),
                           cns_word_of(image, image->constants, constant + 1));
}

static bool
language_matches(const cns_image *image, cns_place place, uint32_t constant) {
    cns_langstr held = cns_place_language(image, place);
    uint32_t length = cns_word_of(image, image->constants, constant);
    return cns_language_matches(held.language, text_at(image, constant + 1, length));
}

static bool
is_term(const cns_image *image, cns_place place, uint32_t constant) {
    if (place.value->type.form == CNS_FORM_LIST) { /* the only list with a name is empty */
        return *(const uint16_t *)place.at == 0;
    }
    cns_term wanted = cns_constant_term(image, constant);
    cns_term held = cns_place_term(image, place);
    return cns_term_same(&held, &wanted);
}

static bool
in_order(const cns_image *image, cns_place place, uint32_t constant) {
    uint32_t relation = cns_word_of(image, image->constants, constant);
    cns_term held = cns_place_term(image, place);
    if (held.tag != relation >> 8) {
        return false;
    }
    cns_term bound = cns_constant_term(image, constant + 1);
    cns_order order = cns_term_compare(&held, &bound);
    switch (relation & 0xFFu) {
    case 0:
        return cns_is_less(order);
    case 1:
        return cns_is_at_most(order);
    case 2:
        return cns_is_more(order);
    default:
        return cns_is_at_least(order);
    }
}

bool
cns_register_test(const cns_image *image, uint32_t word, const cns_register *held) {
    cns_place place = cns_place_in(held);
    const cns_term *term = place.at;
    uint32_t operand = CNS_WIDE(word);
    switch (word & CNS_OP_BASE) {
    case CNS_OP_TERM_WITHIN:
        return term_within(image, term, operand);
    case CNS_OP_VALID:
        return is_valid(place);
    case CNS_OP_DATATYPE:
        return has_datatype(term, (cns_tag)operand);
    case CNS_OP_TYPED:
        return term->tag == CNS_TYPED && term->as.typed.datatype == operand;
    case CNS_OP_ARM:
        return has_arm(place);
    case CNS_OP_LENGTH:
        return length_within(image, place, operand);
    case CNS_OP_LANGUAGE:
        return language_matches(image, place, operand);
    case CNS_OP_IS:
        return is_term(image, place, operand);
    default:
        return in_order(image, place, operand);
    }
}

cns_pattern
cns_pattern_of(const cns_image *image, uint32_t number) {
    cns_section patterns = image->patterns;
    uint32_t at = cns_word_of(image, patterns, 1 + number);
    uint32_t states = cns_word_of(image, patterns, at);
    uint32_t counts = cns_word_of(image, patterns, at + 1);
    uint32_t bytes = cns_word_of(image, patterns, at + 2);
    uint32_t columns = cns_word_of(image, patterns, at + 3);
    cns_pattern pattern;
    memset(&pattern, 0, sizeof pattern);
    pattern.start = (uint16_t)states;
    pattern.live = (uint16_t)(states >> 16);
    pattern.accepting = (uint16_t)counts;
    pattern.range_count = (uint16_t)(counts >> 16);
    pattern.first = (uint8_t)bytes;
    pattern.count = (uint8_t)(bytes >> 8);
    pattern.beyond = (uint8_t)(bytes >> 16);
    pattern.within = (uint8_t)(bytes >> 24);
    pattern.stored = 1;
    const uint32_t *words = image->words + patterns.start + at + 4;
    uint32_t cells = (columns & 0xFFFFu) * pattern.live * (pattern.live > 254 ? 2u : 1u);
    pattern.next = words;
    words += cns_words_for(cells);
    pattern.classes = (const uint8_t *)words;
    words += cns_words_for(pattern.count);
    pattern.ranges = words;
    words += pattern.range_count;
    pattern.range_classes = columns >> 16 != 0 ? (const uint8_t *)words : NULL;
    return pattern;
}

bool
cns_register_matches(const cns_image *image, const cns_register *held, uint32_t number,
                     uint32_t *steps) {
    cns_place place = cns_place_in(held);
    char buffer[CNS_LEXICAL_SIZE];
    cns_str text = cns_place_text(place, buffer);
    cns_pattern pattern = cns_pattern_of(image, number);
    if (place.value->type.form == CNS_FORM_INLINE) {
        *steps += text.length;
    }
    return cns_pattern_matches(&pattern, text.data, text.length);
}
