/* SPDX-License-Identifier: Apache-2.0 */
/* Checks samples as a thermostat would: says which field broke which constraint, and why. */
#include "thermostat.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* All output goes through here; on a board of your own, write to a serial line instead. */
static void
put(const char *text) {
    fwrite(text, 1, strlen(text), stdout);
}

typedef struct sample {
    const char *what;
    cns_signal signal;
    uint16_t violations; /* how many this program expects */
} sample;

/* Prints the verdict on a sample; returns whether it is the expected one. */
static bool
check(const sample *given) {
    cns_violation found[4];
    cns_result result;
    char line[160];

    cns_result_init(&result, found, LENGTH(found));
    cns_dispatch(&thermostat_model, &given->signal, &result);
    put(result.conforms ? "ok      " : "refused ");
    put(given->what);
    put("\n");
    for (uint16_t i = 0; i < result.count; i++) {
        cns_violation_format(&thermostat_model, &found[i], line, sizeof line);
        put("        ");
        put(line);
        put("\n");
    }
    return result.status == CNS_OK && result.count == given->violations;
}

static thermostat_temperature
celsius(float value) {
    thermostat_temperature made = THERMOSTAT_TEMPERATURE_INIT;
    thermostat_temperature_set_numeric_value(&made, value);
    thermostat_temperature_set_unit(&made, THERMOSTAT_TEMPERATURE_UNIT_DEG_C);
    return made;
}

/* A reading without fault, for the samples to spoil. */
static thermostat_reading
reading_of(const thermostat_temperature *result) {
    thermostat_reading made = THERMOSTAT_READING_INIT;
    thermostat_reading_set_result_time(&made, (cns_datetime){.seconds = 1795219200});
    thermostat_reading_set_made_by_sensor(&made,
                                          (cns_ref){.class_id = THERMOSTAT_CLASS_AIR_THERMOMETER});
    thermostat_reading_set_has_result(&made, result);
    thermostat_reading_set_room(&made, cns_str_of("kitchen"));
    thermostat_reading_add_sample(&made, 214);
    thermostat_reading_add_sample(&made, 216);
    thermostat_reading_set_battery(&made, 80);
    return made;
}

static thermostat_order
order_of(uint8_t mode, float value) {
    thermostat_order made = THERMOSTAT_ORDER_INIT;
    thermostat_order_set_mode(&made, mode);
    thermostat_order_set_celsius(&made, value);
    return made;
}

int
main(void) {
    const thermostat_temperature warm = celsius(21.5f), scorching = celsius(230.0f);

    const thermostat_reading good = reading_of(&warm);
    const thermostat_reading hot = reading_of(&scorching);

    thermostat_reading strange = good;
    strange.made_by_sensor.class_id = THERMOSTAT_CLASS_DOOR_CONTACT;

    thermostat_reading tired = good;
    tired.battery = 4;

    thermostat_reading poor = good;
    poor.has &= ~THERMOSTAT_READING_HAS_RESULT_TIME;
    poor.room = cns_str_of("the room behind the kitchen");
    poor.sample[1] = poor.sample[0]; /* a set of values: equal ones count once */

    const thermostat_order heat = order_of(THERMOSTAT_ORDER_MODE_HEAT, 20.0f);
    const thermostat_order eco = order_of(THERMOSTAT_ORDER_MODE_ECO, 24.0f);

    thermostat_order vague = THERMOSTAT_ORDER_INIT;
    thermostat_order_set_mode(&vague, THERMOSTAT_ORDER_MODE_COOL);

    const sample samples[] = {
        {"a reading", {.kind = THERMOSTAT_KIND_READING, .payload = &good}, 0},
        {"a reading from the oven", {.kind = THERMOSTAT_KIND_READING, .payload = &hot}, 2},
        {"a reading by a door", {.kind = THERMOSTAT_KIND_READING, .payload = &strange}, 1},
        {"a low battery", {.kind = THERMOSTAT_KIND_READING, .payload = &tired}, 1},
        {"a poor reading", {.kind = THERMOSTAT_KIND_READING, .payload = &poor}, 3},
        {"an order", {.kind = THERMOSTAT_KIND_ORDER, .payload = &heat}, 0},
        {"an order to waste", {.kind = THERMOSTAT_KIND_ORDER, .payload = &eco}, 1},
        {"a vague order", {.kind = THERMOSTAT_KIND_ORDER, .payload = &vague}, 1},
    };
    bool expected = true;

    for (size_t i = 0; i < LENGTH(samples); i++)
        expected &= check(&samples[i]);
    return expected ? 0 : 1;
}
