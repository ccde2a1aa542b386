/* SPDX-License-Identifier: Apache-2.0 */
/* The values of literals in graphs: read from lexical forms of any length, and compared exactly.
 */
#ifndef CNS_LITERAL_H
#define CNS_LITERAL_H

#include <cns/cns.h>

/* The datatypes of XML Schema that records lack: rows as in CNS_DATATYPES. */
#define CNS_GRAPH_DATATYPES(X)                                                                    \
    X(NORMALIZED_STRING, string, "normalizedString")                                              \
    X(TOKEN, string, "token")                                                                     \
    X(LANGUAGE, string, "language")                                                               \
    X(NMTOKEN, string, "NMTOKEN")                                                                 \
    X(NAME, string, "Name")                                                                       \
    X(NCNAME, string, "NCName")                                                                   \
    X(ID, string, "ID")                                                                           \
    X(IDREF, string, "IDREF")                                                                     \
    X(ENTITY, string, "ENTITY")                                                                   \
    X(NMTOKENS, none, "NMTOKENS")                                                                 \
    X(IDREFS, none, "IDREFS")                                                                     \
    X(ENTITIES, none, "ENTITIES")                                                                 \
    X(QNAME, none, "QName")                                                                       \
    X(NOTATION, none, "NOTATION")                                                                 \
    X(HEX_BINARY, none, "hexBinary")                                                              \
    X(BASE64_BINARY, none, "base64Binary")

/* The datatypes whose lexical forms are checked. Literals of others are well-typed, unordered. */
typedef enum cns_datatype {
    CNS_DATATYPE_OTHER,
#define CNS_X(tag, member, name) CNS_DATATYPE_##tag,
    CNS_DATATYPES(CNS_X)
    CNS_GRAPH_DATATYPES(CNS_X)
#undef CNS_X
        CNS_DATATYPE_LANG_STRING, /* rdf:langString */
    CNS_DATATYPE_COUNT
} cns_datatype;

/* The datatype with this IRI. It looks through all of them: ask once per distinct IRI. */
cns_datatype cns_datatype_named(cns_str iri);

/*
 * An integer or decimal of any size. `whole` digits, the first of them not 0, are at `digits`;
 * `fraction` more, the last of them not 0, follow behind the point that comes next.
 */
typedef struct cns_exact {
    const char *digits;
    int64_t unscaled; /* the number * 10^fraction, where it has 18 digits at most */
    uint32_t whole;
    uint32_t fraction;
    bool negative; /* 0 is not */
} cns_exact;

/*
 * A date or time of any year and precision, in UTC where zoned and local time otherwise: `seconds`
 * of the years -9999 to 9999; the digits of the year before its last four, which count eras of
 * 10000 years; and the digits behind the point of its seconds, the last of them not 0.
 */
typedef struct cns_instant {
    int64_t seconds;
    const char *era;
    const char *fraction;
    uint32_t era_length;
    uint32_t fraction_length;
    bool before; /* the eras count back from year 0 */
    bool zoned;
} cns_instant;

/* A duration of any size: its lexical form, which is read again to compare it. */
typedef struct cns_span {
    cns_str text;
    int8_t sign; /* -1, 0 or 1 */
} cns_span;

/* What the value of a literal is. */
typedef enum cns_value {
    CNS_VALUE_NONE, /* ill-typed, or of a datatype without order */
    CNS_VALUE_BOOLEAN,
    CNS_VALUE_EXACT,
    CNS_VALUE_SINGLE,
    CNS_VALUE_REAL,
    CNS_VALUE_INSTANT,
    CNS_VALUE_SPAN,
    CNS_VALUE_TEXT
} cns_value;

/* A literal that has been read. It points into its lexical form, which outlives it. */
typedef struct cns_literal {
    uint8_t datatype; /* cns_datatype */
    uint8_t value;    /* cns_value: the member that is set */
    bool well_typed;
    union {
        bool boolean;
        cns_exact exact;
        double real; /* a float too: a double holds each of them */
        cns_instant instant;
        cns_span span;
        cns_str text;
    } as;
} cns_literal;

/*
 * Reads a literal that has no language tag: it is well-typed when `lexical`, as it stands, is in
 * the lexical space of the datatype. So one of rdf:langString never is. Time is linear in the
 * length. The text is UTF-8 for the order of strings; no byte of it does harm.
 */
cns_literal cns_literal_read(cns_datatype datatype, cns_str lexical);

/* The literal with a language tag: well-typed, and unordered. */
cns_literal cns_literal_tagged(void);

/*
 * The order of two values. Numbers compare exactly, or promoted to float or double where one of
 * them is; strings, and what is derived from them, by code point; times, durations and booleans
 * among themselves, as in XML Schema 1.1. Ill-typed literals and all others are unordered.
 */
cns_order cns_literal_compare(const cns_literal *a, const cns_literal *b);

/*
 * Whether the value of a literal is in the value space of a datatype that is known, whatever the
 * literal's own datatype: 1.0 is an xsd:integer. As OWL 2 has it, xsd:decimal, xsd:float and
 * xsd:double have no values in common, and neither have strings and xsd:anyURI.
 */
bool cns_literal_within(const cns_literal *literal, cns_datatype datatype);

/* Whether two literals of ordered datatypes have the same value; 0 and -0 are two. */
bool cns_literal_same(const cns_literal *a, const cns_literal *b);

#endif
