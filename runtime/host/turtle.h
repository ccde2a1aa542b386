/* SPDX-License-Identifier: Apache-2.0 */
/* Reads Turtle, where the library serd is there. */
#ifndef CNS_HOST_TURTLE_H
#define CNS_HOST_TURTLE_H

#include "input.h"

#include <stdio.h>

/* Reads an open file. False where it cannot: stderr has the reason. */
bool cns_turtle_read(cns_input *input, const char *file, FILE *stream);

#endif
