/* SPDX-License-Identifier: Apache-2.0 */
/* Text: UTF-8 by the rules of RFC 3629, and language tags by those of RFC 4647. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#define TEXT(bytes) {(bytes), sizeof(bytes) - 1}

static const struct {
    bool valid;
    cns_str text;
} texts[] = {
    {true, {NULL, 0}},
    {false, {NULL, 1}},
    {true, TEXT("")},
    {true, TEXT("a\0b")},
    {true, TEXT("0123456789abcdef0123456789abcdef")},
    {true, TEXT("\x7F")},
    {false, TEXT("\x80")},
    {false, TEXT("a\xBF")},
    {true, TEXT("\xC2\x80")},
    {true, TEXT("\xDF\xBF")},
    {false, TEXT("\xC0\x80")},
    {false, TEXT("\xC1\xBF")},
    {false, TEXT("\xC2")},
    {false, TEXT("\xC2\x41")},
    {false, TEXT("\xC2\xC2\x80")},
    {true, TEXT("\xE0\xA0\x80")},
    {false, TEXT("\xE0\x9F\xBF")},
    {false, TEXT("\xE1\x80")},
    {false, TEXT("\xE1\x80\x41")},
    {true, TEXT("\xED\x9F\xBF")},
    {false, TEXT("\xED\xA0\x80")},
    {false, TEXT("\xED\xBF\xBF")},
    {true, TEXT("\xEE\x80\x80")},
    {true, TEXT("\xEF\xBF\xBF")},
    {true, TEXT("\xF0\x90\x80\x80")},
    {false, TEXT("\xF0\x8F\xBF\xBF")},
    {false, TEXT("\xF1\x80\x80")},
    {true, TEXT("\xF4\x8F\xBF\xBF")},
    {false, TEXT("\xF4\x90\x80\x80")},
    {false, TEXT("\xF5\x80\x80\x80")},
    {false, TEXT("\xFF")},
    {false, TEXT("0123456789abcdef0123456789abcde\xC3")},
    {true, TEXT("0123456789abcde\xC3\xA9 0123456789abcdef")},
};

static const struct {
    bool matches;
    cns_str tag;
    cns_str range;
} ranges[] = {
    {true, TEXT("en"), TEXT("en")},
    {true, TEXT("EN"), TEXT("en")},
    {true, TEXT("en-GB"), TEXT("EN")},
    {true, TEXT("de-Latn-de-1996"), TEXT("de-latn-DE")},
    {true, TEXT("x"), TEXT("*")},
    {false, TEXT(""), TEXT("*")},
    {false, {NULL, 0}, TEXT("*")},
    {false, TEXT("en"), TEXT("")},
    {false, TEXT("eng"), TEXT("en")},
    {false, TEXT("en"), TEXT("en-GB")},
    {false, TEXT("de-Latn-DE"), TEXT("de-DE")},
    {false, TEXT("en@GB"), TEXT("en")},
    {false, TEXT("e[-GB"), TEXT("e{")},
    {false, TEXT("en-GB"), TEXT("*-GB")},
};

static const struct {
    bool valid;
    cns_str tag;
} tags[] = {
    {true, TEXT("en")},        {true, TEXT("zh-Hant-TW")}, {true, TEXT("x-12345678")},
    {true, TEXT("abcdefgh")},  {false, TEXT("abcdefghi")}, {false, TEXT("en-123456789")},
    {false, TEXT("")},         {false, {NULL, 0}},         {false, {NULL, 2}},
    {false, TEXT("-")},        {false, TEXT("en-")},       {false, TEXT("-en")},
    {false, TEXT("en--GB")},   {false, TEXT("e1")},        {false, TEXT("en_GB")},
    {false, TEXT("\xC3\xA9")}, {false, TEXT("en-\xC3")},   {false, TEXT("@-[")},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Validates a copy that begins `offset` bytes into memory of its exact size. */
static bool
valid_copy(cns_str text, size_t offset) {
    char *memory = malloc(offset + text.length + 1);
    if (memory == NULL) {
        abort();
    }
    memset(memory, 0xFF, offset + text.length + 1);
    memcpy(memory + offset, text.data, text.length);
    cns_str copy = {memory + offset, text.length};
    bool valid = cns_text_valid(copy);
    free(memory);
    return valid;
}

static void
test_utf8(void) {
    for (size_t i = 0; i < COUNT(texts); i++) {
        CHECK(cns_text_valid(texts[i].text) == texts[i].valid);
        for (size_t offset = 0; texts[i].text.data != NULL && offset < 8; offset++) {
            CHECK(valid_copy(texts[i].text, offset) == texts[i].valid);
        }
    }
}

/* A stray byte shows wherever it lies among words of ASCII. */
static void
test_every_byte_is_looked_at(void) {
    char letters[67];
    memset(letters, 'a', sizeof letters);
    for (uint32_t length = 1; length <= sizeof letters; length++) {
        for (uint32_t at = 0; at < length; at++) {
            cns_str text = {letters, length};
            CHECK(valid_copy(text, 1));
            letters[at] = '\x80';
            CHECK(!valid_copy(text, 1));
            letters[at] = 'a';
        }
    }
}

static void
test_languages(void) {
    for (size_t i = 0; i < COUNT(ranges); i++) {
        CHECK(cns_language_matches(ranges[i].tag, ranges[i].range) == ranges[i].matches);
    }
    for (size_t i = 0; i < COUNT(tags); i++) {
        CHECK(cns_language_valid(tags[i].tag) == tags[i].valid);
    }
}

static void
test_parts(void) {
    static const cns_str good = TEXT("\xC3\xA9"), bad = TEXT("\xC3"), english = TEXT("en");
    const cns_langstr texts_with_tags[] = {{good, english}, {bad, english}, {good, good}};
    const cns_term terms[] = {
        {.tag = CNS_STRING, .as.string = bad},
        {.tag = CNS_ANY_URI, .as.string = bad},
        {.tag = CNS_LANG_STRING, .as.langstr = {bad, english}},
        {.tag = CNS_LANG_STRING, .as.langstr = {good, bad}},
        {.tag = CNS_TYPED, .as.typed = {bad, 1}},
        {.tag = CNS_STRING, .as.string = good},
        {.tag = CNS_ANY_URI, .as.string = good},
        {.tag = CNS_LANG_STRING, .as.langstr = {good, english}},
        {.tag = CNS_TYPED, .as.typed = {good, 1}},
        {.tag = CNS_NODE, .as.node = {1, 0, NULL}},
    };
    for (size_t i = 0; i < COUNT(texts_with_tags); i++) {
        CHECK(cns_langstr_valid(texts_with_tags[i]) == (i == 0));
    }
    for (size_t i = 0; i < COUNT(terms); i++) {
        CHECK(cns_term_text_valid(&terms[i]) == (i >= 5));
    }
}

int
main(void) {
    test_utf8();
    test_every_byte_is_looked_at();
    test_languages();
    test_parts();
    return check_status();
}
