/* SPDX-License-Identifier: Apache-2.0 */
/* Reads N-Triples and N-Quads: lines in place, terms as slices of them, then their numbers. */
#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "ntriples.h"

/*
 * All lines at hand end with a newline or carriage return, and no term goes over one: whatever
 * looks for the end of something stops there, so that only strides of several bytes ask where the
 * memory ends. Functions named read_… take where they begin and return where they end, or NULL
 * when they have called fail.
 */

static bool
is_line_end(char letter) {
    return letter == '\n' || letter == '\r';
}

static bool
is_ascii(char letter) {
    return (unsigned char)letter < 0x80;
}

static bool
is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

static bool
is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/* The first line end, or `end`. */
static const char *
find_line_end(const char *at, const char *end) {
    while (at < end && !is_line_end(*at)) {
        at++;
    }
    return at;
}

static const char *
skip_blanks(const char *at) {
    while (*at == ' ' || *at == '\t') {
        at++;
    }
    return at;
}

/* ---- Faults ------------------------------------------------------------------------------- */

/* The bytes of the character here, or 0 where there is none. No character has a line end in it. */
static uint32_t
character_length(const char *at) {
    return cns_character_length(at, 4);
}

/* The code point of a character of so many bytes. */
static uint32_t
code_of(const char *at, uint32_t length) {
    uint32_t code = (unsigned char)at[0];
    if (length > 1) {
        code &= 0x7Fu >> length;
    }
    for (uint32_t i = 1; i < length; i++) {
        code = code << 6 | ((unsigned char)at[i] & 0x3Fu);
    }
    return code;
}

static uint32_t
found_at(const char *at) {
    if (is_line_end(*at)) {
        return CNS_FOUND_LINE_END;
    }
    uint32_t length = character_length(at);
    return length > 0 ? code_of(at, length) : CNS_FOUND_BYTES;
}

/* The column of a place whose line is UTF-8 up to there. */
static uint64_t
column_of(const char *start, const char *at) {
    uint64_t column = 1;
    for (; start < at; start++) {
        column += ((unsigned char)*start & 0xC0) != 0x80;
    }
    return column;
}

/* Says what is wrong with the line at hand, and where; returns NULL, for the caller to pass on. */
static const char *
fail(cns_ntriples *reader, cns_ntriples_fault fault, const char *at) {
    reader->fault = fault;
    reader->fault_at = at;
    return NULL;
}

/* Counts a malformed line, or stops, and keeps the first error. Returns whether to go on. */
static bool
note(cns_ntriples *reader, cns_ntriples_error error) {
    static const char *const messages[] = {"",
#define CNS_X(name, text) text,
                                           CNS_NTRIPLES_FAULTS(CNS_X)
#undef CNS_X
    };
    bool ends = error.fault == CNS_NTRIPLES_NO_MEMORY || error.fault == CNS_NTRIPLES_STOPPED;
    reader->malformed += !ends;
    reader->stopped = ends || !reader->options.lenient;
    if (reader->error.line == 0 || ends) {
        reader->error = error;
        reader->error.message = messages[error.fault];
    }
    return !reader->stopped;
}

/* Bytes that are no UTF-8 are a fault of their own, whatever was expected there. */
static bool
note_fault(cns_ntriples *reader) {
    cns_ntriples_error error = {.line = reader->lines + 1,
                                .column = column_of(reader->line_start, reader->fault_at),
                                .found = found_at(reader->fault_at),
                                .fault = reader->fault};
    if (error.found == CNS_FOUND_BYTES && error.fault != CNS_NTRIPLES_NO_MEMORY) {
        error.fault = CNS_NTRIPLES_UTF8;
    }
    return note(reader, error);
}

/* Stops at a line as a whole; returns false. */
static bool
stop(cns_ntriples *reader, cns_ntriples_fault fault, uint64_t line) {
    return note(reader, (cns_ntriples_error){.line = line, .column = 1, .fault = fault});
}

