/* SPDX-License-Identifier: Apache-2.0 */
/* A date and time of 20 bytes through its pattern, in a window; exits with 1 if it is not found.
 */
#include "window.h"

#include <cns/cns.h>

#include "short_pattern.h"

/* Written at run time, so that the compiler cannot know the answer. */
static volatile uint32_t length = 20;

int
main(void) {
    bool found;

    window_begin();
    found = cns_pattern_matches(&SHORT, "2024-02-29T12:00:00Z", length);
    window_end();
    return found ? 0 : 1;
}
