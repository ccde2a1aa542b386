/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of station.ttl and numbers.ttl as one would write them without a generator. */
#ifndef BY_HAND_H
#define BY_HAND_H

#include <cns/cns.h>

/* Handlers. A violation's check is an index into the components that follow. */
cns_status station_by_hand(const void *record, cns_result *result);
cns_status numbers_by_hand(const void *record, cns_result *result);

/* The cns_component of each check. */
extern const uint8_t station_components[];
extern const uint8_t numbers_components[];

#endif
