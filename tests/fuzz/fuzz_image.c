/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an image, with a right header and checksum, through loader and verifier. */
#include <stdlib.h>
#include <string.h>

#include "../../runtime/image.h"
#include "../bytecode/layout.h"
#include "../bytecode/seal.h"

enum {
    MOST_WORDS = 1024
};

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

/* What only says that the image is whole and for this program; the rest is the fuzzer's. */
static void
set_header(uint32_t *words, size_t count) {
    words[CNS_WORD_MAGIC] = cns_word(CNS_IMAGE_MAGIC);
    words[CNS_WORD_ISA] = cns_word(CNS_ISA_FINGERPRINT);
    words[CNS_WORD_LAYOUT] = cns_word(layout.fingerprint);
    words[CNS_WORD_SIZE] = cns_word((uint32_t)count);
    seal(words, count);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
    size_t count = size / sizeof(uint32_t);
    if (count > MOST_WORDS) {
        return 0;
    }
    /* Each of its exact size, which ASan guards. */
    uint32_t *words = malloc(count > 0 ? count * sizeof *words : 1);
    uint16_t *scratch = malloc(count > 0 ? CNS_VERIFY_SCRATCH(count) * sizeof *scratch : 1);
    if (words == NULL || scratch == NULL) {
        abort();
    }
    memcpy(words, bytes, count * sizeof *words);
    if (count >= CNS_HEADER_WORDS) {
        set_header(words, count);
    }
    cns_image image;
    cns_fault fault;
    cns_limits limits = {NULL, 64, 0};
    cns_status status = cns_image_load(&image, &layout, words, count, &limits, scratch,
                                       CNS_VERIFY_SCRATCH(count), &fault);
    if (status == CNS_OK ? fault.reason != CNS_REASON_ACCEPTED || image.model.image != &image
                         : fault.offset > count && count >= CNS_HEADER_WORDS) {
        abort();
    }
    free(scratch);
    free(words);
    return 0;
}
