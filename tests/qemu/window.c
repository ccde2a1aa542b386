/* SPDX-License-Identifier: Apache-2.0 */
/* The markers return at once. The clobbers keep memory accesses on their side of the call; the
   comments differ so that the compiler does not merge the two functions. */
#include "window.h"

__attribute__((noinline)) void
window_begin(void) {
    __asm__ volatile("/* begin */" ::: "memory");
}

__attribute__((noinline)) void
window_end(void) {
    __asm__ volatile("/* end */" ::: "memory");
}
