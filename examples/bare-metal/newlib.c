/* SPDX-License-Identifier: Apache-2.0 */
/* The system calls that newlib leaves to the board: input, output and a heap, no files. */
#include "semihosting.h"

#include <errno.h>
#include <stddef.h>
#include <sys/stat.h>

/* From sections.ld; only the addresses of these objects mean something. */
extern char __heap_start[], __heap_end[];

int _write(int file, const char *bytes, int size);
int _read(int file, char *bytes, int size);
int _close(int file);
int _lseek(int file, int offset, int origin);
int _fstat(int file, struct stat *status);
int _isatty(int file);
void *_sbrk(ptrdiff_t size);
int _getpid(void);
int _kill(int process, int signal);
_Noreturn void _exit(int code);

static int
fail(int error) {
    errno = error;
    return -1;
}

int
_write(int file, const char *bytes, int size) {
    (void)file; /* both standard streams go to the console */
    return size - (int)semihosting_write(bytes, (size_t)size);
}

int
_read(int file, char *bytes, int size) {
    (void)file; /* there is one input */
    return (int)semihosting_read(bytes, (size_t)size);
}

int
_close(int file) {
    (void)file;
    return 0;
}

int
_lseek(int file, int offset, int origin) {
    (void)file, (void)offset, (void)origin;
    return fail(ESPIPE);
}

int
_fstat(int file, struct stat *status) {
    (void)file;
    *status = (struct stat){.st_mode = S_IFCHR};
    return 0;
}

int
_isatty(int file) {
    (void)file;
    return 1; /* output appears line by line */
}

void *
_sbrk(ptrdiff_t size) {
    static char *top = __heap_start;
    if (size > __heap_end - top) {
        errno = ENOMEM;
        return (void *)-1; /* what newlib's malloc tests for */
    }
    char *block = top;
    top += size;
    return block;
}

int
_getpid(void) {
    return 1;
}

int
_kill(int process, int signal) {
    (void)process;
    _exit(128 + signal); /* abort() and assert() end here */
}

_Noreturn void
_exit(int code) {
    semihosting_exit(code);
}
