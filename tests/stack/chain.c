/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the stack that a chain of records takes that is as long as the model allows. */
#include <stdio.h>

#include "m.h"
#include "paint.h"

#ifndef LENGTH
#define LENGTH 1
#endif

static m_c chain[LENGTH];

int
main(void) {
    for (unsigned i = 0; i < LENGTH; i++) {
        m_c_set_x(&chain[i], 1.5);
        m_c_set_name(&chain[i], (cns_str)CNS_STR("a"));
        if (i + 1 < LENGTH) {
            m_c_add_next(&chain[i], &chain[i + 1]);
        }
    }
    printf("%u\n", (unsigned)paint_dispatch(&m_model, M_KIND_C, chain, 4096));
    return 0;
}
