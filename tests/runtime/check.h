/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of a C test program: each failure is printed, and main returns check_status(). */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include <cns/cns.h>

static int check_failures;

/* A check in a loop over a table; a failure names the row too. */
#define CHECK_ROW(expression, row)                                                                \
    ((expression) ? (void)0                                                                       \
                  : (void)(check_failures++, fprintf(stderr, "%s:%d: row %u: %s\n", __FILE__,     \
                                                     __LINE__, (unsigned)(row), #expression)))

#define CHECK(expression) CHECK_ROW(expression, 0)

static int
check_status(void) {
    return check_failures > 0;
}

#endif
