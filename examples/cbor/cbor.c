/* SPDX-License-Identifier: Apache-2.0 */
/* Items of CBOR: a byte with type and size, a number, and for text the bytes themselves. */
#include "cbor.h"

#include <string.h>

typedef enum major {
    UNSIGNED,
    NEGATIVE,
    BYTES,
    TEXT,
    ARRAY,
    MAP,
    TAG,
    OTHER /* floats, false, true, … */
} major;

/* The low five bits of the first byte: the number itself, or the size of one that follows. */
enum {
    LARGEST_IN_PLACE = 23,
    ONE_BYTE = 24,
    EIGHT_BYTES = 27,
    INDEFINITE = 31
};

enum {
    FALSE = 20,
    TRUE = 21,
    HALF = 25,
    SINGLE = 26,
    DOUBLE = 27
};

typedef struct head {
    major type;
    uint8_t info;
    uint64_t number;
} head;

void
cbor_fail(cbor_reader *from, cbor_status status) {
    if (from->status == CBOR_OK) {
        from->status = status;
    }
}

static size_t
rest_of(const cbor_reader *from) {
    return from->length - from->at;
}

/* The next `count` bytes as a number, high byte first. */
static uint64_t
read_bytes(cbor_reader *from, size_t count) {
    uint64_t number = 0;
    if (rest_of(from) < count) {
        cbor_fail(from, CBOR_SHORT);
    }
    for (size_t i = 0; i < count && from->status == CBOR_OK; i++) {
        number = number << 8 | from->bytes[from->at++];
    }
    return number;
}

static head
read_head(cbor_reader *from) {
    uint8_t first = (uint8_t)read_bytes(from, 1);
    head found = {(major)(first >> 5), first & 31, first & 31};
    if (found.info == INDEFINITE) {
        cbor_fail(from, CBOR_INDEFINITE);
    } else if (found.info > EIGHT_BYTES) {
        cbor_fail(from, CBOR_MALFORMED);
    } else if (found.info > LARGEST_IN_PLACE) {
        found.number = read_bytes(from, (size_t)1 << (found.info - ONE_BYTE));
    }
    /* RFC 8949, section 3.3: such values have a form of one byte. */
    if (found.type == OTHER && found.info == ONE_BYTE && found.number < 32) {
        cbor_fail(from, CBOR_MALFORMED);
    }
    return found;
}

/* The number of an item of this type, 0 after an error. */
static uint64_t
expect(cbor_reader *from, major type) {
    head found = read_head(from);
    if (found.type != type) {
        cbor_fail(from, CBOR_TYPE);
    }
    return from->status == CBOR_OK ? found.number : 0;
}

/* A number of items of at least `size` bytes each. */
static uint32_t
expect_count(cbor_reader *from, major type, size_t size) {
    uint64_t count = expect(from, type);
    if (count > rest_of(from) / size || count > UINT32_MAX) {
        cbor_fail(from, CBOR_SHORT);
        return 0;
    }
    return (uint32_t)count;
}

uint32_t
cbor_map(cbor_reader *from) {
    return expect_count(from, MAP, 2);
}

uint32_t
cbor_array(cbor_reader *from) {
    return expect_count(from, ARRAY, 1);
}

uint64_t
cbor_unsigned(cbor_reader *from, uint64_t most) {
    uint64_t number = expect(from, UNSIGNED);
    if (number > most) {
        cbor_fail(from, CBOR_RANGE);
        return 0;
    }
    return number;
}

/* A float of 16 bits as one of 32: 5 bits of exponent become 8, and 10 of fraction 23. */
static float
half_float(uint16_t bits) {
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, exponent = bits >> 10 & 31,
             fraction = bits & 0x3FF;
    if (exponent == 0) { /* multiples of 2^-24, zeros among them */
        float small = (float)fraction / 16777216.0f;
        return sign != 0 ? -small : small;
    }
    exponent = exponent == 31 ? 255 : exponent - 15 + 127;
    uint32_t wide = sign | exponent << 23 | fraction << 13;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

static double
float_of(cbor_reader *from, head found) {
    uint32_t word = (uint32_t)found.number;
    float single = 0;
    double real = 0;
    switch (found.info) {
    case HALF:
        return (double)half_float((uint16_t)found.number);
    case SINGLE:
        memcpy(&single, &word, sizeof single);
        return (double)single;
    case DOUBLE:
        memcpy(&real, &found.number, sizeof real);
        return real;
    default:
        cbor_fail(from, CBOR_TYPE);
        return 0;
    }
}

double
cbor_number(cbor_reader *from) {
    head found = read_head(from);
    if (from->status != CBOR_OK) {
        return 0;
    }
    switch (found.type) {
    case UNSIGNED:
        return (double)found.number;
    case NEGATIVE: /* -1 - number */
        return -1.0 - (double)found.number;
    case OTHER:
        return float_of(from, found);
    default:
        cbor_fail(from, CBOR_TYPE);
        return 0;
    }
}

bool
cbor_boolean(cbor_reader *from) {
    head found = read_head(from);
    if (found.type != OTHER || (found.info != FALSE && found.info != TRUE)) {
        cbor_fail(from, CBOR_TYPE);
    }
    return from->status == CBOR_OK && found.info == TRUE;
}

cns_str
cbor_text(cbor_reader *from) {
    uint32_t length = expect_count(from, TEXT, 1);
    cns_str text = {(const char *)from->bytes + from->at, length};
    if (!cns_text_valid(text)) {
        cbor_fail(from, CBOR_TEXT);
    }
    if (from->status != CBOR_OK) {
        return (cns_str){NULL, 0};
    }
    from->at += length;
    return text;
}

void
cbor_tag(cbor_reader *from, uint64_t tag) {
    if (rest_of(from) > 0 && from->bytes[from->at] >> 5 == TAG && expect(from, TAG) != tag) {
        cbor_fail(from, CBOR_TYPE);
    }
}

/* Without items of indefinite length, a count of the items to come is all that nesting needs. */
void
cbor_skip(cbor_reader *from) {
    for (uint64_t left = 1; left > 0 && from->status == CBOR_OK; left--) {
        head found = read_head(from);
        uint64_t inside = 0;
        switch (found.type) {
        case BYTES:
        case TEXT:
            if (found.number > rest_of(from)) {
                cbor_fail(from, CBOR_SHORT);
                return;
            }
            from->at += (size_t)found.number;
            break;
        case ARRAY:
            inside = found.number;
            break;
        case MAP:
            inside = found.number <= rest_of(from) ? 2 * found.number : found.number;
            break;
        case TAG:
            inside = 1;
            break;
        default:
            break;
        }
        if (inside > rest_of(from)) { /* each of them has a byte at least */
            cbor_fail(from, CBOR_SHORT);
            return;
        }
        left += inside;
    }
}

cbor_status
cbor_end(cbor_reader *from) {
    if (from->at < from->length) {
        cbor_fail(from, CBOR_REST);
    }
    return from->status;
}
