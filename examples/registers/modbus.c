/* SPDX-License-Identifier: Apache-2.0 */
/* Modbus RTU frames: address, function, number of bytes, registers, checksum. */
#include "modbus.h"

enum {
    READ_REGISTERS = 3,
    EXCEPTION = 0x80, /* set in the function code of a refusal */
    HEADER = 3,
    CHECKSUM = 2,
    REFUSAL = 5 /* bytes of a refusal */
};

uint16_t
modbus_checksum(const uint8_t *frame, size_t length) {
    uint16_t sum = 0xFFFF;
    for (size_t i = 0; i < length; i++) {
        sum ^= frame[i];
        for (int bit = 0; bit < 8; bit++) {
            sum = (uint16_t)(sum >> 1 ^ ((sum & 1) != 0 ? 0xA001 : 0));
        }
    }
    return sum;
}

modbus_status
modbus_read(const uint8_t *frame, size_t length, uint8_t device, uint16_t count,
            modbus_registers *found) {
    if (length < REFUSAL) {
        return MODBUS_SHORT;
    }
    uint16_t sum = modbus_checksum(frame, length - CHECKSUM);
    if (frame[length - 2] != (sum & 0xFF) || frame[length - 1] != sum >> 8) {
        return MODBUS_CHECKSUM;
    }
    if (frame[0] != device || (frame[1] & ~EXCEPTION) != READ_REGISTERS) {
        return MODBUS_OTHER;
    }
    if ((frame[1] & EXCEPTION) != 0) {
        return MODBUS_EXCEPTION;
    }
    if (length != (size_t)HEADER + frame[2] + CHECKSUM) {
        return MODBUS_SHORT;
    }
    if (frame[2] != 2 * count) {
        return MODBUS_OTHER;
    }
    *found = (modbus_registers){frame + HEADER, count};
    return MODBUS_OK;
}

uint16_t
modbus_u16(modbus_registers from, uint16_t first) {
    const uint8_t *bytes = from.bytes + 2 * first;
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

uint32_t
modbus_u32(modbus_registers from, uint16_t first) {
    return (uint32_t)modbus_u16(from, first) << 16 | modbus_u16(from, (uint16_t)(first + 1));
}

uint64_t
modbus_u64(modbus_registers from, uint16_t first) {
    return (uint64_t)modbus_u32(from, first) << 32 | modbus_u32(from, (uint16_t)(first + 2));
}
