/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns: small automata by hand, texts in buffers of their exact size, and where reading ends.
 */
#include "check.h"

#include <stdlib.h>

/* "^a+b$" */
static const uint8_t chain_next[] = {3, 3, 3, 1, 1, 3, 3, 2, 3};
static const uint8_t chain_classes[] = {1, 2};
static const cns_pattern chain = {chain_next, chain_classes, NULL, NULL, 0, 0, 3,
                                  2,          'a',           2,    0,    0, 0};

/* "^[k-s]+$" with flags i: the long s and the Kelvin sign are letters of it. */
static const uint8_t letters_next[] = {2, 2, 1, 1};
static const uint8_t letters_classes[] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};
static const uint32_t letters_ranges[] = {CNS_RANGE(0x17F, 0x17F), CNS_RANGE(0x212A, 0x212A)};
static const cns_pattern letters = {
    letters_next, letters_classes, letters_ranges, NULL, 2, 0, 2, 1, 'K', 41, 0, 1, 0};

/* "x|^[é-\u08E8𝄞]": beyond ASCII there are ranges of two classes, the first as long as can be. */
static const uint8_t mixed_next[] = {1, 1, 3, 3, 3, 1};
static const uint8_t mixed_classes[] = {1};
static const uint32_t mixed_ranges[] = {CNS_RANGE(0xE9, 0x8E8), CNS_RANGE(0x1D11E, 0x1D11E)};
static const uint8_t mixed_range_classes[] = {2, 1};
static const cns_pattern mixed = {
    mixed_next, mixed_classes, mixed_ranges, mixed_range_classes, 2, 0, 2, 2, 'x', 1, 0, 0, 0};

/* "" and "a^" */
static const cns_pattern always = {NULL, NULL, NULL, NULL, 0, 1, 0, 0, 0, 0, 0, 0, 0};
static const cns_pattern never = {NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0};

static const struct {
    const cns_pattern *pattern;
    const char *text;
    bool found;
} rows[] = {
    {&chain, "ab", true},
    {&chain, "aaaab", true},
    {&chain, "a", false},
    {&chain, "b", false},
    {&chain, "", false},
    {&chain, "abb", false},
    {&chain, "\xC3\xA9", false},
    {&letters, "kSm", true},
    {&letters, "\xE2\x84\xAA\xC5\xBF", true},
    {&letters, "j", false},
    {&letters, "k\xC3\xA9", false},
    {&letters, "k\xE2\x84\xAB", false},
    {&letters, "", false},
    {&mixed, "abcx", true},
    {&mixed, "\xC3\xA9", true},
    {&mixed, "\xE0\xA3\xA8", true},
    {&mixed, "\xE0\xA3\xA9", false},
    {&mixed, "\xC3\xA8", false},
    {&mixed, "a\xC3\xA9", false},
    {&mixed, "\xF0\x9D\x84\x9E", true},
    {&mixed, "a\xF0\x9D\x84\x9E", true},
    {&mixed, "\xF0\x9D\x84\x9F", false},
    {&always, "", true},
    {&always, "a", true},
    {&never, "", false},
    {&never, "a", false},
};

/* Matches a copy of the text that ends where the text does, so that a sanitizer sees more. */
static bool
matches(const cns_pattern *pattern, const char *text, size_t length) {
    char *copy = malloc(length != 0 ? length : 1);
    bool found;

    if (copy == NULL) {
        return false;
    }
    memcpy(copy, text, length);
    found = cns_pattern_matches(pattern, copy, (uint32_t)length);
    free(copy);
    return found;
}

/* Text that is no UTF-8 gets some answer, from its own bytes alone. */
static void
check_broken_text(void) {
    static const char *const broken[] = {"\xE2\x84", "\xE2", "\xF0\x9D\x84",
                                         "\xFF",     "\x80", "k\xC5"};

    for (unsigned row = 0; row < sizeof broken / sizeof broken[0]; row++) {
        CHECK_ROW(!matches(&letters, broken[row], strlen(broken[row])) || broken[row][0] < 0, row);
    }
}

/* Nothing is read after the first character that decides. */
static void
check_where_reading_ends(void) {
    char *text = malloc(1);

    if (text != NULL) {
        text[0] = 'x';
        CHECK(cns_pattern_matches(&mixed, text, UINT32_MAX));
        CHECK(!cns_pattern_matches(&chain, text, UINT32_MAX));
        free(text);
    }
    CHECK(!cns_pattern_matches(&chain, NULL, 0));
    CHECK(cns_pattern_matches(&always, NULL, 0));
}

int
main(void) {
    for (unsigned row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        const char *text = rows[row].text;

        CHECK_ROW(matches(rows[row].pattern, text, strlen(text)) == rows[row].found, row);
    }
    check_broken_text();
    check_where_reading_ends();
    return check_status();
}
