/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Graph programs: what shapes become for the validation of RDF graphs, as words.
 *
 * A program is an array of 32-bit words, little-endian on every machine: CNS_PROGRAM_HEADER words
 * of header, then the sections of CNS_PROGRAM_SECTIONS in order, each of the length that the
 * header states.
 *
 *   header     magic; version; fingerprint of the constraints and steps; words of the program;
 *              CRC-32 of all words but this one; the length of each section
 *   TEXTS      the bytes of all strings
 *   TERMS      five words each: kind, as in cns_entry; first byte and length of its text; for a
 *              literal the numbers of its datatype and of its language tag, which are in front of
 *              it. Terms are numbered from 1, all of them are different, and the first two are
 *              xsd:string and rdf:langString
 *   READ       two words for each predicate that shapes look at: its term, and bits: CNS_READ_OUT
 *              from subjects to objects, CNS_READ_IN back, CNS_READ_RULES by rules
 *   CLASSES    the terms of the classes that constraints and targets ask for
 *   HIERARCHY  pairs of terms: a class of the ontology, and one directly above it
 *   INSTANCES  pairs of terms: a node of the ontology, and a class of it
 *   PATHS      two words each: first word and number of steps in STEPS
 *   STEPS      of paths: opcode, and from bit 8 its operand
 *   PATTERNS   as in images (runtime/image.h)
 *   SHAPES     four words each: its term; its path, or CNS_NO_PATH for a node shape; first word
 *              and length in CODE
 *   CODE       constraints: opcode, and from bit 8 the number of operands; the number of the
 *              check; the operands
 *   CHECKS     by number, the shape that a check is of
 *   TARGETS    three words each, by shape: shape, kind (a cns_target), term
 *   UNARY      the sets that rules are about, each by the class whose instances it holds, or 0:
 *              those of classes ascend, and the others follow
 *   BINARY     the sets of pairs, each by the predicate whose triples it holds, or 0: likewise
 *   RULES      opcode, and from bit 8 the number of operands; the operands
 *   FACTS      three terms each: triples of the ontology, from which rules infer too
 *   SCHEMA     three terms each, which ascend: what axioms state, and data may repeat
 *   GUARDED    terms, which ascend: data that state more with one of these predicates, or of
 *              rdf:type with one of these classes, would add to the ontology
 *   SEALED     terms, which ascend: classes of which data state no superclasses either
 *
 * A shape refers to shapes behind it, unless it is recursive.
 */
#ifndef CNS_HOST_PROGRAM_H
#define CNS_HOST_PROGRAM_H

#include <cns/cns.h>

#define CNS_PROGRAM_MAGIC 0x47534E43u /* CNSG */
#define CNS_PROGRAM_VERSION 2u

/* Changes with the tables below; tests/graph/test_opcodes.py says to what. */
#define CNS_PROGRAM_FINGERPRINT 0x536270EDu

#define CNS_PROGRAM_SECTIONS(X)                                                                   \
    X(texts)                                                                                      \
    X(terms)                                                                                      \
    X(read)                                                                                       \
    X(classes)                                                                                    \
    X(hierarchy)                                                                                  \
    X(instances)                                                                                  \
    X(paths)                                                                                      \
    X(steps)                                                                                      \
    X(patterns)                                                                                   \
    X(shapes)                                                                                     \
    X(code)                                                                                       \
    X(checks)                                                                                     \
    X(targets)                                                                                    \
    X(unary)                                                                                      \
    X(binary)                                                                                     \
    X(rules)                                                                                      \
    X(facts)                                                                                      \
    X(schema)                                                                                     \
    X(guarded)                                                                                    \
    X(sealed)

enum {
#define CNS_X(name) CNS_PROGRAM_##name,
    CNS_PROGRAM_SECTIONS(CNS_X)
#undef CNS_X
    CNS_PROGRAM_SECTION_COUNT,
    CNS_PROGRAM_HEADER = 5 + CNS_PROGRAM_SECTION_COUNT,
    CNS_TERM_WORDS = 5,
    CNS_READ_WORDS = 2,
    CNS_SHAPE_WORDS = 4,
    CNS_TARGET_WORDS = 3,
    CNS_TRIPLE_WORDS = 3
};

#define CNS_NO_PATH UINT32_MAX

enum {
    CNS_READ_OUT = 1,
    CNS_READ_IN = 2,
    CNS_READ_ALL = 4,   /* with term 0: closed shapes look at all predicates of a subject */
    CNS_READ_RULES = 8, /* rules infer from its triples, or are guarded from them */
    CNS_READ_KEEP = 16  /* with term 0: all is kept to be written, whatever shapes look at */
};

typedef enum cns_target {
    CNS_TARGET_NODE,
    CNS_TARGET_CLASS, /* the number of a class in CLASSES in place of a term */
    CNS_TARGET_SUBJECTS_OF,
    CNS_TARGET_OBJECTS_OF,
    CNS_TARGET_EVERYWHERE = 8 /* beside the kind: nodes of the ontology are targets too */
} cns_target;

