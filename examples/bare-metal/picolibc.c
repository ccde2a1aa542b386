/* SPDX-License-Identifier: Apache-2.0 */
/* What picolibc leaves to the board: the standard streams and the end of the program. */
#include "semihosting.h"

#include <stdio.h>

int getpid(void);
int kill(int process, int signal);
_Noreturn void _exit(int code);

static int
put(char byte, FILE *stream) {
    (void)stream;
    return semihosting_write(&byte, 1) == 0 ? byte : EOF;
}

static int
get(FILE *stream) {
    unsigned char byte;
    (void)stream;
    return semihosting_read(&byte, 1) == 1 ? byte : EOF;
}

static FILE console = FDEV_SETUP_STREAM(put, get, NULL, _FDEV_SETUP_RW);

FILE *const stdin = &console;
FILE *const stdout = &console;
FILE *const stderr = &console;

int
getpid(void) {
    return 1;
}

int
kill(int process, int signal) {
    (void)process;
    _exit(128 + signal); /* abort() and assert() end here */
}

_Noreturn void
_exit(int code) {
    semihosting_exit(code);
}
