/* SPDX-License-Identifier: Apache-2.0 */
/* Records as RDF: the graph that a record denotes, in N-Triples. Linked only when used. */
#include <cns/cns.h>

/*
 * A record is walked three times over: to see that it is sound, to write it, and, for each node
 * that may be mentioned twice, to find its first mention. That number is the label of a blank
 * node, so labels need no memory, and what a second mention repeats is not written again.
 */

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int byte, size_t size);

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define XSD "http://www.w3.org/2001/XMLSchema#"

/* ---- What a value denotes ----------------------------------------------------------------- */

typedef enum object_kind {
    OBJECT_INVALID,  /* what is none of its type */
    OBJECT_LITERAL,  /* `term` */
    OBJECT_CONSTANT, /* term `id` of the model */
    OBJECT_NODE,     /* the IRI of `id`, or the blank node of what lies at `at` */
    OBJECT_NIL,      /* the empty list */
    OBJECT_LIST      /* the list at `at` */
} object_kind;

/* The object of a triple, and what is said of it: its class, and the struct at `data`. */
typedef struct object {
    object_kind kind;
    uint32_t id;
    uint32_t class_id; /* 0 is none */
    uint16_t record;   /* the type of `data`, or CNS_NO_RECORD */
    const void *at;
    const void *data;
    cns_term term;
} object;

static const void *
after(const void *start, size_t bytes) {
    return (const char *)start + bytes;
}

static uint16_t
read_count(const void *at) {
    uint16_t count;
    memcpy(&count, at, sizeof count);
    return count;
}

static uint32_t
read_id(const void *at) {
    uint32_t id;
    memcpy(&id, at, sizeof id);
    return id;
}

static cns_term
text_term(const cns_value_layout *value, const void *at) {
    cns_term term;
    memset(&term, 0, sizeof term);
    term.tag = value->type.tag;
    switch (value->type.form) {
    case CNS_FORM_INLINE:
        term.as.string.length = read_count(at);
        term.as.string.data = after(at, value->offset);
        break;
    case CNS_FORM_LANG:
        memcpy(&term.as.langstr, at, sizeof term.as.langstr);
        break;
    default:
        memcpy(&term.as.typed.lexical, at, sizeof term.as.typed.lexical);
        term.as.typed.datatype = value->type.terms[0];
    }
    return term;
}

/* A node that nothing is said of. */
static object
plain(object_kind kind, uint32_t id, const void *at) {
    object made;
    memset(&made, 0, sizeof made);
    made.kind = kind;
    made.id = id;
    made.record = CNS_NO_RECORD;
    made.at = at;
    return made;
}

static object
literal(cns_term term) {
    object made = plain(OBJECT_LITERAL, 0, NULL);
    made.term = term;
    return made;
}

/* A blank node is that of the struct, or one of the reference's own. */
static object
reference(const cns_value_layout *value, const cns_ref *ref) {
    object made = plain(OBJECT_NODE, ref->id, ref);
    made.class_id = ref->class_id;
    if (value->inner != CNS_NO_RECORD && ref->record != NULL) {
        made.record = value->inner;
        made.data = ref->record;
        made.at = ref->record;
    }
    return made;
}

static object
described(uint16_t record, const void *data) {
    object made = plain(OBJECT_NODE, 0, data);
    made.record = record;
    made.data = data;
    return made;
}

static object
enumerated(const cns_value_layout *value, const void *at) {
    uint32_t number = value->size == 1 ? *(const uint8_t *)at : *(const uint16_t *)at;
    if (number == 0 || number > value->type.count) {
        return plain(OBJECT_INVALID, 0, NULL);
    }
    return plain(OBJECT_CONSTANT, value->type.terms[number - 1], NULL);
}

/* Whether the tag is one of those that the type of a term lists; without a list, any is. */
static bool
has_listed_tag(const cns_type *type, const cns_term *term) {
    bool listed = type->count == 0;
    for (uint16_t i = 0; i < type->count; i++) {
        listed |= type->terms[i] == term->tag;
    }
    return listed && term->tag != CNS_NONE && term->tag < CNS_TAG_COUNT;
}

static object
any_term(const cns_value_layout *value, const cns_term *term) {
    if (!has_listed_tag(&value->type, term)) {
        return plain(OBJECT_INVALID, 0, NULL);
    }
    return term->tag == CNS_NODE ? reference(value, &term->as.node) : literal(*term);
}

