/* SPDX-License-Identifier: Apache-2.0 */
/* The stack pointer stays where it is between painting and looking, and nothing else is called. */
#include "paint.h"

#if defined(__x86_64__)
#define READ_STACK_POINTER "mov %%rsp, %0"
#elif defined(__arm__) || defined(__aarch64__)
#define READ_STACK_POINTER "mov %0, sp"
#elif defined(__riscv)
#define READ_STACK_POINTER "mv %0, sp"
#endif

enum {
    PAINT = 0xA5,
    VIOLATIONS = 64
};

static cns_violation violations[VIOLATIONS];
static cns_result result;

uint32_t
paint_dispatch(const cns_model *model, uint32_t kind, const void *record, uint32_t depth) {
    const cns_signal signal = {.payload = record, .kind = kind};
    cns_result_init(&result, violations, VIOLATIONS);
    volatile uint8_t *top;
    __asm__ volatile(READ_STACK_POINTER : "=r"(top));
    for (uint32_t at = 1; at <= depth; at++) {
        top[-(intptr_t)at] = PAINT;
    }
    cns_dispatch(model, &signal, &result);
    uint32_t used = depth;
    while (used > 0 && top[-(intptr_t)used] == PAINT) {
        used--;
    }
    return used;
}
