/* SPDX-License-Identifier: Apache-2.0 */
/* RISC-V entry: the first instructions, which set the registers that C relies on. */
#include "semihosting.h"
#include "start.h"

/* mtvec holds an address whose two low bits are zero. */
__attribute__((aligned(4), used)) static void
trap(void) {
    semihosting_fault();
}

__attribute__((naked, section(".entry"), used)) void
entry(void) {
    __asm__ volatile(".option push\n"
                     ".option arch, +zicsr\n"
                     ".option norelax\n"
                     "la gp, global_pointer\n"
                     "la sp, stack_top\n"
                     "la tp, tls_start\n"
                     "la t0, trap\n"
                     "csrw mtvec, t0\n"
                     ".option pop\n"
                     "tail start");
}
