/* SPDX-License-Identifier: Apache-2.0 */
/* The stack pointer stays where it is between painting and looking, and nothing else is called. */
#include "paint.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    PAINT = 0xA5,
    VIOLATIONS = 64
};

static cns_violation violations[VIOLATIONS];
static cns_result result;

INLINE volatile uint8_t *
stack_pointer(void) {
    volatile uint8_t *top;
#if defined(__x86_64__)
    __asm__ volatile("mov %%rsp, %0" : "=r"(top));
#elif defined(__arm__) || defined(__aarch64__)
    __asm__ volatile("mov %0, sp" : "=r"(top));
#elif defined(__riscv)
    __asm__ volatile("mv %0, sp" : "=r"(top));
#endif
    return top;
}

INLINE void
paint_below(volatile uint8_t *top, uint32_t depth) {
    for (uint32_t at = 1; at <= depth; at++) {
        top[-(intptr_t)at] = PAINT;
    }
}

INLINE uint32_t
used_below(volatile uint8_t *top, uint32_t depth) {
    while (depth > 0 && top[-(intptr_t)depth] == PAINT) {
        depth--;
    }
    return depth;
}

uint32_t
paint_dispatch(const cns_model *model, uint32_t kind, const void *record, uint32_t depth) {
    const cns_signal signal = {.payload = record, .kind = kind};
    cns_result_init(&result, violations, VIOLATIONS);
    volatile uint8_t *top = stack_pointer();
    paint_below(top, depth);
    cns_dispatch(model, &signal, &result);
    return used_below(top, depth);
}

uint32_t
paint_call(void (*call)(void), uint32_t depth) {
    volatile uint8_t *top = stack_pointer();
    paint_below(top, depth);
    call();
    return used_below(top, depth);
}
