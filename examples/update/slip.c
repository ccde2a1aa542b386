/* SPDX-License-Identifier: Apache-2.0 */
/* Frames from the bytes of a serial line. */
#include "slip.h"

enum {
    END = 0xC0,
    ESCAPE = 0xDB,
    ESCAPED_END = 0xDC,
    ESCAPED_ESCAPE = 0xDD
};

/* The byte that the one behind an ESCAPE stands for; any other is noise, and kept as it is. */
static uint8_t
unescape(uint8_t byte) {
    switch (byte) {
    case ESCAPED_END:
        return END;
    case ESCAPED_ESCAPE:
        return ESCAPE;
    default:
        return byte;
    }
}

static void
append(slip *line, uint8_t byte) {
    if (line->length < line->capacity) {
        line->frame[line->length] = byte;
    }
    line->length += line->length <= line->capacity;
}

void
slip_begin(slip *line, uint8_t *frame, size_t capacity) {
    *line = (slip){.frame = frame, .capacity = capacity};
}

bool
slip_take(slip *line, uint8_t byte) {
    if (byte == END) {
        line->escaped = false;
        return line->length != 0;
    }
    if (byte == ESCAPE && !line->escaped) {
        line->escaped = true;
        return false;
    }
    append(line, line->escaped ? unescape(byte) : byte);
    line->escaped = false;
    return false;
}
