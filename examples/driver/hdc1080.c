/* SPDX-License-Identifier: Apache-2.0 */
/* Register values to physical units, as the data sheet has them. */
#include "hdc1080.h"

void
hdc1080_decode(struct hdc1080_data *data, uint16_t temperature, uint16_t humidity) {
    data->temperature = (int16_t)((int32_t)(((uint32_t)temperature * 16500u) >> 16) - 4000);
    data->humidity = (uint8_t)(((uint32_t)humidity * 100u) >> 16);
    data->flags |= HDC1080_HAS_HUMIDITY;
    if (data->history_length < HDC1080_HISTORY) {
        data->history[data->history_length++] = data->temperature;
    }
}
