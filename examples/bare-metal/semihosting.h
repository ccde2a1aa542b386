/* SPDX-License-Identifier: Apache-2.0 */
/* Semihosting: the debugger, or QEMU, does input and output for a program without a system. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stddef.h>

/* Writes `size` bytes to the host's standard output. Returns the number of bytes not written. */
size_t semihosting_write(const void *bytes, size_t size);

/* Reads up to `size` bytes from the host's standard input. Returns how many; 0 at its end. */
size_t semihosting_read(void *bytes, size_t size);

/* Ends the program. The low 8 bits of `code` become the exit code of the emulator. */
_Noreturn void semihosting_exit(int code);

/* Ends the program after a processor fault, with 99: the exit code that Meson shows as an error.
 */
_Noreturn void semihosting_fault(void);

#endif
