/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for images: one slot runs while the other is filled, checked, and put in its place. */
#ifndef SLOTS_H
#define SLOTS_H

#include <cns/cns.h>

/* What this firmware has for images, and the steps that its schedule has for a record. */
enum {
    SLOT_WORDS = 256,
    SLOT_REGISTERS = 8,
    SLOT_STEPS = 64
};

/* An image that came in. A firmware that keeps it over a reset has its words in flash. */
typedef struct slot {
    uint32_t words[SLOT_WORDS];
    cns_image image;
} slot;

/* All of it. Verifying uses `scratch` alone: an interrupt may dispatch signals meanwhile. */
typedef struct slots {
    const cns_model *active; /* what signals are dispatched to */
    slot both[2];
    cns_image first; /* the image that was built in: its words are in flash */
    cns_register registers[SLOT_REGISTERS];
    uint16_t scratch[CNS_OPTIMIZE_SCRATCH(SLOT_WORDS)];
} slots;

/* Starts with the image that was built in. */
cns_fault slots_start(slots *all);

/* The slot that is not running: the next image is to lie there. Results from the image before
   refer to its words: they have to be done with when the first byte arrives. */
slot *slots_idle(slots *all);

/*
 * Takes `count` words in the idle slot as an image, and optimizes it; *done says what that did.
 * It runs from the next signal on. One that is refused changes nothing but the idle slot.
 */
cns_fault slots_take(slots *all, size_t count, cns_optimized *done);

#endif
