/* SPDX-License-Identifier: Apache-2.0 */
/* Images: from words to one that runs, or to the reason why not. */
#include <cns/cns.h>

#include "image.h"
#include "verify.h"

const char *
cns_operands_of(uint32_t opcode) {
    static const char operands[CNS_OP_BASE + 1][4] = {
#define CNS_X(name, number, letters, meaning) [number] = letters,
        CNS_OPCODES(CNS_X)
#undef CNS_X
    };
    uint32_t base = opcode & CNS_OP_BASE;
    uint32_t form = opcode ^ base;

    if (form != 0 && ((form != CNS_UNLESS && form != CNS_IF) || !cns_is_test(base))) {
        return NULL;
    }
    return operands[base][0] != '\0' ? operands[base] : NULL;
}

bool
cns_is_test(uint32_t opcode) {
    switch (opcode) {
#define CNS_X(name, number, letters, meaning) case CNS_OP_##name:
        CNS_TEST_OPCODES(CNS_X)
#undef CNS_X
        return true;
    default:
        return false;
    }
}

uint32_t
cns_key_bits(const cns_value_layout *value) {
    bool number = value->type.form == CNS_FORM_SCALAR && value->type.tag >= CNS_BOOLEAN &&
                  value->type.tag <= CNS_DOUBLE;

    if (number) {
        return value->size == sizeof(uint64_t) ? 64 : 32;
    }
    bool enumerator = value->type.form == CNS_FORM_ENUM && value->type.tag == CNS_NONE;
    return enumerator ? 32 : 0;
}

const char *
cns_reason_text(cns_reason reason) {
    switch (reason) {
#define CNS_X(name, text)                                                                         \
    case CNS_REASON_##name:                                                                       \
        return text;
        CNS_REASONS(CNS_X)
#undef CNS_X
    default:
        return "unknown reason";
    }
}

/* ---- Steps -------------------------------------------------------------------------------- */

static uint32_t
header_of(const cns_image *image, uint32_t word) {
    return cns_word(image->words[word]);
}

/* The most steps of any function. */
static uint32_t
longest_of(const cns_image *image) {
    uint32_t longest = 0;
    for (uint32_t i = 0; i < image->function_count; i++) {
        uint32_t steps = cns_function_of(image, i).steps;
        longest = steps > longest ? steps : longest;
    }
    return longest;
}

uint32_t
cns_image_steps(const cns_image *image, uint16_t record) {
    if (record >= image->entries.length) {
        return 0;
    }
    uint32_t entry = cns_word_of(image, image->entries, record);
    if (entry >= image->function_count) {
        return 0;
    }
    uint32_t steps = cns_function_of(image, entry).steps;
    uint32_t back = header_of(image, CNS_WORD_BACK_CALLS);
    return back == 0 ? steps : cns_steps_add(steps, cns_steps_times(back, longest_of(image)));
}

/* ---- Loading ------------------------------------------------------------------------------ */

