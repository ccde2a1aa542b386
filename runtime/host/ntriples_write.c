/* SPDX-License-Identifier: Apache-2.0 */
/* N-Triples out: whether a term needs escapes is found out once, and most are copied as they are.
 */
#include "ntriples_write.h"

#include <stdlib.h>
#include <string.h>

enum {
    FORM_UNKNOWN,
    FORM_PLAIN,
    FORM_ESCAPED,
    ESCAPE = 6, /* bytes of \u0000, the longest that one byte becomes */
    AROUND = 32 /* bytes beside the texts of a term: marks, and the number of a file */
};

static bool
is_escaped(uint8_t kind, unsigned char byte) {
    switch (byte) {
    case '"':
    case '\\':
    case '\n':
    case '\r':
        return true;
    case '<':
    case '>':
    case '{':
    case '}':
    case '|':
    case '^':
    case '`':
        return kind == CNS_KIND_IRI;
    default:
        return kind == CNS_KIND_IRI && byte <= ' ';
    }
}

static bool
is_plain(cns_ntriples_writer *writer, uint32_t term) {
    if (writer->forms[term] == FORM_UNKNOWN) {
        const cns_entry *entry = &writer->graph->terms.entries[term];
        uint8_t form = FORM_PLAIN;
        for (uint32_t i = 0; entry->kind != CNS_KIND_BLANK && i < entry->length; i++) {
            if (is_escaped(entry->kind, (unsigned char)entry->text[i])) {
                form = FORM_ESCAPED;
                break;
            }
        }
        writer->forms[term] = form;
    }
    return writer->forms[term] == FORM_PLAIN;
}

/* The most bytes that a term takes. */
static size_t
room_of(cns_ntriples_writer *writer, uint32_t term) {
    const cns_entry *entry = &writer->graph->terms.entries[term];
    size_t length = entry->length,
           room = (is_plain(writer, term) ? length : ESCAPE * length) + AROUND;
    if (entry->kind == CNS_KIND_LITERAL) {
        uint32_t suffix = entry->language != 0 ? entry->language : entry->datatype;
        size_t more = writer->graph->terms.entries[suffix].length;
        room += is_plain(writer, suffix) ? more : ESCAPE * more;
    }
    return room;
}

/* ---- Terms -------------------------------------------------------------------------------- */

static char *
put_text(char *to, const char *text, size_t length) {
    memcpy(to, text, length);
    return to + length;
}

static char *
put_escaped(char *to, const cns_entry *entry) {
    static const char digits[] = "0123456789ABCDEF";
    for (uint32_t i = 0; i < entry->length; i++) {
        unsigned char byte = (unsigned char)entry->text[i];
        if (!is_escaped(entry->kind, byte)) {
            *to++ = (char)byte;
        } else if (entry->kind == CNS_KIND_IRI) {
            const char escape[] = {'\\', 'u', '0', '0', digits[byte / 16], digits[byte % 16]};
            to = put_text(to, escape, sizeof escape);
        } else {
            *to++ = '\\';
            *to++ = byte == '\n' ? 'n' : byte == '\r' ? 'r' : (char)byte;
        }
    }
    return to;
}

static char *
put_entry(cns_ntriples_writer *writer, char *to, uint32_t term) {
    const cns_entry *entry = &writer->graph->terms.entries[term];
    return is_plain(writer, term) ? put_text(to, entry->text, entry->length)
                                  : put_escaped(to, entry);
}

static char *
put_iri(cns_ntriples_writer *writer, char *to, uint32_t term) {
    *to++ = '<';
    to = put_entry(writer, to, term);
    *to++ = '>';
    return to;
}

/* A label, behind the number of its file where there are several. */
static char *
put_blank(const cns_ntriples_writer *writer, char *to, const cns_entry *entry) {
    to = put_text(to, "_:", 2);
    if (writer->scoped) {
        char digits[10];
        int count = 0;
        uint32_t scope = entry->datatype;
        do {
            digits[count++] = (char)('0' + scope % 10);
            scope /= 10;
        } while (scope > 0);
        *to++ = 'f';
        while (count > 0) {
            *to++ = digits[--count];
        }
        *to++ = '-';
    }
    return put_text(to, entry->text, entry->length);
}

static char *
put_literal(cns_ntriples_writer *writer, char *to, uint32_t term) {
    const cns_entry *entry = &writer->graph->terms.entries[term];
    *to++ = '"';
    to = put_entry(writer, to, term);
    *to++ = '"';
    if (entry->language != 0) {
        *to++ = '@';
        return put_entry(writer, to, entry->language);
    }
    if (entry->datatype == CNS_TERM_STRING) {
        return to;
    }
    return put_iri(writer, put_text(to, "^^", 2), entry->datatype);
}

static char *
put_term(cns_ntriples_writer *writer, char *to, uint32_t term) {
    const cns_entry *entry = &writer->graph->terms.entries[term];
    switch (entry->kind) {
    case CNS_KIND_IRI:
        return put_iri(writer, to, term);
    case CNS_KIND_BLANK:
        return put_blank(writer, to, entry);
    default:
        return put_literal(writer, to, term);
    }
}

/* ---- Lines -------------------------------------------------------------------------------- */

bool
cns_ntriples_write_begin(cns_ntriples_writer *writer, const cns_graph *graph, bool scoped) {
    memset(writer, 0, sizeof *writer);
    writer->graph = graph;
    writer->end = graph->triple_count;
    writer->scoped = scoped;
    writer->forms = calloc((size_t)graph->terms.count + 1, 1);
    return writer->forms != NULL;
}

size_t
cns_ntriples_room(cns_ntriples_writer *writer, const cns_triple *triple) {
    return room_of(writer, triple->subject) + room_of(writer, triple->predicate) +
           room_of(writer, triple->object);
}

size_t
cns_ntriples_put(cns_ntriples_writer *writer, const cns_triple *triple, char *to) {
    char *at = put_term(writer, to, triple->subject);
    *at++ = ' ';
    at = put_term(writer, at, triple->predicate);
    *at++ = ' ';
    at = put_term(writer, at, triple->object);
    at = put_text(at, " .\n", 3);
    return (size_t)(at - to);
}

size_t
cns_ntriples_write(cns_ntriples_writer *writer, char *to, size_t size) {
    const cns_triple *triples = writer->graph->triples;
    size_t used = 0;
    while (writer->at < writer->end &&
           cns_ntriples_room(writer, &triples[writer->at]) <= size - used) {
        used += cns_ntriples_put(writer, &triples[writer->at++], to + used);
    }
    return used;
}

void
cns_ntriples_write_end(cns_ntriples_writer *writer) {
    free(writer->forms);
    writer->forms = NULL;
}
