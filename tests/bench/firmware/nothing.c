/* SPDX-License-Identifier: Apache-2.0 */
/* Checks nothing: what is left of the program without the code under test. */
#include "verdict.h"

message_message verdict_record;

bool
verdict_start(void) {
    return true;
}

void
verdict_check(void) {
}

bool
verdict_is(unsigned expected) {
    (void)expected;
    return true;
}