/* Room for `size` bytes in a buffer that may move; false where memory fails. */
static bool
ensure(char **buffer, size_t *capacity, size_t size) {
    if (size <= *capacity) {
        return true;
    }
    size_t wanted = size <= SIZE_MAX / 2 ? 2 * size : size;
    char *moved = realloc(*buffer, wanted);
    if (moved == NULL) {
        return false;
    }
    *buffer = moved;
    *capacity = wanted;
    return true;
}

/* ---- Plain text --------------------------------------------------------------------------- */

/* Whether an ASCII character stands for itself in an IRI. */
static bool
is_plain_in_iri(char letter) {
    return letter > ' ' && letter != '"' && letter != '<' && letter != '>' && letter != '\\' &&
           letter != '^' && letter != '`' && !(letter >= '{' && letter <= '}');
}

/* The same in a literal. */
static bool
is_plain_in_string(char letter) {
    return is_ascii(letter) && letter != '"' && letter != '\\' && !is_line_end(letter);
}

#ifdef __SSE2__
static __m128i
load_16(const char *at) {
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static __m128i
equals(__m128i bytes, char letter) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(letter));
}

/*
 * Bytes that may not be plain in an IRI, a bit for each: those below '!', which those of other
 * characters are as signed ones, those above 'z', and in pairs that differ in one bit < and >,
 * \ and ^.
 */
static int
stops_in_iri(__m128i bytes) {
    __m128i stops = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8('!')),
                                 _mm_cmpgt_epi8(bytes, _mm_set1_epi8('z')));
    __m128i pairs = _mm_andnot_si128(_mm_set1_epi8('<' ^ '>'), bytes);
    stops = _mm_or_si128(stops, _mm_or_si128(equals(pairs, '<'), equals(pairs, '\\')));
    stops = _mm_or_si128(stops, _mm_or_si128(equals(bytes, '"'), equals(bytes, '`')));
    return _mm_movemask_epi8(stops);
}

/* Bytes that may not be plain in a literal: controls, others than ASCII, " and \. */
static int
stops_in_string(__m128i bytes) {
    __m128i stops = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
    stops = _mm_or_si128(stops, _mm_or_si128(equals(bytes, '"'), equals(bytes, '\\')));
    return _mm_movemask_epi8(stops);
}
#endif

/* Skips plain characters, but perhaps not all of them. */
static const char *
skip_in_iri(const char *at, const char *end) {
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        int stops = stops_in_iri(load_16(at));
        if (stops != 0) {
            return at + __builtin_ctz((unsigned)stops);
        }
    }
#else
    (void)end;
#endif
    while (is_plain_in_iri(*at)) {
        at++;
    }
    return at;
}

static const char *
skip_in_string(const char *at, const char *end) {
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        int stops = stops_in_string(load_16(at));
        if (stops != 0) {
            return at + __builtin_ctz((unsigned)stops);
        }
    }
#else
    (void)end;
#endif
    while (is_plain_in_string(*at)) {
        at++;
    }
    return at;
}

/* Reads characters outside ASCII. */
static const char *
read_characters(cns_ntriples *reader, const char *at) {
    while (!is_ascii(*at)) {
        uint32_t length = character_length(at);
        if (length == 0) {
            return fail(reader, CNS_NTRIPLES_UTF8, at);
        }
        at += length;
    }
    return at;
}

/* ---- Escapes ------------------------------------------------------------------------------ */

static int
hexadecimal(char letter) {
    return is_digit(letter)                 ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
           : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                            : -1;
}

/* Reads \u or \U and its digits. */
static const char *
read_code_point(cns_ntriples *reader, const char *at, uint32_t *code) {
    int digits = at[1] == 'u' ? 4 : 8;
    *code = 0;
    for (int i = 0; i < digits; i++) {
        int digit = hexadecimal(at[2 + i]);
        if (digit < 0) {
            return fail(reader, CNS_NTRIPLES_HEXADECIMAL, at + 2 + i);
        }
        *code = *code << 4 | (uint32_t)digit;
    }
    if (*code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) {
        return fail(reader, CNS_NTRIPLES_CODE_POINT, at);
    }
    return at + 2 + digits;
}

