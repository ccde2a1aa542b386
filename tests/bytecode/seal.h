/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums of images, computed bit by bit over their bytes. */
#include "../../runtime/image.h"

static uint32_t
crc_by_bits(const unsigned char *bytes, size_t length, uint32_t crc) {
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc % 2 != 0 ? 0xEDB88320u : 0);
        }
    }
    return crc;
}

/* Makes the checksum right, in the bytes of the file. */
static void
seal(uint32_t *image, size_t count) {
    unsigned char *bytes = (unsigned char *)image;
    size_t rest = CNS_WORD_CHECKSUM + 1;
    if (count < rest) {
        return;
    }
    uint32_t crc = crc_by_bits(bytes, 4 * CNS_WORD_CHECKSUM, UINT32_MAX);
    crc = ~crc_by_bits(bytes + 4 * rest, 4 * (count - rest), crc);
    for (int i = 0; i < 4; i++) {
        bytes[4 * CNS_WORD_CHECKSUM + i] = (unsigned char)(crc >> 8 * i);
    }
}
