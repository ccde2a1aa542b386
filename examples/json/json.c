/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of JSON: one loop over what may follow, so that no brace or comma is out of place. */
#include "json.h"

#include <string.h>

enum wanted {
    VALUE,
    VALUE_OR_CLOSE, /* behind [ */
    KEY,
    KEY_OR_CLOSE, /* behind { */
    COMMA_OR_CLOSE,
    NOTHING
};

void
json_init(json_reader *from, char *text, uint32_t length) {
    *from = (json_reader){.text = text, .length = length, .wanted = VALUE};
}

static json_token
fail(json_reader *from, const char *why) {
    from->error = why;
    return (json_token){.kind = JSON_ERROR, .at = from->at};
}

static bool
is_at(const json_reader *from, char letter) {
    return from->at < from->length && from->text[from->at] == letter;
}

static bool
is_digit(const json_reader *from) {
    return from->at < from->length && from->text[from->at] >= '0' && from->text[from->at] <= '9';
}

static bool
skip(json_reader *from, char letter) {
    bool found = is_at(from, letter);
    from->at += found;
    return found;
}

static void
skip_space(json_reader *from) {
    while (is_at(from, ' ') || is_at(from, '\t') || is_at(from, '\n') || is_at(from, '\r')) {
        from->at++;
    }
}

/* What may follow a value. */
static uint8_t
after_value(const json_reader *from) {
    return from->depth == 0 ? NOTHING : COMMA_OR_CLOSE;
}

/* ---- Text --------------------------------------------------------------------------------- */

/* Reads four hexadecimal digits. */
static bool
read_unit(json_reader *from, uint32_t *unit) {
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        char letter = from->at < from->length ? from->text[from->at++] : '\0';
        uint32_t digit = 16;
        if (letter >= '0' && letter <= '9') {
            digit = (uint32_t)(letter - '0');
        } else if (letter >= 'a' && letter <= 'f') {
            digit = (uint32_t)(letter - 'a') + 10;
        } else if (letter >= 'A' && letter <= 'F') {
            digit = (uint32_t)(letter - 'A') + 10;
        }
        if (digit == 16) {
            return false;
        }
        *unit = *unit << 4 | digit;
    }
    return true;
}

/* Reads what follows \u: a code point, of two halves beyond U+FFFF. */
static bool
read_code(json_reader *from, uint32_t *code) {
    uint32_t low;
    if (!read_unit(from, code) || (*code >= 0xDC00 && *code < 0xE000)) {
        return false;
    }
    if (*code >= 0xD800 && *code < 0xDC00) {
        if (!skip(from, '\\') || !skip(from, 'u') || !read_unit(from, &low) || low < 0xDC00 ||
            low > 0xDFFF) {
            return false;
        }
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    }
    return true;
}

/* Writes a code point as UTF-8, which is shorter than its escape; returns the end. */
static char *
write_code(char *to, uint32_t code) {
    int rest = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uint8_t leads[] = {0, 0xC0, 0xE0, 0xF0};
    *to++ = (char)(leads[rest] | code >> (6 * rest));
    while (rest-- > 0) {
        *to++ = (char)(0x80 | (code >> (6 * rest) & 0x3F));
    }
    return to;
}

/* Reads the escape behind a backslash; returns the end of what it stands for, or NULL. */
static char *
read_escape(json_reader *from, char *to) {
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char letter = from->at < from->length ? from->text[from->at++] : '\0';
    uint32_t code;
    if (letter == 'u') {
        return read_code(from, &code) ? write_code(to, code) : NULL;
    }
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    if (found == NULL) {
        return NULL;
    }
    *to = meant[found - letters];
    return to + 1;
}

static json_token
read_text(json_reader *from, json_kind kind) {
    json_token token = {.kind = kind, .at = from->at};
    char *start = from->text + ++from->at, *to = start;
    while (!skip(from, '"')) {
        if (from->at == from->length) {
            return fail(from, "text that does not end");
        }
        char letter = from->text[from->at++];
        if ((unsigned char)letter < 0x20) {
            return fail(from, "a control character in text");
        }
        if (letter != '\\') {
            *to++ = letter;
            continue;
        }
        to = read_escape(from, to);
        if (to == NULL) {
            return fail(from, "an escape that is none");
        }
    }
    token.text = (cns_str){start, (uint32_t)(to - start)};
    return cns_text_valid(token.text) ? token : fail(from, "text that is not UTF-8");
}

