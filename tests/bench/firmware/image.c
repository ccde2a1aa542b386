/* SPDX-License-Identifier: Apache-2.0 */
/* The machine that runs the image of the model. Loading the image is a window of its own. */
#include "verdict.h"
#include "window.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

message_message verdict_record;
static cns_register registers[MESSAGE_IMAGE_REGISTERS];
static uint16_t scratch[MESSAGE_IMAGE_SCRATCH];
static cns_image image;
static cns_violation found[STORAGE];
static cns_result result;

bool
verdict_start(void) {
    const cns_limits limits = {registers, LENGTH(registers), 0};
    window_begin();
    cns_status status = cns_image_load(&image, &message_layout, message_image, MESSAGE_IMAGE_WORDS,
                                       &limits, scratch, LENGTH(scratch), NULL);
    window_end();
    cns_result_init(&result, found, STORAGE);
    result.model = &image.model;
    return status == CNS_OK;
}

void
verdict_check(void) {
    cns_image_run(MESSAGE_LAYOUT_MESSAGE, &verdict_record, &result);
}

bool
verdict_is(unsigned expected) {
    unsigned failed = 0;
    for (unsigned i = 0; i < result.count; i++)
        failed |= 1u << found[i].check;
    return result.status == CNS_OK && result.conforms == (expected == 0) && failed == expected;
}
