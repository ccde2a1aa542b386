/* SPDX-License-Identifier: Apache-2.0 */
/* Terms: validity by tag, term equality, and text that is not read further than needed. */
#include "check.h"

#include <stdlib.h>

static const char letters[] = "abcabc";

static const int records[2] = {0, 0};

#define TEXT(offset, size) {letters + (offset), (size)}
#define INTEGER(datatype, value) {.tag = CNS_##datatype, .as.integer = (value)}
#define NATURAL(datatype, value) {.tag = CNS_##datatype, .as.natural = (value)}

/* Terms of one group are the same term, those of different groups are not. */
static const struct {
    int group;
    bool valid;
    cns_term term;
} terms[] = {
    {0, false, {.tag = CNS_NONE}},
    {0, false, {.tag = CNS_TAG_COUNT}},
    {0, false, {.tag = 255, .as.integer = 5}},
    {1, true, {.tag = CNS_NODE, .as.node = {7, 0, NULL}}},
    {1, true, {.tag = CNS_NODE, .as.node = {7, 9, &records[0]}}},
    {2, true, {.tag = CNS_NODE, .as.node = {8, 0, &records[0]}}},
    {3, true, {.tag = CNS_NODE, .as.node = {0, 1, &records[0]}}},
    {3, true, {.tag = CNS_NODE, .as.node = {0, 2, &records[0]}}},
    {4, true, {.tag = CNS_NODE, .as.node = {0, 0, &records[1]}}},
    {5, true, {.tag = CNS_STRING, .as.string = TEXT(0, 3)}},
    {5, true, {.tag = CNS_STRING, .as.string = TEXT(3, 3)}},
    {6, true, {.tag = CNS_STRING, .as.string = TEXT(0, 2)}},
    {7, true, {.tag = CNS_ANY_URI, .as.string = TEXT(0, 3)}},
    {8, true, {.tag = CNS_STRING, .as.string = {NULL, 0}}},
    {8, true, {.tag = CNS_STRING, .as.string = TEXT(0, 0)}},
    {9, true, {.tag = CNS_LANG_STRING, .as.langstr = {TEXT(0, 3), {"en", 2}}}},
    {9, true, {.tag = CNS_LANG_STRING, .as.langstr = {TEXT(3, 3), {"EN", 2}}}},
    {10, true, {.tag = CNS_LANG_STRING, .as.langstr = {TEXT(0, 3), {"de", 2}}}},
    {11, true, {.tag = CNS_TYPED, .as.typed = {TEXT(0, 3), 4}}},
    {11, true, {.tag = CNS_TYPED, .as.typed = {TEXT(3, 3), 4}}},
    {12, true, {.tag = CNS_TYPED, .as.typed = {TEXT(0, 3), 5}}},
    {13, true, {.tag = CNS_TYPED, .as.typed = {TEXT(0, 2), 4}}},
    {14, true, INTEGER(INTEGER, 1)},
    {14, true, INTEGER(INTEGER, 1)},
    {15, true, INTEGER(LONG, 1)},
    {16, true, INTEGER(BYTE, 1)},
    {17, true, INTEGER(BYTE, INT8_MIN)},
    {18, true, INTEGER(BYTE, INT8_MAX)},
    {101, false, INTEGER(BYTE, INT8_MAX + 1)},
    {102, false, INTEGER(BYTE, INT8_MIN - 1)},
    {103, false, INTEGER(BYTE, INT64_MIN)},
    {20, true, INTEGER(SHORT, INT16_MIN)},
    {104, false, INTEGER(SHORT, INT16_MIN - 1)},
    {105, false, INTEGER(SHORT, INT16_MAX + 1)},
    {22, true, INTEGER(INT, INT32_MAX)},
    {106, false, INTEGER(INT, INT32_MAX + INT64_C(1))},
    {107, false, INTEGER(INT, INT32_MIN - INT64_C(1))},
    {24, true, INTEGER(LONG, INT64_MIN)},
    {25, true, NATURAL(UNSIGNED_BYTE, UINT8_MAX)},
    {108, false, NATURAL(UNSIGNED_BYTE, UINT8_MAX + 1)},
    {109, false, NATURAL(UNSIGNED_BYTE, UINT64_MAX)},
    {27, true, NATURAL(UNSIGNED_SHORT, UINT16_MAX)},
    {110, false, NATURAL(UNSIGNED_SHORT, UINT16_MAX + 1)},
    {29, true, NATURAL(UNSIGNED_INT, UINT32_MAX)},
    {111, false, NATURAL(UNSIGNED_INT, UINT32_MAX + UINT64_C(1))},
    {31, true, NATURAL(UNSIGNED_LONG, UINT64_MAX)},
    {32, true, NATURAL(NON_NEGATIVE_INTEGER, UINT64_MAX)},
    {33, true, NATURAL(NON_NEGATIVE_INTEGER, 0)},
    {34, true, NATURAL(POSITIVE_INTEGER, 1)},
    {112, false, NATURAL(POSITIVE_INTEGER, 0)},
    {36, true, INTEGER(NEGATIVE_INTEGER, -1)},
    {113, false, INTEGER(NEGATIVE_INTEGER, 0)},
    {114, false, INTEGER(NEGATIVE_INTEGER, 1)},
    {38, true, INTEGER(NON_POSITIVE_INTEGER, 0)},
    {115, false, INTEGER(NON_POSITIVE_INTEGER, 1)},
    {40, true, {.tag = CNS_BOOLEAN, .as.natural = 0}},
    {42, true, {.tag = CNS_FLOAT, .as.single = 0.0F}},
    {43, true, {.tag = CNS_FLOAT, .as.single = -0.0F}},
    {44, true, {.tag = CNS_DOUBLE, .as.real = 0.0}},
    {45, true, {.tag = CNS_DOUBLE, .as.real = 1.5}},
    {46, true, {.tag = CNS_DECIMAL, .as.decimal = {10, 1}}},
    {46, true, {.tag = CNS_DECIMAL, .as.decimal = {100, 2}}},
    {47, false, {.tag = CNS_DECIMAL, .as.decimal = {10, 19}}},
    {47, false, {.tag = CNS_DECIMAL, .as.decimal = {11, -1}}},
    {48, true, {.tag = CNS_DATE_TIME, .as.datetime = {0, 0, 0}}},
    {49, true, {.tag = CNS_DATE_TIME, .as.datetime = {0, 0, CNS_NO_ZONE}}},
    {50, true, {.tag = CNS_DATE_TIME, .as.datetime = {0, 0, 60}}},
    {51, true, {.tag = CNS_DATE, .as.datetime = {0, 0, 0}}},
    {52, false, {.tag = CNS_DATE, .as.datetime = {1, 0, 0}}},
    {52, false, {.tag = CNS_DATE, .as.datetime = {2, 0, CNS_NO_ZONE}}},
    {53, false, {.tag = CNS_DATE_TIME_STAMP, .as.datetime = {5, 0, CNS_NO_ZONE}}},
    {53, false, {.tag = CNS_DATE_TIME_STAMP, .as.datetime = {6, 0, CNS_NO_ZONE}}},
    {54, true, {.tag = CNS_DATE_TIME_STAMP, .as.datetime = {5, 0, 0}}},
    {55, true, {.tag = CNS_DURATION, .as.duration = {5, 1, 0}}},
    {56, false, {.tag = CNS_DURATION, .as.duration = {-5, 1, 0}}},
    {56, false, {.tag = CNS_DURATION, .as.duration = {-6, 1, 0}}},
    {57, false, {.tag = CNS_DAY_TIME_DURATION, .as.duration = {5, 1, 0}}},
    {58, true, {.tag = CNS_DAY_TIME_DURATION, .as.duration = {5, 0, 0}}},
};

