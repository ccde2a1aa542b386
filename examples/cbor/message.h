/* SPDX-License-Identifier: Apache-2.0 */
/* The reports of stations: maps in CBOR with small integers as keys. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "air.h"
#include "cbor.h"

/* Ids of stations begin behind those of the model. */
#define FIRST_STATION UINT32_C(1000)

/* A report and what it points to; it must stay where it is read, and so must the message. */
typedef struct report {
    air_report record;
    air_report_position position;
} report;

/*
 * Reads a report; *at is where in the message reading ended. Keys that are not known are passed
 * over. What numbers may be, the shapes say; only what does not fit a member is an error here.
 */
cbor_status message_read(const uint8_t *bytes, size_t length, report *made, size_t *at);

#endif