static object
object_of(const cns_value_layout *value, const void *at) {
    switch (value->type.form) {
    case CNS_FORM_SCALAR:
        return literal(cns_scalar_term(at, value->type.tag));
    case CNS_FORM_INLINE:
    case CNS_FORM_LANG:
    case CNS_FORM_TYPED:
        return literal(text_term(value, at));
    case CNS_FORM_ENUM:
        return enumerated(value, at);
    case CNS_FORM_REF:
        return reference(value, at);
    case CNS_FORM_RECORD:
        return described(value->inner, *(const void *const *)at);
    case CNS_FORM_LIST:
        return plain(read_count(at) == 0 ? OBJECT_NIL : OBJECT_LIST, 0, at);
    default:
        return any_term(value, at);
    }
}

/* Whether two values of one type denote the same term. */
static bool
same_object(const object *a, const object *b) {
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case OBJECT_LITERAL:
        return cns_term_same(&a->term, &b->term);
    case OBJECT_CONSTANT:
        return a->id == b->id;
    case OBJECT_NODE:
        return a->id == b->id && (a->id != 0 || (a->at == b->at && a->record == b->record));
    case OBJECT_LIST:
        return a->at == b->at;
    default:
        return true;
    }
}

/* Whether two mentions say the same of the same node. */
static bool
same_mention(const object *a, const object *b) {
    return same_object(a, b) && a->class_id == b->class_id && a->record == b->record &&
           a->data == b->data;
}

/* Whether a blank node needs a label, or triples about the node follow. */
static bool
is_mention(const object *found) {
    return found->kind == OBJECT_LIST ||
           (found->kind == OBJECT_NODE &&
            (found->id == 0 || found->class_id != 0 || found->data != NULL));
}

/* ---- Walking ------------------------------------------------------------------------------ */

/* A struct or list that is being walked, and the place reached in it. */
typedef struct frame {
    const void *data;
    uint32_t id;      /* of the node that a struct describes, 0 when it is blank */
    uint32_t label;   /* of a blank node or a list */
    uint32_t level;   /* how many structs of one circle lie inside each other here, from 1 */
    uint16_t circle;  /* that of the struct, or of the one that a list is in */
    uint16_t type;    /* of a struct: index of its record; of a list: of its value layout */
    uint16_t field;   /* of a struct */
    uint16_t element; /* the one after the last that was visited */
    bool is_list;
    bool is_known; /* its triples were written at an earlier mention */
} frame;

typedef struct walk {
    const cns_layout *layout;
    uint32_t visits; /* of values so far: the number of the last one; the focus node is 0 */
    uint16_t depth;
    frame frames[CNS_DENOTE_DEPTH];
} walk;

/* One value on the way. */
typedef struct visit {
    const cns_value_layout *value;
    const void *at;
    const frame *from;
    uint16_t property; /* 0 for an item of a list */
    uint16_t element;  /* its place in the array or list */
} visit;

static const cns_value_layout *
items_of(const walk *way, const frame *list) {
    return &way->layout->values[way->layout->values[list->type].inner];
}

static uint16_t
field_count(const cns_record_layout *record, const cns_field_layout *field, const void *data) {
    if (field->capacity != 1) {
        return field->capacity == 0 ? 0 : read_count(after(data, field->presence));
    }
    uint32_t word = read_id(after(data, record->has + field->presence / 32 * sizeof word));
    return (uint16_t)(word >> field->presence % 32 & 1);
}

/* Goes to the next item of a list; returns false behind the last. */
static bool
next_item(walk *way, frame *list, visit *next) {
    if (list->element == read_count(list->data)) {
        return false;
    }
    next->value = items_of(way, list);
    next->property = 0;
    next->element = list->element++;
    next->at = after(list->data, way->layout->values[list->type].offset +
                                     (size_t)next->element * next->value->size);
    return true;
}

/* Goes to the next value of a struct; returns false behind the last. */
static bool
next_value(walk *way, frame *from, visit *next) {
    const cns_record_layout *record = &way->layout->records[from->type];
    for (; from->field < record->field_count; from->field++, from->element = 0) {
        const cns_field_layout *field = &record->fields[from->field];
        if (from->element < field_count(record, field, from->data)) {
            next->value = &way->layout->values[field->value];
            next->property = field->property;
            next->element = from->element++;
            next->at =
                after(from->data, field->offset + (size_t)next->element * next->value->size);
            return true;
        }
    }
    return false;
}

