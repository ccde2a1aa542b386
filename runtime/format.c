/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people: violations as one line each. Nothing else in the runtime refers to this file.
 */
#include <cns/cns.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);

/* ---- Text in a buffer --------------------------------------------------------------------- */

/* Text being written: what does not fit is counted, and nothing is written after it. */
typedef struct writer {
    char *buffer;
    size_t room;    /* bytes that may be written */
    size_t written; /* bytes that are written */
    size_t length;  /* bytes of the whole text; `written` unless it is cut */
} writer;

/* Writes all bytes or none, so that a character is never torn. */
static void
put_bytes(writer *out, const void *bytes, size_t count) {
    if (out->written == out->length && count <= out->room - out->written) {
        memcpy(out->buffer + out->written, bytes, count);
        out->written += count;
    }
    out->length += count;
}

static void
put_char(writer *out, char letter) {
    put_bytes(out, &letter, 1);
}

static void
put_ascii(writer *out, const char *letters) {
    while (*letters != '\0') {
        put_char(out, *letters++);
    }
}

static bool
is_continuation(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* Shows that the text is cut: its last characters make way for an ellipsis. */
static void
put_ellipsis(writer *out) {
    static const char ellipsis[3] = "\xE2\x80\xA6";
    if (out->room < sizeof ellipsis) {
        return;
    }
    while (out->room - out->written < sizeof ellipsis) {
        out->written--;
        while (out->written > 0 && is_continuation((unsigned char)out->buffer[out->written])) {
            out->written--;
        }
    }
    memcpy(out->buffer + out->written, ellipsis, sizeof ellipsis);
    out->written += sizeof ellipsis;
}

static void
put_escape(writer *out, const char *prefix, unsigned char byte) {
    static const char digits[] = "0123456789ABCDEF";
    char escape[6];
    size_t length = 0;
    while (*prefix != '\0') {
        escape[length++] = *prefix++;
    }
    escape[length++] = digits[byte >> 4];
    escape[length++] = digits[byte & 15];
    put_bytes(out, escape, length);
}

/* Writes one character of UTF-8, control characters and stray bytes escaped; returns its length.
 */
static uint32_t
put_character(writer *out, const unsigned char *bytes, uint32_t available) {
    uint32_t length = cns_character_length((const char *)bytes, available);
    if (length == 0) {
        put_escape(out, "\\x", bytes[0]);
        return 1;
    }
    if (bytes[0] == '\n') {
        put_bytes(out, "\\n", 2);
    } else if (bytes[0] < 0x20 || bytes[0] == 0x7F) {
        put_escape(out, "\\u00", bytes[0]);
    } else if (bytes[0] == 0xC2 && bytes[1] < 0xA0) {
        put_escape(out, "\\u00", bytes[1]);
    } else {
        put_bytes(out, bytes, length);
    }
    return length;
}

/* Writes text of the model, as it is but for what would break the line. */
static void
put_text(writer *out, const char *words) {
    cns_str text = cns_str_of(words);
    for (uint32_t i = 0; i < text.length;) {
        i += put_character(out, (const unsigned char *)words + i, text.length - i);
    }
}

static void
put_string(writer *out, cns_str string) {
    if (!cns_str_sound(string)) {
        put_ascii(out, "NULL");
        return;
    }
    put_char(out, '"');
    for (uint32_t i = 0; i < string.length;) {
        const unsigned char *bytes = (const unsigned char *)string.data + i;
        if (*bytes == '"' || *bytes == '\\') {
            const char escape[2] = {'\\', (char)*bytes};
            put_bytes(out, escape, sizeof escape);
            i++;
        } else {
            i += put_character(out, bytes, string.length - i);
        }
    }
    put_char(out, '"');
}

/* ---- Numbers ------------------------------------------------------------------------------ */

static void
put_natural(writer *out, uint64_t number) {
    char digits[CNS_LEXICAL_SIZE];
    cns_str text = cns_natural_text(number, digits);
    put_bytes(out, text.data, text.length);
}

static void
put_integer(writer *out, int64_t number) {
    char digits[CNS_LEXICAL_SIZE];
    cns_str text = cns_integer_text(number, digits);
    put_bytes(out, text.data, text.length);
}

static void
put_labelled(writer *out, const char *label, int64_t number) {
    put_ascii(out, label);
    put_integer(out, number);
}

static void
put_zeros(writer *out, int count) {
    for (; count > 0; count--) {
        put_char(out, '0');
    }
}

/* 0.d1d2d3… * 10^point */
typedef struct figures {
    char digit[CNS_LEXICAL_SIZE];
    int count;
    int point;
} figures;

/* Reads a canonical form without its sign: d.dddE5. */
static figures
read_digits(const char *form, const char *end) {
    figures number = {{form[0]}, 1, 0};
    for (form += 2; *form != 'E'; form++) {
        number.digit[number.count++] = *form;
    }
    if (number.digit[number.count - 1] == '0') {
        number.count--; /* the one digit that a canonical form has for want of others */
    }
    bool negative = *++form == '-';
    for (form += negative; form < end; form++) {
        number.point = number.point * 10 + (*form - '0');
    }
    number.point = (negative ? -number.point : number.point) + 1;
    return number;
}

static void
put_plain(writer *out, const figures *number) {
    int whole = number->point < 0 ? 0 : number->point;
    int before = whole < number->count ? whole : number->count;
    if (whole == 0) {
        put_char(out, '0');
    }
    put_bytes(out, number->digit, (size_t)before);
    put_zeros(out, whole - before);
    if (before < number->count) {
        put_char(out, '.');
        put_zeros(out, -number->point);
        put_bytes(out, number->digit + before, (size_t)(number->count - before));
    }
}

static void
put_scientific(writer *out, const figures *number) {
    put_char(out, number->digit[0]);
    if (number->count > 1) {
        put_char(out, '.');
        put_bytes(out, number->digit + 1, (size_t)(number->count - 1));
    }
    put_char(out, 'E');
    put_integer(out, number->point - 1);
}

/* Writes a float or double as people do, given its canonical form. */
static void
put_floating(writer *out, cns_str form) {
    const char *first = form.data, *end = form.data + form.length;
    if (*first == '-') {
        put_char(out, *first++);
    }
    if (*first > '9') { /* INF or NaN */
        put_bytes(out, first, (size_t)(end - first));
        return;
    }
    figures number = read_digits(first, end);
    if (number.point > -4 && number.point <= 16) {
        put_plain(out, &number);
    } else {
        put_scientific(out, &number);
    }
}

/* ---- Terms -------------------------------------------------------------------------------- */

static void
put_id(writer *out, const cns_model *model, uint32_t id) {
    if (id == 0) {
        put_ascii(out, "[]"); /* a blank node, as in Turtle */
    } else if (model->terms != NULL && id <= model->term_count) {
        put_text(out, model->terms[id - 1]);
    } else {
        put_labelled(out, "#", id);
    }
}

static void
put_language(writer *out, cns_langstr value) {
    put_string(out, value.text);
    put_char(out, '@');
    for (uint32_t i = 0; value.language.data != NULL && i < value.language.length;) {
        i += put_character(out, (const unsigned char *)value.language.data + i,
                           value.language.length - i);
    }
}

/* Writes a canonical form, which may be cut anywhere. */
static void
put_form(writer *out, cns_str form) {
    for (uint32_t i = 0; i < form.length; i++) {
        put_char(out, form.data[i]);
    }
}

/* Writes the byte as a number when it is no bool, which it must not be read as then. */
static void
put_boolean_member(writer *out, const cns_term *term) {
    unsigned byte = cns_bool_byte(&term->as.boolean);
    if (byte > 1) {
        put_natural(out, byte);
    } else {
        put_form(out, cns_boolean_text(byte));
    }
}

static void
put_integer_member(writer *out, const cns_term *term) {
    put_integer(out, term->as.integer);
}

static void
put_natural_member(writer *out, const cns_term *term) {
    put_natural(out, term->as.natural);
}

static void
put_single_member(writer *out, const cns_term *term) {
    char form[CNS_LEXICAL_SIZE];
    put_floating(out, cns_float_text(term->as.single, form));
}

static void
put_real_member(writer *out, const cns_term *term) {
    char form[CNS_LEXICAL_SIZE];
    put_floating(out, cns_double_text(term->as.real, form));
}

static void
put_decimal_member(writer *out, const cns_term *term) {
    char form[CNS_LEXICAL_SIZE];
    cns_decimal value = term->as.decimal;
    if (cns_decimal_valid(value)) {
        put_form(out, cns_decimal_text(value, form));
        return;
    }
    put_integer(out, value.unscaled);
    put_labelled(out, "E", -(int64_t)value.scale);
}

static void
put_datetime_member(writer *out, const cns_term *term) {
    char form[CNS_LEXICAL_SIZE];
    cns_datetime value = term->as.datetime;
    if (cns_datetime_valid(value, (cns_tag)term->tag)) {
        put_form(out, cns_datetime_text(value, (cns_tag)term->tag, form));
        return;
    }
    put_labelled(out, "(seconds ", value.seconds);
    put_labelled(out, ", nanoseconds ", value.nanoseconds);
    if (value.zone == CNS_NO_ZONE) {
        put_ascii(out, ", no zone)");
    } else {
        put_labelled(out, ", zone ", value.zone);
        put_char(out, ')');
    }
}

static void
put_duration_member(writer *out, const cns_term *term) {
    char form[CNS_LEXICAL_SIZE];
    cns_duration value = term->as.duration;
    if (cns_duration_valid(value, (cns_tag)term->tag)) {
        put_form(out, cns_duration_text(value, (cns_tag)term->tag, form));
        return;
    }
    put_labelled(out, "(months ", value.months);
    put_labelled(out, ", seconds ", value.seconds);
    put_labelled(out, ", nanoseconds ", value.nanoseconds);
    put_char(out, ')');
}

static void
put_string_member(writer *out, const cns_term *term) {
    put_string(out, term->as.string);
}

/* Says so when the literal that follows is not one of its datatype. */
static void
put_remark(writer *out, const cns_term *term, const char *name) {
    if (!cns_term_valid(term)) {
        put_ascii(out, "ill-formed xsd:");
        put_ascii(out, name);
        put_char(out, ' ');
    }
}

static void
put_term(writer *out, const cns_model *model, const cns_term *term) {
    switch (term->tag) {
    case CNS_NONE:
        put_ascii(out, "no term");
        break;
    case CNS_NODE:
        put_id(out, model, term->as.node.id);
        break;
    case CNS_LANG_STRING:
        put_language(out, term->as.langstr);
        break;
    case CNS_TYPED:
        put_string(out, term->as.typed.lexical);
        put_ascii(out, "^^");
        put_id(out, model, term->as.typed.datatype);
        break;
#define CNS_X(tag, member, name)                                                                  \
    case CNS_##tag:                                                                               \
        put_remark(out, term, name);                                                              \
        put_##member##_member(out, term);                                                         \
        break;
        CNS_DATATYPES(CNS_X)
#undef CNS_X
    default:
        put_labelled(out, "ill-formed term of tag ", term->tag);
    }
}

/* ---- Reported values ---------------------------------------------------------------------- */

static void
put_value(writer *out, const cns_model *model, const cns_violation *violation,
          const cns_type *type) {
    if (type->form == CNS_FORM_LIST) {
        put_ascii(out, "list of ");
        put_natural(out, cns_natural_at(violation->value, sizeof(uint16_t)));
        return;
    }
    cns_term term = cns_violation_value(model, violation);
    bool enumerated = type->form == CNS_FORM_ENUM || type->form == CNS_FORM_CODE;
    if (enumerated && term.tag == CNS_NONE) {
        put_ascii(out, "ill-formed enumerator ");
        put_natural(out, cns_natural_at(violation->value, type->size));
        return;
    }
    put_term(out, model, &term);
}

/* ---- Lines -------------------------------------------------------------------------------- */

/* Shorter values are not cut to make space for what follows them. */
enum {
    LEAST_VALUE = 24
};

/* Writes a value, cut to `limit` bytes so that the rest of the line has space; returns its length.
 */
static size_t
put_limited_value(writer *out, const cns_model *model, const cns_violation *violation,
                  const cns_type *type, size_t limit) {
    size_t room = out->room, before = out->length;
    if (out->written == out->length && limit < room - out->written) {
        out->room = out->written + limit;
    }
    put_value(out, model, violation, type);
    size_t length = out->length - before;
    if (out->room < room && out->written < out->length) {
        put_ellipsis(out);
        out->length = out->written;
    }
    out->room = room;
    return length;
}

static const char *
text_or_empty(const char *words) {
    return words != NULL ? words : "";
}

static void
put_severity(writer *out, const cns_check_info *check) {
    static const char *const names[] = {"info", "warning", "violation"};
    put_ascii(out, check->severity <= CNS_VIOLATION ? names[check->severity] : "result");
    put_char(out, ':');
}

/* Writes what the violation is about: node, path and value, as far as they have names. */
static size_t
put_subject(writer *out, const cns_model *model, const cns_violation *violation, const char *path,
            size_t limit) {
    const cns_type *type = cns_violation_type(model, violation);
    bool has_value = type != NULL && type->form != CNS_FORM_FOCUS;
    size_t length = 0;
    if (violation->focus_id != 0) {
        put_char(out, ' ');
        put_id(out, model, violation->focus_id);
    }
    if (*path != '\0') {
        put_char(out, ' ');
        put_text(out, path);
    }
    if (has_value) {
        put_char(out, ' ');
        length = put_limited_value(out, model, violation, type, limit);
    } else if (violation->focus_id == 0 && *path == '\0') {
        put_ascii(out, " focus node");
    }
    put_char(out, ':');
    return length;
}

static void
put_reason(writer *out, uint16_t index, const char *message) {
    if (*message != '\0') {
        put_char(out, ' ');
        put_text(out, message);
    } else {
        put_labelled(out, " check ", index);
    }
}

static void
put_source(writer *out, const cns_check_info *check) {
    static const char *const parameters[CNS_COMPONENT_COUNT] = {
#define CNS_X(name, component, parameter) parameter,
        CNS_COMPONENTS(CNS_X)
#undef CNS_X
    };
    put_ascii(out, " [");
    bool known = check->component < CNS_COMPONENT_COUNT;
    put_ascii(out, known && check->component >= CNS_COMPONENT_VALUE_SPACE ? "cns:" : "sh:");
    put_ascii(out, known ? parameters[check->component] : "?");
    const char *shape = text_or_empty(check->text.shape);
    if (*shape != '\0') {
        put_ascii(out, " in ");
        put_text(out, shape);
    }
    put_char(out, ']');
}

/* Writes the line; returns the length of the whole value. */
static size_t
put_line(writer *out, const cns_model *model, const cns_violation *violation, size_t limit) {
    if (violation->detail_of != 0) {
        put_ascii(out, "  because ");
    }
    if (violation->check >= model->check_count) {
        put_labelled(out, "unknown check ", violation->check);
        return 0;
    }
    const cns_check_info check = cns_model_check(model, violation->check);
    put_severity(out, &check);
    size_t length = put_subject(out, model, violation, text_or_empty(check.text.path), limit);
    put_reason(out, violation->check, text_or_empty(check.text.message));
    put_source(out, &check);
    return length;
}

size_t
cns_violation_format(const cns_model *model, const cns_violation *violation, char *buffer,
                     size_t size) {
    char nothing[1];
    writer out = {nothing, 0, 0, 0};
    if (model == NULL || violation == NULL) {
        if (buffer != NULL && size > 0) {
            buffer[0] = '\0';
        }
        return 0;
    }
    size_t value_length = put_line(&out, model, violation, SIZE_MAX);
    size_t length = out.length;
    if (buffer == NULL || size == 0) {
        return length;
    }
    size_t others = length - value_length;
    size_t limit = others < size - 1 ? size - 1 - others : 0;
    writer line = {buffer, size - 1, 0, 0};
    put_line(&line, model, violation, limit > LEAST_VALUE ? limit : LEAST_VALUE);
    if (line.written < line.length) {
        put_ellipsis(&line);
    }
    buffer[line.written] = '\0';
    return length;
}

const char *
cns_status_text(cns_status status) {
    static const char *const texts[] = {
#define CNS_X(name, text) text,
        CNS_STATUSES(CNS_X)
#undef CNS_X
    };
    return (unsigned)status < sizeof texts / sizeof *texts ? texts[status] : "unknown status";
}
