/* SPDX-License-Identifier: Apache-2.0 */
/* Terms of graphs: a hash table of numbers, an array of entries, and blocks of text. */
#include <stdlib.h>
#include <string.h>

#include "terms.h"

enum {
    FIRST_BITS = 8,
    FIRST_CAPACITY = 128,
    FIRST_BLOCK = 4096,
    LARGEST_BLOCK = 1 << 20,
    LARGEST_SHARE = 4 /* a text of more than a quarter of a block has a block of its own */
};

/* Asks for memory that is read soon. */
#ifdef __GNUC__
#define FETCH(place) __builtin_prefetch(place)
#else
#define FETCH(place) ((void)0)
#endif

static const uint32_t most_terms = UINT32_MAX - 1;

/* ---- Text --------------------------------------------------------------------------------- */

typedef struct cns_terms_block {
    struct cns_terms_block *next;
    size_t size;
    size_t used;
    char text[];
} cns_terms_block;

static cns_terms_block *
new_block(size_t size, cns_terms_block *next) {
    cns_terms_block *block =
        size <= SIZE_MAX - sizeof *block ? malloc(sizeof *block + size) : NULL;
    if (block != NULL) {
        block->next = next;
        block->size = size;
        block->used = 0;
    }
    return block;
}

/* Room in a block that nobody else uses: behind the current one, which keeps its free space. */
static char *
room_apart(cns_terms *terms, size_t size) {
    cns_terms_block **link = terms->block != NULL ? &terms->block->next : &terms->block;
    cns_terms_block *block = new_block(size, *link);
    if (block == NULL) {
        return NULL;
    }
    block->used = size;
    *link = block;
    return block->text;
}

/* Room for a text, or NULL. */
static char *
room_for(cns_terms *terms, size_t size) {
    cns_terms_block *block = terms->block;
    if (block == NULL || size > block->size - block->used) {
        size_t next = block == NULL                 ? FIRST_BLOCK
                      : block->size < LARGEST_BLOCK ? 2 * block->size
                                                    : LARGEST_BLOCK;
        if (size > next / LARGEST_SHARE) {
            return room_apart(terms, size);
        }
        block = new_block(next, terms->block);
        if (block == NULL) {
            return NULL;
        }
        terms->block = block;
    }
    char *room = block->text + block->used;
    block->used += size;
    return room;
}

static char
lower_case(char letter) {
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + ('a' - 'A')) : letter;
}

static void
copy_text(char *to, const cns_entry *from) {
    if (from->kind == CNS_ENTRY_TAG) {
        for (uint32_t i = 0; i < from->length; i++) {
            to[i] = lower_case(from->text[i]);
        }
    } else if (from->length > 0) {
        memcpy(to, from->text, from->length);
    }
}

/* ---- Hash --------------------------------------------------------------------------------- */

/* The halves of the product, one over the other: all bits depend on most bits of both factors. */
static uint64_t
fold(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 product;
    product whole = (product)a * b;
    return (uint64_t)whole ^ (uint64_t)(whole >> 64);
#else
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t cross = (a_low * b_low >> 32) + a_high * b_low;
    uint64_t middle = (uint32_t)cross + a_low * b_high;
    return (a * b) ^ (a_high * b_high + (cross >> 32) + (middle >> 32));
#endif
}

