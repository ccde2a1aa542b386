/* SPDX-License-Identifier: Apache-2.0 */
/* How much stack a call takes: paint what lies below, call, and see where paint is left. */
#ifndef PAINT_H
#define PAINT_H

#include <cns/cns.h>

/* Validates a record; returns the bytes of stack that cns_dispatch wrote to, at most `depth`. */
uint32_t paint_dispatch(const cns_model *model, uint32_t kind, const void *record, uint32_t depth);

/* Returns the bytes of stack that a function wrote to, at most `depth`. */
uint32_t paint_call(void (*call)(void), uint32_t depth);

#endif
