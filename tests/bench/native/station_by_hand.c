/* SPDX-License-Identifier: Apache-2.0 */
#include "by_hand.h"
#include "report.h"
#include "station.h"

enum {
    MISSING,
    TOO_LOW,
    TOO_HIGH,
    NOT_BELOW,
    UNKNOWN,
    TOO_SHORT,
    TOO_LONG,
    UNEXPLAINED
};

const uint8_t station_components[] = {
    [MISSING] = CNS_COMPONENT_MIN_COUNT,
    [TOO_LOW] = CNS_COMPONENT_MIN_INCLUSIVE,
    [TOO_HIGH] = CNS_COMPONENT_MAX_INCLUSIVE,
    [NOT_BELOW] = CNS_COMPONENT_MAX_EXCLUSIVE,
    [UNKNOWN] = CNS_COMPONENT_IN,
    [TOO_SHORT] = CNS_COMPONENT_MIN_LENGTH,
    [TOO_LONG] = CNS_COMPONENT_MAX_LENGTH,
    [UNEXPLAINED] = CNS_COMPONENT_OR,
};

static uint32_t
characters(cns_str text) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

/* Whether an earlier value of the array is the same: a set holds it once. */
static bool
repeated(const station_message *message, uint32_t index) {
    for (uint32_t i = 0; i < index; i++)
        if (message->pressure[i] == message->pressure[index])
            return true;
    return false;
}

static void
check_pressure(const station_message *message, cns_result *result) {
    if (message->pressure_count == 0)
        fail(result, MISSING, message, NULL);
    for (uint32_t i = 0; i < message->pressure_count; i++) {
        const uint16_t *value = &message->pressure[i];
        if (*value >= 300 && *value <= 1100)
            continue;
        if (!repeated(message, i))
            fail(result, *value < 300 ? TOO_LOW : TOO_HIGH, message, value);
    }
}

static void
check_position(const station_message_position *position, cns_result *result) {
    if (!(position->has & STATION_MESSAGE_POSITION_HAS_LATITUDE)) {
        fail(result, MISSING, position, NULL);
    } else {
        if (!(position->latitude >= -90.0))
            fail(result, TOO_LOW, position, &position->latitude);
        if (!(position->latitude <= 90.0))
            fail(result, TOO_HIGH, position, &position->latitude);
    }
    if (!(position->has & STATION_MESSAGE_POSITION_HAS_LONGITUDE)) {
        fail(result, MISSING, position, NULL);
    } else {
        if (!(position->longitude >= -180.0))
            fail(result, TOO_LOW, position, &position->longitude);
        if (!(position->longitude < 180.0))
            fail(result, NOT_BELOW, position, &position->longitude);
    }
}

/* Whether text is UTF-8, by the same function as in generated code, or can be read at all. */
static bool
is_text(cns_str text) {
#ifdef TRUST_TEXT
    return text.data != NULL || text.length == 0;
#else
    return cns_text_valid(text);
#endif
}

/* Whether counts and pointers can be followed, and text be read. */
static bool
is_sound(const station_message *message) {
    if (message == NULL || message->pressure_count > STATION_MESSAGE_PRESSURE_CAPACITY)
        return false;
    if ((message->has & STATION_MESSAGE_HAS_NAME) && !is_text(message->name))
        return false;
    return !(message->has & STATION_MESSAGE_HAS_POSITION) || message->position != NULL;
}

cns_status
station_by_hand(const void *record, cns_result *result) {
    const station_message *message = record;

    begin(result);
    if (!is_sound(message))
        return reject(result);

    if (!(message->has & STATION_MESSAGE_HAS_SEQUENCE))
        fail(result, MISSING, message, NULL);

    /* Not a number is neither high enough nor low enough. */
    if (!(message->has & STATION_MESSAGE_HAS_TEMPERATURE)) {
        fail(result, MISSING, message, NULL);
    } else {
        if (!(message->temperature >= -40.0))
            fail(result, TOO_LOW, message, &message->temperature);
        if (!(message->temperature <= 125.0))
            fail(result, TOO_HIGH, message, &message->temperature);
    }

    if (message->has & STATION_MESSAGE_HAS_HUMIDITY) {
        if (!(message->humidity >= 0.0f))
            fail(result, TOO_LOW, message, &message->humidity);
        if (!(message->humidity <= 100.0f))
            fail(result, TOO_HIGH, message, &message->humidity);
    }

    if (!(message->has & STATION_MESSAGE_HAS_BATTERY)) {
        fail(result, MISSING, message, NULL);
    } else if (message->battery < 1800) {
        fail(result, TOO_LOW, message, &message->battery);
    } else if (message->battery > 4200) {
        fail(result, TOO_HIGH, message, &message->battery);
    }

    if (!(message->has & STATION_MESSAGE_HAS_MODE)) {
        fail(result, MISSING, message, NULL);
    } else if (message->mode < STATION_MESSAGE_MODE_SLEEPING ||
               message->mode > STATION_MESSAGE_MODE_FAILED) {
        fail(result, UNKNOWN, message, &message->mode);
    }

    if (!(message->has & STATION_MESSAGE_HAS_NAME)) {
        fail(result, MISSING, message, NULL);
    } else if (message->name.length == 0) {
        fail(result, TOO_SHORT, message, &message->name);
    } else if (message->name.length > 24 && characters(message->name) > 24) {
        fail(result, TOO_LONG, message, &message->name);
    }

    check_pressure(message, result);

    if (message->has & STATION_MESSAGE_HAS_ALARM_CODE) {
        if (message->alarm_code < -100)
            fail(result, TOO_LOW, message, &message->alarm_code);
        else if (message->alarm_code >= 100)
            fail(result, NOT_BELOW, message, &message->alarm_code);
    }

    if ((message->has & STATION_MESSAGE_HAS_UPTIME) && message->uptime < 0)
        fail(result, TOO_LOW, message, &message->uptime);

    if (message->has & STATION_MESSAGE_HAS_POSITION)
        check_position(message->position, result);
    else
        fail(result, MISSING, message, NULL);

    if ((message->has & STATION_MESSAGE_HAS_MODE) &&
        !(message->has & STATION_MESSAGE_HAS_ALARM_CODE) &&
        message->mode != STATION_MESSAGE_MODE_SLEEPING &&
        message->mode != STATION_MESSAGE_MODE_MEASURING &&
        message->mode != STATION_MESSAGE_MODE_FAILED)
        fail(result, UNEXPLAINED, message, NULL);
    return CNS_OK;
}
