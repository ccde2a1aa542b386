/* SPDX-License-Identifier: Apache-2.0 */
/* Eight messages are checked, each in a window; exits with the number of a wrong verdict. */
#include "verdict.h"
#include "window.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define ALL (MESSAGE_MESSAGE_HAS_ALARM_CODE * 2 - 1)

typedef struct sample {
    unsigned failed; /* bit n: check n of message.ttl */
    message_message message;
} sample;

#define GOOD                                                                                      \
    .sequence = 7, .temperature = 21.5, .humidity = 45, .battery = 3000,                          \
    .mode = MESSAGE_MESSAGE_MODE_MEASURING, .label = CNS_STR("north face"), .pressure_count = 2,  \
    .pressure = {1013, 1012}, .alarm_code = 3

static const sample samples[] = {
    {0, {.has = ALL, GOOD}},
    {0, {.has = ALL & ~MESSAGE_MESSAGE_HAS_LABEL & ~MESSAGE_MESSAGE_HAS_BATTERY, GOOD}},
    {1u << 2, {.has = ALL, GOOD, .temperature = -40.25}},
    {1u << 2 | 1u << 3, {.has = ALL, GOOD, .temperature = __builtin_nan("")}},
    {1u << 4 | 1u << 5, {.has = ALL, GOOD, .humidity = 101, .battery = 1799}},
    {1u << 7, {.has = ALL, GOOD, .label = CNS_STR("behind the chimney")}},
    {1u << 6 | 1u << 8, {.has = ALL, GOOD, .mode = 4, .pressure_count = 0}},
    {1u << 0 | 1u << 1 | 1u << 9,
     {.has = MESSAGE_MESSAGE_HAS_MODE, GOOD, .mode = MESSAGE_MESSAGE_MODE_ALARMED}},
};

int
main(void) {
    int wrong = verdict_start() ? 0 : (int)LENGTH(samples) + 1;
    for (int i = 0; i < (int)LENGTH(samples); i++) {
        verdict_record = samples[i].message;
        window_begin();
        verdict_check();
        window_end();
        if (!verdict_is(samples[i].failed))
            wrong = i + 1;
    }
    return wrong;
}
