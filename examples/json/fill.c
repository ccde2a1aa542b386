/* SPDX-License-Identifier: Apache-2.0 */
/* From tokens to members. Objects inside objects are read by recursion, JSON_DEPTH levels deep. */
#include "fill.h"
#include "literals.h"

#include <string.h>

typedef struct filler {
    const cns_layout *layout;
    json_reader json;
    arena *memory;
    names *known;
    fault found;
} filler;

static bool fill_struct(filler *to, uint16_t record, char *data);

/* ---- Memory ------------------------------------------------------------------------------- */

void
arena_clear(arena *memory) {
    memset(memory->words, 0, memory->used * sizeof *memory->words);
    memory->used = 0;
}

static void *
take(arena *memory, size_t size) {
    size_t words = (size + sizeof *memory->words - 1) / sizeof *memory->words;
    if (words > memory->count - memory->used) {
        return NULL;
    }
    memory->used += words;
    return &memory->words[memory->used - words];
}

/* ---- Faults ------------------------------------------------------------------------------- */

static bool
fail(filler *to, const json_token *token, const char *why) {
    if (to->found.why == NULL) {
        to->found.why = token->kind == JSON_ERROR ? to->json.error : why;
        to->found.at = token->at;
    }
    return false;
}

/* Reads a token, which is to be of this kind. */
static bool
expect(filler *to, json_kind kind, json_token *token, const char *why) {
    *token = json_next(&to->json);
    return token->kind == kind || fail(to, token, why);
}

static bool
is_word(cns_str text, const char *word) {
    return cns_str_equal(text, cns_str_of(word));
}

/* ---- Names -------------------------------------------------------------------------------- */

/* A term as the model has it: an IRI in brackets, or a literal in quotes. */
static cns_str
term_of(const filler *to, uint32_t id) {
    return cns_str_of(to->layout->model->terms[id - 1]);
}

/* What is within the brackets or quotes. */
static cns_str
body_of(cns_str term) {
    char closing = term.data[0] == '<' ? '>' : '"';
    cns_str body = {term.data + 1, 0};
    while (body.data[body.length] != closing) {
        body.length++;
    }
    return body;
}

/* Whether the text is what a term is called: a literal's text, an IRI, or the end of one. */
static bool
is_name(cns_str term, cns_str text) {
    cns_str body = body_of(term);
    if (text.length > body.length) {
        return false;
    }
    uint32_t start = body.length - text.length;
    bool whole =
        start == 0 || (term.data[0] == '<' && strchr("#/:", body.data[start - 1]) != NULL);
    return whole && memcmp(body.data + start, text.data, text.length) == 0;
}

/* The id of an IRI: of the model's, or of the application's. */
static uint32_t
id_of(filler *to, cns_str iri) {
    for (uint32_t id = 1; id <= to->layout->model->term_count; id++) {
        cns_str term = term_of(to, id);
        if (term.data[0] == '<' && cns_str_equal(body_of(term), iri)) {
            return id;
        }
    }
    return names_id(to->known, iri);
}

/* An IRI has a scheme, and none of the characters that end one. */
static bool
is_iri(cns_str text) {
    bool colon = false;
    for (uint32_t i = 0; i < text.length; i++) {
        unsigned char letter = (unsigned char)text.data[i];
        if (letter <= ' ' || strchr("<>\"{}|^`\\", letter) != NULL) {
            return false;
        }
        colon |= letter == ':';
    }
    return colon;
}

static bool
fill_id(filler *to, const json_token *token, void *at) {
    if (token->kind != JSON_TEXT || !is_iri(token->text)) {
        return fail(to, token, "an IRI is expected");
    }
    uint32_t id = id_of(to, token->text);
    memcpy(at, &id, sizeof id);
    return id != 0 || fail(to, token, "no memory is left for IRIs");
}

/* ---- Literals ----------------------------------------------------------------------------- */

/* Stores an integer in as many bytes as its type has; those of a signed one are the same. */
static bool
fill_integer(filler *to, const cns_value_layout *value, const json_token *token, bool is_natural,
             void *at) {
    cns_term term = {.tag = value->type.tag};
    bool read = is_natural ? read_natural(token->text, &term.as.natural)
                           : read_integer(token->text, &term.as.integer);
    if (token->kind != JSON_NUMBER || !read || !cns_term_valid(&term)) {
        return fail(to, token, "a whole number of the datatype is expected");
    }
    switch (value->size) {
    case 1:
        *(uint8_t *)at = (uint8_t)term.as.natural;
        break;
    case 2:
        *(uint16_t *)at = (uint16_t)term.as.natural;
        break;
    case 4:
        *(uint32_t *)at = (uint32_t)term.as.natural;
        break;
    default:
        *(uint64_t *)at = term.as.natural;
    }
    return true;
}

static bool
fill_real(filler *to, const cns_value_layout *value, const json_token *token, void *at) {
    double number;
    if ((token->kind != JSON_NUMBER && token->kind != JSON_TEXT) ||
        !read_real(token->text, &number)) {
        return fail(to, token, "a number is expected");
    }
    if (value->type.tag == CNS_FLOAT) {
        *(float *)at = (float)number;
    } else {
        *(double *)at = number;
    }
    return true;
}

