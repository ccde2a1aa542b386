/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds a reader in pieces, each in memory of its exact size for ASan to guard. */
#ifndef PIECES_H
#define PIECES_H

#include <stdlib.h>
#include <string.h>

#include "ntriples.h"

/* Feeds a piece in memory that is gone when it was read. */
static bool
feed_piece(cns_ntriples *reader, const char *data, size_t size) {
    char *piece = malloc(size > 0 ? size : 1);
    if (piece == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(piece, data, size);
    }
    bool done = cns_ntriples_feed(reader, piece, size);
    free(piece);
    return done;
}

/* Feeds `first` bytes, then pieces of `step` bytes. */
static bool
feed_pieces(cns_ntriples *reader, const char *data, size_t size, size_t first, size_t step) {
    bool done = true;
    size_t next = first < size ? first : size;
    for (size_t at = 0; at < size && done;) {
        done = feed_piece(reader, data + at, next);
        at += next;
        next = step < size - at ? step : size - at;
    }
    return done;
}

#endif
