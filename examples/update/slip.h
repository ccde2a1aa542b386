/* SPDX-License-Identifier: Apache-2.0 */
/* Frames on a serial line, as RFC 1055 has them: bytes between two ENDs, END itself escaped. */
#ifndef SLIP_H
#define SLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A frame that comes in, byte by byte, where it is to lie. It needs neither a length in front nor
 * a clock: after noise, lost bytes or half a frame, the next END begins anew.
 */
typedef struct slip {
    uint8_t *frame;
    size_t capacity;
    size_t length; /* of the frame; above `capacity`, of which the rest was dropped */
    bool escaped;
} slip;

/* Waits for a frame, which is to lie at `frame`. */
void slip_begin(slip *line, uint8_t *frame, size_t capacity);

/* Takes a byte from the line; true where it ends a frame, which is never empty. */
bool slip_take(slip *line, uint8_t byte);

#endif
