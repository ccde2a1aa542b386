/* SPDX-License-Identifier: Apache-2.0 */
/* Cortex-M entry: the vector table that the core reads at reset and at faults. */
#include "semihosting.h"
#include "start.h"

#include <stdint.h>

extern const char stack_top[]; /* from sections.ld */

/* At reset, an FPU refuses every instruction, and the code behind may begin with one. */
static _Noreturn void
reset(void) {
#if defined(__ARM_FP)
    volatile uint32_t *const coprocessor_access = (volatile uint32_t *)0xe000ed88u;
    *coprocessor_access |= 0xfu << 20;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    start();
}

typedef union {
    const void *stack;
    void (*handler)(void);
} vector;

/* The initial stack pointer and the 15 system exceptions. Interrupts stay disabled. */
__attribute__((section(".entry"), used)) static const vector vectors[] = {
    {.stack = stack_top},
    {.handler = reset},
    [2] = {.handler = semihosting_fault},  /* NMI */
    [3] = {.handler = semihosting_fault},  /* HardFault */
    [4] = {.handler = semihosting_fault},  /* MemManage */
    [5] = {.handler = semihosting_fault},  /* BusFault */
    [6] = {.handler = semihosting_fault},  /* UsageFault */
    [11] = {.handler = semihosting_fault}, /* SVCall */
    [12] = {.handler = semihosting_fault}, /* DebugMonitor */
    [14] = {.handler = semihosting_fault}, /* PendSV */
    [15] = {.handler = semihosting_fault}, /* SysTick */
};