/* Goes to the next value, out of finished structs and lists; returns false behind the last. */
static bool
walk_on(walk *way, visit *next) {
    while (way->depth > 0) {
        frame *top = &way->frames[way->depth - 1];
        next->from = top;
        if (top->is_list ? next_item(way, top, next) : next_value(way, top, next)) {
            way->visits++;
            return true;
        }
        way->depth--;
    }
    return false;
}

/* Goes into the struct or list that a value mentions, if it does; NULL when that is too deep. */
static frame *
walk_into(walk *way, const visit *from, const object *found) {
    static const frame nothing;
    bool is_list = found->kind == OBJECT_LIST;
    if (way->depth == CNS_DENOTE_DEPTH) {
        return NULL;
    }
    frame *inner = &way->frames[way->depth++];
    *inner = nothing;
    inner->data = is_list ? found->at : found->data;
    inner->id = found->id;
    inner->is_list = is_list;
    inner->type = is_list ? (uint16_t)(from->value - way->layout->values) : found->record;
    inner->circle = is_list ? from->from->circle : way->layout->records[found->record].circle;
    if (from->from->circle == inner->circle) {
        inner->level = from->from->level;
    }
    if (!is_list) {
        inner->level++;
    }
    return inner;
}

static bool
has_inside(const object *found) {
    return found->kind == OBJECT_LIST || found->data != NULL;
}

static void
walk_start(walk *way, const cns_layout *layout, const object *root) {
    static const frame outside;
    const visit start = {.from = &outside};
    way->layout = layout;
    way->visits = 0;
    way->depth = 0;
    walk_into(way, &start, root);
}

/* ---- What was mentioned before ------------------------------------------------------------ */

typedef struct mention {
    uint32_t node; /* the number of the first visit that mentions the node */
    uint32_t same; /* and of the first one that says the same of it */
} mention;

/* Finds the first mentions, at the latest at visit `last`, where the node is mentioned. */
static mention
find_mention(const cns_layout *layout, const object *root, const object *wanted, uint32_t last) {
    mention first = {last, last};
    walk way;
    visit here;
    if (same_object(root, wanted)) {
        first.node = 0;
    }
    walk_start(&way, layout, root);
    while (walk_on(&way, &here) && way.visits < last) {
        object found = object_of(here.value, here.at);
        if (first.node == last && is_mention(&found) && same_object(&found, wanted)) {
            first.node = way.visits;
        }
        if (is_mention(&found) && same_mention(&found, wanted)) {
            first.same = way.visits;
            break;
        }
        if (has_inside(&found)) {
            walk_into(&way, &here, &found);
        }
    }
    return first;
}

/* ---- Soundness: what a handler checks too ------------------------------------------------- */

/* Whether texts can be read and are what N-Triples takes. */
static bool
is_sound_term(const cns_term *term) {
    switch (term->tag) {
    case CNS_STRING:
    case CNS_ANY_URI:
        return cns_text_valid(term->as.string);
    case CNS_LANG_STRING:
        return cns_text_valid(term->as.langstr.text) &&
               cns_language_valid(term->as.langstr.language);
    case CNS_TYPED:
        return cns_text_valid(term->as.typed.lexical);
    default:
        return true;
    }
}

static bool
is_sound_value(const cns_value_layout *value, const void *at) {
    switch (value->type.form) {
    case CNS_FORM_INLINE:
        if (read_count(at) > value->capacity) {
            return false;
        }
        break;
    case CNS_FORM_LIST:
        return read_count(at) <= value->capacity;
    case CNS_FORM_RECORD:
        return *(const void *const *)at != NULL;
    case CNS_FORM_TERM:
        return is_sound_term(at);
    default:
        break;
    }
    object found = object_of(value, at);
    return found.kind != OBJECT_LITERAL || is_sound_term(&found.term);
}

static bool
has_known_class(const cns_record_layout *record, const void *data) {
    if (record->class_id == CNS_NO_MEMBER || record->class_count == 0) {
        return true;
    }
    uint32_t class_id = read_id(after(data, record->class_id));
    bool known = class_id == 0;
    for (uint16_t i = 0; i < record->class_count; i++) {
        known |= record->classes[i] == class_id;
    }
    return known;
}

static bool
is_sound_struct(const cns_record_layout *record, const void *data) {
    for (uint16_t i = 0; i < record->field_count; i++) {
        if (field_count(record, &record->fields[i], data) > record->fields[i].capacity) {
            return false;
        }
    }
    return has_known_class(record, data);
}

