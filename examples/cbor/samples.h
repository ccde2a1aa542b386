/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to try the program with, in the notation of RFC 8949, section 8, beside the bytes. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sample {
    const char *what;
    const char *bytes;
    size_t length;
    int wrong; /* violations that this program expects; -1: no message */
} sample;

#define SAMPLE(what, wrong, bytes) {what, bytes, sizeof(bytes) - 1, wrong}

#define STATION_7 "\x00\x07"                            /* 0: 7 */
#define NOON "\x01\xC1\x1A\x6B\x00\x36\x40"             /* 1: 1(1795176000) */
#define MILD "\x02\xF9\x4A\x80"                         /* 2: 13.0_1 */
#define DAMP "\x03\x18\x40"                             /* 3: 64 */
#define CLEAN "\x04\x83\x05\x06\x05"                    /* 4: [5, 6, 5] */
#define MEASURING "\x05\x01"                            /* 5: 1 */
#define REPORT STATION_7 NOON MILD DAMP CLEAN MEASURING /* 6 pairs */

static const sample samples[] = {
    SAMPLE("a report", 0, "\xA6" REPORT),
    /* …, 6: false, 7: "2.1.0", 8: [48.137, 11.575], 99: {"new": [h'00']} */
    SAMPLE("a newer station", 0,
           "\xAA" REPORT "\x06\xF4\x07\x65"
           "2.1.0"
           "\x08\x82\xFB\x40\x48\x11\x89\x37\x4B\xC6\xA8\xFA\x41\x39\x33\x33"
           "\x18\x63\xA1\x63"
           "new\x81\x41\x00"),
    SAMPLE("an empty report", 6, "\xA0"),
    /* 2: -41, 3: 96.5, 4: [1000, 3], 5: 9 */
    SAMPLE("a broken station", 4,
           "\xA6" STATION_7 NOON "\x02\x38\x28\x03\xF9\x56\x08\x04\x82\x19\x03\xE8\x03\x05\x09"),
    /* 5: 2, 6: true */
    SAMPLE("an alarm by mistake", 1, "\xA7" STATION_7 NOON MILD DAMP CLEAN "\x05\x02\x06\xF5"),
    /* 2: NaN, which is within no bound */
    SAMPLE("a dead sensor", 2, "\xA6" STATION_7 NOON "\x02\xF9\x7E\x00" DAMP CLEAN MEASURING),
    SAMPLE("half a report", -1, "\xA6" STATION_7 NOON "\x02\xF9"),
    SAMPLE("a report and a half", -1, "\xA6" REPORT "\xA0"),
    SAMPLE("two temperatures", -1, "\xA7" REPORT MILD),
    SAMPLE("a text for a number", -1, "\xA1\x02\x62\x31\x33"),
    SAMPLE("a map without end", -1, "\xBF" REPORT "\xFF"),
    SAMPLE("a huge array", -1, "\xA1\x04\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
    SAMPLE("nine counts", -1, "\xA1\x04\x89\x01\x02\x03\x04\x05\x06\x07\x08\x09"),
    SAMPLE("half a character", -1, "\xA1\x07\x62\x61\xC3"),
    SAMPLE("a reserved size", -1, "\xA1\x00\x1C"),
};

#endif
