/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of terms: what is the same term and what is not, texts that stay, many and long ones. */
#include <inttypes.h>
#include <stdlib.h>

#include "../runtime/check.h"
#include "terms.h"

static cns_terms terms;

static uint32_t
iri(const char *text) {
    return cns_terms_add_iri(&terms, cns_str_of(text));
}

static uint32_t
literal(const char *lexical, uint32_t datatype, const char *language) {
    return cns_terms_add_literal(&terms, cns_str_of(lexical), datatype, cns_str_of(language));
}

static bool
is_text(uint32_t number, const char *text) {
    const cns_entry *entry = &terms.entries[number];
    return cns_str_equal((cns_str){entry->text, entry->length}, cns_str_of(text));
}

static void
test_numbers(void) {
    CHECK(terms.count == 2);
    CHECK(iri("http://www.w3.org/2001/XMLSchema#string") == CNS_TERM_STRING);
    CHECK(is_text(CNS_TERM_LANG_STRING, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"));
    CHECK(iri("urn:a") == 3 && iri("urn:b") == 4 && iri("urn:a") == 3);
    CHECK(terms.entries[3].kind == CNS_KIND_IRI && is_text(3, "urn:a"));
    CHECK(cns_terms_find_iri(&terms, cns_str_of("urn:b")) == 4);
    CHECK(cns_terms_find_iri(&terms, cns_str_of("urn:c")) == 0);
    CHECK(terms.count == 4);
}

static void
test_kinds(void) {
    cns_str text = CNS_STR("urn:a");
    uint32_t node = cns_terms_add_iri(&terms, text);
    uint32_t blank = cns_terms_add_blank(&terms, 0, text);
    uint32_t tag = cns_terms_add_tag(&terms, text);
    uint32_t string = literal("urn:a", 0, "");
    CHECK(node != blank && blank != tag && tag != string && string != node && node != tag);
    CHECK(cns_terms_add_blank(&terms, 1, text) != blank);
    CHECK(cns_terms_add_blank(&terms, 0, text) == blank);
    CHECK(terms.entries[cns_terms_add_blank(&terms, 9, text)].datatype == 9);
}

static void
test_literals(void) {
    uint32_t integer = iri("http://www.w3.org/2001/XMLSchema#integer");
    uint32_t one = literal("1", integer, ""), zero_one = literal("01", integer, "");
    CHECK(one != zero_one && one != literal("1", 0, "") && one == literal("1", integer, ""));
    CHECK(literal("1", 0, "") == literal("1", CNS_TERM_STRING, ""));
    uint32_t english = literal("1", 0, "en-GB");
    CHECK(english == literal("1", integer, "EN-gb") && english != literal("1", 0, "en"));
    CHECK(english != literal("1", CNS_TERM_LANG_STRING, ""));
    CHECK(terms.entries[english].datatype == CNS_TERM_LANG_STRING);
    CHECK(is_text(terms.entries[english].language, "en-gb"));
    CHECK(terms.entries[terms.entries[english].language].kind == CNS_ENTRY_TAG);
    cns_str empty = {NULL, 0};
    uint32_t nothing = cns_terms_add_literal(&terms, empty, 0, empty);
    CHECK(nothing != 0 && nothing == literal("", 0, "") && terms.entries[nothing].length == 0);
    cns_str nul = {"\0\0", 2};
    CHECK(cns_terms_add_literal(&terms, nul, 0, empty) != nothing);
    uint32_t count = terms.count;
    CHECK(cns_terms_find_literal(&terms, cns_str_of("1"), 0, cns_str_of("EN-GB")) == english);
    CHECK(cns_terms_find_literal(&terms, cns_str_of("1"), 0, cns_str_of("fr")) == 0);
    CHECK(cns_terms_find_literal(&terms, cns_str_of("1"), 0, cns_str_of("en-g")) == 0);
    CHECK(cns_terms_find_literal(&terms, cns_str_of("01"), integer, empty) == zero_one);
    CHECK(cns_terms_find_literal(&terms, cns_str_of("02"), integer, empty) == 0);
    CHECK(cns_terms_find_literal(&terms, nul, 0, empty) != 0);
    CHECK(terms.count == count);
}

/* Texts of every length, which differ in one byte of any place, are different terms. */
static void
test_every_byte_counts(void) {
    char text[70];
    uint32_t count = terms.count;
    for (uint32_t length = 1; length < sizeof text; length++) {
        memset(text, 'x', sizeof text);
        for (uint32_t i = 0; i < length; i++) {
            text[i] = 'y';
            CHECK_ROW(cns_terms_add_iri(&terms, (cns_str){text, length}) == ++count, length);
            text[i] = 'x';
        }
    }
}

/* More than fit in the first tables and blocks: numbers and texts stay what they were. */
static void
test_many_terms(void) {
    enum {
        MANY = 300000
    };
    char text[64];
    uint32_t first = terms.count + 1;
    const char *kept = terms.entries[3].text;
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "http://example.org/thing/%" PRIu32, i);
        CHECK_ROW(iri(text) == first + i, i);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "http://example.org/thing/%" PRIu32, i);
        CHECK_ROW(cns_terms_find_iri(&terms, cns_str_of(text)) == first + i, i);
        CHECK_ROW(is_text(first + i, text), i);
    }
    CHECK(terms.entries[3].text == kept && is_text(3, "urn:a"));
}

