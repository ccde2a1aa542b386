/* SPDX-License-Identifier: Apache-2.0 */
#include "by_hand.h"
#include "numbers.h"
#include "report.h"

enum {
    MISSING,
    TOO_LOW,
    NOT_ABOVE,
    TOO_HIGH,
    NOT_BELOW
};

const uint8_t numbers_components[] = {
    [MISSING] = CNS_COMPONENT_MIN_COUNT,       [TOO_LOW] = CNS_COMPONENT_MIN_INCLUSIVE,
    [NOT_ABOVE] = CNS_COMPONENT_MIN_EXCLUSIVE, [TOO_HIGH] = CNS_COMPONENT_MAX_INCLUSIVE,
    [NOT_BELOW] = CNS_COMPONENT_MAX_EXCLUSIVE,
};

cns_status
numbers_by_hand(const void *record, cns_result *result) {
    const numbers_state *state = record;

    begin(result);
    if (state == NULL)
        return reject(result);

    if (!(state->has & NUMBERS_STATE_HAS_SPEED)) {
        fail(result, MISSING, state, NULL);
    } else if (state->speed < -6000) {
        fail(result, TOO_LOW, state, &state->speed);
    } else if (state->speed > 6000) {
        fail(result, TOO_HIGH, state, &state->speed);
    }

    /* Not a number is neither high enough nor low enough. */
    if (!(state->has & NUMBERS_STATE_HAS_TORQUE)) {
        fail(result, MISSING, state, NULL);
    } else {
        if (!(state->torque >= -80.0f))
            fail(result, TOO_LOW, state, &state->torque);
        if (!(state->torque <= 80.0f))
            fail(result, TOO_HIGH, state, &state->torque);
    }

    if (!(state->has & NUMBERS_STATE_HAS_CURRENT)) {
        fail(result, MISSING, state, NULL);
    } else {
        if (!(state->current >= 0.0f))
            fail(result, TOO_LOW, state, &state->current);
        if (!(state->current < 32.0f))
            fail(result, NOT_BELOW, state, &state->current);
    }

    if (!(state->has & NUMBERS_STATE_HAS_ANGLE)) {
        fail(result, MISSING, state, NULL);
    } else {
        if (!(state->angle > -180.0))
            fail(result, NOT_ABOVE, state, &state->angle);
        if (!(state->angle <= 180.0))
            fail(result, TOO_HIGH, state, &state->angle);
    }

    if (!(state->has & NUMBERS_STATE_HAS_VOLTAGE)) {
        fail(result, MISSING, state, NULL);
    } else if (state->voltage < 9000) {
        fail(result, TOO_LOW, state, &state->voltage);
    } else if (state->voltage > 28000) {
        fail(result, TOO_HIGH, state, &state->voltage);
    }

    if (!(state->has & NUMBERS_STATE_HAS_TEMPERATURE))
        fail(result, MISSING, state, NULL);
    else if (state->temperature > 110)
        fail(result, TOO_HIGH, state, &state->temperature);

    if (!(state->has & NUMBERS_STATE_HAS_DUTY))
        fail(result, MISSING, state, NULL);
    else if (state->duty > 100)
        fail(result, TOO_HIGH, state, &state->duty);

    if (!(state->has & NUMBERS_STATE_HAS_STEPS)) {
        fail(result, MISSING, state, NULL);
    } else if (state->steps < INT64_C(-1000000000000)) {
        fail(result, TOO_LOW, state, &state->steps);
    } else if (state->steps > INT64_C(1000000000000)) {
        fail(result, TOO_HIGH, state, &state->steps);
    }
    return CNS_OK;
}