static uint64_t
load_8(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t
load_4(const char *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* A text of 1 to 3 bytes. */
static uint64_t
load_few(const char *at, size_t size) {
    return (uint64_t)(unsigned char)at[0] << 16 | (uint64_t)(unsigned char)at[size / 2] << 8 |
           (unsigned char)at[size - 1];
}

/* Hashes 16 bytes at a time; the last ones overlap those before them. */
static uint64_t
hash_bytes(const char *at, size_t size, const uint64_t keys[2]) {
    uint64_t first = 0, last = 0, hash = keys[1];
    size_t rest = size;
    for (; rest > 16; rest -= 16, at += 16) {
        hash = fold(load_8(at) ^ keys[0], load_8(at + 8) ^ hash);
    }
    if (size >= 16) {
        first = load_8(at + rest - 16);
        last = load_8(at + rest - 8);
    } else if (size >= 8) {
        first = load_8(at);
        last = load_8(at + size - 8);
    } else if (size >= 4) {
        first = load_4(at);
        last = load_4(at + size - 4);
    } else if (size > 0) {
        first = load_few(at, size);
    }
    return fold(first ^ keys[0], last ^ hash);
}

/* Tags are hashed in lower case. */
static uint64_t
hash_tag(const char *at, size_t size, const uint64_t keys[2]) {
    uint64_t hash = keys[1];
    for (size_t i = 0; i < size; i++) {
        hash = fold(hash ^ (unsigned char)lower_case(at[i]), keys[0]);
    }
    return hash;
}

static uint32_t
hash_of(const cns_terms *terms, const cns_entry *entry) {
    uint64_t hash = entry->kind == CNS_ENTRY_TAG
                        ? hash_tag(entry->text, entry->length, terms->keys)
                        : hash_bytes(entry->text, entry->length, terms->keys);
    uint64_t rest = (uint64_t)entry->datatype << 32 | entry->language;
    uint64_t form = (uint64_t)entry->length << 8 | entry->kind;
    return (uint32_t)(fold(hash ^ rest, terms->keys[0] ^ form) >> 32);
}

/* Spreads a seed over the bits of a key (SplitMix64). */
static uint64_t
key_of(uint64_t seed) {
    uint64_t key = seed + UINT64_C(0x9E3779B97F4A7C15);
    key = (key ^ key >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    key = (key ^ key >> 27) * UINT64_C(0x94D049BB133111EB);
    return key ^ key >> 31;
}

/* ---- Table -------------------------------------------------------------------------------- */

static bool
same_term(const cns_entry *a, const cns_entry *b) {
    if (a->length != b->length || a->kind != b->kind || a->datatype != b->datatype ||
        a->language != b->language) {
        return false;
    }
    if (a->kind == CNS_ENTRY_TAG) {
        return cns_language_same((cns_str){a->text, a->length}, (cns_str){b->text, b->length});
    }
    return a->length == 0 || memcmp(a->text, b->text, a->length) == 0;
}

/*
 * Where the search for a hash begins: its upper bits say so. A table of twice the size then has
 * the same order, and growing reads and writes from the first slot to the last.
 */
static uint64_t
first_slot(uint32_t hash, uint32_t bits) {
    return ((uint64_t)hash << bits) >> 32;
}

/* The slot of the term, or the free one where it belongs. */
static cns_terms_slot *
seek(const cns_terms *terms, const cns_entry *wanted, uint32_t hash) {
    uint64_t mask = (UINT64_C(1) << terms->bits) - 1;
    uint64_t at = first_slot(hash, terms->bits);
    for (;; at = (at + 1) & mask) {
        cns_terms_slot *slot = &terms->slots[at];
        if (slot->number == 0 ||
            (slot->hash == hash && same_term(&terms->entries[slot->number], wanted))) {
            return slot;
        }
    }
}

static cns_terms_slot *
new_slots(uint32_t bits) {
    uint64_t count = UINT64_C(1) << bits;
    return count <= SIZE_MAX / sizeof(cns_terms_slot)
               ? calloc((size_t)count, sizeof(cns_terms_slot))
               : NULL;
}

/* Makes the table twice as large; false, and the table as it was, where memory fails. */
static bool
grow_slots(cns_terms *terms) {
    uint32_t bits = terms->bits + 1;
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    cns_terms_slot *slots = new_slots(bits);
    if (slots == NULL) {
        return false;
    }
    for (uint64_t i = 0; i <= mask / 2; i++) {
        const cns_terms_slot *slot = &terms->slots[i];
        if (slot->number != 0) {
            uint64_t at = first_slot(slot->hash, bits);
            while (slots[at].number != 0) {
                at = (at + 1) & mask;
            }
            slots[at] = *slot;
        }
    }
    free(terms->slots);
    terms->slots = slots;
    terms->bits = bits;
    return true;
}

static bool
grow_entries(cns_terms *terms) {
    uint64_t doubled = 2 * (uint64_t)terms->capacity;
    uint64_t capacity = doubled <= UINT32_MAX ? doubled : UINT32_MAX;
    cns_entry *entries = capacity <= SIZE_MAX / sizeof *entries
                             ? realloc(terms->entries, (size_t)capacity * sizeof *entries)
                             : NULL;
    if (entries == NULL) {
        return false;
    }
    terms->entries = entries;
    terms->capacity = (uint32_t)capacity;
    return true;
}

/* Makes room for one more term. At most five of eight slots are in use: searches stay short. */
static bool
grow(cns_terms *terms) {
    uint64_t slots = UINT64_C(1) << terms->bits;
    return terms->count < most_terms && (terms->count < slots / 8 * 5 || grow_slots(terms)) &&
           (terms->count + 1 < terms->capacity || grow_entries(terms));
}

/* ---- Terms -------------------------------------------------------------------------------- */

uint32_t
cns_terms_find(const cns_terms *terms, const cns_entry *wanted) {
    return seek(terms, wanted, hash_of(terms, wanted))->number;
}

static uint32_t
add_hashed(cns_terms *terms, const cns_entry *wanted, uint32_t hash) {
    cns_terms_slot *slot = seek(terms, wanted, hash);
    if (slot->number != 0) {
        return slot->number;
    }
    uint32_t bits = terms->bits;
    char *text = grow(terms) ? room_for(terms, wanted->length) : NULL;
    if (text == NULL) {
        return 0;
    }
    copy_text(text, wanted);
    if (terms->bits != bits) {
        slot = seek(terms, wanted, hash);
    }
    uint32_t number = ++terms->count;
    terms->entries[number] = *wanted;
    terms->entries[number].text = text;
    *slot = (cns_terms_slot){hash, number};
    return number;
}

uint32_t
cns_terms_add(cns_terms *terms, const cns_entry *wanted) {
    return add_hashed(terms, wanted, hash_of(terms, wanted));
}

/* The first term with this hash, or 0. */
static uint32_t
first_likely(const cns_terms *terms, uint32_t hash) {
    uint64_t mask = (UINT64_C(1) << terms->bits) - 1;
    uint64_t at = first_slot(hash, terms->bits);
    while (terms->slots[at].number != 0 && terms->slots[at].hash != hash) {
        at = (at + 1) & mask;
    }
    return terms->slots[at].number;
}

/* Each loop asks for the memory that the next one reads. */
bool
cns_terms_add_all(cns_terms *terms, cns_terms_wanted *wanted, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (wanted[i].number == 0) {
            wanted[i].hash = hash_of(terms, &wanted[i].entry);
            FETCH(&terms->slots[first_slot(wanted[i].hash, terms->bits)]);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        wanted[i].likely = wanted[i].number == 0 ? first_likely(terms, wanted[i].hash) : 0;
        FETCH(&terms->entries[wanted[i].likely]);
    }
    for (uint32_t i = 0; i < count; i++) {
        FETCH(terms->entries[wanted[i].likely].text);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (wanted[i].number == 0) {
            wanted[i].number = add_hashed(terms, &wanted[i].entry, wanted[i].hash);
            if (wanted[i].number == 0) {
                return false;
            }
        }
    }
    return true;
}

static cns_entry
entry_of(uint8_t kind, cns_str text) {
    return (cns_entry){.text = text.data, .length = text.length, .kind = kind};
}

uint32_t
cns_terms_add_iri(cns_terms *terms, cns_str iri) {
    cns_entry wanted = entry_of(CNS_KIND_IRI, iri);
    return cns_terms_add(terms, &wanted);
}

uint32_t
cns_terms_find_iri(const cns_terms *terms, cns_str iri) {
    cns_entry wanted = entry_of(CNS_KIND_IRI, iri);
    return cns_terms_find(terms, &wanted);
}

uint32_t
cns_terms_add_blank(cns_terms *terms, uint32_t scope, cns_str label) {
    cns_entry wanted = entry_of(CNS_KIND_BLANK, label);
    wanted.datatype = scope;
    return cns_terms_add(terms, &wanted);
}

uint32_t
cns_terms_add_tag(cns_terms *terms, cns_str tag) {
    cns_entry wanted = entry_of(CNS_ENTRY_TAG, tag);
    return cns_terms_add(terms, &wanted);
}

/* A literal whose language tag, if it has one, has a number. */
static cns_entry
literal_of(cns_str lexical, uint32_t datatype, uint32_t language) {
    cns_entry literal = entry_of(CNS_KIND_LITERAL, lexical);
    literal.datatype = language != 0   ? CNS_TERM_LANG_STRING
                       : datatype != 0 ? datatype
                                       : CNS_TERM_STRING;
    literal.language = language;
    return literal;
}

uint32_t
cns_terms_add_literal(cns_terms *terms, cns_str lexical, uint32_t datatype, cns_str language) {
    uint32_t tag = language.length > 0 ? cns_terms_add_tag(terms, language) : 0;
    if (tag == 0 && language.length > 0) {
        return 0;
    }
    cns_entry wanted = literal_of(lexical, datatype, tag);
    return cns_terms_add(terms, &wanted);
}

uint32_t
cns_terms_find_literal(const cns_terms *terms, cns_str lexical, uint32_t datatype,
                       cns_str language) {
    cns_entry tag = entry_of(CNS_ENTRY_TAG, language);
    uint32_t number = language.length > 0 ? cns_terms_find(terms, &tag) : 0;
    if (number == 0 && language.length > 0) {
        return 0;
    }
    cns_entry wanted = literal_of(lexical, datatype, number);
    return cns_terms_find(terms, &wanted);
}

bool
cns_terms_begin(cns_terms *terms, uint64_t seed) {
    static const cns_str string = CNS_STR("http://www.w3.org/2001/XMLSchema#string");
    static const cns_str lang_string =
        CNS_STR("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString");
    *terms = (cns_terms){.capacity = FIRST_CAPACITY, .bits = FIRST_BITS};
    terms->keys[0] = key_of(seed);
    terms->keys[1] = key_of(terms->keys[0]);
    terms->entries = calloc(FIRST_CAPACITY, sizeof *terms->entries);
    terms->slots = new_slots(FIRST_BITS);
    if (terms->entries == NULL || terms->slots == NULL ||
        cns_terms_add_iri(terms, string) != CNS_TERM_STRING ||
        cns_terms_add_iri(terms, lang_string) != CNS_TERM_LANG_STRING) {
        cns_terms_end(terms);
        return false;
    }
    return true;
}

void
cns_terms_end(cns_terms *terms) {
    while (terms->block != NULL) {
        cns_terms_block *next = terms->block->next;
        free(terms->block);
        terms->block = next;
    }
    free(terms->entries);
    free(terms->slots);
    *terms = (cns_terms){0};
}
