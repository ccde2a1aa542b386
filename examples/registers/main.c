/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an energy meter over Modbus: from registers to a record, which is then checked. */
#include "meter.h"
#include "modbus.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* The registers of the meter, as its manual has them. */
enum {
    METER = 17,      /* its address */
    SERIAL = 0,      /* 2 registers */
    TIME = 2,        /* 2, seconds since 1970 */
    VOLTAGE = 4,     /* 3, one for each phase, in 0.1 V */
    CURRENT = 7,     /* 3, signed, in 0.01 A */
    POWER = 10,      /* 2, signed, in W */
    ENERGY = 12,     /* 4, in Wh */
    FREQUENCY = 16,  /* in 0.01 Hz */
    TARIFF = 17,     /* 1 to 3 */
    CONDITIONS = 18, /* a bit for each */
    REGISTERS = 19,
    PHASES = 3
};

/* A reading and what it points to; it must stay where it is filled. */
typedef struct reading {
    meter_reading record;
    meter_phase phases[PHASES];
} reading;

/* A signed number in a register; what a plain conversion gives is the compiler's choice. */
static int16_t
signed_of(uint16_t value) {
    return (int16_t)(value < 0x8000 ? value : value - 0x10000);
}

static void
fill_phases(reading *made, modbus_registers from) {
    for (uint16_t i = 0; i < PHASES; i++) {
        meter_phase *phase = &made->phases[i];
        *phase = (meter_phase)METER_PHASE_INIT;
        meter_phase_set_voltage(phase,
                                (cns_decimal){modbus_u16(from, (uint16_t)(VOLTAGE + i)), 1});
        meter_phase_set_current(
            phase, (cns_decimal){signed_of(modbus_u16(from, (uint16_t)(CURRENT + i))), 2});
        meter_reading_add_phase(&made->record, phase);
    }
}

static void
fill_conditions(meter_reading *record, uint16_t bits) {
    static const uint8_t conditions[] = {
        METER_READING_CONDITION_PHASE_LOST,
        METER_READING_CONDITION_TAMPERED,
        METER_READING_CONDITION_RELAY_OPEN,
        METER_READING_CONDITION_BATTERY_LOW,
    };
    for (size_t bit = 0; bit < LENGTH(conditions); bit++) {
        if ((bits >> bit & 1) != 0) {
            meter_reading_add_condition(record, conditions[bit]);
        }
    }
}

/* Fills a record from the registers. What they may hold, the shapes say: nothing is checked. */
static void
fill(reading *made, modbus_registers from) {
    meter_reading *record = &made->record;
    uint32_t power = modbus_u32(from, POWER);
    *record = (meter_reading)METER_READING_INIT;
    meter_reading_set_serial(record, modbus_u32(from, SERIAL));
    meter_reading_set_time(record, (cns_datetime){modbus_u32(from, TIME), 0, 0});
    fill_phases(made, from);
    meter_reading_set_power(record,
                            (int32_t)(power < 0x80000000 ? power : power - INT64_C(0x100000000)));
    meter_reading_set_energy(record, modbus_u64(from, ENERGY));
    meter_reading_set_frequency(record, (cns_decimal){modbus_u16(from, FREQUENCY), 2});
    /* The manual numbers the tariffs as the shapes list them; others violate. */
    uint16_t tariff = modbus_u16(from, TARIFF);
    meter_reading_set_tariff(record, tariff <= UINT8_MAX ? (uint8_t)tariff : 0);
    fill_conditions(record, modbus_u16(from, CONDITIONS));
}

/* All output goes through here; on a board of your own, write to a serial line instead. */
static void
put(const char *text) {
    fwrite(text, 1, strlen(text), stdout);
}

