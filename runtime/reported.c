/* SPDX-License-Identifier: Apache-2.0 */
/* Reported values: what a violation points to, as a term. */
#include <cns/cns.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int byte, size_t size);

/* Reads an integer member of any width as a value of the datatype. */
static cns_term
read_integer(const cns_type *type, const void *value) {
    uint64_t number = cns_natural_at(value, type->size);
    uint64_t sign = UINT64_C(1) << (8 * type->size - 1);
    if (type->form == CNS_FORM_SIGNED) {
        number = (number ^ sign) - sign;
    }
    cns_term term = cns_scalar_term(&number, CNS_NONE);
    term.tag = type->tag;
    if (type->tag == CNS_DECIMAL) {
        term.as.decimal.unscaled = (int64_t)number;
        term.as.decimal.scale = (int8_t)type->count;
    } else if (type->tag == CNS_DATE_TIME || type->tag == CNS_DATE_TIME_STAMP) {
        term.as.datetime.seconds = (int64_t)number;
    } else {
        term.as.natural = number; /* the bytes of `integer`, too */
    }
    return term;
}

static cns_term
read_chars(const cns_type *type, const char *value) {
    cns_str text = {value, cns_chars_length(value, type->count > 0 ? type->count : UINT32_MAX)};
    cns_term term = cns_scalar_term(value, CNS_NONE);
    term.tag = type->tag;
    if (type->tag == CNS_TYPED) {
        term.as.typed.lexical = text;
        term.as.typed.datatype = type->terms[0];
    } else {
        term.as.string = text;
    }
    return term;
}

/* The term id of a constant of the application's own, 0 when there is none. */
static uint32_t
code_id(const cns_type *type, const void *value) {
    uint64_t code = cns_natural_at(value, type->size);
    uint64_t mask = UINT64_MAX >> (64 - 8 * type->size);
    for (uint32_t i = 0; i < type->count; i++) {
        const uint16_t *row = type->terms + 3 * i;
        if ((((uint32_t)row[2] << 16 | row[1]) & mask) == code) {
            return row[0];
        }
    }
    return 0;
}

/* The term id of an enumerator, 0 when there is no such enumerator. */
static uint32_t
enumerator_id(const cns_type *type, const void *value) {
    if (type->form == CNS_FORM_CODE) {
        return code_id(type, value);
    }
    uint64_t enumerator = cns_natural_at(value, type->size);
    return enumerator >= 1 && enumerator <= type->count ? type->terms[enumerator - 1] : 0;
}

static cns_term
read_value(const cns_type *type, const cns_violation *violation) {
    const void *value = violation->value;
    cns_term term = cns_scalar_term(value, CNS_NONE);
    switch (type->form) {
    case CNS_FORM_SCALAR:
        return cns_scalar_term(value, type->tag);
    case CNS_FORM_INLINE:
        term.tag = type->tag;
        term.as.string.length = (uint32_t)cns_natural_at(value, sizeof(uint16_t));
        term.as.string.data = (const char *)value + sizeof(uint16_t);
        return term;
    case CNS_FORM_LANG:
        term.tag = CNS_LANG_STRING;
        memcpy(&term.as.langstr, value, sizeof term.as.langstr);
        return term;
    case CNS_FORM_ENUM:
    case CNS_FORM_CODE: {
        uint32_t id = enumerator_id(type, value);
        return id != 0 ? cns_node_term(id, NULL) : term;
    }
    case CNS_FORM_REF:
        term.tag = CNS_NODE;
        memcpy(&term.as.node, value, sizeof term.as.node);
        return term;
    case CNS_FORM_RECORD:
    case CNS_FORM_LIST:
        return cns_node_term(0, value);
    case CNS_FORM_TERM:
        memcpy(&term, value, sizeof term);
        return term;
    case CNS_FORM_ID:
        return cns_node_term((uint32_t)cns_natural_at(value, sizeof(uint32_t)), NULL);
    case CNS_FORM_TYPED:
        term.tag = CNS_TYPED;
        memcpy(&term.as.typed.lexical, value, sizeof term.as.typed.lexical);
        term.as.typed.datatype = type->terms[0];
        return term;
    case CNS_FORM_SIGNED:
    case CNS_FORM_UNSIGNED:
        return read_integer(type, value);
    case CNS_FORM_FLOAT:
        term = cns_scalar_term(value, CNS_FLOAT);
        term.as.real = (double)term.as.single;
        term.tag = type->tag;
        return term;
    case CNS_FORM_CHARS:
        return read_chars(type, value);
    default:
        return term;
    }
}

const cns_type *
cns_violation_type(const cns_model *model, const cns_violation *violation) {
    const cns_type *type = cns_model_check(model, violation->check).type;
    bool reported = type->form != CNS_FORM_ABSENT &&
                    (type->form == CNS_FORM_FOCUS || violation->value != NULL);
    return reported ? type : NULL;
}

cns_term
cns_violation_value(const cns_model *model, const cns_violation *violation) {
    const cns_type *type = cns_violation_type(model, violation);
    if (type == NULL) {
        cns_term none;
        memset(&none, 0, sizeof none);
        return none;
    }
    return type->form == CNS_FORM_FOCUS ? cns_node_term(violation->focus_id, violation->focus)
                                        : read_value(type, violation);
}