/* Reads an escape: in an IRI one of a character that may stand there. */
static const char *
read_escape(cns_ntriples *reader, const char *at, bool in_iri, uint32_t *code) {
    static const char letters[] = "tbnrf\"'\\", meanings[] = "\t\b\n\r\f\"'\\";
    if (at[1] == 'u' || at[1] == 'U') {
        const char *next = read_code_point(reader, at, code);
        bool banned = in_iri && *code < 0x80 && !is_plain_in_iri((char)*code);
        banned = banned && !reader->options.escaped;
        return next != NULL && banned ? fail(reader, CNS_NTRIPLES_IRI_CHARACTER, at) : next;
    }
    if (in_iri) {
        return fail(reader, CNS_NTRIPLES_IRI_ESCAPE, at);
    }
    const char *found = at[1] != '\0' ? strchr(letters, at[1]) : NULL;
    if (found == NULL) {
        return fail(reader, CNS_NTRIPLES_ESCAPE, at + 1);
    }
    *code = (uint32_t)meanings[found - letters];
    return at + 2;
}

/* Where unescaped text of this line can go: it is never longer than the line. */
static char *
room_for_line(cns_ntriples *reader, const char *at) {
    size_t size = (size_t)(find_line_end(at, reader->end) - reader->line_start);
    if (reader->unescaped_length == 0 &&
        !ensure(&reader->unescaped, &reader->unescaped_capacity, size)) {
        fail(reader, CNS_NTRIPLES_NO_MEMORY, at);
        return NULL;
    }
    return reader->unescaped + reader->unescaped_length;
}

static char *
put_bytes(char *to, const char *from, const char *end) {
    memcpy(to, from, (size_t)(end - from));
    return to + (end - from);
}

/* Writes a code point as UTF-8. */
static char *
put_character(char *to, uint32_t code) {
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    *to++ = (char)((0xF0F0E0C0u >> (more == 1   ? 0
                                    : more == 2 ? 8
                                                : 16) &
                    0xFF) |
                   code >> 6 * more);
    while (more-- > 0) {
        *to++ = (char)(0x80 | (code >> 6 * more & 0x3F));
    }
    return to;
}

/* ---- Text of terms ------------------------------------------------------------------------ */

static const char *
take_text(cns_ntriples *reader, cns_str *text, const char *from, const char *end,
          const char *next) {
    if ((size_t)(end - from) > UINT32_MAX) {
        return fail(reader, CNS_NTRIPLES_TOO_LONG, next);
    }
    *text = (cns_str){from, (uint32_t)(end - from)};
    return next;
}

/* Reads what is no end and no escape, where skipping stopped. */
static const char *
read_odd(cns_ntriples *reader, const char *at, bool in_iri) {
    if (!is_ascii(*at)) {
        return read_characters(reader, at);
    }
    if (is_line_end(*at)) {
        return fail(reader, in_iri ? CNS_NTRIPLES_IRI_OPEN : CNS_NTRIPLES_STRING_OPEN, at);
    }
    return !in_iri || is_plain_in_iri(*at) ? at + 1 : fail(reader, CNS_NTRIPLES_IRI_CHARACTER, at);
}

/*
 * Reads from behind the opening character to behind the closing one. The text is a slice of the
 * line, or of what was unescaped.
 */
