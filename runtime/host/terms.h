/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of graphs: each has one number, so that equal terms have equal numbers. */
#ifndef CNS_HOST_TERMS_H
#define CNS_HOST_TERMS_H

#include <cns/cns.h>

/* The kind of a language tag, beside CNS_KIND_IRI, CNS_KIND_BLANK and CNS_KIND_LITERAL. */
enum {
    CNS_ENTRY_TAG = 16
};

/* A term. Its lexical form is its identity: "1" and "01" are two integers. */
typedef struct cns_entry {
    const char *text;  /* IRI, label, lexical form or tag: UTF-8, not terminated, never moves */
    uint32_t length;   /* in bytes; a lexical form may hold NUL */
    uint32_t datatype; /* literal: number of its datatype's IRI; blank node: its scope, a file */
    uint32_t language; /* literal: number of its language tag, or 0 */
    uint8_t kind;
} cns_entry;

/* The numbers of datatypes that literals have without naming them. */
enum {
    CNS_TERM_STRING = 1,     /* xsd:string */
    CNS_TERM_LANG_STRING = 2 /* rdf:langString */
};

/* A place of the hash table; `number` 0: a free one. */
typedef struct cns_terms_slot {
    uint32_t hash;
    uint32_t number;
} cns_terms_slot;

/* Terms by number, from 1 to `count`; 0 is no term. Zeroed, it is one that has ended. */
typedef struct cns_terms {
    cns_entry *entries; /* moves when terms are added; their text does not */
    uint32_t count;
    uint32_t capacity;             /* of entries, the unused one of 0 among them */
    cns_terms_slot *slots;         /* 2^bits, never full */
    uint32_t bits;                 /* at most 33 */
    struct cns_terms_block *block; /* of text, the last one first */
    uint64_t keys[2];              /* of the hash */
} cns_terms;

/*
 * Begins with the two datatypes above; false where memory fails, and then there is nothing to end.
 * Who does not know the seed cannot make up terms that collide: draw it where input is hostile.
 */
bool cns_terms_begin(cns_terms *terms, uint64_t seed);

/* Frees all memory. */
void cns_terms_end(cns_terms *terms);

/*
 * The number of the term that equals `wanted`, whose text is copied where it is new. 0 where
 * memory fails, and when 2^32 - 2 terms are there. Language tags are kept in lower case.
 */
uint32_t cns_terms_add(cns_terms *terms, const cns_entry *wanted);

/* A term to be added; `number` is 0, or known already. */
typedef struct cns_terms_wanted {
    cns_entry entry;
    uint32_t number;
    uint32_t hash; /* cns_terms_add_all's own, as is the next one */
    uint32_t likely;
} cns_terms_wanted;

/*
 * Adds terms, from the first to the last, and sets their numbers; several at once take less time,
 * since memory is fetched for one while others are looked for. False where cns_terms_add gives 0:
 * those behind have no numbers.
 */
bool cns_terms_add_all(cns_terms *terms, cns_terms_wanted *wanted, uint32_t count);

/* The number of the term that equals `wanted`, or 0. */
uint32_t cns_terms_find(const cns_terms *terms, const cns_entry *wanted);

/*
 * The same for the kinds of terms. Datatype 0 is xsd:string; with a language, which is not empty,
 * the datatype is rdf:langString, whatever is given.
 */
uint32_t cns_terms_add_iri(cns_terms *terms, cns_str iri);
uint32_t cns_terms_add_blank(cns_terms *terms, uint32_t scope, cns_str label);
uint32_t cns_terms_add_tag(cns_terms *terms, cns_str tag);
uint32_t cns_terms_add_literal(cns_terms *terms, cns_str lexical, uint32_t datatype,
                               cns_str language);
uint32_t cns_terms_find_iri(const cns_terms *terms, cns_str iri);
uint32_t cns_terms_find_literal(const cns_terms *terms, cns_str lexical, uint32_t datatype,
                                cns_str language);

#endif
