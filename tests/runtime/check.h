/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of a C test program: each failure is printed, and main returns check_status(). */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include <cns/cns.h>

static int check_failures;

#define CHECK(expression)                                                                         \
    ((expression) ? (void)0                                                                       \
                  : (void)(check_failures++,                                                      \
                           fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #expression)))

static int
check_status(void) {
    return check_failures > 0;
}

#endif