/* CRC-32 as in zip files, of the bytes of `count` words, which are little-endian everywhere. */
static uint32_t
crc_of(uint32_t crc, const uint32_t *words, uint32_t count) {
    static const uint32_t of_nibble[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    for (uint32_t i = 0; i < count; i++) {
        crc ^= cns_word(words[i]);
        for (int nibble = 0; nibble < 8; nibble++) {
            crc = crc >> 4 ^ of_nibble[crc & 15u];
        }
    }
    return crc;
}

uint32_t
cns_image_checksum(const uint32_t *words, uint32_t count) {
    uint32_t crc = crc_of(UINT32_MAX, words, CNS_WORD_CHECKSUM);
    uint32_t rest = CNS_WORD_CHECKSUM + 1u;
    return ~crc_of(crc, words + rest, count - rest);
}

/* A fault at a word of the header, unless the condition holds. */
#define HEADER_DEMAND(holds, name, word)                                                          \
    do {                                                                                          \
        if (!(holds)) {                                                                           \
            return (cns_fault){CNS_REASON_##name, (word)};                                        \
        }                                                                                         \
    } while (0)

/* Whether these are the words of an image, whole, for this machine and these records. */
static cns_fault
check_header(const cns_layout *layout, const uint32_t *words, size_t count) {
    HEADER_DEMAND(count >= CNS_HEADER_WORDS, TRUNCATED, CNS_WORD_SIZE);
    HEADER_DEMAND(cns_word(words[CNS_WORD_MAGIC]) == CNS_IMAGE_MAGIC, MAGIC, CNS_WORD_MAGIC);
    uint32_t version = cns_word(words[CNS_WORD_VERSION]);
    HEADER_DEMAND((version & 0xFFFFu) == CNS_IMAGE_VERSION, VERSION, CNS_WORD_VERSION);
    HEADER_DEMAND(version >> 16 <= CNS_REPORT_CONFORMS, VERSION, CNS_WORD_VERSION);
    uint32_t size = cns_word(words[CNS_WORD_SIZE]);
    HEADER_DEMAND(size <= count, TRUNCATED, CNS_WORD_SIZE);
    HEADER_DEMAND(size >= CNS_HEADER_WORDS, SECTION, CNS_WORD_SIZE);
    HEADER_DEMAND(cns_word(words[CNS_WORD_CHECKSUM]) == cns_image_checksum(words, size), CHECKSUM,
                  CNS_WORD_CHECKSUM);
    HEADER_DEMAND(cns_word(words[CNS_WORD_ISA]) == CNS_ISA_FINGERPRINT, ISA, CNS_WORD_ISA);
    HEADER_DEMAND(cns_word(words[CNS_WORD_LAYOUT]) == layout->fingerprint, LAYOUT,
                  CNS_WORD_LAYOUT);
    return (cns_fault){CNS_REASON_ACCEPTED, 0};
}

/* The sections, each behind the one before; together they fill the image. */
static cns_fault
find_sections(cns_image *image) {
    cns_section *const sections[CNS_SECTION_COUNT] = {
#define CNS_X(name, member) &image->member,
        CNS_SECTIONS(CNS_X)
#undef CNS_X
    };
    uint32_t size = header_of(image, CNS_WORD_SIZE);
    uint32_t start = CNS_HEADER_WORDS;
    for (uint32_t i = 0; i < CNS_SECTION_COUNT; i++) {
        uint32_t length = header_of(image, CNS_WORD_SECTIONS + i);
        HEADER_DEMAND(length <= size - start, SECTION, CNS_WORD_SECTIONS + i);
        *sections[i] = (cns_section){start, length};
        start += length;
    }
    HEADER_DEMAND(start == size, SECTION, CNS_WORD_SIZE);
    image->function_count = image->functions.length / CNS_FUNCTION_WORDS;
    return (cns_fault){CNS_REASON_ACCEPTED, 0};
}

static cns_fault
load(cns_image *image, size_t count, uint16_t *scratch, size_t scratch_count) {
    cns_fault fault = check_header(image->layout, image->words, count);
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = find_sections(image);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = cns_verify_data(image);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        fault = cns_verify_code(image, scratch, scratch_count);
    }
    return fault;
}

cns_status
cns_image_load(cns_image *image, const cns_layout *layout, const uint32_t *words, size_t count,
               const cns_limits *limits, uint16_t *scratch, size_t scratch_count,
               cns_fault *fault) {
    if (image == NULL || layout == NULL || words == NULL || limits == NULL ||
        layout->record_count > CNS_TYPE_EXPLAINED - CNS_TYPE_RECORD) {
        return CNS_BAD_ARGUMENT;
    }
    cns_image made = {.model = *layout->model, .layout = layout, .words = words};
    made.limits = *limits;
    cns_fault found = load(&made, count, scratch, scratch_count);
    if (fault != NULL) {
        *fault = found;
    }
    if (found.reason != CNS_REASON_ACCEPTED) {
        return CNS_BAD_IMAGE;
    }
    made.model.image = image;
    made.model.fingerprint = cns_word(words[CNS_WORD_CHECKSUM]);
    made.model.check_count = (uint16_t)made.checks.length;
    made.report = (uint8_t)(cns_word(words[CNS_WORD_VERSION]) >> 16);
    *image = made;
    return CNS_OK;
}
