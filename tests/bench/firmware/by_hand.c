/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of message.ttl as one would write them without a generator: a bit for each. */
#include "verdict.h"

enum {
    NO_SEQUENCE = 1 << 0,
    NO_TEMPERATURE = 1 << 1,
    COLD = 1 << 2,
    HOT = 1 << 3,
    HUMIDITY = 1 << 4,
    BATTERY = 1 << 5,
    MODE = 1 << 6,
    LABEL = 1 << 7,
    NO_PRESSURE = 1 << 8,
    NO_ALARM_CODE = 1 << 9,
    BAD_RECORD = 1 << 10
};

message_message verdict_record;
static unsigned failed;

static unsigned
characters(cns_str text) {
    unsigned count = 0;
    for (uint32_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

static unsigned
check_mode(const message_message *message) {
    if (!(message->has & MESSAGE_MESSAGE_HAS_MODE))
        return 0;
    unsigned found = 0;
    if (message->mode < MESSAGE_MESSAGE_MODE_SLEEPING ||
        message->mode > MESSAGE_MESSAGE_MODE_ALARMED)
        found |= MODE;
    if (message->mode != MESSAGE_MESSAGE_MODE_SLEEPING &&
        message->mode != MESSAGE_MESSAGE_MODE_MEASURING &&
        !(message->has & MESSAGE_MESSAGE_HAS_ALARM_CODE))
        found |= NO_ALARM_CODE;
    return found;
}

static unsigned
check(const message_message *message) {
    unsigned found = 0;
    if (message->pressure_count > MESSAGE_MESSAGE_PRESSURE_CAPACITY ||
        ((message->has & MESSAGE_MESSAGE_HAS_LABEL) && !message->label.data &&
         message->label.length))
        return BAD_RECORD;
    if (!(message->has & MESSAGE_MESSAGE_HAS_SEQUENCE))
        found |= NO_SEQUENCE;
    if (!(message->has & MESSAGE_MESSAGE_HAS_TEMPERATURE)) {
        found |= NO_TEMPERATURE;
    } else {
        /* Not a number is neither warm enough nor cold enough. */
        if (!(message->temperature >= -40.0))
            found |= COLD;
        if (!(message->temperature <= 125.0))
            found |= HOT;
    }
    if ((message->has & MESSAGE_MESSAGE_HAS_HUMIDITY) && message->humidity > 100)
        found |= HUMIDITY;
    if ((message->has & MESSAGE_MESSAGE_HAS_BATTERY) && message->battery < 1800)
        found |= BATTERY;
    if ((message->has & MESSAGE_MESSAGE_HAS_LABEL) && message->label.length > 16 &&
        characters(message->label) > 16)
        found |= LABEL;
    if (message->pressure_count == 0)
        found |= NO_PRESSURE;
    return found | check_mode(message);
}

bool
verdict_start(void) {
    return true;
}

void
verdict_check(void) {
    failed = check(&verdict_record);
}

bool
verdict_is(unsigned expected) {
    return failed == expected;
}
