/* SPDX-License-Identifier: Apache-2.0 */
/* Semihosting calls for Arm and RISC-V, which share operation numbers and argument blocks. */
#include "semihosting.h"

#include <stdint.h>

enum {
    SYS_OPEN = 0x01,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_EXIT_EXTENDED = 0x20
};

enum {
    OPEN_TO_READ = 0,
    OPEN_TO_WRITE = 4,
    STOPPED_BY_APPLICATION = 0x20026,
    FAULT_EXIT_CODE = 99
};

/* One call: `operation` in the first register, the address of its arguments in the second. */
static uintptr_t
call(uintptr_t operation, const uintptr_t *arguments) {
#if defined(__riscv)
    register uintptr_t result __asm__("a0") = operation;
    register const uintptr_t *block __asm__("a1") = arguments;
    /* The debugger recognizes these three words, uncompressed and within one page. */
    __asm__ volatile(".balign 16\n"
                     ".option push\n"
                     ".option norvc\n"
                     "slli zero, zero, 0x1f\n"
                     "ebreak\n"
                     "srai zero, zero, 7\n"
                     ".option pop"
                     : "+r"(result)
                     : "r"(block)
                     : "memory");
#else
    register uintptr_t result __asm__("r0") = operation;
    register const uintptr_t *block __asm__("r1") = arguments;
    __asm__ volatile("bkpt 0xab" : "+r"(result) : "r"(block) : "memory");
#endif
    return result;
}

static uintptr_t
open_console(uintptr_t mode) {
    static const char name[] = ":tt";
    const uintptr_t arguments[] = {(uintptr_t)name, mode, sizeof name - 1};
    return call(SYS_OPEN, arguments);
}

size_t
semihosting_write(const void *bytes, size_t size) {
    static uintptr_t console; /* the host's handles start at 1 */
    if (console == 0)
        console = open_console(OPEN_TO_WRITE);
    const uintptr_t arguments[] = {console, (uintptr_t)bytes, size};
    return call(SYS_WRITE, arguments);
}

size_t
semihosting_read(void *bytes, size_t size) {
    static uintptr_t console;
    if (console == 0)
        console = open_console(OPEN_TO_READ);
    const uintptr_t arguments[] = {console, (uintptr_t)bytes, size};
    uintptr_t unread = call(SYS_READ, arguments);
    return unread < size ? size - unread : 0; /* a line that cannot be read has ended */
}

_Noreturn void
semihosting_exit(int code) {
    const uintptr_t arguments[] = {STOPPED_BY_APPLICATION, (uintptr_t)code};
    call(SYS_EXIT_EXTENDED, arguments);
    for (;;) {
    }
}

_Noreturn void
semihosting_fault(void) {
    static const char message[] = "processor fault\n";
    semihosting_write(message, sizeof message - 1);
    semihosting_exit(FAULT_EXIT_CODE);
}