static void
test_terms(void) {
    const size_t count = sizeof terms / sizeof *terms;
    for (size_t i = 0; i < count; i++) {
        bool valid = cns_term_valid(&terms[i].term);
        CHECK_ROW(valid == terms[i].valid, i);
        for (size_t j = 0; j < count; j++) {
            bool same = cns_term_same(&terms[i].term, &terms[j].term);
            CHECK_ROW(same == (terms[i].group == terms[j].group), i);
        }
    }
}

static void
test_datatypes(void) {
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        const cns_term *term = &terms[i].term;
        for (unsigned tag = 0; tag <= CNS_TAG_COUNT; tag++) {
            bool expected = terms[i].valid && term->tag == tag && tag != CNS_NODE;
            CHECK_ROW(cns_term_has_datatype(term, (cns_tag)tag) == expected, i);
        }
    }
}

static void
test_node_kinds(void) {
    static const struct {
        cns_term term;
        unsigned kind;
    } rows[] = {
        {{.tag = CNS_NODE, .as.node = {1, 0, NULL}}, CNS_KIND_IRI},
        {{.tag = CNS_NODE, .as.node = {0, 0, NULL}}, CNS_KIND_BLANK},
        {{.tag = CNS_LANG_STRING}, CNS_KIND_LITERAL},
        {{.tag = CNS_TYPED}, CNS_KIND_LITERAL},
        {{.tag = CNS_BOOLEAN}, CNS_KIND_LITERAL},
        {{.tag = CNS_ANY_URI}, CNS_KIND_LITERAL},
        {{.tag = CNS_NONE}, CNS_KIND_INVALID},
        {{.tag = CNS_TAG_COUNT}, CNS_KIND_INVALID},
        {{.tag = 255}, CNS_KIND_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (unsigned kinds = 0; kinds < 16; kinds++) {
            bool expected = (kinds & rows[i].kind) != 0;
            CHECK_ROW(cns_term_kind_in(&rows[i].term, kinds) == expected, i);
        }
    }
}

static void
test_pointers_of_text(void) {
    const cns_str good = {letters, 3}, empty = {NULL, 0}, bad = {NULL, 1};
    CHECK(cns_str_sound(good) && cns_str_sound(empty) && !cns_str_sound(bad));
    cns_term term = {.tag = CNS_STRING, .as.string = bad};
    CHECK(!cns_term_sound(&term));
    term.tag = CNS_ANY_URI;
    CHECK(!cns_term_sound(&term));
    term.tag = CNS_NODE;
    CHECK(cns_term_sound(&term));
    term = (cns_term){.tag = CNS_LANG_STRING, .as.langstr = {good, bad}};
    CHECK(!cns_term_sound(&term));
    term.as.langstr.language = good;
    CHECK(cns_term_sound(&term));
    term.as.langstr.text = bad;
    CHECK(!cns_term_sound(&term));
    term = (cns_term){.tag = CNS_TYPED, .as.typed = {bad, 1}};
    CHECK(!cns_term_sound(&term));
    term.as.typed.lexical = empty;
    CHECK(cns_term_sound(&term));
}

static void
test_orders(void) {
    static const cns_order orders[] = {CNS_LESS, CNS_EQUAL, CNS_GREATER, CNS_UNORDERED};
    for (int i = 0; i < 4; i++) {
        CHECK_ROW(cns_is_less(orders[i]) == (i == 0), i);
        CHECK_ROW(cns_is_at_most(orders[i]) == (i <= 1), i);
        CHECK_ROW(cns_is_more(orders[i]) == (i == 2), i);
        CHECK_ROW(cns_is_at_least(orders[i]) == (i == 1 || i == 2), i);
    }
}

static cns_term
boolean(unsigned char byte) {
    cns_term term = {.tag = CNS_BOOLEAN};
    memcpy(&term.as, &byte, 1);
    return term;
}

/* A byte of a bool field may hold anything: it is read as a byte, which UBSan watches. */
static void
test_bytes_of_booleans(void) {
    for (unsigned a = 0; a < 256; a++) {
        cns_term left = boolean((unsigned char)a);
        CHECK(cns_term_valid(&left) == (a <= 1));
        for (unsigned b = 0; b < 256; b++) {
            cns_term right = boolean((unsigned char)b);
            CHECK(cns_term_same(&left, &right) == (a <= 1 || b <= 1 ? a == b : true));
        }
    }
}

static void
test_blank_nodes_without_record_are_never_the_same(void) {
    cns_ref nobody = {0, 3, NULL}, somebody = {0, 3, records};
    CHECK(!cns_ref_same(nobody, nobody) && !cns_ref_same(nobody, somebody));
    CHECK(cns_ref_same(somebody, somebody));
}

/* The text claims a thousand bytes and owns `owned`: reading further is for ASan to find. */
static bool
within_prefix(const char *prefix, size_t owned, uint32_t min, uint32_t max) {
    char *data = malloc(owned);
    if (data == NULL) {
        return false;
    }
    memcpy(data, prefix, owned);
    cns_str text = {data, 1000};
    bool within = cns_str_length_within(text, min, max);
    free(data);
    return within;
}

static void
test_length_reads_no_more_than_needed(void) {
    CHECK(!within_prefix("abcd", 4, 0, 3)); /* one too many is enough */
    CHECK(!within_prefix("\xC3\xA9"
                         "bcd",
                         5, 0, 3));                /* and it counts characters */
    CHECK(within_prefix("abc", 3, 3, UINT32_MAX)); /* without an upper bound, the minimum */
    CHECK(within_prefix("abc", 3, 3, 1000));       /* bytes bound the characters */
    CHECK(!within_prefix("a", 1, 1001, UINT32_MAX));
}

static void
test_extremes(void) {
    cns_datetime times[] = {{INT64_MIN, 0, 840},
                            {INT64_MIN, 0, CNS_NO_ZONE},
                            {INT64_MAX, 999999999, -840},
                            {INT64_MAX, 0, CNS_NO_ZONE},
                            {0, UINT32_MAX, INT16_MAX}};
    cns_duration durations[] = {{INT64_MIN, INT32_MIN, INT32_MIN},
                                {INT64_MAX, INT32_MAX, INT32_MAX},
                                {INT64_MIN, INT32_MAX, 0},
                                {INT64_MAX, INT32_MIN, 0}};
    for (size_t i = 0; i < 5; i++) {
        for (int tag = -1; tag <= CNS_TAG_COUNT; tag++) {
            cns_datetime_valid(times[i], (cns_tag)tag);
        }
        for (size_t j = 0; j < 5; j++) {
            CHECK((cns_datetime_compare(times[i], times[j]) == CNS_EQUAL) == (i == j));
        }
    }
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 4; j++) {
            CHECK((cns_duration_compare(durations[i], durations[j]) == CNS_EQUAL) == (i == j));
        }
    }
    cns_decimal least = {INT64_MIN, 18}, most = {INT64_MAX, 18}, whole = {INT64_MIN, 0};
    CHECK(cns_decimal_compare(least, most) == CNS_LESS);
    CHECK(cns_decimal_compare(whole, least) == CNS_LESS);
    CHECK(cns_decimal_compare(least, whole) == CNS_GREATER);
}

int
main(void) {
    test_terms();
    test_datatypes();
    test_node_kinds();
    test_pointers_of_text();
    test_orders();
    test_bytes_of_booleans();
    test_blank_nodes_without_record_are_never_the_same();
    test_length_reads_no_more_than_needed();
    test_extremes();
    return check_status();
}