static bool
fill_scalar(filler *to, const cns_value_layout *value, const json_token *token, void *at) {
    /* The members of cns_term that hold the datatypes. */
    static const char *const members[CNS_TAG_COUNT] = {
#define X(tag, member, name) [CNS_##tag] = #member,
        CNS_DATATYPES(X)
#undef X
    };
    cns_str member = cns_str_of(members[value->type.tag]);
    cns_tag datatype = (cns_tag)value->type.tag;
    bool is_text = token->kind == JSON_TEXT;
    if (is_word(member, "integer") || is_word(member, "natural")) {
        return fill_integer(to, value, token, is_word(member, "natural"), at);
    }
    if (is_word(member, "single") || is_word(member, "real")) {
        return fill_real(to, value, token, at);
    }
    if (is_word(member, "boolean")) {
        *(bool *)at = token->kind == JSON_TRUE;
        return token->kind == JSON_TRUE || token->kind == JSON_FALSE ||
               fail(to, token, "true or false is expected");
    }
    if (is_word(member, "decimal")) {
        return ((is_text || token->kind == JSON_NUMBER) && read_decimal(token->text, at)) ||
               fail(to, token, "a decimal of at most 18 digits is expected");
    }
    if (is_word(member, "string")) {
        *(cns_str *)at = token->text;
        return is_text || fail(to, token, "text is expected");
    }
    if (datatype == CNS_DATE || datatype == CNS_DATE_TIME || datatype == CNS_DATE_TIME_STAMP) {
        return (is_text && read_datetime(token->text, datatype, at)) ||
               fail(to, token, "a time of the datatype is expected, such as 2024-02-29T12:00:00Z");
    }
    return fail(to, token, "this program reads no such datatype");
}

static bool
fill_inline(filler *to, const cns_value_layout *value, const json_token *token, void *at) {
    if (token->kind != JSON_TEXT || token->text.length > value->capacity) {
        return fail(to, token, "text that fits is expected");
    }
    *(uint16_t *)at = (uint16_t)token->text.length;
    memcpy((char *)at + value->offset, token->text.data, token->text.length);
    return true;
}

/* {"@value": "…", "@language": "…"} */
static bool
fill_langstr(filler *to, const json_token *token, cns_langstr *made) {
    json_token next;
    if (token->kind != JSON_OBJECT) {
        return fail(to, token, "an object of @value and @language is expected");
    }
    while ((next = json_next(&to->json)).kind == JSON_KEY) {
        json_token text;
        if (!expect(to, JSON_TEXT, &text, "text is expected")) {
            return false;
        }
        if (is_word(next.text, "@value")) {
            made->text = text.text;
        } else if (is_word(next.text, "@language")) {
            made->language = text.text;
        } else {
            return fail(to, &next, "only @value and @language are expected");
        }
    }
    if (next.kind != JSON_CLOSE) {
        return fail(to, &next, "");
    }
    return (made->text.data != NULL && cns_language_valid(made->language)) ||
           fail(to, token, "@value, and a @language such as en are expected");
}

static bool
fill_enumerator(filler *to, const cns_value_layout *value, const json_token *token, void *at) {
    uint16_t number = 0;
    if (token->kind != JSON_TEXT && token->kind != JSON_NUMBER) {
        return fail(to, token, "the name of a term is expected");
    }
    for (uint16_t i = 0; i < value->type.count && number == 0; i++) {
        if (is_name(term_of(to, value->type.terms[i]), token->text)) {
            number = (uint16_t)(i + 1);
        }
    }
    if (value->size == 1) {
        *(uint8_t *)at = (uint8_t)number;
    } else {
        *(uint16_t *)at = number;
    }
    return true;
}

/* ---- Nodes -------------------------------------------------------------------------------- */

static char *
new_struct(filler *to, const json_token *token, uint16_t record) {
    void *made = take(to->memory, to->layout->records[record].size);
    if (made == NULL) {
        fail(to, token, "more than the memory for a record");
    }
    return made;
}

static bool
fill_pointer(filler *to, const cns_value_layout *value, const json_token *token, void *at) {
    if (token->kind != JSON_OBJECT) {
        return fail(to, token, "an object is expected");
    }
    char *made = new_struct(to, token, value->inner);
    memcpy(at, &made, sizeof made);
    return made != NULL && fill_struct(to, value->inner, made);
}

/* An IRI as text; a node that is described, as an object. */
static bool
fill_ref(filler *to, const cns_value_layout *value, const json_token *token, cns_ref *made) {
    if (token->kind != JSON_OBJECT || value->inner == CNS_NO_RECORD) {
        return fill_id(to, token, &made->id);
    }
    char *record = new_struct(to, token, value->inner);
    made->record = record;
    return record != NULL && fill_struct(to, value->inner, record);
}

