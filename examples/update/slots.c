/* SPDX-License-Identifier: Apache-2.0 */
/* Two slots for images, and the pointer that says which one runs. */
#include "slots.h"

#include "pump.h"

_Static_assert(PUMP_IMAGE_REGISTERS <= SLOT_REGISTERS, "the image that is built in fits");
_Static_assert(PUMP_IMAGE_SCRATCH <= CNS_OPTIMIZE_SCRATCH(SLOT_WORDS), "it can be verified");

/* Verifies the image and makes *image of it. Signals come one by one: all share the registers. */
static cns_fault
load(slots *all, cns_image *image, const uint32_t *words, size_t count) {
    const cns_limits limits = {all->registers, SLOT_REGISTERS, SLOT_STEPS};
    cns_fault fault;

    cns_image_load(image, &pump_layout, words, count, &limits, all->scratch,
                   CNS_OPTIMIZE_SCRATCH(SLOT_WORDS), &fault);
    return fault;
}

cns_fault
slots_start(slots *all) {
    cns_fault fault = load(all, &all->first, pump_image, PUMP_IMAGE_WORDS);
    if (fault.reason == CNS_REASON_ACCEPTED) {
        all->active = &all->first.model;
    }
    return fault;
}

slot *
slots_idle(slots *all) {
    return &all->both[all->active == &all->both[0].image.model];
}

cns_fault
slots_take(slots *all, size_t count, cns_optimized *done) {
    slot *idle = slots_idle(all);
    cns_fault fault = load(all, &idle->image, idle->words, count);

    *done = (cns_optimized){0};
    if (fault.reason == CNS_REASON_ACCEPTED &&
        cns_image_optimize(&pump_layout, idle->words, &count, all->scratch,
                           CNS_OPTIMIZE_SCRATCH(SLOT_WORDS), done) == CNS_OK) {
        fault = load(all, &idle->image, idle->words, count);
    }
    if (fault.reason == CNS_REASON_ACCEPTED) {
        all->active = &idle->image.model;
    }
    return fault;
}