/*
 * Constraints: enumerator, number, operands, what each value node has to be.
 *
 * A letter of the operands is one word, with + it is repeated, with * it may be left out:
 *   T term   C class   K node kinds   N number   L pattern   P predicate   S shape   H of the host
 */
#define CNS_CONSTRAINTS(X)                                                                        \
    X(CLASS, 0x01, "C", "an instance of the class")                                               \
    X(DATATYPE, 0x02, "T", "a well-formed literal of the datatype")                               \
    X(NODE_KIND, 0x03, "K", "of a node kind in the set")                                          \
    X(MIN_COUNT, 0x04, "N", "one of at least so many")                                            \
    X(MAX_COUNT, 0x05, "N", "one of at most so many")                                             \
    X(MIN_EXCLUSIVE, 0x06, "T", "more than the literal")                                          \
    X(MIN_INCLUSIVE, 0x07, "T", "the literal, or more")                                           \
    X(MAX_EXCLUSIVE, 0x08, "T", "less than the literal")                                          \
    X(MAX_INCLUSIVE, 0x09, "T", "the literal, or less")                                           \
    X(MIN_LENGTH, 0x0a, "N", "text of at least so many characters")                               \
    X(MAX_LENGTH, 0x0b, "N", "text of at most so many characters")                                \
    X(PATTERN, 0x0c, "L", "text in which the pattern is found")                                   \
    X(LANGUAGE_IN, 0x0d, "T*", "of a language tag that matches the text of one of the terms")     \
    X(UNIQUE_LANG, 0x0e, "", "the only one with its language tag")                                \
    X(EQUALS, 0x0f, "P", "a value of the predicate, which has no others")                         \
    X(DISJOINT, 0x10, "P", "no value of the predicate")                                           \
    X(LESS_THAN, 0x11, "P", "less than each value of the predicate")                              \
    X(LESS_THAN_OR_EQUALS, 0x12, "P", "less than each value of the predicate, or equal")          \
    X(NOT, 0x13, "S", "one that does not conform to the shape")                                   \
    X(AND, 0x14, "S*", "one that conforms to all of the shapes")                                  \
    X(OR, 0x15, "S*", "one that conforms to some of the shapes")                                  \
    X(XONE, 0x16, "S*", "one that conforms to one of the shapes")                                 \
    X(NODE, 0x17, "S", "one that conforms to the shape")                                          \
    X(PROPERTY, 0x18, "S", "the focus node of the shape")                                         \
    X(QUALIFIED_MIN, 0x19, "NS+", "one of so many or more that conform to the first shape alone") \
    X(QUALIFIED_MAX, 0x1a, "NS+", "one of so many or less that conform to the first shape alone") \
    X(CLOSED, 0x1b, "T*", "a node without predicates but these, which ascend")                    \
    X(HAS_VALUE, 0x1c, "T", "one of several, of which the term is one")                           \
    X(IN, 0x1d, "T*", "one of the terms, which ascend")                                           \
    X(HOST, 0x1e, "H", "what the host accepts: a query in SPARQL")                                \
    X(VALUE_SPACE, 0x1f, "T", "a literal whose value is in the value space of the datatype")      \
    X(MAX_VALUES, 0x20, "N", "one of at most so many different values")

/*
 * Steps of paths. They work on a stack of sets of terms, which holds the start and in the end what
 * the path leads to. Between REPEAT and AGAIN lie the steps that are taken again from what is new.
 */
#define CNS_STEPS(X)                                                                              \
    X(OUT, 0x01, "P", "the upmost set becomes the objects of its members")                        \
    X(BACK, 0x02, "P", "the upmost set becomes the subjects of its members")                      \
    X(FORK, 0x03, "", "the upmost set is there twice")                                            \
    X(SWAP, 0x04, "", "the two upmost sets change places")                                        \
    X(JOIN, 0x05, "", "the two upmost sets become one")                                           \
    X(STAR, 0x06, "", "begins what is taken any number of times: the start is a result")          \
    X(PLUS, 0x07, "", "begins what is taken once or more: the start is none, unless reached")     \
    X(AGAIN, 0x08, "N", "so many steps back, if there is anything new; else what was reached")

/*
 * Rules. Letters of operands, one word each, repeated where + follows:
 *   U set (of UNARY)   B set of pairs (of BINARY)   T term   (the last may be left out with *)
 * The last four say what is the same; others derive into the set or pairs of an operand. Literals
 * are compared by value.
 */
