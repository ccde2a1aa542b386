/* SPDX-License-Identifier: Apache-2.0 */
/* CBOR (RFC 8949), read in place: items of definite length, as its section 4.2.1 asks for. */
#ifndef CBOR_H
#define CBOR_H

#include <cns/cns.h>

#define CBOR_STATUSES(X)                                                                          \
    X(OK, "well-formed")                                                                          \
    X(SHORT, "ends within an item")                                                               \
    X(REST, "goes on behind its end")                                                             \
    X(MALFORMED, "is no CBOR")                                                                    \
    X(INDEFINITE, "has an item of indefinite length")                                             \
    X(TYPE, "has an item of another type than the message asks for")                              \
    X(RANGE, "has a value that its place cannot hold")                                            \
    X(TEXT, "has text that is not UTF-8")                                                         \
    X(TWICE, "has a key twice")

typedef enum cbor_status {
#define X(name, words) CBOR_##name,
    CBOR_STATUSES(X)
#undef X
} cbor_status;

/* After an error, nothing more is read, and what is returned is 0: ask for the status at the end.
 */
typedef struct cbor_reader {
    const uint8_t *bytes;
    size_t length;
    size_t at;
    cbor_status status;
} cbor_reader;

/* The pairs of a map, or the elements of an array, that follow. */
uint32_t cbor_map(cbor_reader *from);
uint32_t cbor_array(cbor_reader *from);

/* A number up to `most`. */
uint64_t cbor_unsigned(cbor_reader *from, uint64_t most);

/* A number of any kind, rounded to a double. */
double cbor_number(cbor_reader *from);

bool cbor_boolean(cbor_reader *from);

/* Text, where it stands in the message. */
cns_str cbor_text(cbor_reader *from);

/* Reads the tag, if it is there. */
void cbor_tag(cbor_reader *from, uint64_t tag);

/* Passes over an item and all that is in it. */
void cbor_skip(cbor_reader *from);

/* Notes an error, unless there is one already. */
void cbor_fail(cbor_reader *from, cbor_status status);

/* What the whole message is: an error where something follows. */
cbor_status cbor_end(cbor_reader *from);

#endif