/* A value of any type: what its JSON says best. */
static bool
fill_term(filler *to, const json_token *token, cns_term *made) {
    switch (token->kind) {
    case JSON_TEXT:
        made->tag = CNS_STRING;
        made->as.string = token->text;
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        made->tag = CNS_BOOLEAN;
        made->as.boolean = token->kind == JSON_TRUE;
        return true;
    case JSON_NUMBER:
        made->tag = CNS_INTEGER;
        if (read_integer(token->text, &made->as.integer)) {
            return true;
        }
        made->tag = CNS_DOUBLE;
        return read_real(token->text, &made->as.real) || fail(to, token, "a number is expected");
    case JSON_OBJECT:
        made->tag = CNS_LANG_STRING;
        return fill_langstr(to, token, &made->as.langstr);
    default:
        return fail(to, token, "a value is expected");
    }
}

/* ---- Values, properties, structs ---------------------------------------------------------- */

static bool
fill_value(filler *to, const cns_value_layout *value, const json_token *token, void *at) {
    switch (value->type.form) {
    case CNS_FORM_SCALAR:
        return fill_scalar(to, value, token, at);
    case CNS_FORM_INLINE:
        return fill_inline(to, value, token, at);
    case CNS_FORM_LANG:
        return fill_langstr(to, token, at);
    case CNS_FORM_TYPED:
        *(cns_str *)at = token->text;
        return token->kind == JSON_TEXT || fail(to, token, "text is expected");
    case CNS_FORM_ENUM:
        return fill_enumerator(to, value, token, at);
    case CNS_FORM_REF:
        return fill_ref(to, value, token, at);
    case CNS_FORM_RECORD:
        return fill_pointer(to, value, token, at);
    case CNS_FORM_TERM:
        return fill_term(to, token, at);
    default:
        return fail(to, token, "this program reads no lists");
    }
}

static bool
fill_array(filler *to, const cns_field_layout *field, char *data) {
    const cns_value_layout *value = &to->layout->values[field->value];
    uint16_t *count = (uint16_t *)(void *)(data + field->presence);
    json_token token = json_next(&to->json);
    if (*count > 0) {
        return fail(to, &token, "a key is there twice");
    }
    for (; token.kind != JSON_CLOSE; token = json_next(&to->json)) {
        if (*count == field->capacity) {
            return fail(to, &token, "more values than there is space for");
        }
        if (!fill_value(to, value, &token, data + field->offset + *count * value->size)) {
            return false;
        }
        (*count)++;
    }
    return true;
}

/* Fills a member with what follows its key: one value, or an array of them. */
static bool
fill_field(filler *to, const cns_record_layout *record, const cns_field_layout *field,
           char *data) {
    json_token token = json_next(&to->json);
    if (field->capacity == 0) {
        return fail(to, &token, "no value is expected");
    }
    if (field->capacity > 1) {
        return token.kind == JSON_ARRAY ? fill_array(to, field, data)
                                        : fail(to, &token, "an array is expected");
    }
    uint32_t *has = (uint32_t *)(void *)(data + record->has) + field->presence / 32;
    uint32_t bit = UINT32_C(1) << field->presence % 32;
    if ((*has & bit) != 0) {
        return fail(to, &token, "a key is there twice");
    }
    *has |= bit;
    return fill_value(to, &to->layout->values[field->value], &token, data + field->offset);
}

static bool
fill_key(filler *to, const cns_record_layout *record, const json_token *key, char *data) {
    if (is_word(key->text, "@id") && record->id != CNS_NO_MEMBER) {
        json_token token = json_next(&to->json);
        uint32_t known;
        memcpy(&known, data + record->id, sizeof known);
        return known == 0 ? fill_id(to, &token, data + record->id)
                          : fail(to, &token, "a key is there twice");
    }
    for (uint16_t i = 0; i < record->field_count; i++) {
        const cns_field_layout *field = &record->fields[i];
        if (is_name(term_of(to, field->property), key->text)) {
            return fill_field(to, record, field, data);
        }
    }
    return fail(to, key, "no property is called so");
}

/* Fills a struct of zeros with what follows the opening brace. */
static bool
fill_struct(filler *to, uint16_t record, char *data) {
    json_token token;
    while ((token = json_next(&to->json)).kind == JSON_KEY) {
        if (!fill_key(to, &to->layout->records[record], &token, data)) {
            if (to->found.key.data == NULL) {
                to->found.key = token.text;
            }
            return false;
        }
    }
    return token.kind == JSON_CLOSE || fail(to, &token, "");
}

fault
fill(const cns_layout *layout, uint16_t record, char *text, uint32_t length, arena *memory,
     names *known, void **made) {
    filler to = {.layout = layout, .memory = memory, .known = known};
    json_token token;
    json_init(&to.json, text, length);
    if (expect(&to, JSON_OBJECT, &token, "an object is expected")) {
        char *data = new_struct(&to, &token, record);
        *made = data;
        if (data != NULL && fill_struct(&to, record, data)) {
            expect(&to, JSON_END, &token, "");
        }
    }
    return to.found;
}
