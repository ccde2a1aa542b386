/* SPDX-License-Identifier: Apache-2.0 */
/* From the keys of a message to the members of a record. */
#include "message.h"

/* The keys of a report, as stations and servers agreed on them. */
enum {
    STATION,
    TIME,     /* seconds since 1970, with tag 1 or without */
    CELSIUS,  /* a number of any kind */
    HUMIDITY, /* likewise */
    PARTICLES,
    MODE, /* 1 to 3 */
    ALARM,
    FIRMWARE,
    POSITION, /* an array: latitude, longitude */
    KEYS
};

static void
read_particles(cbor_reader *from, air_report *record) {
    uint32_t count = cbor_array(from);
    for (uint32_t i = 0; i < count && from->status == CBOR_OK; i++) {
        if (!air_report_add_particles(record, (uint16_t)cbor_unsigned(from, UINT16_MAX))) {
            cbor_fail(from, CBOR_RANGE);
        }
    }
}

static void
read_position(cbor_reader *from, report *made) {
    if (cbor_array(from) != 2) {
        cbor_fail(from, CBOR_TYPE);
        return;
    }
    made->position = (air_report_position)AIR_REPORT_POSITION_INIT;
    air_report_position_set_latitude(&made->position, cbor_number(from));
    air_report_position_set_longitude(&made->position, cbor_number(from));
    air_report_set_position(&made->record, &made->position);
}

static void
read_member(cbor_reader *from, uint64_t key, report *made) {
    air_report *record = &made->record;
    switch (key) {
    case STATION: {
        uint32_t number = (uint32_t)cbor_unsigned(from, UINT32_MAX - FIRST_STATION);
        air_report_set_station(record, (cns_ref){.id = FIRST_STATION + number});
        break;
    }
    case TIME:
        cbor_tag(from, 1);
        air_report_set_time(record, (cns_datetime){(int64_t)cbor_unsigned(from, INT64_MAX), 0, 0});
        break;
    case CELSIUS:
        air_report_set_celsius(record, cbor_number(from));
        break;
    case HUMIDITY:
        air_report_set_humidity(record, cbor_number(from));
        break;
    case PARTICLES:
        read_particles(from, record);
        break;
    case MODE: /* the shapes list the modes in the order of their numbers */
        air_report_set_mode(record, (uint8_t)cbor_unsigned(from, UINT8_MAX));
        break;
    case ALARM:
        air_report_set_alarm(record, cbor_boolean(from));
        break;
    case FIRMWARE:
        air_report_set_firmware(record, cbor_text(from));
        break;
    case POSITION:
        read_position(from, made);
        break;
    default:
        cbor_skip(from);
    }
}

cbor_status
message_read(const uint8_t *bytes, size_t length, report *made, size_t *at) {
    cbor_reader from = {bytes, length, 0, CBOR_OK};
    uint32_t seen = 0;
    made->record = (air_report)AIR_REPORT_INIT;
    for (uint32_t left = cbor_map(&from); left > 0 && from.status == CBOR_OK; left--) {
        uint64_t key = cbor_unsigned(&from, UINT64_MAX);
        uint32_t bit = key < KEYS ? UINT32_C(1) << key : 0;
        if ((seen & bit) != 0) {
            cbor_fail(&from, CBOR_TWICE);
        }
        seen |= bit;
        if (from.status == CBOR_OK) {
            read_member(&from, key, made);
        }
    }
    cbor_status status = cbor_end(&from);
    *at = from.at;
    return status;
}