/* Whether records that can contain each other lie deeper inside each other than the build says. */
static bool
is_too_deep(const cns_layout *layout, const frame *inner) {
    return inner->circle != 0 && inner->level > layout->depth;
}

/* Whether all that the record leads to can be read. */
static cns_status
check_record(const cns_layout *layout, const object *root) {
    walk way;
    visit here;
    if (!is_sound_struct(&layout->records[root->record], root->data)) {
        return CNS_BAD_RECORD;
    }
    walk_start(&way, layout, root);
    while (walk_on(&way, &here)) {
        if (!is_sound_value(here.value, here.at)) {
            return CNS_BAD_RECORD;
        }
        object found = object_of(here.value, here.at);
        if (found.data != NULL && !is_sound_struct(&layout->records[found.record], found.data)) {
            return CNS_BAD_RECORD;
        }
        if (has_inside(&found)) {
            const frame *inner = walk_into(&way, &here, &found);
            if (inner == NULL || is_too_deep(layout, inner)) {
                return inner == NULL ? CNS_NO_SPACE : CNS_BAD_RECORD;
            }
        }
    }
    return CNS_OK;
}

/* ---- N-Triples ---------------------------------------------------------------------------- */

/* Where the text goes; nothing more is written after a failure. */
typedef struct sink {
    const cns_denoter *how;
    cns_write write;
    void *to;
    bool failed;
} sink;

static void
emit(sink *out, const char *text, size_t length) {
    if (!out->failed && length > 0) {
        out->failed = out->write(out->to, text, length) != length;
    }
}

static void
emit_words(sink *out, const char *text) {
    emit(out, text, cns_str_of(text).length);
}

static void
emit_number(sink *out, uint32_t number) {
    char digits[10];
    size_t start = sizeof digits;
    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    emit(out, digits + start, sizeof digits - start);
}

