/* SPDX-License-Identifier: Apache-2.0 */
/* A driver for a humidity sensor, as one finds them: it knows nothing of cns. */
#ifndef HDC1080_H
#define HDC1080_H

#include <stdint.h>

#define HDC1080_NO_TEMPERATURE INT16_MIN
#define HDC1080_HAS_HUMIDITY 0x01u
#define HDC1080_HAS_BATTERY 0x02u
#define HDC1080_HISTORY 6

enum hdc1080_mode {
    HDC1080_SLEEP = 0,
    HDC1080_SINGLE = 1,
    HDC1080_CONTINUOUS = 4
};

struct hdc1080_supply {
    uint16_t millivolts;
    uint8_t charging;
};

struct hdc1080_data {
    int16_t temperature; /* 0.01 degrees Celsius */
    uint8_t flags;       /* HDC1080_HAS_… */
    uint8_t humidity;    /* percent */
    enum hdc1080_mode mode;
    char serial[8]; /* filled up with NUL */
    int16_t history[HDC1080_HISTORY];
    uint8_t history_length;
    struct hdc1080_supply supply;
};

/* Decodes the registers of the sensor: temperature and humidity, 16 bits each. */
void hdc1080_decode(struct hdc1080_data *data, uint16_t temperature, uint16_t humidity);

#endif
