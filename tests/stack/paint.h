/* SPDX-License-Identifier: Apache-2.0 */
/* How much stack cns_dispatch takes: paint what lies below, call, and see where paint is left. */
#ifndef PAINT_H
#define PAINT_H

#include <cns/cns.h>

/* Validates a record; returns the bytes of stack that this wrote to, at most `depth`. */
uint32_t paint_dispatch(const cns_model *model, uint32_t kind, const void *record, uint32_t depth);

#endif
