/* SPDX-License-Identifier: Apache-2.0 */
/* Random literals, each in memory of its exact size, read and compared under the sanitizers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "literal.h"

enum {
    MOST_BYTES = 2000,
    LITERALS = 3
};

static uint64_t state;

static void
fail(const char *what) {
    fprintf(stderr, "failed: %s\n", what);
    abort();
}

#define REQUIRE(expression) ((expression) ? (void)0 : fail(#expression))

static uint64_t
random_bits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(0x2545F4914F6CDD1D);
}

static uint32_t
below(uint32_t bound) {
    return (uint32_t)((random_bits() >> 32) % bound);
}

/* ---- Lexical forms ------------------------------------------------------------------------ */

typedef struct form {
    char bytes[MOST_BYTES];
    uint32_t length;
} form;

static void
add(form *made, char letter) {
    if (made->length < MOST_BYTES) {
        made->bytes[made->length++] = letter;
    }
}

static void
add_text(form *made, const char *text) {
    for (; *text != '\0'; text++) {
        add(made, *text);
    }
}

/* Few or many digits, often the same ones. */
static void
add_digits(form *made) {
    uint32_t style = below(4), length = below(8) == 0 ? below(1100) : 1 + below(3);
    for (uint32_t i = 0; i < length; i++) {
        add(made, (char)(style == 0 ? '0' : style == 1 ? '9' : '0' + below(10)));
    }
}

static void
add_pair(form *made, uint32_t least, uint32_t most) {
    uint32_t number = below(3) == 0 ? most : least + below(most - least + 1);
    add(made, (char)('0' + number / 10));
    add(made, (char)('0' + number % 10));
}

static void
add_clock(form *made) {
    uint32_t hour = below(25);
    add_pair(made, hour, hour);
    add(made, ':');
    add_pair(made, 0, hour == 24 ? 0 : 59);
    add(made, ':');
    add_pair(made, 0, hour == 24 ? 0 : 59);
    if (below(3) == 0) {
        add(made, '.');
        add_digits(made);
    }
}

static void
add_zone(form *made) {
    static const char *const zones[] = {"", "", "Z", "+14:00", "-14:00", "+05:30", "+14:01"};
    add_text(made, zones[below(sizeof zones / sizeof *zones)]);
}

static void
add_year(form *made) {
    static const char *const years[] = {"2000", "1900", "0000", "-0001", "9999", "-9999"};
    if (below(2) == 0) {
        add_text(made, years[below(sizeof years / sizeof *years)]);
        return;
    }
    add_text(made, below(3) == 0 ? "-1" : "1");
    add_pair(made, 0, 99);
    add_digits(made);
}

static void
add_word(form *made) {
    static const char *const words[] = {"a",        "B",        "1",    ":",    " ", "=",
                                        "-",        "\xC3\xA9", "\xFF", "true", "/", "\t",
                                        "\xCC\x80", "A=",       "0F",   "INF",  "",  "NaN"};
    for (uint32_t i = below(6); i > 0; i--) {
        add_text(made, words[below(sizeof words / sizeof *words)]);
    }
}

/* Shapes of forms: see add_part() for the letters that stand for something random. */
static const struct {
    uint8_t datatype;
    const char *shape;
} shapes[] = {
    {CNS_DATATYPE_INTEGER, "~#"},
    {CNS_DATATYPE_LONG, "~#"},
    {CNS_DATATYPE_DECIMAL, "~#.#"},
    {CNS_DATATYPE_DECIMAL, "~.#"},
    {CNS_DATATYPE_FLOAT, "~#.#E~#"},
    {CNS_DATATYPE_FLOAT, "~#"},
    {CNS_DATATYPE_DOUBLE, "~#.#e~#"},
    {CNS_DATATYPE_DOUBLE, "*"},
    {CNS_DATATYPE_DATE_TIME, "@-%-&T$!"},
    {CNS_DATATYPE_DATE_TIME_STAMP, "@-%-&T$!"},
    {CNS_DATATYPE_DATE, "@-%-&!"},
    {CNS_DATATYPE_TIME, "$!"},
    {CNS_DATATYPE_G_YEAR, "@!"},
    {CNS_DATATYPE_G_YEAR_MONTH, "@-%!"},
    {CNS_DATATYPE_G_MONTH, "--%!"},
    {CNS_DATATYPE_G_MONTH_DAY, "--%-&!"},
    {CNS_DATATYPE_G_DAY, "---&!"},
    {CNS_DATATYPE_DURATION, "?P#Y#M#DT#H#M#.#S"},
    {CNS_DATATYPE_DURATION, "?P#M"},
    {CNS_DATATYPE_DURATION, "?P#D"},
    {CNS_DATATYPE_DAY_TIME_DURATION, "?PT#S"},
    {CNS_DATATYPE_YEAR_MONTH_DURATION, "?P#Y"},
    {CNS_DATATYPE_BOOLEAN, "*"},
    {CNS_DATATYPE_STRING, "*"},
    {CNS_DATATYPE_NAME, "*"},
    {CNS_DATATYPE_NMTOKENS, "* *"},
    {CNS_DATATYPE_QNAME, "*:*"},
    {CNS_DATATYPE_HEX_BINARY, "##"},
    {CNS_DATATYPE_BASE64_BINARY, "**"},
};

