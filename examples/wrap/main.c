/* SPDX-License-Identifier: Apache-2.0 */
/* Checks a reading that is too hot. */
#include "model.h"

#include <stdio.h>

int
main(void) {
    cns_violation found[4];
    cns_result result;
    cns_result_init(&result, found, 4);

    model_reading reading = MODEL_READING_INIT;
    model_reading_set_celsius(&reading, 90.5);
    model_reading_validate(&reading, &result);

    for (unsigned i = 0; i < result.count; i++) {
        char line[160];
        cns_violation_format(&model_model, &found[i], line, sizeof line);
        puts(line);
    }
}
