/* SPDX-License-Identifier: Apache-2.0 */
/* Datatypes whose values are text: which lexical forms each of them has. */
#include <string.h>

#include "literal_parts.h"

static bool
has(cns_str text, char letter) {
    return memchr(text.data, letter, text.length) != NULL;
}

/* ---- Names (XML 1.0, fifth edition, productions 4 and 4a) ---------------------------------- */

typedef struct range {
    uint32_t first;
    uint32_t last;
} range;

static const range name_start[] = {
    {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
    {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
    {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
    {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
};

/* Those that follow the start of a name besides. */
static const range name_rest[] = {
    {'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040},
};

static bool
is_in(uint32_t character, const range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].first <= character && character <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool
starts_name(uint32_t character) {
    return is_in(character, name_start, sizeof name_start / sizeof *name_start);
}

static bool
continues_name(uint32_t character) {
    return starts_name(character) ||
           is_in(character, name_rest, sizeof name_rest / sizeof *name_rest);
}

/* Moves over one character of UTF-8; 0, which no name has, where there is none. */
static uint32_t
take_character(cns_rest *rest) {
    uint32_t length = cns_character_length(rest->at, (uint32_t)(rest->end - rest->at));
    if (length == 0) {
        return 0;
    }
    unsigned char lead = (unsigned char)rest->at[0];
    uint32_t character = length == 1 ? lead : lead & (0x7Fu >> length);
    for (uint32_t i = 1; i < length; i++) {
        character = character << 6 | ((unsigned char)rest->at[i] & 0x3Fu);
    }
    rest->at += length;
    return character;
}

static bool
is_nmtoken(cns_str text) {
    cns_rest rest = cns_rest_of(text);
    while (rest.at != rest.end) {
        if (!continues_name(take_character(&rest))) {
            return false;
        }
    }
    return text.length > 0;
}

static bool
is_name(cns_str text) {
    cns_rest rest = cns_rest_of(text);
    return is_nmtoken(text) && starts_name(take_character(&rest));
}

static bool
is_ncname(cns_str text) {
    return is_name(text) && !has(text, ':');
}

/* Whether all parts of a text are names, and at most so many. */
static bool
all_between(cns_str text, char separator, uint32_t most, bool (*is_part)(cns_str)) {
    cns_str part = {text.data, 0};
    const char *end = text.data + text.length;
    for (uint32_t parts = 1; parts <= most; parts++) {
        size_t left = (size_t)(end - part.data);
        const char *found = memchr(part.data, separator, left);
        part.length = (uint32_t)(found == NULL ? left : (size_t)(found - part.data));
        if (!is_part(part)) {
            return false;
        }
        if (found == NULL) {
            return true;
        }
        part.data = found + 1;
    }
    return false;
}

/* ---- Strings without some white space ------------------------------------------------------ */

static bool
is_normalized(cns_str text) {
    return !has(text, '\t') && !has(text, '\n') && !has(text, '\r');
}

/* Whether each space stands between two characters that are none. */
static bool
has_single_spaces(cns_str text) {
    char before = ' ';
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] == ' ' && before == ' ') {
            return false;
        }
        before = text.data[i];
    }
    return text.length == 0 || before != ' ';
}

/* ---- Binary data -------------------------------------------------------------------------- */

static bool
is_hex(cns_str text) {
    for (uint32_t i = 0; i < text.length; i++) {
        char letter = text.data[i];
        if (!cns_is_digit(letter) && !('A' <= letter && letter <= 'F') &&
            !('a' <= letter && letter <= 'f')) {
            return false;
        }
    }
    return text.length % 2 == 0;
}

/* The six bits that a letter of base64 stands for, or -1. */
static int
base64_bits(char letter) {
    return 'A' <= letter && letter <= 'Z'   ? letter - 'A'
           : 'a' <= letter && letter <= 'z' ? letter - 'a' + 26
           : cns_is_digit(letter)           ? letter - '0' + 52
           : letter == '+'                  ? 62
           : letter == '/'                  ? 63
                                            : -1;
}

/* Groups of four letters, the last one padded; the bits that padding leaves over are 0. */
static bool
is_base64(cns_str text) {
    uint32_t letters = 0, padding = 0;
    int last = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] == ' ') {
            continue;
        }
        if (text.data[i] == '=') {
            padding++;
            continue;
        }
        last = base64_bits(text.data[i]);
        if (last < 0 || padding > 0) {
            return false;
        }
        letters++;
    }
    int spare = padding == 2 ? 0xF : padding == 1 ? 0x3 : 0;
    return padding <= 2 && letters % 4 == (4 - padding) % 4 && (last & spare) == 0 &&
           has_single_spaces(text);
}

/* ---- Datatypes ---------------------------------------------------------------------------- */

bool
cns_text_matches(cns_datatype datatype, cns_str lexical) {
    switch ((int)datatype) {
    case CNS_DATATYPE_NORMALIZED_STRING:
        return is_normalized(lexical);
    case CNS_DATATYPE_TOKEN:
        return is_normalized(lexical) && has_single_spaces(lexical);
    case CNS_DATATYPE_LANGUAGE:
        return cns_language_valid(lexical);
    case CNS_DATATYPE_NMTOKEN:
        return is_nmtoken(lexical);
    case CNS_DATATYPE_NAME:
        return is_name(lexical);
    case CNS_DATATYPE_NCNAME:
    case CNS_DATATYPE_ID:
    case CNS_DATATYPE_IDREF:
    case CNS_DATATYPE_ENTITY:
        return is_ncname(lexical);
    case CNS_DATATYPE_NMTOKENS:
        return all_between(lexical, ' ', UINT32_MAX, is_nmtoken);
    case CNS_DATATYPE_IDREFS:
    case CNS_DATATYPE_ENTITIES:
        return all_between(lexical, ' ', UINT32_MAX, is_ncname);
    case CNS_DATATYPE_QNAME:
    case CNS_DATATYPE_NOTATION:
        return all_between(lexical, ':', 2, is_ncname);
    case CNS_DATATYPE_HEX_BINARY:
        return is_hex(lexical);
    case CNS_DATATYPE_BASE64_BINARY:
        return is_base64(lexical);
    case CNS_DATATYPE_LANG_STRING:
        return false; /* it demands a language tag */
    default:
        return true; /* of xsd:string, xsd:anyURI, and datatypes that are not known */
    }
}