static void
add_part(form *made, char letter) {
    switch (letter) {
    case '~':
        add_text(made, below(2) == 0 ? "" : below(2) == 0 ? "-" : "+");
        break;
    case '?':
        add_text(made, below(2) == 0 ? "" : "-");
        break;
    case '#':
        add_digits(made);
        break;
    case '@':
        add_year(made);
        break;
    case '%':
        add_pair(made, 1, 12);
        break;
    case '&':
        add_pair(made, 1, 31);
        break;
    case '$':
        add_clock(made);
        break;
    case '!':
        add_zone(made);
        break;
    case '*':
        add_word(made);
        break;
    default:
        add(made, letter);
    }
}

/* Changes a letter, cuts the form off, or leaves it. */
static void
spoil(form *made) {
    uint32_t change = below(8);
    if (made->length == 0 || change > 1) {
        return;
    }
    uint32_t at = below(made->length);
    if (change == 0) {
        made->length = at;
    } else {
        made->bytes[at] = "019.-+:TZPYMDSE \xFF"[below(17)];
    }
}

/* ---- Literals ----------------------------------------------------------------------------- */

/* A copy for ASan to guard; NULL for no text at all, sometimes. */
static cns_str
copy_of(const form *made) {
    cns_str copy = {NULL, made->length};
    if (made->length > 0 || below(2) == 0) {
        char *bytes = malloc(made->length > 0 ? made->length : 1);
        REQUIRE(bytes != NULL);
        memcpy(bytes, made->bytes, made->length);
        copy.data = bytes;
    }
    return copy;
}

static bool
is_nan(const cns_literal *literal) {
    return (literal->value == CNS_VALUE_SINGLE || literal->value == CNS_VALUE_REAL) &&
           literal->as.real != literal->as.real;
}

static bool
is_mirrored(cns_order there, cns_order back) {
    return there == CNS_UNORDERED ? back == CNS_UNORDERED : (int)there == -(int)back;
}

static void
check_alone(const cns_literal *read) {
    bool ordered = read->value != CNS_VALUE_NONE && !is_nan(read);
    REQUIRE(read->well_typed || read->value == CNS_VALUE_NONE);
    REQUIRE(cns_literal_compare(read, read) == (ordered ? CNS_EQUAL : CNS_UNORDERED));
}

/* Among values of one kind; numbers of three kinds are promoted, each time to another one. */
static void
check_transitive(const cns_literal *a, const cns_literal *b, const cns_literal *c) {
    if (a->value != b->value || b->value != c->value) {
        return;
    }
    cns_order first = cns_literal_compare(a, b), second = cns_literal_compare(b, c);
    if (first == second && first != CNS_UNORDERED) {
        REQUIRE(cns_literal_compare(a, c) == first);
    }
    if (first == CNS_EQUAL) {
        REQUIRE(cns_literal_compare(a, c) == second);
    }
}

static void
fuzz_literals(void) {
    cns_str texts[LITERALS];
    cns_literal read[LITERALS];
    uint32_t shape = below(sizeof shapes / sizeof *shapes);
    for (int i = 0; i < LITERALS; i++) {
        if (below(3) == 0) {
            shape = below(sizeof shapes / sizeof *shapes);
        }
        form made;
        made.length = 0;
        for (const char *letter = shapes[shape].shape; *letter != '\0'; letter++) {
            add_part(&made, *letter);
        }
        spoil(&made);
        texts[i] = copy_of(&made);
        uint32_t datatype = below(8) == 0 ? below(CNS_DATATYPE_COUNT) : shapes[shape].datatype;
        read[i] = cns_literal_read((cns_datatype)datatype, texts[i]);
        check_alone(&read[i]);
    }
    for (int i = 0; i < LITERALS; i++) {
        const cns_literal *a = &read[i], *b = &read[(i + 1) % LITERALS];
        REQUIRE(is_mirrored(cns_literal_compare(a, b), cns_literal_compare(b, a)));
        check_transitive(a, b, &read[(i + 2) % LITERALS]);
    }
    for (int i = 0; i < LITERALS; i++) {
        free((void *)texts[i].data);
    }
}

/* fuzz_literal SEED CASES: case `i` of a seed is always the same. */
int
main(int count, char **words) {
    REQUIRE(count == 3);
    uint64_t seed = strtoull(words[1], NULL, 10), cases = strtoull(words[2], NULL, 10);
    for (uint64_t i = 0; i < cases; i++) {
        state = (seed << 32) + i + 1;
        for (int round = 0; round < 4; round++) {
            random_bits();
        }
        fuzz_literals();
    }
    return 0;
}
