/* SPDX-License-Identifier: Apache-2.0 */
/* Shows that the C environment is complete: data, floating point, the library, output. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static volatile uint32_t initialized = 0x2545f491;
static volatile uint32_t cleared[4];
static volatile double third = 1.0 / 3.0;

int
main(void) {
    if (initialized != 0x2545f491)
        return 1;
    if (strtol("99999999999", NULL, 10) != INT32_MAX || errno != ERANGE)
        return 2;
    for (int i = 0; i < 4; i++)
        if (cleared[i] != 0)
            return 3;
    if (third * 3.0 != 1.0)
        return 4;
    printf("hello from a processor with %u-bit pointers\n", (unsigned)(8 * sizeof(void *)));
    return 0;
}