/* ---- Numbers and words -------------------------------------------------------------------- */

static bool
skip_digits(json_reader *from) {
    uint32_t start = from->at;
    while (is_digit(from)) {
        from->at++;
    }
    return from->at > start;
}

static json_token
read_number(json_reader *from) {
    json_token token = {.kind = JSON_NUMBER, .at = from->at};
    skip(from, '-');
    bool good = skip(from, '0') || skip_digits(from);
    if (skip(from, '.')) {
        good &= skip_digits(from);
    }
    if (skip(from, 'e') || skip(from, 'E')) {
        if (!skip(from, '+')) {
            skip(from, '-');
        }
        good &= skip_digits(from);
    }
    token.text = (cns_str){from->text + token.at, from->at - token.at};
    return good && !is_digit(from) ? token : fail(from, "a number that is none");
}

static json_token
read_word(json_reader *from) {
    static const struct {
        const char *word;
        json_kind kind;
    } words[] = {{"true", JSON_TRUE}, {"false", JSON_FALSE}, {"null", JSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t length = (uint32_t)strlen(words[i].word);
        if (length <= from->length - from->at &&
            memcmp(from->text + from->at, words[i].word, length) == 0) {
            from->at += length;
            return (json_token){.kind = words[i].kind, .at = from->at - length};
        }
    }
    return fail(from, "a value is missing");
}

/* ---- Structure ---------------------------------------------------------------------------- */

static json_token
open(json_reader *from, bool is_object) {
    if (from->depth == JSON_DEPTH) {
        return fail(from, "nested too deep");
    }
    from->depth++;
    from->objects = from->objects << 1 | is_object;
    from->wanted = is_object ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
    return (json_token){.kind = is_object ? JSON_OBJECT : JSON_ARRAY, .at = from->at++};
}

static json_token
close(json_reader *from) {
    from->depth--;
    from->objects >>= 1;
    from->wanted = after_value(from);
    return (json_token){.kind = JSON_CLOSE, .at = from->at++};
}

static json_token
read_value(json_reader *from) {
    if (is_at(from, '{') || is_at(from, '[')) {
        return open(from, is_at(from, '{'));
    }
    from->wanted = after_value(from);
    if (is_at(from, '"')) {
        return read_text(from, JSON_TEXT);
    }
    return is_at(from, '-') || is_digit(from) ? read_number(from) : read_word(from);
}

static json_token
read_key(json_reader *from) {
    if (!is_at(from, '"')) {
        return fail(from, "a key is missing");
    }
    json_token token = read_text(from, JSON_KEY);
    skip_space(from);
    if (token.kind == JSON_KEY && !skip(from, ':')) {
        return fail(from, "a colon is missing");
    }
    from->wanted = VALUE;
    return token;
}

json_token
json_next(json_reader *from) {
    bool in_object = (from->objects & 1) != 0;
    if (from->error != NULL) {
        return fail(from, from->error);
    }
    skip_space(from);
    if (from->wanted == NOTHING) {
        return from->at < from->length ? fail(from, "more than one value")
                                       : (json_token){.kind = JSON_END, .at = from->at};
    }
    if (from->wanted != VALUE && from->wanted != KEY && is_at(from, in_object ? '}' : ']')) {
        return close(from);
    }
    if (from->wanted == COMMA_OR_CLOSE) {
        if (!skip(from, ',')) {
            return fail(from, in_object ? "a comma or brace is missing"
                                        : "a comma or bracket is missing");
        }
        skip_space(from);
        from->wanted = in_object ? KEY : VALUE;
    }
    return from->wanted == KEY || from->wanted == KEY_OR_CLOSE ? read_key(from) : read_value(from);
}
