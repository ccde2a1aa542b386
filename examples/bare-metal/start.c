/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to main, the same on every processor. Constructors are not run: this is for C. */
#include "start.h"

#include <stdint.h>
#include <stdlib.h>

/* Addresses from sections.ld; only the addresses of these objects mean something. */
extern const uint32_t data_image[];
extern uint32_t data_start[], data_end[], bss_start[], bss_end[];

int main(void);

static void
copy_data(void) {
    const uint32_t *from = data_image;
    for (uint32_t *to = data_start; to != data_end; to++)
        *to = *from++;
}

static void
clear_bss(void) {
    for (uint32_t *word = bss_start; word != bss_end; word++)
        *word = 0;
}

_Noreturn void
start(void) {
    copy_data();
    clear_bss();
    exit(main());
}
