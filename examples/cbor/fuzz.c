/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever bytes arrive: reading stays in bounds, and what it makes is a record. */
#include "message.h"
#include "samples.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The entry of libFuzzer and of AFL++; a broken promise aborts. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    report made;
    cns_result result;
    size_t at;
    cbor_status status = message_read(bytes, length, &made, &at);
    if (at > length || (status == CBOR_OK && at < length)) {
        abort();
    }
    if (status == CBOR_OK) {
        cns_result_init(&result, NULL, 0);
        if (air_report_validate(&made.record, &result) != CNS_OK) {
            abort();
        }
    }
    return 0;
}

#ifndef FUZZER
/* Without a fuzzer: the samples, each damaged in many ways, the same ones in every run. */

enum {
    ROUNDS = 20000,
    LONGEST = 128 /* bytes of a damaged sample */
};

static uint32_t
draw(uint32_t *state, uint32_t below) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % below;
}

/* Changes, removes, or doubles a byte, or cuts the end off; returns the new length. */
static size_t
damage(uint8_t *bytes, size_t length, uint32_t *state) {
    static const uint8_t edges[] = {0x00, 0x17, 0x18, 0x1B, 0x3B, 0x5B, 0x7F,
                                    0x9B, 0xBB, 0xDF, 0xF8, 0xFB, 0xFF};
    if (length == 0) {
        return 0;
    }
    size_t at = draw(state, (uint32_t)length);
    switch (draw(state, 5)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << draw(state, 8));
        return length;
    case 1:
        bytes[at] = edges[draw(state, sizeof edges)];
        return length;
    case 2:
        memmove(bytes + at, bytes + at + 1, length - at - 1);
        return length - 1;
    case 3:
        if (length == LONGEST) {
            return length;
        }
        memmove(bytes + at + 1, bytes + at, length - at);
        return length + 1;
    default:
        return at;
    }
}

/* Runs a copy of just these bytes, so that a sanitizer sees where they end. */
static void
try_copy(const uint8_t *bytes, size_t length) {
    uint8_t *copy = malloc(length > 0 ? length : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, bytes, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
}

int
main(void) {
    uint32_t state = 2463534242u;
    uint8_t bytes[LONGEST];
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        for (int round = 0; round < ROUNDS; round++) {
            size_t length = samples[i].length;
            memcpy(bytes, samples[i].bytes, length);
            for (uint32_t times = 1 + draw(&state, 4); times > 0; times--) {
                length = damage(bytes, length, &state);
            }
            try_copy(bytes, length);
        }
    }
    return 0;
}
#endif