static inline const char *
read_text(cns_ntriples *reader, const char *at, bool in_iri, cns_str *text) {
    const char *start = at; /* of what is not copied yet */
    char *room = NULL, *to = NULL;
    for (;;) {
        at = in_iri ? skip_in_iri(at, reader->end) : skip_in_string(at, reader->end);
        if (*at == (in_iri ? '>' : '"')) {
            break;
        }
        if (*at != '\\') {
            at = read_odd(reader, at, in_iri);
            if (at == NULL) {
                return NULL;
            }
            continue;
        }
        if (room == NULL) {
            room = to = room_for_line(reader, at);
            if (room == NULL) {
                return NULL;
            }
        }
        uint32_t code = 0;
        to = put_bytes(to, start, at);
        at = start = read_escape(reader, at, in_iri, &code);
        if (at == NULL) {
            return NULL;
        }
        to = put_character(to, code);
    }
    if (room == NULL) {
        return take_text(reader, text, start, at, at + 1);
    }
    to = put_bytes(to, start, at);
    reader->unescaped_length += (size_t)(to - room);
    return take_text(reader, text, room, to, at + 1);
}

/* RFC 3986, 3.1: a letter; letters, digits, + - and dots; a colon. */
static bool
has_scheme(cns_str iri) {
    uint32_t i = 0;
    while (i < iri.length &&
           (is_letter(iri.data[i]) || (i > 0 && (is_digit(iri.data[i]) || iri.data[i] == '+' ||
                                                 iri.data[i] == '-' || iri.data[i] == '.')))) {
        i++;
    }
    return i > 0 && i < iri.length && iri.data[i] == ':';
}

/* A name in the line. Where it is the likely one, it is not read. */
typedef struct name {
    cns_str text;
    bool likely;
} name;

/* Whether this text is here, and then a character. */
static bool
goes_on_with(const cns_ntriples *reader, const char *at, cns_str text, char next) {
    return (size_t)(reader->end - at) > text.length && at[text.length] == next &&
           memcmp(at, text.data, text.length) == 0;
}

/* Reads an IRI from its < on. `likely` is the text of one that it may be, or empty. */
static inline const char *
read_iri(cns_ntriples *reader, const char *at, cns_str likely, name *iri) {
    at++;
    iri->likely = likely.length > 0 && goes_on_with(reader, at, likely, '>');
    if (iri->likely) {
        iri->text = likely;
        return at + likely.length + 1;
    }
    const char *next = read_text(reader, at, true, &iri->text);
    return next != NULL && !has_scheme(iri->text) ? fail(reader, CNS_NTRIPLES_SCHEME, at) : next;
}

/* ---- Blank nodes -------------------------------------------------------------------------- */

typedef struct range {
    uint32_t first;
    uint32_t last;
} range;

