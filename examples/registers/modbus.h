/* SPDX-License-Identifier: Apache-2.0 */
/* Modbus RTU: the registers in the answer of a device. */
#ifndef MODBUS_H
#define MODBUS_H

#include <stddef.h>
#include <stdint.h>

/* Registers of an answer: 16 bits each, high byte first, and so are numbers of several. */
typedef struct modbus_registers {
    const uint8_t *bytes;
    uint16_t count;
} modbus_registers;

typedef enum modbus_status {
    MODBUS_OK,
    MODBUS_SHORT,     /* fewer bytes than the answer says, or more */
    MODBUS_CHECKSUM,  /* damaged on the way */
    MODBUS_OTHER,     /* of another device, or not the registers that were asked for */
    MODBUS_EXCEPTION, /* the device refuses */
} modbus_status;

/*
 * Reads the answer of `device` to a request for `count` holding registers (function 3). The
 * registers stay in `frame`.
 */
modbus_status modbus_read(const uint8_t *frame, size_t length, uint8_t device, uint16_t count,
                          modbus_registers *found);

/* The checksum that ends a frame (CRC-16/MODBUS), over the `length` bytes before it. */
uint16_t modbus_checksum(const uint8_t *frame, size_t length);

/* The number in one, two or four registers from `first` on. */
uint16_t modbus_u16(modbus_registers from, uint16_t first);
uint32_t modbus_u32(modbus_registers from, uint16_t first);
uint64_t modbus_u64(modbus_registers from, uint16_t first);

#endif