#define CNS_INFERENCES(X)                                                                         \
    X(SUBCLASS, 0x01, "UU", "what is in the first is in the second")                              \
    X(INTERSECTION, 0x02, "UU+", "what is in all behind the first is in the first")               \
    X(DOMAIN, 0x03, "BU", "what a pair begins with is in the set")                                \
    X(RANGE, 0x04, "BU", "what a pair ends with is in the set")                                   \
    X(SOME, 0x05, "BUU", "what a pair begins with that ends in the first is in the second")       \
    X(ONLY, 0x06, "UBU", "what a pair ends with that begins in the first is in the second")       \
    X(HAS, 0x07, "BTU", "what a pair begins with that ends with the term is in the set")          \
    X(GIVES, 0x08, "UBT", "what is in the set begins a pair that ends with the term")             \
    X(SUBPROPERTY, 0x09, "BB", "a pair of the first is one of the second")                        \
    X(INVERSE, 0x0a, "BB", "a pair of the first, turned around, is one of the second")            \
    X(CHAIN, 0x0b, "BBB",                                                                         \
      "where a pair of the first ends and one of the second begins, the "                         \
      "third has a pair from end to end")                                                         \
    X(MEMBER, 0x0c, "TU", "the term is in the set")                                               \
    X(DATATYPE, 0x0d, "TU", "literals in the value space of the datatype are in the set")         \
    X(FUNCTIONAL, 0x0e, "B", "pairs that begin the same end the same")                            \
    X(INVERSE_FUNCTIONAL, 0x0f, "B", "pairs that end the same begin the same")                    \
    X(AT_MOST_ONE, 0x10, "UBU*",                                                                  \
      "pairs that begin the same, in the first, end the same, of "                                \
      "those that end in the second where there is one")                                          \
    X(KEY, 0x11, "UB+",                                                                           \
      "two in the set are the same where each of the pairs leads both to the "                    \
      "same")

enum {
#define CNS_X(name, number, operands, meaning) CNS_CONSTRAINT_##name = (number),
    CNS_CONSTRAINTS(CNS_X)
#undef CNS_X
#define CNS_X(name, number, operands, meaning) CNS_STEP_##name = (number),
    CNS_STEPS(CNS_X)
#undef CNS_X
#define CNS_X(name, number, operands, meaning) CNS_INFER_##name = (number),
        CNS_INFERENCES(CNS_X)
#undef CNS_X
};

/* A section, as a part of the words. */
typedef struct cns_words {
    const uint32_t *at;
    uint32_t length;
} cns_words;

/* A program that was accepted. Words have the byte order of this machine, but in TEXTS and
 * PATTERNS. */
typedef struct cns_program {
#define CNS_X(name) cns_words name;
    CNS_PROGRAM_SECTIONS(CNS_X)
#undef CNS_X
    uint32_t *words;
    cns_pattern *pattern_tables;
    uint32_t levels;  /* of repeated steps inside each other, at most */
    uint32_t sets;    /* that a path holds at once, at most */
    uint32_t nesting; /* of shapes inside shapes, recursion aside */
    bool recursive;
} cns_program;

/* The most repeated steps inside each other: paths nest no deeper (frontend/paths.py). */
#define CNS_MAX_LEVELS 128u

/* The most shapes inside shapes: each takes some of the stack. */
#define CNS_MAX_NESTING 500u

/* Why a program is refused; each is a constant text, NULL stands for none. */
typedef const char *cns_refusal;

/*
 * Copies and verifies a program: what it says refers to nothing beyond it. NULL, or why it is
 * refused; then there is nothing to end.
 */
cns_refusal cns_program_load(cns_program *program, const void *bytes, size_t size);

/* Frees all memory. */
void cns_program_end(cns_program *program);

/* The number of shapes, terms, classes, paths, patterns. */
static inline uint32_t
cns_program_shapes(const cns_program *program) {
    return program->shapes.length / CNS_SHAPE_WORDS;
}

static inline uint32_t
cns_program_terms(const cns_program *program) {
    return program->terms.length / CNS_TERM_WORDS;
}

/* Whether there is anything to infer, or to be guarded from. */
static inline bool
cns_program_infers(const cns_program *program) {
    return program->rules.length > 0 || program->facts.length > 0 || program->guarded.length > 0 ||
           program->binary.length > 0;
}

/* A shape. */
typedef struct cns_shape {
    uint32_t term;
    uint32_t path;
    const uint32_t *code;
    const uint32_t *end;
} cns_shape;

static inline cns_shape
cns_program_shape(const cns_program *program, uint32_t number) {
    const uint32_t *row = program->shapes.at + (size_t)number * CNS_SHAPE_WORDS;
    const uint32_t *code = program->code.at + row[2];
    const cns_shape shape = {row[0], row[1], code, code + row[3]};
    return shape;
}

/* A constraint: opcode, check, operands. */
static inline uint32_t
cns_opcode_of(uint32_t word) {
    return word & 0xFFu;
}

static inline uint32_t
cns_operand_of(uint32_t word) {
    return word >> 8;
}

enum {
    CNS_CONSTRAINT_WORDS = 2 /* in front of the operands */
};

#endif
