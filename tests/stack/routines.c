/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the stack that routines outside of cns take: of the compiler and of the C library. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "paint.h"

static volatile double real = 1.5;
static volatile float single = 1.5F;
static volatile int64_t large = INT64_MIN;
static volatile uint64_t natural = UINT64_MAX;
static volatile int32_t small = 7;
static volatile bool truth;
static char from[64], to[64];

#define ROUTINES(X)                                                                               \
    X(multiply_reals, real = real * real)                                                         \
    X(divide_reals, real = real / real)                                                           \
    X(add_reals, real = real + real)                                                              \
    X(compare_reals, truth = real < real || real == 2.0)                                          \
    X(multiply_singles, single = single * single)                                                 \
    X(compare_singles, truth = single < single || single == 2.0F)                                 \
    X(widen_single, real = (double)single)                                                        \
    X(widen_long, real = (double)large)                                                           \
    X(widen_natural, real = (double)natural)                                                      \
    X(divide_longs, large = large / small)                                                        \
    X(remainder_of_longs, large = large % small)                                                  \
    X(divide_naturals, natural = natural / (uint64_t)small)                                       \
    X(multiply_longs, large = large * large)                                                      \
    X(shift_long, natural = natural << small)                                                     \
    X(divide_ints, small = small / small + 6)                                                     \
    X(compare_memory, truth = memcmp(from, to, sizeof to) != 0)                                   \
    X(copy_memory, memcpy(to, from, (size_t)small))                                               \
    X(move_memory, memmove(to + 1, to, (size_t)small))                                            \
    X(set_memory, memset(to, small, (size_t)small))

#define FUNCTION(name, statement)                                                                 \
    static void name(void) {                                                                      \
        statement;                                                                                \
    }
ROUTINES(FUNCTION)

#define PRINT(name, statement) printf("%s %u\n", #name, (unsigned)paint_call(name, 1024));

int
main(void) {
    ROUTINES(PRINT)
    return 0;
}