static bool
is_in(const range *ranges, size_t count, uint32_t code) {
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* PN_CHARS_U or a digit. */
static bool
starts_label(uint32_t code) {
    static const range letters[] = {
        {'a', 'z'},       {'A', 'Z'},         {'0', '9'},       {'_', '_'},       {':', ':'},
        {0xC0, 0xD6},     {0xD8, 0xF6},       {0xF8, 0x2FF},    {0x370, 0x37D},   {0x37F, 0x1FFF},
        {0x200C, 0x200D}, {0x2070, 0x218F},   {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF},
        {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
    };
    return is_in(letters, sizeof letters / sizeof *letters, code);
}

/* PN_CHARS. */
static bool
is_in_label(uint32_t code) {
    static const range others[] = {{'-', '-'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};
    return starts_label(code) || is_in(others, sizeof others / sizeof *others, code);
}

/* Reads a blank node from its _ on. A label does not end with a dot. */
static const char *
read_blank(cns_ntriples *reader, const char *at, cns_str likely, name *blank) {
    if (at[1] != ':') {
        return fail(reader, CNS_NTRIPLES_LABEL, at + 1);
    }
    at += 2;
    blank->likely = likely.length > 0 && goes_on_with(reader, at, likely, ' ');
    if (blank->likely) {
        blank->text = likely;
        return at + likely.length;
    }
    const char *start = at, *end = at;
    for (;;) {
        uint32_t length = character_length(at);
        uint32_t code = length > 0 ? code_of(at, length) : 0;
        if (length == 0) {
            return fail(reader, CNS_NTRIPLES_UTF8, at);
        }
        if (at == start ? !starts_label(code) : code != '.' && !is_in_label(code)) {
            break;
        }
        at += length;
        end = code == '.' ? end : at;
    }
    if (end == start) {
        return fail(reader, CNS_NTRIPLES_LABEL, start);
    }
    return take_text(reader, &blank->text, start, end, end);
}

/* ---- Literals ----------------------------------------------------------------------------- */

/* A term of the line, of any kind. */
typedef struct term {
    uint8_t kind;
    name name;
    name datatype; /* of a literal, or empty */
    cns_str language;
} term;

/* Reads a language tag from its @ on. */
static const char *
read_tag(cns_ntriples *reader, const char *at, cns_str *tag) {
    const char *start = at + 1;
    bool first = true; /* the first part has no digits */
    do {
        const char *part = ++at;
        while (is_letter(*at) || (!first && is_digit(*at))) {
            at++;
        }
        if (at == part) {
            return fail(reader, CNS_NTRIPLES_TAG, at);
        }
        first = false;
    } while (*at == '-');
    return take_text(reader, tag, start, at, at);
}

static const char *
read_datatype(cns_ntriples *reader, const char *at, cns_str likely, name *datatype) {
    if (at[1] != '^') {
        return fail(reader, CNS_NTRIPLES_DATATYPE, at + 1);
    }
    at = skip_blanks(at + 2);
    return *at == '<' ? read_iri(reader, at, likely, datatype)
                      : fail(reader, CNS_NTRIPLES_DATATYPE, at);
}

/* Reads a literal from its " on. */
static const char *
read_literal(cns_ntriples *reader, const char *at, cns_str likely_datatype, term *literal) {
    literal->kind = CNS_KIND_LITERAL;
    literal->datatype = (name){{NULL, 0}, false};
    literal->language = literal->datatype.text;
    at = read_text(reader, at + 1, false, &literal->name.text);
    if (at == NULL) {
        return NULL;
    }
    at = skip_blanks(at);
    return *at == '@'   ? read_tag(reader, at, &literal->language)
           : *at == '^' ? read_datatype(reader, at, likely_datatype, &literal->datatype)
                        : at;
}

/* ---- Triples ------------------------------------------------------------------------------ */

typedef struct triple {
    term subject;
    name predicate;
    term object;
    term graph; /* of kind 0: the default one */
} triple;

static const cns_str nothing = {NULL, 0};

/* The text of a term, or nothing. */
static cns_str
text_of(const cns_ntriples *reader, uint32_t number) {
    const cns_entry *entry = &reader->terms->entries[number];
    return number != 0 ? (cns_str){entry->text, entry->length} : nothing;
}

/* Which predicate came last behind the one before. */
static uint32_t *
follower(cns_ntriples *reader) {
    return &reader->followers[reader->predicate % CNS_NTRIPLES_LIKELY];
}

/* Which datatype came last with the predicate. */
static uint32_t *
datatype_of(cns_ntriples *reader, uint32_t predicate) {
    return &reader->datatypes[predicate % CNS_NTRIPLES_LIKELY];
}

/* Reads an IRI or a blank node; anything else is a fault. */
static inline const char *
read_node(cns_ntriples *reader, const char *at, cns_entry likely, cns_ntriples_fault fault,
          term *node) {
    cns_str text = {likely.text, likely.length};
    if (*at == '<') {
        node->kind = CNS_KIND_IRI;
        return read_iri(reader, at, likely.kind == CNS_KIND_IRI ? text : nothing, &node->name);
    }
    if (*at == '_') {
        node->kind = CNS_KIND_BLANK;
        return read_blank(reader, at, likely.kind == CNS_KIND_BLANK ? text : nothing, &node->name);
    }
    return fail(reader, fault, at);
}

static const char *
read_graph(cns_ntriples *reader, const char *at, term *graph) {
    graph->kind = 0;
    if (*at == '.') {
        return at;
    }
    if (!reader->options.quads) {
        return fail(reader, CNS_NTRIPLES_DOT, at);
    }
    cns_entry likely = reader->terms->entries[reader->graph];
    at = read_node(reader, at, likely, CNS_NTRIPLES_GRAPH, graph);
    return at != NULL ? skip_blanks(at) : NULL;
}

static const char *
read_object(cns_ntriples *reader, const char *at, bool predicate_likely, term *object) {
    static const cns_entry none;
    if (*at != '"') {
        return read_node(reader, at, none, CNS_NTRIPLES_OBJECT, object);
    }
    uint32_t datatype = predicate_likely ? *datatype_of(reader, *follower(reader)) : 0;
    return read_literal(reader, at, text_of(reader, datatype), object);
}

/* Reads the terms, up to the dot. */
static const char *
read_triple(cns_ntriples *reader, const char *at, triple *read) {
    at = read_node(reader, at, reader->subject, CNS_NTRIPLES_SUBJECT, &read->subject);
    if (at == NULL) {
        return NULL;
    }
    at = skip_blanks(at);
    cns_str likely = text_of(reader, *follower(reader));
    at = *at == '<' ? read_iri(reader, at, likely, &read->predicate)
                    : fail(reader, CNS_NTRIPLES_PREDICATE, at);
    if (at == NULL) {
        return NULL;
    }
    at = read_object(reader, skip_blanks(at), read->predicate.likely, &read->object);
    if (at == NULL) {
        return NULL;
    }
    at = read_graph(reader, skip_blanks(at), &read->graph);
    return at == NULL || *at == '.' ? at : fail(reader, CNS_NTRIPLES_LAST_DOT, at);
}

/* ---- Numbers of terms --------------------------------------------------------------------- */

/*
 * Triples are handed on in batches, whose subjects, objects and graphs are added at once. There
 * are few predicates, datatypes and tags: these have numbers before their triple is put off, and
 * a new one is added when all triples before it are handed on. So numbers do not depend on where
 * a batch begins.
 */

/* Hands the pending triples on. The likely subject then is the text of a term, not of a line. */
static bool
take_pending(cns_ntriples *reader) {
    cns_terms_wanted *wanted = reader->wanted;
    uint32_t count = reader->pending_count;
    cns_terms_add_all(reader->terms, wanted, reader->wanted_count);
    reader->pending_count = reader->wanted_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const cns_ntriples_pending *taken = &reader->pending[i];
        bool named = taken->graph != UINT32_MAX;
        uint32_t subject = wanted[taken->subject].number;
        uint32_t object = wanted[taken->object].number;
        uint32_t graph = named ? wanted[taken->graph].number : 0;
        if (subject == 0 || object == 0 || (named && graph == 0)) {
            return stop(reader, CNS_NTRIPLES_NO_MEMORY, taken->line);
        }
        reader->subject_number = subject;
        reader->subject = reader->terms->entries[subject];
        reader->graph = graph;
        reader->kept++;
        if (!reader->sink(reader->context, subject, taken->predicate, object, graph,
                          taken->line)) {
            return stop(reader, CNS_NTRIPLES_STOPPED, taken->line);
        }
    }
    return true;
}

/* The number of a term that other terms or triples name at once; 0 when the reader has stopped. */
static uint32_t
number_now(cns_ntriples *reader, uint8_t kind, cns_str text) {
    cns_entry wanted = {.text = text.data, .length = text.length, .kind = kind};
    uint32_t number = cns_terms_find(reader->terms, &wanted);
    if (number == 0 && take_pending(reader)) {
        number = cns_terms_add(reader->terms, &wanted);
        if (number == 0) {
            stop(reader, CNS_NTRIPLES_NO_MEMORY, reader->lines + 1);
        }
    }
    return number;
}

static uint32_t
language_now(cns_ntriples *reader, cns_str tag) {
    if (reader->language == 0 || !cns_str_equal(tag, text_of(reader, reader->language))) {
        reader->language = number_now(reader, CNS_ENTRY_TAG, tag);
    }
    return reader->language;
}

static uint32_t
datatype_now(cns_ntriples *reader, const name *datatype, uint32_t predicate) {
    uint32_t *likely = datatype_of(reader, predicate);
    if (!datatype->likely) {
        *likely = number_now(reader, CNS_KIND_IRI, datatype->text);
    }
    return *likely;
}

/* Sets what a literal has besides its text; false when the reader has stopped. */
static bool
complete(cns_ntriples *reader, const term *literal, uint32_t predicate, cns_entry *entry) {
    entry->datatype = CNS_TERM_STRING;
    if (literal->language.length > 0) {
        entry->datatype = CNS_TERM_LANG_STRING;
        entry->language = language_now(reader, literal->language);
    } else if (literal->datatype.text.length > 0) {
        entry->datatype = datatype_now(reader, &literal->datatype, predicate);
    }
    return !reader->stopped;
}

static cns_entry
entry_of(const cns_ntriples *reader, const term *node) {
    return (cns_entry){.text = node->name.text.data,
                       .length = node->name.text.length,
                       .datatype = node->kind == CNS_KIND_BLANK ? reader->options.scope : 0,
                       .kind = node->kind};
}

/* Wants a term; `number` is known, or 0. Returns its place. */
static uint32_t
want(cns_ntriples *reader, cns_entry entry, uint32_t number) {
    reader->wanted[reader->wanted_count] = (cns_terms_wanted){.entry = entry, .number = number};
    return reader->wanted_count++;
}

/* Wants a subject, which may be the one of the triple before. */
static uint32_t
want_subject(cns_ntriples *reader, const term *subject) {
    if (!subject->name.likely) {
        reader->subject = entry_of(reader, subject);
        reader->subject_place = want(reader, reader->subject, 0);
    } else if (reader->pending_count == 0) {
        reader->subject_place = want(reader, reader->subject, reader->subject_number);
    }
    return reader->subject_place;
}

/* Puts a triple off until a batch is full, or its text goes. */
static bool
put_off(cns_ntriples *reader, const triple *read, uint32_t predicate) {
    cns_entry object = entry_of(reader, &read->object);
    if (object.kind == CNS_KIND_LITERAL && !complete(reader, &read->object, predicate, &object)) {
        return false;
    }
    cns_ntriples_pending *put = &reader->pending[reader->pending_count];
    put->line = reader->lines + 1;
    put->predicate = predicate;
    put->subject = want_subject(reader, &read->subject);
    put->object = want(reader, object, 0);
    put->graph =
        read->graph.kind == 0 ? UINT32_MAX : want(reader, entry_of(reader, &read->graph), 0);
    reader->pending_count++;
    bool full = reader->pending_count == CNS_NTRIPLES_BATCH;
    return full || reader->unescaped_length > 0 ? take_pending(reader) : true;
}

static bool
is_wanted(const cns_ntriples_options *options, uint32_t predicate) {
    return options->wanted == NULL || (predicate != 0 && predicate < options->wanted_count &&
                                       options->wanted[predicate] != 0);
}

/* Takes a triple where its predicate is wanted; false when the reader has stopped. */
static bool
accept(cns_ntriples *reader, const triple *read) {
    uint32_t predicate = read->predicate.likely ? *follower(reader)
                         : reader->options.wanted != NULL
                             ? cns_terms_find_iri(reader->terms, read->predicate.text)
                             : number_now(reader, CNS_KIND_IRI, read->predicate.text);
    if (reader->stopped) {
        return false;
    }
    reader->triples++;
    *follower(reader) = predicate;
    reader->predicate = predicate;
    return !is_wanted(&reader->options, predicate) || put_off(reader, read, predicate);
}

/* ---- Lines -------------------------------------------------------------------------------- */

/* Reads blanks and a comment, up to the end of the line. */
static const char *
read_rest(cns_ntriples *reader, const char *at) {
    at = skip_blanks(at);
    if (*at == '#') {
        while (!is_line_end(*at)) {
            at = is_ascii(*at) ? at + 1 : read_characters(reader, at);
            if (at == NULL) {
                return NULL;
            }
        }
    }
    return is_line_end(*at) ? at : fail(reader, CNS_NTRIPLES_LINE_END, at);
}

/* Reads a line up to its end. */
static const char *
read_line(cns_ntriples *reader, const char *at) {
    triple read;
    at = skip_blanks(at);
    if (*at == '#' || is_line_end(*at)) {
        return read_rest(reader, at);
    }
    if (reader->lines == 0 && strncmp(at, "\xEF\xBB\xBF", 3) == 0) {
        return fail(reader, CNS_NTRIPLES_MARK, at);
    }
    reader->unescaped_length = 0;
    at = read_triple(reader, at, &read);
    at = at != NULL ? read_rest(reader, at + 1) : NULL;
    if (at != NULL) {
        accept(reader, &read);
    }
    return at;
}

/* Skips a newline that belongs to the carriage return before it. */
static const char *
skip_newline(cns_ntriples *reader, const char *at, const char *end) {
    if (at < end && reader->after_return) {
        at += *at == '\n';
        reader->after_return = false;
    }
    return at;
}

/* Reads lines, of which the last one has its end. */
static bool
read_lines(cns_ntriples *reader, const char *at, const char *end) {
    reader->end = end;
    while (at < end) {
        reader->line_start = at;
        const char *next = read_line(reader, at);
        if (next == NULL && take_pending(reader) && note_fault(reader)) {
            next = find_line_end(at, end);
        }
        if (reader->stopped) {
            return false;
        }
        reader->lines++;
        reader->after_return = *next == '\r';
        at = skip_newline(reader, next + 1, end);
    }
    return take_pending(reader);
}

/* Keeps what belongs to a line that goes on: if anything, then a newline may end that line. */
static bool
keep(cns_ntriples *reader, const char *from, const char *end) {
    size_t size = (size_t)(end - from);
    if (size > SIZE_MAX - reader->partial_length ||
        !ensure(&reader->partial, &reader->partial_capacity, reader->partial_length + size)) {
        return stop(reader, CNS_NTRIPLES_NO_MEMORY, reader->lines + 1);
    }
    if (size > 0) {
        memcpy(reader->partial + reader->partial_length, from, size);
        reader->partial_length += size;
        reader->after_return = false;
    }
    return true;
}

/* Reads the line that was kept. */
static bool
read_kept(cns_ntriples *reader) {
    size_t length = reader->partial_length;
    reader->partial_length = 0;
    return read_lines(reader, reader->partial, reader->partial + length);
}

void
cns_ntriples_begin(cns_ntriples *reader, cns_terms *terms, cns_ntriples_sink sink, void *context,
                   const cns_ntriples_options *options) {
    *reader = (cns_ntriples){.terms = terms, .sink = sink, .context = context};
    if (options != NULL) {
        reader->options = *options;
    }
}

bool
cns_ntriples_feed(cns_ntriples *reader, const char *data, size_t size) {
    if (reader->stopped || size == 0) {
        return !reader->stopped;
    }
    const char *end = data + size;
    reader->bytes += size;
    data = skip_newline(reader, data, end);
    if (reader->partial_length > 0) {
        const char *line_end = find_line_end(data, end);
        if (line_end == end) {
            return keep(reader, data, end);
        }
        if (!keep(reader, data, line_end + 1) || !read_kept(reader)) {
            return false;
        }
        data = skip_newline(reader, line_end + 1, end);
    }
    const char *last = end;
    while (last > data && !is_line_end(last[-1])) {
        last--;
    }
    return read_lines(reader, data, last) && keep(reader, last, end);
}

bool
cns_ntriples_finish(cns_ntriples *reader) {
    if (!reader->stopped && reader->partial_length > 0 && keep(reader, "\n", &"\n"[1])) {
        read_kept(reader);
    }
    free(reader->partial);
    free(reader->unescaped);
    reader->partial = reader->unescaped = NULL;
    return !reader->stopped;
}