/* In one call: known and new terms, one of them twice, and one whose number is given. */
static void
test_several_at_once(void) {
    cns_terms_wanted wanted[] = {
        {.entry = {.text = "urn:first", .length = 9, .kind = CNS_KIND_IRI}},
        {.entry = {.text = "urn:a", .length = 5, .kind = CNS_KIND_IRI}},
        {.number = 4},
        {.entry = {.text = "urn:first", .length = 9, .kind = CNS_KIND_BLANK}},
        {.entry = {.text = "urn:first", .length = 9, .kind = CNS_KIND_IRI}},
    };
    uint32_t count = terms.count;
    CHECK(cns_terms_add_all(&terms, wanted, 5) && cns_terms_add_all(&terms, wanted, 0));
    CHECK(wanted[0].number == count + 1 && wanted[1].number == 3 && wanted[2].number == 4);
    CHECK(wanted[3].number == count + 2 && wanted[4].number == count + 1);
    CHECK(terms.count == count + 2 && is_text(count + 1, "urn:first"));
}

static void
test_long_terms(void) {
    enum {
        LONG = 3 << 20
    };
    char *text = malloc(LONG);
    CHECK(text != NULL);
    memset(text, 'x', LONG);
    uint32_t numbers[8];
    for (uint32_t i = 0; i < 8; i++) {
        numbers[i] = cns_terms_add_iri(&terms, (cns_str){text, LONG - i});
        CHECK(terms.entries[iri("urn:between")].length == 11);
    }
    for (uint32_t i = 0; i < 8; i++) {
        const cns_entry *entry = &terms.entries[numbers[i]];
        CHECK(entry->length == LONG - i && memcmp(entry->text, text, LONG - i) == 0);
        CHECK(cns_terms_find_iri(&terms, (cns_str){text, LONG - i}) == numbers[i]);
    }
    free(text);
}

/* No number is UINT32_MAX. The table is not that large: the count is made up. */
static void
test_the_last_number(void) {
    uint32_t count = terms.count;
    terms.count = UINT32_MAX - 1;
    CHECK(iri("urn:one-too-many") == 0 && iri("urn:a") == 3);
    terms.count = count;
    CHECK(iri("urn:one-too-many") == count + 1);
}

int
main(void) {
    CHECK(cns_terms_begin(&terms, 1));
    test_numbers();
    test_kinds();
    test_literals();
    test_every_byte_counts();
    test_many_terms();
    test_several_at_once();
    test_long_terms();
    test_the_last_number();
    cns_terms_end(&terms);
    CHECK(terms.entries == NULL && terms.block == NULL && terms.slots == NULL);
    cns_terms_end(&terms);
    return check_status();
}
