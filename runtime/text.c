/* SPDX-License-Identifier: Apache-2.0 */
/* Text: UTF-8, its length in code points, and language tags. */
#include <cns/cns.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
int memcmp(const void *a, const void *b, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

/* ---- UTF-8 -------------------------------------------------------------------------------- */

uint32_t
cns_chars_length(const char *text, uint32_t most) {
    uint32_t length = 0;
    if (text == NULL) {
        return 1;
    }
    while (length < most && text[length] != '\0') {
        length++;
    }
    return length;
}

static bool
starts_code_point(char byte) {
    return ((unsigned char)byte & 0xC0) != 0x80;
}

uint32_t
cns_character_length(const char *data, uint32_t available) {
    unsigned char lead = (unsigned char)data[0];
    if (lead < 0x80) {
        return 1;
    }
    uint32_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || length > available) {
        return 0;
    }
    for (uint32_t i = 1; i < length; i++) {
        if (starts_code_point(data[i])) {
            return 0;
        }
    }
    /* Overlong forms, surrogates and what is beyond U+10FFFF show in the second byte. */
    unsigned char second = (unsigned char)data[1];
    bool ill_formed = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return ill_formed ? 0 : length;
}

#if UINTPTR_MAX > UINT32_MAX
/* The number of bytes, a multiple of 16, that the text begins with and that are ASCII. */
static uint32_t
ascii_prefix(const char *data, uint32_t length) {
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint32_t done = 0;
    for (; length - done >= 16; done += 16) {
        uint64_t words[2]; /* copied, since text may begin anywhere */
        memcpy(words, data + done, sizeof words);
        if (((words[0] | words[1]) & high_bits) != 0) {
            break;
        }
    }
    return done;
}
#else
/* Small processors lack such words, and the space for a loop of their own. */
static uint32_t
ascii_prefix(const char *data, uint32_t length) {
    (void)data;
    (void)length;
    return 0;
}
#endif

bool
cns_text_valid(cns_str text) {
    if (text.data == NULL) {
        return text.length == 0;
    }
    uint32_t done = 0;
    while (done < text.length) {
        if ((unsigned char)text.data[done] < 0x80) {
            uint32_t skipped = ascii_prefix(text.data + done, text.length - done);
            done += skipped > 0 ? skipped : 1;
            continue;
        }
        uint32_t length = cns_character_length(text.data + done, text.length - done);
        if (length == 0) {
            return false;
        }
        done += length;
    }
    return true;
}

bool
cns_str_length_within(cns_str text, uint32_t min, uint32_t max) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        uint32_t rest = text.length - i;
        if (count < min ? rest < min - count : count <= max && rest <= max - count) {
            break; /* the rest cannot change the answer */
        }
        count += starts_code_point(text.data[i]);
        if (count > max) {
            break;
        }
    }
    return count >= min && count <= max;
}

/* ---- Equality ----------------------------------------------------------------------------- */

bool
cns_str_equal(cns_str a, cns_str b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static unsigned char
lower_case(char letter) {
    unsigned char byte = (unsigned char)letter;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : byte;
}

bool
cns_language_same(cns_str a, cns_str b) {
    if (a.length != b.length) {
        return false;
    }
    for (uint32_t i = 0; i < a.length; i++) {
        if (lower_case(a.data[i]) != lower_case(b.data[i])) {
            return false;
        }
    }
    return true;
}

bool
cns_langstr_equal(cns_langstr a, cns_langstr b) {
    return cns_str_equal(a.text, b.text) && cns_language_same(a.language, b.language);
}

/* ---- Language tags ------------------------------------------------------------------------ */

/* The most letters and digits between two hyphens. */
enum {
    MAX_SUBTAG = 8
};

static bool
is_letter(char letter) {
    return lower_case(letter) >= 'a' && lower_case(letter) <= 'z';
}

static bool
is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool
cns_language_valid(cns_str tag) {
    uint32_t start = 0; /* of the subtag that is read */
    if (!cns_str_sound(tag)) {
        return false;
    }
    for (uint32_t i = 0; i < tag.length; i++) {
        if (tag.data[i] == '-' && i > start) {
            start = i + 1;
        } else if (i - start >= MAX_SUBTAG ||
                   !(is_letter(tag.data[i]) || (start > 0 && is_digit(tag.data[i])))) {
            return false;
        }
    }
    return tag.length > start;
}

bool
cns_langstr_valid(cns_langstr text) {
    return cns_text_valid(text.text) && cns_language_valid(text.language);
}

bool
cns_language_matches(cns_str tag, cns_str range) {
    if (range.length == 1 && range.data[0] == '*') {
        return tag.length != 0;
    }
    if (tag.length < range.length || range.length == 0) {
        return false;
    }
    cns_str start = {tag.data, range.length};
    return cns_language_same(start, range) &&
           (tag.length == range.length || tag.data[range.length] == '-');
}
