/* SPDX-License-Identifier: Apache-2.0 */
/* Validates what a driver has measured, in the driver's own struct. */
#include "climate.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static void
put(const char *text) {
    fwrite(text, 1, strlen(text), stdout);
}

/* Prints what is wrong with a sample; returns whether that is `expected` violations. */
static bool
check(const char *what, const struct hdc1080_data *data, uint16_t expected) {
    cns_violation found[8];
    cns_result result;
    char line[160];

    cns_result_init(&result, found, LENGTH(found));
    climate_reading_validate(data, &result);
    put(result.conforms ? "ok      " : "refused ");
    put(what);
    put("\n");
    for (uint16_t i = 0; i < result.count; i++) {
        cns_violation_format(&climate_model, &found[i], line, sizeof line);
        put("        ");
        put(line);
        put("\n");
    }
    return result.status == CNS_OK && result.count == expected;
}

int
main(void) {
    struct hdc1080_data good = {
        .flags = HDC1080_HAS_BATTERY,
        .mode = HDC1080_CONTINUOUS,
        .serial = "HDC-0042",
        .supply = {.millivolts = 3012, .charging = 1},
    };
    hdc1080_decode(&good, 0x6400, 0x8000);

    struct hdc1080_data wet = good;
    hdc1080_decode(&wet, 0xF000, 0xFFFF);

    struct hdc1080_data asleep = good;
    asleep.mode = HDC1080_SLEEP;
    asleep.temperature = HDC1080_NO_TEMPERATURE;
    asleep.flags = HDC1080_HAS_BATTERY;
    asleep.supply.millivolts = 2650;

    struct hdc1080_data strange = good;
    memset(strange.serial, 0, sizeof strange.serial);
    memcpy(strange.serial, "X1", 2);
    strange.flags = 0;

    bool expected = check("a reading", &good, 0);
    expected &= check("a reading in the shower", &wet, 3);
    expected &= check("a sensor asleep, on a low battery", &asleep, 3);
    expected &= check("a sensor of another make", &strange, 2);
    return expected ? 0 : 1;
}