/* Reads an answer of the meter and says what is wrong with it; returns how much is. */
static int
check(const char *what, const uint8_t *frame, size_t length) {
    static const char *const words[] = {"", "a short frame", "a wrong checksum",
                                        "a frame for others", "a refusal"};
    modbus_registers from;
    modbus_status status = modbus_read(frame, length, METER, REGISTERS, &from);
    if (status != MODBUS_OK) {
        put("dropped ");
        put(what);
        put(": ");
        put(words[status]);
        put("\n");
        return 1;
    }
    reading made;
    cns_violation found[4];
    cns_result result;
    char line[160];
    fill(&made, from);
    cns_result_init(&result, found, LENGTH(found));
    meter_reading_validate(&made.record, &result);
    put(result.conforms ? "ok      " : "refused ");
    put(what);
    put("\n");
    for (uint16_t i = 0; i < result.count; i++) {
        cns_violation_format(&meter_model, &found[i], line, sizeof line);
        put("        ");
        put(line);
        put("\n");
    }
    return result.count;
}

/* ---- A meter to try it with --------------------------------------------------------------- */

enum {
    FRAME = 3 + 2 * REGISTERS + 2
};

/* What a meter answers whose registers are these. */
static void
answer(const uint16_t *registers, uint8_t *frame) {
    frame[0] = METER;
    frame[1] = 3;
    frame[2] = 2 * REGISTERS;
    for (size_t i = 0; i < REGISTERS; i++) {
        frame[3 + 2 * i] = (uint8_t)(registers[i] >> 8);
        frame[4 + 2 * i] = (uint8_t)registers[i];
    }
    uint16_t sum = modbus_checksum(frame, FRAME - 2);
    frame[FRAME - 2] = (uint8_t)sum;
    frame[FRAME - 1] = (uint8_t)(sum >> 8);
}

typedef struct sample {
    const char *what;
    int wrong; /* how much this program expects */
    struct {
        uint16_t at;
        uint16_t value;
    } changes[3]; /* to the registers of a meter without fault; 0 ends them */
} sample;

int
main(void) {
    static const uint16_t sound[REGISTERS] = {
        0x0012, 0xD687,                 /* 1234567 */
        0x6B00, 0x3640,                 /* 2026-11-20T12:00:00Z */
        2301,   2298,   2312,           /* 230.1 V, … */
        520,    0xFF9C, 0,              /* 5.2 A, -1 A, … */
        0,      967,                    /* 967 W */
        0,      0,      0x0098, 0x967F, /* 9999999 Wh */
        5001,   1,      0,
    };
    static const sample samples[] = {
        {"a quiet afternoon", 0, {{0, 0}}},
        {"sun on the roof", 0, {{POWER, 0xFFFF}, {POWER + 1, 0xEC78}}},
        {"a brownout", 2, {{VOLTAGE + 1, 1900}, {FREQUENCY, 4720}}},
        {"an unknown tariff", 1, {{TARIFF, 9}}},
        {"a clock without battery", 2, {{TIME, 0}, {CONDITIONS, 1 << 3}}},
        {"a welded relay", 1, {{CONDITIONS, 1 << 2}}},
    };
    uint8_t frame[FRAME];
    bool expected = true;

    for (size_t i = 0; i < LENGTH(samples); i++) {
        uint16_t registers[REGISTERS];
        memcpy(registers, sound, sizeof registers);
        for (size_t k = 0; k < LENGTH(samples[i].changes); k++) {
            if (samples[i].changes[k].at != 0) {
                registers[samples[i].changes[k].at] = samples[i].changes[k].value;
            }
        }
        answer(registers, frame);
        expected &= check(samples[i].what, frame, sizeof frame) == samples[i].wrong;
    }
    expected &= check("half an answer", frame, sizeof frame / 2) == 1;
    frame[7] ^= 4;
    expected &= check("a disturbed line", frame, sizeof frame) == 1;
    static const uint8_t refusal[] = {METER, 0x83, 2, 0xC1, 0x34};
    expected &= check("an old meter", refusal, sizeof refusal) == 1;
    return expected ? 0 : 1;
}