/* Writes a character of ASCII as \uXXXX. */
static void
emit_code(sink *out, char letter) {
    static const char hex[] = "0123456789ABCDEF";
    unsigned char byte = (unsigned char)letter;
    const char code[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
    emit(out, code, sizeof code);
}

static bool
is_control(char letter) {
    return (unsigned char)letter < 0x20 || letter == 0x7F;
}

static void
emit_control(sink *out, char letter) {
    switch (letter) {
    case '\b':
        emit(out, "\\b", 2);
        break;
    case '\t':
        emit(out, "\\t", 2);
        break;
    case '\n':
        emit(out, "\\n", 2);
        break;
    case '\f':
        emit(out, "\\f", 2);
        break;
    case '\r':
        emit(out, "\\r", 2);
        break;
    default:
        emit_code(out, letter);
    }
}

static void
emit_quoted(sink *out, cns_str text) {
    uint32_t written = 0;
    emit(out, "\"", 1);
    for (uint32_t i = 0; i < text.length; i++) {
        char letter = text.data[i];
        bool is_special = letter == '"' || letter == '\\';
        if (!is_special && !is_control(letter)) {
            continue;
        }
        emit(out, text.data + written, i - written);
        written = i + 1;
        if (is_special) {
            const char escape[2] = {'\\', letter};
            emit(out, escape, sizeof escape);
        } else {
            emit_control(out, letter);
        }
    }
    if (written < text.length) {
        emit(out, text.data + written, text.length - written);
    }
    emit(out, "\"", 1);
}

/* Writes what stands between the brackets of an IRI; escapes what must not. */
static void
emit_iri(sink *out, cns_str iri) {
    static const char refused[] = " <>\"{}|^`\\";
    emit(out, "<", 1);
    for (uint32_t i = 0; i < iri.length; i++) {
        bool escaped = is_control(iri.data[i]);
        for (size_t k = 0; k < sizeof refused - 1; k++) {
            escaped |= iri.data[i] == refused[k];
        }
        if (escaped) {
            emit_code(out, iri.data[i]);
        } else {
            emit(out, iri.data + i, 1);
        }
    }
    emit(out, ">", 1);
}

/* The term of the model, or a text at NULL. */
static cns_str
model_term(const cns_layout *layout, uint32_t id) {
    static const cns_str none = {NULL, 0};
    return id >= 1 && id <= layout->model->term_count ? cns_str_of(layout->model->terms[id - 1])
                                                      : none;
}

/* Writes the IRI of an id; those of the model's literals are the application's too. */
static void
emit_id(sink *out, uint32_t id) {
    cns_str known = model_term(out->how->layout, id);
    if (known.length > 0 && known.data[0] == '<') {
        emit_iri(out, (cns_str){known.data + 1, known.length - 2});
        return;
    }
    cns_str given = {NULL, 0};
    if (out->how->iri != NULL) {
        given = out->how->iri(out->how->names, id);
    }
    if (given.data != NULL) {
        emit_iri(out, given);
        return;
    }
    emit_words(out, "<urn:cns:id:");
    emit_number(out, id);
    emit(out, ">", 1);
}

/* Writes a term that the shapes name; the table has it in N-Triples, control characters aside. */
static void
emit_constant(sink *out, uint32_t id) {
    cns_str term = model_term(out->how->layout, id);
    if (term.data[0] == '<') {
        emit_id(out, id);
        return;
    }
    for (uint32_t i = 0; i < term.length; i++) {
        if (is_control(term.data[i])) {
            emit_control(out, term.data[i]);
        } else {
            emit(out, term.data + i, 1);
        }
    }
}

/* Writes a literal; CNS_STRING is the datatype that need not be written. */
static void
emit_literal(sink *out, const cns_term *term) {
    static const char *const names[CNS_TAG_COUNT] = {
#define CNS_X(tag, member, name) [CNS_##tag] = name,
        CNS_DATATYPES(CNS_X)
#undef CNS_X
    };
    char buffer[CNS_LEXICAL_SIZE];
    emit_quoted(out, cns_term_text(term, buffer));
    if (term->tag == CNS_LANG_STRING) {
        emit(out, "@", 1);
        emit(out, term->as.langstr.language.data, term->as.langstr.language.length);
    } else if (term->tag == CNS_TYPED) {
        emit_words(out, "^^");
        emit_id(out, term->as.typed.datatype);
    } else if (term->tag != CNS_STRING) {
        emit_words(out, "^^<" XSD);
        emit_words(out, names[term->tag]);
        emit(out, ">", 1);
    }
}

static void
emit_label(sink *out, uint32_t label) {
    emit_words(out, "_:");
    emit_words(out, out->how->label != NULL ? out->how->label : "b");
    emit_number(out, label);
}

/* Writes a node: an IRI, or the blank node with the number of its first mention. */
static void
emit_node(sink *out, uint32_t id, uint32_t label) {
    if (id != 0) {
        emit_id(out, id);
    } else {
        emit_label(out, label);
    }
}

/* Writes the node that an item of a list hangs from. */
static void
emit_cell(sink *out, uint32_t label, uint16_t element) {
    emit_label(out, label);
    emit(out, "c", 1);
    emit_number(out, element);
}

static void
emit_object(sink *out, const visit *here, const object *found, uint32_t label) {
    switch (found->kind) {
    case OBJECT_LITERAL:
        emit_literal(out, &found->term);
        break;
    case OBJECT_CONSTANT:
        emit_constant(out, found->id);
        break;
    case OBJECT_NODE:
        emit_node(out, found->id, label);
        break;
    case OBJECT_LIST:
        emit_cell(out, label, 0);
        break;
    case OBJECT_NIL:
        emit_words(out, "<" RDF "nil>");
        break;
    default:
        emit_words(out, here->value->invalid == CNS_NODE ? "<urn:cns:invalid>"
                                                         : "\"\"^^<urn:cns:invalid>");
    }
}

static void
emit_end(sink *out) {
    emit_words(out, " .\n");
}

/* ---- Triples ------------------------------------------------------------------------------ */

static void
write_class(sink *out, uint32_t id, uint32_t label, uint32_t class_id) {
    if (class_id != 0) {
        emit_node(out, id, label);
        emit_words(out, " <" RDF "type> ");
        emit_id(out, class_id);
        emit_end(out);
    }
}

/* Writes the class of a struct's node, unless a reference to it gave that class. */
static void
write_struct_class(sink *out, const cns_record_layout *record, const frame *from, uint32_t given) {
    uint32_t class_id = 0;
    if (record->class_id != CNS_NO_MEMBER) {
        class_id = read_id(after(from->data, record->class_id));
    }
    if (class_id == 0) {
        class_id = record->type;
    }
    if (class_id != given) {
        write_class(out, from->id, from->label, class_id);
    }
}

/* Whether an array holds an equal value before this one. */
static bool
is_repeated(const visit *here, const object *found) {
    for (uint16_t i = 0; here->property != 0 && i < here->element; i++) {
        const char *at = (const char *)here->at - (size_t)(here->element - i) * here->value->size;
        object earlier = object_of(here->value, at);
        if (same_object(&earlier, found)) {
            return true;
        }
    }
    return false;
}

static void
write_item(sink *out, const visit *here, const object *found, uint32_t label) {
    uint32_t list = here->from->label;
    emit_cell(out, list, here->element);
    emit_words(out, " <" RDF "first> ");
    emit_object(out, here, found, label);
    emit_end(out);
    emit_cell(out, list, here->element);
    emit_words(out, " <" RDF "rest> ");
    if (here->element + 1 < read_count(here->from->data)) {
        emit_cell(out, list, (uint16_t)(here->element + 1));
    } else {
        emit_words(out, "<" RDF "nil>");
    }
    emit_end(out);
}

static void
write_property(sink *out, const visit *here, const object *found, uint32_t label) {
    emit_node(out, here->from->id, here->from->label);
    emit(out, " ", 1);
    emit_id(out, here->property);
    emit(out, " ", 1);
    emit_object(out, here, found, label);
    emit_end(out);
}

/* Writes the triple of a visit, and goes into what it mentions. */
static void
write_visit(sink *out, walk *way, const visit *here, const object *root) {
    object found = object_of(here->value, here->at);
    bool is_known = here->from->is_known;
    mention first = {way->visits, way->visits};
    if (!is_known && is_mention(&found)) {
        first = find_mention(way->layout, root, &found, way->visits);
    }
    if (!is_known && here->from->is_list) {
        write_item(out, here, &found, first.node);
    } else if (!is_known && !is_repeated(here, &found)) {
        write_property(out, here, &found, first.node);
    }
    is_known |= first.same < way->visits;
    if (!is_known) {
        write_class(out, found.id, first.node, found.class_id);
    }
    if (has_inside(&found)) {
        frame *inner = walk_into(way, here, &found);
        inner->label = first.node;
        inner->is_known = is_known;
        if (!is_known && !inner->is_list) {
            write_struct_class(out, &way->layout->records[inner->type], inner, found.class_id);
        }
    }
}

static void
write_record(sink *out, const object *root) {
    walk way;
    visit here;
    walk_start(&way, out->how->layout, root);
    write_struct_class(out, &way.layout->records[root->record], &way.frames[0], 0);
    while (!out->failed && walk_on(&way, &here)) {
        write_visit(out, &way, &here, root);
    }
}

cns_status
cns_denote(const cns_denoter *how, uint16_t record, const void *data, cns_write write, void *to) {
    if (how == NULL || how->layout == NULL || write == NULL || data == NULL ||
        record >= how->layout->record_count ||
        (how->layout->model->terms == NULL && how->layout->model->term_count > 0)) {
        return CNS_BAD_ARGUMENT;
    }
    object root = described(record, data);
    const cns_record_layout *type = &how->layout->records[record];
    if (type->id != CNS_NO_MEMBER) {
        root.id = read_id(after(data, type->id));
    }
    cns_status status = check_record(how->layout, &root);
    if (status != CNS_OK) {
        return status;
    }
    sink out = {how, write, to, false};
    write_record(&out, &root);
    return out.failed ? CNS_NO_SPACE : CNS_OK;
}

/* ---- Into a buffer ------------------------------------------------------------------------ */

typedef struct page {
    char *buffer;
    size_t size;
    size_t length; /* of the whole text, also where it has no space */
} page;

static size_t
write_page(void *to, const char *text, size_t length) {
    page *out = to;
    if (out->length < out->size && length < out->size - out->length) {
        memcpy(out->buffer + out->length, text, length);
    }
    out->length += length;
    return length;
}

cns_status
cns_denote_text(const cns_denoter *how, uint16_t record, const void *data, char *buffer,
                size_t size, size_t *length) {
    page out = {buffer, buffer == NULL ? 0 : size, 0};
    cns_status status = cns_denote(how, record, data, write_page, &out);
    *length = out.length;
    if (status == CNS_OK && out.length >= out.size) {
        status = CNS_NO_SPACE;
    }
    if (out.size > 0) {
        buffer[status == CNS_OK ? out.length : 0] = '\0';
    }
    return status;
}
